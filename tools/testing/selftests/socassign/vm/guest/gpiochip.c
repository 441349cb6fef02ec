// SPDX-License-Identifier: GPL-2.0
/* Which GPIO controller is which: one may be a doorbell. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define MAX_CHIPS	8

static bool is_doorbell(unsigned int chip)
{
	char link[128], node[PATH_MAX];

	snprintf(link, sizeof(link),
		 "/sys/bus/gpio/devices/gpiochip%u/../of_node", chip);
	return realpath(link, node) && strstr(node, "doorbell@");
}

int gpiochip_open(bool doorbell, const char **driver)
{
	char path[64], device[PATH_MAX];

	for (unsigned int i = 0; i < MAX_CHIPS; i++) {
		int chip;

		snprintf(path, sizeof(path), "/dev/gpiochip%u", i);
		chip = open(path, O_RDWR | O_CLOEXEC);
		if (chip < 0 || is_doorbell(i) != doorbell) {
			close(chip);
			continue;
		}
		snprintf(path, sizeof(path),
			 "/sys/bus/gpio/devices/gpiochip%u/..", i);
		*driver = realpath(path, device) ? driver_of(device) :
						   "no driver";
		return chip;
	}
	return -1;
}
