// SPDX-License-Identifier: GPL-2.0
/*
 * One thread has the device raise its interrupt; another, which sleeps in read()
 * and comes first, is woken, takes the cause away and unmasks.
 */
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	2000
#define APART	500

static struct {
	struct costs woken, cycle;
} costs;

static uint64_t woken, unmasked;
static bool end;

static void *serve(void *arg)
{
	struct owned *owned = arg;

	while (!end) {
		peer_event(owned);
		woken = ticks();
		owned->target->level->lower(owned->map);
		must(owned->peer->unmask(owned), "unmask");
		unmasked = ticks();
	}
	return NULL;
}

/* The thread is in its read() when this returns: it comes first. */
static pthread_t start(struct owned *owned)
{
	const struct sched_param param = { .sched_priority = 50 };
	pthread_attr_t attr;
	pthread_t thread;

	end = false;
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	must(-pthread_create(&thread, &attr, serve, owned), "a thread");
	pthread_attr_destroy(&attr);
	return thread;
}

/* It is back in its read() when raise() returns. */
static void once(struct owned *owned)
{
	uint64_t from = ticks();

	owned->target->level->raise(owned->map);
	costs_add(&costs.woken, from, woken);
	costs_add(&costs.cycle, from, unmasked);
}

static void loop(struct owned *owned, unsigned int rounds, long apart)
{
	const struct timespec pause = { .tv_nsec = apart };

	costs_init(&costs.woken);
	costs_init(&costs.cycle);
	for (unsigned int i = 0; i < rounds; i++) {
		if (apart)
			nanosleep(&pause, NULL);
		once(owned);
	}
}

static void stop(struct owned *owned, pthread_t thread)
{
	end = true;
	owned->target->level->raise(owned->map);
	pthread_join(thread, NULL);
}

void measure_sleeper(const struct peer *peer, const struct target *target)
{
	struct owned owned;
	pthread_t thread;

	peer_open(peer, target, &owned);
	peer_map(&owned);
	target->level->init(owned.map);
	peer_connect(&owned);
	thread = start(&owned);
	loop(&owned, ROUNDS, 0);
	costs_report(&costs.woken, "B raise to woken", peer->name);
	costs_report(&costs.cycle, "B cycle", peer->name);
	loop(&owned, APART, 1000000);
	costs_report(&costs.cycle, "B cycle, 1 ms apart", peer->name);
	stop(&owned, thread);
	peer_close(&owned);
}
