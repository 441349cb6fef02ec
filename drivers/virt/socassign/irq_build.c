// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts, from the device tree: which a claim has, who shares them
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/of_irq.h>
#include <linux/slab.h>

#include "irq.h"

static bool soca_irq_known(const struct soca_claim *claim,
			   const struct of_phandle_args *line)
{
	for (unsigned int i = 0; i < claim->num_irqs; i++)
		if (soca_same_args(&claim->irqs[i].line, line))
			return true;
	return false;
}

/*
 * A controller whose specifiers have no type leaves it open.  Then it is taken
 * for level: an edge that is masked is pending, a level that is not storms.
 */
static u32 soca_irq_type_flags(unsigned int virq)
{
	if (!virq)
		return SOCASSIGN_IRQ_UNMAPPED;
	switch (irq_get_trigger_type(virq)) {
	case IRQ_TYPE_EDGE_RISING:
		return 0;
	case IRQ_TYPE_EDGE_FALLING:
		return SOCASSIGN_IRQ_LOW;
	case IRQ_TYPE_EDGE_BOTH:
		return SOCASSIGN_IRQ_BOTH;
	case IRQ_TYPE_LEVEL_LOW:
		return SOCASSIGN_IRQ_LEVEL | SOCASSIGN_IRQ_LOW;
	default:
		return SOCASSIGN_IRQ_LEVEL;
	}
}

static bool soca_irq_is_slow(unsigned int virq)
{
	struct irq_chip *chip = virq ? irq_get_chip(virq) : NULL;

	return chip && chip->irq_bus_lock;
}

/* The controller, and those that it is cascaded to; a loop would be absurd. */
static int soca_irq_add_controllers(struct soca_irq *irq)
{
	struct device_node *np = of_node_get(irq->line.np);
	struct of_phandle_args up;
	int ret = soca_strings_add_path(&irq->controllers, np);

	for (int depth = 0; !ret && depth < 8; depth++) {
		if (of_irq_parse_one(np, 0, &up))
			break;
		swap(np, up.np);
		of_node_put(up.np);
		if (np == up.np)
			break;
		ret = soca_strings_add_path(&irq->controllers, np);
	}
	of_node_put(np);
	return ret;
}

static int soca_irq_describe(struct soca_irq *irq, const struct device_node *np)
{
	const char *name = "";
	int ret;

	if (irq->origin == SOCASSIGN_IRQ_INTERRUPTS)
		of_property_read_string_index(np, "interrupt-names", irq->entry,
					      &name);
	ret = soca_strings_add(&irq->name, name);
	if (ret)
		return ret;
	irq->label = kasprintf(GFP_KERNEL_ACCOUNT, "socassign:%s",
			       kbasename(np->full_name));
	if (!irq->label)
		return -ENOMEM;
	return soca_irq_add_controllers(irq);
}

/* Takes over the reference to line->np. */
static int soca_irq_add(struct soca_claim *claim, struct device_node *np,
			u32 origin, u32 entry, struct of_phandle_args *line)
{
	struct soca_irq *irqs;

	BUILD_BUG_ON(MAX_PHANDLE_ARGS > SOCASSIGN_MAX_SPECIFIER);

	if (soca_irq_known(claim, line)) {
		of_node_put(line->np);
		return 0;
	}
	irqs = krealloc_array(claim->irqs, claim->num_irqs + 1, sizeof(*irqs),
			      GFP_KERNEL_ACCOUNT);
	if (!irqs) {
		of_node_put(line->np);
		return -ENOMEM;
	}
	claim->irqs = irqs;
	irqs[claim->num_irqs++] = (struct soca_irq) {
		.origin = origin, .node = soca_node_index(claim, np),
		.entry = entry, .line = *line,
	};
	return 0;
}

/*
 * One entry of interrupt-map (Devicetree Specification 2.4.3): child unit
 * address and specifier, phandle of the parent, its unit address and
 * specifier.  Returns the cells behind the entry, NULL at the end or if it
 * makes no sense; @line is the line that it ends at, with a reference, or has
 * no node if it leads nowhere.
 */
static const __be32 *soca_map_entry(const __be32 *cell, const __be32 *end,
				    u32 child_cells,
				    struct of_phandle_args *line)
{
	struct device_node *parent __free(device_node) = NULL;
	u32 addr_cells, spec_cells;
	const __be32 *addr;

	line->np = NULL;
	if (end - cell <= child_cells)
		return NULL;
	cell += child_cells;
	parent = of_find_node_by_phandle(be32_to_cpup(cell++));
	if (!parent)
		return NULL;
	addr_cells = soca_cells(parent, "#address-cells");
	spec_cells = soca_cells(parent, "#interrupt-cells");
	addr = cell;
	if (spec_cells > MAX_PHANDLE_ARGS || addr_cells > MAX_PHANDLE_ARGS ||
	    end - cell < addr_cells + spec_cells)
		return NULL;
	cell += addr_cells;
	line->np = parent;
	line->args_count = spec_cells;
	for (u32 i = 0; i < spec_cells; i++)
		line->args[i] = be32_to_cpup(cell++);
	/* The parent may be a nexus itself; this follows it to a controller. */
	if (of_irq_parse_raw(addr, line))
		line->np = NULL;
	return cell;
}

