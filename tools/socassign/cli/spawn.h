/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Running other programs
 */
#ifndef _SOCASSIGN_SPAWN_H
#define _SOCASSIGN_SPAWN_H

/*
 * Run a program to its end: 0, -EIO if it was not content, or another negative
 * errno.  What it prints goes to standard error.
 */
int spawn_wait(char *const *args);

#endif /* _SOCASSIGN_SPAWN_H */
