/* SPDX-License-Identifier: GPL-2.0 */
/* A guest under QEMU: what lib/guest.h does not say. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_QEMU_H
#define _SELFTESTS_SOCASSIGN_GUEST_QEMU_H

#include "guest.h"
#include "handed.h"

#define QEMU_DEVICE	"assigned-soc-dev"

/*
 * For -device in JSON, in which alone windows can be said: the first claim that is
 * handed over, and what else is said of it.
 */
void qemu_device(char *json, size_t size, const struct handed *handed,
		 const char *more);

/* Options for a monitor that speaks QMP, and what it needs. */
#define QEMU_QMP	"-qmp", "unix:/tmp/qmp,server=on,wait=off"

/*
 * Talk to it: what is typed to @qmp, and what it is told, are QMP's.  0 or a negative
 * errno; guest_close() ends it.
 */
int qemu_qmp(struct guest *qmp);

/* A line as a person types it, for QMP. */
#define QEMU_HMP(_line)							\
	"{\"execute\":\"human-monitor-command\",\"arguments\":{"		\
	"\"command-line\":\"" _line "\"}}\n"

/* Options for QEMU to write the guest's tree to a file, and end; and to read that. */
#define QEMU_DUMP	"-machine", "dumpdtb=/tmp/qemu.dtb"
#define QEMU_DUMPED	"/tmp/qemu.dtb"

/* What is in the file, for free(), and its size; or NULL. */
void *qemu_dumped(size_t *size);

/*
 * QEMU leaves a MiB of room in it, and makes as much again: too large for a kernel.
 * 0 or a negative errno.
 */
int qemu_pack_dumped(void);

#endif
