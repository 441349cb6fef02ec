// SPDX-License-Identifier: GPL-2.0
/*
 * Memory barriers: accesses to registers against each other, and against memory
 * that the device reads and writes, as readl() and writel() have them
 */
#include "internal.h"

void soca_barrier_before_write(void)
{
#if defined(__powerpc__)
	asm volatile("sync" : : : "memory");
#elif defined(__aarch64__)
	asm volatile("dmb oshst" : : : "memory");
#elif defined(__riscv)
	asm volatile("fence w,o" : : : "memory");
#else
	__sync_synchronize();
#endif
}

void soca_barrier_after_read(void)
{
#if defined(__powerpc__)
	asm volatile("sync" : : : "memory");
#elif defined(__aarch64__)
	asm volatile("dmb oshld" : : : "memory");
#elif defined(__riscv)
	asm volatile("fence i,ir" : : : "memory");
#else
	__sync_synchronize();
#endif
}
