// SPDX-License-Identifier: GPL-2.0
/*
 * Guests under QEMU's -device assigned-soc-dev (samples/socassign/qemu): what socvmm
 * has not, or has another way.  For what is the same see guest.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/fdt.h"
#include "lib/guest_qemu.h"
#include "lib/guest_rtc.h"
#include "lib/virtio_rng.h"

#define SECONDS		600	/* for a test; against hangs only */
#define SLOW_SECONDS	1800	/* emulation in an emulation */
#define DEVICE		QEMU_DEVICE
#define BENCH		"guest: bench: "
#define STORM_LIMIT	"/sys/module/socassign/parameters/storm_limit"

#ifdef __powerpc__
#define RTC		"/soc@fe0000000/i2c@3000"
#define RTC_PAGE	RTC ":/soc@fe0000000/i2c@3100"
#define RTC_REGIONS	"2"
#define GPIO		"/soc@fe0000000/gpio@ff000"
#define TORN		RTC_PAGE ",detach=on,address=0xb000000:0xb002100"
#define TORN_REGION	"region 1"
#define PARTITION	"/reserved-memory/guest@10000000"
#define MEMORY		"0x100000"
#define BUS		"0xf00001000"
#define PINS		"10"
#define KVMS_CONTROLLER	NULL
#define NOT_HERE	"its devices are the other boards'"
#else
#define RTC		"/pl031@9010000"
#define RTC_PAGE	RTC
#define RTC_REGIONS	"1"
#define GPIO		"/pl061@9030000"
#define TORN								\
	ETHERNET ",subtree=on,no-dma=on,address=:0xb001000:0xb002800"
#define TORN_REGION	"region 2"
#define PARTITION	"/reserved-memory/guest@60000000"
#define MEMORY		"0x40000000"
#define BUS		"0xc001000"
#define PINS		"64"
#define KVMS_CONTROLLER	"QEMU has no GICv3 of its own for KVM"
#define NOT_HERE	NULL
#endif

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
		.run = it->devices->rtc_alarm ? "rtc,alarm,bench" : "rtc,bench",
		.emulated = true,
		.assign = { GUEST_RTC(it) },
	});
	guest_rtc_is_used(_metadata, it);
	ASSERT_TRUE(guest_prints(&it->guest, BENCH));
	EXPECT_LE(8, atol(guest_line(&it->guest) + strlen(BENCH)));
	guest_rtc_ends(_metadata, it);
}

/* The guest is fast, and the interrupt controller QEMU's: so is the way to it. */
TEST_F_TIMEOUT(qemu, does_without_kvms_controller, SECONDS)
{
	struct guest_rtc *it = &self->it;

	SKIP_IF(it->skip ? it->skip : KVMS_CONTROLLER);
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = GUEST_RTC_USE(it), .assign = { GUEST_RTC(it) },
		.args = { "-machine", "kernel_irqchip=off" },
	});
	guest_rtc_is_used(_metadata, it);
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
		.run = it->devices->rtc_alarm ? "rtc,alarm,model" : "rtc,model",
		.assign = { rtc },
	});
	guest_rtc_is_used(_metadata, it);
	EXPECT_TRUE(guest_prints(&it->guest, "guest: model: ok identity"));
	guest_rtc_ends(_metadata, it);
}

/* A place that nobody else chooses: SPI 119 is the platform bus's pin 7. */
#define ADDRESS		0xb000000
#define SPI		119
#define PLACE		"address=0xb000000,pin=7"

/*
 * With a tree that the user has made, and QEMU has not: the one that QEMU would
 * have made with the same places.
 */
