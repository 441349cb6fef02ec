// SPDX-License-Identifier: GPL-2.0
/*
 * sender COMMAND...: runs QEMU, with a peer on file descriptor 3 that sends frames to
 * everybody for ever, whatever becomes of the machine (-netdev socket,fd=3).
 */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/frame.h"

#define QEMU_FD		3
#define PERIOD_US	100000

/* As QEMU has it on a stream: the length first. */
struct message {
	uint32_t length;
	uint8_t frame[FRAME_MIN];
};

/* What the machine sends is nothing to us, but must not block it. */
static void discard(int fd)
{
	char buf[4096];

	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

/* Until QEMU is gone. */
static void send_for_ever(int fd)
{
	static const uint8_t all[MAC_LEN] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t me[MAC_LEN] = { 0x52, 0x54, 0, 0x12, 0x34, 0x60 };
	struct message message = { .length = htobe32(FRAME_MIN) };

	for (uint32_t serial = 0;; serial++) {
		frame_fill(message.frame, FRAME_MIN, all, me, serial);
		if (send(fd, &message, sizeof(message), MSG_NOSIGNAL) < 0)
			return;
		discard(fd);
		usleep(PERIOD_US);
	}
}

int main(int argc, char **argv)
{
	int pair[2];

	if (argc < 2 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) {
		fprintf(stderr, "usage: sender COMMAND...\n");
		return 2;
	}
	switch (fork()) {
	case -1:
		return 1;
	case 0:
		close(pair[1]);
		send_for_ever(pair[0]);
		return 0;
	}
	close(pair[0]);
	if (dup2(pair[1], QEMU_FD) < 0)
		return 1;
	execvp(argv[1], argv + 1);
	fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
	return 127;
}
