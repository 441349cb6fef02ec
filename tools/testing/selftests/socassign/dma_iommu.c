// SPDX-License-Identifier: GPL-2.0
/*
 * Windows in the page tables of an IOMMU, seen by a bus master: which bytes it
 * reaches, when, and for whom.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/dma.h"
#include "lib/edge.h"
#include "lib/edu.h"
#include "lib/limit.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define PAGE		4096UL
#define PAGES		16
#define SIZE		(PAGES * PAGE)
#define IOVA		0x12340000ULL
#define HIGH_IOVA	0x10000000000ULL

/* What is in memory, and what the device writes there. */
#define SEED		1
#define DEVICE		0xd5

FIXTURE(iommu) {
	const char *skip;
	struct edu edu;
	uint8_t *mem;		/* shared with children */
	int memory;
	struct sysfs_device dev;
};

/* What the device has of its own, whoever it was: from memory of ours. */
static int arm(FIXTURE_DATA(iommu) *self)
{
	int ret;

	memset(self->mem, DEVICE, EDU_MEM);
	ret = edu_read(&self->edu, IOVA, 0, EDU_MEM);
	pattern_fill(self->mem, SIZE, SEED);
	return ret;
}

static int map_at(FIXTURE_DATA(iommu) *self, uint64_t iova, size_t first,
		  size_t pages, uint32_t flags)
{
	struct socassign_dma_map map = {
		.flags = flags, .memory_fd = self->memory,
		.offset = first * PAGE, .iova = iova, .length = pages * PAGE,
	};

	return soc_dma_map(self->edu.fd, &map);
}

static int map(FIXTURE_DATA(iommu) *self, size_t first, size_t pages,
	       uint32_t flags)
{
	return map_at(self, IOVA + first * PAGE, first, pages, flags);
}

/* Claimed, its own memory full of DEVICE; no windows, DMA disabled. */
static int up(FIXTURE_DATA(iommu) *self)
{
	int ret = edu_open(&self->edu, SOCASSIGN_DETACH);

	if (ret)
		return ret;
	self->memory = soc_memory(self->edu.fd, self->mem, SIZE,
				  SOCASSIGN_MEMORY_WRITE);
	if (self->memory < 0)
		return self->memory;
	ret = map(self, 0, 1, DMA_RW);
	if (!ret)
		ret = soc_dma_enable(self->edu.fd, 0);
	if (!ret)
		ret = arm(self);
	if (!ret)
		ret = soc_dma_disable(self->edu.fd, 0);
	return ret ? ret : soc_dma_unmap_all(self->edu.fd, 0);
}

FIXTURE_SETUP(iommu)
{
	*self = (FIXTURE_DATA(iommu)) { .edu.fd = -1, .memory = -1 };
	self->skip = edu_missing();
	if (self->skip)
		return;
	/* 7.3 calls a fault an error of the SMMU's, in several lines. */
	expect_in_log("arm-smmu-v3 ");
	ASSERT_EQ(0, edu_with_host(&self->dev));
	self->mem = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->mem);
	/* Backwards: it shall not be contiguous. */
	for (size_t i = PAGES; i--;)
		self->mem[i * PAGE] = 0;
	ASSERT_EQ(0, up(self)) TH_LOG("%s", soc_reason());
}

/*
 * Where the administrator was at it, it does not come back by itself; and not before
 * the work is done that ends the quarantine.
 */
static bool host_has_it(const struct sysfs_device *dev)
{
	return sysfs_bound_to(dev, EDU_DRIVER) || !sysfs_bind(dev, EDU_DRIVER);
}

FIXTURE_TEARDOWN(iommu)
{
	if (self->skip)
		return;
	edu_close(&self->edu);
	close(self->memory);
	munmap(self->mem, SIZE);
	edge_end_quarantine(EDU_NODE);
	EXPECT_TRUE(wait_until(host_has_it(&self->dev)));
}

/* Bytes [from, to) of memory are the device's, and all the others as they were. */
static bool only(FIXTURE_DATA(iommu) *self, size_t from, size_t to)
{
	uint8_t expected[SIZE];

	pattern_fill(expected, SIZE, SEED);
	memset(expected + from, DEVICE, to - from);
	return !memcmp(expected, self->mem, SIZE);
}

#define NONE	0, 0

