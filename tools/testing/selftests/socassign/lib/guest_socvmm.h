/* SPDX-License-Identifier: GPL-2.0 */
/* What only socvmm tells of a guest; see lib/guest.h. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_SOCVMM_H
#define _SELFTESTS_SOCASSIGN_GUEST_SOCVMM_H

#include "guest.h"

/* What socvmm counts: see --stats. */
struct guest_stats {
	unsigned long runs;
	unsigned long console;
	unsigned long other;
	unsigned long interrupted;
	unsigned long wakes;
};

bool guest_get_stats(struct guest *guest, struct guest_stats *stats);

#endif
