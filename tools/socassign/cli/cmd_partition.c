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
 * @min_args: Least number of arguments
 * @max_args: Greatest number of arguments
 * @run: Does it; returns the exit code
 */
struct action {
	const char *name;
	int min_args;
	int max_args;
	int (*run)(int num, char **args);
};

static const struct action actions[] = {
	{ "check", 0, 1, partition_check },
	{ "list", 0, 0, partition_list },
	{ "start", 0, 1000, partition_start },
	{ "stop", 0, 1000, partition_stop },
	{ "status", 0, 1000, partition_status },
};

int cmd_partition(int num, char **args)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		const struct action *it = &actions[i];

		if (strcmp(args[0], it->name))
			continue;
		if (num - 1 < it->min_args || num - 1 > it->max_args)
			return complain_usage("partition %s: too few or too many arguments",
					      it->name);
		return it->run(num - 1, args + 1);
	}
	return complain_usage("partition: %s: no such action", args[0]);
}