TEST_F_TIMEOUT(qemu, has_it_where_the_user_says, SECONDS)
{
	struct guest_rtc *it = &self->it;
	struct guest_assign rtc = GUEST_RTC(it);

	SKIP_IF(it->skip);
	rtc.more = PLACE;
	/* ppce500 leaves the arguments that are in the tree, too. */
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = GUEST_RTC_USE(it), .assign = { rtc },
		.args = { QEMU_DUMP },
	}));
	ASSERT_EQ(0, guest_end(&it->guest));
	guest_close(&it->guest);
	ASSERT_EQ(0, qemu_pack_dumped());
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = GUEST_RTC_USE(it), .assign = { rtc },
		.args = { "-dtb", QEMU_DUMPED },
	});
	guest_rtc_is_used(_metadata, it);
	guest_rtc_ends(_metadata, it);
	unlink(QEMU_DUMPED);
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
		.run = "wait,bench,wait", .assign = {
			{ .nodes = { it->devices->rtc, it->devices->rtc_with },
			  .flags = SOCASSIGN_DETACH },
		},
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

/* What a person or a program asks QEMU, and what it tells by itself. */
FIXTURE(monitor) {
	struct guest_rtc it;
	struct guest qmp;
	struct socassign_region region;
	struct virtio_rng rng;
	int fd;				/* its claim, or -1 */
	char storm_limit[16];
};

FIXTURE_SETUP(monitor)
{
	self->qmp = GUEST_NONE;
	self->fd = -1;
	guest_rtc_setup(_metadata, &self->it, &guest_qemu);
	ASSERT_EQ(0, sysfs_read(STORM_LIMIT, self->storm_limit,
				sizeof(self->storm_limit)));
}

FIXTURE_TEARDOWN(monitor)
{
	guest_close(&self->qmp);
	EXPECT_EQ(0, sysfs_write(STORM_LIMIT, self->storm_limit));
	if (self->fd >= 0) {
		virtio_rng_exit(&self->rng);
		close(self->fd);
	}
	guest_rtc_teardown(_metadata, &self->it);
}

/* Up to its "wait", with an RTC that the administrator has handed out. */
static void start(struct __test_metadata *_metadata, FIXTURE_DATA(monitor) *self,
		  const char *options)
{
	struct guest_rtc *it = &self->it;

	ASSERT_EQ(0, sysfs_move(&it->rtc, "socassign"));
	it->is_handed_out = true;
	guest_rtc_boots(_metadata, it, &(struct guest_plan) {
		.run = "rtc,wait", .append = "quiet loglevel=0",
		.assign = { { .nodes = { it->devices->rtc }, .more = options } },
		.args = { QEMU_QMP },
	});
	ASSERT_TRUE(guest_prints(&it->guest, "guest: wait"));
	ASSERT_EQ(0, qemu_qmp(&self->qmp));
}

/* The host has it while the guest still runs, which then ends. */
static void host_has_it(struct __test_metadata *_metadata,
			FIXTURE_DATA(monitor) *self)
{
	struct guest_rtc *it = &self->it;

	it->is_handed_out = false;
	ASSERT_EQ(0, sysfs_move(&it->rtc, it->driver));
	EXPECT_TRUE(hostrtc_works(&it->rtc));
	ASSERT_TRUE(guest_type(&it->guest, "\n"));
	guest_rtc_ends(_metadata, it);
}

#define DEVICE_DEL							\
	"{\"execute\":\"device_del\","					\
	"\"arguments\":{\"id\":\"assigned\"}}\n"

TEST_F_TIMEOUT(monitor, shows_what_is_assigned, SECONDS)
{
	struct guest *qmp = &self->qmp;

	SKIP_IF(self->it.skip);
	start(_metadata, self, "id=assigned");
	ASSERT_TRUE(guest_type(qmp, QEMU_HMP("info qtree")));
	EXPECT_TRUE(guest_is_told(qmp, "dev: " DEVICE ", id \\\"assigned\\\""));
	EXPECT_TRUE(guest_is_told(qmp, RTC));
	ASSERT_TRUE(guest_type(qmp, QEMU_HMP("info mtree")));
	EXPECT_TRUE(guest_is_told(qmp, RTC " region 0"));
	ASSERT_TRUE(guest_type(&self->it.guest, "\n"));
	guest_rtc_ends(_metadata, &self->it);
}

