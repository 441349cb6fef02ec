// SPDX-License-Identifier: GPL-2.0
/*
 * What two claims have in common, and what a claim has in common with the host:
 * nodes, memory, LIODNs, lines, reset lines, registers
 */
#include "partition.h"

#include <libfdt.h>
#include <linux/socassign.h>
#include <string.h>

#include "cli.h"
#include "policy.h"

/* Tell of both: where the one is named, and whose the other is. */
#define common(_kind, _a, _b, _format, ...)				\
	finding_of(_kind, _b, _format " (%s%s%s)", ##__VA_ARGS__,		\
		   (_a)->partition->name, (_a)->claim ? "/" : "",		\
		   (_a)->claim ? (_a)->claim->name : "")

/* Memory */

static bool is_shared(const struct holding *holding)
{
	return holding->claim && holding->claim->is_memory;
}

static void check_memories(const struct holding *a, const struct holding *b)
{
	if (a->top[0] != b->top[0])
		return;
	if (is_shared(a) && is_shared(b))
		common(FINDING_NOTE, a, b, "%s is in common with another",
		       b->top[0]->path);
	else
		common(FINDING_ERROR, a, b, "%s is another's memory",
		       b->top[0]->path);
}

/* Devices, node by node */

/**
 * struct id_list - A property that names what two claims cannot both have
 * @name: It has phandles, each with cells behind it that tell which of the target's
 * @cells: The property of the target that says how many cells these are
 * @is_same: Do two entries with so many cells, the phandle among them, name the same?
 */
struct id_list {
	const char *name;
	const char *cells;
	bool (*is_same)(const fdt32_t *a, const fdt32_t *b, int num);
};

static bool is_same_id(const fdt32_t *a, const fdt32_t *b, int num)
{
	return !memcmp(a, b, num * sizeof(*a));
}

/* Bits of an ID that do not count: only SMMUs of Arm have such. */
static uint32_t stream_mask(const fdt32_t *stream, int num)
{
	const struct dt_node *iommu = dt_by_phandle(fdt32_to_cpu(stream[0]));

	return num == 3 ? fdt32_to_cpu(stream[2]) :
			  dt_u32(iommu, "stream-match-mask", 0);
}

static bool is_same_stream(const fdt32_t *a, const fdt32_t *b, int num)
{
	if (num != 2 && num != 3)
		return is_same_id(a, b, num);
	return a[0] == b[0] &&
	       !(fdt32_to_cpu(a[1] ^ b[1]) &
		 ~(stream_mask(a, num) | stream_mask(b, num)));
}

static const struct id_list streams = { "iommus", "#iommu-cells", is_same_stream };
static const struct id_list resets = { "resets", "#reset-cells", is_same_id };

/*
 * Cells of an entry, from @at on; 0: there is none, or it makes no sense.  A phandle of 0
 * is a hole.
 */
static int id_cells(const struct dt_node *np, const struct id_list *list, int at)
{
	const struct dt_node *target;
	int left = dt_num_cells(np, list->name) - at;

	if (left <= 0)
		return 0;
	if (!dt_cell(np, list->name, at))
		return 1;
	target = dt_by_phandle(dt_cell(np, list->name, at));
	if (!target || dt_u32(target, list->cells, 0) >= (uint32_t)left)
		return 0;
	return 1 + dt_u32(target, list->cells, 0);
}

static bool has_id(const struct dt_node *np, const struct id_list *list,
		   const fdt32_t *id, int num)
{
	const fdt32_t *cell = dt_prop(np, list->name, NULL);
	int cells;

	for (int at = 0; (cells = id_cells(np, list, at)); at += cells)
		if (cells == num && list->is_same(&cell[at], id, num))
			return true;
	return false;
}

static bool have_same_id(const struct dt_node *a, const struct dt_node *b,
			 const struct id_list *list)
{
	const fdt32_t *cell = dt_prop(a, list->name, NULL);
	int cells;

	for (int at = 0; (cells = id_cells(a, list, at)); at += cells)
		if (cell[at] && has_id(b, list, &cell[at], cells))
			return true;
	return false;
}

/* The driver's soca_reset_clashes(): nobody gets a line that the host may drive. */
static bool have_same_reset(const struct dt_node *a, const struct dt_node *b)
{
	return !(dt_available(a) && dt_available(b)) && have_same_id(a, b, &resets);
}

