/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The DMA identities of a claim
 */
#ifndef _SOCASSIGN_IDENTITIES_H
#define _SOCASSIGN_IDENTITIES_H

#include <linux/types.h>

struct soca_claim;
struct soca_dma;

struct soca_dma *soca_dma_get(struct soca_claim *claim, u32 index);
bool soca_dmas_used(const struct soca_claim *claim);
void soca_dmas_forget(struct soca_claim *claim);

#endif /* _SOCASSIGN_IDENTITIES_H */
