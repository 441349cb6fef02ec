/* SPDX-License-Identifier: GPL-2.0 */
/* Partitions: children of /reserved-memory, claimed and mapped. */
#ifndef _SELFTESTS_SOCASSIGN_PARTITION_H
#define _SELFTESTS_SOCASSIGN_PARTITION_H

#include <linux/types.h>
#include <stddef.h>

struct partition {
	int fd;
	char *mem;
	__u64 length;
};

/* The path of a node that vm/dts adds; valid for the next 7 calls; or NULL. */
const char *partition_node(const char *name);

/* Claim and map a node; 0 or a negative errno. */
int partition_claim(struct partition *part, const char *node, __u32 flags);

/*
 * Claim and map the smallest plain one of at least this size, which is a power of
 * two that it has to be aligned to; 0 or a negative errno: -ENOENT if the
 * board has none.
 */
int partition_open(struct partition *part, __u64 length);
void partition_close(struct partition *part);

/*
 * What is at a physical address, whoever has it, for munmap(); or NULL if the kernel
 * does not show it.
 */
const char *physical_memory(__u64 address, size_t length);

/* Its size, by its path or as fd=NUMBER, a claim of ours; 0 if it is none. */
__u64 partition_size(const char *what);

#endif
