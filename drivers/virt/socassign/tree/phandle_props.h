/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The properties by which nodes name others
 *
 * Like the rule book of rules/node_facts.h the command is built from it, too.
 */
#ifndef _SOCASSIGN_PHANDLE_PROPS_H
#define _SOCASSIGN_PHANDLE_PROPS_H

#include <linux/types.h>

/**
 * struct soca_phandle_prop - How a property that names nodes is to be read
 * @name: Its name
 * @cells: The property of the target that says how many cells follow the
 *	phandle, or NULL if none do
 * @own: The same of the node that has the property, or NULL
 * @unless: A property of that node by which this one names nothing, or NULL: it is a
 *	number there, or pins of the node's parent
 * @list_if: A property of that node without which this one has one phandle only, and
 *	numbers behind it, or NULL
 * @first: Where the first phandle is; for one that has a @step
 * @step: From a phandle to the next, without the cells that @cells and @own tell,
 *	or 0: a phandle, and what @cells tells
 */
struct soca_phandle_prop {
	const char *name;
	const char *cells;
	const char *own;
	const char *unless;
	const char *list_if;
	u8 first;
	u8 step;
};

/* The @step of one phandle with numbers behind it. */
#define SOCA_ONE_PHANDLE	255

/**
 * struct soca_phandle_walk - The value of such a property
 * @prop: How to read it
 * @cells: The value
 * @num: Number of @cells
 * @own: What the node says with @prop->own
 * @is_one: One phandle, and numbers behind it, whatever @prop says
 * @is_short: A map whose entries have one cell for the target, whatever that says
 */
struct soca_phandle_walk {
	const struct soca_phandle_prop *prop;
	const __be32 *cells;
	u32 num;
	u32 own;
	bool is_one;
	bool is_short;
};

const struct soca_phandle_prop *soca_phandle_prop(const char *name);
void soca_phandle_walk_begin(struct soca_phandle_walk *walk,
			     const struct soca_phandle_prop *prop,
			     const void *value, u32 len, s64 own, bool is_one);
u64 soca_phandle_walk_step(const struct soca_phandle_walk *walk, s64 args);

#endif /* _SOCASSIGN_PHANDLE_PROPS_H */
