/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the machine stays up
 */
#ifndef _SOCASSIGN_MACHINE_H
#define _SOCASSIGN_MACHINE_H

#include <linux/types.h>

struct device_node;
struct soca_reason;

bool soca_machine_sleeps(void);
void soca_machine_wakes(void);
void soca_machine_ends(void);
bool soca_machine_has_ended(void);
int soca_machine_check(struct soca_reason *reason, const struct device_node *np);

#endif /* _SOCASSIGN_MACHINE_H */
