// SPDX-License-Identifier: GPL-2.0
/*
 * KVM on e500v2 and a mapping of registers, alone in its page table: while the
 * claim lives the guest has it, as the page table has it and with the attributes
 * that it is made for, and after a revoke not at all.  The guest is a few
 * instructions that write its own TLB1.
 */
#include "lib/board.h"

#ifdef __powerpc__

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bare_guest.h"
#include "lib/bench.h"
#include "lib/devtree.h"
#include "lib/hostrtc.h"
#include "lib/partition.h"
#include "lib/testmod.h"
#include "lib/tracing.h"
#include "lib/who.h"

#define SECONDS		120	/* for a test; against hangs only */
#define PAGE		4096
#define TABLE		(2ul << 20)	/* what one page table maps */
#define RW		(PROT_READ | PROT_WRITE)

/* The I2C controller's own address: nobody uses it, and it stays as written. */
#define REGISTER	0x00

/* Room for a page that has its page table to itself, and nothing there yet. */
static char *lonely_place(void)
{
	char *area = mmap(NULL, 2 * TABLE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		return NULL;
	return (char *)(((uintptr_t)area + TABLE - 1) & ~(TABLE - 1));
}

static char *map_lonely(int fd, __u64 cookie, size_t size)
{
	char *place = lonely_place();

	if (!place)
		return NULL;
	place = mmap(place, size, RW, MAP_SHARED | MAP_FIXED, fd, cookie);
	return place == MAP_FAILED ? NULL : place;
}

static char *move_lonely(char *page)
{
	char *place = lonely_place();

	if (!place)
		return NULL;
	place = mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	return place == MAP_FAILED ? NULL : place;
}

/* Where the first entry of a node's `reg` is in memory. */
static __u64 address_of(const char *node)
{
	struct dt_span span = {};

	dt_load();
	dt_reg(dt_find(node), 0, &span);
	return span.cpu;
}

/* What the host sees: a byte, or a negative errno. */
static int host_reads(__u64 address)
{
	int fd = open("/dev/mem", O_RDONLY | O_SYNC | O_CLOEXEC);
	volatile __u8 *page;
	int value;

	if (fd < 0)
		return -errno;
	page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
		    address & ~(PAGE - 1ull));
	close(fd);
	if (page == MAP_FAILED)
		return -errno;
	value = page[address % PAGE];
	munmap((void *)page, PAGE);
	return value;
}

/* KVM says so, when it refuses a page that it does not find. */
static void expect_refusals(void)
{
	expect_in_log("kvmppc_e500_shadow_map");
}

/* The device goes while the guest has it. */
FIXTURE(revoke) {
	const char *skip;
	struct sysfs_device sysfs;
	const struct level_dev *dev;
	__u64 address;
	int fd;
	char *page;
};

FIXTURE_VARIANT(revoke) {
	bool prefault;
	bool goes_on;		/* has mapped and used it before */
	bool drops;		/* the VMM takes its memory slot away before */
	bool moves;		/* mremap() */
	bool forks;		/* the VMM is a child of who has mapped it */
	bool touches;		/* the VMM has tried, too, and got SIGBUS */
};

FIXTURE_VARIANT_ADD(revoke, new_entry) {};
FIXTURE_VARIANT_ADD(revoke, new_entry_prefault) { .prefault = true };
FIXTURE_VARIANT_ADD(revoke, old_entry) { .goes_on = true };
FIXTURE_VARIANT_ADD(revoke, old_entry_prefault) { .goes_on = true, .prefault = true };
FIXTURE_VARIANT_ADD(revoke, no_slot) { .goes_on = true, .prefault = true, .drops = true };
FIXTURE_VARIANT_ADD(revoke, moved) { .moves = true };
FIXTURE_VARIANT_ADD(revoke, moved_prefault) { .moves = true, .prefault = true };
FIXTURE_VARIANT_ADD(revoke, child) { .forks = true };
FIXTURE_VARIANT_ADD(revoke, child_prefault) { .forks = true, .prefault = true };
FIXTURE_VARIANT_ADD(revoke, touched) { .touches = true };

