// SPDX-License-Identifier: GPL-2.0
#include "guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limit.h"

#define KERNEL	"/guest/kernel"
#define INITRD	"/guest/initrd"
#define EMULATED	5	/* the patience with a CPU that is */

const char *guest_missing(const struct guest_vmm *vmm)
{
	if (access("/dev/kvm", F_OK))
		return "no /dev/kvm";
	if (access(vmm->path, X_OK))
		return vmm->missing;
	if (access(KERNEL, R_OK) || access(INITRD, R_OK))
		return "no " KERNEL ", or no " INITRD;
	return NULL;
}

/* Its command line */

void guest_arg(struct guest_args *args, const char *arg)
{
	if (args->num < GUEST_MAX_ARGS)
		args->list[args->num++] = arg;
}

void guest_arg_made(struct guest_args *args, const char *format, ...)
{
	char *text = args->text + args->used;
	size_t room = sizeof(args->text) - args->used;
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(text, room, format, list);
	va_end(list);
	if (len < 0 || (size_t)len >= room)
		return;
	args->used += len + 1;
	guest_arg(args, text);
}

void guest_append(struct guest_args *args, const struct guest_plan *plan)
{
	guest_arg_made(args, "%s panic=-1 cma=0 guest.run=%s",
		       plan->append ? plan->append : "quiet", plan->run);
}

/* Starting it */

static void become_vmm(const int in[2], const int out[2], const int err[2],
		       who_becomes become, char **argv)
{
	dup2(in[0], STDIN_FILENO);
	dup2(out[1], STDOUT_FILENO);
	dup2(err[1], STDERR_FILENO);
	if (!become || !become())
		execv(argv[0], argv);
	_exit(127);
}

static int open_pipes(int in[2], int out[2], int err[2])
{
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		return -errno;
	return 0;
}

static int start_vmm(struct guest *guest, who_becomes become, char **argv)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	int ret = open_pipes(in, out, err);

	if (!ret) {
		guest->pid = fork();
		if (!guest->pid)
			become_vmm(in, out, err, become, argv);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	guest->in = in[1];
	guest->out.fd = out[0];
	guest->err.fd = err[0];
	if (guest->pid > 0)
		return 0;
	guest->pid = 0;
	guest_close(guest);
	return ret ? ret : -EAGAIN;
}

int guest_start(struct guest *guest, const struct guest_vmm *vmm,
		who_becomes become, const char *const *args)
{
	char *argv[GUEST_MAX_ARGS + 2] = { (char *)vmm->path };

	*guest = GUEST_NONE;
	guest->name = strrchr(vmm->path, '/') + 1;
	guest->counts = vmm->counts;
	for (int i = 0; i < GUEST_MAX_ARGS && args[i]; i++)
		argv[i + 1] = (char *)args[i];
	return start_vmm(guest, become, argv);
}

int guest_boot(struct guest *guest, const struct guest_vmm *vmm,
	       const struct guest_plan *plan)
{
	struct guest_args args = { .num = 0 };
	int ret;

	vmm->fill(&args, plan);
	for (int i = 0; i < GUEST_MAX_ASSIGN; i++)
		if (plan->assign[i].nodes[0] || plan->assign[i].fd)
			vmm->assign(&args, plan, &plan->assign[i]);
	for (int i = 0; i < GUEST_MAX_MORE && plan->args[i]; i++)
		guest_arg(&args, plan->args[i]);
	ret = guest_start(guest, vmm, plan->as, args.list);
	if (plan->emulated)
		guest->patience = EMULATED;
	return ret;
}

/* What it says */

/* Whole lines, as diagnostics of the test. */
static void tell(const char *who, struct guest_text *text)
{
	char *line, *end;

	while ((line = text->bytes + text->told) &&
	       (end = memchr(line, '\n', text->len - text->told))) {
		printf("# %s| %.*s\n", who, (int)strcspn(line, "\r\n"), line);
		text->told = end + 1 - text->bytes;
	}
	fflush(stdout);
}

/* A zero byte follows, which is not counted. */
static void take(const char *who, struct guest_text *text)
{
	char bytes[4096];
	ssize_t len = read(text->fd, bytes, sizeof(bytes));
	char *more;

	if (len <= 0) {
		close(text->fd);
		text->fd = -1;
		return;
	}
	more = realloc(text->bytes, text->len + len + 1);
	if (!more)
		return;
	text->bytes = more;
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	text->bytes[text->len] = '\0';
	tell(who, text);
}

/* Take what there is, or comes by then; false if there was nothing. */
static bool listen(struct guest *guest, int milliseconds)
{
	struct pollfd fds[] = {
		{ .fd = guest->out.fd, .events = POLLIN },
		{ .fd = guest->err.fd, .events = POLLIN },
	};

	if (poll(fds, 2, milliseconds) <= 0)
		return false;
	if (fds[0].revents)
		take("guest", &guest->out);
	if (fds[1].revents)
		take(guest->name, &guest->err);
	return true;
}

