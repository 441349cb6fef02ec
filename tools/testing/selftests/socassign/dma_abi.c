// SPDX-License-Identifier: GPL-2.0
/*
 * Bad requests for DMA windows: each has the errno that the header promises, and
 * has changed nothing, neither in what the claim says of itself nor in the PAMU's
 * tables.  The form of the structs is abi.c's business.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/dma_bench.h"
#include "lib/kmsg.h"
#include "lib/refusal.h"

#define KIB		1024ULL
#define MIB		(1024 * KIB)
#define PAGE		(4 * KIB)
#define SPACE		(1ULL << 36)
#define FILE_PAGES	16

/* The window that is there before, in both states that an identity can have. */
#define BASE		(16 * MIB)
#define LENGTH		(1 * MIB)

FIXTURE(request)
{
	const char *skip;
	struct dma_bench bench;
	struct socassign_dma was[DMA_BENCH_IDS];
	uint32_t *image;
	int log;
};

FIXTURE_VARIANT(request)
{
	bool enabled;
};

FIXTURE_VARIANT_ADD(request, disabled) { .enabled = false };
FIXTURE_VARIANT_ADD(request, enabled) { .enabled = true };

/* What must not change from now on. */
static void remember(struct __test_metadata *_metadata,
		     FIXTURE_DATA(request) *self)
{
	for (__u32 i = 0; i < DMA_BENCH_IDS; i++)
		ASSERT_EQ(0, soc_dma(self->bench.fd, i, &self->was[i]));
	free(self->image);
	self->image = pamu_image(&self->bench.pamu);
	ASSERT_TRUE(!!self->image);
}

FIXTURE_SETUP(request)
{
	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	self->log = kmsg_open();
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, BASE, LENGTH, 0));
	if (variant->enabled)
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	remember(_metadata, self);
}

FIXTURE_TEARDOWN(request)
{
	if (self->skip)
		return;
	dma_bench_close(&self->bench);
	close(self->log);
	free(self->image);
}

static bool has_changed(FIXTURE_DATA(request) *self)
{
	for (__u32 i = 0; i < DMA_BENCH_IDS; i++) {
		struct socassign_dma dma = {};

		if (soc_dma(self->bench.fd, i, &dma) ||
		    memcmp(&dma, &self->was[i], sizeof(dma)))
			return true;
	}
	return pamu_changes(&self->bench.pamu, self->image, NULL, 0);
}

#define EXPECT_REFUSED(_errno, _call) do {				\
	EXPECT_EQ(_errno, _call);					\
	EXPECT_FALSE(has_changed(self));				\
} while (0)

/* A window that would be all right, beside the one that is there. */
static struct socassign_dma_map good_map(const FIXTURE_DATA(request) *self)
{
	return (struct socassign_dma_map) {
		.index = 1, .flags = DMA_RW, .memory_fd = self->bench.memory,
		.iova = BASE, .length = LENGTH,
	};
}

#define EXPECT_MAP_REFUSED(_errno, ...) do {				\
	struct socassign_dma_map _map = good_map(self);			\
	typeof(_map) *map = &_map;					\
	__VA_ARGS__;							\
	EXPECT_EQ(_errno, soc_dma_map(self->bench.fd, map))		\
		TH_LOG(#__VA_ARGS__);					\
	EXPECT_FALSE(has_changed(self))					\
		TH_LOG(#__VA_ARGS__);					\
} while (0)

TEST_F(request, good)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = good_map(self);

	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
	EXPECT_TRUE(has_changed(self));
	EXPECT_EQ(0, soc_dma_unmap(self->bench.fd, 1, BASE, LENGTH));
	EXPECT_FALSE(has_changed(self));
}

TEST_F(request, index)
{
	SKIP_IF(self->skip);
	static const __u32 beyond[] = { 2, 3, 100, 1u << 31, UINT32_MAX };
	struct socassign_dma dma;

	for (size_t i = 0; i < sizeof(beyond) / sizeof(*beyond); i++) {
		__u32 index = beyond[i];
		int fd = self->bench.fd;

		EXPECT_REFUSED(-ENOENT, soc_dma(fd, index, &dma));
		EXPECT_MAP_REFUSED(-ENOENT, map->index = index);
		EXPECT_REFUSED(-ENOENT,
			       soc_dma_unmap(fd, index, BASE, LENGTH));
		EXPECT_REFUSED(-ENOENT, soc_dma_unmap_all(fd, index));
		EXPECT_REFUSED(-ENOENT, soc_dma_enable(fd, index));
		EXPECT_REFUSED(-ENOENT, soc_dma_disable(fd, index));
	}
}

