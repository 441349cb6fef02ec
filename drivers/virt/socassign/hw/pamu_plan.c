// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows in, the geometry of a PAMU's primary window out
 *
 * The hardware: a primary window is 2^k bytes and naturally aligned.  Without
 * subwindows (N = 1) all of it is mapped.  With them it is divided into
 * N = 2, 4, 8 .. max equal ones, 4 KiB or larger; of each a power of two of
 * bytes (4 KiB up to all) is mapped, from its start, to a physical address that
 * is aligned to what is mapped, or nothing is.
 *
 * So a window that is divided into subwindows of s bytes is placed if and only
 * if (soca_plan_fits())
 *
 *   (1) it starts where a subwindow starts, as the mapped part does;
 *   (2) the bytes in its last subwindow are s, or a smaller power of two;
 *   (3) its physical address is aligned to s, or to its size if that is
 *	 smaller.  The pieces after the first are then aligned as well.
 *
 * Each window can be looked at by itself: if all start where a subwindow
 * starts, and do not overlap, no two of them are in one subwindow.
 *
 * Finer is never worse: what holds for s holds for s / 2, where that is not
 * below 4 KiB.  A full piece becomes two, and the trimmed one stays trimmed, or
 * becomes full.  And at 4 KiB all of it holds for whatever is a multiple of
 * 4 KiB.  So there is a largest s that works for a window, the least of these
 * is the largest that works for all, and every refusal to place windows is for
 * want of subwindows; the reason given is that of the window with the least s,
 * in the finest division there is.
 *
 * Why only the smallest primary window P that holds all windows is tried: if
 * there is a geometry with a larger one, P', there is one with P.  (Blocks that
 * are naturally aligned nest, so P lies in P'.)  Let s be the size of the
 * subwindows of P' (of P' itself, if it has none).
 *
 *   s < P:  P has the same subwindows as this part of P', and fewer of them.
 *   s >= P: P lies in one subwindow, which serves one window.  By (1) and (2)
 *	 that starts at a multiple of s, thus where P starts, and is a power of
 *	 two: a naturally aligned block, thus P itself.  By (3) its physical
 *	 address is aligned to its size: N = 1 works.
 */
#include <linux/kernel.h>
#include <linux/types.h>

#include "hw/pamu_plan.h"

static u64 soca_plan_last(const struct soca_plan_window *win)
{
	return win->iova + (win->size - 1);
}

/* Requests that are wrong on any PAMU */

static bool soca_plan_ragged(u64 value)
{
	return value & ((1ULL << SOCA_PLAN_MIN_SHIFT) - 1);
}

static bool soca_plan_exceeds(u64 first, u64 size)
{
	const u64 end = 1ULL << SOCA_PLAN_ADDRESS_BITS;

	return size > end || first > end - size;
}

/* By itself; *@number is what struct soca_plan_error.number will be. */
static enum soca_plan_rule
soca_plan_check_window(const struct soca_plan_window *win, u64 *number)
{
	*number = win->size;
	if (!win->size)
		return SOCA_PLAN_SIZE_ZERO;
	if (soca_plan_ragged(win->size))
		return SOCA_PLAN_SIZE_GRAIN;
	*number = win->iova;
	if (soca_plan_ragged(win->iova))
		return SOCA_PLAN_IOVA_GRAIN;
	if (soca_plan_last(win) < win->iova)
		return SOCA_PLAN_IOVA_WRAPS;
	if (soca_plan_exceeds(win->iova, win->size))
		return SOCA_PLAN_IOVA_RANGE;
	*number = win->phys;
	if (soca_plan_ragged(win->phys))
		return SOCA_PLAN_PHYS_GRAIN;
	if (soca_plan_exceeds(win->phys, win->size))
		return SOCA_PLAN_PHYS_RANGE;
	return SOCA_PLAN_OK;
}

