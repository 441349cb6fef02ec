// SPDX-License-Identifier: GPL-2.0
/*
 * Devices on their way back to the host: whoever wants the same ones waits until
 * they are there, and nobody else waits for a driver of the host's whose probe
 * takes long.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/overlay.h"
#include "lib/testmod.h"

#define ROUNDS		100

#define FLAGS (SOCASSIGN_DETACH | SOCASSIGN_NO_DMA)

/* Something that one does on the side. */
struct doer {
	pthread_t thread;
	int (*act)(const struct doer *doer);
	const char *node;
	int fd;
	volatile bool done;
	int ret;
};

static void *do_it(void *data)
{
	struct doer *doer = data;

	doer->ret = doer->act(doer);
	doer->done = true;
	return NULL;
}

static int start(struct doer *doer)
{
	return pthread_create(&doer->thread, NULL, do_it, doer);
}

/* What it waits for does not come before the test ends: a limit to the hang. */
static bool is_done(const struct doer *doer)
{
	return wait_until(doer->done);
}

static int finish(struct doer *doer)
{
	pthread_join(doer->thread, NULL);
	return doer->ret;
}

/* The slow device is on its way: its driver is in its probe. */
FIXTURE(returns) {
	const char *skip;
	const char *slow;
	struct sysfs_device dev;
	struct doer closer;
	int fd;			/* of a claim that lives on */
	int other;		/* of what a test claims */
};

static int close_it(const struct doer *doer)
{
	return close(doer->fd);
}

FIXTURE_SETUP(returns)
{
	self->fd = -1;
	self->other = -1;
	if (!bench())
		self->skip = NO_BENCH;
	else if (!testmod_has("hold_probes"))
		self->skip = "the module socassign_test is not loaded";
	if (self->skip)
		return;
	self->slow = bench_node("slow@ee000");
	ASSERT_EQ(0, testmod_hold_probes(false));
	ASSERT_EQ(0, sysfs_find(self->slow, &self->dev));
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, SLOW_DRIVER));
	self->closer.act = close_it;
	self->closer.fd = soc_claim(self->slow, FLAGS);
	ASSERT_LE(0, self->closer.fd);
	self->fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, testmod_hold_probes(true));
	ASSERT_EQ(0, start(&self->closer));
	wait_until(testmod_num_held() != 0);
	EXPECT_EQ(1, testmod_num_held());
}

FIXTURE_TEARDOWN(returns)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, testmod_hold_probes(false));
	EXPECT_EQ(0, finish(&self->closer));
	close(self->fd);
	if (self->other >= 0)
		close(self->other);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, SLOW_DRIVER));
}

static int claim(const struct doer *doer)
{
	return soc_claim(doer->node, FLAGS);
}

static int dry_run(const struct doer *doer)
{
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	int ret = soc_dry_run(dev, doer->node, strlen(doer->node) + 1, FLAGS);

	close(dev);
	return ret;
}

/* Together with one that has nothing to do with it. */
static int claim_with_another(const struct doer *doer)
{
	char list[512];
	size_t len;

	len = soc_list_add(list, sizeof(list), 0, bench()->plain);
	len = soc_list_add(list, sizeof(list), len, doer->node);
	return soc_claim_list(list, len, FLAGS);
}

/* The probe is held all the while that something else is done. */
#define EXPECT_DONE_MEANWHILE(_doer) do {				\
	ASSERT_EQ(0, start(_doer));					\
	EXPECT_TRUE(is_done(_doer));					\
	EXPECT_EQ(1, testmod_num_held());				\
	EXPECT_EQ(0, testmod_hold_probes(false));			\
	finish(_doer);							\
} while (0)

TEST_F(returns, another_claim_does_not_wait)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = claim, .node = bench()->plain };

	EXPECT_DONE_MEANWHILE(&doer);
	self->other = doer.ret;
	EXPECT_LE(0, self->other);
}

TEST_F(returns, another_dry_run_does_not_wait)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = dry_run, .node = bench()->plain };

	EXPECT_DONE_MEANWHILE(&doer);
	EXPECT_EQ(0, doer.ret);
}

/* Nor one of what has an owner who keeps it. */
TEST_F(returns, another_refusal_does_not_wait)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = claim, .node = bench()->asleep };

	EXPECT_DONE_MEANWHILE(&doer);
	EXPECT_EQ(-EBUSY, doer.ret);
}

