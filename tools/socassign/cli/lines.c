// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts: from a node to the controller, as drivers/of/irq.c has it
 */
#include "devtree.h"

#include "libsocassign-tree.h"
#include "own_maps.h"
#include "specifier.h"

/* No chain of nexus nodes is longer; a loop is. */
#define MAX_DEPTH	16

static int cells(const struct dt_node *np, const char *name)
{
	uint32_t num = dt_u32(np, name, 0);

	return num < DT_MAX_SPECIFIER ? num : DT_MAX_SPECIFIER;
}

/* of_irq_find_parent(): the next above that has specifiers of its own */
const struct dt_node *dt_interrupt_parent(const struct dt_node *np)
{
	for (int depth = 0; np && depth < SOCA_TREE_MAX_DEPTH; depth++) {
		np = dt_has(np, "interrupt-parent") ?
		     dt_by_phandle(dt_u32(np, "interrupt-parent", 0)) :
		     np->parent;
		if (np && dt_has(np, "#interrupt-cells"))
			return np;
	}
	return NULL;
}

/* Old trees mean what the nearest above says, and the kernel reads it so. */
static int nexus_cells(const struct dt_node *np)
{
	for (; np; np = np->parent)
		if (dt_has(np, "#address-cells"))
			return cells(np, "#address-cells");
	return 2;
}

/*
 * struct unit - What interrupt-map compares: unit address and specifier
 */
struct unit {
	int num_addr;
	uint32_t addr[DT_MAX_SPECIFIER];
	struct dt_line line;
};

static bool take_specifier(struct dt_line *line, const struct dt_node *np,
			   const char *name, int at)
{
	line->num_cells = cells(line->controller, "#interrupt-cells");
	if (!line->num_cells || at + line->num_cells > dt_num_cells(np, name))
		return false;
	for (int i = 0; i < line->num_cells; i++)
		line->cell[i] = dt_cell(np, name, at + i);
	return true;
}

static bool take_unit(struct unit *unit, const struct dt_node *nexus, int at)
{
	if (at + unit->num_addr > dt_num_cells(nexus, "interrupt-map"))
		return false;
	for (int i = 0; i < unit->num_addr; i++)
		unit->addr[i] = dt_cell(nexus, "interrupt-map", at + i);
	return take_specifier(&unit->line, nexus, "interrupt-map",
			      at + unit->num_addr);
}

static bool entry_matches(const struct dt_node *nexus, int at,
			  const struct unit *unit)
{
	int num = unit->num_addr + unit->line.num_cells;

	for (int i = 0; i < num; i++) {
		uint32_t is = i < unit->num_addr ? unit->addr[i] :
			      unit->line.cell[i - unit->num_addr];
		uint32_t mask = i < dt_num_cells(nexus, "interrupt-map-mask") ?
				dt_cell(nexus, "interrupt-map-mask", i) :
				UINT32_MAX;

		if ((is & mask) != (dt_cell(nexus, "interrupt-map", at + i) &
				    mask))
			return false;
	}
	return true;
}

/* The parent's half of an entry, which starts at @at; cells behind it, or -1 */
static int take_parent(const struct dt_node *nexus, int at, struct unit *unit)
{
	const struct dt_node *parent;

	if (at >= dt_num_cells(nexus, "interrupt-map"))
		return -1;
	parent = dt_by_phandle(dt_cell(nexus, "interrupt-map", at++));
	if (!parent)
		return -1;
	unit->num_addr = cells(parent, "#address-cells");
	unit->line.controller = parent;
	if (!take_unit(unit, nexus, at) ||
	    unit->num_addr + unit->line.num_cells > DT_MAX_SPECIFIER)
		return -1;
	return at + unit->num_addr + unit->line.num_cells;
}

/* One step, through the entry of @nexus that matches; a disabled parent is none. */
static bool follow_map(const struct dt_node *nexus, struct unit *unit)
{
	int num = unit->num_addr + unit->line.num_cells;
	int at = 0;

	while (at + num < dt_num_cells(nexus, "interrupt-map")) {
		struct unit next = { 0 };
		bool matches = entry_matches(nexus, at, unit);

		at = take_parent(nexus, at + num, &next);
		if (at < 0)
			return false;
		if (!matches || !next.line.controller->available)
			continue;
		*unit = next;
		return true;
	}
	return false;
}

