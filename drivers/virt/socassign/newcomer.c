// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an overlay would bring beside a claim: registers in pages that can be
 * mapped, a user of its devices, one of its LIODNs
 *
 * INSTANTIATE refuses a claim, or a mapping, that has such a neighbour; so once
 * there is a claim the neighbour is refused.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/of_address.h>

#include "private.h"
#include "tree.h"

/**
 * struct soca_newcomer - A node of an overlay
 * @np: The node, in the overlay
 * @bus: What it will be on: a node of the tree, or another one of the overlay
 * @above: @bus as a newcomer, if it is one
 */
struct soca_newcomer {
	struct device_node *np;
	struct device_node *bus;
	const struct soca_newcomer *above;
};

/* Entries of reg or ranges, with the cells of addresses and sizes. */
struct soca_cells {
	const __be32 *cell;
	int num;
	u32 na;
	u32 pna;
	u32 ns;
};

static u32 soca_read_cells(const struct device_node *np, const char *name)
{
	u32 cells = 0;

	of_property_read_u32(np, name, &cells);
	return cells;
}

/* False if there are none, or none that make sense. */
static bool soca_read_entries(const struct soca_newcomer *new,
			      const char *name, struct soca_cells *cells)
{
	int len;

	cells->pna = soca_read_cells(new->bus, "#address-cells");
	cells->na = soca_read_cells(new->np, "#address-cells");
	cells->ns = soca_read_cells(new->np, "#size-cells");
	cells->cell = of_get_property(new->np, name, &len);
	cells->num = len / sizeof(*cells->cell);
	return cells->cell && cells->pna && cells->pna <= 4 &&
	       cells->na <= 4 && cells->ns <= 4;
}

/* An address on a bus of the tree, as the CPU sees it; false if it does not. */
static bool soca_bus_to_cpu(struct device_node *bus, u64 addr, u64 *cpu)
{
	struct of_range_parser parser;
	struct of_range range;
	int len;

	/* Empty: the addresses are those of the next bus. */
	while (bus->parent && of_get_property(bus, "ranges", &len) && !len)
		bus = bus->parent;
	*cpu = addr;
	if (!bus->parent)
		return true;
	if (of_range_parser_init(&parser, bus))
		return false;
	for_each_of_range(&parser, &range) {
		if (range.cpu_addr == OF_BAD_ADDR || addr < range.bus_addr ||
		    addr - range.bus_addr >= range.size)
			continue;
		*cpu = range.cpu_addr + (addr - range.bus_addr);
		return true;
	}
	return false;
}

/* An address on the bus that a newcomer is, on the bus above it. */
static bool soca_through_newcomer(const struct soca_newcomer *new, u64 *addr)
{
	struct soca_cells at;

	if (!soca_read_entries(new, "ranges", &at) || !at.na || !at.ns)
		return false;
	if (!at.num)
		return true;
	for (; at.num >= at.na + at.pna + at.ns;
	     at.num -= at.na + at.pna + at.ns,
	     at.cell += at.na + at.pna + at.ns) {
		u64 first = of_read_number(at.cell, at.na);
		u64 size = of_read_number(at.cell + at.na + at.pna, at.ns);

		if (*addr < first || *addr - first >= size)
			continue;
		*addr += of_read_number(at.cell + at.na, at.pna) - first;
		return true;
	}
	return false;
}

static bool soca_newcomer_to_cpu(const struct soca_newcomer *new, u64 addr,
				 u64 *cpu)
{
	for (; new->above; new = new->above)
		if (!soca_through_newcomer(new->above, &addr))
			return false;
	return soca_bus_to_cpu(new->bus, addr, cpu);
}

static bool soca_can_be_mapped(const struct soca_claim *claim, const void *data)
{
	const struct soca_span *span = data;

	return soca_regions_mappable_at(claim, *span);
}

/* Disabled or not, as for INSTANTIATE. */
static const char *soca_newcomer_regs_rule(const struct soca_newcomer *new)
{
	u32 ns = soca_read_cells(new->bus, "#size-cells");
	struct soca_cells at;
	u64 cpu, size;

	if (!soca_read_entries(new, "reg", &at) || !ns)
		return NULL;
	for (; at.num >= at.pna + ns; at.num -= at.pna + ns,
	     at.cell += at.pna + ns) {
		struct soca_span span;

		size = of_read_number(at.cell + at.pna, ns);
		if (!size || !soca_newcomer_to_cpu(new, of_read_number(at.cell, at.pna),
						   &cpu))
			continue;
		span = (struct soca_span) { cpu, cpu + size - 1 };
		if (soca_registry_has(soca_can_be_mapped, &span))
			return "its registers are in a page that a claim can map";
	}
	return NULL;
}

static const char *soca_newcomer_names_rule(const struct soca_newcomer *new)
{
	struct soca_tree_node names = { .np = new->np };
	const struct soca_tree_liodn *liodn;
	const struct soca_tree_ref *ref;
	const char *rule = NULL;

	if (!of_device_is_available(new->np))
		return NULL;
	/* Without memory the overlay will fail soon enough. */
	soca_tree_read_names(&names);
	for (ref = names.refs; ref; ref = ref->next)
		if (soca_registry_owns(ref->target_np))
			rule = "it depends on a node that a claim owns";
	for (liodn = names.liodns; liodn; liodn = liodn->next)
		if (soca_registry_owns_liodn(liodn->id))
			rule = "it has a LIODN that a claim owns";
	soca_tree_free_names(&names);
	return rule;
}

static struct device_node *soca_child_named(const struct device_node *parent,
					    const char *name)
{
	struct device_node *child;

	for_each_child_of_node(parent, child)
		if (!strcmp(kbasename(child->full_name), name))
			return child;
	return NULL;
}

static int soca_newcomer_check(const struct soca_newcomer *new,
			       struct device_node *target);

/* What is below @new, which will be, or change, @target. */
static int soca_newcomers_below(const struct soca_newcomer *new,
				struct device_node *target)
{
	struct device_node *child;

	for_each_child_of_node(new->np, child) {
		struct device_node *below __free(device_node) =
			target ? soca_child_named(target,
						  kbasename(child->full_name)) :
				 NULL;
		struct soca_newcomer next = {
			.np = child, .bus = target ?: new->np,
			.above = target ? NULL : new,
		};
		int ret = soca_newcomer_check(&next, below);

		if (ret) {
			of_node_put(child);
			return ret;
		}
	}
	return 0;
}

static int soca_newcomer_check(const struct soca_newcomer *new,
			       struct device_node *target)
{
	const char *rule = soca_newcomer_names_rule(new);

	if (!rule)
		rule = soca_newcomer_regs_rule(new);
	if (!rule)
		return soca_newcomers_below(new, target);
	pr_info("%pOF: overlay change refused: %s\n", target ?: new->bus, rule);
	return -EBUSY;
}

/**
 * soca_newcomers_check - May an overlay bring what it has?
 * @overlay: A fragment of it
 * @target: Where in the tree it goes
 *
 * As deep as the overlay is, which unflattening bounds.
 *
 * Context: Process context, of_mutex held: the tree does not change.
 * Return: 0 or -EBUSY; the log has the rule.
 */
int soca_newcomers_check(struct device_node *overlay,
			 struct device_node *target)
{
	struct soca_newcomer new = {
		.np = overlay, .bus = target->parent ?: target,
	};

	return soca_newcomer_check(&new, target);
}
