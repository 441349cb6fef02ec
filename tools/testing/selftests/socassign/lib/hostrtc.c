// SPDX-License-Identifier: GPL-2.0
#include "hostrtc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "limit.h"

/* Its number may grow. */
int hostrtc_open(const struct sysfs_device *dev)
{
	char path[PATH_MAX], target[PATH_MAX];

	for (int i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/sys/class/rtc/rtc%d", i);
		if (!realpath(path, target) || !strstr(target, dev->name))
			continue;
		snprintf(path, sizeof(path), "/dev/rtc%d", i);
		return open(path, O_RDONLY | O_CLOEXEC);
	}
	return -1;
}

int hostrtc_read(const struct sysfs_device *dev, struct rtc_time *time)
{
	int fd, ret;

	/* The driver makes the device node a moment after it binds. */
	wait_until((fd = hostrtc_open(dev)) >= 0);
	if (fd < 0)
		return -ENODEV;
	ret = ioctl(fd, RTC_RD_TIME, time) ? -errno : 0;
	close(fd);
	return ret;
}

bool hostrtc_works(const struct sysfs_device *dev)
{
	struct rtc_time time;

	return !hostrtc_read(dev, &time) && time.tm_year > 100;
}
