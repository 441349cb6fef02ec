// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at the same time: threads that claim, close, map, touch, interrupt,
 * make windows, kill owners, take devices away and change the tree, for a while, in an
 * order that nobody has thought of; with memory, and while it runs out.  In the end
 * nobody holds anything, the module goes, and the devices work.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/dma_bench.h"
#include "lib/held.h"
#include "lib/inject.h"
#include "lib/module.h"
#include "lib/overlay.h"
#include "lib/partition.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define PLAY_MS		30000	/* how long */
#define LEAST_ROUNDS	10	/* and of each thread, on a machine as slow as that */
#define PERCENT		2	/* of the allocations, where memory runs out */
#define PAGE		((size_t)sysconf(_SC_PAGESIZE))
#define PINNED		(16 * PAGE)
#define WINDOW		0x1000u

/* What is claimed: one of each kind at a time. */
enum kind { LEVEL, NAMES, SEVERAL, PARTITION, MASTER, KINDS };

/* How a kind is claimed. */
struct wish {
	char list[512];
	size_t len;
	__u32 flags;
};

/* Shared with the process that plays. */
struct stage {
	struct wish wish[KINDS];
	const struct level_dev *level;
	bool is_unsafe;			/* nothing is between the master and memory */
	bool is_short;			/* of memory */
	long long end;			/* of the play; see limit_now() */
	atomic_int claim[KINDS];	/* or -1 */
	atomic_uintptr_t regs;		/* of the level's, while somebody has them */
	pthread_mutex_t regs_stay;	/* @regs, once read, while it is held */
	struct socassign_region region;	/* of the same */
	atomic_uint rounds;		/* of all */
	atomic_uint claims, touches, interrupts, windows, moves, overlays;
	atomic_int strange;		/* an errno that has no business here */
	const char *who;		/* who got it */
};

struct role {
	const char *name;
	void (*act)(struct stage *stage, unsigned int *seed);
	unsigned int pause;		/* between rounds: up to so many ms */
	bool starves;			/* where memory runs out */
};

struct actor {
	const struct role *role;
	struct stage *stage;
	unsigned int seed;
	pthread_t thread;
};

static const char *master_node(void)
{
	return dma_bench_skip() ? board_extra("master@d0000") : DMA_BENCH_NODE;
}

/*
 * What may go wrong while others do what they like: they have it, it is gone or on
 * its way, it is in another state than it was a moment ago.
 */
static void judge(struct stage *stage, const char *who, int ret)
{
	static const int fine[] = {
		EBUSY, ENODEV, ENOENT, ENXIO, EBADF, EEXIST, EAGAIN,
	};

	if (ret >= 0 || (ret == -ENOMEM && stage->is_short))
		return;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (ret == -fine[i])
			return;
	stage->who = who;
	stage->strange = ret;
}

/* --- registers that may go at any moment */

static __thread sigjmp_buf gone;
static __thread volatile bool guarded;

static void on_signal(int sig)
{
	if (guarded)
		siglongjmp(gone, 1);
	signal(sig, SIG_DFL);
}

static void try_access(void (*access)(volatile void *regs), volatile void *regs)
{
	if (!sigsetjmp(gone, 1)) {
		guarded = true;
		access(regs);
	}
	guarded = false;
}

static void read_first(volatile void *regs)
{
	(void)*(volatile uint32_t *)regs;
}

/* --- the actors */

static int claim(const struct stage *stage, enum kind kind)
{
	const struct wish *wish = &stage->wish[kind];

	return wish->len ? soc_claim_list(wish->list, wish->len, wish->flags) :
	       -ENOENT;
}

static void swap(struct stage *stage, enum kind kind, int fd)
{
	int old = atomic_exchange(&stage->claim[kind], fd);

	if (old >= 0)
		close(old);
}

/* Now and then the one before is closed first, else it is in the way. */
static void act_claim(struct stage *stage, unsigned int *seed)
{
	enum kind kind = rand_r(seed) % KINDS;
	int fd;

	if (rand_r(seed) % 4)
		swap(stage, kind, -1);
	fd = claim(stage, kind);
	judge(stage, "claim", fd);
	if (fd < 0)
		return;
	stage->claims++;
	swap(stage, kind, fd);
}

