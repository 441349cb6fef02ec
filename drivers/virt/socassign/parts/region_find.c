// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers, from the index of the device tree: which a claim has, whom they
 * share a page with, and where in the file they are
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/ioport.h>
#include <linux/slab.h>

#include "base/params.h"
#include "base/reason.h"
#include "claim/claim.h"
#include "parts/region.h"
#include "rules/policy.h"
#include "rules/reserved.h"
#include "tree/registry.h"
#include "tree/tree.h"

/* Which regions there are */

/* A tree that puts registers over RAM would hand out the kernel's memory. */
static int soca_region_check(const struct soca_claim *claim,
			     const struct device_node *np,
			     struct soca_span span)
{
	const struct device_node *reserved;

	if ((phys_addr_t)span.last != span.last ||
	    span.last - span.first >= SIZE_MAX) {
		soca_refuse(claim->set.reason, np, "registers beyond the address space");
		return -EINVAL;
	}
	if (region_intersects(span.first, span.last - span.first + 1,
			      IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		soca_refuse(claim->set.reason, np, "registers where the system's memory is");
		return -EACCES;
	}
	/* It may have an owner, or get one, who maps it in another way. */
	reserved = soca_reserved_at(span, NULL);
	if (reserved) {
		soca_refuse(claim->set.reason, np, "registers where %pOF is", reserved);
		return -EACCES;
	}
	return 0;
}

static int soca_regions_alloc(struct soca_claim *claim, unsigned int num)
{
	claim->regions = kvcalloc(num, sizeof(*claim->regions),
				  GFP_KERNEL_ACCOUNT);
	return claim->regions ? 0 : -ENOMEM;
}

static struct soca_region *soca_region_append(struct soca_claim *claim, u32 kind,
					      struct soca_span span,
					      u64 bus_address)
{
	struct soca_region *region = &claim->regions[claim->num_regions++];

	region->kind = kind;
	region->span = span;
	region->bus_address = bus_address;
	return region;
}

/* What a region of the kind is for the user; reserved memory is none. */
static const u32 soca_region_kinds[] = {
	[SOCA_SPAN_REG] = SOCASSIGN_REGION_REG,
	[SOCA_SPAN_WINDOW] = SOCASSIGN_REGION_RANGES,
};

static int soca_region_add(struct soca_claim *claim, u32 node,
			   const struct soca_tree_span *it)
{
	const struct soca_tree_node *tree = it->node;
	int ret = soca_region_check(claim, tree->np, it->span);
	struct soca_region *region;
	const char *name = "";

	if (ret)
		return ret;
	region = soca_region_append(claim, soca_region_kinds[it->kind],
				    it->span, it->bus_address);
	region->node = node;
	region->entry = it->entry;
	if (it->kind == SOCA_SPAN_REG && tree->has & SOCA_HAS_REG_NAMES)
		of_property_read_string_index(tree->np, "reg-names", it->entry,
					      &name);
	return soca_strings_add(&region->name, name);
}

static int soca_regions_add(struct soca_claim *claim, u32 i)
{
	struct soca_node *node = &claim->set.nodes[i];
	const struct soca_tree_span *it;
	int ret = 0;

	node->first_region = claim->num_regions;
	soca_tree_for_each_span(it, soca_tree_find(node->np)) {
		if (it->kind == SOCA_SPAN_RESERVED)
			continue;
		ret = soca_region_add(claim, i, it);
		if (ret)
			break;
	}
	node->num_regions = claim->num_regions - node->first_region;
	return ret;
}

static unsigned int soca_regions_count(const struct soca_set *set)
{
	const struct soca_tree_span *it;
	unsigned int num = 0;

	for (u32 i = 0; i < set->num_nodes; i++)
		soca_tree_for_each_span(it, soca_tree_find(set->nodes[i].np))
			num += it->kind != SOCA_SPAN_RESERVED;
	return num;
}

static int soca_regions_list(struct soca_claim *claim)
{
	const struct soca_set *set = &claim->set;
	int ret = soca_regions_alloc(claim, soca_regions_count(set));

	for (u32 i = 0; i < set->num_nodes && !ret; i++)
		ret = soca_regions_add(claim, i);
	return ret;
}

/* Neighbours */

static int soca_spans_grow(struct soca_spans *spans)
{
	unsigned int room = spans->room ? 2 * spans->room : 16;
	struct soca_span *more = krealloc_array(spans->span, room,
						sizeof(*more),
						GFP_KERNEL_ACCOUNT);

	if (!more)
		return -ENOMEM;
	spans->span = more;
	spans->room = room;
	return 0;
}

static int soca_spans_add(struct soca_spans *spans, struct soca_span span)
{
	int ret = spans->num == spans->room ? soca_spans_grow(spans) : 0;

	if (!ret)
		spans->span[spans->num++] = span;
	return ret;
}

/*
 * Does the registers' owner, an ancestor of the claim, have a byte of @span that
 * no descendant of it names?  1, 0, or -ENOMEM.
 */
static int soca_has_bare(const struct soca_tree_node *ancestor,
			 struct soca_span span)
{
	struct soca_tree_span *it;
	struct soca_spans covers = {};
	int ret = 0;

