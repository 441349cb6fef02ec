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

#include "private.h"

/* The machine runs on them: Devicetree Specification and the QorIQ bindings. */
static const struct of_device_id soca_system_blocks[] = {
	{ .compatible = "syscon" },
	{ .compatible = "fsl,pamu" },
	{ .compatible = "fsl,corenet-law" },
	{ .compatible = "fsl,corenet-cf" },
	{ .compatible = "fsl,ecm-law" },
	{ .compatible = "fsl,ecm" },
	{ .compatible = "fsl,corenet2-cf" },
	{ .compatible = "fsl,mpc8349-pmc" },
	{ .compatible = "fsl,mpc8536-pmc" },
	{ .compatible = "fsl,mpc8548-pmc" },
	{ .compatible = "fsl,qoriq-rcpm-1.0" },
	{ .compatible = "fsl,qoriq-rcpm-2.0" },
	{ .compatible = "fsl,qoriq-clockgen-1.0" },
	{ .compatible = "fsl,qoriq-clockgen-2.0" },
	{ .compatible = "fsl,qoriq-device-config-1.0" },
	{ .compatible = "fsl,qoriq-device-config-2.0" },
	{ .compatible = "fsl,mpic" },
	{ .compatible = "arm,psci" },
	{ .compatible = "arm,psci-0.2" },
	{ .compatible = "arm,psci-1.0" },
	{ }
};

/* Families whose compatibles carry the SoC's name in front. */
static const char * const soca_system_suffixes[] = {
	"-guts", "-l2-cache-controller", "-l3-cache-controller",
	"-memory-controller", "-ddr", "-clockgen", "-rcpm", "-sfp",
};

/*
 * They have the registers that say which LIODN other devices use: of the
 * portals, the job rings, the ports.  Those may be claimed by themselves.
 */
static const struct of_device_id soca_liodn_blocks[] = {
	{ .compatible = "fsl,qman" },
	{ .compatible = "fsl,bman" },
	{ .compatible = "fsl,fman" },
	{ .compatible = "fsl,sec-v4.0" },
	{ .compatible = "fsl,pme" },
	{ .compatible = "fsl,rman" },
	{ }
};

/* Those of Power, whose bindings do not have the property "msi-controller". */
static const struct of_device_id soca_msi_banks[] = {
	{ .compatible = "fsl,mpic-msi" },
	{ .compatible = "fsl,mpic-msi-v4.3" },
	{ .compatible = "fsl,vmpic-msi" },
	{ .compatible = "fsl,vmpic-msi-v4.3" },
	{ .compatible = "fsl,ipic-msi" },
	{ }
};

static const struct of_device_id soca_timers[] = {
	{ .compatible = "arm,armv7-timer" },
	{ .compatible = "arm,armv8-timer" },
	{ .compatible = "arm,armv7-timer-mem" },
	{ .compatible = "arm,sp804" },
	{ .compatible = "fsl,mpic-global-timer" },
	{ .compatible = "fsl,ftm-timer" },
	{ }
};

static const struct of_device_id soca_pure_buses[] = {
	{ .compatible = "simple-bus" },
	{ .compatible = "simple-pm-bus" },
	{ .compatible = "simple-mfd" },
	{ .compatible = "isa" },
	{ }
};

/*
 * Devices that were reviewed to master no bus.  They may still ask a DMA
 * engine to move their data, which "dmas" tells; then they are not in here.
 */
static const struct of_device_id soca_no_dma[] = {
	{ .compatible = "fsl-i2c" },
	{ .compatible = "fsl,qoriq-gpio" },
	{ .compatible = "fsl,pq3-gpio" },
	{ .compatible = "ns16550" },
	{ .compatible = "ns16550a" },
	{ .compatible = "arm,pl011" },
	{ .compatible = "arm,pl031" },
	{ .compatible = "arm,pl061" },
	{ }
};

static bool soca_matches(const struct of_device_id *table,
			 const struct device_node *np)
{
	return of_match_node(table, np);
}

static bool soca_is_system_block(const struct device_node *np)
{
	const char *compatible;
	struct property *prop;

	if (soca_matches(soca_system_blocks, np))
		return true;
	of_property_for_each_string(np, "compatible", prop, compatible)
		for (int i = 0; i < ARRAY_SIZE(soca_system_suffixes); i++)
			if (strends(compatible, soca_system_suffixes[i]))
				return true;
	return false;
}