static bool has_line_of(const struct dt_node *np, const struct dt_node *other)
{
	struct dt_line line;
	int found;

	for (int i = 0; (found = dt_interrupt(np, i, &line)) >= 0; i++)
		if (found && dt_names_line(other, &line))
			return true;
	return false;
}

typedef int span_fn(const struct dt_node *np, int index, struct dt_span *span);

static bool spans_meet(const struct dt_node *np, span_fn *span_of,
		       const struct dt_node *other, uint64_t page_size)
{
	struct dt_span span, pages;
	int found;

	for (int i = 0; (found = span_of(np, i, &span)) >= 0; i++) {
		if (!found)
			continue;
		pages = dt_pages(&span, page_size);
		if (dt_regs_meet(other, &pages))
			return true;
	}
	return false;
}

/*
 * Registers of one node, or a host bridge's window, meet those of another, byte by byte
 * or by pages.
 */
static bool regs_meet(const struct dt_node *np, const struct dt_node *other,
		      uint64_t page_size)
{
	return spans_meet(np, dt_reg, other, page_size) ||
	       spans_meet(np, dt_window, other, page_size);
}

/* Of one of the two this may be a part that is not claimed: nobody else has it, either. */
static void check_parts(const struct holding *a, const struct dt_node *np,
			const struct holding *b, const struct dt_node *other)
{
	if (have_same_reset(np, other))
		common(FINDING_ERROR, a, b,
		       "%s has the reset line of %s: one claim has to have both",
		       other->path, np->path);
	if (regs_meet(np, other, 1))
		common(FINDING_ERROR, a, b, "%s has registers of %s",
		       other->path, np->path);
}

static void check_nodes(const struct holding *a, const struct dt_node *np,
			const struct holding *b, const struct dt_node *other)
{
	if (dma_same_liodn(np, other))
		common(FINDING_ERROR, a, b, "%s has a LIODN of %s", other->path,
		       np->path);
	if (have_same_id(np, other, &streams))
		common(FINDING_ERROR, a, b,
		       "%s is behind the IOMMU with the same ID as %s",
		       other->path, np->path);
	if (has_line_of(np, other))
		common(FINDING_ERROR, a, b,
		       "%s has the interrupt of %s: one claim has to have both",
		       other->path, np->path);
	if (!regs_meet(np, other, 1) && regs_meet(np, other, options.page_size))
		common(FINDING_NOTE, a, b,
		       "%s has registers in a page of %s: neither maps it, the kernel does each access (kernel_access)",
		       other->path, np->path);
}

static void check_tops(const struct holding *a, const struct dt_node *top,
		       const struct holding *b, const struct dt_node *other_top)
{
	for (const struct dt_node *np = top; np < top->end; np++)
		for (const struct dt_node *other = other_top;
		     other < other_top->end; other++) {
			bool has_np = holding_has(a, np);
			bool has_other = holding_has(b, other);

			if (has_np || has_other)
				check_parts(a, np, b, other);
			if (has_np && has_other)
				check_nodes(a, np, b, other);
		}
}

/* What is below a device and none of its own (a port, a key) depends in its stead. */
static bool is_user(const struct holding *holding, const struct dt_node *np)
{
	for (; np; np = np->parent) {
		if (holding_has(holding, np))
			return true;
		if (!dt_available(np) || dt_has(np, "compatible"))
			return false;
	}
	return false;
}

/* Suppliers are often children of what is claimed: pins, regulators, PHYs. */
static bool is_supplier(const struct holding *holding, const struct dt_node *np)
{
	for (unsigned int i = 0; i < holding->num_tops; i++)
		if (dt_below(np, holding->top[i]))
			return true;
	return false;
}

/* A property may name a node several times, one after the other. */
static bool is_named_again(const struct dt_edge *edges, size_t i)
{
	return i && edges[i].consumer == edges[i - 1].consumer &&
	       edges[i].supplier == edges[i - 1].supplier &&
	       !strcmp(edges[i].property, edges[i - 1].property);
}

/* The driver gives nobody what a claimed device depends on. */
static void check_supplier(const struct holding *consumer,
			   const struct holding *supplier)
{
	size_t num;
	const struct dt_edge *edges = dt_edges(&num);

	for (size_t i = 0; i < num; i++)
		if (is_user(consumer, edges[i].consumer) &&
		    is_supplier(supplier, edges[i].supplier) &&
		    !is_named_again(edges, i))
			common(FINDING_ERROR, consumer, supplier,
			       "%s depends on %s (%s): one claim has to have both",
			       edges[i].consumer->path, edges[i].supplier->path,
			       edges[i].property);
}

