// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices of a claim: from the drivers of the host to ours, and back
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/of_platform.h>
#include <linux/platform_device.h>

#include "base/compat.h"
#include "base/machine.h"
#include "base/reason.h"
#include "claim/claim.h"
#include "parts/bus.h"
#include "parts/give_back.h"
#include "parts/parked.h"
#include "parts/parts.h"
#include "rules/drivers.h"
#include "rules/policy.h"
#include "tree/devices.h"
#include "tree/registry.h"

/* What a claim before it has left, and what the administrator says of it. */
static int soca_check_bound(const struct soca_claim *claim,
			    const struct soca_node *node,
			    const struct soca_bound *bound, bool open)
{
	lockdep_assert_held(&soca_registry_lock);

	/* What is behind an IOMMU can wait there for its next owner, as it is. */
	if (bound->returning || open) {
		soca_refuse(claim->set.reason, node->np, "it is in quarantine");
		return -EBUSY;
	}
	if (!claim->set.privileged && node->is_root && !bound->declared) {
		soca_refuse(claim->set.reason, node->np, "no dma_class declared any more, and no CAP_SYS_ADMIN");
		return -EPERM;
	}
	if (node->shares_regs && !bound->shares_regs) {
		soca_refuse(claim->set.reason, node->np, "share_regs was withdrawn meanwhile");
		return -EPERM;
	}
	if (node->is_confined && !bound->confined) {
		soca_refuse(claim->set.reason, node->np, "its dma_class was withdrawn meanwhile");
		return -EPERM;
	}
	return 0;
}

/* One that the host drives, or that has no driver */
static int soca_check_hosts(struct soca_claim *claim,
			    const struct soca_node *node)
{
	int ret;

	/* The policy has looked; but the administrator may change his mind. */
	if (!claim->set.privileged) {
		soca_refuse(claim->set.reason, node->np, "not bound to socassign any more, and no CAP_SYS_ADMIN");
		return -EPERM;
	}
	/* It was unbound in quarantine: that is no way out. */
	if (soca_dmas_parked_near(node->np)) {
		soca_refuse(claim->set.reason, node->np, "it is in quarantine");
		return -EBUSY;
	}
	ret = soca_driver_check(&claim->set, node);
	return ret ?: soca_policy_device(&claim->set, node, node->dev->driver);
}

/* May the claim have the device, as it is now? */
static int soca_check_device(struct soca_claim *claim,
			     const struct soca_node *node)
{
	bool open = soca_dmas_parked_near(node->np);
	bool ours;
	int ret = 0;

	device_lock_assert(node->dev);

	scoped_guard(mutex, &soca_registry_lock) {
		struct soca_bound *bound = soca_bound_find(node->dev);

		ours = bound;
		if (bound)
			ret = soca_check_bound(claim, node, bound, open);
	}
	if (!ours)
		return soca_check_hosts(claim, node);
	return ret ?: soca_policy_device(&claim->set, node, false);
}

/* One that will be made: the rest of the questions is for devices. */
static int soca_check_absent(const struct soca_claim *claim,
			     const struct soca_node *node)
{
	if (!soca_dmas_parked_near(node->np))
		return 0;
	soca_refuse(claim->set.reason, node->np, "it, or what it is a part of, is in quarantine");
	return -EBUSY;
}

static int soca_check_node(struct soca_claim *claim,
			   const struct soca_node *node, bool may_wait)
{
	int ret;

	if (!node->dev)
		return soca_check_absent(claim, node);
	if (may_wait) {
		device_lock(node->dev);
	} else if (!device_trylock(node->dev)) {
		soca_refuse(claim->set.reason, node->np, "it is just being bound or unbound");
		return -EBUSY;
	}
	ret = soca_check_device(claim, node);
	device_unlock(node->dev);
	return ret;
}

/*
 * All of them, before the first one is touched: a driver that was unbound and
 * bound again for nothing has had its service interrupted all the same.
 */
static int soca_devices_ready(struct soca_claim *claim, bool may_wait)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++)
		ret = soca_check_node(claim, &claim->set.nodes[i], may_wait);
	return ret;
}

/* One that we made, and somebody has unbound, is still ours to destroy. */
static enum soca_origin soca_origin_of(struct device *dev, bool driven)
{
	if (soca_was_made(dev))
		return SOCA_MADE;
	return driven ? SOCA_DETACHED : SOCA_ATTACHED;
}

