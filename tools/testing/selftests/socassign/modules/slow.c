// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of the host's whose probe takes as long as a test likes.
 *
 *   hold_probes  write 1: from now on a probe does not end until 0 is written;
 *                read how many wait
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "compat.h"
#include "socassign_test.h"

static DECLARE_WAIT_QUEUE_HEAD(test_hold_wait);
static bool test_hold;
static atomic_t test_num_held;

static int test_slow_probe(struct platform_device *pdev)
{
	atomic_inc(&test_num_held);
	wait_event(test_hold_wait, !READ_ONCE(test_hold));
	atomic_dec(&test_num_held);
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

static ssize_t test_hold_write(struct file *file, const char __user *ubuf,
			       size_t len, loff_t *pos)
{
	bool hold;
	int ret = kstrtobool_from_user(ubuf, len, &hold);

	if (ret)
		return ret;
	WRITE_ONCE(test_hold, hold);
	wake_up_all(&test_hold_wait);
	return len;
}

static ssize_t test_hold_read(struct file *file, char __user *ubuf, size_t len,
			      loff_t *pos)
{
	char text[16];
	int size = scnprintf(text, sizeof(text), "%d\n",
			     atomic_read(&test_num_held));

	return simple_read_from_buffer(ubuf, len, pos, text, size);
}

static const struct file_operations test_hold_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = test_hold_read,
	.write = test_hold_write,
};

void test_slow_init(struct dentry *dir)
{
	debugfs_create_file("hold_probes", 0600, dir, NULL, &test_hold_fops);
}
