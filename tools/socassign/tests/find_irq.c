// SPDX-License-Identifier: GPL-2.0
/*
 * Which interrupt of a claim an entry of the guest's tree means, for a claim that is made
 * by hand: two nodes with three lines
 *
 *	find_irq spelt.dtb
 */
#include <errno.h>
#include <stdlib.h>

#include "../libsocassign.h"
#include "../libsocassign-tree.h"
#include "read_file.h"
#include "tap.h"

#define PROP	SOCASSIGN_IRQ_INTERRUPTS
#define MAP	SOCASSIGN_IRQ_MAP

static const char *const nodes[] = { "/first", "/second" };
static const char *const gic[] = { "/gic" }, *const mpic[] = { "/mpic" };

static const struct soca_info info = { .nodes = { 2, nodes } };

static const struct soca_irq irqs[] = {
	{ .origin = PROP, .node = 0, .entry = 0, .num_cells = 4,
	  .specifier = { 0, 1, 4, 0 }, .controllers = { 1, gic } },
	{ .origin = PROP, .node = 0, .entry = 2, .num_cells = 4,
	  .specifier = { 0, 2, 4, 0 }, .controllers = { 1, gic } },
	{ .origin = PROP, .node = 1, .entry = 0, .num_cells = 4,
	  .specifier = { 42, 2, 0, 0 }, .controllers = { 1, mpic } },
};

const struct soca_info *soca_info_get(const struct soca_claim *claim)
{
	return &info;
}

const struct soca_irq *soca_irq_get(const struct soca_claim *claim,
				    unsigned int index)
{
	return index < sizeof(irqs) / sizeof(irqs[0]) ? &irqs[index] : NULL;
}

static const struct {
	struct soca_tree_irq wanted;
	uint32_t cells[4];
	int index;
	const char *what;
} tests[] = {
	{ { "/first", PROP, 0, "/gic", 4 }, { 0, 1, 4, 0 }, 0, "its own" },
	{ { "/first", PROP, 2, "/gic", 4 }, { 0, 1, 4, 0 }, 1,
	  "its own comes before the same line of another" },
	{ { "/second", PROP, 1, "/gic", 4 }, { 0, 2, 1, 0 }, 1,
	  "a sibling's line with another trigger" },
	{ { "/second", MAP, 0, "/gic", 4 }, { 0, 1, 4, 0 }, 0,
	  "an entry of another property is another entry" },
	{ { "/first", PROP, 5, "/mpic", 4 }, { 42, 1, 0, 0 }, 2,
	  "a line of another controller" },
	{ { "/second", PROP, 1, "/mpic", 4 }, { 0, 1, 4, 0 }, -ENOENT,
	  "the same numbers elsewhere are no line of the claim's" },
	{ { "/second", PROP, 1, "/gic", 4 }, { 0, 3, 4, 0 }, -ENOENT,
	  "nor is one that nobody has" },
	{ { "/second", PROP, 1, "/gic", 3 }, { 0, 1, 4 }, -ENOENT,
	  "nor a specifier of another length" },
	{ { "/second", PROP, 1, "/nowhere", 4 }, { 0, 1, 4, 0 }, -ENOENT,
	  "nor one of a controller that is not there" },
	{ { "/third", PROP, 0, "/gic", 4 }, { 0, 1, 4, 0 }, -ENOENT,
	  "nor has a node a line that is not the claim's" },
};

static struct soca_tree *open_tree(const char *file)
{
	struct soca_tree *tree;
	size_t size;
	void *fdt = read_file(file, &size);

	if (soca_tree_open(fdt, size, &tree))
		exit(1);
	free(fdt);
	return tree;
}

int main(int argc, char **argv)
{
	struct soca_tree *tree = open_tree(argc > 1 ? argv[1] : "spelt.dtb");

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct soca_tree_irq wanted = tests[i].wanted;

		wanted.cells = tests[i].cells;
		tap_ok(soca_tree_find_irq(tree, NULL, &wanted) == tests[i].index,
		       "interrupt: %s", tests[i].what);
	}
	soca_tree_close(tree);
	return tap_end();
}
