// SPDX-License-Identifier: GPL-2.0
/* The doorbells of an arm64 guest: ARM's PL061. */
#include <stdlib.h>

#include "gpio.h"

enum {
	GPIO_DATA_END = 0x400,	/* bits 9 to 2 of the address are a mask */
	GPIO_DIR = 0x400,
	GPIO_IE = 0x410,
	GPIO_RIS = 0x414,
	GPIO_MIS = 0x418,
	GPIO_IC = 0x41c,
	GPIO_REGS_END = 0x424,
	GPIO_ID = 0xfe0
};

#define NUM_REGS	((GPIO_REGS_END - GPIO_DIR) / 4)

/* PeriphID0 to 3, of ARM's PL061, and PCellID0 to 3 */
static const uint8_t id[] = { 0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

/**
 * struct gpio - A PL061
 * @data: Outputs
 * @raised: Lines that have been raised, and are not cleared yet
 * @regs: Registers that hold what was written
 */
struct gpio {
	uint8_t data;
	uint8_t raised;
	uint8_t regs[NUM_REGS];
};

struct gpio *gpio_new(void)
{
	return calloc(1, sizeof(struct gpio));
}

static uint8_t reg(const struct gpio *gpio, unsigned int offset)
{
	return gpio->regs[(offset - GPIO_DIR) / 4];
}

static uint8_t data_mask(uint64_t offset)
{
	return offset >> 2;
}

uint32_t gpio_read(const struct gpio *gpio, uint64_t offset)
{
	if (offset < GPIO_DATA_END)
		return gpio->data & reg(gpio, GPIO_DIR) & data_mask(offset);
	if (offset == GPIO_RIS)
		return gpio->raised;
	if (offset == GPIO_MIS)
		return gpio->raised & reg(gpio, GPIO_IE);
	if (offset >= GPIO_ID)
		return id[(offset - GPIO_ID) / 4];
	return offset < GPIO_REGS_END ? reg(gpio, offset) : 0;
}

static uint8_t write_data(struct gpio *gpio, uint8_t mask, uint8_t value)
{
	uint8_t before = gpio->data;

	mask &= reg(gpio, GPIO_DIR);
	gpio->data = (before & ~mask) | (value & mask);
	return gpio->data & ~before;
}

uint8_t gpio_write(struct gpio *gpio, uint64_t offset, uint32_t value)
{
	if (offset < GPIO_DATA_END)
		return write_data(gpio, data_mask(offset), value);
	if (offset == GPIO_IC)
		gpio->raised &= ~value;
	else if (offset < GPIO_REGS_END)
		gpio->regs[(offset - GPIO_DIR) / 4] = value;
	return 0;
}

void gpio_pulse(struct gpio *gpio, uint8_t lines)
{
	gpio->raised |= lines & ~reg(gpio, GPIO_DIR);
}

bool gpio_interrupts(const struct gpio *gpio)
{
	return gpio->raised & reg(gpio, GPIO_IE);
}
