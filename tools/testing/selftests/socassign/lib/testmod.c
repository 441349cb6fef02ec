// SPDX-License-Identifier: GPL-2.0
#include "testmod.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"

#define DIR "/sys/kernel/debug/socassign_test"

static void name_file(char *path, size_t size, const char *file)
{
	snprintf(path, size, DIR "/%s", file);
}

bool testmod_has(const char *file)
{
	char path[PATH_MAX];

	name_file(path, sizeof(path), file);
	return access(path, F_OK) == 0;
}

int testmod_open(const char *file, int flags)
{
	char path[PATH_MAX];
	int fd;

	name_file(path, sizeof(path), file);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int testmod_write_blob(const char *file, const void *blob, size_t len)
{
	int fd = testmod_open(file, O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return fd;
	if (write(fd, blob, len) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int testmod_write(const char *file, const char *text)
{
	return testmod_write_blob(file, text, strlen(text));
}

int testmod_count_irq(unsigned int irq)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", irq);
	return testmod_write("irq_entries", text);
}

static long read_number(const char *file)
{
	char text[32], path[PATH_MAX];
	int ret;

	name_file(path, sizeof(path), file);
	ret = sysfs_read(path, text, sizeof(text));
	return ret ? ret : atol(text);
}

long testmod_irq_entries(void)
{
	return read_number("irq_entries");
}

long testmod_num_stuck(void)
{
	return read_number("stuck");
}

int testmod_hold_probes(bool hold)
{
	return testmod_write("hold_probes", hold ? "1" : "0");
}

long testmod_num_held(void)
{
	return read_number("hold_probes");
}

int testmod_in_probe(void)
{
	return read_number("in_probe");
}

long testmod_clock_users(void)
{
	return read_number("clock_users");
}

long testmod_domains_on(void)
{
	return read_number("domains_on");
}

long testmod_line_resets(void)
{
	return read_number("line_resets");
}

/* With one write(2); stdio would seek, which this file refuses. */
void expect_in_log(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	char line[256];
	int len;

	if (fd < 0)
		return;
	len = snprintf(line, sizeof(line), "<6># expect in log: %s", text);
	if (write(fd, line, len) < 0)
		perror("/dev/kmsg");
	close(fd);
}