/* Places and sizes that are never right */

TEST_F(request, alignment)
{
	SKIP_IF(self->skip);
	static const __u64 odd[] = { 1, 4, 0x200, 0x800, 0xfff, 0x1001 };

	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		EXPECT_MAP_REFUSED(-EINVAL, map->iova += odd[i]);
		EXPECT_MAP_REFUSED(-EINVAL, map->length = odd[i]);
		EXPECT_MAP_REFUSED(-EINVAL, map->length += odd[i]);
		EXPECT_MAP_REFUSED(-EINVAL, map->offset = odd[i]);
	}
}

TEST_F(request, empty)
{
	SKIP_IF(self->skip);
	EXPECT_MAP_REFUSED(-EINVAL, map->length = 0);
	EXPECT_MAP_REFUSED(-EINVAL, map->length = 0;
			   map->offset = DMA_BENCH_BYTES);
}

TEST_F(request, beyond_the_space)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(SPACE, self->was[0].out_limit);
	EXPECT_MAP_REFUSED(-EINVAL, map->iova = SPACE);
	EXPECT_MAP_REFUSED(-EINVAL, map->iova = SPACE - LENGTH + PAGE);
	EXPECT_MAP_REFUSED(-EINVAL, map->iova = 2 * SPACE + BASE);
	EXPECT_MAP_REFUSED(-EINVAL, map->iova = 1ULL << 63);
	EXPECT_MAP_REFUSED(-EINVAL, map->iova = -LENGTH);
	EXPECT_MAP_REFUSED(-EINVAL, map->iova = -PAGE);
}

TEST_F(request, up_to_the_end_of_the_space)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = good_map(self);

	map.iova = SPACE - LENGTH;
	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
}

TEST_F(request, beyond_the_memory)
{
	SKIP_IF(self->skip);
	const __u64 end = DMA_BENCH_BYTES;

	EXPECT_MAP_REFUSED(-EINVAL, map->offset = end);
	EXPECT_MAP_REFUSED(-EINVAL, map->offset = end - LENGTH + PAGE);
	EXPECT_MAP_REFUSED(-EINVAL, map->length = end + PAGE);
	EXPECT_MAP_REFUSED(-EINVAL, map->length = 2 * end; map->iova = 0);
	/* Their sum is small. */
	EXPECT_MAP_REFUSED(-EINVAL, map->offset = -PAGE);
	EXPECT_MAP_REFUSED(-EINVAL, map->offset = PAGE; map->length = -PAGE;
			   map->iova = 0);
	EXPECT_MAP_REFUSED(-EINVAL, map->length = 1ULL << 63; map->iova = 0;
			   map->offset = 1ULL << 63);
}

TEST_F(request, no_access)
{
	SKIP_IF(self->skip);
	EXPECT_MAP_REFUSED(-EINVAL, map->flags = 0);
	EXPECT_MAP_REFUSED(-EINVAL, map->flags = SOCASSIGN_DMA_REPLACE);
}

/* Other windows */

TEST_F(request, overlap)
{
	SKIP_IF(self->skip);
	static const struct {
		__u64 iova, length;
	} windows[] = {
		{ BASE, LENGTH },
		{ BASE, PAGE },
		{ BASE, 2 * LENGTH },
		{ BASE + LENGTH - PAGE, PAGE },
		{ BASE + LENGTH - PAGE, 2 * PAGE },
		{ BASE + PAGE, PAGE },
		{ BASE - PAGE, 2 * PAGE },
		{ BASE - LENGTH, 4 * LENGTH },
	};

	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++)
		EXPECT_MAP_REFUSED(-EEXIST, map->index = 0;
				   map->iova = windows[i].iova;
				   map->length = windows[i].length);
}

/* The other identity has an address space of its own. */
TEST_F(request, no_overlap_with_another_identity)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, dma_bench_map(&self->bench, 1, BASE, LENGTH, LENGTH));
}

TEST_F(request, replace_what_is_not_there)
{
	SKIP_IF(self->skip);
	const __u32 replace = DMA_RW | SOCASSIGN_DMA_REPLACE;

	EXPECT_MAP_REFUSED(-ENOENT, map->flags = replace);
	EXPECT_MAP_REFUSED(-ENOENT, map->flags = replace; map->index = 0;
			   map->iova = BASE + LENGTH);
	EXPECT_MAP_REFUSED(-ENOENT, map->flags = replace; map->index = 0;
			   map->length = LENGTH / 2);
	EXPECT_MAP_REFUSED(-ENOENT, map->flags = replace; map->index = 0;
			   map->length = LENGTH * 2);
	EXPECT_MAP_REFUSED(-ENOENT, map->flags = replace; map->index = 0;
			   map->iova = BASE + PAGE);
}

