// SPDX-License-Identifier: GPL-2.0
/* Addresses of the guest that are no memslot: what KVM asks us for. */
#include <linux/kvm.h>
#include <string.h>

#include "socvmm.h"

/**
 * mmio_add - Answer for some addresses
 * @vm: The machine
 * @mmio: The addresses, and who answers; copied
 *
 * Return: true, or false after a message.
 */
bool mmio_add(struct vm *vm, const struct mmio *mmio)
{
	if (vm->num_mmio == MAX_MMIO)
		return fail("more than %u regions", MAX_MMIO);
	vm->mmio[vm->num_mmio++] = *mmio;
	return true;
}

static const struct mmio *find(const struct vm *vm, uint64_t address,
			       unsigned int width)
{
	for (unsigned int i = 0; i < vm->num_mmio; i++) {
		const struct mmio *mmio = &vm->mmio[i];
		uint64_t offset = address - mmio->start;

		if (address >= mmio->start && offset < mmio->size &&
		    width <= mmio->size - offset)
			return mmio;
	}
	return NULL;
}

/* KVM has the bytes as they lie in memory, so in the CPU's order. */
static uint64_t from_bytes(const uint8_t *bytes, unsigned int width)
{
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	switch (width) {
	case 1:
		return *bytes;
	case 2:
		memcpy(&v16, bytes, sizeof(v16));
		return v16;
	case 4:
		memcpy(&v32, bytes, sizeof(v32));
		return v32;
	default:
		memcpy(&v64, bytes, sizeof(v64));
		return v64;
	}
}

static void to_bytes(uint8_t *bytes, unsigned int width, uint64_t value)
{
	uint16_t v16 = value;
	uint32_t v32 = value;

	switch (width) {
	case 1:
		*bytes = value;
		break;
	case 2:
		memcpy(bytes, &v16, sizeof(v16));
		break;
	case 4:
		memcpy(bytes, &v32, sizeof(v32));
		break;
	default:
		memcpy(bytes, &value, sizeof(value));
	}
}

/* Where nobody answers a bus reads as all ones. */
static void access_one(struct vm *vm, struct kvm_run *run)
{
	uint64_t address = run->mmio.phys_addr;
	uint8_t *bytes = run->mmio.data;
	unsigned int width = run->mmio.len;
	const struct mmio *mmio = find(vm, address, width);

	atomic_fetch_add(mmio ? mmio->counter : &vm->stats->other, 1);
	if (run->mmio.is_write) {
		if (mmio)
			mmio->write(mmio->data, address - mmio->start, width,
				    from_bytes(bytes, width));
		return;
	}
	to_bytes(bytes, width,
		 mmio ? mmio->read(mmio->data, address - mmio->start, width) :
			UINT64_MAX);
}

/**
 * mmio_access - Do what the guest has asked for
 * @vcpu: The CPU, whose last return of KVM_RUN was an access
 *
 * What it prints goes out without the lock: that may wait for whoever reads.  The
 * CPU waits for it, so what several of them print stays in the guest's order.
 */
void mmio_access(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	unsigned char byte;
	bool prints;

	pthread_mutex_lock(&vm->lock);
	access_one(vm, vcpu->run);
	prints = console_take(vm, &byte);
	pthread_mutex_unlock(&vm->lock);
	if (prints)
		console_print(vm, byte);
}
