// SPDX-License-Identifier: GPL-2.0
/*
 * What a claim says of its nodes: every field of INFO, REGION, IRQ and CLOCK
 * against the live device tree, which lib/devtree reads by itself; and what
 * paths name a claim.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/devtree.h"
#include "lib/edge.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define PAGE		((__u64)sysconf(_SC_PAGESIZE))
#define MAX_NODES	512
#define LIST_SIZE	65536

#define SUBTREE		SOCASSIGN_SUBTREE
#define DETACH		SOCASSIGN_DETACH
#define NO_DMA		SOCASSIGN_NO_DMA
#define UNSAFE_DMA	SOCASSIGN_UNSAFE_DMA

/* Lists of strings, as the header defines them */

static int list_count(const char *list, size_t len)
{
	int count = 0;

	for (size_t i = 0; i < len; i++)
		count += !list[i];
	return count;
}

static const char *list_at(const char *list, int index)
{
	while (index--)
		list += strlen(list) + 1;
	return list;
}

static bool list_has(const char *list, size_t len, const char *string)
{
	for (int i = 0; i < list_count(list, len); i++)
		if (!strcmp(list_at(list, i), string))
			return true;
	return false;
}

static size_t list_add(char *list, size_t len, const char *string)
{
	strcpy(list + len, string);
	return len + strlen(string) + 1;
}

/* A claim, and the nodes that it says it has. */
struct view {
	int fd;
	struct socassign_info info;
	int num_nodes;
	const struct dt_node *nodes[MAX_NODES];
};

static int view_open(struct view *view, const char *list, size_t len,
		     __u32 flags)
{
	static char paths[LIST_SIZE];

	memset(view, 0, sizeof(*view));
	view->fd = soc_claim_list(list, len, flags);
	if (view->fd < 0)
		return view->fd;
	view->info.paths = (uintptr_t)paths;
	view->info.paths_len = sizeof(paths);
	if (soc_info(view->fd, &view->info))
		return -EIO;
	view->num_nodes = list_count(paths, view->info.paths_len);
	for (int i = 0; i < view->num_nodes && i < MAX_NODES; i++)
		view->nodes[i] = dt_find(list_at(paths, i));
	return 0;
}

static bool view_has(const struct view *view, const struct dt_node *node)
{
	for (int i = 0; i < view->num_nodes; i++)
		if (view->nodes[i] == node)
			return true;
	return false;
}

/* Regions */

static bool is_pci(const struct dt_node *node)
{
	return !strcmp(dt_string(node, "device_type", 0), "pci") ||
	       !strcmp(dt_string(node, "device_type", 0), "pciex");
}

static __u64 first_page(__u64 addr)
{
	return addr & ~(PAGE - 1);
}

/* From the first byte of the first page to the last one of the last. */
static bool meets_pages(const struct dt_span *other,
			const struct dt_span *region)
{
	__u64 first = first_page(region->cpu);
	__u64 last = (region->cpu + region->size - 1) | (PAGE - 1);

	return other->reachable && other->cpu <= last &&
	       other->cpu + other->size - 1 >= first;
}

/* Do registers of a descendant of @node cover the byte at @addr? */
static bool descendant_covers(const struct dt_node *node, __u64 addr)
{
	struct dt_span span;

	for (const struct dt_node *below = dt_first(); below;
	     below = below->next) {
		if (below == node || !dt_below(below, node))
			continue;
		for (int i = 0; dt_reg(below, i, &span); i++)
			if (span.reachable && addr >= span.cpu &&
			    addr - span.cpu < span.size)
				return true;
	}
	return false;
}

/* An ancestor counts only where no child of it lies. */
static bool ancestor_shows(const struct dt_node *node,
			   const struct dt_span *own,
			   const struct dt_span *region)
{
	__u64 addr = first_page(region->cpu);
	__u64 end = first_page(region->cpu + region->size - 1) + PAGE;

	for (; addr < end; addr += 16)
		if (addr >= own->cpu && addr - own->cpu < own->size &&
		    !descendant_covers(node, addr))
			return true;
	return false;
}

static bool is_ancestor(const struct view *view, const struct dt_node *node)
{
	for (int i = 0; i < view->num_nodes; i++)
		if (dt_below(view->nodes[i], node))
			return true;
	return false;
}

static bool is_neighbour(const struct view *view, const struct dt_node *node,
			 const struct dt_span *region)
{
	bool above = is_ancestor(view, node);
	struct dt_span span;

	for (int i = 0; dt_reg(node, i, &span); i++)
		if (meets_pages(&span, region) &&
		    (!above || ancestor_shows(node, &span, region)))
			return true;
	if (!is_pci(node))
		return false;
	for (int i = 0; dt_range(node, i, &span); i++)
		if (meets_pages(&span, region))
			return true;
	return false;
}

