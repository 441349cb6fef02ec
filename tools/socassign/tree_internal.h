/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the guest-tree builder share
 *
 * A build has two phases: everything that can fail for a reason of the tree's
 * is planned first, then the guest's tree is written from front to back.
 */
#ifndef TREE_INTERNAL_H
#define TREE_INTERNAL_H

#include <errno.h>
#include <libfdt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/socassign.h>

#include "libsocassign-tree.h"
#include "specifier.h"

#define TREE_ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/*
 * Most cells of an address, a size, an interrupt specifier, also of one with the
 * unit address in front, as interrupt-map has it: the kernel's MAX_PHANDLE_ARGS.
 */
#define TREE_MAX_CELLS		SOCASSIGN_MAX_SPECIFIER
#define TREE_ROOT		0
#define TREE_RESERVED		"reserved-memory"
#define TREE_NONE		(-1)

/* The host's tree */

/**
 * struct tree_node - A node of the host's tree
 * @offset: Where it is in the blob
 * @parent: Index of the parent; %TREE_NONE: the root
 * @end: Index of the first node behind it that is no descendant
 * @name: Its name with unit address
 * @phandle: 0: none
 */
struct tree_node {
	int offset;
	int parent;
	int end;
	const char *name;
	uint32_t phandle;
};

/* Where a phandle leads, sorted by @phandle. */
struct tree_phandle {
	uint32_t phandle;
	int node;
};

/**
 * struct soca_tree - A host's device tree, indexed
 * @fdt: The blob
 * @nodes: The nodes in the order of the blob: parents before children
 * @num: Number of @nodes, at least 1: the root
 * @phandles: The nodes that have one, sorted
 * @num_phandles: Number of @phandles
 */
struct soca_tree {
	void *fdt;
	struct tree_node *nodes;
	int num;
	struct tree_phandle *phandles;
	int num_phandles;
};

/* The children of a node */
#define tree_for_each_child(_tree, _child, _node)			\
	for (_child = (_node) + 1; _child < (_tree)->nodes[_node].end;	\
	     _child = (_tree)->nodes[_child].end)

/* The node itself and its descendants */
#define tree_for_each_below(_tree, _below, _node)			\
	for (_below = (_node); _below < (_tree)->nodes[_node].end; _below++)

/* A property's value as cells; a length that is no multiple of 4 is cut. */
struct tree_cells {
	const fdt32_t *cell;
	int num;
};

/*
 * 0, -EINVAL, -ELOOP: deeper than SOCA_TREE_MAX_DEPTH; checks every tag, name
 * and property of a blob
 */
int tree_check(const void *fdt, size_t size);
/* Tell why @what is none: -EINVAL */
int tree_check_fail(struct soca_tree_report *report, const char *what,
		    int err);
/* A property of any blob, NULL if there is none */
const void *tree_blob_prop(const void *fdt, int offset, const char *name,
			   int *len);
bool tree_blob_cells(const void *fdt, int offset, const char *name,
		     struct tree_cells *cells);
/* The first cell of a property, @otherwise if there is none */
uint32_t tree_blob_u32(const void *fdt, int offset, const char *name,
		       uint32_t otherwise);
/* The property as one string, NULL if it is none */
const char *tree_blob_string(const void *fdt, int offset, const char *name);
/* Is @string in the property, a list of strings? */
bool tree_blob_lists(const void *fdt, int offset, const char *name,
		     const char *string);

/* Tell of a node of any blob; @property may be NULL */
void tree_blob_note(struct soca_tree_report *report, const void *fdt,
		    int offset, enum soca_tree_action action,
		    const char *property, const char *reason);
/* Tell of an error: -EINVAL */
int tree_blob_fail(struct soca_tree_report *report, const void *fdt,
		   int offset, const char *property, const char *reason);
/* An overlay for @fdt: 0, or -EINVAL and it is told why */
int tree_check_fixups(const void *dtbo, const void *fdt,
		      struct soca_tree_report *report);
