// SPDX-License-Identifier: GPL-2.0
/*
 * Helper of the socassign selftests: things that happen to a device without
 * user space's doing.  Its files are in /sys/kernel/debug/socassign_test.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "socassign_test.h"

static struct dentry *test_dir;

int test_get_text(const char __user *ubuf, size_t len, char *buf, size_t size)
{
	if (len >= size)
		return -EINVAL;
	if (copy_from_user(buf, ubuf, len))
		return -EFAULT;
	buf[len] = '\0';
	strim(buf);
	return 0;
}

static int __init test_init(void)
{
	int ret = test_drivers_init();

	if (ret)
		return ret;
	test_dir = debugfs_create_dir("socassign_test", NULL);
	test_tree_init(test_dir);
	test_irq_init(test_dir);
	test_mapped_init(test_dir);
	test_iommu_init(test_dir);
	test_memcpy_init(test_dir);
	test_slow_init(test_dir);
	test_clock_init(test_dir);
	test_domains_init(test_dir);
	test_lines_init(test_dir);
	return 0;
}

static void __exit test_exit(void)
{
	debugfs_remove_recursive(test_dir);
	test_mapped_exit();
	test_irq_exit();
	test_tree_exit();
	test_drivers_exit();
}

module_init(test_init);
module_exit(test_exit);

MODULE_DESCRIPTION("Helper of the socassign selftests");
MODULE_LICENSE("GPL");
