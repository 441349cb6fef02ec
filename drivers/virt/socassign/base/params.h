/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's parameters; the administrator can change them at any time
 */
#ifndef _SOCASSIGN_PARAMS_H
#define _SOCASSIGN_PARAMS_H

#include <linux/types.h>

extern bool soca_unsafe_dma;
extern bool soca_strict_pages;
extern bool soca_kernel_access;
extern bool soca_revoke_on_sleep;
extern unsigned int soca_storm_limit;

#endif /* _SOCASSIGN_PARAMS_H */
