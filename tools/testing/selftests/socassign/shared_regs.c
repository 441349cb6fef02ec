// SPDX-License-Identifier: GPL-2.0
/*
 * Registers that a node outside the claim has among those of the claim: nobody
 * reaches them, by no way, unless the administrator says so; no two claims have
 * a byte in common; and what nobody gets, nobody gets so.
 *
 * The nodes are shaped like the eTSECs of Linux's own trees.  What is written
 * goes to addresses where nothing that matters answers.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/kmsg.h"
#include "lib/overlay.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define NO_DMA		SOCASSIGN_NO_DMA
#define SUBTREE		SOCASSIGN_SUBTREE
#define SHARE		SOCASSIGN_SHARE_REGS

#define MMAP		SOCASSIGN_REGION_MMAP
#define NEIGHBOURS	SOCASSIGN_REGION_NEIGHBOURS
#define SHARED		SOCASSIGN_REGION_SHARED

/* The first eTSEC of pq3: what is in its page. */
#define MDIO		0x520
#define MDIO_END	0x540
#define PTP		0xe00
#define PTP_END		0xeb0
/* The first one of etsec2: a register of the MDIO bus, in the queue group. */
#define TBI		0x30
#define TBI_END		0x34

static const char *bus(void)
{
	return node_exists("/blocks@a001000") ? "/blocks@a001000" :
						board_get()->bus;
}

/* The path of one of the nodes; valid for the next 7 calls. */
static const char *block(const char *name)
{
	static char paths[8][128];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", bus(), name);
	return path;
}

static const char *etsec(void)
{
	return block("ethernet@24000");
}

FIXTURE(shared) {
	int fd;
	struct socassign_region region;
	char neighbours[512];
};

FIXTURE_SETUP(shared)
{
	self->fd = -1;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
}

