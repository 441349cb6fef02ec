// SPDX-License-Identifier: GPL-2.0
/*
 * Who owns a claim, and until when: copies of the file, other processes,
 * mappings, death; and that nothing is left when all of them are gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/edge.h"
#include "lib/passfd.h"
#include "lib/procsum.h"

FIXTURE(lifetime) {
	const char *skip;
	const struct level_dev *dev;
	struct level level;
};

FIXTURE_SETUP(lifetime)
{
	self->level.fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	self->dev = bench()->level;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, level_hand_out(self->dev));
	ASSERT_EQ(0, level_open(&self->level, self->dev, 0));
}

FIXTURE_TEARDOWN(lifetime)
{
	if (self->skip)
		return;
	level_close(&self->level);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, level_take_back(self->dev));
}

/* Nobody owns the device: 0, else what a claim says. */
static int try_claim(const struct level_dev *dev)
{
	int fd = level_claim(dev, 0);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static bool exits_with_0(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

TEST_F(lifetime, owned_until_closed)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	level_close(&self->level);
	EXPECT_EQ(0, try_claim(self->dev));
}

TEST_F(lifetime, dup)
{
	SKIP_IF(self->skip);
	struct socassign_info info = {};
	int copy = dup(self->level.fd);

	level_close(&self->level);
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	EXPECT_EQ(0, soc_info(copy, &info));
	close(copy);
	EXPECT_EQ(0, try_claim(self->dev));
}

/* A mapping is a part of the claim: it works, and the device is not free. */
TEST_F(lifetime, mapping_outlives_close)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;

	close(level->fd);
	level->fd = -1;
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	ASSERT_TRUE(level_cycle(level));
	soc_unmap(level->regs, &level->region);
	level->regs = NULL;
	EXPECT_EQ(0, try_claim(self->dev));
}

/* The eventfds are the user's: they hold nothing. */
TEST_F(lifetime, eventfds_hold_nothing)
{
	SKIP_IF(self->skip);
	int trigger = dup(self->level.trigger);
	int resample = dup(self->level.resample);
	uint64_t one = 1;

	level_close(&self->level);
	EXPECT_EQ(1, soc_wait(trigger, LONG_MS));
	EXPECT_EQ(sizeof(one), write(resample, &one, sizeof(one)));
	EXPECT_EQ(0, try_claim(self->dev));
	EXPECT_EQ(0, soc_wait(trigger, SETTLE_MS));
}

TEST_F(lifetime, child_exits_first)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;
	pid_t pid = fork();

	if (!pid)
		_exit(!level_cycle(level));
	EXPECT_TRUE(exits_with_0(pid));
	EXPECT_TRUE(level_cycle(level));
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
}

/* The parent is gone, the child has the claim, with all that belongs to it. */
TEST_F(lifetime, parent_exits_first)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;
	int go = eventfd(0, EFD_CLOEXEC);
	uint64_t one = 1;
	pid_t pid = fork();

	if (!pid) {
		bool ok = read(go, &one, sizeof(one)) == sizeof(one);

		_exit(!ok || !level_cycle(level) || !level_cycle(level));
	}
	level_close(level);
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	ASSERT_EQ(sizeof(one), write(go, &one, sizeof(one)));
	EXPECT_TRUE(exits_with_0(pid));
	EXPECT_EQ(0, try_claim(self->dev));
}

