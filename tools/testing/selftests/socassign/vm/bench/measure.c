// SPDX-License-Identifier: GPL-2.0
#include "measure.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MANY		101
#define WARM_UP		3
#define RULE		"==================================================  ============  ========\n"
#define ROW		"%-50s  %12s  %8s\n"

int must(int ret, const char *what)
{
	if (ret >= 0)
		return ret;
	printf("bench: %s: %s\n", what, strerror(-ret));
	exit(1);
}

/* Measuring */

static int64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static void do_step(const struct job *job, step todo, void *arg)
{
	if (todo)
		must(todo(arg), job->what);
}

static struct cost measure_once(const struct job *job, void *arg)
{
	int64_t elapsed, used;
	int ret = 0;

	elapsed = now(CLOCK_MONOTONIC);
	used = now(CLOCK_THREAD_CPUTIME_ID);
	for (unsigned int i = 0; i < job->times && ret >= 0; i++)
		ret = job->run(arg);
	used = now(CLOCK_THREAD_CPUTIME_ID) - used;
	elapsed = now(CLOCK_MONOTONIC) - elapsed;
	must(ret, job->what);
	return (struct cost) { .instructions = used, .wait = elapsed - used };
}

int compare_longs(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static long median(long *values, unsigned int num)
{
	qsort(values, num, sizeof(*values), compare_longs);
	return values[num / 2];
}

static struct cost measure_gross(const struct job *job, void *arg)
{
	long instructions[MANY], wait[MANY];

	for (unsigned int i = 0; i < job->rounds + WARM_UP; i++) {
		unsigned int n = i % job->rounds;
		struct cost cost;

		do_step(job, job->before, arg);
		cost = measure_once(job, arg);
		do_step(job, job->after, arg);
		instructions[n] = cost.instructions;
		wait[n] = cost.wait;
	}
	return (struct cost) {
		.instructions = median(instructions, job->rounds),
		.wait = median(wait, job->rounds),
	};
}

static int nothing(void *arg)
{
	return 0;
}

static struct cost measure_net(const struct job *job, void *arg)
{
	const struct job empty = {
		.what = "nothing", .run = nothing, .times = job->times,
		.rounds = MANY,
	};
	struct cost none = measure_gross(&empty, NULL);
	struct cost cost = measure_gross(job, arg);

	return (struct cost) {
		.instructions = (cost.instructions - none.instructions) /
				(long)job->times,
		.wait = (cost.wait - none.wait) / (long)job->times,
	};
}

/* The table */

void table_begin(void)
{
	printf(RULE ROW RULE, "what", "instructions", "wait, us");
}

void table_end(void)
{
	printf(RULE);
}

struct cost measure(const struct job *job, void *arg)
{
	struct job whole = *job;
	char instructions[24], wait[24];
	struct cost cost;

	whole.times = job->times ? job->times : 1;
	whole.rounds = job->rounds ? job->rounds : MANY;
	cost = measure_net(&whole, arg);
	snprintf(instructions, sizeof(instructions), "%ld", cost.instructions);
	snprintf(wait, sizeof(wait), "%ld", cost.wait / 1000);
	printf(ROW, job->what, instructions, wait);
	return cost;
}
