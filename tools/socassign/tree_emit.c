// SPDX-License-Identifier: GPL-2.0
/*
 * Writing the nodes of the claim
 */
#include "tree_internal.h"

void tree_drop(struct tree_build *build, int node, const char *name)
{
	const char *const *companion = tree_companions(name);

	for (; companion && *companion; companion++) {
		if (!tree_has(build->tree, node, *companion) ||
		    build->num_dropped == TREE_MAX_DROPPED)
			continue;
		build->dropped[build->num_dropped++] = *companion;
		tree_note(build, SOCA_TREE_DROPPED, node, *companion,
			  "it says nothing without %s", name);
	}
}

static bool tree_is_dropped(const struct tree_build *build, const char *name)
{
	for (int i = 0; i < build->num_dropped; i++)
		if (!strcmp(build->dropped[i], name))
			return true;
	return false;
}

static bool tree_in_list(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

/* Written by somebody else, or put anew. */
static bool tree_is_special(const struct tree_build *build, int node,
			    const char *name)
{
	static const char *const everywhere[] = {
		"phandle", "linux,phandle", "interrupts",
		"interrupts-extended", "interrupt-parent", "interrupt-map",
		NULL
	};
	static const char *const at_top[] = {
		"reg", "ranges", "dma-ranges", NULL
	};
	static const char *const reserved[] = {
		"reg", "size", "alignment", "alloc-ranges", NULL
	};

	return tree_in_list(name, everywhere) ||
	       (tree_in_list(name, reserved) &&
		tree_is_reserved(build->tree, node)) ||
	       (build->tree->nodes[node].parent == TREE_ROOT &&
		tree_in_list(name, at_top));
}

/* Properties that mean something on the host only */
static const struct {
	const char *name;
	const char *reason;
} tree_unwanted[] = {
	{ "fsl,liodn", "the LIODN is the host's affair" },
	{ "fsl,hw-liodn", "the LIODN is the host's affair" },
	{ "socassign,shared", "it is for the host" },
	{ "socassign,assignable", "it is for the host" },
};

static bool tree_emit_unwanted(struct tree_build *build, int node,
			       const char *name)
{
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tree_unwanted); i++)
		if (!strcmp(name, tree_unwanted[i].name)) {
			tree_note(build, SOCA_TREE_DROPPED, node, name, "%s",
				  tree_unwanted[i].reason);
			return true;
		}
	return false;
}

/* The host may have been told to keep off it; the guest is not. */
static bool tree_emit_status(struct tree_build *build, int node,
			     const char *name)
{
	const struct soca_tree *tree = build->tree;
	const char *status;

	if (!build->named[node] || strcmp(name, "status"))
		return false;
	status = tree_blob_string(tree->fdt, tree->nodes[node].offset, name);
	if (status && (!strcmp(status, "okay") || !strcmp(status, "ok")))
		return false;
	tree_note(build, SOCA_TREE_REPLACED, node, name,
		  "\"%s\" is for the host: it is \"okay\" for the guest",
		  status ? status : "");
	tree_out_string(&build->out, name, "okay");
	return true;
}

/* What no table knows may refer: to what is outside, it leads nowhere. */
static void tree_emit_doubt(struct tree_build *build, int node,
			    const char *name)
{
	const struct soca_tree *tree = build->tree;
	const struct tree_rule *rule = tree_rule_find(name);
	struct tree_cells cells;
	int to, len;
	char *path;

	if (!build->report || tree_is_number(name) ||
	    (rule && tree_is_excepted(tree, node, rule)) ||
	    !tree_cells(tree, node, name, &cells) || !cells.num)
		return;
	tree_prop(tree, node, name, &len);
	to = tree_by_phandle(tree, fdt32_ld(cells.cell));
	if (len % sizeof(fdt32_t) || to == TREE_NONE || tree_inside(build, to))
		return;
	path = tree_path(tree, to);
	tree_note(build, SOCA_TREE_DOUBTFUL, node, name,
		  "if this refers to %s: that is not part of the claim, and it leads nowhere in the guest",
		  path ? path : "");
	free(path);
}

/* Whatever is not a reference */
static void tree_emit_plain(struct tree_build *build, int node,
			    const char *name, const void *value, int len)
{
	if (tree_is_dropped(build, name) ||
	    tree_emit_unwanted(build, node, name) ||
	    tree_emit_status(build, node, name))
		return;
	tree_emit_doubt(build, node, name);
	tree_out_prop(&build->out, name, value, len);
}

/* References first: what runs parallel to them depends on them. */
static void tree_emit_props(struct tree_build *build, int node, bool references)
{
	const struct soca_tree *tree = build->tree;
	int prop, len, offset = tree->nodes[node].offset;
	const void *value;
	const char *name;

	fdt_for_each_property_offset(prop, tree->fdt, offset) {
		value = fdt_getprop_by_offset(tree->fdt, prop, &name, &len);
		if (!value || tree_is_special(build, node, name))
			continue;
		if (tree_is_reference(build, node, name) != references)
			continue;
		if (references)
			tree_emit_reference(build, node, name);
		else
			tree_emit_plain(build, node, name, value, len);
	}
}

static void tree_emit_node(struct tree_build *build, int node);

/* One that is outside is not written, and was told of when that was decided. */
static void tree_emit_children(struct tree_build *build, int node)
{
	int child;

	tree_for_each_child(build->tree, child, node)
		if (build->role[child] != TREE_OUTSIDE &&
		    !tree_is_reserved_root(build->tree, child))
			tree_emit_node(build, child);
}

