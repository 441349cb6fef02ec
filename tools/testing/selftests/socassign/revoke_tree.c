// SPDX-License-Identifier: GPL-2.0
/*
 * The device tree changes under a claim: overlays are refused what is
 * claimed and may have what is not, and a claimed device does not keep one
 * from going once it is given back.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/devtree.h"
#include "lib/fdt.h"
#include "lib/overlay.h"
#include "lib/testmod.h"

#define REG		0xfb000
#define NODE_NAME	"guest@fb000"
#define VETOED		"notifier error -16"

FIXTURE(overlay) {
	const char *skip;
	char node[256];		/* what the overlay adds */
	struct fdt fdt;
	int fd;
};

/* A new node on the bus of the bench. */
static int add_node(struct fdt *fdt, const char *compatible)
{
	return overlay_apply_device(fdt, bench()->bus, NODE_NAME, compatible,
				    REG, 0x1000);
}

/*
 * A property more for a node that is there, or with a name, a child.  (To take
 * such a property away again leaks it, so this is for what is refused.)
 */
static int change_node(struct fdt *fdt, const char *node, const char *child)
{
	overlay_begin(fdt, node);
	if (child)
		fdt_begin_node(fdt, child);
	fdt_string(fdt, "test,changed", "yes");
	if (child)
		fdt_end_node(fdt);
	return overlay_apply(fdt);
}

FIXTURE_SETUP(overlay)
{
	self->fd = -1;
	if (!bench())
		self->skip = NO_BENCH;
	else if (!overlay_possible())
		self->skip = "this kernel has no CONFIG_OF_OVERLAY";
	if (self->skip)
		return;
	overlay_remove();
	snprintf(self->node, sizeof(self->node), "%s/" NODE_NAME,
		 bench()->bus);
}

FIXTURE_TEARDOWN(overlay)
{
	if (self->skip)
		return;
	if (self->fd >= 0)
		close(self->fd);
	/* Right after a close the devices are still on their way back. */
	wait_until(overlay_remove() != -EBUSY);
}

/* A property or a child. */
static bool has_entry(const char *node, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", node, name);
	return node_exists(path);
}

TEST_F(overlay, its_node_can_be_claimed)
{
	SKIP_IF(self->skip);
	struct socassign_region region = {};

	ASSERT_EQ(0, add_node(&self->fdt, "test,overlay"));
	self->fd = soc_claim(self->node, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &region));
	EXPECT_EQ(REG, region.out_bus_address);
}

TEST_F(overlay, cannot_change_a_claimed_node)
{
	SKIP_IF(self->skip);
	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	expect_in_log(VETOED);
	EXPECT_EQ(-EBUSY, change_node(&self->fdt, bench()->asleep, NULL));
	EXPECT_FALSE(has_entry(bench()->asleep, "test,changed"));
	EXPECT_EQ(-EBUSY, change_node(&self->fdt, bench()->asleep, "child"));
	EXPECT_FALSE(has_entry(bench()->asleep, "child"));
	/* Through its bus, too. */
	EXPECT_EQ(-EBUSY, change_node(&self->fdt, bench()->bus,
				      strrchr(bench()->asleep, '/') + 1));
	EXPECT_FALSE(has_entry(bench()->asleep, "test,changed"));
}

TEST_F(overlay, can_change_it_after_close)
{
	SKIP_IF(self->skip);
	int ret = -EBUSY;

	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	close(self->fd);
	self->fd = -1;
	expect_in_log(VETOED);
	wait_until((ret = change_node(&self->fdt, bench()->asleep, "child")) !=
		   -EBUSY);
	ASSERT_EQ(0, ret);
	EXPECT_TRUE(has_entry(bench()->asleep, "child"));
	EXPECT_EQ(0, overlay_remove());
	EXPECT_FALSE(has_entry(bench()->asleep, "child"));
}

/* Nothing of it was applied, so its removal takes nothing from the claim. */
TEST_F(overlay, that_was_refused_can_be_removed)
{
	SKIP_IF(self->skip);
	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	expect_in_log(VETOED);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-EBUSY, change_node(&self->fdt, bench()->asleep,
					      "child"));
		/* The test module removes what failed, or it is busy for ever. */
		ASSERT_EQ(0, add_node(&self->fdt, "test,overlay"));
		EXPECT_EQ(0, overlay_remove());
	}
}

