// SPDX-License-Identifier: GPL-2.0
/*
 * Taking devices from the host and giving them back: what DETACH does, what
 * it refuses, and that afterwards everything is as it was before, however the
 * claim ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/hostrtc.h"
#include "lib/owner.h"
#include "lib/testmod.h"

#define FLAGS (SOCASSIGN_DETACH | SOCASSIGN_NO_DMA)

FIXTURE(detach) {
	const char *skip;
	const struct bench *bench;
	struct sysfs_device level, plain;
};

/* A device with its host driver, whatever a test before left. */
static bool with_host(const char *node, const char *driver,
		      struct sysfs_device *dev)
{
	if (sysfs_find(node, dev))
		return false;
	if (sysfs_bound_to(dev, driver))
		return !sysfs_override(dev, "");
	return !sysfs_move(dev, driver) && sysfs_wait_driver(dev, driver);
}

FIXTURE_SETUP(detach)
{
	self->bench = bench();
	if (!self->bench) {
		self->skip = NO_BENCH;
		return;
	}
	if (!testmod_has("device_remove")) {
		self->skip = "the module socassign_test is not loaded";
		return;
	}
	ASSERT_TRUE(with_host(self->bench->level->node,
			      self->bench->level->driver, &self->level));
	ASSERT_TRUE(with_host(self->bench->plain, PLAIN_DRIVER, &self->plain));
}

FIXTURE_TEARDOWN(detach)
{
	if (self->skip)
		return;
	EXPECT_TRUE(with_host(self->bench->level->node,
			      self->bench->level->driver, &self->level));
	EXPECT_TRUE(with_host(self->bench->plain, PLAIN_DRIVER, &self->plain));
}

static bool bound_to(const struct sysfs_device *dev, const char *driver)
{
	return sysfs_bound_to(dev, driver);
}

static int claim_list(const char *first, const char *second, __u32 flags)
{
	char list[512];
	size_t len;

	len = soc_list_add(list, sizeof(list), 0, first);
	len = soc_list_add(list, sizeof(list), len, second);
	return soc_claim_list(list, len, flags);
}

TEST_F(detach, takes_and_gives_back)
{
	SKIP_IF(self->skip);
	const struct level_dev *dev = self->bench->level;

	ASSERT_TRUE(hostrtc_works(&self->level));
	for (int i = 0; i < 5; i++) {
		int fd = soc_claim(dev->node, SOCASSIGN_DETACH);

		ASSERT_LE(0, fd);
		EXPECT_TRUE(bound_to(&self->level, "socassign"));
		EXPECT_EQ(-1, hostrtc_open(&self->level));
		close(fd);
		ASSERT_TRUE(sysfs_wait_driver(&self->level, dev->driver));
	}
	EXPECT_TRUE(hostrtc_works(&self->level));
}

TEST_F(detach, not_without_the_flag)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(-EBUSY, soc_claim(self->bench->level->node, 0));
	EXPECT_TRUE(bound_to(&self->level, self->bench->level->driver));
	EXPECT_TRUE(hostrtc_works(&self->level));
}

/* What the administrator handed out stays his, with or without the flag. */
TEST_F(detach, handed_out_stays_bound)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, level_hand_out(self->bench->level));
	for (int i = 0; i < 4; i++) {
		int fd = soc_claim(self->bench->level->node,
				   i % 2 ? SOCASSIGN_DETACH : 0);

		ASSERT_LE(0, fd);
		close(fd);
	}
	/* A new claim waits for the old ones to be over. */
	int fd = soc_claim(self->bench->level->node, 0);

	EXPECT_LE(0, fd);
	EXPECT_TRUE(bound_to(&self->level, "socassign"));
	close(fd);
}

/* The owner used the device, and left it working. */
TEST_F(detach, used_and_closed)
{
	SKIP_IF(self->skip);
	struct level level;

	ASSERT_EQ(0, level_open(&level, self->bench->level, SOCASSIGN_DETACH));
	for (int i = 0; i < 10; i++) {
		level_raise(&level);
		ASSERT_EQ(1, soc_wait(level.trigger, LONG_MS));
		level_lower(&level);
		ASSERT_EQ(0, level_resample(&level));
	}
	level_close(&level);
	ASSERT_TRUE(sysfs_wait_driver(&self->level,
				      self->bench->level->driver));
	EXPECT_TRUE(hostrtc_works(&self->level));
}

/* What processes that are to be killed do */

static int open_it(void *arg)
{
	const struct level_dev *dev = arg;
	struct level level;

	return level_open(&level, dev, SOCASSIGN_DETACH);
}

