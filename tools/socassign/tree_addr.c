// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses, as the Devicetree Specification has them: reg, ranges, windows
 */
#include "tree_internal.h"

/* What #address-cells and #size-cells default to (Specification 2.3.5). */
#define TREE_ADDRESS_CELLS	2
#define TREE_SIZE_CELLS		1

bool tree_bus(const struct soca_tree *tree, int node, struct tree_bus *bus)
{
	uint32_t address = tree_u32(tree, node, "#address-cells",
				    TREE_ADDRESS_CELLS);
	uint32_t size = tree_u32(tree, node, "#size-cells", TREE_SIZE_CELLS);

	bus->address_cells = address;
	bus->size_cells = size;
	return address && address <= TREE_MAX_CELLS && size <= TREE_MAX_CELLS;
}

bool tree_is_pci(const struct soca_tree *tree, int node)
{
	const char *type = tree_blob_string(tree->fdt, tree->nodes[node].offset,
					    "device_type");

	return type && (!strcmp(type, "pci") || !strcmp(type, "pciex"));
}

bool tree_read(const fdt32_t *cell, int num, uint64_t *value)
{
	uint64_t result = 0;

	for (; num; num--, cell++) {
		if (result >> 32)
			return false;
		result = result << 32 | fdt32_ld(cell);
	}
	*value = result;
	return true;
}

bool tree_write(fdt32_t *cell, int num, uint64_t value)
{
	while (num--) {
		cell[num] = cpu_to_fdt32((uint32_t)value);
		value >>= 32;
	}
	return !value;
}

/* Translate with one entry of ranges: child address, parent address, size. */
static bool tree_range_hits(const fdt32_t *cell, const struct tree_bus *bus,
			    int parent_cells, uint64_t *address)
{
	uint64_t child, parent, bytes;

	if (!tree_read(cell, bus->address_cells, &child) ||
	    !tree_read(cell + bus->address_cells, parent_cells, &parent) ||
	    !tree_read(cell + bus->address_cells + parent_cells,
		       bus->size_cells, &bytes))
		return false;
	if (*address < child || *address - child >= bytes)
		return false;
	*address = *address - child + parent;
	return true;
}

/* One level up: from the bus below @node to the one that @node is on. */
static bool tree_translate_one(const struct soca_tree *tree, int node,
			       uint64_t *address)
{
	struct tree_bus bus, up;
	struct tree_cells cells;
	int entry;

	if (tree_is_pci(tree, node) || !tree_bus(tree, node, &bus) ||
	    !tree_bus(tree, tree->nodes[node].parent, &up) ||
	    !tree_cells(tree, node, "ranges", &cells))
		return false;
	if (!cells.num)
		return true;
	entry = bus.address_cells + up.address_cells + bus.size_cells;
	for (int at = 0; at + entry <= cells.num; at += entry)
		if (tree_range_hits(cells.cell + at, &bus, up.address_cells,
				    address))
			return true;
	return false;
}

bool tree_translate(const struct soca_tree *tree, int bus, int stop,
		    uint64_t *address)
{
	for (; bus != stop; bus = tree->nodes[bus].parent)
		if (bus <= TREE_ROOT ||
		    !tree_translate_one(tree, bus, address))
			return false;
	return true;
}

bool tree_reg(const struct soca_tree *tree, int node, uint32_t entry,
	      uint64_t *address, uint64_t *bytes)
{
	struct tree_cells cells;
	struct tree_bus bus;
	const fdt32_t *cell;

	if (node == TREE_ROOT ||
	    !tree_bus(tree, tree->nodes[node].parent, &bus) ||
	    entry >= tree_num_entries(tree, node, SOCASSIGN_REGION_REG))
		return false;
	tree_cells(tree, node, "reg", &cells);
	cell = cells.cell + entry * (bus.address_cells + bus.size_cells);
	return tree_read(cell, bus.address_cells, address) &&
	       tree_read(cell + bus.address_cells, bus.size_cells, bytes);
}

bool tree_window(const struct soca_tree *tree, int node, uint32_t entry,
		 uint64_t *address, uint64_t *bytes)
{
	struct tree_bus bus, up;
	struct tree_cells cells;
	const fdt32_t *cell;

	if (entry >= tree_num_entries(tree, node, SOCASSIGN_REGION_RANGES))
		return false;
	tree_bus(tree, node, &bus);
	tree_bus(tree, tree->nodes[node].parent, &up);
	tree_cells(tree, node, "ranges", &cells);
	cell = cells.cell + bus.address_cells +
	       entry * (bus.address_cells + up.address_cells + bus.size_cells);
	return tree_read(cell, up.address_cells, address) &&
	       tree_read(cell + up.address_cells, bus.size_cells, bytes);
}

int tree_entry_cells(const struct soca_tree *tree, int node, uint32_t kind)
{
	struct tree_bus bus, up;

	if (node == TREE_ROOT || !tree_bus(tree, tree->nodes[node].parent, &up))
		return 0;
	if (kind == SOCASSIGN_REGION_REG)
		return up.address_cells + up.size_cells;
	/* The first cell of a PCI address is its type. */
	if (!tree_is_pci(tree, node) || !tree_bus(tree, node, &bus) ||
	    bus.address_cells < 2)
		return 0;
	return bus.address_cells + up.address_cells + bus.size_cells;
}

uint32_t tree_num_entries(const struct soca_tree *tree, int node, uint32_t kind)
{
	int entry = tree_entry_cells(tree, node, kind);
	struct tree_cells cells;

	tree_cells(tree, node, kind == SOCASSIGN_REGION_REG ? "reg" : "ranges",
		   &cells);
	return entry ? cells.num / entry : 0;
}

bool tree_is_mapped(const struct soca_tree *tree, int node)
{
	uint64_t address, bytes;
	int bus = tree->nodes[node].parent;

	for (uint32_t i = 0; i < tree_num_entries(tree, node,
						  SOCASSIGN_REGION_REG); i++)
		if (tree_reg(tree, node, i, &address, &bytes) && bytes &&
		    tree_translate(tree, bus, TREE_ROOT, &address))
			return true;
	return tree_num_entries(tree, node, SOCASSIGN_REGION_RANGES) &&
	       tree_window(tree, node, 0, &address, &bytes) && bytes &&
	       tree_translate(tree, bus, TREE_ROOT, &address);
}
