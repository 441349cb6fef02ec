// SPDX-License-Identifier: GPL-2.0
/*
 * What a device of a partition sees of memory: its windows
 *
 * The rules are those of SOCASSIGN_DMA_MAP that need no machine.
 */
#include "windows.h"

#include <libfdt.h>
#include <linux/socassign.h>
#include <string.h>

#include "names.h"

/* More than all nodes of a claim have in any tree */
#define MAX_INDEX	511

#define MAX_STASH_LEVEL	3
/* All CPUs have it. */
#define COMMON_LEVEL	3

#define FIELD(_name)	.offset = offsetof(struct conf_window, _name)

static const struct conf_prop window_props[] = {
	{ "index", CONF_NUMBER, false, MAX_INDEX, FIELD(index) },
	{ "iova", CONF_ADDRESS, true, FIELD(iova) },
	{ "size", CONF_BYTES, true, FIELD(size) },
	{ "memory-path", CONF_PATH, false, FIELD(memory_path) },
	{ "offset", CONF_ADDRESS, false, FIELD(offset) },
	{ "stash-level", CONF_COUNT, false, MAX_STASH_LEVEL,
	  FIELD(stash_level) },
	{ "stash-cpu-path", CONF_PATH, false, FIELD(stash_cpu_path) },
	{ "operation", CONF_NUMBER, false, SOCASSIGN_OPERATION_CAAM,
	  FIELD(operation) },
	{ "read-only", CONF_FLAG, false, FIELD(flags),
	  .flag = CONF_READ_ONLY },
	{ NULL }
};

/* A window alone */

static void check_end(struct conf_reader *reader, int node,
		      const char *property, uint64_t start, uint64_t size)
{
	if (size && start > UINT64_MAX - (size - 1))
		conf_error(reader, node, property,
			   "it ends beyond the last address");
}

/* Level 3 is no CPU's, the others are one's. */
static void check_stash(struct conf_reader *reader, int node,
			const struct conf_window *window)
{
	bool needs_cpu = window->stash_level &&
			 window->stash_level < COMMON_LEVEL;

	if (needs_cpu && !fdt_getprop(reader->fdt, node, "stash-cpu-path", NULL))
		conf_error(reader, node, "stash-cpu-path",
			   "is missing: a cache of level %u is a CPU's",
			   window->stash_level);
	if (!needs_cpu && window->stash_cpu_path)
		conf_error(reader, node, "stash-cpu-path",
			   "is there, and stash-level is not 1 or 2");
}

static void check_window(struct conf_reader *reader, int node,
			 const struct conf_window *window)
{
	check_end(reader, node, "iova", window->iova, window->size);
	if (window->offset != window->iova)
		check_end(reader, node, "offset", window->offset, window->size);
	check_stash(reader, node, window);
	if (window->operation && window->flags & CONF_READ_ONLY)
		conf_error(reader, node, "operation",
			   "it takes lines out of caches, which read-only forbids");
}

static void read_window(struct conf_reader *reader, int node,
			struct conf_window *window)
{
	int child;

	window->name = fdt_get_name(reader->fdt, node, NULL);
	conf_props(reader, node, window_props, window);
	if (!window->memory_path &&
	    !fdt_getprop(reader->fdt, node, "offset", NULL))
		window->offset = window->iova;
	check_window(reader, node, window);
	fdt_for_each_subnode(child, reader->fdt, node)
		conf_error(reader, child, NULL, "unknown node");
}

static void add_window(struct conf_reader *reader, int parent, int node,
		       struct conf_claim *claim)
{
	if (!conf_is_kind(fdt_get_name(reader->fdt, node, NULL), "window")) {
		conf_error(reader, node, NULL,
			   "unknown node: not \"window\", nor with that at its end");
		return;
	}
	if (!conf_check_one_of(reader, parent, node, claim->num_windows,
			       CONF_MAX_WINDOWS))
		return;
	read_window(reader, node, &claim->windows[claim->num_windows++]);
}

void conf_windows(struct conf_reader *reader, int node,
		  struct conf_claim *claim)
{
	int child;

	fdt_for_each_subnode(child, reader->fdt, node)
		add_window(reader, node, child, claim);
	if (claim->num_windows && claim->flags & SOCASSIGN_NO_DMA)
		conf_error(reader, node, "no-dma",
			   "is there, and so are windows for DMA");
}

/* A window among others */

static bool has_memory(const struct conf_partition *partition, const char *path)
{
	if (partition->memory_path && !strcmp(partition->memory_path, path))
		return true;
	for (unsigned int i = 0; i < partition->num_claims; i++) {
		const struct conf_claim *claim = &partition->claims[i];

		if (claim->is_memory && claim->paths.num &&
		    !strcmp(claim->paths.item[0], path))
			return true;
	}
	return false;
}

static bool overlap(const struct conf_window *a, const struct conf_window *b)
{
	return a->index == b->index && a->size && b->size &&
	       a->iova <= b->iova + (b->size - 1) &&
	       b->iova <= a->iova + (a->size - 1);
}

void conf_check_windows(struct conf_reader *reader, int node,
			const struct conf_partition *partition,
			const struct conf_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_windows; i++) {
		const struct conf_window *it = &claim->windows[i];
		int child = fdt_subnode_offset(reader->fdt, node, it->name);

		if (it->memory_path && !has_memory(partition, it->memory_path))
			conf_error(reader, child, "memory-path",
				   "the partition has no such memory: %s",
				   it->memory_path);
		for (unsigned int k = 0; k < i; k++)
			if (overlap(&claim->windows[k], it))
				conf_error(reader, child, "iova",
					   "it overlaps %s",
					   claim->windows[k].name);
	}
}
