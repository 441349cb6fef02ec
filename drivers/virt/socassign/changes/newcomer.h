/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What comes to the device tree beside a claim
 */
#ifndef _SOCASSIGN_NEWCOMER_H
#define _SOCASSIGN_NEWCOMER_H

struct device_node;
struct soca_claim;

struct device_node *soca_child_named(const struct device_node *parent,
				     const char *name);
int soca_newcomers_check(struct device_node *overlay,
			 struct device_node *target);
struct soca_claim *soca_came(struct device_node *np, const char *prop);

#endif /* _SOCASSIGN_NEWCOMER_H */
