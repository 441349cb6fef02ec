// SPDX-License-Identifier: GPL-2.0-only
/*
 * What devices can do to memory
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/security.h>
#include <linux/string.h>

#include "base/reason.h"
#include "hw/pamu_probe.h"
#include "rules/dma_class.h"
#include "rules/facts.h"
#include "tree/phandle_props.h"
#include "tree/set.h"
#include "tree/tree.h"

/* Who has the DMA identity: the node, or what it is a part of, or NULL. */
static const struct device_node *
soca_liodn_node(const struct device_node *np)
{
	while (np && !of_property_present(np, "fsl,liodn"))
		np = np->parent;
	return np;
}

/**
 * soca_is_guarded - Does the tree say what a node does DMA with?
 * @np: The node
 *
 * Return: true if it, or what it is a part of, has a LIODN, or it names an IOMMU.
 */
bool soca_is_guarded(const struct device_node *np)
{
	return soca_liodn_node(np) || of_property_present(np, "iommus");
}

/* fsl,liodn-reg: it is in the global utilities, which nobody gets. */
static bool soca_liodn_is_fixed(const struct device_node *np)
{
	return of_property_present(np, "fsl,liodn-reg") ||
	       soca_facts(soca_tree_find(np)) & SOCA_LIODN_IS_FOREIGN;
}

/* An empty fsl,liodn is one that the boot loader has not filled in. */
static bool soca_is_protected(const struct device_node *np)
{
	u32 liodn;

	return !of_property_read_u32_index(np, "fsl,liodn", 0, &liodn) &&
	       soca_liodn_is_fixed(np) && soca_pamu_running();
}

/* Its own DMA has windows, whatever others do on its behalf. */
static bool soca_is_behind(struct soca_tree_node *node)
{
	u32 facts = soca_facts(node);

	if (facts & SOCA_HAS_LIODN)
		return soca_is_protected(soca_liodn_node(node->np));
	return facts & SOCA_HAS_IOMMU;
}

/*
 * The tree can prove that a device masters a bus, never that it does not; so a
 * declaration counts only where it says nothing.
 */
static u32 soca_own_class(struct soca_tree_node *node, bool none)
{
	u32 facts = soca_facts(node);

	if (soca_is_behind(node))
		return SOCASSIGN_DMA_PROTECTED;
	if (facts & SOCA_HAS_LIODN)
		return SOCASSIGN_DMA_UNSAFE;
	return none || facts & SOCA_MASTERS_NONE ?
	       SOCASSIGN_DMA_NONE : SOCASSIGN_DMA_UNSAFE;
}

/*
 * Where others do DMA for it, that it is confined itself is not enough.  A portal of
 * BMan does none itself, so that the others are all there is to ask about.
 */
static u32 soca_dma_class(struct soca_tree_node *node, u32 words)
{
	u32 facts = soca_facts(node);

	if (!(facts & SOCA_MASTERS_BY_PROXY))
		return soca_own_class(node, words & SOCA_WORD_NONE);
	if (!(words & SOCA_WORD_CONFINED))
		return SOCASSIGN_DMA_UNSAFE;
	if (soca_is_behind(node))
		return SOCASSIGN_DMA_PROTECTED;
	return facts & (SOCA_HAS_LIODN | SOCA_LIODN_IS_FOREIGN) ?
	       SOCASSIGN_DMA_UNSAFE : SOCASSIGN_DMA_PROTECTED;
}

static bool soca_has_regs(const struct soca_tree_node *node)
{
	return node->spans && node->spans->kind == SOCA_SPAN_REG;
}

/* A part with registers and an IOMMU of its own: its DMA is not the node's. */
static bool soca_is_master_below(struct soca_tree_node *below,
				 const struct soca_tree_node *node)
{
	return below != node && soca_facts(below) & SOCA_HAS_IOMMU &&
	       !(soca_facts(below) & SOCA_HAS_LIODN) && soca_has_regs(below);
}

