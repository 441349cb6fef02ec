// SPDX-License-Identifier: GPL-2.0
/*
 * What the driver's index of the device tree costs: to build, once, and to keep.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../lib/claim.h"
#include "../../lib/sysfs.h"
#include "../../lib/testmod.h"
#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define INDEX	"/sys/kernel/debug/socassign/tree"
/* A node that leaves the tree, and comes back (dts/peers-*.dtsi). */
#define LEAF	"/bench-leaf"

/* A change drops it.  On a kernel that knows no changes nobody has asked yet. */
static void drop_index(void)
{
	char text[256];

	if (testmod_has("node_detach")) {
		must(testmod_write("node_detach", LEAF), LEAF);
		must(testmod_write("node_attach", "1"), LEAF);
	}
	must(sysfs_read(INDEX, text, sizeof(text)), INDEX);
	must(strstr(text, "state: none") ? 0 : -EEXIST, INDEX);
}

static void read_size(unsigned int *nodes, unsigned long *bytes)
{
	char text[256];

	must(sysfs_read(INDEX, text, sizeof(text)), INDEX);
	if (sscanf(text, "nodes: %u bytes: %lu", nodes, bytes) != 2)
		must(-EPROTO, INDEX);
}

/* A question that is over as soon as there is an index. */
static void ask(void)
{
	int ret = soc_claim(LEAF "/none", SOCASSIGN_NO_DMA);

	must(ret == -ENOENT ? 0 : -EPROTO, LEAF "/none");
}

/* The first question less the second one.  To be called before all others. */
void measure_index(const char *where, const struct peer *peer)
{
	static struct costs costs;
	unsigned long bytes;
	char row[120];
	uint64_t t[3];

	drop_index();
	t[0] = ticks();
	ask();
	t[1] = ticks();
	ask();
	t[2] = ticks();
	read_size(&costs.times, &bytes);
	costs_add(&costs, t[0] + (t[2] - t[1]), t[1]);
	snprintf(row, sizeof(row), "index built, a node, %s", where);
	costs_report(&costs, row, peer->name);
	snprintf(row, sizeof(row), "index kept, bytes a node, %s", where);
	report_average(row, peer->name, bytes, costs.times);
}
