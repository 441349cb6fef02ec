// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts: those that end outside the claim go to the guest's controller
 */
#include "tree_internal.h"

enum tree_end_kind {
	TREE_END_HOLE,		/* the guest does not get it */
	TREE_END_GUEST,		/* at the guest's controller */
	TREE_END_INSIDE		/* at a node of the claim */
};

/**
 * struct tree_end - Where an interrupt goes in the guest
 * @kind: enum tree_end_kind
 * @node: INSIDE: the node
 * @num: Number of @cells
 * @cells: The specifier there
 */
struct tree_end {
	enum tree_end_kind kind;
	int node;
	uint32_t num;
	uint32_t cells[TREE_MAX_CELLS];
};

/* Where an interrupt comes from; for the caller and the report */
struct tree_source {
	int node;
	uint32_t origin;
	uint32_t entry;
	const char *name;
};

static void tree_irq_drop(struct tree_build *build,
			  const struct tree_source *from, const char *reason)
{
	tree_note(build, SOCA_TREE_DROPPED, from->node, from->name,
		  "entry %u: %s", from->entry, reason);
}

/* Tell where @line ends, too: that is where the cure is. */
static void tree_irq_drop_line(struct tree_build *build,
			       const struct tree_source *from,
			       const struct tree_line *line,
			       const char *reason, const char *cure)
{
	char *path = tree_path(build->tree, line->controller);

	tree_note(build, SOCA_TREE_DROPPED, from->node, from->name,
		  "entry %u: %s; it ends at %s%s", from->entry, reason,
		  path ? path : "", cure);
	free(path);
}

/* Ask the caller: 0 or a negative errno */
static int tree_irq_ask(struct tree_build *build,
			const struct tree_source *from,
			const struct tree_line *line, struct tree_end *end)
{
	const struct soca_tree_guest *guest = build->guest;
	struct soca_tree_irq irq = {
		.origin = from->origin, .entry = from->entry,
		.num_cells = line->num, .cells = line->cells,
	};
	char *path = tree_path(build->tree, from->node);
	char *controller = tree_path(build->tree, line->controller);
	int ret = -ENOMEM;

	irq.path = path;
	irq.controller = controller;
	if (path && controller)
		ret = guest->irq(guest->data, &irq, end->cells, end->num);
	else
		tree_out_fail(&build->out, -ENOMEM);
	free(path);
	free(controller);
	return ret;
}

/* As the caller says; 0 or why not */
static const char *tree_irq_map(struct tree_build *build,
				const struct tree_source *from,
				const struct tree_line *line,
				struct tree_end *end)
{
	int ret;

	if (tree_irq_ask(build, from, line, end))
		return "the guest has no line for it";
	ret = tree_take(build, line, end->cells, end->num);
	if (ret < 0)
		tree_out_fail(&build->out, ret);
	return ret ? "another line of the host's has got the guest's line" :
		     NULL;
}

/* The specifier stays as it is; 0 or why not */
static const char *tree_irq_copy(struct tree_build *build,
				 const struct tree_line *line,
				 struct tree_end *end)
{
	if (tree_intc_is_stood_for(build, line->controller)) {
		memcpy(end->cells, line->cells,
		       line->num * sizeof(*line->cells));
		return NULL;
	}
	return tree_intc_is_alike(build, line->controller) ?
	       "the guest's interrupt controller stands for another one" :
	       "the guest's interrupt controller has other specifiers";
}

/* To the guest's controller, if it has the line */
static void tree_irq_out(struct tree_build *build,
			 const struct tree_source *from,
			 const struct tree_line *line, struct tree_end *end)
{
	const char *reason, *cure = "";

	end->num = build->base.intc_cells;
	if (!end->num) {
		reason = "the guest has no interrupt controller";
	} else if (build->guest->irq) {
		reason = tree_irq_map(build, from, line, end);
	} else {
		reason = tree_irq_copy(build, line, end);
		cure = ": claim that, too";
	}
	if (reason)
		tree_irq_drop_line(build, from, line, reason, cure);
	else
		end->kind = TREE_END_GUEST;
}

static void tree_end_inside(struct tree_end *end, const struct tree_line *line)
{
	*end = (struct tree_end) {
		.kind = TREE_END_INSIDE, .node = line->controller,
		.num = line->num,
	};
	memcpy(end->cells, line->cells, line->num * sizeof(*line->cells));
}

