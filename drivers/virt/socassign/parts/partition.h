/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Partitions of memory
 */
#ifndef _SOCASSIGN_PARTITION_H
#define _SOCASSIGN_PARTITION_H

#include <linux/types.h>

struct soca_claim;

int soca_partition_phys(struct soca_claim *claim, u64 offset, u64 length,
			u64 *phys);

#endif /* _SOCASSIGN_PARTITION_H */
