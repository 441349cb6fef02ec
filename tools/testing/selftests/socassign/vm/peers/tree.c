// SPDX-License-Identifier: GPL-2.0
/*
 * What a claim costs by what else is in the tree, by how many claims there are,
 * and by how much it takes.  Of socassign alone.
 */
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/claim.h"
#include "../bench/measure.h"
#include "costs.h"
#include "peers.h"

#define ROUNDS		31
#define FEW_ROUNDS	11	/* where each is long */
#define MAX_HELD	256

/* Nodes that vm/trees.sh adds. */
#define HELD_BUS	"/bench-held"
#define SUBTREES	"/bench-subtree-%u"

static struct {
	struct costs claim, close;
} costs;

static void measure_claims(const char *node, __u32 flags, int rounds)
{
	costs_init(&costs.claim);
	costs_init(&costs.close);
	for (int i = 0; i < rounds; i++) {
		uint64_t t[3];
		int fd;

		t[0] = ticks();
		fd = must(soc_claim(node, flags | SOCASSIGN_NO_DMA), node);
		t[1] = ticks();
		close(fd);
		t[2] = ticks();
		costs_add(&costs.claim, t[0], t[1]);
		costs_add(&costs.close, t[1], t[2]);
	}
}

static void report(struct costs *of, const char *what, const char *where,
		   const struct peer *peer)
{
	char row[100];

	snprintf(row, sizeof(row), "%s, %s", what, where);
	costs_report(of, row, peer->name);
}

static void report_both(const char *where, const struct peer *peer)
{
	report(&costs.claim, "INSTANTIATE", where, peer);
	report(&costs.close, "close", where, peer);
}

static unsigned int num_nodes;

static int count_node(const char *path, const struct stat *stat, int type,
		      struct FTW *at)
{
	num_nodes += type == FTW_D;
	return 0;
}

void measure_tree(const struct target *target, const char *tree)
{
	char where[80];

	nftw("/sys/firmware/devicetree/base", count_node, 16, FTW_PHYS);
	snprintf(where, sizeof(where), "%s (%u nodes)", tree, num_nodes);
	measure_index(where, &peer_soca_bound);
	peer_bind(&peer_soca_bound, target);
	measure_claims(target->node, 0, ROUNDS);
	report_both(where, &peer_soca_bound);
	measure_claims(target->node, 0, ROUNDS);
	strcat(where, ", again");
	report(&costs.claim, "INSTANTIATE", where, &peer_soca_bound);
}

static int held[MAX_HELD];

static void hold(unsigned int from, unsigned int to)
{
	char node[64];

	for (unsigned int i = from; i < to; i++) {
		snprintf(node, sizeof(node), HELD_BUS "/dev@%x", i * 0x1000);
		held[i] = must(soc_claim(node, SOCASSIGN_NO_DMA), node);
	}
}

void measure_held(const struct target *target)
{
	static const unsigned int nums[] = { 0, 1, 16, 64, MAX_HELD };
	unsigned int have = 0;
	char where[64];

	peer_bind(&peer_soca_bound, target);
	for (size_t i = 0; i < sizeof(nums) / sizeof(nums[0]); i++) {
		hold(have, nums[i]);
		have = nums[i];
		measure_claims(target->node, 0, ROUNDS);
		snprintf(where, sizeof(where), "%u claims held", have);
		report_both(where, &peer_soca_bound);
	}
	while (have)
		close(held[--have]);
}

void measure_subtree(void)
{
	static const unsigned int nums[] = { 1, 10, 50, 100, 200, 400 };
	char node[64], where[64];

	for (size_t i = 0; i < sizeof(nums) / sizeof(nums[0]); i++) {
		snprintf(node, sizeof(node), SUBTREES, nums[i]);
		snprintf(where, sizeof(where), "SUBTREE of %u", nums[i]);
		measure_claims(node, SOCASSIGN_SUBTREE, FEW_ROUNDS);
		report_both(where, &peer_soca);
	}
}
