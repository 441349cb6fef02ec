// SPDX-License-Identifier: GPL-2.0-only
/*
 * The windows of DMA identities, which the owner opens
 *
 * What the hardware makes of them is the backend's: hw/pamu.c, hw/iommu.c, or
 * hw/direct.c where there is nothing to block an access.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/file.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "base/reason.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "hw/dma.h"
#include "parts/identities.h"
#include "parts/identity.h"
#include "parts/memobj.h"
#include "parts/parts.h"
#include "parts/window_source.h"
#include "parts/windows.h"

/* The set, not the memory: that belongs to the set that is in use. */
DEFINE_FREE(soca_windows, struct soca_windows *, kvfree(_T))

/* What soca_windows_overlap() and the planner can compute with. */
static int soca_check_place(struct soca_reason *reason,
			    const struct soca_dma *dma,
			    const struct socassign_dma_map *cmd)
{
	u64 end, limit = dma->limit;
	u64 grain = dma->granule - 1;

	if (!cmd->length || (cmd->iova | cmd->length | cmd->offset) & grain) {
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx at offset 0x%llx: not in multiples of %llu KiB, or empty",
			    cmd->iova, cmd->length, cmd->offset,
			    dma->granule >> 10);
		return -EINVAL;
	}
	if (check_add_overflow(cmd->iova, cmd->length, &end) || end > limit) {
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: ends beyond 0x%llx",
			    cmd->iova, cmd->length, limit);
		return -EINVAL;
	}
	return 0;
}

/*
 * Where in @new the window goes, or an errno.  *@old is the file whose place
 * it takes, or NULL.
 */
static int soca_window_slot(struct soca_reason *reason,
			    const struct soca_dma *dma,
			    struct soca_windows *new,
			    const struct socassign_dma_map *cmd,
			    struct file **old)
{
	unsigned int slot;

	*old = NULL;
	if (cmd->flags & SOCASSIGN_DMA_REPLACE) {
		slot = soca_windows_find(new, cmd->iova, cmd->length);
		if (slot == new->num) {
			soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: there is none to replace",
				    cmd->iova, cmd->length);
			return -ENOENT;
		}
		*old = new->memory[slot];
		return slot;
	}
	if (soca_windows_overlap(new, cmd->iova, cmd->length)) {
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: overlaps another",
			    cmd->iova, cmd->length);
		return -EEXIST;
	}
	if (new->num == ARRAY_SIZE(new->win)) {
		soca_refuse(reason, dma->np, "more than %zu windows",
			    ARRAY_SIZE(new->win));
		return -ENOSPC;
	}
	return new->num++;
}

/* *@new takes the place of the present set, which is *@new then; or nothing happens. */
static int soca_windows_install(struct soca_dma *dma, struct soca_windows **new)
{
	int ret = 0;

	lockdep_assert_held(&dma->lock);

	if (dma->enabled)
		ret = dma->ops->change(dma, *new);
	if (!ret)
		swap(dma->windows, *new);
	return ret;
}

/* The memory that a window was mapped onto, once no access is on its way. */
static void soca_memory_put(struct soca_dma *dma, struct file *memory)
{
	if (!memory)
		return;
	if (dma->enabled)
		dma->ops->drain(dma);
	fput(memory);
}

/* Where nothing translates, nobody may know where a user's memory is. */
static int soca_check_source(struct soca_reason *reason,
			     const struct soca_dma *dma,
			     const struct file *file)
{
	if (dma->ops->kind != SOCA_DMA_DIRECT || !file || !soca_is_memobj(file))
		return 0;
	soca_refuse(reason, dma->np, "without an IOMMU only a partition has an address to do DMA with");
	return -EINVAL;
}

/* Takes over the reference to @file, if there is one, unless it fails. */
static int soca_dma_map(struct soca_reason *reason, struct soca_dma *dma,
			const struct socassign_dma_map *cmd, struct file *file,
			const struct soca_source *source)
{
	struct soca_plan_window win = {
		.iova = cmd->iova, .size = cmd->length, .phys = source->phys,
		.access = (cmd->flags & SOCASSIGN_DMA_READ ? SOCA_PLAN_READ : 0) |
			  (cmd->flags & SOCASSIGN_DMA_WRITE ? SOCA_PLAN_WRITE : 0),
	};
	struct file *old;
	int slot, ret;

	ret = soca_check_place(reason, dma, cmd);
	if (!ret)
		ret = dma->ops->target(dma, cmd, &win, reason);
	if (!ret)
		ret = soca_check_source(reason, dma, file);
	if (ret)
		return ret;

	struct soca_windows *new __free(soca_windows) =
		soca_windows_copy(dma->windows);
	if (!new)
		return -ENOMEM;
	slot = soca_window_slot(reason, dma, new, cmd, &old);
	if (slot < 0)
		return slot;
	new->changed = slot;
	new->win[slot] = win;
	new->memory[slot] = file;
	new->run[slot] = source->run;
	ret = dma->ops->place(dma, new, reason);
	if (!ret)
		ret = soca_windows_install(dma, &new);
	if (ret)
		return ret;
	soca_memory_put(dma, old);
	return 0;
}

