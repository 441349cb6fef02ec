// SPDX-License-Identifier: GPL-2.0
/*
 * A device that was made for a claim, below a device of the host's whose driver
 * makes and destroys what is below its node: one of the two unregisters it,
 * whoever comes first, and the host has what it had.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/testmod.h"

#define ROUNDS	200
/* Of a close: the other one starts after so many of them, and one more each time. */
#define STEPS	16
/* Nodes of the hub that nobody has: asleep@1000, asleep@1100, ... */
#define ASLEEP	8

#define FLAGS (SOCASSIGN_DETACH | SOCASSIGN_NO_DMA)

FIXTURE(hub) {
	const char *skip;
	const char *node, *awake, *asleep;
	struct sysfs_device dev;
	int fd;
};

static bool is_driven(const char *node, const char *driver)
{
	struct sysfs_device dev;

	return !sysfs_find(node, &dev) && sysfs_wait_driver(&dev, driver);
}

/* As the host has it: the hub driven, and with it the child that is no guest's. */
static bool is_hosts(const char *hub, const char *awake, const char *asleep)
{
	return is_driven(hub, HUB_DRIVER) && is_driven(awake, PLAIN_DRIVER) &&
	       !sysfs_has_device(asleep);
}

FIXTURE_SETUP(hub)
{
	self->fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	self->node = bench_node("hub@ec000");
	self->awake = bench_node("hub@ec000/awake@0");
	self->asleep = bench_node("hub@ec000/asleep@1000");
	if (!testmod_has("hold_probes")) {
		self->skip = "the module socassign_test is not loaded";
		return;
	}
	/* Whatever a test before left. */
	if (testmod_has("node_attach"))
		testmod_write("node_attach", "1");
	ASSERT_EQ(0, sysfs_find(self->node, &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
	ASSERT_EQ(0, sysfs_move(&self->dev, HUB_DRIVER));
	ASSERT_TRUE(is_hosts(self->node, self->awake, self->asleep));
}

FIXTURE_TEARDOWN(hub)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, testmod_hold_probes(false));
	if (self->fd >= 0)
		close(self->fd);
	EXPECT_EQ(0, sysfs_move(&self->dev, ""));
	EXPECT_FALSE(sysfs_has_device(self->awake));
	EXPECT_EQ(0, sysfs_move(&self->dev, HUB_DRIVER));
	EXPECT_TRUE(is_hosts(self->node, self->awake, self->asleep));
}

static int bind_hub(const struct sysfs_device *hub)
{
	return sysfs_bind(hub, HUB_DRIVER);
}

/* The driver of the parent destroys the device of a claim that is alive. */
TEST_F(hub, goes_under_a_claim)
{
	SKIP_IF(self->skip);
	struct socassign_get_event event;
	struct socassign_info info = {};

	self->fd = soc_claim(self->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, sysfs_unbind(&self->dev));
	ASSERT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	EXPECT_FALSE(sysfs_has_device(self->asleep));
	ASSERT_EQ(0, bind_hub(&self->dev));
	EXPECT_TRUE(is_hosts(self->node, self->awake, self->asleep));
	/* With the file of the old claim still open. */
	EXPECT_EQ(0, soc_try_claim(self->asleep, SOCASSIGN_NO_DMA));
	close(self->fd);
	self->fd = -1;
	EXPECT_TRUE(is_hosts(self->node, self->awake, self->asleep));
}

/* It finds what is below it made already, and leaves it alone. */
TEST_F(hub, comes_over_a_claim)
{
	SKIP_IF(self->skip);
	struct socassign_info first = {}, second = {};
	int awake;

	ASSERT_EQ(0, sysfs_unbind(&self->dev));
	awake = soc_claim(self->awake, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, awake);
	self->fd = soc_claim(self->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, bind_hub(&self->dev));
	EXPECT_EQ(0, soc_info(awake, &first));
	EXPECT_EQ(0, soc_info(self->fd, &second));
	EXPECT_TRUE(is_driven(self->awake, "socassign"));
	close(awake);
	close(self->fd);
	self->fd = -1;
	EXPECT_FALSE(sysfs_has_device(self->awake));
	EXPECT_FALSE(sysfs_has_device(self->asleep));
}

