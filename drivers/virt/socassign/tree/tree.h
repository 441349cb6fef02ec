/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device tree, read once: tree.c keeps the index, read.c reads a node
 *
 * What a claim asks of the whole tree (who names me, who has registers in my
 * pages, who shares my lines, whose LIODN is this) the index answers at the cost
 * of the answer, not of the tree.
 *
 * Nothing else walks the live tree, and the index is built and asked under
 * soca_tree_sem, which a change of the tree takes for writing before the nodes
 * that it took out are freed (see soca_tree_changed()).  So nobody stands on a
 * node that goes, and a node in the index needs no reference, but for one that a
 * failed changeset could take out in silence.
 */
#ifndef _SOCASSIGN_TREE_H
#define _SOCASSIGN_TREE_H

#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/list.h>
#include <linux/of.h>
#include <linux/rbtree.h>

#include "tree/phandle_props.h"
#include "tree/span.h"

/**
 * enum soca_span_kind - Why a node names physical addresses
 * @SOCA_SPAN_REG: An entry of reg
 * @SOCA_SPAN_WINDOW: An entry of the ranges of a PCI host bridge; what other
 *	buses have there is their children
 * @SOCA_SPAN_RESERVED: What the kernel keeps for a child of /reserved-memory
 */
enum soca_span_kind {
	SOCA_SPAN_REG,
	SOCA_SPAN_WINDOW,
	SOCA_SPAN_RESERVED,
};

/**
 * struct soca_tree_span - Physical addresses that a node names
 * @rb: In the interval tree of all of them
 * @last_below: The last byte of all that are below it there
 * @next: The next one of the node
 * @node: The node
 * @span: The addresses
 * @bus_address: The first of them on the parent bus
 * @kind: Where they come from
 * @entry: Index in the property
 */
struct soca_tree_span {
	struct rb_node rb;
	u64 last_below;
	struct soca_tree_span *next;
	struct soca_tree_node *node;
	struct soca_span span;
	u64 bus_address;
	enum soca_span_kind kind;
	u32 entry;
};

/**
 * struct soca_tree_line - An interrupt line that a node names
 * @hash: By what the controller's domain calls it, once somebody has asked
 * @next: The next one of the node
 * @next_in: The next one that ends at the same controller
 * @node: The node
 * @controller: Where it ends
 * @args: Controller and specifier, behind all interrupt-maps
 * @hwirq: What the controller's domain calls it, see soca_tree_visit_line()
 * @known: @hwirq is valid
 * @origin: enum socassign_irq_origin
 * @entry: Index in the property
 */
struct soca_tree_line {
	struct hlist_node hash;		/* soca_lines_lock */
	struct soca_tree_line *next;
	struct soca_tree_line *next_in;
	struct soca_tree_node *node;
	struct soca_tree_node *controller;
	struct of_phandle_args args;
	unsigned long hwirq;		/* soca_lines_lock */
	bool known;			/* soca_lines_lock */
	u32 origin;
	u32 entry;
};

/**
 * struct soca_tree_ref - A property of a node names another node
 * @next: The next one of the node
 * @next_user: The next one that names the same node
 * @node: The node
 * @target: Whom it names
 * @target_np: The same, while the node is read
 * @prop: How the property is to be read, and how it is called
 * @entry: Index in the property
 * @num_args: Number of @args
 * @args: The cells behind the phandle
 */
struct soca_tree_ref {
	struct soca_tree_ref *next;
	struct soca_tree_ref *next_user;
	struct soca_tree_node *node;
	union {
		struct soca_tree_node *target;
		struct device_node *target_np;	/* while the index is built */
	};
	const struct soca_phandle_prop *prop;
	u32 entry;
	u32 num_args;
	u32 args[];
};

/**
 * struct soca_tree_liodn - A LIODN of a node
 * @hash: By @id
 * @next: The next one of the node
 * @node: The node
 * @id: The LIODN
 */
struct soca_tree_liodn {
	struct hlist_node hash;
	struct soca_tree_liodn *next;
	struct soca_tree_node *node;
	u32 id;
};

/**
 * enum soca_tree_has - Properties that most nodes come without
 * @SOCA_HAS_DOMAINS: power-domains
 * @SOCA_HAS_RESETS: resets
 * @SOCA_HAS_REG_NAMES: reg-names
 * @SOCA_HAS_IRQ_NAMES: interrupt-names
 */
enum soca_tree_has {
	SOCA_HAS_DOMAINS = BIT(0),
	SOCA_HAS_RESETS = BIT(1),
	SOCA_HAS_REG_NAMES = BIT(2),
	SOCA_HAS_IRQ_NAMES = BIT(3),
};

