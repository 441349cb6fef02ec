/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device tree that is looked at: this machine's, or that of a file
 */
#ifndef _SOCASSIGN_DEVTREE_H
#define _SOCASSIGN_DEVTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/node_facts.h"
#include "tree/phandle_props.h"

/**
 * struct dt_node - A node
 * @path: Its path; "/" is the root
 * @parent: The node above, or NULL
 * @end: Behind the last node below it; nodes stand in the tree's order
 * @offset: libfdt's offset
 * @phandle: Its phandle or 0
 * @facts: enum soca_fact, of the rule book
 * @available: status is absent, "okay" or "ok"
 */
struct dt_node {
	char *path;
	struct dt_node *parent;
	struct dt_node *end;
	int offset;
	uint32_t phandle;
	uint32_t facts;
	bool available;
};

/* Load options.dtb or the machine's tree: false, with a message, if not. */
bool dt_load(void);

/* The blob, and its size. */
const void *dt_blob(size_t *size);

struct dt_node *dt_root(void);

/* All nodes, the root first; those below a node and itself. */
#define dt_for_each_below(_np, _top)					\
	for (struct dt_node *(_np) = (_top); (_np) < (_top)->end; (_np)++)
#define dt_for_each(_np)	dt_for_each_below(_np, dt_root())

/* The node of a path or an alias, or NULL. */
struct dt_node *dt_find(const char *path);
struct dt_node *dt_by_phandle(uint32_t phandle);

/* Is @np @top, or below it? */
bool dt_below(const struct dt_node *np, const struct dt_node *top);

/* The name without the path. */
const char *dt_name(const struct dt_node *np);

bool dt_has(const struct dt_node *np, const char *name);
const void *dt_prop(const struct dt_node *np, const char *name, int *len);

/* The next property of a node: its name, or NULL behind the last.  @at: 0 first. */
const char *dt_next_prop(const struct dt_node *np, int *at);

/* Number of cells; a cell, which must be there; a cell or a default. */
int dt_num_cells(const struct dt_node *np, const char *name);
uint32_t dt_cell(const struct dt_node *np, const char *name, int index);
uint32_t dt_u32(const struct dt_node *np, const char *name, uint32_t fallback);

/* String @index of a list, or NULL. */
const char *dt_string(const struct dt_node *np, const char *name, int index);

bool dt_is_compatible(const struct dt_node *np, const char *compatible);
bool dt_is_type(const struct dt_node *np, const char *type);
bool dt_is_pci(const struct dt_node *np);

bool dt_available(const struct dt_node *np);

/* address.c: ranges of addresses; the last byte counts, as in the driver */
struct dt_span {
	uint64_t first;
	uint64_t last;
	uint64_t bus;
};

/*
 * Entry @index of reg, or of the ranges of a PCI host bridge: 1, 0 if the CPU
 * cannot reach it, -1 behind the last one.
 */
int dt_reg(const struct dt_node *np, int index, struct dt_span *span);
int dt_window(const struct dt_node *np, int index, struct dt_span *span);
bool dt_has_regs(const struct dt_node *np);
bool dt_spans_meet(const struct dt_span *a, const struct dt_span *b);

/* The whole pages that it is in */
struct dt_span dt_pages(const struct dt_span *span, uint64_t page_size);

/* Has the node registers, or a host bridge's window, there? */
bool dt_regs_meet(const struct dt_node *np, const struct dt_span *span);

/* lines.c: interrupts */
#define DT_MAX_SPECIFIER	16

struct dt_line {
	const struct dt_node *controller;
	int num_cells;
	uint32_t cell[DT_MAX_SPECIFIER];
};

/* What the interrupts of a node are for, or NULL */
const struct dt_node *dt_interrupt_parent(const struct dt_node *np);

/*
 * Entry @index of interrupts: 1, 0 if it is a hole or leads nowhere, -1 behind
 * the last one.
 */
int dt_interrupt(const struct dt_node *np, int index, struct dt_line *line);

/*
 * Entry @index of interrupt-map: 1, 0 if it leads nowhere, -1 behind the last
 * one.
 */
int dt_map_entry(const struct dt_node *np, int index, struct dt_line *line);
bool dt_same_line(const struct dt_line *a, const struct dt_line *b);

/* Does @np name the line, in one of the two properties? */
bool dt_names_line(const struct dt_node *np, const struct dt_line *line);

/* suppliers.c: who uses whom */
struct dt_edge {
	const struct dt_node *consumer;
	const struct dt_node *supplier;
	char *property;
};

/* All of them, found once. */
const struct dt_edge *dt_edges(size_t *num);

/* Those that end at a node, or below it. */
const struct dt_edge *dt_edges_to(const struct dt_node *top, size_t *num);

#endif /* _SOCASSIGN_DEVTREE_H */
