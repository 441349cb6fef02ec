/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest of KVM's on e500v2 that is nothing but a few instructions of ours: it
 * writes its own TLB1, and reaches for a page that the test gives it.
 */
#ifndef _SELFTESTS_SOCASSIGN_BARE_GUEST_H
#define _SELFTESTS_SOCASSIGN_BARE_GUEST_H

#include <stddef.h>
#include <linux/types.h>

struct kvm_book3e_206_tlb_entry;
struct kvm_run;

/* Its instructions, and places in them. */
extern const char bare_code[], bare_map[], bare_load[], bare_store[],
		  bare_code_end[];

struct bare_guest {
	int kvm;
	int vm;
	int vcpu;
	const struct kvm_run *run;	/* of the vcpu; @run_size bytes */
	size_t run_size;
	void *ram;
	struct kvm_book3e_206_tlb_entry *tlb;	/* in common with KVM */
};

#define BARE_GUEST_NONE	((struct bare_guest) {				\
	.kvm = -1, .vm = -1, .vcpu = -1,				\
})

/* Why no such guest can be run on this machine, or NULL. */
const char *bare_guest_missing(void);

/*
 * Make a guest that has @size bytes at @mem as its device; 0 or a negative
 * errno.  It can only be run by this process.  bare_guest_close() is due in
 * either case.
 */
int bare_guest_open(struct bare_guest *guest, void *mem, size_t size);
void bare_guest_close(struct bare_guest *guest);

/*
 * The guest maps the first @size bytes of its device, 4 KiB or four, 16, ... times
 * that, by an entry of its TLB1.
 */
int bare_guest_map(struct bare_guest *guest, size_t size);

/* Take the device's memory slot away; 0 or a negative errno. */
int bare_guest_drop(struct bare_guest *guest);

/*
 * The guest loads or stores a byte there; 0 or a negative errno: -EAGAIN if it
 * has tried for long, and did not get past the instruction; -EIO if it is asked
 * of the VMM, since there is no memory slot.
 */
int bare_guest_load(struct bare_guest *guest, __u32 offset, __u8 *value);
int bare_guest_store(struct bare_guest *guest, __u32 offset, __u8 value);

#endif
