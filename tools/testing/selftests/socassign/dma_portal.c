// SPDX-License-Identifier: GPL-2.0
/*
 * Portals of QMan and BMan: windows for what a portal does itself, against the
 * PAMU's tables, and what has to be said about those who do DMA on its behalf.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/dma.h"
#include "lib/dma_bench.h"
#include "lib/edge.h"
#include "lib/pamu.h"
#include "lib/partition.h"
#include "lib/portal.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"
#include "lib/who.h"

#define CONFINED	SOCASSIGN_CONFINED_DMA
#define UNSAFE		SOCASSIGN_UNSAFE_DMA
#define NO_DMA		SOCASSIGN_NO_DMA

#define BOUND		QMAN "qman-portal@0"
#define NO_LIODN	QMAN "qman-portal@8000"
#define BMAN		"/bman-portals@ff4000000/bman-portal@0"

/* What memory the guest has from 0 on. */
#define GUEST_MEMORY	0x1000000ull

FIXTURE(portal)
{
	const char *skip;
	struct pamu pamu;
	struct partition memory;
	uint32_t *image;	/* before the claim */
	int fd;
	struct socassign_region region;
};

FIXTURE_SETUP(portal)
{
	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	ASSERT_EQ(0, pamu_open(&self->pamu));
	self->image = pamu_image(&self->pamu);
	ASSERT_TRUE(!!self->image);
	ASSERT_EQ(0, partition_open(&self->memory, GUEST_MEMORY));
	self->fd = soc_claim(PORTAL, CONFINED);
	ASSERT_LE(0, self->fd)
		TH_LOG("%s", soc_reason());
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
}

/* The host has its LIODNs as they were. */
static bool is_back(FIXTURE_DATA(portal) *self)
{
	return !pamu_changes(&self->pamu, self->image, NULL, 0);
}

FIXTURE_TEARDOWN(portal)
{
	if (self->skip)
		return;
	close(self->fd);
	partition_close(&self->memory);
	edge_end_quarantine(PORTAL);
	EXPECT_TRUE(wait_until(is_back(self)));
	free(self->image);
}

static int map_ring(FIXTURE_DATA(portal) *self, __u32 cpu, __u32 flags)
{
	struct socassign_dma_map map = {
		.index = RING, .flags = DMA_RW | flags, .memory_fd = self->fd,
		.offset = self->region.out_cookie, .iova = PORTAL_GUEST,
		.length = PORTAL_SIZE, .operation = SOCASSIGN_OPERATION_QMAN,
		.stash_level = 1, .stash_cpu = cpu,
	};

	return soc_dma_map(self->fd, &map);
}

static int map_memory(FIXTURE_DATA(portal) *self, __u32 cpu, __u32 flags)
{
	struct socassign_dma_map map = {
		.index = MEMORY, .flags = DMA_RW | flags,
		.memory_fd = self->memory.fd, .length = GUEST_MEMORY,
		.operation = SOCASSIGN_OPERATION_QMAN,
		.stash_level = 1, .stash_cpu = cpu,
	};

	return soc_dma_map(self->fd, &map);
}

static int open_all(FIXTURE_DATA(portal) *self, __u32 cpu)
{
	int ret = map_ring(self, cpu, 0);

	if (!ret)
		ret = map_memory(self, cpu, 0);
	if (!ret)
		ret = soc_dma_enable(self->fd, RING);
	return ret ? ret : soc_dma_enable(self->fd, MEMORY);
}

TEST_F(portal, is_blocked)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	struct socassign_dma dma;

	ASSERT_EQ(0, soc_info(self->fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
	EXPECT_EQ(CONFINED, info.out_flags);
	ASSERT_EQ(2, info.out_num_dmas);
	for (__u32 i = 0; i < 2; i++) {
		ASSERT_EQ(0, soc_dma(self->fd, i, &dma));
		EXPECT_EQ(0, dma.out_flags);
		EXPECT_EQ(i, dma.out_entry);
		EXPECT_EQ(portal_liodns[i], dma.out_liodn);
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, portal_liodns[i]));
	}
	EXPECT_EQ(2, pamu_changes(&self->pamu, self->image, NULL, 0));
}

