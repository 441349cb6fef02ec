// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers and memory in user space: mmap, faults, PREFAULT
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>

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
static pgprot_t soca_vma_prot(const struct vm_area_struct *vma)
{
	const struct soca_region *region = vma->vm_private_data;

	if (region->kind == SOCASSIGN_REGION_MEMORY)
		return vma->vm_page_prot;
	if (atomic_read(&region->caching) == SOCA_CACHED)
		return pgprot_cached_noncoherent(vma->vm_page_prot);
	return pgprot_noncached(vma->vm_page_prot);
}

/*
 * vm_pgoff of the region's first page.  The cookie, where nothing else is
 * needed: /proc/PID/maps shows it, and physical addresses are the host's affair.
 */
static unsigned long soca_region_pgoff(const struct soca_region *region)
{
	if (SOCA_FRAME_IN_PGOFF)
		return soca_region_pfn(region);
	return atomic_read(&region->caching) == SOCA_CACHED ?
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

/* Enter a page into the page table, unless the device is gone. */
static vm_fault_t soca_insert_page(struct vm_area_struct *vma,
				   unsigned long addr)
{
	struct soca_claim *claim = vma->vm_file->private_data;
	const struct soca_region *region = vma->vm_private_data;
	unsigned long page = soca_vma_page(vma, addr);
	unsigned long pfn = soca_region_pfn(region) + page;

	guard(rwsem_read)(&claim->map_lock);

	/* mremap() cannot grow the mapping; that is not this check's excuse. */
	if (claim->zapped || page >= soca_region_pages(region))
		return VM_FAULT_SIGBUS;
	trace_socassign_fault(addr, pfn);
	return vmf_insert_pfn_prot(vma, addr, pfn, soca_vma_prot(vma));
}

static vm_fault_t soca_vm_fault(struct vm_fault *vmf)
{
	return soca_insert_page(vmf->vma, vmf->address);
}

static const struct vm_operations_struct soca_vm_ops = {
	.fault = soca_vm_fault,
};

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

static int soca_set_up_vma(struct soca_claim *claim, struct vm_area_struct *vma)
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

	vma->vm_pgoff = soca_region_pgoff(region) + offset;
	vma->vm_private_data = region;
	vma->vm_ops = &soca_vm_ops;
	vma->vm_page_prot = soca_vma_prot(vma);
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
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
	scoped_guard(rwsem_write, &claim->map_lock)
		claim->zapped = true;
	if (claim->inode)
		unmap_mapping_range(claim->inode->i_mapping, 0, 0, 1);
}

/* Prefault */

static int soca_prefault_vma(struct vm_area_struct *vma, unsigned long addr,
			     unsigned long end)
{
	for (; addr < end; addr += PAGE_SIZE) {
		vm_fault_t fault = soca_insert_page(vma, addr);

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
	return ret;
}
