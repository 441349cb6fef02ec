// SPDX-License-Identifier: GPL-2.0
/*
 * Random sets of windows through the ABI, onto real memory, and a walk over the
 * real tables that knows nothing of the driver: each byte that was asked for goes
 * where it was asked to, and no other goes anywhere.  Where the driver says that
 * there is no geometry, all of them are tried.
 *
 * DMA_WALK_SEED=n repeats what the log says that went wrong.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "harness.h"
#include "lib/dma_bench.h"

#define PAGE		0x1000ull
#define SPACE		(1ull << 36)
#define MEMORY_BYTES	(16ull << 20)
#define MAX_WINDOWS	24

/* Numbers that look random, the same for the same seed. */
static uint64_t state;

static uint64_t roll(uint64_t sides)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state * 0x2545f4914f6cdd1dull >> 16) % sides;
}

static uint64_t choose_seed(void)
{
	const char *wanted = getenv("DMA_WALK_SEED");
	uint32_t seed = 1;

	if (wanted)
		return strtoull(wanted, NULL, 0);
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) || !seed)
		seed = 1;
	return seed;
}

/* What was asked for */

struct window {
	uint64_t iova, length, offset;
	uint32_t access;	/* SOCASSIGN_DMA_READ, _WRITE */
};

struct set {
	unsigned int num;
	struct window win[MAX_WINDOWS];
};

static const struct window *window_at(const struct set *set, uint64_t addr)
{
	for (unsigned int i = 0; i < set->num; i++)
		if (addr - set->win[i].iova < set->win[i].length)
			return &set->win[i];
	return NULL;
}

static bool overlaps(const struct set *set, const struct window *win)
{
	for (unsigned int i = 0; i < set->num; i++)
		if (win->iova < set->win[i].iova + set->win[i].length &&
		    set->win[i].iova < win->iova + win->length)
			return true;
	return false;
}

/* What a PAMU can do, from its rules alone */

struct geometry {
	uint64_t base, bytes;
	unsigned int num;
};

/* The part of a window that is in @bytes from @base on. */
static uint64_t part_of(const struct window *win, uint64_t base, uint64_t bytes,
			uint64_t *first)
{
	uint64_t end = win->iova + win->length;

	*first = win->iova > base ? win->iova : base;
	if (end > base + bytes)
		end = base + bytes;
	return end > *first ? end - *first : 0;
}

static bool is_power(uint64_t value)
{
	return !(value & (value - 1));
}

/*
 * One subwindow maps a power of two of bytes from its start on, to where that is
 * aligned; without subwindows all is mapped.
 */
static bool sub_works(const struct set *set, uint64_t phys, uint64_t base,
		      uint64_t bytes, bool whole)
{
	const struct window *only = NULL;

	for (unsigned int i = 0; i < set->num; i++) {
		const struct window *win = &set->win[i];
		uint64_t first, mapped = part_of(win, base, bytes, &first);

		if (!mapped)
			continue;
		if (only || first != base || !is_power(mapped) ||
		    (whole && mapped != bytes) ||
		    (phys + win->offset + (first - win->iova)) % mapped)
			return false;
		only = win;
	}
	return true;
}

static bool works(const struct set *set, uint64_t phys,
		  const struct geometry *geo)
{
	uint64_t sub = geo->bytes / geo->num;

	for (unsigned int i = 0; i < set->num; i++)
		if (set->win[i].iova < geo->base ||
		    set->win[i].iova + set->win[i].length >
		    geo->base + geo->bytes)
			return false;
	for (unsigned int i = 0; i < geo->num; i++)
		if (!sub_works(set, phys, geo->base + i * sub, sub,
			       geo->num == 1))
			return false;
	return true;
}

