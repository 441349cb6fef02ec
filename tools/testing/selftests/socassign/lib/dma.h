/* SPDX-License-Identifier: GPL-2.0 */
/* The DMA half of <linux/socassign.h>, and memory for it; as in claim.h. */
#ifndef _SELFTESTS_SOCASSIGN_DMA_H
#define _SELFTESTS_SOCASSIGN_DMA_H

#include <stddef.h>
#include <linux/socassign.h>

#define DMA_RW	(SOCASSIGN_DMA_READ | SOCASSIGN_DMA_WRITE)

int soc_dma(int fd, __u32 index, struct socassign_dma *dma);

/* A memory object of what is mapped at @addr; fd or a negative errno. */
int soc_memory(int fd, const void *addr, size_t length, __u32 flags);

/* SOCASSIGN_DMA_MAP without stashing; @map->size is filled in. */
/* soc_reason() says why not. */
int soc_dma_map(int fd, struct socassign_dma_map *map);
int soc_dma_unmap(int fd, __u32 index, __u64 iova, __u64 length);
int soc_dma_unmap_all(int fd, __u32 index);
int soc_dma_enable(int fd, __u32 index);
int soc_dma_disable(int fd, __u32 index);

/*
 * Wait for the next event and take it; a negative errno, -EAGAIN if none comes
 * within the time.
 */
int soc_next_event(int fd, struct socassign_get_event *event,
		   int milliseconds);

/*
 * Huge pages of this size, shared with children, or NULL with errno set.  If the
 * machine has too few of them it is asked for more.
 */
void *huge_alloc(size_t length, size_t page);

/* pagemap(5): where memory is; 0 if it is nowhere, or we may not know. */
__u64 physical_address(const void *addr);

/* Pages of the machine that are pinned for somebody's DMA. */
long pinned_pages(void);

/* Small pages of this process's own, or NULL with errno set. */
void *anonymous(size_t length, int prot);

/*
 * Fill memory with what no other @seed fills it with, in no two lines of it
 * the same; the offset of the first byte that is different, or @length.
 */
void pattern_fill(void *mem, size_t length, __u32 seed);
size_t pattern_changed(const void *mem, size_t length, __u32 seed);

#endif
