// SPDX-License-Identifier: GPL-2.0
/*
 * What a claim could do to memory, and what has to be said for it
 *
 * The rules of drivers/virt/socassign/rules/dma_class.c (soca_classify() and what it
 * calls).
 */
#include "plan.h"

#include <linux/socassign.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "sysfs.h"

/**
 * struct masters - The bus masters of a claim
 * @is_unsafe: One may be a bus master, unprotected
 * @is_known: The tree says it of one that is unsafe, so nobody can vouch for it
 * @is_any: The tree says it of one, so nobody can vouch for all
 * @has_portal: One has others do DMA, and it takes a word that they are confined
 */
struct masters {
	bool is_unsafe;
	bool is_known;
	bool is_any;
	bool has_portal;
};

static bool is_shown_as(const struct dt_node *np, const char *dma_class)
{
	const struct device *dev = sysfs_device(np);

	return dev && dev->dma_class &&
	       !strncmp(dev->dma_class, dma_class, strlen(dma_class));
}

static bool is_declared(const struct dt_node *np)
{
	return is_shown_as(np, "none");
}

/* A declaration for a node speaks for what is below it, too. */
static bool is_vouched(const struct dt_node *np, const struct dt_node *top)
{
	for (; np != top; np = np->parent)
		if (is_declared(np))
			return true;
	return is_declared(top);
}

/* A node below counts if it is a device of its own, or is known as a master. */
static bool counts(const struct dt_node *np, const struct dt_node *top)
{
	return np == top || dt_has_regs(np) || dt_has(np, "fsl,liodn") ||
	       dma_behind_iommu(np);
}

static bool is_stray(const struct dt_node *np)
{
	char *rule = dma_iommu_rule(np);
	bool is_one = rule;

	free(rule);
	return is_one;
}

static bool is_taken(const struct dt_node *np, const struct plan *plan)
{
	for (unsigned int i = 0; i < plan->num_tops; i++)
		if (np >= plan->top[i] && np < plan_end(plan, plan->top[i]))
			return true;
	return false;
}

/* The driver's soca_part_outside() */
static bool has_part_outside(const struct dt_node *np, const struct plan *plan)
{
	const struct dt_node *it = np;

	while ((it = dma_next_master_below(it, np)))
		if (!is_taken(it, plan))
			return true;
	return false;
}

static void judge_node(const struct dt_node *np, const struct dt_node *top,
		       struct plan *plan, struct masters *masters)
{
	bool is_portal = dma_may_be_confined(np);
	bool is_told = dma_is_master(np) || has_part_outside(np, plan);
	int dma_class = dma_class_of(np);

	if (!is_told && is_vouched(np, top))
		dma_class = SOCASSIGN_DMA_NONE;
	/* Without a word it would be shown as unsafe. */
	if (is_portal && is_shown_as(np, "protected"))
		dma_class = SOCASSIGN_DMA_PROTECTED;
	if (dma_is_behind(np) && !dma_liodn_node(np) && !plan->stray &&
	    is_stray(np))
		plan->stray = np;
	if (dma_class > plan->dma_class)
		plan->dma_class = dma_class;
	masters->is_any |= is_told;
	if (dma_class != SOCASSIGN_DMA_UNSAFE)
		return;
	masters->has_portal |= is_portal;
	masters->is_unsafe |= !is_portal;
	masters->is_known |= !is_portal && is_told;
}

static uint32_t flags_for(const struct masters *masters)
{
	if (!masters->is_unsafe)
		return masters->has_portal ? SOCASSIGN_CONFINED_DMA : 0;
	return masters->is_any ? SOCASSIGN_UNSAFE_DMA : SOCASSIGN_NO_DMA;
}

void plan_dma(struct plan *plan)
{
	struct masters masters = { 0 };

	for (unsigned int i = 0; i < plan->num_tops; i++)
		plan_for_each(np, plan, plan->top[i])
			if (counts(np, plan->top[i]))
				judge_node(np, plan->top[i], plan, &masters);
	plan->flags |= flags_for(&masters);
	plan->can_declare = masters.is_unsafe && !masters.is_known;
}
