// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's base tree: what is to be known of it, and writing it out again
 * with the devices in it
 */
#include <inttypes.h>
#include <stdio.h>

#include "tree_internal.h"

/* At the node at @offset; @property may be NULL */
static int tree_base_fail(struct tree_build *build, int offset,
			  const char *property, const char *why)
{
	char *reason;
	int ret;

	if (asprintf(&reason, "the guest's base tree: %s", why) < 0)
		return -ENOMEM;
	ret = tree_blob_fail(build->report, build->base.fdt, offset, property,
			     reason);
	free(reason);
	return ret;
}

/* A number of cells that none can have, or NULL */
static const char *tree_bad_cells(const struct tree_bus *bus)
{
	if (bus->address_cells < 1 || bus->address_cells > 4)
		return "#address-cells";
	return bus->size_cells < 1 || bus->size_cells > 4 ? "#size-cells" : NULL;
}

static void tree_base_cells(const void *fdt, int offset, struct tree_bus *bus)
{
	bus->address_cells = tree_blob_u32(fdt, offset, "#address-cells", 2);
	bus->size_cells = tree_blob_u32(fdt, offset, "#size-cells", 1);
}

/* Addresses on the bus are the CPUs': empty ranges all the way up. */
static bool tree_base_is_plain(const void *fdt, int offset)
{
	int len, up;

	for (; offset > 0; offset = up) {
		struct tree_bus bus, above;

		up = fdt_parent_offset(fdt, offset);
		if (up < 0 || !fdt_getprop(fdt, offset, "ranges", &len) || len)
			return false;
		tree_base_cells(fdt, offset, &bus);
		tree_base_cells(fdt, up, &above);
		if (bus.address_cells != above.address_cells ||
		    bus.size_cells != above.size_cells)
			return false;
	}
	return true;
}

/* The path without what would make two slashes in those put together. */
static const char *tree_bus_path(const struct tree_build *build)
{
	const char *bus = build->guest->bus;

	return bus && strcmp(bus, "/") ? bus : "";
}

static int tree_base_bus(struct tree_build *build)
{
	struct tree_base *base = &build->base;
	int offset = TREE_ROOT, like;
	const char *bad;

	base->bus_path = tree_bus_path(build);
	tree_base_cells(base->fdt, TREE_ROOT, &base->root);
	/* Not by alias, which could lead to itself. */
	if (*base->bus_path)
		offset = *base->bus_path == '/' ?
			 fdt_path_offset(base->fdt, base->bus_path) : -1;
	if (offset < 0 && (*base->bus_path != '/' || !base->bus_path[1] ||
			   strchr(base->bus_path + 1, '/'))) {
		tree_report_add(build->report, SOCA_TREE_ERROR, base->bus_path,
				NULL, "the guest's base tree has no such bus");
		return -EINVAL;
	}
	if (offset >= 0 && !tree_base_is_plain(base->fdt, offset))
		return tree_base_fail(build, offset, "ranges",
				      "addresses on the bus are not the CPUs'");
	base->bus_offset = offset;
	/* One that is made writes addresses as the root does. */
	like = offset < 0 ? TREE_ROOT : offset;
	tree_base_cells(base->fdt, like, &base->bus);
	bad = tree_bad_cells(&base->bus);
	return bad ? tree_base_fail(build, like, bad,
				    "it has to be from 1 to 4") : 0;
}

static int tree_base_intc(struct tree_build *build)
{
	static const char parent[] = "interrupt-parent";
	struct tree_base *base = &build->base;
	int offset, len;

	base->intc = build->guest->intc;
	if (!base->intc && fdt_getprop(base->fdt, TREE_ROOT, parent, &len)) {
		if (len != sizeof(fdt32_t))
			return tree_base_fail(build, TREE_ROOT, parent,
					      "it is no phandle");
		base->intc = tree_blob_u32(base->fdt, TREE_ROOT, parent, 0);
	}
	if (!base->intc)
		return 0;
	offset = fdt_node_offset_by_phandle(base->fdt, base->intc);
	if (offset < 0)
		return tree_base_fail(build, TREE_ROOT,
				      build->guest->intc ? NULL : parent,
				      "the interrupt controller is not there");
	base->intc_cells = tree_blob_u32(base->fdt, offset,
					 "#interrupt-cells", 0);
	base->intc_address_cells = tree_blob_u32(base->fdt, offset,
						 "#address-cells", 0);
	if (!base->intc_cells || base->intc_cells > TREE_MAX_CELLS)
		return tree_base_fail(build, offset, "#interrupt-cells",
				      "the interrupt controller's specifiers have no such size");
	if (base->intc_address_cells > TREE_MAX_CELLS)
		return tree_base_fail(build, offset, "#address-cells",
				      "it is too large");
	return 0;
}