FIXTURE_SETUP(revoke)
{
	struct socassign_region region = {};

	self->fd = -1;
	self->skip = bare_guest_missing();
	if (self->skip)
		return;
	self->dev = bench()->level;
	self->address = address_of(self->dev->node) + REGISTER;
	ASSERT_EQ(0, level_hand_out(self->dev));
	ASSERT_EQ(0, sysfs_find(self->dev->node, &self->sysfs));
	self->fd = level_claim(self->dev, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &region));
	self->page = map_lonely(self->fd, region.out_cookie, PAGE);
	ASSERT_TRUE(!!self->page);
	if (variant->prefault)
		ASSERT_EQ(0, soc_prefault(self->fd, self->page, PAGE));
	if (variant->moves)
		self->page = move_lonely(self->page);
	ASSERT_TRUE(!!self->page);
	expect_refusals();
}

FIXTURE_TEARDOWN(revoke)
{
	if (self->skip)
		return;
	munmap(self->page, PAGE);
	close(self->fd);
	EXPECT_EQ(0, level_take_back(self->dev));
	EXPECT_TRUE(hostrtc_works(&self->sysfs));
}

/* What came of it, as far as a child can tell. */
struct story {
	const FIXTURE_DATA(revoke) *self;
	const FIXTURE_VARIANT(revoke) *variant;
	int before;		/* result of a store before the revoke */
	int drop, dropped;	/* the slot's end, and a load after it */
	int revoke;
	int map, load, store;	/* results after it */
	int was, is;		/* the register after the revoke, and at the end */
};

static int take_away(const FIXTURE_DATA(revoke) *self)
{
	int ret = sysfs_unbind(&self->sysfs);

	return ret ? ret : level_take_back(self->dev);
}

/* The kernel's access for us fails as ours would, without a signal. */
static void touch(const void *page)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (write(fd, page, sizeof(__u64)) > 0)
		abort();
	close(fd);
}

static void run_story(struct story *story, struct bare_guest *guest)
{
	const FIXTURE_DATA(revoke) *self = story->self;
	__u8 value = 0;

	if (story->variant->goes_on) {
		story->map = bare_guest_map(guest, PAGE);
		story->before = bare_guest_store(guest, REGISTER, 0x24);
	}
	if (story->variant->drops) {
		story->drop = bare_guest_drop(guest);
		story->dropped = bare_guest_load(guest, REGISTER, &value);
	}
	story->revoke = take_away(self);
	if (story->variant->touches)
		touch(self->page);
	story->was = host_reads(self->address);
	if (!story->variant->goes_on)
		story->map = bare_guest_map(guest, PAGE);
	story->load = bare_guest_load(guest, REGISTER, &value);
	story->store = bare_guest_store(guest, REGISTER, story->was ^ 0x54);
	story->is = host_reads(self->address);
}

static int tell_story(void *arg)
{
	struct story *story = arg;
	struct bare_guest guest;
	int ret = bare_guest_open(&guest, story->self->page, PAGE);

	if (!ret)
		run_story(story, &guest);
	bare_guest_close(&guest);
	return ret;
}

TEST_F_TIMEOUT(revoke, guest_is_kept_out, SECONDS)
{
	SKIP_IF(self->skip);
	const int refused = variant->drops ? -EIO : -EAGAIN;
	struct story *story = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS,
				   -1, 0);

	ASSERT_TRUE(story != MAP_FAILED);
	story->self = self;
	story->variant = variant;
	ASSERT_EQ(0, variant->forks ? who_does(who_root, tell_story, story) :
				      tell_story(story));
	ASSERT_EQ(0, story->drop);
	EXPECT_EQ(variant->drops ? -EIO : 0, story->dropped);
	ASSERT_EQ(0, story->revoke);
	ASSERT_EQ(0, story->map);
	if (variant->goes_on && variant->prefault) {
		EXPECT_EQ(0, story->before);
		EXPECT_EQ(0x24, story->was);
	}
	EXPECT_EQ(refused, story->load);
	EXPECT_EQ(refused, story->store);
	ASSERT_LE(0, story->was);
	EXPECT_EQ(story->was, story->is);
	munmap(story, PAGE);
}

/* What KVM writes to the TLB of the CPU: a page with its attributes. */
#define EVENT	"kvm_booke/kvm_booke206_stlb_write"
#define MAS2_W	0x10
#define MAS2_I	0x08
#define MAS2_M	0x04

static bool start_trace(void)
{
	return tracing_clear() && tracing_set(EVENT, true);
}

/* An entry: the memory that it leads to, and its attributes. */
struct entry {
	__u64 start;
	__u64 size;
	__u64 wim;
};

