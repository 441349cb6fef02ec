// SPDX-License-Identifier: GPL-2.0
/* One access to a register. */
#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	100
#define TIMES	100

static struct costs costs = { .times = TIMES };

static void by_mmap(struct owned *owned, unsigned int reg)
{
	volatile uint8_t *at = (uint8_t *)owned->map + reg;

	costs_init(&costs);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t from = ticks();

		for (int j = 0; j < TIMES; j++)
			(void)*at;
		costs_add(&costs, from, ticks());
	}
	costs_report(&costs, "register by mmap", owned->peer->name);
}

/* Of one byte: a width that every register here has. */
static void by_pread(struct owned *owned, unsigned int reg)
{
	uint32_t value;

	costs_init(&costs);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t from = ticks();

		for (int j = 0; j < TIMES; j++)
			must(owned->peer->read(owned, reg, &value, 1), "pread");
		costs_add(&costs, from, ticks());
	}
	costs_report(&costs, "register by pread", owned->peer->name);
}

void measure_register(const struct peer *peer, const struct target *target)
{
	const unsigned int reg = target->level->probe_reg;
	struct owned owned;

	peer_open(peer, target, &owned);
	peer_map(&owned);
	by_mmap(&owned, reg);
	if (peer->read)
		by_pread(&owned, reg);
	peer_close(&owned);
}