/* Made to be cached: the first area of a portal, where the CPU can do it. */
static bool is_cacheable(const struct dt_node *node, __u32 kind, int entry)
{
#ifdef __powerpc__
	return kind == SOCASSIGN_REGION_REG && entry == 0 &&
	       (dt_is_compatible(node, "fsl,qman-portal") ||
		dt_is_compatible(node, "fsl,bman-portal"));
#else
	return false;
#endif
}

static void check_neighbours(struct __test_metadata *_metadata,
			     const struct view *view,
			     const struct dt_span *span,
			     const struct socassign_region *region)
{
	const char *list = (const char *)(uintptr_t)region->neighbours;
	__u32 flags = SOCASSIGN_REGION_MMAP;
	int count = 0;

	if (region->out_cached_cookie)
		flags |= SOCASSIGN_REGION_MMAP_CACHED;

	for (const struct dt_node *node = dt_first(); node; node = node->next) {
		if (view_has(view, node) || !is_neighbour(view, node, span))
			continue;
		flags = SOCASSIGN_REGION_NEIGHBOURS;
		EXPECT_TRUE(list_has(list, region->neighbours_len, node->path))
			TH_LOG("%s is missing", node->path);
		count++;
	}
	EXPECT_EQ(count, list_count(list, region->neighbours_len));
	EXPECT_EQ(flags, region->out_flags);
}

static void check_region(struct __test_metadata *_metadata,
			 const struct view *view, int node, __u32 kind,
			 int entry, const struct dt_span *span,
			 const struct socassign_region *region)
{
	const char *name = kind == SOCASSIGN_REGION_REG ?
		dt_string(view->nodes[node], "reg-names", entry) : "";

	EXPECT_EQ(span->bus, region->out_bus_address);
	EXPECT_EQ(span->size, region->out_bytes);
	EXPECT_EQ(span->cpu & (PAGE - 1), region->out_page_offset);
	/* Those of the kernel's accesses, which nobody has allowed. */
	EXPECT_EQ(0, region->out_widths);
	EXPECT_NE(0, region->out_cookie);
	EXPECT_EQ(0, region->out_cookie & (PAGE - 1));
	EXPECT_EQ(0, region->out_cached_cookie & (PAGE - 1));
	EXPECT_EQ(is_cacheable(view->nodes[node], kind, entry),
		  region->out_cached_cookie != 0);
	EXPECT_STREQ(name, (const char *)(uintptr_t)region->name);
	EXPECT_EQ(strlen(name) + 1, region->name_len);
	check_neighbours(_metadata, view, span, region);
}

/* The region that says that it is this entry; false if there is none. */
static bool find_region(const struct view *view, __u32 node, __u32 kind,
			__u32 entry, struct socassign_region *region)
{
	static char name[256], neighbours[LIST_SIZE];

	for (__u32 i = 0; i < view->info.out_num_regions; i++) {
		*region = (struct socassign_region) {
			.name = (uintptr_t)name,
			.name_len = sizeof(name),
			.neighbours = (uintptr_t)neighbours,
			.neighbours_len = sizeof(neighbours),
		};
		if (!soc_region(view->fd, i, region) &&
		    region->out_node == node && region->out_kind == kind &&
		    region->out_entry == entry)
			return true;
	}
	return false;
}

typedef bool (*span_reader)(const struct dt_node *node, int index,
			    struct dt_span *span);

static int check_entries(struct __test_metadata *_metadata,
			 const struct view *view, int node, __u32 kind,
			 span_reader read_entry)
{
	struct socassign_region region;
	struct dt_span span;
	int count = 0;

	for (int i = 0; read_entry(view->nodes[node], i, &span); i++) {
		if (!span.reachable)
			continue;
		count++;
		EXPECT_TRUE(find_region(view, node, kind, i, &region)) {
			TH_LOG("%s: entry %d of kind %u is missing",
			       view->nodes[node]->path, i, kind);
			continue;
		}
		check_region(_metadata, view, node, kind, i, &span, &region);
	}
	return count;
}

/* No two cookies lead to one page: a mapping never runs into the next. */
static void check_cookies(struct __test_metadata *_metadata,
			  const struct view *view)
{
	struct socassign_region region = {};
	__u64 end = 0;

	for (__u32 i = 0; i < view->info.out_num_regions; i++) {
		ASSERT_EQ(0, soc_region(view->fd, i, &region));
		EXPECT_LE(end, region.out_cookie);
		end = region.out_cookie + region.out_page_offset +
		      region.out_bytes;
		region = (struct socassign_region) {};
	}
}

