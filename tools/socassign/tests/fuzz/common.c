// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Of a tree some nodes are claimed, in pairs, from its start to its end. */
#define MAX_NODES	8
#define MAX_PATH	512

struct fuzz_blob fuzz_load(const char *name)
{
	struct fuzz_blob blob = { NULL, 1 << 20 };
	const char *dir = getenv("FUZZ_TREES");
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.dtb", dir ? dir : ".", name);
	file = fopen(path, "r");
	blob.fdt = malloc(blob.size);
	if (!file || !blob.fdt) {
		perror(path);
		exit(1);
	}
	blob.size = fread(blob.fdt, 1, blob.size, file);
	fclose(file);
	return blob;
}

struct fuzz_blob fuzz_copy(const uint8_t *data, size_t size)
{
	struct fuzz_blob blob = { malloc(size ? size : 1), size };

	if (!blob.fdt)
		abort();
	if (size)
		memcpy(blob.fdt, data, size);
	return blob;
}

size_t fuzz_split(const uint8_t *data, size_t size)
{
	size_t total;

	if (size < 8)
		return size;
	total = (size_t)data[4] << 24 | data[5] << 16 | data[6] << 8 | data[7];
	return total < size ? total : size;
}

void fuzz_check(void *fdt, size_t size)
{
	struct soca_tree *tree;

	if (soca_tree_open(fdt, size, &tree))
		abort();
	soca_tree_close(tree);
	free(fdt);
}

static int map_irq(void *data, const struct soca_tree_irq *irq,
		   uint32_t *cells, uint32_t num)
{
	for (uint32_t i = 0; i < num; i++)
		cells[i] = irq->num_cells ? irq->cells[i % irq->num_cells] : i;
	return irq->entry % 5 == 4 ? -ENOENT : 0;
}

static int map_region(void *data, const struct soca_tree_region *region,
		      uint64_t *address)
{
	if (region->entry & 1)
		*address = region->address ^ 0x100000000;
	return 0;
}

static uint64_t clock_rate(void *data, const char *path, uint32_t entry)
{
	return entry & 1 ? 1000000 : 0;
}

/* The ways to ask for a guest; @paths are two nodes. */
static void build_ways(const struct soca_tree *tree,
		       const struct fuzz_blob *base, char (*paths)[MAX_PATH])
{
	for (int way = 0; way < 4; way++) {
		const struct soca_tree_node nodes[] = {
			{ paths[0], way & 1 }, { paths[1], false },
		};
		const struct soca_tree_guest guest = {
			.base = base->fdt, .base_size = base->size,
			.bus = way == 2 ? "/pt" : NULL,
			.irq = way & 2 ? map_irq : NULL,
			.region = way == 1 ? map_region : NULL,
			.clock = clock_rate,
			.host_intc = way == 1 ? paths[1] : NULL,
		};
		struct soca_tree_report report = {};
		size_t size;
		void *fdt;

		if (!soca_tree_build(tree, nodes, way & 2 ? 2 : 1, &guest,
				     &fdt, &size, &report))
			fuzz_check(fdt, size);
		soca_tree_report_free(&report);
	}
}

static int count_nodes(const void *fdt)
{
	int num = 0;

	for (int at = 0; at >= 0; at = fdt_next_node(fdt, at, NULL))
		num++;
	return num;
}

void fuzz_build(const struct soca_tree *tree, const void *fdt,
		const struct fuzz_blob *base)
{
	int step = count_nodes(fdt) / MAX_NODES + 1, num = 0;
	char paths[2][MAX_PATH] = {};

	for (int at = fdt_next_node(fdt, 0, NULL); at >= 0;
	     at = fdt_next_node(fdt, at, NULL)) {
		if (num++ % step ||
		    fdt_get_path(fdt, at, paths[num / step & 1], MAX_PATH))
			continue;
		build_ways(tree, base, paths);
	}
}
