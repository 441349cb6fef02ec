// SPDX-License-Identifier: GPL-2.0
/*
 * What /proc/PID/fdinfo tells of claims and memory objects
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/dma_bench.h"
#include "lib/fdinfo.h"
#include "lib/partition.h"

#define MIB	(1024 * 1024)

static bool says(int fd, const char *key, const char *value)
{
	char text[256];

	return !fdinfo_text(fd, key, text, sizeof(text)) &&
	       !strcmp(text, value);
}

FIXTURE(device) {
	const char *skip;
	struct level level;
};

FIXTURE_SETUP(device)
{
	self->skip = bench() ? NULL : NO_BENCH;
	if (self->skip)
		return;
	ASSERT_EQ(0, level_open(&self->level, bench()->level,
				SOCASSIGN_DETACH));
}

FIXTURE_TEARDOWN(device)
{
	if (self->skip)
		return;
	level_close(&self->level);
	EXPECT_TRUE(sysfs_wait_driver(&self->level.sysfs,
				      bench()->level->driver));
}

TEST_F(device, interrupts)
{
	SKIP_IF(self->skip);
	const int fd = self->level.fd;

	EXPECT_TRUE(says(fd, "socassign-path", bench()->level->node));
	EXPECT_TRUE(says(fd, "socassign-state", "held"));
	EXPECT_EQ(0, fdinfo_number(fd, "socassign-interrupts-0"));
	for (int i = 0; i < 3; i++)
		EXPECT_TRUE(level_cycle(&self->level));
	EXPECT_EQ(3, fdinfo_number(fd, "socassign-interrupts-0"));
	EXPECT_EQ(0, fdinfo_number(fd, "socassign-storms-0"));
}

TEST_F(device, revoked)
{
	SKIP_IF(self->skip);
	const int fd = self->level.fd;

	ASSERT_EQ(0, sysfs_unbind(&self->level.sysfs));
	EXPECT_TRUE(says(fd, "socassign-path", bench()->level->node));
	EXPECT_TRUE(says(fd, "socassign-state", "revoked"));
	EXPECT_EQ(-ENOENT, fdinfo_number(fd, "socassign-interrupts-0"));
}

TEST(windows)
{
	SKIP_IF(dma_bench_skip());
	struct dma_bench bench;

	ASSERT_EQ(0, dma_bench_open(&bench));
	EXPECT_EQ(0, fdinfo_number(bench.fd, "socassign-windows-0"));
	ASSERT_EQ(0, dma_bench_map(&bench, 0, 16 * MIB, 1 * MIB, 0));
	ASSERT_EQ(0, dma_bench_map(&bench, 0, 32 * MIB, 1 * MIB, 0));
	EXPECT_EQ(2, fdinfo_number(bench.fd, "socassign-windows-0"));
	EXPECT_EQ(2 * MIB, fdinfo_number(bench.fd, "socassign-window-bytes-0"));
	EXPECT_EQ(0, fdinfo_number(bench.fd, "socassign-windows-1"));
	EXPECT_EQ(0, fdinfo_number(bench.fd, "socassign-dma-faults"));
	dma_bench_close(&bench);
}

TEST(partition)
{
	struct partition part;

	SKIP_IF(partition_open(&part, MIB) ? "this board has no partition" : NULL);
	EXPECT_TRUE(says(part.fd, "socassign-state", "held"));
	EXPECT_EQ(-ENOENT, fdinfo_number(part.fd, "socassign-interrupts-0"));
	partition_close(&part);
}

TEST(memory)
{
	const size_t length = 16 * sysconf(_SC_PAGESIZE);
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	void *mem = anonymous(length, PROT_READ | PROT_WRITE);
	int fd;

	ASSERT_LE(0, dev);
	ASSERT_TRUE(!!mem);
	fd = soc_memory(dev, mem, length, 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(length, fdinfo_number(fd, "socassign-pinned"));
	close(fd);
	close(dev);
	munmap(mem, length);
}

TEST_HARNESS_MAIN
