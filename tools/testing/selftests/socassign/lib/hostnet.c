// SPDX-License-Identifier: GPL-2.0
#include "hostnet.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <asm/byteorder.h>

#include "frame.h"
#include "limit.h"
#include "sysfs.h"

#define ANSWER_MS	500	/* then it is asked again */
#define MAX_FRAME	1600
#define FOREIGN		100	/* frames of others, until ours comes */

/* It, or a device below it, as a virtio device is below its transport. */
static bool is_below(const char *interface, const char *device)
{
	char link[PATH_MAX], path[PATH_MAX];
	size_t len = strlen(device);

	snprintf(link, sizeof(link), "/sys/class/net/%s", interface);
	return realpath(link, path) && !strncmp(path, device, len) &&
	       path[len] == '/';
}

static int find_interface(struct hostnet *net, const char *node)
{
	char link[PATH_MAX], device[PATH_MAX];
	struct sysfs_device dev;
	struct dirent *entry;
	int ret = -ENODEV;
	DIR *dir;

	if (sysfs_find(node, &dev))
		return -ENODEV;
	snprintf(link, sizeof(link), "/sys/bus/%s/devices/%s", dev.bus,
		 dev.name);
	dir = realpath(link, device) ? opendir("/sys/class/net") : NULL;
	if (!dir)
		return -ENODEV;
	while (ret && (entry = readdir(dir))) {
		if (!is_below(entry->d_name, device))
			continue;
		snprintf(net->name, sizeof(net->name), "%.15s", entry->d_name);
		ret = 0;
	}
	closedir(dir);
	return ret;
}

static int interface_ioctl(const struct hostnet *net, unsigned long cmd,
			   struct ifreq *req)
{
	snprintf(req->ifr_name, sizeof(req->ifr_name), "%s", net->name);
	return ioctl(net->socket, cmd, req) ? -errno : 0;
}

static int set_up(const struct hostnet *net, bool up)
{
	struct ifreq req = {};
	int ret = interface_ioctl(net, SIOCGIFFLAGS, &req);

	if (ret)
		return ret;
	if (up)
		req.ifr_flags |= IFF_UP;
	else
		req.ifr_flags &= ~IFF_UP;
	return interface_ioctl(net, SIOCSIFFLAGS, &req);
}

static int listen_there(struct hostnet *net)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = __cpu_to_be16(ETH_P_ALL),
	};
	struct ifreq req = {};
	int ret = interface_ioctl(net, SIOCGIFINDEX, &req);

	if (ret)
		return ret;
	addr.sll_ifindex = req.ifr_ifindex;
	return bind(net->socket, (struct sockaddr *)&addr, sizeof(addr)) ?
	       -errno : 0;
}

int hostnet_open(struct hostnet *net, const char *node)
{
	int ret;

	*net = (struct hostnet) { .socket = -1 };
	if (!wait_until(!find_interface(net, node)))
		return -ENODEV;
	net->socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC,
			     __cpu_to_be16(ETH_P_ALL));
	if (net->socket < 0)
		return -errno;
	ret = set_up(net, true);
	if (!ret)
		ret = listen_there(net);
	if (ret)
		hostnet_close(net);
	return ret;
}

void hostnet_down(struct hostnet *net)
{
	set_up(net, false);
}

void hostnet_close(struct hostnet *net)
{
	if (net->socket >= 0)
		close(net->socket);
	net->socket = -1;
}

/* What one waits for, and what is learned from it. */
struct wanted {
	struct peer me;
	struct peer gateway;
	uint16_t serial;	/* of a pong; 0: an ARP reply */
};

static bool is_wanted(const void *frame, size_t len, struct wanted *w)
{
	if (!w->serial)
		return frame_is_arp_reply(frame, len, &w->me, &w->gateway);
	return frame_is_pong(frame, len, &w->me, &w->gateway, w->serial);
}

static bool receive(struct hostnet *net, struct wanted *w)
{
	struct pollfd pfd = { .fd = net->socket, .events = POLLIN };
	char frame[MAX_FRAME];

	for (int i = 0; i < FOREIGN && poll(&pfd, 1, ANSWER_MS) == 1; i++) {
		ssize_t len = recv(net->socket, frame, sizeof(frame), 0);

		if (len < 0 && errno != ENETDOWN)
			return false;
		if (len > 0 && is_wanted(frame, len, w))
			return true;
	}
	return false;
}

/* The first ones are lost while the link comes up. */
static int ask(struct hostnet *net, const void *frame, size_t len,
	       struct wanted *w)
{
	const long long end = limit_now() + LONG_MS;

	do {
		if (send(net->socket, frame, len, 0) < 0 && errno != ENETDOWN)
			return -errno;
		if (receive(net, w))
			return 0;
	} while (limit_now() < end);
	return -ETIMEDOUT;
}

int hostnet_ping_gateway(struct hostnet *net, __u32 ip)
{
	struct wanted w = { .me = { .ip = ip } };
	char frame[MAX_FRAME];
	struct ifreq req = {};
	int ret = interface_ioctl(net, SIOCGIFHWADDR, &req);

	if (ret)
		return ret;
	memcpy(w.me.mac, req.ifr_hwaddr.sa_data, MAC_LEN);
	ret = ask(net, frame, frame_arp(frame, &w.me, FRAME_GATEWAY_IP), &w);
	if (ret)
		return ret;
	w.serial = 1;
	return ask(net, frame, frame_ping(frame, &w.me, &w.gateway, w.serial),
		   &w);
}

int hostnet_works(const char *node, __u32 ip)
{
	struct hostnet net;
	int ret = hostnet_open(&net, node);

	if (ret)
		return ret;
	ret = hostnet_ping_gateway(&net, ip);
	hostnet_down(&net);
	hostnet_close(&net);
	return ret;
}
