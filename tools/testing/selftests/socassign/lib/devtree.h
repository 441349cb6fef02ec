/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The live device tree, read from /sys/firmware/devicetree: what the driver
 * says of a node is compared with what this reads, written from the Devicetree
 * Specification and not from the kernel.
 */
#ifndef _SELFTESTS_SOCASSIGN_DEVTREE_H
#define _SELFTESTS_SOCASSIGN_DEVTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#define DT_MAX_CELLS	16

struct dt_prop {
	struct dt_prop *next;
	char *name;
	size_t len;
	__u8 *data;
};

struct dt_node {
	struct dt_node *next;		/* in no order but parents first */
	struct dt_node *parent;
	char *path;
	struct dt_prop *props;
};

/* An entry of `reg` or `ranges`. */
struct dt_span {
	__u64 bus;		/* on the bus that the entry is for */
	__u64 cpu;		/* valid only if reachable */
	__u64 size;
	bool reachable;
};

/* An interrupt: the controller that it goes to, and the specifier there. */
struct dt_line {
	const struct dt_node *controller;
	int num_cells;
	__u32 cells[DT_MAX_CELLS];
};

/* Read all of the tree; again, to see what changed. */
void dt_load(void);

struct dt_node *dt_first(void);
struct dt_node *dt_find(const char *path);
bool dt_below(const struct dt_node *node, const struct dt_node *ancestor);

const struct dt_prop *dt_prop(const struct dt_node *node, const char *name);
int dt_num_cells(const struct dt_node *node, const char *name);
__u32 dt_cell(const struct dt_node *node, const char *name, int index);
__u32 dt_cell_or(const struct dt_node *node, const char *name,
		 __u32 fallback);

/* A string of a list; "" if there is none. */
const char *dt_string(const struct dt_node *node, const char *name, int index);
bool dt_is_compatible(const struct dt_node *node, const char *compatible);

/* Entry @index; false beyond the last. */
bool dt_reg(const struct dt_node *node, int index, struct dt_span *span);
bool dt_range(const struct dt_node *node, int index, struct dt_span *span);
bool dt_interrupt(const struct dt_node *node, int index, struct dt_line *line);
bool dt_map_entry(const struct dt_node *node, int index, struct dt_line *line);

/* The provider of entry @index of `clocks`, or NULL. */
const struct dt_node *dt_clock(const struct dt_node *node, int index);

bool dt_same_line(const struct dt_line *a, const struct dt_line *b);

#endif
