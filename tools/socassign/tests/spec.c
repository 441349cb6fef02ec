// SPDX-License-Identifier: GPL-2.0
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"

uint32_t spec_cell(const uint32_t *cell)
{
	return fdt32_ld((const fdt32_t *)cell);
}

static struct spec_node *spec_read(struct spec *spec, int offset,
				   struct spec_node *parent,
				   struct spec_node ***last)
{
	struct spec_node *node = calloc(1, sizeof(*node));
	struct spec_node **child = &node->child;
	int sub;

	node->offset = offset;
	node->index = spec->num++;
	node->name = fdt_get_name(spec->fdt, offset, NULL);
	node->phandle = fdt_get_phandle(spec->fdt, offset);
	node->parent = parent;
	**last = node;
	*last = &node->all;
	fdt_for_each_subnode(sub, spec->fdt, offset) {
		*child = spec_read(spec, sub, node, last);
		child = &(*child)->next;
	}
	return node;
}

/* A hash table with twice the room it needs */
static struct spec_node **spec_slot(const struct spec *spec, uint32_t phandle)
{
	uint32_t slot = phandle * 2654435761u;

	for (;; slot++) {
		struct spec_node **at = &spec->by_phandle[slot & spec->mask];

		if (!*at || (*at)->phandle == phandle)
			return at;
	}
}

bool spec_open(struct spec *spec, const void *fdt)
{
	struct spec_node *first = NULL, **last = &first;

	*spec = (struct spec) { .fdt = fdt, .mask = 1 };
	spec->root = spec_read(spec, 0, NULL, &last);
	while (spec->mask < 2u * spec->num)
		spec->mask = 2 * spec->mask + 1;
	spec->by_phandle = calloc(spec->mask + 1, sizeof(*spec->by_phandle));
	for (struct spec_node *node = spec->root; node; node = node->all)
		if (node->phandle && !*spec_slot(spec, node->phandle))
			*spec_slot(spec, node->phandle) = node;
	return true;
}

void spec_close(struct spec *spec)
{
	struct spec_node *node = spec->root, *next;

	for (; node; node = next) {
		next = node->all;
		free(node);
	}
	free(spec->by_phandle);
}

const uint32_t *spec_prop(const struct spec *spec, const struct spec_node *node,
			  const char *name, int *cells)
{
	int len;
	const void *value = fdt_getprop(spec->fdt, node->offset, name, &len);

	*cells = value ? len / 4 : 0;
	return value;
}

uint32_t spec_u32(const struct spec *spec, const struct spec_node *node,
		  const char *name, uint32_t otherwise)
{
	int cells;
	const uint32_t *value = spec_prop(spec, node, name, &cells);

	return cells ? spec_cell(value) : otherwise;
}

struct spec_node *spec_phandle(const struct spec *spec, uint32_t phandle)
{
	return phandle ? *spec_slot(spec, phandle) : NULL;
}

struct spec_node *spec_child(const struct spec_node *node, const char *name)
{
	struct spec_node *child = node->child;

	while (child && strcmp(child->name, name))
		child = child->next;
	return child;
}

bool spec_below(const struct spec_node *node, const struct spec_node *above)
{
	while (node && node != above)
		node = node->parent;
	return node;
}

bool spec_is_pci(const struct spec *spec, const struct spec_node *node)
{
	int len;
	const char *type = fdt_getprop(spec->fdt, node->offset, "device_type",
				       &len);

	return type && ((len == 4 && !memcmp(type, "pci", 4)) ||
			(len == 6 && !memcmp(type, "pciex", 6)));
}

void spec_path(const struct spec_node *node, char *path, int size)
{
	if (!node->parent) {
		*path = 0;
		return;
	}
	spec_path(node->parent, path, size);
	size -= strlen(path);
	snprintf(path + strlen(path), size, "/%s", node->name);
}

/* Addresses */

static int spec_na(const struct spec *spec, const struct spec_node *bus)
{
	return spec_u32(spec, bus, "#address-cells", 2);
}

