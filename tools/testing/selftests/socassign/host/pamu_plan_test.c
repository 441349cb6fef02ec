// SPDX-License-Identifier: GPL-2.0
/*
 * The planner of PAMU windows against brute force: whole small spaces, and
 * random sets.  pamu_plan_test [SEED] repeats what a run did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "brute.h"
#include "sets.h"

#define TESTS	12

static unsigned int tests, failures;
static unsigned long seen[SOCA_PLAN_PHYS_ALIGN + 1];	/* by rule */

/* What one test has seen. */
struct tally {
	const char *why;	/* what was wrong with the last set, or NULL */
	unsigned long placed;
	unsigned long refused;
};

/* Both must have been there, or the test is worth nothing. */
static void finish(const struct tally *tally, const char *name)
{
	bool both = tally->placed && tally->refused;

	printf("# %lu placed, %lu refused\n", tally->placed, tally->refused);
	if (!tally->why && !both)
		printf("# not both placed and refused\n");
	if (tally->why || !both)
		failures++;
	printf("%sok %u - %s\n", tally->why || !both ? "not " : "", ++tests,
	       name);
}

static bool fail(struct tally *tally, const struct set *set, unsigned int max,
		 const char *why)
{
	tally->why = why;
	printf("# %s, %u windows, max %u:\n", why, set->num, max);
	set_print(set);
	return false;
}

/* The most subwindows that may be used. */
static unsigned int limit(unsigned int max)
{
	return max < SOCA_PLAN_MAX_SUBWINDOWS ? max : SOCA_PLAN_MAX_SUBWINDOWS;
}

/* As soca_plan_make(); and is the plan, or the error, what it should be? */
static const char *plan_checked(const struct set *set, unsigned int max,
				struct soca_plan *plan, bool *made)
{
	static struct soca_plan blank;
	struct soca_plan_error err;
	char line[128];

	memset(&blank, 0xa5, sizeof(blank));
	*plan = blank;
	*made = soca_plan_make(plan, set->win, set->num, max, &err);
	if (*made)
		return brute_wrong(set) ?: brute_check_plan(set, plan);
	seen[err.rule]++;
	if (memcmp(plan, &blank, sizeof(blank)))
		return "no plan, and yet written to";
	if (soca_plan_explain(&err, line, sizeof(line)) >= (int)sizeof(line) ||
	    strstr(line, "null") ||
	    !strstr(line, "would do") != !err.needed)
		return "no words, or the wrong ones";
	if (err.max != limit(max))
		return "another limit";
	return brute_check_error(set, &err);
}

/* One set of sound windows; bases from @from to @to are tried. */
static bool compare(struct tally *tally, const struct set *set, u64 from,
		    u64 to, unsigned int max)
{
	struct brute best = brute_force(set, from, to, limit(max));
	struct soca_plan plan;
	const char *why;
	bool made;

	why = plan_checked(set, max, &plan, &made);
	if (why)
		return fail(tally, set, max, why);
	if (made != !!best.num)
		return fail(tally, set, max, made ? "brute force has no plan" :
						    "brute force has a plan");
	if (made && (plan.base != best.base || 1ULL << plan.shift != best.size))
		return fail(tally, set, max, "not the smallest primary window");
	if (made && plan.num != best.num)
		return fail(tally, set, max, "not the fewest subwindows");
	tally->placed += made;
	tally->refused += !made;
	return true;
}

/* Whole small spaces */

#define SMALL_MAX	16

/* With each limit; any primary window that could be thought of is tried. */
static bool compare_small(struct tally *tally, const struct set *set)
{
	const u64 space = 32 * PAGE;
	struct soca_plan_error err;
	struct soca_plan plan;

	for (unsigned int max = 1; max <= SMALL_MAX; max *= 2) {
		const char *why;

		if (!compare(tally, set, 0, space, max))
			return false;
		if (!soca_plan_make(&plan, set->win, set->num, max, &err))
			continue;
		why = brute_check_pages(set, &plan, space);
		if (why)
			return fail(tally, set, max, why);
	}
	return true;
}