/* The kernel's console may print a zero byte: no strstr(). */
static bool find(struct guest_text *text, const char *wanted)
{
	size_t len = strlen(wanted);
	char *at;

	if (!text->bytes)
		return false;
	at = memmem(text->bytes + text->seen, text->len - text->seen, wanted,
		    len);
	if (at)
		text->seen = at + len - text->bytes;
	return at;
}

/* With what the VMM counts, if it still can say so. */
static void tell_silence(struct guest *guest, const struct guest_text *text,
			 const char *wanted)
{
	printf("# %s: %s: \"%.*s\"\n",
	       text == &guest->out ? "guest" : guest->name,
	       text->fd < 0 ? "ended before" : "does not come",
	       (int)strcspn(wanted, "\r\n"), wanted);
	fflush(stdout);
	if (text->fd >= 0 && guest->counts) {
		kill(guest->pid, SIGUSR1);
		listen(guest, 5000);
	}
}

static bool wait_for(struct guest *guest, struct guest_text *text,
		     const char *wanted)
{
	const long long end = limit_now() + (long long)LONG_MS * guest->patience;

	while (!find(text, wanted)) {
		if (text->fd < 0 || limit_now() >= end) {
			tell_silence(guest, text, wanted);
			return false;
		}
		listen(guest, 1000);
	}
	return true;
}

bool guest_prints(struct guest *guest, const char *text)
{
	return wait_for(guest, &guest->out, text);
}

bool guest_is_told(struct guest *guest, const char *text)
{
	return wait_for(guest, &guest->err, text);
}

/* From behind the last line feed before @seen up to the next one, which comes. */
static const char *line_of(struct guest *guest, struct guest_text *text)
{
	static char line[256];
	size_t seen = text->seen, start = seen;

	wait_for(guest, text, "\n");
	text->seen = seen;
	while (start && text->bytes[start - 1] != '\n')
		start--;
	snprintf(line, sizeof(line), "%.*s",
		 (int)strcspn(text->bytes + start, "\r\n"),
		 text->bytes + start);
	return line;
}

const char *guest_line(struct guest *guest)
{
	return line_of(guest, &guest->out);
}

const char *guest_told_line(struct guest *guest)
{
	return line_of(guest, &guest->err);
}

bool guest_type(struct guest *guest, const char *text)
{
	return write(guest->in, text, strlen(text)) == (ssize_t)strlen(text);
}

/* What it has */

static bool is_claim(const char *path)
{
	char target[64] = "";

	return readlink(path, target, sizeof(target) - 1) > 0 &&
	       !strncmp(target, "/socassign ", 11);
}

/* The directory is in the order of the numbers. */
int guest_claims(const struct guest *guest, struct guest_claim *claims, int max)
{
	char dir[64], path[320];
	struct dirent *entry;
	struct stat stat_buf;
	int num = 0;
	DIR *fds;

	snprintf(dir, sizeof(dir), "/proc/%d/fd", guest->pid);
	fds = opendir(dir);
	while (fds && num < max && (entry = readdir(fds))) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (is_claim(path) && !stat(path, &stat_buf))
			claims[num++] = (struct guest_claim) {
				.fd = atoi(entry->d_name),
				.inode = stat_buf.st_ino,
			};
	}
	if (fds)
		closedir(fds);
	return num;
}

/* Its end */

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static bool has_ended(struct guest *guest, int *status)
{
	if (waitpid(guest->pid, status, WNOHANG) != guest->pid)
		return false;
	guest->pid = 0;
	while (listen(guest, 0) &&
	       (guest->out.fd >= 0 || guest->err.fd >= 0))
		;
	return true;
}

int guest_end(struct guest *guest)
{
	const long long end = limit_now() + LONG_MS;
	int status;

	while (!has_ended(guest, &status)) {
		if (limit_now() >= end)
			return -ETIMEDOUT;
		/* Streams at their end are no reason to turn in circles. */
		if (!listen(guest, 100))
			continue;
		if (guest->out.fd < 0 && guest->err.fd < 0)
			usleep(1000);
	}
	return status_of(status);
}

int guest_stop(struct guest *guest, int signal)
{
	kill(guest->pid, signal);
	return guest_end(guest);
}

static void close_text(struct guest_text *text)
{
	close(text->fd);
	free(text->bytes);
}

void guest_close(struct guest *guest)
{
	if (guest->pid)
		guest_stop(guest, SIGKILL);
	close(guest->in);
	close_text(&guest->out);
	close_text(&guest->err);
	*guest = GUEST_NONE;
}