	soca_tree_for_each_meeting(it, span) {
		if (it->node == ancestor || it->kind != SOCA_SPAN_REG ||
		    !soca_tree_is_below(it->node, ancestor))
			continue;
		ret = soca_spans_add(&covers, it->span);
		if (ret)
			break;
	}
	if (!ret)
		ret = !soca_span_covered(span, covers.span, covers.num);
	kfree(covers.span);
	return ret;
}

/*
 * Is what a node names in the region's pages a neighbour?  Where an ancestor of
 * the claim says that it has registers, its descendants (the claim's nodes among
 * them) know better; its windows are for them anyway.  1, 0, or -ENOMEM.
 */
static int soca_is_neighbour(const struct soca_claim *claim,
			     const struct soca_tree_span *it,
			     struct soca_span pages)
{
	if (it->kind == SOCA_SPAN_RESERVED ||
	    soca_set_has(&claim->set, it->node->np))
		return 0;
	if (!soca_set_is_below(&claim->set, it->node->np))
		return 1;
	return it->kind == SOCA_SPAN_REG ?
	       soca_has_bare(it->node, soca_span_common(it->span, pages)) : 0;
}

/* What a neighbour has in the region itself; there are those that nobody gets. */
static int soca_add_foreign(struct soca_claim *claim,
			    struct soca_region *region,
			    const struct soca_tree_span *it)
{
	const char *rule;
	int ret = 0;

	if (soca_spans_meet(it->span, region->span))
		ret = soca_is_neighbour(claim, it, region->span);
	if (ret <= 0)
		return ret;
	rule = soca_policy_outsider_rule(it->node);
	if (!rule) {
		ret = soca_strings_add_once(&region->owners, it->node->path);
		return ret ?: soca_spans_add(&region->foreign,
					     soca_span_common(it->span,
							      region->span));
	}
	soca_refuse(claim->set.reason, claim->set.nodes[region->node].np,
		    "%pOF has registers among its own, and nobody gets them: %s",
		    it->node->np, rule);
	return -EACCES;
}

static int soca_add_neighbour(struct soca_claim *claim,
			      struct soca_region *region,
			      const struct soca_tree_span *it)
{
	struct soca_span pages = soca_span_pages(region->span);
	int ret = soca_is_neighbour(claim, it, pages);

	if (ret <= 0)
		return ret;
	region->is_crowded |= !soca_span_within(soca_span_common(it->span, pages),
						region->span);
	ret = soca_strings_add_once(&region->neighbours, it->node->path);
	return ret ?: soca_add_foreign(claim, region, it);
}

/* Disabled nodes count, too: somebody may have been told to keep them so. */
static int soca_find_neighbours(struct soca_claim *claim,
				struct soca_region *region)
{
	struct soca_span pages = soca_span_pages(region->span);
	struct soca_tree_span *it;
	int ret = 0;

