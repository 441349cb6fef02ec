// SPDX-License-Identifier: GPL-2.0
/* Runs one program, as kselftest's runner.sh does: output prefixed by "# ". */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

struct output {
	int fd;
	size_t len;
	char line[800];
};

static void flush_line(struct output *out)
{
	out->line[out->len] = '\0';
	klog_say("# %s", out->line);
	out->len = 0;
}

static void take(struct output *out, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] != '\n')
			out->line[out->len++] = data[i];
		if (data[i] == '\n' || out->len == sizeof(out->line) - 1)
			flush_line(out);
	}
}

/* Returns false where nothing came within the time, or nothing more can. */
static bool read_output(struct output *out, int wait_ms)
{
	struct pollfd pollfd = { .fd = out->fd, .events = POLLIN };
	char data[4096];
	ssize_t len;

	if (poll(&pollfd, 1, wait_ms) <= 0)
		return false;
	len = read(out->fd, data, sizeof(data));
	if (len > 0)
		take(out, data, len);
	return len > 0;
}

static pid_t start(const char *path, int output)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
	dup2(output, 1);
	dup2(output, 2);
	execl(path, path, (char *)NULL);
	dprintf(2, "%s: %s\n", path, strerror(errno));
	_exit(127);
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * Whatever a test left running must not disturb the next one: from the first
 * process, -1 is everything else.  False if the kernel does not let go of one.
 */
static bool end_all(time_t end)
{
	pid_t pid;

	kill(-1, SIGKILL);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (!pid && now() >= end)
			return false;
		if (!pid)
			usleep(1000);
	}
	return true;
}

int run_program(const char *path, unsigned int timeout)
{
	struct output out = { 0 };
	time_t end = now() + timeout;
	int pipefd[2], status, ret = -1;
	pid_t pid;

	if (pipe2(pipefd, O_CLOEXEC))
		return 127;
	pid = start(path, pipefd[1]);
	close(pipefd[1]);
	out.fd = pipefd[0];

	while (ret < 0) {
		/* The output may end before the program does. */
		if (!read_output(&out, 50))
			usleep(1000);
		if (waitpid(pid, &status, WNOHANG) == pid)
			ret = exit_code(status);
		else if (now() >= end)
			ret = RUN_TIMEOUT;
	}

	if (ret == RUN_TIMEOUT)
		say_who_waits();
	if (!end_all(now() + timeout / 3)) {
		say_who_waits();
		ret = RUN_STUCK;
	}
	while (read_output(&out, 0))
		;
	if (out.len)
		flush_line(&out);
	close(out.fd);
	return ret;
}

/* The demo talks to the console itself. */
int run_demo(char *command)
{
	char *argv[8] = { NULL };
	int status = 0;
	size_t n = 0;
	pid_t pid;

	for (char *word = strtok(command, " "); word && n < 7;
	     word = strtok(NULL, " "))
		argv[n++] = word;
	pid = fork();
	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return exit_code(status);
}
