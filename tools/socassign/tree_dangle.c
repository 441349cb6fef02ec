// SPDX-License-Identifier: GPL-2.0
/*
 * What an edited tree refers to has to be there
 *
 * Some properties refer by their name alone; of others only the tree as it was
 * before tells that they do.
 */
#include "tree_internal.h"

/* What the table of rules leaves to the code for interrupts */
static const struct tree_rule tree_irq_rules[] = {
	{ .name = "interrupt-parent", .shape = TREE_FIXED, .strict = true },
	{ .name = "interrupts-extended", .cells = "#interrupt-cells",
	  .strict = true },
};

const struct tree_rule *tree_dangle_rule(const char *name)
{
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_irq_rules); i++)
		if (!strcmp(tree_irq_rules[i].name, name))
			return &tree_irq_rules[i];
	return tree_rule_find(name);
}

/* A tree that is looked through */
struct tree_look {
	const struct soca_tree *tree;
	const struct soca_tree *before;
	struct soca_tree_report *report;
};

static int tree_look_fail(const struct tree_look *look, int node,
			  const char *name, const char *reason)
{
	return tree_blob_fail(look->report, look->tree->fdt,
			      look->tree->nodes[node].offset, name, reason);
}

/* The references of a property: how many, -EINVAL: it has none, -ENOMEM */
static int tree_look_refs(const struct soca_tree *tree, int node,
			  const struct tree_rule *rule, const char *name,
			  struct tree_cells *cells, struct tree_ref **refs)
{
	struct tree_target target = {
		tree->fdt, tree->nodes[node].offset, tree_find_host, tree
	};

	tree_cells(tree, node, name, cells);
	*refs = calloc(cells->num + 1, sizeof(**refs));
	return *refs ? tree_refs(&target, rule, cells, *refs) : -ENOMEM;
}

/* An entry of interrupt-map whose parent is missing */
static bool tree_map_is_broken(const struct soca_tree *tree, int node)
{
	struct tree_map_entry entry;
	struct tree_cells map;
	uint64_t child;
	int at = 0;

	while (tree_map_entry(tree, node, at, &entry))
		at += entry.num;
	tree_cells(tree, node, "interrupt-map", &map);
	child = (uint64_t)tree_nexus_cells(tree, node) +
		tree_u32(tree, node, "#interrupt-cells", 0);
	return at + child < (uint64_t)map.num &&
	       tree_by_phandle(tree, fdt32_ld(map.cell + at + child)) ==
	       TREE_NONE;
}

/* Names that mean a reference everywhere */
static int tree_look_strict(const void *data, int node, const char *name)
{
	static const char reason[] = "it refers to nothing, or cannot be read";
	const struct tree_look *look = data;
	const struct tree_rule *rule = tree_dangle_rule(name);
	struct tree_cells cells;
	struct tree_ref *refs;
	int num;

	if (!strcmp(name, "interrupt-map"))
		return tree_map_is_broken(look->tree, node) ?
		       tree_look_fail(look, node, name, reason) : 0;
	if (!rule || !rule->strict)
		return 0;
	num = tree_look_refs(look->tree, node, rule, name, &cells, &refs);
	free(refs);
	if (num == -EINVAL)
		return tree_look_fail(look, node, name, reason);
	return num < 0 ? num : 0;
}

/* Is the property of @before, which refers to what is gone, still there? */
static int tree_look_again(const struct tree_look *look, int node,
			   const char *name)
{
	char *path = tree_path(look->before, node);
	int now = path ? tree_find(look->tree, path) : TREE_NONE;
	int len, now_len;
	const void *value = tree_prop(look->before, node, name, &len);
	const void *now_value = NULL;

	if (now != TREE_NONE)
		now_value = tree_prop(look->tree, now, name, &now_len);
	if (!path)
		return -ENOMEM;
	free(path);
	if (!now_value || len != now_len || memcmp(value, now_value, len))
		return 0;
	return tree_look_fail(look, now, name,
			      "it refers to what the overlay deletes or renumbers");
}

static int tree_look_lost(const void *data, int node, const char *name)
{
	const struct tree_look *look = data;
	const struct tree_rule *rule = tree_dangle_rule(name);
	struct tree_cells cells;
	struct tree_ref *refs;
	bool lost = false;
	int num;

	if (!rule)
		return 0;
	num = tree_look_refs(look->before, node, rule, name, &cells, &refs);
	for (int i = 0; i < num && !lost; i++) {
		uint32_t phandle = fdt32_ld(cells.cell + refs[i].at);

		lost = tree_by_phandle(look->before, phandle) != TREE_NONE &&
		       tree_by_phandle(look->tree, phandle) == TREE_NONE;
	}
	free(refs);
	if (num == -ENOMEM)
		return num;
	return lost ? tree_look_again(look, node, name) : 0;
}

static int tree_look_open(const void *fdt, struct soca_tree **tree)
{
	return soca_tree_open(fdt, fdt_totalsize(fdt), tree);
}

int tree_check_references(const void *fdt, struct soca_tree_report *report)
{
	struct tree_look look = { .report = report };
	struct soca_tree *tree;
	int ret = tree_look_open(fdt, &tree);

	if (ret)
		return ret;
	look.tree = tree;
	ret = tree_each_prop(tree, tree_look_strict, &look);
	soca_tree_close(tree);
	return ret;
}

/* The same phandle may lead to another node now: that is for whoever set it. */
int tree_check_lost(const void *fdt, const void *before,
		    struct soca_tree_report *report)
{
	struct tree_look look = { .report = report };
	struct soca_tree *tree = NULL, *old = NULL;
	int ret = tree_look_open(fdt, &tree);

	if (!ret)
		ret = tree_look_open(before, &old);
	look.tree = tree;
	look.before = old;
	if (!ret)
		ret = tree_each_prop(old, tree_look_lost, &look);
	soca_tree_close(tree);
	soca_tree_close(old);
	return ret;
}
