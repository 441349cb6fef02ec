// SPDX-License-Identifier: GPL-2.0
/*
 * Level interrupts of real devices: an I2C controller, an RTC, a GPIO.  One
 * event for each, one hardware interrupt for each event, none lost, none
 * twice, whatever the masks do.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/serial_reg.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/modem.h"
#include "lib/procirq.h"
#include "lib/testmod.h"

#define CYCLES		1000

FIXTURE(level) {
	const char *skip;
	struct level level;
};

FIXTURE_VARIANT(level) {
	bool second;
};

FIXTURE_VARIANT_ADD(level, first) { .second = false };
FIXTURE_VARIANT_ADD(level, second) { .second = true };

static const struct level_dev *choose(bool second)
{
	if (!bench())
		return NULL;
	return second ? bench()->level2 : bench()->level;
}

FIXTURE_SETUP(level)
{
	const struct level_dev *dev = choose(variant->second);

	self->level.fd = -1;
	if (!dev) {
		self->skip = bench() ? "this board has no second device" :
				       NO_BENCH;
		return;
	}
	ASSERT_EQ(0, level_set_up(&self->level, dev));
	ASSERT_EQ(0, level_pin(&self->level, 0));
}

FIXTURE_TEARDOWN(level)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, level_tear_down(&self->level));
}

static __u64 count_of(const struct level *level)
{
	struct socassign_irq irq = {};

	return soc_irq(level->fd, 0, &irq) ? ~0ull : irq.out_count;
}

/* The count of the trigger: what came until now. */
static __u64 events(const struct level *level)
{
	__u64 count = 0;

	if (read(level->trigger, &count, sizeof(count)) != sizeof(count))
		return 0;
	return count;
}

TEST_F(level, described_as_level)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(SOCASSIGN_IRQ_LEVEL, level_flags(&self->level) &
		  ~(SOCASSIGN_IRQ_SHARED | SOCASSIGN_IRQ_LOW));
}

TEST_F(level, wakes_poll)
{
	SKIP_IF(self->skip);
	struct pollfd pfd = { .fd = self->level.trigger, .events = POLLIN };

	EXPECT_EQ(0, poll(&pfd, 1, 0));
	level_raise(&self->level);
	ASSERT_EQ(1, poll(&pfd, 1, LONG_MS));
	EXPECT_EQ(1, events(&self->level));
}

struct reader {
	int fd;
	__u64 count;
};

static void *read_once(void *data)
{
	struct reader *reader = data;

	if (read(reader->fd, &reader->count, sizeof(reader->count)) < 0)
		reader->count = 0;
	return NULL;
}

TEST_F(level, wakes_read)
{
	SKIP_IF(self->skip);
	struct reader reader = { .fd = eventfd(0, EFD_CLOEXEC) };
	pthread_t thread;

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, reader.fd));
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_once, &reader));
	usleep(SETTLE_MS * 1000);
	level_raise(&self->level);
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(1, reader.count);
}

TEST_F(level, epoll_level_triggered)
{
	SKIP_IF(self->skip);
	struct epoll_event want = { .events = EPOLLIN }, got;
	int ep = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->level.trigger, &want));
	level_raise(&self->level);
	ASSERT_EQ(1, epoll_wait(ep, &got, 1, LONG_MS));
	/* Not read: still there. */
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	EXPECT_EQ(1, events(&self->level));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
}

TEST_F(level, epoll_edge_triggered)
{
	SKIP_IF(self->skip);
	struct epoll_event want = { .events = EPOLLIN | EPOLLET }, got;
	int ep = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->level.trigger, &want));
	level_raise(&self->level);
	ASSERT_EQ(1, epoll_wait(ep, &got, 1, LONG_MS));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	/* The line is still up: each resample brings one more, read or not. */
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, level_resample(&self->level));
		EXPECT_EQ(1, epoll_wait(ep, &got, 1, LONG_MS));
		EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	}
	EXPECT_EQ(4, events(&self->level));
}