/**
 * struct soca_tree_node - A node of the tree
 * @hash: By @np
 * @path_hash: By @path
 * @np: The node
 * @path: Its path
 * @parent: Its parent
 * @next: The next one in the order of the tree
 * @order: Its number in that order
 * @last: The number of its last descendant
 * @is_reserved_memory: It is /reserved-memory
 * @is_held: The index has a reference to it
 * @has: enum soca_tree_has: the others need not be asked for
 * @num_clocks: Number of entries in clocks, those that make no sense included
 * @spans: Addresses that it names, in the order of the tree
 * @lines: Interrupt lines that it names, in the order of the tree
 * @refs: Nodes that it names
 * @liodns: Its LIODNs, in the order of the tree
 * @users: Who names it
 * @lines_in: Lines that end at it
 * @facts: enum soca_fact, once somebody has asked
 * @quiesce: How it is made quiet, once somebody has asked
 * @translated: soca_tree_line.hwirq of @lines_in is what a domain calls them that
 *	stays
 */
struct soca_tree_node {
	struct hlist_node hash;
	struct hlist_node path_hash;
	struct device_node *np;
	char *path;
	struct soca_tree_node *parent;
	struct soca_tree_node *next;
	u32 order;
	u32 last;
	bool is_reserved_memory;
	bool is_held;
	u32 has;
	u32 num_clocks;
	struct soca_tree_span *spans;
	struct soca_tree_line *lines;
	struct soca_tree_ref *refs;
	struct soca_tree_liodn *liodns;
	struct soca_tree_ref *users;
	struct soca_tree_line *lines_in;
	u32 facts;
	const struct of_device_id *quiesce;
	bool translated;		/* soca_lines_lock */
};

/* A node and what is below it, in the order of the tree. */
#define soca_tree_for_each_below(_it, _node)				\
	for (const struct soca_tree_node *_top = _it = (_node);		\
	     _it && _it->order <= _top->last; _it = _it->next)

#define soca_tree_for_each_user(_ref, _node) \
	for (_ref = (_node)->users; _ref; _ref = _ref->next_user)

#define soca_tree_for_each_span(_span, _node) \
	for (_span = (_node)->spans; _span; _span = _span->next)

#define soca_tree_for_each_line(_line, _node) \
	for (_line = (_node)->lines; _line; _line = _line->next)

/* All spans that have a byte in @_span. */
#define soca_tree_for_each_meeting(_it, _span)				\
	for (_it = soca_tree_first_meeting(_span); _it;			\
	     _it = soca_tree_next_meeting(_it, _span))

/* Is @node @above, or below it? */
static inline bool soca_tree_is_below(const struct soca_tree_node *node,
				      const struct soca_tree_node *above)
{
	return node->order >= above->order && node->order <= above->last;
}

/* tree.c: the index */
int soca_tree_lock(void);
void soca_tree_hold(void);
void soca_tree_unlock(void);
struct soca_tree_node *soca_tree_root(void);
struct soca_tree_node *soca_tree_find(const struct device_node *np);
struct soca_tree_node *soca_tree_find_path(const char *path);
bool soca_tree_is_moving(const struct device_node *np);
struct soca_tree_span *soca_tree_first_meeting(struct soca_span span);
struct soca_tree_span *soca_tree_next_meeting(struct soca_tree_span *it,
					      struct soca_span span);
struct soca_tree_liodn *soca_tree_next_liodn(struct soca_tree_liodn *it,
					     u32 id);
typedef int (*soca_line_fn)(struct soca_tree_line *line, void *data);
int soca_tree_visit_line(struct soca_tree_line *line, soca_line_fn fn,
			 void *data);
void soca_tree_exit(void);

/* Of an address or a size; more make no sense, as for the kernel (of/address.c). */
#define SOCA_MAX_CELLS	4

/* read.c: what a node names */
int soca_tree_read(struct soca_tree_node *node);
u32 soca_tree_cells(const struct device_node *np, const char *name);
bool soca_tree_has_addresses(const struct device_node *bus);
bool soca_tree_ref_args(const struct soca_tree_ref *ref, struct device_node *target,
			struct of_phandle_args *args);
int soca_tree_resource(struct device_node *np, int index, struct resource *res);
s64 soca_tree_says(const struct device_node *np, const char *name);
bool soca_tree_walk_begin(struct soca_phandle_walk *walk,
			  const struct device_node *np,
			  const struct property *prop);
void soca_tree_free_read(struct soca_tree_node *node);
void soca_tree_free_node(struct soca_tree_node *node);

#endif /* _SOCASSIGN_TREE_H */
