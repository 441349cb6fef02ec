// SPDX-License-Identifier: GPL-2.0
/*
 * Where registers go
 *
 * Only the nodes at the top of the guest's tree have addresses rewritten: their
 * reg, if they are claimed, and the ranges of the bus behind them.  Below, reg
 * and ranges are the host's: a child may have a meaning in its address that
 * only its driver knows (a chip select), and names and paths stay valid.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tree_internal.h"

/* The child of the root that the node is, or is below. */
static int tree_top(const struct soca_tree *tree, int node)
{
	while (tree->nodes[node].parent > TREE_ROOT)
		node = tree->nodes[node].parent;
	return node;
}

static int tree_region_keep(struct tree_build *build,
			    const struct tree_region *region)
{
	struct tree_region *regions = tree_grow(build->regions,
						build->num_regions,
						sizeof(*regions));

	if (!regions)
		return -ENOMEM;
	build->regions = regions;
	build->regions[build->num_regions++] = *region;
	return 0;
}

/* Ask the caller where it goes. */
static int tree_region_place(struct tree_build *build,
			     struct tree_region *region)
{
	const struct soca_tree_guest *guest = build->guest;
	struct soca_tree_region ask = {
		.kind = region->kind, .entry = region->entry,
		.address = region->host, .bytes = region->bytes,
	};
	char *path;
	int ret;

	region->guest = region->host;
	if (!guest->region)
		return 0;
	path = tree_path(build->tree, region->node);
	if (!path)
		return -ENOMEM;
	ask.path = path;
	ret = guest->region(guest->data, &ask, &region->guest);
	free(path);
	if (ret)
		tree_note(build, SOCA_TREE_ERROR, region->node, NULL,
			  "the guest has no place for region %" PRIu32
			  " at 0x%" PRIx64, region->entry, region->host);
	return ret > 0 ? -EINVAL : ret;
}

/* Behind the end of the address space there is nothing. */
static bool tree_region_wraps(const struct tree_region *region)
{
	return region->host + region->bytes - 1 < region->host ||
	       region->guest + region->bytes - 1 < region->guest;
}

static int tree_region_add(struct tree_build *build, struct tree_region *region)
{
	const struct soca_tree *tree = build->tree;
	int bus = tree->nodes[region->node].parent, ret;

	region->top = tree_top(tree, region->node);
	region->inner = region->host;
	if (!region->bytes ||
	    !tree_translate(tree, bus, TREE_ROOT, &region->host))
		return 0;
	if (region->top != region->node)
		tree_translate(tree, bus, region->top, &region->inner);
	ret = tree_region_place(build, region);
	if (!ret && tree_region_wraps(region)) {
		tree_note(build, SOCA_TREE_ERROR, region->node, NULL,
			  "a region wraps around the address space");
		ret = -EINVAL;
	}
	return ret ? ret : tree_region_keep(build, region);
}

static int tree_node_regions(struct tree_build *build, int node, uint32_t kind)
{
	uint32_t num = tree_num_entries(build->tree, node, kind);
	int ret = 0;

	for (uint32_t i = 0; i < num && !ret; i++) {
		struct tree_region region = {
			.node = node, .kind = kind, .entry = i,
		};
		bool found = kind == SOCASSIGN_REGION_REG ?
			     tree_reg(build->tree, node, i, &region.host,
				      &region.bytes) :
			     tree_window(build->tree, node, i, &region.host,
					 &region.bytes);

		if (found)
			ret = tree_region_add(build, &region);
	}
	return ret;
}

/* One address of the guest's, two of the host's. */
static bool tree_regions_clash(const struct tree_region *a,
			       const struct tree_region *b)
{
	return a->guest <= b->guest + (b->bytes - 1) &&
	       b->guest <= a->guest + (a->bytes - 1) &&
	       a->guest - a->host != b->guest - b->host;
}

static int tree_check_places(struct tree_build *build)
{
	for (int i = 0; i < build->num_regions; i++)
		for (int j = 0; j < i; j++) {
			const struct tree_region *region = &build->regions[i];

			if (!tree_regions_clash(&build->regions[j], region))
				continue;
			tree_note(build, SOCA_TREE_ERROR, region->node, NULL,
				  "region %" PRIu32 " goes to 0x%" PRIx64 ", where another one is",
				  region->entry, region->guest);
			return -EINVAL;
		}
	return 0;
}

