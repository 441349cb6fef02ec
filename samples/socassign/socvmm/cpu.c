// SPDX-License-Identifier: GPL-2.0
/* The host's CPU that the guest's runs on. */
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "socvmm.h"

static bool is_cpu(int cpu, const char *path)
{
	char link[64], target[PATH_MAX];
	size_t len = strlen(SOCA_TREE_LIVE);

	snprintf(link, sizeof(link), "/sys/devices/system/cpu/cpu%d/of_node",
		 cpu);
	return realpath(link, target) && !strncmp(target, SOCA_TREE_LIVE, len) &&
	       !strcmp(target + len, path);
}

/**
 * cpu_find - Look for a CPU of the host's
 * @path: The CPU's node, a full path
 *
 * Return: its number, or -1.
 */
int cpu_find(const char *path)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (is_cpu(cpu, path))
			return cpu;
	return -1;
}

/**
 * cpu_bind - Have a thread run on one CPU of the host's
 * @path: The CPU's node, a full path
 * @attr: Attributes of the thread that is to be made
 *
 * Return: true, or false after a message.
 */
bool cpu_bind(const char *path, pthread_attr_t *attr)
{
	int cpu = cpu_find(path);
	cpu_set_t set;

	if (cpu < 0)
		return fail("--cpu %s: the host has no such CPU", path);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_attr_setaffinity_np(attr, sizeof(set), &set);
	return true;
}
