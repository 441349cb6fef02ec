// SPDX-License-Identifier: GPL-2.0
/*
 * The eventfds of an interrupt: which are taken, what happens to them while
 * the device interrupts, and when they are closed, full or crossed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"

#define FULL		0xfffffffffffffffeull	/* eventfd(2): the largest */

FIXTURE(eventfds) {
	const char *skip;
	struct level level;
};

FIXTURE_SETUP(eventfds)
{
	self->level.fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	ASSERT_EQ(0, level_set_up(&self->level, bench()->level));
	ASSERT_EQ(0, level_pin(&self->level, 0));
}

FIXTURE_TEARDOWN(eventfds)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, level_tear_down(&self->level));
}

static int new_eventfd(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static int signal_eventfd(int fd, uint64_t value)
{
	return write(fd, &value, sizeof(value)) < 0 ? -errno : 0;
}

static uint64_t count_of(int fd, __u32 index)
{
	struct socassign_irq irq = {};

	return soc_irq(fd, index, &irq) ? 0 : irq.out_count;
}

/*
 * The line stays up: one interrupt, and so many more, each after a resample.  One
 * that came earlier than the interrupt would end no mask.
 */
static bool raise_and_resample(struct level *level, unsigned int times)
{
	level_raise(level);
	for (unsigned int i = 0; i < times; i++)
		if (!wait_until(count_of(level->fd, 0) == i + 1) ||
		    level_resample(level))
			return false;
	return wait_until(count_of(level->fd, 0) == times + 1);
}

static int set_both(int fd, int trigger, int resample)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd),
		.flags = SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE,
		.trigger_fd = trigger, .resample_fd = resample,
	};

	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

TEST_F(eventfds, bad_files)
{
	SKIP_IF(self->skip);
	int fd = self->level.fd;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int closed = new_eventfd();

	close(closed);
	EXPECT_EQ(-EBADF, soc_set_trigger(fd, 0, closed));
	EXPECT_EQ(-EBADF, soc_set_resample(fd, 0, closed));
	EXPECT_EQ(-EBADF, soc_set_trigger(fd, 0, 1 << 20));
	EXPECT_EQ(-EINVAL, soc_set_trigger(fd, 0, null));
	EXPECT_EQ(-EINVAL, soc_set_resample(fd, 0, null));
	EXPECT_EQ(-EINVAL, soc_set_trigger(fd, 0, fd));
	EXPECT_EQ(-ENOENT, soc_set_trigger(fd, 1, self->level.trigger));
	/* What was attached is still. */
	EXPECT_TRUE(level_cycle(&self->level));
}

/* Only -1 detaches: anything else below 0 is no file descriptor. */
TEST_F(eventfds, negative_fds)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(-EBADF, soc_set_trigger(self->level.fd, 0, -2));
	EXPECT_EQ(-EBADF, soc_set_resample(self->level.fd, 0, -2));
	EXPECT_EQ(-EBADF, soc_set_trigger(self->level.fd, 0, INT32_MIN));
	EXPECT_TRUE(level_cycle(&self->level));
}

/* A field whose flag is not set is 0. */
TEST_F(eventfds, fds_without_flags)
{
	SKIP_IF(self->skip);
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .flags = SOCASSIGN_SET_EOI,
		.trigger_fd = -1,
	};

	EXPECT_EQ(-EINVAL, soc_ioctl(self->level.fd, SOCASSIGN_SET_IRQ, &cmd));
	cmd.trigger_fd = 0;
	cmd.resample_fd = self->level.resample;
	EXPECT_EQ(-EINVAL, soc_ioctl(self->level.fd, SOCASSIGN_SET_IRQ, &cmd));
	cmd.flags |= SOCASSIGN_SET_TRIGGER;
	cmd.trigger_fd = self->level.trigger;
	EXPECT_EQ(-EINVAL, soc_ioctl(self->level.fd, SOCASSIGN_SET_IRQ, &cmd));
}

