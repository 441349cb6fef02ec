/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of the host by their nodes
 */
#ifndef _SOCASSIGN_TREE_DEVICES_H
#define _SOCASSIGN_TREE_DEVICES_H

#include <linux/of.h>
#include <linux/types.h>

struct device;

bool soca_bus_is_known(const struct device *dev);
struct device *soca_device_find(const struct device_node *np);
int soca_known_init(void);
void soca_known_exit(void);

/* Of_platform has made something of it, or the kernel runs it, on whatever bus. */
static inline bool soca_node_is_populated(const struct device_node *np)
{
	return of_node_check_flag(np, OF_POPULATED) || READ_ONCE(np->fwnode.dev);
}

#endif /* _SOCASSIGN_TREE_DEVICES_H */
