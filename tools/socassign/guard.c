// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses that may raise SIGBUS: the device behind a mapping has gone, or a
 * register answers with a bus error.  Who promises an errno must not kill.
 *
 * The handler is installed at the first access.  A SIGBUS that is not of an access
 * of ours goes to the handler that was there before.
 */
#include "guard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The access that this thread is about to make, or NULL.  The handler runs in
 * threads that never made one, where another model would call malloc() to find it.
 */
static _Thread_local struct soca_guard *current
	__attribute__((tls_model("initial-exec")));

static struct sigaction before;

/* Sent by somebody, or about memory that nobody has accessed yet */
static bool is_asynchronous(const siginfo_t *info)
{
	return info->si_code <= 0 || info->si_code == BUS_MCEERR_AO;
}

/* arm64 tells no address of a bus error whose address the CPU does not tell. */
static bool is_of(const struct soca_guard *guard, const siginfo_t *info)
{
	uintptr_t at = (uintptr_t)info->si_addr, start = (uintptr_t)guard->addr;

	return !is_asynchronous(info) && (!at || at - start < guard->width);
}

/* Nobody handled it before: what the kernel would have done is done. */
static void act_by_default(int sig, const siginfo_t *info)
{
	if (before.sa_handler == SIG_IGN && is_asynchronous(info))
		return;
	signal(sig, SIG_DFL);
	/* The access comes again when the handler returns; the others do not. */
	if (is_asynchronous(info))
		raise(sig);
}

static void pass_on(int sig, siginfo_t *info, void *context)
{
	if (before.sa_flags & SA_SIGINFO)
		before.sa_sigaction(sig, info, context);
	else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN)
		act_by_default(sig, info);
	else
		before.sa_handler(sig);
}

static void handle(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *interrupted = context;
	struct soca_guard *guard = current;

	if (!guard || !is_of(guard, info)) {
		pass_on(sig, info, context);
		return;
	}
	/* As a return would; sigsetjmp() could, for a system call each access. */
	pthread_sigmask(SIG_SETMASK, &interrupted->uc_sigmask, NULL);
	current = NULL;
	siglongjmp(guard->escape, 1);
}

/* Blocks what the handler before did, and returns as it did. */
static void install(void)
{
	struct sigaction action = { .sa_sigaction = handle };

	sigaction(SIGBUS, NULL, &before);
	action.sa_mask = before.sa_mask;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK |
			  (before.sa_flags & (SA_NODEFER | SA_RESTART));
	sigaction(SIGBUS, &action, NULL);
}

void soca_guard_enter(struct soca_guard *guard)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, install);
	current = guard;
	atomic_signal_fence(memory_order_seq_cst);
}

void soca_guard_leave(void)
{
	atomic_signal_fence(memory_order_seq_cst);
	current = NULL;
}