TEST_F(eventfds, trigger_is_not_resample)
{
	SKIP_IF(self->skip);
	int fd = self->level.fd;
	int both = new_eventfd();
	int dup_of_trigger = dup(self->level.trigger);

	EXPECT_EQ(-EINVAL, soc_set_resample(fd, 0, self->level.trigger));
	EXPECT_EQ(-EINVAL, soc_set_resample(fd, 0, dup_of_trigger));
	EXPECT_EQ(-EINVAL, soc_set_trigger(fd, 0, self->level.resample));
	/* The trigger comes first, and stays. */
	EXPECT_EQ(-EINVAL, set_both(fd, both, both));
	EXPECT_EQ(0, set_both(fd, self->level.trigger, self->level.resample));
	EXPECT_TRUE(level_cycle(&self->level));
}

TEST_F(eventfds, roles_change)
{
	SKIP_IF(self->skip);
	int fd = self->level.fd;
	int tmp;

	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, set_both(fd, SOC_NONE, SOC_NONE));
		tmp = self->level.trigger;
		self->level.trigger = self->level.resample;
		self->level.resample = tmp;
		ASSERT_EQ(0, set_both(fd, self->level.trigger,
				      self->level.resample));
		ASSERT_TRUE(level_cycle(&self->level));
	}
}

TEST_F(eventfds, same_again)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, set_both(self->level.fd, self->level.trigger,
				      self->level.resample));
		ASSERT_TRUE(level_cycle(&self->level));
	}
}

/* The user has closed it, the kernel has not: nothing happens to anybody. */
TEST_F(eventfds, trigger_closed_while_attached)
{
	SKIP_IF(self->skip);
	struct socassign_irq irq = {};
	int old = self->level.trigger;

	close(old);
	ASSERT_TRUE(raise_and_resample(&self->level, 5));
	self->level.trigger = new_eventfd();
	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, self->level.trigger));
	level_lower(&self->level);
	ASSERT_EQ(0, level_resample(&self->level));
	soc_wait(self->level.trigger, 0);
	EXPECT_TRUE(level_cycle(&self->level));
	ASSERT_EQ(0, soc_irq(self->level.fd, 0, &irq));
	EXPECT_LE(2, irq.out_count);
}

TEST_F(eventfds, resample_closed_while_attached)
{
	SKIP_IF(self->skip);
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	close(self->level.resample);
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	/* There are two other ways to end the mask. */
	ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_EOI));
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	self->level.resample = new_eventfd();
	ASSERT_EQ(0, soc_set_resample(self->level.fd, 0, self->level.resample));
	ASSERT_EQ(0, level_resample(&self->level));
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	level_lower(&self->level);
	ASSERT_EQ(0, level_resample(&self->level));
	EXPECT_TRUE(level_cycle(&self->level));
}

/* A resample that was signalled before it was attached counts. */
TEST_F(eventfds, resample_signalled_before)
{
	SKIP_IF(self->skip);
	int resample = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	ASSERT_EQ(0, soc_set_resample(self->level.fd, 0, resample));
	EXPECT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	/* And does not count again. */
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
}

TEST_F(eventfds, semaphore_trigger)
{
	SKIP_IF(self->skip);
	int trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, trigger));
	ASSERT_TRUE(raise_and_resample(&self->level, 5));
	for (int i = 0; i < 6; i++)
		ASSERT_EQ(1, soc_wait(trigger, LONG_MS));
	EXPECT_EQ(0, soc_wait(trigger, SETTLE_MS));
}

/* What is left of a semaphore does not resample by itself, nor block. */
TEST_F(eventfds, semaphore_resample)
{
	SKIP_IF(self->skip);
	int resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);

	ASSERT_EQ(0, soc_set_resample(self->level.fd, 0, resample));
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, signal_eventfd(resample, 3));
		ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
		EXPECT_EQ(0, soc_wait(self->level.trigger, 1));
	}
}

