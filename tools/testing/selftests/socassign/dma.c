// SPDX-License-Identifier: GPL-2.0
/*
 * DMA windows that are open: real frames between two bus masters, and to the
 * gateway, through addresses that are not those of memory; and windows that
 * change under traffic.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/partition.h"
#include "lib/wire.h"

#define IP_0		0x0a00020f	/* 10.0.2.15 */
#define IP_1		0x0a000210

#define KIB		1024u
#define MIB		(1024u * KIB)

/* For windows of the tests' own: in the rest of the page, in none so far. */
#define SPARE		0x100000u
#define SPARE_2		0x200000u
#define SPARE_SIZE	0x10000u
#define IOVA_SPARE	0x98000000u
#define IOVA_SPARE_2	0x9c000000u

FIXTURE(dma) {
	const char *skip;
	struct wire wire;
};

FIXTURE_SETUP(dma)
{
	self->skip = wire_missing();
	if (self->skip)
		return;
	ASSERT_EQ(0, wire_open(&self->wire));
}

FIXTURE_TEARDOWN(dma)
{
	if (!self->skip)
		wire_close(&self->wire);
}

TEST_F(dma, described)
{
	SKIP_IF(self->skip);
	static const __u32 num[2] = { 1, 2 };

	for (int n = 0; n < 2; n++) {
		int fd = self->wire.nic[n].fd;
		struct socassign_info info = {};
		struct socassign_dma dma = {};

		ASSERT_EQ(0, soc_info(fd, &info));
		EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
		ASSERT_EQ(num[n], info.out_num_dmas);
		for (__u32 i = 0; i < num[n]; i++) {
			ASSERT_EQ(0, soc_dma(fd, i, &dma));
			EXPECT_EQ(0, dma.out_flags);
			EXPECT_EQ(0, dma.out_node);
			EXPECT_EQ(i, dma.out_entry);
			EXPECT_EQ(33 + n + i, dma.out_liodn);
			EXPECT_EQ(0, dma.out_num_windows);
			EXPECT_EQ(0, dma.out_bytes);
			EXPECT_EQ(4 * KIB, dma.out_granule);
			EXPECT_EQ(1ull << 36, dma.out_limit);
		}
		EXPECT_EQ(-ENOENT, soc_dma(fd, num[n], &dma));
	}
}

TEST_F_TIMEOUT(dma, frames_both_ways, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_up(w));
	/* No power of two in the step: every alignment of the end. */
	for (size_t len = FRAME_MIN; len <= FRAME_MAX; len += 97) {
		ASSERT_EQ(0, wire_transfer(w, 0, len));
		ASSERT_EQ(0, wire_transfer(w, 1, len));
	}
	EXPECT_TRUE(wire_rest_unchanged(w));
}

TEST_F_TIMEOUT(dma, gateway_answers, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_up(w));
	EXPECT_EQ(0, nic_ping_gateway(&w->nic[0], IP_0));
	EXPECT_EQ(0, nic_ping_gateway(&w->nic[1], IP_1));
	EXPECT_TRUE(wire_rest_unchanged(w));
}

/*
 * Traffic to and from any address of a window: the first device sends from,
 * and receives into, what @cpu and @bus name.
 */
static int send_from(struct wire *w, void *cpu, __u32 bus)
{
	struct nic *from = &w->nic[0], *to = &w->nic[1];
	uint32_t serial = w->serial++;
	int ret;

	frame_fill(cpu, FRAME_MIN, to->dev->mac, from->dev->mac, serial);
	ret = etsec_send(&from->etsec, bus, FRAME_MIN);
	if (!ret)
		ret = nic_wait_sent(from);
	return ret ? ret : nic_expect(to, serial, FRAME_MIN);
}

