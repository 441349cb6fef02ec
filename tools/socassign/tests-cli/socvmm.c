// SPDX-License-Identifier: GPL-2.0
/*
 * socvmm's files, and what becomes of what it has read when they change: TAP on stdout
 *
 *	socvmm described.dtb, which has two partitions, of which the second is b
 *
 * That is partition.c and load.c of socvmm, without a VM; the file is written to.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "socvmm.h"

/* What they call of the rest */

static char said[256];

bool fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said, sizeof(said), format, args);
	va_end(args);
	return false;
}

void say(const char *format, ...)
{
}

uint64_t round_up(uint64_t value, uint64_t multiple)
{
	return value;
}

uint64_t page_size(void)
{
	return 4096;
}

bool option_mem(struct options *options, const char *path, uint64_t size)
{
	options->mem = size;
	return true;
}

bool option_console(struct options *options, const char *text)
{
	options->console = text;
	return true;
}

void *ram_at(struct vm *vm, uint64_t gpa, uint64_t size)
{
	return NULL;
}

bool tree_make(struct vm *vm, void **fdt, size_t *size)
{
	return false;
}

bool arch_load_kernel(struct vm *vm, const struct file *image)
{
	return false;
}

/* A file that changes */

static const char *name;
static off_t end_at_read = -1;

/* Somebody else is there first, once. */
ssize_t __wrap_read(int fd, void *data, size_t size)
{
	if (end_at_read >= 0 && truncate(name, end_at_read))
		return -1;
	end_at_read = -1;
	return syscall(SYS_read, fd, data, size);
}

/* In place, as dtc -o and cp do it; or nothing is in it any more. */
static bool rewrite(const void *data, size_t size)
{
	int fd = open(name, O_WRONLY | O_TRUNC);
	bool done = fd >= 0 && write(fd, data, size) == (ssize_t)size;

	close(fd);
	return done;
}

static bool exchange(char *data, size_t size, char was, char is)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] == was)
			data[i] = is;
	return rewrite(data, size);
}

/* Tests */

static int num, failed;

static void ok(bool is_right, const char *what)
{
	printf("%sok %d - %s\n", is_right ? "" : "not ", ++num, what);
	failed |= !is_right;
}

static bool is_as_described(const struct options *options)
{
	return !strcmp(options->kernel, "/boot/b") &&
	       !strcmp(options->append, "root=/dev/b") &&
	       !strcmp(options->overlays[0], "/boot/b.dtbo") &&
	       !strcmp(options->assign[0].paths[0], "/soc/b");
}

static void test_description(void)
{
	static struct options options = { .append = "" };
	static char described[4096];
	struct file file;

	if (asprintf((char **)&options.described, "%s:/partitions/b", name) < 0 ||
	    !file_read(name, &file) || file.size > sizeof(described))
		exit(EXIT_FAILURE);
	memcpy(described, file.data, file.size);
	ok(partition_read(&options) && is_as_described(&options),
	   "a partition is as it is described");
	ok(exchange(described, file.size, 'b', 'x') && is_as_described(&options),
	   "it stays so when the description has become another one");
	ok(rewrite("", 0) && is_as_described(&options),
	   "and when nothing is left of it");
	ok(rewrite(file.data, file.size), "it is there again");
	file_free(&file);
}

static void test_reading(void)
{
	struct stat stat;
	struct file file;

	if (lstat(name, &stat))
		exit(EXIT_FAILURE);
	end_at_read = 10;
	ok(!file_read(name, &file) && strstr(said, "changed while"),
	   "a file that becomes shorter while it is read is refused");
	file_free(&file);
	end_at_read = stat.st_size;
	ok(!file_read(name, &file) && strstr(said, "changed while"),
	   "so is one that becomes longer");
	file_free(&file);
	ok(file_read(name, &file) && file.size == (size_t)stat.st_size,
	   "one that does not is read to its end");
	file_free(&file);
}

int main(int argc, char **argv)
{
	name = argv[1];
	test_description();
	test_reading();
	printf("1..%d\n", num);
	return failed;
}
