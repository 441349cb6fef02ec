// SPDX-License-Identifier: GPL-2.0
/* From nothing to the first register and the interrupt, and back. */
#include <errno.h>

#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	200

static struct {
	struct costs all, open, map, load, connect, close;
} costs;

static void load(struct owned *owned)
{
	const unsigned int reg = owned->target->level->probe_reg;

	(void)*((volatile uint8_t *)owned->map + reg);
}

static void measure_once(const struct peer *peer, const struct target *target)
{
	struct owned owned;
	uint64_t t[6];

	t[0] = ticks();
	peer_open(peer, target, &owned);
	t[1] = ticks();
	peer_map(&owned);
	t[2] = ticks();
	load(&owned);
	t[3] = ticks();
	peer_connect(&owned);
	t[4] = ticks();
	peer_close(&owned);
	t[5] = ticks();
	costs_add(&costs.open, t[0], t[1]);
	costs_add(&costs.map, t[1], t[2]);
	costs_add(&costs.load, t[2], t[3]);
	costs_add(&costs.all, t[0], t[3]);
	costs_add(&costs.connect, t[3], t[4]);
	costs_add(&costs.close, t[4], t[5]);
}

void measure_open(const struct peer *peer, const struct target *target)
{
	static const struct {
		struct costs *costs;
		const char *what;
	} rows[] = {
		{ &costs.all, "open to first register" },
		{ &costs.open, "  open calls" },
		{ &costs.map, "  mmap" },
		{ &costs.load, "  first load" },
		{ &costs.connect, "connect interrupt" },
		{ &costs.close, "close all" },
	};
	const size_t num = sizeof(rows) / sizeof(rows[0]);

	for (size_t i = 0; i < num; i++)
		costs_init(rows[i].costs);
	for (int i = 0; i < ROUNDS; i++)
		measure_once(peer, target);
	for (size_t i = 0; i < num; i++)
		costs_report(rows[i].costs, rows[i].what, peer->name);
}
