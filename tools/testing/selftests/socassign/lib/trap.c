// SPDX-License-Identifier: GPL-2.0
#include "trap.h"

#include <errno.h>
#include <sys/mman.h>

#include "dma.h"

#define SEED	0x7a9

void trap_set(struct trap *trap)
{
	pattern_fill(trap->mem, TRAP_SIZE, SEED);
}

bool trap_unchanged(const struct trap *trap)
{
	return pattern_changed(trap->mem, TRAP_SIZE, SEED) == TRAP_SIZE;
}

int trap_open(struct trap *trap)
{
	__u64 address;

	trap->mem = huge_alloc(TRAP_SIZE, TRAP_SIZE);
	if (!trap->mem)
		return -errno;
	trap_set(trap);
	address = physical_address(trap->mem);
	trap->bus = address;
	if (address && trap->bus == address)
		return 0;
	/* We may not know it, or it is too high for the devices. */
	trap_close(trap);
	return -ERANGE;
}

void trap_close(struct trap *trap)
{
	if (trap->mem)
		munmap(trap->mem, TRAP_SIZE);
	trap->mem = NULL;
}
