// SPDX-License-Identifier: GPL-2.0
/*
 * The windows of a partition's devices, held against the host's tree
 */
#include "partition.h"

#include <linux/socassign.h>
#include <string.h>

#include "hw/pamu_plan.h"
#include "policy.h"

/* Where the devices' DMA goes through */

static bool has_liodn(const struct holding *holding)
{
	holding_for_each(np, holding)
		if (dma_liodn_node(np))
			return true;
	return false;
}

static bool has_iommu(const struct holding *holding)
{
	holding_for_each(np, holding)
		if (dma_behind_iommu(np))
			return true;
	return false;
}

/* Is it a LIODN that no entry before this one has? */
static bool is_new_liodn(const struct holding *holding,
			 const struct dt_node *owner, int entry)
{
	uint32_t id = dt_cell(owner, "fsl,liodn", entry);

	holding_for_each(np, holding)
		for (int i = 0; i < dt_num_cells(np, "fsl,liodn"); i++) {
			if (np == owner && i == entry)
				return true;
			if (dt_cell(np, "fsl,liodn", i) == id)
				return false;
		}
	return true;
}

/* The driver's soca_add_liodns(); all there are, if these are the only kind. */
static unsigned int count_liodns(const struct holding *holding)
{
	unsigned int num = 0;

	holding_for_each(np, holding)
		for (int i = 0; i < dt_num_cells(np, "fsl,liodn"); i++)
			num += is_new_liodn(holding, np, i);
	return num;
}

static bool has_liodns_only(const struct holding *holding)
{
	return count_liodns(holding) && !has_iommu(holding) &&
	       !(holding->claim->flags &
		 (SOCASSIGN_UNSAFE_DMA | SOCASSIGN_CONFINED_DMA));
}

/* A window alone */

/* A word about them makes an identity of its own, and a portal may have others'. */
static bool has_identity(const struct holding *holding)
{
	if (holding->claim->flags &
	    (SOCASSIGN_UNSAFE_DMA | SOCASSIGN_CONFINED_DMA))
		return true;
	holding_for_each(np, holding)
		if (dma_may_be_confined(np))
			return true;
	return has_liodn(holding) || has_iommu(holding);
}

static void check_index(const struct holding *holding,
			const struct conf_window *window)
{
	unsigned int num = count_liodns(holding);

	if (!has_identity(holding))
		finding_of_window(FINDING_ERROR, holding, window, "index",
				  "it is %u, and the devices have neither a LIODN nor an IOMMU",
				  window->index);
	if (has_liodns_only(holding) && window->index >= num)
		finding_of_window(FINDING_ERROR, holding, window, "index",
				  "it is %u, and the devices have %u LIODNs",
				  window->index, num);
}

static void check_pamu(const struct holding *holding,
		       const struct conf_window *window)
{
	if (has_liodn(holding))
		return;
	if (window->stash_level)
		finding_of_window(FINDING_ERROR, holding, window, "stash-level",
				  "only a PAMU stashes, and the devices are behind none");
	if (window->operation)
		finding_of_window(FINDING_ERROR, holding, window, "operation",
				  "only a PAMU maps operations, and the devices are behind none");
}

static bool is_cpu_of(const struct conf_partition *partition, const char *path)
{
	for (unsigned int i = 0; i < partition->cpu_paths.num; i++)
		if (!strcmp(partition->cpu_paths.item[i], path))
			return true;
	return !partition->cpu_paths.num;
}

static void check_cpu(const struct holding *holding,
		      const struct conf_window *window)
{
	const char *path = window->stash_cpu_path;
	const struct dt_node *np = path ? dt_find(path) : NULL;

	if (!path)
		return;
	if (!np)
		finding_of_window(FINDING_ERROR, holding, window,
				  "stash-cpu-path",
				  "the host's tree has no such node: %s", path);
	else if (!dt_is_type(np, "cpu"))
		finding_of_window(FINDING_ERROR, holding, window,
				  "stash-cpu-path", "%s is no CPU", path);
	else if (!is_cpu_of(holding->partition, path))
		finding_of_window(FINDING_NOTE, holding, window,
				  "stash-cpu-path",
				  "%s is no CPU of the partition's", path);
}

