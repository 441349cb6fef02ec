// SPDX-License-Identifier: GPL-2.0
/*
 * socassign list
 */
#include "cli.h"

#include "judge.h"
#include "out.h"

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
	}
	out_node_head();
	dt_for_each(np)
		if (wanted(np, num, args) &&
		    (options.all || policy_has_resources(np)))
			out_node(np, 0);
	if (options.json) {
		out_list_end();
		out_end();
	}
	return EXIT_OK;
}