static int take_node_out(const struct doer *doer)
{
	return testmod_write("node_detach", doer->node);
}

/* The tree changes under another claim, whose return is waited for. */
TEST_F(returns, another_revoke_does_not_wait)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("node_detach") ? NULL : "no CONFIG_OF_DYNAMIC");
	struct doer doer = { .act = take_node_out, .node = bench()->plain };
	struct sysfs_device dev;

	self->other = soc_claim(bench()->plain, FLAGS);
	ASSERT_LE(0, self->other);
	EXPECT_DONE_MEANWHILE(&doer);
	EXPECT_EQ(0, doer.ret);
	EXPECT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_EQ(0, sysfs_find(bench()->plain, &dev));
	EXPECT_TRUE(sysfs_wait_driver(&dev, PLAIN_DRIVER));
}

/* A driver changes the tree in its probe, under a claim that is not its device's. */
TEST_F(returns, probe_takes_out_a_node)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("detach_in_probe") ? NULL : "no CONFIG_OF_DYNAMIC");
	struct sysfs_device dev;

	self->other = soc_claim(bench()->plain, FLAGS);
	ASSERT_LE(0, self->other);
	ASSERT_EQ(0, testmod_write("detach_in_probe", bench()->plain));
	EXPECT_EQ(0, testmod_hold_probes(false));
	EXPECT_TRUE(wait_until(testmod_in_probe() != -EAGAIN));
	EXPECT_EQ(0, testmod_in_probe());
	EXPECT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_EQ(0, sysfs_find(bench()->plain, &dev));
	EXPECT_TRUE(sysfs_wait_driver(&dev, PLAIN_DRIVER));
}

/* It cannot be done before: there is no telling a "not yet" from a "never". */
#define EXPECT_DONE_AFTERWARDS(_doer) do {				\
	ASSERT_EQ(0, start(_doer));					\
	usleep(SETTLE_MS * 1000);					\
	EXPECT_FALSE((_doer)->done);					\
	EXPECT_EQ(0, testmod_hold_probes(false));			\
	finish(_doer);							\
} while (0)

TEST_F(returns, same_claim_waits)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = claim, .node = self->slow };

	EXPECT_DONE_AFTERWARDS(&doer);
	self->other = doer.ret;
	EXPECT_LE(0, self->other);
	EXPECT_TRUE(sysfs_bound_to(&self->dev, "socassign"));
}

TEST_F(returns, same_dry_run_waits)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = dry_run, .node = self->slow };

	EXPECT_DONE_AFTERWARDS(&doer);
	EXPECT_EQ(0, doer.ret);
}

TEST_F(returns, claim_of_both_waits)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = claim_with_another, .node = self->slow };

	EXPECT_DONE_AFTERWARDS(&doer);
	self->other = doer.ret;
	EXPECT_LE(0, self->other);
}

static int change_node(const struct doer *doer)
{
	return testmod_write("reg_shrink", doer->node);
}

/* Whoever changes the tree may have what the driver wants in its probe. */
TEST(change_does_not_wait_for_a_probe)
{
	SKIP_IF(bench() ? NULL : NO_BENCH);
	SKIP_IF(testmod_has("reg_shrink") ? NULL : "no CONFIG_OF_DYNAMIC");
	struct doer doer = {
		.act = change_node, .node = bench_node("slow@ee000"),
	};
	struct sysfs_device dev;
	int fd;

	ASSERT_EQ(0, testmod_hold_probes(false));
	ASSERT_EQ(0, sysfs_find(doer.node, &dev));
	ASSERT_TRUE(sysfs_wait_driver(&dev, SLOW_DRIVER));
	fd = soc_claim(doer.node, FLAGS);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, testmod_hold_probes(true));
	ASSERT_EQ(0, start(&doer));
	EXPECT_TRUE(is_done(&doer));
	EXPECT_TRUE(wait_until(testmod_num_held() == 1));
	EXPECT_EQ(0, testmod_hold_probes(false));
	EXPECT_EQ(0, finish(&doer));
	EXPECT_EQ(0, testmod_write("node_attach", "1"));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&dev, SLOW_DRIVER));
}

