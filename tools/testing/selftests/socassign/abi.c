// SPDX-License-Identifier: GPL-2.0
/*
 * The form of the ABI: layouts, the size rules of every ioctl, and the errnos
 * that the header promises for every kind of bad input.  ENOMEM has a program
 * of its own, inject.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/pamu.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define KERNEL_ADDRESS	((void *)-4096L)
#define NO_OFFSET	0xffff

/* The numbers are the ABI: the same for 32-bit and 64-bit programs. */
#define EXPECT_LAYOUT(_type, _field, _offset) \
	EXPECT_EQ(_offset, offsetof(struct socassign_##_type, _field))
#define EXPECT_SIZE(_type, _size) \
	EXPECT_EQ(_size, sizeof(struct socassign_##_type))

TEST(layout_of_instantiate)
{
	EXPECT_SIZE(instantiate, 40);
	EXPECT_LAYOUT(instantiate, size, 0);
	EXPECT_LAYOUT(instantiate, flags, 4);
	EXPECT_LAYOUT(instantiate, paths, 8);
	EXPECT_LAYOUT(instantiate, paths_len, 16);
	EXPECT_LAYOUT(instantiate, out_fd, 20);
	EXPECT_LAYOUT(instantiate, reason, 24);
	EXPECT_LAYOUT(instantiate, reason_len, 32);
	EXPECT_LAYOUT(instantiate, __reserved, 36);
}

TEST(layout_of_query)
{
	EXPECT_SIZE(query, 24);
	EXPECT_LAYOUT(query, size, 0);
	EXPECT_LAYOUT(query, out_version, 4);
	EXPECT_LAYOUT(query, out_instantiate_flags, 8);
	EXPECT_LAYOUT(query, out_features, 12);
	EXPECT_LAYOUT(query, out_max_paths_len, 16);
	EXPECT_LAYOUT(query, out_max_nodes, 20);
}

TEST(layout_of_info)
{
	EXPECT_SIZE(info, 48);
	EXPECT_LAYOUT(info, size, 0);
	EXPECT_LAYOUT(info, out_flags, 4);
	EXPECT_LAYOUT(info, out_dma_class, 8);
	EXPECT_LAYOUT(info, out_num_nodes, 12);
	EXPECT_LAYOUT(info, out_num_regions, 16);
	EXPECT_LAYOUT(info, out_num_irqs, 20);
	EXPECT_LAYOUT(info, out_num_clocks, 24);
	EXPECT_LAYOUT(info, out_has_reset, 28);
	EXPECT_LAYOUT(info, paths, 32);
	EXPECT_LAYOUT(info, paths_len, 40);
	EXPECT_LAYOUT(info, out_num_dmas, 44);
}

TEST(layout_of_region)
{
	EXPECT_SIZE(region, 88);
	EXPECT_LAYOUT(region, size, 0);
	EXPECT_LAYOUT(region, index, 4);
	EXPECT_LAYOUT(region, out_kind, 8);
	EXPECT_LAYOUT(region, out_flags, 12);
	EXPECT_LAYOUT(region, out_node, 16);
	EXPECT_LAYOUT(region, out_entry, 20);
	EXPECT_LAYOUT(region, out_widths, 24);
	EXPECT_LAYOUT(region, out_page_offset, 28);
	EXPECT_LAYOUT(region, out_bytes, 32);
	EXPECT_LAYOUT(region, out_cookie, 40);
	EXPECT_LAYOUT(region, out_cached_cookie, 48);
	EXPECT_LAYOUT(region, out_bus_address, 56);
	EXPECT_LAYOUT(region, name, 64);
	EXPECT_LAYOUT(region, neighbours, 72);
	EXPECT_LAYOUT(region, name_len, 80);
	EXPECT_LAYOUT(region, neighbours_len, 84);
}

TEST(layout_of_irq)
{
	EXPECT_SIZE(irq, 144);
	EXPECT_LAYOUT(irq, size, 0);
	EXPECT_LAYOUT(irq, index, 4);
	EXPECT_LAYOUT(irq, out_origin, 8);
	EXPECT_LAYOUT(irq, out_flags, 12);
	EXPECT_LAYOUT(irq, out_node, 16);
	EXPECT_LAYOUT(irq, out_entry, 20);
	EXPECT_LAYOUT(irq, out_num_cells, 24);
	EXPECT_LAYOUT(irq, __reserved, 28);
	EXPECT_LAYOUT(irq, out_specifier, 32);
	EXPECT_LAYOUT(irq, out_count, 96);
	EXPECT_LAYOUT(irq, name, 104);
	EXPECT_LAYOUT(irq, controllers, 112);
	EXPECT_LAYOUT(irq, sharers, 120);
	EXPECT_LAYOUT(irq, name_len, 128);
	EXPECT_LAYOUT(irq, controllers_len, 132);
	EXPECT_LAYOUT(irq, sharers_len, 136);
	EXPECT_LAYOUT(irq, __reserved2, 140);
}

TEST(layout_of_clock)
{
	EXPECT_SIZE(clock, 40);
	EXPECT_LAYOUT(clock, size, 0);
	EXPECT_LAYOUT(clock, index, 4);
	EXPECT_LAYOUT(clock, out_node, 8);
	EXPECT_LAYOUT(clock, out_entry, 12);
	EXPECT_LAYOUT(clock, out_rate, 16);
	EXPECT_LAYOUT(clock, name, 24);
	EXPECT_LAYOUT(clock, name_len, 32);
	EXPECT_LAYOUT(clock, __reserved, 36);
}

TEST(layout_of_set_irq)
{
	EXPECT_SIZE(set_irq, 32);
	EXPECT_LAYOUT(set_irq, size, 0);
	EXPECT_LAYOUT(set_irq, index, 4);
	EXPECT_LAYOUT(set_irq, flags, 8);
	EXPECT_LAYOUT(set_irq, trigger_fd, 12);
	EXPECT_LAYOUT(set_irq, resample_fd, 16);
	EXPECT_LAYOUT(set_irq, cpus_len, 20);
	EXPECT_LAYOUT(set_irq, cpus, 24);
}

TEST(layout_of_the_others)
{
	EXPECT_SIZE(reset, 8);
	EXPECT_LAYOUT(reset, flags, 4);
	EXPECT_SIZE(prefault, 24);
	EXPECT_LAYOUT(prefault, flags, 4);
	EXPECT_LAYOUT(prefault, addr, 8);
	EXPECT_LAYOUT(prefault, length, 16);
	EXPECT_SIZE(get_event, 48);
	EXPECT_LAYOUT(get_event, flags, 4);
	EXPECT_LAYOUT(get_event, out_type, 8);
	EXPECT_LAYOUT(get_event, out_flags, 12);
	EXPECT_LAYOUT(get_event, out_index, 16);
	EXPECT_LAYOUT(get_event, __reserved, 20);
	EXPECT_LAYOUT(get_event, out_time, 24);
	EXPECT_LAYOUT(get_event, out_address, 32);
	EXPECT_LAYOUT(get_event, out_fault, 40);
	EXPECT_LAYOUT(get_event, out_storm, 44);
}

TEST(layout_of_dma)
{
	EXPECT_SIZE(dma, 72);
	EXPECT_LAYOUT(dma, size, 0);
	EXPECT_LAYOUT(dma, index, 4);
	EXPECT_LAYOUT(dma, out_flags, 8);
	EXPECT_LAYOUT(dma, out_node, 12);
	EXPECT_LAYOUT(dma, out_entry, 16);
	EXPECT_LAYOUT(dma, out_liodn, 20);
	EXPECT_LAYOUT(dma, out_num_windows, 24);
	EXPECT_LAYOUT(dma, out_max_windows, 28);
	EXPECT_LAYOUT(dma, out_stash_levels, 32);
	EXPECT_LAYOUT(dma, out_num_subwindows, 36);
	EXPECT_LAYOUT(dma, out_granule, 40);
	EXPECT_LAYOUT(dma, out_limit, 48);
	EXPECT_LAYOUT(dma, out_base, 56);
	EXPECT_LAYOUT(dma, out_bytes, 64);
}

TEST(layout_of_memory)
{
	EXPECT_SIZE(memory, 40);
	EXPECT_LAYOUT(memory, size, 0);
	EXPECT_LAYOUT(memory, flags, 4);
	EXPECT_LAYOUT(memory, addr, 8);
	EXPECT_LAYOUT(memory, length, 16);
	EXPECT_LAYOUT(memory, out_contiguous, 24);
	EXPECT_LAYOUT(memory, out_fd, 32);
	EXPECT_LAYOUT(memory, __reserved, 36);
}

TEST(layout_of_dma_map)
{
	EXPECT_SIZE(dma_map, 72);
	EXPECT_LAYOUT(dma_map, size, 0);
	EXPECT_LAYOUT(dma_map, index, 4);
	EXPECT_LAYOUT(dma_map, flags, 8);
	EXPECT_LAYOUT(dma_map, memory_fd, 12);
	EXPECT_LAYOUT(dma_map, offset, 16);
	EXPECT_LAYOUT(dma_map, iova, 24);
	EXPECT_LAYOUT(dma_map, length, 32);
	EXPECT_LAYOUT(dma_map, stash_level, 40);
	EXPECT_LAYOUT(dma_map, stash_cpu, 44);
	EXPECT_LAYOUT(dma_map, operation, 48);
	EXPECT_LAYOUT(dma_map, __reserved, 52);
	EXPECT_LAYOUT(dma_map, reason, 56);
	EXPECT_LAYOUT(dma_map, reason_len, 64);
	EXPECT_LAYOUT(dma_map, __reserved2, 68);
}

TEST(layout_of_dma_unmap_and_control)
{
	EXPECT_SIZE(dma_unmap, 32);
	EXPECT_LAYOUT(dma_unmap, index, 4);
	EXPECT_LAYOUT(dma_unmap, flags, 8);
	EXPECT_LAYOUT(dma_unmap, __reserved, 12);
	EXPECT_LAYOUT(dma_unmap, iova, 16);
	EXPECT_LAYOUT(dma_unmap, length, 24);
	EXPECT_SIZE(dma_control, 16);
	EXPECT_LAYOUT(dma_control, index, 4);
	EXPECT_LAYOUT(dma_control, flags, 8);
	EXPECT_LAYOUT(dma_control, __reserved, 12);
}

/* The direction bits of _IO() are the architecture's own. */
#define EXPECT_COMMAND(_nr, _cmd) do {		\
	EXPECT_EQ(0xaf, _IOC_TYPE(_cmd));	\
	EXPECT_EQ(_nr, _IOC_NR(_cmd));		\
	EXPECT_EQ(0, _IOC_SIZE(_cmd));		\
	EXPECT_EQ(_IOC_NONE, _IOC_DIR(_cmd));	\
} while (0)

TEST(command_numbers)
{
	EXPECT_COMMAND(0x20, SOCASSIGN_INSTANTIATE);
	EXPECT_COMMAND(0x21, SOCASSIGN_INFO);
	EXPECT_COMMAND(0x22, SOCASSIGN_REGION);
	EXPECT_COMMAND(0x23, SOCASSIGN_IRQ);
	EXPECT_COMMAND(0x24, SOCASSIGN_CLOCK);
	EXPECT_COMMAND(0x25, SOCASSIGN_SET_IRQ);
	EXPECT_COMMAND(0x26, SOCASSIGN_RESET);
	EXPECT_COMMAND(0x27, SOCASSIGN_PREFAULT);
	EXPECT_COMMAND(0x28, SOCASSIGN_GET_EVENT);
	EXPECT_COMMAND(0x29, SOCASSIGN_DMA);
	EXPECT_COMMAND(0x2a, SOCASSIGN_MEMORY);
	EXPECT_COMMAND(0x2b, SOCASSIGN_DMA_MAP);
	EXPECT_COMMAND(0x2c, SOCASSIGN_DMA_UNMAP);
	EXPECT_COMMAND(0x2d, SOCASSIGN_DMA_CONTROL);
	EXPECT_COMMAND(0x2e, SOCASSIGN_QUERY);
}

/*
 * Every command in turn, well formed but for the one thing that a test spoils.
 * The claim is of a node that nothing drives; INSTANTIATE is for another one.
 * The struct lies in the first of two pages, of which the second cannot be
 * accessed, with room for a tail behind it.
 */
FIXTURE(command)
{
	int dev;
	int claim;
	int fd;			/* the one that the command is for */
	struct socassign_region region;
	volatile void *regs;
	char paths[256];
	char *pages;
	char *mem;
};

FIXTURE_VARIANT(command)
{
	unsigned long cmd;
	size_t size;
	size_t first;		/* size of the first version of the struct */
	int result;		/* of a well-formed call */
	bool silent;		/* nothing comes back in the struct */
	bool on_device;		/* is for /dev/socassign */
	bool on_both;		/* is for the other kind of file as well */
	__u16 flags;		/* offset of the field */
	__u32 known_flags;
	__u16 index;		/* offset of the field */
	__u16 reserved[2];	/* offsets of the fields */
};

#define VARIANT(_name, ...)						\
	FIXTURE_VARIANT_ADD(command, _name) {				\
		.size = sizeof(struct socassign_##_name),		\
		.first = sizeof(struct socassign_##_name),		\
		__VA_ARGS__						\
	}
#define AT(_type, _field) offsetof(struct socassign_##_type, _field)

VARIANT(instantiate, .cmd = SOCASSIGN_INSTANTIATE, .on_device = true,
	.first = AT(instantiate, reason),
	.flags = AT(instantiate, flags), .known_flags = 0xff,
	.index = NO_OFFSET,
	.reserved = { AT(instantiate, __reserved), NO_OFFSET });
VARIANT(query, .cmd = SOCASSIGN_QUERY, .on_device = true,
	.flags = NO_OFFSET, .index = NO_OFFSET,
	.reserved = { NO_OFFSET, NO_OFFSET });
VARIANT(info, .cmd = SOCASSIGN_INFO, .flags = NO_OFFSET, .index = NO_OFFSET,
	.reserved = { NO_OFFSET, NO_OFFSET });
VARIANT(region, .cmd = SOCASSIGN_REGION, .flags = NO_OFFSET,
	.index = AT(region, index), .reserved = { NO_OFFSET, NO_OFFSET });
VARIANT(irq, .cmd = SOCASSIGN_IRQ, .flags = NO_OFFSET,
	.index = AT(irq, index),
	.reserved = { AT(irq, __reserved), AT(irq, __reserved2) });
VARIANT(clock, .cmd = SOCASSIGN_CLOCK, .flags = NO_OFFSET,
	.index = AT(clock, index),
	.reserved = { AT(clock, __reserved), NO_OFFSET });
VARIANT(set_irq, .cmd = SOCASSIGN_SET_IRQ, .silent = true,
	.flags = AT(set_irq, flags), .known_flags = 0x7f,
	.index = AT(set_irq, index),
	.reserved = { NO_OFFSET, NO_OFFSET });
/* The node has no reset, so a well-formed call fails, too. */
VARIANT(reset, .cmd = SOCASSIGN_RESET, .result = -EOPNOTSUPP,
	.flags = AT(reset, flags), .index = NO_OFFSET,
	.reserved = { NO_OFFSET, NO_OFFSET });
VARIANT(prefault, .cmd = SOCASSIGN_PREFAULT, .silent = true,
	.flags = AT(prefault, flags), .index = NO_OFFSET,
	.reserved = { NO_OFFSET, NO_OFFSET });
/* There is no event. */
VARIANT(get_event, .cmd = SOCASSIGN_GET_EVENT, .result = -EAGAIN,
	.first = AT(get_event, out_address),
	.flags = AT(get_event, flags), .index = NO_OFFSET,
	.reserved = { AT(get_event, __reserved), NO_OFFSET });
VARIANT(memory, .cmd = SOCASSIGN_MEMORY, .on_both = true,
	.flags = AT(memory, flags),
	.known_flags = SOCASSIGN_MEMORY_WRITE, .index = NO_OFFSET,
	.reserved = { AT(memory, __reserved), NO_OFFSET });
/* The node does no DMA. */
VARIANT(dma, .cmd = SOCASSIGN_DMA, .result = -ENOENT, .flags = NO_OFFSET,
	.index = AT(dma, index), .reserved = { NO_OFFSET, NO_OFFSET });
VARIANT(dma_map, .cmd = SOCASSIGN_DMA_MAP, .result = -ENOENT,
	.first = AT(dma_map, reason),
	.flags = AT(dma_map, flags), .known_flags = 0x7,
	.index = AT(dma_map, index),
	.reserved = { AT(dma_map, __reserved), AT(dma_map, __reserved2) });
VARIANT(dma_unmap, .cmd = SOCASSIGN_DMA_UNMAP, .result = -ENOENT,
	.flags = AT(dma_unmap, flags), .known_flags = 0x1,
	.index = AT(dma_unmap, index),
	.reserved = { AT(dma_unmap, __reserved), NO_OFFSET });
VARIANT(dma_control, .cmd = SOCASSIGN_DMA_CONTROL, .result = -ENOENT,
	.flags = AT(dma_control, flags), .known_flags = 0x3,
	.index = AT(dma_control, index),
	.reserved = { AT(dma_control, __reserved), NO_OFFSET });

FIXTURE_SETUP(command)
{
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
	self->claim = soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->claim);
	ASSERT_EQ(0, soc_region(self->claim, 0, &self->region));
	self->regs = soc_map(self->claim, &self->region);
	ASSERT_TRUE(!!self->regs);
	strcpy(self->paths, board_extra("lone@97000"));
	self->fd = variant->on_device ? self->dev : self->claim;
	self->pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->pages != MAP_FAILED);
	ASSERT_EQ(0, mprotect(self->pages + PAGE, PAGE, PROT_NONE));
	self->mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->mem != MAP_FAILED);
}

FIXTURE_TEARDOWN(command)
{
	munmap(self->mem, PAGE);
	munmap(self->pages, 2 * PAGE);
	soc_unmap(self->regs, &self->region);
	close(self->claim);
	close(self->dev);
}

static void put32(void *buf, size_t offset, __u32 value)
{
	memcpy((char *)buf + offset, &value, sizeof(value));
}

/* A well-formed struct in @buf; all but INSTANTIATE need nothing of self. */
static void fill(FIXTURE_DATA(command) *self,
		 const FIXTURE_VARIANT(command) *variant, void *buf)
{
	struct socassign_instantiate instantiate = {
		.flags = SOCASSIGN_NO_DMA,
		.paths = (uintptr_t)self->paths,
		.paths_len = strlen(self->paths) + 1,
	};
	struct socassign_set_irq set_irq = { .flags = SOCASSIGN_SET_UNMASK };
	struct socassign_prefault prefault = {
		.addr = (uintptr_t)self->regs, .length = PAGE,
	};

	struct socassign_memory memory = {
		.addr = (uintptr_t)self->mem, .length = PAGE,
	};
	struct socassign_dma_map dma_map = {
		.flags = SOCASSIGN_DMA_READ, .length = PAGE,
		.memory_fd = self->claim,
	};
	struct socassign_dma_control dma_control = {
		.flags = SOCASSIGN_DMA_ENABLE,
	};

	memset(buf, 0, variant->size);
	if (variant->cmd == SOCASSIGN_INSTANTIATE)
		memcpy(buf, &instantiate, sizeof(instantiate));
	if (variant->cmd == SOCASSIGN_SET_IRQ)
		memcpy(buf, &set_irq, sizeof(set_irq));
	if (variant->cmd == SOCASSIGN_PREFAULT)
		memcpy(buf, &prefault, sizeof(prefault));
	if (variant->cmd == SOCASSIGN_MEMORY)
		memcpy(buf, &memory, sizeof(memory));
	if (variant->cmd == SOCASSIGN_DMA_MAP)
		memcpy(buf, &dma_map, sizeof(dma_map));
	if (variant->cmd == SOCASSIGN_DMA_CONTROL)
		memcpy(buf, &dma_control, sizeof(dma_control));
	put32(buf, 0, variant->size);
}

/* Where the command returns a file, or NO_OFFSET. */
static size_t out_fd(const FIXTURE_VARIANT(command) *variant)
{
	return variant->cmd == SOCASSIGN_INSTANTIATE ? AT(instantiate, out_fd) :
	       variant->cmd == SOCASSIGN_MEMORY ? AT(memory, out_fd) :
						  NO_OFFSET;
}

/* The result; a file that comes out of it is closed again. */
static int run(FIXTURE_DATA(command) *self,
	       const FIXTURE_VARIANT(command) *variant, void *buf)
{
	int ret = soc_ioctl(self->fd, variant->cmd, buf);
	size_t at = out_fd(variant);
	__s32 fd;

	if (!ret && at != NO_OFFSET) {
		memcpy(&fd, (char *)buf + at, sizeof(fd));
		close(fd);
	}
	return ret;
}

TEST_F(command, well_formed)
{
	fill(self, variant, self->pages);
	EXPECT_EQ(variant->result, run(self, variant, self->pages));
}

TEST_F(command, size_too_small)
{
	for (size_t size = 0; size < variant->first; size++) {
		fill(self, variant, self->pages);
		put32(self->pages, 0, size);
		EXPECT_EQ(-EINVAL, run(self, variant, self->pages))
			TH_LOG("size %zu", size);
	}
}

/* A program that was built when the struct was shorter. */
TEST_F(command, first_version)
{
	memset(self->pages, 0xa5, PAGE);
	for (size_t size = variant->first; size <= variant->size; size++) {
		fill(self, variant, self->pages);
		put32(self->pages, 0, size);
		memset(self->pages + size, 0xa5, variant->size - size);
		EXPECT_EQ(variant->result, run(self, variant, self->pages))
			TH_LOG("size %zu", size);
		for (size_t i = size; i < variant->size; i++)
			ASSERT_EQ(0xa5, (unsigned char)self->pages[i]);
	}
}

TEST_F(command, tail_of_zeros)
{
	static const size_t tails[] = { 1, 3, 4, 8, 64, 1000 };

	memset(self->pages, 0, PAGE);
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		fill(self, variant, self->pages);
		put32(self->pages, 0, variant->size + tails[i]);
		EXPECT_EQ(variant->result, run(self, variant, self->pages))
			TH_LOG("tail of %zu", tails[i]);
	}
}

TEST_F(command, tail_with_something)
{
	for (size_t at = variant->size; at < variant->size + 20; at++) {
		memset(self->pages, 0, PAGE);
		fill(self, variant, self->pages);
		put32(self->pages, 0, variant->size + 20);
		self->pages[at] = 1;
		EXPECT_EQ(-E2BIG, run(self, variant, self->pages))
			TH_LOG("byte %zu", at);
	}
}

/* Whatever is in the tail, and whether it is there at all. */
TEST_F(command, larger_than_a_page)
{
	const __u32 sizes[] = {
		PAGE + 1, PAGE + 4, 2 * PAGE, 1U << 20, 1U << 31, UINT32_MAX,
	};

	memset(self->pages, 0, PAGE);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fill(self, variant, self->pages);
		put32(self->pages, 0, sizes[i]);
		EXPECT_EQ(-E2BIG, run(self, variant, self->pages))
			TH_LOG("size %u", sizes[i]);
	}
	fill(self, variant, self->pages);
	put32(self->pages, 0, PAGE);
	EXPECT_EQ(variant->result, run(self, variant, self->pages));
}