/* The first register of a claim, and a new node there or in its page. */
static int add_beside(struct fdt *fdt, uint32_t addr, const char *status)
{
	const uint32_t reg[] = { addr, 0x10 };

	overlay_begin(fdt, bench()->bus);
	fdt_begin_node(fdt, "intruder@1");
	fdt_string(fdt, "compatible", "test,overlay");
	fdt_string(fdt, "status", status);
	fdt_cells(fdt, "reg", reg, 2);
	fdt_end_node(fdt);
	return overlay_apply(fdt);
}

TEST_F(overlay, cannot_bring_registers_to_a_claim)
{
	SKIP_IF(self->skip);
	struct socassign_region region = {};

	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &region));
	expect_in_log(VETOED);
	EXPECT_EQ(-EBUSY, add_beside(&self->fdt, region.out_bus_address, "okay"));
	EXPECT_EQ(-EBUSY, add_beside(&self->fdt, region.out_bus_address + 0x20,
				     "disabled"));
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, add_beside(&self->fdt, region.out_bus_address, "disabled"));
	EXPECT_EQ(0, overlay_remove());
}

/* A node that anybody can claim, and that others can name; NULL if there is none. */
static const struct dt_node *nameable_node(void)
{
	dt_load();
	for (struct dt_node *node = dt_first(); node; node = node->next)
		if (dt_prop(node, "phandle") && dt_prop(node, "reg") &&
		    strstr(node->path, bench()->bus) == node->path &&
		    !soc_try_claim(node->path, SOCASSIGN_NO_DMA))
			return node;
	return NULL;
}

static int add_user(struct fdt *fdt, uint32_t phandle, const char *status)
{
	overlay_begin(fdt, bench()->bus);
	fdt_begin_node(fdt, "user");
	fdt_string(fdt, "compatible", "test,overlay");
	fdt_string(fdt, "status", status);
	fdt_cells(fdt, "panel", &phandle, 1);
	fdt_end_node(fdt);
	return overlay_apply(fdt);
}

TEST_F(overlay, cannot_bring_a_user_of_a_claim)
{
	SKIP_IF(self->skip);
	const struct dt_node *node = nameable_node();
	uint32_t phandle;

	SKIP_IF(node ? NULL : "no node of the bench has a phandle");
	phandle = dt_cell(node, "phandle", 0);
	self->fd = soc_claim(node->path, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	expect_in_log(VETOED);
	EXPECT_EQ(-EBUSY, add_user(&self->fdt, phandle, "okay"));
	/* One that nobody drives asks for nothing. */
	ASSERT_EQ(0, add_user(&self->fdt, phandle, "disabled"));
	EXPECT_EQ(0, overlay_remove());
}

/* The gpios of a hog start with a line of its parent's, not with a phandle. */
static int add_hog(struct fdt *fdt, uint32_t line)
{
	const uint32_t gpios[] = { line, 0 };

	overlay_begin(fdt, bench()->bus);
	fdt_begin_node(fdt, "hog");
	fdt_cells(fdt, "gpio-hog", NULL, 0);
	fdt_cells(fdt, "gpios", gpios, 2);
	fdt_end_node(fdt);
	return overlay_apply(fdt);
}

TEST_F(overlay, can_bring_a_hog)
{
	SKIP_IF(self->skip);
	const struct dt_node *node = nameable_node();

	SKIP_IF(node ? NULL : "no node of the bench has a phandle");
	self->fd = soc_claim(node->path, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, add_hog(&self->fdt, dt_cell(node, "phandle", 0)));
	EXPECT_EQ(0, overlay_remove());
}

/* What is beside a claimed node is none of the claim's business. */
TEST_F(overlay, can_change_other_nodes)
{
	SKIP_IF(self->skip);
	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, change_node(&self->fdt, bench()->host_line, "child"));
	EXPECT_EQ(0, overlay_remove());
	ASSERT_EQ(0, add_node(&self->fdt, "test,overlay"));
	EXPECT_EQ(0, overlay_remove());
}

TEST_F(overlay, stays_while_its_node_is_claimed)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};

	ASSERT_EQ(0, add_node(&self->fdt, "test,overlay"));
	self->fd = soc_claim(self->node, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	expect_in_log(VETOED);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(-EBUSY, overlay_remove());
	EXPECT_EQ(0, soc_info(self->fd, &info));
	EXPECT_TRUE(node_exists(self->node));
}

