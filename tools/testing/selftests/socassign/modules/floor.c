// SPDX-License-Identifier: GPL-2.0
/*
 * The floor for the benchmark: the least that a kernel can do to hand a device to
 * user space.  The first registers of one platform device can be mapped, its
 * first interrupt is masked and signals an eventfd, another eventfd or an ioctl
 * unmasks it.  Nothing is checked that a driver for others would have to check.
 *
 * Bind it by driver_override, to one device at a time.
 */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "socassign_floor.h"

static struct floor {
	struct resource *regs;
	int irq;			/* negative if it has none */
	spinlock_t lock;		/* of masked, and of the mask itself */
	bool masked;
	struct eventfd_ctx *trigger;	/* NULL: not connected */
	struct eventfd_ctx *resample;
	wait_queue_entry_t wait;	/* on the queue of resample */
} floor = {
	.lock = __SPIN_LOCK_UNLOCKED(floor.lock),
};

static irqreturn_t floor_interrupt(int irq, void *data)
{
	spin_lock(&floor.lock);
	disable_irq_nosync(irq);
	floor.masked = true;
	spin_unlock(&floor.lock);
	floor_eventfd_signal(floor.trigger);
	return IRQ_HANDLED;
}

static void floor_unmask(void)
{
	unsigned long flags;

	spin_lock_irqsave(&floor.lock, flags);
	if (floor.masked)
		enable_irq(floor.irq);
	floor.masked = false;
	spin_unlock_irqrestore(&floor.lock, flags);
}

static int floor_resample(wait_queue_entry_t *wait, unsigned int mode,
			  int sync, void *key)
{
	u64 count;

	if (!(key_to_poll(key) & EPOLLIN))
		return 0;
	eventfd_ctx_do_read(floor.resample, &count);
	floor_unmask();
	return 0;
}

static void floor_queue(struct file *file, wait_queue_head_t *head,
			poll_table *table)
{
	add_wait_queue(head, &floor.wait);
}

static int floor_set_resample(int fd)
{
	struct file *file = eventfd_fget(fd);
	poll_table table;

	if (IS_ERR(file))
		return PTR_ERR(file);
	floor.resample = eventfd_ctx_fileget(file);
	init_waitqueue_func_entry(&floor.wait, floor_resample);
	init_poll_funcptr(&table, floor_queue);
	vfs_poll(file, &table);
	fput(file);
	return 0;
}

static void floor_put_resample(void)
{
	u64 count;

	eventfd_ctx_remove_wait_queue(floor.resample, &floor.wait, &count);
	eventfd_ctx_put(floor.resample);
}

static int floor_request(void)
{
	int ret;

	irq_set_status_flags(floor.irq, IRQ_DISABLE_UNLAZY);
	ret = request_irq(floor.irq, floor_interrupt, 0, "socassign_floor",
			  &floor);
	if (ret)
		irq_clear_status_flags(floor.irq, IRQ_DISABLE_UNLAZY);
	return ret;
}

static int floor_connect(const struct floor_connect *connect)
{
	int ret;

	if (floor.trigger || floor.irq < 0)
		return -EBUSY;
	floor.trigger = eventfd_ctx_fdget(connect->trigger);
	ret = PTR_ERR_OR_ZERO(floor.trigger);
	if (ret)
		goto none;
	ret = floor_set_resample(connect->resample);
	if (ret)
		goto put_trigger;
	ret = floor_request();
	if (!ret)
		return 0;
	floor_put_resample();
put_trigger:
	eventfd_ctx_put(floor.trigger);
none:
	floor.trigger = NULL;
	return ret;
}

static void floor_disconnect(void)
{
	if (!floor.trigger)
		return;
	free_irq(floor.irq, &floor);
	irq_clear_status_flags(floor.irq, IRQ_DISABLE_UNLAZY);
	floor_put_resample();
	eventfd_ctx_put(floor.trigger);
	floor.trigger = NULL;
	floor.masked = false;
}

static long floor_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct floor_connect connect;

	switch (cmd) {
	case FLOOR_CONNECT:
		if (copy_from_user(&connect, (void __user *)arg,
				   sizeof(connect)))
			return -EFAULT;
		return floor_connect(&connect);
	case FLOOR_UNMASK:
		floor_unmask();
		return 0;
	default:
		return -ENOTTY;
	}
}

static int floor_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!floor.regs)
		return -ENODEV;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return vm_iomap_memory(vma, floor.regs->start & PAGE_MASK,
			       PAGE_ALIGN(resource_size(floor.regs)));
}

static int floor_release(struct inode *inode, struct file *file)
{
	floor_disconnect();
	return 0;
}

static const struct file_operations floor_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.release = floor_release,
	.unlocked_ioctl = floor_ioctl,
	.mmap = floor_mmap,
};

static struct miscdevice floor_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "socassign_floor",
	.fops = &floor_fops,
	.mode = 0600,
};

static int floor_probe(struct platform_device *pdev)
{
	if (floor.regs)
		return -EBUSY;
	floor.regs = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	floor.irq = platform_get_irq_optional(pdev, 0);
	return floor.regs ? 0 : -ENODEV;
}

static void floor_remove(struct platform_device *pdev)
{
	floor_disconnect();
	floor.regs = NULL;
}

static struct platform_driver floor_driver = {
	.probe = floor_probe,
	TEST_REMOVE(floor_remove),
	.driver = { .name = "socassign_floor" },
};

static int __init floor_init(void)
{
	int ret = misc_register(&floor_misc);

	if (ret)
		return ret;
	ret = platform_driver_register(&floor_driver);
	if (ret)
		misc_deregister(&floor_misc);
	return ret;
}

static void __exit floor_exit(void)
{
	platform_driver_unregister(&floor_driver);
	misc_deregister(&floor_misc);
}

module_init(floor_init);
module_exit(floor_exit);

MODULE_DESCRIPTION("The least that hands a device to user space");
MODULE_LICENSE("GPL");
