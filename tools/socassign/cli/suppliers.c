// SPDX-License-Identifier: GPL-2.0
/*
 * Who uses whom: the properties by which a node names its suppliers
 *
 * The same properties as in drivers/virt/socassign/policy.c.
 */
#include "devtree.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct supplier_prop {
	const char *name;
	const char *cells;
};

static const struct supplier_prop supplier_props[] = {
	{ "clocks", "#clock-cells" },
	{ "resets", "#reset-cells" },
	{ "power-domains", "#power-domain-cells" },
	{ "dmas", "#dma-cells" },
	{ "iommus", "#iommu-cells" },
	{ "mboxes", "#mbox-cells" },
	{ "io-channels", "#io-channel-cells" },
	{ "phys", "#phy-cells" },
	{ "pwms", "#pwm-cells" },
	{ "hwlocks", "#hwlock-cells" },
	{ "interconnects", "#interconnect-cells" },
	{ "msi-parent", "#msi-cells" },
	{ "memory-region", NULL },
	{ "gpios", "#gpio-cells" },
	{ "gpio", "#gpio-cells" },
	{ "nvmem-cells", "#nvmem-cell-cells" },
	{ "phy-handle", NULL },
	{ "tbi-handle", NULL },
	{ "pcs-handle", "#pcs-cells" },
	{ "thermal-sensors", "#thermal-sensor-cells" },
	{ "access-controllers", "#access-controller-cells" },
	{ "io-backends", "#io-backend-cells" },
	{ "leds", NULL },
	{ "backlight", NULL },
	{ "panel", NULL },
	{ "extcon", NULL },
	{ "wakeup-parent", NULL },
	{ "power-supplies", NULL },
	{ "mmc-pwrseq", NULL },
	{ "ptp-timer", NULL },
	{ "ptimer-handle", NULL },
	{ "fsl,iommu-parent", NULL },
	{ "fsl,qman", NULL },
	{ "fsl,bman", NULL },
	{ NULL, NULL }
};

static const struct supplier_prop supplier_suffixes[] = {
	{ "-gpios", "#gpio-cells" },
	{ "-gpio", "#gpio-cells" },
	{ "-supply", NULL },
	{ NULL, NULL }
};

static struct dt_edge *edges;
static size_t num_edges;

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

/* How a property is to be read, or NULL if it names no supplier */
static const struct supplier_prop *kind_of(const char *name)
{
	static const struct supplier_prop pins = { "pinctrl-", NULL };

	for (const struct supplier_prop *it = supplier_props; it->name; it++)
		if (!strcmp(name, it->name))
			return it;
	/* A number */
	if (ends_with(name, "nr-gpios"))
		return NULL;
	for (const struct supplier_prop *it = supplier_suffixes; it->name; it++)
		if (ends_with(name, it->name))
			return it;
	return !strncmp(name, pins.name, strlen(pins.name)) &&
	       strcmp(name, "pinctrl-names") ? &pins : NULL;
}

static void add_edge(const struct dt_node *consumer,
		     const struct dt_node *supplier, const char *property)
{
	edges = must_grow(edges, num_edges + 1, sizeof(*edges));
	edges[num_edges++] = (struct dt_edge) {
		.consumer = consumer, .supplier = supplier,
		.property = must_print("%s", property),
	};
}

/* A phandle of 0 is a hole; after one that is unknown nothing can be read. */
static void add_phandles(const struct dt_node *np, const char *name,
			 const char *cells)
{
	for (int at = 0; at < dt_num_cells(np, name);) {
		uint32_t phandle = dt_cell(np, name, at++);
		const struct dt_node *supplier = dt_by_phandle(phandle);

		if (!phandle)
			continue;
		if (!supplier)
			return;
		add_edge(np, supplier, name);
		if (cells)
			at += dt_u32(supplier, cells, 0) & 0xff;
	}
}

/* <id phandle base length> ... */
static void add_id_map(const struct dt_node *np, const char *name)
{
	for (int at = 1; at < dt_num_cells(np, name); at += 4) {
		const struct dt_node *supplier =
			dt_by_phandle(dt_cell(np, name, at));

		if (supplier)
			add_edge(np, supplier, name);
	}
}

static void add_lines(const struct dt_node *np)
{
	struct dt_line line;
	int found;

	for (int i = 0; dt_interrupt(np, i, &line); i++)
		add_edge(np, line.controller, "interrupts");
	for (int i = 0; (found = dt_map_entry(np, i, &line)) >= 0; i++)
		if (found)
			add_edge(np, line.controller, "interrupt-map");
}

static void add_node(const struct dt_node *np)
{
	const char *name;

	/* Its gpios are its parent's, without a phandle. */
	if (dt_has(np, "gpio-hog"))
		return;
	for (int i = 0; (name = dt_prop_name(np, i)); i++) {
		const struct supplier_prop *kind = kind_of(name);

		if (kind)
			add_phandles(np, name, kind->cells);
	}
	add_id_map(np, "msi-map");
	add_id_map(np, "iommu-map");
	add_lines(np);
}

const struct dt_edge *dt_edges(size_t *num)
{
	if (!edges)
		dt_for_each(np)
			add_node(np);
	*num = num_edges;
	return edges;
}
