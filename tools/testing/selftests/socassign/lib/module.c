// SPDX-License-Identifier: GPL-2.0
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "limit.h"
#include "sysfs.h"

#define MODULE_FILE "/lib/modules/socassign.ko"

const char *module_stays(void)
{
	return access(MODULE_FILE, R_OK) ?
	       "no " MODULE_FILE " (or it is built in)" : NULL;
}

long module_users(void)
{
	char text[32] = "-1";

	sysfs_read("/sys/module/socassign/refcnt", text, sizeof(text));
	return atol(text);
}

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

int module_unload(void)
{
	return unload("socassign");
}

int module_unload_soon(void)
{
	int ret;

	wait_until((ret = module_unload()) != -EWOULDBLOCK);
	return ret;
}

static int load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0))
		ret = -errno;
	close(fd);
	return ret == -EEXIST ? 0 : ret;
}

int module_load(void)
{
	return load(MODULE_FILE);
}

/* In the order in which they need each other. */
static const char * const virtio_net[] = {
	"virtio_mmio", "failover", "net_failover", "virtio_net",
};

#define NUM_VIRTIO_NET	(sizeof(virtio_net) / sizeof(*virtio_net))

static int load_of_host(const char *name)
{
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", name);
	ret = load(path);
	/* It is built in. */
	return ret == -ENOENT ? 0 : ret;
}

int module_load_virtio_net(void)
{
	int ret = 0;

	for (size_t i = 0; i < NUM_VIRTIO_NET && !ret; i++)
		ret = load_of_host(virtio_net[i]);
	return ret;
}

void module_unload_virtio_net(void)
{
	for (size_t i = NUM_VIRTIO_NET; i--;)
		unload(virtio_net[i]);
}

int module_load_pl330(void)
{
	return load_of_host("pl330");
}
