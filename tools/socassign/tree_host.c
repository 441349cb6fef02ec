// SPDX-License-Identifier: GPL-2.0
/*
 * The host's tree: an index of nodes and phandles over the blob
 */
#include "tree_internal.h"

static int tree_count(const void *fdt)
{
	int num = 0;

	for (int offset = 0; offset >= 0;
	     offset = fdt_next_node(fdt, offset, NULL))
		num++;
	return num;
}

/* Closes the nodes that a node at @depth ends; open[d] is the one at d. */
static void tree_close_nodes(struct soca_tree *tree, int *open, int from,
			     int depth)
{
	for (; from >= depth; from--)
		tree->nodes[open[from]].end = tree->num;
}

static void tree_index_nodes(struct soca_tree *tree)
{
	int open[SOCA_TREE_MAX_DEPTH + 1], depth = 0, last = -1;

	for (int offset = 0; offset >= 0 && depth >= 0;
	     offset = fdt_next_node(tree->fdt, offset, &depth)) {
		struct tree_node *node = &tree->nodes[tree->num];

		tree_close_nodes(tree, open, last, depth);
		node->offset = offset;
		node->parent = depth ? open[depth - 1] : TREE_NONE;
		node->name = fdt_get_name(tree->fdt, offset, NULL);
		node->phandle = fdt_get_phandle(tree->fdt, offset);
		if (node->phandle == UINT32_MAX)
			node->phandle = 0;
		open[depth] = tree->num++;
		last = depth;
	}
	tree_close_nodes(tree, open, last, 0);
}

static int tree_phandle_cmp(const void *left, const void *right)
{
	const struct tree_phandle *a = left, *b = right;

	if (a->phandle != b->phandle)
		return a->phandle < b->phandle ? -1 : 1;
	return a->node - b->node;
}

static void tree_index_phandles(struct soca_tree *tree)
{
	for (int node = 0; node < tree->num; node++)
		if (tree->nodes[node].phandle)
			tree->phandles[tree->num_phandles++] =
				(struct tree_phandle) {
					tree->nodes[node].phandle, node
				};
	qsort(tree->phandles, tree->num_phandles, sizeof(*tree->phandles),
	      tree_phandle_cmp);
}

static int tree_index(struct soca_tree *tree)
{
	int num = tree_count(tree->fdt);

	tree->nodes = calloc(num, sizeof(*tree->nodes));
	tree->phandles = calloc(num, sizeof(*tree->phandles));
	if (!tree->nodes || !tree->phandles)
		return -ENOMEM;
	tree_index_nodes(tree);
	tree_index_phandles(tree);
	return 0;
}

int soca_tree_open(const void *fdt, size_t size, struct soca_tree **out)
{
	struct soca_tree *tree;
	int ret = -ENOMEM;

	if (size > INT32_MAX)
		return -EINVAL;
	tree = calloc(1, sizeof(*tree));
	if (tree)
		tree->fdt = malloc(size ? size : 1);
	if (tree && tree->fdt) {
		memcpy(tree->fdt, fdt, size);
		ret = tree_check(tree->fdt, size);
		if (!ret)
			ret = tree_index(tree);
	}
	if (ret) {
		soca_tree_close(tree);
		return ret;
	}
	*out = tree;
	return 0;
}

void soca_tree_close(struct soca_tree *tree)
{
	if (!tree)
		return;
	free(tree->fdt);
	free(tree->nodes);
	free(tree->phandles);
	free(tree);
}

const void *tree_prop(const struct soca_tree *tree, int node, const char *name,
		      int *len)
{
	return tree_blob_prop(tree->fdt, tree->nodes[node].offset, name, len);
}

int tree_each_prop(const struct soca_tree *tree,
		   int (*fn)(const void *data, int node, const char *name),
		   const void *data)
{
	const char *name;
	int prop, len, ret = 0;

	for (int node = 0; node < tree->num && !ret; node++)
		fdt_for_each_property_offset(prop, tree->fdt,
					     tree->nodes[node].offset) {
			if (!fdt_getprop_by_offset(tree->fdt, prop, &name,
						   &len))
				continue;
			ret = fn(data, node, name);
			if (ret)
				break;
		}
	return ret;
}

