/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PAMU, for the other floors
 */
#ifndef _SOCASSIGN_PAMU_PROBE_H
#define _SOCASSIGN_PAMU_PROBE_H

#include <linux/types.h>

struct soca_claim;

/*
 * Hears of an access that was blocked, by the claim's identity @index, at the DMA
 * address; @fault is enum socassign_fault.  Process context, under the backend's
 * locks.
 */
typedef void (*soca_fault_fn)(struct soca_claim *claim, u32 index, u64 address,
			      u32 fault);

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