static void check_regions(struct __test_metadata *_metadata,
			  const struct view *view)
{
	int count = 0;

	for (int i = 0; i < view->num_nodes; i++) {
		count += check_entries(_metadata, view, i, SOCASSIGN_REGION_REG,
				       dt_reg);
		if (is_pci(view->nodes[i]))
			count += check_entries(_metadata, view, i,
					       SOCASSIGN_REGION_RANGES,
					       dt_range);
	}
	EXPECT_EQ(count, view->info.out_num_regions);
	check_cookies(_metadata, view);
}

/* Interrupts */

/* Cell 1 of an MPIC specifier; fsl,mpic binding. */
static __u32 mpic_flags(__u32 sense)
{
	static const __u32 flags[] = {
		0,						/* rising */
		SOCASSIGN_IRQ_LEVEL | SOCASSIGN_IRQ_LOW,
		SOCASSIGN_IRQ_LEVEL,
		SOCASSIGN_IRQ_LOW,				/* falling */
	};

	return flags[sense & 3];
}

/* dt-bindings/interrupt-controller/irq.h: GIC and GPIO controllers. */
static __u32 irq_type_flags(__u32 type)
{
	switch (type & 15) {
	case 2:
		return SOCASSIGN_IRQ_LOW;
	case 3:
		return SOCASSIGN_IRQ_BOTH;
	case 4:
		return SOCASSIGN_IRQ_LEVEL;
	case 8:
		return SOCASSIGN_IRQ_LEVEL | SOCASSIGN_IRQ_LOW;
	default:
		return 0;
	}
}

static __u32 line_flags(const struct dt_line *line)
{
	if (dt_is_compatible(line->controller, "test,dead-pic"))
		return SOCASSIGN_IRQ_UNMAPPED;
	if (dt_is_compatible(line->controller, "fsl,mpic"))
		return mpic_flags(line->cells[1]);
	if (dt_is_compatible(line->controller, "arm,gic-v3"))
		return irq_type_flags(line->cells[2]);
	return irq_type_flags(line->cells[1]);
}

/* An interrupt of the claim, as the tree has it. */
struct expected_irq {
	__u32 origin, node, entry;
	struct dt_line line;
};

static bool known_line(const struct expected_irq *irqs, int num,
		       const struct dt_line *line)
{
	for (int i = 0; i < num; i++)
		if (dt_same_line(&irqs[i].line, line))
			return true;
	return false;
}

/* A line that several nodes name belongs to the first of them. */
static int expected_irqs(const struct view *view, struct expected_irq *irqs)
{
	struct dt_line line;
	int num = 0;

	for (int node = 0; node < view->num_nodes; node++) {
		for (int i = 0; dt_interrupt(view->nodes[node], i, &line); i++)
			if (!known_line(irqs, num, &line))
				irqs[num++] = (struct expected_irq) {
					SOCASSIGN_IRQ_INTERRUPTS, node, i, line,
				};
		for (int i = 0; dt_map_entry(view->nodes[node], i, &line); i++)
			if (!known_line(irqs, num, &line))
				irqs[num++] = (struct expected_irq) {
					SOCASSIGN_IRQ_MAP, node, i, line,
				};
	}
	return num;
}

static bool names_line(const struct dt_node *node, const struct dt_line *line)
{
	struct dt_line other;

	for (int i = 0; dt_interrupt(node, i, &other); i++)
		if (dt_same_line(line, &other))
			return true;
	for (int i = 0; dt_map_entry(node, i, &other); i++)
		if (dt_same_line(line, &other))
			return true;
	return false;
}

static void check_sharers(struct __test_metadata *_metadata,
			  const struct view *view, const struct dt_line *line,
			  const struct socassign_irq *irq)
{
	const char *list = (const char *)(uintptr_t)irq->sharers;
	int count = 0;

	for (const struct dt_node *node = dt_first(); node; node = node->next) {
		if (view_has(view, node) || !names_line(node, line))
			continue;
		EXPECT_TRUE(list_has(list, irq->sharers_len, node->path))
			TH_LOG("sharer %s is missing", node->path);
		count++;
	}
	EXPECT_EQ(count, list_count(list, irq->sharers_len));
	EXPECT_EQ(count != 0, !!(irq->out_flags & SOCASSIGN_IRQ_SHARED));
}

/* The controller of the line, then the ones that it is cascaded to. */
static void check_controllers(struct __test_metadata *_metadata,
			      const struct dt_line *line,
			      const struct socassign_irq *irq)
{
	const char *list = (const char *)(uintptr_t)irq->controllers;
	const struct dt_node *controller = line->controller;
	struct dt_line up;
	char chain[1024];
	size_t len = 0;

	for (;;) {
		len = list_add(chain, len, controller->path);
		if (!dt_interrupt(controller, 0, &up) ||
		    up.controller == controller)
			break;
		controller = up.controller;
	}
	ASSERT_EQ(len, irq->controllers_len);
	EXPECT_EQ(0, memcmp(chain, list, len));
}

