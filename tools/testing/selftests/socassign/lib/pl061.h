/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver in user space for the PL061 GPIO of a claim.  Pin 0 is low: set to
 * interrupt at a low level, it raises the (level) interrupt.  ARM DDI 0190.
 */
#ifndef _SELFTESTS_SOCASSIGN_PL061_H
#define _SELFTESTS_SOCASSIGN_PL061_H

#include <stdint.h>

#define PL061_DIR	0x400	/* 1: output */
#define PL061_IS	0x404	/* 1: level */
#define PL061_IBE	0x408	/* 1: both edges */
#define PL061_IEV	0x40c	/* 1: high or rising */
#define PL061_IE	0x410	/* interrupt enable */
#define PL061_RIS	0x414	/* raw interrupt status */

#define PL061_PIN	1u

static inline void pl061_put(volatile void *regs, unsigned int reg,
			     uint32_t value)
{
	__sync_synchronize();
	*(volatile uint32_t *)((volatile char *)regs + reg) = value;
	__sync_synchronize();
}

static inline void pl061_lower(volatile void *regs)
{
	pl061_put(regs, PL061_IE, 0);
}

static inline void pl061_init(volatile void *regs)
{
	pl061_lower(regs);
	pl061_put(regs, PL061_DIR, 0);
	pl061_put(regs, PL061_IBE, 0);
	pl061_put(regs, PL061_IS, PL061_PIN);
	pl061_put(regs, PL061_IEV, 0);
}

static inline void pl061_raise(volatile void *regs)
{
	pl061_put(regs, PL061_IE, PL061_PIN);
}

#endif
