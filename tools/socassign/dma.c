// SPDX-License-Identifier: GPL-2.0
/*
 * DMA: identities, memory objects, windows
 */
#include "internal.h"

#include <errno.h>

const struct soca_dma *soca_dma_get(const struct soca_claim *claim,
				    unsigned int index)
{
	return index < claim->info.num_dmas ? &claim->dmas[index] : NULL;
}

int soca_dma_state(const struct soca_claim *claim, unsigned int index,
		   struct soca_dma *dma)
{
	struct socassign_dma cmd = { .size = sizeof(cmd), .index = index };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_DMA, &cmd);

	if (ret)
		return ret;
	*dma = (struct soca_dma) {
		.flags = cmd.out_flags, .node = cmd.out_node,
		.entry = cmd.out_entry, .liodn = cmd.out_liodn,
		.num_windows = cmd.out_num_windows,
		.max_windows = cmd.out_max_windows,
		.stash_levels = cmd.out_stash_levels,
		.num_subwindows = cmd.out_num_subwindows,
		.granule = cmd.out_granule, .limit = cmd.out_limit,
		.base = cmd.out_base, .bytes = cmd.out_bytes,
	};
	return 0;
}

int soca_memory_pin(const struct soca_claim *claim, void *addr, size_t length,
		    bool write, uint64_t *contiguous)
{
	struct socassign_memory cmd = {
		.size = sizeof(cmd), .addr = (uintptr_t)addr, .length = length,
		.flags = write ? SOCASSIGN_MEMORY_WRITE : 0,
	};
	int ret = claim ? soca_ioctl(claim->fd, SOCASSIGN_MEMORY, &cmd) :
			  soca_ask_driver(SOCASSIGN_MEMORY, &cmd);

	if (ret)
		return ret;
	if (contiguous)
		*contiguous = cmd.out_contiguous;
	return cmd.out_fd;
}

static int map(const struct soca_claim *claim, unsigned int index,
	       const struct soca_window *window, uint32_t flags, char *reason)
{
	struct socassign_dma_map cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = window->flags | flags, .memory_fd = window->memory,
		.offset = window->offset, .iova = window->iova,
		.length = window->length, .stash_level = window->stash_level,
		.stash_cpu = window->stash_cpu, .operation = window->operation,
		.reason = (uintptr_t)reason,
		.reason_len = soca_reason_room(reason),
	};

	if (reason)
		*reason = '\0';
	/* Which of the two it is says the function's name. */
	if (window->flags & SOCASSIGN_DMA_REPLACE)
		return -EINVAL;
	return soca_ioctl(claim->fd, SOCASSIGN_DMA_MAP, &cmd);
}

int soca_dma_map(const struct soca_claim *claim, unsigned int index,
		 const struct soca_window *window, char *reason)
{
	return map(claim, index, window, 0, reason);
}

int soca_dma_replace(const struct soca_claim *claim, unsigned int index,
		     const struct soca_window *window, char *reason)
{
	return map(claim, index, window, SOCASSIGN_DMA_REPLACE, reason);
}

int soca_dma_unmap(const struct soca_claim *claim, unsigned int index,
		   uint64_t iova, uint64_t length)
{
	struct socassign_dma_unmap cmd = {
		.size = sizeof(cmd), .index = index, .iova = iova,
		.length = length,
	};

	return soca_ioctl(claim->fd, SOCASSIGN_DMA_UNMAP, &cmd);
}

int soca_dma_unmap_all(const struct soca_claim *claim, unsigned int index)
{
	struct socassign_dma_unmap cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_DMA_UNMAP_ALL,
	};

	return soca_ioctl(claim->fd, SOCASSIGN_DMA_UNMAP, &cmd);
}

static int control(const struct soca_claim *claim, unsigned int index,
		   uint32_t flags)
{
	struct socassign_dma_control cmd = {
		.size = sizeof(cmd), .index = index, .flags = flags,
	};

	return soca_ioctl(claim->fd, SOCASSIGN_DMA_CONTROL, &cmd);
}

int soca_dma_enable(const struct soca_claim *claim, unsigned int index)
{
	return control(claim, index, SOCASSIGN_DMA_ENABLE);
}

int soca_dma_disable(const struct soca_claim *claim, unsigned int index)
{
	return control(claim, index, SOCASSIGN_DMA_DISABLE);
}
