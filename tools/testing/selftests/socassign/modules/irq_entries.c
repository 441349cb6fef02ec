// SPDX-License-Identifier: GPL-2.0
/*
 * How often the hardware really interrupts: /proc/interrupts does not count
 * an interrupt that comes after a lazy disable.
 *
 *   irq_entries   write Linux's number of an interrupt to start counting its
 *                 entries from 0, "0" to end; read the count
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

#include "socassign_test.h"

static DEFINE_MUTEX(test_irq_lock);
static unsigned int test_irq;		/* 0: none */
static irq_flow_handler_t test_flow;	/* what it had before */
static atomic_t test_entries;

static void test_count_entry(struct irq_desc *desc)
{
	atomic_inc(&test_entries);
	test_flow(desc);
}

static struct irq_desc *test_get_desc(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	return data ? irq_data_to_desc(data) : NULL;
}

static void test_irq_stop(void)
{
	struct irq_desc *desc = test_irq ? test_get_desc(test_irq) : NULL;

	/* Not if it was set anew meanwhile. */
	if (desc && desc->handle_irq == test_count_entry)
		WRITE_ONCE(desc->handle_irq, test_flow);
	if (desc)
		synchronize_hardirq(test_irq);
	test_irq = 0;
}

static int test_irq_start(unsigned int irq)
{
	struct irq_desc *desc = test_get_desc(irq);

	if (!desc)
		return -ENOENT;
	test_irq = irq;
	test_flow = desc->handle_irq;
	atomic_set(&test_entries, 0);
	WRITE_ONCE(desc->handle_irq, test_count_entry);
	return 0;
}

static ssize_t test_irq_write(struct file *file, const char __user *ubuf,
			      size_t len, loff_t *pos)
{
	unsigned int irq;
	int ret = kstrtouint_from_user(ubuf, len, 0, &irq);

	if (ret)
		return ret;
	mutex_lock(&test_irq_lock);
	test_irq_stop();
	if (irq)
		ret = test_irq_start(irq);
	mutex_unlock(&test_irq_lock);
	return ret ? ret : len;
}

static ssize_t test_irq_read(struct file *file, char __user *ubuf, size_t len,
			     loff_t *pos)
{
	char text[16];
	int size = scnprintf(text, sizeof(text), "%d\n",
			     atomic_read(&test_entries));

	return simple_read_from_buffer(ubuf, len, pos, text, size);
}

static const struct file_operations test_irq_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = test_irq_read,
	.write = test_irq_write,
};

void test_irq_init(struct dentry *dir)
{
	debugfs_create_file("irq_entries", 0600, dir, NULL, &test_irq_fops);
}

void test_irq_exit(void)
{
	test_irq_stop();
}
