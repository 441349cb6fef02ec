// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../lib/claim.h"
#include "../../lib/dma.h"
#include "../../lib/paace_trace.h"
#include "../../lib/pamu.h"
#include "bench.h"
#include "measure.h"

#define PAGE	(4 * KIB)

/* Windows of identity 0 of a claim. */
struct windows {
	int fd;
	struct socassign_dma_map map;	/* the one that is measured */
};

static int map(void *arg)
{
	struct windows *windows = arg;

	return soc_dma_map(windows->fd, &windows->map);
}

static int unmap(void *arg)
{
	struct windows *windows = arg;

	return soc_dma_unmap(windows->fd, 0, windows->map.iova,
			     windows->map.length);
}

static int enable(void *arg)
{
	struct windows *windows = arg;

	return soc_dma_enable(windows->fd, 0);
}

static int disable(void *arg)
{
	struct windows *windows = arg;

	return soc_dma_disable(windows->fd, 0);
}

static int map_and_enable(void *arg)
{
	int ret = map(arg);

	return ret ? ret : enable(arg);
}

/* Windows of two sizes */

static struct cost bench_map(struct windows *windows, const char *what)
{
	const struct job job = { .what = what, .run = map, .after = unmap };

	return measure(&job, windows);
}

static void bench_unmap(struct windows *windows)
{
	const struct job jobs[] = {
		{ .what = "unmap 512 MiB of a partition", .before = map, .run = unmap },
		{ .what = "unmap 512 MiB while DMA is enabled",
		  .before = map_and_enable, .run = unmap, .after = disable },
	};

	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		measure(&jobs[i], windows);
}

static void bench_partition(struct windows *windows)
{
	struct cost small, large;

	windows->map.memory_fd = must(soc_claim(PARTITION, 0), PARTITION);
	windows->map.length = SMALL;
	small = bench_map(windows, "map 2 MiB of a partition");
	windows->map.length = LARGE;
	large = bench_map(windows, "map 512 MiB of a partition");
	bench_unmap(windows);
	promise_same("map 2 MiB and 512 MiB of a partition", small, large);
	close(windows->map.memory_fd);
}

static int memory_object(const struct windows *windows, void *mem,
			 size_t length)
{
	return must(soc_memory(windows->fd, mem, length,
			       SOCASSIGN_MEMORY_WRITE), "pinning");
}

static struct cost bench_huge(struct windows *windows, void *mem,
			      size_t length, const char *what)
{
	struct cost cost;

	windows->map.memory_fd = memory_object(windows, mem, length);
	windows->map.length = length;
	cost = bench_map(windows, what);
	close(windows->map.memory_fd);
	return cost;
}

static void bench_huges(struct windows *windows, void *mem)
{
	struct cost small, large;

	small = bench_huge(windows, mem, SMALL, "map 2 MiB of huge pages");
	large = bench_huge(windows, mem, LARGE, "map 512 MiB of huge pages");
	promise_same("map 2 MiB and 512 MiB of huge pages", small, large);
}

/* Subwindows */

struct geometry {
	unsigned int subwindows;	/* of a page each */
	unsigned int windows;		/* at both ends first */
	const char *enable, *disable, *replace, *unmap;
};

/* What no number of windows makes dearer than this, while the geometry stays. */
#define DEAREST	30000

static void promise_cheap(const char *what, struct cost cost)
{
	promise(cost.instructions <= DEAREST, "%s: %ld instructions", what,
		cost.instructions);
}

static void map_page(struct windows *windows, unsigned int sub)
{
	windows->map.iova = sub * PAGE;
	windows->map.offset = sub * PAGE;
	must(map(windows), "mapping a page");
}

static void map_pages(struct windows *windows, const struct geometry *geometry)
{
	map_page(windows, geometry->subwindows - 1);
	for (unsigned int i = 0; i < geometry->windows - 1; i++)
		map_page(windows, i);
}

/* The first page is a window onto another page than before. */
static int replace(void *arg)
{
	struct windows *windows = arg;

	windows->map.iova = 0;
	windows->map.offset = windows->map.offset ? 0 : MIB;
	windows->map.flags = DMA_RW | SOCASSIGN_DMA_REPLACE;
	return map(windows);
}

/* By what the driver says that it wrote, and by what is there. */
static void promise_one_entry(struct windows *windows,
			      const struct geometry *geometry)
{
	unsigned int written, different;
	struct paace_event event;
	struct pamu pamu;
	uint32_t *image;

	must(pamu_open(&pamu), "the tables");
	image = pamu_image(&pamu);
	must(image && paace_trace_start() ? 0 : -EOPNOTSUPP, "tracing");
	must(replace(windows), geometry->replace);
	written = paace_trace_stop(&event, 1);
	different = pamu_changes(&pamu, image, NULL, 0);
	promise(written == 1 && different == 1,
		"%s: entries written: %u, different: %u", geometry->replace,
		written, different);
	free(image);
}

/* At the same place as the one that was unmapped. */
static int map_first(void *arg)
{
	struct windows *windows = arg;

	windows->map.iova = 0;
	windows->map.offset = 0;
	windows->map.flags = DMA_RW;
	return map(windows);
}

static void bench_live(struct windows *windows, const struct geometry *geometry)
{
	const struct job replacing = {
		.what = geometry->replace, .run = replace,
	};
	const struct job unmapping = {
		.what = geometry->unmap, .run = unmap, .after = map_first,
	};

	must(enable(windows), geometry->enable);
	promise_cheap(geometry->replace, measure(&replacing, windows));
	promise_one_entry(windows, geometry);
	promise_cheap(geometry->unmap, measure(&unmapping, windows));
	must(disable(windows), geometry->disable);
}

static void bench_geometry(struct windows *windows,
			   const struct geometry *geometry)
{
	const struct job enabling = {
		.what = geometry->enable, .run = enable, .after = disable,
	};
	const struct job disabling = {
		.what = geometry->disable, .before = enable, .run = disable,
	};

	windows->map.flags = DMA_RW;
	map_pages(windows, geometry);
	measure(&enabling, windows);
	promise_cheap(geometry->disable, measure(&disabling, windows));
	bench_live(windows, geometry);
	must(soc_dma_unmap_all(windows->fd, 0), "unmapping all");
}

static void bench_geometries(struct windows *windows, void *mem)
{
	static const struct geometry geometries[] = {
		{ 2, 2, "enable 2 subwindows", "disable 2 subwindows",
		  "replace a window live: 2 subwindows",
		  "unmap a window live: 2 subwindows" },
		{ 256, 2, "enable 256 subwindows", "disable 256 subwindows",
		  "replace a window live: 256 subwindows",
		  "unmap a window live: 256 subwindows" },
		{ 256, 256, "enable 256 windows", "disable 256 windows",
		  "replace a window live: 256 windows",
		  "unmap a window live: 256 windows" },
	};

	windows->map.memory_fd = memory_object(windows, mem, SMALL);
	windows->map.length = PAGE;
	for (size_t i = 0; i < sizeof(geometries) / sizeof(geometries[0]); i++)
		bench_geometry(windows, &geometries[i]);
	close(windows->map.memory_fd);
}

void bench_windows(int fd, void *mem)
{
	struct windows windows = { .fd = fd, .map.flags = DMA_RW };

	bench_partition(&windows);
	bench_huges(&windows, mem);
	bench_geometries(&windows, mem);
}
