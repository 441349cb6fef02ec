// SPDX-License-Identifier: GPL-2.0
/*
 * One thread has the device raise its interrupt, reads the event, takes the
 * cause away and unmasks.  The interrupt comes before the next instruction:
 * there is one CPU.
 */
#include <time.h>

#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	2000
#define APART	500	/* rounds where the machine idles in between */

static struct {
	struct costs irq, event, unmask, cycle;
} costs;

typedef int (*unmask_fn)(struct owned *owned);

static void once(struct owned *owned, unmask_fn unmask)
{
	const struct level_dev *level = owned->target->level;
	uint64_t t[5];

	t[0] = ticks();
	level->raise(owned->map);
	t[1] = ticks();
	peer_event(owned);
	t[2] = ticks();
	level->lower(owned->map);
	t[3] = ticks();
	must(unmask(owned), "unmask");
	t[4] = ticks();
	costs_add(&costs.irq, t[0], t[1]);
	costs_add(&costs.event, t[0], t[2]);
	costs_add(&costs.unmask, t[3], t[4]);
	costs_add(&costs.cycle, t[0], t[4]);
}

static void loop(struct owned *owned, unmask_fn unmask, unsigned int rounds,
		 long apart)
{
	const struct timespec pause = { .tv_nsec = apart };

	costs_init(&costs.irq);
	costs_init(&costs.event);
	costs_init(&costs.unmask);
	costs_init(&costs.cycle);
	for (unsigned int i = 0; i < rounds; i++) {
		if (apart)
			nanosleep(&pause, NULL);
		once(owned, unmask);
	}
}

static void by_eventfd(struct owned *owned)
{
	const struct peer *peer = owned->peer;

	loop(owned, peer->unmask, ROUNDS, 0);
	costs_report(&costs.event, "S raise to event", peer->name);
	costs_report(&costs.cycle, "S cycle", peer->name);
	costs_report(&costs.irq, "S interrupt", peer->name);
	costs_report(&costs.unmask, "S unmask", peer->name);
	loop(owned, peer->unmask, ROUNDS, 0);
	costs_report(&costs.cycle, "S cycle, again", peer->name);
	loop(owned, peer->unmask, APART, 1000000);
	costs_report(&costs.event, "S raise to event, 1 ms apart", peer->name);
	costs_report(&costs.cycle, "S cycle, 1 ms apart", peer->name);
}

static void by_ioctl(struct owned *owned)
{
	const struct peer *peer = owned->peer;

	loop(owned, peer->unmask_ioctl, ROUNDS, 0);
	costs_report(&costs.unmask, "S unmask by ioctl", peer->name);
	costs_report(&costs.cycle, "S cycle, unmask by ioctl", peer->name);
}

void measure_alone(const struct peer *peer, const struct target *target)
{
	struct owned owned;

	peer_open(peer, target, &owned);
	peer_map(&owned);
	target->level->init(owned.map);
	peer_connect(&owned);
	by_eventfd(&owned);
	if (peer->unmask_ioctl)
		by_ioctl(&owned);
	peer_close(&owned);
}
