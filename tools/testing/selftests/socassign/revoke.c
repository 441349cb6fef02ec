// SPDX-License-Identifier: GPL-2.0
/*
 * The device goes while somebody has it: by unbind, by removal of the device,
 * or with its node.  Whoever maps, polls, reads or waits is told, nobody
 * reaches the registers any more, and nobody is waited for.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/testmod.h"

enum how { UNBIND, REMOVE, DETACH_NODE };

FIXTURE(revoke) {
	const char *skip;
	struct level level;
	enum how how;
	bool gone;
};

FIXTURE_VARIANT(revoke) {
	enum how how;
};

FIXTURE_VARIANT_ADD(revoke, unbind) { .how = UNBIND };
FIXTURE_VARIANT_ADD(revoke, remove) { .how = REMOVE };
FIXTURE_VARIANT_ADD(revoke, node) { .how = DETACH_NODE };

static const char *cannot(enum how how)
{
	if (!bench())
		return NO_BENCH;
	if (how == REMOVE && !testmod_has("device_remove"))
		return "the module socassign_test is not loaded";
	if (how == DETACH_NODE && !testmod_has("node_detach"))
		return "this kernel has no CONFIG_OF_DYNAMIC";
	return NULL;
}

/* Bring back what a test before, that was killed, left away. */
static void restore(void)
{
	const struct level_dev *dev = bench()->level;
	struct sysfs_device sysfs;

	if (testmod_has("node_attach"))
		testmod_write("node_attach", "1");
	if (sysfs_find(dev->node, &sysfs) && testmod_has("device_create"))
		testmod_write("device_create", dev->parent);
}

FIXTURE_SETUP(revoke)
{
	self->level.fd = -1;
	self->how = variant->how;
	self->skip = cannot(variant->how);
	if (self->skip)
		return;
	restore();
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, level_hand_out(bench()->level));
	ASSERT_EQ(0, level_open(&self->level, bench()->level, 0));
}

FIXTURE_TEARDOWN(revoke)
{
	struct sysfs_device sysfs;

	if (self->skip)
		return;
	level_close(&self->level);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	restore();
	EXPECT_EQ(0, sysfs_find(bench()->level->node, &sysfs));
	EXPECT_EQ(0, level_take_back(bench()->level));
}

static int revoke_it(enum how how, const struct level *level)
{
	switch (how) {
	case UNBIND:
		return sysfs_unbind(&level->sysfs);
	case REMOVE:
		return testmod_write("device_remove", level->dev->node);
	case DETACH_NODE:
		return testmod_write("node_detach", level->dev->node);
	}
	return -EINVAL;
}

/* The device is there again, and handed out. */
static int bring_back(enum how how, const struct level *level)
{
	int ret = 0;

	if (how == REMOVE)
		ret = testmod_write("device_create", level->dev->parent);
	if (how == DETACH_NODE)
		ret = testmod_write("node_attach", "1");
	return ret ? ret : level_hand_out(level->dev);
}

/* For a next round, with a claim of its own */
static int begin_again(enum how how, struct level *level)
{
	int ret;

	level_close(level);
	ret = bring_back(how, level);
	return ret ? ret : level_open(level, bench()->level, 0);
}

/* Reading a register may raise SIGBUS; then this returns false. */
static __thread sigjmp_buf on_bus_error;
static __thread volatile sig_atomic_t guarded;

static void handle_bus_error(int sig)
{
	if (!guarded)
		abort();
	siglongjmp(on_bus_error, 1);
}

static void catch_bus_errors(void)
{
	struct sigaction action = { .sa_handler = handle_bus_error };

	sigaction(SIGBUS, &action, NULL);
}

static bool can_read(volatile void *regs, unsigned int reg)
{
	bool ok = false;

	if (!sigsetjmp(on_bus_error, 1)) {
		guarded = 1;
		(void)((volatile __u8 *)regs)[reg];
		__sync_synchronize();
		ok = true;
	}
	guarded = 0;
	return ok;
}

static bool mapping_works(const struct level *level)
{
	return can_read(level->regs, level->dev->probe_reg);
}

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static void *page_of(const struct level *level)
{
	return (void *)((uintptr_t)level->regs & ~(page_size() - 1));
}