static void check_window(struct __test_metadata *_metadata,
			 FIXTURE_DATA(portal) *self, int index, uint64_t iova,
			 uint64_t size, uint64_t phys, unsigned int cpu)
{
	portal_has_window(_metadata, &self->pamu, index, iova, size, phys, cpu);
}

/*
 * The example of the thread: vcpu=1, liodn-index=0 is a window of 0x4000 bytes at
 * the portal, liodn-index=1 the guest's memory from 0 on, and both have
 * operation-mapping=0, stash-dest=1.
 */
TEST_F(portal, example)
{
	SKIP_IF(self->skip);
	uint64_t phys = physical_address(self->memory.mem);

	ASSERT_EQ(0, open_all(self, 1))
		TH_LOG("%s", soc_reason());
	check_window(_metadata, self, RING, PORTAL_GUEST, PORTAL_SIZE, PORTAL_ADDRESS, 1);
	check_window(_metadata, self, MEMORY, 0, GUEST_MEMORY, 0x20000000, 1);
	if (phys)
		EXPECT_EQ(0x20000000, phys);
	EXPECT_EQ(2, pamu_changes(&self->pamu, self->image, NULL, 0));
	EXPECT_EQ(0, pamu_spaaces_in_use(&self->pamu));
}

/* The vCPU moves to another CPU: DMA goes on. */
TEST_F(portal, follows_its_vcpu)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, open_all(self, 1));
	ASSERT_EQ(0, map_ring(self, 0, SOCASSIGN_DMA_REPLACE));
	check_window(_metadata, self, RING, PORTAL_GUEST, PORTAL_SIZE, PORTAL_ADDRESS, 0);
	check_window(_metadata, self, MEMORY, 0, GUEST_MEMORY, 0x20000000, 1);
	ASSERT_EQ(0, map_memory(self, 0, SOCASSIGN_DMA_REPLACE));
	check_window(_metadata, self, MEMORY, 0, GUEST_MEMORY, 0x20000000, 0);
	/* There is no such CPU: it stays where it is. */
	EXPECT_EQ(-EINVAL, map_ring(self, 64, SOCASSIGN_DMA_REPLACE));
	check_window(_metadata, self, RING, PORTAL_GUEST, PORTAL_SIZE, PORTAL_ADDRESS, 0);
}

/* A window onto registers is closed as any other. */
TEST_F(portal, closes)
{
	SKIP_IF(self->skip);
	struct pamu_result result;

	ASSERT_EQ(0, open_all(self, 0));
	ASSERT_EQ(0, soc_dma_unmap(self->fd, RING, PORTAL_GUEST, PORTAL_SIZE));
	EXPECT_FALSE(pamu_access(&self->pamu, portal_liodns[RING], PORTAL_GUEST, 4,
				 true, &result));
	ASSERT_EQ(0, map_ring(self, 0, 0));
	ASSERT_EQ(0, soc_dma_unmap_all(self->fd, RING));
	EXPECT_FALSE(pamu_access(&self->pamu, portal_liodns[RING], PORTAL_GUEST, 4,
				 true, &result));
	ASSERT_EQ(0, map_ring(self, 0, 0));
	/* The claim ends with its descriptor: no window keeps it. */
	ASSERT_EQ(0, close(self->fd));
	self->fd = -1;
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, portal_liodns[i]));
	/* It is not known to be quiet, and nobody else has its LIODNs. */
	self->fd = soc_claim(PORTAL, CONFINED);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, portal_liodns[i]));
}

TEST_F(portal, closes_when_it_is_taken)
{
	SKIP_IF(self->skip);
	struct sysfs_device dev;

	ASSERT_EQ(0, open_all(self, 0));
	ASSERT_EQ(0, sysfs_find(PORTAL, &dev));
	ASSERT_EQ(0, sysfs_unbind(&dev));
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, portal_liodns[i]));
	EXPECT_EQ(-ENODEV, map_ring(self, 0, 0));
}

