// SPDX-License-Identifier: GPL-2.0
/*
 * Bus masters whose owner is gone: closed, killed or unbound in the middle of
 * traffic.  Memory does not change any more, the next owner finds nothing of
 * the last one's, and the host's driver works when it has the device back.
 *
 * As in dma_fault.c, the windows are at addresses that memory of ours has.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/hostnet.h"
#include "lib/kmsg.h"
#include "lib/owner.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"
#include "lib/trap.h"
#include "lib/wire.h"

#define IP_HOST		0x0a000230	/* 10.0.2.48 */
#define IP_OTHER	0x0a000231
#define STRAYS		20		/* frames for somebody who is gone */
#define SEED		42

/* The first device is the one that loses its owner, the second one sends. */
FIXTURE(life) {
	const char *skip;
	struct wire wire;
	struct trap trap;
	struct sysfs_device dev;
};

FIXTURE_SETUP(life)
{
	self->skip = wire_missing();
	if (self->skip)
		return;
	ASSERT_EQ(0, sysfs_find(nic_devs[0].node, &self->dev));
	ASSERT_EQ(0, wire_open(&self->wire));
	ASSERT_EQ(0, trap_open(&self->trap));
	ASSERT_EQ(0, wire_map_usual(&self->wire, 1));
	wire_start(&self->wire, 1);
}

FIXTURE_TEARDOWN(life)
{
	if (self->skip)
		return;
	wire_close(&self->wire);
	trap_close(&self->trap);
	if (sysfs_bound_to(&self->dev, ""))
		sysfs_move(&self->dev, nic_devs[0].driver);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, nic_devs[0].driver));
}

/* Both areas of the first device, seen at the trap's address. */
static int up(FIXTURE_DATA(life) *self)
{
	struct wire *w = &self->wire;
	struct nic_mem tx = { w->mem, self->trap.bus };
	struct nic_mem rx = { w->mem + WIRE_AREA, self->trap.bus + WIRE_AREA };
	int ret = wire_map(w, 0, 0, self->trap.bus, 0, 2 * WIRE_AREA, DMA_RW);

	if (!ret)
		ret = soc_dma_enable(w->nic[0].fd, 0);
	if (!ret)
		nic_start(&w->nic[0], &tx, &rx);
	return ret;
}

/*
 * Frames for the device that nobody owns: neither what was its memory nor
 * what has the same address changes.
 */
static bool stays_away(FIXTURE_DATA(life) *self)
{
	struct wire *w = &self->wire;
	uint8_t frame[FRAME_MAX];

	pattern_fill(w->mem, 2 * WIRE_AREA, SEED);
	frame_fill(frame, FRAME_MAX, nic_devs[0].mac, nic_devs[1].mac, 0);
	for (int i = 0; i < STRAYS; i++)
		if (nic_send(&w->nic[1], frame, FRAME_MAX))
			return false;
	usleep(SETTLE_MS * 1000);
	return pattern_changed(w->mem, 2 * WIRE_AREA, SEED) == 2 * WIRE_AREA &&
	       trap_unchanged(&self->trap) && wire_rest_unchanged(w);
}

/* Nothing of the last owner's: no windows, closed, no events, no interrupts. */
static void expect_fresh(struct __test_metadata *_metadata,
			 const struct nic *nic, __u32 flags)
{
	struct socassign_get_event ev;
	struct socassign_dma dma = {};

	for (int line = 0; line < NIC_LINES; line++)
		EXPECT_EQ(0, soc_wait(nic->trigger[line], 0));
	EXPECT_EQ(0, soc_dma(nic->fd, 0, &dma));
	EXPECT_EQ(flags, dma.out_flags);
	EXPECT_EQ(0, dma.out_num_windows);
	EXPECT_EQ(0, dma.out_bytes);
	EXPECT_EQ(-EAGAIN, soc_get_event(nic->fd, &ev));
}

/* The next owner has all of it. */
static void expect_next_owner(struct __test_metadata *_metadata,
			      FIXTURE_DATA(life) *self, __u32 flags)
{
	ASSERT_EQ(0, wire_open_nic(&self->wire, 0));
	expect_fresh(_metadata, &self->wire.nic[0], flags);
	ASSERT_EQ(0, up(self));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(0, wire_exchange(&self->wire));
	EXPECT_TRUE(trap_unchanged(&self->trap));
}