static int soca_check_map(const struct socassign_dma_map *cmd)
{
	u32 access = SOCASSIGN_DMA_READ | SOCASSIGN_DMA_WRITE;

	if (cmd->flags & ~(access | SOCASSIGN_DMA_REPLACE) ||
	    cmd->__reserved || cmd->__reserved2)
		return -EOPNOTSUPP;
	if (!(cmd->flags & access) || cmd->stash_level > 3 ||
	    cmd->operation > SOCASSIGN_OPERATION_CAAM)
		return -EINVAL;
	/* It may be "read and invalidate", which is not for memory to read only. */
	if (cmd->operation && !(cmd->flags & SOCASSIGN_DMA_WRITE))
		return -EINVAL;
	if (cmd->stash_cpu && cmd->stash_level != 1 && cmd->stash_level != 2)
		return -EINVAL;
	return 0;
}

/*
 * The memory is looked up first: a partition is a claim, whose gate comes
 * before this one's.  The file keeps it what it is.
 */
static int soca_claim_map(struct soca_claim *claim,
			  const struct socassign_dma_map *cmd,
			  struct soca_reason *reason)
{
	int ret = soca_check_map(cmd), found = 0;
	struct soca_source source = {};
	struct soca_dma *dma;
	struct file *file;

	if (ret)
		return ret;
	scoped_guard(rwsem_read, &claim->gate)
		if (claim->down)
			return -ENODEV;
	file = fget(cmd->memory_fd);
	if (!file)
		return -EBADF;
	if (soca_claim_of(file) == claim) {
		fput(file);
		file = NULL;
	} else {
		found = soca_source_find(file, cmd, &source);
	}
	scoped_guard(rwsem_read, &claim->gate) {
		dma = soca_dma_get(claim, cmd->index);
		ret = PTR_ERR_OR_ZERO(dma);
		if (ret)
			break;

		guard(mutex)(&dma->lock);

		ret = file ? soca_source_check(dma, cmd, file, found, reason,
					       &source) :
			     soca_source_registers(claim, dma, cmd, reason,
						   &source);
		if (!ret)
			ret = soca_dma_map(reason, dma, cmd, file, &source);
	}
	if (ret && file)
		fput(file);
	return ret;
}

static int soca_dma_map_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_dma_map *cmd = ucmd->cmd;
	struct soca_reason reason = {};
	int ret = soca_claim_map(ucmd->claim, cmd, &reason);

	soca_reason_to_user(&reason, cmd->reason, cmd->reason_len);
	soca_reason_free(&reason);
	return ret;
}

/* Unmapping */

static int soca_dma_unmap_all(struct soca_dma *dma)
{
	struct soca_windows *new __free(soca_windows) = soca_windows_alloc();
	int ret;

	if (!new)
		return -ENOMEM;
	ret = dma->ops->place(dma, new, NULL);
	if (!ret)
		ret = soca_windows_install(dma, &new);
	if (ret)
		return ret;
	if (dma->enabled)
		dma->ops->drain(dma);
	soca_windows_put_memory(new);
	return 0;
}

static int soca_dma_unmap_one(struct soca_dma *dma, u64 iova, u64 length)
{
	struct soca_windows *new __free(soca_windows) =
		soca_windows_copy(dma->windows);
	struct file *memory;
	unsigned int slot;
	int ret;

	if (!new)
		return -ENOMEM;
	slot = soca_windows_find(new, iova, length);
	if (slot == new->num)
		return -ENOENT;
	memory = new->memory[slot];
	new->changed = slot;
	new->num--;
	new->win[slot] = new->win[new->num];
	new->memory[slot] = new->memory[new->num];
	new->run[slot] = new->run[new->num];
	ret = dma->ops->place(dma, new, NULL);
	if (!ret)
		ret = soca_windows_install(dma, &new);
	if (ret)
		return ret;
	soca_memory_put(dma, memory);
	return 0;
}

