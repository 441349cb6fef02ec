// SPDX-License-Identifier: GPL-2.0
/*
 * One claim, and several threads and processes that have its descriptor: none takes
 * anything from the others, commands come one after the other where they have to, and
 * an event goes to whoever asks first.  (lifetime.c: how long a claim lives.)
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/dma_bench.h"
#include "lib/passfd.h"
#include "lib/who.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define REQUESTS	10	/* events; the queue has room for more */
#define WINDOW		0x100000u

/* Threads */

struct crowd;

/* What one thread does again and again; an errno that may come there is 0. */
struct act {
	const char *name;
	int (*once)(struct crowd *crowd, unsigned int round);
};

struct crowd {
	struct level *level;
	struct dma_bench *dma;
	atomic_bool stop;
	atomic_uint rounds;	/* of the first act */
	atomic_int error;	/* the first that has no business here */
	const char *who;	/* got it */
};

struct member {
	struct crowd *crowd;
	const struct act *act;
	pthread_t thread;
	int error;		/* what ended it */
};

static void *be_member(void *data)
{
	struct member *member = data;
	struct crowd *crowd = member->crowd;
	int none = 0;

	for (unsigned int i = 0; !crowd->stop && !member->error; i++)
		member->error = member->act->once(crowd, i);
	if (member->error && atomic_compare_exchange_strong(&crowd->error, &none,
							    member->error))
		crowd->who = member->act->name;
	return NULL;
}

static bool start(struct crowd *crowd, struct member *members,
		  const struct act *acts, unsigned int num)
{
	for (unsigned int i = 0; i < num; i++) {
		members[i] = (struct member) { .crowd = crowd, .act = &acts[i] };
		if (pthread_create(&members[i].thread, NULL, be_member,
				   &members[i]))
			return false;
	}
	return true;
}

static void join(struct member *members, unsigned int num)
{
	for (unsigned int i = 0; i < num; i++)
		pthread_join(members[i].thread, NULL);
}

/* Some rounds of the first act, and as many as there is time for. */
static void run(struct __test_metadata *_metadata, struct crowd *crowd,
		const struct act *acts, unsigned int num)
{
	struct member members[8];
	time_t end;

	ASSERT_TRUE(start(crowd, members, acts, num));
	for (int i = 0; !crowd->error && again(i, 3000, &end); i++)
		usleep(1000);
	EXPECT_TRUE(wait_until(crowd->error || crowd->rounds > 10));
	crowd->stop = true;
	join(members, num);
	EXPECT_EQ(0, crowd->error)
		TH_LOG("%s, after %u rounds of %s", crowd->who, crowd->rounds,
		       acts[0].name);
}

/* What a level device is good for */

static int reset_it(struct crowd *crowd, unsigned int round)
{
	crowd->rounds++;
	return soc_reset(crowd->level->fd);
}

static int configure(struct crowd *crowd, unsigned int round)
{
	static const __u32 flags[] = {
		SOCASSIGN_SET_MASK, SOCASSIGN_SET_UNMASK, SOCASSIGN_SET_EOI,
		SOCASSIGN_SET_FIRE,
	};
	struct level *level = crowd->level;
	int ret;

	if (round % 6 < 2)
		return soc_set_trigger(level->fd, 0, round % 6 ? level->trigger :
								 SOC_NONE);
	ret = soc_set_irq(level->fd, 0, flags[round % 6 - 2]);
	/* The device has raised it: there is nothing to fire. */
	return ret == -EBUSY ? 0 : ret;
}

static int interrupt(struct crowd *crowd, unsigned int round)
{
	level_raise(crowd->level);
	level_lower(crowd->level);
	return level_resample(crowd->level);
}

static int map_it(struct crowd *crowd, unsigned int round)
{
	const struct socassign_region *region = &crowd->level->region;
	volatile void *regs = soc_map(crowd->level->fd, region);
	int ret;

	if (!regs)
		return -errno;
	ret = soc_prefault(crowd->level->fd,
			   (char *)regs - region->out_page_offset, PAGE);
	soc_unmap(regs, region);
	return ret;
}

