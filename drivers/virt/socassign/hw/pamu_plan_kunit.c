// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the planner of PAMU windows
 */
#include <kunit/test.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "hw/pamu_plan.h"

/* It is linked to the planner only where both are in the kernel itself. */
#if defined(MODULE) || !IS_ENABLED(CONFIG_FSL_PAMU)
#include "hw/pamu_plan.c"
#endif

#define WINDOW(_iova, _size, _phys)					\
	((struct soca_plan_window) {					\
		.iova = (_iova), .size = (_size), .phys = (_phys),	\
		.omi = SOCA_PLAN_NO_OMI,				\
		.access = SOCA_PLAN_READ | SOCA_PLAN_WRITE,		\
	})

#define SPACE	BIT_ULL(SOCA_PLAN_ADDRESS_BITS)

#define STALE	0xa5

/*
 * Can one follow the other while the LIODN is live?  The fields that need
 * PPAACE.V = 0 to change (WBAH, WBAL, WSE, MW, WCE, fspi) stay.
 */
static bool soca_plan_same_geometry(const struct soca_plan *a,
				    const struct soca_plan *b)
{
	return a->base == b->base && a->shift == b->shift && a->num == b->num;
}

/* A plan is too large for the stack; what it held before must not matter. */
static struct soca_plan *soca_new_plan(struct kunit *test)
{
	struct soca_plan *plan = kunit_kzalloc(test, sizeof(*plan), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, plan);
	return memset(plan, STALE, sizeof(*plan));
}

static struct soca_plan *soca_planned(struct kunit *test,
				      const struct soca_plan_window *win,
				      unsigned int num, unsigned int max)
{
	struct soca_plan *plan = soca_new_plan(test);
	struct soca_plan_error err;

	KUNIT_ASSERT_TRUE(test, soca_plan_make(plan, win, num, max, &err));
	return plan;
}

static void soca_expect_geometry(struct kunit *test,
				 const struct soca_plan *plan, u64 base,
				 u64 size, unsigned int num)
{
	KUNIT_EXPECT_EQ(test, plan->base, base);
	KUNIT_EXPECT_EQ(test, 1ULL << plan->shift, size);
	KUNIT_EXPECT_EQ(test, 1U << (plan->shift - plan->sub_shift), num);
	KUNIT_EXPECT_EQ(test, (unsigned int)plan->num, num);
}

/* Subwindow @sub maps @size bytes from @offset of window @window on. */
static void soca_expect_sub(struct kunit *test, const struct soca_plan *plan,
			    unsigned int sub, unsigned int window, u64 offset,
			    u64 size)
{
	KUNIT_EXPECT_EQ(test, (unsigned int)plan->sub[sub].window, window);
	KUNIT_EXPECT_EQ(test, soca_plan_offset(plan, sub), offset);
	KUNIT_EXPECT_EQ(test, 1ULL << plan->sub[sub].shift, size);
}

static unsigned int soca_count_off(const struct soca_plan *plan)
{
	unsigned int off = 0;

	for (unsigned int i = 0; i < plan->num; i++)
		off += !plan->sub[i].shift;
	return off;
}

/* Returns the error, for a look at what else it says. */
static struct soca_plan_error
soca_refused(struct kunit *test, const struct soca_plan_window *win,
	     unsigned int num, unsigned int max, enum soca_plan_rule rule,
	     unsigned int window, u64 number)
{
	struct soca_plan *plan = soca_new_plan(test);
	struct soca_plan_error err;

	KUNIT_EXPECT_FALSE(test, soca_plan_make(plan, win, num, max, &err));
	KUNIT_EXPECT_EQ(test, (int)err.rule, (int)rule);
	KUNIT_EXPECT_EQ(test, err.window, window);
	KUNIT_EXPECT_EQ(test, err.number, number);
	KUNIT_EXPECT_EQ(test, err.max, max);
	KUNIT_EXPECT_NULL(test, memchr_inv(plan, STALE, sizeof(*plan)));
	return err;
}

/* Plans */

/*
 * The case of the thread that asked for socassign.  From 0 to 0xc4000000 it
 * takes 4 GiB; a subwindow may be 512 MiB, as 0x20000000 is the start of one:
 * N = 8, of which 0, 1, 2 and 6 are used.
 */
