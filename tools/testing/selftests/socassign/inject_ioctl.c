// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of each ioctl fails once, and then all of them.  The answer is
 * ENOMEM, the next try works, nobody holds anything more than before, and the devices
 * can be claimed afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/dma_bench.h"
#include "lib/held.h"
#include "lib/overlay.h"
#include "lib/partition.h"
#include "lib/sweep.h"
#include "lib/sysfs.h"

#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define PINNED		(64 * PAGE)
#define WINDOW		0x1000u

/* Where the commands are tried. */
enum place {
	ON_DEVICE,		/* /dev/socassign */
	ON_NAMES,		/* a claim that has a bit of everything */
	ON_LEVEL,		/* a claim of a device that interrupts */
	ON_WINDOWS		/* a claim with a DMA identity */
};

struct bed {
	enum place place;
	int fd;			/* of the place */
	int ret;		/* of the command */
	struct held held;
	char list[1024];	/* what is claimed */
	size_t len;
	__u32 flags;
	char text[4096];	/* that the kernel returns */
	char *mem;		/* PINNED bytes */
	struct level level;
	volatile void *regs;	/* of the level's, mapped once more */
	/* On windows: behind the PAMU, or onto a partition where nothing is */
	bool pamu;
	struct dma_bench dma;
	struct partition part;
	__u64 phys;
	struct fdt fdt;
};

static const char *master_node(void)
{
	return board_extra("master@d0000");
}

/* --- the commands; what one leaves behind @undo takes back */

static int act_query(struct bed *bed)
{
	struct socassign_query query = { .size = sizeof(query) };

	return soc_ioctl(bed->fd, SOCASSIGN_QUERY, &query);
}

/*
 * What is claimed is looked up beforehand: where memory runs out, the test's own
 * questions get no answer.
 */
static void name(struct bed *bed, const char *path)
{
	bed->len = soc_list_add(bed->list, sizeof(bed->list), bed->len, path);
}

static void find_names(struct bed *bed)
{
	bed->flags = SOCASSIGN_NO_DMA;
	name(bed, board_extra("names@90000"));
}

static void find_bus(struct bed *bed)
{
	bed->flags = SOCASSIGN_NO_DMA | SOCASSIGN_SUBTREE;
	name(bed, board_extra("bus@a0000"));
}

/* A driver of the host's has two of them, the third has no device yet. */
static void find_several(struct bed *bed)
{
	bed->flags = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA;
	name(bed, bench()->level->node);
	name(bed, bench()->plain);
	name(bed, bench()->asleep);
}

static void find_powered(struct bed *bed)
{
	bed->flags = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA;
	name(bed, bench_node("powered@e3000"));
}

static void find_partition(struct bed *bed)
{
	name(bed, partition_node("small"));
}

static void find_identities(struct bed *bed)
{
	bed->flags = SOCASSIGN_SUBTREE | SOCASSIGN_DETACH;
	name(bed, DMA_BENCH_NODE);
}

static void find_master(struct bed *bed)
{
	bed->flags = SOCASSIGN_UNSAFE_DMA;
	name(bed, master_node());
}

static void find_forbidden(struct bed *bed)
{
	name(bed, board_get()->irqchip);
}

static int act_instantiate(struct bed *bed)
{
	return soc_instantiate(bed->fd, bed->list, bed->len, bed->flags);
}

static int act_dry_run(struct bed *bed)
{
	return soc_dry_run(bed->fd, bed->list, bed->len, bed->flags);
}

static int act_refused(struct bed *bed)
{
	int ret = act_instantiate(bed);

	return ret == -EACCES ? 0 : ret;
}

static void undo_fd(struct bed *bed)
{
	close(bed->ret);
}

static void undo_master(struct bed *bed)
{
	close(bed->ret);
	sysfs_end_quarantines();
}

