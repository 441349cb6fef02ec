/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who outside a set depends on its nodes
 */
#ifndef _SOCASSIGN_CONSUMERS_H
#define _SOCASSIGN_CONSUMERS_H

#include <linux/types.h>

struct device_node;
struct soca_set;

int soca_check_consumers(const struct soca_set *set);
bool soca_is_part_in_use(const struct soca_set *set, struct device_node *np);

#endif /* _SOCASSIGN_CONSUMERS_H */
