// SPDX-License-Identifier: GPL-2.0
/*
 * socassign partition check
 */
#include "partition.h"

#include <errno.h>
#include <linux/socassign.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "file.h"
#include "judge.h"
#include "out.h"
#include "policy.h"

bool holding_is_memory(const struct holding *holding)
{
	return !holding->claim || holding->claim->is_memory;
}

const struct dt_node *holding_end(const struct holding *holding,
				  const struct dt_node *top)
{
	return holding->claim && holding->claim->flags & SOCASSIGN_SUBTREE ?
	       top->end : top + 1;
}

bool holding_has(const struct holding *holding, const struct dt_node *np)
{
	for (unsigned int i = 0; i < holding->num_tops; i++)
		if (np >= holding->top[i] &&
		    np < holding_end(holding, holding->top[i]))
			return true;
	return false;
}

static void add_path(struct holding *holding, const char *path)
{
	const struct dt_node *np = dt_find(path);

	if (np)
		holding->top[holding->num_tops++] = np;
	else
		finding_of(FINDING_ERROR, holding,
			   "the host's tree has no such node: %s", path);
}

static struct holding *add_holding(struct holdings *holdings,
				   const struct conf_partition *partition,
				   const struct conf_claim *claim)
{
	struct holding *holding;

	holdings->holding = must_grow(holdings->holding, holdings->num + 1,
				      sizeof(*holdings->holding));
	holding = &holdings->holding[holdings->num++];
	*holding = (struct holding) { .partition = partition, .claim = claim };
	return holding;
}

static void add_partition(struct holdings *holdings,
			  const struct conf_partition *partition)
{
	if (partition->memory_path)
		add_path(add_holding(holdings, partition, NULL),
			 partition->memory_path);
	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_claim *claim = &partition->claims[i];
		struct holding *holding = add_holding(holdings, partition,
						      claim);

		for (unsigned int k = 0; k < claim->paths.num; k++)
			add_path(holding, claim->paths.item[k]);
	}
}

/* The machine's memory is there once, for all that run at a time. */
static void check_sizes(const struct conf *conf)
{
	uint64_t left;

	if (!policy_memory(&left))
		return;
	for (size_t i = 0; i < conf->num; i++) {
		const struct conf_partition *partition = &conf->partitions[i];

		if (partition->memory_size <= left)
			left -= partition->memory_size;
		else
			finding(FINDING_ERROR, partition, "memory-size",
				"it is more than is left of the machine's memory: 0x%llx bytes",
				(unsigned long long)left);
	}
}

static void check_common_cpus(const struct conf_partition *a,
			      const struct conf_partition *b)
{
	for (unsigned int i = 0; i < a->cpu_paths.num; i++)
		for (unsigned int k = 0; k < b->cpu_paths.num; k++)
			if (!strcmp(a->cpu_paths.item[i], b->cpu_paths.item[k]))
				finding(FINDING_NOTE, b, "cpu-paths",
					"%s is also a CPU of %s",
					b->cpu_paths.item[k], a->name);
}

static void check_pairs(const struct conf *conf, const struct holdings *holdings)
{
	for (size_t i = 0; i < holdings->num; i++)
		for (size_t k = 0; k < i; k++)
			check_pair(&holdings->holding[k], &holdings->holding[i]);
	for (size_t i = 0; i < conf->num; i++)
		for (size_t k = 0; k < i; k++)
			check_common_cpus(&conf->partitions[k],
					  &conf->partitions[i]);
}

static void check_conf(const struct conf *conf)
{
	struct holdings holdings = { 0 };

	for (size_t i = 0; i < conf->num; i++)
		add_partition(&holdings, &conf->partitions[i]);
	for (size_t i = 0; i < conf->num; i++)
		check_partition(&conf->partitions[i], &holdings);
	check_sizes(conf);
	for (size_t i = 0; i < holdings.num; i++)
		check_holding(&holdings.holding[i], &holdings);
	check_pairs(conf, &holdings);
	for (size_t i = 0; i < holdings.num; i++)
		check_host(&holdings.holding[i], &holdings);
	free(holdings.holding);
}

/* What is wrong with the description itself comes first, and alone. */
static bool check_blob(const void *fdt, size_t size)
{
	const struct conf_errors errors = { .tell = finding_in_description };
	struct conf conf;
	int ret = conf_read(fdt, size, &errors, &conf);

	if (ret == -ENOMEM)
		complain("%s", strerror(ENOMEM));
	if (ret)
		return false;
	check_conf(&conf);
	conf_free(&conf);
	return !finding_errors();
}

static bool check_file(const char *name, const void *fdt, size_t size)
{
	bool is_good;

	if (options.json) {
		out_begin();
		out_string("file", name);
		out_judge();
		out_list("findings");
	}
	is_good = check_blob(fdt, size);
	if (options.json) {
		out_list_end();
		out_bool("good", is_good);
		out_end();
	} else {
		out_line("%s: %s", name, is_good ? "good" : "not good");
	}
	return is_good;
}

int partition_check(int num, char **args)
{
	size_t size;
	void *fdt;
	bool is_good;

	if (num && option_beside("jdg"))
		return complain_usage("partition check: --description and %s: one is enough",
				      args[0]);
	if (num)
		options.description = args[0];
	if (!dt_load())
		return EXIT_FAILED;
	fdt = file_read(options.description, &size);
	if (!fdt)
		return EXIT_FAILED;
	is_good = check_file(options.description, fdt, size);
	free(fdt);
	return is_good ? EXIT_OK : EXIT_FAILED;
}
