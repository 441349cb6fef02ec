// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows in the page tables of an IOMMU, by the kernel's IOMMU API
 *
 * What the API can tell apart is a group of devices.  Whoever owns the DMA of a
 * group keeps the drivers of the host's away from it, and the group in a domain
 * that lets nothing through, unless he attaches one of his own.  Such a one is
 * there while DMA is enabled, and no longer: it holds the windows, all of them and
 * nothing else, so a group that is blocked has no page table to forget about.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/log2.h>
#include <linux/of.h>
#include <linux/slab.h>

#include "base/compat.h"
#include "base/reason.h"
#include "hw/dma.h"
#include "hw/iommu.h"
#include "tree/bound.h"
#include "tree/set.h"

/**
 * struct soca_iommu - What there is of the IOMMU for an identity that we hold
 * @group: The group, with a reference; we own its DMA, which is what keeps it
 *	blocked and the host's drivers away.  Most of what is called here takes
 *	its mutex, under soca_dma.lock; claim.h has the lock order.
 * @domain: Its domain while the windows are open, else NULL; soca_dma.lock.  NULL
 *	also while DMA is enabled, if there was no memory: soca_iommu_change()
 * @reserved: Where no window may be (struct iommu_resv_region)
 * @start: Nor below this address
 * @prot: What all windows have in common: IOMMU_CACHE or 0
 * @faults: Who hears of its faults
 */
struct soca_iommu {
	struct iommu_group *group;
	struct iommu_domain *domain;
	struct list_head reserved;
	u64 start;
	int prot;
	struct soca_iommu_faults faults;
};

/* What a device tells us of its group */

static int soca_iommu_any_dev(struct device *dev, void *data)
{
	struct device **found = data;

	*found = get_device(dev);
	return 1;
}

/**
 * struct soca_iommu_sibling - A device that somebody else uses
 * @set: What is ours
 * @dev: The device, with a reference, or NULL
 */
struct soca_iommu_sibling {
	const struct soca_set *set;
	struct device *dev;
};

/* A driver of the host's has it, or another claim. */
static bool soca_iommu_is_used(struct device *dev)
{
	return READ_ONCE(dev->driver) &&
	       (!soca_device_is_ours(dev) || soca_device_is_claimed(dev));
}

static int soca_iommu_find_sibling(struct device *dev, void *data)
{
	struct soca_iommu_sibling *sibling = data;

	if (dev->of_node && soca_set_has(sibling->set, dev->of_node))
		return 0;
	if (!soca_iommu_is_used(dev))
		return 0;
	sibling->dev = get_device(dev);
	return 1;
}

static const struct iommu_resv_region *
soca_iommu_direct(const struct list_head *reserved)
{
	const struct iommu_resv_region *region;

	list_for_each_entry(region, reserved, list)
		if (region->type == IOMMU_RESV_DIRECT ||
		    region->type == IOMMU_RESV_MSI)
			return region;
	return NULL;
}

/*
 * Firmware, or the device itself, needs memory that a guest would not give it; or a
 * doorbell that no window translates is open to it, whose interrupts may be the host's.
 */
static int soca_iommu_check_direct(const struct soca_set *set,
				   const struct device_node *np,
				   struct iommu_group *group)
{
	const struct iommu_resv_region *region;
	LIST_HEAD(reserved);
	int ret = iommu_get_group_resv_regions(group, &reserved);

	if (ret)
		return ret;
	region = soca_iommu_direct(&reserved);
	if (region) {
		soca_refuse(set->reason, np, "its IOMMU has 0x%llx + 0x%zx open for it at all times",
			    (u64)region->start, region->length);
		ret = -EOPNOTSUPP;
	}
	iommu_put_resv_regions(NULL, &reserved);
	return ret;
}

static int soca_iommu_check_siblings(const struct soca_set *set,
				     const struct device_node *np,
				     struct iommu_group *group)
{
	struct soca_iommu_sibling sibling = { .set = set };

