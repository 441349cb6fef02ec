// SPDX-License-Identifier: GPL-2.0
/*
 * Memory behind an IOMMU with page tables: large pages where the memory has such, and
 * who is charged for it; and a stream that two devices have.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/dma.h"
#include "lib/edge.h"
#include "lib/edu.h"
#include "lib/procsum.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define PAGE		4096UL
#define HUGE		(2UL << 20)
#define NUM_HUGE	32
#define SIZE		(NUM_HUGE * HUGE)
#define IOVA		0x40000000ULL
#define DEVICE		0xd5

FIXTURE(memory) {
	const char *skip;
	struct edu edu;
	uint8_t *mem;
	size_t size;		/* of it, 0 if there is none */
	int memory;
	struct sysfs_device dev;
};

FIXTURE_SETUP(memory)
{
	*self = (FIXTURE_DATA(memory)) { .edu.fd = -1, .memory = -1 };
	self->skip = edu_missing();
	if (self->skip)
		return;
	/* 7.3 calls a fault an error of the SMMU's, in several lines. */
	expect_in_log("arm-smmu-v3 ");
	ASSERT_EQ(0, edu_with_host(&self->dev));
	ASSERT_EQ(0, edu_open(&self->edu, SOCASSIGN_DETACH));
}

FIXTURE_TEARDOWN(memory)
{
	if (self->skip)
		return;
	edu_close(&self->edu);
	close(self->memory);
	if (self->size)
		munmap(self->mem, self->size);
	EXPECT_EQ(0, edu_with_host(&self->dev));
}

static int map(FIXTURE_DATA(memory) *self, uint64_t iova, size_t length)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = self->memory, .iova = iova,
		.length = length,
	};

	return soc_dma_map(self->edu.fd, &map);
}

static int pin(FIXTURE_DATA(memory) *self)
{
	self->memory = soc_memory(self->edu.fd, self->mem, self->size,
				  SOCASSIGN_MEMORY_WRITE);
	return self->memory < 0 ? self->memory : 0;
}

/* Pages of page tables; what each CPU has counted for itself is added up first. */
static long table_pages(void)
{
	char nothing;
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY | O_CLOEXEC);

	if (read(fd, &nothing, 1) < 0)
		return -1;
	close(fd);
	return procsum("/proc/vmstat", "nr_iommu_pages");
}

/* How many more there are with all of the memory open, at an address like its own. */
static long pages_taken(FIXTURE_DATA(memory) *self)
{
	long before = table_pages();

	if (map(self, IOVA, self->size) || soc_dma_enable(self->edu.fd, 0))
		return -1;
	return table_pages() - before;
}

/* The device reaches the first and the last of it. */
static void check_ends(struct __test_metadata *_metadata,
		       FIXTURE_DATA(memory) *self)
{
	const size_t last = self->size - 64;

	memset(self->mem, DEVICE, 64);
	memset(self->mem + last, 0, 64);
	ASSERT_EQ(0, edu_read(&self->edu, IOVA, 0, 64));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + last, 0, 64));
	EXPECT_EQ(0, memcmp(self->mem, self->mem + last, 64));
}

/* From 6.11 on the kernel counts: not one page of a table for each huge page. */
TEST_F_TIMEOUT(memory, of_huge_pages_takes_few_tables, 120)
{
	SKIP_IF(self->skip);
	long taken;

	self->mem = huge_alloc(SIZE, HUGE);
	if (!self->mem)
		SKIP(return, "no huge pages");
	self->size = SIZE;
	memset(self->mem, 0, SIZE);
	ASSERT_EQ(0, pin(self));
	taken = pages_taken(self);
	ASSERT_LE(0, taken);
	check_ends(_metadata, self);
	if (table_pages() > 0)
		EXPECT_GT(NUM_HUGE / 2, taken);
	TH_LOG("%ld pages of tables", taken);
}

/* What the one above would be, were it not for the size. */
TEST_F_TIMEOUT(memory, of_small_pages_takes_many, 120)
{
	SKIP_IF(self->skip);
	long taken;

	self->mem = anonymous(SIZE, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->mem);
	self->size = SIZE;
	/* Where the kernel can, it would make them huge. */
	madvise(self->mem, SIZE, MADV_NOHUGEPAGE);
	/* Backwards: it shall not be contiguous. */
	for (size_t i = SIZE / PAGE; i--;)
		self->mem[i * PAGE] = 0;
	ASSERT_EQ(0, pin(self));
	taken = pages_taken(self);
	ASSERT_LE(0, taken);
	check_ends(_metadata, self);
	if (table_pages() > 0)
		EXPECT_LE(NUM_HUGE, taken);
	TH_LOG("%ld pages of tables", taken);
}

/* What somebody does who has the claim; by the number of what went wrong. */
static int reach_limit(void *arg)
{
	FIXTURE_DATA(memory) *self = arg;
	const struct rlimit limit = { self->size, self->size };

	if (setrlimit(RLIMIT_MEMLOCK, &limit) || pin(self))
		return 1;
	/* However often it is mapped. */
	for (int i = 0; i < 4; i++)
		if (map(self, IOVA + i * self->size, self->size))
			return 2;
	if (soc_dma_enable(self->edu.fd, 0))
		return 3;
	if (soc_memory(self->edu.fd, self->mem, PAGE, 0) != -ENOMEM)
		return 4;
	/* And for as long as it is. */
	close(self->memory);
	if (soc_memory(self->edu.fd, self->mem, PAGE, 0) != -ENOMEM)
		return 5;
	if (soc_dma_unmap_all(self->edu.fd, 0))
		return 6;
	return soc_memory(self->edu.fd, self->mem, PAGE, 0) < 0 ? 7 : 0;
}

TEST_F(memory, is_charged_for_once)
{
	SKIP_IF(self->skip);

	self->mem = anonymous(16 * PAGE, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->mem);
	self->size = 16 * PAGE;
	memset(self->mem, 0, self->size);
	EXPECT_EQ(0, who_does(who_without_ipc_lock, reach_limit, self));
}

/* What the IOMMU takes for one device cannot be two claims'. */
TEST_F(memory, is_not_for_a_twin)
{
	SKIP_IF(self->skip);

	edu_expect_twin();
	EXPECT_EQ(-EOPNOTSUPP, soc_claim(EDU_TWIN, 0));
	EXPECT_NE(NULL, strstr(soc_reason(), EDU_TWIN));
	EXPECT_NE(NULL, strstr(soc_reason(),
			       "the kernel has not put it behind its IOMMU"));
	/* Nor has it done harm. */
	self->mem = anonymous(PAGE, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->mem);
	self->size = PAGE;
	memset(self->mem, 0, PAGE);
	ASSERT_EQ(0, pin(self));
	ASSERT_EQ(0, map(self, IOVA, PAGE));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	check_ends(_metadata, self);
}

TEST_HARNESS_MAIN
