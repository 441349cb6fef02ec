// SPDX-License-Identifier: GPL-2.0
/*
 * Where a file is, and which one; reading one, or a pipe
 */
#include "file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* No tree is that large; a device may have no end. */
#define MAX_SIZE	(64u << 20)

char *file_path(const char *root, const char *format, va_list args)
{
	char *tail = must_vprint(format, args);
	char *path = must_print("%s/%s", root, tail);

	free(tail);
	return path;
}

/* Without a directory to be in there is nothing that the name could be of. */
char *file_absolute(const char *name)
{
	char *dir = *name == '/' ? NULL : getcwd(NULL, 0);
	char *path = dir ? must_print("%s/%s", dir, name) :
			   must_print("%s", name);

	free(dir);
	return path;
}

bool file_is_same(const char *a, const char *b)
{
	struct stat x, y;

	return !strcmp(a, b) ||
	       (!stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
		x.st_ino == y.st_ino);
}

static void *read_stream(FILE *file, size_t *len)
{
	size_t room = 65536, got;
	char *data = must_alloc(room, 1);

	*len = 0;
	while (room <= MAX_SIZE &&
	       (got = fread(data + *len, 1, room - *len, file))) {
		*len += got;
		if (*len == room) {
			room *= 2;
			data = must_grow(data, room, 1);
		}
	}
	return data;
}

static bool is_whole(FILE *file, size_t len)
{
	if (len < MAX_SIZE)
		return !ferror(file);
	errno = EFBIG;
	return false;
}

void *file_read(const char *name, size_t *len)
{
	FILE *file = fopen(name, "re");
	void *data = NULL;

	if (file)
		data = read_stream(file, len);
	if (!file || !is_whole(file, *len)) {
		complain("%s: %s", name, strerror(errno));
		free(data);
		data = NULL;
	}
	if (file)
		fclose(file);
	return data;
}
