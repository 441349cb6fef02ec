// SPDX-License-Identifier: GPL-2.0
/*
 * Bus masters behind an IOMMU that are no platform devices of the host's: one on the
 * AMBA bus, and one that has a device only for as long as it is claimed, by itself or
 * with what it is a part of.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/dma.h"
#include "lib/edge.h"
#include "lib/module.h"
#include "lib/pl330.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define PAGE		4096UL

/* Where the device finds its program, what to copy, and where to */
enum { PROGRAM, FROM, TO, PAGES };
#define IOVA		0x12340000u
#define AT(_page)	(IOVA + (_page) * 0x10000u)
#define SIZE		(PAGES * PAGE)

#define SEED		1
#define DEVICE		0xd5	/* what is at FROM */

FIXTURE(device) {
	const char *skip;
	int fd;
	__u32 dma;		/* the index of its identity */
	struct pl330 pl330;
	uint8_t *mem;		/* shared with children */
	int memory;
};

FIXTURE_VARIANT(device) {
	const char *claimed;	/* the node, or one above it */
	const char *node;
	const char *bus;
	uint32_t flags;
	bool is_made;
	__u32 index;		/* of the node in the claim */
};

FIXTURE_VARIANT_ADD(device, amba) {
	.claimed = PL330_AMBA, .node = PL330_AMBA, .bus = "amba",
	.flags = SOCASSIGN_DETACH,
};

FIXTURE_VARIANT_ADD(device, made) {
	.claimed = PL330_ASLEEP, .node = PL330_ASLEEP, .bus = "platform",
	.is_made = true,
};

FIXTURE_VARIANT_ADD(device, made_below) {
	.claimed = PL330_BLOCK, .node = PL330_ASLEEP, .bus = "platform",
	.flags = SOCASSIGN_SUBTREE, .is_made = true, .index = 1,
};

/* Of the one that has a device; "" where the kernel has none for it. */
static const char *host_driver(void)
{
	return access("/sys/bus/amba/drivers/" PL330_DRIVER, F_OK) ?
	       "" : PL330_DRIVER;
}

/* By hand, where the administrator was at it. */
static bool host_has_amba(void)
{
	struct sysfs_device dev;

	return !sysfs_find(PL330_AMBA, &dev) &&
	       (sysfs_bound_to(&dev, host_driver()) ||
		!sysfs_move(&dev, host_driver()));
}

/* All of them: the others have no device. */
static bool host_has_all(void)
{
	return host_has_amba() && !sysfs_has_device(PL330_ASLEEP) &&
	       !sysfs_has_device(PL330_BLOCK);
}

/* With its DMA where the host wants it. */
static int host_copies(void)
{
	return *host_driver() ? testmod_write("memcpy", PL330_AMBA) : 0;
}

static void fill(uint8_t *mem)
{
	pattern_fill(mem, SIZE, SEED);
	memset(mem + FROM * PAGE, DEVICE, PAGE);
}

static int map(int fd, __u32 index, int memory, int page, uint32_t flags)
{
	struct socassign_dma_map map = {
		.index = index, .flags = flags, .memory_fd = memory,
		.offset = page * PAGE, .iova = AT(page), .length = PAGE,
	};

	return soc_dma_map(fd, &map);
}

/* The program is there for a device that is to write elsewhere, too. */
static int map_program(int fd, __u32 index, int memory)
{
	int ret = map(fd, index, memory, PROGRAM, SOCASSIGN_DMA_READ);

	return ret ? ret : map(fd, index, memory, FROM, SOCASSIGN_DMA_READ);
}

static int map_all(int fd, __u32 index, int memory)
{
	int ret = map_program(fd, index, memory);

	if (!ret)
		ret = map(fd, index, memory, TO, DMA_RW);
	return ret ? ret : soc_dma_enable(fd, index);
}

/* The identity of a node of the claim; 0 or a negative errno */
static int find_dma(int fd, __u32 node, __u32 *index)
{
	int ret;

	for (*index = 0;; ++*index) {
		struct socassign_dma dma = {};

		ret = soc_dma(fd, *index, &dma);
		if (ret || dma.out_node == node)
			return ret;
	}
}

/* The device, and what it was told, as it is. */
static int claim_as_it_is(FIXTURE_DATA(device) *self,
			  const FIXTURE_VARIANT(device) *variant,
			  uint32_t flags)
{
	int ret;

	self->fd = soc_claim(variant->claimed, flags);
	if (self->fd < 0)
		return self->fd;
	ret = find_dma(self->fd, variant->index, &self->dma);
	return ret ? ret : pl330_open(&self->pl330, self->fd, variant->index);
}

