// SPDX-License-Identifier: GPL-2.0
#include "unbinds.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>

#define KERNEL_EVENTS	1	/* the multicast group */

int unbinds_open(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK, .nl_groups = KERNEL_EVENTS,
	};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);
	int ret;

	if (fd < 0)
		return -errno;
	if (!bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/* "unbind@" and the path of the device */
static bool is_unbind(const char *event, const struct sysfs_device *dev)
{
	const char *name = strrchr(event, '/');

	return !strncmp(event, "unbind@", 7) && name &&
	       !strcmp(name + 1, dev->name);
}

int unbinds_count(int fd, const struct sysfs_device *dev)
{
	char event[8192];
	int count = 0;
	ssize_t len;

	while ((len = recv(fd, event, sizeof(event) - 1, 0)) >= 0) {
		event[len] = '\0';
		count += is_unbind(event, dev);
	}
	return errno == EAGAIN ? count : -errno;
}