/* Every primary window that could hold the first window, divided every way. */
static bool any_works(const struct set *set, uint64_t phys, unsigned int max)
{
	struct geometry geo;

	for (geo.bytes = PAGE; geo.bytes <= SPACE; geo.bytes *= 2) {
		geo.base = set->win[0].iova & ~(geo.bytes - 1);
		for (geo.num = 1; geo.num <= max && geo.bytes / geo.num >= PAGE;
		     geo.num *= 2)
			if (works(set, phys, &geo))
				return true;
	}
	return false;
}

/* Random windows */

static uint32_t roll_access(void)
{
	return roll(4) ? DMA_RW : roll(2) ? SOCASSIGN_DMA_READ :
					    SOCASSIGN_DMA_WRITE;
}

/* Where in memory: aligned as it may need it, or not quite. */
static uint64_t roll_offset(uint64_t length)
{
	uint64_t align = PAGE;

	while (align < length && align < MEMORY_BYTES && roll(6))
		align *= 2;
	return roll((MEMORY_BYTES - length) / align + 1) * align;
}

static uint64_t roll_length(uint64_t most)
{
	uint64_t length = PAGE << roll(13);

	if (!roll(3))
		length += PAGE * roll(32);
	if (length > most)
		length = most;
	return length;
}

/* In a part of the space of @room bytes from @base on. */
static struct window roll_window(uint64_t base, uint64_t room)
{
	struct window win = { .access = roll_access() };
	uint64_t grain = PAGE;

	win.length = roll_length(room < MEMORY_BYTES ? room : MEMORY_BYTES);
	while (grain < win.length && roll(8))
		grain *= 2;
	win.iova = base + roll((room - win.length) / grain + 1) * grain;
	win.offset = roll_offset(win.length);
	return win;
}

/* A part of the space: mostly where a division into few may do. */
static void roll_room(uint64_t *base, uint64_t *room)
{
	*room = PAGE << roll(25);
	*base = roll(SPACE / *room) * *room;
	if (!roll(8))
		*base = SPACE - *room;
	if (!roll(8))
		*base = 0;
}

/* The claim, and two identities that must not notice each other */

FIXTURE(walk)
{
	const char *skip;
	struct dma_bench bench;
	char *mem;
	int memory;
	uint64_t phys;
	unsigned int max;
	struct set set[DMA_BENCH_IDS];	/* what is open */
	uint64_t seed;
	unsigned int accepted, refused, busy;
};

FIXTURE_SETUP(walk)
{
	struct socassign_dma dma;

	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
	self->max = dma.out_max_windows;
	self->mem = huge_alloc(MEMORY_BYTES, MEMORY_BYTES);
	ASSERT_TRUE(!!self->mem);
	self->phys = physical_address(self->mem);
	ASSERT_NE(0, self->phys);
	self->memory = soc_memory(self->bench.fd, self->mem, MEMORY_BYTES,
				  SOCASSIGN_MEMORY_WRITE);
	ASSERT_LE(0, self->memory);
	self->seed = choose_seed();
	state = self->seed;
}

FIXTURE_TEARDOWN(walk)
{
	if (self->skip)
		return;
	close(self->memory);
	munmap(self->mem, MEMORY_BYTES);
	dma_bench_close(&self->bench);
	TH_LOG("seed %llu: %u accepted, %u refused, %u busy",
	       (unsigned long long)self->seed, self->accepted, self->refused,
	       self->busy);
}

static int map(FIXTURE_DATA(walk) *self, __u32 index, const struct window *win,
	       __u32 flags)
{
	struct socassign_dma_map map = {
		.index = index, .flags = win->access | flags,
		.memory_fd = self->memory, .offset = win->offset,
		.iova = win->iova, .length = win->length,
	};

	return soc_dma_map(self->bench.fd, &map);
}