static int soca_detach_host(struct soca_claim *claim, struct soca_node *node)
{
	struct device *dev = node->dev;
	bool driven, ours;
	int ret;

	/* soca_link_node() looks at it once more. */
	if (node->is_ours)
		return 0;
	device_lock(dev);
	ret = soca_check_device(claim, node);
	driven = dev->driver;
	ours = soca_device_is_ours(dev);
	device_unlock(dev);
	if (ret || ours)
		return ret;
	node->origin = soca_origin_of(dev, driven);
	if (driven)
		device_release_driver(dev);
	return 0;
}

/*
 * "Reused" keeps the host's drivers away: they match by the node, we by the name.
 */
static struct platform_device *soca_new_device(struct device_node *np,
					       struct device *parent)
{
	struct platform_device *pdev =
		platform_device_alloc(SOCA_DRIVER_NAME, PLATFORM_DEVID_AUTO);

	if (!pdev)
		return NULL;
	pdev->dev.parent = parent;
	pdev->dev.fwnode = of_fwnode_handle(np);
	pdev->dev.of_node = of_node_get(np);
	dev_set_of_node_reused(&pdev->dev);
	return pdev;
}

static struct device *soca_add_device(struct device_node *np)
{
	struct device *parent __free(put_device) = soca_host_above(np);
	struct platform_device *pdev = soca_new_device(np, parent);
	int ret;

	if (!pdev)
		return ERR_PTR(-ENOMEM);
	/* Once it is there the driver of the parent may destroy it. */
	get_device(&pdev->dev);
	ret = platform_device_add(pdev);
	if (!ret)
		return &pdev->dev;
	platform_device_put(pdev);
	put_device(&pdev->dev);
	/* That is how a name that found no memory comes out. */
	return ERR_PTR(ret == -EINVAL ? -ENOMEM : ret);
}

static struct device *soca_make_device(const struct soca_claim *claim,
				       struct device_node *np)
{
	struct device *dev;

	/* Keeps of_platform from making one, too. */
	if (of_node_test_and_set_flag(np, OF_POPULATED)) {
		soca_refuse(claim->set.reason, np, "the host has just made a device for it");
		return ERR_PTR(-EBUSY);
	}
	dev = soca_add_device(np);
	if (IS_ERR(dev))
		of_node_clear_flag(np, OF_POPULATED);
	return dev;
}

static int soca_bind_node(const struct soca_claim *claim,
			  const struct soca_node *node)
{
	int ret = device_driver_attach(soca_driver_for(node->dev), node->dev);

	if (!ret)
		return 0;
	soca_refuse(claim->set.reason, node->np, "socassign could not be bound (%d)", ret);
	/* Gone meanwhile, taken by somebody else, or no memory. */
	if (ret == -ENODEV || ret == -EBUSY || ret == -ENOMEM)
		return ret;
	return -EREMOTEIO;
}

/* A power domain, or an IOMMU, is the device's, not the node's. */
static bool soca_needs_device(const struct soca_node *node)
{
	return node->is_root || of_property_present(node->np, "power-domains") ||
	       of_property_present(node->np, "iommus");
}

static int soca_make_for_node(const struct soca_claim *claim,
			      struct soca_node *node)
{
	struct device *dev = soca_device_find(node->np);

	if (dev) {
		put_device(dev);
		soca_refuse(claim->set.reason, node->np, "the host has just made a device for it");
		return -EBUSY;
	}
	if (!soca_needs_device(node))
		return 0;
	if (node->is_root && !claim->set.privileged) {
		soca_refuse(claim->set.reason, node->np, "it has no device any more, and no CAP_SYS_ADMIN");
		return -EPERM;
	}
	dev = soca_make_device(claim, node->np);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	node->dev = dev;
	node->origin = SOCA_MADE;
	/* It is bound by now, unless the bus does not probe by itself. */
	return soca_device_is_ours(dev) ? 0 : soca_bind_node(claim, node);
}

static int soca_attach_node(const struct soca_claim *claim,
			    struct soca_node *node)
{
	/* It went with the driver of its parent. */
	if (node->dev && !device_is_registered(node->dev)) {
		put_device(node->dev);
		node->dev = NULL;
	}
	if (!node->dev)
		return soca_make_for_node(claim, node);
	if (node->origin == SOCA_NO_DEVICE) {
		node->origin = SOCA_ADMIN;
		return 0;
	}
	return soca_bind_node(claim, node);
}

