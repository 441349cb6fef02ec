/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clocks, power domains and resets of a claim
 */
#ifndef _SOCASSIGN_POWER_H
#define _SOCASSIGN_POWER_H

#include <linux/types.h>

struct of_phandle_args;
struct soca_claim;
struct soca_phandle_prop;

bool soca_is_reset(const struct soca_phandle_prop *prop);
bool soca_holds_reset(const struct soca_claim *claim,
		      const struct of_phandle_args *line);
bool soca_has_reset(const struct soca_claim *claim, u32 node);
int soca_reset_node(const struct soca_claim *claim, u32 node);

#endif /* _SOCASSIGN_POWER_H */
