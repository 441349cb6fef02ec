// SPDX-License-Identifier: GPL-2.0
/*
 * Guests: an unmodified Linux under a VMM, whose own drivers drive devices of the
 * board's.  What the guest does is vm/guest/main.c; here is what must come of it: in
 * the guest, in what the VMM says, and for the host afterwards.  That is the same
 * under socvmm and under QEMU; what only QEMU has is qemu.c's.
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
#include "lib/guest_net.h"
#include "lib/guest_rtc.h"
#include "lib/guest_socvmm.h"
#include "lib/kmsg.h"
#include "lib/modem.h"
#include "lib/partition.h"
#include "lib/procsum.h"
#include "lib/who.h"

#define SECONDS		600	/* for a test; against hangs only */
#define LEAK		50	/* KiB */
#define BENCH		"guest: bench: "
#define WORD		0x5eed1e55u	/* for the guest to read */

static bool says(const char *line, const char *text)
{
	return strstr(line, text);
}

/* What is the same under either VMM. */
FIXTURE(guest) {
	struct guest_rtc it;
};

FIXTURE_VARIANT(guest) {
	const struct guest_vmm *vmm;
};

FIXTURE_VARIANT_ADD(guest, socvmm) { .vmm = &guest_socvmm };
FIXTURE_VARIANT_ADD(guest, qemu) { .vmm = &guest_qemu };

FIXTURE_SETUP(guest)
{
	guest_rtc_setup(_metadata, &self->it, variant->vmm);
}

FIXTURE_TEARDOWN(guest)
{
	guest_rtc_teardown(_metadata, &self->it);
}

TEST_F_TIMEOUT(guest, reads_the_rtc, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = GUEST_RTC_USE(it), .assign = { GUEST_RTC(it) },
	});
	guest_rtc_is_used(_metadata, it);
	guest_rtc_ends(_metadata, it);
}

#define GPIO(_it)							\
	{ .nodes = { (_it)->devices->gpio },				\
	  .flags = (_it)->devices->gpio_host ? SOCASSIGN_DETACH : 0 }

static void gpio_is_used(struct __test_metadata *_metadata,
			 struct guest_rtc *it)
{
	EXPECT_TRUE(guest_prints(&it->guest, "guest: gpio: ok"));
	EXPECT_TRUE(says(guest_line(&it->guest), it->devices->gpio_driver));
}

static void gpio_goes_back(struct __test_metadata *_metadata,
			   const struct guest_devices *devices)
{
	struct sysfs_device gpio;

	if (!devices->gpio_host)
		return;
	ASSERT_EQ(0, sysfs_find(devices->gpio, &gpio));
	EXPECT_TRUE(sysfs_wait_driver(&gpio, devices->gpio_host));
}

/* Several devices, and the user's edit of the tree. */
TEST_F_TIMEOUT(guest, has_it_all, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,gpio,model", .overlay = "/guest/model.dtbo",
		.assign = {
			GUEST_RTC(it), GPIO(it),
		},
	});
	EXPECT_TRUE(guest_prints(&it->guest, "guest: rtc: ok"));
	gpio_is_used(_metadata, it);
	EXPECT_TRUE(guest_prints(&it->guest, "guest: model: ok edited"));
	guest_rtc_ends(_metadata, it);
	gpio_goes_back(_metadata, it->devices);
}

/* The same two, as devices that belong together. */
TEST_F_TIMEOUT(guest, has_one_claim_of_several, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,gpio", .assign = {
			{ .nodes = { it->devices->rtc, it->devices->gpio },
			  .flags = SOCASSIGN_DETACH },
		},
	});
	EXPECT_TRUE(guest_prints(&it->guest, "guest: rtc: ok"));
	gpio_is_used(_metadata, it);
	guest_rtc_ends(_metadata, it);
	gpio_goes_back(_metadata, it->devices);
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
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,spin,wait,reboot", .reboots = true,
		.assign = { GUEST_RTC(it) },
	});
	reboot(_metadata, &it->guest, 1, "guest: rtc: ok");
	EXPECT_EQ(it->vmm->terminated, guest_stop(&it->guest, SIGTERM));
}

