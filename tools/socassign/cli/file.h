/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SOCASSIGN_FILE_H
#define _SOCASSIGN_FILE_H

#include <stdarg.h>
#include <stddef.h>

/* The whole of a file, of less than 64 MiB, for free(); NULL with a message. */
void *file_read(const char *name, size_t *len);

/*
 * What an environment variable has in place of a directory of the system's, for tests,
 * or NULL.
 */
const char *file_stand_in(const char *variable);

/* The path of something in @root, or in what stands in for it; for free(). */
char *file_path(const char *variable, const char *root, const char *format,
		va_list args);

#endif /* _SOCASSIGN_FILE_H */
