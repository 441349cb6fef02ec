/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests claim of a host's tree, and what comes along
 */
#ifndef CLAIM_H
#define CLAIM_H

#include "spec.h"

enum role { OUTSIDE, SKELETON, CARRIED, CLAIMED };

bool claim_has_spans(const struct spec *spec, const struct spec_node *node);
/* Is there any use in claiming it? */
bool claim_assignable(const struct spec *spec, const struct spec_node *node,
		      bool subtree);
/* The roles, by index, that nodes have when @named is claimed */
void claim_mark(const struct spec *spec, const struct spec_node *named,
		bool subtree, enum role *role);

#endif
