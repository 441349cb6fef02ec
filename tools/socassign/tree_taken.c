// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of the guest's that the caller gave to lines of the host's
 *
 * A guest can tell two lines apart only if they are two: one that is taken is
 * for the same line of the host's again, and for no other.
 */
#include "tree_internal.h"

static size_t tree_take_hash(const uint32_t *cells, uint32_t num)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < num; i++)
		hash = (hash ^ cells[i]) * 16777619u;
	return hash;
}

/* The slot of a specifier, or the free one where it belongs */
static struct tree_take **tree_taken_slot(const struct tree_taken *taken,
					  const uint32_t *cells, uint32_t num)
{
	size_t at = tree_take_hash(cells, num);

	for (;; at++) {
		struct tree_take **slot = &taken->slot[at & (taken->room - 1)];

		if (!*slot || ((*slot)->num == num &&
			       !memcmp((*slot)->cells, cells,
				       num * sizeof(*cells))))
			return slot;
	}
}

/* Half of the slots stay free. */
static int tree_taken_grow(struct tree_taken *taken)
{
	struct tree_taken more = {
		.num = taken->num, .room = taken->room ? 2 * taken->room : 64,
	};

	if (2 * taken->num < taken->room)
		return 0;
	more.slot = calloc(more.room, sizeof(*more.slot));
	if (!more.slot)
		return -ENOMEM;
	for (size_t i = 0; i < taken->room; i++)
		if (taken->slot[i])
			*tree_taken_slot(&more, taken->slot[i]->cells,
					 taken->slot[i]->num) = taken->slot[i];
	free(taken->slot);
	*taken = more;
	return 0;
}

int tree_take(struct tree_build *build, const struct tree_line *host,
	      const uint32_t *cells, uint32_t num)
{
	struct tree_taken *taken = &build->taken;
	struct tree_take **slot;

	if (tree_taken_grow(taken))
		return -ENOMEM;
	slot = tree_taken_slot(taken, cells, num);
	if (*slot)
		return !tree_same_line(build->tree, &(*slot)->host, host);
	*slot = malloc(sizeof(**slot));
	if (!*slot)
		return -ENOMEM;
	**slot = (struct tree_take) { .host = *host, .num = num };
	memcpy((*slot)->cells, cells, num * sizeof(*cells));
	taken->num++;
	return 0;
}

void tree_taken_free(struct tree_taken *taken)
{
	for (size_t i = 0; i < taken->room; i++)
		free(taken->slot[i]);
	free(taken->slot);
}
