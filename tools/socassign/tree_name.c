// SPDX-License-Identifier: GPL-2.0
/*
 * Names, paths and phandles in the guest
 */
#include <inttypes.h>
#include <stdio.h>

#include "tree_internal.h"

const char *tree_guest_name(const struct tree_build *build, int node)
{
	return build->name[node] ? build->name[node] :
				   build->tree->nodes[node].name;
}

char *tree_guest_path(const struct tree_build *build, int node)
{
	int up = build->tree->nodes[node].parent;
	const char *bus = tree_is_reserved_root(build->tree, node) ? "" :
			  build->base.bus_path;
	char *above = up > TREE_ROOT ? tree_guest_path(build, up) : strdup(bus);
	char *path = NULL;

	if (above && asprintf(&path, "%s/%s", above,
			      tree_guest_name(build, node)) < 0)
		path = NULL;
	free(above);
	return path;
}

/* The base tree has the name below the bus already; unit addresses count. */
static bool tree_base_has(const struct tree_build *build, const char *name)
{
	const struct tree_base *base = &build->base;
	int child;

	if (base->bus_offset < 0)
		return false;
	fdt_for_each_subnode(child, base->fdt, base->bus_offset)
		if (!strcmp(fdt_get_name(base->fdt, child, NULL), name))
			return true;
	return false;
}

/* Somebody at the top has the name already. */
static bool tree_name_is_taken(const struct tree_build *build, int node,
			       const char *name)
{
	const struct soca_tree *tree = build->tree;
	int top;

	tree_for_each_child(tree, top, TREE_ROOT)
		if (top != node && build->role[top] != TREE_OUTSIDE &&
		    !strcmp(tree_guest_name(build, top), name))
			return true;
	return tree_base_has(build, name);
}

/* "soc@1000" becomes "soc-2@1000", and so on */
static char *tree_name_other(const char *name, int count)
{
	int stem = strcspn(name, "@");
	char *other;

	return asprintf(&other, "%.*s-%d%s", stem, name, count,
			name + stem) < 0 ? NULL : other;
}

static int tree_name_apart(struct tree_build *build, int node)
{
	char *name = strdup(tree_guest_name(build, node)), *other;

	if (!name)
		return -ENOMEM;
	for (int count = 2; tree_name_is_taken(build, node,
					       tree_guest_name(build, node));
	     count++) {
		other = tree_name_other(name, count);
		free(build->name[node]);
		build->name[node] = other;
		if (!other)
			break;
	}
	free(name);
	return 0;
}

/* A unit address that says where the node is has to say where it is now. */
static int tree_name_address(struct tree_build *build, int node)
{
	const char *name = build->tree->nodes[node].name;
	int stem = strcspn(name, "@");
	uint64_t host, guest;
	char *end;

	if (!name[stem] || !tree_has_moved(build, node, &host, &guest) ||
	    strtoull(name + stem + 1, &end, 16) != host || *end)
		return 0;
	if (asprintf(&build->name[node], "%.*s@%" PRIx64, stem, name,
		     guest) >= 0)
		return 0;
	build->name[node] = NULL;
	return -ENOMEM;
}

/* Where ranges starts on the bus that the node is on */
static bool tree_ranges_start(const struct soca_tree *tree, int node,
			      uint64_t *address)
{
	struct tree_cells cells;
	struct tree_bus bus, up;

	tree_cells(tree, node, "ranges", &cells);
	return tree_bus(tree, node, &bus) &&
	       tree_bus(tree, tree->nodes[node].parent, &up) &&
	       cells.num >= bus.address_cells + up.address_cells &&
	       tree_read(cells.cell + bus.address_cells, up.address_cells,
			 address);
}

/*
 * A skeleton has not kept its reg.  What it has is ranges: its unit address is
 * where that starts, or it has none: "soc@1000" becomes "soc-1000".  One that
 * had no reg on the host, either, is as right or wrong as it is there.
 */
static int tree_name_skeleton(struct tree_build *build, int node)
{
	const char *name = build->tree->nodes[node].name;
	int stem = strcspn(name, "@"), len;
	uint64_t address;
	char *end;

	if (build->role[node] != TREE_SKELETON || !name[stem] ||
	    !tree_has(build->tree, node, "reg"))
		return 0;
	if (!tree_ranges_start(build->tree, node, &address)) {
		len = asprintf(&build->name[node], "%.*s-%s", stem, name,
			       name + stem + 1);
	} else {
		/* Only below a simple bus it has to be that very address. */
		if ((build->tree->nodes[node].parent == TREE_ROOT &&
		     !*build->base.bus_path) ||
		    (strtoull(name + stem + 1, &end, 16) == address && !*end))
			return 0;
		len = asprintf(&build->name[node], "%.*s@%" PRIx64, stem, name,
			       address);
	}
	if (len >= 0)
		return 0;
	build->name[node] = NULL;
	return -ENOMEM;
}

