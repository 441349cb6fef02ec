/* SPDX-License-Identifier: GPL-2.0 */
/* On top of kselftest_harness.h. */
#ifndef _SELFTESTS_SOCASSIGN_HARNESS_H
#define _SELFTESTS_SOCASSIGN_HARNESS_H

#include <stdbool.h>
#include <time.h>

#include "../kselftest_harness.h"
#include "lib/leftovers.h"
#include "lib/limit.h"

/*
 * The harness's limit, and those of tests that take longer, are what a fast machine
 * needs, times LIMIT_FACTOR: they are against hangs only (lib/limit.h).  A program, of
 * which the longest takes 200 s, has 1500 s (settings); which of its tests hangs is to
 * be known before.
 */
#define LIMIT_FACTOR	20
#define LIMIT_MOST	1200
#define LIMITED(_seconds)						\
	((_seconds) * LIMIT_FACTOR < LIMIT_MOST ?			\
	 (_seconds) * LIMIT_FACTOR : LIMIT_MOST)

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	(30 * LIMIT_FACTOR)
#undef TEST_F_TIMEOUT
#define TEST_F_TIMEOUT(fixture_name, test_name, seconds)		\
	__TEST_F_IMPL(fixture_name, test_name, -1, LIMITED(seconds))

/* In every main(): a test that failed is no reason for others to fail. */
#define test_harness_run(_argc, _argv)					\
	(leftovers_undo(), test_harness_run(_argc, _argv))

/*
 * The first line of a test.  A fixture's setup cannot skip a test in the
 * harness of Linux 6.1: it says why in @skip, and leaves the rest undone.
 */
#define SKIP_IF(_why) do {						\
	const char *_reason = (_why);					\
	if (_reason)							\
		SKIP(return, "%s", _reason);				\
} while (0)

/*
 * for (int i = 0; again(i, 500, &end); i++): so often, but not for more than
 * three seconds on a slow machine, and ten times in any case.
 */
static inline bool again(int i, int max, time_t *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!i)
		*end = now.tv_sec + 3;
	return i < 10 || (i < max && now.tv_sec < *end);
}

#define NO_BENCH "this machine has no board's test devices"

#endif
