// SPDX-License-Identifier: GPL-2.0
/* The VM as KVM has it: memslots and interrupts. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "socvmm.h"

/* What a person needs to know to get a /dev/kvm. */
static bool explain_kvm(void)
{
	switch (errno) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return fail("no /dev/kvm: this kernel has no KVM, or the CPU has no hypervisor mode that it could use");
	case EACCES:
	case EPERM:
		return fail("/dev/kvm: %s: run as root, or as a member of its group",
			    strerror(errno));
	}
	return fail("/dev/kvm: %s", strerror(errno));
}

static bool open_kvm(struct vm *vm)
{
	int version;

	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		return explain_kvm();
	version = ioctl(vm->kvm, KVM_GET_API_VERSION, 0);
	if (version != KVM_API_VERSION)
		return fail("/dev/kvm speaks version %d, not %d", version,
			    KVM_API_VERSION);
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, arch_vm_type(vm->kvm));
	if (vm->fd < 0)
		return fail("KVM makes no virtual machine: %s",
			    strerror(errno));
	return true;
}

/**
 * vm_open - Make a VM without memory, CPU and interrupt controller
 * @vm: The machine, all zeros but for what stays from boot to boot
 *
 * Return: true, or false after a message.  vm_close() is due in either case.
 */
bool vm_open(struct vm *vm)
{
	vm->kvm = -1;
	vm->fd = -1;
	pthread_mutex_init(&vm->lock, NULL);
	vm->stopped = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	vm->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (vm->stopped < 0 || vm->kick < 0)
		return fail("eventfd: %s", strerror(errno));
	return open_kvm(vm);
}

void vm_close(struct vm *vm)
{
	close(vm->fd);
	close(vm->kvm);
	close(vm->stopped);
	close(vm->kick);
	pthread_mutex_destroy(&vm->lock);
}

static int set_slot(struct vm *vm, int slot, uint64_t gpa, void *mem,
		    uint64_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (uintptr_t)mem,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
}

/**
 * vm_add_slot - Let the guest see memory of ours
 * @vm: The machine
 * @gpa: Where the guest sees it
 * @mem: Where we see it
 * @size: Its size; all three in whole pages
 *
 * Return: the slot, or -1 after a message.
 */
int vm_add_slot(struct vm *vm, uint64_t gpa, void *mem, uint64_t size)
{
	if (!set_slot(vm, vm->num_slots, gpa, mem, size))
		return vm->num_slots++;
	fail("KVM does not take 0x%llx bytes of memory at 0x%llx: %s",
	     (unsigned long long)size, (unsigned long long)gpa,
	     strerror(errno));
	return -1;
}

/* The number is not used again. */
void vm_remove_slot(struct vm *vm, int slot)
{
	set_slot(vm, slot, 0, NULL, 0);
}

/**
 * vm_irqfd - Have KVM raise an interrupt of the guest's by itself
 * @vm: The machine, with its interrupt controller
 * @line: What is raised, and by what
 *
 * Return: true, or false after a message.
 */
bool vm_irqfd(struct vm *vm, const struct line *line)
{
	struct kvm_irqfd irqfd = { .fd = line->trigger, .gsi = line->pin };

	if (line->resample >= 0) {
		irqfd.flags = KVM_IRQFD_FLAG_RESAMPLE;
		irqfd.resamplefd = line->resample;
	}
	if (!ioctl(vm->fd, KVM_IRQFD, &irqfd))
		return true;
	return fail("KVM takes no eventfd for the guest's interrupt %d: %s",
		    line->pin, strerror(errno));
}

/* For what the VMM emulates. */
bool vm_irq_line(struct vm *vm, uint32_t irq, bool level)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };

	return !ioctl(vm->fd, KVM_IRQ_LINE, &line);
}

/**
 * vm_stop - Stop the guest
 * @vm: The machine
 * @why: Why; the first reason given stays
 *
 * From any thread.
 */
void vm_stop(struct vm *vm, enum why why)
{
	int running = WHY_RUNNING;

	atomic_compare_exchange_strong(&vm->why, &running, why);
}
