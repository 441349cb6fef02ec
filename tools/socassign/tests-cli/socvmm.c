// SPDX-License-Identifier: GPL-2.0
/*
 * What socvmm does without a VM and without a driver: TAP on stdout
 *
 *	socvmm described.dtb host.dtb
 *
 * The first has a partition b, and is written to.
 */
#include <fcntl.h>
#include <linux/socassign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "libsocassign-tree.h"
#include "socvmm.h"

/* What it calls of the rest */

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

/* Claims, as the driver would tell of them */

/* One of two nodes whose first two entries are one line */
struct soca_claim {
	struct soca_info info;
	struct soca_irq irq;
};

#define NAMES(...)							\
	{								\
		.str = (const char *const []) { __VA_ARGS__ },		\
		.num = sizeof((const char *const []) { __VA_ARGS__ }) /	\
		       sizeof(const char *),				\
	}

static struct soca_claim claims[] = {
	{
		.info = { .num_irqs = 1, .nodes = NAMES("/a", "/b") },
		.irq = {
			.num_cells = 3, .specifier = { 0, 1, 4 },
			.controllers = NAMES("/gic"), .sharers = NAMES("/other", "/c"),
		},
	}, {
		.info = { .num_irqs = 1, .nodes = NAMES("/c") },
		.irq = {
			.num_cells = 3, .specifier = { 0, 1, 1 },
			.controllers = NAMES("/gic"), .sharers = NAMES("/a", "/b"),
		},
	}, {
		.info = { .num_irqs = 1, .nodes = NAMES("/d") },
		.irq = {
			.num_cells = 3, .specifier = { 0, 2, 4 },
			.controllers = NAMES("/gic"), .sharers = NAMES("/e"),
		},
	},
};

int __wrap_soca_open(const char *const *paths, unsigned int num, uint32_t flags,
		     struct soca_claim **claim, char *reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(claims); i++)
		if (!strcmp(claims[i].info.nodes.str[0], *paths))
			*claim = &claims[i];
	return 0;
}

const struct soca_info *__wrap_soca_info_get(const struct soca_claim *claim)
{
	return &claim->info;
}

const struct soca_irq *__wrap_soca_irq_get(const struct soca_claim *claim,
					   unsigned int index)
{
	return index ? NULL : &claim->irq;
}

void __wrap_soca_close(struct soca_claim *claim)
{
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

static bool opens(const char *one, const char *other)
{
	const struct options options = {
		.num_assign = 2,
		.assign = {
			{ .text = one, .fd = -1, .paths = { one }, .num = 1 },
			{ .text = other, .fd = -1, .paths = { other }, .num = 1 },
		},
	};
	struct vm vm = { .options = &options };
	bool done = assign_open(&vm);

	assign_close(&vm);
	return done;
}

static void test_common_lines(void)
{
	ok(!opens("/a", "/c") && strstr(said, "have an interrupt in common"),
	   "two claims with one line, which they spell in two ways");
	ok(opens("/a", "/d"), "two with others");
}

static const struct line *line_of(struct vm *vm, const char *path,
				  const uint32_t *cells)
{
	const struct soca_tree_irq wanted = {
		.path = path, .origin = SOCASSIGN_IRQ_INTERRUPTS,
		.controller = "/gic", .num_cells = 3, .cells = cells,
	};
	bool is_level;

	return assign_find_line(vm, &wanted, &is_level);
}

static void test_line(const char *host)
{
	static const uint32_t spelt[] = { 0, 1, 1 }, other[] = { 0, 2, 4 };
	struct line line;
	struct assigned claim = { .claim = claims, .lines = &line };
	struct vm vm = { .claims = &claim, .num_claims = 1 };
	struct file file;

	if (!file_read(host, &file) ||
	    soca_tree_open(file.data, file.size, &vm.host_tree))
		exit(EXIT_FAILURE);
	ok(line_of(&vm, "/b", spelt) == &line,
	   "two nodes of a claim with one line have it both, however it is spelt");
	ok(!line_of(&vm, "/b", other), "another line is not theirs");
	soca_tree_close(vm.host_tree);
	file_free(&file);
}

int main(int argc, char **argv)
{
	name = argv[1];
	test_description();
	test_reading();
	test_common_lines();
	test_line(argv[2]);
	printf("1..%d\n", num);
	return failed;
}