	iommu_group_for_each_dev(group, &sibling, soca_iommu_find_sibling);
	if (!sibling.dev)
		return 0;
	soca_refuse(set->reason, np, "it shares an IOMMU group with %s, which is in use",
		    dev_name(sibling.dev));
	put_device(sibling.dev);
	return -EBUSY;
}

/**
 * soca_iommu_group_id - Which IOMMU group is a device in?
 * @dev: The device
 *
 * Return: Its number, or -ENOENT.
 */
int soca_iommu_group_id(struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);
	int id;

	if (!group)
		return -ENOENT;
	id = iommu_group_id(group);
	iommu_group_put(group);
	return id;
}

/**
 * soca_iommu_check - Could the group of a device be held?
 * @set: The set that has it
 * @np: The node of the device
 * @dev: The device
 *
 * One that never had a driver may not be in a group yet: then the answer is yes,
 * and soca_iommu_hold() looks again.
 *
 * Context: Process context.
 * Return: 0, -EBUSY, -EOPNOTSUPP or -ENOMEM; the log has the rule.
 */
int soca_iommu_check(const struct soca_set *set, const struct device_node *np,
		     struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);
	int ret;

	if (!group)
		return 0;
	ret = soca_iommu_check_direct(set, np, group);
	if (!ret)
		ret = soca_iommu_check_siblings(set, np, group);
	iommu_group_put(group);
	return ret;
}

/* The domain */

static struct iommu_domain *soca_iommu_domain(struct iommu_group *group)
{
	struct iommu_domain *domain;
	struct device *dev = NULL;

	iommu_group_for_each_dev(group, &dev, soca_iommu_any_dev);
	if (!dev)
		return ERR_PTR(-ENODEV);
	domain = iommu_paging_domain_alloc(dev);
	put_device(dev);
	return domain;
}

/* An empty one: it blocks as well. */
static int soca_iommu_attach(struct soca_iommu *iommu)
{
	struct iommu_domain *domain = soca_iommu_domain(iommu->group);
	int ret;

	if (IS_ERR(domain))
		return PTR_ERR(domain);
	soca_iommu_faults_watch(&iommu->faults, domain);
	ret = iommu_attach_group(domain, iommu->group);
	if (ret)
		iommu_domain_free(domain);
	else
		iommu->domain = domain;
	return ret;
}

/*
 * Back to the domain that blocks.  Freeing ours drops what the IOMMU has cached of
 * it, and waits for what was let through by that.
 */
static void soca_iommu_detach(struct soca_iommu *iommu)
{
	soca_iommu_faults_open(&iommu->faults, NULL);
	iommu_detach_group(iommu->domain, iommu->group);
	iommu_domain_free(iommu->domain);
	iommu->domain = NULL;
}

/* Windows in it */

/* The piece of a window's memory at @done, which ends where memory is elsewhere. */
struct soca_iommu_piece {
	const struct soca_run *run;
	u64 phys;
	u64 size;
};

static struct soca_iommu_piece soca_iommu_piece(const struct soca_windows *set,
						unsigned int i)
{
	const struct soca_plan_window *win = &set->win[i];
	const struct soca_run *run = set->run[i];
	u64 size = run ? run->phys + run->bytes - win->phys : win->size;

	return (struct soca_iommu_piece) {
		.run = run, .phys = win->phys, .size = min(size, win->size),
	};
}

static void soca_iommu_next_piece(struct soca_iommu_piece *piece, u64 left)
{
	piece->run++;
	piece->phys = piece->run->phys;
	piece->size = min(piece->run->bytes, left);
}

static void soca_iommu_unmap_range(struct iommu_domain *domain, u64 iova,
				   u64 size)
{
	if (size)
		WARN_ON(iommu_unmap(domain, iova, size) != size);
}

static void soca_iommu_unmap(struct iommu_domain *domain,
			     const struct soca_windows *set, unsigned int i)
{
	soca_iommu_unmap_range(domain, set->win[i].iova, set->win[i].size);
}

