// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes that stand in for clocks and regulators of the host's
 */
#include <inttypes.h>
#include <stdio.h>

#include "tree_internal.h"

static bool tree_same_standin(const struct tree_standin *a,
			      const struct tree_standin *b)
{
	return a->is_clock == b->is_clock && a->node == b->node &&
	       a->rate == b->rate && a->num_id == b->num_id &&
	       !memcmp(a->id, b->id, a->num_id * sizeof(*a->id));
}

/* One for all that have the same provider; its phandle, 0: see out.err */
static uint32_t tree_standin(struct tree_build *build,
			     struct tree_standin *want)
{
	struct tree_standin *standins;

	for (int i = 0; i < build->num_standins; i++)
		if (tree_same_standin(&build->standins[i], want))
			return build->standins[i].phandle;
	want->phandle = tree_new_phandle(build);
	if (!want->phandle)
		return 0;
	standins = tree_grow(build->standins, build->num_standins,
			     sizeof(*standins));
	if (!standins) {
		tree_out_fail(&build->out, -ENOMEM);
		return 0;
	}
	build->standins = standins;
	build->standins[build->num_standins++] = *want;
	return want->phandle;
}

/* The host's tree knows the rate of a clock that has only one. */
static uint64_t tree_host_rate(const struct tree_build *build, int provider,
			       int num_id)
{
	struct tree_cells cells;
	uint64_t rate;

	tree_cells(build->tree, provider, "clock-frequency", &cells);
	if (num_id || cells.num < 1 || cells.num > 2 ||
	    !tree_read(cells.cell, cells.num, &rate))
		return 0;
	return rate;
}

static uint64_t tree_clock_rate(struct tree_build *build, int node,
				uint32_t entry, int provider, int num_id)
{
	const struct soca_tree_guest *guest = build->guest;
	uint64_t rate = 0;

	if (guest->clock && build->role[node] == TREE_CLAIMED) {
		char *path = tree_path(build->tree, node);

		if (path)
			rate = guest->clock(guest->data, path, entry);
		else
			tree_out_fail(&build->out, -ENOMEM);
		free(path);
	}
	return rate ? rate : tree_host_rate(build, provider, num_id);
}

/* Its phandle, 0: the rate is not known, or a fixed-clock cannot have it */
uint32_t tree_standin_clock(struct tree_build *build, int node, uint32_t entry,
			    int provider, const fdt32_t *id, int num_id)
{
	struct tree_standin want = { .is_clock = true, .node = provider };

	if (num_id > TREE_MAX_CELLS)
		return 0;
	want.num_id = num_id;
	for (int i = 0; i < num_id; i++)
		want.id[i] = fdt32_ld(id + i);
	want.rate = tree_clock_rate(build, node, entry, provider, num_id);
	/* clock-frequency has one cell. */
	if (!want.rate || want.rate > UINT32_MAX)
		return 0;
	return tree_standin(build, &want);
}

uint32_t tree_standin_supply(struct tree_build *build, int provider)
{
	struct tree_standin want = { .node = provider };

	return tree_standin(build, &want);
}

static void tree_emit_clock(struct tree_build *build,
			    const struct tree_standin *standin)
{
	struct tree_out *out = &build->out;

	tree_out_string(out, "compatible", "fixed-clock");
	tree_out_u32(out, "#clock-cells", 0);
	tree_out_u32(out, "clock-frequency", standin->rate);
}

/* A voltage is only told where the host's tree leaves no choice. */
static void tree_emit_regulator(struct tree_build *build,
				const struct tree_standin *standin)
{
	const struct soca_tree *tree = build->tree;
	int provider = standin->node;
	const char *name = tree_blob_string(tree->fdt,
					    tree->nodes[provider].offset,
					    "regulator-name");
	uint32_t min = tree_u32(tree, provider, "regulator-min-microvolt", 0);
	uint32_t max = tree_u32(tree, provider, "regulator-max-microvolt", 0);
	struct tree_out *out = &build->out;

	tree_out_string(out, "compatible", "regulator-fixed");
	tree_out_string(out, "regulator-name",
			name ? name : tree->nodes[provider].name);
	if (min && min == max) {
		tree_out_u32(out, "regulator-min-microvolt", min);
		tree_out_u32(out, "regulator-max-microvolt", max);
	}
	tree_out_prop(out, "regulator-always-on", NULL, 0);
}

/* The base tree may have children of any name. */
static void tree_standin_name(const struct tree_build *build, const char *kind,
			      int *count, char *name, size_t size)
{
	do
		snprintf(name, size, "socassign-%s-%d", kind, (*count)++);
	while (fdt_subnode_offset(build->base.fdt, TREE_ROOT, name) >= 0);
}

/* At the root: they have no address, and a simple bus wants one. */
void tree_emit_standins(struct tree_build *build)
{
	int clocks = 0, regulators = 0;
	char name[64];

	for (int i = 0; i < build->num_standins; i++) {
		const struct tree_standin *standin = &build->standins[i];

		if (standin->is_clock)
			tree_standin_name(build, "clock", &clocks, name,
					  sizeof(name));
		else
			tree_standin_name(build, "regulator", &regulators,
					  name, sizeof(name));
		tree_out_begin(&build->out, name);
		if (standin->is_clock)
			tree_emit_clock(build, standin);
		else
			tree_emit_regulator(build, standin);
		tree_out_u32(&build->out, "phandle", standin->phandle);
		tree_out_end(&build->out);
	}
}
