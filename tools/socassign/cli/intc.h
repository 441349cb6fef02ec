/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's interrupt controller that the one of a planned guest stands for
 */
#ifndef _SOCASSIGN_INTC_H
#define _SOCASSIGN_INTC_H

#include <stdbool.h>

#include "devtree.h"

/*
 * Where the lines of a claim of these nodes end, without those that end at a
 * controller of the claim; NULL: the tree has no interrupt controller.
 */
const struct dt_node *intc_of_claim(int num, char **paths, bool subtree);

#endif /* _SOCASSIGN_INTC_H */
