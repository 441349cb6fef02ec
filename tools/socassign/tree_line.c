// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt lines of the host's tree, followed to the controller they end at
 * (Devicetree Specification 2.4)
 */
#include "tree_internal.h"

#include "own_maps.h"

/* Longer chains of nexuses and controllers are loops. */
#define TREE_MAX_HOPS	16

int tree_irq_parent(const struct soca_tree *tree, int node)
{
	for (int hops = 0; hops < SOCA_TREE_MAX_DEPTH; hops++) {
		struct tree_cells parent;

		tree_cells(tree, node, "interrupt-parent", &parent);
		node = parent.num ?
		       tree_by_phandle(tree, fdt32_ld(parent.cell)) :
		       tree->nodes[node].parent;
		if (node == TREE_NONE ||
		    tree_has(tree, node, "#interrupt-cells"))
			return node;
	}
	return TREE_NONE;
}

/* #interrupt-cells; false if it has none, or too many */
static bool tree_irq_cells(const struct soca_tree *tree, int node,
			   uint32_t *cells)
{
	*cells = tree_u32(tree, node, "#interrupt-cells", 0);
	return *cells && *cells <= TREE_MAX_CELLS;
}

uint32_t tree_irq_address_cells(const struct soca_tree *tree, int node)
{
	return tree_u32(tree, node, "#address-cells", 0);
}

/* Old trees mean what the nearest ancestor says, and the kernel reads it so. */
uint32_t tree_nexus_cells(const struct soca_tree *tree, int node)
{
	for (; node != TREE_NONE; node = tree->nodes[node].parent)
		if (tree_has(tree, node, "#address-cells"))
			return tree_u32(tree, node, "#address-cells", 0);
	return 2;
}

/*
 * Cells of the parent's unit address in an entry of @node's.  There is none where the
 * driver reads its map itself, and without: ls_extirq_parse_map().
 */
static uint32_t tree_parent_address(const struct soca_tree *tree, int node,
				    int parent)
{
	if (tree_is_compatible(tree, node, "fsl,ls1021a-extirq") ||
	    tree_is_compatible(tree, node, "fsl,ls1043a-extirq") ||
	    tree_is_compatible(tree, node, "fsl,ls1088a-extirq"))
		return 0;
	return tree_irq_address_cells(tree, parent);
}

/* The entry at @at, whose child's side has @child cells */
static bool tree_split_entry(const struct soca_tree *tree, int node, int at,
			     uint32_t child, struct tree_map_entry *entry)
{
	struct tree_cells map;
	uint32_t address, cells;

	tree_cells(tree, node, "interrupt-map", &map);
	if (child > TREE_MAX_CELLS || map.num - at <= (int)child)
		return false;
	entry->entry = map.cell + at;
	entry->child = child;
	entry->parent = tree_by_phandle(tree, fdt32_ld(entry->entry + child));
	if (entry->parent == TREE_NONE ||
	    !tree_irq_cells(tree, entry->parent, &cells))
		return false;
	address = tree_parent_address(tree, node, entry->parent);
	if (address > TREE_MAX_CELLS - cells)
		return false;
	entry->address = address;
	entry->num = child + 1 + address + cells;
	return entry->num <= map.num - at;
}

bool tree_map_entry(const struct soca_tree *tree, int node, int at,
		    struct tree_map_entry *entry)
{
	uint32_t nexus = tree_nexus_cells(tree, node), cells;

	return tree_irq_cells(tree, node, &cells) && nexus <= TREE_MAX_CELLS &&
	       tree_split_entry(tree, node, at, nexus + cells, entry);
}

/* What is looked up in interrupt-map: a unit address and a specifier. */
struct tree_key {
	uint32_t cell[TREE_MAX_CELLS];
	int num;
};

/* The unit address of @node with the specifier behind it, as @nexus wants it */
static bool tree_key_init(const struct soca_tree *tree, int node, int nexus,
			  const struct tree_line *line, struct tree_key *key)
{
	uint32_t num = tree_nexus_cells(tree, nexus);
	struct tree_cells reg;

	if (num > TREE_MAX_CELLS - line->num)
		return false;
	tree_cells(tree, node, "reg", &reg);
	memset(key->cell, 0, sizeof(key->cell));
	for (uint32_t i = 0; i < num && i < (uint32_t)reg.num; i++)
		key->cell[i] = fdt32_ld(reg.cell + i);
	memcpy(key->cell + num, line->cells, line->num * sizeof(uint32_t));
	key->num = num + line->num;
	return true;
}

