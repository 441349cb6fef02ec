/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory objects: memory of the user's, pinned
 */
#ifndef _SOCASSIGN_MEMOBJ_H
#define _SOCASSIGN_MEMOBJ_H

#include <linux/types.h>

struct file;
struct soca_run;
struct soca_ucmd;

/**
 * struct soca_source - The memory of a window
 * @phys: Physical address of its first byte
 * @bytes: How much is contiguous from there on, perhaps more than was asked for
 * @run: The run that has it, or NULL if all is contiguous
 */
struct soca_source {
	u64 phys;
	u64 bytes;
	const struct soca_run *run;
};

bool soca_is_memobj(const struct file *file);
int soca_memobj_find(const struct file *file, u64 offset, u64 length,
		     bool write, struct soca_source *source);
int soca_memory_ioctl(struct soca_ucmd *ucmd);

#endif /* _SOCASSIGN_MEMOBJ_H */