/* Is each of them right by itself? */
static bool soca_plan_sound(const struct soca_plan_window *win,
			    unsigned int num, struct soca_plan_error *err)
{
	if (num > err->max) {
		err->rule = SOCA_PLAN_TOO_MANY;
		err->window = err->max;
		err->number = err->max;
		return false;
	}
	for (unsigned int i = 0; i < num; i++) {
		err->rule = soca_plan_check_window(&win[i], &err->number);
		err->window = i;
		if (err->rule != SOCA_PLAN_OK)
			return false;
	}
	return true;
}

/* Does a window overlap one before it in the array? */
static bool soca_plan_overlaps(const struct soca_plan_window *win,
			       unsigned int window,
			       struct soca_plan_error *err)
{
	const struct soca_plan_window *a = &win[window];

	for (unsigned int i = 0; i < window; i++) {
		const struct soca_plan_window *b = &win[i];

		if (a->iova > soca_plan_last(b) || b->iova > soca_plan_last(a))
			continue;
		*err = (struct soca_plan_error) {
			.rule = SOCA_PLAN_OVERLAP, .window = window,
			.other = i, .max = err->max,
			.number = a->iova > b->iova ? a->iova : b->iova,
		};
		return true;
	}
	return false;
}

/* There is no plan: if that is why, it is what has to be told. */
static void soca_plan_find_overlap(const struct soca_plan_window *win,
				   unsigned int num,
				   struct soca_plan_error *err)
{
	for (unsigned int i = 1; i < num; i++)
		if (soca_plan_overlaps(win, i, err))
			return;
}

/* Geometry */

struct soca_plan_geometry {
	u64 base;
	unsigned int shift;		/* log2 of the primary window's size */
	unsigned int sub_shift;		/* log2 of a subwindow's */
};

/* The smallest primary window that holds all: what their addresses share. */
static void soca_plan_enclose(struct soca_plan_geometry *geo,
			      const struct soca_plan_window *win,
			      unsigned int num)
{
	u64 first = win[0].iova, last = soca_plan_last(&win[0]);

	for (unsigned int i = 1; i < num; i++) {
		if (win[i].iova < first)
			first = win[i].iova;
		if (soca_plan_last(&win[i]) > last)
			last = soca_plan_last(&win[i]);
	}
	geo->shift = SOCA_PLAN_MIN_SHIFT;
	while (first >> geo->shift != last >> geo->shift)
		geo->shift++;
	geo->base = first >> geo->shift << geo->shift;
}

/* Can a window be divided into subwindows of this size?  See the top. */
static enum soca_plan_rule soca_plan_fits(const struct soca_plan_window *win,
					  unsigned int sub_shift, u64 *number)
{
	const u64 sub_size = 1ULL << sub_shift;
	u64 tail = win->size & (sub_size - 1);

	*number = sub_size;
	if (win->iova & (sub_size - 1))
		return SOCA_PLAN_START;
	*number = tail;
	if (tail & (tail - 1))
		return SOCA_PLAN_PIECE;
	*number = win->size < sub_size ? tail : sub_size;
	if (win->phys & (*number - 1))
		return SOCA_PLAN_PHYS_ALIGN;
	return SOCA_PLAN_OK;
}

/*
 * The largest subwindows that work for all; at 4 KiB all windows that are sound
 * fit.  Return: Index of the (first) window that needs them so small.
 */
static unsigned int soca_plan_divide(struct soca_plan_geometry *geo,
				     const struct soca_plan_window *win,
				     unsigned int num)
{
	unsigned int narrowest = 0;
	u64 number;

	geo->sub_shift = geo->shift;
	for (unsigned int i = 0; i < num; i++) {
		while (soca_plan_fits(&win[i], geo->sub_shift, &number) !=
		       SOCA_PLAN_OK) {
			geo->sub_shift--;
			narrowest = i;
		}
	}
	return narrowest;
}

/* A window does not start where a subwindow starts: is it another's? */
static void soca_plan_find_sharer(const struct soca_plan_window *win,
				  unsigned int num, unsigned int sub_shift,
				  struct soca_plan_error *err)
{
	u64 sub = win[err->window].iova >> sub_shift;