static int read_it(struct crowd *crowd, unsigned int round)
{
	struct level *level = crowd->level;
	__u32 value;

	return soc_pread(level->fd, &level->region, level->dev->probe_reg & ~3,
			 &value, sizeof(value));
}

static int ask(struct crowd *crowd, unsigned int round)
{
	struct socassign_get_event event;
	struct socassign_info info = {};
	struct socassign_irq irq = {};
	int fd = crowd->level->fd;
	int ret = soc_info(fd, &info);

	if (!ret)
		ret = soc_irq(fd, 0, &irq);
	if (!ret)
		ret = soc_get_event(fd, &event);
	return ret == -EAGAIN ? 0 : ret;
}

static const struct act level_acts[] = {
	{ "reset", reset_it }, { "set_irq", configure }, { "mmap", map_it },
	{ "pread", read_it }, { "ask", ask }, { "interrupt", interrupt },
};

#define LEVEL_ACTS	(sizeof(level_acts) / sizeof(level_acts[0]))
/* Those that need no mapping, and end by an errno. */
#define FILE_ACTS	(LEVEL_ACTS - 1)

FIXTURE(one_fd) {
	const char *skip;
	struct level level;
};

FIXTURE_SETUP(one_fd)
{
	self->level.fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	ASSERT_EQ(0, level_set_up(&self->level, bench()->level));
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
}

FIXTURE_TEARDOWN(one_fd)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, level_tear_down(&self->level));
}

/* Whatever went on: after a reset nothing of it comes, and the device works. */
static void expect_works(struct __test_metadata *_metadata, struct level *level)
{
	ASSERT_EQ(0, soc_set_trigger(level->fd, 0, level->trigger));
	ASSERT_EQ(0, soc_set_irq(level->fd, 0, SOCASSIGN_SET_UNMASK));
	ASSERT_EQ(0, soc_reset(level->fd));
	soc_wait(level->trigger, 0);
	level->dev->init(level->regs);
	EXPECT_EQ(0, soc_wait(level->trigger, SETTLE_MS));
	EXPECT_TRUE(level_cycle(level));
}

TEST_F_TIMEOUT(one_fd, all_at_once, 60)
{
	SKIP_IF(self->skip);
	struct crowd crowd = { .level = &self->level };

	run(_metadata, &crowd, level_acts, LEVEL_ACTS);
	expect_works(_metadata, &self->level);
}

/* What is under way ends well; then there is no such descriptor. */
TEST_F_TIMEOUT(one_fd, closed_by_one_thread, 60)
{
	SKIP_IF(self->skip);
	struct member members[FILE_ACTS];
	struct level *level = &self->level;
	time_t end;

	for (int i = 0; again(i, 50, &end); i++) {
		struct crowd crowd = { .level = level };

		ASSERT_TRUE(start(&crowd, members, level_acts, FILE_ACTS));
		usleep(1000);
		ASSERT_EQ(0, close(level->fd));
		join(members, FILE_ACTS);
		for (unsigned int k = 0; k < FILE_ACTS; k++) {
			EXPECT_EQ(-EBADF, members[k].error)
				TH_LOG("%s", level_acts[k].name);
		}
		level->fd = -1;
		level_close(level);
		ASSERT_EQ(0, level_open(level, bench()->level, 0));
	}
	EXPECT_TRUE(level_cycle(level));
}

/* Windows come and go, and open, while others bring the device to its start. */
FIXTURE(one_dma) {
	const char *skip;
	struct dma_bench bench;
};

FIXTURE_SETUP(one_dma)
{
	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, 0, WINDOW, 0));
}

FIXTURE_TEARDOWN(one_dma)
{
	if (!self->skip)
		dma_bench_close(&self->bench);
}

static int reset_dma(struct crowd *crowd, unsigned int round)
{
	crowd->rounds++;
	return soc_reset(crowd->dma->fd);
}