static bool soca_is_memory(const struct device_node *np)
{
	struct device_node *reserved __free(device_node) =
		of_find_node_by_path("/reserved-memory");

	return of_node_is_type(np, "memory") ||
	       (reserved && soca_node_below(np, reserved));
}

static bool soca_is_cpu(const struct device_node *np)
{
	struct device_node *cpus __free(device_node) =
		of_find_node_by_path("/cpus");

	return of_node_is_type(np, "cpu") ||
	       (cpus && soca_node_below(np, cpus));
}

/* The bus can be probed, and its devices have drivers of another kind: VFIO. */
static bool soca_is_behind_pci(const struct device_node *np)
{
	for (np = np->parent; np; np = np->parent)
		if (of_node_is_type(np, "pci") || of_node_is_type(np, "pciex"))
			return true;
	return false;
}

static bool soca_has_device(struct device_node *np)
{
	struct device *dev = soca_device_find(np);

	if (dev)
		put_device(dev);
	return dev;
}

static bool soca_is_handed_out(struct device_node *np)
{
	struct device *dev = soca_device_find(np);
	bool ours = dev && soca_device_is_ours(dev);

	if (dev)
		put_device(dev);
	return ours;
}

/*
 * Its users are devices on buses that can be probed: no node need name it.  The
 * host's own, that is: it keeps a disabled one for somebody else.
 */
static bool soca_is_hosts_msi(struct device_node *np)
{
	if (!soca_matches(soca_msi_banks, np) &&
	    !of_property_present(np, "msi-controller"))
		return false;
	return of_device_is_available(np) && !soca_is_handed_out(np);
}

/* Nobody has requested it, no driver has chained it, and no MSI is set up. */
static bool soca_irq_is_idle(unsigned int virq)
{
	struct irq_data *data;

	guard(rcu)();

	data = irq_get_irq_data(virq);
	return data && !irq_has_action(virq) && !irqd_is_activated(data);
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

/* The rule that forbids @np to everybody, or NULL. */
static const char *soca_forbidden_rule(struct device_node *np)
{
	if (of_node_is_root(np))
		return "it is the root of the tree";
	if (soca_is_memory(np))
		return "it is memory";
	if (soca_is_cpu(np))
		return "it is a CPU";
	if (soca_matches(soca_liodn_blocks, np))
		return "it says which LIODNs other devices use";
	/* What is below one of these is a part of it. */
	for (const struct device_node *up = np; up; up = up->parent) {
		if (soca_is_system_block(up))
			return "it is, or is part of, a system control block";
		if (soca_matches(soca_timers, up))
			return "it is, or is part of, a timer of the host's";
		if (of_property_present(up, "#iommu-cells"))
			return "it is, or is part of, an IOMMU";
	}
	if (soca_is_hosts_msi(np))
		return "it is an MSI controller of the host's";
	/* One with a device may go with its driver: soca_policy_device(). */
	if (!soca_has_device(np) && soca_is_irqchip(np, false))
		return "it is an interrupt controller in use";
	return NULL;
}

static int soca_check_forbidden(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];
		const char *rule = soca_forbidden_rule(node->np);

		if (rule) {
			soca_refuse(claim->reason, node->np, "%s", rule);
			return -EACCES;
		}
		if (node->is_root && soca_is_behind_pci(node->np)) {
			soca_refuse(claim->reason, node->np, "it is behind a PCI host bridge");
			return -EACCES;
		}
		if (soca_matches(soca_pure_buses, node->np) &&
		    !(claim->flags & SOCASSIGN_SUBTREE)) {
			soca_refuse(claim->reason, node->np,
				    "it is a bus, and SUBTREE is not set");
			return -EACCES;
		}
	}
	return 0;
}

static bool soca_has_resources(struct device_node *np)
{
	struct of_phandle_args oirq;

	if (soca_has_regs(np))
		return true;
	if (of_irq_parse_one(np, 0, &oirq))
		return false;
	of_node_put(oirq.np);
	return true;
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
static bool soca_is_taken_elsewhere(struct device_node *np)
{
	if (!of_node_check_flag(np, OF_POPULATED) && !READ_ONCE(np->fwnode.dev))
		return false;
	return !soca_has_device(np);
}

static int soca_check_driverless(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];

		if (node->is_root && soca_is_taken_elsewhere(node->np)) {
			soca_refuse(claim->reason, node->np, "the host uses it without a platform or AMBA device");
			return -EBUSY;
		}
	}
	return 0;
}

/*
 * Who uses whom: the properties by which a node names its suppliers.  The
 * kernel's own device links say the same, but cannot be walked from a module.
 */