static void soca_iommu_unmap_all(struct iommu_domain *domain,
				 const struct soca_windows *set)
{
	for (unsigned int i = 0; i < set->num; i++)
		soca_iommu_unmap(domain, set, i);
}

/* All of a window, or nothing. */
static int soca_iommu_map(const struct soca_iommu *iommu,
			  const struct soca_windows *set, unsigned int i)
{
	struct soca_iommu_piece piece = soca_iommu_piece(set, i);
	const struct soca_plan_window *win = &set->win[i];
	int prot = iommu->prot |
		   (win->access & SOCA_PLAN_READ ? IOMMU_READ : 0) |
		   (win->access & SOCA_PLAN_WRITE ? IOMMU_WRITE : 0);
	u64 done = 0;
	int ret;

	for (;;) {
		ret = soca_iommu_map_gfp(iommu->domain, win->iova + done,
					 piece.phys, piece.size, prot);
		if (ret)
			break;
		done += piece.size;
		if (done == win->size)
			return 0;
		soca_iommu_next_piece(&piece, win->size - done);
		cond_resched();
	}
	soca_iommu_unmap_range(iommu->domain, win->iova, done);
	return ret;
}

/* At the same place, the same memory? */
static bool soca_iommu_same(const struct soca_windows *a,
			    const struct soca_windows *b, unsigned int i)
{
	return a->win[i].phys == b->win[i].phys &&
	       a->win[i].access == b->win[i].access &&
	       a->memory[i] == b->memory[i] && a->run[i] == b->run[i];
}

static int soca_iommu_map_all(const struct soca_iommu *iommu,
			      const struct soca_windows *set)
{
	int ret = 0;

	for (unsigned int i = 0; i < set->num && !ret; i++)
		ret = soca_iommu_map(iommu, set, i);
	return ret;
}

/* The backend */

static void soca_iommu_describe(struct soca_dma *dma, struct socassign_dma *cmd)
{
	cmd->out_flags |= SOCASSIGN_DMA_IOMMU;
	if (!dma->iommu->faults.teller)
		cmd->out_flags |= SOCASSIGN_DMA_SILENT;
	cmd->out_liodn = 0;
	cmd->out_max_windows = SOCA_PLAN_MAX_SUBWINDOWS;
	cmd->out_stash_levels = 0;
}

static void soca_iommu_owner(struct soca_dma *dma, struct soca_claim *claim,
			     u32 index)
{
	soca_iommu_faults_owner(&dma->iommu->faults, claim, index);
}

/*
 * A place that the kernel would choose for doorbells is free: it maps some only
 * for who asks for MSIs, which we do not.
 */
static const struct iommu_resv_region *
soca_iommu_reserved(const struct soca_iommu *iommu,
		    const struct soca_plan_window *win)
{
	const struct iommu_resv_region *region;

	list_for_each_entry(region, &iommu->reserved, list)
		if (region->type != IOMMU_RESV_SW_MSI &&
		    region->type != IOMMU_RESV_DIRECT_RELAXABLE &&
		    win->iova < (u64)region->start + region->length &&
		    region->start < win->iova + win->size)
			return region;
	return NULL;
}

static int soca_iommu_place_one(const struct soca_dma *dma,
				const struct soca_plan_window *win,
				struct soca_reason *reason)
{
	const struct iommu_resv_region *region =
		soca_iommu_reserved(dma->iommu, win);

	if (region)
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: 0x%llx + 0x%zx is reserved",
			    win->iova, win->size, (u64)region->start,
			    region->length);
	else if (win->iova < dma->iommu->start)
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: starts below 0x%llx",
			    win->iova, win->size, dma->iommu->start);
	else if (win->phys & (dma->granule - 1))
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: its memory does not start at a multiple of 0x%llx",
			    win->iova, win->size, dma->granule);
	else
		return 0;
	return -EINVAL;
}

static int soca_iommu_place(struct soca_dma *dma, struct soca_windows *new,
			    struct soca_reason *reason)
{
	if (new->changed >= new->num)
		return 0;
	return soca_iommu_place_one(dma, &new->win[new->changed], reason);
}

