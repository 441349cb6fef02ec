/* SPDX-License-Identifier: GPL-2.0 */
/* A guest under QEMU, for what lib/guest.h does with one. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_QEMU_H
#define _SELFTESTS_SOCASSIGN_GUEST_QEMU_H

#include "guest.h"

/*
 * An overlay that takes from the guest what QEMU's machine has itself of the
 * kinds that are assigned: the guest is to find only one.
 */
#define QEMU_ALONE	"overlay=/guest/qemu.dtbo"

/* Why no guest can be booted under QEMU on this machine, or NULL. */
const char *qemu_missing(void);

/*
 * Boot the plan's guest, whose arguments are QEMU's; 0 or a negative errno.
 * The memory is always the same.
 */
int qemu_boot(struct guest *guest, const struct guest_plan *plan);
/* The same without KVM: some twenty times slower. */
int qemu_boot_tcg(struct guest *guest, const struct guest_plan *plan);

#endif
