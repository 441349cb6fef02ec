// SPDX-License-Identifier: GPL-2.0
/*
 * Another kernel takes over while a claimed bus master receives what a peer sends
 * for ever: it leaves the memory of the next kernel alone.
 *
 * The program runs once in each of them.  What the device knows stays good in the
 * next one: its window is at addresses that the memory has, the kernel lets through
 * what it knows nothing of, the host has no driver that would stop the device
 * (vm/kexec.sh), and it has descriptors for a long time.  So if it were at work
 * still, the memory would change.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "lib/claim.h"
#include "lib/devtree.h"
#include "lib/dma.h"
#include "lib/next_kernel.h"
#include "lib/nic.h"
#include "lib/partition.h"

/* At the beginning of a partition: a ring, and the one buffer of it. */
#define WINDOW		0x100000
#define RING		(WINDOW / 2 / sizeof(struct etsec_bd))
#define BUFFER		(WINDOW / 2)

/* What the second device has, of another partition. */
#define OTHER_SIZE	0x10000
#define OTHER_RX	(OTHER_SIZE / 2)

#define FRAMES		20	/* that show that the peer is at it */

static const char *missing(void)
{
	if (!next_kernel_exists() && !next_kernel_runs())
		return "this board has no next kernel (BOARD=e500v2-kexec has)";
	return partition_node("partition") && partition_node("small") &&
	       nics_exist() ? NULL : NO_BENCH;
}

FIXTURE(kexec) {
	const char *skip;
	struct partition part;
	struct nic nic;
};

FIXTURE_SETUP(kexec)
{
	self->nic = NIC_CLOSED;
	self->part = (struct partition) { .fd = -1 };
	self->skip = missing();
}

FIXTURE_TEARDOWN(kexec)
{
	if (self->skip)
		return;
	nic_close(&self->nic);
	partition_close(&self->part);
}

/* The address of a partition; 0 if it has none. */
static __u32 address_of(const char *node)
{
	struct dt_span span;

	dt_load();
	return dt_reg(dt_find(node), 0, &span) ? span.cpu : 0;
}

/* A window onto the partition, at the address that the memory has. */
static int give_window(FIXTURE_DATA(kexec) *self, __u32 dma, __u32 bus,
		       __u32 length)
{
	struct socassign_dma_map map = {
		.index = dma, .flags = DMA_RW, .memory_fd = self->part.fd,
		.iova = bus, .length = length,
	};
	int ret = soc_dma_map(self->nic.fd, &map);

	return ret ? ret : soc_dma_enable(self->nic.fd, dma);
}

/* Descriptors that are enough without anybody to renew them. */
static void receive_for_long(FIXTURE_DATA(kexec) *self, __u32 bus)
{
	struct etsec *etsec = &self->nic.etsec;

	etsec_set_rx_ring(etsec, self->part.mem, bus, RING);
	while (!etsec_give(etsec, bus + BUFFER))
		;
	etsec_start(etsec);
}

/* The device has written that one. */
static bool is_used(const char *mem, unsigned int n)
{
	const volatile struct etsec_bd *ring = (const void *)mem;

	return ring[n].length;
}

static void start_next(struct __test_metadata *_metadata,
		       FIXTURE_DATA(kexec) *self)
{
	const char *node = partition_node("partition");
	__u32 bus = address_of(node);

	ASSERT_EQ(0, next_kernel_load());
	ASSERT_EQ(0, partition_claim(&self->part, node, 0));
	ASSERT_EQ(0, nic_open(&self->nic, &nic_devs[0], SOCASSIGN_DETACH));
	ASSERT_EQ(0, give_window(self, 0, bus, WINDOW));
	receive_for_long(self, bus);
	ASSERT_TRUE(wait_until(is_used(self->part.mem, FRAMES)));
	/* The device is ours, and at work, until the kernel takes it away. */
	ASSERT_EQ(0, next_kernel_start());
}

/* By a device that is another's, on the same wire. */
static void expect_frames(struct __test_metadata *_metadata,
			  FIXTURE_DATA(kexec) *self)
{
	const char *node = partition_node("small");
	__u32 bus = address_of(node);
	uint8_t frame[ETSEC_BUFFER];
	struct nic_mem tx, rx;
	int len;

	ASSERT_EQ(0, partition_claim(&self->part, node, 0));
	tx = (struct nic_mem) { self->part.mem, bus };
	rx = (struct nic_mem) { self->part.mem + OTHER_RX, bus + OTHER_RX };
	ASSERT_EQ(0, nic_open(&self->nic, &nic_devs[1], SOCASSIGN_DETACH));
	ASSERT_EQ(0, give_window(self, nic_devs[1].tx_dma, bus, OTHER_SIZE));
	ASSERT_EQ(0, give_window(self, nic_devs[1].rx_dma, bus, OTHER_SIZE));
	nic_start(&self->nic, &tx, &rx);
	for (int i = 0; i < FRAMES;) {
		len = nic_receive(&self->nic, frame);
		ASSERT_LT(0, len);
		i += frame_is_ours(frame, len);
	}
}

static void check_next(struct __test_metadata *_metadata,
		       FIXTURE_DATA(kexec) *self)
{
	/* As nobody's: the driver would zero it for an owner. */
	const char *mem = physical_memory(address_of(partition_node("partition")),
					  WINDOW);
	char *before = malloc(WINDOW);

	ASSERT_TRUE(mem && before);
	memcpy(before, mem, WINDOW);
	/* It is the memory that the device was at work in, and could be still. */
	EXPECT_TRUE(is_used(before, FRAMES));
	EXPECT_FALSE(is_used(before, RING - 1));
	expect_frames(_metadata, self);
	EXPECT_EQ(0, memcmp(before, mem, WINDOW));
	free(before);
}

TEST_F(kexec, memory_of_the_next_kernel)
{
	SKIP_IF(self->skip);
	if (next_kernel_runs())
		check_next(_metadata, self);
	else
		start_next(_metadata, self);
}

TEST_HARNESS_MAIN
