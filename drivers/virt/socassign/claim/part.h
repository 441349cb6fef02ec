/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a claim knows of its parts
 */
#ifndef _SOCASSIGN_PART_H
#define _SOCASSIGN_PART_H

#include <linux/types.h>

struct seq_file;
struct soca_claim;
struct soca_ioctl_op;
struct socassign_info;
struct vm_area_struct;

/**
 * struct soca_part - A kind of thing that a claim has: registers, interrupts, ...
 * @of_devices: A claim of devices has it
 * @of_memory: A partition has it
 * @find: What the device tree has of it; under soca_tree_lock()
 * @check: Could it be had?  Under soca_tree_lock()
 * @conflict: Has another owner any of it?  Under soca_tree_lock() and
 *	soca_registry_lock
 * @forget: The claim was refused, or asked for nothing but an answer: let go of
 *	nodes and devices; under soca_tree_lock()
 * @ready: Could it be taken from the host as it is now?  No lock held, or, unless
 *	it @may_wait for the locks of devices, soca_tree_lock()
 * @take: Take it from the host; no lock held
 * @build: Make it work; under the gate, held for writing
 * @down: The contrary, also of what failed halfway or was not begun; under the
 *	gate, held for writing.  Must not wait for user space.
 * @owes: Is there anything to give back?  After @down
 * @give_back: The contrary of @take; by work, no lock held
 * @free: Free what describes it to the user; with the claim's last reference
 * @info: Fill in what SOCASSIGN_INFO says of it, which is 0 before; under the gate
 * @show: What /proc/PID/fdinfo/FD says of it, lines of "key:\tvalue"; under the gate
 * @ioctls: Its commands on the claim's fd
 * @num_ioctls: Number of @ioctls
 * @io: What the file does beside ioctls; one part has it, and must
 *
 * All but @io are optional.  Those that return an int return 0 or a negative errno of the
 * contract in the UAPI header, and have told the caller and the log then.  On the
 * way up parts are visited in the order of the table, on the way down in the
 * contrary one.
 */
struct soca_part {
	bool of_devices;
	bool of_memory;
	int (*find)(struct soca_claim *claim);
	int (*check)(const struct soca_claim *claim);
	int (*conflict)(const struct soca_claim *claim);
	void (*forget)(struct soca_claim *claim);
	int (*ready)(struct soca_claim *claim, bool may_wait);
	int (*take)(struct soca_claim *claim);
	int (*build)(struct soca_claim *claim);
	void (*down)(struct soca_claim *claim);
	bool (*owes)(const struct soca_claim *claim);
	void (*give_back)(struct soca_claim *claim);
	void (*free)(struct soca_claim *claim);
	void (*info)(const struct soca_claim *claim, struct socassign_info *info);
	void (*show)(const struct soca_claim *claim, struct seq_file *m);
	const struct soca_ioctl_op *ioctls;
	unsigned int num_ioctls;
	const struct soca_io *io;
};

/**
 * struct soca_io - What the file of a claim does beside ioctls
 * @mmap: mmap(); mmap_lock held for writing
 * @align: The frame that a place in the file maps, in pages; the address of a mapping
 *	should be aligned as it is
 * @access: pread(), or pwrite(), which does not write to @buf; no lock held
 */
struct soca_io {
	int (*mmap)(struct soca_claim *claim, struct vm_area_struct *vma);
	unsigned long (*align)(struct soca_claim *claim, unsigned long pgoff);
	ssize_t (*access)(struct soca_claim *claim, void __user *buf,
			  size_t count, loff_t pos, bool write);
};

/* part.c: the walks; each as the hook of the same name */
void soca_parts_init(const struct soca_part *const *parts);
int soca_parts_find(struct soca_claim *claim);
int soca_parts_check(const struct soca_claim *claim);
int soca_parts_conflict(const struct soca_claim *claim);
void soca_parts_forget(struct soca_claim *claim);
int soca_parts_ready(struct soca_claim *claim, bool may_wait);
int soca_parts_take(struct soca_claim *claim);
int soca_parts_build(struct soca_claim *claim);
void soca_parts_down(struct soca_claim *claim);
bool soca_parts_owe(const struct soca_claim *claim);
void soca_parts_give_back(struct soca_claim *claim);
void soca_parts_free(struct soca_claim *claim);
void soca_parts_info(const struct soca_claim *claim,
		     struct socassign_info *info);
void soca_parts_show(const struct soca_claim *claim, struct seq_file *m);
const struct soca_ioctl_op *soca_parts_ioctl(unsigned int cmd);

/* part.c: what the files of claims do beside ioctls */
extern const struct soca_io *soca_part_io;

#endif /* _SOCASSIGN_PART_H */