static int claim(FIXTURE_DATA(device) *self,
		 const FIXTURE_VARIANT(device) *variant)
{
	int ret = claim_as_it_is(self, variant, variant->flags);

	/* What the one before has told it */
	if (!ret)
		pl330_stop(&self->pl330);
	return ret;
}

static void end_claim(FIXTURE_DATA(device) *self)
{
	pl330_close(&self->pl330);
	if (self->fd >= 0)
		close(self->fd);
	self->fd = -1;
}

/* What it is a part of first: the order is the administrator's to choose. */
static void end_quarantines(const FIXTURE_VARIANT(device) *variant)
{
	edge_end_quarantine(variant->claimed);
	edge_end_quarantine(variant->node);
}

FIXTURE_SETUP(device)
{
	*self = (FIXTURE_DATA(device)) { .fd = -1, .memory = -1 };
	self->skip = pl330_missing();
	if (self->skip)
		return;
	/* 7.3 calls a fault an error of the SMMU's, in several lines. */
	expect_in_log("arm-smmu-v3 ");
	/* What the host's driver has there it leaves there (lib/module.h). */
	expect_in_log("debugfs: File");
	ASSERT_EQ(0, module_load_pl330());
	end_quarantines(variant);
	ASSERT_TRUE(wait_until(host_has_all()));
	self->mem = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->mem);
	fill(self->mem);
	ASSERT_EQ(0, claim(self, variant))
		TH_LOG("%s", soc_reason());
	self->memory = soc_memory(self->fd, self->mem, SIZE,
				  SOCASSIGN_MEMORY_WRITE);
	ASSERT_LE(0, self->memory);
}

FIXTURE_TEARDOWN(device)
{
	if (self->skip)
		return;
	end_claim(self);
	close(self->memory);
	munmap(self->mem, SIZE);
	end_quarantines(variant);
	EXPECT_TRUE(wait_until(host_has_all()));
	if (!variant->is_made)
		EXPECT_EQ(0, host_copies());
}

/* The program writes to the page, @at bytes from its start. */
static bool run(FIXTURE_DATA(device) *self, int page, size_t at)
{
	pl330_program(self->mem, AT(FROM), AT(page) + at, false);
	return pl330_run(&self->pl330, AT(PROGRAM));
}

/* The copy is there, and nothing else of the page is other than it was. */
static bool is_copied(const FIXTURE_DATA(device) *self, size_t at)
{
	uint8_t expected[SIZE];

	pattern_fill(expected, SIZE, SEED);
	memset(expected + TO * PAGE + at, DEVICE, PL330_COPIES);
	return !memcmp(expected + TO * PAGE, self->mem + TO * PAGE, PAGE);
}

static bool is_untouched(const FIXTURE_DATA(device) *self)
{
	uint8_t expected[SIZE];

	pattern_fill(expected, SIZE, SEED);
	return !memcmp(expected + TO * PAGE, self->mem + TO * PAGE, PAGE);
}

/* A program that writes there does not get there. */
static bool is_not_reached(FIXTURE_DATA(device) *self)
{
	run(self, TO, 0);
	pl330_stop(&self->pl330);
	return is_untouched(self);
}

static uint32_t nature(void)
{
	return SOCASSIGN_DMA_IOMMU |
	       (board_smmu_tells() ? 0 : SOCASSIGN_DMA_SILENT);
}

/* The group that the device is in, as the kernel says; -1 if it is in none. */
static int group_of(const struct sysfs_device *dev)
{
	char link[PATH_MAX], group[PATH_MAX];

	snprintf(link, sizeof(link), "/sys/bus/%s/devices/%s/iommu_group",
		 dev->bus, dev->name);
	return realpath(link, group) ? atoi(strrchr(group, '/') + 1) : -1;
}