/* What memory is behind it */

static bool find_memory(const char *path, struct dt_span *span)
{
	const struct dt_node *np = dt_find(path);

	return np && dt_reg(np, 0, span) == 1;
}

static bool is_within(const struct dt_span *span, uint64_t first, uint64_t size)
{
	return first >= span->first && first <= span->last &&
	       size - 1 <= span->last - first;
}

static void check_memory(const struct holding *holding,
			 const struct conf_window *window)
{
	struct dt_span span;
	uint64_t bytes;

	if (!find_memory(window->memory_path, &span))
		return;
	bytes = span.last - span.first + 1;
	if (window->offset > bytes || window->size > bytes - window->offset)
		finding_of_window(FINDING_ERROR, holding, window, "size",
				  "it ends beyond %s, which has 0x%llx bytes",
				  window->memory_path,
				  (unsigned long long)bytes);
}

/* The guest has it where the host has it. */
static bool is_in_common(const struct holding *holding,
			 const struct conf_window *window)
{
	const struct conf_partition *partition = holding->partition;
	struct dt_span span;

	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_claim *claim = &partition->claims[i];

		if (claim->is_memory &&
		    find_memory(claim->paths.item[0], &span) &&
		    is_within(&span, window->offset, window->size))
			return true;
	}
	return false;
}

/* Where the guest has its own memory only the VMM knows. */
static void check_guests_memory(const struct holding *holding,
				const struct conf_window *window)
{
	const struct conf_partition *partition = holding->partition;
	uint64_t bytes = partition->memory_size;
	struct dt_span span;

	if (partition->memory_path) {
		if (!find_memory(partition->memory_path, &span))
			return;
		bytes = span.last - span.first + 1;
	}
	if (window->size > bytes && !is_in_common(holding, window))
		finding_of_window(FINDING_ERROR, holding, window, "size",
				  "it is more than the guest's memory, which has 0x%llx bytes",
				  (unsigned long long)bytes);
}

static void check_window(const struct holding *holding,
			 const struct conf_window *window)
{
	check_index(holding, window);
	check_pamu(holding, window);
	check_cpu(holding, window);
	if (window->memory_path)
		check_memory(holding, window);
	else
		check_guests_memory(holding, window);
}

/* All windows of a LIODN: has a PAMU a geometry for them? */

/* What is not known yet is where it should be. */
static uint64_t address_of(const struct conf_window *window)
{
	struct dt_span span;

	return window->memory_path && find_memory(window->memory_path, &span) ?
	       span.first + window->offset : 0;
}

static void check_geometry(const struct holding *holding, uint32_t index)
{
	const struct conf_claim *claim = holding->claim;
	const struct conf_window *window[CONF_MAX_WINDOWS];
	struct soca_plan_window wanted[CONF_MAX_WINDOWS];
	struct soca_plan_error error;
	struct soca_plan plan;
	unsigned int num = 0;
	char rule[128];

	for (unsigned int i = 0; i < claim->num_windows; i++) {
		const struct conf_window *it = &claim->windows[i];

		if (it->index != index)
			continue;
		wanted[num] = (struct soca_plan_window) {
			.iova = it->iova, .size = it->size,
			.phys = address_of(it),
		};
		window[num++] = it;
	}
	if (soca_plan_make(&plan, wanted, num, SOCA_PLAN_MAX_SUBWINDOWS,
			   &error))
		return;
	soca_plan_explain(&error, rule, sizeof(rule));
	finding_of_window(FINDING_ERROR, holding, window[error.window], "iova",
			  "no PAMU has such windows of index %u: %s", index,
			  rule);
}

static bool is_first_of_index(const struct conf_claim *claim, unsigned int window)
{
	for (unsigned int i = 0; i < window; i++)
		if (claim->windows[i].index == claim->windows[window].index)
			return false;
	return true;
}

void check_windows(const struct holding *holding)
{
	const struct conf_claim *claim = holding->claim;

	for (unsigned int i = 0; i < claim->num_windows; i++) {
		check_window(holding, &claim->windows[i]);
		if (has_liodns_only(holding) && is_first_of_index(claim, i))
			check_geometry(holding, claim->windows[i].index);
	}
}
