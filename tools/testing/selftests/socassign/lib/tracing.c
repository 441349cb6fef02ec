// SPDX-License-Identifier: GPL-2.0
#include "tracing.h"

#include <fcntl.h>
#include <unistd.h>

#include "sysfs.h"

#define TRACING	"/sys/kernel/tracing/"

bool tracing_clear(void)
{
	/* Opened so, it is emptied. */
	int fd = open(TRACING "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

bool tracing_set(const char *event, bool on)
{
	char path[128];

	snprintf(path, sizeof(path), TRACING "events/%s/enable", event);
	return !sysfs_write(path, on ? "1" : "0");
}

FILE *tracing_read(void)
{
	return fopen(TRACING "trace", "re");
}
