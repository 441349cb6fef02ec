/* SPDX-License-Identifier: GPL-2.0 */
/* Where the Power machine's other CPUs wait until the guest wants them. */
#ifndef SPIN_TABLE_H
#define SPIN_TABLE_H

#include "socvmm.h"

#define SPIN_TABLE_SIZE		0x1000
#define SPIN_TABLE_ENTRY	64	/* ePAPR 1.1, 5.5.2: its alignment */

/**
 * struct spin_table - An entry for each CPU
 * @vm: The machine
 * @bytes: The entries, big-endian
 * @is_released: The guest has started this CPU
 */
struct spin_table {
	struct vm *vm;
	uint8_t bytes[SPIN_TABLE_SIZE];
	bool is_released[MAX_CPUS];
};

bool spin_table_open(struct spin_table *table, struct vm *vm, uint64_t gpa);

#endif /* SPIN_TABLE_H */
