// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a device back to whom it was taken from
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include "parts/bus.h"
#include "parts/give_back.h"
#include "parts/parked.h"
#include "tree/bound.h"
#include "tree/registry.h"

/* Milliseconds between two looks at a lock, and at whether its holder waits for us. */
#define SOCA_POLL_MS	1

/* False if whoever has it waits for us, perhaps. */
static bool soca_lock_above(struct device *parent, const bool *is_waited_for)
{
	while (!READ_ONCE(*is_waited_for)) {
		if (device_trylock(parent))
			return true;
		msleep(SOCA_POLL_MS);
	}
	return false;
}

/*
 * of_platform may destroy it, too, with what it had made around it: when the driver
 * of the parent goes, which the lock keeps away, or when the node does.  That waits
 * for us, and may hold the lock (soca_claim_revoke()), or take it and find out that
 * it has to wait when we are about to.  Whoever clears the flag unregisters; but it
 * is the node's, and once the device is gone it may be that of another one.
 */
static void soca_unmake_device(struct device *dev, const bool *is_waited_for)
{
	struct device_node *np = dev->of_node;
	struct device *parent __free(put_device) =
		READ_ONCE(*is_waited_for) ? NULL : soca_host_above(np);
	bool locked = parent && soca_lock_above(parent, is_waited_for);

	if (device_is_registered(dev) &&
	    test_and_clear_bit(OF_POPULATED, &np->_flags))
		platform_device_unregister(to_platform_device(dev));
	if (locked)
		device_unlock(parent);
}

/*
 * It stays bound to us, as if the administrator had bound it; free for a claim.  Not
 * if he has bound it anew meanwhile, and another claim had it since.
 */
static void soca_bound_stay(const struct device *dev)
{
	bool quarantined = soca_dmas_parked(dev->of_node);
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(dev);
	if (bound && !bound->claim) {
		bound->origin = SOCA_ADMIN;
		bound->quarantined = quarantined;
		bound->returning = false;
	}
}

/*
 * From now on nothing can be declared of it: who did so before had set
 * driver_override before that.  False if another claim has it.
 */
static bool soca_bound_return(const struct device *dev)
{
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(dev);
	if (!bound || bound->claim)
		return false;
	bound->returning = true;
	return true;
}

static bool soca_stays_ours(struct device *dev)
{
	if (!soca_bound_return(dev))
		return true;
	if (!soca_bus_wants(dev))
		return false;
	soca_bound_stay(dev);
	return true;
}

/*
 * Has the administrator decided meanwhile?  He gave it to another driver, or told it
 * by driver_override to be ours: then it stays bound, for what he declared of it
 * ends with the binding.  Asks for the driver, since an unbind of ours may be under
 * way: then the lock waits for its end.
 */
static bool soca_is_settled(struct device *dev)
{
	bool settled;

	device_lock(dev);
	if (dev->driver == soca_driver_for(dev))
		settled = soca_stays_ours(dev);
	else
		settled = dev->driver;
	device_unlock(dev);
	return settled;
}

/* Whoever has unbound it from us may have another driver bind it just now. */
static void soca_release(struct device *dev)
{
	if (soca_device_is_ours(dev))
		device_release_driver(dev);
}

/**
 * soca_device_give_back - Give a device back to whom it was taken from
 * @dev: The device
 * @origin: Where it came from
 * @is_waited_for: Becomes true when a change of the device tree does so, which may hold
 *	the lock of the device's parent
 *
 * Context: Process context, no lock held; takes device locks.
 */
void soca_device_give_back(struct device *dev, enum soca_origin origin,
			   const bool *is_waited_for)
{
	switch (origin) {
	case SOCA_NO_DEVICE:
		break;
	case SOCA_ADMIN:
		soca_bound_stay(dev);
		break;
	case SOCA_ATTACHED:
		if (!soca_is_settled(dev))
			soca_release(dev);
		break;
	case SOCA_DETACHED:
		if (soca_is_settled(dev))
			break;
		soca_release(dev);
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
