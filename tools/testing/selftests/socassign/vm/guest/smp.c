// SPDX-License-Identifier: GPL-2.0
/* Several CPUs: one goes and comes; the RTC's interrupts are told which to take. */
#include <stdio.h>
#include <unistd.h>

#include "../../lib/procirq.h"
#include "../../lib/sysfs.h"
#include "guest.h"

#define CPU	1
#define ONLINE	"/sys/devices/system/cpu/cpu1/online"

static bool moves_to_cpu(unsigned int irq)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity_list", irq);
	return !sysfs_write(path, "1");
}

void hotplug_step(void)
{
	if (sysfs_write(ONLINE, "0") || sysfs_write(ONLINE, "1"))
		step_failed("CPU 1 does not go, or does not come back");
	else
		step_ok("CPU 1 was away");
}

void smp_step(void)
{
	struct procirq before, after;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		step_failed("there is one CPU");
	else if (rtc_line(&before) || !moves_to_cpu(before.irq))
		step_failed("the RTC's interrupt cannot be moved");
	else if (!rtc_interrupts() || rtc_line(&after))
		step_failed("the RTC does not interrupt");
	else
		step_ok("%ld CPUs, of CPU 1: interrupts %lu to %lu",
			sysconf(_SC_NPROCESSORS_ONLN),
			procirq_on(&before, CPU), procirq_on(&after, CPU));
}