static void check_unknown_flags(struct __test_metadata *_metadata,
				FIXTURE_DATA(command) *self,
				const FIXTURE_VARIANT(command) *variant)
{
	for (int bit = 0; bit < 32; bit++) {
		if (variant->known_flags & 1U << bit)
			continue;
		fill(self, variant, self->pages);
		put32(self->pages, variant->flags, 1U << bit);
		EXPECT_EQ(-EOPNOTSUPP, run(self, variant, self->pages))
			TH_LOG("flag %d", bit);
	}
}

static void check_reserved(struct __test_metadata *_metadata,
			   FIXTURE_DATA(command) *self,
			   const FIXTURE_VARIANT(command) *variant,
			   __u16 field)
{
	for (int bit = 0; bit < 32; bit += 31) {
		fill(self, variant, self->pages);
		put32(self->pages, field, 1U << bit);
		EXPECT_EQ(-EOPNOTSUPP, run(self, variant, self->pages))
			TH_LOG("reserved field at %u", field);
	}
}

static void check_index(struct __test_metadata *_metadata,
			FIXTURE_DATA(command) *self,
			const FIXTURE_VARIANT(command) *variant)
{
	__u32 beyond[] = { 0, 100, 1U << 31, UINT32_MAX };
	struct socassign_info info = {};

	ASSERT_EQ(0, soc_info(self->claim, &info));
	beyond[0] = variant->cmd == SOCASSIGN_REGION ? info.out_num_regions :
		    variant->cmd == SOCASSIGN_CLOCK ? info.out_num_clocks :
						      info.out_num_irqs;
	for (int i = 0; i < 4; i++) {
		fill(self, variant, self->pages);
		put32(self->pages, variant->index, beyond[i]);
		EXPECT_EQ(-ENOENT, run(self, variant, self->pages))
			TH_LOG("index %u", beyond[i]);
	}
}