/* The next question reads the tree anew. */
static void before_new_tree(struct bed *bed)
{
	overlay_begin(&bed->fdt, bench()->bus);
	fdt_begin_node(&bed->fdt, "passing@fb000");
	fdt_string(&bed->fdt, "status", "disabled");
	fdt_end_node(&bed->fdt);
	overlay_apply(&bed->fdt);
	overlay_remove();
}

static int act_info(struct bed *bed)
{
	struct socassign_info info = {
		.paths = (uintptr_t)bed->text, .paths_len = sizeof(bed->text),
	};

	return soc_info(bed->fd, &info);
}

static int act_region(struct bed *bed)
{
	struct socassign_region region = {
		.name = (uintptr_t)bed->text, .name_len = 1024,
		.neighbours = (uintptr_t)bed->text + 1024,
		.neighbours_len = 1024,
	};

	return soc_region(bed->fd, 0, &region);
}

static int act_irq(struct bed *bed)
{
	struct socassign_irq irq = {
		.name = (uintptr_t)bed->text, .name_len = 1024,
		.controllers = (uintptr_t)bed->text + 1024,
		.controllers_len = 1024,
		.sharers = (uintptr_t)bed->text + 2048, .sharers_len = 1024,
	};

	return soc_irq(bed->fd, 0, &irq);
}

static int act_clock(struct bed *bed)
{
	struct socassign_clock clock = {
		.name = (uintptr_t)bed->text, .name_len = sizeof(bed->text),
	};

	return soc_clock(bed->fd, 0, &clock);
}

static int act_event(struct bed *bed)
{
	struct socassign_get_event event;
	int ret = soc_get_event(bed->fd, &event);

	return ret == -EAGAIN ? 0 : ret;
}

static int act_reset(struct bed *bed)
{
	int ret = soc_reset(bed->fd);

	return ret == -EOPNOTSUPP ? 0 : ret;
}

static int act_memory(struct bed *bed)
{
	return soc_memory(bed->fd, bed->mem, PINNED, SOCASSIGN_MEMORY_WRITE);
}

/* So that pinning has to get the pages first. */
static void before_absent(struct bed *bed)
{
	madvise(bed->mem, PINNED, MADV_DONTNEED);
}

static int act_trigger(struct bed *bed)
{
	return soc_set_trigger(bed->fd, 0, bed->level.trigger);
}

static void undo_trigger(struct bed *bed)
{
	soc_set_trigger(bed->fd, 0, SOC_NONE);
}

static int act_resample(struct bed *bed)
{
	return soc_set_resample(bed->fd, 0, bed->level.resample);
}

static void undo_resample(struct bed *bed)
{
	soc_set_resample(bed->fd, 0, SOC_NONE);
}

static void before_attached(struct bed *bed)
{
	soc_set_trigger(bed->fd, 0, bed->level.trigger);
}

static int act_affinity(struct bed *bed)
{
	const __u64 cpu0 = 1;

	return soc_set_affinity(bed->fd, 0, &cpu0, sizeof(cpu0));
}

/* All that needs no argument, and no memory. */
static int act_masks(struct bed *bed)
{
	int ret = soc_set_irq(bed->fd, 0, SOCASSIGN_SET_MASK);

	if (!ret)
		ret = soc_set_irq(bed->fd, 0, SOCASSIGN_SET_UNMASK);
	if (!ret)
		ret = soc_set_irq(bed->fd, 0, SOCASSIGN_SET_EOI);
	return ret ? ret : soc_set_irq(bed->fd, 0, SOCASSIGN_SET_FIRE);
}

/* Loopback has masked the line. */
static void undo_masks(struct bed *bed)
{
	soc_wait(bed->level.trigger, 0);
	soc_set_irq(bed->fd, 0, SOCASSIGN_SET_EOI);
}

/* Of a mapping, which is there already in the second try. */
static int act_prefault(struct bed *bed)
{
	if (!bed->regs)
		bed->regs = soc_map(bed->fd, &bed->level.region);
	if (!bed->regs)
		return -errno;
	return soc_prefault(bed->fd,
			    (void *)((uintptr_t)bed->regs & ~(PAGE - 1)), PAGE);
}

