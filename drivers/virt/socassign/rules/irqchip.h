/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt controllers that somebody uses
 */
#ifndef _SOCASSIGN_IRQCHIP_H
#define _SOCASSIGN_IRQCHIP_H

#include <linux/types.h>

struct device_node;

bool soca_is_irqchip(struct device_node *np, bool driven);

#endif /* _SOCASSIGN_IRQCHIP_H */
