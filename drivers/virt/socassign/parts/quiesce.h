/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Make the devices of a claim quiet
 */
#ifndef _SOCASSIGN_QUIESCE_H
#define _SOCASSIGN_QUIESCE_H

#include <linux/types.h>

struct soca_claim;

bool soca_can_quiet(const struct soca_claim *claim);
bool soca_quiet(const struct soca_claim *claim);

#endif /* _SOCASSIGN_QUIESCE_H */