struct soca_supplier_prop {
	const char *name;
	const char *cells;
};

static const struct soca_supplier_prop soca_supplier_props[] = {
	{ "clocks", "#clock-cells" },
	{ "resets", "#reset-cells" },
	{ "power-domains", "#power-domain-cells" },
	{ "dmas", "#dma-cells" },
	{ "iommus", "#iommu-cells" },
	{ "mboxes", "#mbox-cells" },
	{ "io-channels", "#io-channel-cells" },
	{ "phys", "#phy-cells" },
	{ "pwms", "#pwm-cells" },
	{ "hwlocks", "#hwlock-cells" },
	{ "interconnects", "#interconnect-cells" },
	{ "msi-parent", "#msi-cells" },
	{ "memory-region", NULL },
	{ "gpios", "#gpio-cells" },
	{ "gpio", "#gpio-cells" },
	{ "nvmem-cells", "#nvmem-cell-cells" },
	{ "phy-handle", NULL },
	{ "tbi-handle", NULL },
	{ "pcs-handle", "#pcs-cells" },
	{ "thermal-sensors", "#thermal-sensor-cells" },
	{ "access-controllers", "#access-controller-cells" },
	{ "io-backends", "#io-backend-cells" },
	{ "leds", NULL },
	{ "backlight", NULL },
	{ "panel", NULL },
	{ "extcon", NULL },
	{ "wakeup-parent", NULL },
	{ "power-supplies", NULL },
	{ "mmc-pwrseq", NULL },
	{ "ptp-timer", NULL },
	{ "ptimer-handle", NULL },
	{ "fsl,iommu-parent", NULL },
	{ "fsl,qman", NULL },
	{ "fsl,bman", NULL },
};

/* By the end of the name; "nr-gpios" is a number, with a vendor or without. */
static const struct soca_supplier_prop soca_supplier_suffixes[] = {
	{ "-gpios", "#gpio-cells" },
	{ "-gpio", "#gpio-cells" },
	{ "-supply", NULL },
};

/* Suppliers are often children of what is claimed: pins, regulators, PHYs. */
static bool soca_in_claimed_tree(const struct soca_claim *claim,
				 const struct device_node *np)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		if (soca_node_below(np, claim->nodes[i].np))
			return true;
	return false;
}

static bool soca_prop_uses(const struct device_node *np, const char *name,
			   const char *cells, const struct soca_claim *claim)
{
	struct of_phandle_iterator it;
	bool uses = false;
	int err;

	of_for_each_phandle(&it, err, np, name, cells, 0)
		uses |= soca_in_claimed_tree(claim, it.node);
	return uses;
}

/* How a property of this name is to be read, or NULL if it names no supplier. */
static const struct soca_supplier_prop *soca_supplier_prop(const char *name)
{
	/* pinctrl-0 and so on, but not pinctrl-names. */
	static const struct soca_supplier_prop pins = { "pinctrl-", NULL };

	for (int i = 0; i < ARRAY_SIZE(soca_supplier_props); i++)
		if (!strcmp(name, soca_supplier_props[i].name))
			return &soca_supplier_props[i];
	if (strends(name, "nr-gpios"))
		return NULL;
	for (int i = 0; i < ARRAY_SIZE(soca_supplier_suffixes); i++)
		if (strends(name, soca_supplier_suffixes[i].name))
			return &soca_supplier_suffixes[i];
	return str_has_prefix(name, pins.name) &&
	       strcmp(name, "pinctrl-names") ? &pins : NULL;
}

static bool soca_props_use(const struct device_node *np,
			   const struct soca_claim *claim)
{
	const struct soca_supplier_prop *kind;
	struct property *prop;

	for_each_property_of_node(np, prop) {
		kind = soca_supplier_prop(prop->name);
		if (kind && soca_prop_uses(np, prop->name, kind->cells, claim))
			return true;
	}
	return false;
}

static int soca_line_uses(struct soca_claim *claim, struct device_node *np,
			  u32 origin, u32 entry, struct of_phandle_args *line)
{
	bool uses = soca_in_claimed_tree(claim, line->np);

	of_node_put(line->np);
	return uses;
}

/* msi-map and iommu-map of a PCI host bridge: <id phandle base length> ... */
static bool soca_id_map_uses(const struct device_node *np, const char *name,
			     const struct soca_claim *claim)
{
	u32 phandle;

	for (int i = 1; !of_property_read_u32_index(np, name, i, &phandle);
	     i += 4) {
		struct device_node *target __free(device_node) =
			of_find_node_by_phandle(phandle);

		if (target && soca_in_claimed_tree(claim, target))
			return true;
	}
	return false;
}

