// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of parts
 */
#include "orders.h"
#include "parts/parts.h"

/*
 * In the order in which a claim comes by them; it goes the contrary way.  So DMA
 * is blocked before anything is powered, and is blocked again before anything else
 * goes; the devices are made quiet while they still have their clocks and nobody
 * reaches them any more; and what they may not be let go of with, their memory,
 * goes last but for themselves.
 */
const struct soca_part *const soca_parts[] = {
	&soca_devices_part,		/* from the host's drivers to ours */
	&soca_identities_part,	/* DMA identities, blocked or parked */
	&soca_supplies_part,		/* clocks, power domains and resets */
	&soca_quiesce_part,		/* build maps, and tells nothing yet */
	&soca_interrupts_part,
	&soca_registers_part,
	&soca_partition_part,
	&soca_windows_part,		/* DMA, where the owner opens it */
	&soca_reset_part,		/* none of its own: the others, once more */
	NULL
};