static uint32_t nature(void)
{
	return SOCASSIGN_DMA_IOMMU |
	       (board_smmu_tells() ? 0 : SOCASSIGN_DMA_SILENT);
}

TEST_F(iommu, says_what_it_is)
{
	SKIP_IF(self->skip);
	struct socassign_dma dma = {};
	struct socassign_info info = {};

	ASSERT_EQ(0, soc_info(self->edu.fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
	ASSERT_EQ(1, info.out_num_dmas);
	ASSERT_EQ(0, soc_dma(self->edu.fd, 0, &dma));
	EXPECT_EQ(nature(), dma.out_flags);
	EXPECT_EQ(0, dma.out_liodn);
	EXPECT_EQ(0, dma.out_stash_levels);
	EXPECT_EQ(PAGE, dma.out_granule);
	EXPECT_LT(HIGH_IOVA, dma.out_limit);
	EXPECT_EQ(0, dma.out_num_windows);
	EXPECT_EQ(0, dma.out_num_subwindows);
}

TEST_F(iommu, refuses_what_it_cannot)
{
	SKIP_IF(self->skip);
	struct socassign_dma dma = {};
	struct socassign_dma_map odd = {
		.flags = DMA_RW, .memory_fd = self->memory, .iova = IOVA + 512,
		.length = PAGE,
	}, stash = {
		.flags = DMA_RW, .memory_fd = self->memory, .iova = IOVA,
		.length = PAGE, .stash_level = 3,
	};

	ASSERT_EQ(0, soc_dma(self->edu.fd, 0, &dma));
	EXPECT_EQ(-EINVAL, soc_dma_map(self->edu.fd, &odd));
	EXPECT_EQ(-EOPNOTSUPP, soc_dma_map(self->edu.fd, &stash));
	EXPECT_EQ(-EINVAL, map_at(self, dma.out_limit, 0, 1, DMA_RW));
	EXPECT_EQ(-EINVAL, map_at(self, dma.out_limit - PAGE, 0, 2, DMA_RW));
	EXPECT_EQ(0, map_at(self, dma.out_limit - PAGE, 0, 1, DMA_RW));
	EXPECT_EQ(0, map(self, 0, 2, DMA_RW));
	EXPECT_EQ(-EEXIST, map(self, 1, 1, DMA_RW));
}

/* Those are whole windows of the PAMU's; here they are pages. */
TEST_F(iommu, memory_is_where_it_is)
{
	SKIP_IF(self->skip);

	ASSERT_EQ(0, map(self, 0, PAGES, DMA_RW));
	ASSERT_EQ(0, map_at(self, HIGH_IOVA, 0, PAGES, SOCASSIGN_DMA_READ));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	for (size_t i = 0; i + 1 < PAGES; i++) {
		size_t at = (i + 1) * PAGE - 32;

		pattern_fill(self->mem, SIZE, SEED);
		ASSERT_EQ(0, edu_write(&self->edu, IOVA + at, 0, 64));
		EXPECT_TRUE(only(self, at, at + 64)) TH_LOG("page %zu", i);
	}
	/* And what it reads there is that memory's. */
	ASSERT_EQ(0, edu_read(&self->edu, HIGH_IOVA + PAGE, 0, EDU_MEM));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + 3 * PAGE, 0, EDU_MEM));
	EXPECT_EQ(0, memcmp(self->mem + PAGE, self->mem + 3 * PAGE, EDU_MEM));
}

/* What crosses the edge gets as far as that. */
TEST_F(iommu, ends_at_the_byte)
{
	SKIP_IF(self->skip);
	const size_t first = 4 * PAGE, last = 6 * PAGE;

	ASSERT_EQ(0, map(self, 4, 2, DMA_RW));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + last - 1, 0, 1));
	EXPECT_TRUE(only(self, last - 1, last));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + last - 16, 0, 32));
	EXPECT_TRUE(only(self, last - 16, last));
	pattern_fill(self->mem, SIZE, SEED);
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + first - 16, 0, 32));
	EXPECT_TRUE(only(self, first, first + 16));
	pattern_fill(self->mem, SIZE, SEED);
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + last, 0, 64));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + first - 64, 0, 64));
	ASSERT_EQ(0, edu_write(&self->edu, 0x40000000, 0, 64));
	EXPECT_TRUE(only(self, NONE));
}

