/* SPDX-License-Identifier: GPL-2.0 */
/* What is held at present, by anybody: what a failure may have left behind. */
#ifndef _SELFTESTS_SOCASSIGN_HELD_H
#define _SELFTESTS_SOCASSIGN_HELD_H

#include <stdbool.h>

struct held {
	long module;	/* users of the module: claims, memory objects, quarantine */
	int fds;	/* open descriptors of this process */
	long pages;	/* of the machine's, pinned for DMA */
};

void held_now(struct held *held);

/* Wait until it is as before: what a claim held goes after its close. */
bool held_as_before(const struct held *before);

#endif
