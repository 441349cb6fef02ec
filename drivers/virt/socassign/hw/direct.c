// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA identities of bus masters that no IOMMU protects
 *
 * Nothing stands between them and memory, so a window opens nothing: it says
 * which partition the device works on.  The partition is then kept out of other
 * hands for as long as the device may write to it, in quarantine, too.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include "base/reason.h"
#include "hw/dma.h"

/* Nobody sees a fault. */
static void soca_direct_owner(struct soca_dma *dma, struct soca_claim *claim,
			      u32 index)
{
}

static void soca_direct_describe(struct soca_dma *dma,
				 struct socassign_dma *cmd)
{
	cmd->out_flags |= SOCASSIGN_DMA_DIRECT;
	cmd->out_max_windows = SOCA_PLAN_MAX_SUBWINDOWS;
	cmd->out_stash_levels = 0;
}

/**
 * soca_dma_no_target - Refuse stash targets and operations: only a PAMU has them
 * @dma: The identity
 * @cmd: What was asked for
 * @win: The window, which stays as it is
 * @reason: Where the rule goes
 *
 * Return: 0 if nothing was asked for, else -EOPNOTSUPP.
 */
int soca_dma_no_target(struct soca_dma *dma,
		       const struct socassign_dma_map *cmd,
		       struct soca_plan_window *win,
		       struct soca_reason *reason)
{
	if (!cmd->stash_level && !cmd->operation)
		return 0;
	soca_refuse(reason, dma->np, "stash targets and operations need a PAMU");
	return -EOPNOTSUPP;
}

static int soca_direct_place(struct soca_dma *dma, struct soca_windows *new,
			     struct soca_reason *reason)
{
	const struct soca_plan_window *win = &new->win[new->changed];

	if (new->changed >= new->num || win->iova == win->phys)
		return 0;
	soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: without an IOMMU a DMA address is the physical one",
		    win->iova, win->size);
	return -EINVAL;
}

/* It always was. */
static int soca_direct_enable(struct soca_dma *dma)
{
	return 0;
}

static void soca_direct_nothing(struct soca_dma *dma)
{
}

static int soca_direct_change(struct soca_dma *dma,
			      const struct soca_windows *new)
{
	return 0;
}

static const struct soca_dma_ops soca_direct_ops = {
	.kind = SOCA_DMA_DIRECT,
	.owner = soca_direct_owner,
	.describe = soca_direct_describe,
	.target = soca_dma_no_target,
	.place = soca_direct_place,
	.enable = soca_direct_enable,
	.change = soca_direct_change,
	.drain = soca_direct_nothing,
	.put_back = soca_direct_nothing,
};

/**
 * soca_direct_hold - Have an identity that nothing protects from
 * @dma: The identity; its backend is set
 */
void soca_direct_hold(struct soca_dma *dma)
{
	dma->ops = &soca_direct_ops;
	/* More than any machine has; sums of two stay below 64 bits. */
	dma->limit = 1ULL << 56;
	dma->granule = 1ULL << SOCA_PLAN_MIN_SHIFT;
}