TEST_F(request, unmap_not_exact)
{
	SKIP_IF(self->skip);
	static const struct {
		__u64 iova, length;
	} windows[] = {
		{ BASE, PAGE }, { BASE, 2 * LENGTH }, { BASE, 0 },
		{ BASE + PAGE, LENGTH - PAGE }, { BASE - PAGE, LENGTH },
		{ 0, LENGTH }, { 0, 0 }, { BASE, LENGTH + 1 },
		{ 0, UINT64_MAX }, { BASE + SPACE, LENGTH },
	};

	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++)
		EXPECT_REFUSED(-ENOENT,
			       soc_dma_unmap(self->bench.fd, 0, windows[i].iova,
					     windows[i].length));
	EXPECT_REFUSED(-ENOENT, soc_dma_unmap(self->bench.fd, 1, BASE, LENGTH));
}

static int unmap_all_but(int fd, __u64 iova, __u64 length)
{
	struct socassign_dma_unmap cmd = {
		.size = sizeof(cmd), .flags = SOCASSIGN_DMA_UNMAP_ALL,
		.iova = iova, .length = length,
	};

	return soc_ioctl(fd, SOCASSIGN_DMA_UNMAP, &cmd);
}

TEST_F(request, unmap_all_with_a_place)
{
	SKIP_IF(self->skip);
	EXPECT_REFUSED(-EINVAL, unmap_all_but(self->bench.fd, BASE, LENGTH));
	EXPECT_REFUSED(-EINVAL, unmap_all_but(self->bench.fd, BASE, 0));
	EXPECT_REFUSED(-EINVAL, unmap_all_but(self->bench.fd, 0, LENGTH));
	EXPECT_REFUSED(-EINVAL, unmap_all_but(self->bench.fd, 0, 1));
}

TEST_F(request, unmap_all_of_none)
{
	SKIP_IF(self->skip);
	EXPECT_REFUSED(0, soc_dma_unmap_all(self->bench.fd, 1));
}

/* Memory */

