/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of windows to plan with. */
#ifndef _SELFTESTS_SOCASSIGN_SETS_H
#define _SELFTESTS_SOCASSIGN_SETS_H

#include "hw/pamu_plan.h"

#define PAGE	4096ULL
#define SPACE	(1ULL << 36)

struct set {
	unsigned int num;
	struct soca_plan_window win[SOCA_PLAN_MAX_SUBWINDOWS + 1];
};

/* Can be repeated: the same seed gives the same sets. */
struct dice {
	u64 state;
};

u64 roll(struct dice *dice, u64 sides);

void set_add(struct set *set, u64 iova, u64 size, u64 phys);
void set_shuffle(struct dice *dice, struct set *set);
void set_print(const struct set *set);

void set_roll_crowded(struct dice *dice, struct set *set);
void set_roll_gridded(struct dice *dice, struct set *set, unsigned int max);
void set_roll_wrong(struct dice *dice, struct set *set);

#endif