static int spec_ns(const struct spec *spec, const struct spec_node *bus)
{
	return spec_u32(spec, bus, "#size-cells", 1);
}

/* All cells but the last two have to be 0: the tests have no use for more. */
static bool spec_number(const uint32_t *cell, int num, uint64_t *number)
{
	*number = 0;
	for (int i = 0; i < num; i++) {
		if (i < num - 2 && spec_cell(cell + i))
			return false;
		*number = *number << 32 | spec_cell(cell + i);
	}
	return true;
}

static bool spec_to_cpu(const struct spec *spec, const struct spec_node *bus,
			uint64_t *address)
{
	uint64_t child, parent, size;
	const uint32_t *ranges;
	int na, pna, ns, cells, step;

	if (!bus->parent)
		return true;
	ranges = spec_prop(spec, bus, "ranges", &cells);
	if (!ranges || spec_is_pci(spec, bus))
		return false;
	if (!cells)
		return spec_to_cpu(spec, bus->parent, address);
	na = spec_na(spec, bus);
	pna = spec_na(spec, bus->parent);
	ns = spec_ns(spec, bus);
	step = na + pna + ns;
	for (; cells >= step; cells -= step, ranges += step) {
		if (!spec_number(ranges, na, &child) ||
		    !spec_number(ranges + na, pna, &parent) ||
		    !spec_number(ranges + na + pna, ns, &size) ||
		    *address < child || *address - child >= size)
			continue;
		*address += parent - child;
		return spec_to_cpu(spec, bus->parent, address);
	}
	return false;
}

static int spec_entry(const struct spec *spec, const struct spec_node *node,
		      enum spec_kind kind, int *skip)
{
	int pna = spec_na(spec, node->parent), ns = spec_ns(spec, node->parent);

	*skip = 0;
	if (kind == SPEC_REG)
		return pna + ns;
	*skip = spec_na(spec, node);
	return spec_is_pci(spec, node) && *skip > 1 ?
	       *skip + pna + spec_ns(spec, node) : 0;
}

int spec_num(const struct spec *spec, const struct spec_node *node,
	     enum spec_kind kind)
{
	int cells, skip, entry;

	if (!node->parent)
		return 0;
	entry = spec_entry(spec, node, kind, &skip);
	spec_prop(spec, node, kind == SPEC_REG ? "reg" : "ranges", &cells);
	return entry && spec_na(spec, node->parent) ? cells / entry : 0;
}

bool spec_span(const struct spec *spec, const struct spec_node *node,
	       enum spec_kind kind, int entry, uint64_t *address,
	       uint64_t *bytes)
{
	int cells, skip, size = spec_entry(spec, node, kind, &skip);
	int pna = spec_na(spec, node->parent);
	const uint32_t *value = spec_prop(spec, node, kind == SPEC_REG ?
					  "reg" : "ranges", &cells);

	value += entry * size + skip;
	return spec_number(value, pna, address) &&
	       spec_number(value + pna, size - skip - pna, bytes) && *bytes &&
	       spec_to_cpu(spec, node->parent, address);
}

/* Interrupts */

const struct spec_node *
spec_interrupt_parent(const struct spec *spec, const struct spec_node *node)
{
	int hops = 0, cells;

	do {
		const uint32_t *parent = spec_prop(spec, node,
						   "interrupt-parent", &cells);

		node = cells ? spec_phandle(spec, spec_cell(parent)) :
			       node->parent;
	} while (node && !spec_u32(spec, node, "#interrupt-cells", 0) &&
		 ++hops < 100);
	return node;
}

/* Where the nexus has none, that of its bus: old trees rely on it. */
static int spec_nexus_na(const struct spec *spec, const struct spec_node *nexus)
{
	int cells;

	for (; nexus; nexus = nexus->parent)
		if (spec_prop(spec, nexus, "#address-cells", &cells))
			return spec_u32(spec, nexus, "#address-cells", 0);
	return 2;
}

