// SPDX-License-Identifier: GPL-2.0
/*
 * What is in the page tables of an IOMMU:
 *
 *   iova_to_phys  write a path, to say for which device; a read at a DMA address gives
 *                 the physical address of that page and of those that follow, 8 bytes
 *                 for each, 0 if the device reaches nothing there
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/uaccess.h>

#include "socassign_test.h"

static int test_iova_open(struct inode *inode, struct file *file)
{
	file->private_data = NULL;
	return 0;
}

/* Each has the file open for itself. */
static ssize_t test_iova_write(struct file *file, const char __user *ubuf,
			       size_t len, loff_t *pos)
{
	struct device *dev = test_get_device(ubuf, len);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	put_device(file->private_data);
	file->private_data = dev;
	return len;
}

static ssize_t test_iova_read(struct file *file, char __user *ubuf, size_t len,
			      loff_t *pos)
{
	struct device *dev = file->private_data;
	struct iommu_domain *domain = dev ? iommu_get_domain_for_dev(dev) : NULL;
	u64 __user *to = (u64 __user *)ubuf;

	if (!domain)
		return -ENODEV;
	for (size_t i = 0; i < len / sizeof(*to); i++) {
		u64 phys = iommu_iova_to_phys(domain, *pos + i * PAGE_SIZE);

		if (put_user(phys, to + i))
			return -EFAULT;
	}
	return round_down(len, sizeof(*to));
}

static int test_iova_release(struct inode *inode, struct file *file)
{
	put_device(file->private_data);
	return 0;
}

static const struct file_operations test_iova_fops = {
	.owner = THIS_MODULE,
	.open = test_iova_open,
	.read = test_iova_read,
	.write = test_iova_write,
	.release = test_iova_release,
};

void test_iommu_init(struct dentry *dir)
{
	debugfs_create_file("iova_to_phys", 0600, dir, NULL, &test_iova_fops);
}
