// SPDX-License-Identifier: GPL-2.0
/*
 * DMA that must not happen: beside a window, across its edge, into what it does
 * not fill, against its permissions, while it is closed.  Nothing is read,
 * nothing is written, the owner hears of it, and everybody goes on.
 *
 * The windows are at addresses that memory of ours has, too: if an access were
 * let through as it is, that memory would show it.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "harness.h"
#include "lib/fdinfo.h"
#include "lib/trap.h"
#include "lib/wire.h"

#define QUEUE_LEN	16	/* events that the driver keeps */

#define KIB		1024u
#define MIB		(1024u * KIB)
#define BURST		64u	/* a fault's address may be that of its start */

/* The windows of the device under test, from the trap's address on. */
#define RINGS		0u		/* what it works with */
#define GAP		(1 * MIB)	/* no window */
#define SPARE		(2 * MIB)	/* for the test */
#define LAST		(3 * MIB)	/* makes the geometry 4 MiB */
#define WINDOW		WIRE_AREA	/* less than a subwindow */

/* Where in our memory the last two are. */
#define SPARE_MEM	0x100000u
#define LAST_MEM	0x200000u

#define FRAME_LEN	256
#define ON_BUS		(FRAME_LEN + ETSEC_FCS)

FIXTURE(fault) {
	const char *skip;
	struct wire wire;
	struct trap trap;	/* where the windows are */
	struct trap outside;	/* where none is */
	struct nic *nic;	/* the device under test */
	int n;
	__u32 tx_dma, rx_dma;
};

FIXTURE_VARIANT(fault) {
	int n;
};

/* One identity for both directions; two. */
FIXTURE_VARIANT_ADD(fault, shared_liodn) { .n = 0, };
FIXTURE_VARIANT_ADD(fault, separate_liodns) { .n = 1, };

/* A window of the device's, in all of its identities. */
static int map(struct wire *w, int n, __u32 iova, __u32 offset, __u32 length,
	       __u32 flags)
{
	int ret = wire_map(w, n, 0, iova, offset, length, flags);

	if (!ret && nic_devs[n].rx_dma)
		ret = wire_map(w, n, nic_devs[n].rx_dma, iova, offset, length,
			       flags);
	return ret;
}

static int enable(struct wire *w, int n)
{
	int ret = soc_dma_enable(w->nic[n].fd, 0);

	if (!ret && nic_devs[n].rx_dma)
		ret = soc_dma_enable(w->nic[n].fd, nic_devs[n].rx_dma);
	return ret;
}

static int map_all(struct wire *w, int n, __u32 bus, __u32 spare_flags)
{
	__u32 rings = n ? WIRE_TX1 : WIRE_TX0;
	int ret = map(w, n, bus + RINGS, rings * WIRE_AREA, 2 * WIRE_AREA,
		      DMA_RW);

	if (!ret)
		ret = map(w, n, bus + SPARE, SPARE_MEM, WINDOW, spare_flags);
	if (!ret)
		ret = map(w, n, bus + LAST, LAST_MEM, WINDOW, DMA_RW);
	return ret ? ret : enable(w, n);
}

static void start(struct wire *w, int n, __u32 bus)
{
	__u32 rings = n ? WIRE_TX1 : WIRE_TX0;
	struct nic_mem tx = { w->mem + rings * WIRE_AREA, bus };
	struct nic_mem rx = { w->mem + (rings + 1) * WIRE_AREA,
			      bus + WIRE_AREA };

	nic_start(&w->nic[n], &tx, &rx);
}

FIXTURE_SETUP(fault)
{
	self->skip = wire_missing();
	if (self->skip)
		return;
	self->n = variant->n;
	self->nic = &self->wire.nic[self->n];
	self->tx_dma = nic_devs[self->n].tx_dma;
	self->rx_dma = nic_devs[self->n].rx_dma;
	ASSERT_EQ(0, wire_open(&self->wire));
	ASSERT_EQ(0, trap_open(&self->trap));
	ASSERT_EQ(0, trap_open(&self->outside));
	ASSERT_EQ(0, wire_map_usual(&self->wire, !self->n));
	wire_start(&self->wire, !self->n);
}

FIXTURE_TEARDOWN(fault)
{
	if (self->skip)
		return;
	wire_close(&self->wire);
	trap_close(&self->trap);
	trap_close(&self->outside);
}