/* One entry: @child cells, the parent's phandle, address and specifier */
static bool spec_split(const struct spec *spec, const uint32_t *map, int cells,
		       int child, const struct spec_node **parent, int *address,
		       int *num)
{
	if (cells <= child)
		return false;
	*parent = spec_phandle(spec, spec_cell(map + child));
	if (!*parent)
		return false;
	*address = spec_u32(spec, *parent, "#address-cells", 0);
	*num = spec_u32(spec, *parent, "#interrupt-cells", 0);
	return *num && child + 1 + *address + *num <= cells;
}

static bool spec_is_off(const struct spec *spec, const struct spec_node *node)
{
	int len;
	const char *status = fdt_getprop(spec->fdt, node->offset, "status",
					 &len);

	return status && strcmp(status, "okay") && strcmp(status, "ok");
}

/* The drivers of some controllers read their maps, and nobody else does. */
static bool spec_has_map(const struct spec *spec, const struct spec_node *node)
{
	static const char *const readers[] = {
		"CBEA,platform-spider-pic", "sti,platform-spider-pic",
		"realtek,rtl-intc", "fsl,ls1021a-extirq", "fsl,ls1043a-extirq",
		"fsl,ls1088a-extirq", "renesas,rza1-irqc", "pasemi,rootbus",
	};
	int len;

	if (!fdt_getprop(spec->fdt, node->offset, "interrupt-map", &len))
		return false;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (fdt_stringlist_search(spec->fdt, node->offset, "compatible",
					  readers[i]) >= 0)
			return !fdt_getprop(spec->fdt, node->offset,
					    "interrupt-controller", &len);
	return true;
}

/* Unit address and specifier, as they stand in a map */
struct spec_unit {
	int num;
	uint32_t cells[2 * SPEC_MAX_CELLS];
};

/* The first entry that fits, of those whose parent is not disabled */
static bool spec_cross(const struct spec *spec, struct spec_line *line,
		       struct spec_unit *unit)
{
	const struct spec_node *nexus = line->controller, *parent;
	const uint32_t *map, *mask;
	int cells, masks, address, num;

	map = spec_prop(spec, nexus, "interrupt-map", &cells);
	mask = spec_prop(spec, nexus, "interrupt-map-mask", &masks);
	while (spec_split(spec, map, cells, unit->num, &parent, &address,
			  &num)) {
		const uint32_t *up = map + unit->num + 1;
		bool hit = !spec_is_off(spec, parent);

		for (int i = 0; i < unit->num; i++)
			hit &= !((unit->cells[i] ^ spec_cell(map + i)) &
				 (i < masks ? spec_cell(mask + i) : ~0u));
		cells -= unit->num + 1 + address + num;
		map = up + address + num;
		if (!hit)
			continue;
		line->controller = parent;
		line->num = num;
		unit->num = address + num;
		for (int i = 0; i < unit->num; i++)
			unit->cells[i] = spec_cell(up + i);
		memcpy(line->cells, unit->cells + address, num * 4);
		return true;
	}
	return false;
}

static bool spec_follow(const struct spec *spec, struct spec_line *line,
			struct spec_unit *unit)
{
	const struct spec_node *at;
	int len;

	for (int hops = 0; hops < 16 && line->controller; hops++) {
		at = line->controller;
		if (!spec_has_map(spec, at)) {
			if (fdt_getprop(spec->fdt, at->offset,
					"interrupt-controller", &len))
				return true;
			line->controller = spec_interrupt_parent(spec, at);
			continue;
		}
		if (!spec_cross(spec, line, unit))
			return false;
		if (line->controller == at)
			return true;
	}
	return false;
}