/* The line stays up and nobody resamples: one event, however long it takes. */
TEST_F(level, none_before_resample)
{
	SKIP_IF(self->skip);
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	EXPECT_NE(0, level_flags(&self->level) & SOCASSIGN_IRQ_AUTOMASKED);
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	EXPECT_EQ(1, count_of(&self->level));
}

TEST_F(level, one_after_each_resample)
{
	SKIP_IF(self->skip);
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, level_resample(&self->level));
		ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
		EXPECT_EQ(0, soc_wait(self->level.trigger, 1));
	}
	EXPECT_EQ(11, count_of(&self->level));
}

TEST_F(level, none_after_lower_and_resample)
{
	SKIP_IF(self->skip);
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	level_lower(&self->level);
	ASSERT_EQ(0, level_resample(&self->level));
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	EXPECT_EQ(0, level_flags(&self->level) & SOCASSIGN_IRQ_AUTOMASKED);
	EXPECT_EQ(1, count_of(&self->level));
}

/* A resample that nobody waits for is no credit for the next interrupt. */
TEST_F(level, early_resample_is_no_credit)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, level_resample(&self->level));
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	EXPECT_NE(0, level_flags(&self->level) & SOCASSIGN_IRQ_AUTOMASKED);
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
}

TEST_F(level, eoi_ends_the_mask)
{
	SKIP_IF(self->skip);
	/* Without a resample eventfd as well. */
	ASSERT_EQ(0, soc_set_resample(self->level.fd, 0, SOC_NONE));
	level_raise(&self->level);
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
		ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_EOI));
	}
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	level_lower(&self->level);
	EXPECT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_EOI));
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	/* Nothing to end: no error. */
	EXPECT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_EOI));
	EXPECT_EQ(11, count_of(&self->level));
}

/* The node's name behind the last slash. */
static void label_of(const struct level *level, char *label, size_t size)
{
	snprintf(label, size, "socassign:%s",
		 strrchr(level->dev->node, '/') + 1);
}

/*
 * None lost, none too many: what the device raised, what user space saw, what
 * the driver counted, what the kernel counted, and what really entered it.
 */
TEST_F_TIMEOUT(level, one_interrupt_per_event, 60)
{
	SKIP_IF(self->skip);
	bool entries = testmod_has("irq_entries");
	struct procirq before, after;
	char label[128];
	__u64 sum = 0;

	label_of(&self->level, label, sizeof(label));
	ASSERT_EQ(0, procirq_find(label, &before));
	if (entries)
		ASSERT_EQ(0, testmod_count_irq(before.irq));
	for (int i = 0; i < CYCLES; i++) {
		level_raise(&self->level);
		sum += soc_wait(self->level.trigger, LONG_MS);
		ASSERT_EQ(i + 1, sum);
		level_lower(&self->level);
		ASSERT_EQ(0, level_resample(&self->level));
	}
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	ASSERT_EQ(0, procirq_find(label, &after));
	EXPECT_EQ(CYCLES, procirq_total(&after) - procirq_total(&before));
	EXPECT_EQ(CYCLES, count_of(&self->level));
	if (entries) {
		EXPECT_EQ(CYCLES, testmod_irq_entries());
		EXPECT_EQ(0, testmod_count_irq(0));
	}
}

/* No handler, no label: what is detached is really free. */
TEST_F(level, detached_trigger_frees_the_line)
{
	SKIP_IF(self->skip);
	struct procirq line;
	char label[128];

	label_of(&self->level, label, sizeof(label));
	EXPECT_EQ(0, procirq_find(label, &line));
	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	EXPECT_EQ(-ENOENT, procirq_find(label, &line));
	level_raise(&self->level);
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	EXPECT_EQ(0, count_of(&self->level));
	/* The line is up when somebody listens again. */
	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, self->level.trigger));
	EXPECT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	EXPECT_EQ(1, count_of(&self->level));
}