static void soca_test_plan_thread(struct kunit *test)
{
	const struct soca_plan_window win[] = {
		WINDOW(0x00000000, SZ_512M, 0x20000000),
		WINDOW(0x20000000, SZ_4K, 0xffe09d000ULL),
		WINDOW(0x40000000, SZ_16M, 0x3000000),
		WINDOW(0xc0000000, SZ_64M, 0xc00000000ULL),
	};
	struct soca_plan *plan = soca_planned(test, win, 4, 256);

	soca_expect_geometry(test, plan, 0, SPACE >> 4, 8);
	soca_expect_sub(test, plan, 0, 0, 0, SZ_512M);
	soca_expect_sub(test, plan, 1, 1, 0, SZ_4K);
	soca_expect_sub(test, plan, 2, 2, 0, SZ_16M);
	soca_expect_sub(test, plan, 6, 3, 0, SZ_64M);
	KUNIT_EXPECT_EQ(test, soca_count_off(plan), 4U);
	/* The old silicon can do it, too. */
	soca_expect_geometry(test, soca_planned(test, win, 4, 16), 0,
			     SPACE >> 4, 8);
}

static void soca_test_plan_empty(struct kunit *test)
{
	struct soca_plan *plan = soca_planned(test, NULL, 0, 256);
	struct soca_plan *other = soca_planned(test, NULL, 0, 0);

	KUNIT_EXPECT_EQ(test, (unsigned int)plan->num, 0U);
	KUNIT_EXPECT_TRUE(test, soca_plan_same_geometry(plan, other));
	KUNIT_EXPECT_EQ(test, soca_plan_next_change(plan, NULL, other, NULL, 0),
			0U);
}

static void soca_test_plan_single(struct kunit *test)
{
	const struct soca_plan_window page = WINDOW(SZ_4K, SZ_4K, SZ_8K);
	const struct soca_plan_window last = WINDOW(SPACE - SZ_4K, SZ_4K,
						    SPACE - SZ_4K);
	const struct soca_plan_window all = WINDOW(0, SPACE, 0);
	struct soca_plan *plan;

	/* One subwindow is no PAMU's limit: a primary window by itself. */
	plan = soca_planned(test, &page, 1, 1);
	soca_expect_geometry(test, plan, SZ_4K, SZ_4K, 1);
	soca_expect_sub(test, plan, 0, 0, 0, SZ_4K);

	plan = soca_planned(test, &last, 1, 16);
	soca_expect_geometry(test, plan, SPACE - SZ_4K, SZ_4K, 1);

	plan = soca_planned(test, &all, 1, 16);
	soca_expect_geometry(test, plan, 0, SPACE, 1);
	soca_expect_sub(test, plan, 0, 0, 0, SPACE);
}

/* 320 KiB: one subwindow of 256 KiB, and a second that is trimmed. */
static void soca_test_plan_spanning(struct kunit *test)
{
	const struct soca_plan_window win[] = {
		WINDOW(SZ_1M, 5 * SZ_64K, SZ_2M),
		WINDOW(SZ_1M + SZ_512K, SZ_4K, 0x7000),
	};
	struct soca_plan *plan = soca_planned(test, win, 2, 256);

	soca_expect_geometry(test, plan, SZ_1M, SZ_1M, 4);
	soca_expect_sub(test, plan, 0, 0, 0, SZ_256K);
	soca_expect_sub(test, plan, 1, 0, SZ_256K, SZ_64K);
	soca_expect_sub(test, plan, 2, 1, 0, SZ_4K);
	KUNIT_EXPECT_EQ(test, soca_count_off(plan), 1U);
}

/* 1 MiB at a physical address that is aligned to 64 KiB: sixteen pieces. */
static void soca_test_plan_misaligned(struct kunit *test)
{
	const struct soca_plan_window win = WINDOW(0, SZ_1M, SZ_64K);
	struct soca_plan *plan = soca_planned(test, &win, 1, 16);
	struct soca_plan_error err;

	soca_expect_geometry(test, plan, 0, SZ_1M, 16);
	for (unsigned int i = 0; i < 16; i++)
		soca_expect_sub(test, plan, i, 0, i * SZ_64K, SZ_64K);
	KUNIT_EXPECT_EQ(test, soca_plan_target(plan, &win, 15).phys,
			(u64)SZ_1M);

	err = soca_refused(test, &win, 1, 8, SOCA_PLAN_PHYS_ALIGN, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, err.needed, 16U);
}

