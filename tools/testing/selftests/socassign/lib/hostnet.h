/* SPDX-License-Identifier: GPL-2.0 */
/* A network interface of the host's, and a ping through it. */
#ifndef _SELFTESTS_SOCASSIGN_HOSTNET_H
#define _SELFTESTS_SOCASSIGN_HOSTNET_H

#include <linux/types.h>

struct hostnet {
	char name[16];
	int socket;		/* sees every frame of the interface */
};

/*
 * The interface that the host's driver made of the device of @node: wait for
 * it, and switch it on; 0 or a negative errno.
 */
int hostnet_open(struct hostnet *net, const char *node);
/* Switch it off; without, it stays on. */
void hostnet_down(struct hostnet *net);
void hostnet_close(struct hostnet *net);

/* ARP and ICMP with the gateway, as @ip; 0 or a negative errno. */
int hostnet_ping_gateway(struct hostnet *net, __u32 ip);

/* All of it, and the interface is off again: does the host's driver work? */
int hostnet_works(const char *node, __u32 ip);

#endif
