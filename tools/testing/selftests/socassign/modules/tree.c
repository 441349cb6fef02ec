// SPDX-License-Identifier: GPL-2.0
/*
 * The device tree and its devices, changed at run time:
 *
 *   device_remove   write a path: the device of the node is destroyed
 *   device_shutdown write a path: as its bus is told when the machine goes down
 *   device_create   write a path: the devices of its children are made again
 *   node_detach     write a path: the node leaves the tree, by a changeset
 *   locked_detach   the same by somebody who has the lock of the parent's device
 *   reg_shrink      write a path: the node's last register block is half as big
 *   liodn_add       write a path: the node gets a LIODN
 *   node_attach     write anything: what one of the four did is undone
 *   overlay_apply   write a blob, with one write(2)
 *   overlay_remove  write anything: the last overlay goes
 *
 *   detach_in_probe   write a path: as node_detach, by the next slow probe (slow.c)
 *   overlay_in_probe  write a blob: the next slow probe applies it, and removes it
 *   in_probe          read what came of it
 *
 * A file that the kernel has no support for is not there.
 */
#include <linux/amba/bus.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "socassign_test.h"

#define TEST_MAX_BLOB	16384
/* No board has it. */
#define TEST_LIODN	250

/* One operation at a time: the files do not exclude each other. */
static DEFINE_MUTEX(test_tree_lock);
/* -EAGAIN: has not been done yet. */
static int test_probe_ret;

static struct device_node *test_get_node(const char __user *ubuf, size_t len)
{
	char path[256];
	struct device_node *np;
	int ret = test_get_text(ubuf, len, path, sizeof(path));

	if (ret)
		return ERR_PTR(ret);
	np = of_find_node_by_path(path);
	return np ? np : ERR_PTR(-ENOENT);
}

static struct device *test_find_device(struct device_node *np)
{
	struct platform_device *pdev = of_find_device_by_node(np);

	if (pdev)
		return &pdev->dev;
#if IS_ENABLED(CONFIG_ARM_AMBA)
	return bus_find_device_by_of_node(&amba_bustype, np);
#else
	return NULL;
#endif
}

struct device *test_get_device(const char __user *ubuf, size_t len)
{
	struct device_node *np = test_get_node(ubuf, len);
	struct device *dev;

	if (IS_ERR(np))
		return ERR_CAST(np);
	dev = test_find_device(np);
	of_node_put(np);
	return dev ? dev : ERR_PTR(-ENODEV);
}

static ssize_t test_device_remove(struct file *file, const char __user *ubuf,
				  size_t len, loff_t *pos)
{
	struct device *dev = test_get_device(ubuf, len);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	of_platform_device_destroy(dev, NULL);
	put_device(dev);
	return len;
}

/* What device_shutdown() of drivers/base/core.c does. */
static ssize_t test_device_shutdown(struct file *file, const char __user *ubuf,
				    size_t len, loff_t *pos)
{
	struct device *dev = test_get_device(ubuf, len);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	device_lock(dev);
	if (dev->bus && dev->bus->shutdown)
		dev->bus->shutdown(dev);
	device_unlock(dev);
	put_device(dev);
	return len;
}

static ssize_t test_device_create(struct file *file, const char __user *ubuf,
				  size_t len, loff_t *pos)
{
	struct device_node *np = test_get_node(ubuf, len);
	struct device_node *child;
	struct device *parent;
	int ret;

	if (IS_ERR(np))
		return PTR_ERR(np);
	parent = test_find_device(np);
	/* Nodes of an overlay are devices only where of_platform says so. */
	for_each_child_of_node(np, child)
		fwnode_clear_flag(&child->fwnode, FWNODE_FLAG_NOT_DEVICE);
	ret = of_platform_default_populate(np, NULL, parent);
	put_device(parent);
	of_node_put(np);
	return ret ? ret : len;
}

static const struct file_operations test_device_remove_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_device_remove,
};

