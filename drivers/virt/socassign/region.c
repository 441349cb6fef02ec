// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers: which there are, whom they share a page with, and the two ways
 * to reach them, mmap and pread/pwrite
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/of_address.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "private.h"
#include "span.h"
#include "trace.h"

/* What one pread() or pwrite() may need mapped: bounds the address space. */
#define SOCA_CHUNK	SZ_64K

/* How a region is mapped */
enum soca_caching {
	SOCA_UNUSED,
	SOCA_INHIBITED,
	SOCA_CACHED,
};

/**
 * struct soca_region - A region of registers
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
 * @caching: How its pages are mapped at present, enum soca_caching: the same
 *	page must not be mapped in two ways (Power ISA, "storage control
 *	attributes").  The first use decides for the life of the claim.
 * @lock: Protects @chunk and @chunk_first; taken under the gate
 * @chunk: What pread() and pwrite() mapped last, or NULL
 * @chunk_first: Physical address of @chunk
 *
 * Only @caching and @chunk change once the claim is built.
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
	atomic_t caching;
	struct mutex lock;
	void __iomem *chunk;
	u64 chunk_first;
};

/*
 * Regions that are made to be cached: the cache-enabled area of the QMan and
 * BMan portals (Documentation/devicetree/bindings/soc/fsl: the first region).
 */
static const struct of_device_id soca_cacheable[] = {
	{ .compatible = "fsl,qman-portal" },
	{ .compatible = "fsl,bman-portal" },
	{ }
};

static unsigned long soca_region_pages(const struct soca_region *region)
{
	struct soca_span pages = soca_span_pages(region->span);

	return (pages.last >> PAGE_SHIFT) - (pages.first >> PAGE_SHIFT) + 1;
}

static unsigned long soca_region_pfn(const struct soca_region *region)
{
	return region->span.first >> PAGE_SHIFT;
}

