// SPDX-License-Identifier: GPL-2.0
/*
 * System calls, with the errno as the result; string lists
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int soca_ioctl(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) < 0 ? -errno : 0;
}

int soca_ask_driver(unsigned long cmd, void *arg)
{
	int dev = open(SOCA_DEVICE, O_RDWR | O_CLOEXEC);
	int ret;

	if (dev < 0)
		return -errno;
	ret = soca_ioctl(dev, cmd, arg);
	close(dev);
	return ret;
}

int soca_poll(int fd, int milliseconds)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int ret = poll(&pfd, 1, milliseconds);

	if (ret < 0)
		return -errno;
	return ret ? pfd.revents : 0;
}

static unsigned int count(const char *list, size_t len)
{
	unsigned int num = 0;

	for (size_t i = 0; i < len; i++)
		num += !list[i];
	return num;
}

int soca_split(const char *list, size_t len, struct soca_strings *strings)
{
	unsigned int num = count(list, len);
	const char **str = malloc(num * sizeof(*str) + len + 1);
	char *copy;

	if (!str)
		return -ENOMEM;
	/* The strings lie behind the pointers: one free() for both. */
	copy = (char *)(str + num);
	memcpy(copy, list, len);
	copy[len] = 0;
	for (unsigned int i = 0; i < num; i++) {
		str[i] = copy;
		copy += strlen(copy) + 1;
	}
	strings->num = num;
	strings->str = str;
	return 0;
}

void soca_strings_free(struct soca_strings *strings)
{
	free((void *)strings->str);
	strings->str = NULL;
	strings->num = 0;
}