static const struct file_operations test_device_shutdown_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_device_shutdown,
};

static const struct file_operations test_device_create_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_device_create,
};

#if IS_ENABLED(CONFIG_OF_DYNAMIC)
static struct of_changeset test_changeset;
static struct device_node *test_detached;

/* Put into effect what the changeset has, unless there was an error. */
static int test_apply_changeset(struct device_node *np, int ret)
{
	if (!ret)
		ret = of_changeset_apply(&test_changeset);
	if (ret) {
		of_changeset_destroy(&test_changeset);
		return ret;
	}
	test_detached = of_node_get(np);
	return 0;
}

/* With what is below it: a node that is attached has no children at first. */
static int test_add_detach(struct device_node *np)
{
	struct device_node *child;

	for_each_child_of_node(np, child) {
		int ret = test_add_detach(child);

		if (ret) {
			of_node_put(child);
			return ret;
		}
	}
	return of_changeset_detach_node(&test_changeset, np);
}

static int test_detach(struct device_node *np)
{
	if (test_detached)
		return -EBUSY;
	of_changeset_init(&test_changeset);
	return test_apply_changeset(np, test_add_detach(np));
}

/* As from within its driver's probe or remove. */
static int test_detach_locked(struct device_node *np)
{
	struct device *parent = test_find_device(np->parent);
	int ret;

	if (!parent)
		return -ENODEV;
	device_lock(parent);
	ret = test_detach(np);
	device_unlock(parent);
	put_device(parent);
	return ret;
}

/* Stays with the node, for good. */
static struct property *test_make_prop(const char *name, const void *value,
				       int length)
{
	struct property *prop = kzalloc(sizeof(*prop), GFP_KERNEL);

	if (!prop)
		return NULL;
	prop->name = kstrdup(name, GFP_KERNEL);
	prop->value = kmemdup(value, length, GFP_KERNEL);
	prop->length = length;
	of_property_set_flag(prop, OF_DYNAMIC);
	if (prop->name && prop->value)
		return prop;
	kfree(prop->name);
	kfree(prop->value);
	kfree(prop);
	return NULL;
}

/* The last cell is halved. */
static int test_shrink(struct device_node *np)
{
	struct property *reg = of_find_property(np, "reg", NULL);
	struct property *half;
	__be32 *cells;

	if (test_detached)
		return -EBUSY;
	if (!reg || reg->length < sizeof(*cells))
		return -ENOENT;
	half = test_make_prop(reg->name, reg->value, reg->length);
	if (!half)
		return -ENOMEM;
	cells = half->value + half->length - sizeof(*cells);
	*cells = cpu_to_be32(be32_to_cpu(*cells) / 2);
	of_changeset_init(&test_changeset);
	return test_apply_changeset(np,
				    of_changeset_update_property(&test_changeset,
								 np, half));
}

static int test_add_liodn(struct device_node *np)
{
	const __be32 id = cpu_to_be32(TEST_LIODN);
	struct property *prop;

	if (test_detached)
		return -EBUSY;
	prop = test_make_prop("fsl,liodn", &id, sizeof(id));
	if (!prop)
		return -ENOMEM;
	of_changeset_init(&test_changeset);
	return test_apply_changeset(np,
				    of_changeset_add_property(&test_changeset,
							      np, prop));
}

static int test_attach(void)
{
	int ret;

	if (!test_detached)
		return -ENOENT;
	ret = of_changeset_revert(&test_changeset);
	of_changeset_destroy(&test_changeset);
	of_node_put(test_detached);
	test_detached = NULL;
	return ret;
}

/*
 * Without test_tree_lock: the probe may be that of a device which whoever has the lock
 * makes, or waits for.
 */
static struct device_node *test_probe_detaches;

static int test_detach_in_probe(struct device_node *np)
{
	test_probe_ret = -EAGAIN;
	of_node_put(xchg(&test_probe_detaches, of_node_get(np)));
	return 0;
}