/* Pages at odd places of a primary window of 4 KiB times @max. */
static void soca_expect_floor(struct kunit *test, unsigned int max)
{
	const struct soca_plan_window win[] = {
		WINDOW((max - 1) * SZ_4K, SZ_4K, 0x5000), WINDOW(0, SZ_4K, 0),
		WINDOW(3 * SZ_4K, 2 * SZ_4K, SZ_4K),
	};
	struct soca_plan *plan = soca_planned(test, win, 3, max);
	struct soca_plan_error err;

	soca_expect_geometry(test, plan, 0, max * SZ_4K, max);
	soca_expect_sub(test, plan, 0, 1, 0, SZ_4K);
	soca_expect_sub(test, plan, 3, 2, 0, SZ_4K);
	soca_expect_sub(test, plan, 4, 2, SZ_4K, SZ_4K);
	soca_expect_sub(test, plan, max - 1, 0, 0, SZ_4K);
	KUNIT_EXPECT_EQ(test, soca_count_off(plan), max - 4);

	err = soca_refused(test, win, 3, max / 2, SOCA_PLAN_START, 0, SZ_8K);
	KUNIT_EXPECT_EQ(test, err.needed, max);
}

static void soca_test_plan_max(struct kunit *test)
{
	const struct soca_plan_window win[] = {
		WINDOW(0, SZ_4K, 0), WINDOW(511 * SZ_4K, SZ_4K, 0),
	};
	struct soca_plan *plan = soca_new_plan(test);
	struct soca_plan_error err;

	soca_expect_floor(test, 16);
	soca_expect_floor(test, 256);

	/* A register may promise more than struct soca_plan holds. */
	KUNIT_EXPECT_FALSE(test, soca_plan_make(plan, win, 2, 65536, &err));
	KUNIT_EXPECT_EQ(test, err.max, 256U);
	KUNIT_EXPECT_EQ(test, err.needed, 512U);
}

static void soca_test_plan_all_used(struct kunit *test)
{
	struct soca_plan_window *win;
	struct soca_plan *plan;

	win = kunit_kcalloc(test, 257, sizeof(*win), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, win);
	for (unsigned int i = 0; i < 257; i++)
		win[i] = WINDOW(i * SZ_4K, SZ_4K, i * SZ_8K);

	plan = soca_planned(test, win, 256, 256);
	soca_expect_geometry(test, plan, 0, SZ_1M, 256);
	for (unsigned int i = 0; i < 256; i++)
		soca_expect_sub(test, plan, i, i, 0, SZ_4K);
	soca_expect_geometry(test, soca_planned(test, win, 16, 16), 0, SZ_64K,
			     16);
	soca_refused(test, win, 257, 256, SOCA_PLAN_TOO_MANY, 256, 256);
	soca_refused(test, win, 17, 16, SOCA_PLAN_TOO_MANY, 16, 16);
	soca_refused(test, win, 1, 0, SOCA_PLAN_TOO_MANY, 0, 0);
}

/* Requests that are wrong on any PAMU */

static void soca_expect_wrong(struct kunit *test, u64 iova, u64 size, u64 phys,
			      enum soca_plan_rule rule, u64 number)
{
	const struct soca_plan_window win[] = {
		WINDOW(SZ_1G, SZ_4K, 0), WINDOW(iova, size, phys),
	};

	soca_refused(test, win, 2, 256, rule, 1, number);
}

static void soca_test_plan_wrong(struct kunit *test)
{
	soca_expect_wrong(test, 0, 0, 0, SOCA_PLAN_SIZE_ZERO, 0);
	soca_expect_wrong(test, 0, 0x1800, 0, SOCA_PLAN_SIZE_GRAIN, 0x1800);
	soca_expect_wrong(test, 0x800, SZ_4K, 0, SOCA_PLAN_IOVA_GRAIN, 0x800);
	soca_expect_wrong(test, 0, SZ_4K, 0x1004, SOCA_PLAN_PHYS_GRAIN, 0x1004);
}

