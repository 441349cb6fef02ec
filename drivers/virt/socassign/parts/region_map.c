// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers and memory in user space: mmap, faults, PREFAULT
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/pgtable.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include "base/compat.h"
#include "base/trace.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "parts/region.h"

/* Of registers only those with soca_region_cacheable() use it. */
#ifndef pgprot_cached_noncoherent
#define pgprot_cached_noncoherent(_prot)	(_prot)
#endif

/*
 * Memory is mapped as all memory is.  For registers mmap() would not keep the
 * cacheable attribute in vma->vm_page_prot; the portals' protocol keeps the
 * caches coherent, not the bus.
 */
static pgprot_t soca_region_prot(const struct soca_region *region,
				 pgprot_t prot)
{
	if (region->kind == SOCASSIGN_REGION_MEMORY)
		return prot;
	if (region->caching == SOCA_CACHED)
		return pgprot_cached_noncoherent(prot);
	return pgprot_noncached(prot);
}

static pgprot_t soca_vma_prot(const struct vm_area_struct *vma)
{
	return soca_region_prot(vma->vm_private_data, vma->vm_page_prot);
}

/*
 * vm_pgoff of the region's first page.  The cookie, where nothing else is
 * needed: /proc/PID/maps shows it, and physical addresses are the host's affair.
 */
static unsigned long soca_region_pgoff(const struct soca_region *region)
{
	if (SOCA_FRAME_IN_PGOFF)
		return soca_region_pfn(region);
	return region->caching == SOCA_CACHED ?
	       region->cached_pgoff : region->pgoff;
}

/*
 * Which page of the region is at @addr?  Whoever splits or moves a mapping
 * keeps vm_pgoff right.
 */
static unsigned long soca_vma_page(const struct vm_area_struct *vma,
				   unsigned long addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT) -
	       soca_region_pgoff(vma->vm_private_data);
}

/* What a fault enters at most where pages are small: never more than a page table. */
#define SOCA_FAULT_AROUND	min_t(unsigned long, PMD_SIZE, SZ_2M)

/**
 * struct soca_block - Pages of a mapping that are entered at a time
 * @addr: Address of the first one
 * @pages: How many
 * @pfn: Frame of the first one
 */
struct soca_block {
	unsigned long addr;
	unsigned long pages;
	unsigned long pfn;
};

/*
 * What the mapping has of the @size aligned bytes around @addr.  False if that is
 * not all in the region: mremap() cannot grow a mapping; that is not this check's
 * excuse.
 */
static bool soca_block_at(const struct vm_area_struct *vma, unsigned long addr,
			  unsigned long size, struct soca_block *block)
{
	const struct soca_region *region = vma->vm_private_data;
	unsigned long last = min(addr | (size - 1), vma->vm_end - 1);
	unsigned long pages = soca_region_pages(region);
	unsigned long page;

	block->addr = max(ALIGN_DOWN(addr, size), vma->vm_start);
	block->pages = ((last - block->addr) >> PAGE_SHIFT) + 1;
	page = soca_vma_page(vma, block->addr);
	block->pfn = soca_region_pfn(region) + page;
	return page < pages && block->pages <= pages - page;
}

/* Those that are there already stay. */
static vm_fault_t soca_insert_pages(struct vm_area_struct *vma,
				    const struct soca_block *block)
{
	pgprot_t prot = soca_vma_prot(vma);

	if (soca_remap_empty(vma, block->addr, block->pfn, block->pages, prot))
		return VM_FAULT_NOPAGE;
	for (unsigned long i = 0; i < block->pages; i++) {
		vm_fault_t fault = soca_insert_pfn(vma, block->addr +
						   i * PAGE_SIZE,
						   block->pfn + i, prot);

		if (fault != VM_FAULT_NOPAGE)
			return fault;
	}
	return VM_FAULT_NOPAGE;
}

#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
/* With another attribute than the mapping's no huge page can be entered. */
static bool soca_fits_huge(const struct vm_area_struct *vma,
			   const struct soca_block *block)
{
	return block->pages == PMD_SIZE >> PAGE_SHIFT &&
	       IS_ALIGNED(block->pfn, PMD_SIZE >> PAGE_SHIFT) &&
	       pgprot_val(soca_vma_prot(vma)) == pgprot_val(vma->vm_page_prot);
}

static vm_fault_t soca_vm_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct soca_claim *claim = vmf->vma->vm_file->private_data;
	struct soca_block block;

	guard(mutex)(&claim->map_lock);

	if (claim->zapped ||
	    !soca_block_at(vmf->vma, vmf->address, PMD_SIZE, &block))
		return VM_FAULT_SIGBUS;
	if (order != PMD_ORDER || !soca_fits_huge(vmf->vma, &block))
		return VM_FAULT_FALLBACK;
	trace_socassign_fault(vmf->address, block.pfn, block.pages);
	return soca_insert_pfn_pmd(vmf, block.pfn);
}

/* Another thread's, entered since the core found nothing. */
static bool soca_has_huge(const struct vm_fault *vmf)
{
	return pmd_leaf(pmdp_get_lockless(vmf->pmd));
}
#else
static bool soca_has_huge(const struct vm_fault *vmf)
{
	return false;
}
#endif

/* Whoever touches a page of a region touches more of them, as a rule. */
static vm_fault_t soca_vm_fault(struct vm_fault *vmf)
{
	struct soca_claim *claim = vmf->vma->vm_file->private_data;
	struct soca_block block;

	guard(mutex)(&claim->map_lock);

	if (claim->zapped ||
	    !soca_block_at(vmf->vma, vmf->address, SOCA_FAULT_AROUND, &block))
		return VM_FAULT_SIGBUS;
	if (soca_has_huge(vmf))
		return VM_FAULT_NOPAGE;
	trace_socassign_fault(vmf->address, block.pfn, block.pages);
	return soca_insert_pages(vmf->vma, &block);
}