/* The trigger is full: the interrupt is not lost, and the line stays masked. */
TEST_F(eventfds, full_trigger)
{
	SKIP_IF(self->skip);
	struct socassign_irq irq = {};

	ASSERT_EQ(0, signal_eventfd(self->level.trigger, FULL));
	ASSERT_TRUE(raise_and_resample(&self->level, 5));
	ASSERT_EQ(0, soc_irq(self->level.fd, 0, &irq));
	EXPECT_NE(0, irq.out_flags & SOCASSIGN_IRQ_AUTOMASKED);
	EXPECT_LT(FULL, soc_wait(self->level.trigger, LONG_MS));
	level_lower(&self->level);
	ASSERT_EQ(0, level_resample(&self->level));
	soc_wait(self->level.trigger, 0);
	EXPECT_TRUE(level_cycle(&self->level));
}

/* A resample that is full when it is attached can be signalled nevertheless. */
TEST_F(eventfds, full_resample)
{
	SKIP_IF(self->skip);
	close(self->level.resample);
	self->level.resample = new_eventfd();
	ASSERT_EQ(0, signal_eventfd(self->level.resample, FULL));
	ASSERT_EQ(0, soc_set_resample(self->level.fd, 0, self->level.resample));
	for (int i = 0; i < 5; i++)
		ASSERT_TRUE(level_cycle(&self->level));
}

TEST_F(eventfds, large_resample)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 5; i++) {
		level_raise(&self->level);
		ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
		level_lower(&self->level);
		ASSERT_EQ(0, signal_eventfd(self->level.resample, FULL));
	}
}

/*
 * Replacing the trigger loses no interrupt: a thread raises one, sees it in
 * one of the two eventfds, raises the next; meanwhile they change places.
 */
#define SWAPS	1000

struct raiser {
	struct level *level;
	int other;
	volatile bool stop;
	volatile bool lost;
	volatile unsigned int raised;
	unsigned int seen;
};

static unsigned int take(int fd)
{
	uint64_t count = 0;

	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

static bool wait_either(struct raiser *raiser)
{
	struct pollfd pfd[2] = {
		{ .fd = raiser->level->trigger, .events = POLLIN },
		{ .fd = raiser->other, .events = POLLIN },
	};

	if (poll(pfd, 2, LONG_MS) <= 0)
		return false;
	raiser->seen += take(pfd[0].fd) + take(pfd[1].fd);
	return true;
}

static void *raise_in_loop(void *data)
{
	struct raiser *raiser = data;

	while (!raiser->stop && !raiser->lost) {
		raiser->raised++;
		level_raise(raiser->level);
		raiser->lost = !wait_either(raiser);
		level_lower(raiser->level);
		level_resample(raiser->level);
	}
	return NULL;
}

/* A number of both, whoever gets to run. */
static bool more_swaps(const struct raiser *raiser, int swaps)
{
	return !raiser->lost && (swaps < SWAPS || raiser->raised < SWAPS / 4);
}

TEST_F_TIMEOUT(eventfds, replaced_under_fire, 60)
{
	SKIP_IF(self->skip);
	struct raiser raiser = {
		.level = &self->level, .other = new_eventfd(),
	};
	pthread_t thread;
	int ret = 0;

	run_anywhere();
	ASSERT_EQ(0, pthread_create(&thread, NULL, raise_in_loop, &raiser));
	for (int i = 0; more_swaps(&raiser, i) && !ret; i++)
		ret = soc_set_trigger(self->level.fd, 0, i % 2 ?
				      self->level.trigger : raiser.other);
	raiser.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, ret);
	EXPECT_FALSE(raiser.lost);
	raiser.seen += take(self->level.trigger) + take(raiser.other);
	EXPECT_EQ(raiser.raised, raiser.seen);
}

/* The same for the resample: a mask that was ended stays so. */
TEST_F_TIMEOUT(eventfds, resample_replaced_under_fire, 60)
{
	SKIP_IF(self->skip);
	struct raiser raiser = {
		.level = &self->level, .other = new_eventfd(),
	};
	int other = new_eventfd();
	pthread_t thread;
	int ret = 0;

	run_anywhere();
	/* The thread signals whichever is attached, or SET_EOI would be due. */
	ASSERT_EQ(0, pthread_create(&thread, NULL, raise_in_loop, &raiser));
	for (int i = 0; more_swaps(&raiser, i) && !ret; i++) {
		ret = soc_set_resample(self->level.fd, 0, other);
		if (!ret)
			ret = soc_set_resample(self->level.fd, 0,
					       self->level.resample);
		if (!ret)
			ret = soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_EOI);
	}
	raiser.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, ret);
	EXPECT_FALSE(raiser.lost);
}

