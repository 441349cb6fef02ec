// SPDX-License-Identifier: GPL-2.0
#include "nic.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench.h"
#include "limit.h"

#define FOREIGN		100	/* frames of others, until ours comes */
#define EVENTS		(ETSEC_TXF | ETSEC_RXF | ETSEC_EBERR | ETSEC_BSY)

const struct nic_dev nic_devs[2] = {
	{
		.node = "/platform@f00000000/ethernet@0",
		.driver = "fsl-gianfar",
		.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
	}, {
		.node = "/platform@f00000000/ethernet@1000",
		.driver = "fsl-gianfar",
		.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x57 },
		.rx_dma = 1,
	},
};

const struct nic_dev nic_unstoppable = {
	.node = "/platform@f00000000/ethernet@2000",
	.driver = "",
	.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x58 },
};

bool nics_exist(void)
{
	return node_exists("/platform@f00000000/ethernet@0/fsl,liodn") &&
	       node_exists("/platform@f00000000/ethernet@1000/fsl,liodn");
}

static int attach_line(struct nic *nic, int line)
{
	struct socassign_irq irq = {};
	int ret;

	nic->trigger[line] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	nic->resample[line] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = soc_irq(nic->fd, line, &irq);
	/* An edge masks nothing. */
	if (!ret && irq.out_flags & SOCASSIGN_IRQ_LEVEL)
		ret = soc_set_resample(nic->fd, line, nic->resample[line]);
	return ret ? ret : soc_set_trigger(nic->fd, line, nic->trigger[line]);
}

/* The registers are in the queue group, which comes along. */
static int attach(struct nic *nic)
{
	int ret = soc_region(nic->fd, 0, &nic->region);

	if (ret)
		return ret;
	nic->regs = soc_map(nic->fd, &nic->region);
	if (!nic->regs)
		return -errno;
	etsec_init(&nic->etsec, nic->regs, nic->dev->mac);
	for (int line = 0; !ret && line < NIC_LINES; line++)
		ret = attach_line(nic, line);
	etsec_enable(&nic->etsec, EVENTS);
	return ret;
}

