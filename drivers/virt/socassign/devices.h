/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of the host by their nodes
 */
#ifndef _SOCASSIGN_DEVICES_H
#define _SOCASSIGN_DEVICES_H

struct device;
struct device_node;

struct device *soca_device_find(const struct device_node *np);
int soca_devices_init(void);
void soca_devices_exit(void);

#endif /* _SOCASSIGN_DEVICES_H */
