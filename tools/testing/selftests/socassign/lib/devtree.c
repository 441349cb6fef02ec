// SPDX-License-Identifier: GPL-2.0
#include "devtree.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TREE "/sys/firmware/devicetree/base"

static struct dt_node *tree;
static struct dt_node **tree_end;

#define NUM_RECENT 16
static const struct dt_node *recent_phandles[NUM_RECENT];

/* Loading */

static void forget(void)
{
	while (tree) {
		struct dt_node *node = tree;

		while (node->props) {
			struct dt_prop *prop = node->props;

			node->props = prop->next;
			free(prop->name);
			free(prop->data);
			free(prop);
		}
		tree = node->next;
		free(node->path);
		free(node);
	}
	tree_end = &tree;
	memset(recent_phandles, 0, sizeof(recent_phandles));
}

static struct dt_node *find_len(const char *path, size_t len)
{
	for (struct dt_node *node = tree; node; node = node->next)
		if (strlen(node->path) == len &&
		    !strncmp(node->path, path, len))
			return node;
	return NULL;
}

/* The root is "/", a child of it is "/child". */
static struct dt_node *parent_of(const char *path)
{
	size_t len = strrchr(path, '/') - path;

	return find_len(len ? path : "/", len ? len : 1);
}

static void add_node(const char *path)
{
	struct dt_node *node = calloc(1, sizeof(*node));

	node->path = strdup(*path ? path : "/");
	node->parent = *path ? parent_of(path) : NULL;
	*tree_end = node;
	tree_end = &node->next;
}

static void add_prop(const char *file, const char *path, size_t size)
{
	struct dt_node *node = parent_of(path);
	struct dt_prop *prop = calloc(1, sizeof(*prop));
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	prop->name = strdup(strrchr(path, '/') + 1);
	prop->data = calloc(1, size + 1);
	len = fd < 0 ? 0 : read(fd, prop->data, size);
	prop->len = len < 0 ? 0 : len;
	prop->next = node->props;
	node->props = prop;
	if (fd >= 0)
		close(fd);
}

static int visit(const char *file, const struct stat *st, int type,
		 struct FTW *ftw)
{
	const char *path = file + strlen(TREE);

	if (type == FTW_D)
		add_node(path);
	else if (type == FTW_F)
		add_prop(file, path, st->st_size);
	return 0;
}

void dt_load(void)
{
	forget();
	nftw(TREE, visit, 16, FTW_PHYS);
}

/* Nodes and properties */

struct dt_node *dt_first(void)
{
	return tree;
}

struct dt_node *dt_find(const char *path)
{
	return find_len(path, strlen(path));
}

bool dt_below(const struct dt_node *node, const struct dt_node *ancestor)
{
	for (; node; node = node->parent)
		if (node == ancestor)
			return true;
	return false;
}

const struct dt_prop *dt_prop(const struct dt_node *node, const char *name)
{
	for (const struct dt_prop *prop = node->props; prop; prop = prop->next)
		if (!strcmp(prop->name, name))
			return prop;
	return NULL;
}