static void test_probe_detach(void)
{
	struct device_node *np = xchg(&test_probe_detaches, NULL);

	if (!np)
		return;
	test_probe_ret = test_detach(np);
	of_node_put(np);
}

static ssize_t test_change(int (*change)(struct device_node *np),
			   const char __user *ubuf, size_t len)
{
	struct device_node *np = test_get_node(ubuf, len);
	int ret;

	if (IS_ERR(np))
		return PTR_ERR(np);
	mutex_lock(&test_tree_lock);
	ret = change(np);
	mutex_unlock(&test_tree_lock);
	of_node_put(np);
	return ret ? ret : len;
}

static ssize_t test_node_detach(struct file *file, const char __user *ubuf,
				size_t len, loff_t *pos)
{
	return test_change(test_detach, ubuf, len);
}

static ssize_t test_locked_detach(struct file *file, const char __user *ubuf,
				  size_t len, loff_t *pos)
{
	return test_change(test_detach_locked, ubuf, len);
}

static ssize_t test_reg_shrink(struct file *file, const char __user *ubuf,
			       size_t len, loff_t *pos)
{
	return test_change(test_shrink, ubuf, len);
}

static ssize_t test_liodn_add(struct file *file, const char __user *ubuf,
			      size_t len, loff_t *pos)
{
	return test_change(test_add_liodn, ubuf, len);
}

static ssize_t test_probe_detach_write(struct file *file,
				       const char __user *ubuf, size_t len,
				       loff_t *pos)
{
	return test_change(test_detach_in_probe, ubuf, len);
}

static ssize_t test_node_attach(struct file *file, const char __user *ubuf,
				size_t len, loff_t *pos)
{
	int ret;

	mutex_lock(&test_tree_lock);
	ret = test_attach();
	mutex_unlock(&test_tree_lock);
	return ret ? ret : len;
}

static const struct file_operations test_node_detach_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_node_detach,
};

static const struct file_operations test_locked_detach_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_locked_detach,
};

static const struct file_operations test_reg_shrink_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_reg_shrink,
};

static const struct file_operations test_liodn_add_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_liodn_add,
};

static const struct file_operations test_probe_detach_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_probe_detach_write,
};

static const struct file_operations test_node_attach_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_node_attach,
};

static void test_dynamic_init(struct dentry *dir)
{
	debugfs_create_file("node_detach", 0200, dir, NULL,
			    &test_node_detach_fops);
	debugfs_create_file("locked_detach", 0200, dir, NULL,
			    &test_locked_detach_fops);
	debugfs_create_file("reg_shrink", 0200, dir, NULL,
			    &test_reg_shrink_fops);
	debugfs_create_file("liodn_add", 0200, dir, NULL,
			    &test_liodn_add_fops);
	debugfs_create_file("detach_in_probe", 0200, dir, NULL,
			    &test_probe_detach_fops);
	debugfs_create_file("node_attach", 0200, dir, NULL,
			    &test_node_attach_fops);
}

static void test_dynamic_exit(void)
{
	of_node_put(test_probe_detaches);
	test_attach();
}
#else
static void test_probe_detach(void) { }
static void test_dynamic_init(struct dentry *dir) { }
static void test_dynamic_exit(void) { }
#endif

#if IS_ENABLED(CONFIG_OF_OVERLAY)
static int test_overlay;	/* its id, 0 if there is none */

static int test_apply(const void *blob, size_t len)
{
	int ret;

	if (test_overlay)
		return -EBUSY;
	ret = test_overlay_fdt_apply(blob, len, &test_overlay);
	/* The id of one that failed halfway is for its removal only. */
	if (ret && test_overlay)
		of_overlay_remove(&test_overlay);
	return ret;
}

static void *test_get_blob(const char __user *ubuf, size_t len)
{
	return len > TEST_MAX_BLOB ? ERR_PTR(-EINVAL) : memdup_user(ubuf, len);
}

