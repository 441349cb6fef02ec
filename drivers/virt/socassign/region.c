// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers: the two ways to reach them, mmap and pread/pwrite
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "region.h"
#include "trace.h"

/* What one pread() or pwrite() may need mapped: bounds the address space. */
#define SOCA_CHUNK	SZ_64K

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

/* Description */

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

/* mmap */

/* Of registers only those with soca_region_cacheable() use it. */
#ifndef pgprot_cached_noncoherent
#define pgprot_cached_noncoherent(_prot)	(_prot)
#endif

/*
 * Memory is mapped as all memory is.  For registers mmap() would not keep the
 * cacheable attribute in vma->vm_page_prot; the portals' protocol keeps the
 * caches coherent, not the bus.
 */
static pgprot_t soca_vma_prot(const struct vm_area_struct *vma)
{
	const struct soca_region *region = vma->vm_private_data;

	if (region->kind == SOCASSIGN_REGION_MEMORY)
		return vma->vm_page_prot;
	if (atomic_read(&region->caching) == SOCA_CACHED)
		return pgprot_cached_noncoherent(vma->vm_page_prot);
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
	u32 right;

	guard(rwsem_read)(&claim->map_lock);

	if (claim->zapped)
		return -ENODEV;
	region = soca_find_region(claim, vma->vm_pgoff, &cached);
	if (!region || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	offset = vma->vm_pgoff - (cached ? region->cached_pgoff : region->pgoff);
	if (pages > soca_region_pages(region) - offset)
		return -EINVAL;
	right = cached ? SOCASSIGN_REGION_MMAP_CACHED : SOCASSIGN_REGION_MMAP;
	if (!(region->flags & right))
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

/* Prefault */

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

/* pread and pwrite */

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
