/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What something costs, in instructions of the guest: under QEMU's
 * -icount shift=0 the machine's counter advances by 1 ns with each of them.
 *
 * A row is a line "cost|what|peer|median|10 %|90 %|most|times"; table.awk
 * makes the table.
 */
#ifndef _SOCASSIGN_PEERS_COSTS_H
#define _SOCASSIGN_PEERS_COSTS_H

#include <stdint.h>

#define MAX_COSTS	2000

/**
 * struct costs - Of one thing, measured many times
 * @num: How often it was measured
 * @times: How often it was done in each measurement, for what is short; 0 is
 *	once
 * @ticks: Each measurement
 */
struct costs {
	unsigned int num;
	unsigned int times;
	long ticks[MAX_COSTS];
};

/*
 * The machine's counter, in order with what is before and behind.  Power's is
 * read by mfspr: e500v2 has no mftb.
 */
static inline uint64_t ticks(void)
{
#if defined(__aarch64__)
	uint64_t value;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) :: "memory");
	return value;
#elif defined(__powerpc__)
	uint32_t high, low, again;

	do {
		__asm__ volatile("mfspr %0, 269; mfspr %1, 268; mfspr %2, 269" :
				 "=&r"(high), "=&r"(low), "=r"(again) ::
				 "memory");
	} while (high != again);
	return (uint64_t)high << 32 | low;
#else
#error "no counter is known for this machine"
#endif
}

void costs_init(struct costs *costs);
void costs_add(struct costs *costs, uint64_t from, uint64_t to);
void costs_report(struct costs *costs, const char *what, const char *peer);

/* A row that is not in instructions. */
void report_average(const char *what, const char *peer, unsigned long sum,
		    unsigned long num);

#endif