/* Nothing in @fdt refers to nothing, or to what was only in @before */
int tree_check_references(const void *fdt, struct soca_tree_report *report);
int tree_check_lost(const void *fdt, const void *before,
		    struct soca_tree_report *report);

const void *tree_prop(const struct soca_tree *tree, int node, const char *name,
		      int *len);
/* @fn of every property, until one is not 0 */
int tree_each_prop(const struct soca_tree *tree,
		   int (*fn)(const void *data, int node, const char *name),
		   const void *data);
bool tree_cells(const struct soca_tree *tree, int node, const char *name,
		struct tree_cells *cells);
uint32_t tree_u32(const struct soca_tree *tree, int node, const char *name,
		  uint32_t otherwise);
bool tree_has(const struct soca_tree *tree, int node, const char *name);
bool tree_is_compatible(const struct soca_tree *tree, int node,
			const char *compatible);
/* status is absent, "okay" or "ok" */
bool tree_is_available(const struct soca_tree *tree, int node);
int tree_child(const struct soca_tree *tree, int node, const char *name,
	       size_t len);
int tree_find(const struct soca_tree *tree, const char *path);
/* Also by alias, as the kernel's ABI takes it */
int tree_resolve(const struct soca_tree *tree, const char *path);
int tree_by_phandle(const struct soca_tree *tree, uint32_t phandle);
/* Path of a node for the caller to free, NULL without memory */
char *tree_path(const struct soca_tree *tree, int node);

/*
 * An array of @num, which has only grown by this, with room for one more of @size bytes:
 * it doubles at powers of two.  NULL without memory: it is as it was.
 */
void *tree_grow(void *array, size_t num, size_t size);

/**
 * struct tree_list - Cells of a property that is put together
 * @cell: The cells
 * @num: Number of @cell
 * @room: For how many there is memory
 * @err: The first error; nothing is added after it
 */
struct tree_list {
	fdt32_t *cell;
	int num;
	int room;
	int err;
};

void tree_list_copy(struct tree_list *list, const fdt32_t *cell, int num);
/* -ERANGE if @value does not fit in @num cells */
void tree_list_number(struct tree_list *list, int num, uint64_t value);
void tree_list_u32(struct tree_list *list, uint32_t value);
void tree_list_fail(struct tree_list *list, int err);
/* Returns the error */
int tree_list_free(struct tree_list *list);

/* Addresses */

/**
 * struct tree_bus - How a bus writes addresses and sizes
 * @address_cells: #address-cells
 * @size_cells: #size-cells
 */
struct tree_bus {
	int address_cells;
	int size_cells;
};

bool tree_bus(const struct soca_tree *tree, int node, struct tree_bus *bus);
bool tree_is_pci(const struct soca_tree *tree, int node);
/* A number of @num cells; false if it has more than 64 bits */
bool tree_read(const fdt32_t *cell, int num, uint64_t *value);
bool tree_write(fdt32_t *cell, int num, uint64_t value);
/*
 * Translate an address on the bus below @bus to the bus below @stop, an
 * ancestor of it.
 */
bool tree_translate(const struct soca_tree *tree, int bus, int stop,
		    uint64_t *address);
/* Entry @entry of reg, as the parent's bus writes it; false behind the last */
bool tree_reg(const struct soca_tree *tree, int node, uint32_t entry,
	      uint64_t *address, uint64_t *bytes);
/* Entry @entry of the windows of a PCI host bridge; the address is @node's */
bool tree_window(const struct soca_tree *tree, int node, uint32_t entry,
		 uint64_t *address, uint64_t *bytes);
uint32_t tree_num_entries(const struct soca_tree *tree, int node,
			  uint32_t kind);
/* Cells of such an entry, 0: the node can have none */
int tree_entry_cells(const struct soca_tree *tree, int node, uint32_t kind);
/* Registers or windows that the CPU reaches */
bool tree_is_mapped(const struct soca_tree *tree, int node);

