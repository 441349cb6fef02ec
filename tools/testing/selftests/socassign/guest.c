// SPDX-License-Identifier: GPL-2.0
/*
 * Guests: an unmodified Linux under socvmm, whose own drivers drive devices of
 * the board's.  What the guest does is vm/guest/main.c; here is what must come
 * of it: in the guest, in what socvmm says, and for the host afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/guest.h"
#include "lib/guest_devices.h"
#include "lib/handed.h"
#include "lib/hostnet.h"
#include "lib/hostrtc.h"
#include "lib/modem.h"
#include "lib/nic.h"
#include "lib/partition.h"
#include "lib/procsum.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define SECONDS		600	/* for a test; against hangs only */
#define LEAK		50	/* KiB */
#define BENCH		"guest: bench: "
#define IP_HOST		0x0a000210	/* 10.0.2.16; the guest is 10.0.2.15 */

/* A node as --assign takes it; valid for the next 3 calls. */
static const char *assign(const char *node, const char *options)
{
	static char texts[4][128];
	static unsigned int next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof(texts[0]), "%s%s", node, options);
	return text;
}

static bool says(const char *line, const char *text)
{
	return strstr(line, text);
}

FIXTURE(guest) {
	const char *skip;
	const struct guest_devices *devices;
	struct guest guest;
	struct sysfs_device rtc;
	char rtc_driver[64];		/* of the host's */
	bool is_handed_out;		/* by the administrator */
	struct handed handed;		/* by the test */
};

FIXTURE_SETUP(guest)
{
	self->guest = GUEST_NONE;
	self->devices = guest_devices();
	self->skip = guest_missing();
	if (self->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, sysfs_find(self->devices->rtc, &self->rtc));
	ASSERT_EQ(0, sysfs_driver(&self->rtc, self->rtc_driver,
				  sizeof(self->rtc_driver)));
}

FIXTURE_TEARDOWN(guest)
{
	guest_close(&self->guest);
	if (self->skip)
		return;
	hand_over_end(&self->handed);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	if (self->is_handed_out)
		EXPECT_EQ(0, sysfs_move(&self->rtc, self->rtc_driver));
	/* Whatever the test did: the host's driver has it again, and works. */
	EXPECT_TRUE(sysfs_wait_driver(&self->rtc, self->rtc_driver));
	EXPECT_TRUE(hostrtc_works(&self->rtc));
}

static void boot(struct __test_metadata *_metadata, struct guest *guest,
		 const struct guest_plan *plan)
{
	ASSERT_EQ(0, guest_boot(guest, plan));
	ASSERT_TRUE(guest_prints(guest, "guest: up"));
}

/* The last step is done. */
static void ends(struct __test_metadata *_metadata, struct guest *guest)
{
	EXPECT_TRUE(guest_prints(guest, "guest: end"));
	EXPECT_EQ(0, guest_end(guest));
}

TEST_F_TIMEOUT(guest, powers_off, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) { .run = "model" });
	EXPECT_TRUE(guest_prints(&self->guest, "guest: model: ok socvmm"));
	ends(_metadata, &self->guest);
}

static bool is_tree(const char *path)
{
	static const unsigned char magic[4] = { 0xd0, 0x0d, 0xfe, 0xed };
	unsigned char bytes[sizeof(magic)] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, bytes, sizeof(bytes));

	close(fd);
	unlink(path);
	return len == sizeof(bytes) && !memcmp(bytes, magic, sizeof(magic));
}

TEST_F_TIMEOUT(guest, memory_is_a_partition, SECONDS)
{
	SKIP_IF(self->skip);
	const char *partition = partition_node("guest");
	struct partition again;

	ASSERT_TRUE(!!partition);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "wait", .mem = partition,
		.args = { "--dump-dtb", "/tmp/guest.dtb" },
	});
	EXPECT_TRUE(is_tree("/tmp/guest.dtb"));
	EXPECT_EQ(-EBUSY, partition_claim(&again, partition, 0));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	EXPECT_TRUE(guest_type(&self->guest, "\n"));
	ends(_metadata, &self->guest);
	ASSERT_EQ(0, partition_claim(&again, partition, 0));
	partition_close(&again);
}