/* The sentence of the tree that says that a node masters a bus, or NULL. */
static const char *soca_master_rule(struct soca_tree_node *node)
{
	struct soca_tree_node *below;

	if (soca_facts(node) & SOCA_MASTERS_BY_PROXY)
		return "what is queued there makes others do DMA";
	if (soca_facts(node) & SOCA_HAS_LIODN)
		return "fsl,liodn says that it is a bus master";
	soca_tree_for_each_below(below, node)
		if (soca_facts(below) & (SOCA_HAS_LIODN | SOCA_HAS_IOMMU) &&
		    !soca_is_master_below(below, node))
			return "it, or a part of it, is behind an IOMMU: it is a bus master";
	return NULL;
}

/*
 * A word for a node says nothing of such parts, whose registers may be among its own:
 * it counts if they are claimed, too, with their windows.
 */
static struct soca_tree_node *soca_part_outside(const struct soca_set *set,
						struct soca_tree_node *node)
{
	struct soca_tree_node *below;

	soca_tree_for_each_below(below, node)
		if (soca_is_master_below(below, node) &&
		    !soca_set_has(set, below->np))
			return below;
	return NULL;
}

/* The rule that makes the word wrong for a node, or NULL. */
static const char *soca_word_rule(struct soca_tree_node *node, u32 word)
{
	if (word == SOCA_WORD_NONE)
		return soca_master_rule(node);
	if (!(soca_facts(node) & SOCA_MASTERS_BY_PROXY))
		return "nobody does DMA on its behalf";
	if (soca_dma_class(node, word) == SOCASSIGN_DMA_UNSAFE)
		return "it does DMA itself, and no IOMMU protects from that";
	return NULL;
}

/* soca_may_declare(), under soca_tree_lock(). */
static int soca_may_vouch(struct soca_tree_node *node, u32 word,
			  struct soca_reason *reason)
{
	const char *rule = soca_word_rule(node, word);

	if (rule) {
		soca_refuse(reason, node->np, "%s", rule);
		return -EINVAL;
	}
	if (security_locked_down(LOCKDOWN_DEV_MEM)) {
		soca_refuse(reason, node->np, "nobody can vouch for it: the kernel is locked down");
		return -EPERM;
	}
	return 0;
}

/**
 * soca_may_declare - May somebody give his word for a node?
 * @np: The node
 * @word: One of enum soca_word
 *
 * The word of an administrator is worth nothing on a kernel that is locked
 * down against him.
 *
 * Return: 0, -EINVAL if the tree says the contrary, -EPERM if the kernel is
 * locked down, -ENODEV if the node is gone, -ENOMEM.
 */
int soca_may_declare(const struct device_node *np, u32 word)
{
	struct soca_tree_node *node;
	int ret = soca_tree_lock();

	if (ret)
		return ret;
	node = soca_tree_find(np);
	ret = node ? soca_may_vouch(node, word, NULL) : -ENODEV;
	soca_tree_unlock();
	return ret;
}

/**
 * soca_dma_class_of - What a node can do to memory
 * @np: The node
 * @words: What the administrator says of it: combination of enum soca_word
 *
 * Return: enum socassign_dma_class; the worst if the node is gone.
 */
u32 soca_dma_class_of(const struct device_node *np, u32 words)
{
	struct soca_tree_node *node;
	u32 class;

	if (soca_tree_lock())
		return SOCASSIGN_DMA_UNSAFE;
	node = soca_tree_find(np);
	class = node ? soca_dma_class(node, words) : SOCASSIGN_DMA_UNSAFE;
	soca_tree_unlock();
	return class;
}

/* A descendant counts if it is a device of its own, or is known as a master. */
static bool soca_counts_for_dma(const struct soca_node *node,
				struct soca_tree_node *tree)
{
	return node->is_root || tree->liodns ||
	       soca_has_regs(tree) ||
	       soca_facts(tree) & SOCA_HAS_IOMMU;
}

/*
 * The kernel takes a device whose IOMMU is disabled for one without, and lets it
 * work.  Whether it has a driver for one that is not shows when the device is bound.
 */
static int soca_check_iommus(const struct soca_set *set,
			     const struct soca_tree_node *node)
{
	const struct soca_tree_ref *ref;
	bool has_one = false;

	for (ref = node->refs; ref; ref = ref->next) {
		if (strcmp(ref->prop->name, "iommus"))
			continue;
		has_one = true;
		if (of_device_is_available(ref->target->np))
			continue;
		soca_refuse(set->reason, node->np, "its IOMMU %pOF is disabled",
			    ref->target->np);
		return -EOPNOTSUPP;
	}
	if (has_one)
		return 0;
	soca_refuse(set->reason, node->np, "no iommus names the IOMMU that it is behind");
	return -EOPNOTSUPP;
}