/* Not the file of a program that is run: it is close-on-exec. */
TEST_F(lifetime, exec)
{
	SKIP_IF(self->skip);
	char number[16];
	pid_t pid;

	EXPECT_EQ(FD_CLOEXEC, fcntl(self->level.fd, F_GETFD));
	snprintf(number, sizeof(number), "%d", self->level.fd);
	pid = fork();
	if (!pid) {
		execl("/proc/self/exe", "lifetime", "has-fd", number, NULL);
		_exit(2);
	}
	EXPECT_TRUE(exits_with_0(pid));
	EXPECT_TRUE(level_cycle(&self->level));
	/* The program that replaces the owner does not own. */
	pid = fork();
	if (!pid) {
		execl("/proc/self/exe", "lifetime", "sleep", NULL);
		_exit(2);
	}
	level_close(&self->level);
	EXPECT_TRUE(wait_until(!try_claim(self->dev)));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Somebody without any rights, who was handed the file, does everything. */
static bool drive_as_nobody(int fd, const struct level_dev *dev)
{
	struct level level = {
		.dev = dev, .fd = fd,
		.trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};

	if (setgid(65534) || setuid(65534))
		return false;
	if (soc_region(fd, 0, &level.region))
		return false;
	level.regs = soc_map(fd, &level.region);
	if (!level.regs || soc_set_resample(fd, 0, level.resample) ||
	    soc_set_trigger(fd, 0, level.trigger))
		return false;
	for (int i = 0; i < 10; i++)
		if (!level_cycle(&level))
			return false;
	return true;
}

TEST_F(lifetime, passed_to_another_process)
{
	SKIP_IF(self->skip);
	int sockets[2];
	pid_t pid;

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	pid = fork();
	if (!pid) {
		char byte;
		int fd;

		level_close(&self->level);
		fd = receive_fd(sockets[1]);
		/* Wait until we are the only owner. */
		if (fd < 0 || read(sockets[1], &byte, 1) != 1)
			_exit(1);
		_exit(!drive_as_nobody(fd, self->dev));
	}
	ASSERT_EQ(0, send_fd(sockets[0], self->level.fd));
	level_close(&self->level);
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	ASSERT_EQ(1, write(sockets[0], "x", 1));
	EXPECT_TRUE(exits_with_0(pid));
	EXPECT_EQ(0, try_claim(self->dev));
}

/* Nobody took it from the socket: it is closed with the socket. */
TEST_F(lifetime, in_flight_only)
{
	SKIP_IF(self->skip);
	int sockets[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, send_fd(sockets[0], self->level.fd));
	level_close(&self->level);
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	close(sockets[0]);
	EXPECT_EQ(-EBUSY, try_claim(self->dev));
	close(sockets[1]);
	EXPECT_EQ(0, try_claim(self->dev));
}

/* Death */

/* Claims in a child, runs @act there, and kills it in the middle. */
static void kill_owner(struct __test_metadata *_metadata,
		       struct level *level, const struct level_dev *dev,
		       void (*act)(struct level *level))
{
	int pipefd[2];
	char byte;
	pid_t pid;

	level_close(level);
	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	if (!pid) {
		if (level_open(level, dev, 0))
			_exit(1);
		act(level);
		if (write(pipefd[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(pipefd[1]);
	ASSERT_EQ(1, read(pipefd[0], &byte, 1));
	close(pipefd[0]);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

static void get_interrupted(struct level *level)
{
	level_raise(level);
	soc_wait(level->trigger, LONG_MS);
}

static void get_interrupted_and_mask(struct level *level)
{
	get_interrupted(level);
	soc_set_irq(level->fd, 0, SOCASSIGN_SET_MASK);
}

/* What comes to a new owner who did not touch a register yet. */
static __u64 stray_interrupts(const struct level_dev *dev)
{
	int fd = level_claim(dev, 0);
	int trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	__u64 count = ~0ull;

	if (fd >= 0 && !soc_set_trigger(fd, 0, trigger))
		count = soc_wait(trigger, SETTLE_MS);
	close(fd);
	close(trigger);
	return count;
}

/*
 * The line was masked, and up.  The next owner finds it quiet and gets his own
 * interrupts, at once.
 */
TEST_F(lifetime, killed_in_interrupt)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;

	for (int i = 0; i < 4; i++) {
		kill_owner(_metadata, level, self->dev, i % 2 ?
			   get_interrupted : get_interrupted_and_mask);
		EXPECT_EQ(0, stray_interrupts(self->dev));
		ASSERT_EQ(0, level_open(level, self->dev, 0));
		EXPECT_TRUE(level_cycle(level));
	}
}

static void *be_busy(void *data)
{
	struct level *level = data;
	struct socassign_info info = {};

	for (;;) {
		volatile void *regs = soc_map(level->fd, &level->region);
		__u32 value;

		soc_set_trigger(level->fd, 0, SOC_NONE);
		soc_set_trigger(level->fd, 0, level->trigger);
		soc_pread(level->fd, &level->region, 0, &value, 4);
		soc_info(level->fd, &info);
		if (regs)
			soc_unmap(regs, &level->region);
	}
	return NULL;
}

static void start_threads(struct level *level)
{
	pthread_t thread;

	for (int i = 0; i < 4; i++)
		pthread_create(&thread, NULL, be_busy, level);
	usleep(SETTLE_MS * 1000);
}

TEST_F(lifetime, killed_while_busy)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 5; i++) {
		kill_owner(_metadata, &self->level, self->dev, start_threads);
		ASSERT_EQ(0, level_open(&self->level, self->dev, 0));
		EXPECT_TRUE(level_cycle(&self->level));
	}
}

/* Again and again */

/* In KiB; what nothing else but a leak keeps growing. */
static long unreclaimable(void)
{
	return procsum("/proc/meminfo", "SUnreclaim:");
}

#define WARM_UP		9	/* until caches have filled */
#define ROUND_BYTES	1024	/* a claim takes more than this */

/* Closed and claimed at once, and nothing grows. */
TEST_F_TIMEOUT(lifetime, claimed_500_times, 60)
{
	SKIP_IF(self->skip);
	long before = 0;
	time_t end;
	int i;

	level_close(&self->level);
	for (i = 0; again(i, 500, &end); i++) {
		int fd = level_claim(self->dev, 0);

		ASSERT_LE(0, fd)
			TH_LOG("round %d", i);
		close(fd);
		if (i == WARM_UP)
			before = unreclaimable();
	}
	/*
	 * Too few rounds drown in what else goes on; KASAN holds back what is freed,
	 * and kmemleak looks there for what is lost.
	 */
	if (before && i > 200 && board_no_debug())
		EXPECT_GT((i - WARM_UP) * ROUND_BYTES / 1024,
			  unreclaimable() - before);
}

/* With everything on it. */
TEST_F_TIMEOUT(lifetime, opened_100_times, 60)
{
	SKIP_IF(self->skip);
	time_t end;

	for (int i = 0; again(i, 100, &end); i++) {
		level_close(&self->level);
		ASSERT_EQ(0, level_open(&self->level, self->dev, 0))
			TH_LOG("round %d", i);
		ASSERT_TRUE(level_cycle(&self->level));
	}
}

/* Of several who claim at the same time one gets it, each time. */
#define CLAIMERS	4
#define RACES		20

struct race {
	const struct level_dev *dev;
	pthread_barrier_t start, end, checked;
	int fd[CLAIMERS];
};

struct claimer {
	pthread_t thread;
	struct race *race;
	int index;
};

static void *claim_in_race(void *data)
{
	struct claimer *me = data;
	struct race *race = me->race;
	int *fd = &race->fd[me->index];

	for (int i = 0; i < RACES; i++) {
		pthread_barrier_wait(&race->start);
		*fd = level_claim(race->dev, 0);
		pthread_barrier_wait(&race->end);
		/* The referee looks at all of them. */
		pthread_barrier_wait(&race->checked);
		if (*fd >= 0)
			close(*fd);
	}
	return NULL;
}

TEST_F_TIMEOUT(lifetime, one_winner, 60)
{
	SKIP_IF(self->skip);
	struct race race = { .dev = self->dev };
	struct claimer claimers[CLAIMERS];
	int wrong = 0, strange = 0;

	level_close(&self->level);
	pthread_barrier_init(&race.start, NULL, CLAIMERS + 1);
	pthread_barrier_init(&race.end, NULL, CLAIMERS + 1);
	pthread_barrier_init(&race.checked, NULL, CLAIMERS + 1);
	for (int i = 0; i < CLAIMERS; i++) {
		claimers[i] = (struct claimer) { .race = &race, .index = i };
		ASSERT_EQ(0, pthread_create(&claimers[i].thread, NULL,
					    claim_in_race, &claimers[i]));
	}
	for (int i = 0; i < RACES; i++) {
		int winners = 0;

		pthread_barrier_wait(&race.start);
		pthread_barrier_wait(&race.end);
		for (int j = 0; j < CLAIMERS; j++) {
			winners += race.fd[j] >= 0;
			if (race.fd[j] < 0 && race.fd[j] != -EBUSY)
				strange = race.fd[j];
		}
		wrong += winners != 1;
		pthread_barrier_wait(&race.checked);
	}
	for (int i = 0; i < CLAIMERS; i++)
		pthread_join(claimers[i].thread, NULL);
	EXPECT_EQ(0, wrong);
	EXPECT_EQ(0, strange);
}

/*
 * The administrator binds and unbinds while somebody claims.  From time to time he
 * looks at it: the two wait for each other's locks, and could come to do so in a step
 * that lets no claim through.
 */
struct admin {
	struct sysfs_device dev;
	volatile bool stop;
	unsigned int rounds;
};

static void *bind_in_loop(void *data)
{
	struct admin *admin = data;

	while (!admin->stop) {
		sysfs_unbind(&admin->dev);
		sysfs_bind(&admin->dev, "socassign");
		if (++admin->rounds % 8 == 0)
			usleep(5000);
	}
	return NULL;
}

struct tally {
	unsigned int won, gone;
	int strange;
};

/* The claim, or its first ioctl, may find the device gone; nothing else. */
static void claim_once(struct tally *tally, int fd)
{
	struct socassign_info info = {};
	int ret;

	if (fd >= 0) {
		ret = soc_info(fd, &info);
		close(fd);
		tally->won++;
	} else {
		ret = fd;
	}
	if (ret == -ENODEV || ret == -EBUSY)
		tally->gone++;
	else if (ret)
		tally->strange = ret;
}

TEST_F_TIMEOUT(lifetime, against_bind_and_unbind, 60)
{
	SKIP_IF(self->skip);
	struct admin admin = { .dev = self->level.sysfs };
	struct tally tally = {};
	pthread_t thread;
	time_t end;

	level_close(&self->level);
	ASSERT_EQ(0, pthread_create(&thread, NULL, bind_in_loop, &admin));
	for (int i = 0; again(i, 200, &end) || admin.rounds < 10 || !tally.won; i++)
		claim_once(&tally, level_claim(self->dev, 0));
	admin.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	TH_LOG("%u claims, %u of all found the device gone", tally.won,
	       tally.gone);
	EXPECT_EQ(0, tally.strange);
	EXPECT_LT(0, tally.won);
}

/* Several nodes, one of which goes while the others are being taken. */
static int claim_three(const struct bench *b)
{
	char list[1024];
	size_t len = 0;

	len = soc_list_add(list, sizeof(list), len, b->level->node);
	len = soc_list_add(list, sizeof(list), len, b->plain);
	len = soc_list_add(list, sizeof(list), len, b->asleep);
	return soc_claim_list(list, len, SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
}

TEST_F_TIMEOUT(lifetime, several_against_bind_and_unbind, 60)
{
	SKIP_IF(self->skip);
	struct admin admin = { .dev = self->level.sysfs };
	struct sysfs_device plain;
	struct tally tally = {};
	pthread_t thread;
	time_t end;

	level_close(&self->level);
	ASSERT_EQ(0, sysfs_find(bench()->plain, &plain));
	ASSERT_EQ(0, pthread_create(&thread, NULL, bind_in_loop, &admin));
	for (int i = 0; again(i, 200, &end) || admin.rounds < 10 || !tally.won; i++)
		claim_once(&tally, claim_three(bench()));
	admin.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	TH_LOG("%u claims, %u of all found the device gone", tally.won,
	       tally.gone);
	EXPECT_EQ(0, tally.strange);
	EXPECT_LT(0, tally.won);
	/* Nothing stuck: the others are where they were, and can be had. */
	EXPECT_TRUE(sysfs_wait_driver(&plain, PLAIN_DRIVER));
	sysfs_bind(&admin.dev, "socassign");
	int fd = claim_three(bench());

	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&plain, PLAIN_DRIVER));
}

/* No file descriptor is left: the claim that was made for one goes again. */
TEST_F(lifetime, no_file_descriptors)
{
	SKIP_IF(self->skip);
	struct rlimit old, none;
	int dev, used, fd;
	char list[512];
	time_t end;
	size_t len;

	level_close(&self->level);
	len = snprintf(list, sizeof(list), "%s", self->dev->node) + 1;
	dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, dev);
	used = dup(dev);
	close(used);
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = used;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	for (int i = 0; again(i, 50, &end); i++) {
		struct socassign_instantiate cmd = {
			.size = sizeof(cmd), .paths = (uintptr_t)list,
			.paths_len = len,
		};

		ASSERT_EQ(-EMFILE, soc_ioctl(dev, SOCASSIGN_INSTANTIATE, &cmd));
	}
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	EXPECT_EQ(0, try_claim(self->dev));
	close(dev);
	fd = dup(0);
	EXPECT_EQ(dev, fd);
	close(fd);
}

/* The struct cannot be written back: the file was not there, either. */
TEST_F(lifetime, result_not_writable)
{
	SKIP_IF(self->skip);
	struct socassign_instantiate *cmd;
	int dev, next;
	time_t end;

	level_close(&self->level);
	cmd = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, cmd);
	*cmd = (struct socassign_instantiate) {
		.size = sizeof(*cmd), .paths = (uintptr_t)self->dev->node,
		.paths_len = strlen(self->dev->node) + 1,
	};
	ASSERT_EQ(0, mprotect(cmd, 4096, PROT_READ));
	dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	for (int i = 0; again(i, 20, &end); i++)
		ASSERT_EQ(-EFAULT, soc_ioctl(dev, SOCASSIGN_INSTANTIATE, cmd));
	next = dup(dev);
	EXPECT_EQ(dev + 1, next);
	EXPECT_EQ(0, try_claim(self->dev));
}

