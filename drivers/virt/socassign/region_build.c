// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers, from the device tree: which a claim has, whom they share a page
 * with, and where in the file they are
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/ioport.h>
#include <linux/of_address.h>
#include <linux/slab.h>

#include "region.h"

/* Which regions there are */

static int soca_region_name(struct soca_region *region,
			    const struct device_node *np)
{
	const char *name = "";

	if (region->kind == SOCASSIGN_REGION_REG)
		of_property_read_string_index(np, "reg-names", region->entry,
					      &name);
	return soca_strings_add(&region->name, name);
}

/* A tree that puts registers over RAM would hand out the kernel's memory. */
static int soca_region_check(const struct soca_claim *claim,
			     const struct device_node *np,
			     struct soca_span span)
{
	struct device_node *reserved __free(device_node) = NULL;

	if (span.last < span.first || (phys_addr_t)span.last != span.last ||
	    span.last - span.first >= SIZE_MAX) {
		soca_refuse(claim->reason, np, "registers beyond the address space");
		return -EINVAL;
	}
	if (region_intersects(span.first, span.last - span.first + 1,
			      IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		soca_refuse(claim->reason, np, "registers where the system's memory is");
		return -EACCES;
	}
	/* It may have an owner, or get one, who maps it in another way. */
	reserved = soca_reserved_at(span, NULL);
	if (reserved) {
		soca_refuse(claim->reason, np, "registers where %pOF is", reserved);
		return -EACCES;
	}
	return 0;
}

static int soca_region_append(struct soca_claim *claim, u32 node, u32 kind,
			      u32 entry, struct soca_span span, u64 bus_address)
{
	const struct device_node *np = claim->nodes[node].np;
	struct soca_region *regions;

	regions = krealloc_array(claim->regions, claim->num_regions + 1,
				 sizeof(*regions), GFP_KERNEL_ACCOUNT);
	if (!regions)
		return -ENOMEM;
	claim->regions = regions;
	regions += claim->num_regions;
	*regions = (struct soca_region) {
		.span = span, .kind = kind, .node = node, .entry = entry,
		.bus_address = bus_address,
	};
	claim->num_regions++;
	return soca_region_name(regions, np);
}

static int soca_region_add(struct soca_claim *claim, u32 node, u32 kind,
			   u32 entry, struct soca_span span, u64 bus_address)
{
	int ret = soca_region_check(claim, claim->nodes[node].np, span);

	return ret ?: soca_region_append(claim, node, kind, entry, span,
					 bus_address);
}

static struct soca_span soca_resource_span(const struct resource *res)
{
	return (struct soca_span) { .first = res->start, .last = res->end };
}

/* Entry @i of the node's reg, if the CPU can reach it. */
static bool soca_reg_span(struct device_node *np, int i, struct soca_span *span)
{
	struct resource res;

	if (of_address_to_resource(np, i, &res) ||
	    resource_type(&res) != IORESOURCE_MEM || res.end < res.start)
		return false;
	*span = soca_resource_span(&res);
	return true;
}

/* All entries of the node's reg; soca_reg_span() fails for some of them. */
#define soca_for_each_reg(_np, _i, _addr)				\
	for (_i = 0; (_addr = of_get_address(_np, _i, NULL, NULL)); _i++)

/**
 * soca_has_regs - Does a node have registers that the CPU can reach?
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_has_regs(struct device_node *np)
{
	struct soca_span span;
	const __be32 *addr;
	int i;

	soca_for_each_reg(np, i, addr)
		if (soca_reg_span(np, i, &span))
			return true;
	return false;
}

static int soca_add_regs(struct soca_claim *claim, u32 node)
{
	struct device_node *np = claim->nodes[node].np;
	struct soca_span span;
	const __be32 *addr;
	int i, ret;

	soca_for_each_reg(np, i, addr) {
		if (!soca_reg_span(np, i, &span))
			continue;
		ret = soca_region_add(claim, node, SOCASSIGN_REGION_REG, i, span,
				      of_read_number(addr, of_n_addr_cells(np)));
		if (ret)
			return ret;
	}
	return 0;
}

/* Windows of a PCI host bridge; what a simple bus has in ranges is children. */
static bool soca_has_windows(const struct device_node *np)
{
	return of_node_is_type(np, "pci") || of_node_is_type(np, "pciex");
}

/* An entry of ranges, as wide as the node, its parent and its bus say. */
struct soca_range {
	struct soca_span span;
	u64 bus_address;
};

/*
 * Entry @i of the node's ranges: 0, -ENOENT behind the last one, -EINVAL if
 * the CPU cannot reach it.  By hand: for_each_of_range() joins adjacent ones.
 */
static int soca_range(struct device_node *np, int i, struct soca_range *range)
{
	int flag_cells = 1;	/* the PCI address type */
	int na = soca_cells(np, "#address-cells");
	int ns = soca_cells(np, "#size-cells");
	int pna = of_n_addr_cells(np), len;
	const __be32 *cell = of_get_property(np, "ranges", &len);
	u64 size;

	len /= sizeof(*cell);
	if (!cell || na <= flag_cells || len < (i + 1) * (na + pna + ns))
		return -ENOENT;
	cell += i * (na + pna + ns);
	range->bus_address = of_read_number(cell + flag_cells, na - flag_cells);
	range->span.first = of_translate_address(np, cell + na);
	size = of_read_number(cell + na + pna, ns);
	range->span.last = range->span.first + size - 1;
	return range->span.first == OF_BAD_ADDR || !size ||
	       range->span.last < range->span.first ? -EINVAL : 0;
}

static int soca_add_windows(struct soca_claim *claim, u32 node)
{
	struct device_node *np = claim->nodes[node].np;
	struct soca_range range;
	int ret, found;

	if (!soca_has_windows(np))
		return 0;
	for (int i = 0; (found = soca_range(np, i, &range)) != -ENOENT; i++) {
		if (found)
			continue;
		ret = soca_region_add(claim, node, SOCASSIGN_REGION_RANGES, i,
				      range.span, range.bus_address);
		if (ret)
			return ret;
	}
	return 0;
}

/* Neighbours */

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

static int soca_spans_grow(struct soca_spans *spans)
{
	unsigned int room = spans->room ? 2 * spans->room : 16;
	struct soca_span *more = krealloc_array(spans->span, room,
						sizeof(*more), GFP_KERNEL);

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

static int soca_spans_add_regs(struct soca_spans *spans, struct device_node *np)
{
	struct soca_span span;
	const __be32 *addr;
	int i, ret;

	soca_for_each_reg(np, i, addr) {
		if (!soca_reg_span(np, i, &span))
			continue;
		ret = soca_spans_add(spans, span);
		if (ret)
			return ret;
	}
	return 0;
}

static int soca_spans_add_windows(struct soca_spans *spans,
				  struct device_node *np)
{
	struct soca_range range;
	int ret, found;

	if (!soca_has_windows(np))
		return 0;
	for (int i = 0; (found = soca_range(np, i, &range)) != -ENOENT; i++) {
		ret = found ? 0 : soca_spans_add(spans, range.span);
		if (ret)
			return ret;
	}
	return 0;
}

static int soca_spans_add_descendants(struct soca_spans *spans,
				      struct device_node *ancestor)
{
	struct device_node *np = of_find_all_nodes(of_node_get(ancestor));
	int ret = 0;

	for (; np && soca_node_below(np, ancestor); np = of_find_all_nodes(np)) {
		ret = soca_spans_add_regs(spans, np);
		if (ret)
			break;
	}
	of_node_put(np);
	return ret;
}

static bool soca_is_ancestor(const struct soca_claim *claim,
			     const struct device_node *np)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		if (soca_node_below(claim->nodes[i].np, np))
			return true;
	return false;
}

/*
 * Does one of @spans have a byte in the region's pages that none of @covers
 * has?
 */
static bool soca_spans_meet_region(const struct soca_spans *spans,
				   const struct soca_spans *covers,
				   const struct soca_region *region)
{
	struct soca_span pages = soca_span_pages(region->span);

	for (unsigned int i = 0; i < spans->num; i++)
		if (soca_spans_meet(spans->span[i], pages) &&
		    !soca_span_covered(soca_span_common(spans->span[i], pages),
				       covers->span, covers->num))
			return true;
	return false;
}

static int soca_add_neighbour(struct soca_claim *claim, struct device_node *np,
			      const struct soca_spans *spans,
			      const struct soca_spans *covers)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_regions && !ret; i++) {
		struct soca_region *region = &claim->regions[i];

		if (soca_spans_meet_region(spans, covers, region))
			ret = soca_strings_add_path(&region->neighbours, np);
	}
	return ret;
}