/* Whoever has the LIODN has the windows: it must come along. */
static int soca_check_protected(const struct soca_set *set,
				const struct soca_tree_node *node)
{
	const struct device_node *np = node->np, *owner = soca_liodn_node(np);

	if (!owner)
		return soca_check_iommus(set, node);
	if (soca_set_has(set, owner))
		return 0;
	soca_refuse(set->reason, np, "it does DMA with a LIODN of %pOF, which is not claimed",
		    owner);
	return -EBUSY;
}

static const char *soca_unsafe_rule(struct soca_tree_node *node)
{
	if (soca_facts(node) & SOCA_MASTERS_BY_PROXY)
		return "others do DMA for it: declare confined, or use CONFINED_DMA or UNSAFE_DMA";
	return "it may master a bus, unprotected: declare a dma_class, or use UNSAFE_DMA";
}

/* Somebody says that a node masters no bus: of all of it? */
static int soca_check_parts(const struct soca_set *set,
			    struct soca_tree_node *tree)
{
	const struct soca_tree_node *part = soca_part_outside(set, tree);

	if (!part)
		return 0;
	soca_refuse(set->reason, tree->np, "%pOF, a part of it, is a bus master, and not claimed",
		    part->np);
	return -EINVAL;
}

static int soca_classify_node(struct soca_set *set,
			      struct soca_node *node,
			      struct soca_tree_node *tree, u32 words)
{
	u32 class = soca_dma_class(tree, words);
	bool is_behind = soca_is_behind(tree);
	int ret = 0;

	if (set->flags & SOCASSIGN_NO_DMA)
		ret = soca_may_vouch(tree, SOCA_WORD_NONE, set->reason);
	if (!ret && words & SOCA_WORD_NONE)
		ret = soca_check_parts(set, tree);
	if (!ret && is_behind)
		ret = soca_check_protected(set, tree);
	if (ret)
		return ret;
	if (class == SOCASSIGN_DMA_UNSAFE &&
	    !(set->flags & SOCASSIGN_UNSAFE_DMA)) {
		soca_refuse(set->reason, node->np, "%s", soca_unsafe_rule(tree));
		return -EPERM;
	}
	node->is_unsafe = class == SOCASSIGN_DMA_UNSAFE;
	node->has_liodns = tree->liodns;
	/* What is a part of a node with LIODNs has none of its own. */
	node->is_protected = is_behind &&
			     (tree->liodns || !soca_liodn_node(node->np));
	set->dma_class = max(set->dma_class, class);
	return 0;
}

static u32 soca_words(const struct soca_set *set, const struct soca_node *node,
		      const struct soca_node *root, struct soca_tree_node *tree)
{
	u32 words = 0;

	if (root->masters_none || node->masters_none ||
	    set->flags & SOCASSIGN_NO_DMA)
		words |= SOCA_WORD_NONE;
	/* Who takes what is unsafe needs no word, and gets it as that. */
	if (set->flags & SOCASSIGN_UNSAFE_DMA && soca_part_outside(set, tree))
		words &= ~SOCA_WORD_NONE;
	if (node->is_confined || set->flags & SOCASSIGN_CONFINED_DMA)
		words |= SOCA_WORD_CONFINED;
	return words;
}

/**
 * soca_classify - Find out what the devices of a set can do to memory
 * @set: The set, with its devices; sets its class and that of the nodes
 *
 * That a named node masters no bus is said of what is below it, too; of one further
 * down for that node only, since siblings follow it.
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0, -EBUSY, -EINVAL, -EOPNOTSUPP or -EPERM; the log and the caller have
 * the rule and the node.
 */
int soca_classify(struct soca_set *set)
{
	const struct soca_node *root = NULL;
	int ret = 0;

	for (unsigned int i = 0; i < set->num_nodes && !ret; i++) {
		struct soca_node *node = &set->nodes[i];
		struct soca_tree_node *tree = soca_tree_find(node->np);

		if (node->is_root)
			root = node;
		if (soca_counts_for_dma(node, tree))
			ret = soca_classify_node(set, node, tree,
						 soca_words(set, node, root,
							    tree));
	}
	return ret;
}