/* All ways to add @more windows above page @from to @set. */
static bool add_small(struct tally *tally, struct set *set, unsigned int more,
		      u64 from, u64 pages)
{
	if (!more)
		return compare_small(tally, set);
	for (u64 first = from; first < pages; first++)
		for (u64 end = first + 1; end <= pages; end++)
			for (u64 phys = 0; phys < pages; phys++) {
				bool good;

				set_add(set, first * PAGE, (end - first) * PAGE,
					phys * PAGE);
				good = add_small(tally, set, more - 1, end,
						 pages);
				set->num--;
				if (!good)
					return false;
			}
	return true;
}

static void test_small(unsigned int windows, u64 pages, const char *name)
{
	struct tally tally = { };
	struct set set = { };

	add_small(&tally, &set, windows, 0, pages);
	finish(&tally, name);
}

/* Random sets */

static void test_crowded(struct dice dice)
{
	struct tally tally = { };
	struct set set;

	for (int i = 0; i < 200000 && !tally.why; i++) {
		set_roll_crowded(&dice, &set);
		compare(&tally, &set, set.win[0].iova, set.win[0].iova,
			1U << roll(&dice, 9));
	}
	finish(&tally, "random windows in a small space");
}

static void test_gridded(struct dice dice)
{
	struct tally tally = { };
	struct set set;

	for (int i = 0; i < 300000 && !tally.why; i++) {
		unsigned int max = roll(&dice, 16) ? 1U << roll(&dice, 6) : 512;

		set_roll_gridded(&dice, &set, max);
		compare(&tally, &set, set.win[0].iova, set.win[0].iova, max);
	}
	finish(&tally, "random windows of any size");
}

static void test_wrong(struct dice dice)
{
	struct tally tally = { };
	struct set set;

	for (int i = 0; i < 500000 && !tally.why; i++) {
		unsigned int max = roll(&dice, 257);
		struct soca_plan plan;
		bool made;

		set_roll_wrong(&dice, &set);
		tally.why = plan_checked(&set, max, &plan, &made);
		if (tally.why)
			fail(&tally, &set, max, tally.why);
		tally.placed += made;
		tally.refused += !made;
	}
	finish(&tally, "random numbers near the ends of things");
}

static void test_full(struct dice dice)
{
	struct tally tally = { };
	struct set set;

	for (unsigned int num = 1; num <= 257 && !tally.why; num++) {
		u64 base = roll(&dice, 64) * 512 * PAGE;

		set.num = 0;
		while (set.num < num)
			set_add(&set, base + set.num * PAGE, PAGE, 0);
		set_shuffle(&dice, &set);
		for (unsigned int max = 0; max <= 256 && !tally.why;
		     max = max * 2 ?: 1)
			compare(&tally, &set, set.win[0].iova,
				set.win[0].iova, max);
	}
	finish(&tally, "up to 257 windows, each a page");
}

/* One can follow the other while the LIODN is live. */
static bool same_geometry(const struct soca_plan *a, const struct soca_plan *b)
{
	return a->base == b->base && a->shift == b->shift && a->num == b->num;
}

/* The same windows in another order: the same geometry, the same targets. */
static void test_order(struct dice dice)
{
	struct tally tally = { };
	struct soca_plan_error err, err2;
	struct soca_plan plan, plan2;
	struct set set, set2;

	for (int i = 0; i < 200000 && !tally.why; i++) {
		unsigned int max = 1U << roll(&dice, 7);
		bool made;

		set_roll_gridded(&dice, &set, max);
		set2 = set;
		set_shuffle(&dice, &set2);
		made = soca_plan_make(&plan, set.win, set.num, max, &err);
		if (soca_plan_make(&plan2, set2.win, set.num, max, &err2) !=
		    made)
			fail(&tally, &set, max, "a plan in one order only");
		else if (!made && err.needed != err2.needed)
			fail(&tally, &set, max, "another number needed");
		else if (made && !same_geometry(&plan, &plan2))
			fail(&tally, &set, max, "another geometry");
		else if (made && soca_plan_next_change(&plan, set.win, &plan2,
						       set2.win, 0) != plan.num)
			fail(&tally, &set, max, "other targets");
		tally.placed += made;
		tally.refused += !made;
	}
	finish(&tally, "the order of the windows does not matter");
}

