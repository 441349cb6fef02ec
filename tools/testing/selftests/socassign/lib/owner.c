// SPDX-License-Identifier: GPL-2.0
#include "owner.h"

#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static void own(int ready, int (*begin)(void *arg), void (*then)(void *arg),
		void *arg)
{
	if (begin(arg) || write(ready, "x", 1) != 1)
		_exit(1);
	if (then)
		then(arg);
	pause();
	_exit(1);
}

pid_t owner_start(int (*begin)(void *arg), void (*then)(void *arg), void *arg)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid)
		own(ready[1], begin, then, arg);
	close(ready[1]);
	if (pid > 0 && read(ready[0], &byte, 1) != 1) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(ready[0]);
	return pid;
}
