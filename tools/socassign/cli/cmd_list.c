// SPDX-License-Identifier: GPL-2.0
/*
 * socassign list
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "judge.h"
#include "out.h"
#include "sysfs.h"

/* Who has it: a driver, socassign, a claim; "-": nobody, or not known */
static char *holder_of(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	if (!dev || !dev->driver)
		return must_print("-");
	if (dev->quarantine)
		return must_print("quarantine");
	if (dev->claimed)
		return must_print("claimed");
	return must_print("%s", dev->driver);
}

static void print_plain(const struct dt_node *np, const struct verdict *verdict,
			const char *holder)
{
	const char *refusal = verdict->refusal;
	char *needs = refusal ? NULL : plan_needs(&verdict->plan);

	out_line("%-3s %-9s %-16s %s%s%s%s%s", refusal ? "no" : "yes",
		 dma_class_name(verdict->plan.dma_class), holder, np->path,
		 refusal ? "  (" : needs ? "  (needs " : "",
		 refusal ? refusal : "", needs ? needs : "",
		 refusal || needs ? ")" : "");
	free(needs);
}

static void print_json(const struct dt_node *np, const struct verdict *verdict,
		       const char *holder)
{
	const struct device *dev = sysfs_device(np);

	out_object(NULL);
	out_string("path", np->path);
	out_verdict(verdict);
	out_bool("enabled", dt_available(np));
	if (sysfs_is_live())
		out_string("holder", holder);
	if (dev) {
		out_string("bus", dev->bus);
		out_string("device", dev->name);
	}
	out_object_end();
}

static void list_node(const struct dt_node *np)
{
	struct verdict verdict;
	char *holder;

	if (!options.all && !policy_has_resources(np))
		return;
	verdict = judge(np);
	holder = holder_of(np);
	if (options.json)
		print_json(np, &verdict, holder);
	else
		print_plain(np, &verdict, holder);
	free(holder);
	policy_free(&verdict);
}

static bool wanted(const struct dt_node *np, int num, char **args)
{
	if (!num)
		return true;
	for (int i = 0; i < num; i++)
		if (dt_below(np, dt_find(args[i])))
			return true;
	return false;
}

static bool check_paths(int num, char **args)
{
	for (int i = 0; i < num; i++)
		if (!dt_find(args[i])) {
			complain("%s: the tree has no such node", args[i]);
			return false;
		}
	return true;
}

int cmd_list(int num, char **args)
{
	if (!dt_load() || !check_paths(num, args))
		return EXIT_FAILED;
	if (options.json) {
		out_begin();
		out_judge();
		out_list("nodes");
	} else {
		out_line("%-3s %-9s %-16s %s", "CAN", "DMA", "HOLDER", "NODE");
	}
	dt_for_each(np)
		if (wanted(np, num, args))
			list_node(np);
	if (options.json) {
		out_list_end();
		out_end();
	}
	return EXIT_OK;
}
