// SPDX-License-Identifier: GPL-2.0
/*
 * A claim that is brought back to its start while it is in use: nothing of before
 * comes any more, what was set up is there, and the host has a device that works.
 * (dma_life.c: bus masters; reset.c: with a reset line.)
 */
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/hostrtc.h"
#include "lib/passfd.h"
#include "lib/who.h"

#define SETTLE_MS	50

FIXTURE(restart) {
	const char *skip;
	struct level level;
};

FIXTURE_SETUP(restart)
{
	self->level.fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	ASSERT_EQ(0, level_set_up(&self->level, bench()->level));
}

FIXTURE_TEARDOWN(restart)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, level_tear_down(&self->level));
}

static __u32 irq_flags(const struct level *level)
{
	struct socassign_irq irq = {};

	return soc_irq(level->fd, 0, &irq) ? ~0u : irq.out_flags;
}

/* As a driver has to begin with it. */
static bool works_again(struct level *level)
{
	level->dev->init(level->regs);
	return level_cycle(level);
}

/* The interrupt is up, and its owner has not answered it. */
static void expect_nothing_left(struct __test_metadata *_metadata,
				struct level *level)
{
	level_raise(level);
	ASSERT_EQ(1, soc_wait(level->trigger, LONG_MS));
	EXPECT_EQ(SOCASSIGN_IRQ_AUTOMASKED,
		  irq_flags(level) & SOCASSIGN_IRQ_AUTOMASKED);
	ASSERT_EQ(0, soc_reset(level->fd));
	EXPECT_EQ(0, irq_flags(level) & SOCASSIGN_IRQ_AUTOMASKED);
	EXPECT_EQ(0, soc_wait(level->trigger, SETTLE_MS));
	EXPECT_TRUE(works_again(level));
}

TEST_F(restart, nothing_is_left)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};

	ASSERT_EQ(0, soc_info(self->level.fd, &info));
	EXPECT_EQ(1, info.out_has_reset);
	for (int i = 0; i < 3; i++)
		expect_nothing_left(_metadata, &self->level);
}

/* What the owner has set up stays: the mask, too. */
TEST_F(restart, what_was_masked_is)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;

	ASSERT_EQ(0, soc_set_irq(level->fd, 0, SOCASSIGN_SET_MASK));
	ASSERT_EQ(0, soc_reset(level->fd));
	EXPECT_EQ(SOCASSIGN_IRQ_MASKED, irq_flags(level) & SOCASSIGN_IRQ_MASKED);
	level->dev->init(level->regs);
	level_raise(level);
	EXPECT_EQ(0, soc_wait(level->trigger, SETTLE_MS));
	ASSERT_EQ(0, soc_set_irq(level->fd, 0, SOCASSIGN_SET_UNMASK));
	EXPECT_EQ(1, soc_wait(level->trigger, LONG_MS));
	level_lower(level);
	EXPECT_EQ(0, level_resample(level));
	EXPECT_TRUE(works_again(level));
}

static int reset_received(void *arg)
{
	int *sock = arg;
	int fd = receive_fd(*sock);

	return fd < 0 ? fd : soc_reset(fd);
}

/* A sandboxed VMM: it has the descriptor, and nothing else. */
TEST_F(restart, by_who_was_handed_the_claim)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;
	int sock[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	ASSERT_EQ(0, send_fd(sock[0], level->fd));
	level_raise(level);
	ASSERT_EQ(1, soc_wait(level->trigger, LONG_MS));
	EXPECT_EQ(0, who_does(who_nobody, reset_received, &sock[1]));
	EXPECT_EQ(0, irq_flags(level) & SOCASSIGN_IRQ_AUTOMASKED);
	EXPECT_TRUE(works_again(level));
	close(sock[0]);
	close(sock[1]);
}

/* As after a close. */
TEST_F(restart, host_gets_a_device_that_works)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;

	level_raise(level);
	ASSERT_EQ(1, soc_wait(level->trigger, LONG_MS));
	ASSERT_EQ(0, soc_reset(level->fd));
	level_close(level);
	ASSERT_EQ(0, level_take_back(level->dev));
	EXPECT_TRUE(hostrtc_works(&level->sysfs));
}

/* Nobody knows what it is: nothing is touched. */
TEST(restart_of_an_unknown_device)
{
	struct socassign_info info = {};
	int fd;

	if (!bench())
		SKIP(return, "%s", NO_BENCH);
	fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(0, info.out_has_reset);
	EXPECT_EQ(-EOPNOTSUPP, soc_reset(fd));
	close(fd);
}

TEST_HARNESS_MAIN
