// SPDX-License-Identifier: GPL-2.0
/*
 * Which nodes of the host's tree the guest's tree has, and as what
 */
#include "tree_internal.h"

static int tree_claim_fail(struct tree_build *build, int node, const char *why)
{
	tree_note(build, SOCA_TREE_ERROR, node, NULL, "%s", why);
	return -EINVAL;
}

/* Ancestors become buses that have nothing but the way to the node. */
static int tree_claim_ancestors(struct tree_build *build, int node)
{
	const struct soca_tree *tree = build->tree;

	for (int up = tree->nodes[node].parent; up != TREE_NONE;
	     up = tree->nodes[up].parent) {
		if (tree_is_pci(tree, up))
			return tree_claim_fail(build, node,
					       "it is behind a PCI host bridge");
		if (build->role[up] >= TREE_CARRIED)
			return tree_claim_fail(build, node,
					       "an ancestor of it is named, too");
		build->role[up] = TREE_SKELETON;
	}
	return 0;
}

/*
 * Without SUBTREE the node's registers are claimed and nobody else's: children
 * that have some stay with the host.  Behind a bus that cannot be mapped (I2C,
 * SPI, MDIO, PCI) they are a part of what the node is.
 */
static void tree_claim_children(struct tree_build *build, int node)
{
	const struct soca_tree *tree = build->tree;
	int child;

	tree_for_each_child(tree, child, node) {
		if (tree_is_mapped(tree, child)) {
			tree_note(build, SOCA_TREE_DROPPED, child, NULL,
				  "it has registers that are not claimed (SOCASSIGN_SUBTREE claims them)");
			continue;
		}
		build->role[child] = TREE_CARRIED;
		tree_claim_children(build, child);
	}
}

static int tree_claim_node(struct tree_build *build,
			   const struct soca_tree_node *named)
{
	const struct soca_tree *tree = build->tree;
	int node = tree_resolve(tree, named->path), below;

	if (node == TREE_NONE) {
		tree_report_add(build->report, SOCA_TREE_ERROR, named->path,
				NULL, "the host's tree has no such node");
		return -ENOENT;
	}
	if (node == TREE_ROOT)
		return tree_claim_fail(build, node, "it is the root");
	if (build->role[node] != TREE_OUTSIDE)
		return tree_claim_fail(build, node,
				       "it, or a descendant of it, is named, too");
	if (tree_claim_ancestors(build, node))
		return -EINVAL;
	build->named[node] = true;
	build->role[node] = TREE_CLAIMED;
	if (!named->subtree)
		tree_claim_children(build, node);
	else
		tree_for_each_below(tree, below, node)
			build->role[below] = TREE_CLAIMED;
	return 0;
}

int tree_claim(struct tree_build *build, const struct soca_tree_node *nodes,
	       size_t num)
{
	int ret = 0;

	for (size_t i = 0; i < num && !ret; i++)
		ret = tree_claim_node(build, &nodes[i]);
	return ret;
}
