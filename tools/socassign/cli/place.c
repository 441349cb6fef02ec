// SPDX-License-Identifier: GPL-2.0
/*
 * What the user says of the guest: where a region goes, the rate of a clock, which
 * line an interrupt has
 *
 * The library asks for what it needs; what it never asked for is a mistake.
 */
#include "place.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <linux/socassign.h>

#include "cli.h"
#include "devtree.h"

static struct option_places *const all_places[] = {
	&options.regions, &options.clocks, &options.lines,
};

#define NUM_ALL	(sizeof(all_places) / sizeof(all_places[0]))

static struct option_place *find(struct option_places *places, const char *path,
				 uint32_t index)
{
	for (size_t i = 0; i < places->num; i++)
		if (places->place[i].index == index &&
		    !strcmp(places->place[i].path, path))
			return &places->place[i];
	return NULL;
}

static int place_region(void *data, const struct soca_tree_region *region,
			uint64_t *address)
{
	struct option_place *place = NULL;

	if (region->kind == SOCASSIGN_REGION_REG)
		place = find(&options.regions, region->path, region->entry);
	*address = region->address;
	if (place) {
		*address = place->value;
		place->is_used = true;
	}
	return 0;
}

static uint64_t rate_of_clock(void *data, const char *path, uint32_t entry)
{
	struct option_place *place = find(&options.clocks, path, entry);

	if (!place)
		return 0;
	place->is_used = true;
	return place->value;
}

/* One that nobody spoke of stays as it is, at the controller that is stood for. */
static int keep_line(const struct soca_tree_guest *guest,
		     const struct soca_tree_irq *irq, uint32_t *cells,
		     uint32_t num_cells)
{
	const struct dt_node *np =
		guest->host_intc ? dt_find(guest->host_intc) : NULL;

	if (!np || strcmp(np->path, irq->controller) ||
	    irq->num_cells != num_cells)
		return -ENOENT;
	memcpy(cells, irq->cells, num_cells * sizeof(*cells));
	return 0;
}

static int choose_line(void *data, const struct soca_tree_irq *irq,
		       uint32_t *cells, uint32_t num_cells)
{
	struct option_place *place = NULL;

	if (irq->origin == SOCASSIGN_IRQ_INTERRUPTS)
		place = find(&options.lines, irq->path, irq->entry);
	if (!place)
		return keep_line(data, irq, cells, num_cells);
	place->is_used = true;
	if (place->num_cells != num_cells) {
		complain("--line %s:%" PRIu32 ": the guest's controller has %" PRIu32
			 " cells, not %u", place->path, place->index, num_cells,
			 place->num_cells);
		place->is_wrong = true;
		return -EINVAL;
	}
	memcpy(cells, place->cells, num_cells * sizeof(*cells));
	return 0;
}

/* Paths as the library has them: without aliases */
static bool resolve(struct option_place *place)
{
	const struct dt_node *np = dt_find(place->path);

	if (!np) {
		complain("--%s: the host's tree has no such node: %s",
			 place->option, place->path);
		return false;
	}
	free(place->path);
	place->path = must_print("%s", np->path);
	return true;
}

bool place_all(struct soca_tree_guest *guest)
{
	for (size_t i = 0; i < NUM_ALL; i++)
		for (size_t j = 0; j < all_places[i]->num; j++)
			if (!resolve(&all_places[i]->place[j]))
				return false;
	guest->data = guest;
	if (options.regions.num)
		guest->region = place_region;
	if (options.clocks.num)
		guest->clock = rate_of_clock;
	if (options.lines.num)
		guest->irq = choose_line;
	return true;
}

static bool check_place(const struct option_place *place)
{
	if (!place->is_used)
		complain("--%s: the guest's tree has no use for that of %s:%" PRIu32,
			 place->option, place->path, place->index);
	return place->is_used && !place->is_wrong;
}

bool place_check(void)
{
	bool good = true;

	for (size_t i = 0; i < NUM_ALL; i++)
		for (size_t j = 0; j < all_places[i]->num; j++)
			good &= check_place(&all_places[i]->place[j]);
	return good;
}
