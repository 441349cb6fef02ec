/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a doorbell is to the guest: a GPIO controller, as far as Linux's driver goes,
 * in gpio_pl061.c or gpio_mpc8xxx.c, with eight lines of it.
 */
#ifndef GPIO_H
#define GPIO_H

#include <stdbool.h>
#include <stdint.h>

struct gpio;

/* To be given to free(). */
struct gpio *gpio_new(void);

uint32_t gpio_read(const struct gpio *gpio, uint64_t offset);

/* Returns the outputs that rise by it, a bit for each line. */
uint8_t gpio_write(struct gpio *gpio, uint64_t offset, uint32_t value);

/* These lines have had both edges.  An output does not hear it: it has another value. */
void gpio_pulse(struct gpio *gpio, uint8_t lines);

/* Its interrupt is raised. */
bool gpio_interrupts(const struct gpio *gpio);

#endif /* GPIO_H */