/* Closed and opened anew in every phase of an interrupt. */
TEST_F(eventfds, closed_in_loops)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 100; i++) {
		level_raise(&self->level);
		close(self->level.trigger);
		self->level.trigger = new_eventfd();
		ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0,
					     self->level.trigger));
		close(self->level.resample);
		self->level.resample = new_eventfd();
		ASSERT_EQ(0, soc_set_resample(self->level.fd, 0,
					      self->level.resample));
		ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_EOI));
		ASSERT_LE(1, soc_wait(self->level.trigger, LONG_MS));
		level_lower(&self->level);
		ASSERT_EQ(0, level_resample(&self->level));
		soc_wait(self->level.trigger, 0);
	}
}

/* Two interrupts of one claim: the trigger of each is the other's resample. */
FIXTURE(crossed) {
	const char *skip;
	int fd;
	int a, b;
	struct socassign_region region;
	volatile void *regs;
};

/* The real device, what it cannot be mapped without, and one more interrupt. */
static int claim_two(const struct level_dev *dev, const char *second)
{
	const char * const paths[] = { dev->node, second, dev->with };
	char list[512];
	size_t len = 0;

	for (int i = 0; i < 3 && paths[i]; i++)
		len = soc_list_add(list, sizeof(list), len, paths[i]);
	return soc_claim_list(list, len, SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
}

static int attach(int fd, __u32 index, int trigger, int resample)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE,
		.trigger_fd = trigger, .resample_fd = resample,
	};

	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

FIXTURE_SETUP(crossed)
{
	self->fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	ASSERT_EQ(0, level_take_back(bench()->level));
	self->fd = claim_two(bench()->level, bench()->plain);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	self->regs = soc_map(self->fd, &self->region);
	ASSERT_NE(NULL, self->regs);
	bench()->level->init(self->regs);
	self->a = new_eventfd();
	self->b = new_eventfd();
	ASSERT_EQ(0, attach(self->fd, 0, self->a, self->b));
	ASSERT_EQ(0, attach(self->fd, 1, self->b, self->a));
}

FIXTURE_TEARDOWN(crossed)
{
	struct sysfs_device dev;

	if (self->skip)
		return;
	bench()->level->lower(self->regs);
	soc_unmap(self->regs, &self->region);
	close(self->fd);
	EXPECT_EQ(0, sysfs_find(bench()->level->node, &dev));
	EXPECT_TRUE(sysfs_wait_driver(&dev, bench()->level->driver));
}

static bool automasked(int fd, __u32 index)
{
	struct socassign_irq irq = {};

	return !soc_irq(fd, index, &irq) &&
	       irq.out_flags & SOCASSIGN_IRQ_AUTOMASKED;
}

TEST_F(crossed, each_ends_the_others_mask)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 100; i++) {
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_FIRE));
		ASSERT_TRUE(automasked(self->fd, 0));
		ASSERT_FALSE(automasked(self->fd, 1));
		ASSERT_EQ(0, soc_set_irq(self->fd, 1, SOCASSIGN_SET_FIRE));
		ASSERT_FALSE(automasked(self->fd, 0));
		ASSERT_TRUE(automasked(self->fd, 1));
	}
}

/* From interrupt context, too. */
TEST_F(crossed, with_real_interrupts)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 100; i++) {
		ASSERT_EQ(0, soc_set_irq(self->fd, 1, SOCASSIGN_SET_FIRE));
		bench()->level->raise(self->regs);
		ASSERT_TRUE(wait_until(automasked(self->fd, 0)));
		ASSERT_FALSE(automasked(self->fd, 1));
		bench()->level->lower(self->regs);
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_EOI));
	}
}

