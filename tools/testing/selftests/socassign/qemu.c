// SPDX-License-Identifier: GPL-2.0
/*
 * Guests under QEMU's -device assigned-soc-dev (samples/socassign/qemu): the same
 * guest as under socvmm (guest.c), which must come to the same.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/guest_devices.h"
#include "lib/guest_qemu.h"
#include "lib/handed.h"
#include "lib/hostrtc.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define SECONDS		600	/* for a test; against hangs only */
#define SLOW_SECONDS	1800	/* emulation in an emulation */
#define DEVICE		"assigned-soc-dev"
#define BENCH		"guest: bench: "
#define CYCLES		20

/* As QEMU_ALONE; and the overlay finds the node where the host has it. */
#define AT_THE_HOSTS	"identity=on,overlay=/guest/identity.dtbo"

/* A node as -device takes it; valid for the next 3 calls. */
static const char *device(const char *node, const char *options)
{
	static char texts[4][256];
	static unsigned int next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof(texts[0]), DEVICE ",dev=%s,%s", node, options);
	return text;
}

FIXTURE(qemu) {
	const char *skip;
	const struct guest_devices *devices;
	struct guest guest;
	struct sysfs_device rtc;
	char rtc_driver[64];		/* of the host's */
	bool is_handed_out;		/* by the administrator */
	struct handed handed;		/* by the test */
};

FIXTURE_SETUP(qemu)
{
	self->guest = GUEST_NONE;
	self->devices = guest_devices();
	self->skip = qemu_missing();
	if (self->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	ASSERT_EQ(0, sysfs_find(self->devices->rtc, &self->rtc));
	ASSERT_EQ(0, sysfs_driver(&self->rtc, self->rtc_driver,
				  sizeof(self->rtc_driver)));
}

FIXTURE_TEARDOWN(qemu)
{
	guest_close(&self->guest);
	if (self->skip)
		return;
	hand_over_end(&self->handed);
	if (self->is_handed_out)
		EXPECT_EQ(0, sysfs_move(&self->rtc, self->rtc_driver));
	/* Whatever the test did: the host's driver has it again, and works. */
	EXPECT_TRUE(sysfs_wait_driver(&self->rtc, self->rtc_driver));
	EXPECT_TRUE(hostrtc_works(&self->rtc));
}

static void boot(struct __test_metadata *_metadata, struct guest *guest,
		 const struct guest_plan *plan)
{
	ASSERT_EQ(0, qemu_boot(guest, plan));
	ASSERT_TRUE(guest_prints(guest, "guest: up"));
}

/* The last step is done. */
static void ends(struct __test_metadata *_metadata, struct guest *guest)
{
	EXPECT_TRUE(guest_prints(guest, "guest: end"));
	EXPECT_EQ(0, guest_end(guest));
}

/* The time, and an alarm that interrupts. */
static void uses_the_rtc(struct __test_metadata *_metadata,
			 struct guest *guest,
			 const struct guest_devices *devices)
{
	unsigned long from, to;

	ASSERT_TRUE(guest_prints(guest, "guest: rtc: ok 20"));
	EXPECT_NE(NULL, strstr(guest_line(guest), devices->rtc_driver));
	ASSERT_TRUE(guest_prints(guest, "guest: alarm: ok"));
	ASSERT_TRUE(guest_interrupts(guest_line(guest), &from, &to));
	EXPECT_LT(from, to);
}

TEST_F_TIMEOUT(qemu, reads_the_rtc, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,alarm", .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," QEMU_ALONE),
		},
	});
	uses_the_rtc(_metadata, &self->guest, self->devices);
	ends(_metadata, &self->guest);
}