TEST_F(revoke, every_operation_fails)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;
	struct socassign_region region = level->region;
	struct socassign_info info = {};
	struct socassign_irq irq = {};
	struct socassign_clock clock = {};
	int fd = level->fd;
	__u32 value = 0;

	ASSERT_EQ(0, revoke_it(self->how, level));
	EXPECT_EQ(-ENODEV, soc_info(fd, &info));
	EXPECT_EQ(-ENODEV, soc_region(fd, 0, &region));
	EXPECT_EQ(-ENODEV, soc_irq(fd, 0, &irq));
	EXPECT_EQ(-ENODEV, soc_clock(fd, 0, &clock));
	EXPECT_EQ(-ENODEV, soc_reset(fd));
	EXPECT_EQ(-ENODEV, soc_prefault(fd, page_of(level), page_size()));
	EXPECT_EQ(-ENODEV, soc_set_trigger(fd, 0, level->trigger));
	EXPECT_EQ(-ENODEV, soc_set_resample(fd, 0, level->resample));
	EXPECT_EQ(-ENODEV, soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
	EXPECT_EQ(-ENODEV, soc_set_irq(fd, 0, SOCASSIGN_SET_MASK));
	EXPECT_EQ(-ENODEV, soc_pread(fd, &level->region, 0, &value, 4));
	EXPECT_EQ(-ENODEV, soc_pwrite(fd, &level->region, 0, &value, 4));
	EXPECT_EQ(NULL, soc_map(fd, &level->region));
	EXPECT_EQ(ENODEV, errno);
}

/* Such as an index that never was, or memory: gone comes first. */
TEST_F(revoke, gone_comes_before_what_is_bad)
{
	SKIP_IF(self->skip);
	struct socassign_region region = {};
	struct socassign_irq irq = {};

	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	EXPECT_EQ(-ENODEV, soc_region(self->level.fd, 99, &region));
	EXPECT_EQ(-ENODEV, soc_irq(self->level.fd, 99, &irq));
	EXPECT_EQ(-ENODEV, soc_pread(self->level.fd, &self->level.region, 0,
				     NULL, 4));
	EXPECT_EQ(-ENODEV, soc_pwrite(self->level.fd, &self->level.region, 0,
				      NULL, 4));
	EXPECT_EQ(-ENODEV, soc_pwrite(self->level.fd, &self->level.region, 0,
				      NULL, 99));
}

TEST_F(revoke, event_names_the_node)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;

	EXPECT_EQ(-EAGAIN, soc_get_event(self->level.fd, &event));
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	ASSERT_EQ(0, soc_get_event(self->level.fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(0, event.out_index);
	EXPECT_EQ(0, event.out_flags);
	EXPECT_LT(0, event.out_time);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(-ENODEV, soc_get_event(self->level.fd, &event));
}

static void *take_first_event(void *data)
{
	const struct level *level = data;
	struct socassign_get_event event;
	int ret;

	do
		ret = soc_get_event(level->fd, &event);
	while (ret == -EAGAIN);
	return (void *)(intptr_t)ret;
}

/* Also for whoever asks while the claim goes down. */
TEST_F_TIMEOUT(revoke, event_comes_before_the_end, 60)
{
	SKIP_IF(self->skip);
	pthread_t taker;
	void *ret;

	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, pthread_create(&taker, NULL, take_first_event,
					    &self->level));
		usleep(SETTLE_MS * 1000);
		EXPECT_EQ(0, revoke_it(self->how, &self->level));
		pthread_join(taker, &ret);
		ASSERT_EQ(0, (intptr_t)ret);
		ASSERT_EQ(0, begin_again(self->how, &self->level));
	}
}

TEST_F(revoke, poll_reports_it)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;
	struct pollfd pfd = { .fd = self->level.fd, .events = POLLIN };

	EXPECT_EQ(0, poll(&pfd, 1, 0));
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLIN | POLLHUP, pfd.revents & (POLLIN | POLLHUP));
	ASSERT_EQ(0, soc_get_event(self->level.fd, &event));
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLHUP, pfd.revents & (POLLIN | POLLHUP));
}

TEST_F(revoke, mapping_faults)
{
	SKIP_IF(self->skip);
	void *untouched = (void *)soc_map(self->level.fd, &self->level.region);

	catch_bus_errors();
	ASSERT_NE(NULL, untouched);
	ASSERT_TRUE(mapping_works(&self->level));
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	EXPECT_FALSE(mapping_works(&self->level));
	EXPECT_FALSE(can_read(untouched, self->level.dev->probe_reg));
	/* The kernel's own accesses on our behalf fail, too. */
	EXPECT_EQ(-1, write(self->level.trigger, page_of(&self->level), 8));
	EXPECT_EQ(EFAULT, errno);
}

/* Moved, split, shared with a child: all of them are zapped. */
static void *read_until_fault(void *data)
{
	const struct level *level = data;
	struct pollfd pfd = { .fd = level->fd };

	while (mapping_works(level))
		;
	poll(&pfd, 1, 0);
	return (void *)(intptr_t)pfd.revents;
}

