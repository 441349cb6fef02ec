// SPDX-License-Identifier: GPL-2.0
/*
 * On arm64 this end is a serial port on PCI.  The Power boards' machine has none
 * to spare, but a network: it is a TCP connection to where QEMU forwards it.
 */
#include "modem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/socassign.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "board.h"
#include "limit.h"
#include "nic.h"

#define PORT		"/dev/ttyS1"
#define OUR_IP		"10.0.2.16"
#define MODEM_IP	"10.0.2.100"
#define MODEM_PORT	4600

static bool is_power(void)
{
	return !strcmp(board_get()->name, "ppce500");
}

const char *modem_uart(void)
{
	if (is_power())
		return nics_exist() ? "/soc@fe0000000/serial@4600" : NULL;
	return "/pl011@9000000";
}

__u32 modem_flags(void)
{
	return is_power() ? SOCASSIGN_DETACH : 0;
}

static int open_port(struct modem *modem)
{
	struct termios raw;

	modem->fd = open(PORT, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (modem->fd < 0 || tcgetattr(modem->fd, &raw))
		return -errno;
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL;
	return tcsetattr(modem->fd, TCSAFLUSH, &raw) ? -errno : 0;
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

static int call_over_network(struct modem *modem)
{
	const long long end = limit_now() + LONG_MS;
	int ret = hostnet_open(&modem->net, nic_devs[1].node);

	if (!ret)
		ret = set_ip(modem, OUR_IP);
	if (!ret)
		ret = call(modem);
	/* The first ones are lost while the link comes up. */
	while (ret == -EHOSTUNREACH && limit_now() < end) {
		close(modem->fd);
		ret = call(modem);
	}
	return ret;
}

int modem_open(struct modem *modem)
{
	int ret;

	*modem = MODEM_NONE;
	ret = is_power() ? call_over_network(modem) : open_port(modem);
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
