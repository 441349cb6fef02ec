/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a node is: by the rule book, its own properties and what stands above it
 */
#ifndef _SOCASSIGN_FACTS_H
#define _SOCASSIGN_FACTS_H

#include "rules/node_facts.h"

struct soca_tree_node;

u32 soca_facts(struct soca_tree_node *node);

#endif /* _SOCASSIGN_FACTS_H */
