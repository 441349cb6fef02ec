// SPDX-License-Identifier: GPL-2.0
/*
 * The module comes and goes: not while somebody has a claim, and leaving
 * nothing behind.  Only where the module's file is in /lib/modules itself, as
 * on the test boards: the module of a machine in use stays as it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/module.h"

FIXTURE(module) {
	const char *skip;
	struct sysfs_device level, plain;
};

FIXTURE_SETUP(module)
{
	self->skip = bench() ? module_stays() : NO_BENCH;
	if (self->skip)
		return;
	ASSERT_EQ(0, module_load());
	ASSERT_EQ(0, sysfs_find(bench()->level->node, &self->level));
	ASSERT_EQ(0, sysfs_find(bench()->plain, &self->plain));
}

FIXTURE_TEARDOWN(module)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(0, level_take_back(bench()->level));
}

TEST_F(module, stays_while_claimed)
{
	SKIP_IF(self->skip);
	struct level level;

	ASSERT_EQ(0, level_hand_out(bench()->level));
	ASSERT_EQ(0, level_open(&level, bench()->level, 0));
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	/* A mapping alone is enough. */
	close(level.fd);
	level.fd = -1;
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	level_close(&level);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_NE(0, access(SOC_DEVICE, F_OK));
}

/* A revoked file is a file: what it calls must be there. */
TEST_F(module, stays_while_a_revoked_file_is_open)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	int fd = soc_claim(bench()->plain, SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sysfs_unbind(&self->plain));
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	EXPECT_EQ(-ENODEV, soc_info(fd, &info));
	close(fd);
	EXPECT_EQ(0, module_unload_soon());
}

/* Of the misc device, too. */
TEST_F(module, stays_while_the_device_is_open)
{
	SKIP_IF(self->skip);
	int fd = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(fd);
	EXPECT_EQ(0, module_unload_soon());
}

/* Unloaded at once after a close: the devices are back, not on the way. */
TEST_F_TIMEOUT(module, goes_with_work_pending, 60)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 10; i++) {
		int fd = soc_claim(bench()->level->node, SOCASSIGN_DETACH);

		ASSERT_LE(0, fd);
		close(fd);
		ASSERT_EQ(0, module_unload_soon());
		EXPECT_TRUE(sysfs_bound_to(&self->level,
					   bench()->level->driver));
		ASSERT_EQ(0, module_load());
	}
}

/* What is bound to it is unbound; what was made for a claim is gone. */
TEST_F_TIMEOUT(module, reloaded_with_binds, 60)
{
	SKIP_IF(self->skip);
	struct sysfs_device made;

	for (int i = 0; i < 20; i++) {
		int fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, level_hand_out(bench()->level));
		close(fd);
		ASSERT_EQ(0, module_unload_soon());
		EXPECT_TRUE(sysfs_bound_to(&self->level, ""));
		EXPECT_NE(0, sysfs_find(bench()->asleep, &made));
		ASSERT_EQ(0, module_load());
		/* driver_override is still set: it is bound as we load. */
		EXPECT_TRUE(sysfs_bound_to(&self->level, "socassign"));
	}
}

TEST_HARNESS_MAIN