	for (unsigned int i = 0; i < num; i++) {
		if (i == err->window || win[i].iova >> sub_shift > sub ||
		    soca_plan_last(&win[i]) >> sub_shift < sub)
			continue;
		err->rule = SOCA_PLAN_SHARED;
		err->other = i;
		return;
	}
}

/* Are there as many subwindows as @geo wants?  If not, say why it does. */
static bool soca_plan_affordable(const struct soca_plan_geometry *geo,
				 const struct soca_plan_window *win,
				 unsigned int num, unsigned int narrowest,
				 struct soca_plan_error *err)
{
	unsigned int finest = geo->sub_shift;

	if (1U << (geo->shift - finest) <= err->max)
		return true;
	err->needed = 1U << (geo->shift - finest);
	while (1U << (geo->shift - finest) > err->max)
		finest++;
	err->window = narrowest;
	err->rule = soca_plan_fits(&win[narrowest], finest, &err->number);
	if (err->rule == SOCA_PLAN_START)
		soca_plan_find_sharer(win, num, finest, err);
	return false;
}

/*
 * All start where a subwindow starts, so those that overlap, and only those, have one
 * in common.
 */
static bool soca_plan_disjoint(const struct soca_plan_geometry *geo,
			       const struct soca_plan_window *win,
			       unsigned int num)
{
	bool taken[SOCA_PLAN_MAX_SUBWINDOWS] = { };

	for (unsigned int i = 0; i < num; i++) {
		unsigned int sub = (win[i].iova - geo->base) >> geo->sub_shift;
		unsigned int last = (soca_plan_last(&win[i]) - geo->base) >>
				    geo->sub_shift;

		for (; sub <= last; sub++) {
			if (taken[sub])
				return false;
			taken[sub] = true;
		}
	}
	return true;
}

/* Making the plan */

/* The first of a window's subwindows. */
static struct soca_plan_sub *soca_plan_first(struct soca_plan *plan,
					     const struct soca_plan_window *win)
{
	return &plan->sub[(win->iova - plan->base) >> plan->sub_shift];
}

/* One window's subwindows: full ones, and a last one that may be trimmed. */
static void soca_plan_place(struct soca_plan *plan,
			    const struct soca_plan_window *win, u8 window)
{
	struct soca_plan_sub *sub = soca_plan_first(plan, win);
	u8 shift = plan->sub_shift, piece = 0;

	for (u64 rest = win->size; rest; rest -= 1ULL << shift) {
		while (rest < 1ULL << shift)
			shift--;
		*sub++ = (struct soca_plan_sub) {
			.window = window, .piece = piece++, .shift = shift,
		};
	}
}

static void soca_plan_fill(struct soca_plan *plan,
			   const struct soca_plan_geometry *geo,
			   const struct soca_plan_window *win, unsigned int num)
{
	plan->base = geo->base;
	plan->shift = geo->shift;
	plan->sub_shift = geo->sub_shift;
	plan->num = 1U << (geo->shift - geo->sub_shift);
	plan->is_kept = false;
	for (unsigned int i = 0; i < plan->num; i++)
		plan->sub[i] = (struct soca_plan_sub) { };
	for (unsigned int i = 0; i < num; i++)
		soca_plan_place(plan, &win[i], i);
}

/**
 * soca_plan_make - Place windows
 * @plan: Where the plan goes; not touched if there is none
 * @win: The windows, in any order
 * @num: Number of windows; 0 makes an empty plan
 * @max: The most subwindows the PAMU can have, from its register PC3; more
 *	than SOCA_PLAN_MAX_SUBWINDOWS are not used
 * @err: Where the reason goes if there is no plan
 *
 * Finds the smallest primary window that holds all windows, and in it the least
 * number of subwindows that works.  That does not depend on the order of the
 * windows.
 *
 * Return: true, or false if the hardware cannot translate just these windows,
 * whatever the geometry.
 */