/* Below /reserved-memory: the base's children are there, too. */
static bool tree_partition_is_taken(const struct tree_build *build,
				    const char *name)
{
	const void *fdt = build->base.fdt;
	int child, top = fdt_path_offset(fdt, "/" TREE_RESERVED);

	if (top < 0)
		return false;
	fdt_for_each_subnode(child, fdt, top)
		if (!strcmp(fdt_get_name(fdt, child, NULL), name))
			return true;
	return false;
}

/* A partition is named by where the guest has it. */
static int tree_name_partition(struct tree_build *build, int node)
{
	const struct tree_region *region =
		tree_region(build, node, SOCASSIGN_REGION_REG, 0);
	const char *name = build->tree->nodes[node].name;
	int stem = strcspn(name, "@");

	if (region && name[stem] && region->guest != region->host &&
	    asprintf(&build->name[node], "%.*s@%" PRIx64, stem, name,
		     region->guest) < 0) {
		build->name[node] = NULL;
		return -ENOMEM;
	}
	if (!tree_partition_is_taken(build, tree_guest_name(build, node)))
		return 0;
	tree_note(build, SOCA_TREE_ERROR, node, NULL,
		  "the guest's base tree has a partition of that name");
	return -EINVAL;
}

/* It, or something above it, has another name. */
static bool tree_is_renamed(const struct tree_build *build, int node)
{
	while (node > TREE_ROOT && !build->name[node])
		node = build->tree->nodes[node].parent;
	return node > TREE_ROOT;
}

/* Who looks for a device by the host's path has to know. */
static int tree_tell_path(struct tree_build *build, int node)
{
	const struct soca_tree_guest *guest = build->guest;
	char *path = tree_guest_path(build, node);
	char *host = tree_path(build->tree, node);
	int ret = path && host ? 0 : -ENOMEM;

	if (!ret && guest->placed)
		guest->placed(guest->data, host, path);
	if (!ret && tree_is_renamed(build, node))
		tree_note(build, SOCA_TREE_REPLACED, node, NULL,
			  "its path in the guest is %s", path);
	free(host);
	free(path);
	return ret;
}

static int tree_name_rest(struct tree_build *build)
{
	int ret = 0;

	for (int node = 1; node < build->tree->num && !ret; node++) {
		if (build->role[node] == TREE_CLAIMED &&
		    tree_is_reserved(build->tree, node))
			ret = tree_name_partition(build, node);
		if (!ret && build->named[node])
			ret = tree_tell_path(build, node);
	}
	return ret;
}

int tree_name_tops(struct tree_build *build)
{
	const struct soca_tree *tree = build->tree;
	int top, ret = 0;

	for (int node = 1; node < tree->num && !ret; node++)
		ret = tree_name_skeleton(build, node);
	tree_for_each_child(tree, top, TREE_ROOT) {
		if (build->role[top] == TREE_OUTSIDE ||
		    tree_is_reserved_root(tree, top))
			continue;
		if (!ret && !build->name[top])
			ret = tree_name_address(build, top);
		if (!ret)
			ret = tree_name_apart(build, top);
	}
	return ret ? ret : tree_name_rest(build);
}

/* Behind all that either tree uses, so that it leads to no wrong node. */
static uint32_t tree_first_phandle(const struct tree_build *build)
{
	const struct soca_tree *tree = build->tree;
	uint32_t base = 0, host = 0;

	fdt_find_max_phandle(build->base.fdt, &base);
	if (tree->num_phandles)
		host = tree->phandles[tree->num_phandles - 1].phandle;
	/* One that is so high is not worth running out for. */
	if (host > UINT32_MAX / 2)
		host = 0;
	return (base > host ? base : host) + 1;
}

uint32_t tree_new_phandle(struct tree_build *build)
{
	if (!build->next_phandle)
		build->next_phandle = tree_first_phandle(build);
	while (tree_by_phandle(build->tree, build->next_phandle) != TREE_NONE)
		build->next_phandle++;
	if (build->next_phandle && build->next_phandle != UINT32_MAX)
		return build->next_phandle++;
	build->next_phandle = UINT32_MAX;
	tree_note(build, SOCA_TREE_ERROR, TREE_ROOT, NULL,
		  "there are no phandles left");
	tree_out_fail(&build->out, -EOVERFLOW);
	return 0;
}

/*
 * The host's, if no other node of the host's has it, too.  Interrupt parents
 * need one: a child that has none may get an explicit one.
 */
static uint32_t tree_number_node(struct tree_build *build, int node)
{
	uint32_t phandle = build->tree->nodes[node].phandle;

	if (phandle && tree_by_phandle(build->tree, phandle) == node)
		return phandle;
	if (phandle || tree_has(build->tree, node, "#interrupt-cells"))
		return tree_new_phandle(build);
	return 0;
}

int tree_number(struct tree_build *build)
{
	for (int node = 1; node < build->tree->num; node++)
		if (tree_inside(build, node))
			build->phandle[node] = tree_number_node(build, node);
	return build->out.err;
}
