// SPDX-License-Identifier: GPL-2.0
#include "dma_bench.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"

const unsigned int dma_bench_liodns[DMA_BENCH_IDS] = { 34, 35 };

const char *dma_bench_skip(void)
{
	if (!pamu_exists() || !nics_exist())
		return "this machine has no PAMU with an eTSEC behind it";
	if (access("/dev/mem", R_OK))
		return "the tables cannot be read: no /dev/mem";
	return board_no_huge_pages();
}

static int get_memory(struct dma_bench *bench)
{
	bench->mem = huge_alloc(DMA_BENCH_BYTES, DMA_BENCH_BYTES);
	if (!bench->mem)
		return -errno;
	bench->phys = physical_address(bench->mem);
	bench->memory = soc_memory(bench->fd, bench->mem, DMA_BENCH_BYTES,
				   SOCASSIGN_MEMORY_WRITE);
	return bench->memory < 0 ? bench->memory : 0;
}

int dma_bench_open(struct dma_bench *bench)
{
	int ret;

	*bench = (struct dma_bench) { .fd = -1, .memory = -1 };
	ret = pamu_open(&bench->pamu);
	if (!ret)
		ret = sysfs_find(DMA_BENCH_NODE, &bench->sysfs);
	if (ret)
		return ret;
	bench->fd = soc_claim(DMA_BENCH_NODE,
			      SOCASSIGN_SUBTREE | SOCASSIGN_DETACH);
	ret = bench->fd < 0 ? bench->fd : get_memory(bench);
	if (ret)
		dma_bench_close(bench);
	return ret;
}

void dma_bench_close(struct dma_bench *bench)
{
	if (bench->memory >= 0)
		close(bench->memory);
	if (bench->mem)
		munmap(bench->mem, DMA_BENCH_BYTES);
	if (bench->fd >= 0)
		close(bench->fd);
	bench->fd = -1;
	bench->memory = -1;
	bench->mem = NULL;
}

int dma_bench_map(struct dma_bench *bench, __u32 index, __u64 iova,
		  __u64 length, __u64 offset)
{
	struct socassign_dma_map map = {
		.index = index, .flags = DMA_RW, .memory_fd = bench->memory,
		.iova = iova, .length = length, .offset = offset,
	};

	return soc_dma_map(bench->fd, &map);
}