FIXTURE_TEARDOWN(shared)
{
	if (self->fd >= 0)
		close(self->fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

static int describe(FIXTURE_DATA(shared) *self, __u32 index)
{
	self->region = (struct socassign_region) {
		.neighbours = (uintptr_t)self->neighbours,
		.neighbours_len = sizeof(self->neighbours),
	};
	return soc_region(self->fd, index, &self->region);
}

static bool has_neighbour(FIXTURE_DATA(shared) *self, const char *path)
{
	const char *it = self->neighbours;

	for (; it < self->neighbours + self->region.neighbours_len;
	     it += strlen(it) + 1)
		if (!strcmp(it, path))
			return true;
	return false;
}

static int get(FIXTURE_DATA(shared) *self, __u32 at, size_t width)
{
	__u64 value;

	return soc_pread(self->fd, &self->region, at, &value, width);
}

static int put(FIXTURE_DATA(shared) *self, __u32 at, size_t width)
{
	const __u64 value = 0;

	return soc_pwrite(self->fd, &self->region, at, &value, width);
}

/* Every byte of [@from, @to), in each width that fits into the page. */
static void check_access(struct __test_metadata *_metadata,
			 FIXTURE_DATA(shared) *self, __u32 from, __u32 to,
			 int expected)
{
	for (size_t width = 1; width <= 4; width *= 2)
		for (__u32 at = from & -width; at < to; at += width) {
			EXPECT_EQ(expected, get(self, at, width))
				TH_LOG("read %zu at 0x%x", width, at);
			EXPECT_EQ(expected, put(self, at, width))
				TH_LOG("write %zu at 0x%x", width, at);
		}
}

static int try_map(FIXTURE_DATA(shared) *self)
{
	volatile void *regs = soc_map(self->fd, &self->region);

	if (!regs)
		return -errno;
	soc_unmap(regs, &self->region);
	return 0;
}

TEST_F(shared, nobody_reaches_what_is_a_neighbours)
{
	self->fd = soc_claim(etsec(), NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(NEIGHBOURS, self->region.out_flags);
	EXPECT_TRUE(has_neighbour(self, block("mdio@24520")));
	EXPECT_TRUE(has_neighbour(self, block("ptp-clock@24e00")));
	EXPECT_EQ(-EACCES, try_map(self));
	check_access(_metadata, self, MDIO, MDIO_END, -EACCES);
	check_access(_metadata, self, PTP, PTP_END, -EACCES);
	/* What is the claim's alone is within reach. */
	check_access(_metadata, self, MDIO - 8, MDIO, 0);
	check_access(_metadata, self, MDIO_END, MDIO_END + 8, 0);
	check_access(_metadata, self, PTP_END, PTP_END + 8, 0);
}

/* How many lines of the log an attempt leaves. */
static int lines_of_put(FIXTURE_DATA(shared) *self)
{
	int log = kmsg_open();
	int ret = put(self, MDIO, 4);
	int count = kmsg_count(log, etsec(), "share_regs");

	close(log);
	return ret == -EACCES ? count : -1;
}

TEST_F(shared, log_says_why)
{
	int lines;

	self->fd = soc_claim(etsec(), NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	lines = lines_of_put(self);
	/* It is limited, and the test before had many. */
	if (!lines) {
		sleep(6);
		lines = lines_of_put(self);
	}
	EXPECT_EQ(1, lines);
}

/* An access need only touch it. */
TEST_F(shared, access_that_touches_a_neighbour)
{
	self->fd = soc_claim(block("ethernet@b4000"), NO_DMA | SUBTREE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(NEIGHBOURS, self->region.out_flags);
	check_access(_metadata, self, TBI, TBI_END, -EACCES);
	check_access(_metadata, self, TBI - 8, TBI, 0);
	check_access(_metadata, self, TBI_END, TBI_END + 8, 0);
	if (self->region.out_widths & 8)
		EXPECT_EQ(-EACCES, put(self, TBI, 8));
}

/* He who is inside has no byte that is not the other's, too. */
TEST_F(shared, what_lies_within_another)
{
	self->fd = soc_claim(block("mdio@24520"), NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(NEIGHBOURS, self->region.out_flags);
	EXPECT_TRUE(has_neighbour(self, etsec()));
	check_access(_metadata, self, 0, MDIO_END - MDIO, -EACCES);
	close(self->fd);
	self->fd = soc_claim(block("mdio@24520"), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	/* By pwrite() only: the rest of the page is not his. */
	EXPECT_EQ(NEIGHBOURS | SHARED, self->region.out_flags);
	EXPECT_EQ(-EACCES, try_map(self));
	check_access(_metadata, self, 0, MDIO_END - MDIO, 0);
}

TEST_F(shared, administrator_says_so)
{
	int log = kmsg_open();
	struct socassign_info info = {};

	self->fd = soc_claim(etsec(), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	EXPECT_LT(0, kmsg_count(log, etsec(), block("mdio@24520")));
	close(log);
	ASSERT_EQ(0, soc_info(self->fd, &info));
	EXPECT_EQ(NO_DMA | SHARE, info.out_flags);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(MMAP | NEIGHBOURS | SHARED, self->region.out_flags);
	EXPECT_TRUE(has_neighbour(self, block("mdio@24520")));
	EXPECT_TRUE(has_neighbour(self, block("ptp-clock@24e00")));
	EXPECT_EQ(0, try_map(self));
	check_access(_metadata, self, MDIO, MDIO_END, 0);
	check_access(_metadata, self, PTP, PTP_END, 0);
}

TEST_F(shared, etsec2_and_its_mdio)
{
	self->fd = soc_claim(block("ethernet@b4000"), NO_DMA | SUBTREE | SHARE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(MMAP | NEIGHBOURS | SHARED, self->region.out_flags);
	EXPECT_EQ(0, try_map(self));
	check_access(_metadata, self, TBI, TBI_END, 0);
	EXPECT_EQ(-EBUSY, soc_try_claim(block("mdio@26000"), NO_DMA | SHARE));
	close(self->fd);

	self->fd = soc_claim(block("mdio@26000"), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(MMAP, self->region.out_flags);
	ASSERT_EQ(0, describe(self, 1));
	EXPECT_EQ(NEIGHBOURS | SHARED, self->region.out_flags);
	check_access(_metadata, self, 0, 4, 0);
}

/* Where nothing is shared, the word changes nothing. */
TEST_F(shared, neighbours_in_the_rest_of_the_page)
{
	self->fd = soc_claim(board_extra("twin@96000"), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(NEIGHBOURS, self->region.out_flags);
	EXPECT_EQ(-EACCES, try_map(self));
	close(self->fd);
	self->fd = soc_claim(board_extra("lone@97000"), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	EXPECT_EQ(MMAP, self->region.out_flags);
}

/* Together nobody is outside. */
TEST_F(shared, all_in_one_claim)
{
	char list[512];
	size_t len = 0;

	len = soc_list_add(list, sizeof(list), len, etsec());
	len = soc_list_add(list, sizeof(list), len, block("mdio@24520"));
	len = soc_list_add(list, sizeof(list), len, block("ptp-clock@24e00"));
	self->fd = soc_claim_list(list, len, NO_DMA);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, describe(self, i));
		EXPECT_EQ(MMAP, self->region.out_flags);
		EXPECT_EQ(0, try_map(self));
		check_access(_metadata, self, 0, 8, 0);
	}
}

/* In either order, and whatever the administrator says. */
TEST_F(shared, no_byte_has_two_owners)
{
	self->fd = soc_claim(etsec(), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	check_refusal(_metadata, -EBUSY, block("mdio@24520"), NO_DMA, etsec());
	EXPECT_EQ(-EBUSY, soc_try_claim(block("mdio@24520"), NO_DMA | SHARE));
	EXPECT_EQ(-EBUSY, soc_try_claim(block("ptp-clock@24e00"), NO_DMA));
	close(self->fd);

	self->fd = soc_claim(block("ptp-clock@24e00"), NO_DMA);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(-EBUSY, soc_try_claim(etsec(), NO_DMA));
	EXPECT_EQ(-EBUSY, soc_try_claim(etsec(), NO_DMA | SHARE));
	EXPECT_TRUE(was_told(etsec(), "ptp-clock@24e00"));
	/* They have a page in common, but no byte. */
	EXPECT_EQ(0, soc_try_claim(block("mdio@24520"), NO_DMA));
	close(self->fd);
	self->fd = soc_claim(etsec(), NO_DMA);
	EXPECT_LE(0, self->fd);
}

TEST_F(shared, dry_run_says_the_same)
{
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	const char *mdio = block("mdio@24520");

	ASSERT_LE(0, dev);
	EXPECT_EQ(0, soc_dry_run(dev, mdio, strlen(mdio) + 1, NO_DMA | SHARE));
	self->fd = soc_claim(etsec(), NO_DMA);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(-EBUSY, soc_dry_run(dev, mdio, strlen(mdio) + 1, NO_DMA));
	close(dev);
}

/* What nobody gets */

FIXTURE(inside) {
	const char *path;
};

FIXTURE_VARIANT(inside) {
	const char *extra;	/* on both boards' buses, or */
	const char *bench;
	const char *power;
	const char *arm64;
	const char *outer;
};

FIXTURE_VARIANT_ADD(inside, system_block) {
	.extra = "inside-guts@d6800", .outer = "guts@d6000",
};

FIXTURE_VARIANT_ADD(inside, timer) {
	.extra = "inside-timer@dd100", .outer = "timer@dd000",
};

FIXTURE_VARIANT_ADD(inside, iommu) {
	.extra = "inside-iommu@d4ff0", .outer = "iommu@d4000",
};

FIXTURE_VARIANT_ADD(inside, msi_bank) {
	.bench = "inside-msi@f6800", .outer = "msi@f6000",
};

FIXTURE_VARIANT_ADD(inside, interrupt_controller) {
	.power = "/soc@fe0000000/message@41400",
	.arm64 = "/message@8000400",
	.outer = "/",
};

FIXTURE_SETUP(inside)
{
	static char path[128];

	self->path = path;
	if (variant->extra)
		self->path = board_extra(variant->extra);
	else if (variant->bench)
		snprintf(path, sizeof(path), "%s/%s", bench()->bus,
			 variant->bench);
	else
		self->path = node_exists(variant->power) ? variant->power :
							   variant->arm64;
}

FIXTURE_TEARDOWN(inside)
{
}

TEST_F(inside, is_refused_to_everybody)
{
	const char *outer = variant->power ? board_get()->irqchip :
					     variant->outer;

	ASSERT_TRUE(node_exists(self->path));
	check_refusal(_metadata, -EACCES, self->path, NO_DMA, outer);
	EXPECT_EQ(-EACCES, soc_try_claim(self->path, NO_DMA | SHARE));
}

/* Whose word it is */

struct asking {
	int dev;
	__u32 flags;
};

/* Flags of the region, or an errno. */
static int claims_etsec(void *arg)
{
	const struct asking *asking = arg;
	struct socassign_region region = {};
	const char *path = etsec();
	int fd = soc_instantiate(asking->dev, path, strlen(path) + 1,
				 asking->flags);
	int ret = fd < 0 ? fd : soc_region(fd, 0, &region);

	if (fd >= 0)
		close(fd);
	return ret ? ret : (int)region.out_flags;
}

static int shares(void *arg)
{
	return sysfs_attr_write(arg, "share_regs", "1");
}

FIXTURE(word) {
	struct asking asking;
	struct sysfs_device dev;
	char value[16];
};

FIXTURE_SETUP(word)
{
	self->asking.dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->asking.dev);
	ASSERT_EQ(0, sysfs_find(etsec(), &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
}

FIXTURE_TEARDOWN(word)
{
	EXPECT_EQ(0, sysfs_move(&self->dev, ""));
	close(self->asking.dev);
}

static int asks(FIXTURE_DATA(word) *self, who_becomes become)
{
	return who_does(become, claims_etsec, &self->asking);
}

TEST_F(word, flag_needs_sys_admin)
{
	int ret;

	self->asking.flags = SHARE;
	ret = asks(self, who_without_sys_admin);
	if (ret == WHO_CANNOT)
		SKIP(return, "the kernel does not let us be that");
	EXPECT_EQ(-EPERM, ret);
	EXPECT_TRUE(was_told(etsec(), "SHARE_REGS"));
	EXPECT_EQ(-EPERM, asks(self, who_nobody));
	EXPECT_EQ(MMAP | NEIGHBOURS | SHARED, asks(self, who_root));
}

static const char *share_regs(FIXTURE_DATA(word) *self)
{
	return sysfs_attr_read(&self->dev, "share_regs", self->value,
			       sizeof(self->value)) ? "?" : self->value;
}

TEST_F(word, attribute_is_for_those_without)
{
	EXPECT_STREQ("0", share_regs(self));
	EXPECT_EQ(NEIGHBOURS, asks(self, who_nobody));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "share_regs", "1"));
	EXPECT_STREQ("1", share_regs(self));
	EXPECT_EQ(MMAP | NEIGHBOURS | SHARED, asks(self, who_nobody));
	EXPECT_EQ(MMAP | NEIGHBOURS | SHARED, asks(self, who_root));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "share_regs", "0"));
	EXPECT_EQ(NEIGHBOURS, asks(self, who_nobody));
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "share_regs", "x"));
	EXPECT_STREQ("0", share_regs(self));
}

TEST_F(word, attribute_ends_with_the_binding)
{
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "share_regs", "1"));
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	EXPECT_STREQ("0", share_regs(self));
}

TEST_F(word, attribute_needs_sys_admin)
{
	int ret = who_does(who_without_sys_admin, shares, &self->dev);

	if (ret == WHO_CANNOT)
		SKIP(return, "the kernel does not let us be that");
	EXPECT_EQ(-EPERM, ret);
	EXPECT_EQ(-EACCES, who_does(who_nobody, shares, &self->dev));
	EXPECT_STREQ("0", share_regs(self));
}

/* Overlays */

static int bring(const char *name, uint32_t at)
{
	static struct fdt fdt;

	return overlay_apply_device(&fdt, bus(), name, "test,newcomer", at, 0x10);
}

/* A region that cannot be mapped is still the claim's, to the byte. */
TEST_F(shared, overlay_among_a_claims_registers)
{
	if (!overlay_possible())
		SKIP(return, "this kernel has no CONFIG_OF_OVERLAY");
	overlay_remove();
	self->fd = soc_claim(block("mdio@24520"), NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, describe(self, 0));
	ASSERT_EQ(NEIGHBOURS, self->region.out_flags);
	expect_in_log("notifier error -16");
	EXPECT_EQ(-EBUSY, bring("late@24530", 0x24530));
	EXPECT_EQ(0, bring("late@24540", 0x24540));
	EXPECT_EQ(0, overlay_remove());
}

static int held(int fd)
{
	struct socassign_info info = {};

	return soc_info(fd, &info);
}

/* Its registers are where they were when the claim was made. */
TEST_F(shared, property_of_a_neighbour)
{
	static struct fdt fdt;

	if (!overlay_possible())
		SKIP(return, "this kernel has no CONFIG_OF_OVERLAY");
	overlay_remove();
	self->fd = soc_claim(etsec(), NO_DMA);
	ASSERT_LE(0, self->fd);
	expect_in_log("memory leak will occur if overlay removed");
	overlay_begin(&fdt, block("mdio@24520"));
	fdt_string(&fdt, "test,changed", "yes");
	EXPECT_EQ(0, overlay_apply(&fdt));
	EXPECT_EQ(0, held(self->fd));
	EXPECT_EQ(0, overlay_remove());
	EXPECT_EQ(0, held(self->fd));
}

TEST_F(shared, overlay_beside_shared_registers)
{
	if (!overlay_possible())
		SKIP(return, "this kernel has no CONFIG_OF_OVERLAY");
	overlay_remove();
	self->fd = soc_claim(etsec(), NO_DMA | SHARE);
	ASSERT_LE(0, self->fd);
	expect_in_log("notifier error -16");
	EXPECT_EQ(-EBUSY, bring("late@24600", 0x24600));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