/* At once: nothing of the claim is left that would hold the nodes. */
static void claim_and_remove(struct __test_metadata *_metadata,
			     struct fdt *fdt, const char *node,
			     const char *compatible, __u32 flags)
{
	for (int i = 0; i < 10; i++) {
		int ret = -EBUSY;
		int fd;

		ASSERT_EQ(0, add_node(fdt, compatible));
		fd = soc_claim(node, flags);
		ASSERT_LE(0, fd);
		close(fd);
		/* "Wait a moment" is an answer; a leaked node is not. */
		wait_until((ret = overlay_remove()) != -EBUSY);
		ASSERT_EQ(0, ret);
		ASSERT_FALSE(node_exists(node));
	}
}

TEST_F(overlay, goes_after_close)
{
	SKIP_IF(self->skip);
	expect_in_log(VETOED);
	claim_and_remove(_metadata, &self->fdt, self->node, "test,overlay",
			 SOCASSIGN_NO_DMA);
}

/* The same with a driver of the host's that had it before. */
TEST_F(overlay, goes_after_detach_and_close)
{
	SKIP_IF(self->skip);
	expect_in_log(VETOED);
	claim_and_remove(_metadata, &self->fdt, self->node,
			 "socassign,test-plain",
			 SOCASSIGN_NO_DMA | SOCASSIGN_DETACH);
}

/* Revoked, its file still open: that holds no node. */
TEST_F(overlay, goes_beside_a_revoked_file)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	struct sysfs_device dev;
	int ret = -EBUSY;

	ASSERT_EQ(0, add_node(&self->fdt, "test,overlay"));
	self->fd = soc_claim(self->node, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, sysfs_find(self->node, &dev));
	ASSERT_EQ(0, sysfs_unbind(&dev));
	expect_in_log(VETOED);
	wait_until((ret = overlay_remove()) != -EBUSY);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
}

/* Refused claims leave nothing behind, either. */
TEST_F(overlay, goes_after_refused_claim)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, add_node(&self->fdt, "simple-bus"));
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(-EACCES, soc_claim(self->node, SOCASSIGN_NO_DMA));
		EXPECT_EQ(-EPERM, soc_claim(self->node, SOCASSIGN_SUBTREE));
	}
	EXPECT_EQ(0, overlay_remove());
}

/*
 * By a changeset a node is taken out without asking anybody: no veto, but a
 * revoke.  Here of a node whose device was made for the claim.
 */
FIXTURE(changeset) {
	const char *skip;
	int fd;
};

FIXTURE_SETUP(changeset)
{
	self->fd = -1;
	if (!bench())
		self->skip = NO_BENCH;
	else if (!testmod_has("node_detach"))
		self->skip = "this kernel has no CONFIG_OF_DYNAMIC";
	if (self->skip)
		return;
	testmod_write("node_attach", "1");
}

FIXTURE_TEARDOWN(changeset)
{
	if (self->skip)
		return;
	if (self->fd >= 0)
		close(self->fd);
	testmod_write("node_attach", "1");
	EXPECT_TRUE(node_exists(bench()->asleep));
}

TEST_F(changeset, revokes_a_made_device)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;
	struct socassign_info info = {};

	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, testmod_write("node_detach", bench()->asleep));
	ASSERT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(0, event.out_index);
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	EXPECT_EQ(-ENOENT, soc_claim(bench()->asleep, SOCASSIGN_NO_DMA));
	/* The old file is still open when the node is back. */
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
	close(self->fd);
	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	EXPECT_LE(0, self->fd);
}

/* Of a claim with all that is below its node. */
TEST_F(changeset, revokes_for_a_part)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	char part[256];

	snprintf(part, sizeof(part), "%s/inner@2000/deep@900",
		 board_extra("bus@a0000"));
	self->fd = soc_claim(board_extra("bus@a0000"),
			     SOCASSIGN_NO_DMA | SOCASSIGN_SUBTREE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, testmod_write("node_detach", part));
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
}

/* The host's driver does not get back what is no longer there. */
TEST_F(changeset, revokes_with_a_device_of_the_hosts)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;

	self->fd = soc_claim(bench()->plain,
			     SOCASSIGN_NO_DMA | SOCASSIGN_DETACH);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, testmod_write("node_detach", bench()->plain));
	ASSERT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(-ENODEV, soc_get_event(self->fd, &event));
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
	close(self->fd);
	self->fd = -1;
}

TEST_F(changeset, unclaimed_node)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};

	self->fd = soc_claim(bench()->plain,
			     SOCASSIGN_NO_DMA | SOCASSIGN_DETACH);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, testmod_write("node_detach", bench()->asleep));
	EXPECT_EQ(0, soc_info(self->fd, &info));
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
}

TEST_HARNESS_MAIN
