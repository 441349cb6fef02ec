// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may be claimed, and by whom
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/panic.h>
#include <linux/security.h>

#include "base/params.h"
#include "base/reason.h"
#include "rules/consumers.h"
#include "rules/dma_class.h"
#include "rules/facts.h"
#include "rules/irqchip.h"
#include "rules/policy.h"
#include "rules/reserved.h"
#include "tree/devices.h"
#include "tree/set.h"
#include "tree/tree.h"

/* The host's own, that is: it keeps a disabled one for somebody else. */
static bool soca_is_hosts(const struct soca_node *node)
{
	return !node->is_ours && of_device_is_available(node->np);
}

/* The rule that forbids a node to everybody, or NULL. */
static const char *soca_forbidden_rule(const struct soca_node *node, u32 facts)
{
	const char *rule;

	if (of_node_is_root(node->np))
		return "it is the root of the tree";
	rule = soca_ban(facts, soca_is_hosts(node));
	if (rule)
		return rule;
	/* One with a device may go with its driver: soca_policy_device(). */
	if (!node->dev && soca_is_irqchip(node->np, false))
		return "it is an interrupt controller in use";
	if (node->is_root && facts & SOCA_IS_BEHIND_PCI)
		return "it is behind a PCI host bridge";
	return NULL;
}

/**
 * soca_policy_outsider_rule - Why does nobody get registers of a node?
 * @node: The node, which has them among those of a claim, and is no part of it
 *
 * Context: Under soca_tree_lock().
 * Return: The rule, or NULL: somebody may.
 */
const char *soca_policy_outsider_rule(struct soca_tree_node *node)
{
	const char *rule = soca_ban(soca_facts(node),
				    of_device_is_available(node->np));

	if (rule)
		return rule;
	if (soca_is_irqchip(node->np, false))
		return "it is an interrupt controller in use";
	return NULL;
}

static int soca_check_forbidden(const struct soca_set *set)
{
	for (unsigned int i = 0; i < set->num_nodes; i++) {
		const struct soca_node *node = &set->nodes[i];
		u32 facts = soca_facts(soca_tree_find(node->np));
		const char *rule = soca_forbidden_rule(node, facts);

		if (!rule && facts & SOCA_IS_BUS &&
		    !(set->flags & SOCASSIGN_SUBTREE))
			rule = "it is a bus, and SUBTREE is not set";
		if (!rule)
			continue;
		soca_refuse(set->reason, node->np, "%s", rule);
		return -EACCES;
	}
	return 0;
}

static bool soca_has_resources(const struct device_node *np)
{
	const struct soca_tree_node *node = soca_tree_find(np);

	return node->spans || node->lines;
}

/* Each named node must bring something, itself or in what came along. */
static int soca_check_resources(const struct soca_set *set)
{
	bool useful = true;

	for (unsigned int i = set->num_nodes; i--;) {
		const struct soca_node *node = &set->nodes[i];

		if (i + 1 == set->num_nodes || set->nodes[i + 1].is_root)
			useful = false;
		useful |= soca_has_resources(node->np);
		if (!node->is_root || useful)
			continue;
		soca_refuse(set->reason, node->np, "it has no registers and no interrupts");
		return -EINVAL;
	}
	return 0;
}

/* The kernel runs it without a driver (OF_DECLARE), or on another bus. */
static bool soca_is_taken_elsewhere(const struct soca_node *node)
{
	return !node->dev && soca_node_is_populated(node->np);
}

/* The rule that keeps the node from everybody at present, or NULL. */
static const char *soca_in_use_rule(const struct soca_set *set,
				    const struct soca_node *node)
{
	if (soca_is_taken_elsewhere(node))
		return "the host uses it without a platform or AMBA device";
	if (!node->dev && soca_is_part_in_use(set, node->np))
		return "it is a part of a device that somebody else uses";
	return NULL;
}

static int soca_check_in_use(const struct soca_set *set)
{
	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i)) {
		const struct soca_node *node = &set->nodes[i];
		const char *rule = soca_in_use_rule(set, node);

		if (!rule)
			continue;
		soca_refuse(set->reason, node->np, "%s", rule);
		return -EBUSY;
	}
	return 0;
}

/**
 * soca_policy_may_share - May a claim reach the registers of others?
 *
 * One of these may be a bus master that the host drives: whoever has its registers
 * has memory.
 *
 * Return: true, unless the kernel is locked down.
 */
bool soca_policy_may_share(void)
{
	return !security_locked_down(LOCKDOWN_DEV_MEM);
}

/* The rule that keeps the caller from using the flags, or NULL. */
static const char *soca_flags_rule(u32 flags, bool privileged)
{
	u32 admin = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |
		    SOCASSIGN_SHARE_REGS | SOCASSIGN_CONFINED_DMA;

	if (flags & admin && !privileged)
		return "DETACH, NO_DMA, UNSAFE_DMA, CONFINED_DMA and SHARE_REGS need CAP_SYS_ADMIN";
	if (flags & SOCASSIGN_SHARE_REGS && !soca_policy_may_share())
		return "SHARE_REGS needs a kernel that is not locked down";
	if (flags & SOCASSIGN_CONFINED_DMA &&
	    security_locked_down(LOCKDOWN_DEV_MEM))
		return "CONFINED_DMA needs a kernel that is not locked down";
	if (!(flags & SOCASSIGN_UNSAFE_DMA))
		return NULL;
	if (!capable(CAP_SYS_RAWIO))
		return "UNSAFE_DMA needs CAP_SYS_RAWIO";
	if (!READ_ONCE(soca_unsafe_dma))
		return "UNSAFE_DMA needs the module parameter unsafe_dma";
	if (security_locked_down(LOCKDOWN_DEV_MEM))
		return "UNSAFE_DMA needs a kernel that is not locked down";
	return NULL;
}

