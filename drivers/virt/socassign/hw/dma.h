/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA identities and their windows, and what a backend is
 */
#ifndef _SOCASSIGN_DMA_H
#define _SOCASSIGN_DMA_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <uapi/linux/socassign.h>

#include "hw/pamu_plan.h"

struct device;
struct device_node;
struct file;
struct soca_claim;
struct soca_dma;
struct soca_iommu;
struct soca_pamu_liodn;
struct soca_reason;
struct soca_set;

/**
 * struct soca_run - Physically contiguous memory
 * @phys: Physical address of its first byte
 * @bytes: Its size, whole pages
 */
struct soca_run {
	u64 phys;
	u64 bytes;
};

/**
 * struct soca_windows - The windows of a DMA identity
 * @num: Number of windows
 * @win: What and where they are
 * @memory: What each is a window onto, with a reference; NULL: registers of the claim
 * @run: The run that each starts in, and where it goes on the next of the same
 *	array; NULL if all of a window's memory is contiguous anyway
 * @changed: Index of the window that was added to the set before, or replaced there;
 *	or, if this one is smaller, index there of the window that was removed.  The
 *	last one has its place then; if none is left, all may have been removed.
 * @plan: How the hardware translates them; the backend's
 *
 * A set does not change once it is in use: a new one takes its place.
 */
struct soca_windows {
	unsigned int num;
	struct soca_plan_window win[SOCA_PLAN_MAX_SUBWINDOWS];
	struct file *memory[SOCA_PLAN_MAX_SUBWINDOWS];
	const struct soca_run *run[SOCA_PLAN_MAX_SUBWINDOWS];
	unsigned int changed;
	struct soca_plan plan;
};

/**
 * enum soca_dma_kind - What tells an identity from others
 * @SOCA_DMA_DIRECT: Nothing does
 * @SOCA_DMA_LIODN: soca_dma.id is a LIODN, which a PAMU goes by
 * @SOCA_DMA_GROUP: soca_dma.id is the number of an IOMMU group
 */
enum soca_dma_kind {
	SOCA_DMA_DIRECT,
	SOCA_DMA_LIODN,
	SOCA_DMA_GROUP,
};

/**
 * struct soca_dma_ops - A backend: what makes windows real
 * @kind: Of identities that it has
 * @scatters: The memory of a window need not be physically contiguous
 * @leads_to_registers: A window may be onto registers
 * @owner: Report faults to this claim from now on, as of its identity @index;
 *	NULL: to nobody
 * @describe: Fill in the limits of struct socassign_dma
 * @target: Translate a window's stash target and operation into the hardware's
 *	numbers.  Returns 0, -EINVAL or -EOPNOTSUPP.
 * @place: Can the hardware have these windows?  They are the present ones, or a
 *	copy that one was changed in, or that is empty.  Fills in their plan, which
 *	keeps the geometry of the present windows if there are any and DMA is
 *	enabled.  Returns 0, -EINVAL, -ENOSPC or -EBUSY.
 * @enable: Open the windows, which are placed.  Returns 0, -ENOSPC or -ENOMEM.
 * @disable: Block every access; when it returns, the hardware knows.  NULL if
 *	nothing can.
 * @change: Open these windows, which are placed, instead of the present ones.
 *	Returns 0, or -ENOMEM if some are not among the present ones.
 * @drain: Wait for what was let through before.
 * @put_back: Restore what the host had, and forget the identity.
 *
 * All but @owner and @put_back: under soca_dma.lock.  Each names the rule
 * where it refuses, in the log and to whom it was told.
 */
struct soca_dma_ops {
	enum soca_dma_kind kind;
	bool scatters;
	bool leads_to_registers;
	void (*owner)(struct soca_dma *dma, struct soca_claim *claim, u32 index);
	void (*describe)(struct soca_dma *dma, struct socassign_dma *cmd);
	int (*target)(struct soca_dma *dma, const struct socassign_dma_map *cmd,
		      struct soca_plan_window *win, struct soca_reason *reason);
	int (*place)(struct soca_dma *dma, struct soca_windows *new,
		     struct soca_reason *reason);
	int (*enable)(struct soca_dma *dma);
	void (*disable)(struct soca_dma *dma);
	int (*change)(struct soca_dma *dma, const struct soca_windows *new);
	void (*drain)(struct soca_dma *dma);
	void (*put_back)(struct soca_dma *dma);
};