static void undo_map(struct bed *bed)
{
	soc_unmap(bed->regs, &bed->level.region);
	bed->regs = NULL;
}

static int act_dma(struct bed *bed)
{
	struct socassign_dma dma = {};

	return soc_dma(bed->fd, 0, &dma);
}

/* The nth window; what is not the PAMU takes only where the memory is. */
static int map_window(struct bed *bed, __u64 nth, __u32 flags)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW | flags, .length = WINDOW,
		.memory_fd = bed->pamu ? bed->dma.memory : bed->part.fd,
		.offset = nth * WINDOW,
		.iova = (bed->pamu ? 0 : bed->phys) + nth * WINDOW,
	};

	return soc_dma_map(bed->fd, &map);
}

static int act_map(struct bed *bed)
{
	return map_window(bed, 0, 0);
}

static void undo_windows(struct bed *bed)
{
	soc_dma_disable(bed->fd, 0);
	soc_dma_unmap_all(bed->fd, 0);
}

/* A third, beside those of which each has a subwindow of its own. */
static void before_third(struct bed *bed)
{
	map_window(bed, 0, 0);
	map_window(bed, 1, 0);
}

static int act_third(struct bed *bed)
{
	return map_window(bed, 2, 0);
}

static int act_replace(struct bed *bed)
{
	return map_window(bed, 1, SOCASSIGN_DMA_REPLACE);
}

static int act_unmap(struct bed *bed)
{
	return soc_dma_unmap(bed->fd, 0, bed->pamu ? 0 : bed->phys, WINDOW);
}

static int act_unmap_all(struct bed *bed)
{
	return soc_dma_unmap_all(bed->fd, 0);
}

static int act_enable(struct bed *bed)
{
	return soc_dma_enable(bed->fd, 0);
}

static void before_enabled(struct bed *bed)
{
	before_third(bed);
	soc_dma_enable(bed->fd, 0);
}

static int act_disable(struct bed *bed)
{
	int ret = soc_dma_disable(bed->fd, 0);

	return ret == -EOPNOTSUPP && !bed->pamu ? 0 : ret;
}

/* --- all of them */

FIXTURE(ioctl) {
	const char *skip;
	int fail_nth, starve;
	struct held outside;	/* without a claim */
	struct bed bed;
};

FIXTURE_VARIANT(ioctl) {
	enum place place;
	int (*act)(struct bed *bed);
	void (*undo)(struct bed *bed);
	void (*before)(struct bed *bed);
	void (*find)(struct bed *bed);
	const char *(*missing)(void);
	int also;		/* another errno than ENOMEM */
	bool takes_none;	/* no memory: nothing can fail */
	bool falls_back;	/* to vmalloc(): one failure is none */
	int dense;		/* of those that fail; or 0 */
};

#define COMMAND(_name, ...) FIXTURE_VARIANT_ADD(ioctl, _name) { __VA_ARGS__ }

static const char *no_overlays(void)
{
	return overlay_possible() ? NULL : "this kernel has no CONFIG_OF_OVERLAY";
}

static const char *no_partition(void)
{
	return partition_node("small") ? NULL :
	       "the device tree lacks this partition";
}

COMMAND(query, ON_DEVICE, act_query, .takes_none = true);
COMMAND(instantiate, ON_DEVICE, act_instantiate, undo_fd, .find = find_names);
COMMAND(instantiate_bus, ON_DEVICE, act_instantiate, undo_fd, .find = find_bus);
COMMAND(instantiate_several, ON_DEVICE, act_instantiate, undo_fd,
	.find = find_several);
/* The frameworks do not always say what they lacked. */
COMMAND(instantiate_powered, ON_DEVICE, act_instantiate, undo_fd,
	.find = find_powered, .also = EREMOTEIO);
COMMAND(instantiate_partition, ON_DEVICE, act_instantiate, undo_fd,
	.find = find_partition, .missing = no_partition);
