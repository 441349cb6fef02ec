// SPDX-License-Identifier: GPL-2.0
/*
 * The machine goes to sleep, or down, while devices are given away.  (dma_life.c:
 * down, and a bus master is at work.)
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/hostrtc.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define STATE	"/sys/power/state"
#define LEVEL	"/sys/power/pm_test"
#define SECONDS	120	/* for a test; against hangs only */

/* Can the kernel sleep so? */
static bool has_state(const char *state)
{
	char states[64];

	return sysfs_read(STATE, states, sizeof(states)) >= 0 &&
	       strstr(states, state);
}

/*
 * To sleep, and awake again, as far as tasks are concerned: five seconds, see
 * Documentation/power/basic-pm-debugging.rst.
 */
static int sleep_a_while(const char *state)
{
	int ret = sysfs_write(LEVEL, "freezer");

	if (!ret)
		ret = sysfs_write(STATE, state);
	sysfs_write(LEVEL, "none");
	return ret;
}

FIXTURE(machine) {
	const char *skip;
	struct level level;
};

FIXTURE_SETUP(machine)
{
	self->level.fd = -1;
	self->skip = bench() ? NULL : NO_BENCH;
	if (self->skip)
		return;
	ASSERT_EQ(0, level_open(&self->level, bench()->level,
				SOCASSIGN_DETACH));
}

FIXTURE_TEARDOWN(machine)
{
	struct sysfs_device dev;

	if (self->skip)
		return;
	board_set_param("revoke_on_sleep", "N");
	if (self->level.fd >= 0)
		level_close(&self->level);
	EXPECT_EQ(0, sysfs_find(bench()->level->node, &dev));
	EXPECT_TRUE(sysfs_wait_driver(&dev, bench()->level->driver));
	EXPECT_TRUE(hostrtc_works(&dev));
}

/* Its owner has nothing but an event, and the host has it again. */
static void expect_revoked(struct __test_metadata *_metadata,
			   struct level *level)
{
	struct pollfd pfd = { .fd = level->fd, .events = POLLIN };
	struct socassign_get_event event = {};
	struct socassign_info info = {};

	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_TRUE(pfd.revents & POLLHUP);
	EXPECT_EQ(0, soc_get_event(level->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(-ENODEV, soc_info(level->fd, &info));
	EXPECT_TRUE(sysfs_wait_driver(&level->sysfs, level->dev->driver));
}

TEST_F_TIMEOUT(machine, does_not_sleep, SECONDS)
{
	SKIP_IF(self->skip);
	SKIP_IF(has_state("freeze") ? NULL : "this kernel cannot sleep");
	EXPECT_EQ(-EBUSY, sleep_a_while("freeze"));
	if (has_state("disk"))
		EXPECT_EQ(-EBUSY, sleep_a_while("disk"));
	EXPECT_TRUE(level_cycle(&self->level));
	level_close(&self->level);
	self->level.fd = -1;
	EXPECT_EQ(0, sleep_a_while("freeze"));
	/* It is awake. */
	EXPECT_EQ(0, soc_try_claim(bench()->level->node, SOCASSIGN_DETACH));
}

TEST_F_TIMEOUT(machine, sleeps_nevertheless, SECONDS)
{
	SKIP_IF(self->skip);
	SKIP_IF(has_state("freeze") ? NULL : "this kernel cannot sleep");
	ASSERT_EQ(0, board_set_param("revoke_on_sleep", "Y"));
	EXPECT_EQ(0, sleep_a_while("freeze"));
	expect_revoked(_metadata, &self->level);
}

/* Such a driver may wait for the machine to have gone to sleep, or not to have. */
TEST_F_TIMEOUT(machine, does_not_wait_for_a_driver_for_ever, SECONDS)
{
	SKIP_IF(self->skip);
	SKIP_IF(has_state("freeze") ? NULL : "this kernel cannot sleep");
	SKIP_IF(testmod_has("hold_probes") ? NULL :
		"the module socassign_test is not loaded");
	const char *slow = bench_node("slow@ee000");
	struct sysfs_device dev;
	int fd;

	ASSERT_EQ(0, sysfs_find(slow, &dev));
	fd = soc_claim(slow, SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, board_set_param("revoke_on_sleep", "Y"));
	ASSERT_EQ(0, testmod_hold_probes(true));
	EXPECT_EQ(-EBUSY, sleep_a_while("freeze"));
	EXPECT_EQ(1, testmod_num_held());
	EXPECT_EQ(0, testmod_hold_probes(false));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&dev, SLOW_DRIVER));
	EXPECT_EQ(0, sleep_a_while("freeze"));
}

TEST_F(machine, goes_down)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("device_shutdown") ? NULL :
		"the module socassign_test is not loaded");
	EXPECT_EQ(0, testmod_write("device_shutdown", bench()->level->node));
	expect_revoked(_metadata, &self->level);
}

TEST_HARNESS_MAIN
