// SPDX-License-Identifier: GPL-2.0
#include "edge.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
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

/* The lines of an eTSEC are transmit, receive, errors. */
#define ETSEC_LINES	3
#define ETSEC_ERROR	2

static int init_etsec(struct edge *edge)
{
	static const uint8_t mac[6] = { 0x02 };

	edge->line = ETSEC_ERROR;
	edge->regs = soc_map(edge->fd, &edge->region);
	if (!edge->regs)
		return -errno;
	etsec_init(&edge->etsec, edge->regs, mac);
	etsec_error_down(&edge->etsec);
	return 0;
}

static bool is_etsec(const struct edge *edge)
{
	struct socassign_irq irq = {};

	return !soc_irq(edge->fd, ETSEC_LINES - 1, &irq);
}

static int attach(struct edge *edge)
{
	int ret = soc_region(edge->fd, 0, &edge->region);

	if (!ret)
		ret = is_etsec(edge) ? init_etsec(edge) :
			virtio_rng_init(&edge->rng, edge->fd, &edge->region);
	return ret ? ret : soc_set_trigger(edge->fd, edge->line, edge->trigger);
}

/* A kernel that has the host's driver built in has it bound. */
static int take_from_host(const char *node)
{
	struct sysfs_device dev;
	char driver[64];

	if (sysfs_find(node, &dev) ||
	    sysfs_driver(&dev, driver, sizeof(driver)) ||
	    !strcmp(driver, "socassign"))
		return 0;
	return sysfs_unbind(&dev);
}

int edge_open(struct edge *edge, const char *node)
{
	int ret;

	*edge = (struct edge) { .fd = -1, .trigger = -1, .node = node };
	/* A test that was killed may have left it so. */
	edge_end_quarantine(node);
	ret = take_from_host(node);
	if (!ret)
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
	if (edge->regs)
		soc_unmap(edge->regs, &edge->region);
	else
		virtio_rng_exit(&edge->rng);
	close(edge->fd);
	close(edge->trigger);
	edge->fd = -1;
	edge_end_quarantine(edge->node);
	allow("N");
}

int edge_raise(struct edge *edge)
{
	if (!edge->regs)
		return virtio_rng_request(&edge->rng);
	etsec_error_up(&edge->etsec);
	return 0;
}

int edge_ack(struct edge *edge)
{
	if (!edge->regs)
		return virtio_rng_ack(&edge->rng);
	etsec_error_down(&edge->etsec);
	return 0;
}

void edge_stop(struct edge *edge)
{
	if (!edge->regs)
		virtio_rng_stop(&edge->rng);
}
