// SPDX-License-Identifier: GPL-2.0
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
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

int module_unload(void)
{
	return syscall(SYS_delete_module, "socassign", O_NONBLOCK) ? -errno : 0;
}

int module_unload_soon(void)
{
	int ret;

	wait_until((ret = module_unload()) != -EWOULDBLOCK);
	return ret;
}

int module_load(void)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0))
		ret = -errno;
	close(fd);
	return ret == -EEXIST ? 0 : ret;
}
