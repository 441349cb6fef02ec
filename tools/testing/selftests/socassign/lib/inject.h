/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory runs out: the nth allocation of this thread from now on fails
 * (Documentation/fault-injection/).
 */
#ifndef _SELFTESTS_SOCASSIGN_INJECT_H
#define _SELFTESTS_SOCASSIGN_INJECT_H

#include <stdbool.h>

/* Why this kernel cannot, or NULL. */
const char *inject_missing(void);

/* Get ready; a descriptor for this thread's, or a negative errno. */
int inject_open(void);

/* 0: none fails. */
bool inject_arm(int fd, int n);

/* Did it come to that?  Ends it. */
bool inject_disarm(int fd);

/* What the driver core says of a device that it could not add or bind. */
void inject_expect_core_messages(void);

#endif
