// SPDX-License-Identifier: GPL-2.0
/* The least that a kernel can do: modules/floor.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "../../modules/socassign_floor.h"
#include "peers.h"

static int floor_open(struct owned *owned)
{
	owned->fd = open(FLOOR_DEVICE, O_RDWR | O_CLOEXEC);
	return owned->fd < 0 ? -errno : 0;
}

static int floor_connect(struct owned *owned)
{
	struct floor_connect cmd = {
		.trigger = owned->event, .resample = owned->resample,
	};

	return ioctl(owned->fd, FLOOR_CONNECT, &cmd) ? -errno : 0;
}

static int floor_unmask(struct owned *owned)
{
	return signal_eventfd(owned->resample);
}

static int floor_unmask_ioctl(struct owned *owned)
{
	return ioctl(owned->fd, FLOOR_UNMASK) ? -errno : 0;
}

const struct peer peer_floor = {
	.name = "floor",
	.driver = "socassign_floor",
	.file = FLOOR_DEVICE,
	.open = floor_open,
	.connect = floor_connect,
	.unmask = floor_unmask,
	.unmask_ioctl = floor_unmask_ioctl,
};
