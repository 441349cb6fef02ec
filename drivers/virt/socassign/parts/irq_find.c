// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts, from the index of the device tree: which a claim has, who shares
 * them
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/of_irq.h>
#include <linux/slab.h>

#include "base/reason.h"
#include "claim/claim.h"
#include "parts/irq.h"
#include "tree/tree.h"

/*
 * A controller whose specifiers have no type leaves it open.  Then it is taken
 * for level: an edge that is masked is pending, a level that is not storms.
 */
static u32 soca_irq_type_flags(struct irq_data *data)
{
	if (!data)
		return SOCASSIGN_IRQ_UNMAPPED;
	switch (irqd_get_trigger_type(data)) {
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

static bool soca_irq_is_slow(struct irq_data *data)
{
	return data && data->chip && data->chip->irq_bus_lock;
}

/* The controller, and those that it is cascaded to; a loop would be absurd. */
static int soca_irq_add_controllers(struct soca_irq *irq,
				    const struct soca_tree_node *controller)
{
	const struct soca_tree_line *up;
	int ret = 0;

	for (int depth = 0; !ret && depth < 9; depth++) {
		ret = soca_strings_add(&irq->controllers, controller->path);
		up = controller->lines;
		if (!up || up->origin != SOCASSIGN_IRQ_INTERRUPTS ||
		    up->controller == controller)
			break;
		controller = up->controller;
	}
	return ret;
}

static void soca_irq_label(struct soca_irq *irq, const struct device_node *np)
{
	static const char prefix[] = "socassign:";
	const size_t at = sizeof(prefix) - 1;

	memcpy(irq->label, prefix, at);
	strscpy(irq->label + at, kbasename(np->full_name),
		sizeof(irq->label) - at);
}

static int soca_irq_describe(struct soca_irq *irq,
			     const struct soca_tree_line *line)
{
	const struct device_node *np = line->node->np;
	const char *name = "";
	int ret;

	if (line->origin == SOCASSIGN_IRQ_INTERRUPTS &&
	    line->node->has & SOCA_HAS_IRQ_NAMES)
		of_property_read_string_index(np, "interrupt-names", line->entry,
					      &name);
	ret = soca_strings_add(&irq->name, name);
	if (ret)
		return ret;
	soca_irq_label(irq, np);
	return soca_irq_add_controllers(irq, line->controller);
}

static int soca_irq_append(struct soca_claim *claim, u32 node,
			   const struct soca_tree_line *line)
{
	struct soca_irq *irq = &claim->irqs[claim->num_irqs];

	if (soca_tree_is_moving(line->args.np)) {
		soca_refuse(claim->set.reason, line->node->np, "the overlay with its interrupt controller is being applied or removed");
		return -EBUSY;
	}

	BUILD_BUG_ON(MAX_PHANDLE_ARGS > SOCASSIGN_MAX_SPECIFIER);

	irq->origin = line->origin;
	irq->node = node;
	irq->entry = line->entry;
	irq->line = line->args;
	of_node_get(line->args.np);
	claim->num_irqs++;
	return soca_irq_describe(irq, line);
}

/* A line of a node of the claim, and whom it was last found to be shared with. */
struct soca_own_line {
	struct soca_claim *claim;
	u32 node;
	const struct soca_tree_line *line;
	const struct soca_tree_node *sharer;
};

/* One that comes earlier in the claim, or in its node, has the interrupt. */
static int soca_line_is_known(struct soca_tree_line *other, void *data)
{
	const struct soca_own_line *own = data;
	const struct soca_tree_line *it;

	if (other->node != own->line->node)
		return soca_set_place(&own->claim->set, other->node) <
		       own->node;
	for (it = other->node->lines; it != own->line; it = it->next)
		if (it == other)
			return 1;
	return 0;
}

/* Of the interrupt that was added last. */
static int soca_line_add_sharer(struct soca_tree_line *other, void *data)
{
	struct soca_own_line *own = data;
	struct soca_claim *claim = own->claim;
	struct soca_irq *irq = &claim->irqs[claim->num_irqs - 1];

	/* Lines of one node come one after the other. */
	if (other->node == own->sharer ||
	    soca_set_has(&claim->set, other->node->np))
		return 0;
	own->sharer = other->node;
	irq->flags |= SOCASSIGN_IRQ_SHARED;
	return soca_strings_add(&irq->sharers, other->node->path);
}

static int soca_irq_add(struct soca_claim *claim, u32 node,
			struct soca_tree_line *line)
{
	struct soca_own_line own = {
		.claim = claim, .node = node, .line = line,
	};
	int ret;

	if (claim->num_irqs &&
	    soca_tree_visit_line(line, soca_line_is_known, &own))
		return 0;
	ret = soca_irq_append(claim, node, line);
	return ret ?: soca_tree_visit_line(line, soca_line_add_sharer, &own);
}

/*
 * A driver that took its chained handler off the line leaves it with a flow
 * handler that takes no requests: only a new mapping cures that.  The mapping is
 * ours to dispose of if nobody else names the line: with some controllers a line
 * that a driver has mapped, and not requested yet, looks the same.
 */
static bool soca_irq_is_left(const struct soca_irq *irq, struct irq_data *data)
{
	struct irq_desc *desc = irq_data_to_desc(data);

	return !(irq->flags & SOCASSIGN_IRQ_SHARED) &&
	       !irq_desc_has_action(desc) && desc->handle_irq == handle_bad_irq;
}

/* What the irq core has of it, or NULL. */
static struct irq_data *soca_irq_map_once(struct soca_irq *irq)
{
	irq->virq = irq_create_of_mapping(&irq->line);
	return irq->virq ? irq_get_irq_data(irq->virq) : NULL;
}

static struct irq_data *soca_irq_map(struct soca_irq *irq)
{
	struct irq_data *data = soca_irq_map_once(irq);

	if (!data || !soca_irq_is_left(irq, data))
		return data;
	irq_dispose_mapping(irq->virq);
	return soca_irq_map_once(irq);
}

static void soca_irq_finish(struct soca_claim *claim, u32 index)
{
	struct soca_irq *irq = &claim->irqs[index];
	struct irq_data *data;

	irq->claim = claim;
	irq->index = index;
	soca_irq_init(irq);
	data = soca_irq_map(irq);
	irq->flags |= soca_irq_type_flags(data);
	irq->slow = soca_irq_is_slow(data);
}

/* As many as there are lines, at most. */
static int soca_irqs_alloc(struct soca_claim *claim)
{
	const struct soca_tree_line *line;
	unsigned int num = 0;

	for (u32 i = 0; i < claim->set.num_nodes; i++)
		soca_tree_for_each_line(line,
					soca_tree_find(claim->set.nodes[i].np))
			num++;
	claim->irqs = kvcalloc(num, sizeof(*claim->irqs), GFP_KERNEL_ACCOUNT);
	return claim->irqs ? 0 : -ENOMEM;
}

/**
 * soca_irqs_find - Find the interrupts of a claim, and who shares them
 * @claim: The claim, which nobody else knows yet
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0 or -ENOMEM.
 */
int soca_irqs_find(struct soca_claim *claim)
{
	struct soca_tree_line *line;
	int ret = soca_irqs_alloc(claim);

	for (u32 i = 0; i < claim->set.num_nodes && !ret; i++)
		soca_tree_for_each_line(line,
					soca_tree_find(claim->set.nodes[i].np)) {
			ret = soca_irq_add(claim, i, line);
			if (ret)
				break;
		}
	return ret;
}

/**
 * soca_irqs_forget_lines - Let go of the controllers' nodes
 * @claim: The claim; its interrupts are mapped, or never will be
 */
void soca_irqs_forget_lines(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_irqs; i++) {
		of_node_put(claim->irqs[i].line.np);
		claim->irqs[i].line.np = NULL;
	}
}

/**
 * soca_irqs_map - Map the interrupts of a claim
 * @claim: The claim, its devices bound to us
 *
 * A mapping that is made stays, as for any device whose driver unbinds.
 *
 * Context: Process context, under the gate, held for writing.
 * Return: 0: an interrupt that cannot be mapped says so to the user.
 */
int soca_irqs_map(struct soca_claim *claim)
{
	for (u32 i = 0; i < claim->num_irqs; i++)
		soca_irq_finish(claim, i);
	soca_irqs_forget_lines(claim);
	return 0;
}

/**
 * soca_irqs_free - Free what describes the interrupts
 * @claim: The claim, which was refused, or with its last reference
 */
void soca_irqs_free(struct soca_claim *claim)
{
	soca_irqs_forget_lines(claim);
	for (unsigned int i = 0; i < claim->num_irqs; i++) {
		struct soca_irq *irq = &claim->irqs[i];

		soca_strings_free(&irq->name);
		soca_strings_free(&irq->controllers);
		soca_strings_free(&irq->sharers);
	}
	kvfree(claim->irqs);
	claim->irqs = NULL;
	claim->num_irqs = 0;
}
