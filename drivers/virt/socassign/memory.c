// SPDX-License-Identifier: GPL-2.0-only
/*
 * Partitions: memory that the device tree reserves, and that no part of the
 * kernel uses
 *
 * A child of /reserved-memory is a claim of its own kind: one node, no device,
 * one region.  The kernel's memory map is what counts, not the tree, which
 * overlays can change: each page must have been kept from the allocators at
 * boot.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/libnvdimm.h>
#include <linux/mm.h>
#include <linux/of_address.h>
#include <linux/of_reserved_mem.h>
#include <linux/sched/signal.h>
#include <asm/cacheflush.h>

#include "region.h"
#include "tree.h"

/*
 * What is mapped to be zeroed, aligned to its size: bounds the address space, and
 * the wait, and the end of the kernel's own mapping is in none of them.
 */
#define SOCA_ZERO_CHUNK		SZ_1M

/*
 * Held from the look whether the memory has an owner until it is zeroed, so
 * that who shares a partition neither sees what was there before, nor loses
 * what another owner has written.  Taken under soca_claim.gate, above
 * soca_registry_lock.
 */
static DEFINE_MUTEX(soca_partition_lock);

/**
 * soca_is_partition - Is a node a child of /reserved-memory?
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_is_partition(const struct device_node *np)
{
	return np->parent && of_node_is_root(np->parent->parent) &&
	       of_node_name_eq(np->parent, "reserved-memory");
}

/* What the kernel has reserved for a node at boot; false if nothing. */
static bool soca_reserved_span(struct device_node *np, struct soca_span *span)
{
	const struct reserved_mem *rmem = of_reserved_mem_lookup(np);

	if (!rmem || !rmem->size)
		return false;
	*span = (struct soca_span) {
		.first = rmem->base, .last = rmem->base + rmem->size - 1,
	};
	return true;
}

/**
 * soca_reserved_at - Whose reserved memory is there?
 * @span: Physical addresses
 * @except: A node that does not count, or NULL
 *
 * Context: Process context, under soca_tree_lock().
 * Return: A child of /reserved-memory, without a reference, or NULL.
 */
const struct device_node *soca_reserved_at(struct soca_span span,
					   const struct device_node *except)
{
	struct soca_tree_span *it;

	soca_tree_for_each_meeting(it, span)
		if (it->kind == SOCA_SPAN_RESERVED && it->node->np != except)
			return it->node->np;
	return NULL;
}

/* Who may have it */

/* A size alone leaves the address to the kernel. */
static bool soca_reg_differs(struct device_node *np, struct soca_span span)
{
	struct resource res;

	if (!of_property_present(np, "reg"))
		return false;
	return of_address_to_resource(np, 0, &res) || res.start != span.first ||
	       res.end != span.last;
}

/* Each page has a struct page that says that no allocator has it. */
static bool soca_pages_reserved(struct soca_span span)
{
	for (u64 at = span.first; at <= span.last; at += PAGE_SIZE) {
		unsigned long pfn = at >> PAGE_SHIFT;

		if (!pfn_valid(pfn) || !PageReserved(pfn_to_page(pfn)))
			return false;
		cond_resched();
	}
	return true;
}

/*
 * In the kernel's map of memory, which has no holes, and with no-map not in it
 * at all.  Half of each is what memremap() would warn of.
 */
static bool soca_is_memory_as_told(const struct device_node *np,
				   struct soca_span span)
{
	int want = of_property_present(np, "no-map") ? REGION_DISJOINT :
						       REGION_INTERSECTS;

	return span.last - span.first < SIZE_MAX &&
	       region_intersects(span.first, span.last - span.first + 1,
				 IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) == want;
}

/* The rule that forbids it to everybody, or NULL. */
static const char *soca_partition_rule(struct device_node *np)
{
	struct soca_span span;

	/* "shared-dma-pool", "ramoops" and the like: now, or when it is loaded. */
	if (of_property_present(np, "compatible"))
		return "it is for a driver (compatible)";
	if (of_property_present(np, "reusable"))
		return "the kernel uses it as well (reusable)";
	/* Firmware's, as a rule: zeros there may be the end of it, or of us. */
	if (of_property_present(np, "no-map") &&
	    !of_property_present(np, "socassign,assignable"))
		return "it is kept from everybody (no-map), without socassign,assignable";
	if (!soca_reserved_span(np, &span) ||
	    of_reserved_mem_lookup(np)->ops)
		return "the kernel did not reserve it, or manages it";
	if (of_get_address(np, 1, NULL, NULL))
		return "it has more than one part";
	if (soca_reg_differs(np, span))
		return "the kernel reserved something else for it";
	if (!PAGE_ALIGNED(span.first) || !PAGE_ALIGNED(span.last + 1))
		return "it does not consist of whole pages";
	if (!soca_pages_reserved(span) || !soca_is_memory_as_told(np, span))
		return "a part of it is not reserved, or no memory";
	return NULL;
}

