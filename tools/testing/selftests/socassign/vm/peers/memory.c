// SPDX-License-Identifier: GPL-2.0
/* A large region of registers: mapped, touched page by page, unmapped. */
#include <stdio.h>
#include <sys/mman.h>

#include "../../lib/claim.h"
#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	7

static struct {
	struct costs map, touch, unmap, prefault;
} costs;

static void touch(struct owned *owned)
{
	for (size_t at = 0; at < owned->target->length; at += PAGE)
		(void)((volatile uint8_t *)owned->map)[at];
}

static void unmap(struct owned *owned)
{
	munmap(owned->map, owned->target->length);
	owned->map = NULL;
}

static void once(struct owned *owned)
{
	uint64_t t[4];

	t[0] = ticks();
	peer_map(owned);
	t[1] = ticks();
	touch(owned);
	t[2] = ticks();
	unmap(owned);
	t[3] = ticks();
	costs_add(&costs.map, t[0], t[1]);
	costs_add(&costs.touch, t[0], t[2]);
	costs_add(&costs.unmap, t[2], t[3]);
}

static void prefault(struct owned *owned)
{
	uint64_t from;

	peer_map(owned);
	from = ticks();
	must(soc_prefault(owned->fd, owned->map, owned->target->length),
	     "PREFAULT");
	costs_add(&costs.prefault, from, ticks());
	unmap(owned);
}

static void report(struct costs *of, const char *what,
		   const struct owned *owned)
{
	char row[64];

	snprintf(row, sizeof(row), "%s %zu MiB", what,
		 owned->target->length / MIB);
	costs_report(of, row, owned->peer->name);
}

void measure_memory(const struct peer *peer, const struct target *target)
{
	bool soca = peer == &peer_soca || peer == &peer_soca_bound;
	struct owned owned;

	costs = (typeof(costs)) { 0 };
	peer_open(peer, target, &owned);
	for (int i = 0; i < ROUNDS; i++) {
		once(&owned);
		if (soca)
			prefault(&owned);
	}
	report(&costs.map, "mmap", &owned);
	report(&costs.touch, "mmap and touch", &owned);
	report(&costs.prefault, "PREFAULT", &owned);
	report(&costs.unmap, "munmap", &owned);
	peer_close(&owned);
}
