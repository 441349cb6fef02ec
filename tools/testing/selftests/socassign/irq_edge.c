// SPDX-License-Identifier: GPL-2.0
/*
 * Edge interrupts of real devices: they are never masked by themselves, none
 * is lost, and too many are a storm.  And the event queue, which storms fill.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/edge.h"
#include "lib/procirq.h"
#include "lib/testmod.h"

#define CYCLES		1000
#define QUEUE_LEN	16	/* events that the driver keeps */

#define NO_EDGE "no device of this board raises an edge interrupt"

#define STORM_LIMIT	"/sys/module/socassign/parameters/storm_limit"

FIXTURE(edge) {
	const char *skip;
	struct edge edge;
	char storm_limit[16];
};

FIXTURE_SETUP(edge)
{
	self->edge.fd = -1;
	if (!bench() || !bench()->edge) {
		self->skip = bench() ? NO_EDGE : NO_BENCH;
		return;
	}
	ASSERT_EQ(0, sysfs_read(STORM_LIMIT, self->storm_limit,
				sizeof(self->storm_limit)));
	ASSERT_EQ(0, edge_open(&self->edge, bench()->edge));
}

FIXTURE_TEARDOWN(edge)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, sysfs_write(STORM_LIMIT, self->storm_limit));
	edge_close(&self->edge);
}

static struct socassign_irq describe(const struct edge *edge)
{
	struct socassign_irq irq = {};

	if (soc_irq(edge->fd, edge->line, &irq))
		irq = (struct socassign_irq) { .out_flags = ~0, .out_count = ~0 };
	return irq;
}

/* One interrupt, from the device to us. */
static bool cycle(struct edge *edge)
{
	return !edge_raise(edge) && soc_wait(edge->trigger, LONG_MS) == 1 &&
	       !edge_ack(edge);
}

TEST_F(edge, described_as_edge)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, describe(&self->edge).out_flags &
		  (SOCASSIGN_IRQ_LEVEL | SOCASSIGN_IRQ_UNMAPPED |
		   SOCASSIGN_IRQ_MASKED | SOCASSIGN_IRQ_AUTOMASKED));
}

static void label_of(const struct edge *edge, char *label, size_t size)
{
	snprintf(label, size, "socassign:%s", strrchr(edge->node, '/') + 1);
}

TEST_F_TIMEOUT(edge, one_interrupt_per_event, 60)
{
	SKIP_IF(self->skip);
	struct procirq before, after;
	char label[128];

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "0"));
	label_of(&self->edge, label, sizeof(label));
	ASSERT_EQ(0, procirq_find(label, &before));
	for (int i = 0; i < CYCLES; i++)
		ASSERT_TRUE(cycle(&self->edge));
	EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
	ASSERT_EQ(0, procirq_find(label, &after));
	EXPECT_EQ(CYCLES, procirq_total(&after) - procirq_total(&before));
	EXPECT_EQ(CYCLES, describe(&self->edge).out_count);
}

/* Nobody resamples, nobody needs to: an edge interrupt is not automasked. */
TEST_F(edge, no_automask)
{
	SKIP_IF(self->skip);
	uint64_t sum = 0;

	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, edge_raise(&self->edge));
		sum += soc_wait(self->edge.trigger, LONG_MS);
		ASSERT_EQ(0, edge_ack(&self->edge));
		EXPECT_EQ(0, describe(&self->edge).out_flags &
			  SOCASSIGN_IRQ_AUTOMASKED);
	}
	EXPECT_EQ(10, sum);
	/* No error, and nothing to do. */
	EXPECT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line, SOCASSIGN_SET_EOI));
}

/* Not read in between: the eventfd adds up. */
TEST_F(edge, events_add_up)
{
	SKIP_IF(self->skip);
	uint64_t sum = 0;

	for (int i = 0; i < 20; i++) {
		ASSERT_EQ(0, edge_raise(&self->edge));
		EXPECT_TRUE(wait_until(describe(&self->edge).out_count ==
				       i + 1ull));
		ASSERT_EQ(0, edge_ack(&self->edge));
	}
	sum = soc_wait(self->edge.trigger, LONG_MS);
	EXPECT_EQ(20, sum);
}

