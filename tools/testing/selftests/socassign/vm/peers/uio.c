// SPDX-License-Identifier: GPL-2.0
/* uio_pdrv_genirq: an interrupt is read from the device's file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "peers.h"

static int uio_open(struct owned *owned)
{
	owned->fd = open("/dev/uio0", O_RDWR | O_CLOEXEC);
	return owned->fd < 0 ? -errno : 0;
}

static int uio_unmask(struct owned *owned)
{
	const int32_t on = 1;

	return write(owned->fd, &on, sizeof(on)) < 0 ? -errno : 0;
}

const struct peer peer_uio = {
	.name = "uio",
	.driver = "uio_pdrv_genirq",
	.file = "/sys/bus/platform/drivers/uio_pdrv_genirq",
	.open = uio_open,
	.unmask = uio_unmask,
};
