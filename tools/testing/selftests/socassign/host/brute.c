// SPDX-License-Identifier: GPL-2.0
#include "brute.h"

/* Without wrapping. */
static unsigned __int128 sum(u64 a, u64 b)
{
	return (unsigned __int128)a + b;
}

static bool is_power(u64 value)
{
	u64 power = 1;

	while (power < value)
		power *= 2;
	return power == value;
}

/* The bytes that a window has from @base on. */
static u64 common(const struct soca_plan_window *win, u64 base, u64 size,
		  u64 *first)
{
	u64 end = win->iova + win->size;

	if (end > base + size)
		end = base + size;
	*first = win->iova > base ? win->iova : base;
	return end > *first ? end - *first : 0;
}

/* All that is asked for of @size addresses from @base on. */
struct want brute_want(const struct set *set, u64 base, u64 size)
{
	struct want want = { };

	for (unsigned int i = 0; i < set->num; i++) {
		const struct soca_plan_window *win = &set->win[i];
		u64 first, bytes = common(win, base, size, &first);

		if (!bytes)
			continue;
		want.windows++;
		want.win = win;
		want.first = first;
		want.bytes = bytes;
		want.phys = win->phys + (first - win->iova);
	}
	return want;
}

/* Can a subwindow, or a primary window without any (@whole), translate it? */
static bool can_translate(const struct set *set, u64 base, u64 size, bool whole)
{
	struct want want = brute_want(set, base, size);

	if (!want.windows)
		return true;
	return want.windows == 1 && want.first == base &&
	       is_power(want.bytes) && want.phys % want.bytes == 0 &&
	       (!whole || want.bytes == size);
}

static bool holds_all(const struct set *set, u64 base, u64 size)
{
	for (unsigned int i = 0; i < set->num; i++)
		if (set->win[i].iova < base ||
		    set->win[i].iova + set->win[i].size > base + size)
			return false;
	return true;
}

/* Can a primary window, divided into @num, translate just this set? */
bool brute_works(const struct set *set, u64 base, u64 size, unsigned int num)
{
	if (!holds_all(set, base, size))
		return false;
	for (unsigned int i = 0; i < num; i++)
		if (!can_translate(set, base + size / num * i, size / num,
				   num == 1))
			return false;
	return true;
}

/*
 * The smallest primary window, and in it the least number of subwindows, up to
 * @max; its base is between @from and @to, or the last before @from.
 */
struct brute brute_force(const struct set *set, u64 from, u64 to,
			 unsigned int max)
{
	for (u64 size = PAGE; size <= SPACE; size *= 2)
		for (u64 base = from / size * size; base <= to; base += size)
			for (unsigned int num = 1;
			     num <= max && size / num >= PAGE; num *= 2)
				if (brute_works(set, base, size, num))
					return (struct brute) {
						base, size, num,
					};
	return (struct brute) { };
}

struct brute brute_enclose(const struct set *set)
{
	struct brute all = { .size = PAGE / 2 };

	do {
		all.size *= 2;
		all.base = set->win[0].iova / all.size * all.size;
	} while (!holds_all(set, all.base, all.size));
	return all;
}

/* Why the request is wrong on any PAMU, or NULL. */
const char *brute_wrong(const struct set *set)
{
	for (unsigned int i = 0; i < set->num; i++) {
		const struct soca_plan_window *a = &set->win[i];

		if (!a->size)
			return "no bytes";
		if (a->size % PAGE || a->iova % PAGE || a->phys % PAGE)
			return "no multiple";
		if (sum(a->iova, a->size) > SPACE ||
		    sum(a->phys, a->size) > SPACE)
			return "out of range";
		for (unsigned int j = 0; j < i; j++) {
			const struct soca_plan_window *b = &set->win[j];

			if (sum(a->iova, a->size) > b->iova &&
			    sum(b->iova, b->size) > a->iova)
				return "overlap";
		}
	}
	return NULL;
}

/* Does a subwindow translate just what is wanted of it? */
static const char *check_sub(const struct set *set,
			     const struct soca_plan *plan, unsigned int sub)
{
	struct soca_plan_target target = soca_plan_target(plan, set->win, sub);
	u64 size = (1ULL << plan->shift) / plan->num;
	u64 start = plan->base + size * sub;
	struct want want = brute_want(set, start, size);

	if (!target.shift && (target.phys || target.stash || target.omi ||
			      target.access))
		return "off, and yet not all 0";
	if (!want.windows)
		return target.shift ? "translates what is not wanted" : NULL;
	if (want.windows > 1)
		return "two windows in a subwindow";
	if (want.first != start || want.bytes != 1ULL << target.shift)
		return "translates too little or too much";
	if (target.phys != want.phys || target.phys % want.bytes)
		return "translates to other memory, or to none";
	if (want.win != &set->win[plan->sub[sub].window] ||
	    soca_plan_offset(plan, sub) != start - want.win->iova)
		return "another window, or another part of it";
	if (target.stash != want.win->stash || target.omi != want.win->omi ||
	    target.access != want.win->access)
		return "another window's attributes";
	if (plan->num == 1 && want.bytes != size)
		return "without subwindows all is mapped";
	return NULL;
}

