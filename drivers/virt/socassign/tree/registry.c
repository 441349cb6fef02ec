// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns what: no node, no ancestor and descendant, and no LIODN has two owners
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/hashtable.h>
#include <linux/slab.h>

#include "base/reason.h"
#include "tree/registry.h"
#include "tree/set.h"

/**
 * struct soca_owned - A node that a claim names, or one above such a node
 * @hash: By @np
 * @parent: The node above it
 * @np: The node, with a reference: a new one must not come to its place
 * @named: Claims that name it: one, or those that share a partition
 * @below: Claims that name a node below it
 */
struct soca_owned {
	struct hlist_node hash;
	struct soca_owned *parent;
	struct device_node *np;
	unsigned int named;
	unsigned int below;
};

/**
 * struct soca_owned_liodn - A LIODN that a claim has
 * @hash: By @id
 * @set: Whose it is
 * @id: The LIODN
 */
struct soca_owned_liodn {
	struct hlist_node hash;
	const struct soca_set *set;
	u32 id;
};

/*
 * Protects what follows, the nodes of the sets on the list (a set that is on
 * it keeps them), and the fields of struct soca_bound.
 */
DEFINE_MUTEX(soca_registry_lock);
LIST_HEAD(soca_registry_sets);
static DEFINE_HASHTABLE(soca_owned, 8);
static DEFINE_HASHTABLE(soca_owned_liodns, 6);

/* Nodes */

static struct soca_owned *soca_owned_find(const struct device_node *np)
{
	struct soca_owned *owned;

	lockdep_assert_held(&soca_registry_lock);

	hash_for_each_possible(soca_owned, owned, hash, (unsigned long)np)
		if (owned->np == np)
			return owned;
	return NULL;
}

/* Forget what is of no use, up to the first one that is. */
static void soca_owned_trim(struct soca_owned *owned)
{
	while (owned && !owned->named && !owned->below) {
		struct soca_owned *parent = owned->parent;

		hash_del(&owned->hash);
		of_node_put(owned->np);
		kfree(owned);
		owned = parent;
	}
}

static void soca_disown(struct soca_owned *owned)
{
	owned->named--;
	for (struct soca_owned *up = owned->parent; up; up = up->parent)
		up->below--;
	soca_owned_trim(owned);
}

/*
 * What is above comes first: it has a use only once @np has one.  As deep as the
 * tree is, which unflattening bounds.  The root, which nobody gets, needs none.
 */
static struct soca_owned *soca_owned_get(struct device_node *np)
{
	struct soca_owned *owned = soca_owned_find(np), *parent = NULL;

	if (owned)
		return owned;
	if (np->parent && !of_node_is_root(np->parent)) {
		parent = soca_owned_get(np->parent);
		if (!parent)
			return NULL;
	}
	owned = kzalloc(sizeof(*owned), GFP_KERNEL_ACCOUNT);
	if (!owned) {
		soca_owned_trim(parent);
		return NULL;
	}
	owned->parent = parent;
	owned->np = of_node_get(np);
	hash_add(soca_owned, &owned->hash, (unsigned long)np);
	return owned;
}

static struct soca_owned *soca_own(struct device_node *np)
{
	struct soca_owned *owned = soca_owned_get(np);

	if (!owned)
		return NULL;
	owned->named++;
	for (struct soca_owned *up = owned->parent; up; up = up->parent)
		up->below++;
	return owned;
}

/**
 * soca_is_owned - Is a node claimed, or part of one that is?
 * @np: The node, in the tree
 *
 * Context: Under soca_registry_lock.
 * Return: true if so.
 */
bool soca_is_owned(const struct device_node *np)
{
	for (; np; np = np->parent) {
		const struct soca_owned *owned = soca_owned_find(np);

		if (owned && owned->named)
			return true;
	}
	return false;
}

static bool soca_is_owned_below(const struct device_node *np)
{
	const struct soca_owned *owned = soca_owned_find(np);

	return owned && owned->below;
}

/* LIODNs */

static bool soca_is_liodn_owned(u32 id)
{
	const struct soca_owned_liodn *owned;

	hash_for_each_possible(soca_owned_liodns, owned, hash, id)
		if (owned->id == id)
			return true;
	return false;
}

static int soca_own_liodn(const struct soca_set *set, u32 id)
{
	struct soca_owned_liodn *owned = kzalloc(sizeof(*owned),
						 GFP_KERNEL_ACCOUNT);

	if (!owned)
		return -ENOMEM;
	owned->set = set;
	owned->id = id;
	hash_add(soca_owned_liodns, &owned->hash, id);
	return 0;
}

static void soca_disown_liodns(const struct soca_set *set)
{
	struct soca_owned_liodn *owned;
	struct hlist_node *next;
	int bucket;

	if (!set->has_liodns)
		return;
	hash_for_each_safe(soca_owned_liodns, bucket, next, owned, hash)
		if (owned->set == set) {
			hash_del(&owned->hash);
			kfree(owned);
		}
}

/* Sets */

/* A partition goes by its name, as with the kernel: its node may be another. */
static bool soca_is_memory_of(const struct soca_set *set,
			      const struct device_node *np)
{
	return set->is_partition && soca_is_partition(np) &&
	       !strcmp(kbasename(np->full_name),
		       kbasename(set->nodes[0].np->full_name));
}

static bool soca_is_memory_owned(const struct device_node *np)
{
	const struct soca_set *set;

	list_for_each_entry(set, &soca_registry_sets, list)
		if (soca_is_memory_of(set, np))
			return true;
	return false;
}