/* Somebody else's; what was not reset is good again. */
static void act_close(struct stage *stage, unsigned int *seed)
{
	swap(stage, rand_r(seed) % KINDS, -1);
	sysfs_end_quarantines();
}

/*
 * A descriptor of our own, for as long as we want.  A number that was closed meanwhile
 * may be any file.
 */
static int borrow(struct stage *stage, enum kind kind)
{
	struct socassign_info info = {};
	int fd = stage->claim[kind];

	if (fd >= 0)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || soc_info(fd, &info) != -ENOTTY)
		return fd;
	close(fd);
	return -1;
}

/* Or any claim. */
static bool is_level(const struct stage *stage, int fd)
{
	char path[256] = "";
	struct socassign_info info = {
		.paths = (uintptr_t)path, .paths_len = sizeof(path),
	};

	return !soc_info(fd, &info) && !strcmp(path, stage->level->node);
}

static char *map_level(int fd, const struct stage *stage)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  stage->region.out_cookie);

	return page == MAP_FAILED ? NULL : page;
}

/*
 * To another place; where it was if it cannot be.  The place is free then, as a rule,
 * and may be another thread's already: it is not ours to unmap.
 */
static char *move(char *page)
{
	char *place = anonymous(PAGE, PROT_NONE);
	char *moved;

	if (!place)
		return page;
	moved = mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	return moved == MAP_FAILED ? page : moved;
}

/* Who writes to registers must not find somebody else's memory in their place. */
static void show_regs(struct stage *stage, uintptr_t regs)
{
	pthread_mutex_lock(&stage->regs_stay);
	stage->regs = regs;
	pthread_mutex_unlock(&stage->regs_stay);
}

/* It takes memory, which may have run out. */
static void unmap(void *mem, size_t length)
{
	while (munmap(mem, length) && errno == ENOMEM)
		usleep(100);
}

/* Mapped, moved, unmapped, while others touch it. */
static void act_map(struct stage *stage, unsigned int *seed)
{
	const __u32 offset = stage->region.out_page_offset;
	int fd = borrow(stage, LEVEL);
	char *page = NULL;

	if (is_level(stage, fd)) {
		page = map_level(fd, stage);
		judge(stage, "mmap", page ? 0 : -errno);
	}
	if (page) {
		show_regs(stage, (uintptr_t)page + offset);
		if (rand_r(seed) % 2)
			judge(stage, "prefault", soc_prefault(fd, page, PAGE));
		try_access(read_first, page + offset);
		usleep(rand_r(seed) % 5000);
		show_regs(stage, 0);
		page = move(page);
		try_access(read_first, page + offset);
		unmap(page, PAGE);
	}
	close(fd);
}

static void raise_and_lower(volatile void *regs)
{
	bench()->level->init(regs);
	bench()->level->raise(regs);
	bench()->level->lower(regs);
}

static void act_interrupt(struct stage *stage, unsigned int *seed)
{
	volatile void *regs;

	pthread_mutex_lock(&stage->regs_stay);
	regs = (volatile void *)stage->regs;
	if (regs)
		try_access(raise_and_lower, regs);
	pthread_mutex_unlock(&stage->regs_stay);
	stage->interrupts += !!regs;
}

/* Whatever is in that place by then. */
static void act_touch(struct stage *stage, unsigned int *seed)
{
	volatile void *regs = (volatile void *)stage->regs;

	if (!regs)
		return;
	stage->touches++;
	try_access(read_first, regs);
}

static void act_irq(struct stage *stage, unsigned int *seed)
{
	enum kind kind = rand_r(seed) % 2 ? LEVEL : NAMES;
	int trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int fd = borrow(stage, kind);

	if (fd >= 0 && trigger >= 0 && resample >= 0) {
		judge(stage, "trigger", soc_set_trigger(fd, 0, trigger));
		judge(stage, "resample", soc_set_resample(fd, 0, resample));
		judge(stage, "fire", soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE));
		judge(stage, "mask", soc_set_irq(fd, 0, SOCASSIGN_SET_MASK));
		eventfd_write(resample, 1);
		judge(stage, "unmask", soc_set_irq(fd, 0, SOCASSIGN_SET_UNMASK));
		if (rand_r(seed) % 2)
			judge(stage, "detach", soc_set_trigger(fd, 0, -1));
	}
	close(fd);
	close(resample);
	close(trigger);
}