/* The windows of this file, and the device started. */
static int up(FIXTURE_DATA(fault) *self, __u32 spare_flags)
{
	int ret = map_all(&self->wire, self->n, self->trap.bus, spare_flags);

	if (!ret)
		start(&self->wire, self->n, self->trap.bus);
	return ret;
}

/* Whatever it was: after it, both devices do their work. */
static int works(FIXTURE_DATA(fault) *self)
{
	start(&self->wire, self->n, self->trap.bus);
	return wire_exchange(&self->wire);
}

static bool nothing_changed(FIXTURE_DATA(fault) *self)
{
	return trap_unchanged(&self->trap) &&
	       trap_unchanged(&self->outside) &&
	       wire_rest_unchanged(&self->wire);
}

/* What is to be reported: the first byte that is forbidden, and up to where. */
struct expected {
	__u32 dma;
	__u32 fault;
	__u32 first;
	__u32 end;
};

static void expect_fault(struct __test_metadata *_metadata,
			 const struct nic *nic, struct expected e)
{
	struct socassign_get_event ev;

	ASSERT_EQ(0, soc_next_event(nic->fd, &ev, LONG_MS));
	EXPECT_EQ(SOCASSIGN_EVENT_DMA_FAULT, ev.out_type);
	EXPECT_EQ(0, ev.out_flags);
	EXPECT_EQ(e.dma, ev.out_index);
	EXPECT_EQ(e.fault, ev.out_fault);
	EXPECT_LE(e.first & ~(BURST - 1), ev.out_address);
	EXPECT_GT(e.end, ev.out_address);
	EXPECT_LT(0, ev.out_time);
	EXPECT_LT(0, fdinfo_number(nic->fd, "socassign-dma-faults"));
	/* The same frame may have been refused in more than one piece. */
	while (!soc_get_event(nic->fd, &ev))
		EXPECT_EQ(e.fault, ev.out_fault);
}

static void *memory_at(FIXTURE_DATA(fault) *self, __u32 bus)
{
	struct trap *trap = bus - self->trap.bus < TRAP_SIZE ? &self->trap :
							       &self->outside;

	return trap->mem + (bus - trap->bus);
}

/*
 * The device is told to send what is at @bus, where the trap has a frame: the
 * other device would see it.
 */
static void blocked_read(struct __test_metadata *_metadata,
			 FIXTURE_DATA(fault) *self, __u32 bus,
			 struct expected e)
{
	struct nic *to = &self->wire.nic[!self->n];

	frame_fill(memory_at(self, bus), FRAME_LEN, to->dev->mac,
		   self->nic->dev->mac, ~0u);
	e.dma = self->tx_dma;
	e.end = bus + FRAME_LEN;
	ASSERT_EQ(0, etsec_send(&self->nic->etsec, bus, FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(self->nic));
	EXPECT_TRUE(etsec_tx_halted(&self->nic->etsec));
	EXPECT_FALSE(etsec_sent(&self->nic->etsec));
	expect_fault(_metadata, self->nic, e);
	EXPECT_EQ(0, works(self));
	trap_set(&self->trap);
	trap_set(&self->outside);
}

/* The device is told to receive a frame into @bus, and gets one. */
static void blocked_write(struct __test_metadata *_metadata,
			  FIXTURE_DATA(fault) *self, __u32 bus,
			  struct expected e)
{
	struct nic *nic = self->nic, *from = &self->wire.nic[!self->n];
	uint8_t frame[FRAME_LEN];

	frame_fill(frame, FRAME_LEN, nic->dev->mac, from->dev->mac, ~0u);
	e.dma = self->rx_dma;
	e.end = bus + ON_BUS;
	nic_set_rings(nic, &nic->tx, &nic->rx);
	ASSERT_EQ(0, etsec_give(&nic->etsec, bus));
	etsec_start(&nic->etsec);
	ASSERT_EQ(0, nic_send(from, frame, FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	EXPECT_TRUE(etsec_rx_halted(&nic->etsec));
	EXPECT_EQ(-EAGAIN, etsec_received(&nic->etsec));
	expect_fault(_metadata, nic, e);
	EXPECT_EQ(0, works(self));
}

#define BLOCKED_READ(_bus, ...)						\
	blocked_read(_metadata, self, _bus, (struct expected) { __VA_ARGS__ })
#define BLOCKED_WRITE(_bus, ...)					\
	blocked_write(_metadata, self, _bus, (struct expected) { __VA_ARGS__ })

/* At @bus and behind it there is nothing. */
static void blocked_both_ways(struct __test_metadata *_metadata,
			      FIXTURE_DATA(fault) *self, __u32 bus, __u32 fault)
{
	BLOCKED_READ(bus, .fault = fault, .first = bus);
	EXPECT_TRUE(nothing_changed(self));
	BLOCKED_WRITE(bus, .fault = fault, .first = bus);
	EXPECT_TRUE(nothing_changed(self));
}

TEST_F(fault, outside_the_geometry)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, up(self, DMA_RW));
	blocked_both_ways(_metadata, self, self->outside.bus,
			  SOCASSIGN_FAULT_OUTSIDE);
	blocked_both_ways(_metadata, self, self->outside.bus + MIB + 4,
			  SOCASSIGN_FAULT_OUTSIDE);
}

TEST_F(fault, between_windows)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, up(self, DMA_RW));
	blocked_both_ways(_metadata, self, self->trap.bus + GAP,
			  SOCASSIGN_FAULT_OUTSIDE);
	blocked_both_ways(_metadata, self, self->trap.bus + SPARE - ON_BUS,
			  SOCASSIGN_FAULT_OUTSIDE);
}

