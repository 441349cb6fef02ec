// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "read_file.h"

void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	void *data;

	if (!file || fseek(file, 0, SEEK_END)) {
		perror(path);
		abort();
	}
	*size = ftell(file);
	rewind(file);
	data = malloc(*size);
	if (!data || fread(data, 1, *size, file) != *size)
		abort();
	fclose(file);
	return data;
}
