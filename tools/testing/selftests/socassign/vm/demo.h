/* SPDX-License-Identifier: GPL-2.0 */
/* What both parts of the demo do and show.  Each ends the program if it fails. */
#ifndef _SOCASSIGN_DEMO_H
#define _SOCASSIGN_DEMO_H

#include <sys/types.h>

#include "../lib/claim.h"
#include "../lib/sysfs.h"

/* A device that a driver of the host's has at first. */
struct demo_device {
	const char *node;
	struct sysfs_device sysfs;
	char driver[256];
};

void die(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
void check(int ret, const char *what);

void find_device(struct demo_device *dev, const char *node);
void show_driver(const struct demo_device *dev);
/* The administrator's writes to sysfs are shown. */
void hand_out(const struct demo_device *dev);
void give_back(const struct demo_device *dev);

/* What INFO, REGION and IRQ tell of a claim. */
void show_claim(int fd);

/* What an ARP packet or a ping says. */
void show_frame(const void *frame);

/* Ping as the host, through the device. */
void show_host_ping(const struct demo_device *dev);

/* What it and its guest print goes to @output. */
pid_t start_vmm(const char *const *args, int output);

/* Partitions from a description: a demo of its own. */
void demo_partitions(void);

/* Part two: a bus master.  Steps 5 to 10, or the reason why there are none. */
void demo_dma(void);

#endif