/* In the subwindow of a window, behind its end: the first, and another. */
TEST_F(fault, in_the_trimmed_part)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, up(self, DMA_RW));
	blocked_both_ways(_metadata, self,
			  self->trap.bus + RINGS + 2 * WIRE_AREA,
			  SOCASSIGN_FAULT_OUTSIDE);
	blocked_both_ways(_metadata, self, self->trap.bus + SPARE + WINDOW,
			  SOCASSIGN_FAULT_OUTSIDE);
	blocked_both_ways(_metadata, self, self->trap.bus + LAST - ON_BUS,
			  SOCASSIGN_FAULT_OUTSIDE);
}

/*
 * Begins in the window and ends behind it.  What is in the window may have
 * been read or written before the device came to the edge.
 */
TEST_F(fault, across_the_end)
{
	SKIP_IF(self->skip);
	const __u32 edge = self->trap.bus + SPARE + WINDOW;
	char *behind = self->wire.mem + SPARE_MEM + WINDOW;
	size_t size = LAST_MEM - SPARE_MEM - WINDOW;

	ASSERT_EQ(0, up(self, DMA_RW));
	BLOCKED_READ(edge - BURST, .fault = SOCASSIGN_FAULT_OUTSIDE,
		     .first = edge);
	pattern_fill(behind, size, 1);
	BLOCKED_WRITE(edge - BURST, .fault = SOCASSIGN_FAULT_OUTSIDE,
		      .first = edge);
	EXPECT_TRUE(trap_unchanged(&self->trap));
	EXPECT_EQ(size, pattern_changed(behind, size, 1));
}

/* Begins before the window and ends in it. */
TEST_F(fault, across_the_start)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + SPARE - BURST;

	ASSERT_EQ(0, up(self, DMA_RW));
	BLOCKED_READ(bus, .fault = SOCASSIGN_FAULT_OUTSIDE, .first = bus);
	BLOCKED_WRITE(bus, .fault = SOCASSIGN_FAULT_OUTSIDE, .first = bus);
	EXPECT_TRUE(trap_unchanged(&self->trap));
}

TEST_F(fault, read_only_window)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + SPARE;

	ASSERT_EQ(0, up(self, SOCASSIGN_DMA_READ));
	BLOCKED_WRITE(bus, .fault = SOCASSIGN_FAULT_PERMISSION, .first = bus);
	BLOCKED_WRITE(bus + WINDOW - ON_BUS,
		      .fault = SOCASSIGN_FAULT_PERMISSION,
		      .first = bus + WINDOW - ON_BUS);
	EXPECT_TRUE(nothing_changed(self));
}

TEST_F(fault, write_only_window)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + SPARE;

	ASSERT_EQ(0, up(self, SOCASSIGN_DMA_WRITE));
	BLOCKED_READ(bus, .fault = SOCASSIGN_FAULT_PERMISSION, .first = bus);
	EXPECT_TRUE(nothing_changed(self));
}

/* A window that was open for both, and is not any more. */
TEST_F(fault, permission_taken_away)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + SPARE;

	ASSERT_EQ(0, up(self, DMA_RW));
	ASSERT_EQ(0, map(&self->wire, self->n, bus, SPARE_MEM, WINDOW,
			 SOCASSIGN_DMA_READ | SOCASSIGN_DMA_REPLACE));
	BLOCKED_WRITE(bus, .fault = SOCASSIGN_FAULT_PERMISSION, .first = bus);
	EXPECT_TRUE(nothing_changed(self));
}

