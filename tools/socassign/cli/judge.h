/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A verdict, for people and programs
 */
#ifndef _SOCASSIGN_JUDGE_H
#define _SOCASSIGN_JUDGE_H

#include "policy.h"

/* What it says, as members of the object that is printed */
void out_verdict(const struct verdict *verdict);

#endif /* _SOCASSIGN_JUDGE_H */
