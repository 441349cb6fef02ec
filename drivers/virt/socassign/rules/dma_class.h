/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What devices can do to memory
 */
#ifndef _SOCASSIGN_DMA_CLASS_H
#define _SOCASSIGN_DMA_CLASS_H

#include <linux/types.h>

struct device_node;
struct soca_set;

/**
 * enum soca_word - What an administrator says of a device's DMA
 * @SOCA_WORD_NONE: It masters no bus
 * @SOCA_WORD_CONFINED: Whoever does DMA on its behalf is confined
 */
enum soca_word {
	SOCA_WORD_NONE		= 1 << 0,
	SOCA_WORD_CONFINED	= 1 << 1,
};

int soca_classify(struct soca_set *set);
bool soca_is_guarded(const struct device_node *np);
int soca_may_declare(const struct device_node *np, u32 word);
u32 soca_dma_class_of(const struct device_node *np, u32 words);

#endif /* _SOCASSIGN_DMA_CLASS_H */