/* Whoever meets a page that is gone finds out why, though the revoke goes on. */
TEST_F_TIMEOUT(revoke, fault_has_a_reason, 60)
{
	SKIP_IF(self->skip);
	pthread_t reader;
	void *revents;

	catch_bus_errors();
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, pthread_create(&reader, NULL, read_until_fault,
					    &self->level));
		usleep(SETTLE_MS * 1000);
		EXPECT_EQ(0, revoke_it(self->how, &self->level));
		pthread_join(reader, &revents);
		ASSERT_TRUE((intptr_t)revents & POLLHUP);
		ASSERT_EQ(0, begin_again(self->how, &self->level));
	}
}

TEST_F(revoke, every_mapping_faults)
{
	SKIP_IF(self->skip);
	const unsigned int reg = self->level.dev->probe_reg;
	volatile void *maps[4];
	void *moved;

	catch_bus_errors();
	for (int i = 0; i < 4; i++) {
		maps[i] = soc_map(self->level.fd, &self->level.region);
		ASSERT_NE(NULL, maps[i]);
		ASSERT_TRUE(can_read(maps[i], reg));
	}
	moved = mremap((void *)((uintptr_t)maps[3] & ~(page_size() - 1)),
		       page_size(), page_size(),
		       MREMAP_MAYMOVE | MREMAP_FIXED,
		       mmap(NULL, page_size(), PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	ASSERT_NE(MAP_FAILED, moved);
	maps[3] = (char *)moved + self->level.region.out_page_offset;
	ASSERT_TRUE(can_read(maps[3], reg));
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	for (int i = 0; i < 4; i++)
		EXPECT_FALSE(can_read(maps[i], reg));
}

/* Waiters in other threads */

struct waiter {
	pthread_t thread;
	struct level *level;
	int fd;
	int epoll;
	short revents;
	__u64 count;
	int ret;
};

/* No time limit: at its end poll(2) looks once more, woken or not. */
static void *wait_in_poll(void *data)
{
	struct waiter *w = data;
	struct pollfd pfd = { .fd = w->fd };

	w->ret = poll(&pfd, 1, -1);
	w->revents = pfd.revents;
	return NULL;
}

static void *wait_in_epoll(void *data)
{
	struct waiter *w = data;
	struct epoll_event event = {};

	w->ret = epoll_wait(w->epoll, &event, 1, LONG_MS);
	w->revents = event.events;
	return NULL;
}

static void *wait_in_read(void *data)
{
	struct waiter *w = data;

	w->ret = read(w->fd, &w->count, sizeof(w->count));
	return NULL;
}

TEST_F(revoke, wakes_poll)
{
	SKIP_IF(self->skip);
	struct waiter w = { .fd = self->level.fd };

	ASSERT_EQ(0, pthread_create(&w.thread, NULL, wait_in_poll, &w));
	usleep(SETTLE_MS * 1000);
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	ASSERT_EQ(0, pthread_join(w.thread, NULL));
	EXPECT_EQ(1, w.ret);
	EXPECT_NE(0, w.revents & POLLHUP);
}

static void wake_epoll(struct __test_metadata *_metadata,
		       struct level *level, enum how how, __u32 events)
{
	struct epoll_event event = { .events = events };
	struct waiter w = { .epoll = epoll_create1(EPOLL_CLOEXEC) };

	ASSERT_EQ(0, epoll_ctl(w.epoll, EPOLL_CTL_ADD, level->fd, &event));
	ASSERT_EQ(0, pthread_create(&w.thread, NULL, wait_in_epoll, &w));
	usleep(SETTLE_MS * 1000);
	ASSERT_EQ(0, revoke_it(how, level));
	ASSERT_EQ(0, pthread_join(w.thread, NULL));
	EXPECT_EQ(1, w.ret);
	EXPECT_NE(0, w.revents & EPOLLHUP);
}

TEST_F(revoke, wakes_epoll)
{
	SKIP_IF(self->skip);
	wake_epoll(_metadata, &self->level, self->how, 0);
}

TEST_F(revoke, wakes_epoll_edge_triggered)
{
	SKIP_IF(self->skip);
	wake_epoll(_metadata, &self->level, self->how, EPOLLET);
}

/* Whoever sleeps on the trigger finds the claim gone. */
TEST_F(revoke, wakes_reader_of_trigger)
{
	SKIP_IF(self->skip);
	struct waiter w = { .fd = eventfd(0, EFD_CLOEXEC) };

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, w.fd));
	ASSERT_EQ(0, pthread_create(&w.thread, NULL, wait_in_read, &w));
	usleep(SETTLE_MS * 1000);
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	ASSERT_EQ(0, pthread_join(w.thread, NULL));
	EXPECT_EQ(sizeof(w.count), w.ret);
	EXPECT_EQ(1, w.count);
}

