/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PAMU, for the other floors
 */
#ifndef _SOCASSIGN_PAMU_PROBE_H
#define _SOCASSIGN_PAMU_PROBE_H

#include <linux/types.h>

#include "hw/dma.h"

#ifdef CONFIG_FSL_PAMU
bool soca_pamu_running(void);
int soca_pamu_init(soca_fault_fn report);
void soca_pamu_exit(void);
#else
static inline bool soca_pamu_running(void)
{
	return false;
}

static inline int soca_pamu_init(soca_fault_fn report)
{
	return 0;
}

static inline void soca_pamu_exit(void)
{
}
#endif

#endif /* _SOCASSIGN_PAMU_PROBE_H */