static void check_irq(struct __test_metadata *_metadata,
		      const struct view *view, int index,
		      const struct expected_irq *expected)
{
	static char name[256], controllers[1024], sharers[LIST_SIZE];
	struct socassign_irq irq = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
		.controllers = (uintptr_t)controllers,
		.controllers_len = sizeof(controllers),
		.sharers = (uintptr_t)sharers, .sharers_len = sizeof(sharers),
	};
	const __u32 nature = SOCASSIGN_IRQ_LEVEL | SOCASSIGN_IRQ_LOW |
			     SOCASSIGN_IRQ_BOTH | SOCASSIGN_IRQ_UNMAPPED;
	const struct dt_line *line = &expected->line;

	ASSERT_EQ(0, soc_irq(view->fd, index, &irq));
	EXPECT_EQ(expected->origin, irq.out_origin);
	EXPECT_EQ(expected->node, irq.out_node);
	EXPECT_EQ(expected->entry, irq.out_entry);
	EXPECT_EQ(line_flags(line), irq.out_flags & nature);
	EXPECT_EQ(0, irq.out_flags & (SOCASSIGN_IRQ_MASKED |
				      SOCASSIGN_IRQ_AUTOMASKED));
	EXPECT_EQ(line->num_cells, irq.out_num_cells);
	EXPECT_EQ(0, memcmp(line->cells, irq.out_specifier,
			    sizeof(line->cells)));
	EXPECT_EQ(0, irq.out_count);
	EXPECT_STREQ(expected->origin == SOCASSIGN_IRQ_MAP ? "" :
		     dt_string(view->nodes[expected->node], "interrupt-names",
			       expected->entry), name);
	check_controllers(_metadata, line, &irq);
	check_sharers(_metadata, view, line, &irq);
}

static void check_irqs(struct __test_metadata *_metadata,
		       const struct view *view)
{
	static struct expected_irq expected[1024];
	int num = expected_irqs(view, expected);

	ASSERT_EQ(num, view->info.out_num_irqs);
	for (int i = 0; i < num; i++)
		check_irq(_metadata, view, i, &expected[i]);
}

/* Clocks */

static void check_clock(struct __test_metadata *_metadata,
			const struct view *view, int index, __u32 node,
			int entry)
{
	const struct dt_node *provider = dt_clock(view->nodes[node], entry);
	char name[64] = "";
	struct socassign_clock clock = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
	};

	ASSERT_EQ(0, soc_clock(view->fd, index, &clock));
	EXPECT_EQ(node, clock.out_node);
	EXPECT_EQ(entry, clock.out_entry);
	EXPECT_EQ(dt_cell(provider, "clock-frequency", 0), clock.out_rate);
	EXPECT_STREQ(dt_string(view->nodes[node], "clock-names", entry), name);
}

static void check_clocks(struct __test_metadata *_metadata,
			 const struct view *view)
{
	int num = 0;

	for (int node = 0; node < view->num_nodes; node++)
		for (int i = 0; dt_clock(view->nodes[node], i); i++)
			check_clock(_metadata, view, num++, node, i);
	EXPECT_EQ(num, view->info.out_num_clocks);
}

/* The named nodes in the order given, each followed by its descendants. */
static void check_nodes(struct __test_metadata *_metadata,
			const struct view *view, const char *list, size_t len,
			__u32 flags)
{
	int at = 0;

	for (int i = 0; i < list_count(list, len); i++) {
		const struct dt_node *root = dt_find(list_at(list, i));
		int below = 0;

		ASSERT_LT(at, view->num_nodes);
		EXPECT_EQ((uintptr_t)root, (uintptr_t)view->nodes[at]);
		for (const struct dt_node *node = dt_first(); node;
		     node = node->next)
			below += node != root && dt_below(node, root);
		at++;
		for (; flags & SUBTREE && below; below--, at++)
			EXPECT_TRUE(at < view->num_nodes &&
				    dt_below(view->nodes[at], root));
	}
	EXPECT_EQ(at, view->num_nodes);
	EXPECT_EQ(view->num_nodes, view->info.out_num_nodes);
	EXPECT_EQ(flags, view->info.out_flags);
}