static void soca_test_plan_range(struct kunit *test)
{
	const u64 page = SZ_4K, huge = 0ULL - page;

	soca_expect_wrong(test, SPACE - page, 2 * page, 0,
			  SOCA_PLAN_IOVA_RANGE, SPACE - page);
	soca_expect_wrong(test, 0, SPACE + page, 0, SOCA_PLAN_IOVA_RANGE, 0);
	soca_expect_wrong(test, SPACE, page, 0, SOCA_PLAN_IOVA_RANGE, SPACE);
	soca_expect_wrong(test, huge, 2 * page, 0, SOCA_PLAN_IOVA_WRAPS, huge);
	soca_expect_wrong(test, 2 * page, huge, 0, SOCA_PLAN_IOVA_WRAPS,
			  2 * page);
	/* The last bytes of all do not wrap; they are out of range. */
	soca_expect_wrong(test, huge, page, 0, SOCA_PLAN_IOVA_RANGE, huge);
	soca_expect_wrong(test, 0, 2 * page, SPACE - page,
			  SOCA_PLAN_PHYS_RANGE, SPACE - page);
	soca_expect_wrong(test, 0, 2 * page, huge, SOCA_PLAN_PHYS_RANGE, huge);
}

static void soca_test_plan_overlap(struct kunit *test)
{
	struct soca_plan_window win[] = {
		WINDOW(SZ_64K, SZ_8K, 0), WINDOW(0, SZ_4K, 0),
		WINDOW(SZ_64K + SZ_4K, SZ_4K, 0),
	};
	struct soca_plan_error err;

	err = soca_refused(test, win, 3, 256, SOCA_PLAN_OVERLAP, 2,
			   SZ_64K + SZ_4K);
	KUNIT_EXPECT_EQ(test, err.other, 0U);
	/* One more page, and they only touch. */
	win[2].iova += SZ_4K;
	soca_planned(test, win, 3, 256);
	/* From below. */
	win[2] = WINDOW(SZ_64K - SZ_4K, SZ_16K, 0);
	err = soca_refused(test, win, 3, 256, SOCA_PLAN_OVERLAP, 2, SZ_64K);
	KUNIT_EXPECT_EQ(test, err.other, 0U);
}

/* Requests for which the subwindows are too few; here 16 of 64 KiB */

static void soca_expect_unplaced(struct kunit *test, u64 iova, u64 size,
				 u64 phys, enum soca_plan_rule rule,
				 u64 number, unsigned int needed)
{
	const struct soca_plan_window win[] = {
		WINDOW(0, SZ_4K, 0), WINDOW(SZ_1M - SZ_64K, SZ_4K, 0),
		WINDOW(iova, size, phys),
	};
	struct soca_plan_error err;

	err = soca_refused(test, win, 3, 16, rule, 2, number);
	KUNIT_EXPECT_EQ(test, err.needed, needed);
	soca_expect_geometry(test, soca_planned(test, win, 3, needed), 0,
			     SZ_1M, needed);
}

static void soca_test_plan_unplaced(struct kunit *test)
{
	soca_expect_unplaced(test, SZ_4K, SZ_4K, 0,
			     SOCA_PLAN_SHARED, SZ_64K, 256);
	soca_expect_unplaced(test, SZ_256K + SZ_32K, SZ_4K, 0,
			     SOCA_PLAN_START, SZ_64K, 32);
	soca_expect_unplaced(test, SZ_256K, SZ_64K + 0x3000, 0,
			     SOCA_PLAN_PIECE, 0x3000, 128);
	soca_expect_unplaced(test, SZ_256K, SZ_128K, SZ_16K,
			     SOCA_PLAN_PHYS_ALIGN, SZ_64K, 64);
	/* The last piece alone would be aligned. */
	soca_expect_unplaced(test, SZ_256K, SZ_64K + SZ_16K, SZ_16K,
			     SOCA_PLAN_PHYS_ALIGN, SZ_64K, 64);
	/* A piece that is smaller than a subwindow asks for less. */
	soca_expect_unplaced(test, SZ_256K, SZ_32K, SZ_16K,
			     SOCA_PLAN_PHYS_ALIGN, SZ_32K, 64);
}

