/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One DMA identity, struct soca_dma, and its set of windows
 */
#ifndef _SOCASSIGN_IDENTITY_H
#define _SOCASSIGN_IDENTITY_H

#include <linux/types.h>

struct device_node;
struct soca_dma;
struct soca_set;
struct soca_windows;

/* identity.c */
struct soca_dma *soca_dma_alloc(struct device_node *np, u32 entry, u32 id);
void soca_dma_free(struct soca_dma *dma);
void soca_dma_put_back(struct soca_dma *dma);
int soca_dma_add_user(const struct soca_set *set, struct soca_dma *dma,
		      struct device_node *np);
void soca_dma_find_keepers(const struct soca_set *set, struct soca_dma *dma);
bool soca_dma_is_kept_by(const struct soca_dma *dma,
			 const struct device_node *np);
bool soca_dma_is_kept_above(const struct soca_dma *dma,
			    const struct device_node *np);
bool soca_dma_is_kept_below(const struct soca_dma *dma,
			    const struct device_node *np);
void soca_dma_part(struct soca_dma *dma, const struct device_node *np);

/* window_set.c */
struct soca_windows *soca_windows_alloc(void);
struct soca_windows *soca_windows_copy(const struct soca_windows *windows);
void soca_windows_put_memory(struct soca_windows *windows);
unsigned int soca_windows_find(const struct soca_windows *windows, u64 iova,
			       u64 size);
bool soca_windows_overlap(const struct soca_windows *windows, u64 iova,
			  u64 size);

#endif /* _SOCASSIGN_IDENTITY_H */
