// SPDX-License-Identifier: GPL-2.0
/*
 * A PAMU window needs memory that is contiguous, and aligned to its size.  The
 * kernel gives huge pages of 4 MiB in any order, so take all of its pool, see
 * where they are, and map those that are in a row.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/dma.h"
#include "../../lib/sysfs.h"
#include "bench.h"

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT	26
#endif

#define PAGE		(4 * MIB)
#define PAGE_LOG	22
#define POOL		"/sys/kernel/mm/hugepages/hugepages-4096kB/nr_hugepages"
#define MAX_FRAMES	1024	/* in 4 GiB */

/* Where in the file the huge page of each frame is; -1: in no place. */
static off_t offset_of[MAX_FRAMES];

static size_t pool_pages(void)
{
	char value[32];

	return sysfs_read(POOL, value, sizeof(value)) ? 0 : atoi(value);
}

static void *map(int file, void *addr, size_t length, off_t offset, int flags)
{
	void *mem = mmap(addr, length, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE | flags, file, offset);

	return mem == MAP_FAILED ? NULL : mem;
}

/* All of the pool, in the order in which the kernel gives it. */
static int take_pool(void)
{
	int file = memfd_create("bench", MFD_CLOEXEC | MFD_HUGETLB |
				PAGE_LOG << MAP_HUGE_SHIFT);
	off_t end = (off_t)pool_pages() * PAGE;

	for (size_t i = 0; i < MAX_FRAMES; i++)
		offset_of[i] = -1;
	if (file < 0 || ftruncate(file, end))
		return -1;
	for (off_t at = 0; at < end; at += PAGE) {
		char *mem = map(file, NULL, PAGE, at, 0);

		if (!mem)
			return -1;
		offset_of[physical_address(mem) / PAGE % MAX_FRAMES] = at;
		munmap(mem, PAGE);
	}
	return file;
}

/* The first of frames enough in a row, or MAX_FRAMES. */
static size_t find_row(void)
{
	const size_t num = LARGE / PAGE;

	for (size_t first = 0; first < MAX_FRAMES; first += num) {
		size_t i = 0;

		while (i < num && offset_of[first + i] >= 0)
			i++;
		if (i == num)
			return first;
	}
	return MAX_FRAMES;
}

/* Address space that starts where a huge page can. */
static char *reserve(void)
{
	char *mem = mmap(NULL, LARGE + PAGE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mem == MAP_FAILED)
		return NULL;
	return mem + (-(uintptr_t)mem & (PAGE - 1));
}

void *huge_row(void)
{
	int file = take_pool();
	size_t first = find_row();
	char *mem = reserve();

	if (file < 0 || first == MAX_FRAMES || !mem)
		return NULL;
	for (size_t i = 0; i < LARGE / PAGE; i++)
		if (!map(file, mem + i * PAGE, PAGE, offset_of[first + i],
			 MAP_FIXED))
			return NULL;
	close(file);
	return mem;
}
