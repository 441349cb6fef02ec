/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A huge page whose physical address is used as a DMA address: a device whose
 * accesses are let through as they are, instead of translated or blocked, ends
 * up in it.
 */
#ifndef _SELFTESTS_SOCASSIGN_TRAP_H
#define _SELFTESTS_SOCASSIGN_TRAP_H

#include <stdbool.h>
#include <linux/types.h>

#define TRAP_SIZE	0x400000

struct trap {
	char *mem;
	__u32 bus;		/* a multiple of TRAP_SIZE */
};

/* Filled with a pattern; 0 or a negative errno. */
int trap_open(struct trap *trap);
void trap_close(struct trap *trap);

/* Fill it again; is it as it was filled? */
void trap_set(struct trap *trap);
bool trap_unchanged(const struct trap *trap);

#endif
