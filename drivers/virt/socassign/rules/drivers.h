/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drivers of the host's that can let go of a device
 */
#ifndef _SOCASSIGN_DRIVERS_H
#define _SOCASSIGN_DRIVERS_H

struct soca_node;
struct soca_set;

int soca_driver_check(const struct soca_set *set, const struct soca_node *node);

#endif /* _SOCASSIGN_DRIVERS_H */