/* A revoke does not wait; the next claim does. */
TEST(right_after_revoke)
{
	SKIP_IF(bench() ? NULL : NO_BENCH);
	struct sysfs_device dev;
	time_t end;

	ASSERT_EQ(0, sysfs_find(bench()->plain, &dev));
	for (int i = 0; again(i, ROUNDS, &end); i++) {
		int revoked = soc_claim(bench()->plain, FLAGS);

		ASSERT_LE(0, revoked)
			TH_LOG("round %d", i);
		ASSERT_EQ(0, sysfs_unbind(&dev));
		ASSERT_EQ(0, soc_try_claim(bench()->plain, FLAGS))
			TH_LOG("round %d: %s", i, soc_reason());
		close(revoked);
	}
	EXPECT_TRUE(sysfs_wait_driver(&dev, PLAIN_DRIVER));
}

/* A slow bus master that came by an overlay, and that its owner left as it was. */
FIXTURE(quarantined) {
	const char *skip;
	struct fdt fdt;
	struct sysfs_device dev;
	char node[256];
};

#define LATE_REG	0xfb000
#define LATE_NAME	"late@fb000"

FIXTURE_SETUP(quarantined)
{
	int fd;

	if (!bench())
		self->skip = NO_BENCH;
	else if (!overlay_possible())
		self->skip = "this kernel has no CONFIG_OF_OVERLAY";
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	ASSERT_EQ(0, testmod_hold_probes(false));
	ASSERT_EQ(0, overlay_apply_device(&self->fdt, bench()->bus, LATE_NAME,
					  "socassign,test-slow", LATE_REG, 0x1000));
	snprintf(self->node, sizeof(self->node), "%s/" LATE_NAME, bench()->bus);
	ASSERT_EQ(0, sysfs_find(self->node, &self->dev));
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, SLOW_DRIVER));
	fd = soc_claim(self->node, SOCASSIGN_DETACH | SOCASSIGN_UNSAFE_DMA);
	ASSERT_LE(0, fd);
	close(fd);
}

FIXTURE_TEARDOWN(quarantined)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, testmod_hold_probes(false));
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, SLOW_DRIVER));
	EXPECT_TRUE(wait_until(overlay_remove() != -EBUSY));
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

/* Its driver is in its probe afterwards. */
#define LEAVE_QUARANTINE(_self) do {					\
	ASSERT_EQ(0, testmod_hold_probes(true));			\
	ASSERT_EQ(0, sysfs_attr_write(&(_self)->dev, "quarantine", "0"));	\
	wait_until(testmod_num_held() != 0);				\
} while (0)

static int remove_overlay(const struct doer *doer)
{
	return overlay_remove();
}

/* Its quarantine is over, but the driver still refers to it: its node stays. */
TEST_F(quarantined, its_overlay_stays_until_it_is_back)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = remove_overlay };

	expect_in_log("notifier error -16");
	LEAVE_QUARANTINE(self);
	EXPECT_DONE_MEANWHILE(&doer);
	EXPECT_EQ(-EBUSY, doer.ret);
}

/* What has nothing to do with it can be had. */
TEST_F(quarantined, another_claim_does_not_wait)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = claim, .node = bench()->plain };

	LEAVE_QUARANTINE(self);
	EXPECT_DONE_MEANWHILE(&doer);
	EXPECT_LE(0, doer.ret);
	close(doer.ret);
}

static int claim_late(const struct doer *doer)
{
	return soc_claim(doer->node, SOCASSIGN_DETACH | SOCASSIGN_UNSAFE_DMA);
}

/* A bound device's own; the test makes it quarantined once more. */
TEST_F(quarantined, same_claim_waits)
{
	SKIP_IF(self->skip);
	struct doer doer = { .act = claim_late, .node = self->node };

	LEAVE_QUARANTINE(self);
	EXPECT_DONE_AFTERWARDS(&doer);
	EXPECT_LE(0, doer.ret);
	close(doer.ret);
	EXPECT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
}

/* Its driver takes back what it did to its node. */
TEST_F(quarantined, its_driver_changes_its_node)
{
	SKIP_IF(self->skip);
	static struct fdt fdt;

	expect_in_log("memory leak will occur if overlay removed");
	overlay_begin(&fdt, self->node);
	fdt_string(&fdt, "test,changed", "yes");
	ASSERT_EQ(0, overlay_in_probe(&fdt));
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	EXPECT_TRUE(wait_until(testmod_in_probe() != -EAGAIN));
	EXPECT_EQ(0, testmod_in_probe());
}

TEST_HARNESS_MAIN