/* A frame of somebody else's may come first: then again. */
static int receive_one(struct wire *w, void *cpu, __u32 bus)
{
	struct nic *from = &w->nic[1], *to = &w->nic[0];
	uint32_t serial = w->serial++;
	uint8_t frame[FRAME_MIN];
	int ret;

	frame_fill(frame, FRAME_MIN, to->dev->mac, from->dev->mac, serial);
	nic_set_rings(to, &to->tx, &to->rx);
	ret = etsec_give(&to->etsec, bus);
	etsec_start(&to->etsec);
	if (!ret)
		ret = nic_send(from, frame, FRAME_MIN);
	if (!ret)
		ret = nic_wait_received(to);
	if (ret < 0)
		return ret;
	return frame_is(cpu, FRAME_MIN, serial) ? 0 : -ENOMSG;
}

static int receive_into(struct wire *w, void *cpu, __u32 bus)
{
	int ret = -ENOMSG;

	for (int i = 0; ret == -ENOMSG && i < 10; i++)
		ret = receive_one(w, cpu, bus);
	wire_start(w, 0);
	return ret;
}

/* At both ends of a window, and in the middle. */
static int use_window(struct wire *w, char *cpu, __u32 bus, __u32 length)
{
	const __u32 last = length - FRAME_MIN - ETSEC_FCS;
	const __u32 offsets[] = { 0, (length / 2) & ~63u, last };
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(offsets) / sizeof(*offsets); i++) {
		ret = receive_into(w, cpu + offsets[i], bus + offsets[i]);
		if (!ret)
			ret = send_from(w, cpu + offsets[i], bus + offsets[i]);
	}
	return ret;
}

/* The windows of a guest with 512 MiB and some shared memory. */
struct window {
	__u32 iova;
	__u32 length;
	__u32 smaller;		/* where the board cannot have so much */
	struct partition part;
	char *mem;
	int memory;
};

static int back_by_partition(struct window *win)
{
	int ret = partition_open(&win->part, win->length);

	win->mem = win->part.mem;
	win->memory = win->part.fd;
	return ret;
}

static int back_by_pages(struct window *win, int fd)
{
	__u32 size = win->length < WIRE_PAGE ? WIRE_PAGE : win->length;

	win->mem = huge_alloc(size, size);
	if (!win->mem)
		return -errno;
	win->memory = soc_memory(fd, win->mem, size, SOCASSIGN_MEMORY_WRITE);
	return win->memory < 0 ? win->memory : 0;
}

/* The true size if the board can, else one of the same kind. */
static int back(struct window *win, int fd)
{
	if (!back_by_pages(win, fd) || !back_by_partition(win))
		return 0;
	win->length = win->smaller;
	return back_by_pages(win, fd);
}

static int map_window(struct wire *w, const struct window *win)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = win->memory,
		.iova = win->iova, .length = win->length,
	};

	return soc_dma_map(w->nic[0].fd, &map);
}

TEST_F_TIMEOUT(dma, four_windows, 120)
{
	SKIP_IF(self->skip);
	static struct window windows[] = {
		{ .iova = 0, .length = 512 * MIB, .smaller = 4 * MIB },
		{ .iova = 0x20000000, .length = 4 * KIB },
		{ .iova = 0x40000000, .length = 16 * MIB, .smaller = 4 * MIB },
		{ .iova = 0xc0000000, .length = 64 * MIB, .smaller = 4 * MIB },
	};
	struct wire *w = &self->wire;
	struct socassign_dma dma = {};

	for (int i = 0; i < 4; i++) {
		__u32 wanted = windows[i].length;

		ASSERT_EQ(0, back(&windows[i], w->nic[0].fd));
		if (windows[i].length != wanted)
			TH_LOG("this board has no 0x%x bytes in one piece: 0x%x instead",
			       wanted, windows[i].length);
		ASSERT_EQ(0, map_window(w, &windows[i]));
	}
	/* And one for the rings: a fifth, in the geometry of the four. */
	ASSERT_EQ(0, wire_up(w));
	ASSERT_EQ(0, soc_dma(w->nic[0].fd, 0, &dma));
	EXPECT_EQ(5, dma.out_num_windows);
	EXPECT_EQ(0, dma.out_base);
	EXPECT_EQ(1ull << 32, dma.out_bytes);
	EXPECT_EQ(SOCASSIGN_DMA_ENABLED, dma.out_flags);
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(0, use_window(w, windows[i].mem, windows[i].iova,
					windows[i].length))
			TH_LOG("window %d", i);
	}
	EXPECT_TRUE(wire_rest_unchanged(w));
	for (int i = 0; i < 4; i++)
		partition_close(&windows[i].part);
}