TEST_F(edge, resample_refused)
{
	SKIP_IF(self->skip);
	int resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	EXPECT_EQ(-EINVAL, soc_set_resample(self->edge.fd, self->edge.line, resample));
	/* To detach what is not there is no error. */
	EXPECT_EQ(0, soc_set_resample(self->edge.fd, self->edge.line, SOC_NONE));
	EXPECT_TRUE(cycle(&self->edge));
}

TEST_F(edge, fire)
{
	SKIP_IF(self->skip);
	int fd = self->edge.fd;

	/* Nothing masks by itself: again and again. */
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(0, soc_set_irq(fd, self->edge.line, SOCASSIGN_SET_FIRE));
		EXPECT_EQ(1, soc_wait(self->edge.trigger, 0));
	}
	ASSERT_EQ(0, soc_set_irq(fd, self->edge.line, SOCASSIGN_SET_MASK));
	EXPECT_EQ(-EBUSY, soc_set_irq(fd, self->edge.line, SOCASSIGN_SET_FIRE));
	ASSERT_EQ(0, soc_set_irq(fd, self->edge.line, SOCASSIGN_SET_UNMASK));
	ASSERT_EQ(0, soc_set_trigger(fd, self->edge.line, SOC_NONE));
	EXPECT_EQ(-ENXIO, soc_set_irq(fd, self->edge.line, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(0, describe(&self->edge).out_count);
}

/* Masked: nothing comes.  Unmasked: what came meanwhile is not lost. */
TEST_F(edge, masked)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line, SOCASSIGN_SET_MASK));
		ASSERT_EQ(0, edge_raise(&self->edge));
		EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line,
					 SOCASSIGN_SET_UNMASK));
		EXPECT_EQ(1, soc_wait(self->edge.trigger, LONG_MS));
		ASSERT_EQ(0, edge_ack(&self->edge));
	}
	EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
}

TEST_F(edge, mask_without_interrupt)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line, SOCASSIGN_SET_MASK));
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line, SOCASSIGN_SET_MASK));
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line,
					 SOCASSIGN_SET_UNMASK));
	}
	EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
	EXPECT_TRUE(cycle(&self->edge));
}

struct swapper {
	struct edge *edge;
	int other;
	volatile bool stop;
	unsigned int swaps;
	int ret;
};

static void *swap_in_loop(void *data)
{
	struct swapper *s = data;

	while (!s->stop && !s->ret) {
		s->ret = soc_set_trigger(s->edge->fd, s->edge->line, s->swaps++ % 2 ?
					 s->edge->trigger : s->other);
	}
	return NULL;
}

static uint64_t take_either(struct swapper *s)
{
	struct pollfd pfd[2] = {
		{ .fd = s->edge->trigger, .events = POLLIN },
		{ .fd = s->other, .events = POLLIN },
	};

	if (poll(pfd, 2, LONG_MS) <= 0)
		return 0;
	return soc_wait(pfd[0].fd, 0) + soc_wait(pfd[1].fd, 0);
}

TEST_F_TIMEOUT(edge, trigger_replaced_under_fire, 60)
{
	SKIP_IF(self->skip);
	struct swapper s = {
		.edge = &self->edge,
		.other = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	unsigned int raised = 0;
	uint64_t seen = 0;
	pthread_t thread;

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "0"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, swap_in_loop, &s));
	while (seen == raised && !s.ret &&
	       (raised < CYCLES || s.swaps < CYCLES)) {
		raised++;
		if (edge_raise(&self->edge))
			break;
		seen += take_either(&s);
		edge_ack(&self->edge);
	}
	s.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, s.ret);
	EXPECT_EQ(raised, seen);
	EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
	EXPECT_EQ(0, soc_wait(s.other, 0));
}

