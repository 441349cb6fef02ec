// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a node is, as far as its own properties and those above it tell
 */
#include <linux/compiler.h>
#include <linux/of.h>

#include "rules/facts.h"
#include "tree/tree.h"

/* What its compatibles say. */
static u32 soca_facts_by_compatible(const struct device_node *np)
{
	const char *compatible;
	struct property *prop;
	u32 facts = 0;

	of_property_for_each_string(np, "compatible", prop, compatible)
		facts |= soca_compatible_facts(compatible);
	if (of_property_present(np, "dmas"))
		facts &= ~SOCA_MASTERS_NONE;
	return facts;
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
	u32 facts = soca_facts_by_compatible(np);

	if (of_node_is_type(np, "memory") || soca_is_top(node, "reserved-memory"))
		facts |= SOCA_IS_MEMORY;
	if (of_node_is_type(np, "cpu") || soca_is_top(node, "cpus"))
		facts |= SOCA_IS_CPU;
	if (of_property_present(np, "#iommu-cells"))
		facts |= SOCA_IS_IOMMU;
	if (of_property_present(np, "msi-controller"))
		facts |= SOCA_IS_MSI;
	if (of_property_present(np, "fsl,liodn"))
		facts |= SOCA_HAS_LIODN;
	if (soca_is_behind_iommu(np))
		facts |= SOCA_HAS_IOMMU;
	return facts;
}

static u32 soca_facts_above(const struct soca_tree_node *node)
{
	u32 facts = 0;

	if (node->parent)
		facts = soca_facts(node->parent) & SOCA_FACTS_OF_PARTS;
	if (node->parent && soca_is_pci(node->parent->np))
		facts |= SOCA_IS_BEHIND_PCI;
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
