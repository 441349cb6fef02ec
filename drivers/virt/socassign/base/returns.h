/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices on their way back to the host
 */
#ifndef _SOCASSIGN_RETURNS_H
#define _SOCASSIGN_RETURNS_H

#include <linux/types.h>

struct work_struct;

void soca_return_queue(struct work_struct *work);
void soca_return_done(void);
bool soca_returns_any(void);
void soca_returns_flush(void);
bool soca_returns_settle(void);
int soca_returns_init(void);
void soca_returns_exit(void);

#endif /* _SOCASSIGN_RETURNS_H */
