/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices that are bound to us, and what the administrator says of them
 */
#ifndef _SOCASSIGN_BOUND_H
#define _SOCASSIGN_BOUND_H

#include <linux/list.h>
#include <linux/types.h>

struct device;
struct soca_claim;
struct soca_quiesce_map;
struct soca_set;

/**
 * enum soca_origin - How a node came by the device that is bound to us
 * @SOCA_NO_DEVICE: It has none, and needs none: a descendant
 * @SOCA_ADMIN: The administrator had bound it; it stays bound
 * @SOCA_ATTACHED: It had no driver; it is unbound at the end, unless driver_override
 *	says by then that it is ours
 * @SOCA_DETACHED: A driver of the host's let go of it; it gets it back, with the same
 *	exception
 * @SOCA_MADE: It had no device; the one we made is destroyed
 */
enum soca_origin {
	SOCA_NO_DEVICE,
	SOCA_ADMIN,
	SOCA_ATTACHED,
	SOCA_DETACHED,
	SOCA_MADE,
};

/**
 * struct soca_bound - Our driver's data of a device, from probe to remove
 * @hash: Among all of them, by the node; under soca_registry_lock
 * @dev: The device
 * @claim: Who has it, or NULL; under soca_registry_lock
 * @origin: What happens to the device at the end of the claim; under
 *	soca_registry_lock
 * @declared: The administrator declared its DMA class; under
 *	soca_registry_lock
 * @no_dma: He declared that it masters no bus; under soca_registry_lock
 * @confined: He declared that who does DMA on its behalf is confined; under
 *	soca_registry_lock
 * @shares_regs: He lets its owner reach registers of neighbours; under
 *	soca_registry_lock
 * @is_asked_for: The administrator has asked the owner of @claim to give it back;
 *	under soca_registry_lock
 * @quarantined: A bus master that could not be made quiet, so that its DMA
 *	identities are parked (struct soca_dma).  Until the administrator says
 *	so the host does not get it; nor, where nothing blocks its DMA, does
 *	another claim; under soca_registry_lock
 * @returning: It is on its way back: he said so, or the claim has ended.  What is
 *	declared of it now could get lost; under soca_registry_lock
 * @quiesce: What it takes to make it quiet, mapped; or NULL
 */
struct soca_bound {
	struct hlist_node hash;
	struct device *dev;
	struct soca_claim *claim;
	enum soca_origin origin;
	bool declared;
	bool no_dma;
	bool confined;
	bool shares_regs;
	bool is_asked_for;
	bool quarantined;
	bool returning;
	struct soca_quiesce_map *quiesce;
};

struct soca_bound *soca_bound_find(const struct device *dev);
void soca_bound_add(struct soca_bound *bound);
void soca_bound_del(struct soca_bound *bound);
bool soca_device_is_ours(const struct device *dev);
bool soca_device_is_claimed(const struct device *dev);
void soca_devices_find(struct soca_set *set);
void soca_devices_forget(struct soca_set *set);

#endif /* _SOCASSIGN_BOUND_H */
