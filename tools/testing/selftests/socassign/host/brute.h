/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plans by brute force: what pamu_plan.c is measured against.  It knows the
 * hardware's rules, and none of the planner's thoughts.
 */
#ifndef _SELFTESTS_SOCASSIGN_BRUTE_H
#define _SELFTESTS_SOCASSIGN_BRUTE_H

#include "hw/pamu_plan.h"
#include "sets.h"

/* A primary window; @num = 0: there is none. */
struct brute {
	u64 base;
	u64 size;
	unsigned int num;
};

/* What is asked for of a range of addresses; the last, if by two windows. */
struct want {
	unsigned int windows;
	const struct soca_plan_window *win;
	u64 first;
	u64 bytes;
	u64 phys;
};

struct want brute_want(const struct set *set, u64 base, u64 size);
struct brute brute_enclose(const struct set *set);
bool brute_works(const struct set *set, u64 base, u64 size, unsigned int num);
struct brute brute_force(const struct set *set, u64 from, u64 to,
			 unsigned int max);

const char *brute_wrong(const struct set *set);
const char *brute_check_plan(const struct set *set,
			     const struct soca_plan *plan);
const char *brute_check_pages(const struct set *set,
			      const struct soca_plan *plan, u64 space);
const char *brute_check_error(const struct set *set,
			      const struct soca_plan_error *err);

#endif