TEST_F(iommu, read_only_is_not_written)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map write = {
		.flags = DMA_RW | SOCASSIGN_DMA_REPLACE,
		.memory_fd = self->memory, .iova = IOVA, .length = PAGE,
	};

	ASSERT_EQ(0, map(self, 0, 1, SOCASSIGN_DMA_READ));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
	EXPECT_TRUE(only(self, NONE));
	ASSERT_EQ(0, soc_dma_map(self->edu.fd, &write));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
	EXPECT_TRUE(only(self, 0, 64));
}

/* While DMA is enabled: another window's, the same place's, and none any more. */
TEST_F(iommu, changes_while_it_is_open)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map other = {
		.flags = DMA_RW | SOCASSIGN_DMA_REPLACE,
		.memory_fd = self->memory, .iova = IOVA, .length = PAGE,
		.offset = 7 * PAGE,
	};

	ASSERT_EQ(0, map(self, 0, 1, DMA_RW));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	ASSERT_EQ(0, map(self, 5, 1, DMA_RW));
	ASSERT_EQ(0, map(self, 9, 1, DMA_RW));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + 5 * PAGE, 0, 8));
	EXPECT_TRUE(only(self, 5 * PAGE, 5 * PAGE + 8));
	ASSERT_EQ(0, soc_dma_map(self->edu.fd, &other));
	pattern_fill(self->mem, SIZE, SEED);
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 8));
	EXPECT_TRUE(only(self, 7 * PAGE, 7 * PAGE + 8));
	pattern_fill(self->mem, SIZE, SEED);
	ASSERT_EQ(0, soc_dma_unmap(self->edu.fd, 0, IOVA, PAGE));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 8));
	EXPECT_TRUE(only(self, NONE));
	/* The last one took the place of the first. */
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + 9 * PAGE, 0, 8));
	EXPECT_TRUE(only(self, 9 * PAGE, 9 * PAGE + 8));
	pattern_fill(self->mem, SIZE, SEED);
	ASSERT_EQ(0, soc_dma_unmap_all(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + 5 * PAGE, 0, 8));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + 9 * PAGE, 0, 8));
	EXPECT_TRUE(only(self, NONE));
}

TEST_F(iommu, is_blocked_unless_enabled)
{
	SKIP_IF(self->skip);

	ASSERT_EQ(0, map(self, 0, PAGES, DMA_RW));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
	EXPECT_TRUE(only(self, NONE));
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
		ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
		EXPECT_TRUE(only(self, 0, 64));
		ASSERT_EQ(0, soc_dma_disable(self->edu.fd, 0));
		pattern_fill(self->mem, SIZE, SEED);
		ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
		EXPECT_TRUE(only(self, NONE));
	}
}

static void expect_none(struct __test_metadata *_metadata,
			FIXTURE_DATA(iommu) *self)
{
	struct socassign_get_event event = {};

	EXPECT_FALSE(wait_ms(SETTLE_MS, !soc_get_event(self->edu.fd, &event)));
}

/*
 * The first of what an access leaves; the SMMU may take that for several.  The event
 * comes from a thread.
 */
static void expect_fault(struct __test_metadata *_metadata,
			 FIXTURE_DATA(iommu) *self, uint32_t fault,
			 uint64_t address, uint32_t how)
{
	struct socassign_get_event event = {}, more = {};

	if (!board_smmu_tells()) {
		expect_none(_metadata, self);
		return;
	}
	ASSERT_TRUE(wait_until(!soc_get_event(self->edu.fd, &event)));
	EXPECT_EQ(SOCASSIGN_EVENT_DMA_FAULT, event.out_type);
	EXPECT_EQ(0, event.out_index);
	EXPECT_EQ(fault, event.out_fault);
	EXPECT_EQ(address, event.out_address);
	EXPECT_EQ(how, event.out_flags);
	while (wait_ms(SETTLE_MS, !soc_get_event(self->edu.fd, &more)))
		EXPECT_EQ(fault, more.out_fault);
}