/* Interrupt lines */

/**
 * struct tree_line - An interrupt line of the host's
 * @controller: The node it ends at
 * @num: Number of @cells
 * @cells: Its specifier there
 */
struct tree_line {
	int controller;
	uint32_t num;
	uint32_t cells[TREE_MAX_CELLS];
};

/* The node that @node's `interrupts` are for, TREE_NONE if there is none */
int tree_irq_parent(const struct soca_tree *tree, int node);
/* Cells of a unit address in interrupt-map: of a nexus, of a parent in it */
uint32_t tree_nexus_cells(const struct soca_tree *tree, int node);
uint32_t tree_irq_address_cells(const struct soca_tree *tree, int node);
/* Follow @line, which @node has at line->controller, from nexus to nexus */
bool tree_follow(const struct soca_tree *tree, int node,
		 struct tree_line *line);

/**
 * struct tree_map_entry - An entry of interrupt-map
 * @entry: The whole of it
 * @num: Number of its cells
 * @child: Number of cells of the child's side, the phandle comes behind
 * @address: Number of cells of the parent's unit address
 * @parent: The parent
 */
struct tree_map_entry {
	const fdt32_t *entry;
	int num;
	int child;
	int address;
	int parent;
};

/*
 * Called for entries of a node's interrupts in their order; NULL: a hole, or it
 * leads to no controller.
 */
typedef void (*tree_line_fn)(void *data, const struct tree_line *line);
/* Its name: `interrupts-extended` if the node has it, which goes first */
const char *tree_irq_property(const struct soca_tree *tree, int node);
/* As they are; 0, or -EINVAL if there is one that cannot be read */
int tree_each_interrupt(const struct soca_tree *tree, int node,
			tree_line_fn fn, void *data);
/* Followed to where they end, those of interrupt-map behind the others */
void tree_each_end(const struct soca_tree *tree, int node, tree_line_fn fn,
		   void *data);

/*
 * Follow what a child gets that asks @node for the entry of interrupt-map; false
 * also if that ends at @node, which is a controller of its own then
 */
bool tree_follow_entry(const struct soca_tree *tree, int node,
		       const struct tree_map_entry *entry,
		       struct tree_line *line);
/* The entry at @at of interrupt-map; false at the end or where it is broken */
bool tree_map_entry(const struct soca_tree *tree, int node, int at,
		    struct tree_map_entry *entry);

/* References */

enum tree_shape {
	TREE_LIST,	/* a phandle and as many cells as the target says */
	TREE_FIXED,	/* a phandle and a fixed number of cells, repeated */
	TREE_ONE,	/* a phandle and cells of any number, once */
	TREE_TUPLE,	/* tuples with a phandle at one place */
	TREE_MAP	/* the same: input, phandle, cells, and a length */
};

enum tree_policy {
	TREE_HOLE,	/* 0 instead of the entry, others stay in their place */
	TREE_REMOVE,	/* take the entry out */
	TREE_CLOCK,	/* as HOLE, but a fixed-clock if the rate is known */
	TREE_SUPPLY	/* a regulator-fixed */
};

/**
 * struct tree_rule - How to read a property that holds phandles
 * @name: Its name
 * @shape: enum tree_shape
 * @cells: LIST, TUPLE, MAP: what the target has the number of cells in that
 *	follow, NULL: none
 * @own: FIXED: what the node itself has the number of cells behind the phandle
 *	in, less one
 * @optional: LIST: a target without @cells has none
 * @nested: LIST: a cell behind the phandle may be that of a child of the
 *	target's (TI's mailboxes)
 * @strict: The name means a reference everywhere; otherwise a property that
 *	cannot be read as one is taken for something else
 * @unless: A property that says that this one is no reference: a DMA
 *	controller's dma-masters is a number, a router's are phandles; the
 *	gpios of a hog are their parent's
 * @list_if: LIST: a property without which this one is ONE
 * @number: FIXED: number of cells behind the phandle, if nothing says another;
 *	TUPLE: size of a tuple, without those
 * @place: TUPLE: where in it the phandle is
 * @policy: What to do where a reference leaves the claim
 * @reason: Why it is dropped
 */
