// SPDX-License-Identifier: GPL-2.0
/* What a program that does not end waits for: where its tasks are in the kernel. */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "init.h"

#define TASKS		"/proc/[0-9]*/task/[0-9]*"
#define KTHREADD	2

/* Of the task whose files are read. */
static bool tell;

/* Everybody's but ours, and of the kernel's own those that wait in earnest. */
static bool is_of_interest(char state, int parent)
{
	return state == 'D' || (parent && parent != KTHREADD);
}

/* "PID (NAME) STATE PARENT ..."; what follows may come as a line of its own. */
static void handle_stat(char *line)
{
	char *name_end = strrchr(line, ')');
	char state;
	int parent;

	if (!name_end)
		return;
	tell = sscanf(name_end, ") %c %d", &state, &parent) == 2 &&
	       is_of_interest(state, parent);
	if (tell)
		klog_say("# kernel: %.*s %c waits in", (int)(name_end + 1 - line),
			 line, state);
}

static void handle_frame(char *line)
{
	klog_say("# kernel:   %s", line);
}

static void say_task(const char *dir)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/stat", dir);
	tell = false;
	read_lines(path, handle_stat);
	snprintf(path, sizeof(path), "%s/stack", dir);
	if (tell)
		read_lines(path, handle_frame);
}

void say_who_waits(void)
{
	glob_t tasks;

	if (glob(TASKS, 0, NULL, &tasks))
		return;
	for (size_t i = 0; i < tasks.gl_pathc; i++)
		say_task(tasks.gl_pathv[i]);
	globfree(&tasks);
}