	soca_tree_for_each_meeting(it, pages) {
		ret = soca_add_neighbour(claim, region, it);
		if (ret)
			break;
	}
	return ret;
}

/*
 * As with a dma_class: the word for a named node speaks for what is below it, too;
 * one for a node further down for that node only.
 */
static bool soca_may_share(const struct soca_claim *claim, u32 node)
{
	if (claim->set.flags & SOCASSIGN_SHARE_REGS ||
	    claim->set.nodes[node].shares_regs)
		return true;
	while (!claim->set.nodes[node].is_root)
		node--;
	return claim->set.nodes[node].shares_regs;
}

/* Do the neighbours, and the administrator, permit to map the region's pages? */
static bool soca_neighbours_permit(const struct soca_claim *claim,
				   struct soca_region *region)
{
	if (region->neighbours.len)
		region->flags |= SOCASSIGN_REGION_NEIGHBOURS;
	if (!region->foreign.num)
		return !region->is_crowded;
	if (!soca_may_share(claim, region->node))
		return false;
	region->flags |= SOCASSIGN_REGION_SHARED;
	return !region->is_crowded;
}

/* Do the claim's own regions fill every page of this one? */
static int soca_fills_pages(const struct soca_claim *claim,
			    const struct soca_region *region)
{
	struct soca_span *spans __free(kfree) =
		kcalloc(claim->num_regions, sizeof(*spans), GFP_KERNEL);

	if (!spans)
		return -ENOMEM;
	for (unsigned int i = 0; i < claim->num_regions; i++)
		spans[i] = claim->regions[i].span;
	return soca_span_covered(soca_span_pages(region->span), spans,
				 claim->num_regions);
}

/* What may be mapped, and where in the file */

/* A page stays free in between: a pread() that is too far hits nothing. */
static unsigned long soca_take_cookie(struct soca_claim *claim,
				      unsigned long pages)
{
	/* 0 is no cookie: a forgotten one is an error, not the first region. */
	unsigned long pgoff = claim->next_pgoff ?: 1;
	unsigned long next;

	if (check_add_overflow(pgoff, pages, &next) ||
	    check_add_overflow(next, 1UL, &next) ||
	    (u64)next > LLONG_MAX >> PAGE_SHIFT)
		return 0;
	claim->next_pgoff = next;
	return pgoff;
}

#ifdef pgprot_cached_noncoherent
/*
 * Regions that are made to be cached: the cache-enabled area of the QMan and
 * BMan portals (Documentation/devicetree/bindings/soc/fsl: the first region).
 */
static const struct of_device_id soca_cacheable[] = {
	{ .compatible = "fsl,qman-portal" },
	{ .compatible = "fsl,bman-portal" },
	{ }
};

static bool soca_region_cacheable(const struct soca_claim *claim,
				  const struct soca_region *region)
{
	return !region->entry && region->kind == SOCASSIGN_REGION_REG &&
	       of_match_node(soca_cacheable, claim->set.nodes[region->node].np);
}
#else
static bool soca_region_cacheable(const struct soca_claim *claim,
				  const struct soca_region *region)
{
	return false;
}
#endif

static int soca_region_finish(struct soca_claim *claim,
			      struct soca_region *region)
{
	unsigned long pages = soca_region_pages(region);
	int fills = 1;

	mutex_init(&region->lock);
	region->pgoff = soca_take_cookie(claim, pages);
	if (!soca_neighbours_permit(claim, region))
		return 0;
	if (READ_ONCE(soca_strict_pages))
		fills = soca_fills_pages(claim, region);
	if (fills <= 0 || !region->pgoff)
		return fills;
	region->flags |= SOCASSIGN_REGION_MMAP;
	if (soca_region_cacheable(claim, region))
		region->cached_pgoff = soca_take_cookie(claim, pages);
	if (region->cached_pgoff)
		region->flags |= SOCASSIGN_REGION_MMAP_CACHED;
	return 0;
}

/**
 * soca_regions_find - Find the registers of a claim and their neighbours
 * @claim: The claim, which nobody else knows yet
 *
 * Context: Process context, under soca_tree_lock().
 * Return: 0, -ENOMEM, or -EINVAL, -EACCES for a tree that makes no sense, -EACCES
 * too for registers that nobody gets.
 */
int soca_regions_find(struct soca_claim *claim)
{
	int ret;

	/* Its memory is no register: soca_region_add_memory(). */
	if (claim->set.is_partition)
		return 0;
	ret = soca_regions_list(claim);
	for (unsigned int i = 0; i < claim->num_regions && !ret; i++) {
		ret = soca_find_neighbours(claim, &claim->regions[i]);
		if (!ret)
			ret = soca_region_finish(claim, &claim->regions[i]);
	}
	return ret;
}

/* Whose registers are among those of a region, and has an owner? */
static const struct device_node *
soca_region_other_owner(const struct soca_claim *claim,
			const struct soca_region *region)
{
	struct soca_tree_span *it;

	/* Most regions have no neighbours: then nobody is asked. */
	if (!region->foreign.num)
		return NULL;
	soca_tree_for_each_meeting(it, region->span)
		if (!soca_set_has(&claim->set, it->node->np) &&
		    soca_is_owned(it->node->np))
			return it->node->np;
	return NULL;
}

/**
 * soca_regions_conflict - Has another owner a byte of a claim's registers?
 * @claim: The claim, with its regions
 *
 * Context: Process context, under soca_tree_lock() and soca_registry_lock.
 * Return: 0 or -EBUSY.
 */
int soca_regions_conflict(const struct soca_claim *claim)
{
	const struct device_node *np = NULL;

	for (unsigned int i = 0; i < claim->num_regions && !np; i++)
		np = soca_region_other_owner(claim, &claim->regions[i]);
	if (!np)
		return 0;
	soca_refuse(claim->set.reason, claim->set.nodes[0].np,
		    "%pOF, which has an owner, has registers among the claim's", np);
	return -EBUSY;
}

static void soca_region_tell(const struct soca_claim *claim,
			     const struct soca_region *region)
{
	const struct soca_strings *owners = &region->owners;

	for (const char *it = owners->buf; it < owners->buf + owners->len;
	     it += strlen(it) + 1)
		pr_info_ratelimited("%pOF: shares registers of %s\n",
				    claim->set.nodes[region->node].np, it);
}

/**
 * soca_regions_tell - Say whose registers a claim shares
 * @claim: The claim, its devices bound to us
 *
 * Context: Process context.
 * Return: 0.
 */
int soca_regions_tell(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_regions; i++)
		if (claim->regions[i].flags & SOCASSIGN_REGION_SHARED)
			soca_region_tell(claim, &claim->regions[i]);
	return 0;
}