static int soca_check_flags(const struct soca_set *set)
{
	const char *rule = soca_flags_rule(set->flags, set->privileged);

	if (!rule)
		return 0;
	soca_refuse(set->reason, set->nodes[0].np, "%s", rule);
	return -EPERM;
}

/* Without CAP_SYS_ADMIN: what the administrator prepared, and no more. */
static const char *soca_not_handed_out_rule(const struct soca_node *node)
{
	if (!node->dev && !node->is_root)
		return NULL;
	if (!node->is_ours)
		return "not bound to socassign, and no CAP_SYS_ADMIN";
	if (node->is_root && !node->is_declared)
		return "no dma_class declared, and no CAP_SYS_ADMIN";
	return NULL;
}

static int soca_check_handed_out(const struct soca_set *set)
{
	if (set->privileged)
		return 0;
	for (unsigned int i = 0; i < set->num_nodes; i++) {
		const struct soca_node *node = &set->nodes[i];
		const char *rule = soca_not_handed_out_rule(node);

		if (!rule)
			continue;
		soca_refuse(set->reason, node->np, "%s", rule);
		return -EPERM;
	}
	return 0;
}

static bool soca_has_partition(const struct soca_set *set)
{
	for (unsigned int i = 0; i < set->num_nodes; i++)
		if (set->nodes[i].is_root &&
		    soca_is_partition(set->nodes[i].np))
			return true;
	return false;
}

/* It has no device that could be bound: nobody can be given it beforehand. */
static int soca_check_partition(struct soca_set *set)
{
	struct device_node *np = set->nodes[0].np;
	int ret;

	if (set->num_nodes > 1) {
		soca_refuse(set->reason, np, "a partition is claimed alone");
		return -EINVAL;
	}
	if (!set->privileged) {
		soca_refuse(set->reason, np, "a partition needs CAP_SYS_ADMIN");
		return -EPERM;
	}
	ret = soca_check_reserved(np, set->flags, set->reason);
	return ret ?: soca_check_consumers(set);
}

static int soca_check_devices(struct soca_set *set)
{
	int ret;

	soca_devices_find(set);
	ret = soca_check_forbidden(set);
	if (!ret && set->flags & SOCASSIGN_SHARED) {
		soca_refuse(set->reason, set->nodes[0].np, "SHARED, and it is no partition");
		ret = -EINVAL;
	}
	if (!ret)
		ret = soca_check_resources(set);
	if (!ret)
		ret = soca_check_in_use(set);
	if (!ret)
		ret = soca_check_handed_out(set);
	if (!ret)
		ret = soca_classify(set);
	if (!ret)
		ret = soca_check_consumers(set);
	return ret;
}

/**
 * soca_policy_claim - May the caller have these nodes?
 * @set: The set, with its nodes, before any device is touched; sets its
 *	DMA class, and whether it is a partition
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.  The log
 * has the rule and the node.
 */
int soca_policy_claim(struct soca_set *set)
{
	int ret = soca_check_flags(set);

	if (ret)
		return ret;
	set->is_partition = soca_has_partition(set);
	return set->is_partition ? soca_check_partition(set) :
				   soca_check_devices(set);
}

/**
 * soca_policy_device - What only the device of a node tells
 * @set: The set
 * @node: The node, with its device or NULL
 * @driven: A driver of the host's is bound to it; under the device lock then
 *
 * Return: 0, -EACCES or -EOPNOTSUPP; the log has the rule and the node.
 */
int soca_policy_device(const struct soca_set *set,
		       const struct soca_node *node, bool driven)
{
	if (soca_is_irqchip(node->np, driven)) {
		soca_refuse(set->reason, node->np, "it is an interrupt controller in use");
		return -EACCES;
	}
	/* Whatever was declared: there it would be without its windows. */
	if (node->dev && device_iommu_mapped(node->dev) &&
	    !soca_is_guarded(node->np)) {
		soca_refuse(set->reason, node->np, "it is behind an IOMMU, and the tree does not say so");
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * soca_policy_attached - Look again, now that the host has let go
 * @set: The set, its devices bound to us
 *
 * A driver may leave its interrupt domain behind, and a device that was made
 * for the claim was not there before.  Of those that were bound to us before
 * there is nothing new.
 *
 * Return: 0, -EACCES or -EOPNOTSUPP; the log has the rule and the node.
 */
int soca_policy_attached(const struct soca_set *set)
{
	int ret = 0;

	for (unsigned int i = 0; i < set->num_nodes && !ret; i++)
		if (set->nodes[i].origin != SOCA_ADMIN)
			ret = soca_policy_device(set, &set->nodes[i], false);
	return ret;
}

/**
 * soca_policy_taint - Say that an unsafe bus master is in user space's hands
 * @set: The set, about to be published
 */
void soca_policy_taint(const struct soca_set *set)
{
	if (set->dma_class != SOCASSIGN_DMA_UNSAFE)
		return;
	pr_warn("%pOF: given out with unprotected DMA\n", set->nodes[0].np);
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}