TEST_F(device, is_protected)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	struct socassign_dma dma = {};
	struct sysfs_device dev;

	ASSERT_EQ(0, sysfs_find(variant->node, &dev));
	EXPECT_STREQ(variant->bus, dev.bus);
	EXPECT_TRUE(sysfs_bound_to(&dev, "socassign"));
	EXPECT_LE(0, group_of(&dev));
	ASSERT_EQ(0, soc_info(self->fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
	ASSERT_EQ(variant->index + 1, info.out_num_dmas);
	ASSERT_EQ(0, soc_dma(self->fd, self->dma, &dma));
	EXPECT_EQ(nature(), dma.out_flags);
	EXPECT_EQ(PAGE, dma.out_granule);
	EXPECT_EQ(0, dma.out_num_windows);
}

/* It has no word that could be given for it. */
TEST_F(device, is_a_bus_master)
{
	SKIP_IF(self->skip);
	end_claim(self);
	EXPECT_EQ(-EINVAL, soc_try_claim(variant->claimed, SOCASSIGN_NO_DMA |
					 variant->flags));
	EXPECT_NE(NULL, strstr(soc_reason(), "is behind an IOMMU"));
}

TEST_F(device, reaches_its_windows)
{
	SKIP_IF(self->skip);

	ASSERT_EQ(0, map_all(self->fd, self->dma, self->memory));
	ASSERT_TRUE(run(self, TO, 0));
	EXPECT_TRUE(is_copied(self, 0));
	fill(self->mem);
	ASSERT_TRUE(run(self, TO, PAGE - PL330_COPIES));
	EXPECT_TRUE(is_copied(self, PAGE - PL330_COPIES));
}

TEST_F(device, reaches_nothing_else)
{
	SKIP_IF(self->skip);

	ASSERT_EQ(0, map_program(self->fd, self->dma, self->memory));
	ASSERT_EQ(0, soc_dma_enable(self->fd, self->dma));
	EXPECT_TRUE(is_not_reached(self));
	ASSERT_EQ(0, map(self->fd, self->dma, self->memory, TO, SOCASSIGN_DMA_READ));
	EXPECT_TRUE(is_not_reached(self));
	ASSERT_EQ(0, map(self->fd, self->dma, self->memory, TO,
			 DMA_RW | SOCASSIGN_DMA_REPLACE));
	ASSERT_TRUE(run(self, TO, 0));
	EXPECT_TRUE(is_copied(self, 0));
}

TEST_F(device, is_blocked_unless_enabled)
{
	SKIP_IF(self->skip);

	ASSERT_EQ(0, map_all(self->fd, self->dma, self->memory));
	ASSERT_EQ(0, soc_dma_disable(self->fd, self->dma));
	EXPECT_TRUE(is_not_reached(self));
	ASSERT_EQ(0, soc_dma_enable(self->fd, self->dma));
	ASSERT_TRUE(run(self, TO, 0));
	EXPECT_TRUE(is_copied(self, 0));
}

/* Where the page tables lead, page by page; 0 is nowhere. */
static int read_tables(const char *node, uint64_t found[PAGES])
{
	int fd = testmod_open("iova_to_phys", O_RDWR), ret = 0;

	if (fd < 0)
		return fd;
	if (write(fd, node, strlen(node)) < 0)
		ret = -errno;
	for (int i = 0; i < PAGES && !ret; i++)
		if (pread(fd, &found[i], sizeof(*found), AT(i)) < 0)
			ret = -errno;
	close(fd);
	return ret;
}

TEST_F(device, has_page_tables_of_its_windows)
{
	SKIP_IF(self->skip);
	uint64_t found[PAGES] = {};

	ASSERT_EQ(0, map_all(self->fd, self->dma, self->memory));
	ASSERT_EQ(0, read_tables(variant->node, found));
	for (int i = 0; i < PAGES; i++)
		EXPECT_EQ(physical_address(self->mem + i * PAGE), found[i]);
	ASSERT_EQ(0, soc_dma_unmap(self->fd, self->dma, AT(TO), PAGE));
	ASSERT_EQ(0, read_tables(variant->node, found));
	EXPECT_NE(0, found[FROM]);
	EXPECT_EQ(0, found[TO]);
}

/* Told to write as soon as somebody says so, and then its owner is gone. */
static int leave_it_waiting(FIXTURE_DATA(device) *self)
{
	int ret = map_all(self->fd, self->dma, self->memory);

	pl330_program(self->mem, AT(FROM), AT(TO), true);
	if (!ret && pl330_run(&self->pl330, AT(PROGRAM)))
		return -EIO;
	return ret;
}

/* The next one says so; but first whether this could be seen. */
static void goes_on_for_nobody(struct __test_metadata *_metadata,
			       FIXTURE_DATA(device) *self,
			       const FIXTURE_VARIANT(device) *variant)
{
	/* It is ours still, so there is no driver that would have to let go. */
	ASSERT_EQ(0, claim_as_it_is(self, variant,
				    variant->flags & ~SOCASSIGN_DETACH))
		TH_LOG("%s", soc_reason());
	pl330_event(&self->pl330);
	EXPECT_TRUE(is_untouched(self));
}

TEST_F(device, waits_for_its_owner)
{
	SKIP_IF(self->skip);

	ASSERT_EQ(0, leave_it_waiting(self));
	EXPECT_TRUE(is_untouched(self));
	pl330_event(&self->pl330);
	EXPECT_TRUE(is_copied(self, 0));
}

TEST_F(device, does_not_go_on_after_a_close)
{
	SKIP_IF(self->skip);
	struct socassign_dma dma = {};

	ASSERT_EQ(0, leave_it_waiting(self));
	end_claim(self);
	goes_on_for_nobody(_metadata, self, variant);
	ASSERT_EQ(0, soc_dma(self->fd, self->dma, &dma));
	EXPECT_EQ(nature() | SOCASSIGN_DMA_STALE, dma.out_flags);
	EXPECT_EQ(0, dma.out_num_windows);
}

TEST_F(device, does_not_go_on_after_a_kill)
{
	SKIP_IF(self->skip);
	int ready[2], status = 0;
	char byte;
	pid_t pid;

	ASSERT_EQ(0, pipe(ready));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (read(ready[0], &byte, 1) == 1 && !leave_it_waiting(self))
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	/* The last descriptor, and the last mapping, are the child's. */
	end_claim(self);
	ASSERT_EQ(1, write(ready[1], "x", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSIGNALED(status));
	close(ready[0]);
	close(ready[1]);
	goes_on_for_nobody(_metadata, self, variant);
}

/* Which is no way out of quarantine. */
TEST_F(device, does_not_go_on_after_an_unbind)
{
	SKIP_IF(self->skip);
	struct sysfs_device dev;

	ASSERT_EQ(0, sysfs_find(variant->node, &dev));
	ASSERT_EQ(0, leave_it_waiting(self));
	ASSERT_EQ(0, sysfs_unbind(&dev));
	end_claim(self);
	ASSERT_TRUE(sysfs_has_device(variant->node));
	EXPECT_NE(0, sysfs_bind(&dev, PL330_DRIVER));
	ASSERT_EQ(0, sysfs_move(&dev, "socassign"));
	goes_on_for_nobody(_metadata, self, variant);
}

/* As the host had it: by its driver, or without a device. */
TEST_F(device, goes_back)
{
	SKIP_IF(self->skip);
	struct sysfs_device dev;

	ASSERT_EQ(0, leave_it_waiting(self));
	pl330_stop(&self->pl330);
	ASSERT_EQ(0, sysfs_find(variant->node, &dev));
	end_claim(self);
	ASSERT_TRUE(sysfs_bound_to(&dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&dev, "quarantine", "0"));
	EXPECT_TRUE(variant->is_made ?
		    wait_until(!sysfs_has_device(variant->node)) :
		    sysfs_wait_driver(&dev, host_driver()));
	/* And as often as one likes. */
	ASSERT_EQ(0, claim(self, variant));
	ASSERT_EQ(0, map_all(self->fd, self->dma, self->memory));
	ASSERT_TRUE(run(self, TO, 0));
	EXPECT_TRUE(is_copied(self, 0));
}

/* Without a driver it is a claim's device all the same. */
TEST_F(device, goes_after_an_unbind_and_a_claim)
{
	SKIP_IF(self->skip);
	SKIP_IF(variant->is_made ? NULL : "the host has a device for it");
	struct sysfs_device dev;

	ASSERT_EQ(0, leave_it_waiting(self));
	pl330_stop(&self->pl330);
	end_claim(self);
	ASSERT_EQ(0, sysfs_find(variant->node, &dev));
	ASSERT_EQ(0, sysfs_unbind(&dev));
	ASSERT_EQ(0, claim(self, variant));
	end_claim(self);
	end_quarantines(variant);
	EXPECT_TRUE(wait_until(!sysfs_has_device(variant->node)));
}

/* Each in its own time: it stays in quarantine when what is above it goes. */
TEST_F(device, outlives_what_it_is_a_part_of)
{
	SKIP_IF(self->skip);
	SKIP_IF(variant->index ? NULL : "it is all of the claim");
	struct sysfs_device above, dev;

	ASSERT_EQ(0, leave_it_waiting(self));
	ASSERT_EQ(0, sysfs_find(variant->claimed, &above));
	ASSERT_EQ(0, sysfs_find(variant->node, &dev));
	end_claim(self);
	ASSERT_EQ(0, sysfs_attr_write(&above, "quarantine", "0"));
	ASSERT_TRUE(wait_until(!sysfs_has_device(variant->claimed)));
	EXPECT_TRUE(sysfs_bound_to(&dev, "socassign"));
	goes_on_for_nobody(_metadata, self, variant);
	end_claim(self);
	ASSERT_EQ(0, sysfs_find(variant->node, &dev));
	EXPECT_EQ(0, sysfs_attr_write(&dev, "quarantine", "0"));
	EXPECT_TRUE(wait_until(!sysfs_has_device(variant->node)));
}

/* While it is the host's, whose driver has the DMA of the group. */
TEST_F(device, is_not_taken_from_a_driver)
{
	SKIP_IF(self->skip);
	SKIP_IF(variant->is_made || !*host_driver() ? "nobody drives it" :
						      NULL);

	end_claim(self);
	end_quarantines(variant);
	ASSERT_TRUE(wait_until(host_has_all()));
	EXPECT_EQ(0, host_copies());
	EXPECT_EQ(-EBUSY, soc_try_claim(variant->node, 0));
	EXPECT_EQ(0, host_copies());
}

/* What is above it in the tree is another bus master, with windows of its own. */
TEST_F(device, has_not_the_windows_of_what_it_is_a_part_of)
{
	SKIP_IF(self->skip);
	SKIP_IF(variant->index ? NULL : "it is all of the claim");
	__u32 above;

	ASSERT_EQ(0, find_dma(self->fd, 0, &above));
	ASSERT_EQ(0, map_all(self->fd, above, self->memory));
	EXPECT_TRUE(is_not_reached(self));
	/* Its own are enabled, and lead to the program only. */
	ASSERT_EQ(0, map_program(self->fd, self->dma, self->memory));
	ASSERT_EQ(0, soc_dma_enable(self->fd, self->dma));
	EXPECT_TRUE(is_not_reached(self));
	ASSERT_EQ(0, map(self->fd, self->dma, self->memory, TO, DMA_RW));
	ASSERT_TRUE(run(self, TO, 0));
	EXPECT_TRUE(is_copied(self, 0));
}

/* Of the AMBA device and the other: the other comes along, or is named */
static int claim_both(const FIXTURE_VARIANT(device) *variant)
{
	const char *other = variant->is_made ? variant->claimed : PL330_ASLEEP;
	char both[128];
	size_t len = soc_list_add(both, sizeof(both), 0, PL330_AMBA);

	len = soc_list_add(both, sizeof(both), len, other);
	return soc_claim_list(both, len, variant->flags | SOCASSIGN_DETACH);
}

/* Two devices in one claim: what one reaches is not the other's. */
TEST_F(device, has_windows_of_its_own)
{
	SKIP_IF(self->skip);
	__u32 node = variant->is_made ? 1 + variant->index : 0;
	__u32 other = variant->is_made ? 0 : 1;
	struct socassign_info info = {};
	int fd;

	end_claim(self);
	end_quarantines(variant);
	ASSERT_TRUE(wait_until(host_has_all()));
	fd = claim_both(variant);
	ASSERT_LE(0, fd)
		TH_LOG("%s", soc_reason());
	self->fd = fd;
	ASSERT_EQ(0, soc_info(fd, &info));
	ASSERT_EQ(2 + variant->index, info.out_num_dmas);
	ASSERT_EQ(0, find_dma(fd, node, &self->dma));
	ASSERT_EQ(0, find_dma(fd, other, &other));
	ASSERT_EQ(0, pl330_open(&self->pl330, fd, node));
	/* First the other one's, then its own */
	ASSERT_EQ(0, map_all(fd, other, self->memory));
	EXPECT_TRUE(is_not_reached(self));
	ASSERT_EQ(0, map_all(fd, self->dma, self->memory));
	ASSERT_TRUE(run(self, TO, 0));
	EXPECT_TRUE(is_copied(self, 0));
	end_claim(self);
	edge_end_quarantine(PL330_AMBA);
	edge_end_quarantine(PL330_BLOCK);
	edge_end_quarantine(PL330_ASLEEP);
	EXPECT_TRUE(wait_until(host_has_all()));
}

TEST_HARNESS_MAIN