/* @line has been followed to where it ends on the host. */
static void tree_irq_end(struct tree_build *build,
			 const struct tree_source *from,
			 const struct tree_line *line, struct tree_end *end)
{
	if (tree_inside(build, line->controller)) {
		tree_end_inside(end, line);
		return;
	}
	*end = (struct tree_end) { .kind = TREE_END_HOLE };
	if (build->role[from->node] == TREE_CLAIMED)
		tree_irq_out(build, from, line, end);
	else
		tree_irq_drop(build, from,
			      "it is not claimed (SOCASSIGN_SUBTREE claims it)");
}

/* An entry of interrupts or interrupts-extended */
static void tree_irq_entry(struct tree_build *build,
			   const struct tree_source *from,
			   struct tree_line *line, struct tree_end *end)
{
	if (tree_inside(build, line->controller)) {
		tree_end_inside(end, line);
	} else if (tree_follow(build->tree, from->node, line)) {
		tree_irq_end(build, from, line, end);
	} else {
		*end = (struct tree_end) { .kind = TREE_END_HOLE };
		tree_irq_drop(build, from, "it leads to no controller");
	}
}

/**
 * struct tree_irqs - The interrupts of a node
 * @build: The build
 * @from: The node and the property
 * @ends: Where they go
 * @num: Number of @ends
 */
struct tree_irqs {
	struct tree_build *build;
	struct tree_source from;
	struct tree_end *ends;
	int num;
};

static void tree_irqs_add(void *data, const struct tree_line *raw)
{
	struct tree_irqs *irqs = data;
	struct tree_end *end = &irqs->ends[irqs->num];
	struct tree_line line;

	irqs->from.entry = irqs->num++;
	if (raw) {
		line = *raw;
		tree_irq_entry(irqs->build, &irqs->from, &line, end);
	} else {
		end->kind = TREE_END_HOLE;
	}
}

static uint32_t tree_end_phandle(const struct tree_build *build,
				 const struct tree_end *end)
{
	return end->kind == TREE_END_INSIDE ? build->phandle[end->node] :
					      build->base.intc;
}

/* All at one controller, without a hole: `interrupts` can say it. */
static bool tree_irqs_are_plain(const struct tree_irqs *irqs)
{
	if (strcmp(irqs->from.name, "interrupts"))
		return false;
	for (int i = 0; i < irqs->num; i++)
		if (irqs->ends[i].kind == TREE_END_HOLE ||
		    tree_end_phandle(irqs->build, &irqs->ends[i]) !=
		    tree_end_phandle(irqs->build, &irqs->ends[0]))
			return false;
	return true;
}

static void tree_irqs_put(const struct tree_irqs *irqs, struct tree_list *list,
			  bool plain)
{
	for (int i = 0; i < irqs->num; i++) {
		const struct tree_end *end = &irqs->ends[i];

		if (end->kind == TREE_END_HOLE) {
			tree_list_u32(list, 0);
			continue;
		}
		if (!plain)
			tree_list_u32(list, tree_end_phandle(irqs->build, end));
		for (uint32_t cell = 0; cell < end->num; cell++)
			tree_list_u32(list, end->cells[cell]);
	}
}

/* Of a bus, for what is below; of a device, if it has no better one */
static void tree_emit_parent(struct tree_build *build, int node)
{
	uint32_t phandle = tree_u32(build->tree, node, "interrupt-parent", 0);
	int parent = tree_by_phandle(build->tree, phandle);

	if (!phandle)
		return;
	if (parent != TREE_NONE && tree_inside(build, parent))
		tree_out_u32(&build->out, "interrupt-parent",
			     build->phandle[parent]);
	else if (build->base.intc)
		tree_out_u32(&build->out, "interrupt-parent",
			     build->base.intc);
}

static void tree_irqs_emit(struct tree_irqs *irqs)
{
	struct tree_build *build = irqs->build;
	struct tree_list list = {};
	bool plain;
	int ret;

	/* Holes keep the place of those behind them. */
	while (irqs->num && irqs->ends[irqs->num - 1].kind == TREE_END_HOLE)
		irqs->num--;
	plain = tree_irqs_are_plain(irqs);
	if (irqs->num && plain)
		tree_out_u32(&build->out, "interrupt-parent",
			     tree_end_phandle(build, &irqs->ends[0]));
	else
		tree_emit_parent(build, irqs->from.node);
	if (!irqs->num) {
		tree_drop(build, irqs->from.node, "interrupts");
		return;
	}
	tree_irqs_put(irqs, &list, plain);
	tree_out_prop(&build->out, plain ? "interrupts" : "interrupts-extended",
		      list.cell, list.num * sizeof(fdt32_t));
	ret = tree_list_free(&list);
	if (ret)
		tree_out_fail(&build->out, ret);
}