/* What is no memory, open or not; closed again at the end of the test. */
static int eventfd_file(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

static int regular_file(void)
{
	return memfd_create("dma_abi", MFD_CLOEXEC);
}

static int zero_file(void)
{
	return open("/dev/zero", O_RDWR | O_CLOEXEC);
}

static int misc_device(void)
{
	return open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
}

static int path_only(void)
{
	return open(SOC_DEVICE, O_PATH | O_CLOEXEC);
}

static int no_file(void)
{
	return -1;
}

TEST_F(request, foreign_files)
{
	SKIP_IF(self->skip);
	static const struct {
		int (*open)(void);
		int result;
	} files[] = {
		{ eventfd_file, -EINVAL }, { regular_file, -EINVAL },
		{ zero_file, -EINVAL }, { misc_device, -EINVAL },
		{ path_only, -EBADF }, { no_file, -EBADF },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = files[i].open();

		EXPECT_MAP_REFUSED(files[i].result, map->memory_fd = fd);
		close(fd);
		EXPECT_MAP_REFUSED(-EBADF, map->memory_fd = fd);
	}
	EXPECT_MAP_REFUSED(-EBADF, map->memory_fd = INT32_MAX);
	EXPECT_MAP_REFUSED(-EBADF, map->memory_fd = INT32_MIN);
}

/* A claim of a device is no memory: another one, or this one itself. */
TEST_F(request, claims_of_devices)
{
	SKIP_IF(self->skip);
	int other = soc_claim(nic_devs[0].node,
			      SOCASSIGN_DETACH | SOCASSIGN_SUBTREE);

	ASSERT_LE(0, other);
	remember(_metadata, self);
	EXPECT_MAP_REFUSED(-EINVAL, map->memory_fd = other);
	EXPECT_MAP_REFUSED(-EINVAL, map->memory_fd = self->bench.fd);
	close(other);
}

/* Which is what the log says, not that the file is too short. */
TEST_F(request, the_log_says_what_is_no_memory)
{
	SKIP_IF(self->skip);
	sleep(6);	/* the log is limited to 10 lines of a kind in 5 seconds */
	EXPECT_MAP_REFUSED(-EINVAL, map->memory_fd = self->log);
	EXPECT_EQ(1, kmsg_count(self->log, DMA_BENCH_NODE,
				"neither a memory object nor a partition"));
	/* The claim itself has registers; but these are no portal's. */
	EXPECT_MAP_REFUSED(-EINVAL, map->memory_fd = self->bench.fd);
	EXPECT_EQ(1, kmsg_count(self->log, DMA_BENCH_NODE,
				"made to be cached"));
}

TEST_F(request, memory_for_reading_only)
{
	SKIP_IF(self->skip);
	int memory = soc_memory(self->bench.fd, self->bench.mem,
				DMA_BENCH_BYTES, 0);

	ASSERT_LE(0, memory);
	EXPECT_MAP_REFUSED(-EACCES, map->memory_fd = memory);
	EXPECT_MAP_REFUSED(-EACCES, map->memory_fd = memory;
			   map->flags = SOCASSIGN_DMA_WRITE);
	EXPECT_MAP_REFUSED(-EACCES, map->memory_fd = memory; map->index = 0;
			   map->flags = DMA_RW | SOCASSIGN_DMA_REPLACE);
	struct socassign_dma_map map = good_map(self);

	map.memory_fd = memory;
	map.flags = SOCASSIGN_DMA_READ;
	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
	close(memory);
}

/* An unused one of all pages that does not follow @before in memory; -1: none. */
static int page_elsewhere(const char *all, bool *used, uint64_t before)
{
	for (int i = 0; i < FILE_PAGES; i++)
		if (!used[i] && physical_address(all + i * PAGE) !=
				before + PAGE)
			return i;
	return -1;
}

/* Neighbours in the address space that are none in memory. */
static char *scattered_pages(int pages)
{
	const int prot = PROT_READ | PROT_WRITE;
	int fd = memfd_create("dma_abi", MFD_CLOEXEC);
	char *mem = mmap(NULL, pages * PAGE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *all;
	bool used[FILE_PAGES] = {};
	uint64_t before = 0;

	if (fd < 0 || mem == MAP_FAILED || ftruncate(fd, FILE_PAGES * PAGE))
		return NULL;
	all = mmap(NULL, FILE_PAGES * PAGE, prot, MAP_SHARED | MAP_POPULATE, fd,
		   0);
	for (int i = 0; i < pages && all != MAP_FAILED; i++) {
		int page = page_elsewhere(all, used, before);

		if (page < 0 || mmap(mem + i * PAGE, PAGE, prot,
				     MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd,
				     page * PAGE) == MAP_FAILED)
			return NULL;
		used[page] = true;
		before = physical_address(mem + i * PAGE);
	}
	munmap(all, FILE_PAGES * PAGE);
	close(fd);
	return mem;
}

TEST_F(request, scattered_memory)
{
	SKIP_IF(self->skip);
	char *mem = scattered_pages(4);
	int memory;

	ASSERT_TRUE(!!mem);
	memory = soc_memory(self->bench.fd, mem, 4 * PAGE,
			    SOCASSIGN_MEMORY_WRITE);
	ASSERT_LE(0, memory);
	EXPECT_MAP_REFUSED(-ERANGE, map->memory_fd = memory;
			   map->length = 2 * PAGE);
	EXPECT_TRUE(was_told(DMA_BENCH_NODE, "0x1000"));
	EXPECT_LE(1, kmsg_count_said(self->log, soc_reason()));
	EXPECT_MAP_REFUSED(-ERANGE, map->memory_fd = memory;
			   map->offset = 2 * PAGE; map->length = 2 * PAGE);
	EXPECT_TRUE(was_told(DMA_BENCH_NODE, "0x3000"));
	EXPECT_LE(1, kmsg_count_said(self->log, soc_reason()));
	EXPECT_MAP_REFUSED(-ERANGE, map->memory_fd = memory;
			   map->length = 4 * PAGE);
	EXPECT_MAP_REFUSED(-ERANGE, map->memory_fd = memory; map->index = 0;
			   map->flags = DMA_RW | SOCASSIGN_DMA_REPLACE;
			   map->length = 4 * PAGE);
	close(memory);
}

/* Where written data goes, and operations */

TEST_F(request, stashing)
{
	SKIP_IF(self->skip);
	EXPECT_MAP_REFUSED(-EINVAL, map->stash_level = 4);
	EXPECT_MAP_REFUSED(-EINVAL, map->stash_level = UINT32_MAX);
	EXPECT_MAP_REFUSED(-EINVAL, map->stash_cpu = 1);
	EXPECT_MAP_REFUSED(-EINVAL, map->stash_level = 3; map->stash_cpu = 1);
	EXPECT_MAP_REFUSED(-EINVAL, map->stash_level = 1; map->stash_cpu = 64);
	EXPECT_MAP_REFUSED(-EINVAL, map->stash_level = 2;
			   map->stash_cpu = UINT32_MAX);
}

TEST_F(request, operations)
{
	SKIP_IF(self->skip);
	EXPECT_MAP_REFUSED(-EINVAL, map->operation = 5);
	EXPECT_MAP_REFUSED(-EINVAL, map->operation = UINT32_MAX);
	/* It may turn reads into something else. */
	for (__u32 operation = 1; operation <= 4; operation++)
		EXPECT_MAP_REFUSED(-EINVAL, map->operation = operation;
				   map->flags = SOCASSIGN_DMA_READ);
}

/* Sets of windows */

/* Of the first identity's geometry: one window and no subwindows. */
static void start_anew(struct __test_metadata *_metadata,
		       FIXTURE_DATA(request) *self)
{
	ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
}

/* More subwindows than there are: the reason says which window wants them. */
static void check_no_space(struct __test_metadata *_metadata,
			   FIXTURE_DATA(request) *self, __u64 iova,
			   __u64 length, __u64 offset, const char *rule)
{
	remember(_metadata, self);
	EXPECT_REFUSED(-ENOSPC, dma_bench_map(&self->bench, 0, iova, length,
					      offset));
	EXPECT_TRUE(was_told(DMA_BENCH_NODE, rule))
		TH_LOG("\"%s\", not \"%s\"", soc_reason(), rule);
}

TEST_F(request, too_many_windows)
{
	SKIP_IF(self->skip);
	const __u32 max = self->was[0].out_max_windows;

	start_anew(_metadata, self);
	for (__u32 i = 0; i < max; i++)
		ASSERT_EQ(0, dma_bench_map(&self->bench, 0, i * PAGE, PAGE, 0));
	if (variant->enabled)
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	check_no_space(_metadata, self, max * PAGE, PAGE, 0, "windows");
}

/* A page, and another one so far away that the pages in between are too many. */
TEST_F(request, too_far_apart)
{
	SKIP_IF(self->skip);
	const __u64 max = self->was[0].out_max_windows;

	start_anew(_metadata, self);
	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, PAGE, PAGE, 0));
	if (variant->enabled)
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	check_no_space(_metadata, self, max * PAGE, PAGE, 0, "subwindow");
	check_no_space(_metadata, self, SPACE - PAGE, PAGE, 0, "subwindow");
}