struct tree_rule {
	const char *name;
	enum tree_shape shape;
	const char *cells;
	const char *own;
	bool optional;
	bool nested;
	bool strict;
	const char *unless;
	const char *list_if;
	int number;
	int place;
	enum tree_policy policy;
	const char *reason;
};

#define TREE_MAX_COMPANIONS	2
/* More than the table of companions has. */
#define TREE_MAX_DROPPED	64

/* The rule for a property, NULL: it holds no phandles */
const struct tree_rule *tree_rule_find(const char *name);
/* Also those for interrupts, which the table leaves to their own code */
const struct tree_rule *tree_dangle_rule(const char *name);
/* Does the node say that the property is no reference? */
bool tree_is_excepted(const struct soca_tree *tree, int node,
		      const struct tree_rule *rule);
/* Does a property of the name hold numbers, as far as is known? */
bool tree_is_number(const char *name);
/* The table is sorted, for the tests */
bool tree_rules_sorted(void);
/* Names of properties that mean nothing without this one, NULL at the end */
const char *const *tree_companions(const char *name);

/* As tree_target wants it: @data is the tree */
int tree_find_host(const void *data, uint32_t phandle);

/* A reference in a property: cells @first to @first + @num, phandle @at */
struct tree_ref {
	int first;
	int at;
	int num;
};

/**
 * struct tree_target - Looks up where references of a tree lead
 * @fdt: The blob
 * @node: Offset in @fdt of the node that has the reference
 * @find: Offset in @fdt of the node with the phandle, negative: none
 * @data: First argument of @find
 */
struct tree_target {
	const void *fdt;
	int node;
	int (*find)(const void *data, uint32_t phandle);
	const void *data;
};

/*
 * Take a property apart: the number of references, -EINVAL if it does not
 * have the shape or a phandle leads nowhere.  @refs has room for one in each
 * cell.
 */
int tree_refs(const struct tree_target *target, const struct tree_rule *rule,
	      const struct tree_cells *cells, struct tree_ref *refs);

/* A build */

enum tree_role {
	TREE_OUTSIDE,
	TREE_SKELETON,	/* only what the nodes below need */
	TREE_CARRIED,	/* comes along, is not claimed by itself */
	TREE_CLAIMED
};

/**
 * struct tree_region - Registers of a claimed node, or windows
 * @node: The node
 * @kind: enum socassign_region_kind
 * @entry: Index in the node's property
 * @top: The node at the top of the guest's tree that it is in
 * @inner: Its address on the bus below @top (if @node is below it)
 * @host: Its address on the host
 * @guest: Its address in the guest
 * @bytes: Its size
 */
struct tree_region {
	int node;
	uint32_t kind;
	uint32_t entry;
	int top;
	uint64_t inner;
	uint64_t host;
	uint64_t guest;
	uint64_t bytes;
};

/**
 * struct tree_standin - A node that stands in for a provider of the host's
 * @is_clock: A clock, else a regulator
 * @node: The provider on the host
 * @rate: Clock: its rate
 * @id: Clock: its specifier
 * @num_id: Number of @id
 * @phandle: In the guest
 */
struct tree_standin {
	bool is_clock;
	int node;
	uint64_t rate;
	uint32_t id[TREE_MAX_CELLS];
	int num_id;
	uint32_t phandle;
};

/* A blob that is written from front to back and grows. */
struct tree_out {
	void *fdt;
	size_t size;
	int err;
};