TEST_F(life, closed_in_traffic)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, up(self));
		ASSERT_EQ(0, wire_exchange(&self->wire));
		nic_abandon(&self->wire.nic[0]);
		EXPECT_TRUE(stays_away(self));
		expect_next_owner(_metadata, self, 0);
		nic_close(&self->wire.nic[0]);
		ASSERT_EQ(0, wire_open_nic(&self->wire, 0));
	}
}

/*
 * A guest boots again: its device is stopped and cut off from memory, and the next
 * one has the windows and eventfds that are there.
 */
TEST_F(life, reset_in_traffic)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[0];
	struct socassign_dma dma = {};
	struct nic_mem tx, rx;

	ASSERT_EQ(0, up(self));
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, wire_exchange(&self->wire));
		tx = nic->tx;
		rx = nic->rx;
		ASSERT_EQ(0, soc_reset(nic->fd));
		ASSERT_EQ(0, soc_dma(nic->fd, 0, &dma));
		EXPECT_EQ(0, dma.out_flags);
		EXPECT_EQ(1, dma.out_num_windows);
		EXPECT_TRUE(stays_away(self));
		for (int line = 0; line < NIC_LINES; line++)
			soc_wait(nic->trigger[line], 0);
		/* It is stopped, not only blocked. */
		ASSERT_EQ(0, soc_dma_enable(nic->fd, 0));
		EXPECT_TRUE(stays_away(self));
		for (int line = 0; line < NIC_LINES; line++)
			EXPECT_EQ(0, soc_wait(nic->trigger[line], 0));
		nic_start(nic, &tx, &rx);
	}
	ASSERT_EQ(0, wire_exchange(&self->wire));
}

static int send_half_a_frame(struct nic *nic)
{
	int ret = etsec_send_part(&nic->etsec, nic->tx.bus + NIC_BUFFERS,
				  FRAME_MIN);

	while (!ret && !etsec_sent(&nic->etsec))
		;
	return ret;
}

/* It does not stop when it is asked to, and no failure opens it to memory. */
TEST_F(life, reset_in_the_middle_of_a_frame)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[0];
	struct socassign_dma dma = {};

	ASSERT_EQ(0, up(self));
	ASSERT_EQ(0, wire_exchange(&self->wire));
	ASSERT_EQ(0, send_half_a_frame(nic));
	EXPECT_EQ(-EREMOTEIO, soc_reset(nic->fd));
	ASSERT_EQ(0, soc_dma(nic->fd, 0, &dma));
	EXPECT_EQ(0, dma.out_flags);
	EXPECT_TRUE(stays_away(self));
	EXPECT_EQ(0, soc_reset(nic->fd));
}

/* Another owner had to leave it at work; after a reset it is as any other. */
TEST_F(life, reset_of_a_stale_device)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[0];
	struct socassign_dma dma = {};

	ASSERT_EQ(0, up(self));
	ASSERT_EQ(0, send_half_a_frame(nic));
	nic_abandon(nic);
	nic->fd = soc_claim(nic_devs[0].node,
			    SOCASSIGN_DETACH | SOCASSIGN_SUBTREE);
	ASSERT_LE(0, nic->fd);
	ASSERT_EQ(0, soc_dma(nic->fd, 0, &dma));
	EXPECT_EQ(SOCASSIGN_DMA_STALE, dma.out_flags);
	EXPECT_EQ(0, soc_reset(nic->fd));
	ASSERT_EQ(0, soc_dma(nic->fd, 0, &dma));
	EXPECT_EQ(0, dma.out_flags);
	nic_abandon(nic);
	ASSERT_EQ(0, wire_open_nic(&self->wire, 0));
}

/* Half a frame is in the device: it does not stop when it is asked to. */
TEST_F(life, closed_in_the_middle_of_a_frame)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[0];

	ASSERT_EQ(0, up(self));
	ASSERT_EQ(0, wire_exchange(&self->wire));
	ASSERT_EQ(0, send_half_a_frame(nic));
	ASSERT_EQ(-ETIMEDOUT, etsec_stop(&nic->etsec));
	nic_abandon(nic);
	EXPECT_TRUE(stays_away(self));
	expect_next_owner(_metadata, self, SOCASSIGN_DMA_STALE);
}

/* The parent's device is not ours. */
static int begin_echo(void *arg)
{
	FIXTURE_DATA(life) *self = arg;

	nic_abandon(&self->wire.nic[1]);
	return wire_open_nic(&self->wire, 0) || up(self) ? -EIO : 0;
}

