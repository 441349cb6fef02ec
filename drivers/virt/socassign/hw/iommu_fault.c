// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults: what an IOMMU has blocked, where the kernel's driver of it tells
 *
 * There are two ways to hear of one.  Many drivers call the handler of a domain, which
 * ours has.  Until 6.9 that of the SMMUv3 calls the handler of a device, and does so for
 * a device that is blocked, too.  Other drivers tell nobody and log it; which is which
 * the API does not say, but with patches/0010.
 */
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "base/compat.h"
#include "hw/dma.h"
#include "hw/iommu.h"

static soca_fault_fn soca_iommu_report;

/**
 * struct soca_iommu_teller - A driver that tells of faults
 * @name: Its name
 * @says_how: And whether it was a read or a write
 * @by_device: It calls the handler of a device, and not that of a domain
 */
struct soca_iommu_teller {
	const char *name;
	bool says_how;
	bool by_device;
};

/* Who calls report_iommu_fault(), or else the handler of a device. */
static const struct soca_iommu_teller soca_iommu_tellers[] = {
	{ "arm-smmu", true },
#ifdef SOCA_HAS_DEVICE_FAULTS
	{ "arm-smmu-v3", true, true },
#endif
	{ "exynos-sysmmu", true },
	{ "ipmmu-vmsa" },
	{ "mtk-iommu", true },
	{ "mtk-iommu-v1", true },
	{ "omap-iommu" },
	{ "qcom-iommu" },
	{ "rk_iommu", true },
	{ "sun50i-iommu", true },
};

/* What says so itself. */
static const struct soca_iommu_teller soca_iommu_self_told = { .says_how = true };

static const struct soca_iommu_teller *soca_iommu_teller(struct device *dev)
{
	const struct iommu_device *iommu = dev->iommu ? dev->iommu->iommu_dev :
							NULL;
	struct device *hw = iommu && iommu->dev ? iommu->dev->parent : NULL;

	for (size_t i = 0; hw && i < ARRAY_SIZE(soca_iommu_tellers); i++)
		if (!strcmp(dev_driver_string(hw), soca_iommu_tellers[i].name))
			return &soca_iommu_tellers[i];
	return soca_iommu_calls_handler(dev) ? &soca_iommu_self_told : NULL;
}

static u32 soca_iommu_fault_kind(const struct soca_windows *open, u64 address)
{
	if (!open)
		return SOCASSIGN_FAULT_DISABLED;
	for (unsigned int i = 0; i < open->num; i++)
		if (address - open->win[i].iova < open->win[i].size)
			return SOCASSIGN_FAULT_PERMISSION;
	return SOCASSIGN_FAULT_OUTSIDE;
}

/* In an interrupt, perhaps.  False if nobody wants to know. */
static bool soca_iommu_fault(struct soca_iommu_faults *faults, u64 address,
			     u32 how)
{
	bool told = false;

	scoped_guard(spinlock_irqsave, &faults->lock) {
		if (!faults->claim)
			break;
		soca_iommu_report(faults->claim, faults->index, address,
				  soca_iommu_fault_kind(faults->open, address),
				  how);
		told = true;
	}
	return told;
}

/* Always handled: exynos_sysmmu_irq() takes the host down for one that is not. */
static int soca_iommu_domain_fault(struct iommu_domain *domain,
				   struct device *dev, unsigned long iova,
				   int flags, void *token)
{
	struct soca_iommu_faults *faults = token;
	u32 how = 0;

	if (faults->teller && faults->teller->says_how)
		how = flags & IOMMU_FAULT_WRITE ? SOCASSIGN_EVENT_WRITE :
						  SOCASSIGN_EVENT_READ;
	soca_iommu_fault(faults, iova, how);
	return 0;
}

/**
 * soca_iommu_faults_watch - Hear of the faults of a domain
 * @faults: The group's
 * @domain: The domain, which is not attached yet
 */
void soca_iommu_faults_watch(struct soca_iommu_faults *faults,
			     struct iommu_domain *domain)
{
	iommu_set_fault_handler(domain, soca_iommu_domain_fault, faults);
}

#ifdef SOCA_HAS_DEVICE_FAULTS
/* What nobody is told of the IOMMU's driver logs. */
static int soca_iommu_device_fault(struct iommu_fault *fault, void *data)
{
	u32 how;

	if (fault->type != IOMMU_FAULT_DMA_UNRECOV)
		return -EOPNOTSUPP;
	how = fault->event.perm & IOMMU_FAULT_PERM_WRITE ?
	      SOCASSIGN_EVENT_WRITE : SOCASSIGN_EVENT_READ;
	return soca_iommu_fault(data, fault->event.addr, how) ? 0 : -ENOENT;
}

static void soca_iommu_device_watch(struct soca_iommu_faults *faults,
				    struct device *dev)
{
	/* It keeps the device, which is not to outlive its node for nothing. */
	if (!faults->teller || !faults->teller->by_device)
		return;
	if (iommu_register_device_fault_handler(dev, soca_iommu_device_fault,
						faults))
		faults->teller = NULL;
	else
		faults->dev = get_device(dev);
}

static void soca_iommu_device_unwatch(struct soca_iommu_faults *faults)
{
	if (!faults->dev)
		return;
	iommu_unregister_device_fault_handler(faults->dev);
	put_device(faults->dev);
}
#else
static void soca_iommu_device_watch(struct soca_iommu_faults *faults,
				    struct device *dev)
{
}

static void soca_iommu_device_unwatch(struct soca_iommu_faults *faults)
{
}
#endif

/**
 * soca_iommu_faults_open - Which windows are open from now on?
 * @faults: The group's
 * @open: The windows, NULL if it is blocked; those before may be freed
 */
void soca_iommu_faults_open(struct soca_iommu_faults *faults,
			    const struct soca_windows *open)
{
	scoped_guard(spinlock_irqsave, &faults->lock)
		faults->open = open;
}

/**
 * soca_iommu_faults_owner - Who hears of faults from now on?
 * @faults: The group's
 * @claim: The claim, or NULL
 * @index: Which of its identities it is
 *
 * Nobody tells the one before any more when it returns.
 */
void soca_iommu_faults_owner(struct soca_iommu_faults *faults,
			     struct soca_claim *claim, u32 index)
{
	scoped_guard(spinlock_irqsave, &faults->lock) {
		faults->claim = claim;
		faults->index = index;
	}
}

/**
 * soca_iommu_faults_start - Begin to hear of the faults of a group
 * @faults: The group's
 * @dev: The device of the group that is bound to us
 *
 * Context: Process context.  We own the group's DMA.
 */
void soca_iommu_faults_start(struct soca_iommu_faults *faults,
			     struct device *dev)
{
	spin_lock_init(&faults->lock);
	faults->teller = soca_iommu_teller(dev);
	soca_iommu_device_watch(faults, dev);
}

/**
 * soca_iommu_faults_stop - Hear of no more
 * @faults: The group's, whose domain is gone
 *
 * Context: Process context.
 */
void soca_iommu_faults_stop(struct soca_iommu_faults *faults)
{
	soca_iommu_device_unwatch(faults);
}

/**
 * soca_iommu_init - Get ready
 * @report: Hears of faults
 */
void soca_iommu_init(soca_fault_fn report)
{
	soca_iommu_report = report;
}
