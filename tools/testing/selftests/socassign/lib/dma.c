// SPDX-License-Identifier: GPL-2.0
#include "dma.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"
#include "claim.h"
#include "procsum.h"
#include "sysfs.h"

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT	26
#endif

int soc_dma(int fd, __u32 index, struct socassign_dma *dma)
{
	dma->size = sizeof(*dma);
	dma->index = index;
	return soc_ioctl(fd, SOCASSIGN_DMA, dma);
}

int soc_memory(int fd, const void *addr, size_t length, __u32 flags)
{
	struct socassign_memory cmd = {
		.size = sizeof(cmd), .flags = flags,
		.addr = (uintptr_t)addr, .length = length,
	};
	int ret = soc_ioctl(fd, SOCASSIGN_MEMORY, &cmd);

	return ret ? ret : cmd.out_fd;
}

int soc_dma_map(int fd, struct socassign_dma_map *map)
{
	map->size = sizeof(*map);
	map->reason = soc_reason_buffer();
	map->reason_len = SOCASSIGN_MAX_REASON_LEN;
	return soc_ioctl(fd, SOCASSIGN_DMA_MAP, map);
}

static int unmap(int fd, __u32 index, __u32 flags, __u64 iova, __u64 length)
{
	struct socassign_dma_unmap cmd = {
		.size = sizeof(cmd), .index = index, .flags = flags,
		.iova = iova, .length = length,
	};

	return soc_ioctl(fd, SOCASSIGN_DMA_UNMAP, &cmd);
}

int soc_dma_unmap(int fd, __u32 index, __u64 iova, __u64 length)
{
	return unmap(fd, index, 0, iova, length);
}

int soc_dma_unmap_all(int fd, __u32 index)
{
	return unmap(fd, index, SOCASSIGN_DMA_UNMAP_ALL, 0, 0);
}

static int control(int fd, __u32 index, __u32 flags)
{
	struct socassign_dma_control cmd = {
		.size = sizeof(cmd), .index = index, .flags = flags,
	};

	return soc_ioctl(fd, SOCASSIGN_DMA_CONTROL, &cmd);
}

int soc_dma_enable(int fd, __u32 index)
{
	return control(fd, index, SOCASSIGN_DMA_ENABLE);
}

int soc_dma_disable(int fd, __u32 index)
{
	return control(fd, index, SOCASSIGN_DMA_DISABLE);
}

int soc_next_event(int fd, struct socassign_get_event *event, int milliseconds)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	poll(&pfd, 1, milliseconds);
	return soc_get_event(fd, event);
}

/* The pool of this page size has that many pages more, if there is room. */
static void grow_pool(size_t page, size_t pages)
{
	char path[PATH_MAX], value[32];
	unsigned long present;

	snprintf(path, sizeof(path),
		 "/sys/kernel/mm/hugepages/hugepages-%zukB/nr_hugepages",
		 page / 1024);
	if (sysfs_read(path, value, sizeof(value)))
		return;
	present = strtoul(value, NULL, 10);
	snprintf(value, sizeof(value), "%lu", present + pages);
	sysfs_write(path, value);
}

static void *map_huge(size_t length, size_t page)
{
	int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE | MAP_HUGETLB |
		    __builtin_ctzl(page) << MAP_HUGE_SHIFT;
	void *mem = mmap(NULL, length, PROT_READ | PROT_WRITE, flags, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

void *huge_alloc(size_t length, size_t page)
{
	void *mem;

	if (board_no_huge_pages()) {
		errno = EOPNOTSUPP;
		return NULL;
	}
	mem = map_huge(length, page);
	if (mem || errno != ENOMEM)
		return mem;
	grow_pool(page, length / page);
	return map_huge(length, page);
}

/* The frame is in bits 0 to 54, bit 63 says that there is one. */
__u64 physical_address(const void *addr)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry),
		  (uintptr_t)addr / page * sizeof(entry)) != sizeof(entry) ||
	    !(entry >> 63))
		entry = 0;
	close(fd);
	entry &= (1ULL << 55) - 1;
	return entry ? entry * page + (uintptr_t)addr % page : 0;
}

long pinned_pages(void)
{
	/* Counters of each CPU's are added up now and then, or for this. */
	sysfs_write("/proc/sys/vm/stat_refresh", "1");
	return procsum("/proc/vmstat", "nr_foll_pin_acquired ") -
	       procsum("/proc/vmstat", "nr_foll_pin_released ");
}

void *anonymous(size_t length, int prot)
{
	void *mem = mmap(NULL, length, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

/* An odd factor: no two words of less than 16 GiB are the same. */
static uint32_t pattern_word(size_t i, uint32_t seed)
{
	return (i + seed * 0x1000193u) * 0x9e3779b1u;
}

void pattern_fill(void *mem, size_t length, __u32 seed)
{
	uint32_t *word = mem;

	for (size_t i = 0; i < length / sizeof(*word); i++)
		word[i] = pattern_word(i, seed);
}

static size_t changed_byte(uint32_t is, uint32_t was)
{
	const uint8_t *a = (uint8_t *)&is, *b = (uint8_t *)&was;
	size_t i = 0;

	while (a[i] == b[i])
		i++;
	return i;
}

size_t pattern_changed(const void *mem, size_t length, __u32 seed)
{
	const volatile uint32_t *word = mem;

	for (size_t i = 0; i < length / sizeof(*word); i++) {
		uint32_t is = word[i], was = pattern_word(i, seed);

		if (is != was)
			return i * sizeof(*word) + changed_byte(is, was);
	}
	return length;
}