/* Each access and each interrupt is QEMU's work, and so is the interrupt's end. */
TEST_F_TIMEOUT(qemu, does_without_kvm, SLOW_SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, qemu_boot_tcg(&self->guest, &(struct guest_plan) {
		.run = "rtc,alarm,bench", .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," QEMU_ALONE),
		},
	}));
	ASSERT_TRUE(guest_prints(&self->guest, "guest: up"));
	uses_the_rtc(_metadata, &self->guest, self->devices);
	ASSERT_TRUE(guest_prints(&self->guest, BENCH));
	EXPECT_LE(8, atol(guest_line(&self->guest) + strlen(BENCH)));
	ends(_metadata, &self->guest);
}

/* Several devices, the user's edit of the tree, and two vCPUs. */
TEST_F_TIMEOUT(qemu, has_it_all, SECONDS)
{
	SKIP_IF(self->skip);
	const struct guest_devices *devices = self->devices;
	struct sysfs_device gpio;

	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,alarm,gpio,model", .args = {
			"-smp", "2",
			"-device", device(devices->rtc,
					  "detach=on," QEMU_ALONE),
			"-device", device(devices->gpio,
					  "detach=on,overlay=/guest/model.dtbo"),
		},
	});
	uses_the_rtc(_metadata, &self->guest, devices);
	EXPECT_TRUE(guest_prints(&self->guest, "guest: gpio: ok"));
	EXPECT_NE(NULL, strstr(guest_line(&self->guest), devices->gpio_driver));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: model: ok edited"));
	ends(_metadata, &self->guest);
	ASSERT_EQ(0, sysfs_find(devices->gpio, &gpio));
	EXPECT_TRUE(sysfs_wait_driver(&gpio, devices->gpio_host));
}

TEST_F_TIMEOUT(qemu, has_it_where_the_host_has, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,alarm,model", .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," AT_THE_HOSTS),
		},
	});
	uses_the_rtc(_metadata, &self->guest, self->devices);
	EXPECT_TRUE(guest_prints(&self->guest, "guest: model: ok identity"));
	ends(_metadata, &self->guest);
}

/* Devices that belong together. */
TEST_F_TIMEOUT(qemu, has_one_claim_of_several, SECONDS)
{
	SKIP_IF(self->skip);
	const struct guest_devices *devices = self->devices;
	struct sysfs_device gpio;
	char nodes[128];

	snprintf(nodes, sizeof(nodes), "%s:%s", devices->rtc, devices->gpio);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,alarm,gpio", .args = {
			"-device", device(nodes,
					  "detach=on," QEMU_ALONE),
		},
	});
	uses_the_rtc(_metadata, &self->guest, devices);
	EXPECT_TRUE(guest_prints(&self->guest, "guest: gpio: ok"));
	EXPECT_NE(NULL, strstr(guest_line(&self->guest), devices->gpio_driver));
	ends(_metadata, &self->guest);
	ASSERT_EQ(0, sysfs_find(devices->gpio, &gpio));
	EXPECT_TRUE(sysfs_wait_driver(&gpio, devices->gpio_host));
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
TEST_F_TIMEOUT(qemu, interrupts_do_not_wake_it, SECONDS)
{
	SKIP_IF(self->skip);
	long interrupts, before, after;

	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "wait,bench,wait", .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," QEMU_ALONE),
		},
	});
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_type(&self->guest, "\n"));
	before = wakes_of(self->guest.pid);
	ASSERT_LE(0, before);
	ASSERT_TRUE(guest_prints(&self->guest, BENCH));
	interrupts = atol(guest_line(&self->guest) + strlen(BENCH));
	after = wakes_of(self->guest.pid);
	TH_LOG("%ld wake-ups, %ld interrupts", after - before, interrupts);
	EXPECT_LE(8, interrupts);
	/* The line that was typed, and what it waited for a vCPU. */
	EXPECT_GT(interrupts, after - before);
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_type(&self->guest, "\n"));
	ends(_metadata, &self->guest);
}

