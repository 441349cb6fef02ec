/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the backend on the IOMMU API keeps to itself
 */
#ifndef _SOCASSIGN_IOMMU_H
#define _SOCASSIGN_IOMMU_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct device;
struct iommu_domain;
struct soca_claim;
struct soca_iommu_teller;
struct soca_windows;

/**
 * struct soca_iommu_faults - Who hears of the faults of a group
 * @lock: Protects @open, @claim and @index; taken in interrupts
 * @open: The windows that are open, NULL if none are
 * @claim: Whom a fault is reported to, NULL while the group is parked
 * @index: Which of the claim's identities it is
 * @teller: What is known of the IOMMU's driver; NULL if it tells nobody
 * @dev: The device whose handler is ours, with a reference, or NULL
 */
struct soca_iommu_faults {
	spinlock_t lock;		/* open, claim, index */
	const struct soca_windows *open;
	struct soca_claim *claim;
	u32 index;
	const struct soca_iommu_teller *teller;
	struct device *dev;
};

/* iommu_fault.c */
void soca_iommu_faults_start(struct soca_iommu_faults *faults,
			     struct device *dev);
void soca_iommu_faults_stop(struct soca_iommu_faults *faults);
void soca_iommu_faults_watch(struct soca_iommu_faults *faults,
			     struct iommu_domain *domain);
void soca_iommu_faults_open(struct soca_iommu_faults *faults,
			    const struct soca_windows *open);
void soca_iommu_faults_owner(struct soca_iommu_faults *faults,
			     struct soca_claim *claim, u32 index);

#endif /* _SOCASSIGN_IOMMU_H */
