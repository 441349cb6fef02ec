/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file of a partition that runs without systemd: who runs it, and of which
 * description it is
 */
#ifndef _SOCASSIGN_RUN_LOCK_H
#define _SOCASSIGN_RUN_LOCK_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/**
 * struct run_lock - What is known of the process that a partition is
 * @pid: Its ID; 0 if there is none, -1 if it is none that can be seen from here
 * @is_ending: It was told to end
 * @description: The file that describes it, or "" if it has not come to say so; in
 *	@text
 * @text: All that the file says
 */
struct run_lock {
	pid_t pid;
	bool is_ending;
	const char *description;
	char text[PATH_MAX + 16];
};

void run_lock_read(int fd, struct run_lock *lock);

/* A descriptor of the process that has the lock, or a negative errno: -ESRCH: nobody. */
int run_lock_open_process(int fd);

/*
 * Become the process that the partition is, until the end or the closing of any
 * descriptor of the file; 0 or a negative errno.
 */
int run_lock_take(int fd, const char *description);

/* Say that its process is told to end; 0 or a negative errno. */
int run_lock_set_ending(int fd);

/*
 * Be the only one who starts or stops it, until the file is closed; 0 or a negative
 * errno: -EAGAIN: somebody else was it for @ms.
 */
int run_lock_take_turn(int fd, int ms);

#endif /* _SOCASSIGN_RUN_LOCK_H */