/*
 * Where an ancestor of the claim says that it has registers, its descendants
 * (the claim's nodes among them) know better; its windows are for them anyway.
 */
static int soca_check_neighbour(struct soca_claim *claim,
				struct device_node *np,
				struct soca_spans *spans,
				struct soca_spans *covers)
{
	bool is_ancestor = soca_is_ancestor(claim, np);
	int ret;

	spans->num = 0;
	covers->num = 0;
	ret = soca_spans_add_regs(spans, np);
	if (!ret)
		ret = is_ancestor ? soca_spans_add_descendants(covers, np) :
				    soca_spans_add_windows(spans, np);
	return ret ?: soca_add_neighbour(claim, np, spans, covers);
}

/* Disabled nodes count, too: somebody may have been told to keep them so. */
static int soca_find_neighbours(struct soca_claim *claim)
{
	struct soca_spans spans = {}, covers = {};
	struct device_node *np;
	int ret = 0;

	soca_for_each_node(np) {
		cond_resched();
		if (soca_claim_has_node(claim, np))
			continue;
		ret = soca_check_neighbour(claim, np, &spans, &covers);
		if (ret)
			break;
	}
	of_node_put(np);
	kfree(spans.span);
	kfree(covers.span);
	return ret;
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
	unsigned long pgoff = claim->next_pgoff;
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
	       of_match_node(soca_cacheable, claim->nodes[region->node].np);
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
	if (region->neighbours.len) {
		region->flags |= SOCASSIGN_REGION_NEIGHBOURS;
		return 0;
	}
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
 * soca_regions_build - Find the registers of a claim and their neighbours
 * @claim: The claim
 *
 * Context: Process context, under the gate, held for writing.
 * Return: 0, -ENOMEM, or -EINVAL, -EACCES for a tree that makes no sense.
 */
int soca_regions_build(struct soca_claim *claim)
{
	int ret = 0;

	for (u32 i = 0; i < claim->num_nodes && !ret; i++) {
		ret = soca_add_regs(claim, i);
		if (!ret)
			ret = soca_add_windows(claim, i);
	}
	if (!ret)
		ret = soca_find_neighbours(claim);
	for (unsigned int i = 0; i < claim->num_regions && !ret; i++)
		ret = soca_region_finish(claim, &claim->regions[i]);
	return ret;
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
	u64 told = claim->flags & SOCASSIGN_UNSAFE_DMA ? span.first : 0;
	int ret = soca_region_append(claim, 0, SOCASSIGN_REGION_MEMORY, 0, span,
				     told);
	struct soca_region *region = claim->regions;

	if (ret)
		return ret;
	mutex_init(&region->lock);
	region->cached_pgoff = soca_take_cookie(claim,
						soca_region_pages(region));
	if (region->cached_pgoff)
		region->flags = SOCASSIGN_REGION_MMAP_CACHED;
	return 0;
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
	}
	kfree(claim->regions);
}