/* Each command has one or more of these fields. */
TEST_F(command, bad_fields)
{
	if (variant->flags != NO_OFFSET)
		check_unknown_flags(_metadata, self, variant);
	for (int i = 0; i < 2; i++)
		if (variant->reserved[i] != NO_OFFSET)
			check_reserved(_metadata, self, variant,
				       variant->reserved[i]);
	if (variant->index != NO_OFFSET)
		check_index(_metadata, self, variant);
}

TEST_F(command, pointer_to_nowhere)
{
	char *hole = self->pages + PAGE;

	EXPECT_EQ(-EFAULT, run(self, variant, NULL));
	EXPECT_EQ(-EFAULT, run(self, variant, hole));
	EXPECT_EQ(-EFAULT, run(self, variant, KERNEL_ADDRESS));
	/* All of it is there but the last four bytes, or all but the size. */
	fill(self, variant, hole - variant->size);
	memmove(hole - variant->size + 4, hole - variant->size,
		variant->size - 4);
	EXPECT_EQ(-EFAULT, run(self, variant, hole - variant->size + 4));
	put32(hole - 4, 0, variant->size);
	EXPECT_EQ(-EFAULT, run(self, variant, hole - 4));
}

/* Results that cannot be written: the call fails and has no effect. */
TEST_F(command, struct_read_only)
{
	int result = variant->result || variant->silent ? variant->result :
							  -EFAULT;
	int fds;

	fill(self, variant, self->pages);
	ASSERT_EQ(0, mprotect(self->pages, PAGE, PROT_READ));
	fds = board_count_fds();
	EXPECT_EQ(result, run(self, variant, self->pages));
	EXPECT_EQ(fds, board_count_fds());
	ASSERT_EQ(0, mprotect(self->pages, PAGE, PROT_READ | PROT_WRITE));
	EXPECT_EQ(variant->result, run(self, variant, self->pages));
}