int tree_find_regions(struct tree_build *build)
{
	int ret = 0;

	for (int node = 1; node < build->tree->num && !ret; node++) {
		if (build->role[node] != TREE_CLAIMED)
			continue;
		ret = tree_node_regions(build, node, SOCASSIGN_REGION_REG);
		if (!ret)
			ret = tree_node_regions(build, node,
						SOCASSIGN_REGION_RANGES);
	}
	/* Where nobody has placed them they are as on the host. */
	return ret || !build->guest->region ? ret : tree_check_places(build);
}

/* They are in the order of the nodes. */
const struct tree_region *tree_region(const struct tree_build *build, int node,
				      uint32_t kind, uint32_t entry)
{
	int first = 0, last = build->num_regions;

	while (first < last) {
		int middle = first + (last - first) / 2;

		if (build->regions[middle].node < node)
			first = middle + 1;
		else
			last = middle;
	}
	for (; first < build->num_regions &&
	     build->regions[first].node == node; first++)
		if (build->regions[first].kind == kind &&
		    build->regions[first].entry == entry)
			return &build->regions[first];
	return NULL;
}

/* Rewriting */

/**
 * struct tree_rewrite - What is being rewritten
 * @build: The build
 * @node: Its node
 * @list: What it becomes; an error of it is told with its name
 * @rest: Bytes at its end that are no whole entry, as on the host
 */
struct tree_rewrite {
	struct tree_build *build;
	int node;
	struct tree_list list;
	int rest;
};

/* Of a property with entries of so many cells, 0: it cannot be read at all */
static int tree_rest(const struct tree_rewrite *to, const char *name, int cells)
{
	int len;

	tree_prop(to->build->tree, to->node, name, &len);
	return cells ? len % (cells * (int)sizeof(fdt32_t)) : len;
}

static void tree_add_guest(struct tree_rewrite *to, uint64_t address)
{
	tree_list_number(&to->list, to->build->base.bus.address_cells, address);
}

/* Where the guest sees entry @entry, @address where it is no region. */
static uint64_t tree_guest_address(const struct tree_build *build, int node,
				   uint32_t kind, uint32_t entry,
				   uint64_t address)
{
	const struct tree_region *region = tree_region(build, node, kind,
						       entry);

	return region ? region->guest : address;
}

static void tree_new_reg(struct tree_rewrite *to)
{
	const struct tree_build *build = to->build;
	uint32_t num = tree_num_entries(build->tree, to->node,
					SOCASSIGN_REGION_REG);
	uint64_t address, bytes;

	to->rest = tree_rest(to, "reg",
			     tree_entry_cells(build->tree, to->node,
					      SOCASSIGN_REGION_REG));
	for (uint32_t i = 0; i < num && !to->list.err; i++) {
		if (!tree_reg(build->tree, to->node, i, &address, &bytes)) {
			tree_list_fail(&to->list, -EINVAL);
			break;
		}
		tree_add_guest(to, tree_guest_address(build, to->node,
						      SOCASSIGN_REGION_REG, i,
						      address));
		tree_list_number(&to->list, build->base.bus.size_cells, bytes);
	}
}

/* One entry: the child's address and the size are the host's. */
static void tree_copy_range(struct tree_rewrite *to, const fdt32_t *cell,
			    const struct tree_bus *bus, int up, int64_t window)
{
	uint64_t address;

	if (!tree_read(cell + bus->address_cells, up, &address)) {
		tree_list_fail(&to->list, -EINVAL);
		return;
	}
	if (window >= 0)
		address = tree_guest_address(to->build, to->node,
					     SOCASSIGN_REGION_RANGES, window,
					     address);
	tree_list_copy(&to->list, cell, bus->address_cells);
	tree_add_guest(to, address);
	tree_list_copy(&to->list, cell + bus->address_cells + up,
		       bus->size_cells);
}

/*
 * ranges or dma-ranges as they are on the host, in the cells of the guest's
 * bus; windows go where the caller wants them.
 */
static void tree_copy_ranges(struct tree_rewrite *to, const char *name,
			     bool windows)
{
	const struct soca_tree *tree = to->build->tree;
	struct tree_bus bus, up;
	struct tree_cells cells;
	int entry;

	if (!tree_bus(tree, to->node, &bus) ||
	    !tree_bus(tree, TREE_ROOT, &up)) {
		tree_list_fail(&to->list, -EINVAL);
		return;
	}
	tree_cells(tree, to->node, name, &cells);
	entry = bus.address_cells + up.address_cells + bus.size_cells;
	to->rest = tree_rest(to, name, entry);
	for (int i = 0; (i + 1) * entry <= cells.num; i++)
		tree_copy_range(to, cells.cell + i * entry, &bus,
				up.address_cells, windows ? i : -1);
}

