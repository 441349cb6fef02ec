/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of the host by their nodes
 */
#ifndef _SOCASSIGN_TREE_DEVICES_H
#define _SOCASSIGN_TREE_DEVICES_H

#include <linux/types.h>

struct device;
struct device_node;

bool soca_bus_is_known(const struct device *dev);
struct device *soca_device_find(const struct device_node *np);
int soca_known_init(void);
void soca_known_exit(void);

#endif /* _SOCASSIGN_TREE_DEVICES_H */