/* Fill with a pattern where a failing call must not leave its mark. */
static void spoil_outputs(void *buf, const FIXTURE_VARIANT(command) *variant)
{
	if (variant->cmd == SOCASSIGN_INSTANTIATE)
		put32(buf, AT(instantiate, out_fd), 0x5a5a5a5a);
	if (variant->cmd == SOCASSIGN_QUERY)
		memset((char *)buf + 4, 0x5a, 20);
	if (variant->cmd == SOCASSIGN_INFO)
		memset((char *)buf + 4, 0x5a, 28);
	if (variant->cmd == SOCASSIGN_REGION)
		memset((char *)buf + 8, 0x5a, 56);
	if (variant->cmd == SOCASSIGN_IRQ)
		memset((char *)buf + 32, 0x5a, 72);
	if (variant->cmd == SOCASSIGN_CLOCK)
		memset((char *)buf + 8, 0x5a, 16);
	if (variant->cmd == SOCASSIGN_GET_EVENT)
		memset((char *)buf + 8, 0x5a, 12);
	if (variant->cmd == SOCASSIGN_MEMORY)
		memset((char *)buf + 24, 0x5a, 12);
	if (variant->cmd == SOCASSIGN_DMA)
		memset((char *)buf + 8, 0x5a, 64);
}

