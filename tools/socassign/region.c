// SPDX-License-Identifier: GPL-2.0
/*
 * Regions: describing and mapping them
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Describing */

static void take_region(struct soca_region *region,
			const struct socassign_region *cmd)
{
	region->kind = cmd->out_kind;
	region->flags = cmd->out_flags;
	region->node = cmd->out_node;
	region->entry = cmd->out_entry;
	region->widths = cmd->out_widths;
	region->page_offset = cmd->out_page_offset;
	region->bytes = cmd->out_bytes;
	region->cookie = cmd->out_cookie;
	region->cached_cookie = cmd->out_cached_cookie;
	region->bus_address = cmd->out_bus_address;
}

/* The second call, with buffers of the sizes that the first one said. */
static int describe_strings(int fd, struct socassign_region *cmd,
			    struct soca_region *region)
{
	size_t len = cmd->neighbours_len;
	char *name = calloc(1, cmd->name_len + 1);
	char *neighbours = malloc(len + 1);
	int ret = -ENOMEM;

	region->name = name;
	if (name && neighbours) {
		cmd->name = (uintptr_t)name;
		cmd->neighbours = (uintptr_t)neighbours;
		ret = soca_ioctl(fd, SOCASSIGN_REGION, cmd);
	}
	if (!ret)
		ret = soca_split(neighbours, len, &region->neighbours);
	free(neighbours);
	return ret;
}

static int describe_region(const struct soca_claim *claim, unsigned int index,
			   struct soca_region *region)
{
	struct socassign_region cmd = { .size = sizeof(cmd), .index = index };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_REGION, &cmd);

	if (ret)
		return ret;
	ret = describe_strings(claim->fd, &cmd, region);
	take_region(region, &cmd);
	if (!ret && region->node < claim->info.nodes.num)
		region->order =
			soca_order_of(claim->info.nodes.str[region->node]);
	return ret;
}

int soca_describe_regions(struct soca_claim *claim)
{
	int ret = 0;

	claim->regions = calloc(claim->info.num_regions + 1,
				sizeof(*claim->regions));
	if (!claim->regions)
		return -ENOMEM;
	for (unsigned int i = 0; i < claim->info.num_regions && !ret; i++)
		ret = describe_region(claim, i, &claim->regions[i].desc);
	return ret;
}

void soca_undescribe_regions(struct soca_claim *claim)
{
	for (unsigned int i = 0; claim->regions && i < claim->info.num_regions;
	     i++) {
		free((void *)claim->regions[i].desc.name);
		soca_strings_free(&claim->regions[i].desc.neighbours);
	}
	free(claim->regions);
}

const struct soca_region *soca_region_get(const struct soca_claim *claim,
					  unsigned int index)
{
	return index < claim->info.num_regions ? &claim->regions[index].desc :
						 NULL;
}

int soca_region_find(const struct soca_claim *claim, unsigned int node,
		     const char *name)
{
	for (unsigned int i = 0; i < claim->info.num_regions; i++)
		if (claim->regions[i].desc.node == node &&
		    !strcmp(claim->regions[i].desc.name, name))
			return i;
	return -ENOENT;
}

int soca_region_set_order(struct soca_claim *claim, unsigned int index,
			  enum soca_order order)
{
	if (index >= claim->info.num_regions)
		return -ENOENT;
	if ((unsigned int)order > SOCA_ORDER_LITTLE)
		return -EINVAL;
	claim->regions[index].desc.order = order;
	return 0;
}

/* Mapping */

static size_t whole_pages(const struct soca_region *region)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	uint64_t bytes = (region->page_offset + region->bytes + page - 1) &
			 ~(page - 1);

	/* A window of a 36-bit bus can be larger than a 32-bit process. */
	return bytes > SIZE_MAX ? 0 : bytes;
}

static int check_mappable(const struct soca_region *region, bool cached)
{
	uint32_t flag = cached ? SOCASSIGN_REGION_MMAP_CACHED :
				 SOCASSIGN_REGION_MMAP;

	/* Neighbours forbid it, unless the claim shares what they have. */
	if (region->flags & SOCASSIGN_REGION_NEIGHBOURS &&
	    !(region->flags & SOCASSIGN_REGION_MMAP))
		return -EACCES;
	if (!(region->flags & flag))
		return -EOPNOTSUPP;
	return whole_pages(region) ? 0 : -ENOMEM;
}

static int map_pages(int fd, struct soca_region_slot *slot, bool cached)
{
	const struct soca_region *region = &slot->desc;
	size_t length = whole_pages(region);
	void *page = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  cached ? region->cached_cookie : region->cookie);

	if (page == MAP_FAILED)
		return -errno;
	slot->page = page;
	slot->length = length;
	slot->cached = cached;
	return 0;
}

int soca_region_map(struct soca_claim *claim, unsigned int index, bool cached,
		    volatile void **regs)
{
	struct soca_region_slot *slot;
	int ret = 0;

	if (index >= claim->info.num_regions)
		return -ENOENT;
	slot = &claim->regions[index];
	cached |= slot->desc.kind == SOCASSIGN_REGION_MEMORY;
	if (slot->page && slot->cached != cached)
		return -EBUSY;
	if (!slot->page)
		ret = check_mappable(&slot->desc, cached);
	if (!ret && !slot->page)
		ret = map_pages(claim->fd, slot, cached);
	if (!ret)
		*regs = (char *)slot->page + slot->desc.page_offset;
	return ret;
}

static bool is_mapped(const struct soca_claim *claim, unsigned int index)
{
	return index < claim->info.num_regions && claim->regions[index].page;
}

int soca_region_unmap(struct soca_claim *claim, unsigned int index)
{
	struct soca_region_slot *slot;

	if (!is_mapped(claim, index))
		return -ENOENT;
	slot = &claim->regions[index];
	munmap(slot->page, slot->length);
	slot->page = NULL;
	return 0;
}

int soca_prefault(const struct soca_claim *claim, const volatile void *addr,
		  size_t length)
{
	struct socassign_prefault cmd = {
		.size = sizeof(cmd), .addr = (uintptr_t)addr, .length = length,
	};

	return soca_ioctl(claim->fd, SOCASSIGN_PREFAULT, &cmd);
}

int soca_region_prefault(const struct soca_claim *claim, unsigned int index)
{
	if (!is_mapped(claim, index))
		return -ENOENT;
	return soca_prefault(claim, claim->regions[index].page,
			     claim->regions[index].length);
}
