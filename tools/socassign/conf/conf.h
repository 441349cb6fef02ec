/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The description of partitions: a device tree, whose binding is in
 * Documentation/devicetree/bindings/virt/socassign,partitions.yaml
 *
 * The command and socvmm read it; it is no part of the library's interface.
 */
#ifndef _SOCASSIGN_CONF_H
#define _SOCASSIGN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_NODE	"/partitions"

#define CONF_MAX_NAME	127	/* of a node: bytes; a doorbell's file has two of them */
#define CONF_MAX_ITEMS	16	/* strings of a property */
#define CONF_MAX_CPUS	8	/* of a guest */
#define CONF_MAX_CLAIMS	32	/* of a partition */
#define CONF_MAX_WINDOWS	16	/* of a claim */
#define CONF_MAX_DOORBELLS	4	/* of a partition */

/**
 * struct conf_list - Strings of a property
 * @item: Each of them
 * @num: How many
 */
struct conf_list {
	const char *item[CONF_MAX_ITEMS];
	unsigned int num;
};

#define CONF_READ_ONLY	(1u << 0)

/**
 * struct conf_window - Memory that a device sees, as struct soca_window has it
 * @name: Name of the node that says so
 * @index: Which of the DMA identities of the claim
 * @iova: Address at which the device sees it
 * @size: Bytes
 * @memory_path: Memory of the partition, a node of the host's; or NULL: it is what
 *	the guest has at the address @offset
 * @offset: Where in that it starts
 * @stash_level: Level of the cache that is stashed into, 0: none
 * @stash_cpu_path: The CPU whose cache it is, a node of the host's, or NULL
 * @operation: enum socassign_operation
 * @flags: %CONF_READ_ONLY
 */
struct conf_window {
	const char *name;
	uint32_t index;
	uint64_t iova;
	uint64_t size;
	const char *memory_path;
	uint64_t offset;
	uint32_t stash_level;
	const char *stash_cpu_path;
	uint32_t operation;
	uint32_t flags;
};

/**
 * struct conf_claim - What a partition claims: devices, or memory in common
 * @name: Name of the node that says so
 * @paths: Nodes of the host's; of memory it is one
 * @is_memory: It is memory in common with others
 * @flags: enum socassign_instantiate_flags
 * @windows: What the devices see; none: all of the guest's memory
 * @num_windows: Number of @windows
 */
struct conf_claim {
	const char *name;
	struct conf_list paths;
	bool is_memory;
	uint32_t flags;
	struct conf_window windows[CONF_MAX_WINDOWS];
	unsigned int num_windows;
};

/**
 * struct conf_doorbell - One end of the lines between two partitions
 * @name: Name of the node that says so, the same in both
 * @partner: The other partition
 */
struct conf_doorbell {
	const char *name;
	const char *partner;
};

#define CONF_NO_REBOOT	(1u << 0)

/**
 * struct conf_partition - A partition
 * @name: Its name
 * @kernel: File with the guest's kernel
 * @initrd: File with its initramfs, or NULL
 * @bootargs: Its command line, or NULL
 * @memory_path: Its memory, a node of the host's, or NULL
 * @memory_size: Its memory if it is the host's pages: bytes
 * @num_cpus: How many CPUs it has, as conf_num_cpus() has it
 * @cpu_paths: CPUs of the host's that they run on, nodes; none: on all
 * @console: "emulated", "none", the path of a UART, or NULL
 * @overlays: Files with edits of its tree
 * @flags: %CONF_NO_REBOOT
 * @claims: What it claims
 * @num_claims: Number of @claims
 * @doorbells: Lines to others
 * @num_doorbells: Number of @doorbells
 */
struct conf_partition {
	const char *name;
	const char *kernel;
	const char *initrd;
	const char *bootargs;
	const char *memory_path;
	uint64_t memory_size;
	uint32_t num_cpus;
	struct conf_list cpu_paths;
	const char *console;
	struct conf_list overlays;
	uint32_t flags;
	struct conf_claim claims[CONF_MAX_CLAIMS];
	unsigned int num_claims;
	struct conf_doorbell doorbells[CONF_MAX_DOORBELLS];
	unsigned int num_doorbells;
};

/**
 * struct conf - A description
 * @partitions: What it describes
 * @num: Number of @partitions
 */
struct conf {
	struct conf_partition *partitions;
	size_t num;
};

/**
 * struct conf_errors - Who is told what is wrong
 * @tell: Called for each error: the node's path, the property or "", and the rule
 *	that is broken; all of it printable
 * @data: The first argument of @tell
 */
struct conf_errors {
	void (*tell)(void *data, const char *node, const char *property,
		     const char *rule);
	void *data;
};

/**
 * conf_read - Read a description
 * @fdt: The compiled tree; strings of @conf point into it
 * @size: Size of the buffer with @fdt
 * @errors: Is told of each error, the first 64 at most
 * @conf: Returns the description, for conf_free(), if there is no error
 *
 * Return: 0; -EINVAL: there are errors; -ENOMEM.
 */
int conf_read(const void *fdt, size_t size, const struct conf_errors *errors,
	      struct conf *conf);

void conf_free(struct conf *conf);

/* How many CPUs a guest has of which @said is said, 0: nothing, and so many paths */
uint32_t conf_num_cpus(uint32_t said, unsigned int num_paths);

/* The partition with this name, or NULL. */
const struct conf_partition *conf_find(const struct conf *conf,
				       const char *name);

#endif /* _SOCASSIGN_CONF_H */
