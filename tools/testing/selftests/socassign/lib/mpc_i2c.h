/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver in user space for the MPC I2C controller (fsl-i2c) of a claim: each byte on
 * the bus ends with a (level) interrupt.  MPC8544E Reference Manual, chapter 11.
 */
#ifndef _SELFTESTS_SOCASSIGN_MPC_I2C_H
#define _SELFTESTS_SOCASSIGN_MPC_I2C_H

#include <stdint.h>

#define MPC_I2C_CR	0x08
#define MPC_I2C_SR	0x0c
#define MPC_I2C_DR	0x10

#define MPC_CR_MEN	0x80
#define MPC_CR_MIEN	0x40
#define MPC_CR_MSTA	0x20
#define MPC_CR_MTX	0x10

#define MPC_I2C_RTC	0x68	/* the address of the DS1338 on the bus */

static inline void mpc_i2c_put(volatile void *regs, unsigned int reg,
			       uint8_t value)
{
	__sync_synchronize();
	*((volatile uint8_t *)regs + reg) = value;
	__sync_synchronize();
}

/* Whoever had it before may have left it in the middle of something. */
static inline void mpc_i2c_init(volatile void *regs)
{
	mpc_i2c_put(regs, MPC_I2C_CR, 0);
	mpc_i2c_put(regs, MPC_I2C_SR, 0);
	mpc_i2c_put(regs, MPC_I2C_CR, MPC_CR_MEN);
}

/* Start a transfer that raises the interrupt. */
static inline void mpc_i2c_raise(volatile void *regs)
{
	mpc_i2c_put(regs, MPC_I2C_CR,
		    MPC_CR_MEN | MPC_CR_MIEN | MPC_CR_MSTA | MPC_CR_MTX);
	mpc_i2c_put(regs, MPC_I2C_DR, MPC_I2C_RTC << 1);
}

/* Take the cause away. */
static inline void mpc_i2c_lower(volatile void *regs)
{
	mpc_i2c_put(regs, MPC_I2C_SR, 0);
	mpc_i2c_put(regs, MPC_I2C_CR, MPC_CR_MEN);
}

#endif