/* Who runs it has a descriptor, and no right to get another. */
TEST_F_TIMEOUT(guest, reboots_with_what_it_was_handed, SECONDS)
{
	struct guest_rtc *it = &self->it;
	int fd;

	SKIP_IF(it->skip);
	fd = soc_claim(it->devices->rtc, SOCASSIGN_DETACH);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, hand_over(&it->handed, &fd, 1));
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,spin,wait,reboot", .reboots = true,
		.as = who_nobody,
		.assign = { { .fd = it->handed.text[0] } },
	});
	handed_over(&it->handed);
	reboot(_metadata, &it->guest, 1, "guest: rtc: ok");
	EXPECT_EQ(it->vmm->terminated, guest_stop(&it->guest, SIGTERM));
}

/* Accesses and interrupts come all the time, and it waits for a line. */
static void works(struct __test_metadata *_metadata, struct guest_rtc *it)
{
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "spin,wait", .assign = { GUEST_RTC(it) },
	});
	EXPECT_TRUE(guest_prints(&it->guest, "guest: wait"));
}

/* The administrator asks for one device: he gets all, and nobody was killed. */
TEST_F_TIMEOUT(guest, ends_when_asked_for_a_device, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	works(_metadata, it);
	ASSERT_EQ(0, sysfs_attr_write(&it->rtc, "remove_request", "1"));
	EXPECT_TRUE(guest_is_told(&it->guest, ": the host asks for it"));
	EXPECT_EQ(0, guest_end(&it->guest));
	EXPECT_TRUE(hostrtc_works(&it->rtc));
}

TEST_F_TIMEOUT(guest, killed_at_work, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	works(_metadata, it);
	EXPECT_EQ(128 + SIGKILL, guest_stop(&it->guest, SIGKILL));
}

/* KVM on e500 says so when the guest gets at registers before the VMM has heard. */
#define KVM_FINDS_NOTHING	"kvmppc_e500_shadow_map: pte not present"

/* It does what it does without a device. */
static void still_echoes(struct __test_metadata *_metadata, struct guest *guest)
{
	EXPECT_TRUE(guest_type(guest, "\n"));
	EXPECT_TRUE(guest_prints(guest, "guest: echo: waits"));
	EXPECT_TRUE(guest_type(guest, "still here\n"));
	EXPECT_TRUE(guest_prints(guest, "guest: echo: ok still here"));
	guest_ends(_metadata, guest);
}

/* What the guest's driver says of a dead device is for its log. */
TEST_F_TIMEOUT(guest, goes_on_without_a_device, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	ASSERT_EQ(0, sysfs_move(&it->rtc, "socassign"));
	it->is_handed_out = true;
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,spin,wait,echo", .append = "quiet loglevel=0",
		.assign = { { .nodes = { it->devices->rtc } } },
	});
	EXPECT_TRUE(guest_prints(&it->guest, "guest: rtc: ok"));
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	expect_in_log(KVM_FINDS_NOTHING);
	ASSERT_EQ(0, sysfs_unbind(&it->rtc));
	EXPECT_TRUE(guest_is_told(&it->guest, it->devices->rtc));
	EXPECT_TRUE(guest_is_told(&it->guest,
				  ": the host has taken it away"));
	/* The host has it while the guest still runs. */
	it->is_handed_out = false;
	ASSERT_EQ(0, sysfs_move(&it->rtc, it->driver));
	EXPECT_TRUE(hostrtc_works(&it->rtc));
	still_echoes(_metadata, &it->guest);
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
static void cycle(struct __test_metadata *_metadata, struct guest_rtc *it,
		  const char *mem)
{
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = "wait", .append = "earlycon", .mem = mem,
		.assign = { { .nodes = { it->devices->rtc } } },
	}));
	ASSERT_TRUE(guest_prints(&it->guest, "\n"));
	ASSERT_EQ(128 + SIGKILL, guest_stop(&it->guest, SIGKILL));
	guest_close(&it->guest);
}

