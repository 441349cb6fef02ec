// SPDX-License-Identifier: GPL-2.0
/* The doorbells of a Power guest: a QorIQ's GPIO controller. */
#include <stdlib.h>

#include "gpio.h"

enum {
	GPIO_DIR = 0x00,	/* 1: output */
	GPIO_DAT = 0x08,
	GPIO_IER = 0x0c,	/* events; those that are written are cleared */
	GPIO_IMR = 0x10,	/* 1: an event interrupts */
	GPIO_REGS_END = 0x1c
};

#define NUM_REGS	(GPIO_REGS_END / 4)
#define LINES_SHIFT	24	/* Line 0 is the topmost bit. */

/**
 * struct gpio - A controller
 * @regs: Its registers
 */
struct gpio {
	uint32_t regs[NUM_REGS];
};

struct gpio *gpio_new(void)
{
	return calloc(1, sizeof(struct gpio));
}

static uint8_t reversed(uint8_t bits)
{
	uint8_t result = 0;

	for (int i = 0; i < 8; i++)
		result |= (bits >> i & 1) << (7 - i);
	return result;
}

static uint32_t from_lines(uint8_t lines)
{
	return (uint32_t)reversed(lines) << LINES_SHIFT;
}

static uint8_t to_lines(uint32_t bits)
{
	return reversed(bits >> LINES_SHIFT);
}

static uint32_t reg(const struct gpio *gpio, unsigned int offset)
{
	return gpio->regs[offset / 4];
}

static uint32_t outputs(const struct gpio *gpio)
{
	return reg(gpio, GPIO_DAT) & reg(gpio, GPIO_DIR);
}

uint32_t gpio_read(const struct gpio *gpio, uint64_t offset)
{
	if (offset == GPIO_DAT)
		return outputs(gpio);
	return offset < GPIO_REGS_END ? reg(gpio, offset) : 0;
}

uint8_t gpio_write(struct gpio *gpio, uint64_t offset, uint32_t value)
{
	uint32_t before = outputs(gpio);

	if (offset == GPIO_IER)
		gpio->regs[GPIO_IER / 4] &= ~value;
	else if (offset < GPIO_REGS_END)
		gpio->regs[offset / 4] = value;
	return to_lines(outputs(gpio) & ~before);
}

void gpio_pulse(struct gpio *gpio, uint8_t lines)
{
	gpio->regs[GPIO_IER / 4] |= from_lines(lines) & ~reg(gpio, GPIO_DIR);
}

bool gpio_interrupts(const struct gpio *gpio)
{
	return reg(gpio, GPIO_IER) & reg(gpio, GPIO_IMR);
}
