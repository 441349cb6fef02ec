// SPDX-License-Identifier: GPL-2.0
/*
 * Who is charged for memory objects: the user, whatever his processes do, and
 * how it is given back: without waiting for any of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/dma_bench.h"
#include "lib/kmsg.h"
#include "lib/passfd.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define WRITABLE	SOCASSIGN_MEMORY_WRITE
#define NOBODY		65534

/* The limit in most tests, in pages. */
#define LIMIT		8

FIXTURE(charge)
{
	const char *skip;
	int fd;
	char *mem;		/* twice the limit */
	long pinned;
};

FIXTURE_SETUP(charge)
{
	self->fd = -1;
	if (!bench() || !board_get()) {
		self->skip = NO_BENCH;
		return;
	}
	self->fd = soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	self->mem = anonymous(2 * LIMIT * PAGE, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->mem);
	memset(self->mem, 1, 2 * LIMIT * PAGE);
	self->pinned = pinned_pages();
}

FIXTURE_TEARDOWN(charge)
{
	if (self->skip)
		return;
	EXPECT_EQ(self->pinned, pinned_pages());
	munmap(self->mem, 2 * LIMIT * PAGE);
	close(self->fd);
}

static bool limit_to(rlim_t bytes)
{
	const struct rlimit limit = { bytes, bytes };

	return !setrlimit(RLIMIT_MEMLOCK, &limit);
}

static int pin(FIXTURE_DATA(charge) *self, size_t pages)
{
	return soc_memory(self->fd, self->mem, pages * PAGE, WRITABLE);
}

/* Exactly so many pages are left to this user; -1 is what was not refused. */
static bool left(FIXTURE_DATA(charge) *self, size_t pages)
{
	int more = pin(self, pages + 1), all = pages ? pin(self, pages) : -1;

	if (more >= 0)
		close(more);
	if (all >= 0)
		close(all);
	return more == -ENOMEM && (!pages || all >= 0);
}

/* What somebody does, by the number of what went wrong. */

static int reach_limit(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	int most, one;

	if (!limit_to(LIMIT * PAGE) || !left(self, LIMIT))
		return 1;
	most = pin(self, LIMIT - 1);
	if (most < 0 || !left(self, 1))
		return 2;
	one = pin(self, 1);
	if (one < 0 || !left(self, 0))
		return 3;
	close(most);
	if (!left(self, LIMIT - 1))
		return 4;
	close(one);
	return left(self, LIMIT) ? 0 : 5;
}

TEST_F(charge, limit)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, reach_limit, self));
	EXPECT_EQ(0, who_does(who_without_ipc_lock, reach_limit, self));
}

/* CAP_IPC_LOCK counts where the memory is everybody's. */
TEST_F(charge, limit_in_user_namespace)
{
	SKIP_IF(self->skip);
	int ret = who_does(who_nobody_in_user_ns, reach_limit, self);

	if (ret == WHO_CANNOT)
		SKIP(return, "no user namespaces");
	EXPECT_EQ(0, ret);
}

static int no_limit(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	int all = limit_to(RLIM_INFINITY) ? pin(self, 2 * LIMIT) : -1;

	/* It counts, for a process that does have a limit. */
	return all >= 0 && limit_to(2 * LIMIT * PAGE) && left(self, 0) ? 0 : 1;
}

static int no_limit_as_nobody(void *arg)
{
	return limit_to(RLIM_INFINITY) && !who_nobody() ? no_limit(arg) : 2;
}

static int zero_limit(void *arg)
{
	return limit_to(0) && left(arg, 0) ? 0 : 1;
}

static int page_is_not_full(void *arg)
{
	return limit_to(2 * PAGE - 1) && left(arg, 1) ? 0 : 1;
}

TEST_F(charge, odd_limits)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, zero_limit, self));
	EXPECT_EQ(0, who_does(who_nobody, page_is_not_full, self));
	EXPECT_EQ(0, who_does(who_root, no_limit_as_nobody, self));
}

/* mlock(2) and memory objects have the limit each. */
static int lock_beside(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	int all = limit_to(LIMIT * PAGE) ? pin(self, LIMIT) : -1;

	if (all < 0 || mlock(self->mem, LIMIT * PAGE))
		return 1;
	close(all);
	return left(self, LIMIT) ? 0 : 2;
}