bool soca_plan_make(struct soca_plan *plan, const struct soca_plan_window *win,
		    unsigned int num, unsigned int max,
		    struct soca_plan_error *err)
{
	struct soca_plan_geometry geo;
	unsigned int narrowest;

	*err = (struct soca_plan_error) {
		.max = max < SOCA_PLAN_MAX_SUBWINDOWS ?
		       max : SOCA_PLAN_MAX_SUBWINDOWS,
	};
	if (!num) {
		plan->base = 0;
		plan->shift = 0;
		plan->sub_shift = 0;
		plan->num = 0;
		plan->is_kept = false;
		return true;
	}
	if (!soca_plan_sound(win, num, err))
		return false;
	soca_plan_enclose(&geo, win, num);
	narrowest = soca_plan_divide(&geo, win, num);
	if (!soca_plan_affordable(&geo, win, num, narrowest, err) ||
	    !soca_plan_disjoint(&geo, win, num)) {
		soca_plan_find_overlap(win, num, err);
		return false;
	}
	soca_plan_fill(plan, &geo, win, num);
	return true;
}

/* Changing the plan while the LIODN is live: its geometry is kept */

/* Does a window fit a geometry that was not made for it? */
static bool soca_plan_suits(const struct soca_plan *plan,
			    const struct soca_plan_window *win)
{
	u64 number;

	if (win->iova >> plan->shift != plan->base >> plan->shift ||
	    soca_plan_last(win) >> plan->shift != plan->base >> plan->shift)
		return false;
	/* Without subwindows there is nothing to trim. */
	if (plan->sub_shift == plan->shift && !(win->size >> plan->shift))
		return false;
	return soca_plan_fits(win, plan->sub_shift, &number) == SOCA_PLAN_OK;
}

/**
 * soca_plan_remove - Take a window out of a plan
 * @plan: The plan, whose geometry stays
 * @win: The window
 */
void soca_plan_remove(struct soca_plan *plan,
		      const struct soca_plan_window *win)
{
	struct soca_plan_sub *sub = soca_plan_first(plan, win);
	unsigned int num = 1 + ((win->size - 1) >> plan->sub_shift);

	while (num--)
		*sub++ = (struct soca_plan_sub) { };
	plan->is_kept = true;
}

/**
 * soca_plan_remove_all - Take all windows out of a plan
 * @plan: The plan, whose geometry stays
 */
void soca_plan_remove_all(struct soca_plan *plan)
{
	for (unsigned int i = 0; i < plan->num; i++)
		plan->sub[i] = (struct soca_plan_sub) { };
	plan->is_kept = true;
}

/**
 * soca_plan_add - Place a window in a plan
 * @plan: The plan, whose geometry stays
 * @win: The window; it overlaps none that is in the plan
 * @window: Its index
 *
 * What is wrong with the window on any PAMU soca_plan_make() tells.
 *
 * Return: true, or false if it does not fit; the plan is as it was then.
 */
bool soca_plan_add(struct soca_plan *plan, const struct soca_plan_window *win,
		   unsigned int window)
{
	u64 number;

	if (!plan->num || !soca_plan_suits(plan, win) ||
	    soca_plan_check_window(win, &number) != SOCA_PLAN_OK)
		return false;
	soca_plan_place(plan, win, window);
	plan->is_kept = true;
	return true;
}

/* Using the plan */

/**
 * soca_plan_target - What goes into the PAACE of a subwindow
 * @plan: The plan
 * @win: The windows it was made from
 * @sub: Index of the subwindow, below @plan->num
 *
 * Return: The target; all 0 if the subwindow is off.
 */
struct soca_plan_target soca_plan_target(const struct soca_plan *plan,
					 const struct soca_plan_window *win,
					 unsigned int sub)
{
	if (!plan->sub[sub].shift)
		return (struct soca_plan_target) { };
	win += plan->sub[sub].window;
	return (struct soca_plan_target) {
		.phys = win->phys + soca_plan_offset(plan, sub),
		.stash = win->stash,
		.omi = win->omi,
		.access = win->access,
		.shift = plan->sub[sub].shift,
	};
}

