/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reserved memory
 */
#ifndef _SOCASSIGN_RESERVED_H
#define _SOCASSIGN_RESERVED_H

#include "tree/span.h"

struct device_node;
struct soca_reason;

bool soca_reserved_span(struct device_node *np, struct soca_span *span);
const struct device_node *soca_reserved_at(struct soca_span span,
					   const struct device_node *except);
int soca_check_reserved(struct device_node *np, u32 flags,
			struct soca_reason *reason);

#endif /* _SOCASSIGN_RESERVED_H */