TEST_F_TIMEOUT(guest, reads_the_rtc, SECONDS)
{
	SKIP_IF(self->skip);
	const struct guest_devices *devices = self->devices;
	unsigned long from, to;

	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = devices->rtc_alarm ? "rtc,alarm" : "rtc",
		.args = { "--assign", assign(devices->rtc, ",detach") },
	});
	ASSERT_TRUE(guest_prints(&self->guest, "guest: rtc: ok 20"));
	EXPECT_TRUE(says(guest_line(&self->guest), devices->rtc_driver));
	if (devices->rtc_alarm)
		ASSERT_TRUE(guest_prints(&self->guest, "guest: alarm: ok"));
	ASSERT_TRUE(guest_interrupts(guest_line(&self->guest), &from, &to));
	EXPECT_LT(from, to);
	ends(_metadata, &self->guest);
}

/* Several devices, and the user's edit of the tree. */
TEST_F_TIMEOUT(guest, has_it_all, SECONDS)
{
	SKIP_IF(self->skip);
	const struct guest_devices *devices = self->devices;
	struct sysfs_device gpio;

	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,gpio,model",
		.args = { "--assign", assign(devices->rtc, ",detach"),
			  "--assign", assign(devices->gpio,
					devices->gpio_host ? ",detach" : ""),
			  "--overlay", "/guest/model.dtbo" },
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: rtc: ok"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: gpio: ok"));
	EXPECT_TRUE(says(guest_line(&self->guest), devices->gpio_driver));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: model: ok edited"));
	ends(_metadata, &self->guest);
	if (!devices->gpio_host)
		return;
	ASSERT_EQ(0, sysfs_find(devices->gpio, &gpio));
	EXPECT_TRUE(sysfs_wait_driver(&gpio, devices->gpio_host));
}

/*
 * An interrupt goes to the guest inside of the kernel.  So do accesses, where
 * no page is shared with somebody else.
 */
TEST_F_TIMEOUT(guest, interrupts_do_not_wake_the_vmm, SECONDS)
{
	SKIP_IF(self->skip);
	struct guest_stats before, after;
	unsigned long interrupts;

	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "wait,bench,wait",
		.args = { "--assign", assign(self->devices->rtc_pages,
					     ",detach") },
	});
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_get_stats(&self->guest, &before));
	ASSERT_TRUE(guest_type(&self->guest, "\n"));
	ASSERT_TRUE(guest_prints(&self->guest, BENCH));
	interrupts = atol(guest_line(&self->guest) + strlen(BENCH));
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_get_stats(&self->guest, &after));
	EXPECT_LE(8, interrupts);
	EXPECT_EQ(before.other, after.other);
	EXPECT_EQ(before.interrupted, after.interrupted);
	EXPECT_EQ(after.console - before.console, after.runs - before.runs);
	/* The line that was typed, and the two signals. */
	EXPECT_GE(4, after.wakes - before.wakes)
		TH_LOG("%lu wake-ups, %lu interrupts",
		       after.wakes - before.wakes, interrupts);
	ASSERT_TRUE(guest_type(&self->guest, "\n"));
	ends(_metadata, &self->guest);
}

