// SPDX-License-Identifier: GPL-2.0
/*
 * socassign partition
 */
#include "cli.h"

#include <string.h>

#include "partition.h"

/**
 * struct action - What can be done with partitions
 * @name: The word for it
 * @options: The letters of the options that it takes, as struct command has them
 * @min_args: Least number of arguments
 * @max_args: Greatest number of arguments
 * @run: Does it; returns the exit code
 */
struct action {
	const char *name;
	const char *options;
	int min_args;
	int max_args;
	int (*run)(int num, char **args);
};

static const struct action actions[] = {
	{ "check", "jdgy", 0, 1, partition_check },
	{ "list", "jy", 0, 0, partition_list },
	{ "start", "jy", 0, 1000, partition_start },
	{ "stop", "jy", 0, 1000, partition_stop },
	{ "status", "jy", 0, 1000, partition_status },
};

static int run(const struct action *action, int num, char **args)
{
	const char *other = option_beside(action->options);

	if (other)
		return complain_usage("partition %s: takes no --%s",
				      action->name, other);
	if (num < action->min_args || num > action->max_args)
		return complain_usage("partition %s: too few or too many arguments",
				      action->name);
	return action->run(num, args);
}

int cmd_partition(int num, char **args)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(args[0], actions[i].name))
			return run(&actions[i], num - 1, args + 1);
	return complain_usage("partition: %s: no such action", args[0]);
}
