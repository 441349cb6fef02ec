/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line
 */
#ifndef SOCVMM_OPTIONS_H
#define SOCVMM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_ASSIGN	32	/* claims */
#define MAX_PATHS	16	/* nodes that one claim names */
#define MAX_OVERLAYS	16
#define MAX_CPUS	8	/* of a guest */

struct conf_window;
struct conf_doorbell;

/**
 * struct claim_option - A claim: to be made, or to be taken over
 * @text: As given
 * @fd: The descriptor of one that was handed over, else -1
 * @paths: The nodes of one to be made
 * @num: Number of @paths
 * @flags: enum socassign_instantiate_flags
 * @windows: What the devices see of memory, of a description
 * @num_windows: Number of @windows; 0: they see all that the guest has
 */
struct claim_option {
	const char *text;
	int fd;
	const char *paths[MAX_PATHS];
	unsigned int num;
	uint32_t flags;
	const struct conf_window *windows;
	unsigned int num_windows;
};

/**
 * struct options - What the user wants
 * @kernel: --kernel
 * @initrd: --initrd, or NULL
 * @append: --append, the kernel's command line
 * @mem: --mem as a size in bytes, 0 if it is a partition
 * @partition: --mem as a partition; its text is NULL if it is none
 * @assign: --assign
 * @num_assign: Number of @assign
 * @overlays: --overlay
 * @num_overlays: Number of @overlays
 * @console: --console: path of an assigned UART, or NULL
 * @no_console: --console none
 * @num_cpus: --cpus, or as many as @cpu_paths, or 1
 * @cpu_paths: --cpu: nodes of the host's CPUs that the guest's run on, one for each
 * @num_cpu_paths: Number of @cpu_paths; 0: they run on any
 * @described: --partition: where the rest is described, or NULL
 * @name: The partition's name, of a description
 * @doorbells: Its lines to others, of a description
 * @num_doorbells: Number of @doorbells
 * @dump_dtb: --dump-dtb: where to write the guest's tree, or NULL
 * @no_reboot: --no-reboot: a reboot is a power-off
 * @no_kvm_check: --no-kvm-check: whoever says so knows that KVM works
 * @print_stats: --stats: print the statistics at the end
 */
struct options {
	const char *kernel;
	const char *initrd;
	const char *append;
	uint64_t mem;
	struct claim_option partition;
	struct claim_option assign[MAX_ASSIGN];
	unsigned int num_assign;
	const char *overlays[MAX_OVERLAYS];
	unsigned int num_overlays;
	const char *console;
	bool no_console;
	unsigned int num_cpus;
	const char *cpu_paths[MAX_CPUS];
	unsigned int num_cpu_paths;
	const char *described;
	const char *name;
	const struct conf_doorbell *doorbells;
	unsigned int num_doorbells;
	const char *dump_dtb;
	bool no_reboot;
	bool no_kvm_check;
	bool print_stats;
};

/**
 * options_parse - Read the command line
 * @argc: As main() has it
 * @argv: The same; the options point into it
 * @options: What it says
 *
 * Return: -1, or the exit status to end with: 0 after --help, 2 for a bad one.
 */
int options_parse(int argc, char **argv, struct options *options);

/* Its parts, for who reads them elsewhere; true, or false after a message */
bool option_mem(struct options *options, const char *path, uint64_t size);
bool option_console(struct options *options, const char *text);

/**
 * partition_read - Take what the user wants from a description of partitions
 * @options: Has where that is, and gets what it says
 *
 * Return: true, or false after a message for each mistake in it.
 */
bool partition_read(struct options *options);

#endif /* SOCVMM_OPTIONS_H */
