// SPDX-License-Identifier: GPL-2.0
/*
 * A locked-down kernel gives out no bus master.  There is no way back from
 * lockdown, so this is a program of its own, and the last one by its name.
 */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"

#define SECURITY	"/sys/kernel/security"

FIXTURE(locked_down)
{
	bool possible;
};

FIXTURE_SETUP(locked_down)
{
	char state[128];

	mount("securityfs", SECURITY, "securityfs", 0, NULL);
	if (sysfs_read(SECURITY "/lockdown", state, sizeof(state)))
		return;
	self->possible = true;
	if (strstr(state, "[none]"))
		ASSERT_EQ(0, sysfs_write(SECURITY "/lockdown", "integrity"));
}

FIXTURE_TEARDOWN(locked_down)
{
}

#define NO_LOCKDOWN "the kernel has no lockdown"

TEST_F(locked_down, no_unsafe_dma)
{
	const char *path = board_extra("master@d0000");

	if (!self->possible)
		SKIP(return, NO_LOCKDOWN);
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	check_refusal(_metadata, -EPERM, path, SOCASSIGN_UNSAFE_DMA, "lock");
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
}

/* Nobody's word is taken that a device masters no bus. */
TEST_F(locked_down, no_vouching)
{
	const char *path = board_extra("names@90000");
	struct sysfs_device dev;

	if (!self->possible)
		SKIP(return, NO_LOCKDOWN);
	check_refusal(_metadata, -EPERM, path, SOCASSIGN_NO_DMA, "lock");
	ASSERT_EQ(0, sysfs_find(path, &dev));
	ASSERT_EQ(0, sysfs_move(&dev, "socassign"));
	EXPECT_EQ(-EPERM, sysfs_attr_write(&dev, "dma_class", "none"));
	EXPECT_EQ(-EPERM, soc_claim(path, 0));
	EXPECT_EQ(0, sysfs_move(&dev, ""));
}

/* Nor that those who do DMA on a portal's behalf are confined. */
TEST_F(locked_down, no_vouching_for_others)
{
	const char *path = "/bman-portals@ff4000000/bman-portal@0";

	if (!self->possible)
		SKIP(return, NO_LOCKDOWN);
	check_refusal(_metadata, -EPERM, path, SOCASSIGN_CONFINED_DMA, "lock");
}

/* A neighbour may be one that the host drives. */
TEST_F(locked_down, no_sharing)
{
	const char *path = board_get()->device;
	struct sysfs_device dev;

	if (!self->possible)
		SKIP(return, NO_LOCKDOWN);
	check_refusal(_metadata, -EPERM, path,
		      SOCASSIGN_DETACH | SOCASSIGN_SHARE_REGS, "SHARE_REGS");
	ASSERT_EQ(0, sysfs_find(board_extra("names@90000"), &dev));
	ASSERT_EQ(0, sysfs_move(&dev, "socassign"));
	EXPECT_EQ(-EPERM, sysfs_attr_write(&dev, "share_regs", "1"));
	EXPECT_EQ(0, sysfs_attr_write(&dev, "share_regs", "0"));
	EXPECT_EQ(0, sysfs_move(&dev, ""));
}

/* A device that is known to master no bus is given out as ever. */
TEST_F(locked_down, reviewed_device)
{
	struct sysfs_device dev;
	int fd;

	if (!self->possible)
		SKIP(return, NO_LOCKDOWN);
	ASSERT_EQ(0, sysfs_find(board_get()->device, &dev));
	fd = soc_claim(board_get()->device, SOCASSIGN_DETACH);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&dev, board_get()->driver));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