void tree_emit_interrupts(struct tree_build *build, int node)
{
	struct tree_irqs irqs = {
		.build = build,
		.from = {
			.node = node,
			.name = tree_irq_property(build->tree, node),
		},
	};
	struct tree_cells extended, plain;

	tree_cells(build->tree, node, "interrupts-extended", &extended);
	tree_cells(build->tree, node, "interrupts", &plain);
	if (!extended.cell && !plain.cell) {
		tree_emit_parent(build, node);
		return;
	}
	/* No entry is shorter than a cell. */
	irqs.ends = calloc((size_t)extended.num + plain.num + 1,
			   sizeof(*irqs.ends));
	if (!irqs.ends) {
		tree_out_fail(&build->out, -ENOMEM);
		return;
	}
	if (tree_each_interrupt(build->tree, node, tree_irqs_add, &irqs)) {
		irqs.from.entry = irqs.num;
		tree_irq_drop(build, &irqs.from,
			      "it leads to no controller, or is not whole");
	}
	tree_irqs_emit(&irqs);
	free(irqs.ends);
}

/* interrupt-map: what a bus behind the node raises */

/* The child's side as it is, then where it goes */
static void tree_map_put(struct tree_build *build, struct tree_list *list,
			 const struct tree_map_entry *entry,
			 const struct tree_end *end)
{
	uint32_t address = end->kind == TREE_END_INSIDE ?
			   tree_irq_address_cells(build->tree, end->node) :
			   build->base.intc_address_cells;

	tree_list_copy(list, entry->entry, entry->child);
	tree_list_u32(list, tree_end_phandle(build, end));
	for (uint32_t i = 0; i < address && i < TREE_MAX_CELLS; i++)
		tree_list_u32(list, 0);
	for (uint32_t i = 0; i < end->num; i++)
		tree_list_u32(list, end->cells[i]);
}

static void tree_map_one(struct tree_build *build, struct tree_list *list,
			 const struct tree_source *from,
			 const struct tree_map_entry *entry)
{
	const fdt32_t *up = entry->entry + entry->child + 1;
	struct tree_line line;
	struct tree_end end;

	if (tree_inside(build, entry->parent)) {
		tree_list_copy(list, entry->entry, entry->child);
		tree_list_u32(list, build->phandle[entry->parent]);
		tree_list_copy(list, up, entry->num - entry->child - 1);
		return;
	}
	if (!tree_follow_entry(build->tree, from->node, entry, &line)) {
		tree_irq_drop(build, from, "it leads to no controller");
		return;
	}
	tree_irq_end(build, from, &line, &end);
	if (end.kind != TREE_END_HOLE)
		tree_map_put(build, list, entry, &end);
}

/* The cells that it inherits are others on the guest's bus. */
static void tree_map_out(struct tree_build *build, int node,
			 const struct tree_list *list)
{
	const struct soca_tree *tree = build->tree;

	if (!tree_has(tree, node, "#address-cells"))
		tree_out_u32(&build->out, "#address-cells",
			     tree_nexus_cells(tree, node));
	tree_out_prop(&build->out, "interrupt-map", list->cell,
		      list->num * sizeof(fdt32_t));
}

void tree_emit_interrupt_map(struct tree_build *build, int node)
{
	struct tree_source from = {
		.node = node, .origin = SOCASSIGN_IRQ_MAP,
		.name = "interrupt-map",
	};
	struct tree_map_entry entry;
	struct tree_list list = {};
	int at, len, ret;

	if (!tree_prop(build->tree, node, from.name, &len))
		return;
	for (at = 0; tree_map_entry(build->tree, node, at, &entry);
	     at += entry.num, from.entry++)
		tree_map_one(build, &list, &from, &entry);
	if (at * (int)sizeof(fdt32_t) < len)
		tree_irq_drop(build, &from, "it cannot be read, nor what is behind it");
	if (list.num)
		tree_map_out(build, node, &list);
	else
		tree_drop(build, node, from.name);
	ret = tree_list_free(&list);
	if (ret)
		tree_out_fail(&build->out, ret);
}