int nic_open(struct nic *nic, const struct nic_dev *dev, __u32 flags)
{
	int ret;

	*nic = NIC_CLOSED;
	nic->dev = dev;
	nic->fd = soc_claim(dev->node, SOCASSIGN_SUBTREE | flags);
	if (nic->fd < 0)
		return nic->fd;
	ret = attach(nic);
	if (ret)
		nic_close(nic);
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void nic_abandon(struct nic *nic)
{
	if (nic->regs)
		soc_unmap(nic->regs, &nic->region);
	nic->regs = NULL;
	close_fd(&nic->fd);
	for (int line = 0; line < NIC_LINES; line++) {
		close_fd(&nic->trigger[line]);
		close_fd(&nic->resample[line]);
	}
}

void nic_close(struct nic *nic)
{
	if (nic->regs)
		etsec_init(&nic->etsec, nic->regs, nic->dev->mac);
	nic_abandon(nic);
}

void nic_set_rings(struct nic *nic, const struct nic_mem *tx,
		   const struct nic_mem *rx)
{
	etsec_stop(&nic->etsec);
	nic->tx = *tx;
	nic->rx = *rx;
	etsec_set_tx_ring(&nic->etsec, tx->cpu, tx->bus, NIC_RING);
	etsec_set_rx_ring(&nic->etsec, rx->cpu, rx->bus, NIC_RING);
	etsec_events(&nic->etsec);
	nic->events = 0;
}

/* The buffer of a descriptor, in an area. */
static size_t buffer_of(unsigned int n)
{
	return NIC_BUFFERS + n % NIC_RING * NIC_BUFFER;
}

static void give_all(struct nic *nic)
{
	struct etsec_ring *rx = &nic->etsec.rx;

	while (!etsec_give(&nic->etsec, nic->rx.bus + buffer_of(rx->head)))
		;
}

void nic_start(struct nic *nic, const struct nic_mem *tx,
	       const struct nic_mem *rx)
{
	nic_set_rings(nic, tx, rx);
	give_all(nic);
	etsec_start(&nic->etsec);
}

/* Take the cause of an interrupt away, then its mask. */
static void acknowledge(struct nic *nic)
{
	const uint64_t one = 1;

	nic->events |= etsec_events(&nic->etsec);
	for (int line = 0; line < NIC_LINES; line++)
		if (soc_wait(nic->trigger[line], 0) &&
		    write(nic->resample[line], &one, sizeof(one)) < 0)
			nic->events = 0;
}

static bool interrupted(struct nic *nic)
{
	struct pollfd pfd[NIC_LINES];

	for (int line = 0; line < NIC_LINES; line++)
		pfd[line] = (struct pollfd) {
			.fd = nic->trigger[line], .events = POLLIN,
		};
	if (poll(pfd, NIC_LINES, LONG_MS) <= 0)
		return false;
	acknowledge(nic);
	return true;
}

static bool bus_error(struct nic *nic)
{
	bool ret = nic->events & ETSEC_EBERR;

	nic->events &= ~ETSEC_EBERR;
	return ret;
}

int nic_wait_bus_error(struct nic *nic)
{
	while (!bus_error(nic))
		if (!interrupted(nic))
			return -ETIMEDOUT;
	return 0;
}

int nic_wait_sent(struct nic *nic)
{
	while (!etsec_sent(&nic->etsec)) {
		if (bus_error(nic))
			return -EIO;
		if (!interrupted(nic))
			return -ETIMEDOUT;
	}
	return 0;
}

int nic_wait_received(struct nic *nic)
{
	for (;;) {
		int ret = etsec_received(&nic->etsec);

		if (ret != -EAGAIN)
			return ret;
		if (bus_error(nic))
			return -EIO;
		if (!interrupted(nic))
			return -ETIMEDOUT;
	}
}

int nic_send(struct nic *nic, const void *frame, size_t len)
{
	size_t buffer = buffer_of(nic->etsec.tx.head);
	int ret;

	memcpy((char *)nic->tx.cpu + buffer, frame, len);
	ret = etsec_send(&nic->etsec, nic->tx.bus + buffer, len);
	return ret ? ret : nic_wait_sent(nic);
}

int nic_receive(struct nic *nic, void *frame)
{
	size_t buffer = buffer_of(nic->etsec.rx.tail);
	int len = nic_wait_received(nic);

	if (len < 0)
		return len;
	memcpy(frame, (char *)nic->rx.cpu + buffer, len);
	give_all(nic);
	return len;
}

int nic_expect(struct nic *nic, uint32_t serial, size_t len)
{
	uint8_t frame[ETSEC_BUFFER];

	for (int i = 0; i < FOREIGN; i++) {
		int ret = nic_receive(nic, frame);

		if (ret < 0)
			return ret;
		if (frame_is_ours(frame, ret))
			return (size_t)ret == len &&
			       frame_is(frame, len, serial) ? 0 : -EBADMSG;
	}
	return -ENOMSG;
}

static int receive_arp_reply(struct nic *nic, const struct peer *me,
			     struct peer *gateway)
{
	uint8_t frame[ETSEC_BUFFER];

	for (int i = 0; i < FOREIGN; i++) {
		int ret = nic_receive(nic, frame);

		if (ret < 0)
			return ret;
		if (frame_is_arp_reply(frame, ret, me, gateway))
			return 0;
	}
	return -ENOMSG;
}

static int receive_pong(struct nic *nic, const struct peer *me,
			const struct peer *gateway, uint16_t serial)
{
	uint8_t frame[ETSEC_BUFFER];

	for (int i = 0; i < FOREIGN; i++) {
		int ret = nic_receive(nic, frame);

		if (ret < 0)
			return ret;
		if (frame_is_pong(frame, ret, me, gateway, serial))
			return 0;
	}
	return -ENOMSG;
}

int nic_ping_gateway(struct nic *nic, __u32 ip)
{
	struct peer me = { .ip = ip }, gateway;
	uint8_t frame[FRAME_MAX];
	int ret;

	memcpy(me.mac, nic->dev->mac, MAC_LEN);
	ret = nic_send(nic, frame, frame_arp(frame, &me, FRAME_GATEWAY_IP));
	if (!ret)
		ret = receive_arp_reply(nic, &me, &gateway);
	if (!ret)
		ret = nic_send(nic, frame, frame_ping(frame, &me, &gateway, 1));
	return ret ? ret : receive_pong(nic, &me, &gateway, 1);
}
