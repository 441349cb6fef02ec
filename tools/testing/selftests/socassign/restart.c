// SPDX-License-Identifier: GPL-2.0
/*
 * A claim that is brought back to its start while it is in use: nothing of before
 * comes any more, what was set up is there, and the host has a device that works.
 * (dma_life.c: bus masters; reset.c: with a reset line.)
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/hostrtc.h"
#include "lib/passfd.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define STORM_LIMIT	"/sys/module/socassign/parameters/storm_limit"

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
		  level_flags(level) & SOCASSIGN_IRQ_AUTOMASKED);
	ASSERT_EQ(0, soc_reset(level->fd));
	EXPECT_EQ(0, level_flags(level) & SOCASSIGN_IRQ_AUTOMASKED);
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
	EXPECT_EQ(SOCASSIGN_IRQ_MASKED, level_flags(level) & SOCASSIGN_IRQ_MASKED);
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
	EXPECT_EQ(0, level_flags(level) & SOCASSIGN_IRQ_AUTOMASKED);
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

/*
 * Lines of each kind, by a controller that keeps what came while one was masked.  A
 * slow one is behind a bus that sleeps: its handler is a thread, its mask is set
 * later.
 */
FIXTURE(line) {
	const char *skip;
	char storm_limit[16];
	int fd;
	int trigger;
	int resample;
};

FIXTURE_VARIANT(line) {
	const char *node;
	const char *number;	/* of the line */
	bool is_level;
	int raised;		/* how often while it is masked */
};

FIXTURE_VARIANT_ADD(line, edge) {
	.node = "line-edge", .number = "0", .raised = 1,
};

FIXTURE_VARIANT_ADD(line, slow_edge) {
	.node = "line-slow-edge", .number = "1", .raised = 3,
};

FIXTURE_VARIANT_ADD(line, level) {
	.node = "line-level", .number = "2", .is_level = true, .raised = 3,
};

FIXTURE_VARIANT_ADD(line, slow_level) {
	.node = "line-slow-level", .number = "3", .is_level = true, .raised = 3,
};

FIXTURE_SETUP(line)
{
	self->fd = -1;
	if (!bench())
		self->skip = NO_BENCH;
	else if (!testmod_has("raise_line"))
		self->skip = "the module socassign_test is not loaded";
	if (self->skip)
		return;
	ASSERT_EQ(0, sysfs_read(STORM_LIMIT, self->storm_limit,
				sizeof(self->storm_limit)));
	self->trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	self->resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	self->fd = soc_claim(bench_node(variant->node), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	if (variant->is_level)
		ASSERT_EQ(0, soc_set_resample(self->fd, 0, self->resample));
	ASSERT_EQ(0, soc_set_trigger(self->fd, 0, self->trigger));
}

FIXTURE_TEARDOWN(line)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, testmod_write("lower_line", variant->number));
	close(self->fd);
	EXPECT_EQ(0, sysfs_write(STORM_LIMIT, self->storm_limit));
}

static int raise_line(const char *number)
{
	return testmod_write("raise_line", number);
}

/* One whole interrupt; an edge needs no end. */
static bool line_works(FIXTURE_DATA(line) *self, const char *number)
{
	if (raise_line(number) || soc_wait(self->trigger, LONG_MS) != 1)
		return false;
	return !testmod_write("lower_line", number) &&
	       !soc_set_irq(self->fd, 0, SOCASSIGN_SET_EOI);
}

/*
 * Masked by its owner: of edges one has come, and of more than one another waits in
 * the controller.  That of a fast line delivers it when a decrementer says so, for which
 * RESET cannot wait.
 */
TEST_F(line, what_waited_is_gone)
{
	SKIP_IF(self->skip);
	long resets = testmod_line_resets();

	ASSERT_TRUE(line_works(self, variant->number));
	for (int i = 1; i <= 3; i++) {
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_MASK));
		for (int raised = 0; raised < variant->raised; raised++)
			ASSERT_EQ(0, raise_line(variant->number));
		EXPECT_EQ(0, soc_wait(self->trigger, SETTLE_MS));
		ASSERT_EQ(0, soc_reset(self->fd));
		EXPECT_EQ(resets + i, testmod_line_resets());
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_UNMASK));
		EXPECT_EQ(0, soc_wait(self->trigger, SETTLE_MS));
		EXPECT_TRUE(line_works(self, variant->number));
	}
}

/* Not answered: an edge needs no answer, and a level none any more. */
TEST_F(line, what_was_not_answered_is_gone)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, raise_line(variant->number));
		ASSERT_EQ(1, soc_wait(self->trigger, LONG_MS));
		ASSERT_EQ(0, soc_reset(self->fd));
		EXPECT_EQ(0, soc_wait(self->trigger, SETTLE_MS));
		EXPECT_TRUE(line_works(self, variant->number));
	}
}

/* Raise and answer until there is an event: the line is paused. */
static bool storm(FIXTURE_DATA(line) *self, const char *number)
{
	struct socassign_get_event event;
	time_t end;

	for (int i = 0; again(i, 10000, &end); i++) {
		if (!soc_get_event(self->fd, &event))
			return event.out_type == SOCASSIGN_EVENT_STORM;
		if (!line_works(self, number))
			return false;
	}
	return false;
}

/* A pause lasts 10 ms or more, so most of these are in one when they are reset. */
TEST_F(line, a_pause_is_over)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
		ASSERT_TRUE(storm(self, variant->number));
		ASSERT_EQ(0, sysfs_write(STORM_LIMIT, self->storm_limit));
		ASSERT_EQ(0, raise_line(variant->number));
		ASSERT_EQ(0, soc_reset(self->fd));
		/* It may have been over before; then this one has come. */
		soc_wait(self->trigger, 0);
		EXPECT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_FIRE));
		EXPECT_EQ(1, soc_wait(self->trigger, 0));
		EXPECT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_EOI));
		EXPECT_EQ(0, soc_wait(self->trigger, SETTLE_MS));
		EXPECT_TRUE(line_works(self, variant->number));
	}
}

struct raiser {
	const char *number;
	volatile bool stop;
	int ret;
};

static void *raise_in_loop(void *data)
{
	struct raiser *raiser = data;

	while (!raiser->stop && !raiser->ret)
		raiser->ret = raise_line(raiser->number);
	return NULL;
}

/* A device that raises its line all the while, until the last reset. */
TEST_F_TIMEOUT(line, reset_in_a_storm, 60)
{
	SKIP_IF(self->skip);
	struct raiser raiser = { .number = variant->number };
	pthread_t thread;
	time_t end;

	ASSERT_EQ(0, pthread_create(&thread, NULL, raise_in_loop, &raiser));
	for (int i = 0; again(i, 300, &end); i++) {
		EXPECT_EQ(0, soc_set_irq(self->fd, 0, i % 2 ? SOCASSIGN_SET_MASK :
						      SOCASSIGN_SET_UNMASK));
		EXPECT_EQ(0, soc_reset(self->fd));
		soc_set_irq(self->fd, 0, SOCASSIGN_SET_EOI);
	}
	raiser.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, raiser.ret);
	/* As in what_waited_is_gone nothing may wait in the controller. */
	EXPECT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_UNMASK));
	usleep(SETTLE_MS * 1000);
	ASSERT_EQ(0, soc_reset(self->fd));
	soc_wait(self->trigger, 0);
	EXPECT_EQ(0, soc_wait(self->trigger, SETTLE_MS));
	EXPECT_TRUE(line_works(self, variant->number));
}

TEST_HARNESS_MAIN