static bool parse_entry(const char *line, struct entry *entry)
{
	const char *text = strstr(line, "mas1=");
	unsigned long long mas2, mas7_3;
	unsigned int mas1;

	if (!text || sscanf(text, "mas1=%x mas2=%llx mas7_3=%llx", &mas1, &mas2,
			    &mas7_3) != 3)
		return false;
	entry->start = mas7_3 / PAGE * PAGE;
	entry->size = 1024ull << (mas1 >> 7 & 0x1f);
	entry->wim = mas2 & (MAS2_W | MAS2_I | MAS2_M);
	return true;
}

/*
 * How many entries there were for the byte at @address, the largest of which is
 * @size; @wrong of them not with @wim.
 */
static int stop_trace(__u64 address, __u64 wim, int *wrong, __u64 *size)
{
	FILE *file;
	struct entry entry;
	char line[512];
	int num = 0;

	tracing_set(EVENT, false);
	file = tracing_read();
	*wrong = 0;
	*size = 0;
	while (file && fgets(line, sizeof(line), file)) {
		if (!parse_entry(line, &entry) || address < entry.start ||
		    address - entry.start >= entry.size)
			continue;
		num++;
		*wrong += entry.wim != wim;
		*size = entry.size > *size ? entry.size : *size;
	}
	if (file)
		fclose(file);
	return num;
}

FIXTURE(attributes) {
	const char *skip;
	__u64 address;
	int fd;
	char *page;
	struct bare_guest guest;
};

FIXTURE_VARIANT(attributes) {
	bool prefault;
	bool protects;		/* mprotect(), there and back */
	bool is_memory;
	__u64 wim;		/* as the host has it in its own entries */
};

FIXTURE_VARIANT_ADD(attributes, registers) { .wim = MAS2_I };
FIXTURE_VARIANT_ADD(attributes, registers_prefault) { .wim = MAS2_I, .prefault = true };
FIXTURE_VARIANT_ADD(attributes, registers_protected) {
	.wim = MAS2_I, .prefault = true, .protects = true,
};

FIXTURE_VARIANT_ADD(attributes, partition) { .wim = MAS2_M, .is_memory = true };
FIXTURE_VARIANT_ADD(attributes, partition_prefault) {
	.wim = MAS2_M, .is_memory = true, .prefault = true,
};

FIXTURE_VARIANT_ADD(attributes, partition_protected) {
	.wim = MAS2_M, .is_memory = true, .prefault = true, .protects = true,
};

/* Why KVM's entries cannot be looked at, or NULL. */
static const char *trace_missing(void)
{
	const char *missing = bare_guest_missing();

	if (!missing && access(EVENT, W_OK))
		missing = "no trace point for KVM's TLB entries";
	return missing;
}

static int claim(bool is_memory, __u64 *address)
{
	const char *node = is_memory ? partition_node("small") :
				       bench()->level->node;

	*address = address_of(node);
	return is_memory ? soc_claim(node, 0) :
			   level_claim(bench()->level, SOCASSIGN_DETACH);
}

FIXTURE_SETUP(attributes)
{
	struct socassign_region region = {};

	self->guest = BARE_GUEST_NONE;
	self->skip = trace_missing();
	if (self->skip)
		return;
	self->fd = claim(variant->is_memory, &self->address);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &region));
	self->page = map_lonely(self->fd, variant->is_memory ?
				region.out_cached_cookie : region.out_cookie,
				PAGE);
	ASSERT_TRUE(!!self->page);
	if (variant->prefault)
		ASSERT_EQ(0, soc_prefault(self->fd, self->page, PAGE));
	if (variant->protects)
		ASSERT_EQ(0, mprotect(self->page, PAGE, PROT_READ) |
			     mprotect(self->page, PAGE, RW));
	ASSERT_EQ(0, bare_guest_open(&self->guest, self->page, PAGE));
	expect_refusals();
}

FIXTURE_TEARDOWN(attributes)
{
	struct sysfs_device sysfs;

	if (self->skip)
		return;
	bare_guest_close(&self->guest);
	munmap(self->page, PAGE);
	close(self->fd);
	if (variant->is_memory)
		return;
	EXPECT_EQ(0, sysfs_find(bench()->level->node, &sysfs));
	EXPECT_TRUE(sysfs_wait_driver(&sysfs, bench()->level->driver));
	EXPECT_TRUE(hostrtc_works(&sysfs));
}

