/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a node would be claimed
 */
#ifndef _SOCASSIGN_PLAN_H
#define _SOCASSIGN_PLAN_H

#include "devtree.h"

/* A LIODN that more than so many share is a mistake in the tree. */
#define PLAN_MAX_TOPS	16

/**
 * struct plan - How a node would be claimed
 * @top: The nodes that the claim names: first the node, then those that it has
 *	to be claimed with
 * @num_tops: How many these are
 * @given: Of the flags those that the caller sets anyway
 * @flags: enum socassign_instantiate_flags, as root would set them
 * @dma_class: enum socassign_dma_class of the claim, or -1 for a partition
 * @can_declare: Of what is unsafe it can be declared that it masters no bus
 * @stray: The first node behind an IOMMU that is not known to run, or NULL
 */
struct plan {
	const struct dt_node *top[PLAN_MAX_TOPS];
	unsigned int num_tops;
	uint32_t given;
	uint32_t flags;
	int dma_class;
	bool can_declare;
	const struct dt_node *stray;
};

/* @given: SOCASSIGN_SUBTREE, if it is to be claimed with all that is below it, or 0 */
struct plan plan_make(const struct dt_node *np, uint32_t given);

/* What else has to be said or done for it; for free(), or NULL. */
char *plan_needs(const struct plan *plan);

/* Is the node, or one above it, named by the claim? */
bool plan_covers(const struct plan *plan, const struct dt_node *np);

/* What the claim takes with a node that it names */
const struct dt_node *plan_end(const struct plan *plan,
			       const struct dt_node *top);
#define plan_for_each(_np, _plan, _top)					\
	for (const struct dt_node *(_np) = (_top);			\
	     (_np) < plan_end(_plan, _top); (_np)++)

/* plan_dma.c: its DMA class, and what has to be said for it */
void plan_dma(struct plan *plan);

#endif /* _SOCASSIGN_PLAN_H */