int tree_base_open(struct tree_build *build)
{
	int ret;

	build->base.fdt = build->guest->base;
	ret = tree_check(build->base.fdt, build->guest->base_size);
	if (ret)
		return tree_check_fail(build->report, "the guest's base tree",
				       ret);
	ret = tree_base_bus(build);
	return ret ? ret : tree_base_intc(build);
}

static void tree_emit_reserve(struct tree_build *build)
{
	uint64_t address, size;

	for (int i = 0; i < fdt_num_mem_rsv(build->base.fdt); i++)
		if (!fdt_get_mem_rsv(build->base.fdt, i, &address, &size))
			tree_out_reserve(&build->out, address, size);
	tree_out_end_reserve(&build->out);
}

static void tree_emit_base_props(struct tree_build *build, int offset)
{
	const char *name;
	const void *value;
	int prop, len;

	fdt_for_each_property_offset(prop, build->base.fdt, offset) {
		value = fdt_getprop_by_offset(build->base.fdt, prop, &name,
					      &len);
		if (value)
			tree_out_prop(&build->out, name, value, len);
	}
}

static void tree_emit_new_bus(struct tree_build *build)
{
	struct tree_out *out = &build->out;

	tree_out_begin(out, build->base.bus_path + 1);
	tree_out_string(out, "compatible", "simple-bus");
	tree_out_u32(out, "#address-cells", build->base.bus.address_cells);
	tree_out_u32(out, "#size-cells", build->base.bus.size_cells);
	tree_out_prop(out, "ranges", NULL, 0);
	tree_emit_tops(build);
	tree_out_end(out);
}

/*
 * An overlay's nodes, and what a VMM adds, are numbered behind the largest phandle that
 * the tree has.  Let that be behind the host's, too: a reference that leaves the claim
 * and that nobody knows still has its number, and would lead to one of those.
 */
static void tree_emit_last_phandle(struct tree_build *build)
{
	int len;

	if (build->tree->num_phandles &&
	    !fdt_getprop(build->base.fdt, TREE_ROOT, "phandle", &len))
		tree_out_u32(&build->out, "phandle", tree_new_phandle(build));
}

/* What the root gets beside its own children */
static void tree_emit_root_rest(struct tree_build *build)
{
	const void *fdt = build->base.fdt;

	if (build->base.bus_offset < 0)
		tree_emit_new_bus(build);
	if (fdt_subnode_offset(fdt, TREE_ROOT, TREE_RESERVED) < 0)
		tree_emit_reserved(build, false);
	tree_emit_standins(build);
	if (fdt_subnode_offset(fdt, TREE_ROOT, "aliases") < 0)
		tree_emit_names(build, "aliases", -1);
	if (fdt_subnode_offset(fdt, TREE_ROOT, "__symbols__") < 0)
		tree_emit_names(build, "__symbols__", -1);
}

/* Properties, children, and what is added behind them */
static void tree_emit_base_node(struct tree_build *build, int offset,
				bool is_root_child)
{
	const void *fdt = build->base.fdt;
	const char *name = fdt_get_name(fdt, offset, NULL);
	int child;

	tree_out_begin(&build->out, name);
	tree_emit_base_props(build, offset);
	if (offset == TREE_ROOT)
		tree_emit_last_phandle(build);
	if (is_root_child && (!strcmp(name, "aliases") ||
			      !strcmp(name, "__symbols__")))
		tree_emit_names(build, name, offset);
	fdt_for_each_subnode(child, fdt, offset)
		tree_emit_base_node(build, child, offset == TREE_ROOT);
	if (is_root_child && !strcmp(name, TREE_RESERVED))
		tree_emit_reserved(build, true);
	if (offset == build->base.bus_offset)
		tree_emit_tops(build);
	if (offset == TREE_ROOT)
		tree_emit_root_rest(build);
	tree_out_end(&build->out);
}

void tree_emit_base(struct tree_build *build)
{
	tree_emit_reserve(build);
	tree_emit_base_node(build, TREE_ROOT, false);
}