/* An event, of what is assigned. */
static void is_told(struct __test_metadata *_metadata, struct guest *qmp,
		    const char *event)
{
	char text[64];

	snprintf(text, sizeof(text), "\"event\": \"%s\"", event);
	ASSERT_TRUE(guest_is_told(qmp, text));
	EXPECT_NE(NULL, strstr(guest_told_line(qmp), "\"device\": \"assigned\""));
	EXPECT_NE(NULL, strstr(guest_told_line(qmp),
			       "\"path\": \"/machine/peripheral/assigned\""));
}

TEST_F_TIMEOUT(monitor, tells_that_a_device_is_gone, SECONDS)
{
	SKIP_IF(self->it.skip);
	start(_metadata, self, "id=assigned");
	ASSERT_EQ(0, sysfs_unbind(&self->it.rtc));
	is_told(_metadata, &self->qmp, "ASSIGNED_SOC_DEV_GONE");
	host_has_it(_metadata, self);
}

TEST_F_TIMEOUT(monitor, tells_that_a_device_is_asked_for, SECONDS)
{
	SKIP_IF(self->it.skip);
	start(_metadata, self, "id=assigned");
	ASSERT_EQ(0, sysfs_attr_write(&self->it.rtc, "remove_request", "1"));
	is_told(_metadata, &self->qmp, "ASSIGNED_SOC_DEV_REQUESTED");
	EXPECT_TRUE(guest_is_told(&self->qmp, "\"event\": \"SHUTDOWN\""));
	EXPECT_EQ(0, guest_end(&self->it.guest));
}

/* As a manager does that can tell the guest. */
TEST_F_TIMEOUT(monitor, gives_a_device_back, SECONDS)
{
	SKIP_IF(self->it.skip);
	start(_metadata, self, "id=assigned,removable=on");
	ASSERT_EQ(0, sysfs_attr_write(&self->it.rtc, "remove_request", "1"));
	is_told(_metadata, &self->qmp, "ASSIGNED_SOC_DEV_REQUESTED");
	ASSERT_TRUE(guest_type(&self->qmp, DEVICE_DEL));
	is_told(_metadata, &self->qmp, "DEVICE_DELETED");
	host_has_it(_metadata, self);
}

/*
 * The device is driven from here, and the guest has not even begun.  It does DMA,
 * here, but QEMU is not to know.
 */