/* To another primary window of the same size, if there is one. */
static void move_all(struct set *set)
{
	u64 size = brute_enclose(set).size;

	for (unsigned int i = 0; i < set->num && size < SPACE; i++)
		set->win[i].iova ^= size;
}

/* One window, or none, or each is changed in one respect. */
static void retarget(struct dice *dice, struct set *set)
{
	struct soca_plan_window *win = &set->win[roll(dice, set->num)];

	switch (roll(dice, 8)) {
	case 0:
		win->phys = roll(dice, (SPACE - win->size) / PAGE + 1) * PAGE;
		break;
	case 1:
		win->phys ^= win->phys & -win->phys;
		break;
	case 2:
		win->size = 1 + roll(dice, win->size / PAGE);
		win->size *= PAGE;
		break;
	case 3:
		win->stash++;
		break;
	case 4:
		win->access ^= 1;
		break;
	case 5:
		win->omi ^= 1;
		break;
	case 6:
		move_all(set);
		break;
	}
}

static bool same_want(struct want a, struct want b)
{
	if (!a.windows || !b.windows)
		return a.windows == b.windows;
	return a.phys == b.phys && a.bytes == b.bytes &&
	       a.win->stash == b.win->stash && a.win->omi == b.win->omi &&
	       a.win->access == b.win->access;
}

/* Is each subwindow named whose target changes, and no other? */
static const char *check_changes(const struct soca_plan *plan,
				 const struct set *set,
				 const struct soca_plan *plan2,
				 const struct set *set2, unsigned long *changes)
{
	u64 size = (1ULL << plan->shift) / plan->num;
	unsigned int next = 0;

	for (unsigned int i = 0; i < plan->num; i++) {
		u64 start = plan->base + i * size;

		if (same_want(brute_want(set, start, size),
			      brute_want(set2, start, size)))
			continue;
		next = soca_plan_next_change(plan, set->win, plan2, set2->win,
					     next);
		if (next++ != i)
			return "a change not named, or one named that is none";
		++*changes;
	}
	next = soca_plan_next_change(plan, set->win, plan2, set2->win, next);
	return next == plan->num ? NULL : "a change that is none";
}

static void test_retarget(struct dice dice)
{
	unsigned long changes = 0;
	struct tally tally = { };
	struct soca_plan_error err;
	struct soca_plan plan, plan2;
	struct set set, set2;

	/* Here placed means that the geometry stays. */
	for (int i = 0; i < 200000 && !tally.why; i++) {
		const char *why;
		bool same;

		set_roll_gridded(&dice, &set, 32);
		set2 = set;
		retarget(&dice, &set2);
		set_shuffle(&dice, &set2);
		if (!soca_plan_make(&plan, set.win, set.num, 64, &err) ||
		    !soca_plan_make(&plan2, set2.win, set.num, 64, &err))
			continue;
		same = plan.base == plan2.base && plan.shift == plan2.shift &&
		       plan.num == plan2.num;
		why = same ? check_changes(&plan, &set, &plan2, &set2,
					   &changes) : NULL;
		if (same_geometry(&plan, &plan2) != same)
			why = "same geometry, and not said so, or not the same";
		if (why)
			fail(&tally, &set, 64, why);
		tally.placed += same;
		tally.refused += !same;
	}
	printf("# %lu subwindows changed\n", changes);
	finish(&tally, "what changes from one plan to the next");
}

