// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out in the middle: each allocation of each operation fails
 * once.  The answer is ENOMEM, nothing is left behind, and the next try works.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/sweep.h"

FIXTURE(inject) {
	const char *skip;
	const struct level_dev *dev;
	struct sysfs_device level, plain;
	int fail_nth;
};

FIXTURE_SETUP(inject)
{
	self->fail_nth = -1;
	self->skip = bench() ? inject_missing() : NO_BENCH;
	if (self->skip)
		return;
	self->dev = bench()->level;
	ASSERT_EQ(0, sysfs_find(self->dev->node, &self->level));
	ASSERT_EQ(0, sysfs_find(bench()->plain, &self->plain));
	ASSERT_EQ(0, level_take_back(self->dev));
	self->fail_nth = inject_open();
	ASSERT_LE(0, self->fail_nth);
}

FIXTURE_TEARDOWN(inject)
{
	if (!self->skip)
		EXPECT_EQ(0, level_take_back(self->dev));
}

static int open_fds(void)
{
	int fd = dup(0);

	if (fd >= 0)
		close(fd);
	return fd;
}

struct claim_data {
	char list[1024];
	size_t len;
	__u32 flags;
	int fd;
	int next_fd;
	struct sysfs_device *level, *plain;
	const char *level_driver;
};

static void add_path(struct claim_data *data, const char *path)
{
	data->len += snprintf(data->list + data->len,
			      sizeof(data->list) - data->len, "%s", path) + 1;
}

/* A success is one only if it is whole: no interrupt was quietly dropped. */
static int act_claim(void *arg)
{
	struct claim_data *data = arg;

	data->fd = soc_claim_list(data->list, data->len, data->flags);
	return data->fd;
}

static bool is_whole(int fd)
{
	struct socassign_info info = {};

	if (soc_info(fd, &info))
		return false;
	for (__u32 i = 0; i < info.out_num_irqs; i++) {
		struct socassign_irq irq = {};

		if (soc_irq(fd, i, &irq) ||
		    irq.out_flags & SOCASSIGN_IRQ_UNMAPPED)
			return false;
	}
	return true;
}

static bool check_claim(void *arg)
{
	struct claim_data *data = arg;
	bool ok = true;

	if (data->fd >= 0) {
		ok = is_whole(data->fd);
		close(data->fd);
	}
	return ok && open_fds() == data->next_fd &&
	       sysfs_wait_driver(data->level, data->level_driver) &&
	       sysfs_wait_driver(data->plain, PLAIN_DRIVER);
}

/* Made for the claim, from nothing. */
TEST_F_TIMEOUT(inject, instantiate, 120)
{
	SKIP_IF(self->skip);
	struct claim_data data = {
		.flags = SOCASSIGN_DETACH | SOCASSIGN_NO_DMA,
		.level = &self->level, .plain = &self->plain,
		.level_driver = self->dev->driver,
	};
	struct sweep sweep = {
		.act = act_claim, .check = check_claim, .data = &data,
	};

	inject_expect_core_messages();
	add_path(&data, bench()->asleep);
	if (self->dev->with)
		add_path(&data, self->dev->with);
	data.next_fd = open_fds();
	run_sweep(_metadata, self->fail_nth, &sweep);
}

/* Taken from a driver that has a lot to undo and redo. */
TEST_F_TIMEOUT(inject, instantiate_detach, 120)
{
	SKIP_IF(self->skip);
	struct claim_data data = {
		.flags = SOCASSIGN_DETACH,
		.level = &self->level, .plain = &self->plain,
		.level_driver = self->dev->driver,
	};
	struct sweep sweep = {
		.act = act_claim, .check = check_claim, .data = &data,
	};

	inject_expect_core_messages();
	add_path(&data, self->dev->node);
	data.next_fd = open_fds();
	run_sweep(_metadata, self->fail_nth, &sweep);
}

/* On a claim */

FIXTURE(inject_claim) {
	const char *skip;
	int fail_nth;
	struct level level;
};

FIXTURE_SETUP(inject_claim)
{
	self->level.fd = -1;
	self->skip = bench() ? inject_missing() : NO_BENCH;
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, level_hand_out(bench()->level));
	ASSERT_EQ(0, level_open(&self->level, bench()->level, 0));
	self->fail_nth = inject_open();
	ASSERT_LE(0, self->fail_nth);
}

FIXTURE_TEARDOWN(inject_claim)
{
	if (self->skip)
		return;
	level_close(&self->level);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, level_take_back(bench()->level));
}

