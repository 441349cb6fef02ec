// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers of the host's that can let go of a device, and those that cannot
 */
#include <linux/amba/bus.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "base/compat.h"
#include "rules/drivers.h"
#include "tree/devices.h"
#include "tree/set.h"

/* Reviewed: all that they set up is device managed, so unbind undoes it. */
static const char * const soca_managed_drivers[] = {
	"pl061_gpio",
};

/*
 * Reviewed: their remove callback does not undo what probe did.  gpio-mpc8xxx
 * takes the chained handler off an interrupt that it requested as well, so
 * that freeing it warns and binding it again fails (6.1 to 7.3).
 */
static const char * const soca_broken_drivers[] = {
	"gpio-mpc8xxx",
};

static bool soca_name_in(const char *name, const char * const *names, int num)
{
	for (int i = 0; i < num; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

#if IS_ENABLED(CONFIG_ARM_AMBA)
static bool soca_amba_has_remove(struct device_driver *drv)
{
	return container_of(drv, struct amba_driver, drv)->remove;
}
#else
static bool soca_amba_has_remove(struct device_driver *drv)
{
	return false;
}
#endif

static bool soca_has_remove(struct device_driver *drv)
{
	if (soca_name_in(drv->name, soca_managed_drivers,
			 ARRAY_SIZE(soca_managed_drivers)))
		return true;
	if (drv->bus == &platform_bus_type)
		return soca_platform_has_remove(to_platform_driver(drv));
	return soca_amba_has_remove(drv);
}

/* Children on other buses (an I2C client, a class device) go with the driver. */
static int soca_child_in_use(struct device *child, void *data)
{
	if (child->of_node && READ_ONCE(child->driver) &&
	    soca_bus_is_known(child) && !soca_set_has(data, child->of_node))
		return 1;
	return device_for_each_child(child, data, soca_child_in_use);
}

/**
 * soca_driver_rule - What keeps the host's driver on a device?
 * @set: The set that wants it
 * @dev: The device
 *
 * Context: Under the device lock.
 * Return: The rule, or NULL if nothing does, or no driver is bound.
 */
const char *soca_driver_rule(const struct soca_set *set, struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (!drv)
		return NULL;
	if (!(set->flags & SOCASSIGN_DETACH))
		return "a driver of the host's is bound to it; unbind it, or use DETACH";
	if (drv->suppress_bind_attrs)
		return "the driver of the host's does not allow to be unbound";
	if (soca_name_in(drv->name, soca_broken_drivers,
			 ARRAY_SIZE(soca_broken_drivers)))
		return "the driver of the host's is known to leave things behind";
	if (!soca_has_remove(drv))
		return "the driver of the host's has no remove callback and was not reviewed";
	if (device_for_each_child(dev, (void *)set, soca_child_in_use))
		return "the host drives a child of it that is not claimed";
	return NULL;
}