/* In pairs: while DMA is enabled, another geometry has to wait. */
static int map_at(struct crowd *crowd, __u64 iova)
{
	int ret = dma_bench_map(crowd->dma, 0, iova, WINDOW, iova);

	if (ret)
		return ret == -EBUSY ? 0 : ret;
	return soc_dma_unmap(crowd->dma->fd, 0, iova, WINDOW);
}

static int map_second(struct crowd *crowd, unsigned int round)
{
	return map_at(crowd, WINDOW);
}

static int map_third(struct crowd *crowd, unsigned int round)
{
	return map_at(crowd, 2 * WINDOW);
}

static int open_windows(struct crowd *crowd, unsigned int round)
{
	return soc_dma_enable(crowd->dma->fd, 0);
}

static int close_windows(struct crowd *crowd, unsigned int round)
{
	return soc_dma_disable(crowd->dma->fd, 0);
}

static int describe(struct crowd *crowd, unsigned int round)
{
	struct socassign_dma dma = {};
	int ret = soc_dma(crowd->dma->fd, 0, &dma);

	if (ret)
		return ret;
	return dma.out_num_windows < 1 || dma.out_num_windows > 3 ? -ERANGE : 0;
}

static const struct act dma_acts[] = {
	{ "reset", reset_dma }, { "map", map_second }, { "map", map_third },
	{ "enable", open_windows }, { "disable", close_windows },
	{ "describe", describe },
};

TEST_F_TIMEOUT(one_dma, all_at_once, 60)
{
	SKIP_IF(self->skip);
	struct crowd crowd = { .dma = &self->bench };
	struct socassign_dma dma = {};

	run(_metadata, &crowd, dma_acts, sizeof(dma_acts) / sizeof(dma_acts[0]));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	ASSERT_EQ(0, soc_reset(self->bench.fd));
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
	EXPECT_EQ(0, dma.out_flags);
	EXPECT_EQ(1, dma.out_num_windows);
}

/* Processes */

static void be_busy(struct level *level)
{
	struct crowd crowd = { .level = level };

	for (unsigned int i = 0;; i++)
		if (reset_it(&crowd, i) || configure(&crowd, i) ||
		    read_it(&crowd, i) || map_it(&crowd, i))
			_exit(1);
}

/* Killed in the middle of anything: the others have it as before. */
TEST_F_TIMEOUT(one_fd, one_process_dies, 60)
{
	SKIP_IF(self->skip);
	int status;
	pid_t pid;

	for (int i = 0; i < 10; i++) {
		pid = fork();
		if (!pid)
			be_busy(&self->level);
		usleep(1000 + i * 500);
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status));
		expect_works(_metadata, &self->level);
	}
}

static int close_received(void *arg)
{
	int fd = receive_fd(*(int *)arg);

	return fd < 0 ? fd : close(fd);
}

static int poll_for(int fd, int milliseconds)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, milliseconds) < 0 ? -errno : pfd.revents;
}