/* All owners agree to share it, since the first one did. */
static bool soca_is_shared_by(const struct soca_set *set)
{
	const struct soca_set *other;

	list_for_each_entry(other, &soca_registry_sets, list)
		if (soca_is_memory_of(other, set->nodes[0].np))
			return set->flags & other->flags & SOCASSIGN_SHARED;
	return false;
}

static bool soca_has_owned_liodn(const struct device_node *np)
{
	u32 id;

	for (int i = 0; !of_property_read_u32_index(np, "fsl,liodn", i, &id); i++)
		if (soca_is_liodn_owned(id))
			return true;
	return false;
}

/* The rule that keeps a node of a set from it, or NULL. */
static const char *soca_conflict_rule(const struct soca_set *set,
				      const struct soca_node *node)
{
	if (node->is_root &&
	    (soca_is_owned(node->np) || soca_is_owned_below(node->np)))
		return "the node, or one above or below it, has an owner";
	if (set->is_partition && soca_is_memory_owned(node->np))
		return "the memory has an owner, by a node that is gone";
	if (set->has_liodns && soca_has_owned_liodn(node->np))
		return "a node with the same LIODN has an owner";
	return NULL;
}

static void soca_disown_all(struct soca_set *set)
{
	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i)) {
		if (set->nodes[i].owned)
			soca_disown(set->nodes[i].owned);
		set->nodes[i].owned = NULL;
	}
	soca_disown_liodns(set);
}

static int soca_own_liodns(const struct soca_set *set,
			   const struct device_node *np)
{
	int ret = 0;
	u32 id;

	for (int i = 0; !ret && !of_property_read_u32_index(np, "fsl,liodn", i,
							    &id); i++)
		ret = soca_own_liodn(set, id);
	return ret;
}

static int soca_own_all(struct soca_set *set)
{
	int ret = 0;

	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i)) {
		set->nodes[i].owned = soca_own(set->nodes[i].np);
		if (!set->nodes[i].owned)
			return -ENOMEM;
	}
	for (u32 i = 0; set->has_liodns && i < set->num_nodes && !ret; i++)
		ret = soca_own_liodns(set, set->nodes[i].np);
	return ret;
}

/**
 * soca_registry_check - Could the nodes of a set be reserved?
 * @set: The set
 *
 * Context: Under soca_tree_lock() and soca_registry_lock.
 * Return: 0, or -EBUSY if somebody owns a node, or one above or below it, or one
 * of its LIODNs.
 */
int soca_registry_check(const struct soca_set *set)
{
	lockdep_assert_held(&soca_registry_lock);

	if (set->is_partition && soca_is_shared_by(set))
		return 0;
	for (unsigned int i = 0; i < set->num_nodes; i++) {
		const char *rule = soca_conflict_rule(set, &set->nodes[i]);

		if (!rule)
			continue;
		soca_refuse(set->reason, set->nodes[i].np, "%s", rule);
		return -EBUSY;
	}
	return 0;
}

/**
 * soca_registry_add - Reserve the nodes of a set
 * @set: The set, which soca_registry_check() allows
 *
 * Context: As soca_registry_check(): the nodes are in the tree, and whoever takes
 * one out finds the set.
 * Return: 0 or -ENOMEM.
 */
int soca_registry_add(struct soca_set *set)
{
	int ret;

	lockdep_assert_held(&soca_registry_lock);

	ret = soca_own_all(set);
	if (ret) {
		soca_disown_all(set);
		return ret;
	}
	list_add_tail(&set->list, &soca_registry_sets);
	return 0;
}

/**
 * soca_registry_is_shared - Has a partition an owner already?
 * @set: The partition, for another owner, on the registry
 *
 * Context: Process context, under soca_partition_lock.
 * Return: true if one had it zeroed, and may have written to it since.
 */
bool soca_registry_is_shared(const struct soca_set *set)
{
	const struct soca_set *other;

	guard(mutex)(&soca_registry_lock);

	list_for_each_entry(other, &soca_registry_sets, list)
		if (other != set && other->is_zeroed &&
		    soca_is_memory_of(other, set->nodes[0].np))
			return true;
	return false;
}

/**
 * soca_registry_remove - Free the nodes of a set for others, and let go of them
 * @set: The set
 */
void soca_registry_remove(struct soca_set *set)
{
	guard(mutex)(&soca_registry_lock);

	list_del_init(&set->list);
	soca_disown_all(set);
	soca_set_put_nodes(set);
}

/**
 * soca_registry_owns - Is a node claimed, or part of one that is, for the moment?
 * @np: The node, in the tree
 *
 * Return: true if so.
 */
bool soca_registry_owns(const struct device_node *np)
{
	guard(mutex)(&soca_registry_lock);

	return soca_is_owned(np);
}

/**
 * soca_owns_liodn - Has a set a LIODN?
 * @set: The set, on the registry
 * @id: The LIODN
 *
 * Context: Under soca_registry_lock, as in a callback of soca_claims_find().
 * Return: true if so.
 */
bool soca_owns_liodn(const struct soca_set *set, u32 id)
{
	const struct soca_owned_liodn *owned;

	lockdep_assert_held(&soca_registry_lock);

	hash_for_each_possible(soca_owned_liodns, owned, hash, id)
		if (owned->id == id && owned->set == set)
			return true;
	return false;
}

/**
 * soca_registry_owns_liodns_of - Has a claim a LIODN that a node names?
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_registry_owns_liodns_of(const struct device_node *np)
{
	guard(mutex)(&soca_registry_lock);

	return soca_has_owned_liodn(np);
}
