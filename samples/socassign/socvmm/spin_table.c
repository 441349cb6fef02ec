// SPDX-License-Identifier: GPL-2.0
/*
 * The spin table of ePAPR 1.1, 5.5.2.  A CPU of ours does not spin: it waits, and the
 * guest's write to its entry, which comes here, is what starts it.
 */

#include "e500_cpu.h"
#include "spin_table.h"

/* Offsets in an entry */
#define ENTRY_ADDR	0x00
#define ENTRY_R3	0x08
#define ENTRY_PIR	0x14

#define ADDR_SPINNING	1	/* no address of an instruction: it waits */

_Static_assert(MAX_CPUS * SPIN_TABLE_ENTRY <= SPIN_TABLE_SIZE,
	       "each CPU has an entry");

static uint64_t get(const struct spin_table *table, uint64_t offset,
		    unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width; i++)
		value = value << 8 | table->bytes[offset + i];
	return value;
}

static void put(struct spin_table *table, uint64_t offset, unsigned int width,
		uint64_t value)
{
	for (unsigned int i = width; i--; value >>= 8)
		table->bytes[offset + i] = value;
}

static uint64_t table_read(void *data, uint64_t offset, unsigned int width)
{
	return get(data, offset, width);
}

/* It is released once, and what is written to its entry then is nobody's any more. */
static void release(struct spin_table *table, unsigned int index)
{
	const uint64_t entry = index * SPIN_TABLE_ENTRY;
	const struct e500_start start = {
		.entry = get(table, entry + ENTRY_ADDR, 8),
		.r3 = get(table, entry + ENTRY_R3, 8),
	};
	struct vcpu *vcpu = &table->vm->vcpus[index];

	table->is_released[index] = true;
	if (e500_cpu_set(vcpu, &start))
		vcpu_release(vcpu);
	else
		vm_stop(table->vm, WHY_ERROR);
}

static void table_write(void *data, uint64_t offset, unsigned int width,
			uint64_t value)
{
	struct spin_table *table = data;
	unsigned int index = offset / SPIN_TABLE_ENTRY;

	put(table, offset, width, value);
	/* The first one has no need of it. */
	if (!index || index >= table->vm->num_vcpus || table->is_released[index])
		return;
	if (!(get(table, index * SPIN_TABLE_ENTRY + ENTRY_ADDR, 8) & ADDR_SPINNING))
		release(table, index);
}

/**
 * spin_table_open - Have the other CPUs wait
 * @table: The table, all zeros
 * @vm: The machine
 * @gpa: Where the guest finds the table
 *
 * Return: true, or false after a message.
 */
bool spin_table_open(struct spin_table *table, struct vm *vm, uint64_t gpa)
{
	table->vm = vm;
	for (unsigned int i = 0; i < MAX_CPUS; i++) {
		const uint64_t entry = i * SPIN_TABLE_ENTRY;

		put(table, entry + ENTRY_ADDR, 8, ADDR_SPINNING);
		put(table, entry + ENTRY_R3, 8, i);
		put(table, entry + ENTRY_PIR, 4, i);
	}
	return mmio_add(vm, &(struct mmio) {
			.start = gpa, .size = SPIN_TABLE_SIZE,
			.counter = &vm->stats->other, .read = table_read,
			.write = table_write, .data = table,
	       });
}