/*
 * The first ones fill caches.  A claim that is not given up would end it, and
 * 50 KiB that remain of each be too much.
 */
TEST_F_TIMEOUT(guest, many_of_them, 3 * SECONDS)
{
	struct guest_rtc *it = &self->it;
	const char *partition = partition_node("guest");
	long before = 0, after;
	int cycles;

	SKIP_IF(it->skip);
	ASSERT_TRUE(!!partition);
	cycles = it->devices->cycles / it->vmm->slowness;
	ASSERT_EQ(0, sysfs_move(&it->rtc, "socassign"));
	it->is_handed_out = true;
	for (int i = 0; i < cycles; i++) {
		if (i == 5)
			before = available();
		cycle(_metadata, it, i % 4 == 0 ? partition : it->vmm->least_mem);
	}
	after = available();
	ASSERT_LT(0, before);
	EXPECT_LT(before - LEAK * (cycles - 5), after);
	TH_LOG("%ld KiB of memory before, %ld KiB after", before, after);
}

/* The whole of it is one piece of the host's. */
TEST_F_TIMEOUT(guest, memory_is_a_partition, SECONDS)
{
	struct guest_rtc *it = &self->it;
	const char *partition = partition_node("guest");
	struct partition again;

	SKIP_IF(it->skip);
	ASSERT_TRUE(!!partition);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "wait", .mem = partition, .assign = { GUEST_RTC(it) },
	});
	EXPECT_EQ(-EBUSY, partition_claim(&again, partition, 0));
	EXPECT_TRUE(guest_prints(&it->guest, "guest: wait"));
	EXPECT_TRUE(guest_type(&it->guest, "\n"));
	guest_rtc_ends(_metadata, it);
	ASSERT_EQ(0, partition_claim(&again, partition, 0));
	partition_close(&again);
}

/* Somebody else has the device: the host. */
TEST_F_TIMEOUT(guest, devices_of_the_hosts_stay_there, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = "rtc", .assign = { { .nodes = { it->devices->rtc } } },
	}));
	EXPECT_EQ(1, guest_end(&it->guest));
	EXPECT_TRUE(guest_is_told(&it->guest, it->devices->rtc));
	EXPECT_TRUE(sysfs_bound_to(&it->rtc, it->driver));
}

/* What it raised, and only the guest could quiet, would cost the host the line. */
TEST_F_TIMEOUT(guest, lines_of_the_hosts_stay_there, SECONDS)
{
	struct guest_rtc *it = &self->it;
	int host;

	SKIP_IF(it->skip);
	ASSERT_TRUE(!!bench());
	host = bench_use_host_line();
	ASSERT_LE(0, host);
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = "rtc", .assign = {
			{ .nodes = { bench()->host_line },
			  .flags = SOCASSIGN_NO_DMA },
		},
	}));
	EXPECT_EQ(1, guest_end(&it->guest));
	EXPECT_TRUE(guest_is_told(&it->guest, "uses the same interrupt"));
	EXPECT_TRUE(says(guest_told_line(&it->guest), bench()->host_user));
	close(host);
}

/* Its page has registers of somebody else's, and the kernel may not help. */
TEST_F_TIMEOUT(guest, shared_page_needs_kernel_access, SECONDS)
{
	struct guest_rtc *it = &self->it;
	struct guest_assign assign = GUEST_RTC(it);

	SKIP_IF(it->skip);
	ASSERT_EQ(0, board_set_param("kernel_access", "N"));
	if (!it->devices->rtc_with)
		assign = (struct guest_assign) {
			.nodes = { "/virtio_mmio@a000400" },
			.flags = SOCASSIGN_NO_DMA,
		};
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = "rtc", .assign = { assign },
	}));
	EXPECT_EQ(1, guest_end(&it->guest));
	EXPECT_TRUE(guest_is_told(&it->guest, "kernel_access=Y"));
}

/* What socvmm has, or counts, itself. */
FIXTURE(socvmm) {
	struct guest_rtc it;
};