static int open_and_raise(void *arg)
{
	const struct level_dev *dev = arg;
	struct level level;
	int ret = level_open(&level, dev, SOCASSIGN_DETACH);

	if (ret)
		return ret;
	level_raise(&level);
	return soc_wait(level.trigger, LONG_MS) == 1 ? 0 : -ETIMEDOUT;
}

TEST_F(detach, owner_killed)
{
	SKIP_IF(self->skip);
	pid_t pid = owner_start(open_it, NULL, (void *)self->bench->level);

	ASSERT_LT(0, pid);
	EXPECT_TRUE(bound_to(&self->level, "socassign"));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	ASSERT_TRUE(sysfs_wait_driver(&self->level,
				      self->bench->level->driver));
	EXPECT_TRUE(hostrtc_works(&self->level));
}

/* The line is up, and nobody has a reset for the device. */
TEST_F(detach, owner_killed_in_interrupt)
{
	SKIP_IF(self->skip);
	pid_t pid = owner_start(open_and_raise, NULL,
				(void *)self->bench->level);

	ASSERT_LT(0, pid);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	ASSERT_TRUE(sysfs_wait_driver(&self->level,
				      self->bench->level->driver));
	EXPECT_TRUE(hostrtc_works(&self->level));
}

TEST_F(detach, revoked)
{
	SKIP_IF(self->skip);
	const struct level_dev *dev = self->bench->level;
	int fd = soc_claim(dev->node, SOCASSIGN_DETACH);
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sysfs_unbind(&self->level));
	/* The file is still open, and the host has the device. */
	EXPECT_EQ(-ENODEV, soc_info(fd, &info));
	ASSERT_TRUE(sysfs_wait_driver(&self->level, dev->driver));
	EXPECT_TRUE(hostrtc_works(&self->level));
	close(fd);
	EXPECT_TRUE(bound_to(&self->level, dev->driver));
}

/* Removed, and made again, while it was detached. */
TEST_F(detach, removed)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->plain, FLAGS);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, testmod_write("device_remove", self->bench->plain));
	ASSERT_EQ(0, testmod_write("device_create", self->bench->bus));
	ASSERT_EQ(0, sysfs_find(self->bench->plain, &self->plain));
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
	close(fd);
	EXPECT_TRUE(bound_to(&self->plain, PLAIN_DRIVER));
}

/* Drivers that cannot let go */

FIXTURE(stuck) {
	const char *skip;
	struct sysfs_device dev;
};

FIXTURE_VARIANT(stuck) {
	size_t node;		/* in struct bench */
	const char *driver;
};

FIXTURE_VARIANT_ADD(stuck, no_unbind) {
	.node = offsetof(struct bench, stuck), .driver = STUCK_DRIVER,
};

FIXTURE_VARIANT_ADD(stuck, no_remove) {
	.node = offsetof(struct bench, devm), .driver = DEVM_DRIVER,
};

static const char *stuck_node(size_t offset)
{
	return *(const char **)((char *)bench() + offset);
}

FIXTURE_SETUP(stuck)
{
	if (!bench())
		self->skip = NO_BENCH;
	else if (sysfs_find(stuck_node(variant->node), &self->dev) ||
		 !sysfs_bound_to(&self->dev, variant->driver))
		self->skip = "the module socassign_test is not loaded";
}

FIXTURE_TEARDOWN(stuck)
{
}

TEST_F(stuck, refused)
{
	SKIP_IF(self->skip);
	const char *node = stuck_node(variant->node);

	EXPECT_EQ(-EBUSY, soc_claim(node, FLAGS));
	EXPECT_EQ(-EBUSY, soc_claim(node, SOCASSIGN_NO_DMA));
	EXPECT_TRUE(bound_to(&self->dev, variant->driver));
}

/* All or none, in either order: the one that let go is back at once. */
TEST_F(stuck, refused_with_others)
{
	SKIP_IF(self->skip);
	const char *node = stuck_node(variant->node);
	struct sysfs_device level;

	ASSERT_TRUE(with_host(bench()->level->node, bench()->level->driver,
			      &level));
	for (int i = 0; i < 6; i++) {
		int ret = i % 2 ?
			claim_list(node, bench()->level->node, FLAGS) :
			claim_list(bench()->level->node, node, FLAGS);

		EXPECT_EQ(-EBUSY, ret);
		EXPECT_TRUE(sysfs_wait_driver(&level, bench()->level->driver));
	}
	EXPECT_TRUE(bound_to(&self->dev, variant->driver));
	EXPECT_TRUE(hostrtc_works(&level));
}

/*
 * The board's host bridge would take its disks and its console with it.  Asked only:
 * whoever gets it ends this test.
 */