/* The bytes are the device's: it did write to our memory. */
TEST_F(edge, bus_master_writes)
{
	SKIP_IF(self->skip);
	if (self->edge.regs)
		SKIP(return, "its interrupt comes of no DMA");
	static const char zeros[256];
	struct socassign_info info = {};
	const void *bytes;
	size_t len;

	ASSERT_EQ(0, soc_info(self->edge.fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_UNSAFE, info.out_dma_class);
	bytes = virtio_rng_bytes(&self->edge.rng, &len);
	ASSERT_EQ(0, memcmp(bytes, zeros, len));
	ASSERT_TRUE(cycle(&self->edge));
	EXPECT_EQ(1, virtio_rng_done(&self->edge.rng));
	EXPECT_NE(0, memcmp(bytes, zeros, len));
}

/* Storms */

static int next_event(const struct edge *edge, struct socassign_get_event *ev)
{
	return soc_get_event(edge->fd, ev);
}

/* Raise as fast as the device can until an event comes. */
static bool storm(struct edge *edge, uint64_t *raised, uint64_t *seen)
{
	struct pollfd pfd = { .fd = edge->fd, .events = POLLIN };

	for (int i = 0; i < 20000; i++) {
		if (poll(&pfd, 1, 0) == 1)
			return true;
		if (edge_raise(edge))
			return false;
		(*raised)++;
		*seen += soc_wait(edge->trigger, LONG_MS);
		if (edge_ack(edge))
			return false;
	}
	return false;
}

TEST_F_TIMEOUT(edge, storm_is_reported, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;
	uint64_t raised = 0, seen = 0;

	ASSERT_EQ(-EAGAIN, next_event(&self->edge, &ev));
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	/* Where the host had no CPU for the machine's the handler took long. */
	do {
		ASSERT_TRUE(storm(&self->edge, &raised, &seen));
		ASSERT_EQ(0, next_event(&self->edge, &ev));
		ASSERT_EQ(SOCASSIGN_EVENT_STORM, ev.out_type);
	} while (ev.out_storm == SOCASSIGN_STORM_BUSY);
	EXPECT_EQ(SOCASSIGN_STORM_RATE, ev.out_storm);
	EXPECT_EQ(self->edge.line, ev.out_index);
	EXPECT_EQ(0, ev.out_flags);
	EXPECT_LT(0, ev.out_time);
}

/* Paused is not lost: each interrupt of many storms arrives. */
TEST_F_TIMEOUT(edge, storm_loses_nothing, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;
	int storms = 0;

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	for (int i = 0; i < 100; i++) {
		ASSERT_TRUE(cycle(&self->edge));
		if (!next_event(&self->edge, &ev))
			storms++;
	}
	EXPECT_LT(0, storms);
	EXPECT_EQ(100, describe(&self->edge).out_count);
	EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
}

/* The user's mask and the pause do not know each other. */
TEST_F_TIMEOUT(edge, masked_in_storm, 60)
{
	SKIP_IF(self->skip);
	uint64_t raised = 0, seen = 0;
	struct socassign_get_event ev;

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	for (int i = 0; i < 5; i++) {
		ASSERT_TRUE(storm(&self->edge, &raised, &seen));
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line, SOCASSIGN_SET_MASK));
		while (!next_event(&self->edge, &ev))
			;
		seen += soc_wait(self->edge.trigger, 0);
		/* The pause ends meanwhile, the mask does not. */
		ASSERT_EQ(0, edge_raise(&self->edge));
		raised++;
		EXPECT_EQ(0, soc_wait(self->edge.trigger, SETTLE_MS));
		ASSERT_EQ(0, soc_set_irq(self->edge.fd, self->edge.line,
					 SOCASSIGN_SET_UNMASK));
		seen += soc_wait(self->edge.trigger, LONG_MS);
		ASSERT_EQ(0, edge_ack(&self->edge));
		ASSERT_EQ(raised, seen);
	}
}

