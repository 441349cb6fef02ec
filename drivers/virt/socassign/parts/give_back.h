/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a device back to whom it was taken from
 */
#ifndef _SOCASSIGN_GIVE_BACK_H
#define _SOCASSIGN_GIVE_BACK_H

#include "tree/bound.h"

void soca_device_give_back(struct device *dev, enum soca_origin origin,
			   const bool *is_waited_for);

#endif /* _SOCASSIGN_GIVE_BACK_H */
