// SPDX-License-Identifier: GPL-2.0
/*
 * A doorbell between two guests, by the guest's own driver of a GPIO controller:
 * one rings and waits for the answer, the other answers.
 */
#include <errno.h>
#include <linux/gpio.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"

#define QUESTION	0
#define ANSWER		1

/* The other guest may be about to boot; against hangs only */
#define MAX_TRIES	500
#define SECOND_MS	1000

static int request(int chip, unsigned int line, uint64_t flags)
{
	struct gpio_v2_line_request request = {
		.offsets = { line }, .num_lines = 1, .consumer = "guest",
		.config = { .flags = flags },
	};

	return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) ? -1 : request.fd;
}

static int request_output(int chip, unsigned int line)
{
	return request(chip, line, GPIO_V2_LINE_FLAG_OUTPUT);
}

/* Of the one edge alone Power's controller tells nobody. */
static int request_input(int chip, unsigned int line)
{
	return request(chip, line, GPIO_V2_LINE_FLAG_INPUT |
		       GPIO_V2_LINE_FLAG_EDGE_RISING |
		       GPIO_V2_LINE_FLAG_EDGE_FALLING);
}

static bool set(int line, bool value)
{
	struct gpio_v2_line_values values = { .bits = value, .mask = 1 };

	return !ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values);
}

static bool raise_line(int line)
{
	return set(line, true) && set(line, false);
}

/* An interrupt has come; it is read. */
static bool rings(int line, int timeout)
{
	struct pollfd fd = { .fd = line, .events = POLLIN };
	struct gpio_v2_line_event event;

	return poll(&fd, 1, timeout) > 0 &&
	       read(line, &event, sizeof(event)) == sizeof(event);
}

static bool ask(int out, int in)
{
	for (int i = 0; i < MAX_TRIES && raise_line(out); i++)
		if (rings(in, SECOND_MS))
			return true;
	return false;
}

static void answer_all(int in, int out)
{
	while (rings(in, -1))
		raise_line(out);
}

void ring_step(void)
{
	const char *driver = NULL;
	int chip = gpiochip_open(true, &driver);
	int out = chip < 0 ? -1 : request_output(chip, QUESTION);
	int in = out < 0 ? -1 : request_input(chip, ANSWER);

	if (in < 0)
		step_failed("no doorbell: %s", strerror(errno));
	else if (!ask(out, in))
		step_failed("no answer");
	else
		step_ok("answered, by %s", driver);
	close(in);
	close(out);
	close(chip);
}

void answer_step(void)
{
	const char *driver = NULL;
	int chip = gpiochip_open(true, &driver);
	int in = chip < 0 ? -1 : request_input(chip, QUESTION);
	int out = in < 0 ? -1 : request_output(chip, ANSWER);

	if (out < 0) {
		step_failed("no doorbell: %s", strerror(errno));
		return;
	}
	if (fork() == 0) {
		answer_all(in, out);
		_exit(1);
	}
	step_ok("in the background, by %s", driver);
}
