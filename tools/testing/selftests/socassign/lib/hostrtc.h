/* SPDX-License-Identifier: GPL-2.0 */
/* An RTC of the host's, in a device or on the bus that the device drives. */
#ifndef _SELFTESTS_SOCASSIGN_HOSTRTC_H
#define _SELFTESTS_SOCASSIGN_HOSTRTC_H

#include <linux/rtc.h>
#include <stdbool.h>

#include "sysfs.h"

/* Open it now; a descriptor, or -1 if there is none. */
int hostrtc_open(const struct sysfs_device *dev);

/* Ask it, once the host's driver is there; 0 or a negative errno. */
int hostrtc_read(const struct sysfs_device *dev, struct rtc_time *time);

/* The host's driver not only has the device: it works. */
bool hostrtc_works(const struct sysfs_device *dev);

#endif
