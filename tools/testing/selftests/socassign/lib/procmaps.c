// SPDX-License-Identifier: GPL-2.0
#include "procmaps.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "board.h"

/* "start-end perms offset device inode path" */
static bool parse(const char *line, struct procmap *map)
{
	unsigned long long start, end;

	map->path[0] = '\0';
	if (sscanf(line, "%llx-%llx %4s %llx %*s %*s %63s", &start, &end,
		   map->perms, &map->offset, map->path) < 4)
		return false;
	map->start = start;
	map->end = end;
	return true;
}

bool procmaps_find(const void *addr, struct procmap *map)
{
	FILE *file = fopen("/proc/self/maps", "re");
	bool found = false;
	char line[512];

	while (file && !found && fgets(line, sizeof(line), file))
		found = parse(line, map) && map->start == (uintptr_t)addr;
	if (file)
		fclose(file);
	return found;
}

const char *procmaps_shows_frames(void)
{
	if (strcmp(board_get()->name, "ppce500") || access("/dev/kvm", F_OK))
		return NULL;
	return "KVM on e500 takes the page frame from it";
}