static void check_claim(struct __test_metadata *_metadata, const char *list,
			size_t len, __u32 flags)
{
	bool unsafe = flags & UNSAFE_DMA;
	struct view view;

	ASSERT_EQ(0, board_set_param("unsafe_dma", unsafe ? "Y" : "N"));
	ASSERT_EQ(0, view_open(&view, list, len, flags));
	check_nodes(_metadata, &view, list, len, flags);
	EXPECT_EQ(unsafe ? SOCASSIGN_DMA_UNSAFE : SOCASSIGN_DMA_NONE,
		  view.info.out_dma_class);
	/* By a line here none, but those that the driver knows. */
	EXPECT_EQ(view.info.out_has_reset ? 0 : -EOPNOTSUPP,
		  soc_reset(view.fd));
	check_regions(_metadata, &view);
	check_irqs(_metadata, &view);
	check_clocks(_metadata, &view);
	close(view.fd);
	if (!unsafe)
		return;
	edge_end_quarantine(list);
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

/* Every field of a claim; an "=" stands for the bus of the extra nodes. */
FIXTURE(fields)
{
	char list[1024];
	size_t len;
	struct sysfs_device dev;
	char driver[64];
};

FIXTURE_VARIANT(fields)
{
	__u32 flags;
	const char *nodes[4];
	/* or what the board has at this place of struct board */
	size_t of_board;
};

#define FIELDS(_name, _flags, ...)					\
	FIXTURE_VARIANT_ADD(fields, _name) {				\
		.flags = _flags, .nodes = { __VA_ARGS__ },		\
	}
#define BOARD_FIELDS(_name, _flags, _member)				\
	FIXTURE_VARIANT_ADD(fields, _name) {				\
		.flags = _flags, .of_board = offsetof(struct board, _member), \
	}

FIELDS(names, NO_DMA, "names@90000");
FIELDS(senses, NO_DMA, "senses@94000");
FIELDS(cascade, NO_DMA, "cascade@95000");
FIELDS(twin, NO_DMA, "twin@96000");
FIELDS(other_twin, NO_DMA, "twin@96100");
FIELDS(both_twins, NO_DMA, "twin@96100", "twin@96000");
FIELDS(lone, NO_DMA, "lone@97000");
FIELDS(first_register_unreachable, NO_DMA, "holey@98000");
FIELDS(beside_holey, NO_DMA, "beside-holey@99000");
FIELDS(on_a_line_of_an_interrupt_map, NO_DMA, "map-sharer@9a000");
FIELDS(line_named_twice, NO_DMA, "twice@9b000");
FIELDS(line_that_another_names_twice, NO_DMA, "once@9f000");
FIELDS(orphan, NO_DMA, "orphan@9d000");
FIELDS(portal, UNSAFE_DMA, "qman-portal@de000");
FIELDS(bus, NO_DMA | SUBTREE, "bus@a0000");
FIELDS(deep_on_a_bus, NO_DMA, "bus@a0000/inner@2000/deep@900");
FIELDS(ethernet, NO_DMA | SUBTREE, "ethernet@b0000");
FIELDS(nest, NO_DMA, "nest@c0000");
FIELDS(nest_with_children, NO_DMA | SUBTREE, "nest@c0000");
FIELDS(nest_full_child, NO_DMA, "nest@c0000/full@0");
FIELDS(nest_part_child, NO_DMA, "nest@c0000/part@1000");
FIELDS(three, NO_DMA | SUBTREE, "twin@96100", "nest@c0000", "names@90000");
BOARD_FIELDS(device_of_the_host, DETACH, device);
BOARD_FIELDS(second_device_of_the_host, DETACH, second);
BOARD_FIELDS(pci, NO_DMA, pci);

FIXTURE_SETUP(fields)
{
	const char *node = NULL;

	for (int i = 0; i < 4 && variant->nodes[i]; i++)
		self->len = list_add(self->list, self->len,
				     board_extra(variant->nodes[i]));
	if (!variant->nodes[0])
		node = *(const char **)((const char *)board_get() +
					variant->of_board);
	if (!node)
		return;
	self->len = list_add(self->list, 0, node);
	if (!(variant->flags & DETACH))
		return;
	ASSERT_EQ(0, sysfs_find(node, &self->dev));
	ASSERT_EQ(0, sysfs_driver(&self->dev, self->driver,
				  sizeof(self->driver)));
}

/* Giving back is asynchronous; the next test wants the driver there. */
FIXTURE_TEARDOWN(fields)
{
	if (self->driver[0])
		EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

TEST_F(fields, all)
{
	check_claim(_metadata, self->list, self->len, variant->flags);
}

/* A UART in a page with the host's console (Power). */
FIXTURE(beside_console)
{
	struct sysfs_device dev;
	char driver[64];
	int fd;
	struct socassign_region region;
};

#define SERIAL1 "/soc@fe0000000/serial@4600"

FIXTURE_SETUP(beside_console)
{
	self->fd = -1;
	if (!dt_find(SERIAL1))
		return;
	ASSERT_EQ(0, sysfs_find(SERIAL1, &self->dev));
	ASSERT_EQ(0, sysfs_driver(&self->dev, self->driver,
				  sizeof(self->driver)));
	self->fd = soc_claim(SERIAL1, DETACH);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
}

FIXTURE_TEARDOWN(beside_console)
{
	if (self->fd < 0)
		return;
	close(self->fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

#define NO_SERIAL1 "the board has no second UART"

/* The console does without, see vm/dts: nobody shares it. */
TEST_F(beside_console, interrupt)
{
	struct socassign_irq irq = {};
	int event = eventfd(0, EFD_CLOEXEC);

	if (self->fd < 0)
		SKIP(return, NO_SERIAL1);
	ASSERT_EQ(0, soc_irq(self->fd, 0, &irq));
	EXPECT_EQ(SOCASSIGN_IRQ_LEVEL, irq.out_flags);
	EXPECT_EQ(0, soc_set_trigger(self->fd, 0, event));
	close(event);
}

TEST_F(beside_console, registers)
{
	__u8 value = 0x5a, back = 0;
	__u8 old;

	if (self->fd < 0)
		SKIP(return, NO_SERIAL1);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	EXPECT_EQ(SOCASSIGN_REGION_NEIGHBOURS, self->region.out_flags);
	EXPECT_EQ(0x600, self->region.out_page_offset);
	/* The scratch register of the 16550. */
	EXPECT_EQ(0, soc_pread(self->fd, &self->region, 7, &old, 1));
	EXPECT_EQ(0, soc_pwrite(self->fd, &self->region, 7, &value, 1));
	EXPECT_EQ(0, soc_pread(self->fd, &self->region, 7, &back, 1));
	EXPECT_EQ(value, back);
	EXPECT_EQ(0, soc_pwrite(self->fd, &self->region, 7, &old, 1));
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_TRUE(!soc_map(self->fd, &self->region));
	EXPECT_EQ(EACCES, errno);
}

/* Both of two siblings: one interrupt for the two, and mmap works. */
TEST(siblings_in_one_claim)
{
	char list[512];
	size_t len = list_add(list, 0, board_extra("twin@96000"));
	struct socassign_info info = {};
	struct socassign_region region = {};
	volatile void *regs;
	int fd;

	len = list_add(list, len, board_extra("twin@96100"));
	fd = soc_claim_list(list, len, NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(1, info.out_num_irqs);
	EXPECT_EQ(2, info.out_num_regions);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, soc_region(fd, i, &region));
		regs = soc_map(fd, &region);
		EXPECT_TRUE(!!regs);
		soc_unmap(regs, &region);
		region = (struct socassign_region) {};
	}
	close(fd);
}

/* i2c@3000, of which the page has i2c@3100, too (Power). */
TEST(i2c_alone_and_together)
{
	static const char both[] =
		"/soc@fe0000000/i2c@3000\0/soc@fe0000000/i2c@3100";
	struct socassign_region region = {};
	struct socassign_info info = {};
	struct sysfs_device dev;
	volatile void *regs;
	__u8 status;
	int fd;

	if (!dt_find("/soc@fe0000000/i2c@3100"))
		SKIP(return, "the board has no two I2C controllers");
	ASSERT_EQ(0, sysfs_find(both, &dev));
	fd = soc_claim(both, DETACH);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_region(fd, 0, &region));
	EXPECT_EQ(SOCASSIGN_REGION_NEIGHBOURS, region.out_flags);
	EXPECT_TRUE(!soc_map(fd, &region));
	EXPECT_EQ(EACCES, errno);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	EXPECT_EQ(0, soc_pread(fd, &region, 0xc, &status, 1));
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	close(fd);

	fd = soc_claim_list(both, sizeof(both), DETACH);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(1, info.out_num_irqs);
	region = (struct socassign_region) {};
	ASSERT_EQ(0, soc_region(fd, 0, &region));
	EXPECT_EQ(SOCASSIGN_REGION_MMAP, region.out_flags);
	regs = soc_map(fd, &region);
	ASSERT_TRUE(!!regs);
	EXPECT_EQ(status, ((volatile __u8 *)regs)[0xc]);
	soc_unmap(regs, &region);
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&dev, board_get()->driver));
}

