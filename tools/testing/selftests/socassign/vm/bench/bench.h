/* SPDX-License-Identifier: GPL-2.0 */
/* The benchmark's rooms, in the order in which they are called. */
#ifndef _SOCASSIGN_BENCH_BENCH_H
#define _SOCASSIGN_BENCH_BENCH_H

#include <stddef.h>

#define KIB	((size_t)1 << 10)
#define MIB	((size_t)1 << 20)
#define SMALL	(2 * MIB)
#define LARGE	(512 * MIB)

/* The one that vm/dts/bench-power.dtsi adds: LARGE bytes, aligned. */
#define PARTITION	"/reserved-memory/partition@60000000"

/* huge.c: huge pages that are LARGE bytes in a row, aligned; or NULL. */
void *huge_row(void);

/* claims.c: claiming and closing, system calls, registers */
void bench_claims(void);

/* pins.c: memory objects; a claim to make them with */
void bench_pins(int fd, void *mem);

/* windows.c: DMA windows, and the tables */
void bench_windows(int fd, void *mem);

#endif