/* Up to its "wait", on to the next one after a reboot: it has the same claims. */
static void reboot(struct __test_metadata *_metadata, struct guest *guest,
		   int num, const char *works)
{
	struct guest_claim before[4] = { 0 }, after[4] = { 0 };

	ASSERT_TRUE(guest_prints(guest, works));
	ASSERT_TRUE(guest_prints(guest, "guest: wait"));
	EXPECT_EQ(num, guest_claims(guest, before, 4));
	ASSERT_TRUE(guest_type(guest, "\n"));
	ASSERT_TRUE(guest_prints(guest, "guest: up"));
	ASSERT_TRUE(guest_prints(guest, works));
	ASSERT_TRUE(guest_prints(guest, "guest: wait"));
	EXPECT_EQ(num, guest_claims(guest, after, 4));
	for (int i = 0; i < num; i++) {
		EXPECT_EQ(before[i].fd, after[i].fd);
		EXPECT_EQ(before[i].inode, after[i].inode);
	}
}

TEST_F_TIMEOUT(guest, reboots, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,spin,wait,reboot", .reboots = true,
		.args = { "--assign", assign(self->devices->rtc, ",detach") },
	});
	reboot(_metadata, &self->guest, 1, "guest: rtc: ok");
	EXPECT_EQ(128 + SIGTERM, guest_stop(&self->guest, SIGTERM));
}

/* Who runs it has a descriptor, and no right to get another. */
TEST_F_TIMEOUT(guest, reboots_with_what_it_was_handed, SECONDS)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->devices->rtc, SOCASSIGN_DETACH);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, hand_over(&self->handed, &fd, 1));
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,spin,wait,reboot", .reboots = true,
		.as = who_nobody,
		.args = { "--no-kvm-check", "--assign", self->handed.text[0] },
	});
	handed_over(&self->handed);
	reboot(_metadata, &self->guest, 1, "guest: rtc: ok");
	EXPECT_EQ(128 + SIGTERM, guest_stop(&self->guest, SIGTERM));
}

/* Only a new claim brings it back to its start: whoever may make one does. */
TEST_F_TIMEOUT(guest, reboots_with_a_new_claim, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_TRUE(!!bench());
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "reboot", .reboots = true,
		.args = { "--assign", assign(bench()->asleep, ",no-dma") },
	});
	EXPECT_TRUE(guest_is_told(&self->guest, ": is claimed anew: "));
	EXPECT_TRUE(says(guest_told_line(&self->guest), "no reset line"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: up"));
	EXPECT_EQ(128 + SIGTERM, guest_stop(&self->guest, SIGTERM));
}

TEST_F_TIMEOUT(guest, cannot_reboot_without_a_new_claim, SECONDS)
{
	SKIP_IF(self->skip);
	int fd;

	ASSERT_TRUE(!!bench());
	fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, hand_over(&self->handed, &fd, 1));
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "reboot", .reboots = true, .as = who_nobody,
		.args = { "--no-kvm-check", "--assign", self->handed.text[0] },
	});
	handed_over(&self->handed);
	EXPECT_EQ(1, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, ": the guest cannot boot again: "));
	EXPECT_TRUE(says(guest_told_line(&self->guest), "no reset line"));
}

TEST_F_TIMEOUT(guest, reboot_is_the_end, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) { .run = "reboot" });
	EXPECT_EQ(0, guest_end(&self->guest));
}

TEST_F_TIMEOUT(guest, ends_on_ctrl_c, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "spin,wait",
		.args = { "--assign", assign(self->devices->rtc, ",detach") },
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	EXPECT_EQ(128 + SIGINT, guest_stop(&self->guest, SIGINT));
}

/* The administrator asks for one device: he gets all, and nobody was killed. */
TEST_F_TIMEOUT(guest, ends_when_asked_for_a_device, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "spin,wait",
		.args = { "--assign", assign(self->devices->rtc, ",detach") },
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	ASSERT_EQ(0, sysfs_attr_write(&self->rtc, "remove_request", "1"));
	EXPECT_TRUE(guest_is_told(&self->guest, ": the host asks for it"));
	EXPECT_EQ(0, guest_end(&self->guest));
	EXPECT_TRUE(hostrtc_works(&self->rtc));
}

