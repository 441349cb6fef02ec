/* SPDX-License-Identifier: GPL-2.0 */
/* An operation, with each of its allocations failing in turn; after the harness. */
#ifndef _SELFTESTS_SOCASSIGN_SWEEP_H
#define _SELFTESTS_SOCASSIGN_SWEEP_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "inject.h"

#define SWEEP_MAX_NTH	50000	/* no operation has so many allocations */

/*
 * @act with the 1st, 2nd, ... allocation failing, until none does; @check says
 * whether everything is as before.  Several failures may be survived: an
 * allocation may have another way.
 */
struct sweep {
	void (*prepare)(void *data);	/* before each attempt; or NULL */
	int (*act)(void *data);
	bool (*check)(void *data);
	void *data;
	int also;		/* an errno that the contract has for it, too; or 0 */
	int dense;		/* after so many every 2nd, 3rd, ...; or 0 */
	int failures;
};

/* Who takes very many takes most of them in the same few places. */
static inline int sweep_next(const struct sweep *sweep, int n)
{
	return n + 1 + (sweep->dense ? n / sweep->dense : 0);
}

static inline void run_sweep(struct __test_metadata *_metadata, int fd,
			     struct sweep *sweep)
{
	for (int n = 1; n < SWEEP_MAX_NTH; n = sweep_next(sweep, n)) {
		int ret, left;

		if (sweep->prepare)
			sweep->prepare(sweep->data);
		ASSERT_TRUE(inject_arm(fd, n));
		ret = sweep->act(sweep->data);
		left = inject_disarm(fd);
		ASSERT_LE(0, left);
		if (left) {
			TH_LOG("%d allocations, %d failures", n - left,
			       sweep->failures);
			EXPECT_LE(0, ret);
			EXPECT_TRUE(sweep->check(sweep->data));
			EXPECT_LT(0, sweep->failures);
			return;
		}
		if (ret < 0)
			sweep->failures++;
		EXPECT_TRUE(ret >= 0 || ret == -ENOMEM ||
			    ret == -sweep->also)
			TH_LOG("allocation %d: %s", n, strerror(-ret));
		EXPECT_TRUE(sweep->check(sweep->data))
			TH_LOG("allocation %d", n);
	}
	EXPECT_TRUE(false)
		TH_LOG("it never succeeded");
}

#endif
