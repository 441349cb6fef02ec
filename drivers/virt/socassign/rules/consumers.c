// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who outside a set depends on its nodes, or is a part of them
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/device.h>

#include "base/reason.h"
#include "rules/consumers.h"
#include "rules/facts.h"
#include "tree/devices.h"
#include "tree/set.h"
#include "tree/tree.h"

/*
 * By the host, or by the owner of another claim: this one's are not looked at.
 * The owner of a partition may well have the device that it is meant for.
 */
static bool soca_device_is_driven(const struct soca_set *set,
				  struct device *dev)
{
	bool driven = READ_ONCE(dev->driver) &&
		      (!soca_device_is_ours(dev) ||
		       (!set->is_partition && soca_device_is_claimed(dev)));

	put_device(dev);
	return driven;
}

/*
 * Does anybody do something with the node at present?  One without a device
 * (a key of gpio-keys, a port, a regulator) belongs to the nearest node above
 * it that has one, unless it could have had one of its own.
 */
static bool soca_node_is_driven(const struct soca_set *set,
				struct device_node *np)
{
	for (; np && !of_node_is_root(np); np = np->parent) {
		struct device *dev = soca_device_find(np);

		if (dev)
			return soca_device_is_driven(set, dev);
		if (!of_device_is_available(np))
			return false;
		if (soca_node_is_populated(np) ||
		    soca_facts(soca_tree_find(np)) & SOCA_IS_CPU)
			return true;
		if (of_property_present(np, "compatible"))
			return false;
	}
	return false;
}

/**
 * soca_is_part_in_use - Does somebody else drive what a node is a part of?
 * @set: Who asks
 * @np: The node, without a device
 *
 * One with a compatible is a device of its own, whatever is above it; and a bus
 * uses nothing of what is on it.
 *
 * Context: Process context, under soca_tree_lock().
 * Return: true if so.
 */
bool soca_is_part_in_use(const struct soca_set *set, struct device_node *np)
{
	if (of_property_present(np, "compatible") || !np->parent ||
	    soca_facts(soca_tree_find(np->parent)) & SOCA_IS_BUS)
		return false;
	return soca_node_is_driven(set, np->parent);
}

/* What a rule against a node outside is asked of. */
static int soca_refuse_outside(const struct soca_set *set,
			       const struct device_node *np, const char *rule)
{
	soca_refuse(set->reason, set->nodes[0].np, "%pOF, %s", np, rule);
	return -EBUSY;
}

static int soca_check_user(const struct soca_set *set,
			   struct device_node *user)
{
	if (soca_set_covers(set, user) ||
	    !soca_node_is_driven(set, user))
		return 0;
	return soca_refuse_outside(set, user,
				   "in use by somebody else, depends on the claim");
}

/* Who names a node of the claimed trees, or an interrupt line of it. */
static int soca_check_users(const struct soca_set *set,
			    const struct soca_tree_node *node)
{
	const struct soca_tree_line *line;
	const struct soca_tree_ref *ref;
	int ret = 0;

	for (ref = node->users; ref && !ret; ref = ref->next_user)
		ret = soca_check_user(set, ref->node->np);
	for (line = node->lines_in; line && !ret; line = line->next_in)
		ret = soca_check_user(set, line->node->np);
	return ret;
}

/*
 * To block its DMA would block the other's, whose driver may come at any time
 * and would have the windows of the claim.
 */
static int soca_check_liodns(const struct soca_set *set,
			     const struct soca_tree_node *node)
{
	const struct soca_tree_liodn *liodn;

	for (liodn = node->liodns; liodn; liodn = liodn->next) {
		struct soca_tree_liodn *it = NULL;

		while ((it = soca_tree_next_liodn(it, liodn->id)))
			if (!soca_set_covers(set, it->node->np) &&
			    of_device_is_available(it->node->np))
				return soca_refuse_outside(set, it->node->np,
							   "has a LIODN of the claim, and is not part of it");
	}
	return 0;
}

/*
 * Without SUBTREE what is below is no part of the claim; but its registers are
 * often among the parent's, and it may do DMA as the parent does.  What another
 * claim has is the registry's to tell.
 */
static int soca_check_part(const struct soca_set *set,
			   const struct device_node *np)
{
	struct device *dev;
	bool is_hosts;

	if (set->is_partition || soca_set_has(set, np))
		return 0;
	dev = soca_device_find(np);
	if (!dev)
		return 0;
	is_hosts = READ_ONCE(dev->driver) && !soca_device_is_ours(dev);
	put_device(dev);
	return is_hosts ? soca_refuse_outside(set, np,
					      "in use by somebody else, is a part of it") :
			  0;
}

/**
 * soca_check_consumers - Does somebody else depend on what is asked for?
 * @set: The set
 *
 * Suppliers are often children of what is claimed: pins, regulators, PHYs.
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0 or -EBUSY; the log and the caller have the rule and the node.
 */
int soca_check_consumers(const struct soca_set *set)
{
	const struct soca_tree_node *node;
	int ret = 0;

	for (u32 i = 0; i < set->num_nodes && !ret;
	     i = soca_set_next_root(set, i))
		soca_tree_for_each_below(node,
					 soca_tree_find(set->nodes[i].np)) {
			ret = soca_check_users(set, node);
			if (!ret)
				ret = soca_check_part(set, node->np);
			if (!ret && soca_set_has(set, node->np))
				ret = soca_check_liodns(set, node);
			if (ret)
				break;
		}
	return ret;
}
