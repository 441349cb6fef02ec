// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt of a claim that an entry of the guest's tree means
 */
#include "libsocassign.h"
#include "tree_internal.h"

/* Its index among those of the claim, or -1. */
static int find_node(const struct soca_claim *claim, const char *path)
{
	const struct soca_strings *nodes = &soca_info_get(claim)->nodes;

	for (unsigned int i = 0; i < nodes->num; i++)
		if (!strcmp(nodes->str[i], path))
			return i;
	return -1;
}

/* @controller is the node of the tree that @wanted names. */
static bool is_line(const struct soca_tree *tree, int controller,
		    const struct soca_irq *irq,
		    const struct soca_tree_irq *wanted)
{
	return controller != TREE_NONE && irq->controllers.num &&
	       !strcmp(irq->controllers.str[0], wanted->controller) &&
	       irq->num_cells == wanted->num_cells &&
	       tree_same_specifier(tree->fdt, tree->nodes[controller].offset,
				   irq->specifier, wanted->cells,
				   wanted->num_cells);
}

int soca_tree_find_irq(const struct soca_tree *tree,
		       const struct soca_claim *claim,
		       const struct soca_tree_irq *wanted)
{
	int controller = tree_find(tree, wanted->controller);
	int node = find_node(claim, wanted->path), same = -ENOENT;
	const struct soca_irq *irq;

	if (node < 0)
		return -ENOENT;
	for (unsigned int i = 0; (irq = soca_irq_get(claim, i)); i++) {
		if (irq->node == (unsigned int)node &&
		    irq->origin == wanted->origin && irq->entry == wanted->entry)
			return i;
		if (same < 0 && is_line(tree, controller, irq, wanted))
			same = i;
	}
	return same;
}