TEST_F(revoke, signals_trigger_once)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;

	ASSERT_EQ(0, revoke_it(self->how, level));
	EXPECT_EQ(1, soc_wait(level->trigger, LONG_MS));
	/* Nothing any more, neither from the line nor from the close. */
	EXPECT_EQ(0, level_resample(level));
	close(level->fd);
	level->fd = -1;
	EXPECT_EQ(0, soc_wait(level->trigger, SETTLE_MS));
}

/* In the middle of an interrupt, masked in both ways. */
TEST_F(revoke, while_automasked)
{
	SKIP_IF(self->skip);
	struct level fresh;

	/*
	 * By loopback: where the device is made again the host's driver has it
	 * first, and Linux 6.1's i2c-mpc dies of a line that is up.
	 */
	ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_FIRE));
	ASSERT_EQ(0, soc_set_irq(self->level.fd, 0, SOCASSIGN_SET_MASK));
	ASSERT_EQ(0, revoke_it(self->how, &self->level));
	EXPECT_EQ(0, level_resample(&self->level));
	ASSERT_EQ(0, bring_back(self->how, &self->level));
	ASSERT_EQ(0, level_open(&fresh, self->level.dev, 0));
	level_raise(&fresh);
	EXPECT_EQ(1, soc_wait(fresh.trigger, LONG_MS));
	level_lower(&fresh);
	level_close(&fresh);
}

/* The old file stays open: it holds up nothing, and nothing reaches it. */
TEST_F(revoke, new_claim_beside_old_file)
{
	SKIP_IF(self->skip);
	struct level *old = &self->level;
	struct socassign_info info = {};
	struct level fresh;

	catch_bus_errors();
	ASSERT_TRUE(mapping_works(old));
	ASSERT_EQ(0, revoke_it(self->how, old));
	ASSERT_EQ(1, soc_wait(old->trigger, LONG_MS));
	ASSERT_EQ(0, bring_back(self->how, old));
	ASSERT_EQ(0, level_open(&fresh, old->dev, 0));
	level_raise(&fresh);
	EXPECT_EQ(1, soc_wait(fresh.trigger, LONG_MS));
	EXPECT_TRUE(mapping_works(&fresh));

	EXPECT_FALSE(mapping_works(old));
	EXPECT_EQ(0, soc_wait(old->trigger, 0));
	EXPECT_EQ(-ENODEV, soc_info(old->fd, &info));
	/* Its eventfds and its close are nothing to the new claim. */
	EXPECT_EQ(0, level_resample(old));
	EXPECT_EQ(0, soc_wait(fresh.trigger, SETTLE_MS));
	close(old->fd);
	old->fd = -1;
	EXPECT_EQ(0, soc_info(fresh.fd, &info));
	EXPECT_EQ(0, level_resample(&fresh));
	EXPECT_EQ(1, soc_wait(fresh.trigger, LONG_MS));
	level_lower(&fresh);
	level_close(&fresh);
}

TEST_F(revoke, again_and_again)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, revoke_it(self->how, &self->level));
		ASSERT_EQ(0, begin_again(self->how, &self->level));
	}
}

/* Everybody is busy with the claim when it goes. */
struct storm {
	struct level *level;
	volatile bool gone;	/* the revoke is over */
	volatile bool stop;
	/* by each thread, each its own */
	volatile unsigned int before[6];	/* what worked before */
	volatile unsigned int stale[6];		/* ... and after: never */
	volatile unsigned int strange[6];	/* neither 0 nor ENODEV */
};

struct stormer {
	pthread_t thread;
	struct storm *storm;
	int index;
	int (*step)(struct level *level);
};

static int step_load(struct level *level)
{
	return mapping_works(level) ? 0 : -ENODEV;
}

/* Faults each time. */
static int step_fault(struct level *level)
{
	volatile void *regs = soc_map(level->fd, &level->region);
	int ret;

	if (!regs)
		return -errno;
	ret = can_read(regs, level->dev->probe_reg) ? 0 : -ENODEV;
	soc_unmap(regs, &level->region);
	return ret;
}

static int step_pread(struct level *level)
{
	__u32 value;

	return soc_pread(level->fd, &level->region,
			 level->dev->probe_reg & ~3, &value, sizeof(value));
}

static int step_ioctl(struct level *level)
{
	struct socassign_info info = {};
	int ret = soc_info(level->fd, &info);

	return ret ? ret : soc_set_irq(level->fd, 0, SOCASSIGN_SET_EOI);
}

