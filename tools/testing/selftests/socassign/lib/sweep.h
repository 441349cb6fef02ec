/* SPDX-License-Identifier: GPL-2.0 */
/* An operation, with each of its allocations failing in turn; after the harness. */
#ifndef _SELFTESTS_SOCASSIGN_SWEEP_H
#define _SELFTESTS_SOCASSIGN_SWEEP_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "inject.h"

#define SWEEP_MAX_NTH	5000	/* no operation has so many allocations */

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
	int failures;
};

static inline void run_sweep(struct __test_metadata *_metadata, int fd,
			     struct sweep *sweep)
{
	for (int n = 1; n < SWEEP_MAX_NTH; n++) {
		bool injected;
		int ret;

		if (sweep->prepare)
			sweep->prepare(sweep->data);
		ASSERT_TRUE(inject_arm(fd, n));
		ret = sweep->act(sweep->data);
		injected = inject_disarm(fd);
		if (!injected) {
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