TEST_F_TIMEOUT(guest, killed_at_work, SECONDS)
{
	SKIP_IF(self->skip);
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "spin,wait",
		.args = { "--assign", assign(self->devices->rtc, ",detach") },
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	EXPECT_EQ(128 + SIGKILL, guest_stop(&self->guest, SIGKILL));
}

/* KVM on e500 says so when the guest gets at registers before the VMM has heard. */
#define KVM_FINDS_NOTHING	"kvmppc_e500_shadow_map: pte not present"

/* What the guest's driver says of a dead device is for its log. */
TEST_F_TIMEOUT(guest, goes_on_without_a_device, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, sysfs_move(&self->rtc, "socassign"));
	self->is_handed_out = true;
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "rtc,spin,wait,echo", .append = "quiet loglevel=0",
		.args = { "--assign", self->devices->rtc },
	});
	EXPECT_TRUE(guest_prints(&self->guest, "guest: rtc: ok"));
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait"));
	expect_in_log(KVM_FINDS_NOTHING);
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

/*
 * Of the host's memory, what is free or could be; KiB.  What a CPU keeps for its
 * next allocations is free, too, and since 6.7 that may be megabytes.
 */
static long available(void)
{
	return procsum("/proc/meminfo", "MemAvailable:") +
	       procsum("/proc/zoneinfo", "count:") * (getpagesize() / 1024);
}

/* Started, and killed as soon as its kernel speaks. */
static void cycle(struct __test_metadata *_metadata, struct guest *guest,
		  const char *mem, const char *rtc)
{
	ASSERT_EQ(0, guest_boot(guest, &(struct guest_plan) {
		.run = "wait", .append = "earlycon", .mem = mem,
		.args = { "--assign", rtc },
	}));
	ASSERT_TRUE(guest_prints(guest, "\n"));
	ASSERT_EQ(128 + SIGKILL, guest_stop(guest, SIGKILL));
	guest_close(guest);
}

/*
 * The first ones fill caches.  A claim that is not given up would end it, and
 * 50 KiB that remain of each be too much.
 */
TEST_F_TIMEOUT(guest, many_of_them, 3 * SECONDS)
{
	SKIP_IF(self->skip);
	const char *partition = partition_node("guest");
	long before = 0, after;

	ASSERT_TRUE(!!partition);
	ASSERT_EQ(0, sysfs_move(&self->rtc, "socassign"));
	self->is_handed_out = true;
	for (int i = 0; i < self->devices->cycles; i++) {
		if (i == 5)
			before = available();
		cycle(_metadata, &self->guest, i % 4 ? "80M" : partition,
		      self->devices->rtc);
	}
	after = available();
	ASSERT_LT(0, before);
	EXPECT_LT(before - LEAK * (self->devices->cycles - 5), after);
	TH_LOG("%ld KiB of memory before, %ld KiB after", before, after);
}

/* Bad command lines, and what is not there: a status and a reason. */
FIXTURE(wrong) {
	const char *skip;
	struct guest guest;
};

FIXTURE_VARIANT(wrong) {
	int status;
	const char *reason;
	const char *args[GUEST_MAX_ARGS];
};

#define KERNEL	"--kernel", "/guest/kernel"
#define MEM	"--mem", "64M"

#define WRONG_ARGS(_name, _status, _reason, ...)			\
	FIXTURE_VARIANT_ADD(wrong, _name) {				\
		.status = _status, .reason = _reason,			\
		.args = { __VA_ARGS__ },				\
	}

WRONG_ARGS(no_kernel, 2, "--kernel", MEM);
WRONG_ARGS(no_memory, 2, "--mem", KERNEL);
WRONG_ARGS(memory_is_no_number, 2, "64Q", KERNEL, "--mem", "64Q");
WRONG_ARGS(unknown_option, 2, "", KERNEL, MEM, "--turbo");
WRONG_ARGS(not_an_option, 2, "turbo", KERNEL, MEM, "turbo");
/* It might be an alias. */
WRONG_ARGS(unknown_word, 1, "turbo", KERNEL, MEM, "--assign", "turbo");
WRONG_ARGS(unknown_console, 2, "teletype", KERNEL, MEM, "--console",
	   "teletype");
