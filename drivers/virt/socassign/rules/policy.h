/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may be claimed, and by whom
 */
#ifndef _SOCASSIGN_POLICY_H
#define _SOCASSIGN_POLICY_H

#include <linux/types.h>

struct soca_node;
struct soca_set;
struct soca_tree_node;

int soca_policy_claim(struct soca_set *set);
int soca_policy_device(const struct soca_set *set, const struct soca_node *node,
		       bool driven);
int soca_policy_attached(const struct soca_set *set);
const char *soca_policy_outsider_rule(struct soca_tree_node *node);
bool soca_policy_may_share(void);
void soca_policy_taint(const struct soca_set *set);

#endif /* _SOCASSIGN_POLICY_H */
