// SPDX-License-Identifier: GPL-2.0
/*
 * Who uses whom: the properties by which a node names its suppliers
 *
 * The table of properties is the driver's: tree/phandle_props.c.
 */
#include "devtree.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

static struct dt_edge *edges;
static size_t num_edges;

static void add_edge(const struct dt_node *consumer,
		     const struct dt_node *supplier, const char *property)
{
	edges = must_grow(edges, num_edges + 1, sizeof(*edges));
	edges[num_edges++] = (struct dt_edge) {
		.consumer = consumer, .supplier = supplier,
		.property = must_print("%s", property),
	};
}

/* A value that a node may have, or -1 */
static int64_t says(const struct dt_node *np, const char *name)
{
	if (!name || !dt_num_cells(np, name))
		return -1;
	return dt_cell(np, name, 0);
}

/*
 * A phandle of 0 is a hole; after one that is unknown nothing can be read, if its
 * target were to say how many cells follow.
 */
static void add_phandles(const struct dt_node *np, const char *name,
			 const struct soca_phandle_prop *kind)
{
	struct soca_phandle_walk walk;
	int64_t args;
	int len;
	const void *value = dt_prop(np, name, &len);

	soca_phandle_walk_begin(&walk, kind, value, len, says(np, kind->own),
				kind->list_if && !dt_has(np, kind->list_if));
	for (uint64_t at = kind->first; at < walk.num;
	     at += soca_phandle_walk_step(&walk, args)) {
		uint32_t phandle = dt_cell(np, name, at);
		const struct dt_node *supplier = dt_by_phandle(phandle);

		if (phandle && !supplier && kind->cells)
			return;
		if (phandle && supplier)
			add_edge(np, supplier, name);
		args = supplier ? says(supplier, kind->cells) : -1;
	}
}

static void add_lines(const struct dt_node *np)
{
	struct dt_line line;
	int found;

	for (int i = 0; (found = dt_interrupt(np, i, &line)) >= 0; i++)
		if (found)
			add_edge(np, line.controller, "interrupts");
	for (int i = 0; (found = dt_map_entry(np, i, &line)) >= 0; i++)
		if (found)
			add_edge(np, line.controller, "interrupt-map");
}

static void add_node(const struct dt_node *np)
{
	const char *name;

	for (int at = 0; (name = dt_next_prop(np, &at));) {
		const struct soca_phandle_prop *kind = soca_phandle_prop(name);

		if (kind && !(kind->unless && dt_has(np, kind->unless)))
			add_phandles(np, name, kind);
	}
	add_lines(np);
}

const struct dt_edge *dt_edges(size_t *num)
{
	if (!edges)
		dt_for_each(np)
			add_node(np);
	*num = num_edges;
	return edges;
}

static struct dt_edge *by_supplier;

/* Edges of one supplier stay in the order of their consumers. */
static int compare_suppliers(const void *a, const void *b)
{
	const struct dt_edge *x = a, *y = b;

	if (x->supplier != y->supplier)
		return x->supplier < y->supplier ? -1 : 1;
	return x->consumer < y->consumer ? -1 : x->consumer > y->consumer;
}

static void sort_by_supplier(void)
{
	size_t num;
	const struct dt_edge *all = dt_edges(&num);

	by_supplier = must_alloc(num, sizeof(*by_supplier));
	if (num)
		memcpy(by_supplier, all, num * sizeof(*all));
	qsort(by_supplier, num, sizeof(*by_supplier), compare_suppliers);
}

/* How many come before a node; nodes stand in the tree's order. */
static size_t edges_before(const struct dt_node *np)
{
	size_t low = 0, high = num_edges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_supplier[middle].supplier < np)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct dt_edge *dt_edges_to(const struct dt_node *top, size_t *num)
{
	size_t first;

	if (!by_supplier)
		sort_by_supplier();
	first = edges_before(top);
	*num = edges_before(top->end) - first;
	return by_supplier + first;
}
