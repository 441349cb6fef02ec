/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The driver is written against the newest kernel.  This file, and no other,
 * carries it back to Linux 6.1.
 */
#ifndef _SOCASSIGN_COMPAT_H
#define _SOCASSIGN_COMPAT_H

#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
static inline void soca_eventfd_signal(struct eventfd_ctx *ctx)
{
	eventfd_signal(ctx, 1);
}
#else
static inline void soca_eventfd_signal(struct eventfd_ctx *ctx)
{
	eventfd_signal(ctx);
}
#endif

/* Cookies may lie above what a signed, or 32-bit, file offset can say. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define SOCA_FMODE_UNSIGNED_OFFSET	FMODE_UNSIGNED_OFFSET
#define SOCA_FOP_FLAGS
#else
#define SOCA_FMODE_UNSIGNED_OFFSET	0
#define SOCA_FOP_FLAGS			.fop_flags = FOP_UNSIGNED_OFFSET,
#endif

/* Buses became constant one after the other. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define SOCA_CONST_BUS
#else
#define SOCA_CONST_BUS			const
#endif

/* What changes while others look became atomic flags. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
static inline void dev_set_of_node_reused(struct device *dev)
{
	dev->of_node_reused = true;
}
#endif

/* Until 6.11 the callback that returns void was called remove_new. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define SOCA_PLATFORM_REMOVE(_fn)	.remove_new = _fn
static inline bool soca_platform_has_remove(const struct platform_driver *drv)
{
	return drv->remove || drv->remove_new;
}
#else
#define SOCA_PLATFORM_REMOVE(_fn)	.remove = _fn
static inline bool soca_platform_has_remove(const struct platform_driver *drv)
{
	return drv->remove;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
static inline bool strends(const char *str, const char *suffix)
{
	size_t len = strlen(str), suffix_len = strlen(suffix);

	return len >= suffix_len && !strcmp(str + len - suffix_len, suffix);
}
#endif

#ifdef CONFIG_IOMMU_API
/* Page tables are the user's, who is charged for them where the kernel can. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline int soca_iommu_map_gfp(struct iommu_domain *domain, u64 iova,
				     u64 phys, u64 size, int prot)
{
	return iommu_map(domain, iova, phys, size, prot);
}
#else
static inline int soca_iommu_map_gfp(struct iommu_domain *domain, u64 iova,
				     u64 phys, u64 size, int prot)
{
	return iommu_map(domain, iova, phys, size, prot, GFP_KERNEL_ACCOUNT);
}
#endif

/* Then arm-smmu-v3 tells a device's handler of what it has blocked. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define SOCA_HAS_DEVICE_FAULTS
#endif

/* A kernel with patches/0010: the handler of a domain is called, and told how. */
#ifdef IOMMU_CAP_FAULT_HANDLER
static inline bool soca_iommu_calls_handler(struct device *dev)
{
	return device_iommu_capable(dev, IOMMU_CAP_FAULT_HANDLER);
}
#else
static inline bool soca_iommu_calls_handler(struct device *dev)
{
	return false;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static inline struct iommu_domain *iommu_paging_domain_alloc(struct device *dev)
{
	return iommu_domain_alloc(dev->bus) ?: ERR_PTR(-ENOMEM);
}
#endif
#endif

/*
 * Until 6.14 KVM on e500 takes the frame of a PFN mapping from vm_pgoff, for an
 * entry of the guest's TLB1: kvmppc_e500_shadow_map() in
 * arch/powerpc/kvm/e500_mmu_host.c.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define SOCA_FRAME_IN_PGOFF	(IS_ENABLED(CONFIG_KVM_E500V2) || \
				 IS_ENABLED(CONFIG_KVM_E500MC))
#else
#define SOCA_FRAME_IN_PGOFF	false
#endif

/* Is there a page at an address of a PFN mapping?  Under the mmap_lock. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline bool soca_is_mapped(struct vm_area_struct *vma,
				  unsigned long addr)
{
	spinlock_t *lock;	/* of the page table */
	pte_t *pte;

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
	if (follow_pte(vma->vm_mm, addr, &pte, &lock))
		return false;
#else
	if (follow_pte(vma, addr, &pte, &lock))
		return false;
#endif
	__acquire(lock);	/* by follow_pte() */
	pte_unmap_unlock(pte, lock);
	return true;
}
#else
static inline bool soca_is_mapped(struct vm_area_struct *vma,
				  unsigned long addr)
{
	struct follow_pfnmap_args args = { .vma = vma, .address = addr };

	if (follow_pfnmap_start(&args))
		return false;
	follow_pfnmap_end(&args);
	return true;
}
#endif

/*
 * Enter pages where none is, in a fault: a tenth of what it costs to enter each by
 * itself.  False if some are there, or something is amiss.  The caller keeps out
 * whoever else enters pages of the mapping.
 *
 * From 6.3 on remap_pfn_range() wants the mmap_lock for writing, for flags of the
 * mapping that it has already.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
/* Not apply_to_existing_page_range(): early ones of 6.1 do not get past a hole. */
static inline int soca_want_none(pte_t *pte, unsigned long addr, void *data)
{
	return pte_none(*pte) ? 0 : -EEXIST;
}

static inline bool soca_remap_empty(struct vm_area_struct *vma,
				    unsigned long addr, unsigned long pfn,
				    unsigned long pages, pgprot_t prot)
{
	unsigned long size = pages * PAGE_SIZE;

	return !apply_to_page_range(vma->vm_mm, addr, size, soca_want_none,
				    NULL) &&
	       !remap_pfn_range(vma, addr, pfn, size, prot);
}
#else
static inline bool soca_remap_empty(struct vm_area_struct *vma,
				    unsigned long addr, unsigned long pfn,
				    unsigned long pages, pgprot_t prot)
{
	return false;
}
#endif

