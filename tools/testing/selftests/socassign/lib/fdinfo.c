// SPDX-License-Identifier: GPL-2.0
#include "fdinfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fdinfo_text(int fd, const char *key, char *value, size_t size)
{
	size_t len = strlen(key);
	char path[64], line[512];
	int ret = -ENOENT;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (ret && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, key, len) || strncmp(line + len, ":\t", 2))
			continue;
		snprintf(value, size, "%s", line + len + 2);
		ret = 0;
	}
	fclose(file);
	return ret;
}

long long fdinfo_number(int fd, const char *key)
{
	char value[32];
	int ret = fdinfo_text(fd, key, value, sizeof(value));

	return ret ? ret : atoll(value);
}