/* It was handed over, and is closed there: nobody here hears of that. */
TEST_F(one_fd, one_process_closes)
{
	SKIP_IF(self->skip);
	int sock[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	ASSERT_EQ(0, send_fd(sock[0], self->level.fd));
	EXPECT_EQ(0, who_does(who_nobody, close_received, &sock[1]));
	EXPECT_EQ(0, poll_for(self->level.fd, 0));
	EXPECT_EQ(0, soc_wait(self->level.trigger, SETTLE_MS));
	EXPECT_TRUE(level_cycle(&self->level));
	close(sock[0]);
	close(sock[1]);
}

/* Something that another process does, in a thread that waits for it. */
struct other {
	int (*act)(void *arg);
	int fd;
	int result;
	pthread_t thread;
};

static void *do_other(void *data)
{
	struct other *other = data;

	other->result = who_does(who_root, other->act, &other->fd);
	return NULL;
}

static bool other_starts(struct other *other)
{
	return !pthread_create(&other->thread, NULL, do_other, other);
}

static int other_ends(struct other *other)
{
	pthread_join(other->thread, NULL);
	return other->result;
}

/* Its number, or the errno that there is no other for. */
static int take_events(void *arg)
{
	const int *fd = arg;
	struct socassign_get_event event;
	int num = 0, ret;

	while (!(ret = soc_get_event(*fd, &event)))
		num++;
	return ret == -EAGAIN ? num : ret;
}

TEST_F(one_fd, an_event_goes_to_one)
{
	SKIP_IF(self->skip);
	struct other other = { .act = take_events, .fd = self->level.fd };
	struct socassign_get_event event;
	int num;

	for (int i = 0; i < 5; i++) {
		for (int k = 0; k < REQUESTS; k++)
			ASSERT_EQ(0, sysfs_attr_write(&self->level.sysfs,
						      "remove_request", "1"));
		ASSERT_TRUE(other_starts(&other));
		num = take_events(&self->level.fd);
		ASSERT_LE(0, num);
		EXPECT_EQ(REQUESTS, num + other_ends(&other));
		EXPECT_EQ(-EAGAIN, soc_get_event(self->level.fd, &event));
	}
}

/* At the end of its time poll() looks once more, and sees what has woken nobody. */
static bool wakes(int fd)
{
	const long long end = limit_now() + LONG_MS;

	return poll_for(fd, LONG_MS) == POLLIN && limit_now() < end;
}

static pid_t start_to_wait(int fd)
{
	pid_t pid = fork();

	if (!pid)
		_exit(!wakes(fd));
	return pid;
}

/* It does nothing else that one sleeps for. */
static bool waits(pid_t pid)
{
	char path[32], text[512], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (sysfs_read(path, text, sizeof(text)))
		return false;
	state = strrchr(text, ')');
	return state && !strncmp(state, ") S", 3);
}

static bool was_woken(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && !status;
}

TEST_F(one_fd, an_event_wakes_all)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;
	pid_t pids[2];

	for (int i = 0; i < 2; i++) {
		pids[i] = start_to_wait(self->level.fd);
		ASSERT_LT(0, pids[i]);
		ASSERT_TRUE(wait_until(waits(pids[i])));
	}
	ASSERT_EQ(0, sysfs_attr_write(&self->level.sysfs, "remove_request", "1"));
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(was_woken(pids[i]));
	EXPECT_EQ(0, soc_get_event(self->level.fd, &event));
	EXPECT_EQ(-EAGAIN, soc_get_event(self->level.fd, &event));
}

/* 1 for who got the event; the end itself is everybody's. */
static int see_the_end(void *arg)
{
	const int *fd = arg;
	struct socassign_get_event event;
	struct socassign_info info = {};
	struct pollfd pfd = { .fd = *fd };
	int ret;

	if (poll(&pfd, 1, LONG_MS) != 1 || !(pfd.revents & POLLHUP))
		return -ETIMEDOUT;
	if (soc_info(*fd, &info) != -ENODEV)
		return -EINVAL;
	ret = soc_get_event(*fd, &event);
	if (!ret)
		return event.out_type == SOCASSIGN_EVENT_REMOVED ? 1 : -EINVAL;
	return ret == -ENODEV ? 0 : ret;
}

TEST_F(one_fd, the_end_is_for_all)
{
	SKIP_IF(self->skip);
	struct other other = { .act = see_the_end, .fd = self->level.fd };
	int here, there;

	soc_unmap(self->level.regs, &self->level.region);
	self->level.regs = NULL;
	ASSERT_TRUE(other_starts(&other));
	usleep(SETTLE_MS * 1000);
	ASSERT_EQ(0, sysfs_unbind(&self->level.sysfs));
	here = see_the_end(&self->level.fd);
	there = other_ends(&other);
	EXPECT_LE(0, here);
	EXPECT_LE(0, there);
	EXPECT_EQ(1, here + there);
}

TEST_HARNESS_MAIN
