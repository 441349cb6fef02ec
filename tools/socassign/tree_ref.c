// SPDX-License-Identifier: GPL-2.0
/*
 * References to other nodes: phandles, with what stands behind them
 */
#include <limits.h>
#include <stdio.h>

#include "tree_internal.h"

/* Taking a property apart */

/* Of old, an entry has one cell for the target, and a map need not say so. */
static bool tree_is_short_map(const struct tree_cells *cells)
{
	if (cells->num % 4)
		return false;
	for (int at = 0; at < cells->num; at += 4)
		if (cells->cell[at + 1] != cells->cell[1] ||
		    fdt32_ld(cells->cell + at + 3) != 1)
			return false;
	return true;
}

/* Cells behind the phandle of a LIST; -EINVAL: the target does not say. */
static int tree_list_cells(const struct tree_target *target,
			   const struct tree_rule *rule, int offset)
{
	struct tree_cells cells;
	uint32_t num;

	if (!rule->cells)
		return 0;
	if (!tree_blob_cells(target->fdt, offset, rule->cells, &cells) ||
	    !cells.num)
		return rule->shape == TREE_MAP ? 1 :
		       rule->optional ? 0 : -EINVAL;
	num = fdt32_ld(cells.cell);
	return num <= TREE_MAX_CELLS ? (int)num : -EINVAL;
}

static bool tree_is_hole(uint32_t phandle)
{
	return !phandle || phandle == UINT32_MAX;
}

/**
 * struct tree_reading - A property that is taken apart
 * @target: Looks up where phandles lead
 * @rule: How to read it
 * @cells: Its value
 * @shape: What it is there
 * @is_short: Is it a map that tree_is_short_map()?
 */
struct tree_reading {
	const struct tree_target *target;
	const struct tree_rule *rule;
	const struct tree_cells *cells;
	enum tree_shape shape;
	bool is_short;
};

/* Cells of a reference, @extra of them as the target says; may be too many */
static int tree_ref_size(const struct tree_reading *reading, int extra)
{
	const struct tree_target *target = reading->target;
	const struct tree_rule *rule = reading->rule;
	uint32_t own;

	switch (reading->shape) {
	case TREE_LIST:
		return 1 + extra;
	case TREE_ONE:
		return reading->cells->num;
	case TREE_MAP:
		return 3 + (extra == 2 && reading->is_short ? 1 : extra);
	case TREE_TUPLE:
		return rule->number + extra;
	default:
		if (!rule->own)
			return rule->number + 1;
		own = tree_blob_u32(target->fdt, target->node, rule->own,
				    rule->number - 1);
		return own <= TREE_MAX_CELLS ? (int)own + 2 : INT_MAX;
	}
}

/* The reference that starts at cell @at; 0 or -EINVAL */
static int tree_ref_at(const struct tree_reading *reading, int at,
		       struct tree_ref *ref)
{
	const struct tree_target *target = reading->target;
	const struct tree_rule *rule = reading->rule;
	const struct tree_cells *cells = reading->cells;
	int offset, extra = rule->shape == TREE_MAP;

	*ref = (struct tree_ref) { .first = at, .at = at + rule->place };
	if (ref->at >= cells->num)
		return -EINVAL;
	if (!tree_is_hole(fdt32_ld(cells->cell + ref->at))) {
		offset = target->find(target->data,
				      fdt32_ld(cells->cell + ref->at));
		if (offset < 0)
			return -EINVAL;
		extra = tree_list_cells(target, rule, offset);
		if (extra < 0)
			return extra;
	}
	ref->num = tree_ref_size(reading, extra);
	return ref->num <= cells->num - at ? 0 : -EINVAL;
}

static enum tree_shape tree_shape(const struct tree_target *target,
				  const struct tree_rule *rule)
{
	return rule->list_if && !fdt_getprop(target->fdt, target->node,
					     rule->list_if, NULL) ?
	       TREE_ONE : rule->shape;
}

int tree_refs(const struct tree_target *target, const struct tree_rule *rule,
	      const struct tree_cells *cells, struct tree_ref *refs)
{
	const struct tree_reading reading = {
		target, rule, cells, tree_shape(target, rule),
		rule->shape == TREE_MAP && tree_is_short_map(cells)
	};
	int num = 0, at = 0;

	while (at < cells->num) {
		if (tree_ref_at(&reading, at, &refs[num]))
			return -EINVAL;
		at += refs[num++].num;
	}
	return num;
}

/* Of the host's tree */

int tree_find_host(const void *data, uint32_t phandle)
{
	const struct soca_tree *tree = data;
	int node = tree_by_phandle(tree, phandle);

	return node == TREE_NONE ? -1 : tree->nodes[node].offset;
}