/* What may only be read is sent, what may only be written to receives. */
TEST_F(dma, one_way_windows)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE, SPARE, SPARE_SIZE,
			      SOCASSIGN_DMA_READ));
	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE_2, SPARE_2, SPARE_SIZE,
			      SOCASSIGN_DMA_WRITE));
	ASSERT_EQ(0, wire_up(w));
	EXPECT_EQ(0, send_from(w, w->mem + SPARE, IOVA_SPARE));
	EXPECT_EQ(0, receive_into(w, w->mem + SPARE_2, IOVA_SPARE_2));
}

/* Two windows onto the same memory; the device takes either. */
TEST_F(dma, same_memory_twice)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE, SPARE, SPARE_SIZE, DMA_RW));
	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE_2, SPARE, SPARE_SIZE,
			      DMA_RW));
	ASSERT_EQ(0, wire_up(w));
	EXPECT_EQ(0, receive_into(w, w->mem + SPARE, IOVA_SPARE));
	EXPECT_EQ(0, receive_into(w, w->mem + SPARE, IOVA_SPARE_2));
	EXPECT_EQ(0, send_from(w, w->mem + SPARE, IOVA_SPARE_2));
}

/*
 * One device sends what is at an address, the other receives it there: the same
 * address, and the same memory, for both.
 */
TEST_F(dma, memory_shared_by_two_devices)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	struct nic *nic = w->nic;
	char *mem = w->mem + SPARE;
	int len;

	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE, SPARE, SPARE_SIZE,
			      SOCASSIGN_DMA_READ));
	ASSERT_EQ(0, wire_map(w, 1, 1, IOVA_SPARE, SPARE, SPARE_SIZE,
			      SOCASSIGN_DMA_WRITE));
	ASSERT_EQ(0, wire_up(w));
	frame_fill(mem, FRAME_MIN, nic[1].dev->mac, nic[0].dev->mac, 99);
	nic_set_rings(&nic[1], &nic[1].tx, &nic[1].rx);
	ASSERT_EQ(0, etsec_give(&nic[1].etsec, IOVA_SPARE + NIC_BUFFER));
	etsec_start(&nic[1].etsec);
	ASSERT_EQ(0, etsec_send(&nic[0].etsec, IOVA_SPARE, FRAME_MIN));
	ASSERT_EQ(0, nic_wait_sent(&nic[0]));
	len = nic_wait_received(&nic[1]);
	ASSERT_EQ(FRAME_MIN, len);
	EXPECT_TRUE(frame_is(mem + NIC_BUFFER, len, 99));
}

/* The windows have the memory: the files and mappings may go. */
TEST_F(dma, windows_keep_memory)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_up(w));
	close(w->memory);
	w->memory = -1;
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(0, wire_exchange(w));
	/* It was made on the first one's claim. */
	nic_close(&w->nic[0]);
	EXPECT_EQ(0, nic_ping_gateway(&w->nic[1], IP_1));
	EXPECT_TRUE(wire_rest_unchanged(w));
}

/* What the present receive buffer is, as a test changes it. */
static int replace(struct wire *w, __u64 offset)
{
	return wire_map(w, 0, 0, IOVA_SPARE, offset, SPARE_SIZE,
			DMA_RW | SOCASSIGN_DMA_REPLACE);
}