static int soca_check_apart(struct device_node *np, struct soca_reason *reason)
{
	const struct device_node *other = NULL;
	struct soca_span span;

	if (soca_reserved_span(np, &span))
		other = soca_reserved_at(span, np);
	if (!other)
		return 0;
	soca_refuse(reason, np, "it overlaps %pOF", other);
	return -EACCES;
}

/**
 * soca_partition_check - May a partition be given to somebody?
 * @np: The node, a child of /reserved-memory
 * @flags: enum socassign_instantiate_flags
 * @reason: Set to the rule that forbids it
 *
 * Return: 0, -EACCES or -EINVAL.
 */
int soca_partition_check(struct device_node *np, u32 flags,
			 struct soca_reason *reason)
{
	const char *rule = soca_partition_rule(np);

	if (rule) {
		soca_refuse(reason, np, "%s", rule);
		return -EACCES;
	}
	if (flags & SOCASSIGN_SHARED &&
	    !of_property_present(np, "socassign,shared")) {
		soca_refuse(reason, np, "SHARED, and it has no property socassign,shared");
		return -EINVAL;
	}
	return soca_check_apart(np, reason);
}

/* Giving it out */

/*
 * A bus master that does not snoop must neither see what was there before, nor
 * have its work undone by zeros that leave the cache late.
 */
static void soca_clean_cache(void *mem, size_t bytes)
{
#ifdef CONFIG_ARCH_HAS_PMEM_API
	arch_wb_cache_pmem(mem, bytes);
#elif defined(CONFIG_PPC32)
	flush_dcache_range((unsigned long)mem, (unsigned long)mem + bytes);
#endif
}

static int soca_zero(struct soca_span span)
{
	u64 bytes;

	for (u64 at = span.first; at <= span.last; at += bytes) {
		void *mem;

		bytes = min_t(u64, SOCA_ZERO_CHUNK - at % SOCA_ZERO_CHUNK,
			      span.last - at + 1);
		mem = memremap(at, bytes, MEMREMAP_WB);
		if (!mem)
			return -ENOMEM;
		memset(mem, 0, bytes);
		soca_clean_cache(mem, bytes);
		memunmap(mem);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * soca_partition_build - Make the region of a partition, and zero it
 * @claim: The claim, which is on the registry
 *
 * One that somebody else shares already is left as it is.
 *
 * Context: Process context, under the gate, held for writing.
 * Return: 0, -ENOMEM, or -EINTR if the caller was killed.
 */
int soca_partition_build(struct soca_claim *claim)
{
	struct soca_span span;
	int ret = 0;

	/* It was there when the policy looked, and rmems stay. */
	if (!soca_reserved_span(claim->nodes[0].np, &span))
		return -ENODEV;

	guard(mutex)(&soca_partition_lock);

	if (!soca_registry_is_shared(claim))
		ret = soca_zero(span);
	claim->is_zeroed = !ret;
	return ret ?: soca_region_add_memory(claim, span);
}

/**
 * soca_partition_phys - Where memory of a partition is
 * @claim: Any claim
 * @offset: Where in the partition to start, in bytes
 * @length: How many bytes; not 0
 * @phys: Set to the physical address of the first byte
 *
 * Context: Any; what describes a claim does not change.  The address is good for as long as
 * the caller holds the claim's file: a partition has no device that could go.
 * Return: 0, or -EINVAL if it is no partition or ends before.
 */
int soca_partition_phys(struct soca_claim *claim, u64 offset, u64 length,
			u64 *phys)
{
	struct soca_span span;
	u64 size;

	if (!claim->is_partition)
		return -EINVAL;
	span = claim->regions[0].span;
	size = span.last - span.first + 1;
	if (offset >= size || length > size - offset)
		return -EINVAL;
	*phys = span.first + offset;
	return 0;
}
