// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <string.h>

#include "claim.h"

bool claim_has_spans(const struct spec *spec, const struct spec_node *node)
{
	uint64_t address, bytes;

	for (int kind = SPEC_REG; kind <= SPEC_WINDOW; kind++)
		for (int i = 0; i < spec_num(spec, node, kind); i++)
			if (spec_span(spec, node, kind, i, &address, &bytes))
				return true;
	return false;
}

static bool has_lines(const struct spec *spec, const struct spec_node *node)
{
	struct spec_line line;

	return spec_interrupt(spec, node, 0, NULL, NULL, &line) == 1;
}

static bool has_anything(const struct spec *spec, const struct spec_node *node)
{
	return claim_has_spans(spec, node) || has_lines(spec, node);
}

static bool below_any(const struct spec *spec, const struct spec_node *node)
{
	for (const struct spec_node *at = node; at && spec_below(at, node);
	     at = at->all)
		if (has_anything(spec, at))
			return true;
	return false;
}

bool claim_assignable(const struct spec *spec, const struct spec_node *node,
		      bool subtree)
{
	static const char *const never[] = {
		"cpus", "reserved-memory", "aliases", "chosen", "__symbols__",
		"__local_fixups__", "__fixups__", "firmware",
	};
	const struct spec_node *top = node;

	for (const struct spec_node *up = node->parent; up; up = up->parent)
		if (spec_is_pci(spec, up))
			return false;
	while (top->parent && top->parent->parent)
		top = top->parent;
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (!strcmp(top->name, never[i]))
			return false;
	if (!strncmp(top->name, "memory", 6))
		return false;
	return subtree ? below_any(spec, node) : has_anything(spec, node);
}

static void mark_carried(const struct spec *spec, const struct spec_node *node,
			 enum role *role)
{
	for (const struct spec_node *child = node->child; child;
	     child = child->next) {
		if (claim_has_spans(spec, child))
			continue;
		role[child->index] = CARRIED;
		mark_carried(spec, child, role);
	}
}

void claim_mark(const struct spec *spec, const struct spec_node *named,
		bool subtree, enum role *role)
{
	for (const struct spec_node *up = named->parent; up; up = up->parent)
		role[up->index] = SKELETON;
	role[named->index] = CLAIMED;
	if (!subtree) {
		mark_carried(spec, named, role);
		return;
	}
	for (const struct spec_node *at = named; at && spec_below(at, named);
	     at = at->all)
		role[at->index] = CLAIMED;
}
