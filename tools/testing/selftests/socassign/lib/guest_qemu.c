// SPDX-License-Identifier: GPL-2.0
#include "guest_qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/socassign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fdt.h"
#include "guest_machine.h"
#include "limit.h"
#include "partition.h"

/* Each claim has an overlay; the plan's is the second one's. */
static const char *overlay_of(const struct guest_plan *plan,
			      const struct guest_assign *assign)
{
	if (assign->more && strstr(assign->more, "overlay="))
		return NULL;
	return assign == plan->assign ? GUEST_ALONE : plan->overlay;
}

static void fill_assign(struct guest_args *args, const struct guest_plan *plan,
			const struct guest_assign *it)
{
	const char *overlay = overlay_of(plan, it);

	guest_arg(args, "-device");
	guest_arg_made(args, QEMU_DEVICE ",%s%s%s%s%s%s%s%s%s%s%s",
		       it->fd ? it->fd : "dev=", it->fd ? "" : it->nodes[0],
		       it->nodes[1] ? ":" : "", it->nodes[1] ? it->nodes[1] : "",
		       it->flags & SOCASSIGN_SUBTREE ? ",subtree=on" : "",
		       it->flags & SOCASSIGN_DETACH ? ",detach=on" : "",
		       it->flags & SOCASSIGN_NO_DMA ? ",no-dma=on" : "",
		       overlay ? ",overlay=" : "", overlay ? overlay : "",
		       it->more ? "," : "", it->more ? it->more : "");
}

static void fill_machine(struct guest_args *args, const struct guest_plan *plan)
{
	guest_arg(args, "-M");
	guest_arg(args, plan->emulated ? GUEST_EMULATED_MACHINE : GUEST_MACHINE);
	guest_arg(args, "-accel");
	guest_arg(args, plan->emulated ? "tcg" : "kvm");
	guest_arg(args, "-cpu");
	guest_arg(args, plan->emulated ? GUEST_EMULATED_CPU : GUEST_CPU);
}

/* A partition is a backend for memory, with the size said once more. */
static void fill_partition(struct guest_args *args, const char *what)
{
	guest_arg(args, "-object");
	guest_arg_made(args, "memory-backend-socassign,id=ram,size=%llu,%s%s",
		       partition_size(what), *what == '/' ? "dev=" : "", what);
	guest_arg(args, "-machine");
	guest_arg(args, "memory-backend=ram");
}

static void fill_memory(struct guest_args *args, const struct guest_plan *plan)
{
	if (plan->mem && (*plan->mem == '/' || !strncmp(plan->mem, "fd=", 3))) {
		fill_partition(args, plan->mem);
		return;
	}
	guest_arg(args, "-m");
	guest_arg(args, plan->mem ? plan->mem : GUEST_MEMORY);
}

static void fill(struct guest_args *args, const struct guest_plan *plan)
{
	fill_machine(args, plan);
	fill_memory(args, plan);
	guest_arg(args, "-nodefaults");
	guest_arg(args, "-nographic");
	guest_arg(args, "-serial");
	guest_arg(args, "stdio");
	guest_arg(args, "-kernel");
	guest_arg(args, "/guest/kernel");
	guest_arg(args, "-initrd");
	guest_arg(args, "/guest/initrd");
	guest_arg(args, "-append");
	guest_append(args, plan);
	if (!plan->reboots)
		guest_arg(args, "-no-reboot");
}

const struct guest_vmm guest_qemu = {
	.path = GUEST_QEMU,
	.missing = "no QEMU for guests: make check VMM=qemu builds one",
	.slowness = 2,
	.fill = fill,
	.assign = fill_assign,
};

void qemu_device(char *json, size_t size, const struct handed *handed,
		 const char *more)
{
	snprintf(json, size, "{\"driver\":\"" QEMU_DEVICE "\",\"fd\":\"%s\",%s}",
		 handed->text[0] + strlen("fd="), more);
}

/* Its monitor */

static bool connects(int fd)
{
	const struct sockaddr_un at = {
		.sun_family = AF_UNIX, .sun_path = "/tmp/qmp",
	};

	return !connect(fd, (const struct sockaddr *)&at, sizeof(at));
}

int qemu_qmp(struct guest *qmp)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*qmp = GUEST_NONE;
	if (fd < 0)
		return -errno;
	qmp->name = "qmp";
	qmp->err.fd = fd;
	qmp->in = dup(fd);
	if (!wait_until(connects(fd)))
		return -ECONNREFUSED;
	if (!guest_type(qmp, "{\"execute\":\"qmp_capabilities\"}\n") ||
	    !guest_is_told(qmp, "\"return\": {}"))
		return -EPROTO;
	return 0;
}

/* The guest's tree */

void *qemu_dumped(size_t *size)
{
	int fd = open(QEMU_DUMPED, O_RDONLY | O_CLOEXEC);
	struct stat stat_buf;
	char *blob = NULL;

	if (fd >= 0 && !fstat(fd, &stat_buf))
		blob = malloc(stat_buf.st_size);
	if (blob) {
		*size = stat_buf.st_size;
		if (read(fd, blob, *size) != (ssize_t)*size) {
			free(blob);
			blob = NULL;
		}
	}
	if (fd >= 0)
		close(fd);
	return blob;
}

int qemu_pack_dumped(void)
{
	size_t size;
	void *blob = qemu_dumped(&size);
	int fd = open(QEMU_DUMPED, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int ret = 0;

	if (!blob || fd < 0)
		ret = -EIO;
	if (!ret) {
		size = fdt_pack(blob, size);
		if (write(fd, blob, size) != (ssize_t)size)
			ret = -EIO;
	}
	if (fd >= 0)
		close(fd);
	free(blob);
	return ret;
}
