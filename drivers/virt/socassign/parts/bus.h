/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The drivers on the platform and AMBA buses
 */
#ifndef _SOCASSIGN_BUS_H
#define _SOCASSIGN_BUS_H

#include <linux/types.h>

struct attribute_group;
struct device;
struct device_driver;
struct device_node;

#define SOCA_DRIVER_NAME "socassign"

bool soca_was_made(struct device *dev);
struct device *soca_host_above(const struct device_node *np);
struct device_driver *soca_driver_for(const struct device *dev);
bool soca_bus_wants(struct device *dev);
int soca_bus_init(const struct attribute_group *attrs);
void soca_bus_exit(void);

#endif /* _SOCASSIGN_BUS_H */
