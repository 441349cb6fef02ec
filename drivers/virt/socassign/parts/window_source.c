// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a window is onto: a memory object, a partition, or registers of the claim
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/file.h>

#include "base/reason.h"
#include "claim/claim.h"
#include "hw/dma.h"
#include "parts/memobj.h"
#include "parts/partition.h"
#include "parts/region.h"
#include "parts/window_source.h"

/**
 * soca_source_find - Where is the memory of a window?
 * @file: A memory object, or a partition, which is a claim with a gate of its own
 * @cmd: The window
 * @source: Filled in
 *
 * Context: Process context, not under the gate of any claim.
 * Return: 0, or an errno for soca_source_check().
 */
int soca_source_find(struct file *file, const struct socassign_dma_map *cmd,
		     struct soca_source *source)
{
	struct soca_claim *partition;

	if (soca_is_memobj(file))
		return soca_memobj_find(file, cmd->offset, cmd->length,
					cmd->flags & SOCASSIGN_DMA_WRITE,
					source);
	partition = soca_claim_of(file);
	if (!partition)
		return -EINVAL;
	source->bytes = cmd->length;
	return soca_partition_phys(partition, cmd->offset, cmd->length,
				   &source->phys);
}

static bool soca_is_source(const struct file *file)
{
	const struct soca_claim *claim = soca_claim_of(file);

	return soca_is_memobj(file) || (claim && claim->set.is_partition);
}

/* Why the memory cannot be used; the rest has no more to say. */
static void soca_source_refuse(struct soca_reason *reason,
			       const struct soca_dma *dma,
			       const struct socassign_dma_map *cmd,
			       const struct file *file, int ret,
			       const struct soca_source *source)
{
	if (ret == -ERANGE)
		soca_refuse(reason, dma->np, "memory is not physically contiguous: the page at offset 0x%llx is elsewhere",
			    cmd->offset + source->bytes);
	else if (ret == -EACCES)
		soca_refuse(reason, dma->np, "a window to write to memory that was pinned for reading");
	else if (ret == -EINVAL && !soca_is_source(file))
		soca_refuse(reason, dma->np, "memory_fd is neither a memory object nor a partition");
	else if (ret == -EINVAL)
		soca_refuse(reason, dma->np, "memory_fd has no %llu bytes at offset 0x%llx to map",
			    cmd->length, cmd->offset);
}

/**
 * soca_source_registers - Where are the registers that a window is onto?
 * @claim: The claim that the window and the registers are of.  They go when it goes,
 *	after all its windows, so no window needs a reference, which would keep the
 *	claim for ever.
 * @dma: The identity
 * @cmd: The window
 * @reason: Where the rule goes
 * @source: Filled in
 *
 * Context: Under the gate, of a claim that is up.
 * Return: 0, -EINVAL or -EOPNOTSUPP.
 */
int soca_source_registers(struct soca_claim *claim, const struct soca_dma *dma,
			  const struct socassign_dma_map *cmd,
			  struct soca_reason *reason,
			  struct soca_source *source)
{
	int ret;

	if (!dma->ops->leads_to_registers) {
		soca_refuse(reason, dma->np, "a window onto registers needs a PAMU");
		return -EOPNOTSUPP;
	}
	ret = soca_registers_phys(claim, cmd->offset, cmd->length, &source->phys);
	if (ret)
		soca_refuse(reason, dma->np, "memory_fd is the claim, which has no %llu bytes at offset 0x%llx that are made to be cached",
			    cmd->length, cmd->offset);
	return ret;
}

/**
 * soca_source_check - Can an identity have a window onto this memory?
 * @dma: The identity
 * @cmd: The window
 * @file: What the memory is of
 * @found: What soca_source_find() returned for it
 * @reason: Where the rule goes
 * @source: What it has filled in
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_MAP's.
 */
int soca_source_check(const struct soca_dma *dma,
		      const struct socassign_dma_map *cmd,
		      const struct file *file, int found,
		      struct soca_reason *reason,
		      const struct soca_source *source)
{
	if (!found && source->bytes < cmd->length && !dma->ops->scatters)
		found = -ERANGE;
	if (found)
		soca_source_refuse(reason, dma, cmd, file, found, source);
	return found;
}