TEST_F(fault, unmapped)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + SPARE;

	ASSERT_EQ(0, up(self, DMA_RW));
	ASSERT_EQ(0, soc_dma_unmap(self->nic->fd, self->tx_dma, bus, WINDOW));
	if (self->rx_dma != self->tx_dma)
		ASSERT_EQ(0, soc_dma_unmap(self->nic->fd, self->rx_dma, bus,
					   WINDOW));
	blocked_both_ways(_metadata, self, bus, SOCASSIGN_FAULT_OUTSIDE);
}

/* The descriptors are memory, too: a ring that is nowhere. */
TEST_F(fault, rings_outside)
{
	SKIP_IF(self->skip);
	struct nic *nic = self->nic;
	const __u32 bus = self->trap.bus + GAP;
	struct nic_mem tx, rx;

	ASSERT_EQ(0, up(self, DMA_RW));
	tx = nic->tx;
	rx = nic->rx;
	etsec_stop(&nic->etsec);
	etsec_set_tx_ring(&nic->etsec, tx.cpu, bus, NIC_RING);
	etsec_start(&nic->etsec);
	ASSERT_EQ(0, etsec_send(&nic->etsec, tx.bus + NIC_BUFFERS, FRAME_MIN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = self->tx_dma, .fault = SOCASSIGN_FAULT_OUTSIDE,
		.first = bus, .end = bus + sizeof(struct etsec_bd),
	});
	EXPECT_EQ(0, works(self));

	nic_set_rings(nic, &tx, &rx);
	etsec_set_rx_ring(&nic->etsec, rx.cpu, bus, NIC_RING);
	etsec_start(&nic->etsec);
	ASSERT_EQ(0, nic_send(&self->wire.nic[!self->n],
			      memory_at(self, bus), FRAME_MIN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = self->rx_dma, .fault = SOCASSIGN_FAULT_OUTSIDE,
		.first = bus, .end = bus + sizeof(struct etsec_bd),
	});
	EXPECT_TRUE(nothing_changed(self));
	EXPECT_EQ(0, works(self));
}

/* The frame is sent, but the device cannot say so. */
TEST_F(fault, ring_not_writable)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + SPARE;
	struct nic *nic = self->nic;
	char *ring = self->wire.mem + SPARE_MEM;

	ASSERT_EQ(0, up(self, SOCASSIGN_DMA_READ));
	etsec_stop(&nic->etsec);
	etsec_set_tx_ring(&nic->etsec, ring, bus, NIC_RING);
	etsec_start(&nic->etsec);
	ASSERT_EQ(0, etsec_send(&nic->etsec, nic->tx.bus + NIC_BUFFERS,
				FRAME_MIN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = self->tx_dma, .fault = SOCASSIGN_FAULT_PERMISSION,
		.first = bus, .end = bus + sizeof(struct etsec_bd),
	});
	EXPECT_FALSE(etsec_sent(&nic->etsec));
}