const struct tree_rule *tree_rule(const struct tree_build *build,
				  const char *name, struct tree_rule *room)
{
	const struct soca_tree_guest *guest = build->guest;

	for (size_t i = 0; i < guest->num_references; i++)
		if (!strcmp(guest->references[i].property, name)) {
			*room = (struct tree_rule) {
				.name = name, .strict = true,
				.cells = guest->references[i].cells,
			};
			return room;
		}
	return tree_rule_find(name);
}

/**
 * struct tree_parsed - A property that holds phandles
 * @rule: How to read it
 * @room: For @rule
 * @cells: Its value
 * @refs: The references in it
 * @num: Number of @refs, negative: it cannot be read so
 */
struct tree_parsed {
	const struct tree_rule *rule;
	struct tree_rule room;
	struct tree_cells cells;
	struct tree_ref *refs;
	int num;
};

bool tree_is_excepted(const struct soca_tree *tree, int node,
		      const struct tree_rule *rule)
{
	return rule->unless && tree_has(tree, node, rule->unless);
}

/* False: it is no reference.  Otherwise @refs is to be freed. */
static bool tree_parse(const struct tree_build *build, int node,
		       const char *name, struct tree_parsed *parsed)
{
	const struct soca_tree *tree = build->tree;
	struct tree_target target = {
		tree->fdt, tree->nodes[node].offset, tree_find_host, tree
	};
	int len;

	parsed->rule = tree_rule(build, name, &parsed->room);
	if (!parsed->rule || tree_is_excepted(tree, node, parsed->rule))
		return false;
	tree_cells(tree, node, name, &parsed->cells);
	parsed->refs = calloc(parsed->cells.num + 1, sizeof(*parsed->refs));
	parsed->num = -EINVAL;
	if (!parsed->refs)
		parsed->num = -ENOMEM;
	else if (tree_prop(tree, node, name, &len) && !(len % sizeof(fdt32_t)))
		parsed->num = tree_refs(&target, parsed->rule, &parsed->cells,
					parsed->refs);
	/* What cannot be read and need not be a reference is none. */
	if (parsed->num == -EINVAL && !parsed->rule->strict) {
		free(parsed->refs);
		return false;
	}
	return true;
}

bool tree_is_reference(const struct tree_build *build, int node,
		       const char *name)
{
	struct tree_parsed parsed;

	if (!tree_parse(build, node, name, &parsed))
		return false;
	free(parsed.refs);
	return true;
}

/* Rewriting */

/**
 * struct tree_relink - A property that is being rewritten
 * @build: The build
 * @node: The node
 * @name: The property
 * @parsed: The property on the host
 * @list: The cells for the guest
 * @useful: Number of references in @list that lead somewhere
 * @lost: Number of references that do not any more
 */
struct tree_relink {
	struct tree_build *build;
	int node;
	const char *name;
	struct tree_parsed parsed;
	struct tree_list list;
	int useful;
	int lost;
};

static void tree_relink_note(const struct tree_relink *to,
			     enum soca_tree_action action, int provider,
			     int entry, const char *what)
{
	char *path = tree_path(to->build->tree, provider);

	tree_note(to->build, action, to->node, to->name, "%s (entry %d): %s",
		  path ? path : "", entry, what);
	free(path);
}

/* A cell behind the phandle, for the guest */
static uint32_t tree_relink_cell(const struct tree_relink *to, uint32_t cell,
				 int provider)
{
	const struct tree_build *build = to->build;
	int node;

	if (!to->parsed.rule->nested || !tree_inside(build, provider))
		return cell;
	node = tree_by_phandle(build->tree, cell);
	return node != TREE_NONE &&
	       build->tree->nodes[node].parent == provider ?
	       build->phandle[node] : cell;
}

/* The reference with another phandle, the cells around it as they are */
static void tree_relink_put(struct tree_relink *to, const struct tree_ref *ref,
			    int provider, uint32_t phandle)
{
	const fdt32_t *cell = to->parsed.cells.cell;

	tree_list_copy(&to->list, cell + ref->first, ref->at - ref->first);
	tree_list_u32(&to->list, phandle);
	for (int i = ref->at + 1; i < ref->first + ref->num; i++)
		tree_list_u32(&to->list,
			      tree_relink_cell(to, fdt32_ld(cell + i),
					       provider));
	to->useful++;
}

/* What the caller wants kept; 0: nothing, or the two ends do not agree */
static uint32_t tree_kept_phandle(const struct tree_relink *to, int provider)
{
	const struct soca_tree_guest *guest = to->build->guest;
	const struct tree_rule *rule = to->parsed.rule;
	const struct soca_tree *tree = to->build->tree;
	int offset;

	for (size_t i = 0; i < guest->num_keep; i++) {
		uint32_t phandle = tree_base_phandle(to->build,
						     guest->keep[i].phandle);

		if (tree_resolve(tree, guest->keep[i].host_path) != provider)
			continue;
		offset = fdt_node_offset_by_phandle(to->build->base.fdt,
						    phandle);
		if (offset < 0)
			return 0;
		if (rule->cells &&
		    tree_u32(tree, provider, rule->cells, 0) !=
		    tree_blob_u32(to->build->base.fdt, offset, rule->cells, 0))
			return 0;
		return phandle;
	}
	return 0;
}

