/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the user says of the guest's regions, clocks and lines
 */
#ifndef _SOCASSIGN_PLACE_H
#define _SOCASSIGN_PLACE_H

#include <stdbool.h>

#include "libsocassign.h"

/* Let @guest ask for it; false, with a message, if it is about no node. */
bool place_all(struct soca_tree_guest *guest);

/* After the build: was there a use for all of it?  False, with a message, if not. */
bool place_check(void);

#endif /* _SOCASSIGN_PLACE_H */
