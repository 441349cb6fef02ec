// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for a bus master behind an IOMMU, while the device may already do DMA: pinned
 * and mapped, unmapped and unpinned, which vfio's type1 does at once.  And what only
 * socassign has: memory that was pinned before, and windows that are opened and
 * closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/claim.h"
#include "../../lib/dma.h"
#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS		7
#define HUGE		(2 * MIB)
#define LARGE		(512 * MIB)
#define IOVA		0x40000000ULL
#define BESIDE		0x10000000ULL	/* the window that is always there */

static const struct target master = { .node = "/virtio_mmio@a010000" };

/* What is mapped: for the table, and where it is. */
struct memory {
	const char *what;
	void *mem;
	size_t length;
};

/* A peer, and how it does it: 0 or a negative errno. */
struct way {
	const struct peer *peer;
	int (*open)(void *page);
	int (*map)(const struct memory *memory);
	int (*unmap)(const struct memory *memory);
	void (*close)(void);
};

/* socassign */

static int claim;
static int pinned;

static int soca_map_at(int memory, uint64_t iova, size_t length)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = memory, .iova = iova,
		.length = length,
	};

	return soc_dma_map(claim, &map);
}

static int soca_pin(const struct memory *memory)
{
	pinned = soc_memory(claim, memory->mem, memory->length,
			    SOCASSIGN_MEMORY_WRITE);
	return pinned < 0 ? pinned : 0;
}

static int soca_map(const struct memory *memory)
{
	return soca_map_at(pinned, IOVA, memory->length);
}

static int soca_unmap(const struct memory *memory)
{
	return soc_dma_unmap(claim, 0, IOVA, memory->length);
}

static int soca_pin_and_map(const struct memory *memory)
{
	int ret = soca_pin(memory);

	return ret ? ret : soca_map(memory);
}

static int soca_unmap_and_unpin(const struct memory *memory)
{
	close(pinned);
	return soca_unmap(memory);
}

static int soca_open(void *page)
{
	const struct memory memory = { .mem = page, .length = PAGE };
	int ret;

	claim = soc_claim(master.node, 0);
	if (claim < 0)
		return claim;
	ret = soca_pin(&memory);
	if (!ret)
		ret = soca_map_at(pinned, BESIDE, PAGE);
	close(pinned);
	return ret ? ret : soc_dma_enable(claim, 0);
}

static void soca_close(void)
{
	close(claim);
}

/* vfio's type1 */

static int group, container;

static int vfio_map_at(void *mem, uint64_t iova, size_t length)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .vaddr = (uintptr_t)mem, .iova = iova,
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.size = length,
	};

	return ioctl(container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

static int vfio_map(const struct memory *memory)
{
	return vfio_map_at(memory->mem, IOVA, memory->length);
}

static int vfio_unmap(const struct memory *memory)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = IOVA, .size = memory->length,
	};

	return ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;
}

static int open_group(void)
{
	char link[PATH_MAX], path[PATH_MAX], file[64];
	struct sysfs_device dev;
	int ret = sysfs_find(master.node, &dev);

	if (ret)
		return ret;
	snprintf(link, sizeof(link), "/sys/bus/%s/devices/%s/iommu_group",
		 dev.bus, dev.name);
	if (!realpath(link, path))
		return -errno;
	snprintf(file, sizeof(file), "/dev/vfio/%.16s", basename(path));
	group = open(file, O_RDWR | O_CLOEXEC);
	return group < 0 ? -errno : 0;
}

static int vfio_open(void *page)
{
	int ret = open_group();

	if (ret)
		return ret;
	container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (container < 0 || ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;
	return vfio_map_at(page, BESIDE, PAGE);
}

static void vfio_close(void)
{
	close(group);
	close(container);
}

/* socassign last: nothing resets the device, so it keeps it. */
static const struct way ways[] = {
	{ &peer_vfio, vfio_open, vfio_map, vfio_unmap, vfio_close },
	{
		&peer_soca_bound, soca_open, soca_pin_and_map,
		soca_unmap_and_unpin, soca_close,
	},
};

/* What is measured */

typedef int (*memory_step)(const struct memory *memory);

/* One step, and what undoes it. */
static void measure_pair(const char *peer, const struct memory *memory,
			 const char *name, memory_step step,
			 const char *back_name, memory_step back)
{
	static struct costs there, here;
	char row[64];

	costs_init(&there);
	costs_init(&here);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t t[3];

		t[0] = ticks();
		must(step(memory), name);
		t[1] = ticks();
		must(back(memory), back_name);
		t[2] = ticks();
		costs_add(&there, t[0], t[1]);
		costs_add(&here, t[1], t[2]);
	}
	snprintf(row, sizeof(row), "%s %s", name, memory->what);
	costs_report(&there, row, peer);
	snprintf(row, sizeof(row), "%s %s", back_name, memory->what);
	costs_report(&here, row, peer);
}

static int soca_enable(const struct memory *memory)
{
	return soc_dma_enable(claim, 0);
}

static int soca_disable(const struct memory *memory)
{
	return soc_dma_disable(claim, 0);
}

static void measure_windows(const struct memory *memory)
{
	const char *name = peer_soca_bound.name;

	must(soca_pin(memory), "pin");
	measure_pair(name, memory, "map", soca_map, "unmap", soca_unmap);
	must(soca_map(memory), "map");
	measure_pair(name, memory, "disable", soca_disable, "enable",
		     soca_enable);
	must(soca_unmap_and_unpin(memory), "unmap");
}

static void measure_way(const struct way *way, const struct memory *memory)
{
	measure_pair(way->peer->name, memory, "pin and map", way->map,
		     "unmap and unpin", way->unmap);
	if (way->peer == &peer_soca_bound)
		measure_windows(memory);
}

/* The group's name is not what peer_bind() would look for. */
static void bind_master(const struct peer *peer)
{
	const struct peer plain = { .driver = peer->driver };

	peer_bind(&plain, &master);
}

static void *filled(void *mem, size_t length)
{
	must(mem ? 0 : -ENOMEM, "memory");
	memset(mem, 1, length);
	return mem;
}

void measure_dma(void)
{
	void *page = filled(anonymous(PAGE, PROT_READ | PROT_WRITE), PAGE);
	void *huge = filled(huge_alloc(LARGE, HUGE), LARGE);
	const struct memory memories[] = {
		{ "2 MiB of a huge page", huge, HUGE },
		{ "512 MiB of huge pages", huge, LARGE },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (!peer_present(ways[i].peer))
			continue;
		bind_master(ways[i].peer);
		must(ways[i].open(page), ways[i].peer->name);
		for (size_t j = 0; j < sizeof(memories) / sizeof(*memories); j++)
			measure_way(&ways[i], &memories[j]);
		ways[i].close();
	}
}
