/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel log, from the moment that it is opened. */
#ifndef _SELFTESTS_SOCASSIGN_KMSG_H
#define _SELFTESTS_SOCASSIGN_KMSG_H

#include <stdbool.h>
#include <stddef.h>

/* Only what comes from now on is read; fd or a negative errno. */
int kmsg_open(void);

/*
 * Read up to the present end: how many lines have both strings in them?
 * The case of letters does not count.
 */
int kmsg_count(int fd, const char *one, const char *two);

/* The same for lines of the driver's that are @text, no more and no less. */
int kmsg_count_said(int fd, const char *text);

/* The next line with the string in it; false at the present end. */
bool kmsg_next(int fd, const char *text, char *line, size_t size);

/*
 * How many warnings, or worse, with this text in them has the kernel logged
 * before the first program wrote to its log?  -errno if that cannot be known.
 */
int kmsg_boot_warnings(const char *what);

#endif
