/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two orders: how a claim comes, and how it goes
 */
#ifndef _SOCASSIGN_ORDERS_H
#define _SOCASSIGN_ORDERS_H

#include "claim/claim.h"

struct soca_ucmd;

/* What enum socassign_instantiate_flags has. */
#define SOCA_INSTANTIATE_FLAGS					\
	(SOCASSIGN_SUBTREE | SOCASSIGN_DETACH |			\
	 SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |		\
	 SOCASSIGN_SHARED | SOCASSIGN_DRY_RUN |			\
	 SOCASSIGN_SHARE_REGS | SOCASSIGN_CONFINED_DMA)

/* instantiate.c: from paths to a claim */
int soca_instantiate(struct soca_ucmd *ucmd);

/* release.c: the end of a claim */
extern const struct soca_orders soca_orders;
void soca_release(struct soca_claim *claim, const struct device_node *gone);
void soca_release_unbuilt(struct soca_claim *claim);

/* parts.c: what a claim consists of */
extern const struct soca_part *const soca_parts[];

#endif /* _SOCASSIGN_ORDERS_H */