static int soca_iommu_open(struct soca_iommu *iommu,
			   const struct soca_windows *set)
{
	int ret = soca_iommu_attach(iommu);

	if (ret)
		return ret;
	ret = soca_iommu_map_all(iommu, set);
	if (ret)
		soca_iommu_detach(iommu);
	else
		soca_iommu_faults_open(&iommu->faults, set);
	return ret;
}

static int soca_iommu_enable(struct soca_dma *dma)
{
	return soca_iommu_open(dma->iommu, dma->windows);
}

static void soca_iommu_disable(struct soca_dma *dma)
{
	if (dma->iommu->domain)
		soca_iommu_detach(dma->iommu);
}

/*
 * What goes is closed before what comes is opened: they are in one place.  If there
 * is no memory for page tables then the old one comes back.  Should there be none for
 * that either, the group is blocked: a window that is in the set is in the page
 * tables, or unmapping it is a mistake.  The next change opens it again.
 */
static int soca_iommu_replace(struct soca_dma *dma,
			      const struct soca_windows *new, unsigned int i)
{
	const struct soca_windows *old = dma->windows;
	struct soca_iommu *iommu = dma->iommu;
	int ret;

	if (soca_iommu_same(old, new, i))
		return 0;
	soca_iommu_unmap(iommu->domain, old, i);
	ret = soca_iommu_map(iommu, new, i);
	if (ret && soca_iommu_map(iommu, old, i)) {
		pr_warn_ratelimited("%pOF: no memory for page tables: blocked until its windows change\n",
				    dma->np);
		soca_iommu_detach(iommu);
	}
	return ret;
}

static int soca_iommu_change_open(struct soca_dma *dma,
				  const struct soca_windows *new)
{
	const struct soca_windows *old = dma->windows;
	struct soca_iommu *iommu = dma->iommu;

	if (new->num > old->num)
		return soca_iommu_map(iommu, new, new->changed);
	if (new->num == old->num && new->num)
		return soca_iommu_replace(dma, new, new->changed);
	/* One has gone, or all of them. */
	if (new->num)
		soca_iommu_unmap(iommu->domain, old, new->changed);
	else
		soca_iommu_unmap_all(iommu->domain, old);
	return 0;
}

static int soca_iommu_change(struct soca_dma *dma,
			     const struct soca_windows *new)
{
	struct soca_iommu *iommu = dma->iommu;
	int ret;

	if (!iommu->domain)
		return soca_iommu_open(iommu, new);
	ret = soca_iommu_change_open(dma, new);
	if (!ret)
		soca_iommu_faults_open(&iommu->faults, new);
	return ret;
}

/* Whoever unmaps has waited for it. */
static void soca_iommu_drain(struct soca_dma *dma)
{
}

static void soca_iommu_free(struct soca_iommu *iommu)
{
	soca_iommu_faults_stop(&iommu->faults);
	iommu_put_resv_regions(NULL, &iommu->reserved);
	iommu_group_put(iommu->group);
	kfree(iommu);
}

static void soca_iommu_put_back(struct soca_dma *dma)
{
	iommu_group_release_dma_owner(dma->iommu->group);
	soca_iommu_free(dma->iommu);
}

static const struct soca_dma_ops soca_iommu_ops = {
	.kind = SOCA_DMA_GROUP,
	.scatters = true,
	.owner = soca_iommu_owner,
	.describe = soca_iommu_describe,
	.target = soca_dma_no_target,
	.place = soca_iommu_place,
	.enable = soca_iommu_enable,
	.disable = soca_iommu_disable,
	.change = soca_iommu_change,
	.drain = soca_iommu_drain,
	.put_back = soca_iommu_put_back,
};

/* Holding an identity */

/*
 * The API's addresses and sizes are an unsigned long; and sums of two addresses
 * stay below 64 bits.
 */
