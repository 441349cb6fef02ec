// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers of the host's that can let go of a device, and those that cannot
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/amba/bus.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "base/compat.h"
#include "base/reason.h"
#include "rules/drivers.h"
#include "tree/devices.h"
#include "tree/set.h"

/* Reviewed: all that they set up is device managed, so unbind undoes it. */
static const char * const soca_managed_drivers[] = {
	"pl061_gpio",
};

/*
 * Reviewed: their remove callback does not undo what probe did (6.1 to 7.3).
 * gpio-mpc8xxx takes the chained handler off an interrupt that it requested as
 * well, so that freeing it warns and binding it again fails.  The host bridges
 * switch off, or forget, what the bus is reached by, and leave the bus and what is
 * on it; the others of the kernel call pci_remove_root_bus().
 */
static const char * const soca_broken_drivers[] = {
	"gpio-mpc8xxx",
	"histb-pcie",
	"keystone-pcie",
	"mt7621-pci",
};

static bool soca_name_in(const char *name, const char * const *names, int num)
{
	for (int i = 0; i < num; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

#if IS_ENABLED(CONFIG_ARM_AMBA)
static bool soca_amba_has_remove(const struct device_driver *drv)
{
	return container_of(drv, struct amba_driver, drv)->remove;
}
#else
static bool soca_amba_has_remove(const struct device_driver *drv)
{
	return false;
}
#endif

static bool soca_has_remove(const struct device_driver *drv)
{
	if (soca_name_in(drv->name, soca_managed_drivers,
			 ARRAY_SIZE(soca_managed_drivers)))
		return true;
	if (drv->bus == &platform_bus_type)
		return soca_platform_has_remove(to_platform_driver(drv));
	return soca_amba_has_remove(drv);
}

/**
 * struct soca_detach - What is to leave its driver
 * @set: The set that wants it
 * @node: Its node
 */
struct soca_detach {
	const struct soca_set *set;
	const struct soca_node *node;
};

/*
 * Children on other buses (an I2C client, a class device) go with the driver.  So do
 * those on PCI, but they are devices in their own right, with the host's disks and
 * networks behind them: that must be meant.  A bridge is part of the bus.
 */
static bool soca_child_in_use(const struct soca_set *set, struct device *child)
{
	if (!READ_ONCE(child->driver))
		return false;
	if (dev_is_pci(child))
		return !pci_is_bridge(to_pci_dev(child));
	return child->of_node && soca_bus_is_known(child) &&
	       !soca_set_has(set, child->of_node);
}

static int soca_check_child(struct device *child, void *data)
{
	const struct soca_detach *detach = data;

	if (!soca_child_in_use(detach->set, child))
		return device_for_each_child(child, data, soca_check_child);
	soca_refuse(detach->set->reason, detach->node->np,
		    "the host drives %s below it, which is not claimed",
		    dev_name(child));
	return -EBUSY;
}

/* What keeps the host's driver on a device, or NULL. */
static const char *soca_driver_rule(const struct soca_set *set,
				    const struct device_driver *drv)
{
	if (!(set->flags & SOCASSIGN_DETACH))
		return "a driver of the host's is bound to it; unbind it, or use DETACH";
	if (drv->suppress_bind_attrs)
		return "the driver of the host's does not allow to be unbound";
	if (soca_name_in(drv->name, soca_broken_drivers,
			 ARRAY_SIZE(soca_broken_drivers)))
		return "the driver of the host's is known to leave things behind";
	if (!soca_has_remove(drv))
		return "the driver of the host's has no remove callback and was not reviewed";
	return NULL;
}

/**
 * soca_driver_check - Could the host's driver let go of a device?
 * @set: The set that wants it
 * @node: Its node
 *
 * Context: Under the device lock.
 * Return: 0, also where there is no driver, or -EBUSY.
 */
int soca_driver_check(const struct soca_set *set, const struct soca_node *node)
{
	struct soca_detach detach = { .set = set, .node = node };
	const char *rule;

	if (!node->dev->driver)
		return 0;
	rule = soca_driver_rule(set, node->dev->driver);
	if (!rule)
		return device_for_each_child(node->dev, &detach,
					     soca_check_child);
	soca_refuse(set->reason, node->np, "%s", rule);
	return -EBUSY;
}
