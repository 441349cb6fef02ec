/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What devices can do to memory
 */
#ifndef _SOCASSIGN_DMA_CLASS_H
#define _SOCASSIGN_DMA_CLASS_H

#include <linux/types.h>

struct device_node;
struct soca_set;

int soca_classify(struct soca_set *set);
bool soca_is_guarded(const struct device_node *np);
int soca_may_declare_none(const struct device_node *np);
u32 soca_dma_class_of(const struct device_node *np, bool declared);

#endif /* _SOCASSIGN_DMA_CLASS_H */