/* Onto pinned memory behind the PAMU, onto a partition where there is none. */
static int map_window(int fd, int memory, __u64 base, __u64 nth)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW, .length = WINDOW, .memory_fd = memory,
		.offset = nth * WINDOW, .iova = base + nth * WINDOW,
	};

	return soc_dma_map(fd, &map);
}

/* What windows go onto, and where the first has to be. */
static int window_memory(struct stage *stage, int fd, char *mem, __u64 *base)
{
	struct socassign_region region = {};
	int memory;

	if (!stage->is_unsafe) {
		*base = 0;
		return soc_memory(fd, mem, PINNED, SOCASSIGN_MEMORY_WRITE);
	}
	memory = borrow(stage, PARTITION);
	if (!soc_region(memory, 0, &region) &&
	    region.out_kind == SOCASSIGN_REGION_MEMORY) {
		*base = region.out_bus_address;
		return memory;
	}
	close(memory);
	return -EBADF;
}

static void act_windows(struct stage *stage, unsigned int *seed)
{
	char *mem = anonymous(PINNED, PROT_READ | PROT_WRITE);
	int fd = borrow(stage, MASTER);
	int memory = -1;
	__u64 base;

	if (fd >= 0 && mem) {
		memory = window_memory(stage, fd, mem, &base);
		judge(stage, "memory", memory);
	}
	if (memory >= 0) {
		for (int i = 0; i < 4; i++)
			judge(stage, "window", map_window(fd, memory, base,
							  rand_r(seed) % 8));
		stage->windows++;
		judge(stage, "enable", soc_dma_enable(fd, 0));
		if (!stage->is_unsafe)
			judge(stage, "disable", soc_dma_disable(fd, 0));
		judge(stage, "unmap", soc_dma_unmap_all(fd, 0));
	}
	close(memory);
	close(fd);
	if (mem)
		unmap(mem, PINNED);
}

