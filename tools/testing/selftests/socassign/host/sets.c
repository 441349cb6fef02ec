// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "sets.h"

/* A random number below @sides (splitmix64). */
u64 roll(struct dice *dice, u64 sides)
{
	u64 z = dice->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31) % sides;
}

void set_add(struct set *set, u64 iova, u64 size, u64 phys)
{
	/* Each window has attributes of its own: none is taken for another. */
	set->win[set->num] = (struct soca_plan_window) {
		.iova = iova, .size = size, .phys = phys,
		.stash = set->num + 1, .omi = SOCA_PLAN_NO_OMI - set->num,
		.access = set->num % 4,
	};
	set->num++;
}

void set_shuffle(struct dice *dice, struct set *set)
{
	for (unsigned int i = set->num; i > 1; i--) {
		struct soca_plan_window *other = &set->win[roll(dice, i)];
		struct soca_plan_window swap = set->win[i - 1];

		set->win[i - 1] = *other;
		*other = swap;
	}
}

void set_print(const struct set *set)
{
	for (unsigned int i = 0; i < set->num; i++)
		printf("#   window %u: iova 0x%llx size 0x%llx phys 0x%llx\n",
		       i, set->win[i].iova, set->win[i].size, set->win[i].phys);
}

/* @size bytes, aligned as @size may need it, or by chance not quite so. */
static u64 roll_phys(struct dice *dice, u64 size)
{
	u64 align = PAGE;

	while (align < size && roll(dice, 8))
		align *= 2;
	return roll(dice, (SPACE - size) / align + 1) * align;
}

/*
 * Windows of a few pages in 64 pages somewhere in the space, or at its end.
 * Even without a plan they are sound.
 */
void set_roll_crowded(struct dice *dice, struct set *set)
{
	u64 pages = 1 + roll(dice, 64), most = 1 + roll(dice, 8);
	u64 base = roll(dice, 4) ? roll(dice, SPACE / PAGE - pages) * PAGE :
				   SPACE - pages * PAGE;

	/* On a boundary more can be placed. */
	if (roll(dice, 2))
		base = base / (64 * PAGE) * (64 * PAGE);
	set->num = 0;
	for (u64 page = 0; page < pages && set->num < most;) {
		u64 left = pages - page;
		u64 size = roll(dice, 3) ? 1ULL << roll(dice, 4) :
					   1 + roll(dice, 12);

		if (size > left)
			size = left;
		set_add(set, base + page * PAGE, size * PAGE,
			roll_phys(dice, size * PAGE));
		page += size + roll(dice, 2) * roll(dice, 16);
	}
	set_shuffle(dice, set);
}

/* Breaks a window, by a page or some; the set stays sound. */
static void spoil(struct dice *dice, struct soca_plan_window *win)
{
	u64 some = PAGE << roll(dice, 24);

	switch (roll(dice, 3)) {
	case 0:
		if (some < win->size) {
			win->iova += some;
			win->size -= some;
		}
		break;
	case 1:
		if (some < win->size)
			win->size -= some;
		break;
	default:
		if (win->phys >= some)
			win->phys -= some;
	}
}

/*
 * Windows of any size that fit a division of some primary window, into @max
 * subwindows at most; sometimes one of them is then made not to.
 */
void set_roll_gridded(struct dice *dice, struct set *set, unsigned int max)
{
	u64 num = 1, size, sub, base;

	while (num < max && roll(dice, 8))
		num *= 2;
	for (size = num * PAGE; size < SPACE && roll(dice, 12);)
		size *= 2;
	sub = size / num;
	base = roll(dice, SPACE / size) * size;
	set->num = 0;
	for (u64 i = roll(dice, 3) % num;
	     i < num && set->num < SOCA_PLAN_MAX_SUBWINDOWS;) {
		u64 pieces = roll(dice, 1 + roll(dice, num - i));
		u64 tail = sub;

		while (tail > PAGE && roll(dice, 2))
			tail /= 2;
		set_add(set, base + i * sub, pieces * sub + tail,
			roll(dice, (SPACE - pieces * sub - tail) / sub + 1) *
			(pieces ? sub : tail));
		i += pieces + 1 + roll(dice, 2) * roll(dice, num);
	}
	if (!roll(dice, 3))
		spoil(dice, &set->win[roll(dice, set->num)]);
	set_shuffle(dice, set);
}

/* A number near one where something ends. */
static u64 roll_edge(struct dice *dice)
{
	static const u64 edges[] = {
		0, PAGE, 1ULL << 20, 1ULL << 32, SPACE, 2 * SPACE, 1ULL << 63,
	};
	u64 edge = edges[roll(dice, sizeof(edges) / sizeof(*edges))];
	u64 step = roll(dice, 8) ? PAGE : 1;

	return edge + roll(dice, 4) * step - roll(dice, 4) * step;
}

void set_roll_wrong(struct dice *dice, struct set *set)
{
	u64 num = 1 + roll(dice, 3);

	set->num = 0;
	while (set->num < num)
		set_add(set, roll_edge(dice), roll_edge(dice),
			roll(dice, 2) ? 0 : roll_edge(dice));
}