/* Detached in the middle of an interrupt: the automatic mask goes, too. */
TEST_F(level, detached_while_automasked)
{
	SKIP_IF(self->skip);
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	for (int i = 0; i < 20; i++) {
		ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
		EXPECT_EQ(0, level_flags(&self->level) & SOCASSIGN_IRQ_AUTOMASKED);
		ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0,
					     self->level.trigger));
		ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	}
}

TEST_F(level, detaching_nothing_is_no_error)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
		EXPECT_EQ(0, soc_set_resample(self->level.fd, 0, SOC_NONE));
	}
}

/* A mask that was set without a trigger holds once there is one. */
TEST_F(level, masked_before_trigger)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_MASK));
	level_raise(&self->level);
	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, self->level.trigger));
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	EXPECT_NE(0, level_flags(&self->level) & SOCASSIGN_IRQ_MASKED);
	ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_UNMASK));
	EXPECT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
}

/* In one call, and in the order of the flags. */
TEST_F(level, mask_and_trigger_in_one_call)
{
	SKIP_IF(self->skip);
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd),
		.flags = SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_UNMASK |
			 SOCASSIGN_SET_EOI | SOCASSIGN_SET_FIRE,
		.trigger_fd = self->level.trigger,
	};

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_MASK));
	EXPECT_EQ(0, soc_ioctl(self->level.fd, SOCASSIGN_SET_IRQ, &cmd));
	EXPECT_EQ(1, events(&self->level));
	EXPECT_EQ(SOCASSIGN_IRQ_AUTOMASKED, level_flags(&self->level) &
		  (SOCASSIGN_IRQ_AUTOMASKED | SOCASSIGN_IRQ_MASKED));
}

