// SPDX-License-Identifier: GPL-2.0
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
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

/* The next record; false at the end. */
static bool read_record(int fd, char *record, size_t size)
{
	ssize_t len;

	do {
		len = read(fd, record, size - 1);
	} while (len < 0 && errno == EPIPE);
	if (len <= 0)
		return false;
	record[len] = '\0';
	return true;
}

bool kmsg_next(int fd, const char *text, char *line, size_t size)
{
	char record[8192];

	while (read_record(fd, record, sizeof(record))) {
		const char *found = text_of(record);

		if (!strcasestr(found, text))
			continue;
		snprintf(line, size, "%s", found);
		return true;
	}
	return false;
}

int kmsg_count(int fd, const char *one, const char *two)
{
	char record[8192];
	int count = 0;

	while (read_record(fd, record, sizeof(record))) {
		const char *text = text_of(record);

		count += strcasestr(text, one) && strcasestr(text, two);
	}
	return count;
}

int kmsg_count_said(int fd, const char *text)
{
	static const char prefix[] = "socassign: ";
	char record[8192];
	int count = 0;

	while (read_record(fd, record, sizeof(record))) {
		const char *line = text_of(record);

		count += !strncmp(line, prefix, strlen(prefix)) &&
			 !strcmp(line + strlen(prefix), text);
	}
	return count;
}

int kmsg_boot_warnings(const char *what)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	int count = 0;

	if (fd < 0)
		return -errno;
	while (read_record(fd, record, sizeof(record)) &&
	       !(strtoul(record, NULL, 10) >> 3))
		count += strtoul(record, NULL, 10) <= LOG_WARNING &&
			 strcasestr(text_of(record), what);
	close(fd);
	return count;
}
