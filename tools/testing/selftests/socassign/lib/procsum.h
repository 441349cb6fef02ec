/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that the kernel counts in a file of lines: "word number ...". */
#ifndef _SELFTESTS_SOCASSIGN_PROCSUM_H
#define _SELFTESTS_SOCASSIGN_PROCSUM_H

/* The sum of those of all lines that begin with @word, blanks apart. */
long procsum(const char *path, const char *word);

#endif