/* As pamu_access(): true if it goes where it should, or nowhere if it should. */
static bool goes_right(FIXTURE_DATA(walk) *self, __u32 index,
		       const struct window *win, uint64_t addr, uint64_t length,
		       bool write, uint64_t *run)
{
	uint32_t access = write ? SOCASSIGN_DMA_WRITE : SOCASSIGN_DMA_READ;
	struct pamu_result result;
	bool goes = pamu_access(&self->bench.pamu, dma_bench_liodns[index],
				addr, length, write, &result);

	*run = result.run;
	if (!win || !(win->access & access))
		return !goes;
	return goes && result.run && result.target ==
	       self->phys + win->offset + (addr - win->iova);
}

/* All bytes of a window, by runs; what is denied is denied for all of a page. */
static bool window_right(FIXTURE_DATA(walk) *self, __u32 index,
			 const struct window *win, bool write)
{
	uint64_t run;

	for (uint64_t done = 0; done < win->length; done += run) {
		if (!goes_right(self, index, win, win->iova + done,
				win->length - done, write, &run))
			return false;
		if (!run)
			run = roll(8) ? win->length : PAGE;
	}
	return true;
}

static bool address_right(FIXTURE_DATA(walk) *self, __u32 index, uint64_t addr)
{
	const struct window *win = window_at(&self->set[index], addr);
	uint64_t run;

	return goes_right(self, index, win, addr, 1, false, &run) &&
	       goes_right(self, index, win, addr, 1, true, &run);
}

/* The windows, what is beside them, what is near, what is anywhere. */
static bool all_right(FIXTURE_DATA(walk) *self, __u32 index)
{
	const struct set *set = &self->set[index];

	for (unsigned int i = 0; i < set->num; i++) {
		const struct window *win = &set->win[i];
		uint64_t near = PAGE << roll(20);

		if (!window_right(self, index, win, false) ||
		    !window_right(self, index, win, true) ||
		    !address_right(self, index, win->iova - 1) ||
		    !address_right(self, index, win->iova + win->length) ||
		    !address_right(self, index, win->iova + win->length +
				   roll(near)) ||
		    !address_right(self, index, win->iova - roll(near)) ||
		    !address_right(self, index, roll(SPACE)) ||
		    !address_right(self, index, roll(4 * SPACE)))
			return false;
	}
	return true;
}

static void log_set(struct __test_metadata *_metadata, const struct set *set)
{
	for (unsigned int i = 0; i < set->num; i++)
		TH_LOG("iova 0x%llx length 0x%llx offset 0x%llx access %u",
		       (unsigned long long)set->win[i].iova,
		       (unsigned long long)set->win[i].length,
		       (unsigned long long)set->win[i].offset,
		       set->win[i].access);
}

static void check_all(struct __test_metadata *_metadata,
		      FIXTURE_DATA(walk) *self, int round)
{
	for (__u32 i = 0; i < DMA_BENCH_IDS; i++) {
		if (!all_right(self, i)) {
			TH_LOG("round %d, identity %u", round, i);
			log_set(_metadata, &self->set[i]);
			ASSERT_TRUE(false);
		}
	}
}

/* Sets that are made while nothing is open */

/* Map a window more, and see whether the driver is right about it. */
static void add_window(struct __test_metadata *_metadata,
		       FIXTURE_DATA(walk) *self, __u32 index,
		       const struct window *win)
{
	struct set *set = &self->set[index];
	bool overlap = overlaps(set, win), possible = false;
	int ret = map(self, index, win, 0);

	set->win[set->num] = *win;
	set->num++;
	if (!overlap)
		possible = any_works(set, self->phys, self->max);
	ASSERT_EQ(overlap ? -EEXIST : possible ? 0 : -ENOSPC, ret)
		log_set(_metadata, set);
	self->accepted += !ret;
	self->refused += ret == -ENOSPC;
	if (ret)
		set->num--;
}

static void roll_set(struct __test_metadata *_metadata,
		     FIXTURE_DATA(walk) *self, __u32 index)
{
	unsigned int tries = 1 + roll(roll(8) ? 6 : MAX_WINDOWS);
	uint64_t base, room;

	ASSERT_EQ(0, soc_dma_disable(self->bench.fd, index));
	ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, index));
	self->set[index].num = 0;
	roll_room(&base, &room);
	for (unsigned int i = 0; i < tries; i++) {
		struct window win = roll_window(base, room);

		add_window(_metadata, self, index, &win);
	}
	if (self->set[index].num)
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, index));
}

