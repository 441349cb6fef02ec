// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a node is, as far as its own properties and those above it tell
 */
#include <linux/of.h>
#include <linux/string.h>

#include "compat.h"
#include "facts.h"
#include "tree.h"

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

/*
 * Those of Power, whose bindings do not have the property "msi-controller".  The
 * users are devices on buses that can be probed: no node need name one.
 */
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

/* FMan and the security engine work off what is queued there. */
static const struct of_device_id soca_proxies[] = {
	{ .compatible = "fsl,qman-portal" },
	{ .compatible = "fsl,bman-portal" },
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

static bool soca_is_pci(const struct device_node *np)
{
	return of_node_is_type(np, "pci") || of_node_is_type(np, "pciex");
}

/* A node of this name right below the root. */
static bool soca_is_top(const struct soca_tree_node *node, const char *name)
{
	return node->parent && !node->parent->parent &&
	       of_node_name_eq(node->np, name);
}

static bool soca_is_behind_iommu(const struct device_node *np)
{
	int len;

	return of_property_present(np, "iommus") ||
	       (of_get_property(np, "iommu-map", &len) && len);
}

/* By the node's own properties. */
static u32 soca_own_facts(const struct soca_tree_node *node)
{
	const struct device_node *np = node->np;
	u32 facts = 0;

	if (of_node_is_type(np, "memory"))
		facts |= SOCA_IS_MEMORY;
	if (of_node_is_type(np, "cpu"))
		facts |= SOCA_IS_CPU;
	if (of_property_present(np, "#iommu-cells"))
		facts |= SOCA_IS_IOMMU;
	if (of_property_present(np, "msi-controller") ||
	    soca_matches(soca_msi_banks, np))
		facts |= SOCA_IS_MSI;
	if (soca_matches(soca_liodn_blocks, np))
		facts |= SOCA_HAS_LIODN_REGS;
	if (soca_is_system_block(np))
		facts |= SOCA_IS_SYSTEM;
	if (soca_matches(soca_timers, np))
		facts |= SOCA_IS_TIMER;
	if (soca_matches(soca_pure_buses, np))
		facts |= SOCA_IS_BUS;
	if (soca_matches(soca_no_dma, np) && !of_property_present(np, "dmas"))
		facts |= SOCA_MASTERS_NONE;
	if (soca_matches(soca_proxies, np))
		facts |= SOCA_MASTERS_BY_PROXY;
	if (of_property_present(np, "fsl,liodn"))
		facts |= SOCA_HAS_LIODN;
	if (soca_is_behind_iommu(np))
		facts |= SOCA_HAS_IOMMU;
	return facts;
}

/* What is below one of these is a part of it. */
static u32 soca_facts_above(const struct soca_tree_node *node)
{
	u32 facts = 0;

	if (node->parent) {
		facts = soca_facts(node->parent) &
			(SOCA_IS_SYSTEM | SOCA_IS_TIMER | SOCA_IS_IOMMU |
			 SOCA_IS_BEHIND_PCI | SOCA_HAS_LIODN);
		if (soca_is_pci(node->parent->np))
			facts |= SOCA_IS_BEHIND_PCI;
	}
	for (; node; node = node->parent) {
		if (soca_is_top(node, "cpus"))
			facts |= SOCA_IS_CPU;
		if (soca_is_top(node, "reserved-memory"))
			facts |= SOCA_IS_MEMORY;
	}
	return facts;
}

/**
 * soca_facts - What a node is
 * @node: The node
 *
 * Found out once: who asks at the same time finds the same.
 *
 * Context: Under soca_tree_lock().
 * Return: Combination of enum soca_fact.
 */
u32 soca_facts(struct soca_tree_node *node)
{
	u32 facts = READ_ONCE(node->facts);

	if (!facts) {
		facts = SOCA_FACTS_KNOWN | soca_own_facts(node) |
			soca_facts_above(node);
		WRITE_ONCE(node->facts, facts);
	}
	return facts;
}
