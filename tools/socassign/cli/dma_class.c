// SPDX-License-Identifier: GPL-2.0
/*
 * What a node can do to memory
 *
 * The rules of drivers/virt/socassign/rules/dma_class.c, with one difference:
 * whether the PAMUs are on only the driver sees, so without it one that is in the
 * tree counts.
 */
#include "policy.h"

#include <linux/socassign.h>
#include <stdlib.h>

#include "cli.h"

static bool find_pamu(void)
{
	dt_for_each(np)
		if (dt_is_compatible(np, "fsl,pamu") && dt_available(np))
			return true;
	return false;
}

static int pamu_runs = -1;

void dma_set_pamu(bool runs)
{
	pamu_runs = runs;
}

static bool has_pamu(void)
{
	if (pamu_runs < 0)
		pamu_runs = find_pamu();
	return pamu_runs;
}

const struct dt_node *dma_liodn_node(const struct dt_node *np)
{
	while (np && !dt_has(np, "fsl,liodn"))
		np = np->parent;
	return np;
}

static struct dma_liodn *liodns;
static size_t num_liodns;

/* By number, those of one in the tree's order */
static int compare_liodns(const void *a, const void *b)
{
	const struct dma_liodn *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->np < y->np ? -1 : x->np > y->np;
}

static void add_liodns(const struct dt_node *np)
{
	int num = dt_num_cells(np, "fsl,liodn");

	liodns = must_grow(liodns, num_liodns + num, sizeof(*liodns));
	for (int i = 0; i < num; i++)
		liodns[num_liodns++] = (struct dma_liodn) {
			dt_cell(np, "fsl,liodn", i), np
		};
}

static void find_liodns(void)
{
	dt_for_each(np)
		if (dt_has(np, "fsl,liodn"))
			add_liodns(np);
	if (num_liodns)
		qsort(liodns, num_liodns, sizeof(*liodns), compare_liodns);
}

static size_t first_liodn(uint32_t id)
{
	size_t low = 0, high = num_liodns;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (liodns[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct dma_liodn *dma_next_liodn(const struct dma_liodn *it, uint32_t id)
{
	if (!liodns)
		find_liodns();
	it = it ? it + 1 : liodns + first_liodn(id);
	return it < liodns + num_liodns && it->id == id ? it : NULL;
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

bool dma_behind_iommu(const struct dt_node *np)
{
	return dt_has(np, "iommus") || dt_num_cells(np, "iommu-map");
}

/* The driver's soca_check_iommus() */
char *dma_iommu_rule(const struct dt_node *np)
{
	int num = dt_num_cells(np, "iommus"), i = 0;

	while (i < num) {
		const struct dt_node *iommu =
			dt_by_phandle(dt_cell(np, "iommus", i));

		if (!iommu)
			break;
		if (!dt_available(iommu))
			return must_print("its IOMMU %s is disabled", iommu->path);
		i += 1 + dt_u32(iommu, "#iommu-cells", 0);
	}
	return i ? NULL :
		   must_print("no iommus names the IOMMU that it is behind");
}

/* The driver's soca_is_master_below() */
static bool is_master_below(const struct dt_node *below, const struct dt_node *np)
{
	return below != np && dma_behind_iommu(below) && !dma_liodn_node(below) &&
	       dt_has_regs(below);
}

const struct dt_node *dma_next_master_below(const struct dt_node *it,
					    const struct dt_node *np)
{
	while (++it < np->end)
		if (is_master_below(it, np))
			return it;
	return NULL;
}

/* The driver's soca_master_rule() */
bool dma_is_master(const struct dt_node *np)
{
	if (dma_liodn_node(np) || np->facts & SOCA_MASTERS_BY_PROXY)
		return true;
	for (const struct dt_node *it = np; it < np->end; it++)
		if (dt_num_cells(it, "fsl,liodn") ||
		    (dma_behind_iommu(it) && !is_master_below(it, np)))
			return true;
	return false;
}

/* Whoever owns its registers cannot change the LIODN. */
static bool is_protected(const struct dt_node *np)
{
	return dt_num_cells(np, "fsl,liodn") && has_pamu() &&
	       (dt_has(np, "fsl,liodn-reg") || np->facts & SOCA_LIODN_IS_FOREIGN);
}

/* The driver's soca_is_behind() */
bool dma_is_behind(const struct dt_node *np)
{
	const struct dt_node *owner = dma_liodn_node(np);

	return owner ? is_protected(owner) : dma_behind_iommu(np);
}

/* The driver's soca_dma_class(), of a portal that is said to be */
bool dma_may_be_confined(const struct dt_node *np)
{
	if (!(np->facts & SOCA_MASTERS_BY_PROXY))
		return false;
	return dma_is_behind(np) ||
	       !(dma_liodn_node(np) || np->facts & SOCA_LIODN_IS_FOREIGN);
}

int dma_class_of(const struct dt_node *np)
{
	if (np->facts & SOCA_MASTERS_BY_PROXY)
		return SOCASSIGN_DMA_UNSAFE;
	if (dma_is_behind(np))
		return SOCASSIGN_DMA_PROTECTED;
	return np->facts & SOCA_MASTERS_NONE && !dma_liodn_node(np) ?
	       SOCASSIGN_DMA_NONE : SOCASSIGN_DMA_UNSAFE;
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
