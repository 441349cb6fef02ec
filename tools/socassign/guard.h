/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accesses that may raise SIGBUS
 */
#ifndef _SOCASSIGN_GUARD_H
#define _SOCASSIGN_GUARD_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>

/**
 * struct soca_guard - An access that may raise SIGBUS
 * @escape: Set by sigsetjmp(), without the signal mask: where to go on then
 * @addr: What is accessed
 * @width: Its size
 */
struct soca_guard {
	sigjmp_buf escape;
	const volatile void *addr;
	unsigned int width;
};

/* Around the access; after an escape there is nothing to leave. */
void soca_guard_enter(struct soca_guard *guard);
void soca_guard_leave(void);

#endif /* _SOCASSIGN_GUARD_H */