static void soca_test_plan_explain(struct kunit *test)
{
	const struct soca_plan_error shared = {
		.rule = SOCA_PLAN_SHARED, .window = 3, .other = 1,
		.number = SZ_64K, .needed = 1 << 24, .max = 256,
	};
	const struct soca_plan_error grain = {
		.rule = SOCA_PLAN_SIZE_GRAIN, .window = 2, .number = 0x1800,
	};
	char line[128];

	soca_plan_explain(&shared, line, sizeof(line));
	KUNIT_EXPECT_STREQ(test, line,
			   "windows 3 and 1: in one subwindow of size 0x10000; 16777216 subwindows would do, there are 256");
	soca_plan_explain(&grain, line, sizeof(line));
	KUNIT_EXPECT_STREQ(test, line,
			   "window 2: no multiple of 4 KiB, size 0x1800");
	for (int rule = SOCA_PLAN_OK + 1; rule <= SOCA_PLAN_PHYS_ALIGN;
	     rule++) {
		const struct soca_plan_error widest = {
			.rule = rule, .window = 255, .other = 254,
			.number = U64_MAX, .needed = 1 << 24, .max = 256,
		};

		KUNIT_EXPECT_LT(test, soca_plan_explain(&widest, line,
							sizeof(line)),
				(int)sizeof(line));
		KUNIT_EXPECT_NULL(test, strstr(line, "null"));
	}
}

/* From one plan to the next */

static void soca_test_plan_target(struct kunit *test)
{
	struct soca_plan_window win[] = {
		WINDOW(0, SZ_16K + SZ_4K, SZ_1M), WINDOW(SZ_32K, SZ_8K, SZ_64K),
	};
	struct soca_plan *plan = soca_planned(test, win, 2, 16);
	struct soca_plan_target target;

	soca_expect_geometry(test, plan, 0, SZ_64K, 4);
	win[0].stash = 0x41;
	win[0].omi = 1;
	win[0].access = SOCA_PLAN_READ;
	target = soca_plan_target(plan, win, 1);
	KUNIT_EXPECT_EQ(test, target.phys, (u64)SZ_1M + SZ_16K);
	KUNIT_EXPECT_EQ(test, target.shift, 12);
	KUNIT_EXPECT_EQ(test, target.stash, 0x41U);
	KUNIT_EXPECT_EQ(test, target.omi, 1);
	KUNIT_EXPECT_EQ(test, target.access, SOCA_PLAN_READ);
	target = soca_plan_target(plan, win, 2);
	KUNIT_EXPECT_EQ(test, target.phys, (u64)SZ_64K);
	KUNIT_EXPECT_EQ(test, target.shift, 13);
	target = soca_plan_target(plan, win, 3);
	KUNIT_EXPECT_EQ(test, target.shift, 0);
	KUNIT_EXPECT_EQ(test, target.access, 0);
}

/* The same windows in another order; one of them goes to other memory. */
static void soca_test_plan_retarget(struct kunit *test)
{
	const struct soca_plan_window a[] = {
		WINDOW(0, SZ_8K, SZ_1M), WINDOW(SZ_8K, SZ_4K, SZ_64K),
		WINDOW(SZ_8K + SZ_4K, SZ_4K, SZ_128K),
	};
	struct soca_plan_window b[] = { a[2], a[0], a[1] };
	struct soca_plan *old = soca_planned(test, a, 3, 16);
	struct soca_plan *new = soca_planned(test, b, 3, 16);

	KUNIT_EXPECT_TRUE(test, soca_plan_same_geometry(old, new));
	KUNIT_EXPECT_EQ(test, soca_plan_next_change(old, a, new, b, 0), 4U);
	b[1].phys = SZ_2M;
	new = soca_planned(test, b, 3, 16);
	KUNIT_EXPECT_TRUE(test, soca_plan_same_geometry(old, new));
	KUNIT_EXPECT_EQ(test, soca_plan_next_change(old, a, new, b, 0), 0U);
	KUNIT_EXPECT_EQ(test, soca_plan_next_change(old, a, new, b, 1), 1U);
	KUNIT_EXPECT_EQ(test, soca_plan_next_change(old, a, new, b, 2), 4U);
}

