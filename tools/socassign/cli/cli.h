/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command `socassign`: its options and commands
 */
#ifndef _SOCASSIGN_CLI_H
#define _SOCASSIGN_CLI_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes, see socassign(8) */
#define EXIT_OK		0
#define EXIT_FAILED	1
#define EXIT_USAGE	2

/* The partitions of the machine, unless the user says others */
#define DESCRIPTION	"/etc/socassign/partitions.dtb"

/* Cells of an interrupt specifier, at most */
#define OPTION_MAX_CELLS	16

/**
 * struct option_keep - A reference of the host's that the guest has an end for
 * @host: Path of the node that the host's tree refers to
 * @guest: Path of the node of the guest's
 */
struct option_keep {
	char *host;
	char *guest;
};

/**
 * struct option_place - What the user says of an entry of a node's property
 * @option: By which option, without the dashes
 * @path: Path of the node
 * @index: The entry
 * @value: A number
 * @cells: Or several
 * @num_cells: How many
 * @is_used: Something was asked that this answers
 * @is_wrong: It is no answer
 */
struct option_place {
	const char *option;
	char *path;
	uint32_t index;
	uint64_t value;
	uint32_t cells[OPTION_MAX_CELLS];
	unsigned int num_cells;
	bool is_used;
	bool is_wrong;
};

/**
 * struct option_places - What the user says of several
 * @place: Each of them
 * @num: How many
 */
struct option_places {
	struct option_place *place;
	size_t num;
};

/**
 * struct options - What was said on the command line
 * @json: Print JSON
 * @all: list: also nodes that have nothing to assign
 * @transient: bind, unbind: only until the next boot
 * @claim_flags: enum socassign_instantiate_flags of the commands that claim
 * @count: irq-test: how often
 * @timeout: irq-test: how long to wait for each, in milliseconds
 * @page_size: Of the machine that is planned for
 * @dtb: A file instead of this machine's tree, or NULL
 * @description: partition: the description
 * @dma_class: bind: what to declare, or NULL
 * @output: dtb: the file to write, or NULL
 * @overlay: dtb: an overlay to apply at last, or NULL
 * @base: dtb: the guest's tree without devices, or NULL
 * @bus: dtb: where in it the devices go, or NULL
 * @intc: dtb: the interrupt controller of the host's that the guest's stands
 *	for, or NULL
 * @keep: dtb: references to keep
 * @num_keep: Number of @keep
 * @regions: dtb: entries of reg that go elsewhere
 * @clocks: dtb: entries of clocks, and their rates
 * @lines: dtb: entries of interrupts, and their lines in the guest
 * @said: The letters of all that were said, each a bit from that of 'a' on
 */
struct options {
	bool json;
	bool all;
	bool transient;
	uint32_t claim_flags;
	unsigned int count;
	int timeout;
	uint64_t page_size;
	const char *dtb;
	const char *description;
	const char *dma_class;
	const char *output;
	const char *overlay;
	const char *base;
	const char *bus;
	const char *intc;
	struct option_keep *keep;
	size_t num_keep;
	struct option_places regions;
	struct option_places clocks;
	struct option_places lines;
	uint32_t said;
};

extern struct options options;

/**
 * struct command - A command
 * @name: Its name
 * @args: Synopsis of its arguments
 * @help: What it does
 * @options: The letters of the options that it takes
 * @min_args: Least number of arguments
 * @max_args: Greatest number of arguments
 * @run: Does it; returns the exit code
 */
struct command {
	const char *name;
	const char *args;
	const char *help;
	const char *options;
	int min_args;
	int max_args;
	int (*run)(int num, char **args);
};

int cmd_list(int num, char **args);
int cmd_show(int num, char **args);
int cmd_bind(int num, char **args);
int cmd_ask(int num, char **args);
int cmd_status(int num, char **args);
int cmd_unbind(int num, char **args);
int cmd_dtb(int num, char **args);
int cmd_partition(int num, char **args);
int cmd_irq_test(int num, char **args);
int cmd_peek(int num, char **args);
int cmd_poke(int num, char **args);

/* The command with this name, or NULL; the list ends with a NULL name. */
extern const struct command commands[];

/* options.c: parse, print help; exits where the usage is wrong. */
int options_parse(const struct command *command, int argc, char **argv);
void help_print_all(void);

/* The name of an option that was said and is none of these, or NULL */
const char *option_beside(const char *letters);

/* Print a message on stderr, with the program's name in front. */
void complain(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
int complain_usage(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* A number of the command line in C's notation; false if it is none. */
bool parse_number(const char *text, uint64_t *value);

/* calloc(), strdup() and asprintf() that end the program without memory. */
void *must_alloc(size_t num, size_t size);
void *must_grow(void *mem, size_t num, size_t size);
char *must_print(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
char *must_vprint(const char *format, va_list args);

#endif /* _SOCASSIGN_CLI_H */
