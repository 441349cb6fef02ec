// SPDX-License-Identifier: GPL-2.0
#include "mpc_i2c.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "claim.h"
#include "limit.h"

#define DS1338_ADDRESS	0x68
#define DS1338_REGS	7

static uint8_t get(struct mpc_i2c *i2c, unsigned int reg)
{
	uint8_t value = i2c->regs[reg];

	__sync_synchronize();
	return value;
}

static void put(struct mpc_i2c *i2c, unsigned int reg, uint8_t value)
{
	__sync_synchronize();
	i2c->regs[reg] = value;
	__sync_synchronize();
}

void mpc_i2c_init(struct mpc_i2c *i2c, volatile void *regs, int trigger,
		  int resample)
{
	memset(i2c, 0, sizeof(*i2c));
	i2c->regs = regs;
	i2c->trigger = trigger;
	i2c->resample = resample;
	/* Whoever had it before may have left it in the middle of something. */
	put(i2c, MPC_I2C_CR, 0);
	put(i2c, MPC_I2C_SR, 0);
	put(i2c, MPC_I2C_CR, MPC_CR_MEN);
}

void mpc_i2c_stop(struct mpc_i2c *i2c)
{
	put(i2c, MPC_I2C_CR, MPC_CR_MEN);
}

void mpc_i2c_raise(struct mpc_i2c *i2c)
{
	put(i2c, MPC_I2C_CR,
	    MPC_CR_MEN | MPC_CR_MIEN | MPC_CR_MSTA | MPC_CR_MTX);
	put(i2c, MPC_I2C_DR, DS1338_ADDRESS << 1);
}

void mpc_i2c_lower(struct mpc_i2c *i2c)
{
	put(i2c, MPC_I2C_SR, 0);
	mpc_i2c_stop(i2c);
}

/* The interrupt at the end of a byte: take the cause away, then the mask. */
static int wait_byte(struct mpc_i2c *i2c)
{
	const uint64_t one = 1;

	if (!soc_wait(i2c->trigger, LONG_MS))
		return -ETIMEDOUT;
	i2c->interrupts++;
	if (!(get(i2c, MPC_I2C_SR) & MPC_SR_MIF))
		return -EIO;
	put(i2c, MPC_I2C_SR, 0);
	return write(i2c->resample, &one, sizeof(one)) < 0 ? -errno : 0;
}

static int send(struct mpc_i2c *i2c, uint8_t byte)
{
	put(i2c, MPC_I2C_DR, byte);
	return wait_byte(i2c);
}

/* Reading the data register fetches the next byte, unless the bus is stopped. */
static int receive(struct mpc_i2c *i2c, uint8_t *buf, int len)
{
	const uint8_t run = MPC_CR_MEN | MPC_CR_MIEN | MPC_CR_MSTA;
	int ret;

	put(i2c, MPC_I2C_CR, len == 1 ? run | MPC_CR_TXAK : run);
	get(i2c, MPC_I2C_DR);
	for (int i = 0; i < len; i++) {
		ret = wait_byte(i2c);
		if (ret)
			return ret;
		if (i == len - 2)
			put(i2c, MPC_I2C_CR, run | MPC_CR_TXAK);
		if (i == len - 1)
			mpc_i2c_stop(i2c);
		buf[i] = get(i2c, MPC_I2C_DR);
	}
	return 0;
}

static int read_regs(struct mpc_i2c *i2c, uint8_t *regs)
{
	const uint8_t run = MPC_CR_MEN | MPC_CR_MIEN | MPC_CR_MSTA | MPC_CR_MTX;
	int ret;

	put(i2c, MPC_I2C_CR, run);
	ret = send(i2c, DS1338_ADDRESS << 1);
	if (!ret)
		ret = send(i2c, 0);
	if (ret)
		return ret;
	put(i2c, MPC_I2C_CR, run | MPC_CR_RSTA);
	ret = send(i2c, DS1338_ADDRESS << 1 | 1);
	return ret ? ret : receive(i2c, regs, DS1338_REGS);
}

static int bcd(uint8_t value)
{
	return (value >> 4) * 10 + (value & 15);
}

int ds1338_read(struct mpc_i2c *i2c, struct tm *tm)
{
	uint8_t regs[DS1338_REGS];
	int ret = read_regs(i2c, regs);

	mpc_i2c_stop(i2c);
	if (ret)
		return ret;
	*tm = (struct tm) {
		.tm_sec = bcd(regs[0] & 0x7f),
		.tm_min = bcd(regs[1]),
		.tm_hour = bcd(regs[2] & 0x3f),
		.tm_mday = bcd(regs[4]),
		.tm_mon = bcd(regs[5] & 0x1f) - 1,
		.tm_year = bcd(regs[6]) + 100,
	};
	return 0;
}