TEST_F(charge, is_not_that_of_mlock)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, lock_beside, self));
}

/* Addresses that are no memory cost nothing, however many. */
static int exceed_limit_with_nothing(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;

	if (!limit_to(LIMIT * PAGE) || munmap(self->mem + PAGE, PAGE))
		return 1;
	for (int i = 0; i < 100; i++)
		if (pin(self, LIMIT) != -EFAULT)
			return 2;
	self->mem += 2 * PAGE;
	return left(self, LIMIT) ? 0 : 3;
}

TEST_F(charge, no_charge_for_a_failure)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, exceed_limit_with_nothing, self));
}

/* Nor for one that pinned everything, and then found no descriptor. */
static int exceed_limit_without_descriptor(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	struct rlimit few, old;

	if (!limit_to(LIMIT * PAGE) || getrlimit(RLIMIT_NOFILE, &old))
		return 1;
	few = old;
	few.rlim_cur = 0;
	if (setrlimit(RLIMIT_NOFILE, &few))
		return 2;
	for (int i = 0; i < 100; i++)
		if (pin(self, LIMIT) != -EMFILE)
			return 3;
	return !setrlimit(RLIMIT_NOFILE, &old) && left(self, LIMIT) ? 0 : 4;
}

TEST_F(charge, no_charge_without_a_descriptor)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, exceed_limit_without_descriptor,
			      self));
}

static int exceed_limit(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	int all = limit_to(LIMIT * PAGE) ? pin(self, 2 * LIMIT) : -1;

	/* It is on no account, so the limit is whole without the capability. */
	return all >= 0 && !who_without_ipc_lock() && left(self, LIMIT) ? 0 : 1;
}

TEST_F(charge, exempt)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_root, exceed_limit, self));
}

/* A new program of his has no new limit. */
#define AFTER_EXEC "--after-exec"

static int after_exec(int claim, int memory)
{
	FIXTURE_DATA(charge) self = {
		.fd = claim,
		.mem = anonymous((LIMIT + 1) * PAGE, PROT_READ | PROT_WRITE),
	};

	if (!left(&self, 0))
		return 1;
	close(memory);
	return left(&self, LIMIT) ? 0 : 2;
}

static void pin_and_exec(FIXTURE_DATA(charge) *self)
{
	int memory = pin(self, LIMIT);
	char numbers[2][16];

	if (memory < 0 || fcntl(memory, F_SETFD, 0) || fcntl(self->fd, F_SETFD, 0))
		_exit(10);
	snprintf(numbers[0], sizeof(numbers[0]), "%d", self->fd);
	snprintf(numbers[1], sizeof(numbers[1]), "%d", memory);
	execl("/proc/self/exe", "dma_charge", AFTER_EXEC, numbers[0],
	      numbers[1], NULL);
	_exit(11);
}

/* In a child, which has the object alone; the result is ours to write. */
static int pin_again_after_exec(void *arg)
{
	pid_t pid = limit_to(LIMIT * PAGE) ? fork() : -1;
	int status;

	if (!pid)
		pin_and_exec(arg);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 12;
	return WEXITSTATUS(status);
}

TEST_F(charge, stays_across_exec)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, pin_again_after_exec, self));
}

/* Nor has a child; and what it leaves to others is his when it is dead. */
static int heir(FIXTURE_DATA(charge) *self, size_t pages)
{
	int sock[2], status, memory;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sock))
		return -errno;
	pid = fork();
	if (!pid) {
		memory = pin(self, pages);
		_exit(memory < 0 ? -memory : send_fd(sock[0], memory));
	}
	waitpid(pid, &status, 0);
	memory = status ? -WEXITSTATUS(status) : receive_fd(sock[1]);
	close(sock[0]);
	close(sock[1]);
	return memory;
}