TEST_F(level, fire)
{
	SKIP_IF(self->skip);
	int fd = self->level.fd;

	EXPECT_EQ(0, soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(1, events(&self->level));
	EXPECT_EQ(-EBUSY, soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(0, events(&self->level));
	ASSERT_EQ(0, level_resample(&self->level));
	EXPECT_EQ(0, soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(1, events(&self->level));
	/* The hardware did nothing. */
	EXPECT_EQ(0, count_of(&self->level));
}

TEST_F(level, fire_refused)
{
	SKIP_IF(self->skip);
	int fd = self->level.fd;

	ASSERT_EQ(0, soc_set_irq(fd, 0, SOCASSIGN_SET_MASK));
	EXPECT_EQ(-EBUSY, soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
	ASSERT_EQ(0, soc_set_irq(fd, 0, SOCASSIGN_SET_UNMASK));
	ASSERT_EQ(0, soc_set_trigger(fd, 0, SOC_NONE));
	EXPECT_EQ(-ENXIO, soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(0, events(&self->level));
}

/* A loopback masks the line for the hardware, too. */
TEST_F(level, fire_masks_the_hardware)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(1, events(&self->level));
	level_raise(&self->level);
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	EXPECT_EQ(0, count_of(&self->level));
	ASSERT_EQ(0, level_resample(&self->level));
	EXPECT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	EXPECT_EQ(1, count_of(&self->level));
}

/*
 * What the contract says of a level interrupt, as a model, against every
 * sequence of operations up to a length.
 */
struct model {
	bool up, masked, automasked;
	unsigned int events;
	int ret;
};

enum op { RAISE, LOWER, MASK, UNMASK, RESAMPLE, EOI, FIRE, NUM_OPS };

static void model_settle(struct model *m)
{
	if (!m->up || m->masked || m->automasked)
		return;
	m->automasked = true;
	m->events++;
}

static void model_fire(struct model *m)
{
	if (m->masked || m->automasked) {
		m->ret = -EBUSY;
		return;
	}
	m->automasked = true;
	m->events++;
}

static void model_step(struct model *m, enum op op)
{
	m->ret = 0;
	switch (op) {
	case RAISE:
		m->up = true;
		break;
	case LOWER:
		m->up = false;
		break;
	case MASK:
		m->masked = true;
		break;
	case UNMASK:
		m->masked = false;
		break;
	case RESAMPLE:
	case EOI:
		m->automasked = false;
		break;
	case FIRE:
		model_fire(m);
		break;
	case NUM_OPS:
		break;
	}
	model_settle(m);
}

static int real_step(struct level *level, enum op op)
{
	static const __u32 flags[NUM_OPS] = {
		[MASK] = SOCASSIGN_SET_MASK,
		[UNMASK] = SOCASSIGN_SET_UNMASK,
		[EOI] = SOCASSIGN_SET_EOI,
		[FIRE] = SOCASSIGN_SET_FIRE,
	};

	switch (op) {
	case RAISE:
		level_raise(level);
		return 0;
	case LOWER:
		level_lower(level);
		return 0;
	case RESAMPLE:
		return level_resample(level);
	default:
		return soc_set_irq(level->fd, 0, flags[op]);
	}
}

static __u32 model_flags(const struct model *m)
{
	return (m->masked ? SOCASSIGN_IRQ_MASKED : 0) |
	       (m->automasked ? SOCASSIGN_IRQ_AUTOMASKED : 0);
}

static __u32 mask_flags(const struct level *level)
{
	return level_flags(level) &
	       (SOCASSIGN_IRQ_MASKED | SOCASSIGN_IRQ_AUTOMASKED);
}

static void reset_level(struct level *level)
{
	level_lower(level);
	soc_set_irq(level->fd, 0, SOCASSIGN_SET_UNMASK | SOCASSIGN_SET_EOI);
	events(level);
}

#define SEQUENCE	4

/* "raise mask ..." for a failure's message; digits are the base's. */
static const char *spell(unsigned int code, int steps)
{
	static const char * const names[NUM_OPS] = {
		"raise", "lower", "mask", "unmask", "resample", "eoi", "fire",
	};
	static char text[128];
	int len = 0;

	for (int i = 0; i <= steps; i++, code /= NUM_OPS)
		len += snprintf(text + len, sizeof(text) - len, " %s",
				names[code % NUM_OPS]);
	return text;
}

static bool run_sequence(struct __test_metadata *_metadata,
			 struct level *level, unsigned int code)
{
	struct model m = {};
	unsigned int seen = 0;
	unsigned int rest = code;

	reset_level(level);
	for (int i = 0; i < SEQUENCE; i++, rest /= NUM_OPS) {
		enum op op = rest % NUM_OPS;
		int ret;

		model_step(&m, op);
		ret = real_step(level, op);
		if (seen < m.events)
			seen += soc_wait(level->trigger, LONG_MS);
		else
			seen += events(level);
		if (ret == m.ret && seen == m.events &&
		    mask_flags(level) == model_flags(&m))
			continue;
		TH_LOG("after%s: returned %d (%d), %u events (%u), flags %x (%x)",
		       spell(code, i), ret, m.ret, seen, m.events,
		       mask_flags(level), model_flags(&m));
		return false;
	}
	return true;
}

TEST_F_TIMEOUT(level, every_order_of_masks, 120)
{
	SKIP_IF(self->skip);
	unsigned int end = 1;

	for (int i = 0; i < SEQUENCE; i++)
		end *= NUM_OPS;
	for (unsigned int code = 0; code < end; code++)
		ASSERT_TRUE(run_sequence(_metadata, &self->level, code));
}

/* A thread masks and unmasks while the device interrupts: none gets lost. */
struct masker {
	int fd;
	volatile bool stop;
	int ret;
};

static void *mask_in_loop(void *data)
{
	struct masker *masker = data;

	while (!masker->stop && !masker->ret) {
		masker->ret = soc_set_irq(masker->fd, 0, SOCASSIGN_SET_MASK);
		if (!masker->ret)
			masker->ret = soc_set_irq(masker->fd, 0,
						  SOCASSIGN_SET_UNMASK);
	}
	return NULL;
}

TEST_F_TIMEOUT(level, masked_under_fire, 60)
{
	SKIP_IF(self->skip);
	struct masker masker = { .fd = self->level.fd };
	pthread_t thread;
	__u64 sum = 0;

	run_anywhere();
	ASSERT_EQ(0, pthread_create(&thread, NULL, mask_in_loop, &masker));
	for (int i = 0; i < CYCLES; i++) {
		level_raise(&self->level);
		sum += soc_wait(self->level.trigger, LONG_MS);
		if (sum != i + 1ull)
			break;
		level_lower(&self->level);
		level_resample(&self->level);
	}
	masker.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, masker.ret);
	EXPECT_EQ(CYCLES, sum);
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
}

FIXTURE(affinity) {
	const char *skip;
	struct level level;
};

FIXTURE_SETUP(affinity)
{
	self->level.fd = -1;
	if (!bench())
		self->skip = NO_BENCH;
	else if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		self->skip = "one CPU only";
	if (self->skip)
		return;
	ASSERT_EQ(0, level_set_up(&self->level, bench()->level));
}

FIXTURE_TEARDOWN(affinity)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, level_tear_down(&self->level));
}

static unsigned long on_cpu(const struct level *level, unsigned int cpu)
{
	struct procirq line;
	char label[128];

	label_of(level, label, sizeof(label));
	return procirq_find(label, &line) ? ~0ul : procirq_on(&line, cpu);
}

TEST_F(affinity, each_cpu)
{
	SKIP_IF(self->skip);
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);

	for (int i = 0; i < 4 * cpus; i++) {
		const __u64 mask = 1ull << i % cpus;
		unsigned long before = on_cpu(&self->level, i % cpus);

		ASSERT_EQ(0, soc_set_affinity(self->level.fd, 0, &mask,
					      sizeof(mask)));
		for (int j = 0; j < 5; j++) {
			level_raise(&self->level);
			ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
			level_lower(&self->level);
			ASSERT_EQ(0, level_resample(&self->level));
		}
		EXPECT_EQ(5, on_cpu(&self->level, i % cpus) - before);
	}
}

