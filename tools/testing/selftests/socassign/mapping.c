// SPDX-License-Identifier: GPL-2.0
/*
 * Large mappings: that a fault, or PREFAULT, enters many pages at a time, huge ones
 * where the kernel has them, that they are the right ones, and that a revoke
 * takes them all away.
 *
 * A region of a board's that is large; reading it is harmless.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/devtree.h"
#include "lib/hugepages.h"
#include "lib/procsum.h"
#include "lib/sysfs.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define MIB		((size_t)1 << 20)
#define BLOCK		(2 * MIB)	/* what a page table maps, on these boards */
#define LENGTH		(32 * MIB)

static const struct large {
	const char *node;
	__u32 region;
} larges[] = {
	{ .node = "/flash@0" },		/* of QEMU's arm64 board, at 0 */
	{ .node = "/pci@fe0009000", .region = 1 },
};

static const struct large *board_large(void)
{
	dt_load();
	return &larges[!dt_find(larges[0].node)];
}

FIXTURE(mapping)
{
	int fd;
	struct socassign_region region;
	bool bound;
	struct sysfs_device dev;
	char *area;		/* room for it at any offset */
	char *map;		/* aligned as the region is: to a block */
};

static char *map_at(FIXTURE_DATA(mapping) *self, char *addr, size_t length)
{
	return mmap(addr, length, PROT_READ, MAP_SHARED | MAP_FIXED, self->fd,
		    self->region.out_cookie);
}

FIXTURE_SETUP(mapping)
{
	const struct large *large = board_large();

	/* If the board makes a device of it, it can be revoked. */
	self->bound = !sysfs_find(large->node, &self->dev) &&
		      !sysfs_move(&self->dev, "socassign");
	self->fd = soc_claim(large->node, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, large->region, &self->region));
	ASSERT_LE(LENGTH, self->region.out_bytes);
	self->area = mmap(NULL, LENGTH + 2 * BLOCK, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_TRUE(self->area != MAP_FAILED);
	self->map = (char *)(((uintptr_t)self->area + BLOCK - 1) & -BLOCK);
	ASSERT_TRUE(map_at(self, self->map, LENGTH) == self->map);
}

FIXTURE_TEARDOWN(mapping)
{
	munmap(self->area, LENGTH + 2 * BLOCK);
	close(self->fd);
	if (self->bound)
		EXPECT_EQ(0, sysfs_move(&self->dev, ""));
}

static void touch(const char *mem, size_t length)
{
	for (size_t at = 0; at < length; at += PAGE)
		(void)*(const volatile char *)(mem + at);
}

/* Page faults that it takes to read all of it. */
static long faults_of_touch(const char *mem, size_t length)
{
	struct rusage before, after;

	getrusage(RUSAGE_THREAD, &before);
	touch(mem, length);
	getrusage(RUSAGE_THREAD, &after);
	return after.ru_minflt - before.ru_minflt;
}

/* What the page tables of this process take, in KiB. */
static long page_tables(void)
{
	return procsum("/proc/self/status", "VmPTE:");
}

TEST_F(mapping, one_fault_a_block)
{
	/* What is the compiler's, or the library's, is there the second time. */
	faults_of_touch(self->map, PAGE);
	EXPECT_LE((long)(LENGTH / BLOCK) - 1,
		  faults_of_touch(self->map, LENGTH));
	EXPECT_EQ(0, faults_of_touch(self->map, LENGTH));
	/* A block more, since none of them is whole. */
	ASSERT_TRUE(map_at(self, self->map + PAGE, LENGTH) == self->map + PAGE);
	EXPECT_GE((long)(LENGTH / BLOCK) + 1,
		  faults_of_touch(self->map + PAGE, LENGTH));
	EXPECT_EQ(0, faults_of_touch(self->map + PAGE, LENGTH));
}

