// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an overlay would bring beside a claim: registers among its own or in pages
 * that can be mapped, a user of its devices or reset lines, one of its LIODNs
 *
 * INSTANTIATE refuses a claim, or a mapping, that has such a neighbour; so once
 * there is a claim the neighbour is refused.  What cannot be known of an overlay
 * before it is applied (inherited cells, windows of bridges) is looked at when it
 * has come: see soca_came().
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/of_address.h>

#include "changes/newcomer.h"
#include "claim/claim.h"
#include "parts/power.h"
#include "parts/region.h"
#include "tree/registry.h"
#include "tree/tree.h"

/**
 * struct soca_newcomer - A node of an overlay
 * @np: The node, in the overlay
 * @target: The node of the tree that it changes, or NULL
 * @bus: What it will be on: a node of the tree, or another one of the overlay
 * @above: @bus as a newcomer, if it is one
 */
struct soca_newcomer {
	struct device_node *np;
	struct device_node *target;
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

/* What is not there, or inherited, is looked at later. */
static bool soca_read_entries(const struct soca_newcomer *new,
			      const char *name, struct soca_cells *cells)
{
	int len = 0;

	cells->pna = soca_tree_cells(new->bus, "#address-cells");
	cells->na = soca_tree_cells(new->np, "#address-cells");
	cells->ns = soca_tree_cells(new->np, "#size-cells");
	cells->cell = of_get_property(new->np, name, &len);
	cells->num = len / sizeof(*cells->cell);
	return cells->cell && cells->pna && cells->pna <= SOCA_MAX_CELLS &&
	       cells->na <= SOCA_MAX_CELLS && cells->ns <= SOCA_MAX_CELLS;
}

/* An address on a bus of the tree, as the CPU sees it; false if it does not. */
static bool soca_bus_to_cpu(struct device_node *bus, u64 addr, u64 *cpu)
{
	struct of_range_parser parser;
	struct of_range range;
	int len = 0;

	/* Empty: the addresses are those of the next bus. */
	while (bus->parent && of_get_property(bus, "ranges", &len) && !len)
		bus = bus->parent;
	*cpu = addr;
	if (!bus->parent)
		return true;
	if (!soca_tree_has_addresses(bus) || of_range_parser_init(&parser, bus))
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

static bool soca_is_among(const struct soca_claim *claim, const void *data)
{
	const struct soca_span *span = data;

	return soca_regions_have(claim, *span);
}

/* Disabled or not, as for INSTANTIATE. */
static const char *soca_newcomer_regs_rule(const struct soca_newcomer *new)
{
	u32 ns = soca_tree_cells(new->bus, "#size-cells");
	struct soca_cells at;
	u64 cpu, size;

	if (!soca_read_entries(new, "reg", &at) || !ns || ns > SOCA_MAX_CELLS)
		return NULL;
	for (; at.num >= at.pna + ns; at.num -= at.pna + ns,
	     at.cell += at.pna + ns) {
		struct soca_span span;

		size = of_read_number(at.cell + at.pna, ns);
		if (!size || !soca_newcomer_to_cpu(new, of_read_number(at.cell, at.pna),
						   &cpu))
			continue;
		span = (struct soca_span) { cpu, cpu + size - 1 };
		if (span.last < span.first)
			continue;
		if (soca_claims_have(soca_is_among, &span))
			return "its registers are among those of a claim";
		if (soca_claims_have(soca_can_be_mapped, &span))
			return "its registers are in a page that a claim can map";
	}
	return NULL;
}

static struct device_node *soca_find_in(struct device_node *top, u32 phandle)
{
	struct device_node *child;

	if (top->phandle == phandle)
		return of_node_get(top);
	for_each_child_of_node(top, child) {
		struct device_node *found = soca_find_in(child, phandle);

		if (found) {
			of_node_put(child);
			return found;
		}
	}
	return NULL;
}

/* In the tree, or in the overlay that @np is from. */
static struct device_node *soca_find_phandle(struct device_node *np, u32 phandle)
{
	struct device_node *found = of_find_node_by_phandle(phandle);

	if (found)
		return found;
	while (np->parent)
		np = np->parent;
	return soca_find_in(np, phandle);
}

static bool soca_has_line(const struct soca_claim *claim, const void *data)
{
	return soca_holds_reset(claim, data);
}

/* @args cells at @at say which line of the target. */
static bool soca_is_held_reset(const struct soca_phandle_walk *walk, u64 at,
			       struct device_node *target, s64 args)
{
	struct of_phandle_args line = { .np = target, .args_count = args };

	if (!soca_is_reset(walk->prop) || args < 0 ||
	    args > ARRAY_SIZE(line.args) || at + args > walk->num)
		return false;
	for (u32 i = 0; i < args; i++)
		line.args[i] = be32_to_cpu(walk->cells[at + i]);
	return soca_claims_have(soca_has_line, &line);
}

/*
 * By hand: the kernel's own functions end at a phandle of the overlay's, with an
 * error in the log.
 */
static const char *soca_phandles_rule(struct device_node *np,
				      const struct soca_phandle_walk *walk)
{
	const struct soca_phandle_prop *kind = walk->prop;
	s64 args;

	for (u64 at = kind->first; at < walk->num;
	     at += soca_phandle_walk_step(walk, args)) {
		u32 phandle = be32_to_cpu(walk->cells[at]);

		struct device_node *target __free(device_node) =
			phandle ? soca_find_phandle(np, phandle) : NULL;
		if (target && soca_registry_owns(target))
			return "it depends on a node that a claim owns";
		if (phandle && !target && kind->cells)
			return NULL;
		args = target && kind->cells ?
		       soca_tree_says(target, kind->cells) : -1;
		if (target && soca_is_held_reset(walk, at + 1, target, args))
			return "it has a reset line that a claim has";
	}
	return NULL;
}

static const char *soca_names_rule(struct device_node *np)
{
	struct soca_phandle_walk walk;
	struct property *prop;

	for_each_property_of_node(np, prop) {
		const char *rule = soca_tree_walk_begin(&walk, np, prop) ?
				   soca_phandles_rule(np, &walk) : NULL;

		if (rule)
			return rule;
	}
	return soca_registry_owns_liodns_of(np) ?
	       "it has a LIODN that a claim owns" : NULL;
}

/* The word that counts is the overlay's, if it says one. */
static bool soca_will_be_available(const struct soca_newcomer *new)
{
	return !new->target || of_property_present(new->np, "status") ?
	       of_device_is_available(new->np) :
	       of_device_is_available(new->target);
}

/* A node that becomes available brings what it names already. */
static const char *soca_newcomer_names_rule(const struct soca_newcomer *new)
{
	const char *rule;

	if (!soca_will_be_available(new))
		return NULL;
	rule = soca_names_rule(new->np);
	return rule || !new->target ? rule : soca_names_rule(new->target);
}

/**
 * soca_child_named - A child of a node
 * @parent: The node; while an overlay is looked at the tree does not change
 * @name: The child's name, with its unit address
 *
 * Return: The child, with a reference, or NULL.
 */
struct device_node *soca_child_named(const struct device_node *parent,
				     const char *name)
{
	struct device_node *child;

	for_each_child_of_node(parent, child)
		if (!strcmp(kbasename(child->full_name), name))
			return child;
	return NULL;
}

static int soca_newcomer_check(const struct soca_newcomer *new);

static int soca_newcomers_below(const struct soca_newcomer *new)
{
	struct device_node *target = new->target, *child;

	for_each_child_of_node(new->np, child) {
		struct device_node *below __free(device_node) =
			target ? soca_child_named(target,
						  kbasename(child->full_name)) :
				 NULL;
		struct soca_newcomer next = {
			.np = child, .target = below,
			.bus = target ?: new->np,
			.above = target ? NULL : new,
		};
		int ret = soca_newcomer_check(&next);

		if (ret) {
			of_node_put(child);
			return ret;
		}
	}
	return 0;
}

static int soca_newcomer_check(const struct soca_newcomer *new)
{
	const char *rule = soca_newcomer_names_rule(new);

	if (!rule)
		rule = soca_newcomer_regs_rule(new);
	if (!rule)
		return soca_newcomers_below(new);
	pr_info("%pOF: overlay change refused: %s\n", new->target ?: new->bus,
		rule);
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
		.np = overlay, .target = target,
		.bus = target->parent ?: target,
	};

	return soca_newcomer_check(&new);
}

/* Where a node's registers are hangs on these. */
static bool soca_is_of_address(const char *prop)
{
	return !strcmp(prop, "reg") || !strcmp(prop, "ranges") ||
	       !strcmp(prop, "assigned-addresses") ||
	       !strcmp(prop, "device_type") || !strcmp(prop, "#address-cells") ||
	       !strcmp(prop, "#size-cells");
}

/**
 * struct soca_change - A change of the tree
 * @node: What has come, or changed
 * @prop: The property that changed, or NULL if the node has come
 */
struct soca_change {
	struct soca_tree_node node;
	const char *prop;
};

/* Registers that are where they were the claim has been made beside. */
static bool soca_takes_regs_from(const struct soca_claim *claim,
				 const struct soca_change *change)
{
	const struct soca_tree_node *node = &change->node;
	const struct soca_tree_span *span;

	if (change->prop && !soca_is_of_address(change->prop))
		return false;
	soca_tree_for_each_span(span, node)
		if (span->kind != SOCA_SPAN_RESERVED &&
		    !soca_set_is_below(&claim->set, node->np) &&
		    (soca_regions_have(claim, span->span) ||
		     soca_regions_mappable_at(claim, span->span)))
			return true;
	return false;
}

static bool soca_takes_reset_from(const struct soca_claim *claim,
				  const struct soca_tree_ref *ref)
{
	struct of_phandle_args line;

	return soca_is_reset(ref->prop) &&
	       soca_tree_ref_args(ref, ref->target_np, &line) &&
	       soca_holds_reset(claim, &line);
}

/* Does a node that has come, or changed, take something of a claim's? */
static bool soca_takes_from(const struct soca_claim *claim, const void *data)
{
	const struct soca_change *change = data;
	const struct soca_tree_node *node = &change->node;
	const struct soca_tree_liodn *liodn;
	const struct soca_tree_line *line;
	const struct soca_tree_ref *ref;
	bool available = of_device_is_available(node->np);

	if (soca_set_covers(&claim->set, node->np) ||
	    soca_takes_regs_from(claim, change))
		return true;
	for (ref = node->refs; available && ref; ref = ref->next)
		if (soca_set_covers(&claim->set, ref->target_np) ||
		    soca_takes_reset_from(claim, ref))
			return true;
	for (line = node->lines; available && line; line = line->next)
		if (soca_set_covers(&claim->set, line->args.np))
			return true;
	for (liodn = node->liodns; available && liodn; liodn = liodn->next)
		if (soca_owns_liodn(&claim->set, liodn->id))
			return true;
	return false;
}

/**
 * soca_came - Find a claim that a change of the tree has overtaken
 * @np: The node that has come, or changed
 * @prop: The property of it that changed, or NULL
 *
 * One that was made after the overlay was announced, or one that nobody asked.
 *
 * Context: Process context.
 * Return: A claim, with a reference, or NULL.
 */
struct soca_claim *soca_came(struct device_node *np, const char *prop)
{
	struct soca_change change = { .node.np = np, .prop = prop };
	struct soca_claim *claim;

	soca_tree_hold();
	soca_tree_read(&change.node);
	claim = soca_claims_find_owner(soca_takes_from, &change);
	soca_tree_free_read(&change.node);
	soca_tree_unlock();
	return claim;
}
