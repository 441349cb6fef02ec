/* SPDX-License-Identifier: GPL-2.0 */
/* What a program that failed in the middle, or was killed, has left to the next. */
#ifndef _SELFTESTS_SOCASSIGN_LEFTOVERS_H
#define _SELFTESTS_SOCASSIGN_LEFTOVERS_H

/* The module's parameters are what they are at first, and the host has its devices. */
void leftovers_undo(void);

#endif
