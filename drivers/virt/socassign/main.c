// SPDX-License-Identifier: GPL-2.0-only
/*
 * socassign: SoC devices, named by their device-tree paths, for user space
 *
 * This file: /dev/socassign, and the module.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "base/params.h"
#include "base/returns.h"
#include "changes/changes.h"
#include "changes/power.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "hw/pamu_probe.h"
#include "orders.h"
#include "parts/attrs.h"
#include "parts/bus.h"
#include "parts/memobj.h"
#include "tree/devices.h"
#include "tree/index.h"
#include "tree/tree.h"

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
	SOCA_IOCTL_OP(SOCASSIGN_MEMORY, soca_memory_ioctl,
		      struct socassign_memory, __reserved),
};

static long soca_misc_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	return soca_ioctl(soca_ioctl_find(soca_misc_ops,
					  ARRAY_SIZE(soca_misc_ops), cmd),
			  NULL, arg);
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
	soca_claims_init(&soca_orders);
	ret = soca_files_init();
	if (ret)
		goto err_returns;
	/* Before the first question. */
	ret = soca_changes_init();
	if (ret)
		goto err_files;
	ret = soca_known_init();
	if (ret)
		goto err_changes;
	soca_iommu_init(soca_event_queue_fault);
	ret = soca_pamu_init(soca_event_queue_fault);
	if (ret)
		goto err_known;
	ret = soca_bus_init(&soca_device_attrs);
	if (ret)
		goto err_pamu;
	ret = soca_power_init();
	if (ret)
		goto err_bus;
	ret = misc_register(&soca_misc);
	if (ret)
		goto err_power;
	soca_tree_check_init();
	return 0;

err_power:
	soca_power_exit();
err_bus:
	soca_bus_exit();
err_pamu:
	soca_pamu_exit();
err_known:
	soca_known_exit();
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
	soca_power_exit();
	soca_returns_flush();
	soca_bus_exit();
	soca_pamu_exit();
	soca_known_exit();
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