TEST(bridge_with_driven_devices_behind)
{
	static const char node[] = "/pcie@10000000";
	struct sysfs_device dev;
	int fd;

	if (!node_exists(node) || sysfs_find(node, &dev) ||
	    !sysfs_bound_to(&dev, "pci-host-generic"))
		SKIP(return, "the board has no such bridge");
	fd = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EBUSY, soc_instantiate(fd, node, sizeof(node),
					  FLAGS | SOCASSIGN_DRY_RUN));
	EXPECT_TRUE(strstr(soc_reason(), "the host drives 0000:00:"))
		TH_LOG("%s", soc_reason());
	close(fd);
}

/* Unbound devices, and what the administrator wants */

TEST_F(detach, unbound_device_stays_unbound)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, sysfs_move(&self->plain, ""));
	for (int i = 0; i < 4; i++) {
		int fd = soc_claim(self->bench->plain, i % 2 ? FLAGS :
				   SOCASSIGN_NO_DMA);

		ASSERT_LE(0, fd);
		EXPECT_TRUE(bound_to(&self->plain, "socassign"));
		close(fd);
		EXPECT_TRUE(sysfs_wait_driver(&self->plain, ""));
	}
}

/* The claim does not touch driver_override, so it needs no undoing. */
TEST_F(detach, override_is_left_alone)
{
	SKIP_IF(self->skip);
	int fd;

	EXPECT_TRUE(sysfs_override_is(&self->plain, "(null)"));
	fd = soc_claim(self->bench->plain, FLAGS);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(sysfs_override_is(&self->plain, "(null)"));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
	EXPECT_TRUE(sysfs_override_is(&self->plain, "(null)"));
}

/* It names a driver that is not there: nobody else gets the device back. */
TEST_F(detach, override_set_before)
{
	SKIP_IF(self->skip);
	int fd;

	ASSERT_EQ(0, sysfs_move(&self->plain, ""));
	ASSERT_EQ(0, sysfs_override(&self->plain, "absent"));
	fd = soc_claim(self->bench->plain, FLAGS);
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, ""));
	EXPECT_TRUE(sysfs_override_is(&self->plain, "absent"));
}

TEST_F(detach, override_set_while_claimed)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->plain, FLAGS);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sysfs_override(&self->plain, "absent"));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, ""));
	EXPECT_TRUE(sysfs_override_is(&self->plain, "absent"));
}

/* He hands the device out for good, and says what it can do. */
static void hand_out_claimed(struct __test_metadata *_metadata,
			     const struct sysfs_device *dev)
{
	ASSERT_EQ(0, sysfs_override(dev, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(dev, "dma_class", "none"));
	ASSERT_EQ(0, sysfs_attr_write(dev, "share_regs", "1"));
}

/* A claim without a flag that vouches for it: his word still counts. */
static void expect_handed_out(struct __test_metadata *_metadata,
			      const struct sysfs_device *dev, const char *node)
{
	char class[32], share[8];
	int fd = soc_claim(node, 0);

	EXPECT_LE(0, fd)
		TH_LOG("%s", soc_reason());
	EXPECT_TRUE(bound_to(dev, "socassign"));
	EXPECT_EQ(0, sysfs_attr_read(dev, "dma_class", class, sizeof(class)));
	EXPECT_STREQ("none (declared)", class);
	EXPECT_EQ(0, sysfs_attr_read(dev, "share_regs", share, sizeof(share)));
	EXPECT_STREQ("1", share);
	if (fd >= 0)
		close(fd);
	EXPECT_TRUE(bound_to(dev, "socassign"));
}

/* While somebody has it for now: what was declared outlives that. */
TEST_F(detach, handed_out_while_claimed)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->plain, FLAGS);

	ASSERT_LE(0, fd);
	hand_out_claimed(_metadata, &self->plain);
	close(fd);
	expect_handed_out(_metadata, &self->plain, self->bench->plain);
}

TEST_F(detach, unbound_device_handed_out_while_claimed)
{
	SKIP_IF(self->skip);
	int fd;

	ASSERT_EQ(0, sysfs_move(&self->plain, ""));
	fd = soc_claim(self->bench->plain, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	hand_out_claimed(_metadata, &self->plain);
	close(fd);
	expect_handed_out(_metadata, &self->plain, self->bench->plain);
}

/* He thinks better of it: the host's driver is who gets it. */
TEST_F(detach, handed_out_and_taken_back_while_claimed)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->plain, FLAGS);

	ASSERT_LE(0, fd);
	hand_out_claimed(_metadata, &self->plain);
	ASSERT_EQ(0, sysfs_override(&self->plain, ""));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
}

/* He gave it to another driver after a revoke: that one keeps it. */
TEST_F(detach, bound_elsewhere_after_revoke)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->plain, FLAGS);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sysfs_unbind(&self->plain));
	ASSERT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
	ASSERT_EQ(0, sysfs_move(&self->plain, "socassign"));
	close(fd);
	fd = soc_claim(self->bench->plain, SOCASSIGN_NO_DMA);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(bound_to(&self->plain, "socassign"));
}

