// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that are bound to us, by their nodes
 */
#include <linux/device.h>
#include <linux/hashtable.h>

#include "tree/bound.h"
#include "tree/devices.h"
#include "tree/registry.h"
#include "tree/set.h"

/* By the node. */
static DEFINE_HASHTABLE(soca_bounds, 8);	/* soca_registry_lock */

/**
 * soca_bound_find - Our driver's data of a device
 * @dev: The device, of any driver
 *
 * Context: Under soca_registry_lock.
 * Return: The data, or NULL if it is not bound to us.
 */
struct soca_bound *soca_bound_find(const struct device *dev)
{
	struct soca_bound *bound;

	lockdep_assert_held(&soca_registry_lock);

	hash_for_each_possible(soca_bounds, bound, hash,
			       (unsigned long)dev->of_node)
		if (bound->dev == dev)
			return bound;
	return NULL;
}

/**
 * soca_bound_add - A device is bound to us from now on
 * @bound: Our driver's data of it
 */
void soca_bound_add(struct soca_bound *bound)
{
	guard(mutex)(&soca_registry_lock);

	hash_add(soca_bounds, &bound->hash, (unsigned long)bound->dev->of_node);
}

/**
 * soca_bound_del - The contrary of soca_bound_add()
 * @bound: Our driver's data of the device
 *
 * Context: Under soca_registry_lock.
 */
void soca_bound_del(struct soca_bound *bound)
{
	lockdep_assert_held(&soca_registry_lock);

	hash_del(&bound->hash);
}

/**
 * soca_device_is_ours - Is a device bound to the socassign driver?
 * @dev: The device
 *
 * Return: true if so, for the moment.
 */
bool soca_device_is_ours(const struct device *dev)
{
	guard(mutex)(&soca_registry_lock);

	return soca_bound_find(dev);
}

/**
 * soca_device_is_claimed - Does a claim own a device?
 * @dev: The device
 *
 * Return: true if so, for the moment.
 */
bool soca_device_is_claimed(const struct device *dev)
{
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(dev);
	return bound && bound->claim;
}

static void soca_device_look(struct soca_node *node)
{
	const struct soca_bound *bound;

	node->dev = soca_device_find(node->np);
	if (!node->dev)
		return;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	node->is_ours = bound;
	node->is_declared = bound && bound->declared;
	node->masters_none = bound && bound->no_dma;
	node->is_confined = bound && bound->confined;
	node->shares_regs = bound && bound->shares_regs;
}

/**
 * soca_devices_find - Find the devices of a set
 * @set: The set, which nobody else knows yet
 *
 * Context: Process context, under soca_tree_lock().
 */
void soca_devices_find(struct soca_set *set)
{
	for (unsigned int i = 0; i < set->num_nodes; i++)
		soca_device_look(&set->nodes[i]);
}

/**
 * soca_devices_forget - Undo soca_devices_find()
 * @set: The set, whose devices nobody has bound for it
 */
void soca_devices_forget(struct soca_set *set)
{
	for (unsigned int i = 0; i < set->num_nodes; i++) {
		put_device(set->nodes[i].dev);
		set->nodes[i].dev = NULL;
	}
}