WRONG_ARGS(kernel_is_missing, 1, "/guest/nothing", "--kernel", "/guest/nothing",
	   MEM);
WRONG_ARGS(kernel_is_none, 1, "/guest/initrd", "--kernel", "/guest/initrd",
	   MEM);
WRONG_ARGS(initrd_is_missing, 1, "/guest/nothing", KERNEL, MEM, "--initrd",
	   "/guest/nothing");
WRONG_ARGS(overlay_is_missing, 1, "/guest/nothing", KERNEL, MEM, "--overlay",
	   "/guest/nothing");
WRONG_ARGS(overlay_is_none, 1, "/guest/initrd", KERNEL, MEM, "--overlay",
	   "/guest/initrd");
WRONG_ARGS(memory_is_too_small, 1, "--mem", KERNEL, "--mem", "1M");
WRONG_ARGS(partition_is_missing, 1, "/reserved-memory/nothing", KERNEL, "--mem",
	   "/reserved-memory/nothing");
WRONG_ARGS(node_is_missing, 1, "/nothing", KERNEL, MEM, "--assign", "/nothing");
WRONG_ARGS(node_is_memory, 1, "/reserved-memory", KERNEL, MEM, "--assign",
	   "/reserved-memory");
WRONG_ARGS(descriptor_is_no_number, 2, "fd=4x", KERNEL, MEM, "--assign", "fd=4x");
WRONG_ARGS(descriptor_is_named_twice, 2, "fd=4", KERNEL, "--mem", "fd=4",
	   "--assign", "fd=4");
WRONG_ARGS(descriptor_is_closed, 1, "fd=999", KERNEL, MEM, "--assign", "fd=999");
WRONG_ARGS(descriptor_is_no_claim, 1, "fd=0", KERNEL, MEM, "--assign", "fd=0");
WRONG_ARGS(descriptor_is_no_memory, 1, "fd=0", KERNEL, "--mem", "fd=0");

FIXTURE_SETUP(wrong)
{
	self->guest = GUEST_NONE;
	self->skip = guest_missing();
}

FIXTURE_TEARDOWN(wrong)
{
	guest_close(&self->guest);
}

TEST_F_TIMEOUT(wrong, is_told, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, guest_run(&self->guest, variant->args));
	EXPECT_EQ(variant->status, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, "socvmm: "));
	EXPECT_TRUE(says(guest_told_line(&self->guest), variant->reason))
		TH_LOG("%s", guest_told_line(&self->guest));
	EXPECT_EQ(0, self->guest.out.len);
}

/* Somebody else has the device: the host. */
TEST_F_TIMEOUT(guest, devices_of_the_hosts_stay_there, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, guest_boot(&self->guest, &(struct guest_plan) {
		.run = "rtc", .args = { "--assign", self->devices->rtc },
	}));
	EXPECT_EQ(1, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, self->devices->rtc));
	EXPECT_TRUE(sysfs_bound_to(&self->rtc, self->rtc_driver));
}

/* What it raised, and only the guest could quiet, would cost the host the line. */
TEST_F_TIMEOUT(guest, lines_of_the_hosts_stay_there, SECONDS)
{
	SKIP_IF(self->skip);
	int host;

	ASSERT_TRUE(!!bench());
	host = bench_use_host_line();
	ASSERT_LE(0, host);
	ASSERT_EQ(0, guest_boot(&self->guest, &(struct guest_plan) {
		.run = "rtc",
		.args = { "--assign", assign(bench()->host_line, ",no-dma") },
	}));
	EXPECT_EQ(1, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, "uses the same interrupt"));
	EXPECT_TRUE(says(guest_told_line(&self->guest), bench()->host_user));
	close(host);
}