/* 12 KiB at the end: neither a subwindow nor a part of one. */
TEST_F(request, ends_in_no_power_of_two)
{
	SKIP_IF(self->skip);
	const __u64 max = self->was[0].out_max_windows;

	start_anew(_metadata, self);
	check_no_space(_metadata, self, 0, max * 2 * PAGE + 3 * PAGE, 0,
		       "power of two");
}

/* The same sizes fit where there are enough subwindows. */
TEST_F(request, no_power_of_two_that_fits)
{
	SKIP_IF(self->skip);
	static const __u64 sizes[] = {
		3 * PAGE, 5 * PAGE, 7 * PAGE, MIB + PAGE, MIB + 3 * PAGE,
		3 * MIB, 3 * MIB + 512 * KIB,
	};
	struct socassign_dma dma;

	start_anew(_metadata, self);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		EXPECT_EQ(0, dma_bench_map(&self->bench, 0, 0, sizes[i], 0));
		ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
		EXPECT_EQ(1, dma.out_num_windows);
		EXPECT_LE(2, dma.out_num_subwindows);
		EXPECT_LE(sizes[i], dma.out_bytes);
		EXPECT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
	}
}

/* The address of the memory has fewer zeros at its end than the window's. */
TEST_F(request, physical_alignment)
{
	SKIP_IF(self->skip);
	const __u64 max = self->was[0].out_max_windows;

	start_anew(_metadata, self);
	check_no_space(_metadata, self, 0, 2 * max * PAGE, PAGE, "physical");
	/* With twice the alignment there are just enough. */
	EXPECT_EQ(0, dma_bench_map(&self->bench, 0, 0, 2 * max * PAGE,
				   2 * PAGE));
}

