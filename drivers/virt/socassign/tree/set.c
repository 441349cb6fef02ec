// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nodes that somebody asks for: from their paths, and what they are to others
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/slab.h>
#include <linux/string.h>

#include "base/reason.h"
#include "tree/set.h"
#include "tree/tree.h"

/**
 * soca_node_below - Is a node another one, or a descendant of it?
 * @np: The node
 * @ancestor: The other one
 *
 * Return: true if so.
 */
bool soca_node_below(const struct device_node *np,
		     const struct device_node *ancestor)
{
	/* What was above a node that was taken out may be gone. */
	if (of_node_check_flag(np, OF_DETACHED))
		return np == ancestor;
	for (; np; np = np->parent)
		if (np == ancestor)
			return true;
	return false;
}

/**
 * soca_is_partition - Is a node a child of /reserved-memory?
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_is_partition(const struct device_node *np)
{
	return np->parent && of_node_is_root(np->parent->parent) &&
	       of_node_name_eq(np->parent, "reserved-memory");
}

/* Room for a root and @num_below nodes below it. */
static int soca_grow_nodes(struct soca_set *set,
			   const struct soca_tree_node *root, u32 num_below)
{
	struct soca_node *nodes;

	if (num_below >= SOCASSIGN_MAX_NODES - set->num_nodes) {
		soca_refuse(set->reason, root->np, "more than %u nodes in a claim",
			    SOCASSIGN_MAX_NODES);
		return -EINVAL;
	}
	nodes = krealloc_array(set->nodes, set->num_nodes + 1 + num_below,
			       sizeof(*nodes), GFP_KERNEL_ACCOUNT);
	if (!nodes)
		return -ENOMEM;
	set->nodes = nodes;
	return 0;
}

static int soca_add_node(struct soca_set *set, const struct soca_tree_node *node)
{
	if (soca_tree_is_moving(node->np)) {
		soca_refuse(set->reason, node->np, "its overlay is being applied or removed");
		return -EBUSY;
	}
	set->nodes[set->num_nodes++] = (struct soca_node) {
		.np = of_node_get(node->np),
	};
	set->has_liodns |= !!node->liodns;
	return soca_strings_add(&set->paths, node->path);
}

/**
 * soca_set_overlaps - Is a node in a set, or above or below one that is?
 * @set: The set, which holds its nodes
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_set_overlaps(const struct soca_set *set,
		       const struct device_node *np)
{
	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i))
		if (soca_node_below(np, set->nodes[i].np) ||
		    soca_node_below(set->nodes[i].np, np))
			return true;
	return false;
}

/* Is the path, up to its first slash, an alias of the tree's? */
static bool soca_is_alias(const char *path)
{
	struct device_node *aliases __free(device_node) =
		of_find_node_by_path("/aliases");
	char *name __free(kfree) =
		kmemdup_nul(path, strcspn(path, "/"), GFP_KERNEL);

	return aliases && name && of_property_present(aliases, name);
}

/**
 * soca_find_path - Find a node as the caller of INSTANTIATE names it
 * @path: A path, or an alias; no options
 *
 * Context: Process context, under soca_tree_lock().
 * Return: The node, -EINVAL or -ENOENT.
 */
const struct soca_tree_node *soca_find_path(const char *path)
{
	struct device_node *np;

	if (strchr(path, ':'))
		return ERR_PTR(-EINVAL);
	if (*path == '/')
		return soca_tree_find_path(path) ?: ERR_PTR(-ENOENT);
	if (!soca_is_alias(path))
		return ERR_PTR(-EINVAL);
	np = of_find_node_by_path(path);
	/* Under soca_tree_lock() it stays. */
	of_node_put(np);
	return soca_tree_find(np) ?: ERR_PTR(-ENOENT);
}

