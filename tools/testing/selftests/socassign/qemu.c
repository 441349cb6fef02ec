// SPDX-License-Identifier: GPL-2.0
/*
 * Guests under QEMU's -device assigned-soc-dev (samples/socassign/qemu): what socvmm
 * has not, or has another way.  For what is the same see guest.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "lib/guest_qemu.h"
#include "lib/guest_rtc.h"

#define SECONDS		600	/* for a test; against hangs only */
#define SLOW_SECONDS	1800	/* emulation in an emulation */
#define DEVICE		QEMU_DEVICE
#define BENCH		"guest: bench: "

FIXTURE(qemu) {
	struct guest_rtc it;
};

FIXTURE_SETUP(qemu)
{
	guest_rtc_setup(_metadata, &self->it, &guest_qemu);
}

FIXTURE_TEARDOWN(qemu)
{
	guest_rtc_teardown(_metadata, &self->it);
}

/* Each access and each interrupt is QEMU's work, and so is the interrupt's end. */
TEST_F_TIMEOUT(qemu, does_without_kvm, SLOW_SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,alarm,bench", .emulated = true,
		.assign = { GUEST_RTC(it) },
	});
	guest_rtc_is_used(_metadata, it);
	ASSERT_TRUE(guest_prints(&it->guest, BENCH));
	EXPECT_LE(8, atol(guest_line(&it->guest) + strlen(BENCH)));
	guest_rtc_ends(_metadata, it);
}

TEST_F_TIMEOUT(qemu, has_two_cpus, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = GUEST_RTC_USE(it), .assign = { GUEST_RTC(it) },
		.args = { "-smp", "2" },
	});
	guest_rtc_is_used(_metadata, it);
	guest_rtc_ends(_metadata, it);
}

/* The overlay finds the node where the host has it. */
TEST_F_TIMEOUT(qemu, has_it_where_the_host_has, SECONDS)
{
	struct guest_rtc *it = &self->it;
	struct guest_assign rtc = GUEST_RTC(it);

	SKIP_IF(it->skip);
	rtc.more = "identity=on,overlay=/guest/identity.dtbo";
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,alarm,model", .assign = { rtc },
	});
	guest_rtc_is_used(_metadata, it);
	EXPECT_TRUE(guest_prints(&it->guest, "guest: model: ok identity"));
	guest_rtc_ends(_metadata, it);
}

/* How often the VMM's own thread slept and was woken, or -1. */
static long wakes_of(pid_t pid)
{
	char path[32], text[4096];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (sysfs_read(path, text, sizeof(text)))
		return -1;
	at = strstr(text, "\nvoluntary_ctxt_switches:");
	return at ? atol(strchr(at, ':') + 1) : -1;
}

/* What a vCPU does is its own thread's. */
TEST_F_TIMEOUT(qemu, is_not_woken_by_interrupts, SECONDS)
{
	struct guest_rtc *it = &self->it;
	long interrupts, before, after;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "wait,bench,wait", .assign = { GUEST_RTC(it) },
	});
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	before = wakes_of(it->guest.pid);
	ASSERT_LE(0, before);
	ASSERT_TRUE(guest_prints(&it->guest, BENCH));
	interrupts = atol(guest_line(&it->guest) + strlen(BENCH));
	after = wakes_of(it->guest.pid);
	TH_LOG("%ld wake-ups, %ld interrupts", after - before, interrupts);
	EXPECT_LE(8, interrupts);
	/* The line that was typed, and what it waited for a vCPU. */
	EXPECT_GT(interrupts, after - before);
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	guest_rtc_ends(_metadata, it);
}

/* Bad command lines, and what is not there: a status and a reason. */
FIXTURE(qemu_wrong) {
	const char *skip;
	struct guest guest;
};

FIXTURE_VARIANT(qemu_wrong) {
	const char *reason;
	const char *args[3];
};

#define WRONG_ARGS(_name, _reason, ...)					\
	FIXTURE_VARIANT_ADD(qemu_wrong, _name) {			\
		.reason = _reason,					\
		.args = { __VA_ARGS__ },				\
	}

WRONG_ARGS(no_device, "dev= is missing", "-device", DEVICE);
WRONG_ARGS(node_is_missing, "/nothing", "-device", DEVICE ",dev=/nothing");
/* The driver's own words. */
WRONG_ARGS(host_has_it, "a driver of the host's is bound to it",
	   "-device", DEVICE ",dev=/pl031@9010000");
WRONG_ARGS(node_is_memory, "memory, not a device",
	   "-device", DEVICE ",dev=/reserved-memory/guest@60000000");
WRONG_ARGS(overlay_is_missing, "/guest/nothing",
	   "-device",
	   DEVICE ",dev=/pl031@9010000,detach=on,overlay=/guest/nothing");
WRONG_ARGS(overlay_is_none, "overlay=/guest/initrd",
	   "-device",
	   DEVICE ",dev=/pl031@9010000,detach=on,overlay=/guest/initrd");
WRONG_ARGS(not_a_claim, "fd=0", "-device", DEVICE ",fd=0");
WRONG_ARGS(fd_and_dev, "fd= is a claim that has been made",
	   "-device", DEVICE ",fd=0,dev=/pl031@9010000");
WRONG_ARGS(to_be_migrated, "not migratable", "-only-migratable", "-device",
	   DEVICE ",dev=/pl031@9010000,detach=on");

FIXTURE_SETUP(qemu_wrong)
{
	self->guest = GUEST_NONE;
	self->skip = guest_missing(&guest_qemu);
}

FIXTURE_TEARDOWN(qemu_wrong)
{
	guest_close(&self->guest);
}

TEST_F_TIMEOUT(qemu_wrong, is_told, SECONDS)
{
	SKIP_IF(self->skip);
	struct guest_plan plan = { .run = "wait" };

	memcpy(plan.args, variant->args, sizeof(variant->args));
	ASSERT_EQ(0, guest_boot(&self->guest, &guest_qemu, &plan));
	EXPECT_EQ(1, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, "-device " DEVICE));
	EXPECT_NE(NULL, strstr(guest_told_line(&self->guest), variant->reason))
		TH_LOG("%s", guest_told_line(&self->guest));
	EXPECT_EQ(0, self->guest.out.len);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
