// SPDX-License-Identifier: GPL-2.0
/* A GPIO controller, by the guest's own driver: what is set can be read. */
#include <errno.h>
#include <linux/gpio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"

#define LINE	5

static int request_line(int chip)
{
	struct gpio_v2_line_request request = {
		.offsets = { LINE }, .num_lines = 1, .consumer = "guest",
		.config = { .flags = GPIO_V2_LINE_FLAG_OUTPUT },
	};

	return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) ? -1 : request.fd;
}

static bool set_and_read(int line, bool value)
{
	struct gpio_v2_line_values set = { .bits = value, .mask = 1 };
	struct gpio_v2_line_values get = { .mask = 1 };

	return !ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &set) &&
	       !ioctl(line, GPIO_V2_LINE_GET_VALUES_IOCTL, &get) &&
	       get.bits == value;
}

static void try_line(int line, const char *driver)
{
	if (set_and_read(line, true) && set_and_read(line, false) &&
	    set_and_read(line, true))
		step_ok("line %d by %s", LINE, driver);
	else
		step_failed("line %d is not what it was set to", LINE);
}

void gpio_step(void)
{
	const char *driver = NULL;
	int chip = gpiochip_open(false, &driver);
	int line = chip < 0 ? -1 : request_line(chip);

	if (line < 0)
		step_failed("no controller: %s", strerror(errno));
	else
		try_line(line, driver);
	close(line);
	close(chip);
}
