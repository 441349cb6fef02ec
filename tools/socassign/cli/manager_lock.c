// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions where there is no systemd: each is a process that holds the lock of
 * /run/socassign/NAME, a file with its ID
 *
 * The lock goes with the process, however that ends, and the ID is used only while
 * the lock is held: it is nobody else's.
 */
#include "manager.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli.h"
#include "conf/conf.h"
#include "conf/stand_in.h"
#include "file.h"
#include "spawn.h"

/* For a guest to end, and its devices to go back, before it is killed */
#define PATIENCE_MS	10000

char *manager_path(const char *format, ...)
{
	va_list args;
	char *path;

	va_start(args, format);
	path = file_path(run_directory(), format, args);
	va_end(args);
	return path;
}

/* @err, after a message with the file that it is about */
static int complain_of(const char *partition, const char *file, int err)
{
	complain("%s: %s: %s", partition, file, strerror(-err));
	return err;
}

/* The descriptor, or a negative errno: -ENOENT alone comes without a message. */
static int open_file(const char *partition, const char *ending, int flags)
{
	char *path = manager_path("socassign/%s%s", partition, ending);
	int fd = open(path, flags, 0600);

	if (fd < 0)
		fd = -errno;
	if (fd < 0 && (fd != -ENOENT || flags & O_CREAT))
		complain_of(partition, path, fd);
	free(path);
	return fd;
}

/* The lock belongs to the open file, which who is started inherits. */
static int lock(int fd)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (!fcntl(fd, F_OFD_SETLK, &all))
		return 0;
	return errno == EAGAIN || errno == EACCES ? -EALREADY : -errno;
}

/* To ask must not keep anybody from taking it meanwhile. */
static bool is_held(int fd)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return !fcntl(fd, F_OFD_GETLK, &all) && all.l_type != F_UNLCK;
}

static int runs(const char *partition)
{
	int fd = open_file(partition, "", O_RDONLY | O_CLOEXEC);
	bool held;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	held = is_held(fd);
	close(fd);
	return held;
}

static bool ends_within(int pidfd, int ms)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	return poll(&poll_fd, 1, ms) > 0;
}

/* A child that nobody has waited for keeps its ID. */
static bool ends_at_once(int pid)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	bool ended;

	if (pidfd < 0)
		return false;
	ended = ends_within(pidfd, MANAGER_HASTE_MS);
	close(pidfd);
	return ended;
}

static int complain_of_end(const char *partition)
{
	char *log = manager_path("socassign/%s.log", partition);

	complain("%s: socvmm has ended at once; %s has what it said", partition,
		 log);
	free(log);
	return -ECHILD;
}

/* It inherits the descriptor, and with it the lock. */
static int spawn(const char *partition, int fd, int log)
{
	char *where = must_print("%s:" CONF_NODE "/%s", options.description,
				 partition);
	char *const args[] = { "socvmm", "--partition", where, NULL };
	int pid = spawn_alone(args, log);

	free(where);
	if (pid < 0)
		return complain_of(partition, args[0], pid);
	if (dprintf(fd, "%d\n", pid) < 0)
		return complain_of(partition, "its process ID", -errno);
	return ends_at_once(pid) ? complain_of_end(partition) : 0;
}

static int start_locked(const char *partition, int fd)
{
	int log = open_file(partition, ".log",
			    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
	int ret;

	if (log < 0)
		return log;
	if (ftruncate(fd, 0))
		ret = complain_of(partition, "its process ID", -errno);
	else
		ret = spawn(partition, fd, log);
	close(log);
	return ret;
}

static int make_directory(const char *partition)
{
	char *dir = manager_path("socassign");
	int ret = 0;

	if (mkdir(dir, 0755) && errno != EEXIST)
		ret = complain_of(partition, dir, -errno);
	free(dir);
	return ret;
}

static int start(const char *partition)
{
	int ret = make_directory(partition);
	int fd;

	if (ret)
		return ret;
	fd = open_file(partition, "", O_RDWR | O_CREAT);
	if (fd < 0)
		return fd;
	ret = lock(fd);
	if (!ret)
		ret = start_locked(partition, fd);
	else if (ret != -EALREADY)
		complain_of(partition, "its lock", ret);
	close(fd);
	return ret;
}

/* A descriptor of the process: the ID of one that ends may soon be another's. */
static int open_process(int fd)
{
	char text[16] = "";
	int pidfd;

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return -EAGAIN;
	pidfd = syscall(SYS_pidfd_open, atoi(text), 0);
	if (pidfd < 0)
		return -errno;
	if (is_held(fd))
		return pidfd;
	close(pidfd);
	return -ESRCH;
}

static bool ends(int pidfd, int signal)
{
	syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
	return ends_within(pidfd, PATIENCE_MS);
}

static int stop_process(const char *partition, int fd)
{
	int pidfd = open_process(fd);
	bool ended;

	if (pidfd < 0)
		return pidfd == -ESRCH ? 0 :
		       complain_of(partition, "its process", pidfd);
	ended = ends(pidfd, SIGTERM) || ends(pidfd, SIGKILL);
	close(pidfd);
	if (ended)
		return 0;
	complain("%s: its process does not end, not even killed", partition);
	return -ETIMEDOUT;
}

static int stop(const char *partition)
{
	int fd = open_file(partition, "", O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return fd == -ENOENT ? -EALREADY : fd;
	ret = is_held(fd) ? stop_process(partition, fd) : -EALREADY;
	close(fd);
	return ret;
}

const struct manager manager_lock = {
	.name = "socassign", .start = start, .stop = stop, .runs = runs,
};