static int soca_link_node(struct soca_claim *claim, struct soca_node *node)
{
	bool open = soca_dmas_parked_near(node->np);
	struct soca_bound *bound;
	int ret;

	if (!node->dev)
		return 0;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	if (!bound) {
		soca_refuse(claim->set.reason, node->np, "socassign is not bound any more");
		return -ENODEV;
	}
	ret = soca_machine_check(claim->set.reason, node->np);
	if (!ret)
		ret = soca_check_bound(claim, node, bound, open);
	if (ret)
		return ret;
	/* The claim takes over what a claim before it had to give back. */
	if ((bound->quarantined || bound->origin == SOCA_MADE) &&
	    node->origin == SOCA_ADMIN)
		node->origin = bound->origin;
	bound->quarantined = false;
	bound->claim = claim;
	bound->origin = node->origin;
	return 0;
}

/*
 * Each device is looked at once more, for the administrator may have been at it
 * meanwhile.  The host lets go of all of them first, children before parents: a
 * parent's driver may destroy the children's devices.
 */
static int soca_devices_take(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = claim->set.num_nodes; i-- && !ret;) {
		struct soca_node *node = &claim->set.nodes[i];

		if (node->dev)
			ret = soca_detach_host(claim, node);
	}
	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++) {
		ret = soca_attach_node(claim, &claim->set.nodes[i]);
		if (!ret)
			ret = soca_link_node(claim, &claim->set.nodes[i]);
	}
	return ret;
}

/* What its owner was asked for he has done, one way or the other. */
static void soca_bound_leave(struct soca_bound *bound)
{
	lockdep_assert_held(&soca_registry_lock);

	bound->claim = NULL;
	bound->is_asked_for = false;
}

static void soca_device_release(const struct soca_claim *claim,
				struct soca_node *node)
{
	bool quarantine = soca_dmas_parked(node->np);
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	if (!bound || bound->claim != claim)
		quarantine &= node->origin != SOCA_NO_DEVICE;
	else
		soca_bound_leave(bound);
	if (bound)
		bound->quarantined |= quarantine;
	if (!quarantine)
		return;
	/*
	 * Whoever ends the quarantine gives the device back.  If it was unbound it
	 * stays so: the quarantine shows, and can end, when it is bound again.
	 */
	node->origin = SOCA_NO_DEVICE;
	dev_warn_ratelimited(node->dev, "a bus master that was not reset: in quarantine\n");
}

/* Where a DMA identity of a device is parked, the device goes into quarantine. */
static void soca_devices_release(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->set.num_nodes; i++) {
		struct soca_node *node = &claim->set.nodes[i];

		if (!node->dev)
			continue;
		soca_device_release(claim, node);
		if (node->origin != SOCA_ADMIN && node->origin != SOCA_NO_DEVICE)
			continue;
		/* Nothing to give back: it may be on its way out, and waited for. */
		put_device(node->dev);
		node->dev = NULL;
	}
}

/* Detached, but never attached: the claim failed in between. */
static void soca_find_detached(struct soca_node *node)
{
	if (!node->dev && node->origin == SOCA_DETACHED)
		node->dev = soca_device_find(node->np);
}

static bool soca_devices_owe(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->set.num_nodes; i++)
		if (claim->set.nodes[i].dev ||
		    claim->set.nodes[i].origin == SOCA_DETACHED)
			return true;
	return false;
}

static void soca_node_give_back(const struct soca_claim *claim,
				struct soca_node *node)
{
	soca_find_detached(node);
	if (!node->dev)
		return;
	soca_device_give_back(node->dev, node->origin, &claim->is_waited_for);
	put_device(node->dev);
	node->dev = NULL;
}

/*
 * First go the devices that we made, children before parents: a parent's driver
 * makes its children's devices anew, where there are none.  Then the others,
 * parents before children.
 */
static void soca_devices_give_back(struct soca_claim *claim)
{
	for (unsigned int i = claim->set.num_nodes; i--;)
		if (claim->set.nodes[i].origin == SOCA_MADE)
			soca_node_give_back(claim, &claim->set.nodes[i]);
	complete_all(&claim->unmade);
	for (unsigned int i = 0; i < claim->set.num_nodes; i++)
		soca_node_give_back(claim, &claim->set.nodes[i]);
}

static void soca_devices_drop(struct soca_claim *claim)
{
	soca_devices_forget(&claim->set);
}

/* Look again, now that the host has let go. */
static int soca_devices_build(struct soca_claim *claim)
{
	return soca_policy_attached(&claim->set);
}

const struct soca_part soca_devices_part = {
	.of_devices = true,
	.forget = soca_devices_drop,
	.ready = soca_devices_ready,
	.take = soca_devices_take,
	.build = soca_devices_build,
	.down = soca_devices_release,
	.owes = soca_devices_owe,
	.give_back = soca_devices_give_back,
};