/**
 * struct tree_base - What is to be known of the guest's base tree
 * @fdt: The blob
 * @copy: The same, if its phandles were changed
 * @bus_offset: The node that the devices go below, negative: to be made
 * @bus_path: Its path, without a slash at the end
 * @bus: How it writes addresses
 * @root: How the root does
 * @intc: Phandle of the interrupt controller
 * @intc_cells: Its #interrupt-cells
 * @intc_address_cells: Its #address-cells
 */
struct tree_base {
	const void *fdt;
	void *copy;
	int bus_offset;
	const char *bus_path;
	struct tree_bus bus;
	struct tree_bus root;
	uint32_t intc;
	uint32_t intc_cells;
	uint32_t intc_address_cells;
};

/**
 * struct tree_take - A line of the guest's that has got one of the host's
 * @host: The line of the host's
 * @num: Number of @cells
 * @cells: Its specifier in the guest
 */
struct tree_take {
	struct tree_line host;
	uint32_t num;
	uint32_t cells[TREE_MAX_CELLS];
};

/* Hashed by the specifier; @room is a power of two, more than @num */
struct tree_taken {
	struct tree_take **slot;
	size_t num;
	size_t room;
};

/* A phandle of the base tree that the host uses, too, and what it is now. */
struct tree_move {
	uint32_t from;
	uint32_t to;
};

/**
 * struct tree_build - A build
 * @tree: The host's tree
 * @guest: What the caller said of the guest
 * @report: Where to tell, or NULL
 * @base: The guest's base tree
 * @role: Of each node, enum tree_role
 * @named: Of each node: the caller named it
 * @phandle: Of each node: its phandle in the guest, 0: none
 * @name: Of each node: its name in the guest, NULL: as on the host
 * @regions: The registers of claimed nodes
 * @num_regions: Number of @regions
 * @intc: The controller of the host's that the base's stands for, %TREE_NONE
 * @taken: The lines of the guest's that the caller gave away
 * @standins: Nodes that stand in for the host's
 * @num_standins: Number of @standins
 * @moves: Phandles of the base tree that are others now
 * @num_moves: Number of @moves
 * @next_phandle: The first that is free, 0: still to be found
 * @dropped: Companions of properties that the node being written has lost
 * @num_dropped: Number of @dropped
 * @out: The guest's tree
 */
struct tree_build {
	const struct soca_tree *tree;
	const struct soca_tree_guest *guest;
	struct soca_tree_report *report;
	struct tree_base base;
	uint8_t *role;
	bool *named;
	uint32_t *phandle;
	char **name;
	struct tree_region *regions;
	int num_regions;
	int intc;
	struct tree_taken taken;
	struct tree_standin *standins;
	int num_standins;
	struct tree_move *moves;
	int num_moves;
	uint32_t next_phandle;
	const char *dropped[TREE_MAX_DROPPED];
	int num_dropped;
	struct tree_out out;
};

/* Its description is in the guest's tree. */
static inline bool tree_inside(const struct tree_build *build, int node)
{
	return build->role[node] >= TREE_CARRIED;
}

int tree_base_open(struct tree_build *build);
int tree_claim(struct tree_build *build, const struct soca_tree_node *nodes,
	       size_t num);
/* The controller that the guest's stands for: 0 or -EINVAL */
int tree_intc_find(struct tree_build *build);
/* Does the guest's controller read specifiers as @node does? */
bool tree_intc_is_alike(const struct tree_build *build, int node);
/* Has @node the specifiers of the controller that the guest's stands for? */
bool tree_intc_is_stood_for(const struct tree_build *build, int node);
/* Do two end at one line, however it is spelt? */
bool tree_same_line(const struct soca_tree *tree, const struct tree_line *a,
		    const struct tree_line *b);
/*
 * Give a line of the guest's to @host: 0, 1: another one has it, or a negative
 * errno
 */
int tree_take(struct tree_build *build, const struct tree_line *host,
	      const uint32_t *cells, uint32_t num);
