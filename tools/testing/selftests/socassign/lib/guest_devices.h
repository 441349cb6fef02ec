/* SPDX-License-Identifier: GPL-2.0 */
/* What a board has for a guest, whichever VMM it runs under. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_DEVICES_H
#define _SELFTESTS_SOCASSIGN_GUEST_DEVICES_H

#include <stdbool.h>

/* Nodes, and what the guest's drivers say of them. */
struct guest_devices {
	const char *rtc;		/* an RTC, or the bus that it is on */
	const char *rtc_with;		/* what else is in its pages, or NULL */
	const char *rtc_driver;		/* what the guest has for the RTC */
	bool rtc_alarm;
	const char *gpio;
	const char *gpio_driver;
	const char *gpio_host;		/* its driver in the host, or NULL */
	int cycles;			/* what takes minutes, not more */
};

const struct guest_devices *guest_devices(void);

/* The numbers of "interrupts FROM to TO" in a line of a guest's. */
bool guest_interrupts(const char *line, unsigned long *from,
		      unsigned long *to);

#endif
