/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of every ioctl from the user to its handler and back
 */
#ifndef _SOCASSIGN_IOCTL_H
#define _SOCASSIGN_IOCTL_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <uapi/linux/socassign.h>

struct file;
struct soca_claim;

/**
 * struct soca_ucmd - An ioctl on its way through its handler
 * @claim: The claim that it is for; NULL on /dev/socassign
 * @cmd: The struct in kernel memory; goes back to the user on success
 * @new_file: Set by a handler that made a file; published once @cmd is back
 * @new_fd: The descriptor reserved for @new_file
 * @new_claim: What @new_file stands for, if it is a claim
 */
struct soca_ucmd {
	struct soca_claim *claim;
	void *cmd;
	struct file *new_file;
	int new_fd;
	struct soca_claim *new_claim;
};

/**
 * struct soca_ioctl_op - An entry of an ioctl table
 * @ioctl_num: The command
 * @size: Size of its struct
 * @min_size: Size of the struct's first version
 * @is_silent: Nothing of the struct goes back to the user
 * @execute: The handler; it may sleep, no lock is held
 */
struct soca_ioctl_op {
	unsigned int ioctl_num;
	unsigned int size;
	unsigned int min_size;
	bool is_silent;
	int (*execute)(struct soca_ucmd *ucmd);
};

/* Room for the struct of any command. */
union soca_ucmd_buffer {
	struct socassign_instantiate instantiate;
	struct socassign_info info;
	struct socassign_region region;
	struct socassign_irq irq;
	struct socassign_clock clock;
	struct socassign_set_irq set_irq;
	struct socassign_reset reset;
	struct socassign_prefault prefault;
	struct socassign_get_event get_event;
	struct socassign_dma dma;
	struct socassign_memory memory;
	struct socassign_dma_map dma_map;
	struct socassign_dma_unmap dma_unmap;
	struct socassign_dma_control dma_control;
	struct socassign_query query;
};

#define SOCA_IOCTL_OP(_ioctl, _fn, _struct, _last, ...) {	\
	.ioctl_num = _ioctl,					\
	.size = sizeof(_struct) +				\
		BUILD_BUG_ON_ZERO(sizeof(_struct) >		\
				  sizeof(union soca_ucmd_buffer)), \
	.min_size = offsetofend(_struct, _last),		\
	.execute = _fn,						\
	__VA_ARGS__						\
}

const struct soca_ioctl_op *soca_ioctl_find(const struct soca_ioctl_op *ops,
					    unsigned int num, unsigned int cmd);
int soca_return_file(struct soca_ucmd *ucmd, int fd, struct file *file);
long soca_ioctl(const struct soca_ioctl_op *op, struct soca_claim *claim,
		unsigned long arg);

#endif /* _SOCASSIGN_IOCTL_H */