TEST_F_TIMEOUT(walk, sets, 120)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 2000; i++) {
		__u32 index = roll(DMA_BENCH_IDS);

		roll_set(_metadata, self, index);
		check_all(_metadata, self, i);
	}
	EXPECT_LT(500, self->accepted);
	EXPECT_LT(50, self->refused);
}

/* Sets that change while they are open */

static struct geometry present(FIXTURE_DATA(walk) *self)
{
	struct socassign_dma dma = {};

	soc_dma(self->bench.fd, 0, &dma);
	return (struct geometry) {
		.base = dma.out_base, .bytes = dma.out_bytes,
		.num = dma.out_num_subwindows,
	};
}

static int expected_live(FIXTURE_DATA(walk) *self, const struct set *set)
{
	struct geometry geo = present(self);

	if (works(set, self->phys, &geo))
		return 0;
	return any_works(set, self->phys, self->max) ? -EBUSY : -ENOSPC;
}

/* @next instead of the present set, if the driver lets us. */
static void check_live(struct __test_metadata *_metadata,
		       FIXTURE_DATA(walk) *self, const struct set *next,
		       int expected, int ret)
{
	ASSERT_EQ(expected, ret)
		log_set(_metadata, next);
	self->accepted += !ret;
	self->refused += ret == -ENOSPC;
	self->busy += ret == -EBUSY;
	if (!ret)
		self->set[0] = *next;
}

static void add_live(struct __test_metadata *_metadata,
		     FIXTURE_DATA(walk) *self)
{
	struct geometry geo = present(self);
	struct window win = roll_window(geo.base, geo.bytes);
	struct set next = self->set[0];
	int expected;

	if (next.num == MAX_WINDOWS)
		return;
	next.win[next.num++] = win;
	expected = overlaps(&self->set[0], &win) ? -EEXIST :
		   expected_live(self, &next);
	check_live(_metadata, self, &next, expected, map(self, 0, &win, 0));
}

static void replace_live(struct __test_metadata *_metadata,
			 FIXTURE_DATA(walk) *self)
{
	struct set next = self->set[0];
	struct window *win = &next.win[roll(next.num)];

	win->offset = roll_offset(win->length);
	win->access = roll_access();
	check_live(_metadata, self, &next, expected_live(self, &next),
		   map(self, 0, win, SOCASSIGN_DMA_REPLACE));
}

/* There is always room for less. */
static void unmap_live(struct __test_metadata *_metadata,
		       FIXTURE_DATA(walk) *self)
{
	struct set next = self->set[0];
	struct window *win = &next.win[roll(next.num)], gone = *win;

	*win = next.win[--next.num];
	check_live(_metadata, self, &next, 0,
		   soc_dma_unmap(self->bench.fd, 0, gone.iova, gone.length));
}

static void change_live(struct __test_metadata *_metadata,
			FIXTURE_DATA(walk) *self)
{
	switch (self->set[0].num ? roll(5) : 0) {
	case 0:
	case 1:
		add_live(_metadata, self);
		break;
	case 2:
		unmap_live(_metadata, self);
		break;
	default:
		replace_live(_metadata, self);
	}
}

TEST_F_TIMEOUT(walk, changes_while_open, 120)
{
	SKIP_IF(self->skip);
	roll_set(_metadata, self, 1);
	for (int i = 0; i < 2000; i++) {
		if (i % 20 == 0)
			do
				roll_set(_metadata, self, 0);
			while (!self->set[0].num);
		change_live(_metadata, self);
		check_all(_metadata, self, i);
	}
	EXPECT_LT(500, self->accepted);
	EXPECT_LT(50, self->busy);
}

TEST_HARNESS_MAIN