FIXTURE_SETUP(socvmm)
{
	guest_rtc_setup(_metadata, &self->it, &guest_socvmm);
}

FIXTURE_TEARDOWN(socvmm)
{
	guest_rtc_teardown(_metadata, &self->it);
}

TEST_F_TIMEOUT(socvmm, powers_off, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) { .run = "model" });
	EXPECT_TRUE(guest_prints(&it->guest, "guest: model: ok socvmm"));
	guest_rtc_ends(_metadata, it);
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

TEST_F_TIMEOUT(socvmm, tells_the_guests_tree, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "model", .args = { "--dump-dtb", "/tmp/guest.dtb" },
	});
	EXPECT_TRUE(is_tree("/tmp/guest.dtb"));
	guest_rtc_ends(_metadata, it);
}

/* A device and the memory that it refers to, which we have as well. */
TEST_F_TIMEOUT(socvmm, gives_a_partition_with_its_device, SECONDS)
{
	struct guest_rtc *it = &self->it;
	const char *node = partition_node("mailbox");
	struct partition mailbox;
	volatile __u32 *mem;

	SKIP_IF(it->skip);
	ASSERT_TRUE(!!node);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "gpio,wait,reserved", .append = "quiet memblock=debug",
		.assign = {
			GPIO(it),
			{ .nodes = { node }, .flags = SOCASSIGN_SHARED },
		},
	});
	gpio_is_used(_metadata, it);
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	ASSERT_EQ(0, partition_claim(&mailbox, node, SOCASSIGN_SHARED));
	mem = (volatile __u32 *)mailbox.mem;
	mem[0] = WORD;
	EXPECT_TRUE(guest_type(&it->guest, "\n"));
	EXPECT_TRUE(guest_prints(&it->guest, "guest: reserved: ok"));
	EXPECT_TRUE(says(guest_line(&it->guest), it->devices->gpio));
	EXPECT_TRUE(says(guest_line(&it->guest), node));
	EXPECT_EQ(~WORD, mem[1]);
	partition_close(&mailbox);
	guest_rtc_ends(_metadata, it);
	gpio_goes_back(_metadata, it->devices);
}

/*
 * An interrupt goes to the guest inside of the kernel.  So do accesses, where
 * no page is shared with somebody else.
 */
TEST_F_TIMEOUT(socvmm, is_not_woken_by_interrupts, SECONDS)
{
	struct guest_rtc *it = &self->it;
	struct guest_stats before, after;
	unsigned long interrupts;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "wait,bench,wait", .assign = {
			{ .nodes = { it->devices->rtc, it->devices->rtc_with },
			  .flags = SOCASSIGN_DETACH },
		},
	});
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_get_stats(&it->guest, &before));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	ASSERT_TRUE(guest_prints(&it->guest, BENCH));
	interrupts = atol(guest_line(&it->guest) + strlen(BENCH));
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait\r\n"));
	ASSERT_TRUE(guest_get_stats(&it->guest, &after));
	EXPECT_LE(8, interrupts);
	EXPECT_EQ(before.other, after.other);
	EXPECT_EQ(before.interrupted, after.interrupted);
	EXPECT_EQ(after.console - before.console, after.runs - before.runs);
	/* The line that was typed, and the two signals. */
	EXPECT_GE(4, after.wakes - before.wakes)
		TH_LOG("%lu wake-ups, %lu interrupts",
		       after.wakes - before.wakes, interrupts);
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	guest_rtc_ends(_metadata, it);
}

/* Only a new claim brings it back to its start: whoever may make one does. */
TEST_F_TIMEOUT(socvmm, reboots_with_a_new_claim, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	ASSERT_TRUE(!!bench());
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "reboot", .reboots = true, .assign = {
			{ .nodes = { bench()->asleep },
			  .flags = SOCASSIGN_NO_DMA },
		},
	});
	EXPECT_TRUE(guest_is_told(&it->guest, ": is claimed anew: "));
	EXPECT_TRUE(says(guest_told_line(&it->guest), "no reset line"));
	EXPECT_TRUE(guest_prints(&it->guest, "guest: up"));
	EXPECT_EQ(128 + SIGTERM, guest_stop(&it->guest, SIGTERM));
}

