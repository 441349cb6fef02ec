// SPDX-License-Identifier: GPL-2.0
/*
 * socassign show
 */
#include "cli.h"

#include <stdio.h>

#include "judge.h"
#include "out.h"
#include "sysfs.h"

static void show_strings(const struct dt_node *np, const char *name)
{
	const char *text;

	if (!dt_string(np, name, 0))
		return;
	out_list(name);
	for (int i = 0; (text = dt_string(np, name, i)); i++)
		out_string(NULL, text);
	out_list_end();
}

static void show_device(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	if (!dev)
		return;
	out_object("device");
	out_string("bus", dev->bus);
	out_string("name", dev->name);
	if (dev->driver)
		out_string("driver", dev->driver);
	if (device_is_ours(dev)) {
		if (dev->dma_class)
			out_string("dma_class", dev->dma_class);
		out_bool("claimed", dev->claimed);
		out_bool("quarantine", dev->quarantine);
	}
	out_object_end();
}

static void show_verdict(const struct dt_node *np)
{
	struct verdict verdict = judge(np, 0);

	out_judge();
	out_verdict(&verdict);
	policy_free(&verdict);
}

/* Registers */

/*
 * Disabled nodes count.  Those above the node do not: what they say of their
 * registers is mostly about their children, and the driver, which looks closer,
 * takes them for neighbours only where no child has registers.
 */
static void show_neighbours(const struct dt_node *np,
			    const struct dt_span *span)
{
	struct dt_span pages = dt_pages(span, options.page_size);

	out_list("neighbours");
	dt_for_each(other)
		if (other != np && !dt_below(np, other) &&
		    dt_regs_meet(other, &pages))
			out_string(NULL, other->path);
	out_list_end();
}

static void show_region(const struct dt_node *np, int entry, bool is_reg,
			const struct dt_span *span)
{
	const char *name = is_reg ? dt_string(np, "reg-names", entry) : NULL;

	out_object(NULL);
	out_string("kind", is_reg ? "reg" : "ranges");
	out_number("entry", entry);
	if (name)
		out_string("name", name);
	out_hex("address", span->first);
	out_hex("size", span->last - span->first + 1);
	out_hex("bus_address", span->bus);
	show_neighbours(np, span);
	out_object_end();
}

static void show_regions(const struct dt_node *np)
{
	struct dt_span span;
	int found;

	out_list("regions");
	for (int i = 0; (found = dt_reg(np, i, &span)) >= 0; i++)
		if (found)
			show_region(np, i, true, &span);
	for (int i = 0; (found = dt_window(np, i, &span)) >= 0; i++)
		if (found)
			show_region(np, i, false, &span);
	out_list_end();
}

/* Interrupts */

static void show_line(const struct dt_node *np, int entry, const char *origin,
		      const char *name, const struct dt_line *line)
{
	out_object(NULL);
	out_string("origin", origin);
	out_number("entry", entry);
	if (name)
		out_string("name", name);
	out_string("controller", line->controller->path);
	out_list("specifier");
	for (int i = 0; i < line->num_cells; i++)
		out_number(NULL, line->cell[i]);
	out_list_end();
	out_list("sharers");
	dt_for_each(other)
		if (other != np && dt_names_line(other, line))
			out_string(NULL, other->path);
	out_list_end();
	out_object_end();
}

static void show_interrupts(const struct dt_node *np)
{
	struct dt_line line;
	int found;

	out_list("interrupts");
	for (int i = 0; (found = dt_interrupt(np, i, &line)) >= 0; i++)
		if (found)
			show_line(np, i, "interrupts",
				  dt_string(np, "interrupt-names", i), &line);
	for (int i = 0; (found = dt_map_entry(np, i, &line)) >= 0; i++)
		if (found)
			show_line(np, i, "interrupt-map", NULL, &line);
	out_list_end();
}

/* DMA, and who uses whom */

static void show_liodns(const struct dt_node *np)
{
	const struct dt_node *owner = dma_liodn_node(np);

	if (!owner)
		return;
	out_list("liodns");
	for (int i = 0; i < dt_num_cells(owner, "fsl,liodn"); i++)
		out_number(NULL, dt_cell(owner, "fsl,liodn", i));
	out_list_end();
	if (owner != np)
		out_string("liodns_of", owner->path);
	out_list("liodn_sharers");
	dt_for_each(other)
		if (other != owner && dma_same_liodn(owner, other))
			out_string(NULL, other->path);
	out_list_end();
}

static void show_edge(const struct dt_edge *edge, const struct dt_node *other)
{
	out_object(NULL);
	out_string("node", other->path);
	out_string("property", edge->property);
	out_object_end();
}

static void show_edges(const struct dt_node *np)
{
	size_t num;
	const struct dt_edge *edges = dt_edges(&num);

	out_list("suppliers");
	for (size_t i = 0; i < num; i++)
		if (edges[i].consumer == np)
			show_edge(&edges[i], edges[i].supplier);
	out_list_end();
	out_list("consumers");
	edges = dt_edges_to(np, &num);
	for (size_t i = 0; i < num; i++)
		if (!dt_below(edges[i].consumer, np))
			show_edge(&edges[i], edges[i].consumer);
	out_list_end();
}

int cmd_show(int num, char **args)
{
	const struct dt_node *np;

	if (!dt_load())
		return EXIT_FAILED;
	np = dt_find(args[0]);
	if (!np) {
		complain("%s: the tree has no such node", args[0]);
		return EXIT_FAILED;
	}
	out_begin();
	out_string("path", np->path);
	show_strings(np, "compatible");
	out_bool("enabled", dt_available(np));
	show_device(np);
	show_verdict(np);
	show_regions(np);
	show_interrupts(np);
	show_liodns(np);
	show_edges(np);
	out_end();
	return EXIT_OK;
}
