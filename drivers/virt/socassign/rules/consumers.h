/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who outside a set depends on its nodes
 */
#ifndef _SOCASSIGN_CONSUMERS_H
#define _SOCASSIGN_CONSUMERS_H

struct soca_set;

int soca_check_consumers(const struct soca_set *set);

#endif /* _SOCASSIGN_CONSUMERS_H */