static void check_untouched(struct __test_metadata *_metadata,
			    FIXTURE_DATA(command) *self,
			    const FIXTURE_VARIANT(command) *variant)
{
	char before[512];

	memcpy(before, self->pages, sizeof(before));
	EXPECT_GT(0, run(self, variant, self->pages));
	EXPECT_EQ(0, memcmp(before, self->pages, sizeof(before)));
}

TEST_F(command, failure_leaves_the_struct_alone)
{
	/* E2BIG, and EINVAL for the size */
	fill(self, variant, self->pages);
	spoil_outputs(self->pages, variant);
	put32(self->pages, 0, variant->size + 8);
	self->pages[variant->size + 4] = 1;
	check_untouched(_metadata, self, variant);
	put32(self->pages, 0, variant->first - 1);
	check_untouched(_metadata, self, variant);

	/* Whatever the command itself can be made to refuse. */
	fill(self, variant, self->pages);
	spoil_outputs(self->pages, variant);
	if (variant->index != NO_OFFSET)
		put32(self->pages, variant->index, 1000);
	else if (variant->flags != NO_OFFSET)
		put32(self->pages, variant->flags, 1U << 31);
	else
		put32(self->pages, 0, 0);
	check_untouched(_metadata, self, variant);
}

/* With or without a tail, nothing but the struct itself is written. */
TEST_F(command, nothing_written_behind_the_struct)
{
	memset(self->pages, 0xa5, PAGE);
	fill(self, variant, self->pages);
	EXPECT_EQ(variant->result, run(self, variant, self->pages));
	for (size_t i = variant->size; i < PAGE; i++)
		ASSERT_EQ(0xa5, (unsigned char)self->pages[i]);

	memset(self->pages + variant->size, 0, 16);
	fill(self, variant, self->pages);
	put32(self->pages, 0, variant->size + 16);
	EXPECT_EQ(variant->result, run(self, variant, self->pages));
	for (size_t i = 0; i < 16; i++)
		EXPECT_EQ(0, self->pages[variant->size + i]);
	for (size_t i = variant->size + 16; i < PAGE; i++)
		ASSERT_EQ(0xa5, (unsigned char)self->pages[i]);
}

/* What was in the output fields does not matter and does not stay. */
TEST_F(command, outputs_are_all_written)
{
	char clean[512], spoilt[512];

	if (variant->result)
		SKIP(return, "no call of it can succeed on this node");
	fill(self, variant, self->pages);
	ASSERT_EQ(0, run(self, variant, self->pages));
	memcpy(clean, self->pages, sizeof(clean));
	fill(self, variant, self->pages);
	spoil_outputs(self->pages, variant);
	ASSERT_EQ(0, run(self, variant, self->pages));
	memcpy(spoilt, self->pages, sizeof(spoilt));
	EXPECT_EQ(0, memcmp(clean, spoilt, variant->size));
}

TEST_F(command, file_of_the_other_kind)
{
	const int result = variant->on_both ? variant->result : -ENOTTY;

	self->fd = variant->on_device ? self->claim : self->dev;
	fill(self, variant, self->pages);
	EXPECT_EQ(result, run(self, variant, self->pages));
}

/* The number alone is not the command: its direction and size bits count. */
TEST_F(command, encoding_with_direction_and_size)
{
	unsigned int nr = _IOC_NR(variant->cmd);

	fill(self, variant, self->pages);
	EXPECT_EQ(-ENOTTY, soc_ioctl(self->fd, _IOC(_IOC_READ, SOCASSIGN_TYPE,
						    nr, variant->size),
				     self->pages));
	EXPECT_EQ(-ENOTTY, soc_ioctl(self->fd, _IOC(_IOC_WRITE | _IOC_READ,
						    SOCASSIGN_TYPE, nr, 0),
				     self->pages));
	EXPECT_EQ(-ENOTTY, soc_ioctl(self->fd, _IO(SOCASSIGN_TYPE - 1, nr),
				     self->pages));
}

/* The errnos that need a claim, or that no claim comes of. */
FIXTURE(claim)
{
	int fd;
	char path[256];
};

FIXTURE_SETUP(claim)
{
	strcpy(self->path, board_extra("names@90000"));
	self->fd = soc_claim(self->path, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(claim)
{
	close(self->fd);
}

TEST_F(claim, unknown_commands)
{
	struct socassign_info info = { .size = sizeof(info) };
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);

	for (unsigned int nr = 0; nr < 256; nr++) {
		bool known = nr >= 0x20 && nr <= 0x2e;

		if (known)
			continue;
		EXPECT_EQ(-ENOTTY,
			  soc_ioctl(dev, _IO(SOCASSIGN_TYPE, nr), &info));
		EXPECT_EQ(-ENOTTY,
			  soc_ioctl(self->fd, _IO(SOCASSIGN_TYPE, nr), &info));
	}
	close(dev);
}

TEST_F(claim, descriptor_is_close_on_exec)
{
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->fd, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(self->fd, F_GETFL) & O_ACCMODE);
}

/*
 * A string goes to a buffer of the caller's: of every size from none to more
 * than enough.
 */
struct string_field {
	unsigned long cmd;
	size_t size;		/* of the struct */
	size_t pointer;		/* offsets of the fields */
	size_t len;
	__u32 index;		/* where the command has one */
};