/* Paths */

static void check_list(struct __test_metadata *_metadata, int result,
		       const char *list, size_t len, __u32 flags)
{
	int fd = soc_claim_list(list, len, flags);

	EXPECT_EQ(result, fd < 0 ? fd : 0)
		TH_LOG("%s", list);
	if (fd >= 0)
		close(fd);
}

#define CHECK_PATH(_result, _path, _flags) do {				\
	const char *_p = (_path);					\
	check_list(_metadata, _result, _p, strlen(_p) + 1, _flags);	\
} while (0)

TEST(path_that_names_nothing)
{
	CHECK_PATH(-ENOENT, "/no/such/node", NO_DMA);
	CHECK_PATH(-ENOENT, board_extra("names@90001"), NO_DMA);
	CHECK_PATH(-ENOENT, board_extra("names@90000/below"), NO_DMA);
	CHECK_PATH(-ENOENT, board_extra("names@90000/reg"), NO_DMA);
}

TEST(path_that_is_none)
{
	CHECK_PATH(-EINVAL, "", NO_DMA);
	CHECK_PATH(-EINVAL, "no-such-alias", NO_DMA);
	CHECK_PATH(-EINVAL, "no-such-alias/names@90000", NO_DMA);
	CHECK_PATH(-EINVAL, "names@90000", NO_DMA);
	CHECK_PATH(-EINVAL, board_extra("names@90000:115200"), NO_DMA);
	CHECK_PATH(-EINVAL, board_extra("names@90000:"), NO_DMA);
}