TEST_F_TIMEOUT(iommu, tells_of_faults, 60)
{
	SKIP_IF(self->skip);
	const uint64_t outside = IOVA + 5 * PAGE, last = outside - PAGE;

	ASSERT_EQ(0, map(self, 0, 4, DMA_RW));
	ASSERT_EQ(0, map(self, 4, 1, SOCASSIGN_DMA_READ));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, outside, 0, 4));
	expect_fault(_metadata, self, SOCASSIGN_FAULT_OUTSIDE, outside,
		     SOCASSIGN_EVENT_WRITE);
	ASSERT_EQ(0, edu_read(&self->edu, outside, 0, 4));
	expect_fault(_metadata, self, SOCASSIGN_FAULT_OUTSIDE, outside,
		     SOCASSIGN_EVENT_READ);
	ASSERT_EQ(0, edu_write(&self->edu, last, 0, 4));
	expect_fault(_metadata, self, SOCASSIGN_FAULT_PERMISSION, last,
		     SOCASSIGN_EVENT_WRITE);
	/* What is there is known of the windows of now. */
	ASSERT_EQ(0, soc_dma_unmap(self->edu.fd, 0, last, PAGE));
	ASSERT_EQ(0, edu_read(&self->edu, last, 0, 4));
	expect_fault(_metadata, self, SOCASSIGN_FAULT_OUTSIDE, last,
		     SOCASSIGN_EVENT_READ);
	ASSERT_EQ(0, soc_dma_disable(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 4));
	if (board_smmu_tells_while_blocked())
		expect_fault(_metadata, self, SOCASSIGN_FAULT_DISABLED, IOVA,
			     SOCASSIGN_EVENT_WRITE);
	else
		expect_none(_metadata, self);
	EXPECT_TRUE(only(self, NONE));
}

/* The next owner hears of his own faults only, and the one who is gone of none. */
TEST_F_TIMEOUT(iommu, tells_nobody_else, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event = {};

	edu_start_write(&self->edu, IOVA, 0, 4);
	edu_close(&self->edu);
	usleep(EDU_LATER * 1000);
	ASSERT_EQ(0, edu_open(&self->edu, 0));
	EXPECT_EQ(-EAGAIN, soc_get_event(self->edu.fd, &event));
	ASSERT_EQ(0, map(self, 0, 1, DMA_RW));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + PAGE, 0, 4));
	expect_fault(_metadata, self, SOCASSIGN_FAULT_OUTSIDE, IOVA + PAGE,
		     SOCASSIGN_EVENT_WRITE);
}

/* Told to write, and then the owner is gone, in the moment before it does. */
static int open_and_start(FIXTURE_DATA(iommu) *self)
{
	int ret = map(self, 0, PAGES, DMA_RW);

	if (!ret)
		ret = soc_dma_enable(self->edu.fd, 0);
	if (!ret)
		edu_start_write(&self->edu, IOVA, 0, EDU_MEM);
	return ret;
}

static void lose_nothing(FIXTURE_DATA(iommu) *self)
{
	open_and_start(self);
}

static void lose_by_close(FIXTURE_DATA(iommu) *self)
{
	if (!open_and_start(self))
		edu_close(&self->edu);
}

/* The last descriptor, and the last mapping, are the child's. */
static void lose_by_kill(FIXTURE_DATA(iommu) *self)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return;
	pid = fork();
	if (!pid) {
		if (read(ready[0], &byte, 1) == 1 && !open_and_start(self))
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	edu_close(&self->edu);
	if (write(ready[1], "x", 1) != 1)
		kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ready[0]);
	close(ready[1]);
}

static void lose_by_unbind(FIXTURE_DATA(iommu) *self)
{
	if (!open_and_start(self))
		sysfs_unbind(&self->dev);
}

static void check_lost(struct __test_metadata *_metadata,
		       FIXTURE_DATA(iommu) *self,
		       void (*lose)(FIXTURE_DATA(iommu) *self), bool is_lost)
{
	lose(self);
	usleep(EDU_LATER * 1000);
	EXPECT_EQ(!is_lost, only(self, 0, EDU_MEM));
	EXPECT_EQ(is_lost, only(self, NONE));
}

TEST_F(iommu, writes_for_its_owner)
{
	SKIP_IF(self->skip);
	check_lost(_metadata, self, lose_nothing, false);
}

TEST_F(iommu, does_not_write_after_a_close)
{
	SKIP_IF(self->skip);
	check_lost(_metadata, self, lose_by_close, true);
}

TEST_F(iommu, does_not_write_after_a_kill)
{
	SKIP_IF(self->skip);
	check_lost(_metadata, self, lose_by_kill, true);
}

TEST_F(iommu, does_not_write_after_an_unbind)
{
	SKIP_IF(self->skip);
	check_lost(_metadata, self, lose_by_unbind, true);
}