/* Nothing to look at: off before and after, or the same part of the same window. */
static bool soca_plan_untouched(struct soca_plan_sub a,
				const struct soca_plan_window *old_win,
				struct soca_plan_sub b,
				const struct soca_plan_window *new_win)
{
	const struct soca_plan_window *old = &old_win[a.window];
	const struct soca_plan_window *new = &new_win[b.window];

	if (a.shift != b.shift || a.window != b.window || a.piece != b.piece)
		return false;
	return !a.shift ||
	       (old->phys == new->phys && old->access == new->access &&
		old->stash == new->stash && old->omi == new->omi);
}

/**
 * soca_plan_next_change - Find the next subwindow that has a new target
 * @old: The old plan
 * @old_win: The windows it was made from
 * @new: The new plan, of the same geometry
 * @new_win: The windows it was made from
 * @from: Index of the first subwindow to look at
 *
 * A window may have another index than before: what counts is what goes into
 * the PAACE.
 *
 * Return: The subwindow's index, or @new->num if there is none.
 */
unsigned int soca_plan_next_change(const struct soca_plan *old,
				   const struct soca_plan_window *old_win,
				   const struct soca_plan *new,
				   const struct soca_plan_window *new_win,
				   unsigned int from)
{
	for (unsigned int i = from; i < new->num; i++) {
		struct soca_plan_target a, b;

		if (soca_plan_untouched(old->sub[i], old_win, new->sub[i],
					new_win))
			continue;
		a = soca_plan_target(old, old_win, i);
		b = soca_plan_target(new, new_win, i);
		if (a.phys != b.phys || a.shift != b.shift ||
		    a.access != b.access || a.stash != b.stash ||
		    a.omi != b.omi)
			return i;
	}
	return new->num;
}

/* Words for the log; struct soca_plan_error.number follows. */

static const char *const soca_plan_texts[] = {
	[SOCA_PLAN_TOO_MANY] = "too many windows, the most is",
	[SOCA_PLAN_SIZE_ZERO] = "no bytes, size",
	[SOCA_PLAN_SIZE_GRAIN] = "no multiple of 4 KiB, size",
	[SOCA_PLAN_IOVA_GRAIN] = "no multiple of 4 KiB, DMA address",
	[SOCA_PLAN_PHYS_GRAIN] = "no multiple of 4 KiB, physical address",
	[SOCA_PLAN_IOVA_WRAPS] = "wraps at 2^64, DMA address",
	[SOCA_PLAN_IOVA_RANGE] = "exceeds 36 bits, DMA address",
	[SOCA_PLAN_PHYS_RANGE] = "exceeds 36 bits, physical address",
	[SOCA_PLAN_OVERLAP] = "overlap from DMA address",
	[SOCA_PLAN_SHARED] = "in one subwindow of size",
	[SOCA_PLAN_START] = "not at the start of a subwindow of size",
	[SOCA_PLAN_PIECE] = "no power of two in its last subwindow, size",
	[SOCA_PLAN_PHYS_ALIGN] = "physical address not aligned to",
};

/**
 * soca_plan_explain - Say in words why there is no plan
 * @err: From a soca_plan_make() that returned false
 * @buf: Where the line goes, without a newline; 128 bytes hold each of them
 * @size: Size of @buf
 *
 * Return: As snprintf().
 */
int soca_plan_explain(const struct soca_plan_error *err, char *buf, size_t size)
{
	char other[20] = "", needed[64] = "";

	if (err->rule == SOCA_PLAN_OVERLAP || err->rule == SOCA_PLAN_SHARED)
		snprintf(other, sizeof(other), " and %u", err->other);
	if (err->rule >= SOCA_PLAN_SHARED)
		snprintf(needed, sizeof(needed),
			 "; %u subwindows would do, there are %u",
			 err->needed, err->max);
	return snprintf(buf, size, "window%s %u%s: %s 0x%llx%s",
			*other ? "s" : "", err->window, other,
			soca_plan_texts[err->rule], err->number, needed);
}
