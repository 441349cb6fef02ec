// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reserved memory: whose it is, and which of it can be a partition
 *
 * The kernel's memory map is what counts, not the tree, which overlays can change:
 * each page must have been kept from the allocators at boot.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/of_address.h>
#include <linux/of_reserved_mem.h>

#include "base/reason.h"
#include "rules/reserved.h"
#include "tree/set.h"
#include "tree/tree.h"

/**
 * soca_reserved_span - What has the kernel reserved for a node at boot?
 * @np: The node
 * @span: Set to the memory
 *
 * Return: false if nothing.
 */
bool soca_reserved_span(struct device_node *np, struct soca_span *span)
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

/* A size alone leaves the address to the kernel. */
static bool soca_reg_differs(struct device_node *np, struct soca_span span)
{
	struct resource res;

	if (!of_property_present(np, "reg"))
		return false;
	return soca_tree_resource(np, 0, &res) || res.start != span.first ||
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
 * soca_check_reserved - May a partition be given to somebody?
 * @np: The node, a child of /reserved-memory
 * @flags: enum socassign_instantiate_flags
 * @reason: Set to the rule that forbids it
 *
 * Return: 0, -EACCES or -EINVAL.
 */
int soca_check_reserved(struct device_node *np, u32 flags,
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