/* These need no page table. */
TEST_F(mapping, huge_pages)
{
	SKIP_IF(hugepages_missing());
	long before;

	touch(self->map, PAGE);
	before = page_tables();
	touch(self->map, LENGTH);
	EXPECT_GE(before + 4, page_tables());
	munmap(self->map, LENGTH);
	ASSERT_TRUE(map_at(self, self->map, LENGTH) == self->map);
	EXPECT_EQ(0, soc_prefault(self->fd, self->map, LENGTH));
	EXPECT_GE(before + 4, page_tables());
	EXPECT_EQ(0, faults_of_touch(self->map, LENGTH));
}

/* Whoever asks for no address gets one that huge pages can have. */
TEST_F(mapping, address_is_aligned)
{
	SKIP_IF(hugepages_missing());
	const size_t offsets[] = { 0, PAGE, MIB, 3 * MIB + 5 * PAGE };

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		char *map = mmap(NULL, 4 * BLOCK, PROT_READ, MAP_SHARED,
				 self->fd, self->region.out_cookie + offsets[i]);

		ASSERT_TRUE(map != MAP_FAILED);
		EXPECT_EQ(offsets[i] % BLOCK, (uintptr_t)map % BLOCK);
		munmap(map, 4 * BLOCK);
	}
}

TEST_F(mapping, prefault)
{
	EXPECT_EQ(0, soc_prefault(self->fd, self->map + PAGE, LENGTH - PAGE));
	EXPECT_GE(1, faults_of_touch(self->map, LENGTH));
	EXPECT_EQ(0, soc_prefault(self->fd, self->map, LENGTH));
	EXPECT_EQ(0, soc_prefault(self->fd, self->map, LENGTH));
}