TEST(list_of_no_path)
{
	const char *path = board_extra("lone@97000");

	check_list(_metadata, -EINVAL, path, 0, NO_DMA);
	check_list(_metadata, -EINVAL, path, strlen(path), NO_DMA);
	check_list(_metadata, -EINVAL, "\0", 2, NO_DMA);
}

/* An empty path first, in the middle, at the end. */
TEST(list_with_an_empty_path)
{
	const char *one = board_extra("lone@97000");
	const char *two = board_extra("twin@96000");
	char list[512];
	size_t len;

	len = list_add(list, list_add(list, 0, ""), one);
	check_list(_metadata, -EINVAL, list, len, NO_DMA);
	len = list_add(list, list_add(list, 0, one), "");
	check_list(_metadata, -EINVAL, list, len, NO_DMA);
	len = list_add(list, list_add(list, list_add(list, 0, one), ""), two);
	check_list(_metadata, -EINVAL, list, len, NO_DMA);
}

TEST(list_without_nul_at_its_end)
{
	const char *one = board_extra("lone@97000");
	char list[512];
	size_t len = list_add(list, list_add(list, 0, one),
			      board_extra("twin@96000"));

	check_list(_metadata, 0, list, len, NO_DMA);
	check_list(_metadata, -EINVAL, list, len - 1, NO_DMA);
}

TEST(list_too_long)
{
	static char list[2 * SOCASSIGN_MAX_PATHS_LEN];

	memset(list, '/', sizeof(list));
	list[sizeof(list) - 1] = 0;
	check_list(_metadata, -ENAMETOOLONG, list, sizeof(list), NO_DMA);
	check_list(_metadata, -ENAMETOOLONG, list, SOCASSIGN_MAX_PATHS_LEN + 1,
		   NO_DMA);
	check_list(_metadata, -ENAMETOOLONG, list, UINT32_MAX, NO_DMA);
	/* The longest that is none: not terminated here, a bad path there. */
	check_list(_metadata, -EINVAL, list, SOCASSIGN_MAX_PATHS_LEN, NO_DMA);
	list[SOCASSIGN_MAX_PATHS_LEN - 1] = 0;
	check_list(_metadata, -ENOENT, list, SOCASSIGN_MAX_PATHS_LEN, NO_DMA);
}

TEST(node_named_twice)
{
	const char *path = board_extra("lone@97000");
	char list[512];
	size_t len = list_add(list, list_add(list, 0, path), path);

	check_list(_metadata, -EINVAL, list, len, NO_DMA);
}

TEST(node_named_with_its_parent)
{
	const char *parent = board_extra("nest@c0000");
	const char *child = board_extra("nest@c0000/part@1000");
	char list[512];
	size_t len;

	len = list_add(list, list_add(list, 0, parent), child);
	check_list(_metadata, -EINVAL, list, len, NO_DMA);
	check_list(_metadata, -EINVAL, list, len, NO_DMA | SUBTREE);
	len = list_add(list, list_add(list, 0, child), parent);
	check_list(_metadata, -EINVAL, list, len, NO_DMA);
	check_list(_metadata, -EINVAL, list, len, NO_DMA | SUBTREE);
}

/* One bad path, and nothing is claimed of the good ones. */
TEST(list_is_all_or_nothing)
{
	const char *good = board_extra("lone@97000");
	char list[512];
	size_t len = list_add(list, list_add(list, 0, good), "/no/such/node");

	check_list(_metadata, -ENOENT, list, len, NO_DMA);
	len = list_add(list, list_add(list, 0, good),
		       board_extra("guts@d6000"));
	check_list(_metadata, -EACCES, list, len, NO_DMA);
	CHECK_PATH(0, good, NO_DMA);
}

