/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SOCASSIGN_FILE_H
#define _SOCASSIGN_FILE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* The whole of a file, of less than 64 MiB, for free(); NULL with a message. */
void *file_read(const char *name, size_t *len);

/* The path of something in @root; for free(). */
char *file_path(const char *root, const char *format, va_list args);

/* Its name wherever one is; for free(). */
char *file_absolute(const char *name);

/* Do both names mean the same file?  It may be gone. */
bool file_is_same(const char *a, const char *b);

#endif /* _SOCASSIGN_FILE_H */
