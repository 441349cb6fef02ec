/* SPDX-License-Identifier: GPL-2.0 */
/* What /proc/self/maps says of a mapping: to everybody, not only to root. */
#ifndef _SELFTESTS_SOCASSIGN_PROCMAPS_H
#define _SELFTESTS_SOCASSIGN_PROCMAPS_H

#include <stdbool.h>
#include <stdint.h>

struct procmap {
	uintptr_t start;
	uintptr_t end;
	char perms[5];
	unsigned long long offset;
	char path[64];
};

/* The mapping that starts at @addr; false if there is none. */
bool procmaps_find(const void *addr, struct procmap *map);

/* Why the offset of a claim's mapping is no cookie on this machine, or NULL. */
const char *procmaps_shows_frames(void);

#endif