static __u32 be32(const __u8 *data)
{
	return (__u32)data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

int dt_num_cells(const struct dt_node *node, const char *name)
{
	const struct dt_prop *prop = dt_prop(node, name);

	return prop ? prop->len / 4 : 0;
}

__u32 dt_cell(const struct dt_node *node, const char *name, int index)
{
	return be32(dt_prop(node, name)->data + 4 * index);
}

__u32 dt_cell_or(const struct dt_node *node, const char *name,
		 __u32 fallback)
{
	return dt_num_cells(node, name) ? dt_cell(node, name, 0) : fallback;
}

const char *dt_string(const struct dt_node *node, const char *name, int index)
{
	const struct dt_prop *prop = dt_prop(node, name);
	const char *string = prop ? (const char *)prop->data : NULL;

	while (string && string < (const char *)prop->data + prop->len) {
		if (!index--)
			return string;
		string += strlen(string) + 1;
	}
	return "";
}

bool dt_is_compatible(const struct dt_node *node, const char *compatible)
{
	const char *string;

	for (int i = 0; *(string = dt_string(node, "compatible", i)); i++)
		if (!strcmp(string, compatible))
			return true;
	return false;
}

static bool has_phandle(const struct dt_node *node, __u32 phandle)
{
	return dt_cell_or(node, "phandle", 0) == phandle ||
	       dt_cell_or(node, "linux,phandle", 0) == phandle;
}

/* An interrupt-map asks for the same one again and again. */
static const struct dt_node *find_phandle(__u32 phandle)
{
	const struct dt_node **recent = &recent_phandles[phandle % NUM_RECENT];

	if (*recent && has_phandle(*recent, phandle))
		return *recent;
	for (const struct dt_node *node = tree; node; node = node->next) {
		if (!has_phandle(node, phandle))
			continue;
		*recent = node;
		return node;
	}
	return NULL;
}

/* Addresses: a number of 0 to 2 cells */

static __u64 number(const struct dt_node *node, const char *name, int index,
		    int cells)
{
	__u64 value = 0;

	while (cells--)
		value = value << 32 | dt_cell(node, name, index++);
	return value;
}

static int address_cells(const struct dt_node *bus)
{
	return dt_cell_or(bus, "#address-cells", 2);
}

static int size_cells(const struct dt_node *bus)
{
	return dt_cell_or(bus, "#size-cells", 1);
}

static bool is_pci(const struct dt_node *node)
{
	const char *type = dt_string(node, "device_type", 0);

	return !strcmp(type, "pci") || !strcmp(type, "pciex");
}

static bool range_at(const struct dt_node *bus, int index, __u64 *child,
		     __u64 *parent, __u64 *size)
{
	int na = address_cells(bus), pna = address_cells(bus->parent);
	int ns = size_cells(bus), stride = na + pna + ns;
	int at = index * stride;
	int skip = is_pci(bus) ? 1 : 0;	/* the cell with the flags */

	if (at + stride > dt_num_cells(bus, "ranges"))
		return false;
	*child = number(bus, "ranges", at + skip, na - skip);
	*parent = number(bus, "ranges", at + na, pna);
	*size = number(bus, "ranges", at + na + pna, ns);
	return true;
}

/* From an address on @bus to one on the bus above it. */
static bool translate_up(const struct dt_node *bus, __u64 *addr)
{
	const struct dt_prop *ranges = dt_prop(bus, "ranges");
	__u64 child, parent, size;

	if (!ranges)
		return false;
	if (!ranges->len)
		return true;
	for (int i = 0; range_at(bus, i, &child, &parent, &size); i++) {
		if (*addr < child || *addr - child >= size)
			continue;
		*addr = *addr - child + parent;
		return true;
	}
	return false;
}

static bool translate(const struct dt_node *bus, __u64 *addr)
{
	for (; bus->parent; bus = bus->parent)
		if (!translate_up(bus, addr))
			return false;
	return true;
}

bool dt_reg(const struct dt_node *node, int index, struct dt_span *span)
{
	const struct dt_node *bus = node->parent;
	int na, ns, at;

	if (!bus)
		return false;
	na = address_cells(bus);
	ns = size_cells(bus);
	at = index * (na + ns);
	if (!dt_prop(node, "reg") || na + ns == 0 ||
	    at + na + ns > dt_num_cells(node, "reg"))
		return false;
	span->bus = number(node, "reg", at, na);
	span->size = number(node, "reg", at + na, ns);
	span->cpu = span->bus;
	span->reachable = span->size && translate(bus, &span->cpu);
	return true;
}

bool dt_range(const struct dt_node *node, int index, struct dt_span *span)
{
	if (!node->parent ||
	    !range_at(node, index, &span->bus, &span->cpu, &span->size))
		return false;
	span->reachable = span->size && translate(node->parent, &span->cpu);
	return true;
}

/* Interrupts */

static bool set_line(struct dt_line *line, const struct dt_node *controller,
		     const struct dt_node *node, const char *name, int at)
{
	memset(line, 0, sizeof(*line));
	line->controller = controller;
	line->num_cells = dt_cell_or(controller, "#interrupt-cells", 0);
	if (at + line->num_cells > dt_num_cells(node, name))
		return false;
	for (int i = 0; i < line->num_cells; i++)
		line->cells[i] = dt_cell(node, name, at + i);
	return true;
}

static bool extended_interrupt(const struct dt_node *node, int index,
			       struct dt_line *line)
{
	static const char name[] = "interrupts-extended";

	for (int at = 0; at < dt_num_cells(node, name);) {
		const struct dt_node *controller =
			find_phandle(dt_cell(node, name, at));

		if (!controller)
			return false;
		if (!index--)
			return set_line(line, controller, node, name, at + 1);
		at += 1 + dt_cell_or(controller, "#interrupt-cells", 0);
	}
	return false;
}

/* Of a node below a nexus (a PCI host bridge) this is not the whole truth. */
static const struct dt_node *interrupt_parent(const struct dt_node *node)
{
	for (; node; node = node->parent)
		if (dt_prop(node, "interrupt-parent"))
			return find_phandle(dt_cell(node, "interrupt-parent",
						    0));
	return NULL;
}

bool dt_interrupt(const struct dt_node *node, int index, struct dt_line *line)
{
	const struct dt_node *controller = interrupt_parent(node);
	int cells;

	if (dt_prop(node, "interrupts-extended"))
		return extended_interrupt(node, index, line);
	if (!controller || !dt_prop(node, "interrupts"))
		return false;
	cells = dt_cell_or(controller, "#interrupt-cells", 0);
	if (!cells || (index + 1) * cells > dt_num_cells(node, "interrupts"))
		return false;
	return set_line(line, controller, node, "interrupts", index * cells);
}

static int nexus_cells(const struct dt_node *node)
{
	while (node && !dt_prop(node, "#address-cells"))
		node = node->parent;
	return node ? dt_cell(node, "#address-cells", 0) : 2;
}

/* Child unit address and specifier, phandle, parent unit address, specifier */
bool dt_map_entry(const struct dt_node *node, int index, struct dt_line *line)
{
	static const char name[] = "interrupt-map";
	int child = nexus_cells(node) + dt_cell_or(node, "#interrupt-cells", 0);

	if (!dt_prop(node, "#interrupt-cells"))
		return false;
	for (int at = 0; at + child < dt_num_cells(node, name);) {
		const struct dt_node *controller =
			find_phandle(dt_cell(node, name, at + child));
		int unit;

		if (!controller)
			return false;
		unit = dt_cell_or(controller, "#address-cells", 0);
		at += child + 1 + unit;
		if (!index--)
			return set_line(line, controller, node, name, at);
		at += dt_cell_or(controller, "#interrupt-cells", 0);
	}
	return false;
}

bool dt_same_line(const struct dt_line *a, const struct dt_line *b)
{
	return a->controller == b->controller &&
	       a->num_cells == b->num_cells &&
	       !memcmp(a->cells, b->cells, sizeof(a->cells));
}

const struct dt_node *dt_clock(const struct dt_node *node, int index)
{
	for (int at = 0; at < dt_num_cells(node, "clocks");) {
		const struct dt_node *clock =
			find_phandle(dt_cell(node, "clocks", at));

		if (!clock || !index--)
			return clock;
		at += 1 + dt_cell_or(clock, "#clock-cells", 0);
	}
	return NULL;
}
