// SPDX-License-Identifier: GPL-2.0
/*
 * The file of a partition that runs without systemd: its ID and, in the next line, the
 * file that describes it
 *
 * Nobody believes the ID: the kernel knows whose a lock is.  These locks are of a
 * process, through exec() and until it ends, and those that it starts do not have them.
 */
#include "run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often it is tried to get a turn */
#define PERIOD_MS	50

/* In front of the ID, and what takes its place when its process is told to end */
#define RUNS		" "
#define IS_ENDING	"-"

/* What the locks are of, whatever the file has there */
enum byte { BYTE_PROCESS, BYTE_TURN };

static struct flock lock_of(enum byte byte)
{
	return (struct flock) {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1,
	};
}

static int try_lock(int fd, enum byte byte)
{
	struct flock lock = lock_of(byte);

	if (!fcntl(fd, F_SETLK, &lock))
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

/* To ask must not keep anybody from taking it meanwhile. */
static pid_t find_process(int fd)
{
	struct flock lock = lock_of(BYTE_PROCESS);

	if (fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid > 0 ? lock.l_pid : -1;
}

void run_lock_read(int fd, struct run_lock *lock)
{
	ssize_t len = pread(fd, lock->text, sizeof(lock->text) - 1, 0);
	char *line;

	lock->pid = find_process(fd);
	/* Without the line feed at its end */
	lock->text[len > 0 ? len - 1 : 0] = '\0';
	line = strchr(lock->text, '\n');
	lock->description = line ? line + 1 : "";
	lock->is_ending = !strncmp(lock->text, IS_ENDING, strlen(IS_ENDING));
}

/* If it has the lock afterwards, no other process had this ID in between. */
int run_lock_open_process(int fd)
{
	pid_t pid = find_process(fd);
	int pidfd;

	if (!pid)
		return -ESRCH;
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return -errno;
	if (find_process(fd) == pid)
		return pidfd;
	close(pidfd);
	return -ESRCH;
}

int run_lock_take(int fd, const char *description)
{
	int ret = try_lock(fd, BYTE_PROCESS);

	if (ret)
		return ret;
	if (ftruncate(fd, 0) ||
	    dprintf(fd, RUNS "%d\n%s\n", getpid(), description) < 0)
		return -errno;
	return 0;
}

/* In place: there may be no room on the disk. */
int run_lock_set_ending(int fd)
{
	return pwrite(fd, IS_ENDING, strlen(IS_ENDING), 0) < 0 ? -errno : 0;
}

int run_lock_take_turn(int fd, int ms)
{
	int ret = try_lock(fd, BYTE_TURN);

	for (; ret == -EAGAIN && ms > 0; ms -= PERIOD_MS) {
		poll(NULL, 0, PERIOD_MS);
		ret = try_lock(fd, BYTE_TURN);
	}
	return ret;
}
