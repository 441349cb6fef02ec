// SPDX-License-Identifier: GPL-2.0
/* The thread that runs the guest. */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "socvmm.h"

static bool is_stopped(struct vm *vm)
{
	return atomic_load(&vm->why) != WHY_RUNNING;
}

static bool handle_exit(struct vm *vm)
{
	switch (vm->run->exit_reason) {
	case KVM_EXIT_MMIO:
		mmio_access(vm);
		return true;
	case KVM_EXIT_INTERNAL_ERROR:
		return fail("KVM cannot go on: internal error %u",
			    vm->run->internal.suberror);
	case KVM_EXIT_FAIL_ENTRY:
		return fail("the CPU does not enter the guest: reason 0x%llx",
			    (unsigned long long)
			    vm->run->fail_entry.hardware_entry_failure_reason);
	}
	return arch_exit(vm);
}

/*
 * A page of a device that the host has just taken away is EFAULT to KVM.  Then,
 * or if the other thread was faster, the guest goes on without it.
 */
static bool handle_error(struct vm *vm, int error, unsigned int num_gone)
{
	if (error == EINTR || error == EAGAIN) {
		atomic_fetch_add(&vm->stats->interrupted, 1);
		return true;
	}
	if (error == EFAULT) {
		assign_reap(vm);
		if (atomic_load(&vm->num_gone) != num_gone)
			return true;
	}
	/* arm64: an access that is no memory's, by an instruction that says little. */
	if (error == ENOSYS)
		return fail("the guest accesses an address where nothing is, in a way that KVM cannot emulate");
	return fail("KVM cannot run the guest: %s", strerror(error));
}

static void run_guest(struct vm *vm)
{
	bool going = true;

	while (going && !is_stopped(vm)) {
		unsigned int num_gone = atomic_load(&vm->num_gone);
		int ret = ioctl(vm->vcpu, KVM_RUN, 0);
		int error = errno;

		atomic_fetch_add(&vm->stats->runs, 1);
		going = ret ? handle_error(vm, error, num_gone) :
			      handle_exit(vm);
	}
	if (!going)
		vm_stop(vm, WHY_ERROR);
}

static void *thread(void *data)
{
	struct vm *vm = data;
	const uint64_t one = 1;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGNAL_STOP);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	run_guest(vm);
	if (write(vm->stopped, &one, sizeof(one)) < 0)
		fail("eventfd: %s", strerror(errno));
	return NULL;
}

static void nothing(int signal)
{
}

/**
 * vcpu_open - Make the CPU
 * @vm: The machine
 *
 * Return: true, or false after a message.
 */
bool vcpu_open(struct vm *vm)
{
	int size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	void *run;

	vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0);
	if (vm->vcpu < 0)
		return fail("KVM makes no CPU: %s", strerror(errno));
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (run == MAP_FAILED)
		return fail("KVM's CPU cannot be mapped: %s", strerror(errno));
	vm->run = run;
	vm->run_size = size;
	return true;
}

/**
 * vcpu_start - Let the guest run
 * @vm: The machine, complete
 *
 * Return: true, or false after a message.
 */
bool vcpu_start(struct vm *vm)
{
	/* Without SA_RESTART: it also ends a write to a full pipe. */
	const struct sigaction action = { .sa_handler = nothing };
	pthread_attr_t attr;
	int error;

	sigaction(SIGNAL_STOP, &action, NULL);
	pthread_attr_init(&attr);
	if (vm->options->cpu && !cpu_bind(vm->options->cpu, &attr))
		return false;
	error = pthread_create(&vm->thread, &attr, thread, vm);
	pthread_attr_destroy(&attr);
	if (error)
		return fail("no thread for the guest: %s", strerror(error));
	vm->has_thread = true;
	return true;
}

static bool join_soon(pthread_t thread)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	return !pthread_timedjoin_np(thread, NULL, &until);
}

/**
 * vcpu_join - Wait until the guest does not run any more
 * @vm: The machine, stopped by vm_stop(), started or not
 */
void vcpu_join(struct vm *vm)
{
	if (!vm->has_thread)
		return;
	/* For a KVM_RUN that has not begun yet; the signal is for one that has. */
	vm->run->immediate_exit = 1;
	/* A signal that comes just before it waits for a reader does nothing. */
	do
		pthread_kill(vm->thread, SIGNAL_STOP);
	while (!join_soon(vm->thread));
}