/* Attached anew each time: detached first, which takes no memory. */
static int act_trigger(void *arg)
{
	struct level *level = arg;

	return soc_set_trigger(level->fd, 0, level->trigger);
}

static bool check_trigger(void *arg)
{
	struct level *level = arg;

	if (soc_set_trigger(level->fd, 0, level->trigger) ||
	    !level_cycle(level))
		return false;
	return !soc_set_trigger(level->fd, 0, SOC_NONE);
}

TEST_F_TIMEOUT(inject_claim, trigger, 60)
{
	SKIP_IF(self->skip);
	struct sweep sweep = {
		.act = act_trigger, .check = check_trigger,
		.data = &self->level,
	};

	ASSERT_EQ(0, soc_set_trigger(self->level.fd, 0, SOC_NONE));
	run_sweep(_metadata, self->fail_nth, &sweep);
}

static int act_affinity(void *arg)
{
	struct level *level = arg;
	const __u64 cpu0 = 1;

	return soc_set_affinity(level->fd, 0, &cpu0, sizeof(cpu0));
}

static bool check_interrupts(void *arg)
{
	return level_cycle(arg);
}

TEST_F_TIMEOUT(inject_claim, affinity, 60)
{
	SKIP_IF(self->skip);
	struct sweep sweep = {
		.act = act_affinity, .check = check_interrupts,
		.data = &self->level,
	};

	run_sweep(_metadata, self->fail_nth, &sweep);
}

static int act_describe(void *arg)
{
	struct level *level = arg;
	char text[512];
	struct socassign_region region = {
		.name = (uintptr_t)text, .name_len = sizeof(text),
	};
	struct socassign_irq irq = {
		.name = (uintptr_t)text, .name_len = sizeof(text),
	};
	int ret = soc_region(level->fd, 0, &region);

	return ret ? ret : soc_irq(level->fd, 0, &irq);
}

/* Takes no memory at all, or fails cleanly. */
TEST_F_TIMEOUT(inject_claim, describe, 60)
{
	SKIP_IF(self->skip);
	struct sweep sweep = {
		.act = act_describe, .check = check_interrupts,
		.data = &self->level, .failures = 1,
	};

	run_sweep(_metadata, self->fail_nth, &sweep);
}

/* A fresh mapping, filled; unmapped again. */
static int act_map(void *arg)
{
	struct level *level = arg;
	volatile void *regs = soc_map(level->fd, &level->region);
	const size_t page = sysconf(_SC_PAGESIZE);
	int ret;

	if (!regs)
		return -errno;
	ret = soc_prefault(level->fd,
			   (void *)((uintptr_t)regs & ~(page - 1)), page);
	soc_unmap(regs, &level->region);
	return ret;
}

TEST_F_TIMEOUT(inject_claim, mmap_and_prefault, 60)
{
	SKIP_IF(self->skip);
	struct sweep sweep = {
		.act = act_map, .check = check_interrupts,
		.data = &self->level,
	};

	run_sweep(_metadata, self->fail_nth, &sweep);
}

static int act_pread(void *arg)
{
	struct level *level = arg;
	__u32 value;

	return soc_pread(level->fd, &level->region, level->dev->probe_reg & ~3,
			 &value, sizeof(value));
}

/* The first access maps; it is the one that fails, and can be repeated. */
TEST_F_TIMEOUT(inject_claim, pread, 60)
{
	SKIP_IF(self->skip);
	struct sweep sweep = {
		.act = act_pread, .check = check_interrupts,
		.data = &self->level, .failures = 1,
	};

	run_sweep(_metadata, self->fail_nth, &sweep);
}

/*
 * The end of a claim takes no memory that it could lack: a close cannot fail.
 * Only with what the close itself allocates; its work is another thread's.
 */
TEST_F_TIMEOUT(inject_claim, close, 60)
{
	SKIP_IF(self->skip);
	struct level *level = &self->level;

	for (int n = 1; n < 20; n++) {
		/* munmap(2) may fail, and that is right. */
		soc_unmap(level->regs, &level->region);
		level->regs = NULL;
		ASSERT_TRUE(inject_arm(self->fail_nth, n));
		close(level->fd);
		inject_disarm(self->fail_nth);
		level->fd = -1;
		level_close(level);
		ASSERT_EQ(0, level_open(level, bench()->level, 0));
		ASSERT_TRUE(level_cycle(level));
	}
}

TEST_HARNESS_MAIN
