// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of the host's whose probe takes as long as a test likes.
 *
 *   hold_probes  write 1: from now on a probe does not end until 0 is written;
 *                read how many wait
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/wait.h>

#include "compat.h"
#include "socassign_test.h"

/* Longer than a test waits (lib/limit.h), and init for one that it has killed is more. */
#define TEST_HOLD_SECONDS	450

static DECLARE_WAIT_QUEUE_HEAD(test_hold_wait);
static bool test_hold;
static atomic_t test_num_held;

static int test_slow_probe(struct platform_device *pdev)
{
	atomic_inc(&test_num_held);
	/* Who holds it may have died, and nobody ends a claim that waits for it. */
	if (!wait_event_timeout(test_hold_wait, !READ_ONCE(test_hold),
				TEST_HOLD_SECONDS * HZ))
		WRITE_ONCE(test_hold, false);
	atomic_dec(&test_num_held);
	test_tree_in_probe();
	return 0;
}

static void test_slow_remove(struct platform_device *pdev)
{
}

static const struct of_device_id test_slow_ids[] = {
	{ .compatible = "socassign,test-slow" },
	{ }
};

struct platform_driver test_slow_driver = {
	.probe = test_slow_probe,
	TEST_REMOVE(test_slow_remove),
	.driver = {
		.name = "socassign-test-slow",
		.of_match_table = test_slow_ids,
	},
};

static int test_hold_set(void *data, u64 hold)
{
	WRITE_ONCE(test_hold, hold);
	wake_up_all(&test_hold_wait);
	return 0;
}

static int test_hold_get(void *data, u64 *held)
{
	*held = atomic_read(&test_num_held);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(test_hold_fops, test_hold_get, test_hold_set, "%llu\n");

void test_slow_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("hold_probes", 0600, dir, NULL,
				   &test_hold_fops);
}
