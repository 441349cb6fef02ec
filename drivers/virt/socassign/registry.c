// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns what: no node, no ancestor and descendant, and no LIODN has two
 * owners, and nobody changes the device tree below an owner's feet
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/notifier.h>

#include "private.h"

/*
 * Protects soca_claims, the nodes of the claims on it (a claim that is on the
 * list keeps them), and the fields of struct soca_bound.
 */
DEFINE_MUTEX(soca_registry_lock);
static LIST_HEAD(soca_claims);

/**
 * soca_node_below - Is a node another one, or a descendant of it?
 * @np: The node
 * @ancestor: The other one
 *
 * Return: true if so.
 */
bool soca_node_below(const struct device_node *np,
		     const struct device_node *ancestor)
{
	for (; np; np = np->parent)
		if (np == ancestor)
			return true;
	return false;
}

static bool soca_nodes_overlap(const struct device_node *a,
			       const struct device_node *b)
{
	return soca_node_below(a, b) || soca_node_below(b, a);
}

/**
 * soca_nodes_share_liodn - Do two nodes have a DMA identity in common?
 * @a: A node; fsl,liodn may list several
 * @b: Another
 *
 * Return: true if so.
 */
bool soca_nodes_share_liodn(const struct device_node *a,
			    const struct device_node *b)
{
	u32 x, y;

	for (int i = 0; !of_property_read_u32_index(a, "fsl,liodn", i, &x); i++)
		for (int j = 0;
		     !of_property_read_u32_index(b, "fsl,liodn", j, &y); j++)
			if (x == y)
				return true;
	return false;
}

/* A partition goes by its name, as with the kernel: its node may be another. */
static bool soca_is_memory_of(const struct soca_claim *claim,
			      const struct device_node *np)
{
	return claim->is_partition && soca_is_partition(np) &&
	       !strcmp(kbasename(np->full_name),
		       kbasename(claim->nodes[0].np->full_name));
}

/* The rule that keeps @np from being claimed beside @other, or NULL. */
static const char *soca_conflict_rule(const struct device_node *np,
				      const struct soca_claim *other)
{
	for (unsigned int i = 0; i < other->num_nodes; i++) {
		const struct soca_node *node = &other->nodes[i];

		if (node->is_root && soca_nodes_overlap(np, node->np))
			return "the node, or one above or below it, has an owner";
		if (soca_is_memory_of(other, np))
			return "the memory has an owner, by a node that is gone";
		if (soca_nodes_share_liodn(np, node->np))
			return "a node with the same LIODN has an owner";
	}
	return NULL;
}

static int soca_check_conflicts(const struct soca_claim *claim,
				const struct soca_claim *other)
{
	/* Partitions, which have no LIODNs, and if it is the same one both agree. */
	if (claim->flags & other->flags & SOCASSIGN_SHARED)
		return 0;
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct device_node *np = claim->nodes[i].np;
		const char *rule = soca_conflict_rule(np, other);

		if (!rule)
			continue;
		soca_refuse(claim->reason, np, "%s", rule);
		return -EBUSY;
	}
	return 0;
}

static int soca_check_all(const struct soca_claim *claim)
{
	struct soca_claim *other;
	int ret = 0;

	lockdep_assert_held(&soca_registry_lock);

	list_for_each_entry(other, &soca_claims, list) {
		ret = soca_check_conflicts(claim, other);
		if (ret)
			break;
	}
	return ret;
}

/**
 * soca_registry_check - Could the nodes of a claim be reserved?
 * @claim: The claim, its nodes filled in
 *
 * Return: 0 or -EBUSY, as from soca_registry_add().
 */
int soca_registry_check(const struct soca_claim *claim)
{
	guard(mutex)(&soca_registry_lock);

	return soca_check_all(claim);
}

/**
 * soca_registry_add - Reserve the nodes of a claim
 * @claim: The claim, its nodes filled in
 *
 * Return: 0; the registry holds a reference then.  -EBUSY if somebody owns a
 * node, or one above or below it, or one of its LIODNs.
 */
int soca_registry_add(struct soca_claim *claim)
{
	int ret;

	guard(mutex)(&soca_registry_lock);

	ret = soca_check_all(claim);
	if (ret)
		return ret;
	soca_claim_get(claim);
	list_add_tail(&claim->list, &soca_claims);
	return 0;
}

/**
 * soca_registry_is_shared - Has a partition an owner already?
 * @claim: The claim of another owner's, on the registry
 *
 * Context: Process context, under soca_partition_lock.
 * Return: true if one had it zeroed, and may have written to it since.
 */
bool soca_registry_is_shared(const struct soca_claim *claim)
{
	const struct soca_claim *other;

	guard(mutex)(&soca_registry_lock);

	list_for_each_entry(other, &soca_claims, list)
		if (other != claim && other->is_zeroed &&
		    soca_is_memory_of(other, claim->nodes[0].np))
			return true;
	return false;
}