/* Answer every frame, for ever, as fast as it can. */
static void echo(void *arg)
{
	FIXTURE_DATA(life) *self = arg;
	struct nic *nic = &self->wire.nic[0];
	uint8_t frame[ETSEC_BUFFER];

	for (;;) {
		int len = nic_receive(nic, frame);

		if (len >= FRAME_MIN)
			nic_send(nic, frame, len);
	}
}

/* One frame, and its echo. */
static int hear_echo(struct nic *nic, uint32_t serial)
{
	uint8_t frame[FRAME_MAX];
	int ret;

	frame_fill(frame, FRAME_MAX, nic_devs[0].mac, nic->dev->mac, serial);
	ret = nic_send(nic, frame, FRAME_MAX);
	return ret ? ret : nic_expect(nic, serial, FRAME_MAX);
}

TEST_F_TIMEOUT(life, killed_in_traffic, 120)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	uint8_t frame[FRAME_MAX];

	nic_close(&w->nic[0]);
	frame_fill(frame, FRAME_MAX, nic_devs[0].mac, nic_devs[1].mac, 0);
	for (int i = 0; i < 5; i++) {
		pid_t pid = owner_start(begin_echo, echo, self);

		ASSERT_LT(0, pid);
		for (int j = 0; j < 10; j++)
			ASSERT_EQ(0, hear_echo(&w->nic[1], j));
		/* In the middle of it: the last ones may not be answered. */
		for (int j = 0; j < NIC_RING / 2; j++)
			ASSERT_EQ(0, nic_send(&w->nic[1], frame, FRAME_MAX));
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		EXPECT_TRUE(stays_away(self));
		/* Without the echoes that nobody has waited for. */
		wire_start(w, 1);
		expect_next_owner(_metadata, self, 0);
		nic_close(&w->nic[0]);
	}
}

/* It is taken away; the owner has an fd that is good for nothing. */
static void taken_in_traffic(struct __test_metadata *_metadata,
			     FIXTURE_DATA(life) *self, int ret)
{
	struct wire *w = &self->wire;
	struct nic *nic = &w->nic[0];
	struct socassign_get_event ev;
	struct socassign_dma dma = {};

	ASSERT_EQ(0, ret);
	EXPECT_TRUE(stays_away(self));
	EXPECT_EQ(0, soc_get_event(nic->fd, &ev));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVED, ev.out_type);
	EXPECT_EQ(-ENODEV, soc_dma(nic->fd, 0, &dma));
	EXPECT_EQ(-ENODEV, wire_map(w, 0, 0, 0, 0, WIRE_AREA, DMA_RW));
	EXPECT_EQ(-ENODEV, soc_dma_unmap_all(nic->fd, 0));
	EXPECT_EQ(-ENODEV, soc_dma_enable(nic->fd, 0));
	EXPECT_EQ(-ENODEV, soc_dma_disable(nic->fd, 0));
	EXPECT_EQ(-ENODEV, soc_memory(nic->fd, w->mem, WIRE_PAGE, 0));
	EXPECT_TRUE(stays_away(self));
	nic_abandon(nic);
	expect_next_owner(_metadata, self, 0);
	nic_close(nic);
	ASSERT_EQ(0, wire_open_nic(w, 0));
}

/* By the administrator. */
TEST_F_TIMEOUT(life, unbound_in_traffic, 60)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, up(self));
		ASSERT_EQ(0, wire_exchange(&self->wire));
		taken_in_traffic(_metadata, self, sysfs_unbind(&self->dev));
	}
}

/* As the machine goes down, when another kernel may get the memory. */
TEST_F_TIMEOUT(life, shut_down_in_traffic, 60)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, up(self));
	ASSERT_EQ(0, wire_exchange(&self->wire));
	taken_in_traffic(_metadata, self,
			 testmod_write("device_shutdown", nic_devs[0].node));
}

/* The host */

/* Its driver is bound, its interface gets answers. */
static int host_works(void)
{
	return hostnet_works(nic_devs[0].node, IP_HOST);
}

TEST_F_TIMEOUT(life, host_gets_it_back, 120)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	/* Closed as it should be, and in the middle of traffic. */
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, up(self));
		ASSERT_EQ(0, wire_exchange(w));
		if (i % 2)
			nic_abandon(&w->nic[0]);
		else
			nic_close(&w->nic[0]);
		ASSERT_TRUE(sysfs_wait_driver(&self->dev, nic_devs[0].driver));
		ASSERT_EQ(0, host_works());
		EXPECT_TRUE(trap_unchanged(&self->trap));
		ASSERT_EQ(0, wire_open_nic(w, 0));
	}
}

