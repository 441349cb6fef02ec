/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory objects: memory of the user's, pinned
 */
#ifndef _SOCASSIGN_MEMOBJ_H
#define _SOCASSIGN_MEMOBJ_H

#include <linux/types.h>

struct file;
struct soca_ucmd;

bool soca_is_memobj(const struct file *file);
int soca_memobj_phys(const struct file *file, u64 offset, u64 length,
		     bool write, u64 *phys);
int soca_memory_ioctl(struct soca_ucmd *ucmd);

#endif /* _SOCASSIGN_MEMOBJ_H */
