/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libsocassign: the guest's device tree
 *
 * Takes nodes of the host's tree over into the tree of a guest: what they
 * refer to, where their registers are and which interrupts they raise are put
 * right for the guest; everything that had to be dropped or replaced is told.
 *
 *	soca_tree_flatten("/sys/firmware/devicetree/base", &blob, &size);
 *	soca_tree_open(blob, size, &tree);
 *	soca_tree_build(tree, nodes, num, &guest, &fdt, &fdt_size, &report);
 *	soca_tree_edit(&fdt, &fdt_size, dtbo, dtbo_size, &report);
 *
 * Functions return 0 or a negative errno.  What they hand out through a pointer
 * is the caller's to free().  Blobs may be hostile: a bad one is refused.
 */
#ifndef LIBSOCA_TREE_H
#define LIBSOCA_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the kernel shows the tree that it runs on, with overlays applied. */
#define SOCA_TREE_LIVE	"/sys/firmware/devicetree/base"

/* Trees whose nodes are nested deeper are refused; the root is the first. */
#define SOCA_TREE_MAX_DEPTH	64

/**
 * struct soca_tree - A host's device tree, indexed
 *
 * Never changed once it is open: any number of guests can be built from it, by
 * any number of threads.
 */
struct soca_tree;

/* A claim of libsocassign.h's */
struct soca_claim;

/**
 * struct soca_tree_node - A node to take over
 * @path: Its path in the host's tree, or one that starts with an alias
 * @subtree: Its descendants were claimed too (%SOCASSIGN_SUBTREE).  Otherwise
 *	only those descendants come along that say what the node is like or what
 *	is connected to it: those without registers that the CPU can reach.
 */
struct soca_tree_node {
	const char *path;
	bool subtree;
};

/**
 * struct soca_tree_region - Registers that have to go somewhere
 * @path: The node, in the host's tree
 * @kind: enum socassign_region_kind
 * @entry: Index in the node's `reg` or `ranges`, as in struct socassign_region
 * @address: Where the host's CPUs see it
 * @bytes: Size
 */
struct soca_tree_region {
	const char *path;
	uint32_t kind;
	uint32_t entry;
	uint64_t address;
	uint64_t bytes;
};

/**
 * struct soca_tree_irq - An interrupt that has to be raised in the guest
 * @path: The node, in the host's tree
 * @origin: enum socassign_irq_origin
 * @entry: Index in the node's property, as in struct socassign_irq
 * @controller: Path of the host's interrupt controller that the line ends at
 * @num_cells: Number of @cells
 * @cells: The specifier in the format of @controller, in host byte order
 */
struct soca_tree_irq {
	const char *path;
	uint32_t origin;
	uint32_t entry;
	const char *controller;
	uint32_t num_cells;
	const uint32_t *cells;
};

/**
 * struct soca_tree_keep - A reference that the guest has its own end for
 * @host_path: The node that the host's tree refers to
 * @phandle: The node of the guest's base tree to refer to instead
 *
 * The cells behind the phandle are taken over; a reference whose number of
 * cells the two nodes disagree on is dropped all the same.
 */
struct soca_tree_keep {
	const char *host_path;
	uint32_t phandle;
};

/**
 * struct soca_tree_reference - A property that holds phandles
 * @property: Its name
 * @cells: Name of the property of the target that tells how many cells follow
 *	the phandle, such as "#clock-cells"; NULL: none follow
 *
 * For bindings that the library does not know.
 */
struct soca_tree_reference {
	const char *property;
	const char *cells;
};