static ssize_t test_overlay_apply(struct file *file, const char __user *ubuf,
				  size_t len, loff_t *pos)
{
	void *blob = test_get_blob(ubuf, len);
	int ret;

	if (IS_ERR(blob))
		return PTR_ERR(blob);
	mutex_lock(&test_tree_lock);
	ret = test_apply(blob, len);
	mutex_unlock(&test_tree_lock);
	kfree(blob);
	return ret ? ret : len;
}

static ssize_t test_overlay_remove(struct file *file, const char __user *ubuf,
				   size_t len, loff_t *pos)
{
	int ret = -ENOENT;

	mutex_lock(&test_tree_lock);
	if (test_overlay)
		ret = of_overlay_remove(&test_overlay);
	mutex_unlock(&test_tree_lock);
	return ret ? ret : len;
}

struct test_blob {
	size_t len;
	void *data;
};

static struct test_blob test_probe_overlays;
static bool test_probe_overlay_is_due;

static ssize_t test_probe_overlay_write(struct file *file,
					const char __user *ubuf, size_t len,
					loff_t *pos)
{
	void *blob = test_get_blob(ubuf, len);

	if (IS_ERR(blob))
		return PTR_ERR(blob);
	mutex_lock(&test_tree_lock);
	kfree(test_probe_overlays.data);
	test_probe_overlays = (struct test_blob) { len, blob };
	test_probe_ret = -EAGAIN;
	mutex_unlock(&test_tree_lock);
	WRITE_ONCE(test_probe_overlay_is_due, true);
	return len;
}

static int test_apply_for_now(const struct test_blob *blob)
{
	int id = 0;
	int ret = test_overlay_fdt_apply(blob->data, blob->len, &id);

	return id ? of_overlay_remove(&id) ?: ret : ret;
}

static void test_probe_overlay(void)
{
	if (xchg(&test_probe_overlay_is_due, false))
		test_probe_ret = test_apply_for_now(&test_probe_overlays);
}

static const struct file_operations test_probe_overlay_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_probe_overlay_write,
};

static const struct file_operations test_overlay_apply_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_overlay_apply,
};

static const struct file_operations test_overlay_remove_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = test_overlay_remove,
};

static void test_overlay_init(struct dentry *dir)
{
	debugfs_create_file("overlay_apply", 0200, dir, NULL,
			    &test_overlay_apply_fops);
	debugfs_create_file("overlay_remove", 0200, dir, NULL,
			    &test_overlay_remove_fops);
	debugfs_create_file("overlay_in_probe", 0200, dir, NULL,
			    &test_probe_overlay_fops);
}

static void test_overlay_exit(void)
{
	kfree(test_probe_overlays.data);
	if (test_overlay)
		of_overlay_remove(&test_overlay);
}
#else
static void test_probe_overlay(void) { }
static void test_overlay_init(struct dentry *dir) { }
static void test_overlay_exit(void) { }
#endif

/* By a driver of the host's, in its probe. */
void test_tree_in_probe(void)
{
	test_probe_detach();
	test_probe_overlay();
}

static int test_in_probe(void *data, u64 *ret)
{
	*ret = test_probe_ret;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(test_in_probe_fops, test_in_probe, NULL, "%lld\n");

void test_tree_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("in_probe", 0400, dir, NULL,
				   &test_in_probe_fops);
	debugfs_create_file("device_remove", 0200, dir, NULL,
			    &test_device_remove_fops);
	debugfs_create_file("device_shutdown", 0200, dir, NULL,
			    &test_device_shutdown_fops);
	debugfs_create_file("device_create", 0200, dir, NULL,
			    &test_device_create_fops);
	test_dynamic_init(dir);
	test_overlay_init(dir);
}

void test_tree_exit(void)
{
	test_overlay_exit();
	test_dynamic_exit();
}
