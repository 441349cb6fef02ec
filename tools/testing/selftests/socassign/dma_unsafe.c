// SPDX-License-Identifier: GPL-2.0
/*
 * Bus masters that nothing keeps from memory: what UNSAFE_DMA needs and does,
 * LIODNs, and the quarantine of what could not be reset.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/fdt.h"
#include "lib/kmsg.h"
#include "lib/overlay.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define UNSAFE_DMA	SOCASSIGN_UNSAFE_DMA
#define TAINT_USER	(1 << 6)

static int is_tainted(void)
{
	char value[32] = "0";

	sysfs_read("/proc/sys/kernel/tainted", value, sizeof(value));
	return atoi(value) & TAINT_USER;
}

/* The master's node is disabled, so its device comes and goes with claims. */
FIXTURE(master)
{
	char path[256], twin[256];
	int log;
	int fd;
};

static int end_quarantine(const char *path)
{
	struct sysfs_device dev;
	int ret = sysfs_find(path, &dev);

	return ret ? ret : sysfs_attr_write(&dev, "quarantine", "0");
}

/* The device is destroyed by the work that gives it back. */
static bool wait_gone(const char *path)
{
	struct sysfs_device dev;

	return wait_until(sysfs_find(path, &dev) != 0);
}

FIXTURE_SETUP(master)
{
	strcpy(self->path, board_extra("master@d0000"));
	strcpy(self->twin, board_extra("master@d1000"));
	self->log = kmsg_open();
	self->fd = -1;
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
}

FIXTURE_TEARDOWN(master)
{
	close(self->fd);
	end_quarantine(self->path);
	end_quarantine(self->twin);
	EXPECT_TRUE(wait_gone(self->path));
	EXPECT_TRUE(wait_gone(self->twin));
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
	close(self->log);
}

/* First of all: the taint cannot be taken back. */
TEST_F(master, taints)
{
	if (is_tainted())
		SKIP(return, "somebody has tainted this kernel before");
	ASSERT_EQ(0, board_set_param("unsafe_dma", "N"));
	EXPECT_EQ(-EPERM, soc_try_claim(self->path, UNSAFE_DMA));
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	EXPECT_EQ(-ENOENT, soc_try_claim("/no/such/node", UNSAFE_DMA));
	/* Neither does one that has no need of the flag. */
	EXPECT_EQ(0, soc_try_claim(board_get()->device,
				   UNSAFE_DMA | SOCASSIGN_DETACH));
	EXPECT_EQ(0, is_tainted());
	self->fd = soc_claim(self->path, UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(TAINT_USER, is_tainted());
	EXPECT_LE(1, kmsg_count(self->log, self->path, "DMA"));
}

TEST_F(master, needs_the_parameter)
{
	ASSERT_EQ(0, board_set_param("unsafe_dma", "N"));
	check_refusal(_metadata, -EPERM, self->path, UNSAFE_DMA, "unsafe_dma");
}

static int claim_unsafe(void *arg)
{
	return soc_try_claim(arg, UNSAFE_DMA);
}

static int claim_unsafe_without_rawio(void *arg)
{
	return who_does(who_without_sys_rawio, claim_unsafe, arg);
}

static int claim_unsafe_without_admin(void *arg)
{
	return who_does(who_without_sys_admin, claim_unsafe, arg);
}

TEST_F(master, needs_both_capabilities)
{
	check_refused(_metadata, -EPERM, claim_unsafe_without_rawio, self->path,
		      self->path, "CAP_SYS_RAWIO");
	check_refused(_metadata, -EPERM, claim_unsafe_without_admin, self->path,
		      self->path, "CAP_SYS_ADMIN");
	/* With both, as a process of its own: the helper does not spoil it. */
	EXPECT_EQ(0, who_does(who_root, claim_unsafe, self->path));
}

TEST_F(master, says_what_it_is)
{
	struct socassign_info info = {};
	struct sysfs_device dev;
	char class[64] = "";

	self->fd = soc_claim(self->path, UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_info(self->fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_UNSAFE, info.out_dma_class);
	EXPECT_EQ(UNSAFE_DMA, info.out_flags);
	ASSERT_EQ(0, sysfs_find(self->path, &dev));
	EXPECT_EQ(0, sysfs_attr_read(&dev, "dma_class", class, sizeof(class)));
	EXPECT_STREQ("unsafe", class);
	/* fsl,liodn says the contrary. */
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&dev, "dma_class", "none"));
	EXPECT_EQ(1, kmsg_count(self->log, self->path, "fsl,liodn"));
}

