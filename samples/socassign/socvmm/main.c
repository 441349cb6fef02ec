// SPDX-License-Identifier: GPL-2.0
/* socvmm: from the command line to the end of the guest. */
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "socvmm.h"

/**
 * say - Tell the user something, in one line
 * @format: As printf(), without a line feed
 */
void say(const char *format, ...)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Somebody who does not read must not stop the guest. */
	if (poll(&fd, 1, 0) > 0)
		dprintf(STDERR_FILENO, "socvmm: %s\n", text);
}

/**
 * fail - Tell the user why something failed
 * @format: As printf(), without a line feed
 *
 * Return: false, for the caller to return.
 */
bool fail(const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("%s", text);
	return false;
}

uint64_t round_up(uint64_t value, uint64_t multiple)
{
	return (value + multiple - 1) / multiple * multiple;
}

uint64_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

void stats_print(struct stats *stats)
{
	say("stats: runs=%lu mmio-console=%lu mmio-other=%lu interrupted=%lu wakes=%lu",
	    atomic_load(&stats->runs), atomic_load(&stats->console),
	    atomic_load(&stats->other), atomic_load(&stats->interrupted),
	    atomic_load(&stats->wakes));
}

/* The order is that of need: each step uses what those before it made. */
static bool run_guest(struct vm *vm)
{
	return vm_open(vm) && assign_open(vm) && tree_place(vm) &&
	       arch_open(vm) && console_open(vm) && doorbells_open(vm) &&
	       load_all(vm) && dma_open(vm) && assign_connect(vm) && arch_start(vm) &&
	       vcpus_start(vm) && loop_run(vm);
}

/*
 * Once, from a VM that is not there to one that is gone.  What the host has given,
 * devices and memory, stays: whoever was handed it could not get it again.
 */
static enum why boot(struct vm *vm)
{
	enum why why;

	*vm = (struct vm) {
		.options = vm->options, .stats = vm->stats, .ram = vm->ram,
		.claims = vm->claims, .num_claims = vm->num_claims,
	};
	if (!run_guest(vm))
		vm_stop(vm, WHY_ERROR);
	vcpus_join(vm);
	why = atomic_load(&vm->why);
	assign_disconnect(vm);
	doorbells_close(vm);
	console_close(vm);
	arch_close(vm);
	vcpus_close(vm);
	vm_close(vm);
	free(vm->host);
	return why;
}

/* A reboot is the same once more, with devices that are brought to their start. */
static enum why run(const struct options *options, struct stats *stats)
{
	static struct vm vm;
	enum why why;

	vm = (struct vm) {
		.options = options, .stats = stats, .ram.pinned = -1,
	};
	do
		why = boot(&vm);
	while (why == WHY_REBOOT && !options->no_reboot &&
	       !loop_was_told_to_end());
	/* No memory goes before the devices that may write to it. */
	assign_close(&vm);
	ram_close(&vm);
	return why;
}

/* What we open must not be taken for one of them, if it was closed. */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

int main(int argc, char **argv)
{
	static struct options options;
	struct stats stats = { 0 };
	int status = options_parse(argc, argv, &options);
	enum why why;

	if (status >= 0)
		return status;
	open_standard_files();
	if (!arch_check(&options) || !loop_open())
		return EXIT_FAILURE;
	terminal_raw();
	why = run(&options, &stats);
	terminal_restore();
	if (options.print_stats)
		stats_print(&stats);
	return loop_status(why);
}