/* The administrator's way: to socassign, and back, by sysfs. */
TEST_F_TIMEOUT(life, handed_out_and_taken_back, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;

	nic_close(&w->nic[0]);
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, nic_devs[0].driver));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	ASSERT_EQ(0, nic_open(&w->nic[0], &nic_devs[0], 0));
	ASSERT_EQ(0, up(self));
	ASSERT_EQ(0, wire_exchange(w));
	/* While the owner still has it, and it runs. */
	ASSERT_EQ(0, sysfs_move(&self->dev, nic_devs[0].driver));
	EXPECT_EQ(0, host_works());
	EXPECT_TRUE(trap_unchanged(&self->trap));
	nic_abandon(&w->nic[0]);
	EXPECT_EQ(0, host_works());
}

/* Taken from under an interface that is in use. */
TEST_F_TIMEOUT(life, detached_while_up, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	struct hostnet net;

	nic_close(&w->nic[0]);
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, nic_devs[0].driver));
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, hostnet_open(&net, nic_devs[0].node));
		ASSERT_EQ(0, hostnet_ping_gateway(&net, IP_HOST));
		ASSERT_EQ(0, wire_open_nic(w, 0));
		hostnet_close(&net);
		ASSERT_EQ(0, up(self));
		EXPECT_EQ(0, wire_exchange(w));
		nic_close(&w->nic[0]);
		ASSERT_TRUE(sysfs_wait_driver(&self->dev, nic_devs[0].driver));
	}
	EXPECT_EQ(0, host_works());
}

/* The host's device is behind the same tables: faults of ours do not stop it. */
TEST_F_TIMEOUT(life, host_works_beside_faults, 60)
{
	SKIP_IF(self->skip);
	struct nic *nic = &self->wire.nic[1];
	struct hostnet net;

	nic_close(&self->wire.nic[0]);
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, nic_devs[0].driver));
	ASSERT_EQ(0, hostnet_open(&net, nic_devs[0].node));
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(0, etsec_send(&nic->etsec, self->trap.bus, FRAME_MIN));
		ASSERT_EQ(0, nic_wait_bus_error(nic));
		ASSERT_EQ(0, hostnet_ping_gateway(&net, IP_HOST));
		wire_start(&self->wire, 1);
		ASSERT_EQ(0, nic_ping_gateway(nic, IP_OTHER));
	}
	hostnet_down(&net);
	hostnet_close(&net);
}

/*
 * A bus master that nobody can stop: it goes on when its owner is gone, and all
 * that keeps it from memory is the IOMMU.
 */
FIXTURE(unstoppable) {
	const char *skip;
	struct wire wire;
	struct trap trap;
	struct nic nic;
	struct sysfs_device dev;
	int log;
};

FIXTURE_VARIANT(unstoppable) {
	void (*lose)(FIXTURE_DATA(unstoppable) *self);
};

static int give_window(FIXTURE_DATA(unstoppable) *self)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW, .memory_fd = self->wire.memory,
		.iova = self->trap.bus, .length = 2 * WIRE_AREA,
	};
	int ret = soc_dma_map(self->nic.fd, &map);

	return ret ? ret : soc_dma_enable(self->nic.fd, 0);
}

/* It also looks into its ring again and again. */
static int run_free(void *arg)
{
	FIXTURE_DATA(unstoppable) *self = arg;
	char *mem = self->wire.mem;
	struct nic_mem tx = { mem, self->trap.bus };
	struct nic_mem rx = { mem + WIRE_AREA, self->trap.bus + WIRE_AREA };
	int ret = nic_open(&self->nic, &nic_unstoppable, SOCASSIGN_DETACH);

	if (!ret)
		ret = give_window(self);
	if (ret)
		return ret;
	nic_start(&self->nic, &tx, &rx);
	etsec_poll(&self->nic.etsec);
	return 0;
}

static void lose_by_close(FIXTURE_DATA(unstoppable) *self)
{
	if (!run_free(self))
		nic_abandon(&self->nic);
}

