/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that raises edge interrupts when it is told to.  On the arm64 board it is
 * the virtio entropy device, a bus master that interrupts when it has filled a
 * buffer of ours.  On the Power boards it is an eTSEC whose line for errors goes to
 * one of the MPIC's external sources, which the tree says to be an edge.  (Inside the
 * chip, all of QEMU's sources are level.)
 */
#ifndef _SELFTESTS_SOCASSIGN_EDGE_H
#define _SELFTESTS_SOCASSIGN_EDGE_H

#include "claim.h"
#include "etsec.h"
#include "virtio_rng.h"

struct edge {
	const char *node;
	int fd;
	struct socassign_region region;
	__u32 line;		/* index of the interrupt */
	int trigger;		/* O_NONBLOCK, attached */
	volatile void *regs;	/* of the eTSEC; NULL if it is none */
	struct etsec etsec;
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

/* Keep the device from our memory; it raises nothing any more. */
void edge_stop(struct edge *edge);

#endif
