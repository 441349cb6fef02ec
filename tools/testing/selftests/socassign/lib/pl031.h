/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver in user space for the PL031 RTC of a claim: an alarm raises its (level)
 * interrupt.  ARM DDI 0224.
 */
#ifndef _SELFTESTS_SOCASSIGN_PL031_H
#define _SELFTESTS_SOCASSIGN_PL031_H

#include <stdint.h>

#define PL031_DR	0x00	/* time in seconds */
#define PL031_MR	0x04	/* alarm */
#define PL031_IMSC	0x10	/* interrupt enable */
#define PL031_ICR	0x1c	/* interrupt clear */

static inline uint32_t pl031_get(volatile void *regs, unsigned int reg)
{
	uint32_t value = *(volatile uint32_t *)((volatile char *)regs + reg);

	__sync_synchronize();
	return value;
}

static inline void pl031_put(volatile void *regs, unsigned int reg,
			     uint32_t value)
{
	__sync_synchronize();
	*(volatile uint32_t *)((volatile char *)regs + reg) = value;
	__sync_synchronize();
}

/*
 * An alarm that matches now: the interrupt is raised at once.  Again, if the
 * second is over meanwhile: the alarm would be 136 years off.
 */
static inline void pl031_raise(volatile void *regs)
{
	uint32_t now;

	pl031_put(regs, PL031_IMSC, 1);
	do {
		now = pl031_get(regs, PL031_DR);
		pl031_put(regs, PL031_MR, now);
	} while (pl031_get(regs, PL031_DR) != now);
}

static inline void pl031_lower(volatile void *regs)
{
	pl031_put(regs, PL031_ICR, 1);
}

#endif
