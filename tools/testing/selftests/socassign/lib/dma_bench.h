/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A claim with DMA identities behind the PAMU, memory to map, and a view of the
 * tables: for tests that send no traffic.
 */
#ifndef _SELFTESTS_SOCASSIGN_DMA_BENCH_H
#define _SELFTESTS_SOCASSIGN_DMA_BENCH_H

#include "claim.h"
#include "dma.h"
#include "nic.h"
#include "pamu.h"
#include "sysfs.h"

/* The second eTSEC: DMA identities 0 and 1, and what they are to the PAMU. */
#define DMA_BENCH_NODE	(nic_devs[1].node)
#define DMA_BENCH_IDS	2
extern const unsigned int dma_bench_liodns[DMA_BENCH_IDS];

#define DMA_BENCH_BYTES	(4u << 20)

struct dma_bench {
	struct pamu pamu;
	struct sysfs_device sysfs;
	int fd;
	char *mem;		/* a huge page, zeroed */
	uint64_t phys;
	int memory;		/* its memory object, to be read and written */
};

/* Why there is nothing to test with, or NULL. */
const char *dma_bench_skip(void);

/* 0 or a negative errno; the device is taken from the host, and given back. */
int dma_bench_open(struct dma_bench *bench);
void dma_bench_close(struct dma_bench *bench);

/* A window onto that memory, to read and write. */
int dma_bench_map(struct dma_bench *bench, __u32 index, __u64 iova,
		  __u64 length, __u64 offset);

#endif
