/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver in user space for the eTSEC, the Ethernet controller of many QorIQ
 * chips: a bus master that reads and writes where descriptors in memory tell
 * it to.  One ring to send from, one to receive into.
 *
 * Addresses are those that the device uses; the CPU's pointers to the same
 * memory are the caller's business.
 */
#ifndef _SELFTESTS_SOCASSIGN_ETSEC_H
#define _SELFTESTS_SOCASSIGN_ETSEC_H

#include <stdbool.h>
#include <stdint.h>

/* What the device reads and writes back, big-endian, 8 bytes aligned. */
struct etsec_bd {
	uint16_t status;
	uint16_t length;
	uint32_t address;
};

/*
 * Descriptors from @tail up to @head are the device's, or were and wait for
 * etsec_sent() or etsec_received().  Both count on beyond @count.
 */
struct etsec_ring {
	volatile struct etsec_bd *bd;
	uint32_t address;
	unsigned int count;
	unsigned int head;
	unsigned int tail;
};

struct etsec {
	volatile uint32_t *regs;
	struct etsec_ring tx;
	struct etsec_ring rx;
};

/* Of the receiver's: every buffer has room for this, checksum included. */
#define ETSEC_BUFFER	1536
/* The checksum that a received frame ends with. */
#define ETSEC_FCS	4

/* Registers, named as in the MPC8548E Reference Manual, chapter 14. */
#define ETSEC_IEVENT		0x010
#define ETSEC_IMASK		0x014
#define ETSEC_MACCFG1		0x500

/* IEVENT and IMASK */
#define ETSEC_BSY		0x20000000	/* a frame met no empty descriptor */
#define ETSEC_EBERR		0x10000000	/* the bus refused an access */
#define ETSEC_GTSC		0x02000000
#define ETSEC_TXF		0x00100000
#define ETSEC_GRSC		0x00000100
#define ETSEC_RXF		0x00000080

/*
 * The line for errors, up as soon as the transmitter stops, which it does at once
 * if it has nothing to do; and down again.
 */
void etsec_error_up(struct etsec *etsec);
void etsec_error_down(struct etsec *etsec);

/* Stop the device, whatever it does, and prepare it; no DMA after this. */
void etsec_init(struct etsec *etsec, volatile void *regs,
		const uint8_t mac[6]);

/* Where the rings are, empty now; the device must be stopped. */
void etsec_set_tx_ring(struct etsec *etsec, void *cpu, uint32_t address,
		       unsigned int count);
void etsec_set_rx_ring(struct etsec *etsec, void *cpu, uint32_t address,
		       unsigned int count);

/* A frame that finds no buffer is lost: etsec_give() some before. */
void etsec_start(struct etsec *etsec);
/* Look for frames to send all the time, without being told. */
void etsec_poll(struct etsec *etsec);
/* 0, or -ETIMEDOUT if it had to be cut off in the middle of something. */
int etsec_stop(struct etsec *etsec);

/* Send what is at @address: 0, or -ENOBUFS if the ring is full. */
int etsec_send(struct etsec *etsec, uint32_t address, uint16_t length);
/* The same with only the beginning of a frame: the device waits for more. */
int etsec_send_part(struct etsec *etsec, uint32_t address, uint16_t length);
/* Has the oldest frame been sent?  Then its descriptor is free again. */
bool etsec_sent(struct etsec *etsec);

/* Receive a frame into @address: 0, or -ENOBUFS if the ring is full. */
int etsec_give(struct etsec *etsec, uint32_t address);
/*
 * Has the oldest buffer been filled?  The length of the frame without its
 * checksum, -EAGAIN, or -EIO if the device says that the frame is damaged.
 */
int etsec_received(struct etsec *etsec);

/* After a bus error: try again to send what failed. */
void etsec_retry_tx(struct etsec *etsec);

/* Is it halted, for want of work or by a bus error? */
bool etsec_tx_halted(const struct etsec *etsec);
bool etsec_rx_halted(const struct etsec *etsec);

/* IEVENT, cleared by reading; IMASK. */
uint32_t etsec_events(struct etsec *etsec);
void etsec_enable(struct etsec *etsec, uint32_t events);

#endif
