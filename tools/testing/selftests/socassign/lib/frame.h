/* SPDX-License-Identifier: GPL-2.0 */
/* Ethernet frames to send, and to recognize among those that arrive. */
#ifndef _SELFTESTS_SOCASSIGN_FRAME_H
#define _SELFTESTS_SOCASSIGN_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MIN	60
#define FRAME_MAX	1514
#define MAC_LEN		6

/* Somebody on the network: who is asked, who asks. */
struct peer {
	uint8_t mac[MAC_LEN];
	uint32_t ip;
};

/* The gateway of QEMU's user network answers ARP requests and pings. */
#define FRAME_GATEWAY_IP	0x0a000202	/* 10.0.2.2 */

/*
 * A frame of our own kind, filled with what follows from @serial.  @len counts
 * from the first byte of the destination address on.
 */
void frame_fill(void *buf, size_t len, const uint8_t *to, const uint8_t *from,
		uint32_t serial);
bool frame_is_ours(const void *buf, size_t len);
bool frame_is(const void *buf, size_t len, uint32_t serial);

/* "Who has @ip?"; its answer, whose sender is then @answer->mac. */
size_t frame_arp(void *buf, const struct peer *me, uint32_t ip);
bool frame_is_arp_reply(const void *buf, size_t len, const struct peer *me,
			struct peer *answer);

/* ICMP echo request, with a payload made from @serial; its answer. */
size_t frame_ping(void *buf, const struct peer *me, const struct peer *to,
		  uint16_t serial);
bool frame_is_pong(const void *buf, size_t len, const struct peer *me,
		   const struct peer *from, uint16_t serial);

#endif
