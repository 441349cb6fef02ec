/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A claimed eTSEC, driven from user space with its interrupts: what a program
 * does that has a network card of its own.  The Power boards have two, on one
 * wire with each other and with the gateway (frame.h).
 */
#ifndef _SELFTESTS_SOCASSIGN_NIC_H
#define _SELFTESTS_SOCASSIGN_NIC_H

#include "claim.h"
#include "etsec.h"
#include "frame.h"

struct nic_dev {
	const char *node;
	const char *driver;	/* of the host's */
	uint8_t mac[MAC_LEN];
	/* DMA identities: of what is sent, and of what is received */
	__u32 tx_dma;
	__u32 rx_dma;
};

/* The first has one DMA identity, the second two. */
extern const struct nic_dev nic_devs[2];

/*
 * A third one, of which the driver knows nothing: it cannot stop it when its
 * owner is gone.
 */
extern const struct nic_dev nic_unstoppable;

/* The machine has them, and with them the LIODNs that a PAMU goes by. */
bool nics_exist(void);

/* Memory, as the CPU and as the device sees it. */
struct nic_mem {
	void *cpu;
	__u32 bus;
};

/* In both areas: descriptors first, buffers behind them. */
#define NIC_RING	8
#define NIC_BUFFERS	0x1000
#define NIC_BUFFER	0x800
#define NIC_AREA	(NIC_BUFFERS + NIC_RING * NIC_BUFFER)

enum nic_line { NIC_TX, NIC_RX, NIC_ERROR, NIC_LINES };

struct nic {
	const struct nic_dev *dev;
	int fd;
	struct socassign_region region;
	volatile void *regs;
	int trigger[NIC_LINES];
	int resample[NIC_LINES];
	struct etsec etsec;
	struct nic_mem tx;
	struct nic_mem rx;
	uint32_t events;	/* of IEVENT, that nobody asked for yet */
};

/* What nic_close() can be called with. */
#define NIC_CLOSED	(struct nic) {					\
	.fd = -1, .trigger = { -1, -1, -1 }, .resample = { -1, -1, -1 },	\
}

/*
 * Claim and map the device, stop it, attach its interrupts; 0 or a negative
 * errno, then nic_close() has been called.
 */
int nic_open(struct nic *nic, const struct nic_dev *dev, __u32 flags);
/* Stop the device and give it back. */
void nic_close(struct nic *nic);
/* The same without stopping it. */
void nic_abandon(struct nic *nic);

/* Stop, and have rings there; NIC_AREA bytes each. */
void nic_set_rings(struct nic *nic, const struct nic_mem *tx,
		   const struct nic_mem *rx);
/* That, and start to receive into the buffers. */
void nic_start(struct nic *nic, const struct nic_mem *tx,
	       const struct nic_mem *rx);

/*
 * Send and receive by addresses: etsec_send() or etsec_give(), then this.  All
 * waits return -EIO after a bus error, and -ETIMEDOUT when the device does not
 * interrupt.
 */
int nic_wait_sent(struct nic *nic);
int nic_wait_received(struct nic *nic);	/* length */
int nic_wait_bus_error(struct nic *nic);	/* 0 */

/*
 * Send and receive through the buffers of the areas, after nic_start().  A
 * buffer is given back when the frame has been copied to @frame.
 */
int nic_send(struct nic *nic, const void *frame, size_t len);
int nic_receive(struct nic *nic, void *frame);

/*
 * The same: 0 if the next frame of our own kind is this one, -EBADMSG if it is
 * another, or a negative errno.
 */
int nic_expect(struct nic *nic, uint32_t serial, size_t len);

/* Ask the gateway who it is, and ping it, as @ip; 0 or a negative errno. */
int nic_ping_gateway(struct nic *nic, __u32 ip);

#endif