/* Also of a page that nobody has touched yet. */
TEST_F_TIMEOUT(attributes, are_the_hosts, SECONDS)
{
	SKIP_IF(self->skip);
	int num, wrong;
	__u64 size;
	__u8 value;

	ASSERT_TRUE(start_trace());
	EXPECT_EQ(0, bare_guest_map(&self->guest, PAGE));
	EXPECT_EQ(0, bare_guest_load(&self->guest, REGISTER, &value));
	num = stop_trace(self->address, variant->wim, &wrong, &size);
	EXPECT_EQ(0, wrong);
	EXPECT_LE(1, num);
}

/* A partition, by one entry of the guest's. */
#define PARTITION	(64 << 10)

FIXTURE(partition) {
	const char *skip;
	__u64 address;
	int fd;
	char *mem;
	struct bare_guest guest;
};

FIXTURE_SETUP(partition)
{
	struct socassign_region region = {};

	self->guest = BARE_GUEST_NONE;
	self->skip = trace_missing();
	if (self->skip)
		return;
	self->fd = claim(true, &self->address);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &region));
	ASSERT_EQ(PARTITION, region.out_bytes);
	self->mem = map_lonely(self->fd, region.out_cached_cookie, PARTITION);
	ASSERT_TRUE(!!self->mem);
	ASSERT_EQ(0, soc_prefault(self->fd, self->mem, PARTITION));
	ASSERT_EQ(0, bare_guest_open(&self->guest, self->mem, PARTITION));
	expect_refusals();
}

FIXTURE_TEARDOWN(partition)
{
	if (self->skip)
		return;
	bare_guest_close(&self->guest);
	munmap(self->mem, PARTITION);
	close(self->fd);
}

/* The largest of KVM's entries by which the guest loads the first byte. */
static __u64 entry_size(FIXTURE_DATA(partition) *self)
{
	int wrong;
	__u64 size;
	__u8 value;

	if (!start_trace() || bare_guest_map(&self->guest, PARTITION) ||
	    bare_guest_load(&self->guest, 0, &value) || value != 0x5a)
		return 0;
	stop_trace(self->address, MAS2_M, &wrong, &size);
	return wrong ? 0 : size;
}

TEST_F_TIMEOUT(partition, is_one_entry, SECONDS)
{
	SKIP_IF(self->skip);

	self->mem[0] = 0x5a;
	EXPECT_EQ(PARTITION, entry_size(self));
}

/* What is not mapped ends it: 16 KiB are the most that 20 KiB have room for. */
TEST_F_TIMEOUT(partition, with_a_hole, SECONDS)
{
	SKIP_IF(self->skip);
	__u8 value;

	self->mem[0] = 0x5a;
	ASSERT_EQ(0, munmap(self->mem + 5 * PAGE, PAGE));
	EXPECT_EQ(4 * PAGE, entry_size(self));
	EXPECT_EQ(0, bare_guest_load(&self->guest, 4 * PAGE, &value));
	EXPECT_EQ(-EAGAIN, bare_guest_load(&self->guest, 5 * PAGE, &value));
}

/* A page of another driver's, whose vm_pgoff is no frame. */
FIXTURE(frame) {
	const char *skip;
	int fd;
	char *page;
	struct bare_guest guest;
};

FIXTURE_SETUP(frame)
{
	self->guest = BARE_GUEST_NONE;
	self->skip = bare_guest_missing();
	if (self->skip)
		return;
	self->fd = testmod_open("frame", O_RDWR);
	ASSERT_LE(0, self->fd);
	self->page = map_lonely(self->fd, 0, PAGE);
	ASSERT_TRUE(!!self->page);
	strcpy(self->page, "frame");
	ASSERT_EQ(0, bare_guest_open(&self->guest, self->page, PAGE));
}

FIXTURE_TEARDOWN(frame)
{
	if (self->skip)
		return;
	bare_guest_close(&self->guest);
	munmap(self->page, PAGE);
	close(self->fd);
}

TEST_F_TIMEOUT(frame, is_the_page_tables, SECONDS)
{
	SKIP_IF(self->skip);
	__u8 value = 0;

	ASSERT_EQ(0, bare_guest_map(&self->guest, PAGE));
	for (size_t i = 0; self->page[i]; i++) {
		ASSERT_EQ(0, bare_guest_load(&self->guest, i, &value));
		ASSERT_EQ(self->page[i], value);
	}
	EXPECT_EQ(0, bare_guest_store(&self->guest, 0, 'F'));
	EXPECT_EQ('F', self->page[0]);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}

#else

int main(void)
{
	board_skip("KVM on e500v2 is on Power only");
	return 1;
}

#endif
