// SPDX-License-Identifier: GPL-2.0-only
/*
 * A region: where in the file it is
 */
#include "claim/claim.h"
#include "parts/region.h"

static bool soca_in_cookie(unsigned long pgoff, unsigned long cookie,
			   unsigned long pages)
{
	return cookie && pgoff >= cookie && pgoff - cookie < pages;
}

/**
 * soca_find_region - Find a region by its place in the file
 * @claim: The claim
 * @pgoff: The place, in pages
 * @cached: Set to whether it is that for a cacheable mapping
 *
 * Return: The region, or NULL.
 */
struct soca_region *soca_find_region(struct soca_claim *claim,
				     unsigned long pgoff, bool *cached)
{
	for (unsigned int i = 0; i < claim->num_regions; i++) {
		struct soca_region *region = &claim->regions[i];
		unsigned long pages = soca_region_pages(region);

		*cached = soca_in_cookie(pgoff, region->cached_pgoff, pages);
		if (*cached || soca_in_cookie(pgoff, region->pgoff, pages))
			return region;
	}
	return NULL;
}
