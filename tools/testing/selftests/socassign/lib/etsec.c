// SPDX-License-Identifier: GPL-2.0
#include "etsec.h"

#include <endian.h>
#include <errno.h>
#include <unistd.h>

#include "limit.h"

#define ECNTRL		0x020
#define DMACTRL		0x02c
#define TSTAT		0x104
#define TQUEUE		0x114
#define TBDBPH		0x180
#define TBASEH		0x200
#define TBASE0		0x204
#define RCTRL		0x300
#define RSTAT		0x304
#define RQUEUE		0x314
#define MRBLR		0x340
#define RBDBPH		0x380
#define RBASEH		0x400
#define RBASE0		0x404
#define MACCFG1		ETSEC_MACCFG1
#define MACCFG2		0x504
#define MAXFRM		0x510
#define MACSTNADDR1	0x540
#define MACSTNADDR2	0x544

#define ECNTRL_STEN	0x00001000	/* as the host's driver leaves it */

#define DMACTRL_SNOOP	0x000000c0	/* data and descriptors */
#define DMACTRL_GRS	0x00000010	/* graceful stop, receive */
#define DMACTRL_GTS	0x00000008	/* graceful stop, transmit */
#define DMACTRL_WWR	0x00000002	/* an interrupt waits for the write */
#define DMACTRL_WOP	0x00000001	/* wait, do not poll descriptors */
#define DMACTRL_RUN	(DMACTRL_SNOOP | DMACTRL_WWR | DMACTRL_WOP)

#define TSTAT_THLT0	0x80000000
#define RSTAT_QHLT0	0x00800000
#define TQUEUE_EN0	0x00008000
#define RQUEUE_EN0	0x00000080

#define MACCFG1_RESET	0x80000000
#define MACCFG1_RX_EN	0x00000004
#define MACCFG1_TX_EN	0x00000001
#define MACCFG2_INIT	0x00007205	/* GMII, full duplex, pad, checksum */

/* Both kinds of descriptors */
#define BD_OWNED	0x8000		/* ready to send; empty to receive */
#define BD_WRAP		0x2000
#define BD_INTERRUPT	0x1000
#define BD_LAST		0x0800
#define BD_TX_CRC	0x0400
#define BD_TX_PAD	0x4000
/* Large, not octets, short, wrong checksum, overrun, truncated */
#define BD_RX_DAMAGED	0x003f

static uint32_t get(const struct etsec *etsec, unsigned int reg)
{
	uint32_t value = be32toh(etsec->regs[reg / 4]);

	__sync_synchronize();
	return value;
}

static void put(struct etsec *etsec, unsigned int reg, uint32_t value)
{
	__sync_synchronize();
	etsec->regs[reg / 4] = htobe32(value);
	__sync_synchronize();
}

/* It stops as it is told to, or, in the middle of a frame, never. */
#define STOP_MS		1000

static bool stopped(const struct etsec *etsec)
{
	const uint32_t both = ETSEC_GRSC | ETSEC_GTSC;

	return (get(etsec, ETSEC_IEVENT) & both) == both;
}

int etsec_stop(struct etsec *etsec)
{
	bool has_stopped;

	put(etsec, ETSEC_IEVENT, ETSEC_GRSC | ETSEC_GTSC);
	put(etsec, DMACTRL, DMACTRL_RUN | DMACTRL_GRS | DMACTRL_GTS);
	has_stopped = wait_ms(STOP_MS, stopped(etsec));
	put(etsec, TQUEUE, 0);
	put(etsec, RQUEUE, 0);
	put(etsec, MACCFG1, 0);
	put(etsec, ETSEC_IEVENT, ETSEC_GRSC | ETSEC_GTSC);
	return has_stopped ? 0 : -ETIMEDOUT;
}

void etsec_error_up(struct etsec *etsec)
{
	put(etsec, ETSEC_IMASK, ETSEC_GTSC);
	put(etsec, DMACTRL, DMACTRL_GTS);
}

void etsec_error_down(struct etsec *etsec)
{
	put(etsec, DMACTRL, 0);
	put(etsec, ETSEC_IEVENT, ETSEC_GTSC);
}

/* The manual wants 3 clocks of the transmitter between the two. */
static void reset_mac(struct etsec *etsec)
{
	put(etsec, MACCFG1, MACCFG1_RESET);
	usleep(10);
	put(etsec, MACCFG1, 0);
}

/* The last byte comes first. */
static void set_mac(struct etsec *etsec, const uint8_t mac[6])
{
	put(etsec, MACSTNADDR1, (uint32_t)mac[5] << 24 | mac[4] << 16 |
				mac[3] << 8 | mac[2]);
	put(etsec, MACSTNADDR2, (uint32_t)mac[1] << 24 | mac[0] << 16);
}