/* One LIODN, one owner: 5 is the first's only and the twin's second. */
TEST_F(master, owns_its_liodns)
{
	int other;

	self->fd = soc_claim(self->path, UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
	check_refusal(_metadata, -EBUSY, self->twin, UNSAFE_DMA, "LIODN");
	other = soc_claim(board_extra("master@d2000"), UNSAFE_DMA);
	EXPECT_LE(0, other);
	close(other);
	EXPECT_EQ(0, end_quarantine(board_extra("master@d2000")));
}

TEST_F(master, shares_its_liodn_in_one_claim)
{
	char list[512];
	size_t len = strlen(self->path) + 1;

	strcpy(list, self->path);
	strcpy(list + len, self->twin);
	len += strlen(self->twin) + 1;
	self->fd = soc_claim_list(list, len, UNSAFE_DMA);
	EXPECT_LE(0, self->fd);
}

/* The one is back, the other still in quarantine: that keeps its own node only. */
TEST_F(master, quarantine_of_both_ends_one_by_one)
{
	static struct fdt fdt;
	struct sysfs_device dev;
	char list[512], late[256];
	size_t len;

	if (!overlay_possible())
		SKIP(return, "the kernel has no overlays, or not our test module");
	ASSERT_EQ(0, overlay_apply_device(&fdt, board_get()->bus, "late@fb000",
					  "test,late", 0xfb000, 0x1000));
	snprintf(late, sizeof(late), "%s/late@fb000", board_get()->bus);
	len = soc_list_add(list, sizeof(list), 0, late);
	len = soc_list_add(list, sizeof(list), len, self->path);
	self->fd = soc_claim_list(list, len, UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, sysfs_find(late, &dev));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(0, end_quarantine(late));
	EXPECT_TRUE(sysfs_wait_driver(&dev, ""));
	expect_in_log("notifier error -16");
	EXPECT_TRUE(wait_until(overlay_remove() != -EBUSY));
}

TEST_F(master, quarantine)
{
	struct sysfs_device dev;
	char value[16] = "";

	/* The log has ten such lines in five seconds, which others may have used up. */
	sleep(6);
	ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
	ASSERT_EQ(0, sysfs_find(self->path, &dev));
	EXPECT_EQ(0, sysfs_attr_read(&dev, "quarantine", value, sizeof(value)));
	EXPECT_STREQ("1", value);
	EXPECT_EQ(0, sysfs_attr_read(&dev, "claimed", value, sizeof(value)));
	EXPECT_STREQ("0", value);
	EXPECT_EQ(1, kmsg_count(self->log, dev.name, "quarantine"));

	check_refusal(_metadata, -EBUSY, self->path, UNSAFE_DMA, "quarantine");

	EXPECT_EQ(0, sysfs_attr_write(&dev, "quarantine", "0"));
	EXPECT_TRUE(wait_gone(self->path));
	self->fd = soc_claim(self->path, UNSAFE_DMA);
	EXPECT_LE(0, self->fd);
}

/* It is on its way then, and whoever claims it waits for that. */
TEST_F(master, free_right_after_quarantine)
{
	struct sysfs_device dev;

	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA))
			TH_LOG("round %d: %s", i, soc_reason());
		ASSERT_EQ(0, sysfs_find(self->path, &dev));
		ASSERT_EQ(0, sysfs_attr_write(&dev, "quarantine", "0"));
	}
}

/* Whom it is unbound from makes no difference: nobody gets it. */
TEST_F(master, unbound_in_use)
{
	struct socassign_info info = {};
	struct sysfs_device dev;
	char value[16] = "";

	self->fd = soc_claim(self->path, UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, sysfs_find(self->path, &dev));
	ASSERT_EQ(0, sysfs_unbind(&dev));
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	EXPECT_TRUE(sysfs_wait_driver(&dev, ""));
	check_refusal(_metadata, -EBUSY, self->path, UNSAFE_DMA, "quarantine");
	if (!sysfs_bound_to(&dev, "socassign"))
		ASSERT_EQ(0, sysfs_bind(&dev, "socassign"));
	EXPECT_EQ(0, sysfs_attr_read(&dev, "quarantine", value, sizeof(value)));
	EXPECT_STREQ("1", value);
}

