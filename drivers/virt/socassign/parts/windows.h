/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The windows of DMA identities
 */
#ifndef _SOCASSIGN_WINDOWS_H
#define _SOCASSIGN_WINDOWS_H

struct soca_claim;

void soca_dmas_block(struct soca_claim *claim);

#endif /* _SOCASSIGN_WINDOWS_H */
