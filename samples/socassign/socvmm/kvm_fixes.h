/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Does the host's KVM survive a guest, and keep it to what it has been given?
 */
#ifndef SOCVMM_KVM_FIXES_H
#define SOCVMM_KVM_FIXES_H

#include <stdbool.h>

/**
 * kvm_fixes_check - Look whether KVM for e500v2 has the fixes that it needs
 *
 * Without some of them the first guest crashes the host, so nothing may be
 * tried; without the others it can reach what is not its own.  No version tells:
 * they are patches, and may be in any kernel.  What tells is the code that runs:
 * its symbols in /proc/kallsyms, its instructions in /proc/kcore.  Needs
 * CAP_SYSLOG and CAP_SYS_RAWIO, and CONFIG_PROC_KCORE.
 *
 * Return: true, or false after a message.
 */
bool kvm_fixes_check(void);

#endif /* SOCVMM_KVM_FIXES_H */