#define STRING(_cmd, _type, _field) {					\
	.cmd = _cmd, .size = sizeof(struct socassign_##_type),		\
	.pointer = AT(_type, _field), .len = AT(_type, _field##_len),	\
}

/* The errno; @len is the buffer's size and becomes the string's. */
static int get_string(int fd, const struct string_field *field,
		      const void *buf, __u32 *len)
{
	__u64 cmd[32] = { 0 }, pointer = (uintptr_t)buf;
	int ret;

	put32(cmd, 0, field->size);
	if (field->index)
		put32(cmd, 4, field->index);
	memcpy((char *)cmd + field->pointer, &pointer, sizeof(pointer));
	put32(cmd, field->len, *len);
	ret = soc_ioctl(fd, field->cmd, cmd);
	memcpy(len, (char *)cmd + field->len, sizeof(*len));
	return ret;
}

static void check_cut(struct __test_metadata *_metadata, int fd,
		      const struct string_field *field, const char *whole,
		      __u32 full, __u32 size)
{
	__u32 fits = size < full ? size : full, len = size;
	char cut[1024];

	memset(cut, 0x5a, sizeof(cut));
	ASSERT_EQ(0, get_string(fd, field, cut, &len));
	EXPECT_EQ(full, len);
	EXPECT_EQ(0, memcmp(whole, cut, fits));
	EXPECT_EQ(0x5a, cut[fits]);
}

/* Returns the length. */
static __u32 check_string(struct __test_metadata *_metadata, int fd,
			  const struct string_field *field)
{
	char whole[1024];
	__u32 full = 0, len = sizeof(whole);

	EXPECT_EQ(0, get_string(fd, field, KERNEL_ADDRESS, &full));
	EXPECT_GE(sizeof(whole), full);
	memset(whole, 0xa5, sizeof(whole));
	EXPECT_EQ(0, get_string(fd, field, whole, &len));
	EXPECT_EQ(full, len);
	if (full)
		EXPECT_EQ(0, whole[full - 1]);
	for (size_t i = full; i < sizeof(whole); i++)
		EXPECT_EQ(0xa5, (unsigned char)whole[i]);
	for (__u32 size = 1; size <= full + 2; size++)
		check_cut(_metadata, fd, field, whole, full, size);
	len = full;
	EXPECT_EQ(full ? -EFAULT : 0,
		  get_string(fd, field, KERNEL_ADDRESS, &len));
	return full;
}

TEST_F(claim, strings_of_info)
{
	const struct string_field paths = STRING(SOCASSIGN_INFO, info, paths);

	EXPECT_EQ(strlen(self->path) + 1,
		  check_string(_metadata, self->fd, &paths));
}

TEST_F(claim, strings_of_region)
{
	struct string_field name = STRING(SOCASSIGN_REGION, region, name);
	const struct string_field neighbours =
		STRING(SOCASSIGN_REGION, region, neighbours);
	int twin = soc_claim(board_extra("twin@96000"), SOCASSIGN_NO_DMA);

	ASSERT_LE(0, twin);
	EXPECT_EQ(sizeof("control"), check_string(_metadata, self->fd, &name));
	name.index = 2;
	EXPECT_EQ(1, check_string(_metadata, self->fd, &name));
	EXPECT_EQ(0, check_string(_metadata, self->fd, &neighbours));
	EXPECT_EQ(strlen(board_extra("twin@96100")) + 1,
		  check_string(_metadata, twin, &neighbours));
	close(twin);
}

TEST_F(claim, strings_of_irq)
{
	const struct string_field name = STRING(SOCASSIGN_IRQ, irq, name);
	const struct string_field controllers =
		STRING(SOCASSIGN_IRQ, irq, controllers);
	const struct string_field sharers =
		STRING(SOCASSIGN_IRQ, irq, sharers);
	int twin = soc_claim(board_extra("twin@96000"), SOCASSIGN_NO_DMA);

	ASSERT_LE(0, twin);
	EXPECT_EQ(sizeof("done"), check_string(_metadata, self->fd, &name));
	EXPECT_EQ(strlen(board_get()->irqchip) + 1,
		  check_string(_metadata, self->fd, &controllers));
	EXPECT_EQ(strlen(board_extra("twin@96100")) + 1,
		  check_string(_metadata, twin, &sharers));
	close(twin);
}

TEST_F(claim, strings_of_clock)
{
	const struct string_field name = STRING(SOCASSIGN_CLOCK, clock, name);

	EXPECT_EQ(sizeof("bus"), check_string(_metadata, self->fd, &name));
}

static void query(struct __test_metadata *_metadata,
		  struct socassign_query *query)
{
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);

	query->size = sizeof(*query);
	EXPECT_EQ(0, soc_ioctl(dev, SOCASSIGN_QUERY, query));
	close(dev);
}

TEST(query_version_and_limits)
{
	struct socassign_query can = {};

	query(_metadata, &can);
	EXPECT_EQ(SOCASSIGN_ABI_VERSION, can.out_version);
	EXPECT_EQ(SOCASSIGN_MAX_PATHS_LEN, can.out_max_paths_len);
	EXPECT_EQ(SOCASSIGN_MAX_NODES, can.out_max_nodes);
}

/* Neither more nor less than what INSTANTIATE takes. */
TEST(query_instantiate_flags)
{
	struct socassign_query can = {};

	query(_metadata, &can);
	EXPECT_NE(0, can.out_instantiate_flags);
	for (int bit = 0; bit < 32; bit++) {
		__u32 flag = 1U << bit;
		int ret = soc_try_claim("/no/such/node", flag);

		EXPECT_EQ(can.out_instantiate_flags & flag ? -ENOENT :
							     -EOPNOTSUPP, ret)
			TH_LOG("flag %d", bit);
	}
}

TEST(query_features)
{
	struct socassign_query can = {};

	query(_metadata, &can);
	EXPECT_EQ(pamu_exists(), !!(can.out_features & SOCASSIGN_FEATURE_PAMU));
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	query(_metadata, &can);
	EXPECT_TRUE(can.out_features & SOCASSIGN_FEATURE_UNSAFE_DMA);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "N"));
	query(_metadata, &can);
	EXPECT_FALSE(can.out_features & SOCASSIGN_FEATURE_UNSAFE_DMA);
}

/* A failing INSTANTIATE leaves no descriptor, and the node to others. */
static void check_instantiate(struct __test_metadata *_metadata,
			      const char *paths, size_t len, __u32 flags,
			      int result)
{
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	int fds = board_count_fds();
	int fd;

	EXPECT_EQ(result, soc_instantiate(dev, paths, len, flags));
	EXPECT_EQ(fds, board_count_fds());
	close(dev);
	fd = soc_claim(board_extra("lone@97000"), SOCASSIGN_NO_DMA);
	EXPECT_LE(0, fd);
	close(fd);
}

TEST(instantiate_bad_paths_pointer)
{
	check_instantiate(_metadata, KERNEL_ADDRESS, 16, SOCASSIGN_NO_DMA,
			  -EFAULT);
	check_instantiate(_metadata, NULL, 16, SOCASSIGN_NO_DMA, -EFAULT);
}

/* The length promises more than there is behind the pointer. */
TEST(instantiate_paths_end_early)
{
	const char *path = board_extra("lone@97000");
	size_t len = strlen(path) + 1;
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_TRUE(pages != MAP_FAILED);
	ASSERT_EQ(0, mprotect(pages + PAGE, PAGE, PROT_NONE));
	memcpy(pages + PAGE - len, path, len);
	check_instantiate(_metadata, pages + PAGE - len, len + 1,
			  SOCASSIGN_NO_DMA, -EFAULT);
}

TEST(instantiate_contradictory_flags)
{
	const char *path = board_extra("lone@97000");

	check_instantiate(_metadata, path, strlen(path) + 1,
			  SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA, -EINVAL);
}