static bool tree_is_below(const struct tree_region *region, int top)
{
	return region->top == top && region->node != top;
}

/* Every region below @top is where the host has it. */
static bool tree_stays(const struct tree_build *build, int top)
{
	for (int i = 0; i < build->num_regions; i++)
		if (tree_is_below(&build->regions[i], top) &&
		    build->regions[i].guest != build->regions[i].host)
			return false;
	return true;
}

static int tree_piece_cmp(const void *left, const void *right)
{
	const struct tree_region *a = left, *b = right;

	if (a->inner != b->inner)
		return a->inner < b->inner ? -1 : 1;
	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return a->node - b->node;
}

/* Copies of the regions below @top, sorted by their addresses there. */
static int tree_pieces(const struct tree_build *build, int top,
		       struct tree_region **pieces)
{
	int num = 0;

	*pieces = calloc(build->num_regions + 1, sizeof(**pieces));
	if (!*pieces)
		return -ENOMEM;
	for (int i = 0; i < build->num_regions; i++)
		if (tree_is_below(&build->regions[i], top))
			(*pieces)[num++] = build->regions[i];
	qsort(*pieces, num, sizeof(**pieces), tree_piece_cmp);
	return num;
}

/* Both go the same way from the bus to the guest. */
static bool tree_same_way(const struct tree_region *a,
			  const struct tree_region *b)
{
	return a->guest - a->inner == b->guest - b->inner;
}

/* @next starts behind @piece or where it does: 1 if they became one */
static int tree_join(struct tree_build *build, struct tree_region *piece,
		     const struct tree_region *next, uint64_t most)
{
	uint64_t last = piece->inner + (piece->bytes - 1);
	uint64_t next_last = next->inner + (next->bytes - 1);

	if (next->inner > last && next->inner - last > 1)
		return 0;
	if (tree_same_way(piece, next)) {
		if (next_last <= last)
			return 1;
		if (next_last - piece->inner >= most)
			return 0;
		piece->bytes = next_last - piece->inner + 1;
		return 1;
	}
	if (next->inner > last)
		return 0;
	tree_note(build, SOCA_TREE_ERROR, next->node, NULL,
		  "a region of it overlaps one that goes elsewhere");
	return -EINVAL;
}

/* @most: the largest size that an entry can have */
static int tree_join_pieces(struct tree_build *build,
			    struct tree_region *pieces, int num, uint64_t most)
{
	int have = 0;

	for (int i = 0; i < num; i++) {
		int ret = have ? tree_join(build, &pieces[have - 1],
					   &pieces[i], most) : 0;

		if (ret < 0)
			return ret;
		if (!ret)
			pieces[have++] = pieces[i];
	}
	return have;
}

/* An entry for all that lie side by side and go the same way. */
static void tree_split_ranges(struct tree_rewrite *to)
{
	struct tree_region *pieces;
	struct tree_bus bus = {};
	int num = tree_pieces(to->build, to->node, &pieces);

	tree_bus(to->build->tree, to->node, &bus);
	if (num >= 0)
		num = tree_join_pieces(to->build, pieces, num,
				       bus.size_cells > 1 ? UINT64_MAX :
							    UINT32_MAX);
	if (num < 0)
		tree_list_fail(&to->list, num);
	for (int i = 0; i < num; i++) {
		tree_list_number(&to->list, bus.address_cells,
				 pieces[i].inner);
		tree_add_guest(to, pieces[i].guest);
		tree_list_number(&to->list, bus.size_cells, pieces[i].bytes);
	}
	free(pieces);
}

/* An empty ranges says that both sides write addresses alike. */
static bool tree_same_bus(const struct tree_build *build, int node)
{
	struct tree_bus bus;

	return tree_bus(build->tree, node, &bus) &&
	       bus.address_cells == build->base.bus.address_cells &&
	       bus.size_cells == build->base.bus.size_cells;
}

