/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers that it takes to make a device quiet
 */
#ifndef _SOCASSIGN_QUIESCE_MAP_H
#define _SOCASSIGN_QUIESCE_MAP_H

#include <linux/list.h>

#include "tree/span.h"

struct device_node;

/**
 * struct soca_quiesce_map - Registers, mapped
 * @hash: Among all of them, by @span
 * @users: How many want it
 * @span: Their addresses
 * @regs: Where they are
 */
struct soca_quiesce_map {
	struct hlist_node hash;		/* soca_quiesce_lock */
	unsigned int users;		/* soca_quiesce_lock */
	struct soca_span span;
	void __iomem *regs;
};

/* quiesce_map.c */
struct soca_quiesce_map *soca_quiesce_map_get(struct soca_span span);
void soca_quiesce_map_put(struct soca_quiesce_map *map);

/* quiesce.c */
int soca_quiesce_prepare(struct device_node *np,
			 struct soca_quiesce_map **map);

#endif /* _SOCASSIGN_QUIESCE_MAP_H */
