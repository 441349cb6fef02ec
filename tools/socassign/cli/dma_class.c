// SPDX-License-Identifier: GPL-2.0
/*
 * What a node can do to memory
 *
 * The rules of drivers/virt/socassign/policy.c, with one difference: whether
 * the PAMUs are on is not seen from here, so one that is in the tree counts.
 */
#include "policy.h"

#include <linux/socassign.h>

static const char *const no_dma[] = {
	"fsl-i2c", "fsl,qoriq-gpio", "fsl,pq3-gpio", "ns16550", "ns16550a",
	"arm,pl011", "arm,pl031", "arm,pl061", NULL
};

static const char *const foreign_liodn[] = {
	"fsl,sec-v4.0-job-ring", "fsl,etsec2", NULL
};

static const char *const pamus[] = { "fsl,pamu", NULL };

static bool has_pamu(void)
{
	dt_for_each(np)
		if (dt_matches(np, pamus) && dt_available(np))
			return true;
	return false;
}

const struct dt_node *dma_liodn_node(const struct dt_node *np)
{
	while (np && !dt_has(np, "fsl,liodn"))
		np = np->parent;
	return np;
}

bool dma_same_liodn(const struct dt_node *a, const struct dt_node *b)
{
	for (int i = 0; i < dt_num_cells(a, "fsl,liodn"); i++)
		for (int j = 0; j < dt_num_cells(b, "fsl,liodn"); j++)
			if (dt_cell(a, "fsl,liodn", i) ==
			    dt_cell(b, "fsl,liodn", j))
				return true;
	return false;
}

/* Whoever owns its registers cannot change the LIODN. */
static bool is_protected(const struct dt_node *np)
{
	return dt_num_cells(np, "fsl,liodn") && has_pamu() &&
	       (dt_has(np, "fsl,liodn-reg") || dt_matches(np, foreign_liodn));
}

int dma_class_of(const struct dt_node *np)
{
	const struct dt_node *owner = dma_liodn_node(np);

	if (owner)
		return is_protected(owner) ? SOCASSIGN_DMA_PROTECTED :
					     SOCASSIGN_DMA_UNSAFE;
	if (dt_matches(np, no_dma) && !dt_has(np, "dmas"))
		return SOCASSIGN_DMA_NONE;
	if (dt_has(np, "iommus"))
		return SOCASSIGN_DMA_PROTECTED;
	return SOCASSIGN_DMA_UNSAFE;
}

const char *dma_class_name(int dma_class)
{
	switch (dma_class) {
	case SOCASSIGN_DMA_NONE:
		return "none";
	case SOCASSIGN_DMA_PROTECTED:
		return "protected";
	case SOCASSIGN_DMA_UNSAFE:
		return "unsafe";
	default:
		return "-";
	}
}
