// SPDX-License-Identifier: GPL-2.0
/*
 * What a claim could do to memory, and what has to be said for it
 *
 * The rules of drivers/virt/socassign/rules/dma_class.c (soca_classify() and what it
 * calls).
 */
#include "policy.h"

#include <linux/socassign.h>
#include <string.h>

#include "cli.h"
#include "sysfs.h"

/**
 * struct masters - The bus masters of a claim
 * @is_unsafe: One may be a bus master, unprotected
 * @is_known: The tree says it of one that is unsafe, so nobody can vouch for it
 */
struct masters {
	bool is_unsafe;
	bool is_known;
};

static bool is_declared(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	return dev && dev->dma_class && !strncmp(dev->dma_class, "none", 4);
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

static void refuse_iommu(const struct dt_node *np, const struct dt_node *top,
			 struct verdict *verdict)
{
	static const char rule[] =
		"a bus master behind an IOMMU that the driver cannot program";

	if (verdict->refusal)
		return;
	verdict->refusal = np == top ? must_print("%s", rule) :
			   must_print("below it is %s: %s", np->path, rule);
}

static void judge_node(const struct dt_node *np, const struct dt_node *top,
		       struct verdict *verdict, struct masters *masters)
{
	bool is_told = dma_is_master(np);
	int dma_class = dma_class_of(np);

	if (!is_told && is_vouched(np, top))
		dma_class = SOCASSIGN_DMA_NONE;
	if (dma_class == SOCASSIGN_DMA_PROTECTED && !dma_liodn_node(np))
		refuse_iommu(np, top, verdict);
	if (dma_class > verdict->dma_class)
		verdict->dma_class = dma_class;
	if (dma_class != SOCASSIGN_DMA_UNSAFE)
		return;
	masters->is_unsafe = true;
	masters->is_known |= is_told;
}

void policy_judge_dma(const struct dt_node *np, struct verdict *verdict)
{
	struct masters masters = { 0 };

	policy_for_each(it, np)
		if (counts(it, np))
			judge_node(it, np, verdict, &masters);
	if (!masters.is_unsafe)
		return;
	policy_need(verdict, must_print("%s", masters.is_known ? "UNSAFE_DMA" :
					"a declared DMA class, NO_DMA or UNSAFE_DMA"));
}

/* LIODNs */

/* Who has a LIODN of the node, and is no part of the claim of @top, or NULL */
static const char *sharer_of(const struct dt_node *np,
			     const struct dt_node *top)
{
	for (int i = 0; i < dt_num_cells(np, "fsl,liodn"); i++) {
		uint32_t id = dt_cell(np, "fsl,liodn", i);
		const struct dma_liodn *it = NULL;

		while ((it = dma_next_liodn(it, id)))
			if (!dt_below(it->np, top) && dt_available(it->np))
				return it->np->path;
	}
	return NULL;
}

/* With whom a node of the claim of @top has to be claimed together, or NULL */
static const char *partner_of(const struct dt_node *np,
			      const struct dt_node *top)
{
	const struct dt_node *owner = dma_liodn_node(np);

	/* One that is unsafe has no windows. */
	if (owner && !dt_below(owner, top))
		return dma_class_of(np) == SOCASSIGN_DMA_PROTECTED ?
		       owner->path : NULL;
	if (owner != np)
		return NULL;
	return sharer_of(np, top);
}

void policy_judge_liodns(const struct dt_node *np, struct verdict *verdict)
{
	const char *partner = NULL;

	policy_for_each(it, np) {
		partner = partner_of(it, np);
		if (partner)
			break;
	}
	if (partner)
		policy_need(verdict,
			    must_print("%s in the same claim (LIODN)",
				       partner));
}