static void tree_new_ranges(struct tree_rewrite *to)
{
	struct tree_build *build = to->build;
	struct tree_cells cells;

	tree_cells(build->tree, to->node, "ranges", &cells);
	if (tree_is_pci(build->tree, to->node))
		tree_copy_ranges(to, "ranges", true);
	else if (!tree_stays(build, to->node))
		tree_split_ranges(to);
	else if (cells.num)
		tree_copy_ranges(to, "ranges", false);
	else if (!tree_same_bus(build, to->node))
		tree_split_ranges(to);
}

/*
 * All of a bus: of one with 32 bits in two halves, of a wider one as much as
 * any machine has.  No entry can say "all".
 */
static void tree_whole_ranges(struct tree_rewrite *to)
{
	struct tree_bus bus;
	bool wide;

	if (!tree_bus(to->build->tree, to->node, &bus)) {
		tree_list_fail(&to->list, -EINVAL);
		return;
	}
	wide = bus.size_cells > 1 && bus.address_cells > 1;
	for (uint64_t half = 0; half < (wide ? 1 : 2); half++) {
		tree_list_number(&to->list, bus.address_cells, half << 31);
		tree_add_guest(to, half << 31);
		tree_list_number(&to->list, bus.size_cells,
				 wide ? 1ull << 48 : 1ull << 31);
	}
}

static void tree_new_dma_ranges(struct tree_rewrite *to)
{
	struct tree_cells cells;

	tree_cells(to->build->tree, to->node, "dma-ranges", &cells);
	if (cells.num)
		tree_copy_ranges(to, "dma-ranges", false);
	else if (!tree_same_bus(to->build, to->node))
		tree_whole_ranges(to);
}

static void tree_rewrite(struct tree_build *build, int node, const char *name,
			 void (*make)(struct tree_rewrite *to))
{
	struct tree_rewrite to = { .build = build, .node = node };
	int ret;

	if (!tree_has(build->tree, node, name))
		return;
	make(&to);
	if (to.rest)
		tree_note(build, SOCA_TREE_DROPPED, node, name,
			  "%d bytes at its end are no whole entry", to.rest);
	if (!to.list.err && (to.list.num || !to.rest))
		tree_out_prop(&build->out, name, to.list.cell,
			      to.list.num * sizeof(fdt32_t));
	ret = tree_list_free(&to.list);
	if (!ret)
		return;
	tree_note(build, SOCA_TREE_ERROR, node, name, ret == -ERANGE ?
		  "an address or size needs more cells than the bus has" :
		  "it cannot be rewritten for the guest");
	tree_out_fail(&build->out, ret);
}

/* reg, ranges and dma-ranges of a node at the top */
void tree_emit_top_addresses(struct tree_build *build, int node)
{
	if (build->role[node] != TREE_SKELETON)
		tree_rewrite(build, node, "reg", tree_new_reg);
	tree_rewrite(build, node, "ranges", tree_new_ranges);
	tree_rewrite(build, node, "dma-ranges", tree_new_dma_ranges);
}

/* Where a bus that is no device starts: on the host, in the guest */
static bool tree_bus_start(const struct tree_build *build, int node,
			   uint64_t *host, uint64_t *guest)
{
	const struct soca_tree *tree = build->tree;
	struct tree_cells cells;
	struct tree_bus bus, up;
	uint64_t inner = UINT64_MAX;

	tree_cells(tree, node, "ranges", &cells);
	if (!tree_bus(tree, node, &bus) || !tree_bus(tree, TREE_ROOT, &up) ||
	    cells.num < bus.address_cells + up.address_cells ||
	    !tree_read(cells.cell + bus.address_cells, up.address_cells, host))
		return false;
	*guest = *host;
	if (tree_stays(build, node))
		return true;
	for (int i = 0; i < build->num_regions; i++) {
		const struct tree_region *region = &build->regions[i];

		if (tree_is_below(region, node) && region->inner < inner) {
			inner = region->inner;
			*guest = region->guest;
		}
	}
	return true;
}

/* What the unit address of a node at the top says, if it has moved */
bool tree_has_moved(const struct tree_build *build, int node, uint64_t *host,
		    uint64_t *guest)
{
	uint64_t bytes;

	if (build->role[node] == TREE_SKELETON ||
	    !tree_has(build->tree, node, "reg")) {
		if (!tree_bus_start(build, node, host, guest))
			return false;
	} else {
		if (!tree_reg(build->tree, node, 0, host, &bytes))
			return false;
		*guest = tree_guest_address(build, node, SOCASSIGN_REGION_REG,
					    0, *host);
	}
	return *host != *guest;
}
