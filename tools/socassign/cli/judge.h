/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a node could be claimed, by the best authority there is
 */
#ifndef _SOCASSIGN_JUDGE_H
#define _SOCASSIGN_JUDGE_H

#include "policy.h"

/* Is it the driver's word, or that of policy.c? */
bool judge_is_driver(void);

/* @given: as for plan_make() */
struct verdict judge(const struct dt_node *np, uint32_t given);

/*
 * Would the driver grant this very claim?  Why not, for free(), or NULL; to be
 * asked where it is the driver that judges.
 */
char *judge_claim(const char *const *paths, unsigned int num, uint32_t flags);

/* Who judges, and what he says, as members of the object that is printed */
void out_judge(void);
void out_verdict(const struct verdict *verdict);

/* A node and its verdict, as one of a list; what stands above the list */
void out_node(const struct dt_node *np, uint32_t given);
void out_node_head(void);

#endif /* _SOCASSIGN_JUDGE_H */