/* What is enabled keeps its geometry. */
TEST_F(request, another_geometry)
{
	SKIP_IF(self->skip);
	const __u32 replace = DMA_RW | SOCASSIGN_DMA_REPLACE;
	const int result = variant->enabled ? -EBUSY : 0;

	if (!variant->enabled) {
		/* Beside it; finer; other memory for it. */
		EXPECT_EQ(0, dma_bench_map(&self->bench, 0, BASE + LENGTH,
					   LENGTH, 0));
		return;
	}
	EXPECT_MAP_REFUSED(result, map->index = 0; map->iova = BASE + LENGTH);
	EXPECT_MAP_REFUSED(result, map->index = 0; map->iova = BASE - LENGTH);
	EXPECT_MAP_REFUSED(result, map->index = 0; map->iova = 0;
			   map->length = 4 * LENGTH);
	EXPECT_MAP_REFUSED(result, map->index = 0; map->iova = 0);
	EXPECT_MAP_REFUSED(result, map->index = 0; map->flags = replace;
			   map->offset = LENGTH / 2);
	/* It is as it was: what fits is taken. */
	struct socassign_dma_map map = good_map(self);

	map.index = 0;
	map.flags = replace;
	map.offset = LENGTH;
	EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
}

/* Enabling */

static int control(int fd, __u32 flags)
{
	struct socassign_dma_control cmd = {
		.size = sizeof(cmd), .flags = flags,
	};

	return soc_ioctl(fd, SOCASSIGN_DMA_CONTROL, &cmd);
}

TEST_F(request, control_flags)
{
	SKIP_IF(self->skip);
	EXPECT_REFUSED(-EINVAL, control(self->bench.fd, 0));
	EXPECT_REFUSED(-EINVAL, control(self->bench.fd,
					SOCASSIGN_DMA_ENABLE |
					SOCASSIGN_DMA_DISABLE));
}

TEST_F(request, enable_without_windows)
{
	SKIP_IF(self->skip);
	EXPECT_REFUSED(-ENXIO, soc_dma_enable(self->bench.fd, 1));
	/* The last one went. */
	ASSERT_EQ(0, dma_bench_map(&self->bench, 1, BASE, LENGTH, 0));
	ASSERT_EQ(0, soc_dma_unmap(self->bench.fd, 1, BASE, LENGTH));
	EXPECT_REFUSED(-ENXIO, soc_dma_enable(self->bench.fd, 1));
}

TEST_F(request, twice)
{
	SKIP_IF(self->skip);
	if (variant->enabled)
		EXPECT_REFUSED(0, soc_dma_enable(self->bench.fd, 0));
	else
		EXPECT_REFUSED(0, soc_dma_disable(self->bench.fd, 0));
	EXPECT_REFUSED(0, soc_dma_disable(self->bench.fd, 1));
}

/* What a claim says of its identities */

TEST_F(request, descriptions)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};

	ASSERT_EQ(0, soc_info(self->bench.fd, &info));
	EXPECT_EQ(DMA_BENCH_IDS, info.out_num_dmas);
	EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
	for (__u32 i = 0; i < DMA_BENCH_IDS; i++) {
		const struct socassign_dma *dma = &self->was[i];

		EXPECT_EQ(0, dma->out_node);
		EXPECT_EQ(i, dma->out_entry);
		EXPECT_EQ(dma_bench_liodns[i], dma->out_liodn);
		EXPECT_EQ(2u << self->bench.pamu.tables.max_wce,
			  dma->out_max_windows);
		EXPECT_EQ(1u << 1 | 1u << 2 | 1u << 3, dma->out_stash_levels);
		EXPECT_EQ(PAGE, dma->out_granule);
		EXPECT_EQ(SPACE, dma->out_limit);
	}
	EXPECT_EQ(variant->enabled ? SOCASSIGN_DMA_ENABLED : 0,
		  self->was[0].out_flags);
	EXPECT_EQ(1, self->was[0].out_num_windows);
	EXPECT_EQ(1, self->was[0].out_num_subwindows);
	EXPECT_EQ(BASE, self->was[0].out_base);
	EXPECT_EQ(LENGTH, self->was[0].out_bytes);
	EXPECT_EQ(0, self->was[1].out_flags);
	EXPECT_EQ(0, self->was[1].out_num_windows);
	EXPECT_EQ(0, self->was[1].out_num_subwindows);
	EXPECT_EQ(0, self->was[1].out_base);
	EXPECT_EQ(0, self->was[1].out_bytes);
}

TEST_HARNESS_MAIN
