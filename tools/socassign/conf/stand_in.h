/* SPDX-License-Identifier: GPL-2.0 */
/* Directories of the system's, and what stands in for them in tests */
#ifndef _SOCASSIGN_STAND_IN_H
#define _SOCASSIGN_STAND_IN_H

/* What an environment variable has in place of @directory, unless it is empty. */
const char *stand_in(const char *variable, const char *directory);

/* /run, or what SOCASSIGN_RUN has */
const char *run_directory(void);

#endif /* _SOCASSIGN_STAND_IN_H */
