// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may be claimed, by whom, and what the devices can do to memory
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/capability.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/of_irq.h>
#include <linux/panic.h>
#include <linux/rcupdate.h>
#include <linux/security.h>
#include <linux/string.h>

#include "facts.h"
#include "private.h"
#include "tree.h"

/* The host's own, that is: it keeps a disabled one for somebody else. */
static bool soca_is_hosts(const struct soca_node *node)
{
	return of_device_is_available(node->np) && !node->is_ours;
}

/* Nobody has requested it, no driver has chained it, and no MSI is set up. */
static bool soca_irq_is_idle(unsigned int virq)
{
	struct irq_data *data;
	bool idle;

	rcu_read_lock();
	data = irq_get_irq_data(virq);
	idle = data && !irq_has_action(virq) && !irqd_is_activated(data);
	rcu_read_unlock();
	return idle;
}

/*
 * A mapping outlives the user of the line.  The driver of a GPIO controller takes
 * it away as it goes; with any other a mapping may be all that a user has.
 */
static bool soca_domain_in_use(const struct device_node *np,
			       struct irq_domain *domain)
{
	unsigned int idle = 0;

	if (!of_property_present(np, "gpio-controller"))
		return READ_ONCE(domain->mapcount);
	for (irq_hw_number_t hw = 0; hw < domain->revmap_size; hw++) {
		unsigned int virq = irq_find_mapping(domain, hw);

		idle += virq && soca_irq_is_idle(virq);
	}
	return READ_ONCE(domain->mapcount) > idle;
}

/* enum irq_domain_bus_token has no last one; there are less than 20. */
#define SOCA_BUS_TOKENS		32

/* A node may have several domains, each with a token of its own. */
static bool soca_domains_in_use(struct device_node *np)
{
	for (int token = DOMAIN_BUS_ANY; token < SOCA_BUS_TOKENS; token++) {
		struct irq_domain *domain = irq_find_matching_host(np, token);

		if (domain && soca_domain_in_use(np, domain))
			return true;
	}
	return false;
}

/*
 * One without users may go with the driver of the host's.  Who is @driven cannot
 * lose it meanwhile, nor the domain.
 */
static bool soca_is_irqchip(struct device_node *np, bool driven)
{
	return irq_find_host(np) && (!driven || soca_domains_in_use(np));
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
	if (irq_find_host(node->np))
		return "it is an interrupt controller in use";
	return NULL;
}

static int soca_check_forbidden(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];
		u32 facts = soca_facts(soca_tree_find(node->np));
		const char *rule = soca_forbidden_rule(node, facts);

		if (!rule && facts & SOCA_IS_BUS &&
		    !(claim->flags & SOCASSIGN_SUBTREE))
			rule = "it is a bus, and SUBTREE is not set";
		if (!rule)
			continue;
		soca_refuse(claim->reason, node->np, "%s", rule);
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
static int soca_check_resources(const struct soca_claim *claim)
{
	bool useful = true;

	for (unsigned int i = claim->num_nodes; i--;) {
		const struct soca_node *node = &claim->nodes[i];

		if (i + 1 == claim->num_nodes || claim->nodes[i + 1].is_root)
			useful = false;
		useful |= soca_has_resources(node->np);
		if (!node->is_root || useful)
			continue;
		soca_refuse(claim->reason, node->np, "it has no registers and no interrupts");
		return -EINVAL;
	}
	return 0;
}

/* The kernel runs it without a driver (OF_DECLARE), or on another bus. */
static bool soca_is_taken_elsewhere(const struct soca_node *node)
{
	return !node->dev && (of_node_check_flag(node->np, OF_POPULATED) ||
			      READ_ONCE(node->np->fwnode.dev));
}

static int soca_check_driverless(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];

		if (node->is_root && soca_is_taken_elsewhere(node)) {
			soca_refuse(claim->reason, node->np, "the host uses it without a platform or AMBA device");
			return -EBUSY;
		}
	}
	return 0;
}