/* Some windows go, and one or none is changed. */
static void thin_out(struct dice *dice, struct set *set)
{
	unsigned int some = 1 + roll(dice, 4);

	for (unsigned int i = 0; i < set->num;)
		if (roll(dice, some))
			set->win[i] = set->win[--set->num];
		else
			i++;
	if (set->num && roll(dice, 2))
		retarget(dice, set);
}

static bool same_window(const struct set *a, const struct set *b,
			unsigned int i)
{
	return i < a->num && i < b->num &&
	       !memcmp(&a->win[i], &b->win[i], sizeof(a->win[i]));
}

/* From one set to another, window by window. */
static bool go_over(struct soca_plan *plan, const struct set *from,
		    const struct set *to)
{
	for (unsigned int i = 0; i < from->num; i++)
		if (!same_window(from, to, i))
			soca_plan_remove(plan, &from->win[i]);
	for (unsigned int i = 0; i < to->num; i++)
		if (!same_window(from, to, i) &&
		    !soca_plan_add(plan, &to->win[i], i))
			return false;
	return true;
}

static const char *check_kept(const struct soca_plan *to,
			      const struct set *from, const struct set *set,
			      bool *fits)
{
	struct soca_plan kept = *to, *plan = &kept;

	*fits = go_over(plan, from, set);
	if (*fits != brute_works(set, to->base, 1ULL << to->shift, to->num))
		return *fits ? "does not fit" : "fits";
	if (!*fits)
		return NULL;
	if (!same_geometry(plan, to))
		return "another geometry";
	return brute_check_plan(set, plan);
}

/* Other windows in the geometry of a plan: exactly where brute force can. */
static void test_kept(struct dice dice)
{
	struct tally tally = { };
	struct soca_plan_error err;
	struct soca_plan to, plan;
	struct set from, set;

	for (int i = 0; i < 300000 && !tally.why; i++) {
		const char *why;
		bool fits;

		set_roll_gridded(&dice, &from, 32);
		if (!soca_plan_make(&to, from.win, from.num, 64, &err))
			continue;
		set = from;
		thin_out(&dice, &set);
		if (!soca_plan_make(&plan, set.win, set.num, 64, &err))
			continue;
		why = check_kept(&to, &from, &set, &fits);
		if (why)
			fail(&tally, &set, 64, why);
		tally.placed += fits;
		tally.refused += !fits;
	}
	finish(&tally, "other windows in the geometry of a plan");
}

static void test_empty(void)
{
	struct soca_plan_error err;
	struct soca_plan plan;
	bool good = true;

	for (unsigned int max = 0; max <= 512; max++) {
		memset(&plan, 0xa5, sizeof(plan));
		good &= soca_plan_make(&plan, NULL, 0, max, &err) &&
			!plan.num && !plan.base && !plan.shift &&
			!plan.sub_shift && same_geometry(&plan, &plan);
	}
	failures += !good;
	printf("%sok %u - no windows\n", good ? "" : "not ", ++tests);
}

/* The tests before are worth nothing for a rule that no set has broken. */
static void test_seen(void)
{
	bool good = true;

	for (int rule = SOCA_PLAN_OK + 1; rule <= SOCA_PLAN_PHYS_ALIGN;
	     rule++) {
		printf("# rule %d: %lu\n", rule, seen[rule]);
		good &= !!seen[rule];
	}
	failures += !good;
	printf("%sok %u - each rule was broken\n", good ? "" : "not ",
	       ++tests);
}

int main(int argc, char **argv)
{
	struct dice dice = {
		.state = argc > 1 ? strtoull(argv[1], NULL, 0) :
				    (u64)time(NULL),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%d\n# seed %llu\n", TESTS, dice.state);
	test_small(1, 16, "all sets of one window in 16 pages");
	test_small(2, 8, "all sets of two windows in 8 pages");
	test_small(3, 8, "all sets of three windows in 8 pages");
	test_crowded(dice);
	test_gridded(dice);
	test_full(dice);
	test_wrong(dice);
	test_order(dice);
	test_retarget(dice);
	test_kept(dice);
	test_empty();
	test_seen();
	return failures || tests != TESTS;
}
