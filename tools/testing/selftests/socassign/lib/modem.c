// SPDX-License-Identifier: GPL-2.0
/*
 * The Power boards' machine has no serial port to spare, but a network: this end
 * is a TCP connection to where QEMU forwards it from.
 */
#include "modem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nic.h"

#define UART		"/soc@fe0000000/serial@4600"
#define OUR_IP		"10.0.2.16"
#define MODEM_IP	"10.0.2.100"
#define MODEM_PORT	4600
#define TRIES		10	/* the first are lost while the link comes up */

const char *modem_uart(void)
{
	return nics_exist() ? UART : NULL;
}

static struct sockaddr_in address(const char *ip, uint16_t port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};

	inet_pton(AF_INET, ip, &addr.sin_addr);
	return addr;
}

static int set_ip(const struct modem *modem, const char *ip)
{
	struct sockaddr_in addr = address(ip, 0);
	struct ifreq req = {};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", modem->net.name);
	memcpy(&req.ifr_addr, &addr, sizeof(addr));
	ret = ioctl(fd, SIOCSIFADDR, &req) ? -errno : 0;
	close(fd);
	return ret;
}

static int call(struct modem *modem)
{
	const struct sockaddr_in addr = address(MODEM_IP, MODEM_PORT);
	int ret;

	modem->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (modem->fd < 0)
		return -errno;
	ret = connect(modem->fd, (const struct sockaddr *)&addr, sizeof(addr));
	return ret ? -errno : 0;
}

int modem_open(struct modem *modem)
{
	int ret;

	*modem = MODEM_NONE;
	if (!modem_uart())
		return -ENOENT;
	ret = hostnet_open(&modem->net, nic_devs[1].node);
	if (!ret)
		ret = set_ip(modem, OUR_IP);
	if (!ret)
		ret = call(modem);
	for (int i = 0; ret == -EHOSTUNREACH && i < TRIES; i++) {
		close(modem->fd);
		ret = call(modem);
	}
	if (ret)
		modem_close(modem);
	return ret;
}

void modem_close(struct modem *modem)
{
	if (modem->fd >= 0)
		close(modem->fd);
	if (modem->net.socket >= 0) {
		set_ip(modem, "0.0.0.0");
		hostnet_down(&modem->net);
		hostnet_close(&modem->net);
	}
	*modem = MODEM_NONE;
}