static int step_trigger(struct level *level)
{
	int ret = soc_set_trigger(level->fd, 0, SOC_NONE);

	if (!ret)
		ret = soc_set_trigger(level->fd, 0, level->trigger);
	if (!ret)
		ret = soc_set_resample(level->fd, 0, level->resample);
	return ret;
}

static int step_prefault(struct level *level)
{
	return soc_prefault(level->fd, page_of(level), page_size());
}

static void *storm_in_loop(void *data)
{
	struct stormer *me = data;
	struct storm *storm = me->storm;

	while (!storm->stop) {
		bool gone = storm->gone;
		int ret;

		__sync_synchronize();
		ret = me->step(storm->level);
		if (ret && ret != -ENODEV)
			storm->strange[me->index] = -ret;
		else if (!ret && gone)
			storm->stale[me->index]++;
		else if (!ret)
			storm->before[me->index]++;
	}
	return NULL;
}

static bool all_have_begun(const struct storm *storm)
{
	for (int i = 0; i < 6; i++)
		if (!storm->before[i])
			return false;
	return true;
}

TEST_F_TIMEOUT(revoke, under_storm, 60)
{
	SKIP_IF(self->skip);
	struct storm storm = { .level = &self->level };
	struct stormer stormers[6] = {
		{ .step = step_load }, { .step = step_fault },
		{ .step = step_pread }, { .step = step_ioctl },
		{ .step = step_trigger }, { .step = step_prefault },
	};
	int ret;

	catch_bus_errors();
	for (int i = 0; i < 6; i++) {
		stormers[i].storm = &storm;
		stormers[i].index = i;
		ASSERT_EQ(0, pthread_create(&stormers[i].thread, NULL,
					    storm_in_loop, &stormers[i]));
	}
	EXPECT_TRUE(wait_until(all_have_begun(&storm)));
	ret = revoke_it(self->how, &self->level);
	__sync_synchronize();
	storm.gone = true;
	usleep(SETTLE_MS * 1000);
	storm.stop = true;
	for (int i = 0; i < 6; i++) {
		ASSERT_EQ(0, pthread_join(stormers[i].thread, NULL));
		EXPECT_EQ(0, storm.stale[i])
			TH_LOG("thread %d", i);
		EXPECT_EQ(0, storm.strange[i])
			TH_LOG("thread %d", i);
	}
	EXPECT_EQ(0, ret);
}

/* Several nodes: all go with one, and the event says with which. */
FIXTURE(revoke_two) {
	const char *skip;
	int fd;
	struct sysfs_device second;
};

FIXTURE_SETUP(revoke_two)
{
	char list[512];
	size_t len;

	self->fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	ASSERT_EQ(0, level_take_back(bench()->level));
	len = soc_list_add(list, sizeof(list), 0, bench()->level->node);
	len = soc_list_add(list, sizeof(list), len, bench()->plain);
	self->fd = soc_claim_list(list, len,
				  SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, sysfs_find(bench()->plain, &self->second));
}

FIXTURE_TEARDOWN(revoke_two)
{
	if (self->skip)
		return;
	close(self->fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->second, PLAIN_DRIVER));
}

TEST_F(revoke_two, event_names_the_second)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;
	struct socassign_info info = {};
	struct sysfs_device first;

	ASSERT_EQ(0, sysfs_find(bench()->level->node, &first));
	ASSERT_EQ(0, sysfs_unbind(&self->second));
	ASSERT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(1, event.out_index);
	EXPECT_EQ(-ENODEV, soc_get_event(self->fd, &event));
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	/* Both go back where they came from, though the file is open. */
	EXPECT_TRUE(sysfs_wait_driver(&first, bench()->level->driver));
	EXPECT_TRUE(sysfs_wait_driver(&self->second, PLAIN_DRIVER));
}

/* A device that was made for the claim is destroyed when it is unbound. */
FIXTURE(revoke_made) {
	const char *skip;
	int fd;
};

FIXTURE_SETUP(revoke_made)
{
	self->fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(revoke_made)
{
	if (!self->skip)
		close(self->fd);
}

TEST_F(revoke_made, unbound)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;
	struct sysfs_device dev;
	int again;

	ASSERT_EQ(0, sysfs_find(bench()->asleep, &dev));
	ASSERT_EQ(0, sysfs_unbind(&dev));
	EXPECT_EQ(0, soc_get_event(self->fd, &event));
	/* A new claim waits for the old one's device to be gone. */
	again = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	EXPECT_LE(0, again);
	close(again);
}

TEST_HARNESS_MAIN
