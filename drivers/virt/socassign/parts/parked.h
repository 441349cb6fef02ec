/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA identities whose claim is gone, while their device may still use them
 */
#ifndef _SOCASSIGN_PARKED_H
#define _SOCASSIGN_PARKED_H

#include <linux/types.h>

#include "hw/dma.h"

struct device_node;
struct soca_dma;
struct soca_set;

bool soca_dmas_parked(const struct device_node *np);
bool soca_dmas_parked_above(const struct device_node *np);
bool soca_dmas_parked_near(const struct device_node *np);
void soca_dmas_put_back(const struct device_node *np);
int soca_dma_is_parked(const struct soca_set *set, enum soca_dma_kind kind,
		       u32 id);
struct soca_dma *soca_dma_unpark(const struct soca_set *set,
				 enum soca_dma_kind kind, u32 id);
void soca_dma_park(struct soca_dma *dma);

#endif /* _SOCASSIGN_PARKED_H */
