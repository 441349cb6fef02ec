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
 * @first: Where the first phandle is; for one that has a @step
 * @step: From a phandle to the next, for one whose entries are all of a size that
 *	no target tells, or 0
 */
struct soca_phandle_prop {
	const char *name;
	const char *cells;
	u8 first;
	u8 step;
};

/* The @step of one phandle with numbers behind it. */
#define SOCA_ONE_PHANDLE	255

const struct soca_phandle_prop *soca_phandle_prop(const char *name);

#endif /* _SOCASSIGN_PHANDLE_PROPS_H */
