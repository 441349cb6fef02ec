/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The nodes that somebody asks for, and then has
 */
#ifndef _SOCASSIGN_SET_H
#define _SOCASSIGN_SET_H

#include <linux/list.h>
#include <linux/of.h>
#include <uapi/linux/socassign.h>

#include "base/strings.h"
#include "tree/bound.h"

struct soca_owned;
struct soca_quiesce_map;
struct soca_reason;
struct soca_tree_node;
struct soca_write;

/**
 * struct soca_node - A node of a set
 * @np: The node; the reference is dropped once its device went back
 * @dev: Its device, with a reference, or NULL
 * @is_ours: @dev was bound to us when the node was asked for
 * @is_declared: The administrator had declared its DMA class then
 * @masters_none: As one that masters no bus
 * @is_confined: As one on whose behalf only such do DMA that are confined
 * @shares_regs: He lets its owner reach registers of neighbours
 * @origin: How it came by @dev
 * @is_root: Named by the caller, rather than a descendant of such a one
 * @num_below: How many descendants came along; they follow in the order of the tree
 * @owned: What the registry has for a root, or NULL
 * @is_protected: A PAMU guards its LIODNs, or an IOMMU its device
 * @has_liodns: The former
 * @is_unsafe: It may master a bus, or have others do so, and nothing guards that
 * @first_region: Index of the first of its regions, which follow each other
 * @num_regions: Number of them
 * @quiesce: What there is to write to make it quiet, or NULL
 * @quiesce_map: Where, while the claim is up
 * @can_quiet: There is a way to bring it back to its start
 */
struct soca_node {
	struct device_node *np;
	struct device *dev;
	bool is_ours;
	bool is_declared;
	bool masters_none;
	bool is_confined;
	bool shares_regs;
	enum soca_origin origin;
	bool is_root;
	u32 num_below;
	struct soca_owned *owned;
	bool is_protected;
	bool has_liodns;
	bool is_unsafe;
	u32 first_region;
	u32 num_regions;
	const struct soca_write *quiesce;
	struct soca_quiesce_map *quiesce_map;
	bool can_quiet;
};

/**
 * struct soca_set - Nodes, who asks for them, and how
 * @list: Among those that have an owner; under soca_registry_lock
 * @flags: enum socassign_instantiate_flags
 * @dma_class: enum socassign_dma_class; the rules find it out
 * @privileged: The caller has CAP_SYS_ADMIN
 * @reason: Why he is refused, while he waits to know; else NULL
 * @is_partition: One node, memory; no device
 * @has_liodns: A node of it has
 * @is_zeroed: A partition that was; under soca_partition_lock
 * @num_nodes: Number of @nodes
 * @nodes: The nodes
 * @paths: Their paths
 *
 * What describes it to the user (flags, class, paths) does not change once
 * there is a claim.
 */
struct soca_set {
	struct list_head list;
	u32 flags;
	u32 dma_class;
	bool privileged;
	struct soca_reason *reason;
	bool is_partition;
	bool has_liodns;
	bool is_zeroed;
	unsigned int num_nodes;
	struct soca_node *nodes;
	struct soca_strings paths;
};

const struct soca_tree_node *soca_find_path(const char *path);
int soca_set_add_paths(struct soca_set *set, const char *paths, u32 len);
bool soca_set_overlaps(const struct soca_set *set,
		       const struct device_node *np);
bool soca_set_has(const struct soca_set *set, const struct device_node *np);
u32 soca_set_index(const struct soca_set *set, const struct device_node *np);
u32 soca_set_place(const struct soca_set *set,
		   const struct soca_tree_node *node);
bool soca_set_covers(const struct soca_set *set, const struct device_node *np);
bool soca_set_is_below(const struct soca_set *set,
		       const struct device_node *np);
void soca_set_put_nodes(struct soca_set *set);
void soca_set_free(struct soca_set *set);
bool soca_node_below(const struct device_node *np,
		     const struct device_node *ancestor);
bool soca_is_partition(const struct device_node *np);

/* The root behind the one at @i: for (i = 0; i < num_nodes; i = next) */
static inline u32 soca_set_next_root(const struct soca_set *set, u32 i)
{
	return i + 1 + set->nodes[i].num_below;
}

#endif /* _SOCASSIGN_SET_H */