/**
 * struct soca_dma_user - A node that does DMA with an identity
 * @np: The node, with a reference
 * @keeper: The node, it or one above it, whose device is bound to us, with a
 *	reference: the quarantine of that device is about this one, too
 */
struct soca_dma_user {
	struct device_node *np;
	struct device_node *keeper;
};

/**
 * struct soca_dma - A DMA identity
 * @list: On the list of those that are parked
 * @ops: Its backend
 * @num_users: Number of @users
 * @users: The nodes that have it; while it is parked, those that are in
 *	quarantine
 * @np: The first of them, for the user and the log, with a reference
 * @entry: Index in that node's fsl,liodn
 * @id: The LIODN, or what else its kind goes by
 * @limit: DMA addresses end here
 * @granule: Windows start and end at multiples of this
 * @liodn: The PAMU's part of it
 * @iommu: The IOMMU's part of it
 * @lock: Protects @windows, @enabled, @used and @is_stale; taken under the gate
 * @windows: Its windows; never NULL once it is built
 * @enabled: They are open
 * @used: Somebody had an fd, so the device may have been told to use it
 * @is_stale: It was parked: the one who did is gone, and the device may still do
 *
 * Belongs to a claim, blocked from before the claim has an fd.  When the claim
 * goes down, and the device is known to be quiet, the host's setting is put
 * back.  Else the identity is parked: blocked (or, where nothing can block it,
 * with its memory kept out of other hands) until the next claim takes it
 * over, or the administrator ends the device's quarantine.
 */
struct soca_dma {
	struct list_head list;
	const struct soca_dma_ops *ops;
	unsigned int num_users;
	struct soca_dma_user *users;
	struct device_node *np;
	u32 entry;
	u32 id;
	u64 limit;
	u64 granule;
	union {
		struct soca_pamu_liodn *liodn;
		struct soca_iommu *iommu;
	};
	struct mutex lock;		/* windows, enabled, used, is_stale */
	struct soca_windows *windows;
	bool enabled;
	bool used;
	bool is_stale;
};

/*
 * Hears of an access that was blocked, by the claim's identity @index, at the DMA
 * address; @fault is enum socassign_fault, @how is SOCASSIGN_EVENT_READ, _WRITE, or 0
 * where that is not known.  Any context, under the backend's locks.
 */
typedef void (*soca_fault_fn)(struct soca_claim *claim, u32 index, u64 address,
			      u32 fault, u32 how);

/* direct.c: no IOMMU */
void soca_direct_hold(struct soca_dma *dma);
int soca_dma_no_target(struct soca_dma *dma,
		       const struct socassign_dma_map *cmd,
		       struct soca_plan_window *win,
		       struct soca_reason *reason);

/* iommu.c: windows in the page tables of an IOMMU */
#ifdef CONFIG_IOMMU_API
int soca_iommu_group_id(struct device *dev);
int soca_iommu_check(const struct soca_set *set, const struct device_node *np,
		     struct device *dev);
int soca_iommu_hold(const struct soca_set *set, struct soca_dma *dma,
		    struct device *dev);
/* iommu_fault.c */
void soca_iommu_init(soca_fault_fn report);
#else
static inline int soca_iommu_group_id(struct device *dev)
{
	return -ENOENT;
}

static inline int soca_iommu_check(const struct soca_set *set,
				   const struct device_node *np,
				   struct device *dev)
{
	return -EOPNOTSUPP;
}

static inline int soca_iommu_hold(const struct soca_set *set,
				  struct soca_dma *dma, struct device *dev)
{
	return -EOPNOTSUPP;
}

static inline void soca_iommu_init(soca_fault_fn report)
{
}
#endif

/* pamu.c: windows in the tables of the PAMU */
#ifdef CONFIG_FSL_PAMU
int soca_pamu_check(const struct device_node *np, u32 id,
		    struct soca_reason *reason);
int soca_pamu_hold(struct soca_dma *dma, struct soca_reason *reason);
#else
static inline int soca_pamu_check(const struct device_node *np, u32 id,
				  struct soca_reason *reason)
{
	return -EOPNOTSUPP;
}

static inline int soca_pamu_hold(struct soca_dma *dma,
				 struct soca_reason *reason)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* _SOCASSIGN_DMA_H */
