// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a device back to whom it was taken from
 */
#include <linux/device.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include "parts/bus.h"
#include "parts/give_back.h"
#include "tree/bound.h"
#include "tree/devices.h"

/*
 * of_platform may destroy it, too, with what it had made around it: when the driver
 * of the parent goes, which the lock keeps away, or when the node does.  That waits
 * for us, and may hold the lock (soca_revoke()).  Whoever clears the flag
 * unregisters; but it is the node's, and once the device is gone it may be that of
 * another one.
 */
static void soca_unmake_device(struct device *dev, bool is_waited_for)
{
	struct device_node *np = dev->of_node;
	struct device *parent __free(put_device) =
		is_waited_for || !np->parent ? NULL :
					       soca_device_find(np->parent);

	if (parent)
		device_lock(parent);
	if (device_is_registered(dev) &&
	    test_and_clear_bit(OF_POPULATED, &np->_flags))
		platform_device_unregister(to_platform_device(dev));
	if (parent)
		device_unlock(parent);
}

/*
 * By the administrator, meanwhile: so be it.  Asks for the driver, since an
 * unbind of ours may be under way: then the lock waits for its end.
 */
static bool soca_is_bound_elsewhere(struct device *dev)
{
	bool elsewhere;

	device_lock(dev);
	elsewhere = dev->driver && dev->driver != soca_driver_for(dev);
	device_unlock(dev);
	return elsewhere;
}

/**
 * soca_device_give_back - Give a device back to whom it was taken from
 * @dev: The device
 * @origin: Where it came from
 * @is_waited_for: By a change of the device tree, which may hold the lock of the
 *	device's parent
 *
 * Context: Process context, no lock held; takes device locks.
 */
void soca_device_give_back(struct device *dev, enum soca_origin origin,
			   bool is_waited_for)
{
	switch (origin) {
	case SOCA_NO_DEVICE:
	case SOCA_ADMIN:
		break;
	case SOCA_ATTACHED:
		if (soca_device_is_ours(dev))
			device_release_driver(dev);
		break;
	case SOCA_DETACHED:
		if (soca_is_bound_elsewhere(dev))
			break;
		device_release_driver(dev);
		if (!device_is_registered(dev))
			break;
		if (device_attach(dev) <= 0)
			dev_warn(dev, "no driver of the host's took the device back\n");
		break;
	case SOCA_MADE:
		soca_unmake_device(dev, is_waited_for);
		break;
	}
}