/* What was refused is done when it is permitted, if the device is told so. */
TEST_F(fault, retried_when_permitted)
{
	SKIP_IF(self->skip);
	const __u32 bus = self->trap.bus + GAP;
	struct nic *nic = self->nic, *to = &self->wire.nic[!self->n];
	char *mem = self->wire.mem + SPARE_MEM;

	ASSERT_EQ(0, up(self, DMA_RW));
	frame_fill(mem, FRAME_LEN, to->dev->mac, nic->dev->mac, 77);
	ASSERT_EQ(0, etsec_send(&nic->etsec, bus, FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	ASSERT_EQ(0, map(&self->wire, self->n, bus, SPARE_MEM, WINDOW, DMA_RW));
	etsec_retry_tx(&nic->etsec);
	EXPECT_EQ(0, nic_wait_sent(nic));
	EXPECT_EQ(0, nic_expect(to, 77, FRAME_LEN));
}

/* Closed: everything is refused, the device's own rings first. */
static void expect_closed(struct __test_metadata *_metadata,
			  FIXTURE_DATA(fault) *self)
{
	struct nic *nic = self->nic, *from = &self->wire.nic[!self->n];
	uint8_t frame[FRAME_LEN];

	pattern_fill(self->wire.mem + SPARE_MEM, WINDOW, 5);
	nic_set_rings(nic, &nic->tx, &nic->rx);
	ASSERT_EQ(0, etsec_give(&nic->etsec, self->trap.bus + SPARE));
	etsec_start(&nic->etsec);
	ASSERT_EQ(0, etsec_send(&nic->etsec, self->trap.bus + SPARE,
				FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = self->tx_dma, .fault = SOCASSIGN_FAULT_DISABLED,
		.first = nic->tx.bus,
		.end = nic->tx.bus + sizeof(struct etsec_bd),
	});
	frame_fill(frame, FRAME_LEN, nic->dev->mac, from->dev->mac, ~0u);
	ASSERT_EQ(0, nic_send(from, frame, FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = self->rx_dma, .fault = SOCASSIGN_FAULT_DISABLED,
		.first = nic->rx.bus,
		.end = nic->rx.bus + sizeof(struct etsec_bd),
	});
	EXPECT_EQ(WINDOW, pattern_changed(self->wire.mem + SPARE_MEM, WINDOW,
					  5));
	EXPECT_TRUE(trap_unchanged(&self->trap));
	EXPECT_TRUE(trap_unchanged(&self->outside));
}

TEST_F(fault, never_enabled)
{
	SKIP_IF(self->skip);
	self->nic->tx = (struct nic_mem) { self->wire.mem, self->trap.bus };
	self->nic->rx = (struct nic_mem) { self->wire.mem + WIRE_AREA,
					   self->trap.bus + WIRE_AREA };
	expect_closed(_metadata, self);
}

TEST_F(fault, disabled)
{
	SKIP_IF(self->skip);
	int fd = self->nic->fd;

	ASSERT_EQ(0, up(self, DMA_RW));
	ASSERT_EQ(0, wire_exchange(&self->wire));
	ASSERT_EQ(0, soc_dma_disable(fd, self->tx_dma));
	ASSERT_EQ(0, soc_dma_disable(fd, self->rx_dma));
	expect_closed(_metadata, self);
	/* Again, and open again. */
	ASSERT_EQ(0, soc_dma_disable(fd, self->tx_dma));
	expect_closed(_metadata, self);
	ASSERT_EQ(0, enable(&self->wire, self->n));
	EXPECT_EQ(0, works(self));
}

/* Reporting */

/* One refused access. */
static int provoke(FIXTURE_DATA(fault) *self)
{
	int ret = etsec_send(&self->nic->etsec, self->trap.bus + GAP,
			     FRAME_MIN);

	if (!ret)
		ret = nic_wait_bus_error(self->nic);
	start(&self->wire, self->n, self->trap.bus);
	return ret;
}

TEST_F(fault, wakes_a_sleeper)
{
	SKIP_IF(self->skip);
	struct pollfd pfd = { .fd = self->nic->fd, .events = POLLIN };

	ASSERT_EQ(0, up(self, DMA_RW));
	for (int i = 0; i < 5; i++) {
		struct socassign_get_event ev;

		EXPECT_EQ(0, poll(&pfd, 1, SETTLE_MS));
		ASSERT_EQ(0, provoke(self));
		ASSERT_EQ(1, poll(&pfd, 1, LONG_MS));
		EXPECT_EQ(POLLIN, pfd.revents);
		EXPECT_EQ(0, soc_get_event(self->nic->fd, &ev));
		EXPECT_EQ(-EAGAIN, soc_get_event(self->nic->fd, &ev));
	}
}

TEST_F(fault, only_the_owner_hears)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;

	ASSERT_EQ(0, up(self, DMA_RW));
	ASSERT_EQ(0, provoke(self));
	EXPECT_EQ(-EAGAIN, soc_next_event(self->wire.nic[!self->n].fd, &ev,
					  SETTLE_MS));
	EXPECT_EQ(0, soc_next_event(self->nic->fd, &ev, LONG_MS));
}

/* Nobody reads the events: the last one says that there were more. */
TEST_F_TIMEOUT(fault, storm, 60)
{
	SKIP_IF(self->skip);
	struct socassign_get_event ev;
	int events = 0;
	__u32 flags = 0;

	ASSERT_EQ(0, up(self, DMA_RW));
	/* A PAMU records one at a time, and is asked now and then. */
	for (int i = 0; i < 4 * QUEUE_LEN; i++) {
		ASSERT_EQ(0, provoke(self));
		usleep(20000);
	}
	while (!soc_get_event(self->nic->fd, &ev)) {
		events++;
		EXPECT_EQ(SOCASSIGN_EVENT_DMA_FAULT, ev.out_type);
		EXPECT_EQ(0, flags);
		flags = ev.out_flags;
	}
	EXPECT_EQ(QUEUE_LEN, events);
	EXPECT_EQ(SOCASSIGN_EVENT_OVERFLOW, flags);
	EXPECT_EQ(0, works(self));
	ASSERT_EQ(0, provoke(self));
	ASSERT_EQ(0, soc_next_event(self->nic->fd, &ev, LONG_MS));
	EXPECT_EQ(0, ev.out_flags);
}

/* One device is refused again and again, the other one's traffic goes on. */
TEST_F_TIMEOUT(fault, the_other_goes_on, 60)
{
	SKIP_IF(self->skip);
	struct nic *other = &self->wire.nic[!self->n];

	ASSERT_EQ(0, up(self, DMA_RW));
	for (int i = 0; i < 20; i++) {
		ASSERT_EQ(0, provoke(self));
		ASSERT_EQ(0, nic_ping_gateway(other, 0x0a000220));
	}
	EXPECT_TRUE(nothing_changed(self));
	EXPECT_EQ(0, works(self));
}

/* What a device may read by one identity, it cannot write to by the other. */
FIXTURE(identities) {
	const char *skip;
	struct wire wire;
};

FIXTURE_SETUP(identities)
{
	self->skip = wire_missing();
	if (self->skip)
		return;
	ASSERT_EQ(0, wire_open(&self->wire));
	ASSERT_EQ(0, wire_up(&self->wire));
}

FIXTURE_TEARDOWN(identities)
{
	if (!self->skip)
		wire_close(&self->wire);
}

TEST_F(identities, send_window_does_not_receive)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[1];
	const __u32 bus = nic->tx.bus + NIC_BUFFERS;
	char *mem = (char *)nic->tx.cpu + NIC_BUFFERS;
	size_t size = WIRE_AREA - NIC_BUFFERS;
	uint8_t frame[FRAME_LEN];

	pattern_fill(mem, size, 3);
	nic_set_rings(nic, &nic->tx, &nic->rx);
	ASSERT_EQ(0, etsec_give(&nic->etsec, bus));
	etsec_start(&nic->etsec);
	frame_fill(frame, FRAME_LEN, nic->dev->mac, nic_devs[0].mac, 1);
	ASSERT_EQ(0, nic_send(&self->wire.nic[0], frame, FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = nic->dev->rx_dma, .fault = SOCASSIGN_FAULT_OUTSIDE,
		.first = bus, .end = bus + ON_BUS,
	});
	EXPECT_EQ(size, pattern_changed(mem, size, 3));
	EXPECT_TRUE(wire_rest_unchanged(&self->wire));
	wire_start(&self->wire, 1);
	EXPECT_EQ(0, wire_exchange(&self->wire));
}

