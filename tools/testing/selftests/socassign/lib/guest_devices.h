/* SPDX-License-Identifier: GPL-2.0 */
/* What a board has for a guest, whichever VMM it runs under. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_DEVICES_H
#define _SELFTESTS_SOCASSIGN_GUEST_DEVICES_H

#include <linux/types.h>
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
	const char *net;		/* an Ethernet controller */
	const char *net_iommu;		/* the property that says: behind an IOMMU */
	const char *net_host;		/* its driver in the host */
	const char *net_driver;		/* what the guest has for it */
	__u32 net_flags;		/* of a claim of it */
	bool net_scatters;		/* the IOMMU takes any memory */
	bool net_stops;			/* it can be told to, so it needs no reset */
	bool cpu_goes;			/* a CPU of the guest's can, and come back */
	int cycles;			/* what takes minutes, not more */
};

const struct guest_devices *guest_devices(void);

/* The numbers of "interrupts FROM to TO" in a line of a guest's. */
bool guest_interrupts(const char *line, unsigned long *from,
		      unsigned long *to);

#endif
