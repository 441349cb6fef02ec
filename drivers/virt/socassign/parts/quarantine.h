/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a quarantine
 */
#ifndef _SOCASSIGN_QUARANTINE_H
#define _SOCASSIGN_QUARANTINE_H

#include <linux/types.h>

struct device_node;
struct soca_bound;
struct soca_late_return;
struct soca_tree_node;

int soca_end_quarantine(struct soca_bound *bound);
bool soca_is_returning_late(const struct device_node *np);
struct soca_late_return *soca_late_return_find(const struct soca_tree_node *node);
void soca_late_return_wait(struct soca_late_return *late);

#endif /* _SOCASSIGN_QUARANTINE_H */
