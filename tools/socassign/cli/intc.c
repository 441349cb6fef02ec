// SPDX-License-Identifier: GPL-2.0
/*
 * The host's interrupt controller that the one of a planned guest stands for
 */
#include "intc.h"

#include <stdlib.h>

#include "cli.h"

/* No chain of controllers is longer; a loop is. */
#define MAX_CASCADE	16

/* What @np is cascaded to, or NULL.  A router has no lines, only a parent. */
static const struct dt_node *cascade_of(const struct dt_node *np)
{
	const struct dt_node *parent = dt_interrupt_parent(np);
	struct dt_line line;
	int found;

	for (int i = 0; (found = dt_interrupt(np, i, &line)) >= 0; i++)
		if (found && line.controller != np)
			return line.controller;
	return parent != np ? parent : NULL;
}

/*
 * One that the kernel itself starts is the machine's own; others are devices,
 * which can come along in the claim.
 */
static const struct dt_node *machines_own(const struct dt_node *np)
{
	for (int depth = 0; depth < MAX_CASCADE; depth++) {
		const struct dt_node *up = cascade_of(np);

		if (!up || np->facts & SOCA_IS_IRQCHIP)
			break;
		np = up;
	}
	return np;
}

static bool is_cascaded_to(const struct dt_node *np, const struct dt_node *to)
{
	for (int depth = 0; np && depth < MAX_CASCADE; depth++) {
		if (np == to)
			return true;
		np = cascade_of(np);
	}
	return false;
}

/**
 * struct claim_lines - Where the lines of a claim end
 * @tops: The nodes that are named
 * @num: Number of @tops
 * @subtree: With all that is below
 * @controller: The one so far, or NULL
 */
struct claim_lines {
	struct dt_node **tops;
	int num;
	bool subtree;
	const struct dt_node *controller;
};

static bool comes_along(const struct claim_lines *lines,
			const struct dt_node *np)
{
	for (int i = 0; i < lines->num; i++)
		if (lines->tops[i] == np ||
		    (lines->subtree && dt_below(np, lines->tops[i])))
			return true;
	return false;
}

/* Of several it is the one that the others are cascaded to, else the first. */
static void add_line(struct claim_lines *lines, const struct dt_line *line)
{
	const struct dt_node *np = line->controller;

	if (comes_along(lines, np))
		return;
	np = machines_own(np);
	if (!lines->controller || is_cascaded_to(lines->controller, np))
		lines->controller = np;
}

static void add_node(struct claim_lines *lines, const struct dt_node *np)
{
	struct dt_line line;
	int found;

	for (int i = 0; (found = dt_interrupt(np, i, &line)) >= 0; i++)
		if (found)
			add_line(lines, &line);
	for (int i = 0; (found = dt_map_entry(np, i, &line)) >= 0; i++)
		if (found)
			add_line(lines, &line);
}

static void add_top(struct claim_lines *lines, struct dt_node *top)
{
	if (!lines->subtree) {
		add_node(lines, top);
		return;
	}
	dt_for_each_below(np, top)
		add_node(lines, np);
}

/* Without a line of the claim's: the root's, else the first in the tree */
static const struct dt_node *any_controller(void)
{
	const struct dt_node *np =
		dt_by_phandle(dt_u32(dt_root(), "interrupt-parent", 0));

	if (np && dt_has(np, "#interrupt-cells"))
		return np;
	dt_for_each(it)
		if (dt_has(it, "interrupt-controller") &&
		    dt_has(it, "#interrupt-cells"))
			return it;
	return NULL;
}

const struct dt_node *intc_of_claim(int num, char **paths, bool subtree)
{
	struct claim_lines lines = {
		.tops = must_alloc(num, sizeof(*lines.tops)),
		.subtree = subtree,
	};

	for (int i = 0; i < num; i++) {
		struct dt_node *np = dt_find(paths[i]);

		if (np)
			lines.tops[lines.num++] = np;
	}
	for (int i = 0; i < lines.num; i++)
		add_top(&lines, lines.tops[i]);
	free(lines.tops);
	return lines.controller ? lines.controller : any_controller();
}
