// SPDX-License-Identifier: GPL-2.0
#include "demo.h"

#include <arpa/inet.h>
#include <endian.h>
#include <net/ethernet.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static void show_ip(const void *ip)
{
	char text[INET_ADDRSTRLEN];

	printf("%s", inet_ntop(AF_INET, ip, text, sizeof(text)));
}

static void show_arp(const struct ether_arp *arp)
{
	if (be16toh(arp->ea_hdr.ar_op) == ARPOP_REQUEST) {
		printf("ARP, who has ");
		show_ip(arp->arp_tpa);
		printf("? tell ");
		show_ip(arp->arp_spa);
		return;
	}
	printf("ARP, ");
	show_ip(arp->arp_spa);
	printf(" is at");
	for (int i = 0; i < ETH_ALEN; i++)
		printf("%c%02x", i ? ':' : ' ', arp->arp_sha[i]);
}

/* Its IP header has no options. */
static void show_icmp(const uint8_t *packet)
{
	printf("ICMP echo %s, ",
	       packet[sizeof(struct iphdr)] == ICMP_ECHO ? "request" : "reply");
	show_ip(packet + offsetof(struct iphdr, saddr));
	printf(" to ");
	show_ip(packet + offsetof(struct iphdr, daddr));
}

void show_frame(const void *frame)
{
	const struct ether_header *eth = frame;
	const void *packet = eth + 1;

	if (be16toh(eth->ether_type) == ETHERTYPE_ARP)
		show_arp(packet);
	else
		show_icmp(packet);
}
