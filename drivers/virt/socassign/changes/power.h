/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine goes to sleep, or down
 */
#ifndef _SOCASSIGN_CHANGES_POWER_H
#define _SOCASSIGN_CHANGES_POWER_H

int soca_power_init(void);
void soca_power_exit(void);

#endif /* _SOCASSIGN_CHANGES_POWER_H */
