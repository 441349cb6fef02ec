/* SPDX-License-Identifier: GPL-2.0 */
/* The device node of socassign_floor, see floor.c. */
#ifndef _SOCASSIGN_FLOOR_H
#define _SOCASSIGN_FLOOR_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define FLOOR_DEVICE	"/dev/socassign_floor"

/* Both are eventfds: what the interrupt signals, and what ends its mask. */
struct floor_connect {
	__s32 trigger;
	__s32 resample;
};

#define FLOOR_CONNECT	_IOW('F', 0, struct floor_connect)
#define FLOOR_UNMASK	_IO('F', 1)

#endif
