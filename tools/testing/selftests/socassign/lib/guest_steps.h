/* SPDX-License-Identifier: GPL-2.0 */
/* The first and the last step of a guest, which every test has; after the harness. */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_STEPS_H
#define _SELFTESTS_SOCASSIGN_GUEST_STEPS_H

#include "guest.h"

static inline void guest_boots(struct __test_metadata *_metadata,
			       struct guest *guest, const struct guest_vmm *vmm,
			       const struct guest_plan *plan)
{
	ASSERT_EQ(0, guest_boot(guest, vmm, plan));
	ASSERT_TRUE(guest_prints(guest, "guest: up"));
}

static inline void guest_ends(struct __test_metadata *_metadata,
			      struct guest *guest)
{
	EXPECT_TRUE(guest_prints(guest, "guest: end"));
	EXPECT_EQ(0, guest_end(guest));
}

#endif