/* Does a plan keep the rules, and translate just what was asked for? */
const char *brute_check_plan(const struct set *set,
			     const struct soca_plan *plan)
{
	if (plan->shift < 12 || plan->shift > 36 ||
	    plan->base % (1ULL << plan->shift) ||
	    !holds_all(set, plan->base, 1ULL << plan->shift))
		return "no primary window for this";
	if (plan->num > SOCA_PLAN_MAX_SUBWINDOWS || !is_power(plan->num) ||
	    plan->sub_shift < 12 ||
	    (u64)plan->num << plan->sub_shift != 1ULL << plan->shift)
		return "no division";
	for (unsigned int i = 0; i < plan->num; i++) {
		const char *why = check_sub(set, plan, i);

		if (why)
			return why;
	}
	return NULL;
}

/* As the device would see it: all pages of a small space, one by one. */
const char *brute_check_pages(const struct set *set,
			      const struct soca_plan *plan, u64 space)
{
	for (u64 page = 0; page < space; page += PAGE) {
		u64 wanted = SPACE, got = SPACE;
		struct want want = brute_want(set, page, PAGE);

		if (want.windows)
			wanted = want.phys;
		if (page >= plan->base &&
		    page - plan->base < 1ULL << plan->shift) {
			u64 size = (1ULL << plan->shift) / plan->num;
			struct soca_plan_target target =
				soca_plan_target(plan, set->win,
						 (page - plan->base) / size);

			if (target.shift && page % size < 1ULL << target.shift)
				got = target.phys + page % size;
		}
		if (got != wanted)
			return "a page goes to the wrong place";
	}
	return NULL;
}

/* Requests that are wrong: is it as the error says? */
static bool is_wrong(const struct set *set, const struct soca_plan_error *err)
{
	const struct soca_plan_window *win = &set->win[err->window];
	u64 first;

	switch (err->rule) {
	case SOCA_PLAN_TOO_MANY:
		return set->num > err->max && err->number == err->max &&
		       err->window == err->max;
	case SOCA_PLAN_SIZE_ZERO:
		return !win->size && !err->number;
	case SOCA_PLAN_SIZE_GRAIN:
		return win->size % PAGE && err->number == win->size;
	case SOCA_PLAN_IOVA_GRAIN:
		return win->iova % PAGE && err->number == win->iova;
	case SOCA_PLAN_PHYS_GRAIN:
		return win->phys % PAGE && err->number == win->phys;
	case SOCA_PLAN_IOVA_WRAPS:
		return sum(win->iova, win->size) > sum(~0ULL, 1) &&
		       err->number == win->iova;
	case SOCA_PLAN_IOVA_RANGE:
		return sum(win->iova, win->size) > SPACE &&
		       sum(win->iova, win->size) <= sum(~0ULL, 1) &&
		       err->number == win->iova;
	case SOCA_PLAN_PHYS_RANGE:
		return sum(win->phys, win->size) > SPACE &&
		       err->number == win->phys;
	case SOCA_PLAN_OVERLAP:
		return err->other != err->window && err->other < set->num &&
		       common(&set->win[err->other], win->iova, win->size,
			      &first) && err->number == first;
	default:
		return false;
	}
}

/* Which other window has bytes in @win's first subwindow of @size? */
static unsigned int sharer(const struct set *set,
			   const struct soca_plan_window *win, u64 size)
{
	u64 first;

	for (unsigned int i = 0; i < set->num; i++)
		if (&set->win[i] != win &&
		    common(&set->win[i], win->iova / size * size, size, &first))
			return i;
	return set->num;
}

/* Requests that are sound: is it as the error says, in the finest division? */
static bool is_unplaced(const struct set *set,
			const struct soca_plan_error *err)
{
	const struct soca_plan_window *win = &set->win[err->window];
	u64 size = brute_enclose(set).size, align;

	for (unsigned int num = 1; num * 2 <= err->max && size > PAGE; num *= 2)
		size /= 2;
	switch (err->rule) {
	case SOCA_PLAN_SHARED:
		return win->iova % size && err->number == size &&
		       err->other != err->window && err->other < set->num &&
		       err->other == sharer(set, win, size);
	case SOCA_PLAN_START:
		return win->iova % size && err->number == size &&
		       sharer(set, win, size) == set->num;
	case SOCA_PLAN_PIECE:
		return win->size % size == err->number &&
		       !is_power(err->number);
	case SOCA_PLAN_PHYS_ALIGN:
		align = win->size < size ? win->size : size;
		return !(win->iova % size) && is_power(align) &&
		       err->number == align && win->phys % align;
	default:
		return false;
	}
}

/* Is it true, and all of it? */
const char *brute_check_error(const struct set *set,
			      const struct soca_plan_error *err)
{
	const char *wrong = brute_wrong(set);
	u64 first = set->win[0].iova;

	if (set->num > err->max && err->rule != SOCA_PLAN_TOO_MANY)
		return "too many windows, and not said so";
	if (err->window >= set->num)
		return "no such window";
	if (err->rule < SOCA_PLAN_SHARED)
		return is_wrong(set, err) ? NULL : "not wrong in this way";
	if (wrong)
		return wrong;
	if (!is_unplaced(set, err))
		return "not the reason";
	/* Farther than that brute force would take too long. */
	if (err->needed <= 4096 &&
	    brute_force(set, first, first, err->needed).num != err->needed)
		return "not the number needed";
	return err->needed > err->max ? NULL : "more than needed";
}
