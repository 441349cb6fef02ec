// SPDX-License-Identifier: GPL-2.0
/* A partition: what the user wants, from a description. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "socvmm.h"

_Static_assert(CONF_MAX_ITEMS <= MAX_PATHS && CONF_MAX_ITEMS <= MAX_OVERLAYS &&
	       CONF_MAX_CLAIMS <= MAX_ASSIGN && CONF_MAX_CPUS <= MAX_CPUS,
	       "what can be described has room");

static void tell_mistake(void *data, const char *node, const char *property,
			 const char *rule)
{
	const char *file = data;

	say("%s: %s%s%s: %s", file, node, *property ? " " : "", property, rule);
}

/* A file's name may have colons, a path here has none. */
static char *split(char *text)
{
	static const char head[] = ":" CONF_NODE "/";
	char *path = strrchr(text, ':');

	if (!path || path == text || strncmp(path, head, strlen(head)))
		return NULL;
	*path = '\0';
	return path + strlen(head);
}

/*
 * Never freed: the options point into what was read and the description.  Each boot of
 * the guest takes from them, whatever the file has become.
 */
static bool read_file(char *name, struct conf *conf)
{
	const struct conf_errors errors = { .tell = tell_mistake, .data = name };
	struct file file;
	int ret;

	if (!file_read(name, &file))
		return false;
	ret = conf_read(file.data, file.size, &errors, conf);
	return ret != -ENOMEM ? !ret : fail("%s", strerror(ENOMEM));
}

static void take_claims(struct options *options,
			const struct conf_partition *partition)
{
	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_claim *claim = &partition->claims[i];
		struct claim_option *assign = &options->assign[i];

		*assign = (struct claim_option) {
			.text = claim->name, .fd = -1, .num = claim->paths.num,
			.flags = claim->flags, .windows = claim->windows,
			.num_windows = claim->num_windows,
		};
		memcpy(assign->paths, claim->paths.item,
		       sizeof(claim->paths.item));
	}
	options->num_assign = partition->num_claims;
}

static bool take(struct options *options,
		 const struct conf_partition *partition)
{
	options->kernel = partition->kernel;
	options->initrd = partition->initrd;
	if (partition->bootargs)
		options->append = partition->bootargs;
	memcpy(options->overlays, partition->overlays.item,
	       sizeof(partition->overlays.item));
	options->num_overlays = partition->overlays.num;
	options->no_reboot = partition->flags & CONF_NO_REBOOT;
	options->num_cpus = partition->num_cpus;
	memcpy(options->cpu_paths, partition->cpu_paths.item,
	       partition->cpu_paths.num * sizeof(*options->cpu_paths));
	options->num_cpu_paths = partition->cpu_paths.num;
	options->name = partition->name;
	options->doorbells = partition->doorbells;
	options->num_doorbells = partition->num_doorbells;
	take_claims(options, partition);
	if (partition->console && !option_console(options, partition->console))
		return false;
	return option_mem(options, partition->memory_path,
			  partition->memory_size) ||
	       fail("--partition %s: memory-size is no size in whole pages",
		    options->described);
}

static bool is_said_twice(const struct options *options)
{
	return options->kernel || options->initrd || *options->append ||
	       options->mem || options->partition.text || options->num_assign ||
	       options->num_overlays || options->console ||
	       options->no_console || options->num_cpus ||
	       options->num_cpu_paths || options->no_reboot;
}

bool partition_read(struct options *options)
{
	char *file = strdup(options->described);
	const struct conf_partition *partition;
	char *name = file ? split(file) : NULL;
	struct conf conf;

	if (is_said_twice(options))
		return fail("--partition: what is described cannot be said by other options");
	if (!name)
		return fail("--partition %s: not FILE:" CONF_NODE "/NAME",
			    options->described);
	if (!read_file(file, &conf))
		return false;
	partition = conf_find(&conf, name);
	return partition ? take(options, partition) :
	       fail("--partition %s: it describes no such partition",
		    options->described);
}