static void lose_by_kill(FIXTURE_DATA(unstoppable) *self)
{
	pid_t pid = owner_start(run_free, NULL, self);

	if (pid < 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void lose_by_unbind(FIXTURE_DATA(unstoppable) *self)
{
	if (!run_free(self) && !sysfs_find(nic_unstoppable.node, &self->dev))
		sysfs_unbind(&self->dev);
}

FIXTURE_VARIANT_ADD(unstoppable, closed) { .lose = lose_by_close, };
FIXTURE_VARIANT_ADD(unstoppable, killed) { .lose = lose_by_kill, };
FIXTURE_VARIANT_ADD(unstoppable, unbound) { .lose = lose_by_unbind, };

FIXTURE_SETUP(unstoppable)
{
	self->skip = wire_missing();
	if (!self->skip && !node_exists(nic_unstoppable.node))
		self->skip = "this board has no device that cannot be stopped";
	if (self->skip)
		return;
	self->nic = NIC_CLOSED;
	self->log = kmsg_open();
	ASSERT_EQ(0, sysfs_find(nic_unstoppable.node, &self->dev));
	ASSERT_EQ(0, wire_open(&self->wire));
	ASSERT_EQ(0, trap_open(&self->trap));
	ASSERT_EQ(0, wire_map_usual(&self->wire, 1));
	wire_start(&self->wire, 1);
}

/* An owner can stop it, and then the quarantine can end. */
FIXTURE_TEARDOWN(unstoppable)
{
	if (self->skip)
		return;
	nic_abandon(&self->nic);
	EXPECT_EQ(0, nic_open(&self->nic, &nic_unstoppable, SOCASSIGN_DETACH));
	nic_close(&self->nic);
	sysfs_attr_write(&self->dev, "quarantine", "0");
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, ""));
	wire_close(&self->wire);
	trap_close(&self->trap);
	close(self->log);
}

/* Not too many lines are logged: after those of another test it takes time. */
static int logged_faults(FIXTURE_DATA(unstoppable) *self, __u32 address)
{
	char text[32];
	int count = 0;

	snprintf(text, sizeof(text), "0x%x", address);
	wait_until((count = kmsg_count(self->log, "LIODN 36", text)) != 0);
	return count;
}

TEST_F_TIMEOUT(unstoppable, stays_away, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	uint8_t frame[FRAME_MAX];

	variant->lose(self);
	pattern_fill(w->mem, 2 * WIRE_AREA, SEED);
	kmsg_count(self->log, "", "");
	frame_fill(frame, FRAME_MAX, nic_unstoppable.mac, nic_devs[1].mac, 0);
	for (int i = 0; i < STRAYS; i++) {
		ASSERT_EQ(0, nic_send(&w->nic[1], frame, FRAME_MAX));
		usleep(10000);
	}
	/* It tries, and is refused, at the ring that it looks into. */
	EXPECT_LE(1, logged_faults(self, self->trap.bus));
	EXPECT_EQ(2 * WIRE_AREA, pattern_changed(w->mem, 2 * WIRE_AREA, SEED));
	EXPECT_TRUE(trap_unchanged(&self->trap));
	EXPECT_TRUE(wire_rest_unchanged(w));
}

TEST_F_TIMEOUT(unstoppable, next_owner, 60)
{
	SKIP_IF(self->skip);
	struct wire *w = &self->wire;
	struct socassign_get_event ev;
	struct socassign_dma dma = {};
	uint8_t frame[FRAME_MAX];

	for (int i = 0; i < 3; i++) {
		variant->lose(self);
		nic_abandon(&self->nic);
	}
	/* The first thing that an owner does is to stop it. */
	ASSERT_EQ(0, nic_open(&self->nic, &nic_unstoppable, SOCASSIGN_DETACH));
	while (!soc_get_event(self->nic.fd, &ev))
		EXPECT_EQ(SOCASSIGN_FAULT_DISABLED, ev.out_fault);
	ASSERT_EQ(0, soc_dma(self->nic.fd, 0, &dma));
	EXPECT_EQ(SOCASSIGN_DMA_STALE, dma.out_flags);
	EXPECT_EQ(0, dma.out_num_windows);
	nic_close(&self->nic);
	ASSERT_EQ(0, run_free(self));
	frame_fill(frame, FRAME_MAX, nic_unstoppable.mac, nic_devs[1].mac, 5);
	ASSERT_EQ(0, nic_send(&w->nic[1], frame, FRAME_MAX));
	EXPECT_EQ(0, nic_expect(&self->nic, 5, FRAME_MAX));
	EXPECT_EQ(-EAGAIN, soc_get_event(self->nic.fd, &ev));
	EXPECT_TRUE(trap_unchanged(&self->trap));
}

TEST_HARNESS_MAIN
