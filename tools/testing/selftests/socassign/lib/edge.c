// SPDX-License-Identifier: GPL-2.0
#include "edge.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "board.h"
#include "sysfs.h"

/*
 * Nothing reset it but we: the administrator says that this will do.  If it was
 * unbound in use he has to bind it for that.
 */
void edge_end_quarantine(const char *node)
{
	struct sysfs_device dev;
	char driver[64];

	if (sysfs_find(node, &dev) ||
	    !sysfs_attr_write(&dev, "quarantine", "0") ||
	    !sysfs_driver(&dev, driver, sizeof(driver)))
		return;
	sysfs_move(&dev, "socassign");
	sysfs_attr_write(&dev, "quarantine", "0");
	sysfs_move(&dev, "");
}

/* It masters a bus, and shares a page with others of its kind. */
static int allow(const char *value)
{
	int ret = board_set_param("unsafe_dma", value);

	return ret ? ret : board_set_param("kernel_access", value);
}

static int attach(struct edge *edge)
{
	int ret = soc_region(edge->fd, 0, &edge->region);

	if (!ret)
		ret = virtio_rng_init(&edge->rng, edge->fd, &edge->region);
	return ret ? ret : soc_set_trigger(edge->fd, 0, edge->trigger);
}

int edge_open(struct edge *edge, const char *node)
{
	int ret;

	*edge = (struct edge) { .fd = -1, .trigger = -1, .node = node };
	/* A test that was killed may have left it so. */
	edge_end_quarantine(node);
	ret = allow("Y");
	if (ret)
		return ret;
	edge->fd = soc_claim(node, SOCASSIGN_UNSAFE_DMA);
	if (edge->fd < 0)
		return edge->fd;
	edge->trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = attach(edge);
	if (ret)
		edge_close(edge);
	return ret;
}

void edge_close(struct edge *edge)
{
	if (edge->fd < 0)
		return;
	virtio_rng_exit(&edge->rng);
	close(edge->fd);
	close(edge->trigger);
	edge->fd = -1;
	edge_end_quarantine(edge->node);
	allow("N");
}

int edge_raise(struct edge *edge)
{
	return virtio_rng_request(&edge->rng);
}

int edge_ack(struct edge *edge)
{
	return virtio_rng_ack(&edge->rng);
}
