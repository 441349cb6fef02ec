// SPDX-License-Identifier: GPL-2.0
/*
 * Registers: what mmap() lets through, what PREFAULT enters, and that pread()
 * and pwrite() do on the bus what a load or store through the mapping does.
 *
 * Nothing answers at the extra nodes' addresses, so they are mapped but never
 * touched; what is read and written is a real device.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/edge.h"
#include "lib/procmaps.h"
#include "lib/sysfs.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define KERNEL_ADDRESS	((void *)-4096L)
#define RW		(PROT_READ | PROT_WRITE)

/* The errno of an mmap(), or 0; what it mapped is unmapped again. */
static int try_mmap(int fd, size_t length, int prot, int flags, off_t offset)
{
	void *addr = mmap(NULL, length, prot, flags, fd, offset);

	if (addr == MAP_FAILED)
		return errno;
	munmap(addr, length);
	return 0;
}

/*
 * A claim of a region of four pages, mapped as a whole, between two pages of
 * nothing.
 */
FIXTURE(window)
{
	char *area;
	int fd;
	struct socassign_region region;
	off_t cookie;
	size_t size;
	char *map;
};

FIXTURE_SETUP(window)
{
	self->fd = soc_claim(board_extra("window@80000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	self->cookie = self->region.out_cookie;
	self->size = self->region.out_bytes;
	ASSERT_EQ(4 * PAGE, self->size);
	self->area = mmap(NULL, 6 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->area != MAP_FAILED);
	self->map = mmap(self->area + PAGE, self->size, RW,
			 MAP_SHARED | MAP_FIXED, self->fd, self->cookie);
	ASSERT_TRUE(self->map != MAP_FAILED);
}

FIXTURE_TEARDOWN(window)
{
	munmap(self->area, 6 * PAGE);
	close(self->fd);
}

TEST_F(window, mmap_within_bounds)
{
	for (size_t first = 0; first < 4; first++)
		for (size_t pages = 1; first + pages <= 4; pages++)
			EXPECT_EQ(0, try_mmap(self->fd, pages * PAGE, RW,
					      MAP_SHARED,
					      self->cookie + first * PAGE));
	EXPECT_EQ(0, try_mmap(self->fd, 1, RW, MAP_SHARED, self->cookie));
}

TEST_F(window, mmap_out_of_bounds)
{
	for (size_t first = 0; first < 4; first++)
		for (size_t pages = 5 - first; pages < 8; pages++)
			EXPECT_EQ(EINVAL,
				  try_mmap(self->fd, pages * PAGE, RW,
					   MAP_SHARED,
					   self->cookie + first * PAGE));
	/* Before the first page (0 is no cookie), and behind the last. */
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, RW, MAP_SHARED, 0));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, 8 * PAGE, RW, MAP_SHARED, 0));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				   self->cookie - PAGE));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				   self->cookie + 4 * PAGE));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				   self->cookie + (1 << 30)));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, self->size + 1, RW, MAP_SHARED,
				   self->cookie));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				   self->cookie + 16));
}

/* Where the offset, or the offset of the end, wraps around. */
TEST_F(window, mmap_wraps)
{
	static const off_t offsets[] = {
		(off_t)1 << 44, (off_t)1 << 43, INT64_MAX & ~0xfffffLL,
		(off_t)1 << 32,
	};

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
		for (size_t pages = 1; pages < 300; pages += 298) {
			int err = try_mmap(self->fd, pages * PAGE, RW,
					   MAP_SHARED,
					   offsets[i] + self->cookie);

			/* Beyond what the kernel takes for any file. */
			EXPECT_TRUE(err == EINVAL || err == EOVERFLOW)
				TH_LOG("offset %llx: %d",
				       (unsigned long long)offsets[i], err);
		}
}

TEST_F(window, mmap_private)
{
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, RW, MAP_PRIVATE,
				   self->cookie));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, PAGE, PROT_READ, MAP_PRIVATE,
				   self->cookie));
}

