/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often a driver has let go of a device: it may be bound again by the time
 * that anybody looks.
 */
#ifndef _SELFTESTS_SOCASSIGN_UNBINDS_H
#define _SELFTESTS_SOCASSIGN_UNBINDS_H

#include "sysfs.h"

/* Only what happens from now on is counted; fd or a negative errno. */
int unbinds_open(void);

/* Of this device, since the last call; it forgets the others' as well. */
int unbinds_count(int fd, const struct sysfs_device *dev);

#endif
