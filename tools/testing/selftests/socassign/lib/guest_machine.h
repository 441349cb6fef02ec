/* SPDX-License-Identifier: GPL-2.0 */
/* The machine that QEMU makes for a guest, of the board's architecture. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_MACHINE_H
#define _SELFTESTS_SOCASSIGN_GUEST_MACHINE_H

#ifdef __powerpc__
#define GUEST_QEMU		"/bin/qemu-system-ppc"
#define GUEST_MACHINE		"ppce500"
#define GUEST_CPU		"e500v2_v30"
#define GUEST_EMULATED_MACHINE	GUEST_MACHINE
#define GUEST_EMULATED_CPU	GUEST_CPU
#define GUEST_MEMORY		"128M"	/* it takes only multiples of 64 MiB */
#else
#define GUEST_QEMU		"/bin/qemu-system-aarch64"
#define GUEST_MACHINE		"virt,gic-version=host"
#define GUEST_CPU		"host"
#define GUEST_EMULATED_MACHINE	"virt,gic-version=3"
#define GUEST_EMULATED_CPU	"cortex-a57"
#define GUEST_MEMORY		"160M"
#endif

/*
 * Takes from the guest what QEMU's machine has itself of the kinds that are
 * assigned: the guest is to find only one.
 */
#define GUEST_ALONE		"/guest/qemu.dtbo"

#endif