/**
 * struct soca_tree_guest - What the guest is like
 * @base: Its tree without devices: CPUs, memory, interrupt controller, chosen
 *	Nodes of it whose phandle a node of the host's has, too, get another
 *	one, and what refers to them with them; phandles that the host does
 *	not use stay
 * @base_size: Size of the buffer with @base
 * @bus: Path of the node of @base to put the devices below, whose addresses
 *	must be the CPUs'; or the name with a slash in front of a bus to make;
 *	NULL: the root, and a device has the path that it has on the host, or
 *	the report has the new one: it moves, the base has one of its name,
 *	or a device above it, whose unit address says where it has registers,
 *	is not claimed
 * @intc: Phandle of the interrupt controller in @base; 0: what the root's
 *	`interrupt-parent` says
 * @data: First argument of the functions
 * @region: Tells the guest-physical address of a region; NULL: everything
 *	stays where it is.  A negative errno ends the build.
 * @irq: Tells the specifier in the format of @intc: fills in @num_cells cells.
 *	A negative errno: the guest does not get this interrupt, nor does it if
 *	another line of the host's has got this one of the guest's.  NULL: the
 *	specifier is the host's, of lines that end at @host_intc; the guest
 *	does not get others
 * @clock: Tells the rate in Hz of an entry of `clocks` of a node that was
 *	claimed (SOCASSIGN_CLOCK), 0: unknown.  May be NULL.
 * @keep: References to keep
 * @num_keep: Number of @keep
 * @references: More properties that hold phandles
 * @num_references: Number of @references
 * @host_intc: Path of the host's interrupt controller that @intc stands for;
 *	NULL: of those of the same kind (by `compatible`) the one where the
 *	first line of the claim ends.  It matters only where @irq is NULL.
 * @placed: Hears which path each of the nodes to take over has in the guest, for
 *	edits of them.  May be NULL.
 *
 * A line that ends at a controller of the claim stays there, whatever @irq and
 * @host_intc say.
 */
struct soca_tree_guest {
	const void *base;
	size_t base_size;
	const char *bus;
	uint32_t intc;
	void *data;
	int (*region)(void *data, const struct soca_tree_region *region,
		      uint64_t *address);
	int (*irq)(void *data, const struct soca_tree_irq *irq,
		   uint32_t *cells, uint32_t num_cells);
	uint64_t (*clock)(void *data, const char *path, uint32_t entry);
	const struct soca_tree_keep *keep;
	size_t num_keep;
	const struct soca_tree_reference *references;
	size_t num_references;
	const char *host_intc;
	void (*placed)(void *data, const char *path, const char *guest_path);
};

/**
 * enum soca_tree_action - What was done
 * @SOCA_TREE_DROPPED: The guest does not have it
 * @SOCA_TREE_REPLACED: The guest has something in its place
 * @SOCA_TREE_KEPT: A rule of the caller's kept it
 * @SOCA_TREE_ERROR: It is why the function failed
 * @SOCA_TREE_DOUBTFUL: It is as it was, and may be wrong in the guest
 */
enum soca_tree_action {
	SOCA_TREE_DROPPED,
	SOCA_TREE_REPLACED,
	SOCA_TREE_KEPT,
	SOCA_TREE_ERROR,
	SOCA_TREE_DOUBTFUL
};

/**
 * struct soca_tree_note - One thing that is not as it is on the host
 * @action: What was done
 * @path: The node: in the host's tree, after soca_tree_edit() in the
 *	guest's
 * @property: The property; empty: the node as a whole
 * @reason: Why, in English
 */
struct soca_tree_note {
	enum soca_tree_action action;
	char *path;
	char *property;
	char *reason;
};

/**
 * struct soca_tree_report - All that is not as it is on the host
 * @notes: The notes
 * @num: Number of @notes
 *
 * Starts as all zeros.  Functions add to it, also when they fail.
 */
struct soca_tree_report {
	struct soca_tree_note *notes;
	size_t num;
};

/**
 * soca_tree_flatten - Make a blob of a tree that the kernel shows
 * @dir: The directory, %SOCA_TREE_LIVE
 * @fdt: Returns the blob
 * @size: Returns its size
 *
 * Nodes come in alphabetical order.
 *
 * Return: 0; -ELOOP: nodes are nested deeper than %SOCA_TREE_MAX_DEPTH; another
 * negative errno.
 */
int soca_tree_flatten(const char *dir, void **fdt, size_t *size);

/**
 * soca_tree_open - Check and index a host's tree
 * @fdt: The blob, which is copied
 * @size: Size of the buffer with @fdt
 * @tree: Returns the tree, for soca_tree_close()
 *
 * Return: 0; -EINVAL: it is no valid blob; -ELOOP: its nodes are nested deeper
 * than %SOCA_TREE_MAX_DEPTH; -ENOMEM.
 */
