// SPDX-License-Identifier: GPL-2.0
/*
 * /reserved-memory: partitions of the claim
 *
 * The kernel reads its children with the root's cells, as they are and before
 * there is a bus (drivers/of/of_reserved_mem.c), so they stand below the root
 * whatever the devices do, in the base's own node if that has one.
 */
#include "tree_internal.h"

bool tree_is_reserved_root(const struct soca_tree *tree, int node)
{
	return tree->nodes[node].parent == TREE_ROOT &&
	       !strcmp(tree->nodes[node].name, TREE_RESERVED);
}

bool tree_is_reserved(const struct soca_tree *tree, int node)
{
	int up = tree->nodes[node].parent;

	return up != TREE_NONE && tree_is_reserved_root(tree, up);
}

static void tree_reserved_out(struct tree_build *build, int node,
			      const char *name, struct tree_list *list)
{
	int ret;

	if (list->num)
		tree_out_prop(&build->out, name, list->cell,
			      list->num * sizeof(fdt32_t));
	ret = tree_list_free(list);
	if (!ret)
		return;
	tree_note(build, SOCA_TREE_ERROR, node, name,
		  "an address or size needs more cells than the guest's root has");
	tree_out_fail(&build->out, ret);
}

/* What the CPU does not reach has no region: it stays where it is. */
static void tree_emit_reserved_reg(struct tree_build *build, int node)
{
	const struct soca_tree *tree = build->tree;
	struct tree_list list = {};
	uint64_t address, bytes;

	for (uint32_t i = 0; tree_reg(tree, node, i, &address, &bytes); i++) {
		const struct tree_region *region =
			tree_region(build, node, SOCASSIGN_REGION_REG, i);

		tree_list_number(&list, build->base.root.address_cells,
				 region ? region->guest : address);
		tree_list_number(&list, build->base.root.size_cells, bytes);
	}
	tree_reserved_out(build, node, "reg", &list);
}

static void tree_emit_reserved_number(struct tree_build *build, int node,
				      const char *name, int num)
{
	struct tree_list list = {};
	struct tree_cells cells;
	uint64_t value;

	if (!tree_cells(build->tree, node, name, &cells) || !cells.num)
		return;
	if (tree_read(cells.cell, cells.num, &value))
		tree_list_number(&list, num, value);
	else
		tree_list_fail(&list, -ERANGE);
	tree_reserved_out(build, node, name, &list);
}

/*
 * Without an address the kernel looks for room, the guest's in its own memory:
 * where the host's has found it is not in the tree.  An alignment is as wide as
 * an address, whatever the binding says.
 */
static void tree_emit_reserved_size(struct tree_build *build, int node)
{
	tree_emit_reserved_number(build, node, "size",
				  build->base.root.size_cells);
	tree_emit_reserved_number(build, node, "alignment",
				  build->base.root.address_cells);
	if (tree_has(build->tree, node, "alloc-ranges"))
		tree_note(build, SOCA_TREE_DROPPED, node, "alloc-ranges",
			  "the addresses are the host's");
	if (!tree_has(build->tree, node, "reg"))
		tree_note(build, SOCA_TREE_DOUBTFUL, node, "size",
			  "the partition has no address in the host's tree: the guest takes its own memory for it");
}

static void tree_emit_partitions(struct tree_build *build, int top)
{
	int child;

	tree_for_each_child(build->tree, child, top) {
		if (build->role[child] == TREE_OUTSIDE)
			continue;
		tree_out_begin(&build->out, tree_guest_name(build, child));
		tree_emit_reserved_reg(build, child);
		tree_emit_reserved_size(build, child);
		tree_emit_whole(build, child);
		tree_out_end(&build->out);
	}
}

void tree_emit_reserved(struct tree_build *build, bool base_has_it)
{
	struct tree_out *out = &build->out;
	int top = tree_find(build->tree, "/" TREE_RESERVED);

	if (top == TREE_NONE || build->role[top] == TREE_OUTSIDE)
		return;
	if (!base_has_it) {
		tree_out_begin(out, TREE_RESERVED);
		tree_out_u32(out, "#address-cells",
			     build->base.root.address_cells);
		tree_out_u32(out, "#size-cells", build->base.root.size_cells);
		tree_out_prop(out, "ranges", NULL, 0);
	}
	tree_emit_partitions(build, top);
	if (!base_has_it)
		tree_out_end(out);
}