/* Nobody has reset it: the group is no driver's of the host's, not even by hand. */
TEST_F(iommu, comes_back_when_somebody_says_so)
{
	SKIP_IF(self->skip);

	edu_close(&self->edu);
	ASSERT_TRUE(sysfs_bound_to(&self->dev, "socassign"));
	ASSERT_EQ(0, sysfs_unbind(&self->dev));
	EXPECT_NE(0, sysfs_bind(&self->dev, EDU_DRIVER));
	EXPECT_FALSE(sysfs_bound_to(&self->dev, EDU_DRIVER));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	EXPECT_TRUE(wait_until(host_has_it(&self->dev)));
}

TEST_F(iommu, comes_back_to_its_driver)
{
	SKIP_IF(self->skip);

	edu_close(&self->edu);
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, EDU_DRIVER));
}

/* Nor does the next owner find anything open. */
TEST_F(iommu, next_owner_starts_from_nothing)
{
	SKIP_IF(self->skip);
	struct socassign_dma dma = {};

	ASSERT_EQ(0, map(self, 0, PAGES, DMA_RW));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	edu_close(&self->edu);
	ASSERT_EQ(0, edu_open(&self->edu, 0));
	ASSERT_EQ(0, soc_dma(self->edu.fd, 0, &dma));
	EXPECT_EQ(nature() | SOCASSIGN_DMA_STALE, dma.out_flags);
	EXPECT_EQ(0, dma.out_num_windows);
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
	EXPECT_TRUE(only(self, NONE));
	/* What the one before had open is not open again. */
	ASSERT_EQ(0, map(self, 8, 1, DMA_RW));
	ASSERT_EQ(0, soc_dma_enable(self->edu.fd, 0));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA, 0, 64));
	EXPECT_TRUE(only(self, NONE));
	ASSERT_EQ(0, edu_write(&self->edu, IOVA + 8 * PAGE, 0, 64));
	EXPECT_TRUE(only(self, 8 * PAGE, 8 * PAGE + 64));
}

/*
 * Windows that come, go and change at random, while DMA is enabled or not, and what
 * a model that knows nothing of windows says of each page of addresses.
 */

/* The device takes a moment for each write, so it is a sample. */
#define STEPS		80
#define MAX_PAGES	3

struct model {
	unsigned int seed;
	bool enabled;
	struct {
		int page;	/* of memory; -1: none */
		bool write;
		size_t first;	/* of its window */
		size_t pages;
	} at[PAGES];
};

static size_t roll(struct model *model, size_t sides)
{
	model->seed = model->seed * 1103515245 + 12345;
	return model->seed / 65536 % sides;
}

static void model_set(struct model *model, size_t first, size_t pages, int page,
		      bool write)
{
	for (size_t i = 0; i < pages; i++) {
		model->at[first + i].page = page < 0 ? -1 : page + (int)i;
		model->at[first + i].write = write;
		model->at[first + i].first = first;
		model->at[first + i].pages = pages;
	}
}

static bool is_free(const struct model *model, size_t first, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		if (model->at[first + i].page >= 0)
			return false;
	return true;
}

static int put(FIXTURE_DATA(iommu) *self, struct model *model, size_t first,
	       size_t pages, uint32_t flags)
{
	bool write = roll(model, 4);
	size_t page = roll(model, PAGES - pages + 1);
	int ret = map_at(self, IOVA + first * PAGE, page, pages, flags |
			 (write ? DMA_RW : SOCASSIGN_DMA_READ));

	if (!ret)
		model_set(model, first, pages, page, write);
	return ret;
}

static int take_out(FIXTURE_DATA(iommu) *self, struct model *model, size_t first,
		    size_t pages)
{
	model_set(model, first, pages, -1, false);
	return soc_dma_unmap(self->edu.fd, 0, IOVA + first * PAGE,
			     pages * PAGE);
}

static int take_out_all(FIXTURE_DATA(iommu) *self, struct model *model)
{
	model_set(model, 0, PAGES, -1, false);
	return soc_dma_unmap_all(self->edu.fd, 0);
}

/* To enable takes a window. */
static int toggle(FIXTURE_DATA(iommu) *self, struct model *model)
{
	if (!model->enabled && is_free(model, 0, PAGES))
		return 0;
	model->enabled = !model->enabled;
	return model->enabled ? soc_dma_enable(self->edu.fd, 0) :
				soc_dma_disable(self->edu.fd, 0);
}

