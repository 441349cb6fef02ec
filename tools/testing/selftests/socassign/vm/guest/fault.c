// SPDX-License-Identifier: GPL-2.0
/*
 * A guest that goes astray: it tells its Ethernet controller, behind the back of
 * the driver, to read descriptors where it has no memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/devtree.h"
#include "../../lib/etsec.h"
#include "../../lib/sysfs.h"
#include "../../lib/virtio_mmio.h"
#include "guest.h"

/* Beyond any guest's memory that a test or the demo makes */
#define NOWHERE	0x50000000
#define PAGE	0x1000

/* A kind of controller. */
struct victim {
	bool (*is_it)(const struct dt_node *node);
	const char *busy;	/* a driver that lets nobody else at the registers */
	void (*go_astray)(void *regs);
};

/* The registers are those of a group of queues, a child. */
static bool is_etsec(const struct dt_node *node)
{
	return node->parent && dt_is_compatible(node->parent, "fsl,etsec2");
}

/* One descriptor, which is nowhere; the one of ours only takes the zeros. */
static void etsec_goes_astray(void *regs)
{
	struct etsec_bd unused;
	struct etsec etsec = { .regs = regs };

	etsec_stop(&etsec);
	etsec_set_tx_ring(&etsec, &unused, NOWHERE, 1);
	etsec_start(&etsec);
	etsec_retry_tx(&etsec);
}

static bool is_virtio(const struct dt_node *node)
{
	return dt_is_compatible(node, "virtio,mmio");
}

static void virtio_goes_astray(void *regs)
{
	virtio_mmio_start(regs);
	virtio_mmio_set_queue(regs, VIRTIO_NET_TX, NOWHERE);
	virtio_mmio_notify(regs, VIRTIO_NET_TX);
}

static const struct victim victims[] = {
	{ .is_it = is_etsec, .go_astray = etsec_goes_astray },
	{
		.is_it = is_virtio, .busy = "virtio-mmio",
		.go_astray = virtio_goes_astray,
	},
};

/* A transport with nothing in it has no driver. */
static bool is_in_use(const struct victim *victim, const struct dt_node *node,
		      struct sysfs_device *dev)
{
	if (!victim->busy)
		return true;
	return !sysfs_find(node->path, dev) && sysfs_bound_to(dev, victim->busy);
}

static const struct victim *find_victim(const struct dt_node *node,
					struct dt_span *span,
					struct sysfs_device *dev)
{
	for (size_t i = 0; i < sizeof(victims) / sizeof(*victims); i++)
		if (victims[i].is_it(node) && dt_reg(node, 0, span) &&
		    span->reachable && is_in_use(&victims[i], node, dev))
			return &victims[i];
	return NULL;
}

static void *map(const struct dt_span *span)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *regs = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  span->cpu);

	close(fd);
	return regs == MAP_FAILED ? NULL : regs;
}

static void lead_astray(const struct victim *victim, const struct dt_span *span)
{
	void *regs = map(span);

	if (!regs) {
		step_failed("/dev/mem: %s", strerror(errno));
		return;
	}
	victim->go_astray(regs);
	sleep(1);
	step_ok("read at 0x%x, and the guest goes on", NOWHERE);
	munmap(regs, PAGE);
}

void fault_step(void)
{
	const struct victim *victim = NULL;
	struct sysfs_device dev;
	struct dt_node *node;
	struct dt_span span;

	dt_load();
	for (node = dt_first(); node; node = node->next) {
		victim = find_victim(node, &span, &dev);
		if (victim)
			break;
	}
	if (!victim) {
		step_failed("no such controller");
		return;
	}
	if (victim->busy && sysfs_unbind(&dev)) {
		step_failed("%s does not let it go", victim->busy);
		return;
	}
	lead_astray(victim, &span);
	if (victim->busy)
		sysfs_bind(&dev, victim->busy);
}
