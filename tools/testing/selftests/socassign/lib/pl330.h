/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ARM's PL330, a DMA controller that runs programs: a bus master on the AMBA bus.  QEMU's
 * virt has two behind its SMMU, from us (vm/qemu/smmu.patch), with a channel each; of the
 * second the tests' tree says that it is disabled, so that the host has no device for it,
 * and a part of another node with an IOMMU, which has no device either.
 */
#ifndef _SELFTESTS_SOCASSIGN_PL330_H
#define _SELFTESTS_SOCASSIGN_PL330_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "claim.h"

#define PL330_AMBA	"/pl330@a011000"
#define PL330_BLOCK	"/dma-block"
#define PL330_ASLEEP	PL330_BLOCK "/pl330@a012000"
#define PL330_DRIVER	"dma-pl330"	/* of the host's */

struct pl330 {
	int fd;
	__u32 index;	/* of its node in the claim */
	struct socassign_region region;
	volatile void *regs;
};

/* Why there is none that could be used, or NULL. */
const char *pl330_missing(void);

/* The registers of that node of the claim; 0 or a negative errno.  The claim stays. */
int pl330_open(struct pl330 *pl330, int fd, __u32 node);
void pl330_close(struct pl330 *pl330);

/*
 * A program for a channel that waits for the event, if it is to, and copies 8 bytes; how
 * many bytes it has.
 */
#define PL330_COPIES	8
size_t pl330_program(uint8_t *program, uint32_t from, uint32_t to, bool waits);

/* Run the program at @iova; whether it is at its end. */
bool pl330_run(struct pl330 *pl330, uint32_t iova);
void pl330_event(struct pl330 *pl330);

/* Whatever it was at, it forgets. */
void pl330_stop(struct pl330 *pl330);

#endif