/* EMFILE: no descriptor is free, and the claim for one was not made. */
TEST(instantiate_without_free_descriptor)
{
	const char *path = board_extra("lone@97000");
	struct rlimit limit, none;
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	int fd;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	none = limit;
	none.rlim_cur = dev + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	fd = soc_instantiate(dev, path, strlen(path) + 1, SOCASSIGN_NO_DMA);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, fd);
	fd = soc_instantiate(dev, path, strlen(path) + 1, SOCASSIGN_NO_DMA);
	EXPECT_LE(0, fd);
	close(fd);
	close(dev);
}

TEST(instantiate_with_full_file_table)
{
	SKIP(return, "ENFILE: root is exempt from the limit of file-max");
}

/* EREMOTEIO: the supplier of its clock does not come. */
TEST(instantiate_without_its_clock)
{
	const char *path = board_extra("unclocked@9e000");

	check_instantiate(_metadata, path, strlen(path) + 1, SOCASSIGN_NO_DMA,
			  -EREMOTEIO);
	check_refusal(_metadata, -EREMOTEIO, path, SOCASSIGN_NO_DMA,
		      "could not be");
}

/* A node that nobody gets, and room for the reason. */
#define CPU_REASON	"/cpus: refused: it is a CPU"
#define UNTOUCHED	'#'

FIXTURE(reason)
{
	int dev;
	struct socassign_instantiate cmd;
	char text[SOCASSIGN_MAX_REASON_LEN];
};

FIXTURE_SETUP(reason)
{
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
	self->cmd = (struct socassign_instantiate) {
		.size = sizeof(self->cmd), .flags = SOCASSIGN_NO_DMA,
		.paths = (uintptr_t)"/cpus", .paths_len = sizeof("/cpus"),
		.reason = (uintptr_t)self->text,
		.reason_len = sizeof(self->text),
	};
	memset(self->text, UNTOUCHED, sizeof(self->text));
}

FIXTURE_TEARDOWN(reason)
{
	close(self->dev);
}

/* One that is granted, unless it is spoilt. */
static void ask_for_a_device(struct socassign_instantiate *cmd)
{
	const char *path = board_extra("lone@97000");

	cmd->paths = (uintptr_t)path;
	cmd->paths_len = strlen(path) + 1;
}

static int ask(FIXTURE_DATA(reason) *self)
{
	int ret = soc_ioctl(self->dev, SOCASSIGN_INSTANTIATE, &self->cmd);

	if (!ret)
		close(self->cmd.out_fd);
	return ret;
}

TEST_F(reason, of_a_refusal)
{
	EXPECT_EQ(-EACCES, ask(self));
	EXPECT_STREQ(CPU_REASON, self->text);
	/* Not a byte behind it. */
	EXPECT_EQ(UNTOUCHED, self->text[sizeof(CPU_REASON)]);
}

/* The log is rate limited, what the caller is told is not. */
TEST_F(reason, is_given_each_time)
{
	for (int i = 0; i < 100; i++) {
		memset(self->text, UNTOUCHED, sizeof(self->text));
		ASSERT_EQ(-EACCES, ask(self));
		ASSERT_STREQ(CPU_REASON, self->text);
	}
}

TEST_F(reason, is_cut_at_the_end)
{
	for (size_t len = 1; len <= sizeof(CPU_REASON); len++) {
		memset(self->text, UNTOUCHED, sizeof(self->text));
		self->cmd.reason_len = len;
		ASSERT_EQ(-EACCES, ask(self));
		EXPECT_EQ(len - 1, strlen(self->text));
		EXPECT_EQ(0, strncmp(CPU_REASON, self->text, len - 1));
		EXPECT_EQ(UNTOUCHED, self->text[len]);
	}
}

TEST_F(reason, buffer_larger_than_any)
{
	self->cmd.reason_len = UINT32_MAX;
	EXPECT_EQ(-EACCES, ask(self));
	EXPECT_STREQ(CPU_REASON, self->text);
}

TEST_F(reason, without_a_buffer)
{
	self->cmd.reason_len = 0;
	EXPECT_EQ(-EACCES, ask(self));
	EXPECT_EQ(UNTOUCHED, self->text[0]);
	self->cmd.reason = (uintptr_t)KERNEL_ADDRESS;
	EXPECT_EQ(-EACCES, ask(self));
}

/* It hides no errno, and undoes nothing. */
TEST_F(reason, buffer_that_is_none)
{
	self->cmd.reason = (uintptr_t)KERNEL_ADDRESS;
	EXPECT_EQ(-EACCES, ask(self));
	self->cmd.reason = 0;
	EXPECT_EQ(-EACCES, ask(self));
	ask_for_a_device(&self->cmd);
	EXPECT_EQ(0, ask(self));
}

TEST_F(reason, nothing_to_say)
{
	ask_for_a_device(&self->cmd);
	EXPECT_EQ(0, ask(self));
	EXPECT_STREQ("", self->text);
	/* About the form of the request. */
	memset(self->text, UNTOUCHED, sizeof(self->text));
	self->cmd.flags |= SOCASSIGN_UNSAFE_DMA;
	EXPECT_EQ(-EINVAL, ask(self));
	EXPECT_STREQ("", self->text);
	memset(self->text, UNTOUCHED, sizeof(self->text));
	self->cmd.__reserved = 1;
	EXPECT_EQ(-EOPNOTSUPP, ask(self));
	EXPECT_STREQ("", self->text);
}

/* What cannot be understood has no buffer. */
TEST_F(reason, struct_of_another_size)
{
	self->cmd.size = offsetof(struct socassign_instantiate, out_fd);
	EXPECT_EQ(-EINVAL, ask(self));
	self->cmd.size = offsetof(struct socassign_instantiate, reason);
	EXPECT_EQ(-EACCES, ask(self));
	self->cmd.size = UINT32_MAX;
	EXPECT_EQ(-E2BIG, ask(self));
	EXPECT_EQ(UNTOUCHED, self->text[0]);
}

static int set_irq(int fd, struct socassign_set_irq cmd)
{
	cmd.size = sizeof(cmd);
	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

#define EXPECT_SET_IRQ(_ret, ...) EXPECT_EQ(_ret, \
	set_irq(self->fd, (struct socassign_set_irq) { __VA_ARGS__ }))

TEST_F(claim, set_irq_flags_and_fields)
{
	EXPECT_SET_IRQ(-EINVAL, .flags = 0);
	EXPECT_SET_IRQ(-EINVAL, .flags = SOCASSIGN_SET_MASK |
					 SOCASSIGN_SET_UNMASK);
	/* a field without its flag */
	EXPECT_SET_IRQ(-EINVAL, .flags = SOCASSIGN_SET_EOI, .trigger_fd = 1);
	EXPECT_SET_IRQ(-EINVAL, .flags = SOCASSIGN_SET_EOI, .trigger_fd = -1);
	EXPECT_SET_IRQ(-EINVAL, .flags = SOCASSIGN_SET_EOI, .resample_fd = 1);
	EXPECT_SET_IRQ(-EINVAL, .flags = SOCASSIGN_SET_EOI, .cpus = 1);
	EXPECT_SET_IRQ(-EINVAL, .flags = SOCASSIGN_SET_EOI, .cpus_len = 8);
	/* nothing to fire at */
	EXPECT_SET_IRQ(-ENXIO, .flags = SOCASSIGN_SET_FIRE);
}

