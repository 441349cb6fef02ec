/* SPDX-License-Identifier: GPL-2.0 */
/* The first process of a guest: what its devices can do, step by step. */
#ifndef SOCASSIGN_VM_GUEST_H
#define SOCASSIGN_VM_GUEST_H

#include <stdbool.h>
#include <stddef.h>

/* main.c: "guest: STEP: ...", "guest: STEP: ok ...", "guest: STEP: FAILED ..." */
void step_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void step_ok(const char *format, ...) __attribute__((format(printf, 1, 2)));
void step_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The name of the driver of a device in sysfs, or "no driver". */
const char *driver_of(const char *device);

struct procirq;

/* rtc.c */
void rtc_step(void);
void alarm_step(void);
void ticks_step(void);	/* does not return, unless one does not come */
void bench_step(void);
int rtc_line(struct procirq *line);	/* 0 or -ENOENT */
bool rtc_interrupts(void);		/* it is made to, and does */
void rtc_spin(void);	/* does not return, unless there is no RTC */

/* gpio.c */
void gpio_step(void);

/* gpiochip.c: the controller that is a doorbell, or is none, and its driver; or -1 */
int gpiochip_open(bool doorbell, const char **driver);

/* doorbell.c */
void ring_step(void);	/* until it is answered */
void answer_step(void);	/* in the background */

/* net.c */
void net_step(void);
void net_spin(void);	/* does not return, unless there is no network */

/* shared.c */
void shared_step(void);

/* smp.c */
void hotplug_step(void);
void smp_step(void);

/* fault.c */
void fault_step(void);

/* reserved.c */
void reserved_step(void);

#endif