/* Moved in the middle of an interrupt: it comes on the new CPU afterwards. */
TEST_F(affinity, moved_while_automasked)
{
	SKIP_IF(self->skip);
	level_raise(&self->level);
	ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	for (int i = 0; i < 10; i++) {
		const __u64 mask = 1ull << i % 2;
		unsigned long before = on_cpu(&self->level, i % 2);

		ASSERT_EQ(0, soc_set_affinity(self->level.fd, 0, &mask,
					      sizeof(mask)));
		ASSERT_EQ(0, level_resample(&self->level));
		ASSERT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
		EXPECT_EQ(1, on_cpu(&self->level, i % 2) - before);
	}
}

TEST_F(affinity, bad_masks)
{
	SKIP_IF(self->skip);
	int fd = self->level.fd;
	__u64 mask[256] = {};

	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, 8));
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, sizeof(mask[0]) * 128));
	/* CPU 63 is not there, nor is one beyond what the kernel can have. */
	mask[0] = 1ull << 63;
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, 8));
	mask[0] = 0;
	mask[127] = 1;
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, sizeof(mask[0]) * 128));
	mask[0] = 1;
	EXPECT_EQ(0, soc_set_affinity(fd, 0, mask, 8));
	EXPECT_EQ(0, soc_set_affinity(fd, 0, mask, 16));
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, 0));
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, 1));
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, 4));
	EXPECT_EQ(-EINVAL, soc_set_affinity(fd, 0, mask, 12));
	EXPECT_EQ(-EFAULT, soc_set_affinity(fd, 0, NULL, 8));
	EXPECT_EQ(-EFAULT, soc_set_affinity(fd, 0, (void *)~7ul, 8));
	EXPECT_EQ(-ENOENT, soc_set_affinity(fd, 99, mask, 8));
}