bool tree_cells(const struct soca_tree *tree, int node, const char *name,
		struct tree_cells *cells)
{
	return tree_blob_cells(tree->fdt, tree->nodes[node].offset, name,
			       cells);
}

uint32_t tree_u32(const struct soca_tree *tree, int node, const char *name,
		  uint32_t otherwise)
{
	return tree_blob_u32(tree->fdt, tree->nodes[node].offset, name,
			     otherwise);
}

bool tree_has(const struct soca_tree *tree, int node, const char *name)
{
	int len;

	return tree_prop(tree, node, name, &len);
}

bool tree_is_compatible(const struct soca_tree *tree, int node,
			const char *compatible)
{
	return tree_blob_lists(tree->fdt, tree->nodes[node].offset,
			       "compatible", compatible);
}

bool tree_is_available(const struct soca_tree *tree, int node)
{
	const char *status = tree_blob_string(tree->fdt,
					      tree->nodes[node].offset,
					      "status");

	if (!tree_has(tree, node, "status"))
		return true;
	return status && (!strcmp(status, "okay") || !strcmp(status, "ok"));
}

int tree_child(const struct soca_tree *tree, int node, const char *name,
	       size_t len)
{
	int child;

	tree_for_each_child(tree, child, node)
		if (!strncmp(tree->nodes[child].name, name, len) &&
		    !tree->nodes[child].name[len])
			return child;
	return TREE_NONE;
}

int tree_find(const struct soca_tree *tree, const char *path)
{
	int node = TREE_ROOT;

	if (*path != '/')
		return TREE_NONE;
	while (node != TREE_NONE) {
		size_t len;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (!len)
			break;
		node = tree_child(tree, node, path, len);
		path += len;
	}
	return node;
}

/* The node that an alias of @len bytes stands for. */
static int tree_find_alias(const struct soca_tree *tree, const char *name,
			   size_t len)
{
	int aliases = tree_find(tree, "/aliases");
	char *alias = strndup(name, len);
	const char *path = NULL;

	if (aliases != TREE_NONE && alias)
		path = tree_blob_string(tree->fdt, tree->nodes[aliases].offset,
					alias);
	free(alias);
	return path ? tree_find(tree, path) : TREE_NONE;
}

int tree_resolve(const struct soca_tree *tree, const char *path)
{
	size_t len = strcspn(path, "/");
	int node;

	if (!len)
		return tree_find(tree, path);
	node = tree_find_alias(tree, path, len);
	for (path += len; node != TREE_NONE && *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len)
			node = tree_child(tree, node, path, len);
	}
	return node;
}

int tree_by_phandle(const struct soca_tree *tree, uint32_t phandle)
{
	int first = 0, last = tree->num_phandles;

	while (first < last) {
		int middle = first + (last - first) / 2;

		if (tree->phandles[middle].phandle < phandle)
			first = middle + 1;
		else
			last = middle;
	}
	if (!phandle || first == tree->num_phandles ||
	    tree->phandles[first].phandle != phandle)
		return TREE_NONE;
	return tree->phandles[first].node;
}

char *tree_path(const struct soca_tree *tree, int node)
{
	size_t len = 1;
	char *path;

	for (int up = node; up > TREE_ROOT; up = tree->nodes[up].parent)
		len += 1 + strlen(tree->nodes[up].name);
	path = malloc(node == TREE_ROOT ? 2 : len);
	if (!path)
		return NULL;
	if (node == TREE_ROOT)
		return strcpy(path, "/");
	path[--len] = 0;
	for (; node > TREE_ROOT; node = tree->nodes[node].parent) {
		size_t part = strlen(tree->nodes[node].name);

		len -= part;
		memcpy(path + len, tree->nodes[node].name, part);
		path[--len] = '/';
	}
	return path;
}