/* Entry @entry of interrupts; as spec_interrupt() */
static int spec_plain(const struct spec *spec, const struct spec_node *node,
		      int entry, struct spec_line *line)
{
	const uint32_t *value;
	int cells;

	value = spec_prop(spec, node, "interrupts", &cells);
	line->controller = spec_interrupt_parent(spec, node);
	if (!value || !line->controller)
		return value && cells && !entry ? 0 : -1;
	line->num = spec_u32(spec, line->controller, "#interrupt-cells", 0);
	if (line->num < 1 || line->num > SPEC_MAX_CELLS ||
	    entry >= cells / line->num)
		return -1;
	for (int i = 0; i < line->num; i++)
		line->cells[i] = spec_cell(value + entry * line->num + i);
	return 1;
}

static int spec_extended(const struct spec *spec, const struct spec_node *node,
			 int entry, struct spec_line *line)
{
	const uint32_t *value;
	int cells, num;

	value = spec_prop(spec, node, "interrupts-extended", &cells);
	for (; cells > 0; entry--, value += 1 + num, cells -= 1 + num) {
		line->controller = spec_phandle(spec, spec_cell(value));
		num = 0;
		if (!line->controller && spec_cell(value))
			return -1;
		if (line->controller)
			num = spec_u32(spec, line->controller,
				       "#interrupt-cells", 0);
		if (line->controller &&
		    (num < 1 || num > SPEC_MAX_CELLS || num >= cells))
			return -1;
		if (entry)
			continue;
		line->num = num;
		for (int i = 0; i < num; i++)
			line->cells[i] = spec_cell(value + 1 + i);
		return num > 0;
	}
	return -1;
}

/* The raw specifier; Linux looks into both properties, in this order. */
static int spec_raw(const struct spec *spec, const struct spec_node *node,
		    int entry, struct spec_line *line)
{
	struct spec_line plain;
	int ret = spec_extended(spec, node, entry, line);
	int other;

	if (ret == 1)
		return 1;
	other = spec_plain(spec, node, entry, &plain);
	if (other < ret)
		return ret;
	*line = plain;
	return other;
}

int spec_interrupt(const struct spec *spec, const struct spec_node *node,
		   int entry, spec_stop stop, const void *data,
		   struct spec_line *line)
{
	struct spec_unit unit = {};
	int ret = spec_raw(spec, node, entry, line), units, na;
	const uint32_t *reg = spec_prop(spec, node, "reg", &units);

	if (ret <= 0)
		return ret;
	if (stop && stop(data, line->controller))
		return 1;
	na = spec_nexus_na(spec, line->controller);
	for (int i = 0; i < na && i < units; i++)
		unit.cells[i] = spec_cell(reg + i);
	memcpy(unit.cells + na, line->cells, line->num * 4);
	unit.num = na + line->num;
	return spec_follow(spec, line, &unit);
}

/* What the child gets: of several entries for it, the first that it can have */
int spec_map(const struct spec *spec, const struct spec_node *node, int entry,
	     spec_stop stop, const void *data, struct spec_line *own,
	     struct spec_line *line)
{
	int own_cells = spec_u32(spec, node, "#interrupt-cells", 0);
	int cells, address, num, na = spec_nexus_na(spec, node);
	const struct spec_node *parent;
	struct spec_unit unit = { .num = na + own_cells };
	const uint32_t *map;

	map = spec_prop(spec, node, "interrupt-map", &cells);
	for (;; entry--) {
		if (!own_cells || !spec_split(spec, map, cells, unit.num,
					      &parent, &address, &num))
			return -1;
		if (!entry)
			break;
		map += unit.num + 1 + address + num;
		cells -= unit.num + 1 + address + num;
	}
	own->num = unit.num;
	for (int i = 0; i < unit.num; i++)
		own->cells[i] = spec_cell(map + i);
	memcpy(unit.cells, own->cells, sizeof(own->cells));
	line->controller = node;
	if (!spec_has_map(spec, node) || !spec_cross(spec, line, &unit))
		return 0;
	if (stop && stop(data, line->controller))
		return 1;
	return line->controller != node && spec_follow(spec, line, &unit);
}
