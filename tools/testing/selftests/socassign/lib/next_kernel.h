/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Another kernel in the place of this one, without the firmware in between: kexec
 * on a Power board.  The initramfs has it in /next: a kernel (ELF), an initramfs,
 * and a flattened tree that says where in memory that goes (vm/kexec.sh).
 */
#ifndef _SELFTESTS_SOCASSIGN_NEXT_KERNEL_H
#define _SELFTESTS_SOCASSIGN_NEXT_KERNEL_H

#include <stdbool.h>

/* Is there one?  Are we in it already? */
bool next_kernel_exists(void);
bool next_kernel_runs(void);

/* 0 or a negative errno. */
int next_kernel_load(void);

/* Does not return, or with a negative errno. */
int next_kernel_start(void);

#endif