/* What the host says of all its devices. */
static void tree_emit_root_traits(struct tree_build *build, int node)
{
	static const char *const traits[] = {
		"dma-coherent", "dma-noncoherent"
	};
	const struct soca_tree *tree = build->tree;

	if (tree->nodes[node].parent != TREE_ROOT ||
	    tree_has(tree, node, "dma-coherent") ||
	    tree_has(tree, node, "dma-noncoherent"))
		return;
	for (size_t i = 0; i < TREE_ARRAY_SIZE(traits); i++)
		if (tree_has(tree, TREE_ROOT, traits[i]))
			tree_out_prop(&build->out, traits[i], NULL, 0);
}

void tree_emit_whole(struct tree_build *build, int node)
{
	build->num_dropped = 0;
	tree_emit_props(build, node, true);
	tree_emit_interrupts(build, node);
	tree_emit_interrupt_map(build, node);
	tree_emit_props(build, node, false);
	if (build->phandle[node])
		tree_out_u32(&build->out, "phandle", build->phandle[node]);
}

static bool tree_is_simple(const struct tree_build *build, int node);

/* On a simple bus a node is named by its address. */
static bool tree_is_regular(const struct tree_build *build, int node)
{
	const struct soca_tree *tree = build->tree;
	const char *at = strchr(tree_guest_name(build, node), '@');
	uint64_t address, bytes;
	char *end;

	if (build->role[node] == TREE_SKELETON)
		return at || tree_is_simple(build, node);
	return at && tree_reg(tree, node, 0, &address, &bytes) &&
	       strtoull(at + 1, &end, 16) == address && !*end;
}

/* Is a skeleton, or can be made, a simple bus? */
static bool tree_is_simple(const struct tree_build *build, int node)
{
	int child;

	if (tree_is_compatible(build->tree, node, "simple-bus"))
		return true;
	tree_for_each_child(build->tree, child, node)
		if (build->role[child] != TREE_OUTSIDE &&
		    !tree_is_regular(build, child))
			return false;
	return true;
}

/* Something that says to be a bus, or nothing at all: no driver does more. */
static bool tree_is_a_bus(const struct soca_tree *tree, int node)
{
	return !tree_has(tree, node, "compatible") ||
	       tree_is_compatible(tree, node, "simple-bus");
}

/*
 * A bus without registers of its own is what it says it is.  A device whose
 * registers the guest has not got is a bus: no driver shall look for them.
 */
static void tree_emit_skeleton_compatible(struct tree_build *build, int node)
{
	const struct soca_tree *tree = build->tree;
	const char *bus = tree_is_simple(build, node) ? "simple-bus" :
							"simple-mfd";
	int len;
	const void *compatible = tree_prop(tree, node, "compatible", &len);

	if (compatible && !tree_has(tree, node, "reg") &&
	    tree_is_compatible(tree, node, "simple-bus")) {
		tree_out_prop(&build->out, "compatible", compatible, len);
		return;
	}
	tree_note(build, SOCA_TREE_REPLACED, node, "compatible",
		  "it is not claimed, only what is below it: a \"%s\" %s", bus,
		  tree_is_a_bus(tree, node) ? "is enough" :
		  "stands in; if the driver of what is below needs the driver of this one, claim it with all that is below it (SOCASSIGN_SUBTREE)");
	tree_out_string(&build->out, "compatible", bus);
}

/* Of an ancestor only what its descendants need to be found and understood. */
static void tree_emit_skeleton(struct tree_build *build, int node)
{
	static const char *const kept[] = {
		"#address-cells", "#size-cells", "bus-frequency",
		"dma-coherent", "dma-noncoherent",
	};
	static const char *const below_top[] = { "ranges", "dma-ranges" };
	const struct soca_tree *tree = build->tree;
	const char *type = tree_blob_string(tree->fdt, tree->nodes[node].offset,
					    "device_type");
	const void *value;
	int len;

	tree_emit_skeleton_compatible(build, node);
	if (type && !strcmp(type, "soc"))
		tree_out_string(&build->out, "device_type", type);
	for (size_t i = 0; i < TREE_ARRAY_SIZE(kept); i++) {
		value = tree_prop(tree, node, kept[i], &len);
		if (value)
			tree_out_prop(&build->out, kept[i], value, len);
	}
	if (tree->nodes[node].parent == TREE_ROOT)
		return;
	for (size_t i = 0; i < TREE_ARRAY_SIZE(below_top); i++) {
		value = tree_prop(tree, node, below_top[i], &len);
		if (value)
			tree_out_prop(&build->out, below_top[i], value, len);
	}
}

static void tree_emit_node(struct tree_build *build, int node)
{
	tree_out_begin(&build->out, tree_guest_name(build, node));
	if (build->tree->nodes[node].parent == TREE_ROOT)
		tree_emit_top_addresses(build, node);
	tree_emit_root_traits(build, node);
	if (build->role[node] == TREE_SKELETON)
		tree_emit_skeleton(build, node);
	else
		tree_emit_whole(build, node);
	tree_emit_children(build, node);
	tree_out_end(&build->out);
}

/* The nodes of the claim, with their ancestors, into the open bus */
void tree_emit_tops(struct tree_build *build)
{
	tree_emit_children(build, TREE_ROOT);
}