TEST_F(dma, replaced_between_two_frames)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	const __u32 offsets[] = { SPARE, SPARE_2 };

	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE, SPARE, SPARE_SIZE, DMA_RW));
	ASSERT_EQ(0, wire_up(w));
	for (int i = 0; i < 20; i++) {
		char *now = w->mem + offsets[i % 2];
		char *then = w->mem + offsets[!(i % 2)];

		pattern_fill(then, SPARE_SIZE, i);
		ASSERT_EQ(0, replace(w, offsets[i % 2]));
		ASSERT_EQ(0, receive_into(w, now, IOVA_SPARE));
		ASSERT_EQ(0, send_from(w, now, IOVA_SPARE));
		ASSERT_EQ(SPARE_SIZE, pattern_changed(then, SPARE_SIZE, i));
	}
	EXPECT_EQ(0, wire_exchange(w));
}

/* The descriptors move to other memory, too, and the device goes on. */
TEST_F(dma, replaced_under_the_rings)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_up(w));
	ASSERT_EQ(0, wire_exchange(w));
	memcpy(w->mem + SPARE, w->mem, 2 * WIRE_AREA);
	ASSERT_EQ(0, wire_map(w, 0, 0, WIRE_IOVA_0, SPARE, 2 * WIRE_AREA,
			      DMA_RW | SOCASSIGN_DMA_REPLACE));
	pattern_fill(w->mem, 2 * WIRE_AREA, 1);
	w->nic[0].tx.cpu = w->mem + SPARE;
	w->nic[0].rx.cpu = w->mem + SPARE + WIRE_AREA;
	w->nic[0].etsec.tx.bd = w->nic[0].tx.cpu;
	w->nic[0].etsec.rx.bd = w->nic[0].rx.cpu;
	for (int i = 0; i < 2 * NIC_RING; i++)
		ASSERT_EQ(0, wire_exchange(w));
	EXPECT_EQ(2 * WIRE_AREA, pattern_changed(w->mem, 2 * WIRE_AREA, 1));
}

TEST_F(dma, replace_needs_that_window)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	ASSERT_EQ(0, wire_up(w));
	EXPECT_EQ(-ENOENT, replace(w, SPARE));
	EXPECT_EQ(-ENOENT, wire_map(w, 0, 0, WIRE_IOVA_0, 0, WIRE_AREA,
				    DMA_RW | SOCASSIGN_DMA_REPLACE));
	EXPECT_EQ(-EEXIST, wire_map(w, 0, 0, WIRE_IOVA_0, 0, WIRE_AREA,
				    DMA_RW));
	EXPECT_EQ(0, wire_exchange(w));
}

/* In a part of the geometry that is free, a window comes and goes live. */
TEST_F(dma, window_comes_and_goes)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	struct socassign_dma before = {}, after = {};
	int fd = w->nic[0].fd;

	ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE_2, SPARE_2, SPARE_SIZE,
			      DMA_RW));
	ASSERT_EQ(0, wire_map(w, 0, 0, 0x94000000, SPARE_2, SPARE_SIZE,
			      DMA_RW));
	ASSERT_EQ(0, wire_up(w));
	ASSERT_EQ(0, soc_dma(fd, 0, &before));
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(0, wire_map(w, 0, 0, IOVA_SPARE, SPARE, SPARE_SIZE,
				      DMA_RW));
		ASSERT_EQ(0, use_window(w, w->mem + SPARE, IOVA_SPARE,
					SPARE_SIZE));
		ASSERT_EQ(0, use_window(w, w->mem + SPARE_2, IOVA_SPARE_2,
					SPARE_SIZE));
		ASSERT_EQ(0, soc_dma_unmap(fd, 0, IOVA_SPARE, SPARE_SIZE));
		ASSERT_EQ(0, wire_exchange(w));
	}
	ASSERT_EQ(0, soc_dma(fd, 0, &after));
	EXPECT_EQ(before.out_base, after.out_base);
	EXPECT_EQ(before.out_bytes, after.out_bytes);
	EXPECT_EQ(before.out_num_subwindows, after.out_num_subwindows);
	EXPECT_EQ(before.out_num_windows, after.out_num_windows);
}

