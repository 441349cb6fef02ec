// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns what: no node, no ancestor and descendant, no LIODN, and no byte of
 * registers has two owners
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/hashtable.h>
#include <linux/slab.h>

#include "private.h"

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
 * @claim: The claim
 * @id: The LIODN
 */
struct soca_owned_liodn {
	struct hlist_node hash;
	const struct soca_claim *claim;
	u32 id;
};

/*
 * Protects what follows, the nodes of the claims on the list (a claim that is on
 * it keeps them), and the fields of struct soca_bound.
 */
DEFINE_MUTEX(soca_registry_lock);
static LIST_HEAD(soca_claims);
static DEFINE_HASHTABLE(soca_owned, 8);
static DEFINE_HASHTABLE(soca_owned_liodns, 6);

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
	/* What was above a node that was taken out may be gone. */
	if (of_node_check_flag(np, OF_DETACHED))
		return np == ancestor;
	for (; np; np = np->parent)
		if (np == ancestor)
			return true;
	return false;
}

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
 * tree is, which unflattening bounds.
 */
static struct soca_owned *soca_owned_get(struct device_node *np)
{
	struct soca_owned *owned = soca_owned_find(np), *parent = NULL;

	if (owned)
		return owned;
	if (np->parent) {
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

static bool soca_is_owned(const struct device_node *np)
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

static int soca_own_liodn(const struct soca_claim *claim, u32 id)
{
	struct soca_owned_liodn *owned = kzalloc(sizeof(*owned),
						 GFP_KERNEL_ACCOUNT);

	if (!owned)
		return -ENOMEM;
	owned->claim = claim;
	owned->id = id;
	hash_add(soca_owned_liodns, &owned->hash, id);
	return 0;
}

static void soca_disown_liodns(const struct soca_claim *claim)
{
	struct soca_owned_liodn *owned;
	struct hlist_node *next;
	int bucket;

	if (!claim->has_liodns)
		return;
	hash_for_each_safe(soca_owned_liodns, bucket, next, owned, hash)
		if (owned->claim == claim) {
			hash_del(&owned->hash);
			kfree(owned);
		}
}

/* Claims */

/* A partition goes by its name, as with the kernel: its node may be another. */
static bool soca_is_memory_of(const struct soca_claim *claim,
			      const struct device_node *np)
{
	return claim->is_partition && soca_is_partition(np) &&
	       !strcmp(kbasename(np->full_name),
		       kbasename(claim->nodes[0].np->full_name));
}

static bool soca_is_memory_owned(const struct device_node *np)
{
	const struct soca_claim *claim;

	list_for_each_entry(claim, &soca_claims, list)
		if (soca_is_memory_of(claim, np))
			return true;
	return false;
}

/* All owners agree to share it, since the first one did. */
static bool soca_is_shared_by(const struct soca_claim *claim)
{
	const struct soca_claim *other;

	list_for_each_entry(other, &soca_claims, list)
		if (soca_is_memory_of(other, claim->nodes[0].np))
			return claim->flags & other->flags & SOCASSIGN_SHARED;
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

/* The rule that keeps a node of a claim from it, or NULL. */
static const char *soca_conflict_rule(const struct soca_claim *claim,
				      const struct soca_node *node)
{
	if (node->is_root &&
	    (soca_is_owned(node->np) || soca_is_owned_below(node->np)))
		return "the node, or one above or below it, has an owner";
	if (claim->is_partition && soca_is_memory_owned(node->np))
		return "the memory has an owner, by a node that is gone";
	if (claim->has_liodns && soca_has_owned_liodn(node->np))
		return "a node with the same LIODN has an owner";
	return NULL;
}

/* No two claims have a byte of registers in common. */
static int soca_check_bytes(const struct soca_claim *claim)
{
	const struct device_node *np =
		soca_regions_find_outsider(claim, soca_is_owned);

	if (!np)
		return 0;
	soca_refuse(claim->reason, claim->nodes[0].np,
		    "%pOF, which has an owner, has registers among the claim's", np);
	return -EBUSY;
}

static int soca_check_conflicts(const struct soca_claim *claim)
{
	lockdep_assert_held(&soca_registry_lock);

	if (claim->is_partition && soca_is_shared_by(claim))
		return 0;
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const char *rule = soca_conflict_rule(claim, &claim->nodes[i]);

		if (!rule)
			continue;
		soca_refuse(claim->reason, claim->nodes[i].np, "%s", rule);
		return -EBUSY;
	}
	return soca_check_bytes(claim);
}

static void soca_disown_all(struct soca_claim *claim)
{
	for (u32 i = 0; i < claim->num_nodes; i = soca_next_root(claim, i)) {
		if (claim->nodes[i].owned)
			soca_disown(claim->nodes[i].owned);
		claim->nodes[i].owned = NULL;
	}
	soca_disown_liodns(claim);
}

static int soca_own_liodns(const struct soca_claim *claim,
			   const struct device_node *np)
{
	int ret = 0;
	u32 id;

	for (int i = 0; !ret && !of_property_read_u32_index(np, "fsl,liodn", i,
							    &id); i++)
		ret = soca_own_liodn(claim, id);
	return ret;
}

static int soca_own_all(struct soca_claim *claim)
{
	int ret = 0;

	for (u32 i = 0; i < claim->num_nodes; i = soca_next_root(claim, i)) {
		claim->nodes[i].owned = soca_own(claim->nodes[i].np);
		if (!claim->nodes[i].owned)
			return -ENOMEM;
	}
	for (u32 i = 0; claim->has_liodns && i < claim->num_nodes && !ret; i++)
		ret = soca_own_liodns(claim, claim->nodes[i].np);
	return ret;
}

/**
 * soca_registry_check - Could the nodes of a claim be reserved?
 * @claim: The claim, with its nodes and regions
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0 or -EBUSY, as from soca_registry_add().
 */
int soca_registry_check(const struct soca_claim *claim)
{
	guard(mutex)(&soca_registry_lock);

	return soca_check_conflicts(claim);
}

/**
 * soca_registry_add - Reserve the nodes of a claim
 * @claim: The claim, with its nodes and regions
 *
 * Context: Process context, under soca_tree_lock(): the nodes are in the tree, and
 * whoever takes one out finds the claim.
 * Return: 0; the registry holds a reference then.  -EBUSY if somebody owns a
 * node, or one above or below it, or one of its LIODNs, or one that has registers
 * among the claim's; -ENOMEM.
 */
int soca_registry_add(struct soca_claim *claim)
{
	int ret;

	guard(mutex)(&soca_registry_lock);

	ret = soca_check_conflicts(claim);
	if (!ret)
		ret = soca_own_all(claim);
	if (ret) {
		soca_disown_all(claim);
		return ret;
	}
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
	soca_disown_all(claim);
	soca_claim_put_nodes(claim);
}

/**
 * soca_registry_owns - Is a node claimed, or part of one that is?
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
 * soca_claim_has_liodn - Has this claim a LIODN?
 * @claim: The claim, on the registry
 * @id: The LIODN
 *
 * Context: Under soca_registry_lock, as in a callback of soca_registry_find().
 * Return: true if so.
 */
bool soca_claim_has_liodn(const struct soca_claim *claim, u32 id)
{
	const struct soca_owned_liodn *owned;

	lockdep_assert_held(&soca_registry_lock);

	hash_for_each_possible(soca_owned_liodns, owned, hash, id)
		if (owned->id == id && owned->claim == claim)
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

static struct soca_claim *soca_find_claim(soca_claim_fn match, const void *data)
{
	struct soca_claim *claim;

	lockdep_assert_held(&soca_registry_lock);

	/* A partition has no device, and memory stays. */
	list_for_each_entry(claim, &soca_claims, list)
		if (!claim->is_partition && !READ_ONCE(claim->down) &&
		    match(claim, data))
			return claim;
	return NULL;
}

/**
 * soca_registry_find - A claim of devices, that has not gone down yet
 * @match: Is this it?  Under soca_registry_lock
 * @data: For @match
 *
 * Return: The first one, with a reference, or NULL.
 */
struct soca_claim *soca_registry_find(soca_claim_fn match, const void *data)
{
	struct soca_claim *claim;

	guard(mutex)(&soca_registry_lock);

	claim = soca_find_claim(match, data);
	if (claim)
		soca_claim_get(claim);
	return claim;
}

/**
 * soca_registry_has - Is there such a claim?
 * @match: As for soca_registry_find()
 * @data: For @match
 *
 * Return: true if so.
 */
bool soca_registry_has(soca_claim_fn match, const void *data)
{
	guard(mutex)(&soca_registry_lock);

	return soca_find_claim(match, data);
}
