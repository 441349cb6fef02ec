// SPDX-License-Identifier: GPL-2.0
#include "frame.h"

#include <endian.h>
#include <string.h>

#define TYPE_OURS	0x88b5	/* IEEE 802: for experiments */
#define TYPE_ARP	0x0806
#define TYPE_IP		0x0800

#define ARP_REQUEST	1
#define ARP_REPLY	2
#define PROTOCOL_ICMP	1
#define ICMP_REPLY	0
#define ICMP_REQUEST	8
#define PING_ID		0x50ca
#define PING_DATA	32

struct eth {
	uint8_t to[MAC_LEN];
	uint8_t from[MAC_LEN];
	uint16_t type;
} __attribute__((packed));

/* RFC 826, for Ethernet and IPv4. */
struct arp {
	struct eth eth;
	uint16_t hardware;
	uint16_t protocol;
	uint8_t mac_len;
	uint8_t ip_len;
	uint16_t operation;
	uint8_t sender_mac[MAC_LEN];
	uint32_t sender_ip;
	uint8_t target_mac[MAC_LEN];
	uint32_t target_ip;
} __attribute__((packed));

/* RFC 791 and 792: a header without options, an echo message. */
struct ping {
	struct eth eth;
	uint8_t version;
	uint8_t service;
	uint16_t length;
	uint16_t id;
	uint16_t fragment;
	uint8_t ttl;
	uint8_t protocol;
	uint16_t ip_checksum;
	uint32_t from;
	uint32_t to;
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
	uint16_t echo_id;
	uint16_t serial;
	uint8_t data[PING_DATA];
} __attribute__((packed));

static void fill_eth(void *buf, const uint8_t *to, const uint8_t *from,
		     uint16_t type)
{
	struct eth *eth = buf;

	memcpy(eth->to, to, MAC_LEN);
	memcpy(eth->from, from, MAC_LEN);
	eth->type = htobe16(type);
}

static uint16_t type_of(const void *buf)
{
	const struct eth *eth = buf;

	return be16toh(eth->type);
}

/* Byte @i of a payload. */
static uint8_t payload(uint32_t serial, size_t i)
{
	return i < 4 ? serial >> (24 - 8 * i) : serial * 7 + i * 31 + (i >> 8);
}

void frame_fill(void *buf, size_t len, const uint8_t *to, const uint8_t *from,
		uint32_t serial)
{
	uint8_t *bytes = buf;

	fill_eth(buf, to, from, TYPE_OURS);
	for (size_t i = sizeof(struct eth); i < len; i++)
		bytes[i] = payload(serial, i - sizeof(struct eth));
}

bool frame_is_ours(const void *buf, size_t len)
{
	return len >= FRAME_MIN && type_of(buf) == TYPE_OURS;
}

bool frame_is(const void *buf, size_t len, uint32_t serial)
{
	const uint8_t *bytes = buf;

	if (!frame_is_ours(buf, len))
		return false;
	for (size_t i = sizeof(struct eth); i < len; i++)
		if (bytes[i] != payload(serial, i - sizeof(struct eth)))
			return false;
	return true;
}

size_t frame_arp(void *buf, const struct peer *me, uint32_t ip)
{
	static const uint8_t everybody[MAC_LEN] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct arp *arp = buf;

	memset(buf, 0, FRAME_MIN);
	fill_eth(buf, everybody, me->mac, TYPE_ARP);
	arp->hardware = htobe16(1);
	arp->protocol = htobe16(TYPE_IP);
	arp->mac_len = MAC_LEN;
	arp->ip_len = sizeof(me->ip);
	arp->operation = htobe16(ARP_REQUEST);
	memcpy(arp->sender_mac, me->mac, MAC_LEN);
	arp->sender_ip = htobe32(me->ip);
	arp->target_ip = htobe32(ip);
	return FRAME_MIN;
}

bool frame_is_arp_reply(const void *buf, size_t len, const struct peer *me,
			struct peer *answer)
{
	const struct arp *arp = buf;

	if (len < sizeof(*arp) || type_of(buf) != TYPE_ARP ||
	    be16toh(arp->operation) != ARP_REPLY ||
	    be32toh(arp->target_ip) != me->ip ||
	    memcmp(arp->target_mac, me->mac, MAC_LEN))
		return false;
	memcpy(answer->mac, arp->sender_mac, MAC_LEN);
	answer->ip = be32toh(arp->sender_ip);
	return true;
}

/* RFC 1071; @len is even. */
static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htobe16(~sum);
}

#define IP_START	offsetof(struct ping, version)
#define ICMP_START	offsetof(struct ping, type)

size_t frame_ping(void *buf, const struct peer *me, const struct peer *to,
		  uint16_t serial)
{
	struct ping *ping = buf;
	uint8_t *bytes = buf;

	memset(ping, 0, sizeof(*ping));
	fill_eth(buf, to->mac, me->mac, TYPE_IP);
	ping->version = 0x45;
	ping->length = htobe16(sizeof(*ping) - IP_START);
	ping->ttl = 64;
	ping->protocol = PROTOCOL_ICMP;
	ping->from = htobe32(me->ip);
	ping->to = htobe32(to->ip);
	ping->type = ICMP_REQUEST;
	ping->echo_id = htobe16(PING_ID);
	ping->serial = htobe16(serial);
	for (size_t i = 0; i < PING_DATA; i++)
		ping->data[i] = payload(serial, i);
	ping->ip_checksum = checksum(bytes + IP_START, ICMP_START - IP_START);
	ping->checksum = checksum(bytes + ICMP_START,
				  sizeof(*ping) - ICMP_START);
	return sizeof(*ping);
}

bool frame_is_pong(const void *buf, size_t len, const struct peer *me,
		   const struct peer *from, uint16_t serial)
{
	const struct ping *ping = buf;

	if (len < sizeof(*ping) || type_of(buf) != TYPE_IP ||
	    ping->protocol != PROTOCOL_ICMP || ping->type != ICMP_REPLY ||
	    be16toh(ping->echo_id) != PING_ID ||
	    be16toh(ping->serial) != serial ||
	    be32toh(ping->from) != from->ip || be32toh(ping->to) != me->ip)
		return false;
	for (size_t i = 0; i < PING_DATA; i++)
		if (ping->data[i] != payload(serial, i))
			return false;
	return !checksum(&ping->type, sizeof(*ping) - ICMP_START);
}