TEST_F(claim, set_irq_descriptors)
{
	const __u32 trigger = SOCASSIGN_SET_TRIGGER;
	const __u32 resample = SOCASSIGN_SET_RESAMPLE;

	EXPECT_SET_IRQ(-EBADF, .flags = trigger, .trigger_fd = 1000);
	EXPECT_SET_IRQ(-EBADF, .flags = resample, .resample_fd = 1000);
	EXPECT_SET_IRQ(-EBADF, .flags = trigger, .trigger_fd = -2);
	EXPECT_SET_IRQ(-EBADF, .flags = resample, .resample_fd = INT32_MIN);
	EXPECT_SET_IRQ(-EINVAL, .flags = trigger, .trigger_fd = self->fd);
	EXPECT_SET_IRQ(-EINVAL, .flags = resample, .resample_fd = self->fd);
	/* detaching what is not there */
	EXPECT_SET_IRQ(0, .flags = trigger | resample, .trigger_fd = -1,
		       .resample_fd = -1);
}

TEST_F(claim, set_irq_cpus)
{
	const __u64 none = 0, all = -1;
	const __u64 cpus = (uintptr_t)&all;
	const __u32 affinity = SOCASSIGN_SET_AFFINITY;
	int event = eventfd(0, EFD_CLOEXEC);

	EXPECT_SET_IRQ(-ENXIO, .flags = affinity, .cpus = cpus, .cpus_len = 8);
	ASSERT_EQ(0, soc_set_trigger(self->fd, 0, event));
	EXPECT_SET_IRQ(0, .flags = affinity, .cpus = cpus, .cpus_len = 8);
	EXPECT_SET_IRQ(-EINVAL, .flags = affinity, .cpus = cpus);
	EXPECT_SET_IRQ(-EINVAL, .flags = affinity, .cpus = cpus, .cpus_len = 4);
	EXPECT_SET_IRQ(-EINVAL, .flags = affinity, .cpus = cpus,
		       .cpus_len = 12);
	EXPECT_SET_IRQ(-EINVAL, .flags = affinity, .cpus = (uintptr_t)&none,
		       .cpus_len = 8);
	EXPECT_SET_IRQ(-EFAULT, .flags = affinity,
		       .cpus = (uintptr_t)KERNEL_ADDRESS, .cpus_len = 8);
	EXPECT_SET_IRQ(-EFAULT, .flags = affinity, .cpus_len = 8);
	close(event);
}

TEST_F(claim, set_irq_state)
{
	int fd = eventfd(0, EFD_CLOEXEC), other = eventfd(0, EFD_CLOEXEC);
	const __u32 trigger = SOCASSIGN_SET_TRIGGER;
	const __u32 resample = SOCASSIGN_SET_RESAMPLE;

	/* Interrupt 0 of the node is level triggered, 1 is edge triggered. */
	EXPECT_SET_IRQ(-EINVAL, .index = 1, .flags = resample,
		       .resample_fd = fd);
	EXPECT_SET_IRQ(-EINVAL, .flags = trigger | resample, .trigger_fd = fd,
		       .resample_fd = fd);
	EXPECT_SET_IRQ(0, .flags = trigger | resample, .trigger_fd = fd,
		       .resample_fd = other);
	EXPECT_SET_IRQ(-EINVAL, .flags = resample, .resample_fd = fd);
	EXPECT_SET_IRQ(-EINVAL, .flags = trigger, .trigger_fd = other);
	EXPECT_SET_IRQ(-EBUSY, .flags = SOCASSIGN_SET_MASK |
					SOCASSIGN_SET_FIRE);
	EXPECT_SET_IRQ(0, .flags = SOCASSIGN_SET_UNMASK | SOCASSIGN_SET_FIRE);
	/* the automatic mask of a level interrupt */
	EXPECT_SET_IRQ(-EBUSY, .flags = SOCASSIGN_SET_FIRE);
	EXPECT_EQ(1, soc_wait(fd, LONG_MS));
	close(fd);
	close(other);
}

TEST(set_irq_unmapped)
{
	int fd = soc_claim(board_extra("orphan@9d000"), SOCASSIGN_NO_DMA);
	int event = eventfd(0, EFD_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EOPNOTSUPP, soc_set_trigger(fd, 0, event));
	close(event);
	close(fd);
}

/* ENODEV from everything, once the administrator took the device away. */
FIXTURE(gone)
{
	struct sysfs_device dev;
	int fd;
	struct socassign_region region;
	char *page;
};

FIXTURE_SETUP(gone)
{
	const char *path = board_extra("names@90000");

	ASSERT_EQ(0, sysfs_find(path, &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	self->fd = soc_claim(path, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
	self->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
			  self->fd, self->region.out_cookie);
	ASSERT_TRUE(self->page != MAP_FAILED);
	ASSERT_EQ(0, sysfs_move(&self->dev, ""));
}

FIXTURE_TEARDOWN(gone)
{
	munmap(self->page, PAGE);
	close(self->fd);
}

TEST_F(gone, every_operation)
{
	struct socassign_info info = {};
	struct socassign_irq irq = {};
	struct socassign_clock clock = {};
	struct socassign_get_event event;
	__u32 value = 0;

	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	EXPECT_EQ(-ENODEV, soc_region(self->fd, 0, &self->region));
	EXPECT_EQ(-ENODEV, soc_irq(self->fd, 0, &irq));
	EXPECT_EQ(-ENODEV, soc_clock(self->fd, 0, &clock));
	EXPECT_EQ(-ENODEV, soc_set_irq(self->fd, 0, SOCASSIGN_SET_UNMASK));
	EXPECT_EQ(-ENODEV, soc_reset(self->fd));
	EXPECT_EQ(-ENODEV, soc_prefault(self->fd, self->page, PAGE));
	EXPECT_EQ(-ENODEV, soc_pread(self->fd, &self->region, 0, &value, 4));
	EXPECT_EQ(-ENODEV, soc_pwrite(self->fd, &self->region, 0, &value, 4));
	EXPECT_TRUE(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, self->fd,
			 self->region.out_cookie) == MAP_FAILED);
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, soc_get_event(self->fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, event.out_type);
	EXPECT_EQ(0, event.out_index);
	EXPECT_EQ(-ENODEV, soc_get_event(self->fd, &event));
}

/* The form is still looked at first. */
TEST_F(gone, form_of_the_request)
{
	struct socassign_info info = { .size = sizeof(info) - 1 };

	EXPECT_EQ(-EINVAL, soc_ioctl(self->fd, SOCASSIGN_INFO, &info));
	EXPECT_EQ(-ENOTTY, soc_ioctl(self->fd, _IO(SOCASSIGN_TYPE, 0x7f),
				     &info));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
