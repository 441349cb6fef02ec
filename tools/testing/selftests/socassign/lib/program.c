// SPDX-License-Identifier: GPL-2.0
#include "program.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file takes all that comes; a pipe wants a reader meanwhile. */
static int make_file(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

static char *take_file(int fd, size_t *len)
{
	struct stat st = { 0 };
	char *text;
	ssize_t got;

	fstat(fd, &st);
	text = calloc(1, st.st_size + 1);
	got = text ? pread(fd, text, st.st_size, 0) : -1;
	*len = got < 0 ? 0 : got;
	close(fd);
	return text;
}

static void become_program(who_becomes become, const char *const *argv,
			   int out, int err)
{
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (!become())
		execv(argv[0], (char *const *)argv);
	_exit(PROGRAM_CANNOT);
}

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

int program_run(struct program *program, who_becomes become,
		const char *const *argv)
{
	int out = make_file("out"), err = make_file("err");
	int status = 0;
	size_t err_len;
	pid_t pid;

	program_free(program);
	pid = fork();
	if (!pid)
		become_program(become, argv, out, err);
	program->code = PROGRAM_CANNOT;
	if (pid > 0 && waitpid(pid, &status, 0) == pid)
		program->code = exit_code(status);
	program->out = take_file(out, &program->out_len);
	program->err = take_file(err, &err_len);
	return program->code;
}

void program_free(struct program *program)
{
	free(program->out);
	free(program->err);
	*program = (struct program) { 0 };
}