/* Another geometry: not while DMA is enabled, and nothing has changed then. */
TEST_F(dma, geometry_waits_for_disable)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	int fd = w->nic[0].fd;

	ASSERT_EQ(0, wire_up(w));
	EXPECT_EQ(-EBUSY, wire_map(w, 0, 0, 0x10000000, SPARE, SPARE_SIZE,
				   DMA_RW));
	ASSERT_EQ(0, wire_exchange(w));
	ASSERT_EQ(0, soc_dma_disable(fd, 0));
	ASSERT_EQ(0, wire_map(w, 0, 0, 0x10000000, SPARE, SPARE_SIZE, DMA_RW));
	ASSERT_EQ(0, soc_dma_enable(fd, 0));
	EXPECT_EQ(0, wire_exchange(w));
	EXPECT_EQ(0, use_window(w, w->mem + SPARE, 0x10000000, SPARE_SIZE));
}

TEST_F(dma, enabled_and_disabled)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	int fd = w->nic[0].fd;
	struct socassign_dma dma = {};

	EXPECT_EQ(-ENXIO, soc_dma_enable(fd, 0));
	EXPECT_EQ(0, soc_dma_disable(fd, 0));
	ASSERT_EQ(0, wire_up(w));
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, wire_exchange(w));
		etsec_stop(&w->nic[0].etsec);
		ASSERT_EQ(0, soc_dma_disable(fd, 0));
		ASSERT_EQ(0, soc_dma(fd, 0, &dma));
		EXPECT_EQ(0, dma.out_flags);
		EXPECT_EQ(1, dma.out_num_windows);
		ASSERT_EQ(0, soc_dma_enable(fd, 0));
		ASSERT_EQ(0, soc_dma_enable(fd, 0));
		wire_start(w, 0);
	}
	EXPECT_EQ(0, wire_exchange(w));
	/* It never had to do with the other one. */
	EXPECT_EQ(0, nic_ping_gateway(&w->nic[1], IP_1));
}

/* Disabling ends nothing: what waits for the windows goes on with them. */
TEST_F(dma, unmapped_all_and_mapped_again)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	int fd = w->nic[0].fd;
	struct socassign_dma dma = {};

	ASSERT_EQ(0, wire_up(w));
	ASSERT_EQ(0, wire_exchange(w));
	etsec_stop(&w->nic[0].etsec);
	EXPECT_EQ(-ENOENT, soc_dma_unmap(fd, 0, WIRE_IOVA_0, WIRE_AREA));
	ASSERT_EQ(0, soc_dma_unmap_all(fd, 0));
	ASSERT_EQ(0, soc_dma(fd, 0, &dma));
	EXPECT_EQ(0, dma.out_num_windows);
	EXPECT_EQ(-ENOENT, soc_dma_unmap(fd, 0, WIRE_IOVA_0, 2 * WIRE_AREA));
	ASSERT_EQ(0, soc_dma_disable(fd, 0));
	ASSERT_EQ(0, wire_map_usual(w, 0));
	wire_start(w, 0);
	EXPECT_EQ(0, wire_exchange(w));
}

/* A partition is memory like any other. */
TEST_F_TIMEOUT(dma, partition, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	struct partition part;
	struct socassign_dma_map map = {
		.flags = DMA_RW, .iova = IOVA_SPARE, .length = MIB,
		.offset = 2 * MIB,
	};
	int ret = partition_open(&part, 4 * MIB);

	if (ret == -ENOENT)
		SKIP(return, "the board has no partition");
	ASSERT_EQ(0, ret);
	map.memory_fd = part.fd;
	ASSERT_EQ(0, soc_dma_map(w->nic[0].fd, &map));
	ASSERT_EQ(0, wire_up(w));
	EXPECT_EQ(0, use_window(w, part.mem + 2 * MIB, IOVA_SPARE, MIB));
	/* Outside the window it is as it was handed out: zero. */
	for (size_t i = 0; i < 2 * MIB; i++)
		ASSERT_EQ(0, part.mem[i]);
	partition_close(&part);
	EXPECT_EQ(0, wire_exchange(w));
}

TEST_HARNESS_MAIN