/* A map goes first, but for controllers whose drivers read it themselves. */
static bool is_end(const struct dt_node *np)
{
	if (!dt_has(np, "interrupt-controller"))
		return false;
	if (!dt_has(np, "interrupt-map"))
		return true;
	for (size_t i = 0; own_maps[i]; i++)
		if (dt_is_compatible(np, own_maps[i]))
			return true;
	return false;
}

/* Follow nexus nodes until there is a controller, or one that leads to itself. */
static bool follow(struct unit *unit)
{
	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		const struct dt_node *np = unit->line.controller;

		if (is_end(np))
			return true;
		if (dt_has(np, "interrupt-map")) {
			if (!follow_map(np, unit))
				return false;
			if (unit->line.controller == np)
				return true;
			continue;
		}
		unit->line.controller = dt_interrupt_parent(np);
		if (!unit->line.controller)
			return false;
	}
	return false;
}

/* The unit address is the start of the node's reg. */
static void take_address(struct unit *unit, const struct dt_node *np)
{
	unit->num_addr = nexus_cells(unit->line.controller);
	for (int i = 0; i < unit->num_addr; i++)
		unit->addr[i] = i < dt_num_cells(np, "reg") ?
				dt_cell(np, "reg", i) : 0;
}

/* 1, 0: a hole, -1: there is no such entry */
static int extended(const struct dt_node *np, int index, struct unit *unit)
{
	static const char name[] = "interrupts-extended";

	for (int at = 0; at < dt_num_cells(np, name); index--) {
		uint32_t phandle = dt_cell(np, name, at++);

		unit->line.num_cells = 0;
		unit->line.controller = dt_by_phandle(phandle);
		if (phandle && (!unit->line.controller ||
				!take_specifier(&unit->line, np, name, at)))
			return -1;
		if (!index)
			return phandle != 0;
		at += unit->line.num_cells;
	}
	return -1;
}

static bool plain(const struct dt_node *np, int index, struct unit *unit)
{
	int num;

	unit->line.controller = dt_interrupt_parent(np);
	if (!unit->line.controller)
		return false;
	num = cells(unit->line.controller, "#interrupt-cells");
	return take_specifier(&unit->line, np, "interrupts", index * num);
}

/* As of_irq_parse_one(): where interrupts-extended has no entry, interrupts. */
int dt_interrupt(const struct dt_node *np, int index, struct dt_line *line)
{
	struct unit unit = { 0 };
	int found = extended(np, index, &unit);

	if (found < 1 && plain(np, index, &unit))
		found = 1;
	if (found < 1)
		return found;
	take_address(&unit, np);
	found = follow(&unit);
	*line = unit.line;
	return found;
}

/* What a child gets that asks for the entry, if that is another controller's. */
int dt_map_entry(const struct dt_node *np, int index, struct dt_line *line)
{
	struct unit unit = { .num_addr = nexus_cells(np) };
	int own = cells(np, "#interrupt-cells");
	int child = unit.num_addr + own, at = 0;

	if (!own || child > DT_MAX_SPECIFIER)
		return -1;
	do {
		struct unit next = { 0 };

		unit.line.controller = np;
		if (!take_unit(&unit, np, at))
			return -1;
		at = take_parent(np, at + child, &next);
		if (at < 0)
			return -1;
	} while (index--);
	if (!follow(&unit) || unit.line.controller == np)
		return 0;
	*line = unit.line;
	return 1;
}

bool dt_same_line(const struct dt_line *a, const struct dt_line *b)
{
	size_t size;

	return a->controller == b->controller && a->num_cells == b->num_cells &&
	       tree_same_specifier(dt_blob(&size), a->controller->offset, a->cell,
				   b->cell, a->num_cells);
}

bool dt_names_line(const struct dt_node *np, const struct dt_line *line)
{
	struct dt_line other;
	int found;

	for (int i = 0; (found = dt_interrupt(np, i, &other)) >= 0; i++)
		if (found && dt_same_line(&other, line))
			return true;
	for (int i = 0; (found = dt_map_entry(np, i, &other)) >= 0; i++)
		if (found && dt_same_line(&other, line))
			return true;
	return false;
}
