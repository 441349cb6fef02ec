/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a window is onto
 */
#ifndef _SOCASSIGN_WINDOW_SOURCE_H
#define _SOCASSIGN_WINDOW_SOURCE_H

struct file;
struct soca_claim;
struct soca_dma;
struct soca_reason;
struct soca_source;
struct socassign_dma_map;

int soca_source_find(struct file *file, const struct socassign_dma_map *cmd,
		     struct soca_source *source);
int soca_source_check(const struct soca_dma *dma,
		      const struct socassign_dma_map *cmd,
		      const struct file *file, int found,
		      struct soca_reason *reason,
		      const struct soca_source *source);
int soca_source_registers(struct soca_claim *claim, const struct soca_dma *dma,
			  const struct socassign_dma_map *cmd,
			  struct soca_reason *reason,
			  struct soca_source *source);

#endif /* _SOCASSIGN_WINDOW_SOURCE_H */