TEST_F_TIMEOUT(socvmm, cannot_reboot_without_a_new_claim, SECONDS)
{
	struct guest_rtc *it = &self->it;
	int fd;

	SKIP_IF(it->skip);
	ASSERT_TRUE(!!bench());
	fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, hand_over(&it->handed, &fd, 1));
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "reboot", .reboots = true, .as = who_nobody,
		.assign = { { .fd = it->handed.text[0] } },
	});
	handed_over(&it->handed);
	EXPECT_EQ(1, guest_end(&it->guest));
	EXPECT_TRUE(guest_is_told(&it->guest, ": the guest cannot boot again: "));
	EXPECT_TRUE(says(guest_told_line(&it->guest), "no reset line"));
}

TEST_F_TIMEOUT(socvmm, ends_when_the_guest_reboots, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) { .run = "reboot" });
	EXPECT_EQ(0, guest_end(&it->guest));
}

TEST_F_TIMEOUT(socvmm, ends_on_ctrl_c, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip);
	works(_metadata, it);
	EXPECT_EQ(128 + SIGINT, guest_stop(&it->guest, SIGINT));
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
	self->skip = guest_missing(&guest_socvmm);
}

FIXTURE_TEARDOWN(wrong)
{
	guest_close(&self->guest);
}

TEST_F_TIMEOUT(wrong, is_told, SECONDS)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, guest_start(&self->guest, &guest_socvmm, NULL,
				 variant->args));
	EXPECT_EQ(variant->status, guest_end(&self->guest));
	EXPECT_TRUE(guest_is_told(&self->guest, "socvmm: "));
	EXPECT_TRUE(says(guest_told_line(&self->guest), variant->reason))
		TH_LOG("%s", guest_told_line(&self->guest));
	EXPECT_EQ(0, self->guest.out.len);
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
	self->skip = guest_missing(&guest_socvmm);
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
	ASSERT_EQ(0, guest_boot(&self->guest, &guest_socvmm,
				&(struct guest_plan) {
		.run = "echo", .args = { "--console", modem_uart() },
		.assign = { { .nodes = { modem_uart() },
			      .flags = modem_flags() } },
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
	const struct guest_vmm *vmm;
	struct guest_net it;
	struct handed handed;
};

FIXTURE_VARIANT(net) {
	const struct guest_vmm *vmm;
};

FIXTURE_VARIANT_ADD(net, socvmm) { .vmm = &guest_socvmm };
FIXTURE_VARIANT_ADD(net, qemu) { .vmm = &guest_qemu };

FIXTURE_SETUP(net)
{
	self->vmm = variant->vmm;
	guest_net_setup(_metadata, &self->it, self->vmm);
}

FIXTURE_TEARDOWN(net)
{
	guest_close(&self->it.guest);
	if (!self->it.skip)
		hand_over_end(&self->handed);
	guest_net_teardown(_metadata, &self->it);
}

static void boot_net(struct __test_metadata *_metadata, FIXTURE_DATA(net) *self,
		     const char *run, __u32 flags)
{
	const struct guest_devices *devices = self->it.devices;

	guest_boots(_metadata, &self->it.guest, self->vmm, &(struct guest_plan) {
		.run = run, .append = "quiet loglevel=0",
		.mem = devices->net_scatters ? NULL : partition_node("guest"),
		.assign = {
			{
				.nodes = { devices->net },
				.flags = devices->net_flags | flags,
			},
		},
	});
}

TEST_F_TIMEOUT(net, pings, SECONDS)
{
	SKIP_IF(self->it.skip);
	unsigned long from, to;

	boot_net(_metadata, self, "net", SOCASSIGN_DETACH);
	ASSERT_TRUE(guest_prints(&self->it.guest, "guest: net: ok"));
	EXPECT_TRUE(says(guest_line(&self->it.guest), self->it.devices->net_driver));
	ASSERT_TRUE(guest_interrupts(guest_line(&self->it.guest), &from, &to));
	EXPECT_LT(from, to);
	guest_ends(_metadata, &self->it.guest);
}

/* In traffic: the device stops, and its windows are there again afterwards. */
TEST_F_TIMEOUT(net, reboots_with_what_it_was_handed, SECONDS)
{
	SKIP_IF(self->it.skip);
	if (!self->it.devices->net_stops)
		SKIP(return, "a guest cannot reboot with a bus master that nobody can stop");
	const int fds[2] = {
		soc_claim(self->it.devices->net,
			  self->it.devices->net_flags | SOCASSIGN_DETACH),
		soc_claim(partition_node("guest"), 0),
	};

	ASSERT_LE(0, fds[0]);
	ASSERT_LE(0, fds[1]);
	ASSERT_EQ(0, hand_over(&self->handed, fds, 2));
	guest_boots(_metadata, &self->it.guest, self->vmm, &(struct guest_plan) {
		.run = "net,spin,wait,reboot", .append = "quiet loglevel=0",
		.mem = self->handed.text[1], .reboots = true, .as = who_nobody,
		.assign = { { .fd = self->handed.text[0] } },
	});
	handed_over(&self->handed);
	reboot(_metadata, &self->it.guest, 2, "guest: net: ok");
	EXPECT_EQ(self->vmm->terminated, guest_stop(&self->it.guest, SIGTERM));
}

/* The VMM is told where the driver is; else the kernel's log has it. */
static bool fault_is_told(struct guest *guest, const struct guest_devices *devices,
			  int log)
{
	if (devices->net_scatters && !board_smmu_tells())
		return kmsg_count(log, "arm-smmu-v3", "50000002");
	return guest_is_told(guest, devices->net) &&
	       guest_is_told(guest, ": DMA fault") &&
	       guest_is_told(guest, "0x50000000");
}

TEST_F_TIMEOUT(net, faults_are_told, SECONDS)
{
	SKIP_IF(self->it.skip);
	boot_net(_metadata, self, "net,fault,net", SOCASSIGN_DETACH);
	ASSERT_TRUE(guest_prints(&self->it.guest, "guest: net: ok"));
	EXPECT_TRUE(guest_prints(&self->it.guest, "guest: fault: ok"));
	EXPECT_TRUE(fault_is_told(&self->it.guest, self->it.devices, self->it.log));
	EXPECT_TRUE(guest_prints(&self->it.guest, "guest: net: ok"));
	guest_ends(_metadata, &self->it.guest);
}

TEST_F_TIMEOUT(net, killed_in_traffic, SECONDS)
{
	SKIP_IF(self->it.skip);
	boot_net(_metadata, self, "net,spin,wait", SOCASSIGN_DETACH);
	EXPECT_TRUE(guest_prints(&self->it.guest, "guest: net: ok"));
	EXPECT_TRUE(guest_prints(&self->it.guest, "guest: wait"));
	EXPECT_EQ(128 + SIGKILL, guest_stop(&self->it.guest, SIGKILL));
}

TEST_F_TIMEOUT(net, taken_away_in_traffic, SECONDS)
{
	SKIP_IF(self->it.skip);
	ASSERT_EQ(0, sysfs_move(&self->it.host, "socassign"));
	boot_net(_metadata, self, "net,spin,wait,echo", 0);
	EXPECT_TRUE(guest_prints(&self->it.guest, "guest: net: ok"));
	ASSERT_TRUE(guest_prints(&self->it.guest, "guest: wait"));
	expect_in_log(KVM_FINDS_NOTHING);
	ASSERT_EQ(0, sysfs_unbind(&self->it.host));
	EXPECT_TRUE(guest_is_told(&self->it.guest,
				  ": the host has taken it away"));
	/* virtio_net waits for an answer for ever, and with the only CPU. */
	if (self->it.devices->net_stops)
		still_echoes(_metadata, &self->it.guest);
	else
		EXPECT_EQ(128 + SIGKILL, guest_stop(&self->it.guest, SIGKILL));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
