// SPDX-License-Identifier: GPL-2.0
/* The thread that waits for all that is not the guest's doing. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "conf/conf.h"
#include "socvmm.h"

/* Signals, from the start of the program to its end */
static int signals = -1;
static int ended_by;

/**
 * loop_open - Take signals as news
 *
 * Return: true, or false after a message.
 */
bool loop_open(void)
{
	sigset_t set, stop;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigemptyset(&stop);
	sigaddset(&stop, SIGNAL_STOP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals >= 0 || fail("signalfd: %s", strerror(errno));
}

static void handle_signal(struct vm *vm)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGUSR1) {
		stats_print(vm->stats);
		return;
	}
	ended_by = info.ssi_signo;
	vm_stop(vm, WHY_SIGNAL);
}

/* What is waited for, in this order; then the claims, and the doorbells */
enum {
	FD_SIGNALS,
	FD_STOPPED,
	FD_KICK,
	FD_INPUT,
	FD_MEMORY,
	NUM_FDS
};

static void watch(struct vm *vm, struct pollfd *fds)
{
	fds[FD_SIGNALS] = (struct pollfd) { .fd = signals, .events = POLLIN };
	fds[FD_STOPPED] = (struct pollfd) {
		.fd = vm->stopped, .events = POLLIN,
	};
	fds[FD_KICK] = (struct pollfd) { .fd = vm->kick, .events = POLLIN };
	fds[FD_INPUT] = (struct pollfd) {
		.fd = console_wants_input(vm) ? STDIN_FILENO : -1,
		.events = POLLIN,
	};
	fds[FD_MEMORY] = (struct pollfd) {
		.fd = vm->ram.partition ? soca_fd(vm->ram.partition) : -1,
	};
	for (unsigned int i = 0; i < vm->num_claims; i++)
		fds[NUM_FDS + i] = (struct pollfd) {
			.fd = atomic_load(&vm->claims[i].is_gone) ?
			      -1 : soca_fd(vm->claims[i].claim),
			.events = POLLIN,
		};
	for (unsigned int i = 0; i < vm->num_doorbells; i++)
		fds[NUM_FDS + vm->num_claims + i] = (struct pollfd) {
			.fd = doorbell_fd(vm, i), .events = POLLIN,
		};
}

static void handle_doorbells(struct vm *vm, const struct pollfd *fds)
{
	for (unsigned int i = 0; i < vm->num_doorbells; i++)
		if (fds[i].revents & POLLIN)
			doorbell_rings(vm, i);
}

static void handle_claims(struct vm *vm, const struct pollfd *fds)
{
	bool is_gone = false;

	for (unsigned int i = 0; i < vm->num_claims; i++) {
		if (fds[i].revents & POLLIN)
			assign_news(vm, &vm->claims[i]);
		is_gone |= fds[i].revents & POLLHUP;
	}
	if (is_gone)
		assign_reap(vm);
}

static void handle(struct vm *vm, const struct pollfd *fds)
{
	uint64_t count;

	if (fds[FD_SIGNALS].revents)
		handle_signal(vm);
	if (fds[FD_KICK].revents &&
	    read(vm->kick, &count, sizeof(count)) < 0)
		fail("eventfd: %s", strerror(errno));
	if (fds[FD_INPUT].revents)
		console_input(vm);
	if (fds[FD_MEMORY].revents & POLLHUP) {
		fail("--mem: the host has taken the partition away");
		vm_stop(vm, WHY_ERROR);
	}
	handle_claims(vm, fds + NUM_FDS);
	handle_doorbells(vm, fds + NUM_FDS + vm->num_claims);
}

/**
 * loop_run - Wait until the guest ends, or has to
 * @vm: The machine, running
 *
 * Return: true when vm.why says why, or false after a message.
 */
bool loop_run(struct vm *vm)
{
	struct pollfd fds[NUM_FDS + MAX_ASSIGN + CONF_MAX_DOORBELLS];

	while (atomic_load(&vm->why) == WHY_RUNNING) {
		watch(vm, fds);
		if (poll(fds, NUM_FDS + vm->num_claims + vm->num_doorbells,
			 -1) < 0)
			return fail("poll: %s", strerror(errno));
		atomic_fetch_add(&vm->stats->wakes, 1);
		handle(vm, fds);
	}
	return true;
}

/**
 * loop_was_told_to_end - Was there a signal that ends the program?
 *
 * Perhaps when the guest had stopped already, to boot again.
 *
 * Return: true if so.
 */
bool loop_was_told_to_end(void)
{
	return ended_by;
}

/**
 * loop_status - How the program ends
 * @why: Why the guest does not run any more
 *
 * Return: the exit status, that of a shell for a signal.
 */
int loop_status(enum why why)
{
	if (ended_by)
		return 128 + ended_by;
	return why == WHY_ERROR ? EXIT_FAILURE : EXIT_SUCCESS;
}
