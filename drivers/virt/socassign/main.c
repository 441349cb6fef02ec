// SPDX-License-Identifier: GPL-2.0-only
/*
 * socassign: SoC devices, named by their device-tree paths, for user space
 *
 * This file: /dev/socassign, the way of every ioctl from the user to its
 * handler and back, and the module.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/file.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "private.h"
#include "tree.h"
#include "tree_index.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

bool soca_unsafe_dma;
module_param_named(unsafe_dma, soca_unsafe_dma, bool, 0644);
MODULE_PARM_DESC(unsafe_dma,
		 "Allow claims of bus masters that no IOMMU protects (SOCASSIGN_UNSAFE_DMA)");

bool soca_strict_pages;
module_param_named(strict_pages, soca_strict_pages, bool, 0644);
MODULE_PARM_DESC(strict_pages,
		 "Forbid mmap of pages that the claim's registers do not fill");

bool soca_kernel_access;
module_param_named(kernel_access, soca_kernel_access, bool, 0644);
MODULE_PARM_DESC(kernel_access,
		 "Allow pread and pwrite of registers: one that answers with a bus error kills the caller and may panic the host");

unsigned int soca_storm_limit = 2000;
module_param_named(storm_limit, soca_storm_limit, uint, 0644);
MODULE_PARM_DESC(storm_limit,
		 "Interrupts in 10 ms above which a line is paused for 10 ms (0: never)");

union soca_ucmd_buffer {
	struct socassign_instantiate instantiate;
	struct socassign_info info;
	struct socassign_region region;
	struct socassign_irq irq;
	struct socassign_clock clock;
	struct socassign_set_irq set_irq;
	struct socassign_reset reset;
	struct socassign_prefault prefault;
	struct socassign_get_event get_event;
	struct socassign_dma dma;
	struct socassign_memory memory;
	struct socassign_dma_map dma_map;
	struct socassign_dma_unmap dma_unmap;
	struct socassign_dma_control dma_control;
	struct socassign_query query;
};

static const struct soca_ioctl_op *
soca_find_op(const struct soca_ioctl_op *ops, unsigned int num_ops,
	     unsigned int cmd)
{
	for (unsigned int i = 0; i < num_ops; i++)
		if (ops[i].ioctl_num == cmd)
			return &ops[i];
	return NULL;
}

/**
 * soca_return_file - Hand a new file to the user, if the command succeeds
 * @ucmd: The command
 * @fd: The descriptor reserved for it
 * @file: The file, or an ERR_PTR
 *
 * Return: 0, or the error; the descriptor is free again then.
 */
int soca_return_file(struct soca_ucmd *ucmd, int fd, struct file *file)
{
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	ucmd->new_fd = fd;
	ucmd->new_file = file;
	return 0;
}

/* Publish the handler's file, now that nothing can fail any more, or drop it. */
static void soca_finish_file(struct soca_ucmd *ucmd, int ret)
{
	if (!ucmd->new_file)
		return;
	if (!ret) {
		soca_claim_published(ucmd->new_file);
		fd_install(ucmd->new_fd, ucmd->new_file);
		return;
	}
	put_unused_fd(ucmd->new_fd);
	fput(ucmd->new_file);
}

/**
 * soca_ioctl - Take an ioctl through its table entry
 * @ops: The table
 * @num_ops: Number of entries
 * @claim: The claim that the file stands for, or NULL
 * @cmd: The command
 * @arg: The user's pointer
 *
 * Context: Process context, no lock held.
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
long soca_ioctl(const struct soca_ioctl_op *ops, unsigned int num_ops,
		struct soca_claim *claim, unsigned int cmd, unsigned long arg)
{
	const struct soca_ioctl_op *op = soca_find_op(ops, num_ops, cmd);
	void __user *ubuffer = (void __user *)arg;
	union soca_ucmd_buffer buf;
	struct soca_ucmd ucmd = { .claim = claim, .cmd = &buf };
	u32 user_size;
	int ret;

	if (!op)
		return -ENOTTY;
	if (WARN_ON_ONCE(op->size > sizeof(buf)))
		return -EIO;
	if (get_user(user_size, (u32 __user *)ubuffer))
		return -EFAULT;
	if (user_size < op->min_size)
		return -EINVAL;
	if (user_size > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(&buf, op->size, ubuffer, user_size);
	if (ret)
		return ret;

	ret = op->execute(&ucmd);
	if (!ret && copy_to_user(ubuffer, &buf, min_t(u32, user_size, op->size)))
		ret = -EFAULT;
	soca_finish_file(&ucmd, ret);
	return ret;
}

static u32 soca_features(void)
{
	return (soca_pamu_running() ? SOCASSIGN_FEATURE_PAMU : 0) |
	       (READ_ONCE(soca_unsafe_dma) ? SOCASSIGN_FEATURE_UNSAFE_DMA : 0);
}

static int soca_query(struct soca_ucmd *ucmd)
{
	struct socassign_query *cmd = ucmd->cmd;

	cmd->out_version = SOCASSIGN_ABI_VERSION;
	cmd->out_instantiate_flags = SOCA_INSTANTIATE_FLAGS;
	cmd->out_features = soca_features();
	cmd->out_max_paths_len = SOCASSIGN_MAX_PATHS_LEN;
	cmd->out_max_nodes = SOCASSIGN_MAX_NODES;
	return 0;
}

static const struct soca_ioctl_op soca_misc_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_INSTANTIATE, soca_instantiate,
		      struct socassign_instantiate, out_fd),
	SOCA_IOCTL_OP(SOCASSIGN_QUERY, soca_query, struct socassign_query,
		      out_max_nodes),
};

static long soca_misc_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	return soca_ioctl(soca_misc_ops, ARRAY_SIZE(soca_misc_ops), NULL, cmd,
			  arg);
}

static const struct file_operations soca_misc_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = soca_misc_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice soca_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "socassign",
	.mode = 0600,
	.fops = &soca_misc_fops,
};

static int __init soca_init(void)
{
	int ret = soca_returns_init();

	if (ret)
		return ret;
	ret = soca_files_init();
	if (ret)
		goto err_returns;
	/* Before the first question. */
	ret = soca_changes_init();
	if (ret)
		goto err_files;
	ret = soca_devices_init();
	if (ret)
		goto err_changes;
	ret = soca_pamu_init();
	if (ret)
		goto err_devices;
	ret = soca_bus_init();
	if (ret)
		goto err_pamu;
	ret = misc_register(&soca_misc);
	if (ret)
		goto err_bus;
	soca_tree_check_init();
	return 0;

err_bus:
	soca_bus_exit();
err_pamu:
	soca_pamu_exit();
err_devices:
	soca_devices_exit();
err_changes:
	soca_changes_exit();
	soca_tree_exit();
err_files:
	soca_files_exit();
err_returns:
	soca_returns_exit();
	return ret;
}

/*
 * No claim is left, and no device in quarantine: each pins the module.  What they
 * had may be on its way back.
 */
static void __exit soca_exit(void)
{
	soca_tree_check_exit();
	misc_deregister(&soca_misc);
	soca_returns_wait();
	soca_bus_exit();
	soca_pamu_exit();
	soca_devices_exit();
	soca_changes_exit();
	soca_tree_exit();
	soca_files_exit();
	soca_returns_exit();
}

module_init(soca_init);
module_exit(soca_exit);

MODULE_DESCRIPTION("Assignment of SoC devices to user space by device-tree path");
MODULE_AUTHOR("The socassign developers");
MODULE_LICENSE("GPL");