struct firer {
	int fd;
	__u32 index;
	unsigned int fired;
	int ret;
};

static void *fire_in_loop(void *data)
{
	struct firer *firer = data;

	for (int i = 0; i < 2000 && !firer->ret; i++) {
		firer->ret = soc_set_irq(firer->fd, firer->index,
					 SOCASSIGN_SET_FIRE);
		if (!firer->ret)
			firer->fired++;
		if (firer->ret == -EBUSY)
			firer->ret = 0;
	}
	return NULL;
}

TEST_F_TIMEOUT(crossed, no_deadlock, 60)
{
	SKIP_IF(self->skip);
	struct firer firers[2] = {
		{ .fd = self->fd, .index = 0 },
		{ .fd = self->fd, .index = 1 },
	};
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, fire_in_loop,
					    &firers[i]));
	for (int i = 0; i < 100; i++) {
		ASSERT_EQ(0, attach(self->fd, i % 2, i % 2 ? self->b : self->a,
				    i % 2 ? self->a : self->b));
		bench()->level->raise(self->regs);
		bench()->level->lower(self->regs);
	}
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], NULL));
		EXPECT_EQ(0, firers[i].ret);
	}
	/* One of them may have found its interrupt masked all the time. */
	EXPECT_LT(0, firers[0].fired + firers[1].fired);
}

/* One resample eventfd for both ends both masks; a semaphore does not wrap. */
TEST_F(crossed, one_resample_for_two)
{
	SKIP_IF(self->skip);
	int resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	uint64_t left;

	ASSERT_EQ(0, attach(self->fd, 0, SOC_NONE, SOC_NONE));
	ASSERT_EQ(0, attach(self->fd, 1, self->b, resample));
	ASSERT_EQ(0, attach(self->fd, 0, self->a, resample));
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_FIRE));
		ASSERT_EQ(0, soc_set_irq(self->fd, 1, SOCASSIGN_SET_FIRE));
		ASSERT_EQ(0, signal_eventfd(resample, 1));
		ASSERT_FALSE(automasked(self->fd, 0));
		ASSERT_FALSE(automasked(self->fd, 1));
		EXPECT_EQ(-1, read(resample, &left, sizeof(left)));
	}
}

/* One trigger for both counts both. */
TEST_F(crossed, one_trigger_for_two)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, attach(self->fd, 0, SOC_NONE, SOC_NONE));
	ASSERT_EQ(0, attach(self->fd, 1, self->b, SOC_NONE));
	ASSERT_EQ(0, attach(self->fd, 0, self->b, SOC_NONE));
	ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_FIRE));
	ASSERT_EQ(0, soc_set_irq(self->fd, 1, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(2, soc_wait(self->b, LONG_MS));
}

/*
 * The same with two lines that are up, each of a real device: interrupt after
 * interrupt, and no task in between.
 */
FIXTURE(loop) {
	const char *skip;
	int fd;
	const struct level_dev *dev[2];
	struct socassign_region region[2];
	volatile void *regs[2];
};

FIXTURE_SETUP(loop)
{
	int a, b;

	self->fd = -1;
	if (!bench() || !bench()->level2) {
		self->skip = bench() ? "this board has one level" : NO_BENCH;
		return;
	}
	self->dev[0] = bench()->level;
	self->dev[1] = bench()->level2;
	ASSERT_EQ(0, level_take_back(self->dev[0]));
	ASSERT_EQ(0, level_take_back(self->dev[1]));
	self->fd = claim_two(self->dev[0], self->dev[1]->node);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, soc_region(self->fd, i, &self->region[i]));
		self->regs[i] = soc_map(self->fd, &self->region[i]);
		ASSERT_NE(NULL, self->regs[i]);
		self->dev[i]->init(self->regs[i]);
	}
	a = new_eventfd();
	b = new_eventfd();
	ASSERT_EQ(0, attach(self->fd, 0, a, b));
	ASSERT_EQ(0, attach(self->fd, 1, b, a));
}

