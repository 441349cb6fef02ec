/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that is given the board's RTC: what is found before, what the guest does,
 * and what there must be afterwards, whichever VMM it runs under; after the harness.
 */
#ifndef _SELFTESTS_SOCASSIGN_GUEST_RTC_H
#define _SELFTESTS_SOCASSIGN_GUEST_RTC_H

#include <string.h>

#include "board.h"
#include "claim.h"
#include "guest.h"
#include "guest_devices.h"
#include "guest_steps.h"
#include "handed.h"
#include "hostrtc.h"
#include "sysfs.h"
#include "testmod.h"

struct guest_rtc {
	const char *skip;		/* why there is no such guest, or NULL */
	const struct guest_vmm *vmm;
	const struct guest_devices *devices;
	struct guest guest;
	struct sysfs_device rtc;
	char driver[64];		/* of the host's */
	bool is_handed_out;		/* by the administrator */
	struct handed handed;		/* by the test */
};

static inline void guest_rtc_setup(struct __test_metadata *_metadata,
				   struct guest_rtc *it,
				   const struct guest_vmm *vmm)
{
	it->vmm = vmm;
	it->guest = GUEST_NONE;
	it->devices = guest_devices();
	it->skip = guest_missing(vmm);
	if (it->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, sysfs_find(it->devices->rtc, &it->rtc));
	ASSERT_EQ(0, sysfs_driver(&it->rtc, it->driver, sizeof(it->driver)));
}

/* Whatever the test did: the host's driver has it again, and works. */
static inline void guest_rtc_teardown(struct __test_metadata *_metadata,
				      struct guest_rtc *it)
{
	guest_close(&it->guest);
	if (it->skip)
		return;
	hand_over_end(&it->handed);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	if (it->is_handed_out)
		EXPECT_EQ(0, sysfs_move(&it->rtc, it->driver));
	EXPECT_TRUE(sysfs_wait_driver(&it->rtc, it->driver));
	EXPECT_TRUE(hostrtc_works(&it->rtc));
}

/* The RTC, out of the hands of the host's driver. */
#define GUEST_RTC(_it)							\
	{ .nodes = { (_it)->devices->rtc }, .flags = SOCASSIGN_DETACH }

static inline void guest_rtc_boots(struct __test_metadata *_metadata,
				   struct guest_rtc *it,
				   const struct guest_plan *plan)
{
	guest_boots(_metadata, &it->guest, it->vmm, plan);
}

static inline void guest_rtc_ends(struct __test_metadata *_metadata,
				  struct guest_rtc *it)
{
	guest_ends(_metadata, &it->guest);
}

/* What the guest does with it, for guest_rtc_is_used(). */
#define GUEST_RTC_USE(_it)	((_it)->devices->rtc_alarm ? "rtc,alarm" : "rtc")

/* It has the right time, by its own driver, and interrupts come. */
static inline void guest_rtc_is_used(struct __test_metadata *_metadata,
				     struct guest_rtc *it)
{
	unsigned long from, to;

	ASSERT_TRUE(guest_prints(&it->guest, "guest: rtc: ok 20"));
	EXPECT_NE(NULL, strstr(guest_line(&it->guest), it->devices->rtc_driver));
	if (it->devices->rtc_alarm)
		ASSERT_TRUE(guest_prints(&it->guest, "guest: alarm: ok"));
	ASSERT_TRUE(guest_interrupts(guest_line(&it->guest), &from, &to));
	EXPECT_LT(from, to);
}

#endif