TEST_F(identities, receive_window_does_not_send)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[1];
	const __u32 bus = nic->rx.bus + NIC_BUFFERS;

	ASSERT_EQ(0, etsec_send(&nic->etsec, bus, FRAME_LEN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = nic->dev->tx_dma, .fault = SOCASSIGN_FAULT_OUTSIDE,
		.first = bus, .end = bus + FRAME_LEN,
	});
	wire_start(&self->wire, 1);
	EXPECT_EQ(0, wire_exchange(&self->wire));
}

/* Each is switched by itself. */
TEST_F(identities, only_receiving_disabled)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[1];
	uint8_t frame[FRAME_MIN];

	ASSERT_EQ(0, soc_dma_disable(nic->fd, nic->dev->rx_dma));
	ASSERT_EQ(0, wire_transfer(&self->wire, 1, FRAME_MIN));
	frame_fill(frame, FRAME_MIN, nic->dev->mac, nic_devs[0].mac, 1);
	ASSERT_EQ(0, nic_send(&self->wire.nic[0], frame, FRAME_MIN));
	ASSERT_EQ(0, nic_wait_bus_error(nic));
	expect_fault(_metadata, nic, (struct expected) {
		.dma = nic->dev->rx_dma, .fault = SOCASSIGN_FAULT_DISABLED,
		.first = nic->rx.bus, .end = nic->rx.bus + NIC_BUFFERS,
	});
	ASSERT_EQ(0, wire_transfer(&self->wire, 1, FRAME_MIN));
	ASSERT_EQ(0, soc_dma_enable(nic->fd, nic->dev->rx_dma));
	wire_start(&self->wire, 1);
	EXPECT_EQ(0, wire_exchange(&self->wire));
}

TEST_HARNESS_MAIN
