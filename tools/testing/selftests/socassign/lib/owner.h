/* SPDX-License-Identifier: GPL-2.0 */
/* A process that owns something until it is killed. */
#ifndef _SELFTESTS_SOCASSIGN_OWNER_H
#define _SELFTESTS_SOCASSIGN_OWNER_H

#include <sys/types.h>

/*
 * Start one, which takes with @begin, 0 or a negative errno, what it owns from now on;
 * then it waits, or is in @then, which never returns.  The process, to be killed and
 * waited for, or -1: it owns nothing.
 */
pid_t owner_start(int (*begin)(void *arg), void (*then)(void *arg), void *arg);

#endif