/* The window becomes one onto memory, and the other way round. */
TEST_F(portal, memory_for_registers)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = {
		.index = RING, .flags = DMA_RW | SOCASSIGN_DMA_REPLACE,
		.memory_fd = self->memory.fd, .iova = PORTAL_GUEST,
		.length = PORTAL_SIZE,
	};
	struct pamu_result result;

	ASSERT_EQ(0, open_all(self, 0));
	ASSERT_EQ(0, soc_dma_map(self->fd, &map));
	ASSERT_TRUE(pamu_access(&self->pamu, portal_liodns[RING], PORTAL_GUEST, 4,
				true, &result));
	EXPECT_EQ(0x20000000, result.target);
	ASSERT_EQ(0, map_ring(self, 0, SOCASSIGN_DMA_REPLACE));
	ASSERT_TRUE(pamu_access(&self->pamu, portal_liodns[RING], PORTAL_GUEST, 4,
				true, &result));
	EXPECT_EQ(PORTAL_ADDRESS, result.target);
}

static int map_registers(FIXTURE_DATA(portal) *self, int fd, __u64 offset,
			 __u64 length)
{
	struct socassign_dma_map map = {
		.index = RING, .flags = DMA_RW, .memory_fd = fd,
		.offset = offset, .iova = PORTAL_GUEST, .length = length,
	};

	return soc_dma_map(self->fd, &map);
}

TEST_F(portal, which_registers)
{
	SKIP_IF(self->skip);
	const __u64 cookie = self->region.out_cookie;
	struct socassign_region other;
	struct pamu_result result;
	int fd;

	ASSERT_EQ(0, soc_region(self->fd, 1, &other));
	/* The other area is for the CPU alone; 0 is no cookie. */
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, other.out_cookie,
					 0x1000));
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, 0, 0x1000));
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, ~0xfffull, 0x1000));
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, cookie + PORTAL_SIZE, 0x1000));
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, cookie, 2 * PORTAL_SIZE));
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, cookie + 0x1000, PORTAL_SIZE));
	EXPECT_EQ(-EINVAL, map_registers(self, self->fd, cookie,
					 ~0xfffull));
	EXPECT_TRUE(was_told(PORTAL, "made to be cached"));
	/* Nor somebody else's. */
	fd = soc_claim(BMAN, CONFINED);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, map_registers(self, fd, cookie, PORTAL_SIZE));
	close(fd);
	/* A part of them, by the other cookie. */
	ASSERT_EQ(0, map_registers(self, self->fd,
				   self->region.out_cached_cookie + 0x3000,
				   0x1000));
	ASSERT_EQ(0, soc_dma_enable(self->fd, RING));
	ASSERT_TRUE(pamu_access(&self->pamu, portal_liodns[RING], PORTAL_GUEST, 4,
				true, &result));
	EXPECT_EQ(PORTAL_ADDRESS + 0x3000, result.target);
}

/* Nothing is known of the others: its own windows are there all the same. */
TEST_F(portal, unsafe)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	struct socassign_dma dma;

	close(self->fd);
	edge_end_quarantine(PORTAL);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	self->fd = soc_claim(PORTAL, UNSAFE);
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_info(self->fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_UNSAFE, info.out_dma_class);
	ASSERT_EQ(3, info.out_num_dmas);
	ASSERT_EQ(0, soc_dma(self->fd, 2, &dma));
	EXPECT_EQ(SOCASSIGN_DMA_DIRECT | SOCASSIGN_DMA_ENABLED, dma.out_flags);
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, portal_liodns[i]));
	ASSERT_EQ(0, open_all(self, 1));
	check_window(_metadata, self, RING, PORTAL_GUEST, PORTAL_SIZE, PORTAL_ADDRESS, 1);
	/* Where nothing blocks an access nothing leads anywhere. */
	struct socassign_dma_map map = {
		.index = 2, .flags = DMA_RW, .memory_fd = self->fd,
		.offset = self->region.out_cookie, .iova = PORTAL_ADDRESS,
		.length = PORTAL_SIZE,
	};

	EXPECT_EQ(-EOPNOTSUPP, soc_dma_map(self->fd, &map));
	/* Nobody has it afterwards: the others may be at work. */
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(-EBUSY, soc_try_claim(PORTAL, CONFINED));
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, portal_liodns[i]));
}

/* What has to be said */

FIXTURE(word)
{
	struct sysfs_device dev;
};

