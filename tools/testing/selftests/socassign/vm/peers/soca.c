// SPDX-License-Identifier: GPL-2.0
/*
 * socassign, for which a device is bound before, as its peers' are, or binds
 * itself as it is claimed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/claim.h"
#include "peers.h"

static int soca_open(struct owned *owned)
{
	const char *node = owned->target->node;
	struct socassign_region region = { 0 };
	int ret;

	owned->others[0] = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	if (owned->others[0] < 0)
		return -errno;
	owned->fd = soc_instantiate(owned->others[0], node, strlen(node) + 1,
				    SOCASSIGN_NO_DMA);
	if (owned->fd < 0)
		return owned->fd;
	ret = soc_region(owned->fd, 0, &region);
	owned->page = region.out_cookie;
	return ret;
}

static int soca_connect(struct owned *owned)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd),
		.flags = SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE,
		.trigger_fd = owned->event, .resample_fd = owned->resample,
	};

	return soc_ioctl(owned->fd, SOCASSIGN_SET_IRQ, &cmd);
}

static int soca_unmask(struct owned *owned)
{
	return signal_eventfd(owned->resample);
}

static int soca_unmask_ioctl(struct owned *owned)
{
	return soc_set_irq(owned->fd, 0, SOCASSIGN_SET_EOI);
}

static int soca_read(struct owned *owned, unsigned int reg, void *value,
		     size_t width)
{
	return pread(owned->fd, value, width, owned->page + reg) < 0 ? -errno :
								       0;
}

const struct peer peer_soca = {
	.name = "socassign",
	.driver = "",
	.file = SOC_DEVICE,
	.open = soca_open,
	.connect = soca_connect,
	.unmask = soca_unmask,
	.unmask_ioctl = soca_unmask_ioctl,
	.read = soca_read,
};

const struct peer peer_soca_bound = {
	.name = "socassign bound",
	.driver = "socassign",
	.file = SOC_DEVICE,
	.open = soca_open,
	.connect = soca_connect,
	.unmask = soca_unmask,
	.unmask_ioctl = soca_unmask_ioctl,
	.read = soca_read,
};
