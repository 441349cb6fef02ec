/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver in user space for the MPC I2C controller (fsl-i2c) of a claim, and
 * for the DS1338 RTC behind it.  Each byte on the bus ends with an interrupt.
 */
#ifndef _SELFTESTS_SOCASSIGN_MPC_I2C_H
#define _SELFTESTS_SOCASSIGN_MPC_I2C_H

#include <stdint.h>
#include <time.h>

struct mpc_i2c {
	volatile uint8_t *regs;
	int trigger;		/* eventfd that the interrupt signals */
	int resample;		/* eventfd that ends its mask */
	unsigned int interrupts;
};

/* Registers; MPC8544E Reference Manual, chapter 11. */
#define MPC_I2C_CR	0x08
#define MPC_I2C_SR	0x0c
#define MPC_I2C_DR	0x10

#define MPC_CR_MEN	0x80
#define MPC_CR_MIEN	0x40
#define MPC_CR_MSTA	0x20
#define MPC_CR_MTX	0x10
#define MPC_CR_TXAK	0x08
#define MPC_CR_RSTA	0x04
#define MPC_SR_MIF	0x02

void mpc_i2c_init(struct mpc_i2c *i2c, volatile void *regs, int trigger,
		  int resample);
void mpc_i2c_stop(struct mpc_i2c *i2c);

/* Start a transfer that raises the interrupt, and take the cause away. */
void mpc_i2c_raise(struct mpc_i2c *i2c);
void mpc_i2c_lower(struct mpc_i2c *i2c);

/* The time of the RTC at address 0x68: 0, or -ETIMEDOUT without interrupts. */
int ds1338_read(struct mpc_i2c *i2c, struct tm *tm);

#endif
