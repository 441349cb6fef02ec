/* SPDX-License-Identifier: GPL-2.0 */
/* What /proc/self/fdinfo says of a descriptor. */
#ifndef _SELFTESTS_SOCASSIGN_FDINFO_H
#define _SELFTESTS_SOCASSIGN_FDINFO_H

#include <stddef.h>

/* The first value of a key; 0, or -ENOENT if there is none. */
int fdinfo_text(int fd, const char *key, char *value, size_t size);

/* The same as a number. */
long long fdinfo_number(int fd, const char *key);

#endif