/* Who takes the node out of the tree waits for the device, and has the hub's lock. */
TEST_F(hub, has_its_node_taken_out)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("locked_detach") ? NULL : "no CONFIG_OF_DYNAMIC");
	struct socassign_info info = {};

	self->fd = soc_claim(self->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, testmod_write("locked_detach", self->asleep));
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	EXPECT_FALSE(sysfs_has_device(self->asleep));
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_EQ(0, soc_try_claim(self->asleep, SOCASSIGN_NO_DMA));
}

/* All of it: the devices below come back by the driver of the hub. */
TEST_F(hub, taken_with_what_is_below)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 5; i++) {
		self->fd = soc_claim(self->node, FLAGS | SOCASSIGN_SUBTREE);
		ASSERT_LE(0, self->fd);
		EXPECT_TRUE(is_driven(self->node, "socassign"));
		close(self->fd);
		self->fd = -1;
		ASSERT_TRUE(is_hosts(self->node, self->awake, self->asleep))
			TH_LOG("round %d", i);
	}
}

static void *close_it(void *data)
{
	close(*(int *)data);
	return NULL;
}

/* All that nobody has: the more there are, the longer the close takes. */
static int claim_asleep(void)
{
	char list[ASLEEP * 64];
	size_t len = 0;

	for (int i = 0; i < ASLEEP; i++)
		len += snprintf(list + len, sizeof(list) - len,
				"%s/hub@ec000/asleep@1%d00", bench()->bus, i) + 1;
	return soc_claim_list(list, len, SOCASSIGN_NO_DMA);
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* Somebody closes a claim, and the administrator has his hands on the hub. */
struct race {
	pthread_barrier_t start;
	const struct sysfs_device *hub;
	int (*act)(const struct sysfs_device *hub);
	int64_t close_takes;
	unsigned int round;
	int ret;
};

static void *act_in_race(void *data)
{
	struct race *race = data;
	int64_t start;

	pthread_barrier_wait(&race->start);
	start = now() + race->round % STEPS * race->close_takes / STEPS;
	while (now() < start)
		;
	race->ret = race->act(race->hub);
	return NULL;
}

static int close_against(int fd, struct race *race)
{
	pthread_t thread;

	pthread_barrier_init(&race->start, NULL, 2);
	if (pthread_create(&thread, NULL, act_in_race, race))
		return -EAGAIN;
	pthread_barrier_wait(&race->start);
	close(fd);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&race->start);
	race->round++;
	return race->ret;
}

static int claim_awake(const char *path)
{
	return soc_claim(path, SOCASSIGN_NO_DMA);
}

/* What it takes when nobody is in the way. */
static int64_t time_close(int fd)
{
	int64_t start = now();

	close(fd);
	return now() - start;
}

TEST_F_TIMEOUT(hub, goes_as_a_claim_is_closed, 120)
{
	SKIP_IF(self->skip);
	struct race race = { .hub = &self->dev, .act = sysfs_unbind };
	time_t end;

	race.close_takes = time_close(claim_asleep());
	for (int i = 0; again(i, ROUNDS, &end); i++) {
		int fd = claim_asleep();

		ASSERT_LE(0, fd)
			TH_LOG("round %d", i);
		ASSERT_EQ(0, close_against(fd, &race));
		ASSERT_FALSE(sysfs_has_device(self->asleep));
		ASSERT_EQ(0, bind_hub(&self->dev));
		ASSERT_TRUE(is_hosts(self->node, self->awake, self->asleep));
	}
}