/* An owner that dies with all it has. */
static void act_kill(struct stage *stage, unsigned int *seed)
{
	enum kind kind = rand_r(seed) % KINDS;
	pid_t pid = fork();

	if (pid < 0)
		return;
	if (!pid) {
		int fd;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fd = claim(stage, kind);
		if (fd >= 0)
			mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
		for (;;)
			pause();
	}
	usleep(rand_r(seed) % 20000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The administrator, who asks nobody. */
static void act_move(struct stage *stage, unsigned int *seed)
{
	const struct level_dev *dev = bench()->level;
	struct sysfs_device sysfs;

	if (sysfs_find(rand_r(seed) % 4 ? dev->node : bench()->plain, &sysfs))
		return;
	stage->moves++;
	sysfs_unbind(&sysfs);
	if (rand_r(seed) % 2)
		sysfs_bind(&sysfs, "socassign");
}

static void act_overlay(struct stage *stage, unsigned int *seed)
{
	const __u32 reg[] = { 0xfb000, 0x1000 };
	static struct fdt fdt;

	overlay_begin(&fdt, bench()->bus);
	fdt_begin_node(&fdt, "passing@fb000");
	fdt_string(&fdt, "compatible", "test,passing");
	fdt_cells(&fdt, "reg", reg, 2);
	fdt_end_node(&fdt);
	if (!overlay_apply(&fdt))
		stage->overlays++;
	if (rand_r(seed) % 2)
		soc_try_claim(bench_node("passing@fb000"), SOCASSIGN_NO_DMA);
	overlay_remove();
}

/* --- all of them */

/*
 * Who takes things away pauses longer than who uses them, else there is nothing to be
 * used.  After a change the whole tree is read anew, which takes its time, and who
 * starves cannot do it.
 */
static const struct role roles[] = {
	{ "claims", act_claim, 10, true },
	{ "claims", act_claim, 10, true },
	{ "closes", act_close, 200, false },
	{ "kills", act_kill, 50, false },
	{ "moves devices", act_move, 500, false },
	{ "overlays", act_overlay, 1000, false },
	{ "maps", act_map, 5, true },
	{ "maps", act_map, 5, true },
	{ "touches", act_touch, 1, false },
	{ "interrupts", act_interrupt, 1, false },
	{ "connects", act_irq, 5, true },
	{ "connects", act_irq, 5, true },
	{ "makes windows", act_windows, 5, true },
	{ "makes windows", act_windows, 5, true },
};

#define NUM_ROLES (sizeof(roles) / sizeof(roles[0]))

static void starve(struct stage *stage)
{
	int fd = inject_starve_open();

	if (!inject_starve(fd, true))
		stage->strange = -EIO;
	close(fd);
}

/* Has the play been about all of it? */
static bool has_all(const struct stage *stage)
{
	return stage->claims && stage->touches && stage->interrupts &&
	       stage->windows;
}

static bool is_on(const struct actor *actor, unsigned int round)
{
	const struct stage *stage = actor->stage;

	return round < LEAST_ROUNDS || limit_now() < stage->end ||
	       (!has_all(stage) && limit_now() < stage->end + LONG_MS);
}

static void *play(void *data)
{
	struct actor *actor = data;

	if (actor->stage->is_short && actor->role->starves)
		starve(actor->stage);
	for (unsigned int i = 0; is_on(actor, i); i++) {
		actor->role->act(actor->stage, &actor->seed);
		actor->stage->rounds++;
		usleep(rand_r(&actor->seed) % (1000 * actor->role->pause));
	}
	return NULL;
}

static void wish(struct stage *stage, enum kind kind, const char *path,
		 __u32 flags)
{
	struct wish *wish = &stage->wish[kind];

	wish->len = soc_list_add(wish->list, sizeof(wish->list), wish->len,
				 path);
	wish->flags = flags;
}

static void make_wishes(struct stage *stage)
{
	const __u32 master = stage->is_unsafe ? SOCASSIGN_UNSAFE_DMA :
			     SOCASSIGN_DETACH;

	wish(stage, LEVEL, stage->level->node, SOCASSIGN_DETACH);
	if (stage->level->with)
		wish(stage, LEVEL, stage->level->with, SOCASSIGN_DETACH);
	wish(stage, NAMES, board_extra("names@90000"), SOCASSIGN_NO_DMA);
	wish(stage, SEVERAL, bench()->plain, 0);
	wish(stage, SEVERAL, bench()->asleep,
	     SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
	if (partition_node("small"))
		wish(stage, PARTITION, partition_node("small"),
		     SOCASSIGN_UNSAFE_DMA);
	wish(stage, MASTER, master_node(), SOCASSIGN_SUBTREE | master);
}

/* Whether all of them began, and ended. */
static bool play_all(struct stage *stage)
{
	struct actor actors[NUM_ROLES];
	size_t num = 0;

	stage->end = limit_now() + PLAY_MS;
	for (; num < NUM_ROLES; num++) {
		actors[num] = (struct actor) {
			.role = &roles[num], .stage = stage, .seed = num + 1,
		};
		if (pthread_create(&actors[num].thread, NULL, play,
				   &actors[num]))
			break;
	}
	for (size_t i = 0; i < num; i++)
		pthread_join(actors[i].thread, NULL);
	return num == NUM_ROLES;
}

/* Where its threads wait, in the kernel. */
static void show_stacks(pid_t pid)
{
	char path[64], text[4096];
	glob_t found;

	snprintf(path, sizeof(path), "/proc/%d/task/*/stack", pid);
	if (glob(path, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (!sysfs_read(found.gl_pathv[i], text, sizeof(text)))
			fprintf(stderr, "# %s:\n%s\n", found.gl_pathv[i], text);
	globfree(&found);
}

/* As long as they get on with it; seldom looked at, to leave them the CPU. */
static int wait_for(const struct stage *stage, pid_t pid)
{
	long long end = limit_now() + LONG_MS;
	unsigned int rounds = 0;
	int status = -1;

	while (!waitpid(pid, &status, WNOHANG)) {
		if (stage->rounds != rounds)
			end = limit_now() + LONG_MS;
		rounds = stage->rounds;
		if (limit_now() > end) {
			show_stacks(pid);
			kill(pid, SIGKILL);
			return -1;
		}
		usleep(200000);
	}
	return status;
}

/*
 * In a process of their own, at whose end nobody holds anything: what stays mapped
 * after an mremap() that ran out of memory (6.1) cannot be found and unmapped.
 */
static int run(struct stage *stage)
{
	pid_t pid = fork();

	if (!pid)
		_exit(play_all(stage) ? 0 : 1);
	return wait_for(stage, pid);
}

FIXTURE(stress) {
	const char *skip;
	struct stage *stage;
	struct held held;
	struct sysfs_device level, plain;
};

FIXTURE_VARIANT(stress) {
	bool is_short;		/* of memory */
};

FIXTURE_VARIANT_ADD(stress, with_memory) { .is_short = false };
FIXTURE_VARIANT_ADD(stress, out_of_memory) { .is_short = true };

static bool make_stage(struct stage *stage)
{
	stage->level = bench()->level;
	stage->is_unsafe = !!dma_bench_skip();
	make_wishes(stage);
	for (int i = 0; i < KINDS; i++)
		stage->claim[i] = -1;
	return !pthread_mutex_init(&stage->regs_stay, NULL);
}

FIXTURE_SETUP(stress)
{
	struct level level;

	self->skip = bench() ? module_stays() : NO_BENCH;
	if (!self->skip)
		self->skip = board_no_debug();
	if (!self->skip && variant->is_short)
		self->skip = inject_missing();
	if (self->skip)
		return;
	self->stage = mmap(NULL, sizeof(*self->stage), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->stage);
	self->stage->is_short = variant->is_short;
	ASSERT_TRUE(make_stage(self->stage));
	signal(SIGBUS, on_signal);
	signal(SIGSEGV, on_signal);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	ASSERT_EQ(0, sysfs_find(bench()->level->node, &self->level));
	ASSERT_EQ(0, sysfs_find(bench()->plain, &self->plain));
	held_now(&self->held);
	ASSERT_EQ(0, level_open(&level, bench()->level, SOCASSIGN_DETACH));
	self->stage->region = level.region;
	level_close(&level);
}

static void put_back(const struct sysfs_device *dev, const char *driver)
{
	sysfs_override(dev, "");
	if (!sysfs_bound_to(dev, driver))
		sysfs_move(dev, driver);
}

FIXTURE_TEARDOWN(stress)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
	put_back(&self->plain, PLAIN_DRIVER);
	put_back(&self->level, bench()->level->driver);
}

TEST_F_TIMEOUT(stress, leaves_nothing, 90)
{
	SKIP_IF(self->skip);
	struct stage *stage = self->stage;
	struct level level;

	/* An overlay that is refused, or may not go yet. */
	expect_in_log("notifier error -16");
	inject_expect_core_messages();
	if (stage->is_short)
		ASSERT_EQ(0, inject_percent(PERCENT, 0));
	EXPECT_EQ(0, run(stage));
	if (stage->is_short)
		ASSERT_EQ(0, inject_percent(0, 0));
	TH_LOG("%u rounds: %u claims, %u touches, %u interrupts, %u windows, %u moves, %u overlays",
	       stage->rounds, stage->claims, stage->touches, stage->interrupts,
	       stage->windows, stage->moves, stage->overlays);
	EXPECT_TRUE(has_all(stage));
	EXPECT_EQ(0, stage->strange)
		TH_LOG("%s: %s", stage->who ? stage->who : "inject",
		       strerror(-stage->strange));

	sysfs_end_quarantines();
	EXPECT_TRUE(wait_until(overlay_remove() != -EBUSY));
	EXPECT_TRUE(held_as_before(&self->held));
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(0, module_load());
	ASSERT_EQ(0, level_open(&level, bench()->level, SOCASSIGN_DETACH));
	level_raise(&level);
	EXPECT_EQ(1, soc_wait(level.trigger, LONG_MS));
	level_lower(&level);
	level_close(&level);
}

TEST_HARNESS_MAIN
