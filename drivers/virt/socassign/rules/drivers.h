/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drivers of the host's that can let go of a device
 */
#ifndef _SOCASSIGN_DRIVERS_H
#define _SOCASSIGN_DRIVERS_H

struct device;
struct soca_set;

const char *soca_driver_rule(const struct soca_set *set, struct device *dev);

#endif /* _SOCASSIGN_DRIVERS_H */
