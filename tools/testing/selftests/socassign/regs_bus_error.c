// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own accesses to registers: not without the administrator's word,
 * and one that a bus error answers kills its caller and nothing else.  The
 * device can be taken away, the claim be closed and the module unloaded.
 *
 * Nothing is at the node's address.  Each death is an oops and taints the
 * kernel, so this is one of the last programs of a boot.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define PANIC_ON_OOPS	"/proc/sys/kernel/panic_on_oops"

FIXTURE(nothing_there) {
	const char *skip;
	const char *node;
	struct sysfs_device dev;
	struct socassign_region region;
	int fd;
	char panic_on_oops[8];	/* before */
	bool is_stuck;		/* the device: nobody may touch it any more */
};

static int try_read(void *data)
{
	FIXTURE_DATA(nothing_there) *self = data;
	__u32 value;

	return soc_pread(self->fd, &self->region, 0, &value, sizeof(value));
}

static int try_write(void *data)
{
	FIXTURE_DATA(nothing_there) *self = data;
	const __u32 value = 0;

	return soc_pwrite(self->fd, &self->region, 0, &value, sizeof(value));
}

FIXTURE_VARIANT(nothing_there) {
	int (*act)(void *data);
};

FIXTURE_VARIANT_ADD(nothing_there, read) { .act = try_read };
FIXTURE_VARIANT_ADD(nothing_there, write) { .act = try_write };

static int hand_out(const struct sysfs_device *dev)
{
	int ret = sysfs_move(dev, "socassign");

	return ret ? ret : sysfs_attr_write(dev, "dma_class", "none");
}

FIXTURE_SETUP(nothing_there)
{
	self->fd = -1;
	if (!bench()) {
		self->skip = NO_BENCH;
		return;
	}
	self->node = bench()->plain;
	ASSERT_EQ(0, sysfs_read(PANIC_ON_OOPS, self->panic_on_oops,
				sizeof(self->panic_on_oops)));
	ASSERT_EQ(0, board_set_param("kernel_access", "N"));
	ASSERT_EQ(0, sysfs_find(self->node, &self->dev));
	ASSERT_EQ(0, hand_out(&self->dev));
	self->fd = soc_claim(self->node, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, soc_region(self->fd, 0, &self->region));
}

FIXTURE_TEARDOWN(nothing_there)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, sysfs_write(PANIC_ON_OOPS, self->panic_on_oops));
	close(self->fd);
	if (!self->is_stuck)
		EXPECT_EQ(0, sysfs_move(&self->dev,
					testmod_has("device_remove") ?
						PLAIN_DRIVER : ""));
}

TEST_F(nothing_there, not_by_default)
{
	SKIP_IF(self->skip);
	int log = kmsg_open();

	EXPECT_EQ(0, self->region.out_widths);
	EXPECT_EQ(-EACCES, who_does(who_nobody, try_read, self));
	EXPECT_EQ(-EACCES, who_does(who_nobody, try_write, self));
	EXPECT_EQ(-EACCES, try_read(self));
	EXPECT_LT(0, kmsg_count(log, self->node, "kernel_access"));
	close(log);
	/* What is wrong with the request itself comes first. */
	self->region.out_cookie += self->region.out_bytes;
	EXPECT_EQ(-EINVAL, try_read(self));
}

static __u32 widths(int fd)
{
	struct socassign_region region = {};

	return soc_region(fd, 0, &region) ? ~0U : region.out_widths;
}

/* The word counts for claims that exist, and so does its end. */
TEST_F(nothing_there, widths_come_and_go)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	EXPECT_EQ(board_is_64bit() ? 15 : 7, widths(self->fd));
	ASSERT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, widths(self->fd));
	EXPECT_EQ(-EACCES, try_read(self));
}

/* The wait status of somebody without power who does it. */
static int status_of(int (*act)(void *data), void *data)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(who_nobody() ? 1 : !!act(data));
	waitpid(pid, &status, 0);
	return status;
}

static int load(void *data)
{
	FIXTURE_DATA(nothing_there) *self = data;
	volatile __u32 *regs = soc_map(self->fd, &self->region);

	if (!regs)
		return -errno;
	(void)*regs;
	return 0;
}

/* A load through the mapping tells without harm. */
static const char *no_bus_errors(void *self)
{
	int status = status_of(load, self);

	return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS ? NULL :
	       "no access ends in a bus error here: QEMU's e500 has none";
}

/* Debug kernels are built to panic then. */
static void expect_oops(void)
{
	sysfs_write(PANIC_ON_OOPS, "0");
	expect_in_log("Internal error: synchronous external abort");
	expect_in_log("Code: ");
}

/* The administrator's unbind returns. */
static bool unbinds(const struct sysfs_device *dev)
{
	pid_t pid = fork();
	int status = 1;

	if (!pid)
		_exit(!!sysfs_unbind(dev));
	return wait_until(waitpid(pid, &status, WNOHANG) == pid) && !status;
}

/* A claim's file system goes a moment after the claim. */
static bool has_no_users(void)
{
	return wait_until(!module_users());
}

TEST_F_TIMEOUT(nothing_there, only_the_caller_dies, 120)
{
	SKIP_IF(self->skip);
	SKIP_IF(no_bus_errors(self));
	struct socassign_info info = {};
	int status;

	expect_oops();
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	status = status_of(variant->act, self);
	EXPECT_TRUE(WIFSIGNALED(status))
		TH_LOG("status 0x%x", status);
	EXPECT_EQ(0, soc_info(self->fd, &info));
	self->is_stuck = true;
	ASSERT_TRUE(unbinds(&self->dev));
	self->is_stuck = false;
	EXPECT_EQ(-ENODEV, soc_info(self->fd, &info));
	EXPECT_EQ(-ENODEV, variant->act(self));
	close(self->fd);
	EXPECT_TRUE(has_no_users());

	ASSERT_EQ(0, hand_out(&self->dev));
	self->fd = soc_claim(self->node, 0);
	EXPECT_LE(0, self->fd);
}

static int with_last_descriptor(int (*act)(void *data),
				FIXTURE_DATA(nothing_there) *self)
{
	int pipefd[2], status = -1;
	char byte;
	pid_t pid;

	if (pipe(pipefd))
		return -errno;
	pid = fork();
	if (!pid) {
		close(pipefd[1]);
		_exit(read(pipefd[0], &byte, 1) ? 1 : !!act(self));
	}
	close(self->fd);
	self->fd = -1;
	close(pipefd[0]);
	close(pipefd[1]);
	waitpid(pid, &status, 0);
	return status;
}

/* The claim ends in the middle of the death. */
TEST_F_TIMEOUT(nothing_there, last_owner_dies, 120)
{
	SKIP_IF(self->skip);
	SKIP_IF(no_bus_errors(self));
	int status;

	expect_oops();
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	status = with_last_descriptor(variant->act, self);
	EXPECT_TRUE(WIFSIGNALED(status))
		TH_LOG("status 0x%x", status);
	EXPECT_TRUE(has_no_users());
	self->fd = soc_claim(self->node, 0);
	EXPECT_LE(0, self->fd);
}

TEST_HARNESS_MAIN