#define CPU1_ONLINE "/sys/devices/system/cpu/cpu1/online"

/* A CPU that is there, but offline, is no place for an interrupt. */
TEST_F(affinity, offline_cpu)
{
	SKIP_IF(self->skip);
	const __u64 cpu1 = 2, both = 3;
	int alone, together;

	ASSERT_EQ(0, soc_set_affinity(self->level.fd, 0, &cpu1, sizeof(cpu1)));
	if (sysfs_write(CPU1_ONLINE, "0"))
		SKIP(return, "CPU 1 cannot be taken offline");
	/* The kernel moved it away: it still comes. */
	level_raise(&self->level);
	EXPECT_EQ(1, soc_wait(self->level.trigger, LONG_MS));
	level_lower(&self->level);
	EXPECT_EQ(0, level_resample(&self->level));
	alone = soc_set_affinity(self->level.fd, 0, &cpu1, sizeof(cpu1));
	together = soc_set_affinity(self->level.fd, 0, &both, sizeof(both));
	/* Of KVM, 7.3: cpu_set_hyp_vector() */
	expect_in_log("/arch/arm64/kvm/arm.c:");
	expect_in_log("index 4 is out of range for type 'void *[4]'");
	ASSERT_EQ(0, sysfs_write(CPU1_ONLINE, "1"));
	EXPECT_EQ(-EINVAL, alone);
	EXPECT_EQ(0, together);
}

/* Absent CPUs beside a present one do no harm; nor does a huge length. */
TEST_F(affinity, long_masks)
{
	SKIP_IF(self->skip);
	static __u64 mask[1 << 20];

	for (size_t i = 0; i < sizeof(mask) / sizeof(mask[0]); i++)
		mask[i] = ~0ull;
	EXPECT_EQ(0, soc_set_affinity(self->level.fd, 0, mask, 128));
	EXPECT_EQ(0, soc_set_affinity(self->level.fd, 0, mask, 1024));
	EXPECT_EQ(-EINVAL, soc_set_affinity(self->level.fd, 0, mask,
					    sizeof(mask)));
	EXPECT_EQ(-EINVAL, soc_set_affinity(self->level.fd, 0, mask, ~7u));
}

/* The line is the host's to route as long as nobody listens. */
TEST_F(affinity, needs_a_trigger)
{
	SKIP_IF(self->skip);
	const __u64 cpu1 = 2;

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	EXPECT_EQ(-ENXIO, soc_set_affinity(self->level.fd, 0, &cpu1,
					   sizeof(cpu1)));
}

static void affinity_of(unsigned int irq, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity", irq);
	if (sysfs_read(path, text, size))
		*text = 0;
}

/* And when it is detached, it goes where it went before. */
TEST_F(affinity, ends_with_the_trigger)
{
	SKIP_IF(self->skip);
	char before[64], meanwhile[64], after[64], label[128];
	struct procirq line;

	label_of(&self->level, label, sizeof(label));
	ASSERT_EQ(0, procirq_find(label, &line));
	affinity_of(line.irq, before, sizeof(before));
	for (int i = 0; i < 2; i++) {
		const __u64 mask = 1ull << i;

		ASSERT_EQ(0, soc_set_affinity(self->level.fd, 0, &mask,
					      sizeof(mask)));
		affinity_of(line.irq, meanwhile, sizeof(meanwhile));
		EXPECT_EQ(mask, strtoul(meanwhile, NULL, 16));
	}
	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	affinity_of(line.irq, after, sizeof(after));
	EXPECT_STREQ(before, after);
}

FIXTURE(host_line) {
	const char *skip;
	int host;
	int fd;
	int trigger;
};