TEST_F(window, mmap_protections)
{
	EXPECT_EQ(0, try_mmap(self->fd, PAGE, PROT_NONE, MAP_SHARED,
			      self->cookie));
	EXPECT_EQ(0, try_mmap(self->fd, PAGE, PROT_READ, MAP_SHARED,
			      self->cookie));
	EXPECT_EQ(EPERM, try_mmap(self->fd, PAGE, PROT_EXEC, MAP_SHARED,
				  self->cookie));
	EXPECT_EQ(EPERM, try_mmap(self->fd, PAGE, RW | PROT_EXEC, MAP_SHARED,
				  self->cookie));
	EXPECT_EQ(0, mprotect(self->map, PAGE, PROT_READ));
	EXPECT_EQ(0, mprotect(self->map, self->size, RW));
	EXPECT_EQ(-1, mprotect(self->map, PAGE, PROT_READ | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
}

TEST_F(window, mremap)
{
	char *moved;

	EXPECT_TRUE(mremap(self->map, self->size, self->size + PAGE,
			   MREMAP_MAYMOVE) == MAP_FAILED);
	EXPECT_EQ(EFAULT, errno);
	EXPECT_TRUE(mremap(self->map, 0, self->size, MREMAP_MAYMOVE) ==
		    MAP_FAILED);
	/* Shrunk, it cannot grow again, although the region is longer. */
	EXPECT_TRUE(mremap(self->map, self->size, PAGE, 0) == self->map);
	EXPECT_TRUE(mremap(self->map, PAGE, 2 * PAGE, MREMAP_MAYMOVE) ==
		    MAP_FAILED);
	EXPECT_EQ(EFAULT, errno);

	moved = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(moved != MAP_FAILED);
	EXPECT_TRUE(mremap(self->map, PAGE, PAGE,
			   MREMAP_MAYMOVE | MREMAP_FIXED, moved) == moved);
	EXPECT_EQ(0, soc_prefault(self->fd, moved, PAGE));
	EXPECT_EQ(-EFAULT, soc_prefault(self->fd, self->map, PAGE));
	munmap(moved, PAGE);
}

/* With a page out of the middle, what is left is still the claim's. */
TEST_F(window, munmap_splits)
{
	ASSERT_EQ(0, munmap(self->map + PAGE, PAGE));
	EXPECT_EQ(0, soc_prefault(self->fd, self->map, PAGE));
	EXPECT_EQ(0, soc_prefault(self->fd, self->map + 2 * PAGE, 2 * PAGE));
	EXPECT_EQ(-EFAULT, soc_prefault(self->fd, self->map + PAGE, PAGE));
	EXPECT_EQ(-EFAULT, soc_prefault(self->fd, self->map, self->size));
	/* mprotect() splits, too; the pieces count as one range. */
	ASSERT_EQ(0, mprotect(self->map + 2 * PAGE, PAGE, PROT_READ));
	EXPECT_EQ(0, soc_prefault(self->fd, self->map + 2 * PAGE, 2 * PAGE));
}

TEST_F(window, proc_maps)
{
	struct procmap map;

	ASSERT_TRUE(procmaps_find(self->map, &map));
	EXPECT_EQ((uintptr_t)self->map + self->size, map.end);
	EXPECT_STREQ("rw-s", map.perms);
	EXPECT_TRUE(!!strstr(map.path, "socassign"));
}

/* Where the registers are in memory is the host's affair. */
TEST_F(window, proc_maps_show_the_cookie)
{
	struct procmap map;

	SKIP_IF(procmaps_shows_frames());
	ASSERT_TRUE(procmaps_find(self->map, &map));
	EXPECT_EQ(self->cookie, map.offset);
	ASSERT_EQ(0, mprotect(self->map + 2 * PAGE, PAGE, PROT_READ));
	ASSERT_TRUE(procmaps_find(self->map + 2 * PAGE, &map));
	EXPECT_EQ(self->cookie + 2 * PAGE, map.offset);
}

TEST_F(window, prefault)
{
	EXPECT_EQ(0, soc_prefault(self->fd, self->map, self->size));
	/* Again, in parts, and where all is there already. */
	EXPECT_EQ(0, soc_prefault(self->fd, self->map, self->size));
	EXPECT_EQ(0, soc_prefault(self->fd, self->map + PAGE, 2 * PAGE));
}

TEST_F(window, prefault_bad_range)
{
	const uintptr_t addr = (uintptr_t)self->map;
	struct socassign_prefault cmd = { .size = sizeof(cmd) };
	const struct {
		__u64 addr, length;
		int result;
	} cases[] = {
		{ addr, 0, -EINVAL },
		{ addr + 1, PAGE, -EINVAL },
		{ addr, PAGE - 1, -EINVAL },
		{ addr, PAGE + 1, -EINVAL },
		{ addr + 8, PAGE - 8, -EINVAL },
		{ -(__u64)PAGE, 2 * PAGE, -EINVAL },
		{ addr, -(__u64)PAGE, -EINVAL },
		{ addr, (1ULL << 63) - PAGE, -EFAULT },
		{ addr, 5 * PAGE, -EFAULT },
		{ addr - PAGE, 2 * PAGE, -EFAULT },
		{ 0, PAGE, -EFAULT },
		{ (uintptr_t)KERNEL_ADDRESS - PAGE, PAGE, -EFAULT },
		{ 1ULL << 62, PAGE, -EFAULT },
		/* what a 32-bit kernel must not take for the mapping */
		{ addr + (1ULL << 56), PAGE, -EFAULT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cmd.addr = cases[i].addr;
		cmd.length = cases[i].length;
		EXPECT_EQ(cases[i].result,
			  soc_ioctl(self->fd, SOCASSIGN_PREFAULT, &cmd))
			TH_LOG("case %zu", i);
	}
}

/* Memory, another file, another claim: none of this claim's. */
TEST_F(window, prefault_foreign_mapping)
{
	char *memory = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int other = soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	int zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	struct socassign_region region = {};
	volatile void *regs;
	char *file;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, soc_region(other, 0, &region));
	regs = soc_map(other, &region);
	ASSERT_TRUE(!!regs);
	file = mmap(NULL, PAGE, RW, MAP_SHARED, zero, 0);
	EXPECT_EQ(-EFAULT, soc_prefault(self->fd, memory, PAGE));
	EXPECT_EQ(-EFAULT, soc_prefault(self->fd, file, PAGE));
	EXPECT_EQ(-EFAULT, soc_prefault(self->fd, (void *)regs, PAGE));
	EXPECT_EQ(0, soc_prefault(other, (void *)regs, PAGE));
	munmap(file, PAGE);
	munmap(memory, PAGE);
	soc_unmap(regs, &region);
	close(zero);
	close(other);
}

/* A mapping holds the claim: its end is the end of the last of both. */
TEST_F(window, mapping_outlives_the_descriptor)
{
	int fd;

	close(self->fd);
	fd = soc_claim(board_extra("window@80000"), SOCASSIGN_NO_DMA);
	EXPECT_EQ(-EBUSY, fd);
	munmap(self->map, self->size);
	self->fd = soc_claim(board_extra("window@80000"), SOCASSIGN_NO_DMA);
	EXPECT_LE(0, self->fd);
}

/* What a read, of whatever width, at the file's position gives. */
static int try_pread(int fd, size_t width, off_t pos)
{
	char value[32];
	ssize_t ret = pread(fd, value, width, pos);

	return ret < 0 ? errno : 0;
}

static int try_pwrite(int fd, size_t width, off_t pos)
{
	static const char value[32];
	ssize_t ret = pwrite(fd, value, width, pos);

	return ret < 0 ? errno : 0;
}

/*
 * Accesses that must not reach the bus.  The region is two bytes into its page
 * and 19 bytes long, so that every kind of straddling can be aligned.
 */
FIXTURE(odd)
{
	int fd;
	struct socassign_region region;
};

FIXTURE_SETUP(odd)
{
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	self->fd = soc_claim(board_extra("odd@da002"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	ASSERT_EQ(2, self->region.out_page_offset);
	ASSERT_EQ(19, self->region.out_bytes);
}

FIXTURE_TEARDOWN(odd)
{
	close(self->fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

static void check_refused(struct __test_metadata *_metadata,
			  FIXTURE_DATA(odd) *self, size_t width, off_t pos)
{
	EXPECT_EQ(EINVAL, try_pread(self->fd, width, pos))
		TH_LOG("width %zu at %lld", width, (long long)pos);
	EXPECT_EQ(EINVAL, try_pwrite(self->fd, width, pos))
		TH_LOG("width %zu at %lld", width, (long long)pos);
}

TEST_F(odd, widths_that_no_bus_has)
{
	static const size_t widths[] = { 0, 3, 5, 6, 7, 9, 12, 16, 32 };
	const off_t cookie = self->region.out_cookie;

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		for (off_t offset = 2; offset <= 16; offset++)
			check_refused(_metadata, self, widths[i],
				      cookie + offset);
}

TEST_F(odd, width_8_on_a_32_bit_bus)
{
	if (self->region.out_widths & 8)
		SKIP(return, "the bus has 8 bytes");
	check_refused(_metadata, self, 8, self->region.out_cookie + 8);
}

TEST_F(odd, misaligned)
{
	const off_t cookie = self->region.out_cookie;

	for (off_t offset = 2; offset <= 20; offset++)
		for (size_t width = 2; width <= 8; width *= 2)
			if (offset % width)
				check_refused(_metadata, self, width,
					      cookie + offset);
}

TEST_F(odd, outside_and_across_the_ends)
{
	const off_t cookie = self->region.out_cookie;

	/* Bytes 2 to 20 of the page are the region's. */
	check_refused(_metadata, self, 1, cookie);
	check_refused(_metadata, self, 1, cookie + 1);
	check_refused(_metadata, self, 2, cookie);
	check_refused(_metadata, self, 4, cookie);
	check_refused(_metadata, self, 8, cookie);
	check_refused(_metadata, self, 1, cookie + 21);
	check_refused(_metadata, self, 2, cookie + 20);
	check_refused(_metadata, self, 4, cookie + 20);
	check_refused(_metadata, self, 8, cookie + 16);
	for (size_t width = 1; width <= 8; width *= 2) {
		check_refused(_metadata, self, width, cookie + 24);
		check_refused(_metadata, self, width, cookie + PAGE - width);
		check_refused(_metadata, self, width, cookie + PAGE);
	}
}

TEST_F(odd, no_region_at_all)
{
	static const off_t positions[] = {
		0, 2, 4, 8, -1, -2, -8, INT64_MIN, INT64_MAX,
		INT64_MAX - 7, (off_t)1 << 32, (off_t)1 << 44,
		(off_t)1 << 52,
	};

	for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++)
		for (size_t width = 1; width <= 8; width *= 2)
			check_refused(_metadata, self, width, positions[i]);
	/* The wrapped position of a real register. */
	check_refused(_metadata, self, 4,
		      self->region.out_cookie + 4 + ((off_t)1 << 44));
	check_refused(_metadata, self, 4,
		      self->region.out_cookie + 4 + ((off_t)1 << 32));
}

/* Without a position there is no register. */
TEST_F(odd, read_and_write)
{
	char value[4];

	EXPECT_EQ(-1, read(self->fd, value, sizeof(value)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, value, sizeof(value)));
	EXPECT_EQ(EINVAL, errno);
}

/* A device with registers that can be written at will, mapped. */
struct scratch {
	const char *nodes;	/* list, the first has the register */
	size_t len;
	__u32 offset;		/* of the register */
	size_t width;
	__u8 mask[4];		/* its bits that stay as they are written */
	__u32 probe;		/* registers that can be read in any width */
	__u32 probe_end;
	size_t max_width;	/* that the device answers */
	int part_number;	/* of a PrimeCell */
};

#define LIST(_s) .nodes = _s, .len = sizeof(_s)

static const struct scratch scratches[] = {
	{	/* GPIO direction; the device answers 32-bit accesses only */
		LIST("/soc@fe0000000/gpio@ff000"),
		.offset = 0, .width = 4, .mask = { 0xff, 0xff, 0xff, 0xff },
		.probe = 0, .probe_end = 0x18, .max_width = 4,
	}, {	/* I2C: slave address; bytes only */
		LIST("/soc@fe0000000/i2c@3000\0/soc@fe0000000/i2c@3100"),
		.offset = 0, .width = 1, .mask = { 0xfe },
		.probe = 0, .probe_end = 0x10, .max_width = 1,
	}, {	/* PL031: the alarm, and the identification registers */
		LIST("/pl031@9010000"),
		.offset = 4, .width = 4, .mask = { 0xff, 0xff, 0xff, 0xff },
		.probe = 0xfe0, .probe_end = 0x1000, .max_width = 8,
		.part_number = 0x31,
	}, {	/* PL061: which edge or level interrupts */
		LIST("/pl061@9030000"),
		.offset = 0x40c, .width = 4, .mask = { 0xff },
		.probe = 0xfe0, .probe_end = 0x1000, .max_width = 8,
		.part_number = 0x61,
	},
};

static bool has_node(const char *node)
{
	char path[300];

	snprintf(path, sizeof(path), "/proc/device-tree%s", node);
	return !access(path, F_OK);
}

/* The board's @skip-th device. */
static const struct scratch *find_scratch(int skip)
{
	for (size_t i = 0; i < sizeof(scratches) / sizeof(scratches[0]); i++)
		if (has_node(scratches[i].nodes) && !skip--)
			return &scratches[i];
	return NULL;
}

FIXTURE(access)
{
	const struct scratch *scratch;
	char driver[64];
	struct sysfs_device dev;
	int fd;
	struct socassign_region region;
	volatile __u8 *regs;
};

FIXTURE_VARIANT(access)
{
	int number;
};

FIXTURE_VARIANT_ADD(access, first_device) { .number = 0 };
FIXTURE_VARIANT_ADD(access, second_device) { .number = 1 };

FIXTURE_SETUP(access)
{
	const struct scratch *scratch = find_scratch(variant->number);

	ASSERT_TRUE(!!scratch);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	self->scratch = scratch;
	if (!sysfs_find(scratch->nodes, &self->dev))
		sysfs_driver(&self->dev, self->driver, sizeof(self->driver));
	self->fd = soc_claim_list(scratch->nodes, scratch->len,
				  SOCASSIGN_DETACH);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	self->regs = soc_map(self->fd, &self->region);
	ASSERT_TRUE(!!self->regs);
}

FIXTURE_TEARDOWN(access)
{
	soc_unmap(self->regs, &self->region);
	close(self->fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	if (self->driver[0])
		EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

/* One access of the CPU's, and what it leaves in memory. */
static void load(volatile void *reg, size_t width, void *value)
{
	__u8 v1;
	__u16 v2;
	__u32 v4;
	__u64 v8;

	__sync_synchronize();
	switch (width) {
	case 1:
		v1 = *(volatile __u8 *)reg;
		memcpy(value, &v1, 1);
		break;
	case 2:
		v2 = *(volatile __u16 *)reg;
		memcpy(value, &v2, 2);
		break;
	case 4:
		v4 = *(volatile __u32 *)reg;
		memcpy(value, &v4, 4);
		break;
	case 8:
		v8 = *(volatile __u64 *)reg;
		memcpy(value, &v8, 8);
		break;
	}
	__sync_synchronize();
}

static void store(volatile void *reg, size_t width, const void *value)
{
	__u8 v1;
	__u32 v4;

	__sync_synchronize();
	if (width == 1) {
		memcpy(&v1, value, 1);
		*(volatile __u8 *)reg = v1;
	} else {
		memcpy(&v4, value, 4);
		*(volatile __u32 *)reg = v4;
	}
	__sync_synchronize();
}

static size_t widest(const struct scratch *scratch,
		     const struct socassign_region *region)
{
	return scratch->max_width == 8 && !(region->out_widths & 8) ?
		       4 : scratch->max_width;
}

TEST_F(access, pread_is_a_load)
{
	for (size_t width = 1; width <= widest(self->scratch, &self->region);
	     width *= 2)
		for (__u32 at = self->scratch->probe;
		     at < self->scratch->probe_end && at < self->region.out_bytes;
		     at += 8) {
			__u8 one[8] = { 0 }, two[8] = { 0 };

			load(self->regs + at, width, one);
			ASSERT_EQ(0, soc_pread(self->fd, &self->region, at, two,
					       width));
			EXPECT_EQ(0, memcmp(one, two, sizeof(one)))
				TH_LOG("width %zu at 0x%x", width, at);
		}
}

/* The patterns tell every byte of a register from the others. */
static const __u8 patterns[][4] = {
	{ 0x12, 0x34, 0x56, 0x78 }, { 0xfe, 0xdc, 0xba, 0x98 },
	{ 0x80, 0x00, 0x00, 0x02 }, { 0x00, 0x00, 0x00, 0x00 },
};

static bool same_bits(const struct scratch *scratch, const __u8 *a,
		      const __u8 *b)
{
	for (size_t i = 0; i < scratch->width; i++)
		if ((a[i] ^ b[i]) & scratch->mask[i])
			return false;
	return true;
}

TEST_F(access, pwrite_is_a_store)
{
	const struct scratch *scratch = self->scratch;

	for (int i = 0; i < 4; i++) {
		__u8 back[8] = { 0 };

		ASSERT_EQ(0, soc_pwrite(self->fd, &self->region,
					scratch->offset, patterns[i],
					scratch->width));
		load(self->regs + scratch->offset, scratch->width, back);
		EXPECT_TRUE(same_bits(scratch, patterns[i], back))
			TH_LOG("pattern %d: %02x %02x %02x %02x", i, back[0],
			       back[1], back[2], back[3]);
	}
}

TEST_F(access, pread_sees_a_store)
{
	const struct scratch *scratch = self->scratch;

	for (int i = 0; i < 4; i++) {
		__u8 back[8] = { 0 };

		store(self->regs + scratch->offset, scratch->width,
		      patterns[i]);
		ASSERT_EQ(0, soc_pread(self->fd, &self->region,
				       scratch->offset, back, scratch->width));
		EXPECT_TRUE(same_bits(scratch, patterns[i], back))
			TH_LOG("pattern %d", i);
	}
}

/* In the device's own byte order, as its manual gives the values. */
TEST_F(access, byte_order)
{
	const struct scratch *scratch = self->scratch;
	__u8 bytes[4];

	if (scratch == &scratches[0]) {
		/* GPIO 0 is the most significant bit: byte 0. */
		__u8 first[4] = { 0x80, 0, 0, 0 };

		ASSERT_EQ(0, soc_pwrite(self->fd, &self->region, 0, first, 4));
		EXPECT_EQ(0x80000000, *(volatile __u32 *)self->regs);
	} else if (scratch->part_number) {
		/* Part number, and component identification; little endian. */
		ASSERT_EQ(0, soc_pread(self->fd, &self->region, 0xfe0, bytes,
				       4));
		EXPECT_EQ(scratch->part_number, bytes[0]);
		EXPECT_EQ(0, bytes[1] | bytes[2] | bytes[3]);
		ASSERT_EQ(0, soc_pread(self->fd, &self->region, 0xff0, bytes,
				       4));
		EXPECT_EQ(0x0d, bytes[0]);
	} else {
		SKIP(return, "a register of one byte has no order");
	}
}

/* The register is read, or not written, and the caller hears of it. */
TEST_F(access, bad_memory)
{
	const struct scratch *scratch = self->scratch;
	void *hole = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	__u8 before[8] = { 0 }, after[8] = { 0 };
	off_t pos = self->region.out_cookie + self->region.out_page_offset +
		    scratch->offset;

	ASSERT_TRUE(hole != MAP_FAILED);
	load(self->regs + scratch->offset, scratch->width, before);
	EXPECT_EQ(-1, pread(self->fd, hole, scratch->width, pos));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, pwrite(self->fd, hole, scratch->width, pos));
	EXPECT_EQ(EFAULT, errno);
	load(self->regs + scratch->offset, scratch->width, after);
	EXPECT_EQ(0, memcmp(before, after, sizeof(before)));
	munmap(hole, PAGE);
}

/* pread() into a mapping of the very registers, which has to be faulted in. */
TEST_F(access, memory_is_the_device_itself)
{
	const struct scratch *scratch = self->scratch;
	off_t pos;
	volatile __u8 *regs;
	ssize_t ret;

	if (scratch->width == 1)
		SKIP(return, "the copy need not be done in bytes");
	regs = soc_map(self->fd, &self->region);
	ASSERT_TRUE(!!regs);
	pos = self->region.out_cookie + self->region.out_page_offset +
	      scratch->offset;
	ret = pwrite(self->fd, (void *)(regs + scratch->offset),
		     scratch->width, pos);
	EXPECT_TRUE(ret == (ssize_t)scratch->width ||
		    (ret < 0 && errno == EFAULT));
	soc_unmap(regs, &self->region);
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Page faults that a load of the scratch register takes. */
static long faults_of_load(volatile __u8 *regs, const struct scratch *scratch)
{
	__u8 value[8];
	long before = minor_faults();

	load(regs + scratch->offset, scratch->width, value);
	return minor_faults() - before;
}

TEST_F(access, prefault_saves_the_fault)
{
	const struct scratch *scratch = self->scratch;
	volatile __u8 *regs;

	/* All of the code has run once; then the faults are the device's. */
	faults_of_load(self->regs, scratch);
	EXPECT_EQ(0, faults_of_load(self->regs, scratch));

	regs = soc_map(self->fd, &self->region);
	ASSERT_TRUE(!!regs);
	EXPECT_EQ(1, faults_of_load(regs, scratch));
	soc_unmap(regs, &self->region);

	regs = soc_map(self->fd, &self->region);
	ASSERT_TRUE(!!regs);
	ASSERT_EQ(0, soc_prefault(self->fd,
				  (char *)regs - self->region.out_page_offset,
				  PAGE));
	EXPECT_EQ(0, faults_of_load(regs, scratch));
	soc_unmap(regs, &self->region);
}

/* SIGBUS, once the device is gone; also where the page was there before. */
static sigjmp_buf after_signal;

static void on_sigbus(int sig)
{
	siglongjmp(after_signal, sig);
}

static int signal_of_load(volatile __u8 *reg)
{
	struct sigaction action = { .sa_handler = on_sigbus };
	int sig;

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sig = sigsetjmp(after_signal, 1);
	if (!sig)
		(void)*reg;
	return sig;
}

TEST_F(access, sigbus_when_gone)
{
	volatile __u8 *untouched;

	if (!self->driver[0])
		SKIP(return, "the device is made for the claim: nobody can unbind it");
	untouched = soc_map(self->fd, &self->region);
	ASSERT_TRUE(!!untouched);
	EXPECT_EQ(0, signal_of_load(self->regs + self->scratch->offset));
	ASSERT_EQ(0, sysfs_unbind(&self->dev));
	EXPECT_EQ(SIGBUS, signal_of_load(self->regs + self->scratch->offset));
	EXPECT_EQ(SIGBUS, signal_of_load(untouched + self->scratch->offset));
	soc_unmap(untouched, &self->region);
}

/*
 * A cacheable and an inhibited view of one page must not exist at a time: the
 * first use of a region decides.
 */
FIXTURE(portal)
{
	int fd;
	struct socassign_region region;
	int inhibited, cached;		/* result of mmap() */
};

FIXTURE_SETUP(portal)
{
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	self->fd = soc_claim(board_extra("qman-portal@de000"),
			     SOCASSIGN_UNSAFE_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
}

FIXTURE_TEARDOWN(portal)
{
	close(self->fd);
	edge_end_quarantine(board_extra("qman-portal@de000"));
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

static void map_both(FIXTURE_DATA(portal) *self, bool cached_first)
{
	for (int i = 0; i < 2; i++) {
		bool cached = cached_first != i;
		int ret = try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				   cached ? self->region.out_cached_cookie :
					    self->region.out_cookie);

		*(cached ? &self->cached : &self->inhibited) = ret;
	}
}

#define NOT_CACHEABLE "the architecture has no cacheable device mappings"

TEST_F(portal, cached_then_inhibited)
{
	if (!(self->region.out_flags & SOCASSIGN_REGION_MMAP_CACHED))
		SKIP(return, NOT_CACHEABLE);
	map_both(self, true);
	EXPECT_EQ(0, self->cached);
	EXPECT_EQ(EBUSY, self->inhibited);
	EXPECT_EQ(EBUSY, try_pread(self->fd, 4, self->region.out_cookie));
}

TEST_F(portal, inhibited_then_cached)
{
	if (!(self->region.out_flags & SOCASSIGN_REGION_MMAP_CACHED))
		SKIP(return, NOT_CACHEABLE);
	map_both(self, false);
	EXPECT_EQ(0, self->inhibited);
	EXPECT_EQ(EBUSY, self->cached);
}

/* It is the page that counts, not the region. */
TEST_F(portal, other_region_over_a_cached_page)
{
	struct socassign_region inside = {};

	if (!(self->region.out_flags & SOCASSIGN_REGION_MMAP_CACHED))
		SKIP(return, NOT_CACHEABLE);
	ASSERT_EQ(0, soc_region(self->fd, 2, &inside));
	EXPECT_EQ(0, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
			      self->region.out_cached_cookie));
	EXPECT_EQ(EBUSY, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				  inside.out_cookie));
	EXPECT_EQ(EBUSY, try_pread(self->fd, 4, inside.out_cookie +
				   inside.out_page_offset));
}

TEST_F(portal, other_region_over_an_inhibited_page)
{
	struct socassign_region inside = {};

	if (!(self->region.out_flags & SOCASSIGN_REGION_MMAP_CACHED))
		SKIP(return, NOT_CACHEABLE);
	ASSERT_EQ(0, soc_region(self->fd, 2, &inside));
	EXPECT_EQ(0, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
			      inside.out_cookie));
	EXPECT_EQ(EBUSY, try_mmap(self->fd, PAGE, RW, MAP_SHARED,
				  self->region.out_cached_cookie));
}

TEST_F(portal, cached_cookie_is_for_mmap_only)
{
	if (!(self->region.out_flags & SOCASSIGN_REGION_MMAP_CACHED))
		SKIP(return, NOT_CACHEABLE);
	EXPECT_EQ(EINVAL, try_pread(self->fd, 4,
				    self->region.out_cached_cookie));
	EXPECT_EQ(EINVAL, try_mmap(self->fd, 2 * PAGE, RW, MAP_SHARED,
				   self->region.out_cached_cookie));
}

/* The kernel would make it coherent: nobody has seen to the caches of others. */
TEST_F(portal, protection_of_a_cached_mapping)
{
	void *regs;

	if (!(self->region.out_flags & SOCASSIGN_REGION_MMAP_CACHED))
		SKIP(return, NOT_CACHEABLE);
	regs = mmap(NULL, PAGE, RW, MAP_SHARED, self->fd,
		    self->region.out_cached_cookie);
	ASSERT_TRUE(regs != MAP_FAILED);
	EXPECT_EQ(-1, mprotect(regs, PAGE, PROT_READ));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(regs, PAGE, PROT_NONE));
	EXPECT_EQ(EACCES, errno);
	munmap(regs, PAGE);
}

/* The other area is as any other region. */
TEST_F(portal, inhibited_area)
{
	struct socassign_region region = {};
	volatile void *regs;

	ASSERT_EQ(0, soc_region(self->fd, 1, &region));
	EXPECT_EQ(SOCASSIGN_REGION_MMAP, region.out_flags);
	EXPECT_EQ(0, region.out_cached_cookie);
	regs = soc_map(self->fd, &region);
	EXPECT_TRUE(!!regs);
	soc_unmap(regs, &region);
}

/* strict_pages: what the tree does not describe forbids mmap(), too. */
FIXTURE(strict)
{
	int fd;
};

FIXTURE_SETUP(strict)
{
	self->fd = -1;
	ASSERT_EQ(0, board_set_param("strict_pages", "Y"));
}

FIXTURE_TEARDOWN(strict)
{
	close(self->fd);
	EXPECT_EQ(0, board_set_param("strict_pages", "N"));
}

static void check_strict(struct __test_metadata *_metadata,
			 FIXTURE_DATA(strict) *self, __u32 index, bool allowed)
{
	struct socassign_region region = {};
	volatile void *regs;

	ASSERT_EQ(0, soc_region(self->fd, index, &region));
	EXPECT_EQ(allowed ? SOCASSIGN_REGION_MMAP : 0, region.out_flags);
	EXPECT_NE(0, region.out_cookie);
	regs = soc_map(self->fd, &region);
	EXPECT_EQ(allowed, !!regs);
	if (regs)
		soc_unmap(regs, &region);
	else
		EXPECT_EQ(EACCES, errno);
}

TEST_F(strict, full_page)
{
	self->fd = soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	check_strict(_metadata, self, 0, true);
	check_strict(_metadata, self, 1, false);
	check_strict(_metadata, self, 2, true);
}

TEST_F(strict, lone_in_its_page)
{
	self->fd = soc_claim(board_extra("lone@97000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	check_strict(_metadata, self, 0, false);
	close(self->fd);
	/* The parameter counts when the claim is made. */
	ASSERT_EQ(0, board_set_param("strict_pages", "N"));
	self->fd = soc_claim(board_extra("lone@97000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	check_strict(_metadata, self, 0, true);
}

TEST_F(strict, twins_that_do_not_fill_their_page)
{
	char list[512];
	size_t len;

	strcpy(list, board_extra("twin@96000"));
	len = strlen(list) + 1;
	strcpy(list + len, board_extra("twin@96100"));
	len += strlen(list + len) + 1;
	self->fd = soc_claim_list(list, len, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	check_strict(_metadata, self, 0, false);
	check_strict(_metadata, self, 1, false);
}

/* Eight virtio transports of 512 bytes fill a page together. */
TEST_F(strict, page_filled_by_many)
{
	char list[1024];
	size_t len = 0;

	if (!has_node("/virtio_mmio@a000000"))
		SKIP(return, "the board has no page that small devices fill");
	for (int i = 0; i < 8; i++)
		len += sprintf(list + len, "/virtio_mmio@%x",
			       0xa000000 + i * 0x200) + 1;
	self->fd = soc_claim_list(list, len, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < 8; i++)
		check_strict(_metadata, self, i, true);
}

/* The magic value of a transport, in a page that others are in. */
TEST(pread_beside_neighbours)
{
	struct socassign_region region = {};
	char magic[5] = "";
	int fd;

	if (!has_node("/virtio_mmio@a000400"))
		SKIP(return, "the board has no virtio transports");
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	fd = soc_claim("/virtio_mmio@a000400", SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_region(fd, 0, &region));
	EXPECT_EQ(SOCASSIGN_REGION_NEIGHBOURS, region.out_flags);
	EXPECT_TRUE(!soc_map(fd, &region));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, soc_pread(fd, &region, 0, magic, 4));
	EXPECT_STREQ("virt", magic);
	/* The next transport's magic, and the end of the one before. */
	EXPECT_EQ(-EINVAL, soc_pread(fd, &region, 0x200, magic, 4));
	EXPECT_EQ(-EINVAL, soc_pread(fd, &region, -4, magic, 4));
	close(fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

/* Regions of more than what pread() maps at a time; reading them is harmless. */
static const struct wide {
	const char *node;
	__u32 region;
} wides[] = {
	{ .node = "/flash@0" },
	{ .node = "/pci@fe0009000", .region = 1 },
};

#define FAR	0x2000000

struct wide_reader {
	pthread_t thread;
	int fd;
	const struct socassign_region *region;
	int failed;
};

static void *read_here_and_there(void *data)
{
	struct wide_reader *reader = data;
	time_t end;

	for (int i = 0; !reader->failed && again(i, 200, &end); i++) {
		__u32 value;

		reader->failed = soc_pread(reader->fd, reader->region,
					   i % 2 * FAR, &value, sizeof(value));
	}
	return NULL;
}

/* What one thread maps takes the ground from nobody else's access. */
TEST(pread_here_and_there)
{
	const struct wide *wide = &wides[!has_node(wides[0].node)];
	struct socassign_region region = {};
	struct wide_reader readers[3];
	int fd;

	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	fd = soc_claim(wide->node, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_region(fd, wide->region, &region));
	ASSERT_LT(FAR, region.out_bytes);
	for (int i = 0; i < 3; i++) {
		readers[i] = (struct wide_reader) {
			.fd = fd, .region = &region,
		};
		ASSERT_EQ(0, pthread_create(&readers[i].thread, NULL,
					    read_here_and_there, &readers[i]));
	}
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, pthread_join(readers[i].thread, NULL));
		EXPECT_EQ(0, readers[i].failed);
	}
	close(fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

/* The kernel's mapping of a physical address, as it says; "" if it has none. */
static void kernel_mapping(__u64 phys, char *line, size_t size)
{
	FILE *file = fopen("/proc/vmallocinfo", "re");
	char field[32];

	snprintf(field, sizeof(field), "phys=0x%016llx",
		 (unsigned long long)phys);
	do {
		line[0] = '\0';
	} while (file && fgets(line, size, file) && !strstr(line, field));
	if (file)
		fclose(file);
}

/* Two windows in turn do not cost a mapping each time. */
TEST(pread_maps_once)
{
	const struct wide *wide = &wides[0];
	struct socassign_region region = {};
	char first[256], second[256];
	__u32 value;
	int fd;

	if (!has_node(wide->node))
		SKIP(return, "the board lacks a large region, or room to map it");
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	fd = soc_claim(wide->node, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	/* The second of the same size: the kernel says nothing of address 0. */
	ASSERT_EQ(0, soc_region(fd, wide->region + 1, &region));
	ASSERT_LT(FAR, region.out_bytes);
	EXPECT_EQ(0, soc_pread(fd, &region, 0, &value, sizeof(value)));
	kernel_mapping(region.out_bus_address, first, sizeof(first));
	EXPECT_EQ(0, soc_pread(fd, &region, FAR, &value, sizeof(value)));
	kernel_mapping(region.out_bus_address, second, sizeof(second));
	EXPECT_NE('\0', first[0]);
	EXPECT_STREQ(first, second);
	close(fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
