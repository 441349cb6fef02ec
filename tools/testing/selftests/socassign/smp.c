// SPDX-License-Identifier: GPL-2.0
/*
 * Guests with several CPUs: each has a thread, PSCI or a spin table starts it, and a
 * device interrupts the one that the guest wants.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness.h"
#include "lib/guest_rtc.h"
#include "lib/guest_socvmm.h"

#define SECONDS		600	/* for a test; against hangs only */
#define MAX_CPUS	8	/* of a guest of socvmm's */
#define HOST_CPU1	"/sys/devices/system/cpu/cpu1/online"

/* What the second CPU can do: on an e500 no kernel can take it away. */
static const char *steps(const struct guest_rtc *it)
{
	return it->devices->cpu_goes ? "rtc,alarm,hotplug,smp" : "rtc,smp";
}

FIXTURE(smp) {
	struct guest_rtc it;
};

FIXTURE_SETUP(smp)
{
	guest_rtc_setup(_metadata, &self->it, &guest_socvmm);
}

FIXTURE_TEARDOWN(smp)
{
	sysfs_write(HOST_CPU1, "1");
	guest_rtc_teardown(_metadata, &self->it);
}

/* The second CPU took what was sent to it. */
static void smp_works(struct __test_metadata *_metadata, struct guest *guest)
{
	unsigned long from, to;

	ASSERT_TRUE(guest_prints(guest, "guest: smp: ok 2 CPUs"));
	ASSERT_TRUE(guest_interrupts(guest_line(guest), &from, &to));
	EXPECT_LT(from, to);
}

TEST_F_TIMEOUT(smp, interrupts_come_to_the_second_cpu, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = steps(it), .args = { "--cpus", "2" },
		.assign = { GUEST_RTC(it) },
	});
	guest_rtc_is_used(_metadata, it);
	if (it->devices->cpu_goes)
		EXPECT_TRUE(guest_prints(&it->guest, "guest: hotplug: ok"));
	smp_works(_metadata, &it->guest);
	guest_rtc_ends(_metadata, it);
}

/* All of its CPUs stop, whichever was told to reboot; and so the second time. */
TEST_F_TIMEOUT(smp, reboots, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "smp,wait,reboot", .reboots = true, .args = { "--cpus", "2" },
		.assign = { GUEST_RTC(it) },
	});
	smp_works(_metadata, &it->guest);
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	ASSERT_TRUE(guest_prints(&it->guest, "guest: up"));
	smp_works(_metadata, &it->guest);
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	EXPECT_EQ(it->vmm->terminated, guest_stop(&it->guest, SIGTERM));
}

/* Its CPUs share what is left of the machine, and find nothing where the device was. */
TEST_F_TIMEOUT(smp, goes_on_without_its_device, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "smp,spin,wait,echo", .append = "quiet loglevel=0",
		.args = { "--cpus", "2" }, .assign = { GUEST_RTC(it) },
	});
	smp_works(_metadata, &it->guest);
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	ASSERT_EQ(0, sysfs_unbind(&it->rtc));
	EXPECT_TRUE(guest_is_told(&it->guest, ": the host has taken it away"));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	ASSERT_TRUE(guest_prints(&it->guest, "guest: echo: waits"));
	ASSERT_TRUE(guest_type(&it->guest, "hello\n"));
	EXPECT_TRUE(guest_prints(&it->guest, "guest: echo: ok hello"));
	guest_rtc_ends(_metadata, it);
	ASSERT_EQ(0, sysfs_move(&it->rtc, it->driver));
}

/* One of the host's goes: both of the guest's are where the device's interrupt is. */
TEST_F_TIMEOUT(smp, a_cpu_of_the_host_goes_and_comes, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "smp,wait,bench,wait,smp", .args = { "--cpus", "2" },
		.assign = { GUEST_RTC(it) },
	});
	smp_works(_metadata, &it->guest);
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	if (sysfs_write(HOST_CPU1, "0"))
		SKIP(return, "CPU 1 of the host cannot be taken offline");
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	EXPECT_TRUE(guest_prints(&it->guest, "guest: bench: "));
	EXPECT_NE(NULL, strstr(guest_line(&it->guest), " interrupts"));
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	ASSERT_EQ(0, sysfs_write(HOST_CPU1, "1"));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	smp_works(_metadata, &it->guest);
	guest_rtc_ends(_metadata, it);
}

static int kvm_max_vcpus(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int max = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);

	close(kvm);
	return max;
}

TEST_F_TIMEOUT(smp, has_no_more_than_kvm_makes, SECONDS)
{
	struct guest_rtc *it = &self->it;
	char num[16], rule[64];
	int max = kvm_max_vcpus();

	SKIP_IF(it->skip);
	if (max >= MAX_CPUS)
		SKIP(return, "KVM makes %d CPUs, more than socvmm takes", max);
	snprintf(num, sizeof(num), "%d", max + 1);
	snprintf(rule, sizeof(rule), "--cpus %d: KVM makes up to %d here",
		 max + 1, max);
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = "rtc", .args = { "--cpus", num },
		.assign = { GUEST_RTC(it) },
	}));
	EXPECT_TRUE(guest_is_told(&it->guest, rule));
	EXPECT_EQ(1, guest_end(&it->guest));
}

/* Command lines that make no sense. */
FIXTURE(number) {
	struct guest guest;
};

FIXTURE_VARIANT(number) {
	const char *args[9];
	const char *rule;
};

FIXTURE_VARIANT_ADD(number, none) {
	.args = { "--cpus", "0" },
	.rule = "--cpus 0: not a number from 1 to 8",
};

FIXTURE_VARIANT_ADD(number, too_many) {
	.args = { "--cpus", "9" },
	.rule = "--cpus 9: not a number from 1 to 8",
};

FIXTURE_VARIANT_ADD(number, word) {
	.args = { "--cpus", "two" },
	.rule = "--cpus two: not a number from 1 to 8",
};

FIXTURE_VARIANT_ADD(number, places) {
	.args = { "--kernel", "/guest/kernel", "--mem", "80M",
		  "--cpus", "2", "--cpu", "/cpus/cpu@0" },
	.rule = "--cpu: is there 1 times, for 2 CPUs",
};

FIXTURE_SETUP(number)
{
	self->guest = GUEST_NONE;
}

FIXTURE_TEARDOWN(number)
{
	guest_close(&self->guest);
}

TEST_F_TIMEOUT(number, is_told, SECONDS)
{
	if (access(guest_socvmm.path, X_OK))
		SKIP(return, "no %s", guest_socvmm.path);
	ASSERT_EQ(0, guest_start(&self->guest, &guest_socvmm, NULL,
				 variant->args));
	EXPECT_TRUE(guest_is_told(&self->guest, variant->rule));
	EXPECT_EQ(2, guest_end(&self->guest));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
