// SPDX-License-Identifier: GPL-2.0
/*
 * A tree that says "edge" of a line that is a level: nothing takes the cause
 * away when the handler is through, so it interrupts again at once, for ever.
 * The machine stays alive, and the owner hears of it.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/fdinfo.h"

/* A shared message interrupt; MPC8544E Reference Manual, 9.3.6. */
#define MSIIR	0x140	/* write: raise bank 0 */
#define MSIR0	0x000	/* read: take the cause away */

FIXTURE(liar) {
	const char *skip;
	int fd;
	int trigger;
	struct socassign_region region;
};

FIXTURE_SETUP(liar)
{
	self->fd = -1;
	if (!bench() || !bench()->liar) {
		self->skip = bench() ? "this board has no such line" : NO_BENCH;
		return;
	}
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	self->fd = soc_claim(bench()->liar, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	self->trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ASSERT_EQ(0, soc_set_trigger(self->fd, 0, self->trigger));
}

static int raise_line(int fd, const struct socassign_region *region)
{
	const uint32_t bank = 0;

	return soc_pwrite(fd, region, MSIIR, &bank, sizeof(bank));
}

static int lower_line(int fd, const struct socassign_region *region)
{
	uint32_t bits;

	return soc_pread(fd, region, MSIR0, &bits, sizeof(bits));
}

/*
 * What came in a pause is delivered after it, and a pause is as long as the storm
 * was, which is long on a slow machine.
 */
static bool gets_quiet(int trigger)
{
	for (int i = 0; i < LONG_MS / 1000; i++)
		if (!soc_wait(trigger, 1000))
			return true;
	return false;
}

FIXTURE_TEARDOWN(liar)
{
	if (self->skip)
		return;
	lower_line(self->fd, &self->region);
	close(self->fd);
	close(self->trigger);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

TEST_F_TIMEOUT(liar, does_not_stop_the_machine, 60)
{
	SKIP_IF(self->skip);
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN };
	struct socassign_get_event event;

	ASSERT_EQ(0, raise_line(self->fd, &self->region));
	ASSERT_EQ(1, poll(&pfd, 1, LONG_MS));
	ASSERT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_STORM, event.out_type);
	/* How fast is the CPU? */
	EXPECT_TRUE(event.out_storm == SOCASSIGN_STORM_RATE ||
		    event.out_storm == SOCASSIGN_STORM_BUSY);
	EXPECT_LT(0, fdinfo_number(self->fd, "socassign-storms-0"));
	EXPECT_LT(1, soc_wait(self->trigger, LONG_MS));
	/* We get to run, and so to take the cause away. */
	ASSERT_EQ(0, lower_line(self->fd, &self->region));
	EXPECT_TRUE(gets_quiet(self->trigger));
}

/* Masked: it is quiet, also where the end of a pause is under way. */
TEST_F_TIMEOUT(liar, can_be_masked, 60)
{
	SKIP_IF(self->skip);
	time_t end;

	ASSERT_EQ(0, raise_line(self->fd, &self->region));
	for (int i = 0; again(i, 200, &end); i++) {
		ASSERT_LT(0, soc_wait(self->trigger, LONG_MS));
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_MASK));
		soc_wait(self->trigger, 0);
		ASSERT_EQ(0, soc_wait(self->trigger, i % 20 ? 1 : 100));
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_UNMASK));
	}
}

TEST_HARNESS_MAIN