int soca_tree_open(const void *fdt, size_t size,
		   struct soca_tree **tree);

/**
 * soca_tree_close - Free a host's tree
 * @tree: The tree, or NULL
 */
void soca_tree_close(struct soca_tree *tree);

/**
 * soca_tree_find_irq - The interrupt of a claim that an entry of the guest's tree means
 * @tree: The host's tree
 * @claim: The claim
 * @wanted: The entry, of soca_tree_build()
 *
 * A claim has each line once, whatever entries of its nodes name it, and in whatever way
 * each of them spells it: with another trigger, above all.  So siblings on one line have
 * one interrupt, as they have on the host.  Of a controller that is not known the last
 * cell counts as the trigger if there are several.
 *
 * Return: the index for soca_irq_get(): the entry's own, or one that is the same line;
 * -ENOENT if the claim has neither, or not the node.
 */
int soca_tree_find_irq(const struct soca_tree *tree,
		       const struct soca_claim *claim,
		       const struct soca_tree_irq *wanted);

/**
 * soca_tree_build - Make the guest's tree
 * @tree: The host's tree
 * @nodes: The nodes to take over
 * @num: Number of @nodes
 * @guest: What the guest is like
 * @fdt: Returns the guest's tree
 * @size: Returns its size
 * @report: What is different; may be NULL
 *
 * Return: 0; -ENOENT: no such node; -EINVAL: a node named twice or with an
 * ancestor, behind PCI, the root; a bad @guest; regions that overlap and are
 * to go to different places; -ERANGE: an address needs more cells than
 * the guest's bus has; -EOVERFLOW: no phandles left; -ENOMEM; what
 * a function of @guest returned.
 */
int soca_tree_build(const struct soca_tree *tree,
		    const struct soca_tree_node *nodes, size_t num,
		    const struct soca_tree_guest *guest,
		    void **fdt, size_t *size,
		    struct soca_tree_report *report);

/**
 * soca_tree_edit - Apply the user's edits
 * @fdt: The guest's tree, from malloc(); replaced if it works
 * @size: Its size
 * @dtbo: A device-tree overlay, as "dtc -@" makes it
 * @dtbo_size: Size of the buffer with @dtbo
 * @report: What is different; may be NULL
 *
 * Targets are full paths in the guest's tree, or labels if it has `__symbols__`.
 * An overlay can only add and set.  To delete, a node of it names what goes:
 *
 *	&enet0 {
 *		socassign,delete-properties = "phy-handle";
 *		socassign,delete-nodes = "mdio@520", "ptp";
 *		fixed-link { speed = <1000>; full-duplex; };
 *	};
 *
 * Both are lists of strings: properties of the node that the overlay's node is
 * merged into, and children of it by their full names.  Deletion comes after
 * the rest of the overlay; the two properties do not remain in the tree, nor
 * do aliases and labels of deleted nodes.  What is not there to be deleted is
 * told, and no error.
 *
 * Return: 0; -EINVAL: no valid overlay, or a target or a label does not exist,
 * or it sets what it deletes, or leaves a phandle that leads nowhere, in a
 * property that is known to refer; -ENOMEM.  @fdt is unchanged then.
 */
int soca_tree_edit(void **fdt, size_t *size, const void *dtbo,
		   size_t dtbo_size, struct soca_tree_report *report);

/**
 * soca_tree_action_name - What was done, as a word
 * @action: What was done
 *
 * Return: "dropped", "replaced", "kept", "error" or "doubtful".
 */
const char *soca_tree_action_name(enum soca_tree_action action);

/**
 * soca_tree_report_print - Write a report, one line for each note
 * @report: The report
 * @file: Where to
 */
void soca_tree_report_print(const struct soca_tree_report *report,
			    FILE *file);

/**
 * soca_tree_report_free - Free the notes of a report
 * @report: The report, empty afterwards
 */
void soca_tree_report_free(struct soca_tree_report *report);

#ifdef __cplusplus
}
#endif

#endif
