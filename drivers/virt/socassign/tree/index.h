/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index itself: for those who keep it and check it, not for those who ask it
 */
#ifndef _SOCASSIGN_INDEX_H
#define _SOCASSIGN_INDEX_H

#include "tree/tree.h"

/**
 * struct soca_tree - The index
 * @first: The root, and with it all nodes
 * @num_nodes: Number of nodes
 * @spans: All spans
 * @bits: Size of the hash tables, as a power of two
 * @nodes: Nodes by struct device_node
 * @paths: Nodes by path
 * @liodns: LIODNs by number
 * @lines: Lines by what their domains call them
 *
 * It does not change, but for @lines.
 */
struct soca_tree {
	struct soca_tree_node *first;
	u32 num_nodes;
	struct rb_root_cached spans;
	u32 bits;
	struct hlist_head *nodes;
	struct hlist_head *paths;
	struct hlist_head *liodns;
	struct hlist_head *lines;	/* soca_lines_lock */
};

static inline bool soca_same_args(const struct of_phandle_args *a,
				  const struct of_phandle_args *b)
{
	return a->args_count == b->args_count &&
	       !memcmp(a->args, b->args, a->args_count * sizeof(a->args[0]));
}

/* tree.c */
struct soca_tree *soca_tree_build(void);
void soca_tree_free(struct soca_tree *tree);
void soca_tree_changed(void);
void soca_tree_set_unsettled(bool unsettled);
int soca_tree_with_index(int (*fn)(struct seq_file *file,
				   const struct soca_tree *tree),
			 struct seq_file *file);

/* check.c */
#ifdef CONFIG_DEBUG_FS
void soca_tree_check_init(void);
void soca_tree_check_exit(void);
#else
static inline void soca_tree_check_init(void)
{
}

static inline void soca_tree_check_exit(void)
{
}
#endif

#endif /* _SOCASSIGN_INDEX_H */
