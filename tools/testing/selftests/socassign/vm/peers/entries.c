// SPDX-License-Identifier: GPL-2.0
/* How often the hardware interrupts for one event of a level. */
#include <errno.h>

#include "../../lib/procirq.h"
#include "../../lib/testmod.h"
#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS	500
#define MAX_IRQS	256

static void loop(struct owned *owned)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		owned->target->level->raise(owned->map);
		peer_event(owned);
		owned->target->level->lower(owned->map);
		must(owned->peer->unmask(owned), "unmask");
	}
}

/* Each peer has a label of its own in /proc/interrupts: go by the counts. */
static unsigned int find_irq(struct owned *owned)
{
	static unsigned long before[MAX_IRQS];
	struct procirq line;

	for (unsigned int irq = 0; irq < MAX_IRQS; irq++)
		before[irq] = procirq_read(irq, &line) ? 0 :
							 procirq_total(&line);
	loop(owned);
	for (unsigned int irq = 0; irq < MAX_IRQS; irq++)
		if (!procirq_read(irq, &line) &&
		    procirq_total(&line) - before[irq] >= ROUNDS)
			return irq;
	return must(-ENOENT, "the interrupt");
}

static void count(struct owned *owned)
{
	must(testmod_count_irq(find_irq(owned)), "counting entries");
	loop(owned);
	report_average("hardware interrupts per event", owned->peer->name,
		       testmod_irq_entries(), ROUNDS);
	testmod_count_irq(0);
}

void measure_entries(const struct peer *peer, const struct target *target)
{
	struct owned owned;

	peer_open(peer, target, &owned);
	peer_map(&owned);
	target->level->init(owned.map);
	peer_connect(&owned);
	count(&owned);
	peer_close(&owned);
}