FIXTURE_SETUP(host_line)
{
	self->fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	self->host = bench_use_host_line();
	ASSERT_LE(0, self->host);
	self->fd = soc_claim(bench()->host_line, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	self->trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

FIXTURE_TEARDOWN(host_line)
{
	if (self->skip)
		return;
	close(self->fd);
	close(self->trigger);
	close(self->host);
}

TEST_F(host_line, reported_and_refused)
{
	SKIP_IF(self->skip);
	char sharers[256] = "";
	struct socassign_irq irq = {
		.sharers = (uintptr_t)sharers, .sharers_len = sizeof(sharers),
	};

	ASSERT_EQ(0, soc_irq(self->fd, 0, &irq));
	EXPECT_NE(0, irq.out_flags & SOCASSIGN_IRQ_HOST);
	EXPECT_NE(0, irq.out_flags & SOCASSIGN_IRQ_SHARED);
	EXPECT_STREQ(bench()->host_user, sharers);
	EXPECT_EQ(-EBUSY, soc_set_trigger(self->fd, 0, self->trigger));
	EXPECT_EQ(-ENXIO, soc_set_irq(self->fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(0, soc_set_trigger(self->fd, 0, SOC_NONE));
}

/* The owner of a claim does not say where the host's interrupts go. */
TEST_F(host_line, affinity_stays_the_hosts)
{
	SKIP_IF(self->skip);
	const __u64 cpu1 = 2;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "one CPU only");
	EXPECT_EQ(-EBUSY, soc_set_affinity(self->fd, 0, &cpu1, sizeof(cpu1)));
}

/* Nor does it mask them: that is for the claim only. */
TEST_F(host_line, mask_stays_ours)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_MASK));
	EXPECT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_UNMASK));
}

/* A 16550 whose interrupt is one wire with that of the host's console. */
FIXTURE(uart) {
	const char *skip;
	int fd;
	int trigger;
	struct socassign_region region;
};

FIXTURE_SETUP(uart)
{
	self->fd = -1;
	if (strcmp(board_get()->name, "ppce500") || !modem_uart())
		self->skip = "the board has no UART beside its console's";
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	self->fd = soc_claim(modem_uart(), modem_flags());
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	self->trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ASSERT_EQ(0, soc_set_trigger(self->fd, 0, self->trigger));
}

FIXTURE_TEARDOWN(uart)
{
	if (self->skip)
		return;
	close(self->trigger);
	close(self->fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

static int put(const FIXTURE_DATA(uart) *self, __u64 offset, uint8_t value)
{
	return soc_pwrite(self->fd, &self->region, offset, &value, 1);
}

/* The console's UART interrupts, and has no reason to any more. */
static bool print(void)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	bool done = write(fd, "<0>console\n", 11) == 11;

	close(fd);
	return done;
}

TEST_F(uart, stays_up_while_the_console_prints)
{
	SKIP_IF(self->skip);
	uint8_t value = 0;

	ASSERT_EQ(0, put(self, UART_FCR, 0));
	ASSERT_EQ(0, put(self, UART_MCR, UART_MCR_LOOP | UART_MCR_OUT2));
	ASSERT_EQ(0, put(self, UART_IER, UART_IER_RDI));
	ASSERT_EQ(0, put(self, UART_TX, 'x'));
	ASSERT_EQ(1, soc_wait(self->trigger, LONG_MS));
	ASSERT_TRUE(print());
	/* Nobody has read the character yet. */
	ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_EOI));
	EXPECT_EQ(1, soc_wait(self->trigger, LONG_MS));
	ASSERT_EQ(0, soc_pread(self->fd, &self->region, UART_RX, &value, 1));
	EXPECT_EQ('x', value);
	ASSERT_EQ(0, soc_set_irq(self->fd, 0, SOCASSIGN_SET_EOI));
	EXPECT_EQ(0, soc_wait(self->trigger, SETTLE_MS));
}

TEST_HARNESS_MAIN