static int change_something(FIXTURE_DATA(iommu) *self, struct model *model)
{
	size_t pages = 1 + roll(model, MAX_PAGES);
	size_t first = roll(model, PAGES - pages + 1);

	if (!roll(model, 8))
		return toggle(self, model);
	if (!roll(model, 24))
		return take_out_all(self, model);
	if (is_free(model, first, pages))
		return put(self, model, first, pages, 0);
	if (model->at[first].page < 0)
		return map(self, first, pages, DMA_RW) == -EEXIST ? 0 : -EINVAL;
	pages = model->at[first].pages;
	first = model->at[first].first;
	return roll(model, 3) ? put(self, model, first, pages,
				    SOCASSIGN_DMA_REPLACE) :
				take_out(self, model, first, pages);
}

/* The device writes the last bytes of one page and the first ones of the next. */
static void expect_write(const struct model *model, uint8_t *expected,
			 size_t slot, size_t at, size_t bytes)
{
	if (model->enabled && model->at[slot].page >= 0 && model->at[slot].write)
		memset(expected + model->at[slot].page * PAGE + at, DEVICE,
		       bytes);
}

TEST_F_TIMEOUT(iommu, as_a_model_says, 60)
{
	SKIP_IF(self->skip);
	struct model model = { .seed = 1 };
	uint8_t expected[SIZE];

	model_set(&model, 0, PAGES, -1, false);
	for (int step = 0; step < STEPS; step++) {
		size_t slot = roll(&model, PAGES - 1);

		ASSERT_EQ(0, change_something(self, &model))
			TH_LOG("step %d: %s", step, soc_reason());
		pattern_fill(self->mem, SIZE, SEED);
		pattern_fill(expected, SIZE, SEED);
		expect_write(&model, expected, slot, PAGE - 32, 32);
		expect_write(&model, expected, slot + 1, 0, 32);
		ASSERT_EQ(0, edu_write(&self->edu,
				       IOVA + (slot + 1) * PAGE - 32, 0, 64));
		ASSERT_EQ(0, memcmp(expected, self->mem, SIZE))
			TH_LOG("step %d, pages %zu and %zu", step, slot,
			       slot + 1);
	}
}

/*
 * The same, read from the page tables: many sets of windows.  Which pages may be written
 * to is not told there.
 */
#define SETS		10000

struct tables {
	int fd;
	uint64_t memory[PAGES];		/* where the pages are */
};

static int tables_open(struct tables *tables, const uint8_t *mem)
{
	tables->fd = testmod_open("iova_to_phys", O_RDWR);
	if (tables->fd < 0)
		return tables->fd;
	for (size_t i = 0; i < PAGES; i++)
		tables->memory[i] = physical_address(mem + i * PAGE);
	return write(tables->fd, EDU_NODE, strlen(EDU_NODE)) < 0 ? -errno : 0;
}

/* How many of the pages, and of those beside, are not what the model says. */
static int tables_differ(const struct tables *tables, const struct model *model)
{
	uint64_t got[PAGES + 2];
	int wrong = 0;

	if (pread(tables->fd, got, sizeof(got), IOVA - PAGE) != sizeof(got))
		return -EIO;
	for (size_t i = 0; i < PAGES; i++) {
		bool open = model->enabled && model->at[i].page >= 0;

		wrong += got[i + 1] !=
			 (open ? tables->memory[model->at[i].page] : 0);
	}
	return wrong + !!got[0] + !!got[PAGES + 1];
}

TEST_F_TIMEOUT(iommu, page_tables_are_as_a_model_says, 300)
{
	SKIP_IF(self->skip);
	struct model model = { .seed = 2 };
	struct tables tables;
	int opened = 0;

	ASSERT_EQ(0, tables_open(&tables, self->mem));
	ASSERT_NE(0, tables.memory[0]);
	model_set(&model, 0, PAGES, -1, false);
	for (int set = 0; set < SETS; set++) {
		ASSERT_EQ(0, change_something(self, &model))
			TH_LOG("set %d: %s", set, soc_reason());
		ASSERT_EQ(0, tables_differ(&tables, &model))
			TH_LOG("set %d", set);
		opened += model.enabled;
	}
	/* It was no walk in the dark. */
	EXPECT_LT(SETS / 4, opened);
	close(tables.fd);
}

TEST_HARNESS_MAIN