/*
 * From 6.17 on KVM on arm64 takes cacheable memory of a VM_PFNMAP mapping only on a
 * CPU whose stage 2 can force write-back (FEAT_S2FWB), which the cores of most boards
 * cannot: kvm_arch_prepare_memory_region().  Of other mappings it asks whether the
 * frame is in the kernel's map, and that is true but with no-map.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0) && defined(CONFIG_ARM64)
static inline vm_flags_t soca_vm_memory(unsigned long pfn)
{
	return pfn_is_map_memory(pfn) ? VM_MIXEDMAP : VM_PFNMAP;
}

/* vmf_insert_pfn_prot() takes no page that has a struct page for VM_MIXEDMAP. */
static inline vm_fault_t soca_insert_pfn(struct vm_area_struct *vma,
					 unsigned long addr, unsigned long pfn,
					 pgprot_t prot)
{
	if (vma->vm_flags & VM_MIXEDMAP)
		return vmf_insert_mixed(vma, addr, pfn);
	return vmf_insert_pfn_prot(vma, addr, pfn, prot);
}
#else
static inline vm_flags_t soca_vm_memory(unsigned long pfn)
{
	return VM_PFNMAP;
}

#define soca_insert_pfn(_vma, _addr, _pfn, _prot) \
	vmf_insert_pfn_prot(_vma, _addr, _pfn, _prot)
#endif

#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/pfn_t.h>

static inline vm_fault_t soca_insert_pfn_pmd(struct vm_fault *vmf,
					     unsigned long pfn)
{
	return vmf_insert_pfn_pmd(vmf, __pfn_to_pfn_t(pfn, PFN_DEV), false);
}
#else
static inline vm_fault_t soca_insert_pfn_pmd(struct vm_fault *vmf,
					     unsigned long pfn)
{
	return vmf_insert_pfn_pmd(vmf, pfn, false);
}
#endif
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define soca_ioremap_prot(_phys, _size, _prot) \
	ioremap_prot(_phys, _size, pgprot_val(_prot))
#else
#define soca_ioremap_prot(_phys, _size, _prot)	ioremap_prot(_phys, _size, _prot)
#endif

/*
 * With patches/0002 fsl_pamu lets the owner of a LIODN take over its violations.
 * The header tells, since no version does yet.
 */
#ifndef __CHECKER__	/* sparse does not know how to ask */
#if __has_include(<linux/fsl/pamu.h>)
#include <linux/fsl/pamu.h>
#define SOCA_HAS_PAMU_NOTIFIER
#endif
#endif

/*
 * Until 6.2 a long-term pin for reading does not break copy-on-write: the owner
 * would later write to another page than the device reads.  To ask for a write
 * does, but fails where the memory is shared and read only; and where the owner
 * may not write it has to be forced, which does not ask whether he may read.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static inline bool soca_may_read(unsigned long addr, unsigned long end)
{
	struct vm_area_struct *vma;
	bool may = true;

	mmap_read_lock(current->mm);
	for (; may && addr < end; addr = vma ? vma->vm_end : end) {
		vma = vma_lookup(current->mm, addr);
		may = vma && vma->vm_flags & VM_READ;
	}
	mmap_read_unlock(current->mm);
	return may;
}

static inline long soca_pin_to_read(unsigned long addr, unsigned long num,
				    struct page **pages)
{
	long pinned;

	if (!soca_may_read(addr, addr + num * PAGE_SIZE))
		return -EFAULT;
	pinned = pin_user_pages_fast(addr, num, FOLL_LONGTERM | FOLL_WRITE |
				     FOLL_FORCE, pages);
	if (pinned != -EFAULT)
		return pinned;
	return pin_user_pages_fast(addr, num, FOLL_LONGTERM, pages);
}
#else
static inline long soca_pin_to_read(unsigned long addr, unsigned long num,
				    struct page **pages)
{
	return pin_user_pages_fast(addr, num, FOLL_LONGTERM, pages);
}
#endif

/*
 * Until 6.5 pages of any file can be pinned for long and for writing, though its
 * file system does not hear of what a device writes.  And one in user space can
 * keep such a page locked for as long as it likes, which unpinning it waits for.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
static inline bool soca_is_written_back(struct page *page)
{
	const struct address_space *mapping;
	unsigned long magic = TMPFS_MAGIC;

	if (PageAnon(page) || PageHuge(page))
		return false;

	rcu_read_lock();
	mapping = page_mapping(page);
	/* NULL: truncated, or a driver's.  Nobody keeps that locked. */
	if (mapping)
		magic = mapping->host->i_sb->s_magic;
	rcu_read_unlock();
	return magic != TMPFS_MAGIC && magic != RAMFS_MAGIC;
}

static inline long soca_pin_to_write(unsigned long addr, unsigned long num,
				     struct page **pages)
{
	long pinned = pin_user_pages_fast(addr, num, FOLL_LONGTERM | FOLL_WRITE,
					  pages);

	for (long i = 0; i < pinned; i++) {
		if (soca_is_written_back(pages[i])) {
			unpin_user_pages(pages, pinned);
			return -EFAULT;
		}
	}
	return pinned;
}
#else
static inline long soca_pin_to_write(unsigned long addr, unsigned long num,
				     struct page **pages)
{
	return pin_user_pages_fast(addr, num, FOLL_LONGTERM | FOLL_WRITE, pages);
}
#endif

#endif /* _SOCASSIGN_COMPAT_H */
