/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test may count on: the boards, their devices, and the nodes that
 * vm/dts adds to their trees ("extra nodes", the same on all boards).
 */
#ifndef _SELFTESTS_SOCASSIGN_BOARD_H
#define _SELFTESTS_SOCASSIGN_BOARD_H

#include <stdbool.h>

struct board {
	const char *name;
	const char *bus;	/* what the extra nodes are on */
	const char *device;	/* a device that a driver of the host's has */
	const char *driver;	/* that driver */
	const char *irqchip;	/* the interrupt controller */
	const char *second;	/* another device that the host has */
	const char *gpio;	/* a GPIO controller, bound to the host */
	const char *pci;	/* an extra PCI host bridge */
	const char *overlap;	/* an extra node on top of memory */
};

/* The board we run on, or NULL. */
const struct board *board_get(void);

/* End the program with SKIP; unless it can test anything at all. */
void board_skip(const char *reason);
void board_require(void);

/* The path of an extra node; valid for the next 15 calls. */
const char *board_extra(const char *node);

/* Why not on this board, if it is none of "make check-debug"; else NULL. */
const char *board_no_debug(void);

/* Of the kernel: that of a program of 32 bits may have 64. */
bool board_is_64bit(void);

/* Does its driver of the SMMUv3 tell anybody of faults?  Until 6.9. */
bool board_smmu_tells(void);
/* From 6.9 on it aborts what is blocked, of which the hardware has no event. */
bool board_smmu_tells_while_blocked(void);

/* Why the kernel's own huge pages must not be asked for, or NULL. */
const char *board_no_huge_pages(void);

/* Number of open file descriptors of this process. */
int board_count_fds(void);

/* Read /sys/module/socassign/parameters/<name>; write it. */
bool board_param_is(const char *name, const char *value);
int board_set_param(const char *name, const char *value);

#endif
