/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest of KVM's that reads a byte of each page of the memory that it is given,
 * and how much KVM had to do for that.
 */
#ifndef _SELFTESTS_SOCASSIGN_KVM_WALK_H
#define _SELFTESTS_SOCASSIGN_KVM_WALK_H

#include <stddef.h>

/* What such a guest is given: as much as KVM maps at once, if it can. */
extern const size_t kvm_walk_size;

/* Why no such guest can be run on this machine, or NULL. */
const char *kvm_walk_missing(void);

/*
 * Run one, with kvm_walk_size bytes at @mem; returns how often KVM had to map some
 * of that, or a negative errno.
 */
long kvm_walk(void *mem);

#endif