FIXTURE_TEARDOWN(loop)
{
	struct sysfs_device dev;

	if (self->skip)
		return;
	for (int i = 0; i < 2; i++) {
		self->dev[i]->lower(self->regs[i]);
		soc_unmap(self->regs[i], &self->region[i]);
	}
	close(self->fd);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(0, sysfs_find(self->dev[i]->node, &dev));
		EXPECT_TRUE(sysfs_wait_driver(&dev, self->dev[i]->driver));
	}
}

/* A pause takes 10 ms and more, and in between there are some 64 interrupts. */
TEST_F_TIMEOUT(loop, is_paused, 60)
{
	SKIP_IF(self->skip);
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN };
	struct socassign_get_event event;
	uint64_t before, more;
	long long start;

	for (int i = 0; i < 2; i++)
		self->dev[i]->raise(self->regs[i]);
	ASSERT_EQ(1, poll(&pfd, 1, LONG_MS));
	ASSERT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_STORM, event.out_type);
	EXPECT_EQ(SOCASSIGN_STORM_LOOP, event.out_storm);
	EXPECT_GE(1, event.out_index);
	start = limit_now();
	before = count_of(self->fd, 0);
	usleep(100000);
	EXPECT_LT(0, before);
	more = count_of(self->fd, 0) - before;
	/* Three times as many as there should be, in as long as that really was. */
	EXPECT_GT(20 * (limit_now() + 1 - start), more);
}

/* So many wait for one trigger that to wake them takes all of the CPU. */
#define WAITERS		4000
#define BUSY_LIMIT	32
#define STORM_LIMIT	"/sys/module/socassign/parameters/storm_limit"

FIXTURE(waiters) {
	const char *skip;
	struct level level;
	char storm_limit[16];
	int epoll[WAITERS];
	int num;
};

FIXTURE_SETUP(waiters)
{
	const struct rlimit files = { WAITERS + 100, WAITERS + 100 };
	struct epoll_event want = { .events = EPOLLIN };

	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	ASSERT_EQ(0, sysfs_read(STORM_LIMIT, self->storm_limit,
				sizeof(self->storm_limit)));
	ASSERT_EQ(0, level_set_up(&self->level, bench()->level));
	ASSERT_EQ(0, level_pin(&self->level, 0));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	for (; self->num < WAITERS; self->num++) {
		int ep = epoll_create1(EPOLL_CLOEXEC);

		ASSERT_LE(0, ep);
		self->epoll[self->num] = ep;
		ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->level.trigger,
				       &want));
	}
}

FIXTURE_TEARDOWN(waiters)
{
	if (self->skip)
		return;
	for (int i = 0; i < self->num; i++)
		close(self->epoll[i]);
	EXPECT_EQ(0, sysfs_write(STORM_LIMIT, self->storm_limit));
	EXPECT_EQ(0, level_tear_down(&self->level));
}

/*
 * Far fewer interrupts than the limit allows in its time.  A window in which others
 * had the CPU tells nothing, and on a machine with much to do most are such ones.
 */
TEST_F_TIMEOUT(waiters, are_paused, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event = {};
	char limit[16];
	int ret = -EAGAIN;

	snprintf(limit, sizeof(limit), "%d", BUSY_LIMIT);
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, limit));
	/* Time that others took in a window hides what the handlers took of it. */
	for (int i = 0; i < 1000 * BUSY_LIMIT && ret == -EAGAIN; i++) {
		ASSERT_TRUE(level_cycle(&self->level));
		ret = soc_get_event(self->level.fd, &event);
	}
	ASSERT_EQ(0, ret);
	EXPECT_EQ(SOCASSIGN_EVENT_STORM, event.out_type);
	EXPECT_EQ(SOCASSIGN_STORM_BUSY, event.out_storm);
}

/* Few are none, whatever they take. */
TEST_F_TIMEOUT(waiters, are_left_alone, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;

	for (int i = 0; i < 2 * BUSY_LIMIT; i++)
		ASSERT_TRUE(level_cycle(&self->level));
	EXPECT_EQ(-EAGAIN, soc_get_event(self->level.fd, &event));
}

TEST_HARNESS_MAIN
