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

/* Ends it: how many were left, 0 if the nth has failed. */
int inject_disarm(int fd);

/*
 * So many percent of the small allocations, and of those of whole pages, fail for the
 * threads that starve; 0: none.  Returns 0 or a negative errno.
 *
 * Who lacks pages, and has forked, cannot rely on the kernel to write to his memory: a
 * signal may kill him.
 */
int inject_percent(int small, int pages);

/* A descriptor for this thread's, or a negative errno. */
int inject_starve_open(void);
bool inject_starve(int fd, bool on);

/* What the kernel's core says of a device that it could not add or bind. */
void inject_expect_core_messages(void);

#endif