/* Its page has registers of somebody else's, and the kernel may not help. */
TEST_F_TIMEOUT(guest, shared_page_needs_kernel_access, SECONDS)
{
	SKIP_IF(self->skip);
	const char *node = "/virtio_mmio@a000400,no-dma";

	ASSERT_EQ(0, board_set_param("kernel_access", "N"));
	if (strcmp(self->devices->rtc, self->devices->rtc_pages))
		node = assign(self->devices->rtc, ",detach");
	ASSERT_EQ(0, guest_boot(&self->guest, &(struct guest_plan) {
		.run = "rtc", .args = { "--assign", node },
	}));
	EXPECT_EQ(1, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, "kernel_access=Y"));
}

/* A UART of the board's is the console; socvmm's own streams are silent. */
FIXTURE(console) {
	const char *skip;
	struct guest guest;
	struct modem modem;
	struct guest far;		/* only its stream: the modem's */
};

FIXTURE_SETUP(console)
{
	self->guest = GUEST_NONE;
	self->far = GUEST_NONE;
	self->modem = MODEM_NONE;
	self->skip = guest_missing();
	if (!self->skip && !modem_uart())
		self->skip = "the board has no UART to spare";
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, modem_open(&self->modem));
	self->far.out.fd = dup(self->modem.fd);
	self->far.in = dup(self->modem.fd);
}

FIXTURE_TEARDOWN(console)
{
	guest_close(&self->guest);
	guest_close(&self->far);
	modem_close(&self->modem);
	if (!self->skip)
		EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

TEST_F_TIMEOUT(console, is_assigned, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, guest_boot(&self->guest, &(struct guest_plan) {
		.run = "echo",
		.args = { "--assign", assign(modem_uart(), modem_options()),
			  "--console", modem_uart() },
	}));
	EXPECT_TRUE(guest_prints(&self->far, "guest: up"));
	ASSERT_TRUE(guest_prints(&self->far, "guest: echo: waits"));
	ASSERT_TRUE(guest_type(&self->far, "over the wire\n"));
	EXPECT_TRUE(guest_prints(&self->far, "guest: echo: ok over the wire"));
	EXPECT_TRUE(guest_prints(&self->far, "guest: end"));
	EXPECT_EQ(0, guest_end(&self->guest));
	EXPECT_EQ(0, self->guest.out.len);
}

/* A bus master: the guest's memory, and nothing else, is there for it. */
FIXTURE(net) {
	const char *skip;
	struct guest guest;
	const struct nic_dev *dev;
	struct sysfs_device host;
	bool is_handed_out;
	struct handed handed;
};

FIXTURE_SETUP(net)
{
	self->guest = GUEST_NONE;
	self->dev = &nic_devs[0];
	self->skip = guest_missing();
	if (!self->skip && !nics_exist())
		self->skip = "the board has no bus master behind a PAMU";
	if (!self->skip)
		ASSERT_EQ(0, sysfs_find(self->dev->node, &self->host));
}

static int host_pings(const struct nic_dev *dev)
{
	struct hostnet net;
	int ret = hostnet_open(&net, dev->node);

	if (ret)
		return ret;
	ret = hostnet_ping_gateway(&net, IP_HOST);
	hostnet_down(&net);
	hostnet_close(&net);
	return ret;
}

FIXTURE_TEARDOWN(net)
{
	guest_close(&self->guest);
	if (self->skip)
		return;
	hand_over_end(&self->handed);
	if (self->is_handed_out)
		EXPECT_EQ(0, sysfs_move(&self->host, self->dev->driver));
	EXPECT_TRUE(sysfs_wait_driver(&self->host, self->dev->driver));
	EXPECT_EQ(0, host_pings(self->dev));
}

