// SPDX-License-Identifier: GPL-2.0
/* The files in the initramfs that say what to do, and modules. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

/* Returns false where there is no such file. */
bool read_lines(const char *path, line_handler handle)
{
	FILE *file = fopen(path, "re");
	char line[256];

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0])
			handle(line);
	}
	fclose(file);
	return true;
}

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return done;
}

/* "name [parameter=value ...]"; returns an errno. */
int load_module(char *line)
{
	const char *params = "";
	char *space = strchr(line, ' ');
	char path[300];
	int fd, ret;

	if (space) {
		*space = '\0';
		params = space + 1;
	}
	snprintf(path, sizeof(path), "/lib/modules/%s.ko", line);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	ret = syscall(SYS_finit_module, fd, params, 0) ? errno : 0;
	close(fd);
	return ret == EEXIST ? 0 : ret;
}
