// SPDX-License-Identifier: GPL-2.0
/* vfio-platform, without an IOMMU. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "peers.h"

static char vfio_group[64];
static char vfio_name[256];

static int call(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

/* The device's group, as it is named anew with each binding. */
static int vfio_bound(const struct target *target)
{
	DIR *dir = opendir("/dev/vfio");
	struct sysfs_device dev;
	struct dirent *entry;
	int ret = -ENOENT;

	while (dir && ret && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "noiommu-", 8))
			continue;
		snprintf(vfio_group, sizeof(vfio_group), "/dev/vfio/%.40s",
			 entry->d_name);
		ret = sysfs_find(target->node, &dev);
		snprintf(vfio_name, sizeof(vfio_name), "%s", dev.name);
	}
	if (dir)
		closedir(dir);
	return ret;
}

static int vfio_open_group(struct owned *owned)
{
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	int group = open(vfio_group, O_RDWR | O_CLOEXEC);
	int ret;

	owned->others[0] = group;
	owned->others[1] = container;
	if (container < 0 || group < 0)
		return -errno;
	ret = call(group, VFIO_GROUP_SET_CONTAINER, &container);
	if (ret < 0)
		return ret;
	return call(container, VFIO_SET_IOMMU, (void *)VFIO_NOIOMMU_IOMMU);
}

static int vfio_open(struct owned *owned)
{
	struct vfio_region_info region = { .argsz = sizeof(region) };
	int ret = vfio_open_group(owned);

	if (ret < 0)
		return ret;
	owned->fd = call(owned->others[0], VFIO_GROUP_GET_DEVICE_FD,
			 vfio_name);
	if (owned->fd < 0)
		return owned->fd;
	ret = call(owned->fd, VFIO_DEVICE_GET_REGION_INFO, &region);
	owned->page = region.offset;
	return ret;
}

/* Action and data of an interrupt, with an eventfd or without one. */
static int vfio_set_irq(struct owned *owned, __u32 flags, int fd)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} cmd = {
		.set = {
			.argsz = fd < 0 ? sizeof(cmd.set) : sizeof(cmd),
			.flags = flags, .count = 1,
		},
		.fd = fd,
	};

	return call(owned->fd, VFIO_DEVICE_SET_IRQS, &cmd);
}

static int vfio_connect(struct owned *owned)
{
	int ret = vfio_set_irq(owned, VFIO_IRQ_SET_DATA_EVENTFD |
			       VFIO_IRQ_SET_ACTION_UNMASK, owned->resample);

	if (ret < 0)
		return ret;
	return vfio_set_irq(owned, VFIO_IRQ_SET_DATA_EVENTFD |
			    VFIO_IRQ_SET_ACTION_TRIGGER, owned->event);
}

static int vfio_unmask(struct owned *owned)
{
	return signal_eventfd(owned->resample);
}

static int vfio_unmask_ioctl(struct owned *owned)
{
	return vfio_set_irq(owned, VFIO_IRQ_SET_DATA_NONE |
			    VFIO_IRQ_SET_ACTION_UNMASK, -1);
}

static int vfio_read(struct owned *owned, unsigned int reg, void *value,
		     size_t width)
{
	return pread(owned->fd, value, width, owned->page + reg) < 0 ? -errno :
								       0;
}

const struct peer peer_vfio = {
	.name = "vfio",
	.driver = "vfio-platform",
	.file = "/sys/bus/platform/drivers/vfio-platform",
	.bound = vfio_bound,
	.open = vfio_open,
	.connect = vfio_connect,
	.unmask = vfio_unmask,
	.unmask_ioctl = vfio_unmask_ioctl,
	.read = vfio_read,
};
