// SPDX-License-Identifier: GPL-2.0
/*
 * socassign partition list, start, stop, status
 */
#include "partition.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "conf/names.h"
#include "file.h"
#include "manager.h"
#include "out.h"

/* systemd's units know one description. */
static const struct manager *find_manager(void)
{
	char *description = file_absolute(options.description);
	const struct manager *manager = file_is_same(description, DESCRIPTION) ?
						manager_systemd() : NULL;

	free(description);
	return manager ? manager : &manager_lock;
}

static void tell_mistake(void *data, const char *node, const char *property,
			 const char *rule)
{
	complain("%s: %s%s%s: %s", options.description, node,
		 *property ? " " : "", property, rule);
}

/* The blob, which the description points into, is to be freed after it. */
static void *read_description(struct conf *conf)
{
	const struct conf_errors errors = { .tell = tell_mistake };
	size_t size;
	void *fdt = file_read(options.description, &size);

	if (!fdt || !conf_read(fdt, size, &errors, conf))
		return fdt;
	free(fdt);
	return NULL;
}

/**
 * struct action - What can be done with partitions
 * @act: Does the one thing or the other; true if it is as wanted then
 * @is_start: It is for those that are described, not for one that runs although it
 *	is described no more, or wrongly by now
 */
struct action {
	bool (*act)(const struct manager *manager, const char *name);
	bool is_start;
};

/* The name is not checked by the description, so it could be any path. */
static bool runs_anyhow(const char *name)
{
	return !conf_name_rule(name) && find_manager()->runs(name) > 0;
}

/* Names that are not there are told, and then nothing is done. */
static bool are_there(const struct conf *conf, int num, char **names,
		      const struct action *action)
{
	bool all = true;

	for (int i = 0; i < num; i++) {
		if (conf_find(conf, names[i]) ||
		    (!action->is_start && runs_anyhow(names[i])))
			continue;
		complain("%s: %s describes no such partition", names[i],
			 options.description);
		all = false;
	}
	return all;
}

static void tell_state(const struct manager *manager, const char *name,
		       bool runs)
{
	if (options.json) {
		out_object(NULL);
		out_string("name", name);
		out_bool("running", runs);
		out_string("kept_by", manager->name);
		out_object_end();
	} else {
		out_line("%-7s %s", runs ? "running" : "stopped", name);
	}
}

static bool done(const struct manager *manager, const char *name, bool runs,
		 int ret)
{
	bool is_so = !ret || ret == -EALREADY;

	if (is_so)
		tell_state(manager, name, runs);
	return is_so;
}

static bool start(const struct manager *manager, const char *name)
{
	return done(manager, name, true, manager->start(name));
}

static bool stop(const struct manager *manager, const char *name)
{
	return done(manager, name, false, manager->stop(name));
}

static bool tell(const struct manager *manager, const char *name)
{
	int runs = manager->runs(name);

	if (runs >= 0)
		tell_state(manager, name, runs);
	return runs > 0;
}

static bool act_on_all(const struct conf *conf, int num, char **names,
		       const struct action *action)
{
	const struct manager *manager = find_manager();
	bool good = true;

	if (options.json) {
		out_begin();
		out_list("partitions");
	}
	for (int i = 0; i < num; i++)
		good &= action->act(manager, names[i]);
	for (size_t i = 0; !num && i < conf->num; i++)
		good &= action->act(manager, conf->partitions[i].name);
	if (options.json) {
		out_list_end();
		out_end();
	}
	return good;
}

static void tell_claims(const struct conf_partition *partition, bool is_memory,
			const char *key)
{
	out_list(key);
	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_claim *claim = &partition->claims[i];

		for (unsigned int k = 0; k < claim->paths.num; k++)
			if (claim->is_memory == is_memory)
				out_string(NULL, claim->paths.item[k]);
	}
	out_list_end();
}

/* The path of memory is told where it is not the guest's own. */
static void tell_window(const struct conf_claim *claim,
			const struct conf_window *window)
{
	out_object(NULL);
	out_string("device", claim->name);
	out_number("index", window->index);
	out_hex("iova", window->iova);
	out_hex("size", window->size);
	if (window->memory_path)
		out_string("memory", window->memory_path);
	out_hex("offset", window->offset);
	if (window->stash_level)
		out_number("stash_level", window->stash_level);
	if (window->stash_cpu_path)
		out_string("stash_cpu", window->stash_cpu_path);
	if (window->operation)
		out_number("operation", window->operation);
	out_bool("read_only", window->flags & CONF_READ_ONLY);
	out_object_end();
}

static void tell_windows(const struct conf_partition *partition)
{
	out_list("windows");
	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_claim *claim = &partition->claims[i];

		for (unsigned int k = 0; k < claim->num_windows; k++)
			tell_window(claim, &claim->windows[k]);
	}
	out_list_end();
}

static void tell_doorbells(const struct conf_partition *partition)
{
	out_list("doorbells");
	for (unsigned int i = 0; i < partition->num_doorbells; i++) {
		out_object(NULL);
		out_string("name", partition->doorbells[i].name);
		out_string("partner", partition->doorbells[i].partner);
		out_object_end();
	}
	out_list_end();
}

static void tell_partition(const struct conf_partition *partition)
{
	out_object(NULL);
	out_string("name", partition->name);
	out_string("kernel", partition->kernel);
	if (partition->memory_path)
		out_string("memory", partition->memory_path);
	else
		out_hex("memory", partition->memory_size);
	out_number("cpus", partition->num_cpus);
	tell_claims(partition, false, "devices");
	tell_claims(partition, true, "shared_memory");
	tell_windows(partition);
	tell_doorbells(partition);
	out_object_end();
}

int partition_list(int num, char **args)
{
	struct conf conf;
	void *fdt = read_description(&conf);

	if (!fdt)
		return EXIT_FAILED;
	out_begin();
	out_list("partitions");
	for (size_t i = 0; i < conf.num; i++)
		tell_partition(&conf.partitions[i]);
	out_list_end();
	out_end();
	conf_free(&conf);
	free(fdt);
	return EXIT_OK;
}

/* Without names it is about all of them. */
static int run(int num, char **names, const struct action *action)
{
	struct conf conf = { 0 };
	void *fdt = read_description(&conf);
	bool good;

	if (!fdt && (action->is_start || !num))
		return EXIT_FAILED;
	good = are_there(&conf, num, names, action) &&
	       act_on_all(&conf, num, names, action);
	conf_free(&conf);
	free(fdt);
	return good ? EXIT_OK : EXIT_FAILED;
}

int partition_start(int num, char **args)
{
	return run(num, args, &(struct action) { start, true });
}

int partition_stop(int num, char **args)
{
	return run(num, args, &(struct action) { stop, false });
}

int partition_status(int num, char **args)
{
	return run(num, args, &(struct action) { tell, false });
}