/* A bus master that nobody reset is nobody's until the administrator says so. */
FIXTURE(quarantine) {
	const char *skip;
	struct sysfs_device dev;
};

FIXTURE_SETUP(quarantine)
{
	if (!bench() || !bench()->unblocked) {
		self->skip = bench() ? "this board has no bus master" :
				       NO_BENCH;
		return;
	}
	ASSERT_EQ(0, sysfs_find(bench()->unblocked, &self->dev));
}

FIXTURE_TEARDOWN(quarantine)
{
	if (!self->skip)
		edge_end_quarantine(bench()->unblocked);
}

TEST_F(quarantine, after_close)
{
	SKIP_IF(self->skip);
	const char *node = bench()->unblocked;
	struct edge edge;
	char text[16];

	ASSERT_EQ(0, edge_open(&edge, node));
	virtio_rng_exit(&edge.rng);
	close(edge.fd);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(-EBUSY, soc_claim(node, SOCASSIGN_UNSAFE_DMA));
	EXPECT_EQ(-EBUSY, soc_claim(node, SOCASSIGN_NO_DMA));
	ASSERT_EQ(0, sysfs_attr_read(&self->dev, "quarantine", text,
				     sizeof(text)));
	EXPECT_STREQ("1", text);
	edge_end_quarantine(node);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, ""));
	ASSERT_EQ(0, edge_open(&edge, node));
	edge_close(&edge);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, ""));
}

/* What exec runs. */
static int helper(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "has-fd"))
		return fcntl(atoi(argv[2]), F_GETFD) != -1;
	if (argc == 2 && !strcmp(argv[1], "sleep"))
		pause();
	return 2;
}

static void __attribute__((constructor)) maybe_helper(int argc, char **argv)
{
	if (argc >= 2 && (!strcmp(argv[1], "has-fd") ||
			  !strcmp(argv[1], "sleep")))
		_exit(helper(argc, argv));
}

TEST_HARNESS_MAIN