/*
 * By the host, or by the owner of another claim: this one's are not looked at.
 * The owner of a partition may well have the device that it is meant for.
 */
static bool soca_device_is_driven(const struct soca_claim *claim,
				  struct device *dev)
{
	bool driven = READ_ONCE(dev->driver) &&
		      (!soca_device_is_ours(dev) ||
		       (!claim->is_partition && soca_device_is_claimed(dev)));

	put_device(dev);
	return driven;
}

/*
 * Does anybody do something with the node at present?  One without a device
 * (a key of gpio-keys, a port, a regulator) belongs to the nearest node above
 * it that has one, unless it could have had one of its own.
 */
static bool soca_node_is_driven(const struct soca_claim *claim,
				struct device_node *np)
{
	for (; np && !of_node_is_root(np); np = np->parent) {
		struct device *dev = soca_device_find(np);

		if (dev)
			return soca_device_is_driven(claim, dev);
		if (!of_device_is_available(np))
			return false;
		if (of_node_check_flag(np, OF_POPULATED) ||
		    READ_ONCE(np->fwnode.dev) ||
		    soca_facts(soca_tree_find(np)) & SOCA_IS_CPU)
			return true;
		if (of_property_present(np, "compatible"))
			return false;
	}
	return false;
}

/* What a rule against a node outside is asked of. */
static int soca_refuse_outside(const struct soca_claim *claim,
			       const struct device_node *np, const char *rule)
{
	soca_refuse(claim->reason, claim->nodes[0].np, "%pOF, %s", np, rule);
	return -EBUSY;
}

static int soca_check_user(const struct soca_claim *claim,
			   struct device_node *user)
{
	if (soca_in_claimed_tree(claim, user) ||
	    !soca_node_is_driven(claim, user))
		return 0;
	return soca_refuse_outside(claim, user,
				   "in use by somebody else, depends on the claim");
}

/* Who names a node of the claimed trees, or an interrupt line of it. */
static int soca_check_users(const struct soca_claim *claim,
			    const struct soca_tree_node *node)
{
	const struct soca_tree_line *line;
	const struct soca_tree_ref *ref;
	int ret = 0;

	for (ref = node->users; ref && !ret; ref = ref->next_user)
		ret = soca_check_user(claim, ref->node->np);
	for (line = node->lines_in; line && !ret; line = line->next_in)
		ret = soca_check_user(claim, line->node->np);
	return ret;
}

/*
 * To block its DMA would block the other's, whose driver may come at any time
 * and would have the windows of the claim.
 */
static int soca_check_liodns(const struct soca_claim *claim,
			     const struct soca_tree_node *node)
{
	const struct soca_tree_liodn *liodn;

	for (liodn = node->liodns; liodn; liodn = liodn->next) {
		struct soca_tree_liodn *it = NULL;

		while ((it = soca_tree_next_liodn(it, liodn->id)))
			if (!soca_in_claimed_tree(claim, it->node->np) &&
			    of_device_is_available(it->node->np))
				return soca_refuse_outside(claim, it->node->np,
							   "has a LIODN of the claim, and is not part of it");
	}
	return 0;
}

/*
 * Without SUBTREE what is below is no part of the claim; but its registers are
 * often among the parent's, and it may do DMA as the parent does.  What another
 * claim has is the registry's to tell.
 */
static int soca_check_part(const struct soca_claim *claim,
			   const struct device_node *np)
{
	struct device *dev;
	bool is_hosts;

	if (claim->is_partition || soca_claim_has_node(claim, np))
		return 0;
	dev = soca_device_find(np);
	if (!dev)
		return 0;
	is_hosts = READ_ONCE(dev->driver) && !soca_device_is_ours(dev);
	put_device(dev);
	return is_hosts ? soca_refuse_outside(claim, np,
					      "in use by somebody else, is a part of it") :
			  0;
}

