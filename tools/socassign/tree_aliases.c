// SPDX-License-Identifier: GPL-2.0
/*
 * Aliases and labels: names that the host's tree has for nodes of the claim
 */
#include "tree_internal.h"

/* The node of the claim that entry @prop of @list stands for, or TREE_NONE */
static int tree_named_node(const struct tree_build *build, int prop,
			   const char **name)
{
	const struct soca_tree *tree = build->tree;
	const char *path;
	int len, node;

	path = fdt_getprop_by_offset(tree->fdt, prop, name, &len);
	if (!path || !len || strnlen(path, len) != (size_t)len - 1)
		return TREE_NONE;
	node = tree_find(tree, path);
	return node != TREE_NONE && tree_inside(build, node) ? node : TREE_NONE;
}

static void tree_emit_name(struct tree_build *build, const char *name, int node)
{
	char *path = tree_guest_path(build, node);

	if (path)
		tree_out_string(&build->out, name, path);
	else
		tree_out_fail(&build->out, -ENOMEM);
	free(path);
}

static bool tree_any_named(const struct tree_build *build, int list)
{
	const struct soca_tree *tree = build->tree;
	const char *name;
	int prop;

	fdt_for_each_property_offset(prop, tree->fdt, tree->nodes[list].offset)
		if (tree_named_node(build, prop, &name) != TREE_NONE)
			return true;
	return false;
}

/* All that @list has, except what the base tree has at @base_offset. */
static void tree_emit_list(struct tree_build *build, int list, int base_offset)
{
	const struct soca_tree *tree = build->tree;
	int prop, node, len, offset = tree->nodes[list].offset;
	const char *name;

	fdt_for_each_property_offset(prop, tree->fdt, offset) {
		node = tree_named_node(build, prop, &name);
		if (node == TREE_NONE)
			continue;
		if (base_offset >= 0 &&
		    fdt_getprop(build->base.fdt, base_offset, name, &len))
			tree_note(build, SOCA_TREE_DROPPED, list, name,
				  "the guest's base tree has one of that name");
		else
			tree_emit_name(build, name, node);
	}
}

/* Into the open node at @base_offset, or as a node of its own */
void tree_emit_names(struct tree_build *build, const char *list,
		     int base_offset)
{
	int node = tree_child(build->tree, TREE_ROOT, list, strlen(list));

	if (node == TREE_NONE || !tree_any_named(build, node))
		return;
	if (base_offset < 0)
		tree_out_begin(&build->out, list);
	tree_emit_list(build, node, base_offset);
	if (base_offset < 0)
		tree_out_end(&build->out);
}