static int inherit_from_many(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	int memory[2 * LIMIT], num = 0;

	if (!limit_to(LIMIT * PAGE))
		return 1;
	for (int i = 0; i < 2 * LIMIT; i++) {
		memory[num] = heir(self, 2);
		if (memory[num] >= 0)
			num++;
		else if (memory[num] != -ENOMEM)
			return 2;
	}
	if (num != LIMIT / 2 || !left(self, 0))
		return 3;
	while (num--)
		close(memory[num]);
	return left(self, LIMIT) ? 0 : 4;
}

TEST_F(charge, stays_when_its_maker_dies)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, inherit_from_many, self));
}

/* An object stays with who made it; the next one is the new user's. */
static int become_another(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	int first, second;

	if (!limit_to(LIMIT * PAGE))
		return 1;
	first = pin(self, LIMIT);
	if (first < 0 || !left(self, 0))
		return 2;
	if (setresuid(NOBODY, NOBODY, NOBODY) || !left(self, LIMIT))
		return 3;
	second = pin(self, LIMIT);
	if (second < 0 || close(first))
		return 4;
	return left(self, 0) ? 0 : 5;
}

/* The effective user is not who is charged: who owns the process is. */
static int become_another_in_effect(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;

	if (!limit_to(LIMIT * PAGE) || pin(self, LIMIT) < 0)
		return 1;
	return !seteuid(NOBODY) && left(self, 0) ? 0 : 2;
}

TEST_F(charge, setuid)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_without_ipc_lock, become_another, self));
	EXPECT_EQ(0, who_does(who_without_ipc_lock, become_another_in_effect,
			      self));
	/* All of it came back to both. */
	EXPECT_EQ(0, who_does(who_without_ipc_lock, reach_limit, self));
	EXPECT_EQ(0, who_does(who_nobody, reach_limit, self));
}

/* Processes that make and close objects all the time: the sum is right. */
static void pin_many_times(FIXTURE_DATA(charge) *self)
{
	for (int i = 0; i < 200; i++) {
		int memory = pin(self, LIMIT / 2);

		if (memory < 0 ? memory != -ENOMEM : close(memory))
			_exit(1);
	}
	_exit(0);
}

static int pin_in_many_processes(void *arg)
{
	FIXTURE_DATA(charge) *self = arg;
	bool failed = !limit_to(LIMIT * PAGE);
	int status;

	for (int i = 0; i < 4; i++)
		if (!fork())
			pin_many_times(self);
	while (wait(&status) > 0)
		failed |= !!status;
	return !failed && left(self, LIMIT) ? 0 : 1;
}

TEST_F(charge, many_at_a_time)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, who_does(who_nobody, pin_in_many_processes, self));
}

TEST_F(charge, log)
{
	SKIP_IF(self->skip);
	int log = kmsg_open();

	ASSERT_LE(0, log);
	sleep(6);	/* the log is limited to 10 lines of a kind in 5 seconds */
	EXPECT_EQ(0, who_does(who_nobody, zero_limit, self));
	EXPECT_EQ(1, kmsg_count(log, "user 65534: refused: 1 pages",
				"RLIMIT_MEMLOCK"));
	close(log);
}

/*
 * A VMM that holds its mmap_lock for ever, as one can that has a page fault on a
 * file system of its own.  Only its end ends it.
 */

FIXTURE(stuck)
{
	int file;
	int sock;
	pid_t vmm;
	long pinned;
};

FIXTURE_SETUP(stuck)
{
	self->vmm = -1;
	self->file = testmod_open("stuck", O_RDONLY);
	self->pinned = pinned_pages();
}

FIXTURE_TEARDOWN(stuck)
{
	if (self->file < 0)
		return;
	EXPECT_EQ(self->pinned, pinned_pages());
	close(self->file);
}

static const char *stuck_skip(FIXTURE_DATA(stuck) *self)
{
	if (!bench() || !board_get())
		return NO_BENCH;
	return self->file < 0 ? "the module socassign_test is not loaded" : NULL;
}

static void *touch(void *page)
{
	return (void *)(long)*(volatile char *)page;
}

