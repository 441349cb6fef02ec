// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of the device tree: the index hears of them, and nobody changes the
 * tree below an owner's feet
 *
 * Without CONFIG_OF_DYNAMIC the tree does not change.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/notifier.h>
#include <linux/slab.h>

#include "changes/changes.h"
#include "changes/newcomer.h"
#include "claim/claim.h"
#include "parts/parked.h"
#include "parts/quarantine.h"
#include "tree/index.h"
#include "tree/registry.h"
#include "tree/tree.h"

#ifdef CONFIG_OF_DYNAMIC
/* Has the claim a node there, or above?  That of the topmost is still in the tree. */
static bool soca_is_of(const struct soca_claim *claim, const void *data)
{
	const struct soca_set *set = &claim->set;
	const struct device_node *gone = data;

	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i)) {
		const struct device_node *np = set->nodes[i].np;

		if (soca_node_below(np, gone) ||
		    (gone->parent && soca_node_below(gone->parent, np)))
			return true;
	}
	return false;
}

/*
 * of_platform hears of the change next, and may destroy or make devices of the same
 * nodes: those that were made for the claim must be gone by then.  of_mutex is not
 * held around these notifiers, so this can wait; but their chain is, and by an overlay
 * of_overlay_phandle_mutex, so not for a driver of the host's.
 */
static void soca_revoke(struct soca_claim *claim, const struct device_node *np,
			const struct device_node *changed, const char *how)
{
	if (!READ_ONCE(claim->down))
		pr_info("%pOF: %s is revoked\n", changed, how);
	soca_claim_revoke(claim, np);
	soca_claim_put(claim);
}

/* What cannot be vetoed any more: a bus can have several owners below it. */
static void soca_revoke_gone(const struct device_node *gone)
{
	struct soca_claim *claim;

	while ((claim = soca_claims_find_owner(soca_is_of, gone)))
		soca_revoke(claim, gone, gone,
			    "taken out of the device tree, its claim");
}

/* Overlays were asked about beforehand, and found nobody then. */
static void soca_revoke_overtaken(struct device_node *np, const char *prop)
{
	struct soca_claim *claim;

	while ((claim = soca_came(np, prop)))
		soca_revoke(claim, claim->set.nodes[0].np, np,
			    "came to the device tree, or changed there, in the way of a claim, which");
}

static int soca_reconfig_notify(struct notifier_block *nb, unsigned long action,
				void *arg)
{
	const struct of_reconfig_data *rd = arg;

	soca_tree_changed();
	if (action == OF_RECONFIG_DETACH_NODE)
		soca_revoke_gone(rd->dn);
	else
		soca_revoke_overtaken(rd->dn, rd->prop ? rd->prop->name : NULL);
	return NOTIFY_OK;
}

static struct notifier_block soca_reconfig_nb = {
	.notifier_call = soca_reconfig_notify,
	.priority = INT_MAX,
};
#endif

#ifdef CONFIG_OF_OVERLAY
/**
 * enum soca_overlay_state - Where an overlay is
 * @SOCA_OVERLAY_OVER: It was not applied: it was refused, or failed
 * @SOCA_OVERLAY_APPLYING: Between the two notifications
 * @SOCA_OVERLAY_REMOVING: Between the two notifications
 */
enum soca_overlay_state {
	SOCA_OVERLAY_OVER,
	SOCA_OVERLAY_APPLYING,
	SOCA_OVERLAY_REMOVING,
};

/**
 * struct soca_overlay - An overlay on its way
 * @list: On the list of them
 * @root: The overlay's root, to tell it from others; never looked at
 * @state: Where it is
 */
struct soca_overlay {
	struct list_head list;
	const struct device_node *root;
	enum soca_overlay_state state;
};

/*
 * Those that are neither applied nor forgotten.  One that was refused, or
 * failed, stays here until its owner cleans up by removing it, which changes
 * nothing.
 */
static LIST_HEAD(soca_overlays);	/* soca_overlays_lock */
static DEFINE_MUTEX(soca_overlays_lock);

static const struct device_node *
soca_overlay_root(const struct of_overlay_notify_data *nd)
{
	const struct device_node *np = nd->overlay;

	while (np->parent)
		np = np->parent;
	return np;
}

static struct soca_overlay *soca_overlay_find(const struct device_node *root)
{
	struct soca_overlay *overlay;

	lockdep_assert_held(&soca_overlays_lock);

	list_for_each_entry(overlay, &soca_overlays, list)
		if (overlay->root == root)
			return overlay;
	return NULL;
}

static bool soca_overlays_in(enum soca_overlay_state state)
{
	struct soca_overlay *overlay;

	lockdep_assert_held(&soca_overlays_lock);

	list_for_each_entry(overlay, &soca_overlays, list)
		if (overlay->state == state)
			return true;
	return false;
}

static void soca_overlays_tell(void)
{
	soca_tree_set_unsettled(soca_overlays_in(SOCA_OVERLAY_APPLYING) ||
				soca_overlays_in(SOCA_OVERLAY_REMOVING));
}

static int soca_overlay_set(const struct device_node *root,
			    enum soca_overlay_state state)
{
	struct soca_overlay *overlay = soca_overlay_find(root);

	if (!overlay) {
		overlay = kzalloc(sizeof(*overlay), GFP_KERNEL);
		if (!overlay)
			return -ENOMEM;
		overlay->root = root;
		list_add(&overlay->list, &soca_overlays);
	}
	overlay->state = state;
	soca_overlays_tell();
	return 0;
}