/* Another than root, who was handed the claim and may use KVM. */
TEST_F_TIMEOUT(qemu, is_nobody_with_a_claim, SECONDS)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->devices->rtc, SOCASSIGN_DETACH);
	char option[64];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, hand_over(&self->handed, &fd, 1));
	snprintf(option, sizeof(option), DEVICE ",%s," QEMU_ALONE,
		 self->handed.text[0]);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,alarm", .as = who_nobody,
		.args = { "-device", option },
	});
	handed_over(&self->handed);
	uses_the_rtc(_metadata, &self->guest, self->devices);
	ends(_metadata, &self->guest);
}

/* The claim stays; the devices start anew, where the driver knows how. */
TEST_F_TIMEOUT(qemu, reboots, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,alarm,reboot", .reboots = true, .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," QEMU_ALONE),
		},
	});
	uses_the_rtc(_metadata, &self->guest, self->devices);
	EXPECT_TRUE(guest_prints(&self->guest, "guest: up"));
	uses_the_rtc(_metadata, &self->guest, self->devices);
	EXPECT_EQ(0, guest_stop(&self->guest, SIGTERM));
}

/* The administrator asks for one device: he gets all, and nobody was killed. */
TEST_F_TIMEOUT(qemu, ends_when_asked_for_a_device, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "spin,wait", .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," QEMU_ALONE),
		},
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	ASSERT_EQ(0, sysfs_attr_write(&self->rtc, "remove_request", "1"));
	EXPECT_TRUE(guest_is_told(&self->guest, ": the host asks for it"));
	EXPECT_EQ(0, guest_end(&self->guest));
	EXPECT_TRUE(hostrtc_works(&self->rtc));
}

TEST_F_TIMEOUT(qemu, killed_at_work, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "spin,wait", .args = {
			"-device", device(self->devices->rtc,
					  "detach=on," QEMU_ALONE),
		},
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	EXPECT_EQ(128 + SIGKILL, guest_stop(&self->guest, SIGKILL));
}

/* A claim that is not given up would end it. */
TEST_F_TIMEOUT(qemu, many_of_them, 2 * SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, sysfs_move(&self->rtc, "socassign"));
	self->is_handed_out = true;
	for (int i = 0; i < CYCLES; i++) {
		ASSERT_EQ(0, qemu_boot(&self->guest, &(struct guest_plan) {
			.run = "wait", .append = "earlycon", .args = {
				"-device", device(self->devices->rtc,
						  QEMU_ALONE),
			},
		}));
		ASSERT_TRUE(guest_prints(&self->guest, "\n"));
		ASSERT_EQ(128 + SIGKILL, guest_stop(&self->guest, SIGKILL));
		guest_close(&self->guest);
	}
}

/* What the guest's driver says of a dead device is for its log. */
TEST_F_TIMEOUT(qemu, goes_on_without_a_device, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, sysfs_move(&self->rtc, "socassign"));
	self->is_handed_out = true;
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,spin,wait,echo", .append = "quiet loglevel=0",
		.args = {
			"-device", device(self->devices->rtc,
					  QEMU_ALONE),
		},
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: rtc: ok"));
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait"));
	ASSERT_EQ(0, sysfs_unbind(&self->rtc));
	EXPECT_TRUE(guest_is_told(&self->guest, self->devices->rtc));
	EXPECT_TRUE(guest_is_told(&self->guest,
				  ": the host has taken it away"));
	/* The host has it while the guest still runs. */
	self->is_handed_out = false;
	ASSERT_EQ(0, sysfs_move(&self->rtc, self->rtc_driver));
	EXPECT_TRUE(hostrtc_works(&self->rtc));
	EXPECT_TRUE(guest_type(&self->guest, "\n"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: echo: waits"));
	EXPECT_TRUE(guest_type(&self->guest, "still here\n"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: echo: ok still here"));
	ends(_metadata, &self->guest);
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
	self->skip = qemu_missing();
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
	ASSERT_EQ(0, qemu_boot(&self->guest, &plan));
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
