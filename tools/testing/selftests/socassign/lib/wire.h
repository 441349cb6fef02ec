/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two network cards of ours on one wire, and memory that they reach through
 * windows: what the tests of DMA start from.
 */
#ifndef _SELFTESTS_SOCASSIGN_WIRE_H
#define _SELFTESTS_SOCASSIGN_WIRE_H

#include "dma.h"
#include "nic.h"

/*
 * One huge page: four areas for rings and buffers, and behind them what no
 * window reaches unless a test maps one.
 */
#define WIRE_PAGE	0x400000
#define WIRE_AREA	0x10000

enum wire_area { WIRE_TX0, WIRE_RX0, WIRE_TX1, WIRE_RX1, WIRE_AREAS };

#define WIRE_REST	(WIRE_AREAS * WIRE_AREA)

/* Where the usual windows are: no address is a physical one. */
#define WIRE_IOVA_0	0x90000000u	/* both areas of the first device */
#define WIRE_IOVA_TX1	0xa0000000u	/* the second has two identities */
#define WIRE_IOVA_RX1	0xb0000000u

struct wire {
	struct nic nic[2];
	char *mem;		/* WIRE_PAGE bytes */
	int memory;		/* the memory object of it */
	uint32_t serial;	/* of the next frame */
};

/* Why this machine cannot: a reason to skip, or NULL. */
const char *wire_missing(void);

/*
 * Claim both devices, make the memory and fill it; 0 or a negative errno.  No
 * windows yet.
 */
int wire_open(struct wire *wire);
void wire_close(struct wire *wire);

/* Claim one of them again. */
int wire_open_nic(struct wire *wire, int n);

/* A window of a device's onto our memory. */
int wire_map(struct wire *wire, int n, __u32 dma, __u64 iova, __u64 offset,
	     __u64 length, __u32 flags);

/* Map and enable the usual windows of a device, start it with its areas. */
int wire_map_usual(struct wire *wire, int n);
void wire_start(struct wire *wire, int n);
/* All of that, for both. */
int wire_up(struct wire *wire);

/* One frame from @n to the other, and checked; 0 or a negative errno. */
int wire_transfer(struct wire *wire, int n, size_t len);
/* There and back. */
int wire_exchange(struct wire *wire);

/* Is what is behind the areas as wire_open() filled it? */
bool wire_rest_unchanged(const struct wire *wire);

#endif