void tree_taken_free(struct tree_taken *taken);
int tree_find_regions(struct tree_build *build);
int tree_name_tops(struct tree_build *build);
/* The caller's own rule comes first; @room is for one that is made of it. */
const struct tree_rule *tree_rule(const struct tree_build *build,
				  const char *name, struct tree_rule *room);
/* Change phandles of the base tree that the host uses, too */
int tree_renumber_base(struct tree_build *build);
/* What a phandle of the caller's base tree is now */
uint32_t tree_base_phandle(const struct tree_build *build, uint32_t phandle);
/* Phandles for the nodes of the claim */
int tree_number(struct tree_build *build);
/* A phandle for a node that is made, 0 if there are none left */
uint32_t tree_new_phandle(struct tree_build *build);

/* Has the first address of a node at the top moved, and how? */
bool tree_has_moved(const struct tree_build *build, int node, uint64_t *host,
		    uint64_t *guest);
/* A region of a node, NULL if the CPU does not reach it */
const struct tree_region *tree_region(const struct tree_build *build, int node,
				      uint32_t kind, uint32_t entry);
/* The node's name in the guest, its path for the caller to free */
const char *tree_guest_name(const struct tree_build *build, int node);
char *tree_guest_path(const struct tree_build *build, int node);

/* Writing: errors are remembered in build->out.err */
void tree_emit_base(struct tree_build *build);
void tree_emit_tops(struct tree_build *build);
/* All of a node but its children, and the addresses of one at the top */
void tree_emit_whole(struct tree_build *build, int node);
/* Is it /reserved-memory, or one of its children? */
bool tree_is_reserved_root(const struct soca_tree *tree, int node);
bool tree_is_reserved(const struct soca_tree *tree, int node);
/* Partitions, into the open root, or into the base's open /reserved-memory */
void tree_emit_reserved(struct tree_build *build, bool base_has_it);
void tree_emit_top_addresses(struct tree_build *build, int node);
void tree_emit_interrupts(struct tree_build *build, int node);
void tree_emit_interrupt_map(struct tree_build *build, int node);
/* Otherwise it is to be copied as it is */
bool tree_is_reference(const struct tree_build *build, int node,
		       const char *name);
void tree_emit_reference(struct tree_build *build, int node, const char *name);
/* The guest does not have the property: nor what runs parallel to it */
void tree_drop(struct tree_build *build, int node, const char *name);
void tree_emit_standins(struct tree_build *build);
void tree_emit_names(struct tree_build *build, const char *list,
		     int base_offset);
uint32_t tree_standin_clock(struct tree_build *build, int node, uint32_t entry,
			    int provider, const fdt32_t *id, int num_id);
uint32_t tree_standin_supply(struct tree_build *build, int provider);

/* Tell: @reason is a printf format.  Without memory the build fails later. */
__attribute__((format(printf, 5, 6)))
void tree_note(struct tree_build *build, enum soca_tree_action action,
	       int node, const char *property, const char *reason, ...);
__attribute__((format(printf, 5, 6)))
int tree_report_add(struct soca_tree_report *report,
		    enum soca_tree_action action, const char *path,
		    const char *property, const char *reason, ...);

/* The writer */
int tree_out_open(struct tree_out *out, size_t size);
void tree_out_begin(struct tree_out *out, const char *name);
void tree_out_end(struct tree_out *out);
void tree_out_prop(struct tree_out *out, const char *name, const void *value,
		   int len);
void tree_out_u32(struct tree_out *out, const char *name, uint32_t value);
void tree_out_string(struct tree_out *out, const char *name,
		     const char *value);
void tree_out_fail(struct tree_out *out, int err);
void tree_out_reserve(struct tree_out *out, uint64_t address, uint64_t size);
void tree_out_end_reserve(struct tree_out *out);
int tree_out_finish(struct tree_out *out);

#endif