static u64 soca_iommu_limit(u64 last)
{
	u64 limit = min(last, (1ULL << 56) - 1) + 1;

	return min_t(u64, limit, ULONG_MAX & PAGE_MASK);
}

static int soca_iommu_measure(struct soca_dma *dma,
			      const struct iommu_domain *domain)
{
	/* It has no page tables, or they have no pages as small as memory has. */
	if (!(domain->pgsize_bitmap & (PAGE_SIZE | (PAGE_SIZE - 1))))
		return -EOPNOTSUPP;
	dma->granule = 1ULL << __ffs(domain->pgsize_bitmap);
	dma->limit = soca_iommu_limit(domain->geometry.aperture_end);
	dma->iommu->start = domain->geometry.aperture_start;
	return 0;
}

/*
 * What a domain of this IOMMU has is known, on some kernels, only when it has been
 * attached; and so is that it can be.
 */
static int soca_iommu_try(struct soca_dma *dma)
{
	int ret = soca_iommu_attach(dma->iommu);

	if (ret)
		return ret;
	ret = soca_iommu_measure(dma, dma->iommu->domain);
	soca_iommu_detach(dma->iommu);
	return ret;
}

static struct soca_iommu *soca_iommu_alloc(struct device *dev)
{
	struct soca_iommu *iommu = kzalloc(sizeof(*iommu), GFP_KERNEL_ACCOUNT);

	if (!iommu)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&iommu->reserved);
	iommu->group = iommu_group_get(dev);
	if (!iommu->group) {
		kfree(iommu);
		return ERR_PTR(-ENODEV);
	}
	if (device_iommu_capable(dev, IOMMU_CAP_CACHE_COHERENCY))
		iommu->prot = IOMMU_CACHE;
	return iommu;
}

/* A driver of the host's may have come since somebody looked. */
static int soca_iommu_own(struct soca_dma *dma, struct device *dev,
			  struct soca_reason *reason)
{
	struct iommu_group *group = dma->iommu->group;
	int ret = iommu_group_claim_dma_owner(group, dma);

	if (ret == -EPERM || ret == -EBUSY) {
		soca_refuse(reason, dma->np, "the DMA of its IOMMU group %d is in use",
			    iommu_group_id(group));
		return -EBUSY;
	}
	if (!ret) {
		ret = soca_iommu_try(dma);
		if (ret)
			iommu_group_release_dma_owner(group);
	}
	if (!ret || ret == -ENOMEM)
		return ret;
	soca_refuse(reason, dma->np, "its IOMMU cannot block it, or has no domain for it (%d)",
		    ret);
	return -EOPNOTSUPP;
}

/**
 * soca_iommu_hold - Take over a group from the host, and block it
 * @set: The set that has the device
 * @dma: The identity; its backend is set
 * @dev: A device of the group, bound to us
 *
 * Context: Process context, under the gate.
 * Return: 0, -EBUSY if the host uses it, -EOPNOTSUPP if the kernel has not put the
 * device behind an IOMMU that can block it, or -ENOMEM; the log has the rule.
 */
int soca_iommu_hold(const struct soca_set *set, struct soca_dma *dma,
		    struct device *dev)
{
	struct soca_iommu *iommu = soca_iommu_alloc(dev);
	int ret;

	if (IS_ERR(iommu)) {
		if (iommu == ERR_PTR(-ENOMEM))
			return -ENOMEM;
		soca_refuse(set->reason, dma->np, "the kernel has not put it behind its IOMMU");
		return -EOPNOTSUPP;
	}
	dma->iommu = iommu;
	dma->ops = &soca_iommu_ops;
	soca_iommu_faults_start(&iommu->faults, dev);
	ret = soca_iommu_check(set, dma->np, dev);
	if (!ret)
		ret = iommu_get_group_resv_regions(iommu->group,
						   &iommu->reserved);
	if (!ret)
		ret = soca_iommu_own(dma, dev, set->reason);
	if (ret)
		soca_iommu_free(iommu);
	return ret;
}
