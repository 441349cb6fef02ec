// SPDX-License-Identifier: GPL-2.0
/*
 * Phandles of the guest's base tree that the host uses, too
 *
 * A property that no table knows keeps the host's number.  That number leads to
 * the same node as on the host, or nowhere, as long as nobody else has it: so
 * the nodes of the claim have the phandles that they have on the host, and
 * nodes of the base tree that have one of the host's get another one.
 */
#include "tree_internal.h"

/* A base tree whose phandles change */
struct tree_renumber {
	struct tree_build *build;
	struct soca_tree *base;
};

uint32_t tree_base_phandle(const struct tree_build *build, uint32_t phandle)
{
	for (int i = 0; i < build->num_moves; i++)
		if (build->moves[i].from == phandle)
			return build->moves[i].to;
	return phandle;
}

/* New numbers for those that the host uses */
static int tree_renumber_find(struct tree_build *build,
			      const struct soca_tree *base)
{
	uint32_t last = 0;

	build->moves = calloc(base->num_phandles + 1, sizeof(*build->moves));
	if (!build->moves)
		return -ENOMEM;
	for (int i = 0; i < base->num_phandles; i++) {
		uint32_t from = base->phandles[i].phandle;

		if (from == last ||
		    tree_by_phandle(build->tree, from) == TREE_NONE)
			continue;
		last = from;
		build->moves[build->num_moves++] = (struct tree_move) {
			from, tree_new_phandle(build)
		};
	}
	return build->out.err;
}

/* @cell is in the index's copy of the blob. */
static void tree_renumber_cell(const struct tree_renumber *to,
			       const fdt32_t *cell)
{
	size_t at = (const char *)cell - (const char *)to->base->fdt;
	uint32_t phandle = tree_base_phandle(to->build, fdt32_ld(cell));

	fdt32_st((char *)to->build->base.copy + at, phandle);
}

static void tree_renumber_map(const struct tree_renumber *to, int node)
{
	struct tree_map_entry entry;

	for (int at = 0; tree_map_entry(to->base, node, at, &entry);
	     at += entry.num)
		tree_renumber_cell(to, entry.entry + entry.child);
}

/* What looks like a phandle, in a property that no table knows */
static void tree_renumber_doubt(const struct tree_renumber *to, int node,
				const char *name,
				const struct tree_cells *cells)
{
	uint32_t first = cells->num ? fdt32_ld(cells->cell) : 0;

	if (tree_base_phandle(to->build, first) == first ||
	    tree_is_number(name))
		return;
	tree_blob_note(to->build->report, to->base->fdt,
		       to->base->nodes[node].offset, SOCA_TREE_DOUBTFUL, name,
		       "if this refers to a node of the base tree: that has another phandle now, as the host uses this one");
}

static int tree_renumber_refs(const struct tree_renumber *to, int node,
			      const char *name,
			      const struct tree_cells *cells)
{
	struct tree_target target = {
		to->base->fdt, to->base->nodes[node].offset, tree_find_host,
		to->base
	};
	struct tree_rule room;
	const struct tree_rule *rule = tree_rule(to->build, name, &room);
	struct tree_ref *refs;
	int num = -EINVAL;

	if (!rule)
		rule = tree_dangle_rule(name);
	refs = calloc(cells->num + 1, sizeof(*refs));
	if (!refs)
		return -ENOMEM;
	if (rule)
		num = tree_refs(&target, rule, cells, refs);
	for (int i = 0; i < num; i++)
		tree_renumber_cell(to, cells->cell + refs[i].at);
	free(refs);
	if (num < 0)
		tree_renumber_doubt(to, node, name, cells);
	return 0;
}

static int tree_renumber_prop(const void *data, int node, const char *name)
{
	const struct tree_renumber *to = data;
	struct tree_cells cells;

	tree_cells(to->base, node, name, &cells);
	if (!strcmp(name, "phandle") || !strcmp(name, "linux,phandle")) {
		if (cells.num)
			tree_renumber_cell(to, cells.cell);
	} else if (!strcmp(name, "interrupt-map")) {
		tree_renumber_map(to, node);
	} else {
		return tree_renumber_refs(to, node, name, &cells);
	}
	return 0;
}

/* The caller's blob stays as it is: a copy is changed. */
static int tree_renumber_copy(struct tree_renumber *to)
{
	struct tree_base *base = &to->build->base;
	size_t size = fdt_totalsize(base->fdt);
	int ret;

	base->copy = malloc(size);
	if (!base->copy)
		return -ENOMEM;
	memcpy(base->copy, base->fdt, size);
	ret = tree_each_prop(to->base, tree_renumber_prop, to);
	if (ret)
		return ret;
	base->fdt = base->copy;
	base->intc = tree_base_phandle(to->build, base->intc);
	return 0;
}

int tree_renumber_base(struct tree_build *build)
{
	struct tree_renumber to = { .build = build };
	int ret = soca_tree_open(build->base.fdt, fdt_totalsize(build->base.fdt),
				 &to.base);

	if (ret)
		return ret;
	ret = tree_renumber_find(build, to.base);
	if (!ret && build->num_moves)
		ret = tree_renumber_copy(&to);
	soca_tree_close(to.base);
	return ret;
}