COMMAND(instantiate_identities, ON_DEVICE, act_instantiate, undo_fd,
	.find = find_identities, .missing = dma_bench_skip);
COMMAND(instantiate_master, ON_DEVICE, act_instantiate, undo_master,
	.find = find_master);
COMMAND(dry_run, ON_DEVICE, act_dry_run, .find = find_names);
COMMAND(dry_run_in_new_tree, ON_DEVICE, act_dry_run, NULL, before_new_tree,
	find_names, no_overlays, .dense = 25);
COMMAND(refused, ON_DEVICE, act_refused, .find = find_forbidden);
COMMAND(info, ON_NAMES, act_info, .takes_none = true);
COMMAND(region, ON_NAMES, act_region, .takes_none = true);
COMMAND(irq, ON_NAMES, act_irq, .takes_none = true);
COMMAND(clock, ON_NAMES, act_clock, .takes_none = true);
COMMAND(get_event, ON_NAMES, act_event, .takes_none = true);
COMMAND(reset, ON_NAMES, act_reset, .takes_none = true);
COMMAND(memory, ON_NAMES, act_memory, undo_fd);
COMMAND(memory_absent, ON_NAMES, act_memory, undo_fd, before_absent);
COMMAND(set_trigger, ON_LEVEL, act_trigger, undo_trigger);
COMMAND(set_resample, ON_LEVEL, act_resample, undo_resample, .takes_none = true);
COMMAND(set_affinity, ON_LEVEL, act_affinity, undo_trigger, before_attached);
COMMAND(set_masks, ON_LEVEL, act_masks, undo_masks, before_attached,
	.takes_none = true);
COMMAND(prefault, ON_LEVEL, act_prefault, undo_map);
COMMAND(dma, ON_WINDOWS, act_dma, .takes_none = true);
COMMAND(dma_map, ON_WINDOWS, act_map, undo_windows, .falls_back = true);
COMMAND(dma_map_third, ON_WINDOWS, act_third, undo_windows, before_third,
	.falls_back = true);
COMMAND(dma_replace, ON_WINDOWS, act_replace, undo_windows, before_third,
	.falls_back = true);
COMMAND(dma_replace_enabled, ON_WINDOWS, act_replace, undo_windows,
	before_enabled, .falls_back = true);
COMMAND(dma_unmap, ON_WINDOWS, act_unmap, undo_windows, before_third,
	.falls_back = true);
COMMAND(dma_unmap_enabled, ON_WINDOWS, act_unmap, undo_windows, before_enabled,
	.falls_back = true);
COMMAND(dma_unmap_all, ON_WINDOWS, act_unmap_all, undo_windows, before_third,
	.falls_back = true);
COMMAND(dma_enable, ON_WINDOWS, act_enable, undo_windows, before_third,
	.takes_none = true);
COMMAND(dma_disable, ON_WINDOWS, act_disable, undo_windows, before_enabled,
	.takes_none = true);

static int open_direct(struct bed *bed)
{
	struct socassign_region region = {};
	int ret = partition_claim(&bed->part, partition_node("small"),
				  SOCASSIGN_UNSAFE_DMA);

	if (!ret)
		ret = soc_region(bed->part.fd, 0, &region);
	bed->phys = region.out_bus_address;
	return ret ? ret : soc_claim(master_node(), SOCASSIGN_UNSAFE_DMA);
}

static int open_windows(struct bed *bed)
{
	int ret;

	bed->pamu = !dma_bench_skip();
	if (!bed->pamu)
		return open_direct(bed);
	ret = dma_bench_open(&bed->dma);
	return ret ? ret : bed->dma.fd;
}

static int open_level(struct bed *bed)
{
	int ret = level_open(&bed->level, bench()->level, SOCASSIGN_DETACH);

	if (!ret)
		ret = soc_set_trigger(bed->level.fd, 0, SOC_NONE);
	if (!ret)
		ret = soc_set_resample(bed->level.fd, 0, SOC_NONE);
	return ret ? ret : bed->level.fd;
}