/**
 * soca_first_regs - Where the first registers of a node are
 * @claim: The claim, with its regions
 * @node: Index of the node
 * @span: Set to their addresses
 *
 * Return: false if the node has none that the CPU can reach.
 */
bool soca_first_regs(const struct soca_claim *claim, u32 node,
		     struct soca_span *span)
{
	const struct soca_node *it = &claim->set.nodes[node];
	const struct soca_region *region = &claim->regions[it->first_region];

	for (u32 i = 0; i < it->num_regions; i++, region++) {
		if (region->entry || region->kind != SOCASSIGN_REGION_REG)
			continue;
		*span = region->span;
		return true;
	}
	return false;
}

/**
 * soca_regions_mappable_at - Can a claim map pages that hold some addresses?
 * @claim: The claim, on the registry
 * @span: The addresses
 *
 * Context: Any: the regions of devices do not change.
 * Return: true if so.
 */
bool soca_regions_mappable_at(const struct soca_claim *claim,
			      struct soca_span span)
{
	for (unsigned int i = 0; i < claim->num_regions; i++)
		if (claim->regions[i].flags & SOCASSIGN_REGION_MMAP &&
		    soca_spans_meet(soca_span_pages(claim->regions[i].span),
				    span))
			return true;
	return false;
}

/**
 * soca_regions_have - Has a claim one of some addresses among its registers?
 * @claim: The claim, on the registry
 * @span: The addresses
 *
 * Context: Any: the regions of devices do not change.
 * Return: true if so, whether they can be mapped or not.
 */
bool soca_regions_have(const struct soca_claim *claim, struct soca_span span)
{
	for (unsigned int i = 0; i < claim->num_regions; i++)
		if (soca_spans_meet(claim->regions[i].span, span))
			return true;
	return false;
}

/**
 * soca_region_add_memory - Make the region of a partition
 * @claim: The claim
 * @span: The memory, whole pages
 *
 * Its address is the host's affair, unless a bus master that nothing translates
 * for has to know it.
 *
 * Context: Process context, under the gate, held for writing.
 * Return: 0 or -ENOMEM.
 */
int soca_region_add_memory(struct soca_claim *claim, struct soca_span span)
{
	u64 told = claim->set.flags & SOCASSIGN_UNSAFE_DMA ? span.first : 0;
	struct soca_region *region;
	int ret = soca_regions_alloc(claim, 1);

	if (ret)
		return ret;
	region = soca_region_append(claim, SOCASSIGN_REGION_MEMORY, span, told);
	mutex_init(&region->lock);
	region->cached_pgoff = soca_take_cookie(claim,
						soca_region_pages(region));
	if (region->cached_pgoff)
		region->flags = SOCASSIGN_REGION_MMAP_CACHED;
	return soca_strings_add(&region->name, "");
}

/**
 * soca_regions_free - Free what describes the regions
 * @claim: The claim, with its last reference
 */
void soca_regions_free(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_regions; i++) {
		soca_strings_free(&claim->regions[i].name);
		soca_strings_free(&claim->regions[i].neighbours);
		kfree(claim->regions[i].foreign.span);
		soca_strings_free(&claim->regions[i].owners);
	}
	kvfree(claim->regions);
}