/* A node that stands in; false: there is none */
static bool tree_relink_standin(struct tree_relink *to, int entry, int provider,
				const struct tree_ref *ref)
{
	const fdt32_t *id = to->parsed.cells.cell + ref->at + 1;
	uint32_t phandle = 0;

	if (to->parsed.rule->policy == TREE_CLOCK)
		phandle = tree_standin_clock(to->build, to->node, entry,
					     provider, id, ref->num - 1);
	else if (to->parsed.rule->policy == TREE_SUPPLY)
		phandle = tree_standin_supply(to->build, provider);
	if (!phandle)
		return false;
	tree_list_u32(&to->list, phandle);
	to->useful++;
	tree_relink_note(to, SOCA_TREE_REPLACED, provider, entry,
			 to->parsed.rule->policy == TREE_CLOCK ?
			 "a fixed-clock of the same rate stands in" :
			 "a regulator-fixed stands in");
	return true;
}

/* A reference that leaves the claim */
static void tree_relink_out(struct tree_relink *to, int entry, int provider,
			    const struct tree_ref *ref)
{
	const char *reason = to->parsed.rule->reason;
	uint32_t kept = tree_kept_phandle(to, provider);

	if (!reason)
		reason = "what it refers to is not part of the claim";
	if (kept) {
		tree_relink_put(to, ref, provider, kept);
		tree_relink_note(to, SOCA_TREE_KEPT, provider, entry,
				 "the caller's rule");
		return;
	}
	if (tree_relink_standin(to, entry, provider, ref))
		return;
	to->lost++;
	if (to->parsed.rule->policy != TREE_REMOVE)
		tree_list_u32(&to->list, 0);
	tree_relink_note(to, SOCA_TREE_DROPPED, provider, entry, reason);
}

static void tree_relink_one(struct tree_relink *to, int entry)
{
	const struct tree_ref *ref = &to->parsed.refs[entry];
	const struct tree_build *build = to->build;
	uint32_t phandle = fdt32_ld(to->parsed.cells.cell + ref->at);
	int provider = tree_by_phandle(build->tree, phandle);

	if (provider == TREE_NONE)
		tree_list_copy(&to->list, to->parsed.cells.cell + ref->first,
			       ref->num);
	else if (tree_inside(build, provider))
		tree_relink_put(to, ref, provider, build->phandle[provider]);
	else
		tree_relink_out(to, entry, provider, ref);
}

/* A state of pins may be empty where another one is not. */
static bool tree_has_pins(const struct tree_build *build, int node)
{
	const struct soca_tree *tree = build->tree;
	char name[32];

	for (int state = 0; ; state++) {
		struct tree_cells cells;

		snprintf(name, sizeof(name), "pinctrl-%d", state);
		if (!tree_cells(tree, node, name, &cells))
			return false;
		for (int i = 0; i < cells.num; i++) {
			int pins = tree_by_phandle(tree,
						   fdt32_ld(cells.cell + i));

			if (pins != TREE_NONE && tree_inside(build, pins))
				return true;
		}
	}
}

/* Is anything left to write, if only for its place among others? */
static bool tree_relink_stays(const struct tree_relink *to)
{
	if (to->useful || !to->lost)
		return true;
	return !strncmp(to->name, "pinctrl-", 8) &&
	       tree_has_pins(to->build, to->node);
}

static void tree_relink(struct tree_relink *to)
{
	struct tree_build *build = to->build;

	for (int i = 0; i < to->parsed.num; i++)
		tree_relink_one(to, i);
	if (to->parsed.num < 0)
		tree_note(build, SOCA_TREE_DROPPED, to->node, to->name,
			  "it refers to nothing, or cannot be read");
	if (to->parsed.num >= 0 && tree_relink_stays(to))
		tree_out_prop(&build->out, to->name, to->list.cell,
			      to->list.num * sizeof(fdt32_t));
	else
		tree_drop(build, to->node, to->name);
}

void tree_emit_reference(struct tree_build *build, int node, const char *name)
{
	struct tree_relink to = { .build = build, .node = node, .name = name };
	int ret;

	if (!tree_parse(build, node, name, &to.parsed))
		return;
	if (to.parsed.num == -ENOMEM)
		tree_out_fail(&build->out, -ENOMEM);
	tree_relink(&to);
	free(to.parsed.refs);
	ret = tree_list_free(&to.list);
	if (ret)
		tree_out_fail(&build->out, ret);
}
