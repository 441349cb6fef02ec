// SPDX-License-Identifier: GPL-2.0
/*
 * The process that a partition is where there is no systemd
 *
 * It takes the lock itself and says what it is before it becomes socvmm: whatever
 * happens to the command meanwhile, it can be stopped.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "conf/conf.h"
#include "manager.h"
#include "run_lock.h"

#define PROGRAM	"socvmm"

/* Every kernel with the driver has it, not every C library. */
#ifndef SYS_close_range
#define SYS_close_range	436
#endif

/**
 * struct failure - Why a process does not become socvmm
 * @error: A negative errno
 * @is_file: It is about the file with the lock, not about the program
 */
struct failure {
	int error;
	bool is_file;
};

static int close_range_if_any(int first, int end)
{
	return first >= end ? 0 : syscall(SYS_close_range, first, end - 1, 0);
}

/* What the caller had open, a guest would keep for months. */
static int close_all_but(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	if (close_range_if_any(STDERR_FILENO + 1, low) ||
	    close_range_if_any(low + 1, high) ||
	    syscall(SYS_close_range, high + 1, ~0U, 0))
		return -errno;
	return 0;
}

static int set_standard_files(int log)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		return -errno;
	return 0;
}

/* Nobody's terminal, descriptors or directory */
static int leave_caller(const struct guest *guest, int report)
{
	int ret = set_standard_files(guest->log);

	if (!ret)
		ret = close_all_but(guest->lock, report);
	if (!ret && (setsid() < 0 || chdir("/") ||
		     fcntl(guest->lock, F_SETFD, 0)))
		ret = -errno;
	return ret;
}

/* The lock is the last: it would go with another descriptor of its file. */
static struct failure become(const struct guest *guest, char *const *args,
			     int report)
{
	int ret = leave_caller(guest, report);

	if (ret)
		return (struct failure) { .error = ret };
	ret = run_lock_take(guest->lock, guest->description);
	if (ret)
		return (struct failure) { .error = ret, .is_file = true };
	execvp(args[0], args);
	return (struct failure) { .error = -errno };
}

static void run(const struct guest *guest, char *const *args, int report)
{
	struct failure failure = become(guest, args, report);

	_exit(write(report, &failure, sizeof(failure)) < 0);
}

static void complain_of(const struct guest *guest, const struct failure *failure)
{
	char *file = manager_path("socassign/%s", guest->partition);

	complain("%s: %s: %s", guest->partition,
		 failure->is_file ? file : PROGRAM, strerror(-failure->error));
	free(file);
}

/* Its end of the pipe is closed when it has become socvmm. */
static int await(const struct guest *guest, pid_t pid, int report)
{
	struct failure failure;

	if (read(report, &failure, sizeof(failure)) != sizeof(failure))
		return pid;
	waitpid(pid, NULL, 0);
	complain_of(guest, &failure);
	return failure.error;
}

static int fork_guest(const struct guest *guest, char *const *args,
		      const int *report)
{
	pid_t pid = fork();
	int error = errno;

	if (!pid)
		run(guest, args, report[1]);
	close(report[1]);
	if (pid > 0)
		return await(guest, pid, report[0]);
	complain("%s: %s", guest->partition, strerror(error));
	return -error;
}

int guest_start(const struct guest *guest)
{
	char *where = must_print("%s:" CONF_NODE "/%s", guest->description,
				 guest->partition);
	char *const args[] = { PROGRAM, "--partition", where, NULL };
	int report[2], ret;

	if (pipe2(report, O_CLOEXEC)) {
		ret = -errno;
		complain("%s: %s", guest->partition, strerror(-ret));
	} else {
		ret = fork_guest(guest, args, report);
		close(report[0]);
	}
	free(where);
	return ret;
}
