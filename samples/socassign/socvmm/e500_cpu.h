/* SPDX-License-Identifier: GPL-2.0 */
/* The CPUs of the Power machine, as KVM has them: e500v2. */
#ifndef E500_CPU_H
#define E500_CPU_H

#include "socvmm.h"

/* ePAPR 1.1, 5.4.1: what the boot CPU finds in r6 */
#define EPAPR_MAGIC	0x45504150
/* ... and all that a CPU may count on when it starts, in r7 */
#define IMA_SIZE	(64 * MiB)

/**
 * struct e500_start - How a CPU starts
 * @entry: Guest-physical address of its first instruction
 * @r3: The tree, or what the spin table says
 * @r6: %EPAPR_MAGIC, or 0
 */
struct e500_start {
	uint64_t entry;
	uint32_t r3;
	uint32_t r6;
};

bool e500_cpu_open(struct vcpu *vcpu, int mpic);
void e500_cpu_close(struct vcpu *vcpu);
bool e500_cpu_set(struct vcpu *vcpu, const struct e500_start *start);

#endif /* E500_CPU_H */