/**
 * soca_visit_lines - Look at each interrupt line that a node names
 * @claim: For @fn
 * @np: The node
 * @fn: Called for each line of interrupts and interrupt-map
 *
 * Return: 0, or what @fn returned to end it.
 */
int soca_visit_lines(struct soca_claim *claim, struct device_node *np,
		     soca_line_fn fn)
{
	u32 child_cells = soca_cells(np, "#address-cells") +
			  soca_cells(np, "#interrupt-cells");
	struct of_phandle_args line;
	const __be32 *cell, *end;
	int len, ret = 0;

	for (int i = 0; !ret && !of_irq_parse_one(np, i, &line); i++)
		ret = fn(claim, np, SOCASSIGN_IRQ_INTERRUPTS, i, &line);
	cell = of_get_property(np, "interrupt-map", &len);
	if (!cell)
		return ret;
	end = cell + len / sizeof(*cell);
	for (u32 entry = 0; !ret; entry++) {
		cell = soca_map_entry(cell, end, child_cells, &line);
		if (!cell)
			break;
		if (line.np)
			ret = fn(claim, np, SOCASSIGN_IRQ_MAP, entry, &line);
	}
	return ret;
}

/*
 * A driver that took its chained handler off the line leaves it with a flow
 * handler that takes no requests: only a new mapping cures that.
 */
static unsigned int soca_irq_map(struct of_phandle_args *line)
{
	unsigned int virq = irq_create_of_mapping(line);
	struct irq_data *data = irq_get_irq_data(virq);

	if (!virq || !data || irq_has_action(virq) ||
	    irq_data_to_desc(data)->handle_irq != handle_bad_irq)
		return virq;
	irq_dispose_mapping(virq);
	return irq_create_of_mapping(line);
}

/* Once the array does not move any more. */
static int soca_irq_finish(struct soca_claim *claim, u32 index)
{
	struct soca_irq *irq = &claim->irqs[index];

	irq->claim = claim;
	irq->index = index;
	soca_irq_init(irq);
	irq->virq = soca_irq_map(&irq->line);
	irq->flags = soca_irq_type_flags(irq->virq);
	irq->slow = soca_irq_is_slow(irq->virq);
	return soca_irq_describe(irq, claim->nodes[irq->node].np);
}

/* A node may name a line more than once; it is listed once. */
static int soca_add_sharer(struct soca_claim *claim, struct device_node *np,
			   u32 origin, u32 entry, struct of_phandle_args *line)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_irqs; i++) {
		struct soca_irq *irq = &claim->irqs[i];

		if (!soca_same_args(&irq->line, line) || irq->last_sharer == np)
			continue;
		irq->last_sharer = np;
		irq->flags |= SOCASSIGN_IRQ_SHARED;
		ret = soca_strings_add_path(&irq->sharers, np);
	}
	of_node_put(line->np);
	return ret;
}

static int soca_find_sharers(struct soca_claim *claim)
{
	struct device_node *np;

	soca_for_each_node(np) {
		int ret;

		if (soca_claim_has_node(claim, np))
			continue;
		cond_resched();
		ret = soca_visit_lines(claim, np, soca_add_sharer);
		if (ret) {
			of_node_put(np);
			return ret;
		}
	}
	return 0;
}

/**
 * soca_irqs_build - Find and map the interrupts of a claim
 * @claim: The claim
 *
 * A mapping that is made stays, as for any device whose driver unbinds.
 *
 * Context: Process context, under the gate, held for writing.
 * Return: 0 or -ENOMEM.
 */
int soca_irqs_build(struct soca_claim *claim)
{
	int ret = 0;

	for (u32 i = 0; i < claim->num_nodes && !ret; i++)
		ret = soca_visit_lines(claim, claim->nodes[i].np, soca_irq_add);
	for (u32 i = 0; i < claim->num_irqs && !ret; i++)
		ret = soca_irq_finish(claim, i);
	return ret ?: soca_find_sharers(claim);
}

/**
 * soca_irqs_free - Free what describes the interrupts
 * @claim: The claim, with its last reference
 */
void soca_irqs_free(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_irqs; i++) {
		struct soca_irq *irq = &claim->irqs[i];

		of_node_put(irq->line.np);
		soca_strings_free(&irq->name);
		soca_strings_free(&irq->controllers);
		soca_strings_free(&irq->sharers);
		kfree(irq->label);
	}
	kfree(claim->irqs);
}