/* Several nodes */

TEST_F(detach, several_nodes)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 4; i++) {
		int fd = i % 2 ?
			claim_list(self->bench->level->node, self->bench->plain,
				   FLAGS) :
			claim_list(self->bench->plain, self->bench->level->node,
				   FLAGS);

		ASSERT_LE(0, fd);
		EXPECT_TRUE(bound_to(&self->level, "socassign"));
		EXPECT_TRUE(bound_to(&self->plain, "socassign"));
		close(fd);
		EXPECT_TRUE(sysfs_wait_driver(&self->level,
					      self->bench->level->driver));
		EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
	}
	EXPECT_TRUE(hostrtc_works(&self->level));
}

/* Each in its own way: detached, unbound, handed out, made. */
TEST_F(detach, mixed_nodes)
{
	SKIP_IF(self->skip);
	const struct bench *b = self->bench;
	char list[1024];
	size_t len = 0;
	int fd;

	ASSERT_EQ(0, sysfs_move(&self->plain, ""));
	len = soc_list_add(list, sizeof(list), len, b->asleep);
	len = soc_list_add(list, sizeof(list), len, b->plain);
	len = soc_list_add(list, sizeof(list), len, b->level->node);
	fd = soc_claim_list(list, len, FLAGS);
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->level, b->level->driver));
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, ""));
}

/* The last of the paths makes no sense: the others never notice. */
TEST_F(detach, bad_path_at_the_end)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(-ENOENT, claim_list(self->bench->level->node, "/no/such",
				      FLAGS));
	EXPECT_EQ(-EACCES, claim_list(self->bench->level->node, "/cpus",
				      FLAGS | SOCASSIGN_SUBTREE));
	EXPECT_TRUE(bound_to(&self->level, self->bench->level->driver));
	EXPECT_TRUE(hostrtc_works(&self->level));
}

/* Devices that are made for a claim */

static int count_devices(const char *node)
{
	struct sysfs_device dev;

	return sysfs_find(node, &dev) ? 0 : 1;
}

TEST_F(detach, made_for_a_disabled_node)
{
	SKIP_IF(self->skip);
	const char *node = self->bench->asleep;
	struct sysfs_device dev;

	ASSERT_EQ(0, count_devices(node));
	for (int i = 0; i < 5; i++) {
		int fd = soc_claim(node, SOCASSIGN_NO_DMA);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, sysfs_find(node, &dev));
		EXPECT_STREQ("platform", dev.bus);
		EXPECT_TRUE(bound_to(&dev, "socassign"));
		close(fd);
		EXPECT_TRUE(wait_until(!count_devices(node)));
	}
}

/* The host's driver matches the node, but must not have the device. */
TEST_F(detach, host_drivers_keep_off_what_is_made)
{
	SKIP_IF(self->skip);
	const char *node = self->bench->asleep;
	int fd = soc_claim(node, SOCASSIGN_NO_DMA);
	struct sysfs_device dev;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sysfs_find(node, &dev));
	EXPECT_NE(0, sysfs_bind(&dev, PLAIN_DRIVER));
	EXPECT_EQ(0, sysfs_write("/sys/bus/platform/drivers_probe", dev.name));
	EXPECT_TRUE(bound_to(&dev, "socassign"));
	/* Nor between the claim's end and the device's. */
	ASSERT_EQ(0, sysfs_unbind(&dev));
	EXPECT_NE(0, sysfs_bind(&dev, PLAIN_DRIVER));
	close(fd);
}

/* of_platform does not make a second one meanwhile, and can afterwards. */
TEST_F(detach, made_once)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->plain, FLAGS);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, testmod_write("device_create", self->bench->bus));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
}

/* A node whose device was removed gets one for the claim; then it is free. */
TEST_F(detach, made_for_a_removed_device)
{
	SKIP_IF(self->skip);
	int fd;

	ASSERT_EQ(0, testmod_write("device_remove", self->bench->plain));
	ASSERT_EQ(0, count_devices(self->bench->plain));
	fd = soc_claim(self->bench->plain, SOCASSIGN_NO_DMA);
	EXPECT_LE(0, fd);
	EXPECT_EQ(1, count_devices(self->bench->plain));
	close(fd);
	EXPECT_TRUE(wait_until(!count_devices(self->bench->plain)));
	ASSERT_EQ(0, testmod_write("device_create", self->bench->bus));
	ASSERT_EQ(0, sysfs_find(self->bench->plain, &self->plain));
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
}

TEST_HARNESS_MAIN