/*
 * Pages that are there get the attributes which the core has kept.  It keeps
 * "inhibited", but not what the portals on Power are mapped with: those would
 * become coherent, beside the mappings of others that are not.
 */
static int soca_vm_mprotect(struct vm_area_struct *vma, unsigned long start,
			    unsigned long end, unsigned long flags)
{
	pgprot_t wanted = vm_get_page_prot(flags);
	pgprot_t kept = pgprot_modify(vma->vm_page_prot, wanted);

	wanted = soca_region_prot(vma->vm_private_data, wanted);
	return pgprot_val(kept) == pgprot_val(wanted) ? 0 : -EACCES;
}

static const struct vm_operations_struct soca_vm_ops = {
	.mprotect = soca_vm_mprotect,
	.fault = soca_vm_fault,
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	.huge_fault = soca_vm_huge_fault,
#endif
};

/**
 * soca_region_align - The frame that a place in the file maps
 * @claim: The claim
 * @pgoff: The place, in pages
 *
 * An address that is aligned as the frame is can be mapped by huge pages.
 *
 * Return: The frame; where there is no region, @pgoff.
 */
unsigned long soca_region_align(struct soca_claim *claim, unsigned long pgoff)
{
	bool cached;
	const struct soca_region *region = soca_find_region(claim, pgoff,
							    &cached);

	if (!region)
		return pgoff;
	return soca_region_pfn(region) + pgoff -
	       (cached ? region->cached_pgoff : region->pgoff);
}

/*
 * A KVM that takes the frame from vm_pgoff looks at the page table only for the
 * storage attributes: kvmppc_e500_shadow_map(), see compat.h.  It refuses a page
 * that is not present.  But where there is no page table at all, because nobody
 * has touched the 2 MiB around, it maps the page all the same: cacheable, and
 * after a revoke, which can only zap what is in a table, once more.
 *
 * So make the tables.  They stay as long as the mapping does; mremap() and fork()
 * make them for theirs.  The entries are left to the faults: the mapping is not
 * in i_mmap yet, where a revoke would find it.
 */
static int soca_make_page_tables(struct vm_area_struct *vma)
{
	if (!SOCA_FRAME_IN_PGOFF)
		return 0;
	return apply_to_page_range(vma->vm_mm, vma->vm_start,
				   vma->vm_end - vma->vm_start, NULL, NULL);
}

/* Nobody gets at a struct page: the frames are the device's, or the partition's. */
static vm_flags_t soca_vma_flags(const struct soca_region *region)
{
	vm_flags_t frames = region->kind == SOCASSIGN_REGION_MEMORY ?
			    soca_vm_memory(soca_region_pfn(region)) : VM_PFNMAP;

	return frames | VM_IO | VM_DONTEXPAND | VM_DONTDUMP;
}

static int soca_set_up_vma(struct soca_claim *claim, struct vm_area_struct *vma)
{
	unsigned long offset, pages = vma_pages(vma);
	struct soca_region *region;
	bool cached;
	u32 right;
	int ret;

	guard(mutex)(&claim->map_lock);

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
	ret = soca_use_caching(claim, region,
			       cached ? SOCA_CACHED : SOCA_INHIBITED);
	if (ret)
		return ret;

	vma->vm_pgoff = soca_region_pgoff(region) + offset;
	vma->vm_private_data = region;
	vma->vm_ops = &soca_vm_ops;
	vma->vm_page_prot = soca_vma_prot(vma);
	vm_flags_set(vma, soca_vma_flags(region));
	return 0;
}

/**
 * soca_region_mmap - mmap() of a claim
 * @claim: The claim
 * @vma: The new mapping
 *
 * Context: mmap_lock held for writing.
 * Return: 0, -EINVAL, -EACCES, -EBUSY, -ENOMEM or -ENODEV.
 */
int soca_region_mmap(struct soca_claim *claim, struct vm_area_struct *vma)
{
	int ret = soca_set_up_vma(claim, vma);

	/* Without the lock: a revoke does not wait for memory. */
	return ret ?: soca_make_page_tables(vma);
}

/**
 * soca_regions_zap - Take the registers out of all page tables
 * @claim: The claim
 *
 * When it returns no page is mapped, and none will be.
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_regions_zap(struct soca_claim *claim)
{
	scoped_guard(mutex, &claim->map_lock)
		claim->zapped = true;
	if (claim->inode)
		unmap_mapping_range(claim->inode->i_mapping, 0, 0, 1);
}

/* Prefault */

/*
 * As by a touch: that also is the only way to a huge page.  Where a page was
 * missing all of the block was entered with it, where one was there the next may
 * be missing: mremap() makes such blocks.
 */
static int soca_prefault_vma(struct vm_area_struct *vma, unsigned long addr,
			     unsigned long end)
{
	unsigned int flags = vma->vm_flags & VM_WRITE ? FAULT_FLAG_WRITE : 0;

	while (addr < end) {
		unsigned long step = PAGE_SIZE;

		if (!soca_is_mapped(vma, addr)) {
			int ret = fixup_user_fault(vma->vm_mm, addr, flags,
						   NULL);

			if (ret)
				return ret;
			step = SOCA_FAULT_AROUND;
		}
		addr = ALIGN_DOWN(addr, step) + step;
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
		ret = soca_prefault_vma(vma, addr, stop);
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

	/* Wait for another thread that is in the middle of a block. */
	guard(mutex)(&claim->map_lock);

	return claim->zapped ? -ENODEV : ret;
}
