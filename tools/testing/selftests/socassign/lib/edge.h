/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that raises edge interrupts when it is told to: the virtio entropy
 * device of the arm64 board, a bus master that interrupts when it has filled a
 * buffer of ours.  (QEMU's ppce500 has none: inside the chip, all of the
 * MPIC's sources are level.)
 */
#ifndef _SELFTESTS_SOCASSIGN_EDGE_H
#define _SELFTESTS_SOCASSIGN_EDGE_H

#include "claim.h"
#include "virtio_rng.h"

struct edge {
	const char *node;
	int fd;
	struct socassign_region region;
	int trigger;		/* O_NONBLOCK, attached */
	struct virtio_rng rng;
};

/* Claim, set up, attach a trigger; 0 or a negative errno. */
int edge_open(struct edge *edge, const char *node);
void edge_close(struct edge *edge);

/* End the quarantine that a closed claim leaves behind. */
void edge_end_quarantine(const char *node);

/*
 * Cause one interrupt; it comes a moment later.  edge_ack() is due before the
 * next.
 */
int edge_raise(struct edge *edge);
int edge_ack(struct edge *edge);

#endif