/* Each of a target's parts by itself is a change; none is one of geometry. */
static void soca_test_plan_retarget_parts(struct kunit *test)
{
	const struct soca_plan_window old_win[] = {
		WINDOW(0, SZ_4K, 0), WINDOW(SZ_16K, SZ_8K, SZ_64K),
	};
	struct soca_plan_window parts[5] = {
		old_win[1], old_win[1], old_win[1], old_win[1], old_win[1],
	};
	struct soca_plan *old = soca_planned(test, old_win, 2, 16);

	parts[0].phys = SZ_128K;
	parts[1].size = SZ_16K;
	parts[2].access = SOCA_PLAN_READ;
	parts[3].stash = 1;
	parts[4].omi = 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct soca_plan_window win[] = { old_win[0], parts[i] };
		struct soca_plan *new = soca_planned(test, win, 2, 16);

		KUNIT_EXPECT_TRUE(test, soca_plan_same_geometry(old, new));
		KUNIT_EXPECT_EQ(test,
				soca_plan_next_change(old, old_win, new, win, 0),
				1U);
		KUNIT_EXPECT_EQ(test,
				soca_plan_next_change(old, old_win, new, win, 2),
				2U);
	}
}

static void soca_test_plan_geometry_change(struct kunit *test)
{
	const struct soca_plan_window win = WINDOW(SZ_64K, SZ_64K, SZ_1M);
	const struct soca_plan_window others[] = {
		WINDOW(0, SZ_64K, SZ_1M),	/* base */
		WINDOW(SZ_64K, SZ_32K, SZ_1M),	/* size */
		WINDOW(SZ_64K, SZ_64K, SZ_4K),	/* number */
	};
	struct soca_plan *old = soca_planned(test, &win, 1, 16);

	struct soca_plan *new = soca_planned(test, NULL, 0, 16);

	KUNIT_EXPECT_FALSE(test, soca_plan_same_geometry(old, new));
	for (unsigned int i = 0; i < ARRAY_SIZE(others); i++) {
		new = soca_planned(test, &others[i], 1, 16);
		KUNIT_EXPECT_FALSE(test, soca_plan_same_geometry(old, new));
	}
}

/* Is @win placed in subwindow @sub of a plan, if it is alone there? */
static bool soca_takes(struct kunit *test, const struct soca_plan *to,
		       struct soca_plan_window win, unsigned int sub)
{
	struct soca_plan *plan = soca_new_plan(test);
	struct soca_plan *before = soca_new_plan(test);

	*plan = *to;
	soca_plan_remove_all(plan);
	*before = *plan;
	if (!soca_plan_add(plan, &win, 0)) {
		KUNIT_EXPECT_EQ(test, memcmp(plan, before, sizeof(*plan)), 0);
		return false;
	}
	KUNIT_EXPECT_TRUE(test, soca_plan_same_geometry(plan, to));
	KUNIT_EXPECT_EQ(test, plan->sub_shift, to->sub_shift);
	KUNIT_EXPECT_EQ(test, soca_plan_target(plan, &win, sub).phys, win.phys);
	soca_plan_remove(plan, &win);
	KUNIT_EXPECT_EQ(test, soca_count_off(plan), (unsigned int)plan->num);
	return true;
}

/* While DMA is enabled: what is left after a window goes, or a new one. */
static void soca_test_plan_add(struct kunit *test)
{
	const struct soca_plan_window win[] = {
		WINDOW(SZ_1M, SZ_64K, SZ_2M),
		WINDOW(SZ_1M + SZ_64K, SZ_4K, SZ_4K),
	};
	struct soca_plan *to = soca_planned(test, win, 2, 16);

	soca_expect_geometry(test, to, SZ_1M, SZ_128K, 2);
	KUNIT_EXPECT_TRUE(test, soca_takes(test, to, win[0], 0));
	KUNIT_EXPECT_TRUE(test, soca_takes(test, to, win[1], 1));
	/* One window by itself, without subwindows, and now in both. */
	KUNIT_EXPECT_TRUE(test, soca_takes(test, to, WINDOW(SZ_1M, SZ_128K,
							    SZ_2M), 0));
	/* Beside the primary window, beyond its end, larger. */
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(0, SZ_4K, 0), 0));
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(SZ_1M + SZ_128K,
							     SZ_4K, 0), 0));
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(SZ_1M, SZ_256K,
							     0), 0));
	/* Not where a subwindow starts; physical address not aligned, or too high. */
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(SZ_1M + SZ_4K,
							     SZ_4K, 0), 0));
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(SZ_1M, SZ_64K,
							     SZ_32K), 0));
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(SZ_1M, SZ_64K,
							     SPACE), 0));
}