static bool tree_key_matches(const struct tree_key *key,
			     const struct tree_map_entry *entry,
			     const struct tree_cells *mask)
{
	for (int i = 0; i < key->num; i++) {
		uint32_t bits = i < mask->num ? fdt32_ld(mask->cell + i) : ~0u;

		if ((key->cell[i] ^ fdt32_ld(entry->entry + i)) & bits)
			return false;
	}
	return true;
}

/* The parent's side of the entry becomes what is looked up next. */
static void tree_key_take(struct tree_key *key,
			  const struct tree_map_entry *entry,
			  struct tree_line *line)
{
	const fdt32_t *cell = entry->entry + entry->child + 1;

	key->num = entry->num - entry->child - 1;
	for (int i = 0; i < key->num; i++)
		key->cell[i] = fdt32_ld(cell + i);
	line->controller = entry->parent;
	line->num = key->num - entry->address;
	memcpy(line->cells, key->cell + entry->address,
	       line->num * sizeof(uint32_t));
}

/*
 * Through one nexus, whose map is as wide as what is looked up: behind another
 * nexus #address-cells is not inherited.  A parent that is disabled is none.
 */
static bool tree_cross(const struct soca_tree *tree, struct tree_line *line,
		       struct tree_key *key)
{
	struct tree_map_entry entry;
	struct tree_cells mask;
	int nexus = line->controller;

	tree_cells(tree, nexus, "interrupt-map-mask", &mask);
	for (int at = 0; tree_split_entry(tree, nexus, at, key->num, &entry);
	     at += entry.num)
		if (tree_key_matches(key, &entry, &mask) &&
		    tree_is_available(tree, entry.parent)) {
			tree_key_take(key, &entry, line);
			return true;
		}
	return false;
}

/* A map goes first, but for controllers whose drivers read it (of/irq.c). */
static bool tree_is_end(const struct soca_tree *tree, int node)
{
	if (!tree_has(tree, node, "interrupt-controller"))
		return false;
	if (!tree_has(tree, node, "interrupt-map"))
		return true;
	for (size_t i = 0; own_maps[i]; i++)
		if (tree_is_compatible(tree, node, own_maps[i]))
			return true;
	return false;
}

static bool tree_follow_key(const struct soca_tree *tree,
			    struct tree_line *line, struct tree_key *key)
{
	for (int hops = 0; hops < TREE_MAX_HOPS; hops++) {
		int here = line->controller;

		if (tree_is_end(tree, here))
			return true;
		if (tree_has(tree, here, "interrupt-map")) {
			if (!tree_cross(tree, line, key))
				return false;
			/* It leads to itself: a controller with a map. */
			if (line->controller == here)
				return true;
			continue;
		}
		/* It says nothing of its own: its parent understands it. */
		line->controller = tree_irq_parent(tree, here);
		if (line->controller == TREE_NONE)
			return false;
	}
	return false;
}

bool tree_follow(const struct soca_tree *tree, int node, struct tree_line *line)
{
	struct tree_key key;

	return tree_key_init(tree, node, line->controller, line, &key) &&
	       tree_follow_key(tree, line, &key);
}

bool tree_follow_entry(const struct soca_tree *tree, int node,
		       const struct tree_map_entry *entry,
		       struct tree_line *line)
{
	struct tree_key key = { .num = entry->child };
	uint32_t cells = tree_u32(tree, node, "#interrupt-cells", 0);

	for (int i = 0; i < key.num; i++)
		key.cell[i] = fdt32_ld(entry->entry + i);
	line->controller = node;
	line->num = cells;
	memcpy(line->cells, key.cell + key.num - cells,
	       cells * sizeof(uint32_t));
	return tree_follow_key(tree, line, &key) && line->controller != node;
}

/* Each entry of a node */

static void tree_take_line(struct tree_line *line, int controller,
			   const fdt32_t *cell, uint32_t num)
{
	line->controller = controller;
	line->num = num;
	for (uint32_t i = 0; i < num; i++)
		line->cells[i] = fdt32_ld(cell + i);
}