/* Detached and closed in the middle of a pause. */
TEST_F_TIMEOUT(edge, detached_in_storm, 60)
{
	SKIP_IF(self->skip);
	uint64_t raised = 0, seen = 0;
	struct socassign_get_event ev;

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	for (int i = 0; i < 5; i++) {
		ASSERT_TRUE(storm(&self->edge, &raised, &seen));
		ASSERT_EQ(0, soc_set_trigger(self->edge.fd, self->edge.line, SOC_NONE));
		ASSERT_EQ(0, soc_set_trigger(self->edge.fd, self->edge.line,
					     self->edge.trigger));
		while (!next_event(&self->edge, &ev))
			;
	}
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "0"));
	soc_wait(self->edge.trigger, SETTLE_MS);
	EXPECT_TRUE(cycle(&self->edge));
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	ASSERT_TRUE(storm(&self->edge, &raised, &seen));
	/* The teardown closes it now. */
}

TEST_F_TIMEOUT(edge, no_limit_no_storm, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "0"));
	for (int i = 0; i < 200; i++)
		ASSERT_TRUE(cycle(&self->edge));
	EXPECT_EQ(-EAGAIN, next_event(&self->edge, &ev));
}

/* Events */

TEST_F_TIMEOUT(edge, queue_overflows, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;
	uint64_t before = 0;
	int storms = 0;

	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	/* Two interrupts at least make a storm; each pause ends by itself. */
	for (int i = 0; i < 20 * QUEUE_LEN; i++)
		ASSERT_TRUE(cycle(&self->edge));
	while (!next_event(&self->edge, &ev)) {
		storms++;
		EXPECT_EQ(SOCASSIGN_EVENT_STORM, ev.out_type);
		EXPECT_LE(before, ev.out_time);
		before = ev.out_time;
		EXPECT_EQ(storms == QUEUE_LEN ? SOCASSIGN_EVENT_OVERFLOW : 0,
			  ev.out_flags);
	}
	EXPECT_EQ(QUEUE_LEN, storms);
	/* And the queue works again. */
	for (int i = 0; i < 20; i++)
		ASSERT_TRUE(cycle(&self->edge));
	ASSERT_EQ(0, next_event(&self->edge, &ev));
	EXPECT_EQ(0, ev.out_flags);
}

/* The one event that nothing comes behind has its place in a full queue. */
TEST_F_TIMEOUT(edge, removal_in_a_full_queue, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;
	struct sysfs_device dev;
	__u32 flags = 0, last = 0;
	int events = 0;

	ASSERT_EQ(0, sysfs_find(self->edge.node, &dev));
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	for (int i = 0; i < 20 * QUEUE_LEN; i++)
		ASSERT_TRUE(cycle(&self->edge));
	/* It is quiet, so that nobody but we has to do with our page. */
	edge_stop(&self->edge);
	ASSERT_EQ(0, sysfs_unbind(&dev));
	while (!next_event(&self->edge, &ev)) {
		events++;
		flags |= ev.out_flags;
		last = ev.out_type;
	}
	EXPECT_LT(1, events);
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, last);
	EXPECT_EQ(SOCASSIGN_EVENT_OVERFLOW, flags);
	EXPECT_EQ(-ENODEV, next_event(&self->edge, &ev));
}

TEST_F_TIMEOUT(edge, epoll_of_the_claim, 60)
{
	SKIP_IF(self->skip);
	struct epoll_event level = { .events = EPOLLIN }, got;
	struct epoll_event edge = { .events = EPOLLIN | EPOLLET };
	int ep = epoll_create1(EPOLL_CLOEXEC);
	int ep_edge = epoll_create1(EPOLL_CLOEXEC);
	struct socassign_get_event ev;
	uint64_t raised = 0, seen = 0;

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->edge.fd, &level));
	ASSERT_EQ(0, epoll_ctl(ep_edge, EPOLL_CTL_ADD, self->edge.fd, &edge));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	ASSERT_TRUE(storm(&self->edge, &raised, &seen));
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "0"));
	ASSERT_EQ(1, epoll_wait(ep, &got, 1, LONG_MS));
	EXPECT_EQ(EPOLLIN, got.events);
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	EXPECT_EQ(1, epoll_wait(ep_edge, &got, 1, LONG_MS));
	EXPECT_EQ(0, epoll_wait(ep_edge, &got, 1, 0));
	while (!next_event(&self->edge, &ev))
		;
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
}

TEST_HARNESS_MAIN