static int soca_add_root(struct soca_set *set, const char *path)
{
	const struct soca_tree_node *top = soca_find_path(path), *node;
	u32 root = set->num_nodes, num_below = 0;
	int ret;

	if (IS_ERR(top))
		return PTR_ERR(top);
	if (soca_set_overlaps(set, top->np)) {
		soca_refuse(set->reason, top->np, "named twice, or with a node above or below it");
		return -EINVAL;
	}
	if (set->flags & SOCASSIGN_SUBTREE)
		num_below = top->last - top->order;
	ret = soca_grow_nodes(set, top, num_below);
	for (node = top; !ret && set->num_nodes <= root + num_below;
	     node = node->next)
		ret = soca_add_node(set, node);
	if (ret)
		return ret;
	set->nodes[root].is_root = true;
	set->nodes[root].num_below = num_below;
	return 0;
}

/**
 * soca_set_add_paths - Find the nodes of some paths
 * @set: The set, empty
 * @paths: Paths and aliases, each with its NUL
 * @len: Bytes in @paths
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0, -EINVAL, -ENOENT, -EBUSY for a node that is just coming or going,
 * or -ENOMEM; the set keeps what it has then.
 */
int soca_set_add_paths(struct soca_set *set, const char *paths, u32 len)
{
	int ret = 0;

	for (const char *path = paths; path < paths + len && !ret;
	     path += strlen(path) + 1)
		ret = soca_add_root(set, path);
	return ret;
}

/**
 * soca_set_covers - Is a node in a set, or below one that is?
 * @set: The set, which holds its nodes
 * @np: The node
 *
 * Return: true if so; without SUBTREE what is below is not in it.
 */
bool soca_set_covers(const struct soca_set *set, const struct device_node *np)
{
	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i))
		if (soca_node_below(np, set->nodes[i].np))
			return true;
	return false;
}

/**
 * soca_set_is_below - Is a node above one of a set?
 * @set: The set, which holds its nodes
 * @np: The node, not in it
 *
 * Return: true if so.
 */
bool soca_set_is_below(const struct soca_set *set,
		       const struct device_node *np)
{
	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i))
		if (soca_node_below(set->nodes[i].np, np))
			return true;
	return false;
}

/**
 * soca_set_has - Is a node in a set?
 * @set: The set, which holds its nodes
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_set_has(const struct soca_set *set, const struct device_node *np)
{
	if (set->flags & SOCASSIGN_SUBTREE)
		return soca_set_covers(set, np);
	for (unsigned int i = 0; i < set->num_nodes; i++)
		if (set->nodes[i].np == np)
			return true;
	return false;
}

/**
 * soca_set_index - The index of a node in its set
 * @set: The set, which holds its nodes
 * @np: The node
 *
 * Return: The index; 0 for a node that is not in it.
 */
u32 soca_set_index(const struct soca_set *set, const struct device_node *np)
{
	for (u32 i = 0; i < set->num_nodes; i++)
		if (set->nodes[i].np == np)
			return i;
	return 0;
}

/**
 * soca_set_place - The index of a node in its set, by its place in the tree
 * @set: The set, which holds its nodes
 * @node: The node
 *
 * What came along with a root follows it in the order of the tree.
 *
 * Context: Under soca_tree_lock().
 * Return: The index; U32_MAX for a node that is not in it.
 */
u32 soca_set_place(const struct soca_set *set, const struct soca_tree_node *node)
{
	for (u32 i = 0; i < set->num_nodes; i = soca_set_next_root(set, i)) {
		u32 root = soca_tree_find(set->nodes[i].np)->order;

		if (node->order >= root &&
		    node->order - root <= set->nodes[i].num_below)
			return i + node->order - root;
	}
	return U32_MAX;
}

/**
 * soca_set_put_nodes - Drop the references to the nodes
 * @set: The set, which owns nothing any more
 */
void soca_set_put_nodes(struct soca_set *set)
{
	for (unsigned int i = 0; i < set->num_nodes; i++) {
		of_node_put(set->nodes[i].np);
		set->nodes[i].np = NULL;
	}
}

/**
 * soca_set_free - Free what a set consists of
 * @set: The set
 */
void soca_set_free(struct soca_set *set)
{
	soca_set_put_nodes(set);
	kfree(set->nodes);
	soca_strings_free(&set->paths);
}
