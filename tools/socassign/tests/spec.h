/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device tree says, by the Devicetree Specification v0.4 alone
 *
 * The tests' own reading, of host's and guest's trees alike; it shares nothing
 * with the library.
 */
#ifndef SPEC_H
#define SPEC_H

#include <stdbool.h>
#include <stdint.h>

#define SPEC_MAX_CELLS	32

struct spec_node {
	int offset;
	int index;
	const char *name;
	uint32_t phandle;
	struct spec_node *parent;
	struct spec_node *child;
	struct spec_node *next;		/* sibling */
	struct spec_node *all;		/* next in the order of the blob */
};

struct spec {
	const void *fdt;
	struct spec_node *root;
	struct spec_node **by_phandle;
	uint32_t mask;
	int num;
};

struct spec_line {
	const struct spec_node *controller;
	int num;
	uint32_t cells[SPEC_MAX_CELLS];
};

bool spec_open(struct spec *spec, const void *fdt);
void spec_close(struct spec *spec);
const uint32_t *spec_prop(const struct spec *spec, const struct spec_node *node,
			  const char *name, int *cells);
uint32_t spec_cell(const uint32_t *cell);
uint32_t spec_u32(const struct spec *spec, const struct spec_node *node,
		  const char *name, uint32_t otherwise);
struct spec_node *spec_phandle(const struct spec *spec, uint32_t phandle);
struct spec_node *spec_child(const struct spec_node *node, const char *name);
bool spec_below(const struct spec_node *node, const struct spec_node *above);
bool spec_is_pci(const struct spec *spec, const struct spec_node *node);
void spec_path(const struct spec_node *node, char *path, int size);

/* 2.3.6, 2.3.8: entry of reg or of the windows of a PCI bridge, for the CPU */
enum spec_kind { SPEC_REG, SPEC_WINDOW };
int spec_num(const struct spec *spec, const struct spec_node *node,
	     enum spec_kind kind);
bool spec_span(const struct spec *spec, const struct spec_node *node,
	       enum spec_kind kind, int entry, uint64_t *address,
	       uint64_t *bytes);

/*
 * 2.4, and where the Specification leaves it open as Linux has it: the
 * interrupt parent; interrupt @entry of a node, followed until its controller is one for
 * that @stop is true, or has no map; -1: no such entry, 0: leads nowhere, 1: ok
 */
const struct spec_node *
spec_interrupt_parent(const struct spec *spec, const struct spec_node *node);
typedef bool (*spec_stop)(const void *data, const struct spec_node *node);
int spec_interrupt(const struct spec *spec, const struct spec_node *node,
		   int entry, spec_stop stop, const void *data,
		   struct spec_line *line);
/* The same for an entry of interrupt-map; @child: its own side */
int spec_map(const struct spec *spec, const struct spec_node *node, int entry,
	     spec_stop stop, const void *data, struct spec_line *child,
	     struct spec_line *line);

#endif
