/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long a test waits.  A machine may be busy with other things, slow because it
 * is emulated, and its kernel slow for debugging: what must come has a limit
 * against hangs only.
 */
#ifndef _SELFTESTS_SOCASSIGN_LIMIT_H
#define _SELFTESTS_SOCASSIGN_LIMIT_H

#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#define LONG_MS		300000	/* for what must come */
#define SETTLE_MS	50	/* for what must not come */

/* Milliseconds, from some point on. */
static inline long long limit_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Until it is so, or that long; whether it is. */
#define wait_ms(_ms, _cond) ({						\
	const long long _end = limit_now() + (_ms);			\
	bool _is;							\
									\
	while (!(_is = (_cond)) && limit_now() < _end)			\
		usleep(1000);						\
	_is;								\
})

/* For what must come. */
#define wait_until(_cond)	wait_ms(LONG_MS, _cond)

#endif