/* Blocks that are half there: moved by half a block, or with a hole. */
TEST_F(mapping, prefault_of_half_a_block)
{
	char *moved = self->map + BLOCK / 2;
	char *aside = mmap(NULL, 2 * BLOCK, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_TRUE(aside != MAP_FAILED);
	munmap(self->map + 2 * BLOCK, LENGTH - 2 * BLOCK);
	/* Not aligned, so of small pages. */
	ASSERT_TRUE(map_at(self, self->map + PAGE, BLOCK) == self->map + PAGE);
	touch(self->map + PAGE, PAGE);
	ASSERT_TRUE(mremap(self->map + PAGE, BLOCK, BLOCK,
			   MREMAP_MAYMOVE | MREMAP_FIXED, aside) == aside);
	ASSERT_TRUE(mremap(aside, BLOCK, BLOCK, MREMAP_MAYMOVE | MREMAP_FIXED,
			   moved) == moved);
	EXPECT_EQ(0, soc_prefault(self->fd, moved, BLOCK));
	EXPECT_EQ(0, faults_of_touch(moved, BLOCK));
	munmap(aside, 2 * BLOCK);
}

/* What is cut out of a huge page leaves the rest. */
TEST_F(mapping, splits)
{
	touch(self->map, LENGTH);
	ASSERT_EQ(0, munmap(self->map + BLOCK + 4 * PAGE, PAGE));
	touch(self->map, BLOCK + 4 * PAGE);
	touch(self->map + BLOCK + 5 * PAGE, LENGTH - BLOCK - 5 * PAGE);
	ASSERT_EQ(0, mprotect(self->map + 3 * BLOCK + PAGE, PAGE, PROT_NONE));
	touch(self->map + 2 * BLOCK, BLOCK + PAGE);
	touch(self->map + 3 * BLOCK + 2 * PAGE, BLOCK);
}

/* Threads that come to the same blocks at the same time. */
struct toucher {
	pthread_t thread;
	pthread_barrier_t *start;
	const char *mem;
	size_t first;
};

static void *touch_from(void *data)
{
	const struct toucher *toucher = data;

	pthread_barrier_wait(toucher->start);
	for (size_t at = 0; at < 4 * BLOCK; at += BLOCK)
		touch(toucher->mem + at + toucher->first, PAGE);
	return NULL;
}

static void touch_together(struct __test_metadata *_metadata, int fd,
			   const char *mem)
{
	struct toucher touchers[3];
	pthread_barrier_t start;

	pthread_barrier_init(&start, NULL, 4);
	for (int i = 0; i < 3; i++) {
		touchers[i] = (struct toucher) {
			.start = &start, .mem = mem, .first = i * 7 * PAGE,
		};
		ASSERT_EQ(0, pthread_create(&touchers[i].thread, NULL,
					    touch_from, &touchers[i]));
	}
	pthread_barrier_wait(&start);
	EXPECT_EQ(0, soc_prefault(fd, mem, 4 * BLOCK));
	EXPECT_EQ(0, faults_of_touch(mem + BLOCK, BLOCK));
	for (int i = 0; i < 3; i++)
		pthread_join(touchers[i].thread, NULL);
	pthread_barrier_destroy(&start);
}

TEST_F(mapping, threads)
{
	time_t end;

	for (int i = 0; again(i, 200, &end); i++) {
		/* With huge pages, and without. */
		char *map = self->map + i % 2 * PAGE;

		ASSERT_TRUE(map_at(self, map, 4 * BLOCK) == map);
		touch_together(_metadata, self->fd, map);
	}
}

/* Is there nothing to read in any page?  Each raises SIGBUS then. */
static sigjmp_buf on_bus_error;

static void handle_bus_error(int sig)
{
	siglongjmp(on_bus_error, 1);
}

static size_t readable(const char *mem, size_t length)
{
	struct sigaction action = { .sa_handler = handle_bus_error };
	volatile size_t at, count = 0;

	sigaction(SIGBUS, &action, NULL);
	for (at = 0; at < length; at += 128 * PAGE)
		if (!sigsetjmp(on_bus_error, 1)) {
			touch(mem + at, PAGE);
			count++;
		}
	return count;
}

/* A child with a copy of the mapping: how much of it is left for him? */
static pid_t start_reader(const char *mem, int go)
{
	pid_t pid = fork();
	char byte;

	if (!pid)
		_exit(read(go, &byte, 1) == 1 && !readable(mem, LENGTH) ? 0 : 1);
	return pid;
}

TEST_F(mapping, revoke)
{
	char *untouched, *moved;
	int go[2], status;
	pid_t reader;

	if (!self->bound)
		SKIP(return, "the device is made for the claim: nobody can unbind it");
	touch(self->map, LENGTH);
	untouched = mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, self->fd,
			 self->region.out_cookie);
	moved = mmap(NULL, 4 * BLOCK, PROT_READ, MAP_SHARED, self->fd,
		     self->region.out_cookie);
	ASSERT_TRUE(untouched != MAP_FAILED && moved != MAP_FAILED);
	ASSERT_EQ(0, soc_prefault(self->fd, moved, 4 * BLOCK));
	ASSERT_TRUE(mremap(moved, BLOCK + PAGE, BLOCK + PAGE,
			   MREMAP_MAYMOVE | MREMAP_FIXED,
			   self->map + BLOCK) == self->map + BLOCK);
	ASSERT_EQ(0, pipe(go));
	reader = start_reader(self->map, go[0]);
	ASSERT_LT(0, reader);
	ASSERT_NE(0, readable(self->map, LENGTH));

	ASSERT_EQ(0, sysfs_unbind(&self->dev));
	EXPECT_EQ(0, readable(self->map, LENGTH));
	EXPECT_EQ(0, readable(untouched, LENGTH));
	EXPECT_EQ(0, readable(moved + 2 * BLOCK, 2 * BLOCK));
	EXPECT_EQ(-ENODEV, soc_prefault(self->fd, untouched, LENGTH));
	EXPECT_EQ(0, readable(untouched, LENGTH));
	EXPECT_EQ(1, write(go[1], "x", 1));
	ASSERT_EQ(reader, waitpid(reader, &status, 0));
	EXPECT_EQ(0, status);
	close(go[0]);
	close(go[1]);
	munmap(untouched, LENGTH);
	munmap(moved + 2 * BLOCK, 2 * BLOCK);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