TEST(node_without_registers_and_interrupts)
{
	CHECK_PATH(-EINVAL, board_extra("nowhere@200000"), NO_DMA);
	CHECK_PATH(-EINVAL, board_extra("ethernet@b0000"), NO_DMA);
	CHECK_PATH(-EINVAL, board_extra("efuse@d9000/cell"), NO_DMA);
	CHECK_PATH(-EINVAL, "/bus-clock", NO_DMA);
	CHECK_PATH(-EINVAL, "/chosen", NO_DMA);
}

TEST(registers_over_memory)
{
	const char *path = board_get()->overlap;

	CHECK_PATH(-EACCES, path, NO_DMA);
	check_refusal(_metadata, -EACCES, path, NO_DMA, "memory");
}

/* An interrupt of the board's controller: which entry says so, what its number is */
struct counted_irq {
	__u32 entry;
	__u32 number;
};

static void check_counted(struct __test_metadata *_metadata, const char *node,
			  const struct counted_irq *irqs, __u32 num,
			  __u32 shared)
{
	struct socassign_info info = {};
	struct socassign_irq irq;
	int fd = soc_claim(board_extra(node), NO_DMA);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(num, info.out_num_irqs);
	for (__u32 i = 0; i < num && i < info.out_num_irqs; i++) {
		irq = (struct socassign_irq) {};
		ASSERT_EQ(0, soc_irq(fd, i, &irq));
		EXPECT_EQ(irqs[i].entry, irq.out_entry);
		/* Of a GIC it is the second cell. */
		EXPECT_EQ(irqs[i].number,
			  irq.out_specifier[irq.out_num_cells == 3]);
		EXPECT_EQ(i < shared, !!(irq.out_flags & SOCASSIGN_IRQ_SHARED));
	}
	close(fd);
}

/* As drivers/of/irq.c has them: see the nodes in vm/dts. */
TEST(interrupts_behind_holes_and_maps)
{
	const __u32 first = dt_find("/soc@fe0000000") ? 0x40 : 214;
	const struct counted_irq holes[] = {
		{ 1, first + 1 }, { 3, first }, { 5, first + 2 },
	};
	const struct counted_irq mapped[] = { { 1, first } };

	expect_in_log(MAP_WARNS);
	/* Two with the nexus; the one that is not for its child is no line. */
	check_counted(_metadata, "holes@e5000", holes, 3, 2);
	check_counted(_metadata, "mapped@e6000", mapped, 1, 1);
}

/* Entry 0 asks for what entry 1 gives: the other's parent is disabled. */
TEST(interrupts_of_a_map)
{
	const __u32 first = dt_find("/soc@fe0000000") ? 0x40 : 214;
	const struct counted_irq nexus[] = { { 0, first }, { 3, first + 1 } };

	expect_in_log(MAP_WARNS);
	check_counted(_metadata, "nexus@e3000", nexus, 2, 2);
	check_counted(_metadata, "mute@e4000", NULL, 0, 0);
}

/* More nodes than a claim can have, in one subtree; then fewer. */
TEST(crowd)
{
	const char *path = board_extra("crowd@e8000");
	struct view view;

	CHECK_PATH(-EINVAL, path, NO_DMA | SUBTREE);
	path = board_extra("crowd@e8000/group@e9000");
	ASSERT_EQ(0, view_open(&view, path, strlen(path) + 1,
			       NO_DMA | SUBTREE));
	EXPECT_EQ(301, view.num_nodes);
	check_nodes(_metadata, &view, path, strlen(path) + 1,
		    NO_DMA | SUBTREE);
	close(view.fd);
}

/* INFO has the path that the alias stands for. */
TEST(alias)
{
	static char path[256];
	struct socassign_info info = {
		.paths = (uintptr_t)path, .paths_len = sizeof(path),
	};
	struct sysfs_device dev;
	int fd;

	if (!dt_find("/aliases") || !dt_prop(dt_find("/aliases"), "serial1"))
		SKIP(return, "the board's tree has no alias of a UART");
	ASSERT_EQ(0, sysfs_find(SERIAL1, &dev));
	fd = soc_claim("serial1", DETACH);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_STREQ(SERIAL1, path);
	close(fd);
	CHECK_PATH(-EINVAL, "serial1:115200n8", DETACH);
	CHECK_PATH(-ENOENT, "serial1/below", DETACH);
	EXPECT_TRUE(sysfs_wait_driver(&dev, "of_serial"));
}

int main(int argc, char **argv)
{
	board_require();
	dt_load();
	return test_harness_run(argc, argv);
}
