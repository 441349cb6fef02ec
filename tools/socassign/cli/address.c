// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses: from a bus to the CPU, as drivers/of/address.c has it
 */
#include "devtree.h"

#include <string.h>

/* More makes no sense, and must not overflow what is computed from it. */
#define MAX_CELLS	16

/*
 * What a bus says of its children's reg; if it says nothing the bus above it
 * counts, and 1 at last: as the kernel has it.
 */
static int cells_on(const struct dt_node *bus, const char *name)
{
	for (; bus; bus = bus->parent) {
		uint32_t cells = dt_u32(bus, name, UINT32_MAX);

		if (cells != UINT32_MAX)
			return cells < MAX_CELLS ? cells : MAX_CELLS;
	}
	return 1;
}

/* The last 64 bits of a number of any size. */
static uint64_t number(const struct dt_node *np, const char *name, int at,
		       int cells)
{
	uint64_t value = 0;

	while (cells-- > 0)
		value = value << 32 | dt_cell(np, name, at++);
	return value;
}

static bool is_isa(const struct dt_node *np)
{
	return !strcmp(dt_name(np), "isa") || dt_is_type(np, "isa");
}

/* Cells in front of an address that say which kind it is */
static int flag_cells(const struct dt_node *bus)
{
	return dt_is_pci(bus) || is_isa(bus) ? 1 : 0;
}

/* Entry @index of a bus's ranges: child and parent address, size */
static bool range_at(const struct dt_node *bus, int index, uint64_t *child,
		     uint64_t *parent, uint64_t *size)
{
	int na = cells_on(bus, "#address-cells");
	int ns = cells_on(bus, "#size-cells");
	int pna = cells_on(bus->parent, "#address-cells");
	int at = index * (na + pna + ns), skip = flag_cells(bus);

	if (na <= skip || at + na + pna + ns > dt_num_cells(bus, "ranges"))
		return false;
	*child = number(bus, "ranges", at + skip, na - skip);
	*parent = number(bus, "ranges", at + na, pna);
	*size = number(bus, "ranges", at + na + pna, ns);
	return true;
}

/* From an address on @bus to one on the bus above it */
static bool translate_up(const struct dt_node *bus, uint64_t *addr)
{
	uint64_t child, parent, size;
	int len;

	if (!dt_prop(bus, "ranges", &len))
		return false;
	if (!len)
		return true;
	for (int i = 0; range_at(bus, i, &child, &parent, &size); i++) {
		if (*addr < child || *addr - child >= size)
			continue;
		*addr = *addr - child + parent;
		return true;
	}
	return false;
}

static bool translate(const struct dt_node *bus, uint64_t *addr)
{
	for (; bus->parent; bus = bus->parent)
		if (!translate_up(bus, addr))
			return false;
	return true;
}

/* Registers that the CPU reaches by other instructions (ISA, PCI I/O) */
static bool is_memory(const struct dt_node *np, int at)
{
	if (dt_is_pci(np->parent))
		return false;
	return !is_isa(np->parent) || !(dt_cell(np, "reg", at) & 1);
}

static bool make_span(struct dt_span *span, uint64_t first, uint64_t size)
{
	span->first = first;
	span->last = first + size - 1;
	return size && span->last >= first;
}

int dt_reg(const struct dt_node *np, int index, struct dt_span *span)
{
	int na = cells_on(np->parent, "#address-cells");
	int ns = cells_on(np->parent, "#size-cells");
	int at = index * (na + ns);
	uint64_t addr;

	if (!np->parent || na <= flag_cells(np->parent) ||
	    at + na + ns > dt_num_cells(np, "reg"))
		return -1;
	/* No size: a number on a bus, such as an I2C address. */
	if (!ns || !is_memory(np, at))
		return 0;
	span->bus = number(np, "reg", at + flag_cells(np->parent),
			   na - flag_cells(np->parent));
	addr = span->bus;
	if (!translate(np->parent, &addr))
		return 0;
	return make_span(span, addr, number(np, "reg", at + na, ns));
}

int dt_window(const struct dt_node *np, int index, struct dt_span *span)
{
	uint64_t addr, size;

	if (!np->parent || !dt_is_pci(np) ||
	    !range_at(np, index, &span->bus, &addr, &size))
		return -1;
	return translate(np->parent, &addr) && make_span(span, addr, size);
}

bool dt_has_regs(const struct dt_node *np)
{
	struct dt_span span;
	int found;

	for (int i = 0; (found = dt_reg(np, i, &span)) >= 0; i++)
		if (found)
			return true;
	return false;
}

bool dt_spans_meet(const struct dt_span *a, const struct dt_span *b)
{
	return a->first <= b->last && b->first <= a->last;
}

struct dt_span dt_pages(const struct dt_span *span, uint64_t page_size)
{
	return (struct dt_span) {
		.first = span->first & ~(page_size - 1),
		.last = span->last | (page_size - 1),
	};
}

bool dt_regs_meet(const struct dt_node *np, const struct dt_span *span)
{
	struct dt_span regs;
	int found;

	for (int i = 0; (found = dt_reg(np, i, &regs)) >= 0; i++)
		if (found && dt_spans_meet(&regs, span))
			return true;
	for (int i = 0; (found = dt_window(np, i, &regs)) >= 0; i++)
		if (found && dt_spans_meet(&regs, span))
			return true;
	return false;
}
