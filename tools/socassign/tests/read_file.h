/* SPDX-License-Identifier: GPL-2.0 */
#ifndef READ_FILE_H
#define READ_FILE_H

#include <stddef.h>

/* The whole of a file, for free(); it has to be there. */
void *read_file(const char *path, size_t *size);

#endif
