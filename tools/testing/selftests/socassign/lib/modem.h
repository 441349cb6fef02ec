/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A null modem (vm/boards): one end is a UART that a guest may have, the other
 * one is here.
 */
#ifndef _SELFTESTS_SOCASSIGN_MODEM_H
#define _SELFTESTS_SOCASSIGN_MODEM_H

#include <linux/types.h>
#include "hostnet.h"

struct modem {
	int fd;			/* to read and write */
	struct hostnet net;
};

#define MODEM_NONE	(struct modem) { .fd = -1, .net = { .socket = -1 } }

/* The node of the UART, or NULL if the board has none. */
const char *modem_uart(void);
/* The flags of a claim of it. */
__u32 modem_flags(void);

/* 0 or a negative errno. */
int modem_open(struct modem *modem);
void modem_close(struct modem *modem);

#endif
