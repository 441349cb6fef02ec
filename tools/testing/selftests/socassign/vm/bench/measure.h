/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What something costs, in instructions of the guest: under QEMU's
 * -icount shift=0 the guest's clocks advance by 1 ns with each of them.
 */
#ifndef _SOCASSIGN_BENCH_MEASURE_H
#define _SOCASSIGN_BENCH_MEASURE_H

#include <stdbool.h>

/**
 * struct cost - Medians, without what the measuring costs
 * @instructions: Of the calling thread, in the kernel as well
 * @wait: Nanoseconds in which it did not run: asleep, mostly
 */
struct cost {
	long instructions;
	long wait;
};

/* 0 or a negative errno. */
typedef int (*step)(void *arg);

/**
 * struct job - Something to measure
 * @what: For the table
 * @before: What has to be done before each time, not measured; or NULL
 * @run: What is measured
 * @after: To undo it, not measured; or NULL
 * @times: Run so often in one measurement, for what is short; 0 is once
 * @rounds: Number of measurements; 0 is many
 */
struct job {
	const char *what;
	step before;
	step run;
	step after;
	unsigned int times;
	unsigned int rounds;
};

/* End the program if @ret is an errno; else it is the result. */
int must(int ret, const char *what);

/* For qsort() */
int compare_longs(const void *a, const void *b);

/* Each measure() is a row of the table. */
void table_begin(void);
struct cost measure(const struct job *job, void *arg);
void table_end(void);

/* What we say of the driver, and whether it is so; told after the table. */
void promise(bool kept, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void promise_same(const char *what, struct cost a, struct cost b);
bool promises_kept(void);

#endif