/**
 * struct tree_irq_walk - A walk along the interrupts of a node
 * @tree: The tree
 * @extended: interrupts-extended
 * @at: Where in it the next entry starts, behind its end: there is none
 * @broken: It ended where the next entry cannot be read
 * @plain: interrupts
 * @parent: What @plain is for
 * @num: Cells of its specifiers, 0: it cannot be read
 */
struct tree_irq_walk {
	const struct soca_tree *tree;
	struct tree_cells extended;
	int at;
	bool broken;
	struct tree_cells plain;
	int parent;
	uint32_t num;
};

static void tree_irq_walk(struct tree_irq_walk *walk,
			  const struct soca_tree *tree, int node)
{
	int len;

	*walk = (struct tree_irq_walk) { .tree = tree, .parent = TREE_NONE };
	tree_cells(tree, node, "interrupts-extended", &walk->extended);
	if (!tree_cells(tree, node, "interrupts", &walk->plain))
		return;
	walk->parent = tree_irq_parent(tree, node);
	if (walk->parent == TREE_NONE ||
	    !tree_irq_cells(tree, walk->parent, &walk->num))
		walk->num = 0;
	tree_prop(tree, node, "interrupts", &len);
	walk->broken = !walk->extended.cell && len &&
		       (!walk->num || len % (walk->num * sizeof(fdt32_t)));
}

/* A phandle and a specifier: 1, 0: a hole, -1: there is no more to read */
static int tree_next_extended(struct tree_irq_walk *walk,
			      struct tree_line *line)
{
	int left = walk->extended.num - walk->at, parent;
	const fdt32_t *cell;
	uint32_t phandle, num;

	if (left <= 0)
		return -1;
	cell = walk->extended.cell + walk->at++;
	phandle = fdt32_ld(cell);
	if (!phandle)
		return 0;
	parent = tree_by_phandle(walk->tree, phandle);
	if (parent == TREE_NONE || !tree_irq_cells(walk->tree, parent, &num) ||
	    left <= (int)num) {
		walk->broken = true;
		walk->at = walk->extended.num;
		return -1;
	}
	walk->at += num;
	tree_take_line(line, parent, cell + 1, num);
	return 1;
}

static bool tree_plain_entry(const struct tree_irq_walk *walk, int entry,
			     struct tree_line *line)
{
	int num = walk->num;

	if (!num || entry >= walk->plain.num / num)
		return false;
	tree_take_line(line, walk->parent, walk->plain.cell + entry * num, num);
	return true;
}

const char *tree_irq_property(const struct soca_tree *tree, int node)
{
	return tree_has(tree, node, "interrupts-extended") ?
	       "interrupts-extended" : "interrupts";
}

/* As of_irq_parse_one(): where interrupts-extended has no entry, interrupts. */
int tree_each_interrupt(const struct soca_tree *tree, int node,
			tree_line_fn fn, void *data)
{
	struct tree_irq_walk walk;
	struct tree_line line;

	tree_irq_walk(&walk, tree, node);
	for (int entry = 0;; entry++) {
		int found = tree_next_extended(&walk, &line);

		if (found < 1 && tree_plain_entry(&walk, entry, &line))
			found = 1;
		if (found < 0)
			break;
		fn(data, found ? &line : NULL);
	}
	return walk.broken ? -EINVAL : 0;
}

/* What tree_each_end() knows while it walks */
struct tree_ends {
	const struct soca_tree *tree;
	int node;
	tree_line_fn fn;
	void *data;
};

static void tree_end_line(void *data, const struct tree_line *raw)
{
	const struct tree_ends *ends = data;
	struct tree_line line;

	if (raw)
		line = *raw;
	ends->fn(ends->data,
		 raw && tree_follow(ends->tree, ends->node, &line) ?
		 &line : NULL);
}

void tree_each_end(const struct soca_tree *tree, int node, tree_line_fn fn,
		   void *data)
{
	struct tree_ends ends = { tree, node, fn, data };
	struct tree_map_entry entry;
	struct tree_line line;

	tree_each_interrupt(tree, node, tree_end_line, &ends);
	if (!tree_has(tree, node, "interrupt-map"))
		return;
	for (int at = 0; tree_map_entry(tree, node, at, &entry);
	     at += entry.num)
		fn(data, tree_follow_entry(tree, node, &entry, &line) ?
			 &line : NULL);
}