TEST_F_TIMEOUT(monitor, tells_of_a_storm, SECONDS)
{
	struct guest_rtc *it = &self->it;
	int fd;

	SKIP_IF(it->skip ? it->skip : NOT_HERE);
	ASSERT_TRUE(!!bench());
	self->fd = soc_claim(bench()->edge, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	ASSERT_EQ(0, virtio_rng_init(&self->rng, self->fd, &self->region));
	fd = dup(self->fd);
	ASSERT_EQ(0, hand_over(&it->handed, &fd, 1));
	ASSERT_EQ(0, sysfs_write(STORM_LIMIT, "1"));
	ASSERT_EQ(0, guest_boot(&it->guest, it->vmm, &(struct guest_plan) {
		.run = "wait", .args = { QEMU_QMP, "-S" },
		.assign = { { .fd = it->handed.text[0], .more = "id=assigned" } },
	}));
	ASSERT_EQ(0, qemu_qmp(&self->qmp));
	/* Several in each 10 ms. */
	for (int i = 0; i < 500; i++) {
		ASSERT_EQ(0, virtio_rng_request(&self->rng));
		usleep(200);
		ASSERT_EQ(0, virtio_rng_ack(&self->rng));
	}
	is_told(_metadata, &self->qmp, "ASSIGNED_SOC_DEV_STORM");
	EXPECT_NE(NULL, strstr(guest_told_line(&self->qmp), "\"irq\": 0"));
}

/* The guest's tree, without a guest that reads it */
FIXTURE(tree) {
	const char *skip;
	struct guest guest;
	char path[128];			/* of the first node, in the guest */
	void *blob;
	size_t size;
};

FIXTURE_SETUP(tree)
{
	self->guest = GUEST_NONE;
	self->blob = NULL;
	self->skip = NOT_HERE;
	if (!self->skip)
		self->skip = guest_missing(&guest_qemu);
}

FIXTURE_TEARDOWN(tree)
{
	guest_close(&self->guest);
	free(self->blob);
	unlink(QEMU_DUMPED);
}

static void dump(struct __test_metadata *_metadata, FIXTURE_DATA(tree) *self,
		 const struct guest_assign *assign)
{
	ASSERT_EQ(0, guest_boot(&self->guest, &guest_qemu, &(struct guest_plan) {
		.run = "wait", .assign = { *assign }, .args = { QEMU_DUMP },
	}));
	ASSERT_TRUE(guest_is_told(&self->guest, ": its path in the guest is "));
	snprintf(self->path, sizeof(self->path), "%s",
		 strrchr(guest_told_line(&self->guest), ' ') + 1);
	ASSERT_EQ(0, guest_end(&self->guest));
	self->blob = qemu_dumped(&self->size);
	ASSERT_NE(NULL, self->blob);
}

static bool has_prop(const FIXTURE_DATA(tree) *self, const char *node,
		     const char *name)
{
	char path[192];
	size_t size;

	snprintf(path, sizeof(path), "%s%s", self->path, node);
	return fdt_prop(self->blob, self->size, path, name, &size);
}

static bool prop_is(const FIXTURE_DATA(tree) *self, const char *node,
		    const char *name, const void *wanted, size_t wanted_size)
{
	const void *value;
	char path[192];
	size_t size;

	snprintf(path, sizeof(path), "%s%s", self->path, node);
	value = fdt_prop(self->blob, self->size, path, name, &size);
	return value && size == wanted_size && !memcmp(value, wanted, size);
}

#define CELLS_ARE(_self, _node, _name, ...)				\
	prop_is(_self, _node, _name, CELLS(__VA_ARGS__),		\
		sizeof(CELLS(__VA_ARGS__)))
#define CELLS(...)	((const unsigned char []) { __VA_ARGS__ })
#define CELL(_value)							\
	(_value) >> 24 & 0xff, (_value) >> 16 & 0xff,			\
	(_value) >> 8 & 0xff, (_value) & 0xff

/* An alias; its PHY is on a bus that is not assigned. */
#define ETHERNET	"ethernet0"

TEST_F_TIMEOUT(tree, user_says_where, SECONDS)
{
	SKIP_IF(self->skip);
	dump(_metadata, self, &(struct guest_assign) {
		.nodes = { RTC }, .flags = SOCASSIGN_DETACH, .more = PLACE,
	});
	EXPECT_STREQ("/assigned/pl031@b000000", self->path);
	EXPECT_TRUE(CELLS_ARE(self, "", "reg", CELL(0), CELL(ADDRESS), CELL(0),
			      CELL(0x1000)));
	EXPECT_TRUE(CELLS_ARE(self, "", "interrupts", CELL(0), CELL(SPI),
			      CELL(4)));
}

/* What is left out goes with what it shares a page with. */
TEST_F_TIMEOUT(tree, user_says_some, SECONDS)
{
	SKIP_IF(self->skip);
	dump(_metadata, self, &(struct guest_assign) {
		.nodes = { ETHERNET },
		.flags = SOCASSIGN_NO_DMA | SOCASSIGN_SUBTREE,
		.more = "address=0xb000000::0xb001800",
	});
	EXPECT_STREQ("/assigned/ports@b000000/ethernet@0", self->path);
	EXPECT_TRUE(CELLS_ARE(self, "", "reg", CELL(0), CELL(0x1000)));
	EXPECT_TRUE(CELLS_ARE(self, "/queue-group@1000", "reg", CELL(0x1000),
			      CELL(0x800), CELL(0x1800), CELL(0x100)));
}

#define WITHOUT_PHY	"delete-prop=phy-handle,"
#define FIXED_LINK	"node-update=fixed-link = <2 1 1000 0 0>"

/* As the thread on qemu-devel of 2011 has it, but for the comma. */
TEST_F_TIMEOUT(tree, node_is_edited, SECONDS)
{
	SKIP_IF(self->skip);
	dump(_metadata, self, &(struct guest_assign) {
		.nodes = { ETHERNET }, .flags = SOCASSIGN_NO_DMA,
		.more = WITHOUT_PHY FIXED_LINK,
	});
	EXPECT_FALSE(has_prop(self, "", "phy-handle"));
	EXPECT_TRUE(has_prop(self, "", "phy-connection-type"));
	EXPECT_TRUE(CELLS_ARE(self, "", "fixed-link", CELL(2), CELL(1),
			      CELL(1000), CELL(0), CELL(0)));
	EXPECT_FALSE(has_prop(self, "/queue-group@1000", "reg"));
}

#define WITHOUT_MORE	"delete-prop=phy-handle:phy-connection-type,"
#define STRINGS		"node-update= model = \"a;b\" ,, \"{c}\" ; "
#define BYTES		"local-mac-address = [02 00 5e1000 0f]; test,,on; "
#define CHILD		"fixed-link { speed = < 0x3e8 >,, <100>; full-duplex; };"

/* All that node-update= understands; and the descendants are there. */
TEST_F_TIMEOUT(tree, subtree_is_edited, SECONDS)
{
	SKIP_IF(self->skip);
	dump(_metadata, self, &(struct guest_assign) {
		.nodes = { ETHERNET },
		.flags = SOCASSIGN_NO_DMA | SOCASSIGN_SUBTREE,
		.more = WITHOUT_MORE STRINGS BYTES CHILD,
	});
	EXPECT_FALSE(has_prop(self, "", "phy-handle"));
	EXPECT_FALSE(has_prop(self, "", "phy-connection-type"));
	EXPECT_TRUE(prop_is(self, "", "model", "a;b\0{c}", 8));
	EXPECT_TRUE(prop_is(self, "", "local-mac-address",
			    "\x02\0\x5e\x10\0\x0f", 6));
	EXPECT_TRUE(prop_is(self, "", "test,on", "", 0));
	EXPECT_TRUE(CELLS_ARE(self, "/fixed-link", "speed", CELL(1000),
			      CELL(100)));
	EXPECT_TRUE(prop_is(self, "/fixed-link", "full-duplex", "", 0));
	EXPECT_TRUE(has_prop(self, "/queue-group@1000", "reg"));
}

/* Bad command lines, and what is not there: a status and a reason. */
FIXTURE(qemu_wrong) {
	const char *skip;
	struct guest guest;
};

FIXTURE_VARIANT(qemu_wrong) {
	const char *reason;
	const char *args[4];
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
	   "-device", DEVICE ",dev=" RTC);
WRONG_ARGS(node_is_memory, "memory, not a device",
	   "-device", DEVICE ",dev=" PARTITION);
#define BACKEND		"memory-backend-socassign,id=ram,size="
WRONG_ARGS(partition_is_smaller, "size=: " PARTITION " has 0x", "-object",
	   BACKEND "1G,dev=" PARTITION);
WRONG_ARGS(partition_is_missing, "/reserved-memory/nothing", "-object",
	   BACKEND "64M,dev=/reserved-memory/nothing");
WRONG_ARGS(partition_is_unsaid, "dev= is missing", "-object", BACKEND "64M");
WRONG_ARGS(overlay_is_missing, "/guest/nothing",
	   "-device",
	   DEVICE ",dev=" RTC ",detach=on,overlay=/guest/nothing");
WRONG_ARGS(overlay_is_none, "overlay=/guest/initrd",
	   "-device",
	   DEVICE ",dev=" RTC ",detach=on,overlay=/guest/initrd");
WRONG_ARGS(not_a_claim, "fd=0", "-device", DEVICE ",fd=0");
WRONG_ARGS(fd_and_dev, "fd= is a claim that has been made",
	   "-device", DEVICE ",fd=0,dev=" RTC);
#define WRONG_RTC(_name, _reason, _options)				\
	WRONG_ARGS(_name, _reason, "-device",				\
		   DEVICE ",dev=" RTC_PAGE ",detach=on," _options)

WRONG_RTC(update_has_no_value, "node-update=: not a value", "node-update=a =");
WRONG_RTC(update_has_two, "; is missing: \"b\"", "node-update=a b");
WRONG_RTC(update_has_no_number, "not a number: \"-1>\"", "node-update=a = <-1>");
WRONG_RTC(update_is_too_wide, "32 bits", "node-update=a = <0x100000000>");
WRONG_RTC(update_has_half_a_byte, "two hexadecimal digits: \"1 2]\"",
	  "node-update=a = [1 2]");
WRONG_RTC(update_does_not_end, "} is missing", "node-update=a { b;");
WRONG_RTC(update_ends_twice, "; is missing: \"}\"", "node-update=a; }");
WRONG_RTC(string_does_not_end, "a string ends with", "node-update=a = \"b");
WRONG_RTC(node_is_there_twice, "EXISTS", "node-update=a { }; a { }");
WRONG_RTC(update_sets_what_is_deleted, "delete-prop=, node-update=",
	  "delete-prop=status,node-update=status = \"okay\"");
WRONG_RTC(address_is_no_number, "\"here\" is not a number", "address=here");
WRONG_RTC(addresses_are_too_many, "address=: there are only " RTC_REGIONS,
	  "address=::0");
WRONG_RTC(address_is_in_a_page, "0x0 bytes behind", "address=0xb000800");
WRONG_RTC(address_is_too_high, "behind the start", "address=-0x1000");
WRONG_RTC(address_is_memory, "the guest has memory", "address=" MEMORY);
WRONG_RTC(address_is_the_buses, "or the bus", "address=" BUS);
WRONG_RTC(address_is_said_twice, "both say where",
	  "address=0xb000000,identity=on");
WRONG_ARGS(pages_are_torn, TORN_REGION " shares a page", "-device",
	   DEVICE ",dev=" TORN);
WRONG_RTC(pin_is_too_high, PINS " pins, and no " PINS, "pin=" PINS);
WRONG_RTC(pins_are_too_many, "pin=: there are only 1", "pin=1:2");
WRONG_ARGS(pin_is_anothers, "pin=: 3 is another", "-device",
	   DEVICE ",dev=" GPIO ",detach=on,pin=3", "-device",
	   DEVICE ",dev=" RTC_PAGE ",detach=on,pin=3");
WRONG_ARGS(to_be_migrated, "not migratable", "-only-migratable", "-device",
	   DEVICE ",dev=" RTC ",detach=on");

#define WRONG_WINDOWS(_name, _reason, _windows)				\
	WRONG_ARGS(_name, _reason, "-device",				\
		   "{\"driver\":\"" DEVICE "\",\"dev\":\"" RTC_PAGE "\","	\
		   "\"detach\":true,\"windows\":" _windows "}")

WRONG_WINDOWS(windows_are_no_list, "'windows', expected: array", "{}");
WRONG_WINDOWS(window_is_nowhere, "'windows[0].iova' is missing",
	      "[{\"size\":4096}]");
WRONG_WINDOWS(window_has_no_size, "'windows[1].size' is missing",
	      "[{\"iova\":0,\"size\":4096},{\"iova\":4096}]");
WRONG_WINDOWS(window_has_more, "'windows[0].length' is unexpected",
	      "[{\"iova\":0,\"size\":4096,\"length\":4096}]");
WRONG_WINDOWS(window_is_of_no_identity, "windows[0]: index: 0, and " RTC,
	      "[{\"iova\":0,\"size\":4096}]");

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
	/* Which of several; it says so of no other option. */
	if (!strcmp(variant->args[0], "-device"))
		EXPECT_TRUE(guest_is_told(&self->guest, "-device "));
	EXPECT_TRUE(guest_is_told(&self->guest, variant->reason));
	EXPECT_EQ(0, self->guest.out.len);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