static const struct dt_node *common_node(const struct holding *a,
					 const struct holding *b)
{
	for (unsigned int i = 0; i < a->num_tops; i++)
		for (unsigned int k = 0; k < b->num_tops; k++)
			if (dt_below(a->top[i], b->top[k]) ||
			    dt_below(b->top[k], a->top[i]))
				return b->top[k];
	return NULL;
}

static void check_devices(const struct holding *a, const struct holding *b)
{
	const struct dt_node *both = common_node(a, b);

	if (both) {
		common(FINDING_ERROR, a, b,
		       "%s is another's, or one above it or below it is",
		       both->path);
		return;
	}
	for (unsigned int i = 0; i < a->num_tops; i++)
		for (unsigned int k = 0; k < b->num_tops; k++)
			check_tops(a, a->top[i], b, b->top[k]);
	check_supplier(a, b);
	check_supplier(b, a);
}

void check_pair(const struct holding *a, const struct holding *b)
{
	if (!a->num_tops || !b->num_tops ||
	    holding_is_memory(a) != holding_is_memory(b))
		return;
	if (holding_is_memory(a))
		check_memories(a, b);
	else
		check_devices(a, b);
}

/* The host: whoever is in no partition */

static bool is_held(const struct holdings *holdings, const struct dt_node *np)
{
	for (size_t i = 0; i < holdings->num; i++)
		if (holding_has(&holdings->holding[i], np))
			return true;
	return false;
}

static void check_neighbour(const struct holding *holding,
			    const struct dt_node *np,
			    const struct dt_node *other)
{
	if (dt_available(other) && has_line_of(np, other))
		finding_of(FINDING_NOTE, holding,
			   "%s has the interrupt of %s, which has to be left alone by the host",
			   np->path, other->path);
	if (dt_available(other) && have_same_id(np, other, &streams))
		finding_of(FINDING_NOTE, holding,
			   "%s is behind the IOMMU with the same ID as %s, which has to be left alone by the host",
			   np->path, other->path);
	if (!dt_below(np, other) && regs_meet(np, other, options.page_size))
		finding_of(FINDING_NOTE, holding,
			   "%s has a page in common with %s, and is not mapped: the kernel does each access (kernel_access)",
			   np->path, other->path);
}

static bool is_used_by_any(const struct holdings *holdings,
			   const struct dt_node *np)
{
	for (size_t i = 0; i < holdings->num; i++)
		if (is_user(&holdings->holding[i], np))
			return true;
	return false;
}

static bool is_enabled(const struct dt_node *np)
{
	for (; np; np = np->parent)
		if (!dt_available(np))
			return false;
	return true;
}

/* One that has a driver now is refused by the rules already. */
static void check_users(const struct holding *holding,
			const struct holdings *holdings)
{
	size_t num;
	const struct dt_edge *edges = dt_edges(&num);

	for (size_t i = 0; i < num; i++)
		if (is_supplier(holding, edges[i].supplier) &&
		    is_enabled(edges[i].consumer) &&
		    !is_used_by_any(holdings, edges[i].consumer) &&
		    !is_named_again(edges, i))
			finding_of(FINDING_NOTE, holding,
				   "%s depends on %s (%s), and has to be left alone by the host",
				   edges[i].consumer->path,
				   edges[i].supplier->path, edges[i].property);
}

/* It may be in common with a program of the host's, or the other one is forgotten. */
static void check_partner(const struct holding *holding,
			  const struct holdings *holdings)
{
	for (size_t i = 0; i < holdings->num; i++) {
		const struct holding *it = &holdings->holding[i];

		if (it->partition != holding->partition && is_shared(it) &&
		    it->num_tops && it->top[0] == holding->top[0])
			return;
	}
	finding_of(FINDING_NOTE, holding,
		   "%s is in common with no other partition",
		   holding->top[0]->path);
}

void check_host(const struct holding *holding, const struct holdings *holdings)
{
	if (is_shared(holding) && holding->num_tops)
		check_partner(holding, holdings);
	if (holding_is_memory(holding))
		return;
	check_users(holding, holdings);
	holding_for_each(np, holding)
		dt_for_each(other)
			if (!is_held(holdings, other))
				check_neighbour(holding, np, other);
}
