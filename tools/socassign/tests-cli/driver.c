// SPDX-License-Identifier: GPL-2.0
/*
 * The driver, as ask.sh plays it for the command: linked to it with ioctl(),
 * open() and sysfs_is_this_machine() wrapped
 *
 * ASKED names a file for the questions: flags and paths, one a line; "log" follows
 * where the answer would be for the kernel's log.  DRIVER is
 * "old" for one without DRY_RUN, "shy" for one that the caller has no power over.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/socassign.h>

bool sysfs_is_live(void);

static bool is(const char *kind)
{
	const char *driver = getenv("DRIVER");

	return driver && !strcmp(driver, kind);
}

static void note(const struct socassign_instantiate *cmd)
{
	const char *path = (const char *)(uintptr_t)cmd->paths;
	const char *end = path + cmd->paths_len;
	FILE *file = fopen(getenv("ASKED"), "a");

	fprintf(file, "0x%x", cmd->flags & ~SOCASSIGN_DRY_RUN);
	for (; path < end; path += strlen(path) + 1)
		fprintf(file, " %s", path);
	fputs(cmd->reason_len ? "\n" : " log\n", file);
	fclose(file);
}

static int refuse(struct socassign_instantiate *cmd, const char *rule,
		  int error)
{
	snprintf((char *)(uintptr_t)cmd->reason, cmd->reason_len,
		 "%s: refused: %s", (const char *)(uintptr_t)cmd->paths, rule);
	return error;
}

static int instantiate(struct socassign_instantiate *cmd)
{
	const char *path = (const char *)(uintptr_t)cmd->paths;

	if (!(cmd->flags & SOCASSIGN_DRY_RUN))
		return EIO;
	note(cmd);
	if (is("shy") && cmd->flags & SOCASSIGN_DETACH)
		return refuse(cmd, "no power", EPERM);
	if (!strcmp(path, "/"))
		return refuse(cmd, "it is the root of the tree", EACCES);
	return strstr(path, "clock") ? refuse(cmd, "so it is", EBUSY) : 0;
}

static int query(struct socassign_query *cmd)
{
	cmd->out_instantiate_flags = is("old") ? 0 : SOCASSIGN_DRY_RUN;
	cmd->out_features = 0;
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	errno = request == SOCASSIGN_QUERY ? query(arg) :
		request == SOCASSIGN_INSTANTIATE ? instantiate(arg) : ENOTTY;
	return errno ? -1 : 0;
}

/* The device is there; no file is made. */
static int open_file(const char *path, int flags)
{
	if (!strcmp(path, "/dev/socassign"))
		path = "/dev/null";
	return openat(AT_FDCWD, path, flags);
}

int __wrap_open(const char *path, int flags, ...)
{
	return open_file(path, flags);
}

int __wrap_open64(const char *path, int flags, ...)
{
	return open_file(path, flags);
}

/* The stand-in for its /sys is taken for it. */
bool __wrap_sysfs_is_this_machine(void)
{
	return sysfs_is_live();
}