/* Of a node that the driver of the hub makes a device for, where it has none. */
TEST_F_TIMEOUT(hub, comes_as_a_claim_is_closed, 120)
{
	SKIP_IF(self->skip);
	struct race race = { .hub = &self->dev, .act = bind_hub };
	time_t end;

	for (int i = 0; again(i, ROUNDS, &end); i++) {
		int fd;

		ASSERT_EQ(0, sysfs_unbind(&self->dev));
		if (!i)
			race.close_takes = time_close(claim_awake(self->awake));
		fd = claim_awake(self->awake);
		ASSERT_LE(0, fd)
			TH_LOG("round %d", i);
		ASSERT_EQ(0, close_against(fd, &race));
		/* It made one if ours was gone by then. */
		if (sysfs_has_device(self->awake))
			EXPECT_TRUE(is_driven(self->awake, PLAIN_DRIVER));
	}
}

/* It goes and comes, whatever becomes of the claims below it. */
struct admin {
	const struct sysfs_device *hub;
	volatile bool stop;
	unsigned int rounds;
};

static void *rebind_in_loop(void *data)
{
	struct admin *admin = data;

	while (!admin->stop) {
		sysfs_unbind(admin->hub);
		bind_hub(admin->hub);
		admin->rounds++;
	}
	return NULL;
}

/* Gone, just going, or just being made: nothing else keeps a claim from its node. */
static bool may_fail_with(int ret)
{
	return ret == -EBUSY || ret == -ENODEV ||
	       (ret == -EREMOTEIO && strstr(soc_reason(), "could not be bound"));
}

TEST_F_TIMEOUT(hub, goes_and_comes_under_claims, 120)
{
	SKIP_IF(self->skip);
	struct admin admin = { .hub = &self->dev };
	pthread_t thread;
	int strange = 0;
	time_t end;

	ASSERT_EQ(0, pthread_create(&thread, NULL, rebind_in_loop, &admin));
	for (int i = 0; again(i, 500, &end) || admin.rounds < 10; i++) {
		struct socassign_info info = {};
		int fd = soc_claim(i % 2 ? self->awake : self->asleep,
				   FLAGS);
		int ret = fd < 0 ? fd : soc_info(fd, &info);

		if (fd >= 0)
			close(fd);
		if (ret && !may_fail_with(ret))
			strange = ret;
	}
	admin.stop = true;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, strange);
	EXPECT_FALSE(sysfs_has_device(self->asleep));
}

/*
 * The device of the claim is gone, and its node has a new one by the time that
 * the claim is done with it: a slow return of another device is in the way.
 */
TEST_F(hub, node_has_a_new_device)
{
	SKIP_IF(self->skip);
	struct sysfs_device slow, made;
	pthread_t thread;
	int other;

	ASSERT_EQ(0, sysfs_unbind(&self->dev));
	self->fd = soc_claim(self->awake, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, bind_hub(&self->dev));
	other = soc_claim(bench_node("slow@ee000"), FLAGS);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, testmod_hold_probes(true));
	ASSERT_EQ(0, pthread_create(&thread, NULL, close_it, &other));
	wait_until(testmod_num_held() != 0);
	EXPECT_EQ(0, sysfs_unbind(&self->dev));
	EXPECT_EQ(0, bind_hub(&self->dev));
	EXPECT_EQ(0, sysfs_find(self->awake, &made));
	EXPECT_TRUE(sysfs_bound_to(&made, PLAIN_DRIVER));
	EXPECT_EQ(0, testmod_hold_probes(false));
	pthread_join(thread, NULL);
	close(self->fd);
	self->fd = -1;
	EXPECT_TRUE(sysfs_bound_to(&made, PLAIN_DRIVER));
	EXPECT_TRUE(is_hosts(self->node, self->awake, self->asleep));
	ASSERT_EQ(0, sysfs_find(bench_node("slow@ee000"), &slow));
	EXPECT_TRUE(sysfs_wait_driver(&slow, SLOW_DRIVER));
}

TEST_HARNESS_MAIN