static bool soca_node_uses(struct device_node *np, struct soca_claim *claim)
{
	/* Its gpios are its parent's, without a phandle. */
	if (of_property_present(np, "gpio-hog"))
		return false;
	return soca_props_use(np, claim) ||
	       soca_id_map_uses(np, "msi-map", claim) ||
	       soca_id_map_uses(np, "iommu-map", claim) ||
	       soca_visit_lines(claim, np, soca_line_uses);
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
		    READ_ONCE(np->fwnode.dev) || soca_is_cpu(np))
			return true;
		if (of_property_present(np, "compatible"))
			return false;
	}
	return false;
}

/*
 * To block its DMA would block the other's, whose driver may come at any time
 * and would have the windows of the claim.
 */
static bool soca_shares_liodn(const struct soca_claim *claim,
			      const struct device_node *np)
{
	if (!of_property_present(np, "fsl,liodn") || !of_device_is_available(np))
		return false;
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		if (soca_nodes_share_liodn(claim->nodes[i].np, np))
			return true;
	return false;
}

/* The rule by which a node outside keeps the claim from being made, or NULL. */
static const char *soca_outside_rule(struct soca_claim *claim,
				     struct device_node *np)
{
	if (soca_shares_liodn(claim, np))
		return "has a LIODN of the claim, and is not part of it";
	if (soca_node_uses(np, claim) && soca_node_is_driven(claim, np))
		return "in use by somebody else, depends on the claim";
	return NULL;
}

static int soca_check_consumers(struct soca_claim *claim)
{
	struct device_node *np;

	soca_for_each_node(np) {
		const char *rule = NULL;

		cond_resched();
		if (!soca_in_claimed_tree(claim, np))
			rule = soca_outside_rule(claim, np);
		if (!rule)
			continue;
		soca_refuse(claim->reason, claim->nodes[0].np, "%pOF, %s", np, rule);
		of_node_put(np);
		return -EBUSY;
	}
	return 0;
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

/*
 * Devices that were reviewed to have the register of their LIODN among those of
 * another block, the security engine's; the eTSEC has none.  Others have it among
 * their own, and whoever has these is whoever he likes to be.
 *
 * Not the portals of QMan and BMan, although theirs is out of reach: what is
 * queued there can name any address, and the blocks that then do the DMA (frame
 * manager, security engine) have LIODNs and open windows of their own.
 */
static const struct of_device_id soca_foreign_liodn[] = {
	{ .compatible = "fsl,sec-v4.0-job-ring" },
	{ .compatible = "fsl,etsec2" },
	{ }
};

/* fsl,liodn-reg: it is in the global utilities, which nobody gets. */
static bool soca_liodn_is_fixed(const struct device_node *np)
{
	return of_property_present(np, "fsl,liodn-reg") ||
	       soca_matches(soca_foreign_liodn, np);
}

/* An empty fsl,liodn is one that the boot loader has not filled in. */
static bool soca_is_protected(const struct device_node *np)
{
	u32 liodn;

	return !of_property_read_u32_index(np, "fsl,liodn", 0, &liodn) &&
	       soca_liodn_is_fixed(np) && soca_pamu_running();
}

/**
 * soca_policy_may_declare - May somebody declare that a node masters no bus?
 * @np: The node
 * @reason: Whom to tell why not, or NULL
 *
 * The word of an administrator is worth nothing on a kernel that is locked
 * down against him.
 *
 * Return: 0, -EINVAL if the tree says the contrary, -EPERM if the kernel is
 * locked down.
 */
int soca_policy_may_declare(const struct device_node *np,
			    struct soca_reason *reason)
{
	if (soca_has_liodn(np)) {
		soca_refuse(reason, np, "fsl,liodn says that it is a bus master");
		return -EINVAL;
	}
	if (security_locked_down(LOCKDOWN_DEV_MEM)) {
		soca_refuse(reason, np, "nobody can vouch for it: the kernel is locked down");
		return -EPERM;
	}
	return 0;
}

/**
 * soca_policy_dma_class - What a node can do to memory
 * @np: The node
 * @declared: The administrator, or the caller, says that it masters no bus
 *
 * The tree can prove that a device masters a bus, never that it does not.
 *
 * Return: enum socassign_dma_class.
 */
u32 soca_policy_dma_class(const struct device_node *np, bool declared)
{
	const struct device_node *owner = soca_liodn_node(np);

	if (owner)
		return soca_is_protected(owner) ?
		       SOCASSIGN_DMA_PROTECTED : SOCASSIGN_DMA_UNSAFE;
	if (declared)
		return SOCASSIGN_DMA_NONE;
	if (soca_matches(soca_no_dma, np) && !of_property_present(np, "dmas"))
		return SOCASSIGN_DMA_NONE;
	if (of_property_present(np, "iommus"))
		return SOCASSIGN_DMA_PROTECTED;
	return SOCASSIGN_DMA_UNSAFE;
}

/* A descendant counts if it is a device of its own, or is known as a master. */
static bool soca_counts_for_dma(const struct soca_node *node)
{
	return node->is_root || soca_has_regs(node->np) ||
	       of_property_present(node->np, "fsl,liodn") ||
	       of_property_present(node->np, "iommus");
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
			      struct soca_node *node, bool declared)
{
	u32 class = soca_policy_dma_class(node->np, declared);
	int ret;

	if (claim->flags & SOCASSIGN_NO_DMA) {
		ret = soca_policy_may_declare(node->np, claim->reason);
		if (ret)
			return ret;
	}
	if (class == SOCASSIGN_DMA_PROTECTED) {
		ret = soca_check_protected(claim, node->np);
		if (ret)
			return ret;
	}
	if (class == SOCASSIGN_DMA_UNSAFE &&
	    !(claim->flags & SOCASSIGN_UNSAFE_DMA)) {
		soca_refuse(claim->reason, node->np,
			    "it may master a bus, unprotected: declare a dma_class, or use UNSAFE_DMA");
		return -EPERM;
	}
	node->is_unsafe = class == SOCASSIGN_DMA_UNSAFE;
	node->is_protected = class == SOCASSIGN_DMA_PROTECTED &&
			     of_property_present(node->np, "fsl,liodn");
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

	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		struct soca_node *node = &claim->nodes[i];
		struct device *dev = soca_device_find(node->np);
		bool here = dev && soca_device_masters_none(dev);
		int ret;

		if (dev)
			put_device(dev);
		if (node->is_root)
			declared = here;
		if (!soca_counts_for_dma(node))
			continue;
		ret = soca_classify_node(claim, node,
					 here || declared || vouched);
		if (ret)
			return ret;
	}
	return 0;
}