void etsec_init(struct etsec *etsec, volatile void *regs,
		const uint8_t mac[6])
{
	*etsec = (struct etsec) { .regs = regs };
	put(etsec, ETSEC_IMASK, 0);
	etsec_stop(etsec);
	reset_mac(etsec);
	put(etsec, MACCFG2, MACCFG2_INIT);
	put(etsec, ECNTRL, ECNTRL_STEN);
	put(etsec, RCTRL, 0);
	put(etsec, MRBLR, ETSEC_BUFFER);
	put(etsec, MAXFRM, ETSEC_BUFFER);
	put(etsec, TBDBPH, 0);
	put(etsec, TBASEH, 0);
	put(etsec, RBDBPH, 0);
	put(etsec, RBASEH, 0);
	set_mac(etsec, mac);
	put(etsec, ETSEC_IEVENT, ~0u);
}

static void set_ring(struct etsec_ring *ring, void *cpu, uint32_t address,
		     unsigned int count)
{
	*ring = (struct etsec_ring) {
		.bd = cpu, .address = address, .count = count,
	};
	for (unsigned int i = 0; i < count; i++)
		ring->bd[i] = (struct etsec_bd) {};
}

void etsec_set_tx_ring(struct etsec *etsec, void *cpu, uint32_t address,
		       unsigned int count)
{
	set_ring(&etsec->tx, cpu, address, count);
	put(etsec, TBASE0, address);
}

void etsec_set_rx_ring(struct etsec *etsec, void *cpu, uint32_t address,
		       unsigned int count)
{
	set_ring(&etsec->rx, cpu, address, count);
	put(etsec, RBASE0, address);
}

static volatile struct etsec_bd *bd_at(const struct etsec_ring *ring,
				       unsigned int n)
{
	return &ring->bd[n % ring->count];
}

static bool owned(const struct etsec_ring *ring, unsigned int n)
{
	bool ret = be16toh(bd_at(ring, n)->status) & BD_OWNED;

	/* What the device wrote before it let go of the descriptor. */
	__sync_synchronize();
	return ret;
}

static int push(struct etsec_ring *ring, uint32_t address, uint16_t length,
		uint16_t status)
{
	volatile struct etsec_bd *bd = bd_at(ring, ring->head);

	if (ring->head - ring->tail == ring->count)
		return -ENOBUFS;
	if (bd == &ring->bd[ring->count - 1])
		status |= BD_WRAP;
	bd->address = htobe32(address);
	bd->length = htobe16(length);
	__sync_synchronize();
	bd->status = htobe16(status | BD_OWNED | BD_INTERRUPT);
	ring->head++;
	return 0;
}

void etsec_start(struct etsec *etsec)
{
	put(etsec, RSTAT, RSTAT_QHLT0);
	put(etsec, TQUEUE, TQUEUE_EN0);
	put(etsec, RQUEUE, RQUEUE_EN0);
	put(etsec, DMACTRL, DMACTRL_RUN);
	put(etsec, MACCFG1, MACCFG1_RX_EN | MACCFG1_TX_EN);
}

void etsec_poll(struct etsec *etsec)
{
	put(etsec, DMACTRL, DMACTRL_RUN & ~DMACTRL_WOP);
}

bool etsec_tx_halted(const struct etsec *etsec)
{
	return get(etsec, TSTAT) & TSTAT_THLT0;
}

bool etsec_rx_halted(const struct etsec *etsec)
{
	return get(etsec, RSTAT) & RSTAT_QHLT0;
}

void etsec_retry_tx(struct etsec *etsec)
{
	put(etsec, TSTAT, TSTAT_THLT0);
}

static void retry_rx(struct etsec *etsec)
{
	put(etsec, RSTAT, RSTAT_QHLT0);
}

static int send(struct etsec *etsec, uint32_t address, uint16_t length,
		uint16_t status)
{
	int ret = push(&etsec->tx, address, length,
		       status | BD_TX_PAD | BD_TX_CRC);

	if (!ret)
		etsec_retry_tx(etsec);
	return ret;
}

int etsec_send(struct etsec *etsec, uint32_t address, uint16_t length)
{
	return send(etsec, address, length, BD_LAST);
}

int etsec_send_part(struct etsec *etsec, uint32_t address, uint16_t length)
{
	return send(etsec, address, length, 0);
}

bool etsec_sent(struct etsec *etsec)
{
	struct etsec_ring *tx = &etsec->tx;

	if (tx->tail == tx->head || owned(tx, tx->tail))
		return false;
	tx->tail++;
	return true;
}

int etsec_give(struct etsec *etsec, uint32_t address)
{
	int ret = push(&etsec->rx, address, 0, 0);

	if (!ret && etsec_rx_halted(etsec))
		retry_rx(etsec);
	return ret;
}

int etsec_received(struct etsec *etsec)
{
	struct etsec_ring *rx = &etsec->rx;
	volatile struct etsec_bd *bd = bd_at(rx, rx->tail);

	if (rx->tail == rx->head || owned(rx, rx->tail))
		return -EAGAIN;
	rx->tail++;
	if (be16toh(bd->status) & BD_RX_DAMAGED)
		return -EIO;
	return be16toh(bd->length) - ETSEC_FCS;
}

uint32_t etsec_events(struct etsec *etsec)
{
	uint32_t events = get(etsec, ETSEC_IEVENT);

	put(etsec, ETSEC_IEVENT, events);
	return events;
}

void etsec_enable(struct etsec *etsec, uint32_t events)
{
	put(etsec, ETSEC_IMASK, events);
}