static void soca_overlay_forget(const struct device_node *root)
{
	struct soca_overlay *overlay = soca_overlay_find(root);

	if (!overlay)
		return;
	list_del(&overlay->list);
	kfree(overlay);
	soca_overlays_tell();
}

/* A claim has it, or has left it in quarantine. */
static bool soca_is_in_use(const struct device_node *np)
{
	return soca_registry_owns(np) || soca_dmas_parked_above(np);
}

/*
 * Or it is just coming back from there, and we still refer to it.  Its driver, which
 * probes, may apply an overlay to it meanwhile.
 */
static bool soca_cannot_go(const struct device_node *np)
{
	return soca_is_in_use(np) || soca_is_returning_late(np);
}

/*
 * Does the fragment @overlay, put over @target, change a claimed node, one in
 * quarantine, or what is below it?  Follows the nodes that both have; returns
 * the claimed node with a reference, or NULL.
 */
static struct device_node *
soca_overlay_hits(const struct device_node *overlay, struct device_node *target,
		  bool (*is_hit)(const struct device_node *np))
{
	struct device_node *child;

	if (is_hit(target))
		return of_node_get(target);
	for_each_child_of_node(overlay, child) {
		struct device_node *below __free(device_node) =
			soca_child_named(target, kbasename(child->full_name));
		struct device_node *hit;

		hit = below ? soca_overlay_hits(child, below, is_hit) : NULL;
		if (hit) {
			of_node_put(child);
			return hit;
		}
	}
	return NULL;
}

static int soca_overlay_check(const struct of_overlay_notify_data *nd,
			      bool (*is_hit)(const struct device_node *np))
{
	struct device_node *hit __free(device_node) =
		soca_overlay_hits(nd->overlay, nd->target, is_hit);

	if (!hit)
		return 0;
	pr_info("%pOF: overlay change refused: a claim owns the node, or it is in quarantine\n",
		hit);
	return -EBUSY;
}

/*
 * The state comes first: a claim that does not see it is on the registry before
 * that is looked at.
 */
static int soca_overlay_apply(const struct of_overlay_notify_data *nd)
{
	const struct device_node *root = soca_overlay_root(nd);
	int ret = soca_overlay_set(root, SOCA_OVERLAY_APPLYING);

	if (!ret)
		ret = soca_overlay_check(nd, soca_is_in_use);
	if (!ret)
		ret = soca_newcomers_check(nd->overlay, nd->target);
	if (ret)
		soca_overlay_set(root, SOCA_OVERLAY_OVER);
	return ret;
}

/*
 * of_mutex lets one overlay be on its way at a time, until its changes are told:
 * whatever else seems to be, has failed without a word.
 */
static void soca_overlays_settle(const struct device_node *root)
{
	struct soca_overlay *overlay, *next;

	list_for_each_entry_safe(overlay, next, &soca_overlays, list) {
		if (overlay->root == root)
			continue;
		if (overlay->state == SOCA_OVERLAY_APPLYING)
			overlay->state = SOCA_OVERLAY_OVER;
		if (overlay->state == SOCA_OVERLAY_REMOVING)
			soca_overlay_forget(overlay->root);
	}
}

/* Of one that is on the list nothing was applied. */
static int soca_overlay_remove(const struct of_overlay_notify_data *nd)
{
	const struct device_node *root = soca_overlay_root(nd);
	struct soca_overlay *overlay = soca_overlay_find(root);
	int ret;

	if (overlay && overlay->state != SOCA_OVERLAY_REMOVING)
		return 0;
	ret = soca_overlay_set(root, SOCA_OVERLAY_REMOVING);
	if (!ret)
		ret = soca_overlay_check(nd, soca_cannot_go);
	if (ret)
		soca_overlay_forget(root);
	return ret;
}

static int soca_overlay_notify(struct notifier_block *nb, unsigned long action,
			       void *arg)
{
	const struct of_overlay_notify_data *nd = arg;

	guard(mutex)(&soca_overlays_lock);

	if (action == OF_OVERLAY_PRE_APPLY || action == OF_OVERLAY_PRE_REMOVE)
		soca_overlays_settle(soca_overlay_root(nd));
	switch (action) {
	case OF_OVERLAY_PRE_APPLY:
		return notifier_from_errno(soca_overlay_apply(nd));
	case OF_OVERLAY_PRE_REMOVE:
		return notifier_from_errno(soca_overlay_remove(nd));
	case OF_OVERLAY_POST_APPLY:
	case OF_OVERLAY_POST_REMOVE:
		soca_overlay_forget(soca_overlay_root(nd));
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block soca_overlay_nb = {
	.notifier_call = soca_overlay_notify,
	/* Before somebody's error ends the chain: we would miss the end. */
	.priority = INT_MAX,
};

static void soca_overlays_free(void)
{
	struct soca_overlay *overlay, *next;

	list_for_each_entry_safe(overlay, next, &soca_overlays, list) {
		list_del(&overlay->list);
		kfree(overlay);
	}
}
#endif

/**
 * soca_changes_init - Watch changes of the device tree
 *
 * Return: 0 or a negative errno.
 */
int soca_changes_init(void)
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

void soca_changes_exit(void)
{
#ifdef CONFIG_OF_OVERLAY
	of_overlay_notifier_unregister(&soca_overlay_nb);
	soca_overlays_free();
#endif
#ifdef CONFIG_OF_DYNAMIC
	of_reconfig_notifier_unregister(&soca_reconfig_nb);
#endif
}