/* Says so, and once more if somebody lets go of the lock. */
static void get_stuck(int file, int sock)
{
	char *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);
	pthread_t thread;

	if (page == MAP_FAILED || pthread_create(&thread, NULL, touch, page))
		_exit(1);
	while (testmod_num_stuck() <= 0)
		usleep(1000);
	if (write(sock, "", 1) != 1)
		_exit(2);
	anonymous(PAGE, PROT_READ);
	if (write(sock, "", 1) != 1)
		_exit(3);
	pause();
}

/* The object is in other hands before: a window's, or a message's. */
typedef bool (*give_fn)(int claim, int sock, int memory);

static bool give_by_message(int claim, int sock, int memory)
{
	return !send_fd(sock, memory);
}

static bool give_by_window(int claim, int sock, int memory)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = memory, .length = PAGE,
	};

	return !soc_dma_map(claim, &map) && !soc_dma_enable(claim, 0);
}

static void run_vmm(FIXTURE_DATA(stuck) *self, int claim, int sock,
		    give_fn give)
{
	char *mem = anonymous(PAGE, PROT_READ | PROT_WRITE);
	int memory = mem ? soc_memory(claim, mem, PAGE, WRITABLE) : -1;

	if (memory < 0 || !give(claim, sock, memory) || close(memory))
		_exit(4);
	get_stuck(self->file, sock);
	_exit(5);
}

static bool start_vmm(FIXTURE_DATA(stuck) *self, int claim, give_fn give)
{
	int sock[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock))
		return false;
	self->vmm = fork();
	if (!self->vmm) {
		close(sock[0]);
		run_vmm(self, claim, sock[1], give);
	}
	close(sock[1]);
	self->sock = sock[0];
	return self->vmm > 0;
}

static bool is_stuck(FIXTURE_DATA(stuck) *self)
{
	struct pollfd pollfd = { .fd = self->sock, .events = POLLIN };
	char byte;

	return read(self->sock, &byte, 1) == 1 && !poll(&pollfd, 1, 300);
}

static void end_vmm(FIXTURE_DATA(stuck) *self)
{
	kill(self->vmm, SIGKILL);
	waitpid(self->vmm, NULL, 0);
	close(self->sock);
}

/* In a thread, with patience for a slow machine; it ends with the VMM. */
static bool returns(FIXTURE_DATA(stuck) *self, void *(*act)(void *arg),
		    void *arg)
{
	struct timespec end;
	pthread_t thread;
	bool is_held, in_time;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += LONG_MS / 1000;
	if (pthread_create(&thread, NULL, act, arg))
		return false;
	in_time = !pthread_timedjoin_np(thread, NULL, &end);
	is_held = testmod_num_stuck() == 1;
	end_vmm(self);
	if (!in_time)
		pthread_join(thread, NULL);
	return in_time && is_held;
}

static void *close_memory(void *memory)
{
	close(*(int *)memory);
	return NULL;
}

TEST_F_TIMEOUT(stuck, last_close, 120)
{
	SKIP_IF(stuck_skip(self));
	int claim = soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	int memory;

	ASSERT_LE(0, claim);
	ASSERT_TRUE(start_vmm(self, claim, give_by_message));
	memory = receive_fd(self->sock);
	ASSERT_LE(0, memory);
	ASSERT_TRUE(is_stuck(self));
	EXPECT_EQ(self->pinned + 1, pinned_pages());
	EXPECT_TRUE(returns(self, close_memory, &memory));
	close(claim);
}

static void *unbind(void *sysfs)
{
	sysfs_unbind(sysfs);
	return NULL;
}

/* The window is the last one that has the object. */
TEST_F_TIMEOUT(stuck, unbind, 120)
{
	SKIP_IF(stuck_skip(self));
	SKIP_IF(dma_bench_skip());
	struct dma_bench bench;

	ASSERT_EQ(0, dma_bench_open(&bench));
	ASSERT_TRUE(start_vmm(self, bench.fd, give_by_window));
	ASSERT_TRUE(is_stuck(self));
	EXPECT_TRUE(returns(self, unbind, &bench.sysfs));
	EXPECT_TRUE(sysfs_wait_driver(&bench.sysfs, nic_devs[1].driver));
	dma_bench_close(&bench);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], AFTER_EXEC))
		return after_exec(atoi(argv[2]), atoi(argv[3]));
	return test_harness_run(argc, argv);
}
