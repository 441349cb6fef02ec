// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile description of partitions
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../../conf/conf.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

/* What is told can be printed, and names something. */
static void tell(void *data, const char *node, const char *property,
		 const char *rule)
{
	if (!*node || !*rule || strchr(node, '\033') || strchr(property, '\033'))
		abort();
	++*(unsigned int *)data;
}

static size_t length(const char *text)
{
	return text ? strlen(text) : 0;
}

static size_t lengths(const struct conf_list *list)
{
	size_t sum = 0;

	for (unsigned int i = 0; i < list->num; i++)
		sum += strlen(list->item[i]);
	return sum;
}

static size_t use_windows(const struct conf_claim *it)
{
	size_t sum = 0;

	for (unsigned int i = 0; i < it->num_windows; i++)
		sum += strlen(it->windows[i].name) +
		       length(it->windows[i].memory_path) +
		       length(it->windows[i].stash_cpu_path);
	return sum;
}

/* All that it points to is read. */
static size_t use(const struct conf_partition *it)
{
	size_t sum = strlen(it->name) + strlen(it->kernel) +
		     length(it->initrd) + length(it->bootargs) +
		     length(it->memory_path) + length(it->console) +
		     lengths(&it->cpu_paths) + lengths(&it->overlays);

	for (unsigned int i = 0; i < it->num_claims; i++)
		sum += strlen(it->claims[i].name) +
		       lengths(&it->claims[i].paths) +
		       use_windows(&it->claims[i]);
	for (unsigned int i = 0; i < it->num_doorbells; i++)
		sum += strlen(it->doorbells[i].name) +
		       strlen(it->doorbells[i].partner);
	return sum;
}

static volatile size_t sum;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_blob blob = fuzz_copy(data, size);
	unsigned int num_errors = 0;
	const struct conf_errors errors = { .tell = tell, .data = &num_errors };
	struct conf conf;

	/* What is refused is told, and only that. */
	if (!conf_read(blob.fdt, blob.size, &errors, &conf) != !num_errors)
		abort();
	for (size_t i = 0; i < conf.num; i++)
		sum += use(&conf.partitions[i]);
	conf_free(&conf);
	free(blob.fdt);
	return 0;
}