/*
 * The end of a quarantine gives the device back, and a claim that comes at the
 * same time gets it before or afterwards, or not at all: not halfway.
 */
TEST_F(master, claim_right_after_quarantine)
{
	for (int i = 0; i < 30; i++) {
		struct pollfd pollfd = { .events = POLLIN };
		int fd;

		ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
		ASSERT_EQ(0, end_quarantine(self->path));
		fd = soc_claim(self->path, UNSAFE_DMA);
		EXPECT_TRUE(fd >= 0 || fd == -EBUSY);
		pollfd.fd = fd;
		/* Time for the work, if that is still to come. */
		EXPECT_EQ(0, fd < 0 ? 0 : poll(&pollfd, 1, 20))
			TH_LOG("round %d: revoked at birth", i);
		close(fd);
		end_quarantine(self->path);
		ASSERT_TRUE(wait_gone(self->path));
	}
}

/* What the administrator had bound stays bound, and is his to clear. */
FIXTURE(bound)
{
	struct sysfs_device dev;
	char path[256];
	char value[16];
};

FIXTURE_SETUP(bound)
{
	strcpy(self->path, board_extra("names@90000"));
	ASSERT_EQ(0, sysfs_find(self->path, &self->dev));
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
}

FIXTURE_TEARDOWN(bound)
{
	if (sysfs_bound_to(&self->dev, "socassign")) {
		sysfs_attr_write(&self->dev, "quarantine", "0");
		sysfs_move(&self->dev, "");
	}
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

static int claim_declared(void *arg)
{
	return soc_try_claim(arg, 0);
}

TEST_F(bound, quarantine)
{
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
	ASSERT_EQ(0, sysfs_attr_read(&self->dev, "quarantine", self->value,
				     sizeof(self->value)));
	EXPECT_STREQ("1", self->value);
	/* Declared or not, by root or by others. */
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	EXPECT_EQ(-EBUSY, soc_try_claim(self->path, 0));
	EXPECT_EQ(-EBUSY, who_does(who_without_sys_admin, claim_declared,
				   self->path));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	EXPECT_TRUE(sysfs_bound_to(&self->dev, "socassign"));
	EXPECT_EQ(0, soc_try_claim(self->path, 0));
	EXPECT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
}

/* Bound for the claim only: the quarantine keeps it, its end frees it. */
TEST_F(bound, quarantine_of_what_was_not_bound)
{
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
	EXPECT_TRUE(sysfs_bound_to(&self->dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, ""));
}

/* The administrator hands it out meanwhile: the end of the quarantine leaves it so. */
TEST_F(bound, quarantine_of_what_was_handed_out_meanwhile)
{
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
	ASSERT_EQ(0, sysfs_override(&self->dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	EXPECT_EQ(0, soc_try_claim(self->path, 0));
	EXPECT_TRUE(sysfs_bound_to(&self->dev, "socassign"));
}

/* A claim without DMA leaves no quarantine, whatever its flags. */
TEST_F(bound, no_quarantine_without_dma)
{
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	ASSERT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
	ASSERT_EQ(0, sysfs_attr_read(&self->dev, "quarantine", self->value,
				     sizeof(self->value)));
	EXPECT_STREQ("0", self->value);
}

/*
 * A node that says that there is a PAMU, or another one: not before the boot, or
 * the kernel's driver would look for its registers.
 */
static int add_pamu(void)
{
	static struct fdt fdt;

	overlay_begin(&fdt, board_get()->bus);
	fdt_begin_node(&fdt, "iommu@2f000");
	fdt_string(&fdt, "compatible", "fsl,pamu");
	fdt_end_node(&fdt);
	return overlay_apply(&fdt);
}

/*
 * A node is no PAMU; and where there is one it protects nothing from a device
 * that may have the register of its LIODN.
 */
TEST_F(master, not_protected)
{
	if (!overlay_possible())
		SKIP(return, "the kernel has no overlays, or not our test module");
	ASSERT_EQ(0, add_pamu());
	EXPECT_EQ(-EPERM, soc_try_claim(self->path, 0));
	EXPECT_EQ(-EINVAL, soc_try_claim(self->path, SOCASSIGN_NO_DMA));
	EXPECT_EQ(0, soc_try_claim(self->path, UNSAFE_DMA));
	EXPECT_EQ(0, overlay_remove());
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
