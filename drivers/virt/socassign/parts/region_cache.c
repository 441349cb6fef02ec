// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the pages of regions are mapped: cacheable or not, never both, and no line
 * in a cache outlives the claim
 */
#include <linux/io.h>
#include <linux/lockdep.h>
#include <asm/cacheflush.h>

#include "base/compat.h"
#include "claim/claim.h"
#include "parts/region.h"

#ifdef CONFIG_PPC
/*
 * The same attributes as in user space, so that it is no alias.  Made with the
 * first mapping: on the way down there may be no memory.
 */
static int soca_prepare_flush(struct soca_region *region)
{
	struct soca_span pages = soca_span_pages(region->span);

	if (region->kind == SOCASSIGN_REGION_MEMORY || region->cached)
		return 0;
	region->cached = soca_ioremap_prot(pages.first,
					   pages.last - pages.first + 1,
					   pgprot_cached_noncoherent(PAGE_KERNEL));
	return region->cached ? 0 : -ENOMEM;
}

static void soca_flush(struct soca_region *region)
{
	unsigned long start = (unsigned long)region->cached;

	if (!start)
		return;
	flush_dcache_range(start, start +
			   soca_region_pages(region) * PAGE_SIZE);
	iounmap(region->cached);
	region->cached = NULL;
}
#else
/* Registers are never mapped cacheable: soca_region_cacheable(). */
static int soca_prepare_flush(struct soca_region *region)
{
	return 0;
}

static void soca_flush(struct soca_region *region)
{
}
#endif

/* Does another region, over one of its pages, use that in another way? */
static bool soca_caching_differs(const struct soca_claim *claim,
				 const struct soca_region *region,
				 enum soca_caching caching)
{
	struct soca_span pages = soca_span_pages(region->span);

	for (unsigned int i = 0; i < claim->num_regions; i++) {
		const struct soca_region *other = &claim->regions[i];

		if (other->caching != SOCA_UNUSED && other->caching != caching &&
		    soca_spans_meet(soca_span_pages(other->span), pages))
			return true;
	}
	return false;
}

/**
 * soca_use_caching - Use the pages of a region in one way
 * @claim: The claim
 * @region: The region
 * @caching: In which
 *
 * Context: Process context, under soca_claim.map_lock.
 * Return: 0, -ENOMEM, or -EBUSY if the first use of one of the pages, which
 * decides, was in another way.
 */
int soca_use_caching(const struct soca_claim *claim, struct soca_region *region,
		     enum soca_caching caching)
{
	int ret = 0;

	lockdep_assert_held(&claim->map_lock);

	if (region->caching == caching)
		return 0;
	if (soca_caching_differs(claim, region, caching))
		return -EBUSY;
	if (caching == SOCA_CACHED)
		ret = soca_prepare_flush(region);
	if (!ret)
		region->caching = caching;
	return ret;
}

/**
 * soca_regions_flush - Take what is cached of registers out of the caches
 * @claim: The claim; its mappings are zapped already
 *
 * Else lines of the old owner's would be written to the new one's registers.
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_regions_flush(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_regions; i++)
		soca_flush(&claim->regions[i]);
}
