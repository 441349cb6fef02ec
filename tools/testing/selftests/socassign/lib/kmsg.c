// SPDX-License-Identifier: GPL-2.0
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* "prefix,sequence,time,flags;text\n KEY=value\n..." */
static const char *text_of(char *record)
{
	char *text = strchr(record, ';');

	/* A test's own output is in the log, too: facility 0 is the kernel. */
	if (!text || strtoul(record, NULL, 10) >> 3)
		return "";
	text[strcspn(text, "\n")] = '\0';
	return text + 1;
}

int kmsg_count(int fd, const char *one, const char *two)
{
	char record[8192];
	int count = 0;

	for (;;) {
		ssize_t len = read(fd, record, sizeof(record) - 1);
		const char *text;

		if (len < 0 && errno == EPIPE)
			continue;
		if (len <= 0)
			return count;
		record[len] = '\0';
		text = text_of(record);
		count += strcasestr(text, one) && strcasestr(text, two);
	}
}
