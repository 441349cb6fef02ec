// SPDX-License-Identifier: GPL-2.0
#include "peers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../bench/measure.h"

bool peer_present(const struct peer *peer)
{
	return access(peer->file, F_OK) == 0;
}

/* By hand, as no sysfs_move() knows every peer's driver. */
static int move(const struct target *target, const char *driver)
{
	struct sysfs_device dev;
	int ret = sysfs_find(target->node, &dev);

	if (!ret && !sysfs_bound_to(&dev, ""))
		ret = sysfs_unbind(&dev);
	if (!ret)
		ret = sysfs_override(&dev, driver);
	if (ret || !*driver)
		return ret;
	return sysfs_bind(&dev, driver);
}

void peer_bind(const struct peer *peer, const struct target *target)
{
	must(move(target, peer->driver), target->node);
	if (peer->bound)
		must(peer->bound(target), peer->name);
}

void peer_open(const struct peer *peer, const struct target *target,
	       struct owned *owned)
{
	*owned = (struct owned) {
		.peer = peer, .target = target, .fd = -1,
		.others = { -1, -1 }, .event = -1, .resample = -1,
	};
	must(peer->open(owned), peer->name);
}

void peer_map(struct owned *owned)
{
	owned->map = mmap(NULL, owned->target->length, PROT_READ | PROT_WRITE,
			  MAP_SHARED, owned->fd, owned->page);
	must(owned->map == MAP_FAILED ? -errno : 0, owned->peer->name);
}

void peer_connect(struct owned *owned)
{
	if (!owned->peer->connect) {
		owned->event = owned->fd;
		owned->event_size = 4;
		return;
	}
	owned->event = eventfd(0, EFD_CLOEXEC);
	owned->event_size = 8;
	owned->resample = eventfd(0, EFD_CLOEXEC);
	must(owned->peer->connect(owned), owned->peer->name);
}

void peer_event(struct owned *owned)
{
	uint64_t count;

	if (read(owned->event, &count, owned->event_size) < 0)
		must(-errno, owned->peer->name);
}

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

void peer_close(struct owned *owned)
{
	if (owned->map)
		munmap(owned->map, owned->target->length);
	if (owned->event != owned->fd)
		close_file(owned->event);
	close_file(owned->resample);
	close_file(owned->fd);
	close_file(owned->others[0]);
	close_file(owned->others[1]);
}

int signal_eventfd(int fd)
{
	const uint64_t one = 1;

	return write(fd, &one, sizeof(one)) < 0 ? -errno : 0;
}
