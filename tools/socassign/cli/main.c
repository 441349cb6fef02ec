// SPDX-License-Identifier: GPL-2.0
/*
 * socassign: look at the nodes of a device tree, hand them out, try them
 */
#include "cli.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CLAIMS "kvuxsr"

const struct command commands[] = {
	{
		"list", "[PATH...]",
		"The nodes that can be assigned, why the others cannot, and who\n"
		"holds what.  With PATHs only those and what is below them.",
		"jdga", 0, 1000, cmd_list
	}, {
		"show", "PATH",
		"All about a node: registers, who shares their pages, interrupts,\n"
		"LIODNs, suppliers, consumers, DMA class.",
		"jdg", 1, 1, cmd_show
	}, {
		"bind", "PATH...",
		"Hand devices out: take them from their drivers, bind them to\n"
		"socassign, and declare what they can do to memory.",
		"jctr", 1, 1000, cmd_bind
	}, {
		"status", "",
		"The claims that there are: their devices, who has them, interrupts,\n"
		"storms, DMA windows and faults; and the memory that is pinned.",
		"j", 0, 0, cmd_status
	}, {
		"ask", "PATH...",
		"Ask whoever has claimed devices to give them back.  It is up to him,\n"
		"and may take as long as he likes.",
		"j", 1, 1000, cmd_ask
	}, {
		"unbind", "PATH...",
		"Take devices back and let the host drive them.  A claim that is\n"
		"open is revoked.",
		"jt", 1, 1000, cmd_unbind
	}, {
		"dtb", "PATH...",
		"Build the device tree of a guest that gets these nodes, and tell on\n"
		"standard error whether they can be assigned, and what is not as it\n"
		"is on the host.",
		"jdobfpiesmql", 1, 1000, cmd_dtb
	}, {
		"partition", "check [FILE] | list | start|stop|status [NAME...]",
		"Virtual machines that are described in a device tree (FILE).\n"
		"check: hold the description against the host's tree: what is wrong with\n"
		"it, what two partitions cannot both have, what is missing, and what is\n"
		"in common; list: what each has; start, stop; status: do they run?",
		"jdgy", 1, 1000, cmd_partition
	}, {
		"irq-test", "PATH INDEX",
		"Claim a node, fire one of its interrupts in a loopback, and count\n"
		"what arrives through the eventfd.",
		"jnw" CLAIMS, 2, 2, cmd_irq_test
	}, {
		"peek", "PATH REGION OFFSET [WIDTH]",
		"Claim a node and read a register of WIDTH (8, 16, 32 or 64; 32)\n"
		"bits.  REGION is a number or a name.",
		"j" CLAIMS, 3, 4, cmd_peek
	}, {
		"poke", "PATH REGION OFFSET VALUE [WIDTH]",
		"Claim a node and write a register.",
		"j" CLAIMS, 4, 5, cmd_poke
	},
	{ NULL, NULL, NULL, NULL, 0, 0, NULL }
};

static const struct command *find_command(const char *name)
{
	for (const struct command *it = commands; it->name; it++)
		if (!strcmp(it->name, name))
			return it;
	return NULL;
}

static int run(const struct command *command, int argc, char **argv)
{
	int first = options_parse(command, argc, argv);
	int num = argc - first;

	if (num < command->min_args)
		return complain_usage("%s: too few arguments", command->name);
	if (num > command->max_args)
		return complain_usage("%s: too many arguments", command->name);
	return command->run(num, argv + first);
}

/* What could not be written was not done: the disk may be full. */
static int finish(int code)
{
	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write the output");
		return EXIT_FAILED;
	}
	return code;
}

/*
 * What is opened must not be taken for one of them, if it was closed.  What is written
 * there fails as before.
 */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

int main(int argc, char **argv)
{
	const struct command *command;

	open_standard_files();
	/* Who ignored it would not leave the ends of processes to be waited for. */
	signal(SIGCHLD, SIG_DFL);
	if (argc < 2)
		return complain_usage("no command");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		help_print_all();
		return finish(EXIT_OK);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("socassign " SOCASSIGN_VERSION);
		return finish(EXIT_OK);
	}
	command = find_command(argv[1]);
	if (!command)
		return complain_usage("%s: no such command", argv[1]);
	return finish(run(command, argc - 1, argv + 1));
}