static void soca_test_plan_add_ends(struct kunit *test)
{
	const struct soca_plan_window win = WINDOW(SZ_64K, SZ_64K, SZ_1M);
	struct soca_plan *empty = soca_planned(test, NULL, 0, 16);
	struct soca_plan *to = soca_planned(test, &win, 1, 16);

	/* Without subwindows all of it is mapped, or nothing. */
	KUNIT_EXPECT_FALSE(test, soca_takes(test, to, WINDOW(SZ_64K, SZ_32K,
							     SZ_1M), 0));
	KUNIT_EXPECT_TRUE(test, soca_takes(test, to, win, 0));
	KUNIT_EXPECT_FALSE(test, soca_takes(test, empty, win, 0));
}

/* The others stay as they are; whether the plan is its own is remembered. */
static void soca_test_plan_remove(struct kunit *test)
{
	const struct soca_plan_window win[] = {
		WINDOW(0, SZ_4K, SZ_1M), WINDOW(SZ_4K, SZ_8K + SZ_4K, SZ_2M),
		WINDOW(SZ_32K - SZ_4K, SZ_4K, 0),
	};
	struct soca_plan *plan = soca_planned(test, win, 3, 16);

	soca_expect_geometry(test, plan, 0, SZ_32K, 8);
	KUNIT_EXPECT_FALSE(test, plan->is_kept);
	soca_plan_remove(plan, &win[1]);
	KUNIT_EXPECT_TRUE(test, plan->is_kept);
	soca_expect_geometry(test, plan, 0, SZ_32K, 8);
	KUNIT_EXPECT_EQ(test, soca_count_off(plan), 6U);
	soca_expect_sub(test, plan, 0, 0, 0, SZ_4K);
	soca_expect_sub(test, plan, 7, 2, 0, SZ_4K);
	KUNIT_EXPECT_TRUE(test, soca_plan_add(plan, &win[1], 5));
	for (unsigned int i = 1; i <= 3; i++)
		soca_expect_sub(test, plan, i, 5, (i - 1) * SZ_4K, SZ_4K);
	KUNIT_EXPECT_EQ(test, soca_count_off(plan), 3U);
}

static struct kunit_case soca_plan_cases[] = {
	KUNIT_CASE(soca_test_plan_thread),
	KUNIT_CASE(soca_test_plan_empty),
	KUNIT_CASE(soca_test_plan_single),
	KUNIT_CASE(soca_test_plan_spanning),
	KUNIT_CASE(soca_test_plan_misaligned),
	KUNIT_CASE(soca_test_plan_max),
	KUNIT_CASE(soca_test_plan_all_used),
	KUNIT_CASE(soca_test_plan_wrong),
	KUNIT_CASE(soca_test_plan_range),
	KUNIT_CASE(soca_test_plan_overlap),
	KUNIT_CASE(soca_test_plan_unplaced),
	KUNIT_CASE(soca_test_plan_explain),
	KUNIT_CASE(soca_test_plan_target),
	KUNIT_CASE(soca_test_plan_retarget),
	KUNIT_CASE(soca_test_plan_retarget_parts),
	KUNIT_CASE(soca_test_plan_geometry_change),
	KUNIT_CASE(soca_test_plan_add),
	KUNIT_CASE(soca_test_plan_add_ends),
	KUNIT_CASE(soca_test_plan_remove),
	{ }
};

static struct kunit_suite soca_plan_suite = {
	.name = "socassign_pamu_plan",
	.test_cases = soca_plan_cases,
};

kunit_test_suite(soca_plan_suite);
