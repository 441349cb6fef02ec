// SPDX-License-Identifier: GPL-2.0
#include "costs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bench/measure.h"

/* Ticks in a second, of 1e9 instructions. */
static uint64_t frequency(void)
{
	unsigned long long hz = 0;

#if defined(__aarch64__)
	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
#else
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	while (file && !hz && fgets(line, sizeof(line), file))
		sscanf(line, "timebase : %llu", &hz);
	if (file)
		fclose(file);
#endif
	must(hz ? 0 : -ENODEV, "how fast the counter is");
	return hz;
}

/* What reading the counter adds, in ticks. */
static long overhead(void)
{
	long least = -1;

	for (int i = 0; i < 100; i++) {
		uint64_t from = ticks();
		long cost = ticks() - from;

		if (least < 0 || cost < least)
			least = cost;
	}
	return least;
}

void costs_init(struct costs *costs)
{
	costs->num = 0;
}

void costs_add(struct costs *costs, uint64_t from, uint64_t to)
{
	if (costs->num < MAX_COSTS)
		costs->ticks[costs->num++] = to - from;
}

/* In instructions; no floating point, which e500v2 has in no usual form. */
static long quantile(const struct costs *costs, unsigned int percent)
{
	long value = costs->ticks[(costs->num - 1) * percent / 100];

	return (value - overhead()) * 1000000000ll / (int64_t)frequency() /
	       (costs->times ? costs->times : 1);
}

void costs_report(struct costs *costs, const char *what, const char *peer)
{
	if (!costs->num)
		return;
	qsort(costs->ticks, costs->num, sizeof(costs->ticks[0]),
	      compare_longs);
	printf("cost|%s|%s|%ld|%ld|%ld|%ld|%u\n", what, peer,
	       quantile(costs, 50), quantile(costs, 10),
	       quantile(costs, 90), quantile(costs, 100), costs->num);
}

void report_average(const char *what, const char *peer, unsigned long sum,
		    unsigned long num)
{
	printf("value|%s|%s|%lu.%03lu\n", what, peer, sum / num,
	       sum % num * 1000 / num);
}
