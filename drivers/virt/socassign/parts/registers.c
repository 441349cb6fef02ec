// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of a claim, and the memory of a partition: what the user sees, and
 * may have devices see
 */
#include <linux/mm.h>

#include "base/strings.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "parts/parts.h"
#include "parts/region.h"

static int soca_region_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_region *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	const struct soca_region *region;
	int ret;

	scoped_guard(rwsem_read, &claim->gate)
		if (claim->down)
			return -ENODEV;
	if (cmd->index >= claim->num_regions)
		return -ENOENT;
	region = &claim->regions[cmd->index];
	cmd->out_kind = region->kind;
	cmd->out_flags = region->flags;
	cmd->out_node = region->node;
	cmd->out_entry = region->entry;
	cmd->out_widths = soca_region_widths(region);
	cmd->out_page_offset = offset_in_page(region->span.first);
	cmd->out_bytes = region->span.last - region->span.first + 1;
	cmd->out_cookie = (u64)region->pgoff << PAGE_SHIFT;
	cmd->out_cached_cookie = (u64)region->cached_pgoff << PAGE_SHIFT;
	cmd->out_bus_address = region->bus_address;
	ret = soca_strings_to_user(&region->name, cmd->name, &cmd->name_len);
	return ret ?: soca_strings_to_user(&region->neighbours,
					   cmd->neighbours,
					   &cmd->neighbours_len);
}

/**
 * soca_registers_phys - Where registers are that a bus master may write to
 * @claim: The claim
 * @offset: Their place in its file, by either cookie
 * @length: How many bytes
 * @phys: Set to the physical address of the first
 *
 * Those are the ones that are made to be cached, as the entries of a portal are which
 * QMan stashes.
 *
 * Context: Any: the regions of devices do not change.
 * Return: 0 or -EINVAL.
 */
int soca_registers_phys(struct soca_claim *claim, u64 offset, u64 length,
			u64 *phys)
{
	unsigned long pgoff = offset >> PAGE_SHIFT;
	struct soca_region *region;
	u64 start, bytes;
	bool cached;

	/* An unsigned long may have fewer bits. */
	if (pgoff != offset >> PAGE_SHIFT)
		return -EINVAL;
	region = soca_find_region(claim, pgoff, &cached);
	if (!region || !region->cached_pgoff)
		return -EINVAL;
	start = (u64)(cached ? region->cached_pgoff : region->pgoff) << PAGE_SHIFT;
	bytes = (u64)soca_region_pages(region) << PAGE_SHIFT;
	if (length > bytes || offset - start > bytes - length)
		return -EINVAL;
	*phys = soca_span_pages(region->span).first + (offset - start);
	return 0;
}

static void soca_regions_down(struct soca_claim *claim)
{
	soca_regions_zap(claim);
	soca_regions_flush(claim);
	soca_accesses_down(claim);
}

static void soca_regions_info(const struct soca_claim *claim,
			      struct socassign_info *info)
{
	info->out_num_regions = claim->num_regions;
}

static const struct soca_io soca_region_io = {
	.mmap = soca_region_mmap,
	.align = soca_region_align,
	.access = soca_region_access,
};

static const struct soca_ioctl_op soca_region_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_REGION, soca_region_ioctl,
		      struct socassign_region, neighbours_len),
	SOCA_IOCTL_OP(SOCASSIGN_PREFAULT, soca_prefault_ioctl,
		      struct socassign_prefault, length, .is_silent = true),
};

const struct soca_part soca_registers_part = {
	.of_devices = true,
	.of_memory = true,
	.find = soca_regions_find,
	.conflict = soca_regions_conflict,
	.build = soca_regions_tell,
	.down = soca_regions_down,
	.free = soca_regions_free,
	.info = soca_regions_info,
	.ioctls = soca_region_ops,
	.num_ioctls = ARRAY_SIZE(soca_region_ops),
	.io = &soca_region_io,
};
