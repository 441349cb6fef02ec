// SPDX-License-Identifier: GPL-2.0
/*
 * The administrator takes a mapped device away.  Of socassign alone: vfio's
 * unbind waits for the owner to let go.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	21
#define MAX_MAPS	64

/* So many mappings, of so many bytes each, all of them touched. */
struct shape {
	const char *what;
	unsigned int num;
	size_t length;
};

static struct costs costs;

static void *map(struct owned *owned, const struct shape *shape,
		 unsigned int index)
{
	char *mem = mmap(NULL, shape->length, PROT_READ, MAP_SHARED, owned->fd,
			 owned->page + index * shape->length);

	must(mem == MAP_FAILED ? -errno : 0, shape->what);
	for (size_t at = 0; at < shape->length; at += PAGE)
		(void)((volatile char *)mem)[at];
	return mem;
}

static int unbind_file(const struct sysfs_device *dev)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/driver/unbind",
		 dev->bus, dev->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return must(fd < 0 ? -errno : fd, path);
}

/* The write, and not the way through sysfs to its file. */
static void unbind(const struct sysfs_device *dev, const struct shape *shape)
{
	int fd = unbind_file(dev);
	uint64_t from = ticks();
	ssize_t ret = write(fd, dev->name, strlen(dev->name));

	costs_add(&costs, from, ticks());
	must(ret < 0 ? -errno : 0, shape->what);
	close(fd);
}

static void once(const struct target *target, const struct shape *shape)
{
	struct sysfs_device dev;
	void *maps[MAX_MAPS];
	struct owned owned;

	must(sysfs_find(target->node, &dev), target->node);
	peer_open(&peer_soca_bound, target, &owned);
	for (unsigned int i = 0; i < shape->num; i++)
		maps[i] = map(&owned, shape, i);
	unbind(&dev, shape);
	for (unsigned int i = 0; i < shape->num; i++)
		munmap(maps[i], shape->length);
	peer_close(&owned);
	must(sysfs_bind(&dev, "socassign"), shape->what);
}

static void measure_shape(const struct target *target, const struct shape *shape)
{
	costs_init(&costs);
	for (int i = 0; i < ROUNDS; i++)
		once(target, shape);
	costs_report(&costs, shape->what, peer_soca_bound.name);
}

void measure_unbind(const struct target *target, const struct target *large)
{
	static const struct shape one = { "unbind, 1 page", 1, PAGE };
	static const struct shape shapes[] = {
		{ "unbind, 64 mappings", MAX_MAPS, PAGE },
		{ "unbind, 16 MiB in one", 1, 16 * MIB },
	};

	peer_bind(&peer_soca_bound, target);
	measure_shape(target, &one);
	if (!large)
		return;
	peer_bind(&peer_soca_bound, large);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		measure_shape(large, &shapes[i]);
}