static int soca_dma_unmap_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_dma_unmap *cmd = ucmd->cmd;
	bool all = cmd->flags & SOCASSIGN_DMA_UNMAP_ALL;
	struct soca_claim *claim = ucmd->claim;
	struct soca_dma *dma;

	if (cmd->flags & ~SOCASSIGN_DMA_UNMAP_ALL || cmd->__reserved)
		return -EOPNOTSUPP;
	if (all && (cmd->iova || cmd->length))
		return -EINVAL;

	guard(rwsem_read)(&claim->gate);

	dma = soca_dma_get(claim, cmd->index);
	if (IS_ERR(dma))
		return PTR_ERR(dma);

	guard(mutex)(&dma->lock);

	return all ? soca_dma_unmap_all(dma) :
		     soca_dma_unmap_one(dma, cmd->iova, cmd->length);
}

/* Enabling and blocking */

static int soca_dma_disable(struct soca_dma *dma)
{
	lockdep_assert_held(&dma->lock);

	if (!dma->ops->disable)
		return -EOPNOTSUPP;
	if (!dma->enabled)
		return 0;
	dma->ops->disable(dma);
	dma->ops->drain(dma);
	dma->enabled = false;
	/* The geometry is free to shrink: what there was a plan for has this one. */
	return dma->ops->place(dma, dma->windows, NULL);
}

static int soca_dma_enable(struct soca_dma *dma)
{
	int ret;

	if (dma->enabled)
		return 0;
	if (!dma->windows->num)
		return -ENXIO;
	ret = dma->ops->enable(dma);
	dma->enabled = !ret;
	return ret;
}

static int soca_dma_control_ioctl(struct soca_ucmd *ucmd)
{
	u32 flags = SOCASSIGN_DMA_ENABLE | SOCASSIGN_DMA_DISABLE;
	struct socassign_dma_control *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_dma *dma;

	if (cmd->flags & ~flags || cmd->__reserved)
		return -EOPNOTSUPP;
	if (!cmd->flags || cmd->flags == flags)
		return -EINVAL;

	guard(rwsem_read)(&claim->gate);

	dma = soca_dma_get(claim, cmd->index);
	if (IS_ERR(dma))
		return PTR_ERR(dma);

	guard(mutex)(&dma->lock);

	return cmd->flags == SOCASSIGN_DMA_ENABLE ? soca_dma_enable(dma) :
						    soca_dma_disable(dma);
}

/**
 * soca_dmas_block - Keep the devices of a claim from memory
 * @claim: The claim; its windows stay
 *
 * Where nothing can block an access, what the devices were told is not over.
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_dmas_block(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++) {
		struct soca_dma *dma = claim->dmas[i];

		guard(mutex)(&dma->lock);

		dma->used |= READ_ONCE(claim->published);
		soca_dma_disable(dma);
	}
}

static u64 soca_windows_bytes(const struct soca_windows *windows)
{
	u64 bytes = 0;

	for (unsigned int i = 0; i < windows->num; i++)
		bytes += windows->win[i].size;
	return bytes;
}

static void soca_dmas_show(const struct soca_claim *claim, struct seq_file *m)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++) {
		struct soca_dma *dma = claim->dmas[i];

		guard(mutex)(&dma->lock);

		seq_printf(m, "socassign-windows-%u:\t%u\n"
			   "socassign-window-bytes-%u:\t%llu\n",
			   i, dma->windows->num,
			   i, soca_windows_bytes(dma->windows));
	}
}

static const struct soca_ioctl_op soca_window_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_MEMORY, soca_memory_ioctl,
		      struct socassign_memory, __reserved),
	SOCA_IOCTL_OP(SOCASSIGN_DMA_MAP, soca_dma_map_ioctl,
		      struct socassign_dma_map, __reserved),
	SOCA_IOCTL_OP(SOCASSIGN_DMA_UNMAP, soca_dma_unmap_ioctl,
		      struct socassign_dma_unmap, length, .is_silent = true),
	SOCA_IOCTL_OP(SOCASSIGN_DMA_CONTROL, soca_dma_control_ioctl,
		      struct socassign_dma_control, __reserved,
		      .is_silent = true),
};

const struct soca_part soca_windows_part = {
	.of_devices = true,
	.down = soca_dmas_block,
	.show = soca_dmas_show,
	.ioctls = soca_window_ops,
	.num_ioctls = ARRAY_SIZE(soca_window_ops),
};
