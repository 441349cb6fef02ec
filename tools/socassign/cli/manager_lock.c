// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions where there is no systemd: each is a process that has the lock of
 * /run/socassign/NAME, however it ends
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
#include "conf/stand_in.h"
#include "file.h"
#include "guest.h"
#include "run_lock.h"

/* For a guest to end, and its devices to go back, before it is killed */
#define PATIENCE_MS	10000
/* For somebody else's stop to be over */
#define TURN_MS		(2 * PATIENCE_MS + 5000)

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

static bool is_ours(const struct run_lock *lock)
{
	char *description = file_absolute(options.description);
	bool is_same = !*lock->description ||
		       file_is_same(lock->description, description);

	free(description);
	return is_same;
}

/* A partition of another description may have the same name. */
static int complain_of_other(const char *partition, const struct run_lock *lock)
{
	complain("%s: one of this name runs, which %s describes", partition,
		 lock->description);
	return -EBUSY;
}

static int runs(const char *partition)
{
	int fd = open_file(partition, "", O_RDONLY | O_CLOEXEC);
	struct run_lock lock;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	run_lock_read(fd, &lock);
	close(fd);
	return lock.pid && is_ours(&lock);
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

static int spawn(struct guest *guest)
{
	char *description = file_absolute(options.description);
	int pid;

	guest->description = description;
	pid = guest_start(guest);
	free(description);
	if (pid < 0)
		return pid;
	return ends_at_once(pid) ? complain_of_end(guest->partition) : 0;
}

static int start_stopped(const char *partition, int fd)
{
	int log = open_file(partition, ".log",
			    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
	struct guest guest = { .partition = partition, .lock = fd, .log = log };
	int ret;

	if (log < 0)
		return log;
	ret = spawn(&guest);
	close(log);
	return ret;
}

static int complain_of_process(const char *partition)
{
	complain("%s: its process does not end, not even killed", partition);
	return -ETIMEDOUT;
}

/* Whoever told it to end may not be there any more to kill it. */
static int await_end(const char *partition, int fd)
{
	int pidfd = run_lock_open_process(fd);
	bool ended;

	if (pidfd < 0)
		return pidfd == -ESRCH ? 0 :
		       complain_of(partition, "its process", pidfd);
	ended = ends_within(pidfd, 2 * PATIENCE_MS);
	close(pidfd);
	if (ended)
		return 0;
	complain("%s: it was told to end, and does not", partition);
	return -ETIMEDOUT;
}

static int start_in_turn(const char *partition, int fd)
{
	struct run_lock lock;
	int ret = 0;

	run_lock_read(fd, &lock);
	if (lock.pid && lock.is_ending)
		ret = await_end(partition, fd);
	else if (lock.pid)
		ret = is_ours(&lock) ? -EALREADY :
				       complain_of_other(partition, &lock);
	return ret ? ret : start_stopped(partition, fd);
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

/* One after the other: who starts it must not meet the one that is about to end. */
static int take_turn(const char *partition, int fd)
{
	int ret = run_lock_take_turn(fd, TURN_MS);

	if (ret == -EAGAIN)
		complain("%s: another start or stop of it goes on", partition);
	else if (ret)
		complain_of(partition, "its lock", ret);
	return ret;
}

static int start(const char *partition)
{
	int ret = make_directory(partition);
	int fd;

	if (ret)
		return ret;
	fd = open_file(partition, "", O_RDWR | O_CREAT | O_CLOEXEC);
	if (fd < 0)
		return fd;
	ret = take_turn(partition, fd);
	if (!ret)
		ret = start_in_turn(partition, fd);
	close(fd);
	return ret;
}

static bool ends(int pidfd, int signal)
{
	syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
	return ends_within(pidfd, PATIENCE_MS);
}

static int stop_process(const char *partition, int fd)
{
	int pidfd = run_lock_open_process(fd);
	bool ended;
	int ret;

	if (pidfd < 0)
		return pidfd == -ESRCH ? 0 :
		       complain_of(partition, "its process", pidfd);
	ret = run_lock_set_ending(fd);
	if (ret)
		complain_of(partition, "its file", ret);
	ended = ends(pidfd, SIGTERM) || ends(pidfd, SIGKILL);
	close(pidfd);
	return ended ? 0 : complain_of_process(partition);
}

static int stop_in_turn(const char *partition, int fd)
{
	struct run_lock lock;

	run_lock_read(fd, &lock);
	if (!lock.pid)
		return -EALREADY;
	return is_ours(&lock) ? stop_process(partition, fd) :
				complain_of_other(partition, &lock);
}

static int stop(const char *partition)
{
	int fd = open_file(partition, "", O_RDWR | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return fd == -ENOENT ? -EALREADY : fd;
	ret = take_turn(partition, fd);
	if (!ret)
		ret = stop_in_turn(partition, fd);
	close(fd);
	return ret;
}

const struct manager manager_lock = {
	.name = "socassign", .start = start, .stop = stop, .runs = runs,
};