/**
 * soca_registry_remove - Free the nodes of a claim for others
 * @claim: The claim; the caller takes over the registry's reference
 */
void soca_registry_remove(struct soca_claim *claim)
{
	guard(mutex)(&soca_registry_lock);

	list_del_init(&claim->list);
	soca_claim_put_nodes(claim);
}

#ifdef CONFIG_OF_DYNAMIC
/* A claim with @np in it (or, if @above, below it); with a reference. */
static struct soca_claim *soca_find_owner(const struct device_node *np,
					  bool above)
{
	struct soca_claim *claim;

	guard(mutex)(&soca_registry_lock);

	list_for_each_entry(claim, &soca_claims, list) {
		for (unsigned int i = 0; i < claim->num_nodes; i++) {
			const struct device_node *owned = claim->nodes[i].np;

			if (soca_node_below(np, owned) ||
			    (above && soca_node_below(owned, np))) {
				soca_claim_get(claim);
				return claim;
			}
		}
	}
	return NULL;
}

/* What cannot be vetoed any more: a node of a claim is taken out of the tree. */
static int soca_reconfig_notify(struct notifier_block *nb, unsigned long action,
				void *arg)
{
	const struct of_reconfig_data *rd = arg;
	struct soca_claim *claim;

	if (action != OF_RECONFIG_DETACH_NODE)
		return NOTIFY_DONE;
	claim = soca_find_owner(rd->dn, true);
	if (!claim)
		return NOTIFY_DONE;
	/* Memory does not go with its node, and others may have windows onto it. */
	if (!claim->is_partition) {
		pr_info("%pOF: taken out of the device tree, its claim is revoked\n",
			rd->dn);
		soca_claim_down(claim, rd->dn);
	}
	soca_claim_put(claim);
	return NOTIFY_OK;
}

static struct notifier_block soca_reconfig_nb = {
	.notifier_call = soca_reconfig_notify,
};
#endif

#ifdef CONFIG_OF_OVERLAY
static struct device_node *soca_child_named(const struct device_node *parent,
					    const char *name)
{
	struct device_node *child;

	for_each_child_of_node(parent, child)
		if (!strcmp(kbasename(child->full_name), name))
			return child;
	return NULL;
}

/*
 * Does the fragment @overlay, put over @target, change a claimed node, one in
 * quarantine, or what is below it?  Follows the nodes that both have; returns
 * the claimed node with a reference, or NULL.
 */
static struct device_node *soca_overlay_hits(const struct device_node *overlay,
					     struct device_node *target)
{
	struct soca_claim *claim = soca_find_owner(target, false);
	struct device_node *child;

	if (claim)
		soca_claim_put(claim);
	if (claim || soca_dmas_parked_above(target, false))
		return of_node_get(target);
	for_each_child_of_node(overlay, child) {
		struct device_node *below __free(device_node) =
			soca_child_named(target, kbasename(child->full_name));
		struct device_node *hit;

		hit = below ? soca_overlay_hits(child, below) : NULL;
		if (hit) {
			of_node_put(child);
			return hit;
		}
	}
	return NULL;
}

static int soca_overlay_notify(struct notifier_block *nb, unsigned long action,
			       void *arg)
{
	const struct of_overlay_notify_data *nd = arg;

	if (action != OF_OVERLAY_PRE_APPLY && action != OF_OVERLAY_PRE_REMOVE)
		return NOTIFY_DONE;

	struct device_node *hit __free(device_node) =
		soca_overlay_hits(nd->overlay, nd->target);
	if (!hit)
		return NOTIFY_DONE;
	pr_info("%pOF: overlay change refused: a claim owns the node, or it is in quarantine\n",
		hit);
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block soca_overlay_nb = {
	.notifier_call = soca_overlay_notify,
};
#endif

/**
 * soca_registry_init - Watch changes of the device tree
 *
 * Return: 0 or a negative errno.
 */
int soca_registry_init(void)
{
	int ret = 0;

#ifdef CONFIG_OF_DYNAMIC
	ret = of_reconfig_notifier_register(&soca_reconfig_nb);
#endif
#ifdef CONFIG_OF_OVERLAY
	if (!ret) {
		ret = of_overlay_notifier_register(&soca_overlay_nb);
		if (ret)
			of_reconfig_notifier_unregister(&soca_reconfig_nb);
	}
#endif
	return ret;
}

void soca_registry_exit(void)
{
#ifdef CONFIG_OF_OVERLAY
	of_overlay_notifier_unregister(&soca_overlay_nb);
#endif
#ifdef CONFIG_OF_DYNAMIC
	of_reconfig_notifier_unregister(&soca_reconfig_nb);
#endif
}