FIXTURE_SETUP(word)
{
	ASSERT_EQ(0, sysfs_find(BOUND, &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
}

FIXTURE_TEARDOWN(word)
{
	sysfs_attr_write(&self->dev, "quarantine", "0");
	EXPECT_EQ(0, sysfs_move(&self->dev, ""));
	edge_end_quarantine(PORTAL);
	edge_end_quarantine(BMAN);
}

TEST_F(word, is_needed)
{
	check_refusal(_metadata, -EPERM, PORTAL, 0, "others do DMA");
	check_refusal(_metadata, -EPERM, BMAN, 0, "others do DMA");
	/* Nobody can say that they master no bus. */
	check_refusal(_metadata, -EINVAL, PORTAL, NO_DMA, "others do DMA");
	EXPECT_EQ(-EINVAL, soc_try_claim(BMAN, NO_DMA));
	EXPECT_EQ(-EINVAL, soc_try_claim(NO_LIODN, NO_DMA));
}

/* What a portal does itself, that is to be protected from as well. */
TEST_F(word, is_not_enough)
{
	EXPECT_EQ(-EPERM, soc_try_claim(NO_LIODN, CONFINED));
	EXPECT_EQ(pamu_exists() ? 0 : -EPERM, soc_try_claim(PORTAL, CONFINED));
	/* It is about portals only. */
	EXPECT_EQ(-EPERM, soc_try_claim(board_extra("master@d0000"), CONFINED));
	EXPECT_EQ(-EPERM, soc_try_claim(board_extra("lone@97000"), CONFINED));
	EXPECT_EQ(-EINVAL, soc_try_claim(PORTAL, CONFINED | NO_DMA));
	EXPECT_EQ(-EINVAL, soc_try_claim(PORTAL, CONFINED | UNSAFE));
}

/* It does no DMA itself: there is nothing to have windows for. */
TEST_F(word, bman)
{
	struct socassign_info info = {};
	int fd = soc_claim(BMAN, CONFINED);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
	EXPECT_EQ(0, info.out_num_dmas);
	close(fd);
}

static int claim_confined(void *arg)
{
	return soc_try_claim(arg, CONFINED);
}

static int claim(void *arg)
{
	return soc_try_claim(arg, 0);
}

TEST_F(word, needs_power)
{
	char path[] = BMAN;

	EXPECT_EQ(-EPERM, who_does(who_without_sys_admin, claim_confined, path));
	EXPECT_TRUE(was_told(BMAN, "CONFINED_DMA"));
	EXPECT_EQ(0, who_does(who_without_sys_rawio, claim_confined, path));
}

static int say_confined(void *arg)
{
	return sysfs_attr_write(arg, "dma_class", "confined");
}

/* The administrator gives it, once; others then claim the portal. */
TEST_F(word, in_sysfs)
{
	char path[] = BOUND, class[64] = "";

	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "dma_class", "none"));
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "dma_class",
					    "protected"));
	EXPECT_EQ(0, sysfs_attr_read(&self->dev, "dma_class", class,
				     sizeof(class)));
	EXPECT_STREQ("unsafe", class);
	if (!pamu_exists()) {
		EXPECT_EQ(-EINVAL, say_confined(&self->dev));
		SKIP(return, "no PAMU: no portal can be confined");
	}
	EXPECT_EQ(-EPERM, who_does(who_without_sys_admin, say_confined,
				   &self->dev));
	EXPECT_EQ(-EPERM, who_does(who_without_sys_admin, claim, path));
	ASSERT_EQ(0, say_confined(&self->dev));
	EXPECT_EQ(0, sysfs_attr_read(&self->dev, "dma_class", class,
				     sizeof(class)));
	EXPECT_STREQ("protected (declared)", class);
	EXPECT_EQ(0, who_does(who_without_sys_admin, claim, path));
	EXPECT_EQ(0, soc_try_claim(BOUND, 0));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "auto"));
	EXPECT_EQ(-EPERM, who_does(who_without_sys_admin, claim, path));
	EXPECT_EQ(-EPERM, soc_try_claim(BOUND, 0));
	/* Unbound it would stay in quarantine. */
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	/* Of one that others do no DMA for it says nothing. */
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	ASSERT_EQ(0, sysfs_find(board_extra("names@90000"), &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	EXPECT_EQ(-EINVAL, say_confined(&self->dev));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