/* Building: which regions there are */

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
static int soca_region_check(const struct device_node *np,
			     struct soca_span span)
{
	if (span.last < span.first || (phys_addr_t)span.last != span.last) {
		soca_refuse(np, "registers beyond the address space");
		return -EINVAL;
	}
	if (region_intersects(span.first, span.last - span.first + 1,
			      IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		soca_refuse(np, "registers where the system's memory is");
		return -EACCES;
	}
	return 0;
}

static int soca_region_add(struct soca_claim *claim, u32 node, u32 kind,
			   u32 entry, struct soca_span span, u64 bus_address)
{
	const struct device_node *np = claim->nodes[node].np;
	struct soca_region *regions;
	int ret = soca_region_check(np, span);

	if (ret)
		return ret;
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

/* Building: neighbours */

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

/* Building: what may be mapped, and where in the file */

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

static bool soca_region_cacheable(const struct soca_claim *claim,
				  const struct soca_region *region)
{
#ifdef pgprot_cached_noncoherent
	return !region->entry && region->kind == SOCASSIGN_REGION_REG &&
	       of_match_node(soca_cacheable, claim->nodes[region->node].np);
#else
	return false;
#endif
}

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
 * soca_regions_down - Let go of the registers
 * @claim: The claim; its mappings are zapped already
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_regions_down(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_regions; i++) {
		struct soca_region *region = &claim->regions[i];

		if (region->chunk)
			iounmap(region->chunk);
		region->chunk = NULL;
	}
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

/* The user: description */

#define SOCA_WIDTHS	(1 | 2 | 4 | (IS_ENABLED(CONFIG_64BIT) ? 8 : 0))

/**
 * soca_region_ioctl - ioctl(SOCASSIGN_REGION)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_region_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_region *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	const struct soca_region *region;
	int ret;

	scoped_guard(rwsem_read, &claim->gate)
		if (claim->down)
			return -ENODEV;
	if (cmd->index >= claim->num_regions)
		return -ENOENT;
	region = &claim->regions[cmd->index];
	cmd->out_kind = region->kind;
	cmd->out_flags = region->flags;
	cmd->out_node = region->node;
	cmd->out_entry = region->entry;
	cmd->out_widths = region->pgoff ? SOCA_WIDTHS : 0;
	cmd->out_page_offset = offset_in_page(region->span.first);
	cmd->out_bytes = region->span.last - region->span.first + 1;
	cmd->out_cookie = (u64)region->pgoff << PAGE_SHIFT;
	cmd->out_cached_cookie = (u64)region->cached_pgoff << PAGE_SHIFT;
	cmd->out_bus_address = region->bus_address;
	ret = soca_strings_to_user(&region->name, cmd->name, &cmd->name_len);
	return ret ?: soca_strings_to_user(&region->neighbours,
					   cmd->neighbours,
					   &cmd->neighbours_len);
}

/* The user: mmap */

/* mmap() would not keep the cacheable attribute in vma->vm_page_prot. */
static pgprot_t soca_vma_prot(const struct vm_area_struct *vma)
{
	const struct soca_region *region = vma->vm_private_data;

#ifdef pgprot_cached_noncoherent
	/* The portals' protocol keeps the caches coherent, not the bus. */
	if (atomic_read(&region->caching) == SOCA_CACHED)
		return pgprot_cached_noncoherent(vma->vm_page_prot);
#endif
	return pgprot_noncached(vma->vm_page_prot);
}

/* The first use decides; false if it decided otherwise. */
static bool soca_use_caching(struct soca_region *region, int caching)
{
	int old = atomic_cmpxchg(&region->caching, SOCA_UNUSED, caching);

	return old == SOCA_UNUSED || old == caching;
}

static vm_fault_t soca_vm_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct soca_claim *claim = vma->vm_file->private_data;
	const struct soca_region *region = vma->vm_private_data;
	unsigned long pfn = vma->vm_pgoff +
			    ((vmf->address - vma->vm_start) >> PAGE_SHIFT);

	guard(rwsem_read)(&claim->map_lock);

	/* mremap() cannot grow the mapping; that is not this check's excuse. */
	if (claim->zapped ||
	    pfn - soca_region_pfn(region) >= soca_region_pages(region))
		return VM_FAULT_SIGBUS;
	trace_socassign_fault(vmf->address, pfn);
	return vmf_insert_pfn_prot(vma, vmf->address, pfn, soca_vma_prot(vma));
}

static const struct vm_operations_struct soca_vm_ops = {
	.fault = soca_vm_fault,
};

static bool soca_in_cookie(unsigned long pgoff, unsigned long cookie,
			   unsigned long pages)
{
	return cookie && pgoff >= cookie && pgoff - cookie < pages;
}

static struct soca_region *soca_find_region(struct soca_claim *claim,
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

/**
 * soca_region_mmap - mmap() of a claim
 * @claim: The claim
 * @vma: The new mapping
 *
 * Context: mmap_lock held for writing.
 * Return: 0, -EINVAL, -EACCES, -EBUSY or -ENODEV.
 */
int soca_region_mmap(struct soca_claim *claim, struct vm_area_struct *vma)
{
	unsigned long offset, pages = vma_pages(vma);
	struct soca_region *region;
	bool cached;

	guard(rwsem_read)(&claim->map_lock);

	if (claim->zapped)
		return -ENODEV;
	region = soca_find_region(claim, vma->vm_pgoff, &cached);
	if (!region || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	offset = vma->vm_pgoff - (cached ? region->cached_pgoff : region->pgoff);
	if (pages > soca_region_pages(region) - offset)
		return -EINVAL;
	if (!(region->flags & SOCASSIGN_REGION_MMAP))
		return -EACCES;
	if (!soca_use_caching(region, cached ? SOCA_CACHED : SOCA_INHIBITED))
		return -EBUSY;

	/* KVM on e500 (6.1) takes the frame of a PFN mapping from vm_pgoff. */
	vma->vm_pgoff = soca_region_pfn(region) + offset;
	vma->vm_private_data = region;
	vma->vm_ops = &soca_vm_ops;
	vma->vm_page_prot = soca_vma_prot(vma);
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

/* The user: prefault */

static int soca_prefault_vma(struct soca_claim *claim,
			     struct vm_area_struct *vma, unsigned long addr,
			     unsigned long end)
{
	for (; addr < end; addr += PAGE_SIZE) {
		unsigned long pfn = vma->vm_pgoff +
				    ((addr - vma->vm_start) >> PAGE_SHIFT);
		vm_fault_t fault = VM_FAULT_SIGBUS;

		scoped_guard(rwsem_read, &claim->map_lock)
			if (!claim->zapped)
				fault = vmf_insert_pfn_prot(vma, addr, pfn,
							    soca_vma_prot(vma));
		if (fault & VM_FAULT_OOM)
			return -ENOMEM;
		if (fault != VM_FAULT_NOPAGE)
			return -ENODEV;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int soca_prefault_range(struct soca_claim *claim, unsigned long addr,
			       unsigned long end)
{
	while (addr < end) {
		struct vm_area_struct *vma = vma_lookup(current->mm, addr);
		unsigned long stop;
		int ret;

		if (!vma || vma->vm_ops != &soca_vm_ops ||
		    vma->vm_file->private_data != claim)
			return -EFAULT;
		stop = min(end, vma->vm_end);
		ret = soca_prefault_vma(claim, vma, addr, stop);
		if (ret)
			return ret;
		addr = stop;
	}
	return 0;
}

/**
 * soca_prefault_ioctl - ioctl(SOCASSIGN_PREFAULT)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_prefault_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_prefault *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	u64 end;
	int ret;

	if (cmd->flags)
		return -EOPNOTSUPP;
	if (!cmd->length || !PAGE_ALIGNED(cmd->addr | cmd->length) ||
	    check_add_overflow(cmd->addr, cmd->length, &end))
		return -EINVAL;
	scoped_guard(rwsem_read, &claim->gate)
		if (claim->down)
			return -ENODEV;
	if (end > TASK_SIZE)
		return -EFAULT;
	mmap_read_lock(current->mm);
	ret = soca_prefault_range(claim, cmd->addr, end);
	mmap_read_unlock(current->mm);
	return ret;
}

/* The user: pread and pwrite */

/*
 * The value has the bytes that a load through the mapping would leave in
 * memory: raw accessors, and barriers that readl() and writel() would have.
 */
union soca_value {
	u8 b;
	u16 h;
	u32 w;
	u64 d;
};

static void soca_bus_read(const void __iomem *addr, size_t width,
			  union soca_value *value)
{
	mb();	/* earlier accesses to memory and devices are done */
	switch (width) {
	case 1:
		value->b = __raw_readb(addr);
		break;
	case 2:
		value->h = __raw_readw(addr);
		break;
	case 4:
		value->w = __raw_readl(addr);
		break;
#ifdef CONFIG_64BIT
	case 8:
		value->d = __raw_readq(addr);
		break;
#endif
	}
	mb();	/* the device has answered before anything later happens */
}

static void soca_bus_write(void __iomem *addr, size_t width,
			   const union soca_value *value)
{
	mb();	/* earlier accesses to memory and devices are done */
	switch (width) {
	case 1:
		__raw_writeb(value->b, addr);
		break;
	case 2:
		__raw_writew(value->h, addr);
		break;
	case 4:
		__raw_writel(value->w, addr);
		break;
#ifdef CONFIG_64BIT
	case 8:
		__raw_writeq(value->d, addr);
		break;
#endif
	}
	mb();	/* and not merged with or passed by later ones */
}

/*
 * Map what holds @phys.  An aligned access never crosses a chunk; the region
 * may start in the middle of one.
 */
static void __iomem *soca_region_map(struct soca_region *region, u64 phys)
{
	struct soca_span chunk = {
		.first = max(region->span.first, round_down(phys, SOCA_CHUNK)),
		.last = min(region->span.last, phys | (SOCA_CHUNK - 1)),
	};

	lockdep_assert_held(&region->lock);

	if (region->chunk && region->chunk_first != chunk.first) {
		iounmap(region->chunk);
		region->chunk = NULL;
	}
	if (!region->chunk) {
		region->chunk = ioremap(chunk.first,
					chunk.last - chunk.first + 1);
		region->chunk_first = chunk.first;
	}
	return region->chunk ? region->chunk + (phys - chunk.first) : NULL;
}

/* The region and physical address for file position @pos, or an errno. */
static int soca_region_locate(struct soca_claim *claim, loff_t pos,
			      size_t width, struct soca_region **regionp,
			      u64 *phys)
{
	struct soca_region *region;
	bool cached;

	if (pos < 0 || !is_power_of_2(width) || !(width & SOCA_WIDTHS))
		return -EINVAL;
	region = soca_find_region(claim, pos >> PAGE_SHIFT, &cached);
	if (!region || cached)
		return -EINVAL;
	*phys = ((u64)soca_region_pfn(region) << PAGE_SHIFT) +
		(pos - ((loff_t)region->pgoff << PAGE_SHIFT));
	if (!IS_ALIGNED(*phys, width) || *phys < region->span.first ||
	    *phys > region->span.last || region->span.last - *phys < width - 1)
		return -EINVAL;
	*regionp = region;
	return 0;
}

static int soca_region_access(struct soca_claim *claim, loff_t pos,
			      size_t width, union soca_value *value, bool write)
{
	struct soca_region *region;
	void __iomem *addr;
	u64 phys;
	int ret;

	guard(rwsem_read)(&claim->gate);

	if (claim->down)
		return -ENODEV;
	ret = soca_region_locate(claim, pos, width, &region, &phys);
	if (ret)
		return ret;
	if (!soca_use_caching(region, SOCA_INHIBITED))
		return -EBUSY;

	guard(mutex)(&region->lock);

	addr = soca_region_map(region, phys);
	if (!addr)
		return -ENOMEM;
	if (write)
		soca_bus_write(addr, width, value);
	else
		soca_bus_read(addr, width, value);
	return 0;
}

/**
 * soca_region_read - pread() of a claim: one read on the bus
 * @claim: The claim
 * @buf: User memory
 * @count: Width of the access in bytes
 * @pos: File position
 *
 * The user's memory is not touched under the gate; if it turns out to be bad
 * the read has still happened on the bus.
 *
 * Return: @count, -EINVAL, -EBUSY, -EFAULT, -ENOMEM or -ENODEV.
 */
ssize_t soca_region_read(struct soca_claim *claim, char __user *buf,
			 size_t count, loff_t pos)
{
	union soca_value value = {};
	int ret = soca_region_access(claim, pos, count, &value, false);

	if (ret)
		return ret;
	return copy_to_user(buf, &value, count) ? -EFAULT : count;
}

/**
 * soca_region_write - pwrite() of a claim: one write on the bus
 * @claim: The claim
 * @buf: User memory
 * @count: Width of the access in bytes
 * @pos: File position
 *
 * Return: @count, -EINVAL, -EBUSY, -EFAULT, -ENOMEM or -ENODEV.
 */
ssize_t soca_region_write(struct soca_claim *claim, const char __user *buf,
			  size_t count, loff_t pos)
{
	union soca_value value;
	int ret;

	if (count > sizeof(value))
		return -EINVAL;
	if (copy_from_user(&value, buf, count))
		return -EFAULT;
	ret = soca_region_access(claim, pos, count, &value, true);
	return ret ?: count;
}
