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

/*
 * Start one that goes on alone, without a terminal and with what it says on
 * standard error going to a descriptor.  It keeps the others that are not closed
 * on exec.  Returns its ID, or a negative errno.
 */
int spawn_alone(char *const *args, int log);

#endif /* _SOCASSIGN_SPAWN_H */