static int open_place(struct bed *bed)
{
	switch (bed->place) {
	case ON_DEVICE:
		return open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	case ON_NAMES:
		return soc_claim(board_extra("names@90000"), SOCASSIGN_NO_DMA);
	case ON_LEVEL:
		return open_level(bed);
	default:
		return open_windows(bed);
	}
}

static void close_place(struct bed *bed)
{
	if (bed->place == ON_LEVEL)
		level_close(&bed->level);
	else if (bed->place == ON_WINDOWS && bed->pamu)
		dma_bench_close(&bed->dma);
	else
		close(bed->fd);
	if (bed->place == ON_WINDOWS && !bed->pamu) {
		partition_close(&bed->part);
		sysfs_end_quarantines();
	}
	bed->fd = -1;
}

FIXTURE_SETUP(ioctl)
{
	struct bed *bed = &self->bed;

	bed->fd = -1;
	self->skip = bench() ? inject_missing() : NO_BENCH;
	if (!self->skip)
		self->skip = board_no_debug();
	if (!self->skip && variant->missing)
		self->skip = variant->missing();
	if (!self->skip && variant->place == ON_WINDOWS && dma_bench_skip())
		self->skip = no_partition();
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	bed->mem = anonymous(PINNED, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!bed->mem);
	memset(bed->mem, 1, PINNED);
	self->fail_nth = inject_open();
	ASSERT_LE(0, self->fail_nth);
	self->starve = inject_starve_open();
	ASSERT_LE(0, self->starve);
	bed->place = variant->place;
	if (variant->find)
		variant->find(bed);
	held_now(&self->outside);
	bed->fd = open_place(bed);
	ASSERT_LE(0, bed->fd);
}

FIXTURE_TEARDOWN(ioctl)
{
	if (self->skip)
		return;
	close_place(&self->bed);
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

struct attempt {
	const FIXTURE_VARIANT(ioctl) *op;
	struct bed *bed;
};

static int attempt(void *data)
{
	struct attempt *try = data;

	try->bed->ret = try->op->act(try->bed);
	return try->bed->ret;
}

static void prepare(void *data)
{
	struct attempt *try = data;

	held_now(&try->bed->held);
	if (try->op->before)
		try->op->before(try->bed);
}

static bool leaves_nothing(void *data)
{
	struct attempt *try = data;
	bool ok = try->bed->ret >= 0 || attempt(try) >= 0;

	if (ok && try->op->undo)
		try->op->undo(try->bed);
	return held_as_before(&try->bed->held) && ok;
}

/* There is no memory at all. */
static int starve(int fd, struct attempt *try)
{
	int ret;

	prepare(try);
	inject_percent(100, 100);
	inject_starve(fd, true);
	ret = attempt(try);
	inject_starve(fd, false);
	inject_percent(0, 0);
	return ret;
}

TEST_F_TIMEOUT(ioctl, leaves_nothing, 300)
{
	SKIP_IF(self->skip);
	struct attempt try = { .op = variant, .bed = &self->bed };
	struct sweep sweep = {
		.prepare = prepare, .act = attempt, .check = leaves_nothing,
		.data = &try, .also = variant->also, .dense = variant->dense,
		.failures = variant->takes_none || variant->falls_back,
	};
	int ret;

	inject_expect_core_messages();
	run_sweep(_metadata, self->fail_nth, &sweep);

	ret = starve(self->starve, &try);
	EXPECT_EQ(variant->takes_none ? 0 : -ENOMEM, ret);
	EXPECT_TRUE(leaves_nothing(&try));

	/* The devices are there for the next owner, too. */
	close_place(&self->bed);
	EXPECT_TRUE(held_as_before(&self->outside));
	self->bed.fd = open_place(&self->bed);
	EXPECT_LE(0, self->bed.fd);
}

TEST_HARNESS_MAIN
