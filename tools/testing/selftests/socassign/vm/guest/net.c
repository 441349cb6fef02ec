// SPDX-License-Identifier: GPL-2.0
/*
 * An Ethernet controller, by the guest's own driver and its own IP: the gateway
 * of QEMU's user network answers.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../lib/procirq.h"
#include "guest.h"

#define ADDRESS		"10.0.2.15"
#define NETMASK		"255.255.255.0"
#define GATEWAY		"10.0.2.2"

#define TRIES		200	/* the first are lost while the link comes up */
#define ANSWER_MS	1000
#define ID		0x736f
#define MAX_SIZE	1400

struct ping {
	struct icmphdr header;
	uint8_t data[MAX_SIZE];
};

/* The first interface that is none of the kernel's own. */
static bool find_interface(char name[IFNAMSIZ])
{
	DIR *dir = opendir("/sys/class/net");
	struct dirent *entry;
	bool found = false;
	char path[300];

	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/class/net/%s/device",
			 entry->d_name);
		found = !access(path, F_OK);
		if (found)
			snprintf(name, IFNAMSIZ, "%.15s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static const char *driver(const char *name)
{
	char path[300];

	snprintf(path, sizeof(path), "/sys/class/net/%s/device", name);
	return driver_of(path);
}

/* An eTSEC has a line for what arrives; else it is one for all, by the device's name. */
static int find_line(const char *name, struct procirq *line)
{
	char path[300], device[PATH_MAX], label[64];

	snprintf(label, sizeof(label), "%s_g0_rx", name);
	if (!procirq_find(label, line))
		return 0;
	snprintf(path, sizeof(path), "/sys/class/net/%s/device", name);
	return realpath(path, device) ? procirq_find(basename(device), line) :
					-errno;
}

/* Of what arrived, since the boot. */
static unsigned long interrupts(const char *name)
{
	struct procirq line;

	return find_line(name, &line) ? 0 : procirq_total(&line);
}

static bool set_address(int fd, struct ifreq *req, unsigned long command,
			const char *text)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };

	inet_pton(AF_INET, text, &addr.sin_addr);
	memcpy(&req->ifr_addr, &addr, sizeof(addr));
	return !ioctl(fd, command, req);
}

static bool set_flag(int fd, struct ifreq *req, bool up)
{
	if (ioctl(fd, SIOCGIFFLAGS, req))
		return false;
	req->ifr_flags = up ? req->ifr_flags | IFF_UP :
			      req->ifr_flags & ~IFF_UP;
	return !ioctl(fd, SIOCSIFFLAGS, req);
}

/* Down first: whatever state the controller is in, its driver starts it anew. */
static bool bring_up(int fd, const char *name)
{
	struct ifreq req = { 0 };

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	return set_flag(fd, &req, false) &&
	       set_address(fd, &req, SIOCSIFADDR, ADDRESS) &&
	       set_address(fd, &req, SIOCSIFNETMASK, NETMASK) &&
	       set_flag(fd, &req, true);
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* @size is even. */
static size_t make_ping(struct ping *ping, uint16_t serial, size_t size)
{
	size_t len = sizeof(ping->header) + size;

	ping->header = (struct icmphdr) {
		.type = ICMP_ECHO, .un.echo.id = htons(ID),
		.un.echo.sequence = htons(serial),
	};
	for (size_t i = 0; i < size; i++)
		ping->data[i] = serial + i;
	ping->header.checksum = checksum(ping, len);
	return len;
}

/* The same bytes come back, behind an IP header. */
static bool is_answer(const uint8_t *packet, size_t packet_len,
		      const struct ping *ping, size_t len)
{
	size_t skip = (packet[0] & 0x0f) * 4;
	const struct ping *answer = (const void *)(packet + skip);

	return packet_len == skip + len &&
	       answer->header.type == ICMP_ECHOREPLY &&
	       !memcmp(&answer->header.un, &ping->header.un,
		       sizeof(ping->header.un)) &&
	       !memcmp(answer->data, ping->data, len - sizeof(ping->header));
}

static bool receive(int fd, const struct ping *ping, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint32_t packet[512];

	while (poll(&pfd, 1, ANSWER_MS) == 1) {
		ssize_t got = recv(fd, packet, sizeof(packet), 0);

		if (got < (ssize_t)sizeof(struct iphdr))
			return false;
		if (is_answer((uint8_t *)packet, got, ping, len))
			return true;
	}
	return false;
}

static bool ping(int fd, uint16_t serial, size_t size, int tries)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct ping ping;
	size_t len = make_ping(&ping, serial, size);

	inet_pton(AF_INET, GATEWAY, &to.sin_addr);
	for (int i = 0; i < tries; i++) {
		if (sendto(fd, &ping, len, 0, (struct sockaddr *)&to,
			   sizeof(to)) < 0)
			usleep(ANSWER_MS * 1000);
		else if (receive(fd, &ping, len))
			return true;
	}
	return false;
}

static void ping_all(int fd, const char *name)
{
	static const size_t sizes[] = { 56, 56, 256, 512, 1024, MAX_SIZE };
	const int num = sizeof(sizes) / sizeof(sizes[0]);
	unsigned long before = interrupts(name);
	int answers = 0;

	for (int i = 0; i < num; i++)
		answers += ping(fd, i + 1, sizes[i], i ? TRIES / 10 : TRIES);
	if (answers == num)
		step_ok("%d of %d answers by %s, interrupts %lu to %lu",
			answers, num, driver(name), before, interrupts(name));
	else
		step_failed("%d of %d answers by %s, interrupts %lu to %lu",
			    answers, num, driver(name), before,
			    interrupts(name));
}

void net_step(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	char name[IFNAMSIZ];

	if (!find_interface(name))
		step_failed("no interface");
	else if (!bring_up(fd, name))
		step_failed("%s: %s", name, strerror(errno));
	else
		ping_all(fd, name);
	close(fd);
}

void net_spin(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	char name[IFNAMSIZ];

	if (find_interface(name) && bring_up(fd, name))
		for (uint16_t i = 0;; i++)
			ping(fd, i, MAX_SIZE, 1);
	close(fd);
}