static void boot_net(struct __test_metadata *_metadata, struct guest *guest,
		     const struct nic_dev *dev, const char *run,
		     const char *options)
{
	boot(_metadata, guest, &(struct guest_plan) {
		.run = run, .append = "quiet loglevel=0",
		.mem = partition_node("guest"),
		.args = { "--assign", assign(dev->node, options) },
	});
}

TEST_F_TIMEOUT(net, pings, SECONDS)
{
	SKIP_IF(self->skip);
	unsigned long from, to;

	boot_net(_metadata, &self->guest, self->dev, "net", ",subtree,detach");
	ASSERT_TRUE(guest_prints(&self->guest, "guest: net: ok"));
	EXPECT_TRUE(says(guest_line(&self->guest), "fsl-gianfar"));
	ASSERT_TRUE(guest_interrupts(guest_line(&self->guest), &from, &to));
	EXPECT_LT(from, to);
	ends(_metadata, &self->guest);
}

/* In traffic: the device stops, and its windows are there again afterwards. */
TEST_F_TIMEOUT(net, reboots_with_what_it_was_handed, SECONDS)
{
	SKIP_IF(self->skip);
	const int fds[2] = {
		soc_claim(self->dev->node, SOCASSIGN_SUBTREE | SOCASSIGN_DETACH),
		soc_claim(partition_node("guest"), 0),
	};

	ASSERT_LE(0, fds[0]);
	ASSERT_LE(0, fds[1]);
	ASSERT_EQ(0, hand_over(&self->handed, fds, 2));
	boot(_metadata, &self->guest, &(struct guest_plan) {
		.run = "net,spin,wait,reboot", .append = "quiet loglevel=0",
		.mem = self->handed.text[1], .reboots = true, .as = who_nobody,
		.args = { "--no-kvm-check", "--assign", self->handed.text[0] },
	});
	handed_over(&self->handed);
	reboot(_metadata, &self->guest, 2, "guest: net: ok");
	EXPECT_EQ(128 + SIGTERM, guest_stop(&self->guest, SIGTERM));
}

TEST_F_TIMEOUT(net, faults_are_told, SECONDS)
{
	SKIP_IF(self->skip);
	boot_net(_metadata, &self->guest, self->dev, "net,fault,net",
		 ",subtree,detach");
	ASSERT_TRUE(guest_prints(&self->guest, "guest: net: ok"));
	EXPECT_TRUE(guest_is_told(&self->guest, self->dev->node));
	EXPECT_TRUE(guest_is_told(&self->guest, ": DMA fault"));
	EXPECT_TRUE(guest_is_told(&self->guest, "0x50000000"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: fault: ok"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: net: ok"));
	ends(_metadata, &self->guest);
}

TEST_F_TIMEOUT(net, killed_in_traffic, SECONDS)
{
	SKIP_IF(self->skip);
	boot_net(_metadata, &self->guest, self->dev, "net,spin,wait",
		 ",subtree,detach");
	EXPECT_TRUE(guest_prints(&self->guest, "guest: net: ok"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: wait"));
	EXPECT_EQ(128 + SIGKILL, guest_stop(&self->guest, SIGKILL));
}

TEST_F_TIMEOUT(net, taken_away_in_traffic, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, sysfs_move(&self->host, "socassign"));
	self->is_handed_out = true;
	boot_net(_metadata, &self->guest, self->dev, "net,spin,wait,echo",
		 ",subtree");
	EXPECT_TRUE(guest_prints(&self->guest, "guest: net: ok"));
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait"));
	expect_in_log(KVM_FINDS_NOTHING);
	ASSERT_EQ(0, sysfs_unbind(&self->host));
	EXPECT_TRUE(guest_is_told(&self->guest,
				  ": the host has taken it away"));
	EXPECT_TRUE(guest_type(&self->guest, "\n"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: echo: waits"));
	EXPECT_TRUE(guest_type(&self->guest, "still here\n"));
	EXPECT_TRUE(guest_prints(&self->guest, "guest: echo: ok still here"));
	ends(_metadata, &self->guest);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
