// SPDX-License-Identifier: GPL-2.0
/*
 * What a claim consists of: its nodes, clocks and DMA identities
 *
 * Strings need two calls: one that asks for the length, one with a buffer of
 * that size.  Nothing of it changes while the claim lives.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void take_info(struct soca_claim *claim,
		      const struct socassign_info *info)
{
	claim->info.flags = info->out_flags;
	claim->info.dma_class = info->out_dma_class;
	claim->info.num_regions = info->out_num_regions;
	claim->info.num_irqs = info->out_num_irqs;
	claim->info.num_clocks = info->out_num_clocks;
	claim->info.num_dmas = info->out_num_dmas;
	claim->info.has_reset = info->out_has_reset;
}

static int describe_nodes(struct soca_claim *claim, struct socassign_info *info)
{
	size_t len = info->paths_len;
	char *paths = malloc(len ? len : 1);
	int ret;

	if (!paths)
		return -ENOMEM;
	info->paths = (uintptr_t)paths;
	ret = soca_ioctl(claim->fd, SOCASSIGN_INFO, info);
	if (!ret)
		ret = soca_split(paths, len, &claim->info.nodes);
	free(paths);
	return ret;
}

static int describe_clock(const struct soca_claim *claim, unsigned int index,
			  struct soca_clock *clock)
{
	struct socassign_clock cmd = { .size = sizeof(cmd), .index = index };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_CLOCK, &cmd);
	char *name;

	if (ret)
		return ret;
	name = calloc(1, cmd.name_len + 1);
	if (!name)
		return -ENOMEM;
	clock->name = name;
	cmd.name = (uintptr_t)name;
	ret = soca_ioctl(claim->fd, SOCASSIGN_CLOCK, &cmd);
	clock->node = cmd.out_node;
	clock->entry = cmd.out_entry;
	clock->rate = cmd.out_rate;
	return ret;
}

static int describe_clocks(struct soca_claim *claim)
{
	int ret = 0;

	claim->clocks = calloc(claim->info.num_clocks + 1,
			       sizeof(*claim->clocks));
	if (!claim->clocks)
		return -ENOMEM;
	for (unsigned int i = 0; i < claim->info.num_clocks && !ret; i++)
		ret = describe_clock(claim, i, &claim->clocks[i]);
	return ret;
}

static void undescribe_clocks(struct soca_claim *claim)
{
	for (unsigned int i = 0; claim->clocks && i < claim->info.num_clocks;
	     i++)
		free((void *)claim->clocks[i].name);
	free(claim->clocks);
}

static int describe_dmas(struct soca_claim *claim)
{
	int ret = 0;

	claim->dmas = calloc(claim->info.num_dmas + 1, sizeof(*claim->dmas));
	if (!claim->dmas)
		return -ENOMEM;
	for (unsigned int i = 0; i < claim->info.num_dmas && !ret; i++)
		ret = soca_dma_state(claim, i, &claim->dmas[i]);
	return ret;
}

int soca_describe(struct soca_claim *claim)
{
	struct socassign_info info = { .size = sizeof(info) };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_INFO, &info);

	if (ret)
		return ret;
	take_info(claim, &info);
	ret = describe_nodes(claim, &info);
	if (!ret)
		ret = soca_describe_regions(claim);
	if (!ret)
		ret = soca_describe_irqs(claim);
	if (!ret)
		ret = describe_clocks(claim);
	if (!ret)
		ret = describe_dmas(claim);
	return ret;
}

void soca_undescribe(struct soca_claim *claim)
{
	soca_undescribe_regions(claim);
	soca_undescribe_irqs(claim);
	undescribe_clocks(claim);
	free(claim->dmas);
	soca_strings_free(&claim->info.nodes);
}

const struct soca_clock *soca_clock_get(const struct soca_claim *claim,
					unsigned int index)
{
	return index < claim->info.num_clocks ? &claim->clocks[index] : NULL;
}