/* The rule that keeps the caller from using the flags, or NULL. */
static const char *soca_flags_rule(u32 flags)
{
	u32 admin = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA;

	if (flags & admin && !capable(CAP_SYS_ADMIN))
		return "DETACH, NO_DMA and UNSAFE_DMA need CAP_SYS_ADMIN";
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
static int soca_check_handed_out(const struct soca_claim *claim)
{
	if (claim->privileged)
		return 0;
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];
		struct device *dev = soca_device_find(node->np);
		bool ours = dev && soca_device_is_ours(dev);
		bool declared = ours && soca_device_declared(dev);

		if (dev)
			put_device(dev);
		if (!dev && !node->is_root)
			continue;
		if (!ours) {
			soca_refuse(claim->reason, node->np, "not bound to socassign, and no CAP_SYS_ADMIN");
			return -EPERM;
		}
		if (node->is_root && !declared) {
			soca_refuse(claim->reason, node->np, "no dma_class declared, and no CAP_SYS_ADMIN");
			return -EPERM;
		}
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
	int ret = soca_check_forbidden(claim);

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
 * @np: The node
 * @dev: Its device, or NULL
 * @driven: A driver of the host's is bound to it; under the device lock then
 *
 * Return: 0, -EACCES or -EOPNOTSUPP; the log has the rule and the node.
 */
int soca_policy_device(const struct soca_claim *claim, struct device_node *np,
		       struct device *dev, bool driven)
{
	if (soca_is_irqchip(np, driven)) {
		soca_refuse(claim->reason, np, "it is an interrupt controller in use");
		return -EACCES;
	}
	/* Whatever was declared: there it would be without its windows. */
	if (dev && !soca_has_liodn(np) && device_iommu_mapped(dev))
		return soca_refuse_iommu(claim, np);
	return 0;
}

/**
 * soca_policy_attached - Look again, now that the host has let go
 * @claim: The claim, its devices bound to us
 *
 * A driver may leave its interrupt domain behind, and a device that was made
 * for the claim was not there before.
 *
 * Return: 0, -EACCES or -EOPNOTSUPP; the log has the rule and the node.
 */
int soca_policy_attached(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		ret = soca_policy_device(claim, claim->nodes[i].np,
					 claim->nodes[i].dev, false);
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
