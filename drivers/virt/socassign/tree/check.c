// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the index say what the tree says?  For tests: an index that a change has
 * not reached would give stale answers.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "tree/index.h"
#include "tree/tree.h"

static bool soca_same_spans(const struct soca_tree_node *a,
			    const struct soca_tree_node *b)
{
	const struct soca_tree_span *x = a->spans, *y = b->spans;

	for (; x && y; x = x->next, y = y->next)
		if (x->kind != y->kind || x->entry != y->entry ||
		    x->span.first != y->span.first ||
		    x->span.last != y->span.last ||
		    x->bus_address != y->bus_address)
			return false;
	return !x && !y;
}

static bool soca_same_lines(const struct soca_tree_node *a,
			    const struct soca_tree_node *b)
{
	const struct soca_tree_line *x = a->lines, *y = b->lines;

	for (; x && y; x = x->next, y = y->next)
		if (x->origin != y->origin || x->entry != y->entry ||
		    x->args.np != y->args.np ||
		    !soca_same_args(&x->args, &y->args))
			return false;
	return !x && !y;
}

static bool soca_same_refs(const struct soca_tree_node *a,
			   const struct soca_tree_node *b)
{
	const struct soca_tree_ref *x = a->refs, *y = b->refs;

	for (; x && y; x = x->next, y = y->next)
		if (x->prop != y->prop || x->entry != y->entry ||
		    x->num_args != y->num_args ||
		    x->target->np != y->target->np ||
		    memcmp(x->args, y->args, x->num_args * sizeof(x->args[0])))
			return false;
	return !x && !y;
}

static bool soca_same_liodns(const struct soca_tree_node *a,
			     const struct soca_tree_node *b)
{
	const struct soca_tree_liodn *x = a->liodns, *y = b->liodns;

	for (; x && y; x = x->next, y = y->next)
		if (x->id != y->id)
			return false;
	return !x && !y;
}

static bool soca_same_node(const struct soca_tree_node *a,
			   const struct soca_tree_node *b)
{
	return a->np == b->np && a->order == b->order && a->last == b->last &&
	       !strcmp(a->path, b->path) && a->has == b->has &&
	       a->num_clocks == b->num_clocks &&
	       soca_same_spans(a, b) && soca_same_lines(a, b) &&
	       soca_same_refs(a, b) && soca_same_liodns(a, b);
}

/* The number of the first node that differs, or that of all nodes. */
static u32 soca_tree_difference(const struct soca_tree *a,
				const struct soca_tree *b)
{
	const struct soca_tree_node *x = a->first, *y = b->first;

	while (x && y && soca_same_node(x, y)) {
		x = x->next;
		y = y->next;
	}
	return x ? x->order : y ? y->order : a->num_nodes;
}

/* A list and its length in bytes, with what the allocator adds. */
#define soca_list_bytes(_first)						\
	({								\
		size_t _bytes = 0;					\
									\
		for (typeof(_first) _it = _first; _it; _it = _it->next)	\
			_bytes += ksize(_it);				\
		_bytes;							\
	})

static size_t soca_tree_bytes(const struct soca_tree *tree)
{
	size_t bytes = (sizeof(*tree->nodes) + sizeof(*tree->paths) +
			sizeof(*tree->liodns) + sizeof(*tree->lines)) <<
		       tree->bits;

	for (struct soca_tree_node *node = tree->first; node; node = node->next)
		bytes += ksize(node) + ksize(node->path) +
			 soca_list_bytes(node->spans) +
			 soca_list_bytes(node->lines) +
			 soca_list_bytes(node->refs) +
			 soca_list_bytes(node->liodns);
	return bytes;
}

/*
 * 1 if a fresh reading is the same, else 0, with the number of the first node that
 * differs, or -ENOMEM.  Under the lock: the tree cannot lose a node between the two.
 */
static int soca_tree_is_true(const struct soca_tree *tree, u32 *differs)
{
	struct soca_tree *fresh = soca_tree_build();
	bool is_same;

	if (!fresh)
		return -ENOMEM;
	*differs = soca_tree_difference(tree, fresh);
	is_same = *differs == fresh->num_nodes && *differs == tree->num_nodes;
	soca_tree_free(fresh);
	return is_same;
}

static int soca_tree_compare(struct seq_file *file, const struct soca_tree *tree)
{
	u32 differs;
	int is_true;

	if (!tree) {
		seq_puts(file, "state: none\n");
		return 0;
	}
	is_true = soca_tree_is_true(tree, &differs);
	if (is_true < 0)
		return is_true;
	seq_printf(file, "nodes: %u\nbytes: %zu\n", tree->num_nodes,
		   soca_tree_bytes(tree));
	if (is_true)
		seq_puts(file, "state: same\n");
	else
		seq_printf(file, "state: differs from node %u on\n", differs);
	return 0;
}

static int soca_tree_check_show(struct seq_file *file, void *unused)
{
	return soca_tree_with_index(soca_tree_compare, file);
}
DEFINE_SHOW_ATTRIBUTE(soca_tree_check);

static struct dentry *soca_debugfs;

/**
 * soca_tree_check_init - Make debugfs' socassign/tree
 *
 * Whoever reads it has the index compared with a fresh reading of the tree.
 */
void soca_tree_check_init(void)
{
	soca_debugfs = debugfs_create_dir("socassign", NULL);
	debugfs_create_file("tree", 0400, soca_debugfs, NULL,
			    &soca_tree_check_fops);
}

void soca_tree_check_exit(void)
{
	debugfs_remove(soca_debugfs);
}
