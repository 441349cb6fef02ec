/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A region of registers, or the memory of a partition
 */
#ifndef _SOCASSIGN_REGION_H
#define _SOCASSIGN_REGION_H

#include <linux/mm.h>
#include <linux/mutex.h>

#include "base/strings.h"
#include "claim/claim.h"
#include "tree/span.h"

struct soca_ucmd;

/* How the pages of a region are mapped */
enum soca_caching {
	SOCA_UNUSED,
	SOCA_INHIBITED,
	SOCA_CACHED,
};

/**
 * struct soca_spans - A growing list of spans
 * @span: The spans
 * @num: Number of @span
 * @room: For how many there is memory
 */
struct soca_spans {
	struct soca_span *span;
	unsigned int num;
	unsigned int room;
};

/**
 * struct soca_region - A region of registers, or of memory
 * @span: Its physical addresses
 * @kind: enum socassign_region_kind
 * @flags: enum socassign_region_flags
 * @node: Index of its node
 * @entry: Index in the node's property
 * @bus_address: Its address on the parent bus
 * @pgoff: Its cookie, in pages; 0 if there was no room for one
 * @cached_pgoff: Its cookie for a cacheable mapping, in pages, or 0
 * @name: From reg-names
 * @neighbours: Paths of the nodes outside that have registers in its pages
 * @foreign: What they have in @span; out of reach, unless it is shared
 * @owners: Paths of the nodes that have something in @foreign
 * @is_crowded: They have more than that in its pages
 * @caching: How its pages are mapped: the same page must not be mapped in two
 *	ways (Power ISA, "storage control attributes").  The first use decides
 *	for the life of the claim.
 * @cached: The kernel's own mapping of registers that are mapped cacheable
 * @lock: Held to change the chunk; taken under the gate
 * @chunk: What pread() and pwrite() mapped last, or NULL
 * @chunk_span: Physical addresses of @chunk
 * @chunk_open: An access with preemption off may use @chunk and @chunk_span:
 *	they change only a grace period after this has become false
 *
 * Only @caching, @cached and the chunk change once the claim is built.
 */
struct soca_region {
	struct soca_span span;
	u32 kind;
	u32 flags;
	u32 node;
	u32 entry;
	u64 bus_address;
	unsigned long pgoff;
	unsigned long cached_pgoff;
	struct soca_strings name;
	struct soca_strings neighbours;
	struct soca_spans foreign;
	struct soca_strings owners;
	bool is_crowded;
	enum soca_caching caching;	/* soca_claim.map_lock */
	void __iomem *cached;		/* soca_claim.map_lock */
	struct mutex lock;		/* chunk, chunk_span, chunk_open */
	void __iomem *chunk;
	struct soca_span chunk_span;
	bool chunk_open;
};

static inline unsigned long soca_region_pages(const struct soca_region *region)
{
	struct soca_span pages = soca_span_pages(region->span);

	return (pages.last >> PAGE_SHIFT) - (pages.first >> PAGE_SHIFT) + 1;
}

static inline unsigned long soca_region_pfn(const struct soca_region *region)
{
	return region->span.first >> PAGE_SHIFT;
}

static inline bool soca_in_cookie(unsigned long pgoff, unsigned long cookie,
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
 * Part of every pread(), hence inline.
 *
 * Return: The region, or NULL.
 */
static inline struct soca_region *soca_find_region(struct soca_claim *claim,
						   unsigned long pgoff,
						   bool *cached)
{
	for (unsigned int i = 0; i < claim->num_regions; i++) {
		struct soca_region *region = &claim->regions[i];
		unsigned long pages = soca_region_pages(region);

		*cached = !soca_in_cookie(pgoff, region->pgoff, pages);
		if (!*cached ||
		    soca_in_cookie(pgoff, region->cached_pgoff, pages))
			return region;
	}
	return NULL;
}

/* region_cache.c: cacheable or not */
int soca_use_caching(const struct soca_claim *claim, struct soca_region *region,
		     enum soca_caching caching);
void soca_regions_flush(struct soca_claim *claim);

/* region_find.c: from the device tree */
int soca_regions_find(struct soca_claim *claim);
int soca_regions_conflict(const struct soca_claim *claim);
int soca_regions_tell(struct soca_claim *claim);
bool soca_first_regs(const struct soca_claim *claim, u32 node,
		     struct soca_span *span);
bool soca_regions_mappable_at(const struct soca_claim *claim,
			      struct soca_span span);
bool soca_regions_have(const struct soca_claim *claim, struct soca_span span);
int soca_region_add_memory(struct soca_claim *claim, struct soca_span span);
void soca_regions_free(struct soca_claim *claim);

/* registers.c: what the user sees */
int soca_registers_phys(struct soca_claim *claim, u64 offset, u64 length,
			u64 *phys);

/* region_map.c: mmap */
int soca_region_mmap(struct soca_claim *claim, struct vm_area_struct *vma);
unsigned long soca_region_align(struct soca_claim *claim, unsigned long pgoff);
int soca_prefault_ioctl(struct soca_ucmd *ucmd);
void soca_regions_zap(struct soca_claim *claim);

/* region_access.c: pread and pwrite */
u32 soca_region_widths(const struct soca_region *region);
ssize_t soca_region_access(struct soca_claim *claim, void __user *buf,
			   size_t count, loff_t pos, bool write);
void soca_accesses_down(struct soca_claim *claim);

#endif /* _SOCASSIGN_REGION_H */
