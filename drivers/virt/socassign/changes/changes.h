/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of the device tree
 */
#ifndef _SOCASSIGN_CHANGES_H
#define _SOCASSIGN_CHANGES_H

int soca_changes_init(void);
void soca_changes_exit(void);

#endif /* _SOCASSIGN_CHANGES_H */