/* Suppliers are often children of what is claimed: pins, regulators, PHYs. */
static int soca_check_consumers(const struct soca_claim *claim)
{
	const struct soca_tree_node *node;
	int ret = 0;

	for (u32 i = 0; i < claim->num_nodes && !ret;
	     i = soca_next_root(claim, i))
		soca_tree_for_each_below(node,
					 soca_tree_find(claim->nodes[i].np)) {
			ret = soca_check_users(claim, node);
			if (!ret)
				ret = soca_check_part(claim, node->np);
			if (!ret && soca_claim_has_node(claim, node->np))
				ret = soca_check_liodns(claim, node);
			if (ret)
				break;
		}
	return ret;
}

/* Who has the DMA identity: the node, or what it is a part of, or NULL. */
static const struct device_node *
soca_liodn_node(const struct device_node *np)
{
	while (np && !of_property_present(np, "fsl,liodn"))
		np = np->parent;
	return np;
}

static bool soca_has_liodn(const struct device_node *np)
{
	return soca_liodn_node(np);
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

/* The sentence of the tree that says that a node masters a bus, or NULL. */
static const char *soca_master_rule(struct soca_tree_node *node)
{
	struct soca_tree_node *below;

	if (soca_facts(node) & SOCA_HAS_LIODN)
		return "fsl,liodn says that it is a bus master";
	if (soca_facts(node) & SOCA_MASTERS_BY_PROXY)
		return "what is queued there makes others do DMA";
	soca_tree_for_each_below(below, node)
		if (soca_facts(below) & (SOCA_HAS_LIODN | SOCA_HAS_IOMMU))
			return "it, or a part of it, is behind an IOMMU: it is a bus master";
	return NULL;
}

/* soca_policy_may_declare(), under soca_tree_lock(). */
static int soca_may_vouch(struct soca_tree_node *node,
			  struct soca_reason *reason)
{
	const char *rule = soca_master_rule(node);

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
 * soca_policy_may_declare - May somebody declare that a node masters no bus?
 * @np: The node
 *
 * The word of an administrator is worth nothing on a kernel that is locked
 * down against him.
 *
 * Return: 0, -EINVAL if the tree says the contrary, -EPERM if the kernel is
 * locked down, -ENODEV if the node is gone, -ENOMEM.
 */
int soca_policy_may_declare(const struct device_node *np)
{
	struct soca_tree_node *node;
	int ret = soca_tree_lock();

	if (ret)
		return ret;
	node = soca_tree_find(np);
	ret = node ? soca_may_vouch(node, NULL) : -ENODEV;
	soca_tree_unlock();
	return ret;
}

/*
 * The tree can prove that a device masters a bus, never that it does not; so a
 * declaration counts only where it says nothing.
 */
static u32 soca_dma_class(struct soca_tree_node *node, bool declared)
{
	u32 facts = soca_facts(node);

	if (facts & SOCA_HAS_LIODN)
		return soca_is_protected(soca_liodn_node(node->np)) ?
		       SOCASSIGN_DMA_PROTECTED : SOCASSIGN_DMA_UNSAFE;
	if (facts & SOCA_HAS_IOMMU)
		return SOCASSIGN_DMA_PROTECTED;
	if (facts & SOCA_MASTERS_BY_PROXY)
		return SOCASSIGN_DMA_UNSAFE;
	return declared || facts & SOCA_MASTERS_NONE ?
	       SOCASSIGN_DMA_NONE : SOCASSIGN_DMA_UNSAFE;
}

/**
 * soca_policy_dma_class - What a node can do to memory
 * @np: The node
 * @declared: The administrator says that it masters no bus
 *
 * Return: enum socassign_dma_class; the worst if the node is gone.
 */
u32 soca_policy_dma_class(const struct device_node *np, bool declared)
{
	struct soca_tree_node *node;
	u32 class;

	if (soca_tree_lock())
		return SOCASSIGN_DMA_UNSAFE;
	node = soca_tree_find(np);
	class = node ? soca_dma_class(node, declared) : SOCASSIGN_DMA_UNSAFE;
	soca_tree_unlock();
	return class;
}

/* A descendant counts if it is a device of its own, or is known as a master. */
static bool soca_counts_for_dma(const struct soca_node *node,
				struct soca_tree_node *tree)
{
	return node->is_root || tree->liodns ||
	       (tree->spans && tree->spans->kind == SOCA_SPAN_REG) ||
	       soca_facts(tree) & SOCA_HAS_IOMMU;
}

static int soca_refuse_iommu(const struct soca_claim *claim,
			     const struct device_node *np)
{
	soca_refuse(claim->reason, np, "a bus master behind an IOMMU that this version cannot program");
	return -EOPNOTSUPP;
}

/* Whoever has the LIODN has the windows: it must come along. */
static int soca_check_protected(const struct soca_claim *claim,
				const struct device_node *np)
{
	const struct device_node *owner = soca_liodn_node(np);

	if (!owner)
		return soca_refuse_iommu(claim, np);
	if (soca_claim_has_node(claim, owner))
		return 0;
	soca_refuse(claim->reason, np, "it does DMA with a LIODN of %pOF, which is not claimed",
		    owner);
	return -EBUSY;
}

static int soca_classify_node(struct soca_claim *claim,
			      struct soca_node *node,
			      struct soca_tree_node *tree, bool declared)
{
	u32 class = soca_dma_class(tree, declared);
	int ret = 0;

	if (claim->flags & SOCASSIGN_NO_DMA)
		ret = soca_may_vouch(tree, claim->reason);
	if (!ret && class == SOCASSIGN_DMA_PROTECTED)
		ret = soca_check_protected(claim, node->np);
	if (ret)
		return ret;
	if (class == SOCASSIGN_DMA_UNSAFE &&
	    !(claim->flags & SOCASSIGN_UNSAFE_DMA)) {
		soca_refuse(claim->reason, node->np,
			    "it may master a bus, unprotected: declare a dma_class, or use UNSAFE_DMA");
		return -EPERM;
	}
	node->is_unsafe = class == SOCASSIGN_DMA_UNSAFE;
	node->is_protected = class == SOCASSIGN_DMA_PROTECTED && tree->liodns;
	claim->dma_class = max(claim->dma_class, class);
	return 0;
}

/*
 * A declaration for a named node speaks for what is below it, too; one for a node
 * further down for that node only, since siblings follow it.
 */
static int soca_classify(struct soca_claim *claim)
{
	bool vouched = claim->flags & SOCASSIGN_NO_DMA;
	bool declared = false;
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++) {
		struct soca_node *node = &claim->nodes[i];
		struct soca_tree_node *tree = soca_tree_find(node->np);

		if (node->is_root)
			declared = node->masters_none;
		if (soca_counts_for_dma(node, tree))
			ret = soca_classify_node(claim, node, tree,
						 node->masters_none ||
						 declared || vouched);
	}
	return ret;
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
static const char *soca_flags_rule(u32 flags)
{
	u32 admin = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |
		    SOCASSIGN_SHARE_REGS;

	if (flags & admin && !capable(CAP_SYS_ADMIN))
		return "DETACH, NO_DMA, UNSAFE_DMA and SHARE_REGS need CAP_SYS_ADMIN";
	if (flags & SOCASSIGN_SHARE_REGS && !soca_policy_may_share())
		return "SHARE_REGS needs a kernel that is not locked down";
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

static int soca_check_flags(const struct soca_claim *claim)
{
	const char *rule = soca_flags_rule(claim->flags);

	if (!rule)
		return 0;
	soca_refuse(claim->reason, claim->nodes[0].np, "%s", rule);
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

static int soca_check_handed_out(const struct soca_claim *claim)
{
	if (claim->privileged)
		return 0;
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];
		const char *rule = soca_not_handed_out_rule(node);

		if (!rule)
			continue;
		soca_refuse(claim->reason, node->np, "%s", rule);
		return -EPERM;
	}
	return 0;
}

static bool soca_has_partition(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		if (claim->nodes[i].is_root &&
		    soca_is_partition(claim->nodes[i].np))
			return true;
	return false;
}

/* It has no device that could be bound: nobody can be given it beforehand. */
static int soca_check_partition(struct soca_claim *claim)
{
	struct device_node *np = claim->nodes[0].np;
	int ret;

	if (claim->num_nodes > 1) {
		soca_refuse(claim->reason, np, "a partition is claimed alone");
		return -EINVAL;
	}
	if (!claim->privileged) {
		soca_refuse(claim->reason, np, "a partition needs CAP_SYS_ADMIN");
		return -EPERM;
	}
	ret = soca_partition_check(np, claim->flags, claim->reason);
	return ret ?: soca_check_consumers(claim);
}

static int soca_check_devices(struct soca_claim *claim)
{
	int ret;

	soca_devices_find(claim);
	ret = soca_check_forbidden(claim);
	if (!ret && claim->flags & SOCASSIGN_SHARED) {
		soca_refuse(claim->reason, claim->nodes[0].np, "SHARED, and it is no partition");
		ret = -EINVAL;
	}
	if (!ret)
		ret = soca_check_resources(claim);
	if (!ret)
		ret = soca_check_driverless(claim);
	if (!ret)
		ret = soca_check_handed_out(claim);
	if (!ret)
		ret = soca_classify(claim);
	if (!ret)
		ret = soca_check_consumers(claim);
	return ret;
}

/**
 * soca_policy_claim - May the caller have these nodes?
 * @claim: The claim, with its nodes, before any device is touched; sets its
 *	DMA class, and whether it is a partition
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.  The log
 * has the rule and the node.
 */
int soca_policy_claim(struct soca_claim *claim)
{
	int ret = soca_check_flags(claim);

	if (ret)
		return ret;
	claim->is_partition = soca_has_partition(claim);
	return claim->is_partition ? soca_check_partition(claim) :
				     soca_check_devices(claim);
}

/**
 * soca_policy_device - What only the device of a node tells
 * @claim: The claim
 * @node: The node, with its device or NULL
 * @driven: A driver of the host's is bound to it; under the device lock then
 *
 * Return: 0, -EACCES or -EOPNOTSUPP; the log has the rule and the node.
 */
int soca_policy_device(const struct soca_claim *claim,
		       const struct soca_node *node, bool driven)
{
	if (soca_is_irqchip(node->np, driven)) {
		soca_refuse(claim->reason, node->np, "it is an interrupt controller in use");
		return -EACCES;
	}
	/* Whatever was declared: there it would be without its windows. */
	if (node->dev && device_iommu_mapped(node->dev) &&
	    !soca_has_liodn(node->np))
		return soca_refuse_iommu(claim, node->np);
	return 0;
}

/**
 * soca_policy_attached - Look again, now that the host has let go
 * @claim: The claim, its devices bound to us
 *
 * A driver may leave its interrupt domain behind, and a device that was made
 * for the claim was not there before.  Of those that were bound to us before
 * there is nothing new.
 *
 * Return: 0, -EACCES or -EOPNOTSUPP; the log has the rule and the node.
 */
int soca_policy_attached(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		if (claim->nodes[i].origin != SOCA_ADMIN)
			ret = soca_policy_device(claim, &claim->nodes[i], false);
	return ret;
}

/**
 * soca_policy_taint - Say that an unsafe bus master is in user space's hands
 * @claim: The claim, about to be published
 */
void soca_policy_taint(struct soca_claim *claim)
{
	if (claim->dma_class != SOCASSIGN_DMA_UNSAFE)
		return;
	pr_warn("%pOF: given out with unprotected DMA\n", claim->nodes[0].np);
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}
