// SPDX-License-Identifier: GPL-2.0
/* The threads that run the guest, one for each of its CPUs. */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "socvmm.h"

static bool is_stopped(struct vm *vm)
{
	return atomic_load(&vm->why) != WHY_RUNNING;
}

static bool handle_exit(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		mmio_access(vcpu);
		return true;
	case KVM_EXIT_INTERNAL_ERROR:
		return fail("KVM cannot go on: internal error %u",
			    run->internal.suberror);
	case KVM_EXIT_FAIL_ENTRY:
		return fail("the CPU does not enter the guest: reason 0x%llx",
			    (unsigned long long)
			    run->fail_entry.hardware_entry_failure_reason);
	}
	return arch_exit(vcpu);
}

/*
 * A page of a device that the host has just taken away is EFAULT to KVM.  Then,
 * or if another thread was faster, the guest goes on without it.
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

static void run_guest(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	bool going = true;

	while (going && !is_stopped(vm)) {
		unsigned int num_gone = atomic_load(&vm->num_gone);
		int ret = ioctl(vcpu->fd, KVM_RUN, 0);
		int error = errno;

		atomic_fetch_add(&vm->stats->runs, 1);
		going = ret ? handle_error(vm, error, num_gone) :
			      handle_exit(vcpu);
	}
	if (!going)
		vm_stop(vm, WHY_ERROR);
}

/* Whoever ends the machine releases it, too. */
static void wait_for_release(struct vcpu *vcpu)
{
	uint64_t value;

	while (read(vcpu->start, &value, sizeof(value)) < 0 && errno == EINTR)
		;
}

static void *thread(void *data)
{
	struct vcpu *vcpu = data;
	const uint64_t one = 1;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGNAL_STOP);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	wait_for_release(vcpu);
	run_guest(vcpu);
	if (write(vcpu->vm->stopped, &one, sizeof(one)) < 0)
		fail("eventfd: %s", strerror(errno));
	return NULL;
}

static void nothing(int signal)
{
}

static bool open_one(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	void *run;

	vcpu->start = eventfd(0, EFD_CLOEXEC);
	if (vcpu->start < 0)
		return fail("eventfd: %s", strerror(errno));
	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, vcpu->index);
	if (vcpu->fd < 0)
		return fail("KVM makes no CPU %u: %s", vcpu->index,
			    strerror(errno));
	run = mmap(NULL, vm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   vcpu->fd, 0);
	if (run == MAP_FAILED)
		return fail("KVM's CPU cannot be mapped: %s", strerror(errno));
	vcpu->run = run;
	return true;
}

static bool check_number(struct vm *vm)
{
	const unsigned int num = vm->options->num_cpus;
	int max = ioctl(vm->kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);

	return max <= 0 || num <= (unsigned int)max ||
	       fail("--cpus %u: KVM makes up to %d here", num, max);
}

/**
 * vcpus_open - Make the CPUs
 * @vm: The machine
 *
 * Return: true, or false after a message.  vcpus_close() is due in either case.
 */
bool vcpus_open(struct vm *vm)
{
	bool done = check_number(vm);

	vm->run_size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	for (unsigned int i = 0; done && i < vm->options->num_cpus; i++) {
		vm->vcpus[i] = (struct vcpu) {
			.vm = vm, .index = i, .fd = -1, .start = -1,
		};
		vm->num_vcpus++;
		done = open_one(&vm->vcpus[i]);
	}
	return done;
}

void vcpus_close(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_vcpus; i++) {
		if (vm->vcpus[i].run)
			munmap(vm->vcpus[i].run, vm->run_size);
		close(vm->vcpus[i].fd);
		close(vm->vcpus[i].start);
	}
}

/**
 * vcpu_release - Let a CPU run
 * @vcpu: The CPU, with all that it needs; from any thread
 */
void vcpu_release(struct vcpu *vcpu)
{
	const uint64_t one = 1;

	if (write(vcpu->start, &one, sizeof(one)) < 0)
		fail("eventfd: %s", strerror(errno));
}

static bool start_one(struct vcpu *vcpu)
{
	const struct options *options = vcpu->vm->options;
	pthread_attr_t attr;
	int error;

	pthread_attr_init(&attr);
	if (options->num_cpu_paths &&
	    !cpu_bind(options->cpu_paths[vcpu->index], &attr))
		return false;
	error = pthread_create(&vcpu->thread, &attr, thread, vcpu);
	pthread_attr_destroy(&attr);
	if (error)
		return fail("no thread for the guest: %s", strerror(error));
	vcpu->has_thread = true;
	if (!arch_waits(vcpu))
		vcpu_release(vcpu);
	return true;
}

/**
 * vcpus_start - Let the guest run
 * @vm: The machine, complete
 *
 * Return: true, or false after a message.
 */
bool vcpus_start(struct vm *vm)
{
	/* Without SA_RESTART: it also ends a write to a full pipe. */
	const struct sigaction action = { .sa_handler = nothing };
	bool done = true;

	sigaction(SIGNAL_STOP, &action, NULL);
	for (unsigned int i = 0; done && i < vm->num_vcpus; i++)
		done = start_one(&vm->vcpus[i]);
	return done;
}

static bool join_soon(pthread_t thread)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	return !pthread_timedjoin_np(thread, NULL, &until);
}

static void join_one(struct vcpu *vcpu)
{
	if (!vcpu->has_thread)
		return;
	/* For a KVM_RUN that has not begun yet; the signal is for one that has. */
	vcpu->run->immediate_exit = 1;
	vcpu_release(vcpu);
	/* A signal that comes just before it waits for a reader does nothing. */
	do
		pthread_kill(vcpu->thread, SIGNAL_STOP);
	while (!join_soon(vcpu->thread));
}

/**
 * vcpus_join - Wait until the guest does not run any more
 * @vm: The machine, stopped by vm_stop(), started or not
 */
void vcpus_join(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_vcpus; i++)
		join_one(&vm->vcpus[i]);
}
