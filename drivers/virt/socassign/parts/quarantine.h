/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a quarantine
 */
#ifndef _SOCASSIGN_QUARANTINE_H
#define _SOCASSIGN_QUARANTINE_H

struct soca_bound;

int soca_end_quarantine(struct soca_bound *bound);

#endif /* _SOCASSIGN_QUARANTINE_H */
