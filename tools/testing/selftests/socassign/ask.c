// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that can refuse a claim is asked before a driver of the host's has
 * to let go: of its devices, of the descriptor; and DRY_RUN asks the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/partition.h"
#include "lib/refusal.h"
#include "lib/testmod.h"
#include "lib/unbinds.h"
#include "lib/who.h"

#define SUBTREE	SOCASSIGN_SUBTREE
#define NO_DMA	SOCASSIGN_NO_DMA
#define FLAGS	(SOCASSIGN_DETACH | NO_DMA)

static const char *why_skip(void)
{
	if (!bench())
		return NO_BENCH;
	return testmod_has("device_remove") ? NULL :
	       "the module socassign_test is not loaded";
}

/* Interrupt controllers */

FIXTURE(controller) {
	const char *skip;
	const char *path;
	struct sysfs_device dev;
	int unbinds;
};

FIXTURE_VARIANT(controller) {
	const char *node;
	const char *rule;	/* that refuses it, or NULL */
};

FIXTURE_VARIANT_ADD(controller, msi_bank) {
	.node = "msi@f6000", .rule = "MSI controller of the host's",
};

FIXTURE_VARIANT_ADD(controller, msi_by_property) {
	.node = "msi@f7000", .rule = "MSI controller of the host's",
};

FIXTURE_VARIANT_ADD(controller, mapped_line) {
	.node = "pic@f8000", .rule = "interrupt controller in use",
};

FIXTURE_VARIANT_ADD(controller, gpio_line_without_user) {
	.node = "gpio@f9000",
};

FIXTURE_VARIANT_ADD(controller, gpio_line_with_user) {
	.node = "gpio@fa000", .rule = "interrupt controller in use",
};

FIXTURE_SETUP(controller)
{
	self->skip = why_skip();
	if (self->skip)
		return;
	self->path = bench_node(variant->node);
	ASSERT_EQ(0, sysfs_find(self->path, &self->dev));
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, PIC_DRIVER));
	self->unbinds = unbinds_open();
	ASSERT_LE(0, self->unbinds);
}

FIXTURE_TEARDOWN(controller)
{
	if (self->skip)
		return;
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, PIC_DRIVER));
	close(self->unbinds);
}

TEST_F(controller, keeps_its_driver_while_in_use)
{
	SKIP_IF(self->skip);
	if (variant->rule)
		check_refusal(_metadata, -EACCES, self->path, FLAGS,
			      variant->rule);
	else
		EXPECT_EQ(0, soc_try_claim(self->path, FLAGS));
	/* Of the driver's own, and of ours as the claim was closed. */
	EXPECT_EQ(variant->rule ? 0 : 2,
		  unbinds_count(self->unbinds, &self->dev));
}

/* Who was given the bank before anybody used it has it. */
TEST(msi_bank_handed_out)
{
	struct sysfs_device dev;

	SKIP_IF(why_skip());
	ASSERT_EQ(0, sysfs_find(bench_node("msi@f6000"), &dev));
	ASSERT_EQ(0, sysfs_move(&dev, "socassign"));
	EXPECT_EQ(0, soc_try_claim(bench_node("msi@f6000"), NO_DMA));
	ASSERT_EQ(0, sysfs_move(&dev, PIC_DRIVER));
	EXPECT_TRUE(sysfs_wait_driver(&dev, PIC_DRIVER));
}

/* Other devices */

FIXTURE(host) {
	const char *skip;
	const struct bench *bench;
	struct sysfs_device plain;
	struct rlimit files;
	int unbinds;
	int dev;
};

FIXTURE_SETUP(host)
{
	self->skip = why_skip();
	if (self->skip)
		return;
	self->bench = bench();
	ASSERT_EQ(0, sysfs_find(self->bench->plain, &self->plain));
	ASSERT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &self->files));
	self->unbinds = unbinds_open();
	ASSERT_LE(0, self->unbinds);
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(host)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, setrlimit(RLIMIT_NOFILE, &self->files));
	EXPECT_TRUE(sysfs_wait_driver(&self->plain, PLAIN_DRIVER));
	close(self->dev);
	close(self->unbinds);
}

static size_t make_list(char list[512], const char *first, const char *second)
{
	size_t len = soc_list_add(list, 512, 0, first);

	return soc_list_add(list, 512, len, second);
}

/* The unbind of a driver that is bound again before anybody looks is seen. */
TEST_F(host, lets_go_of_what_is_claimed)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(0, soc_try_claim(self->bench->plain, FLAGS));
	EXPECT_EQ(2, unbinds_count(self->unbinds, &self->plain));
}

TEST_F(host, keeps_it_without_a_descriptor)
{
	SKIP_IF(self->skip);
	const char *path = self->bench->plain;
	struct rlimit none = self->files;

	none.rlim_cur = self->dev + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_EQ(-EMFILE, soc_instantiate(self->dev, path, strlen(path) + 1,
					   FLAGS));
	EXPECT_EQ(-EMFILE, soc_dry_run(self->dev, path, strlen(path) + 1,
				       FLAGS));
	EXPECT_EQ(0, unbinds_count(self->unbinds, &self->plain));
}

/* In either order: the host lets go of the last one first. */
static void keeps_it_with(struct __test_metadata *_metadata,
			  FIXTURE_DATA(host) *self, const char *other, int error)
{
	char list[512];
	size_t len;

	len = make_list(list, other, self->bench->plain);
	EXPECT_EQ(error, soc_claim_list(list, len, FLAGS));
	len = make_list(list, self->bench->plain, other);
	EXPECT_EQ(error, soc_claim_list(list, len, FLAGS));
	EXPECT_EQ(0, unbinds_count(self->unbinds, &self->plain))
		TH_LOG("with %s", other);
}

TEST_F(host, keeps_it_where_another_is_stuck)
{
	SKIP_IF(self->skip);
	keeps_it_with(_metadata, self, self->bench->stuck, -EBUSY);
	keeps_it_with(_metadata, self, self->bench->devm, -EBUSY);
}

TEST_F(host, keeps_it_where_another_is_in_use)
{
	SKIP_IF(self->skip);
	keeps_it_with(_metadata, self, bench_node("pic@f8000"), -EACCES);
}

/* Registers on top of memory, which the tree tells. */
TEST_F(host, keeps_it_where_another_overlaps_memory)
{
	SKIP_IF(self->skip);
	keeps_it_with(_metadata, self, board_get()->overlap, -EACCES);
}

TEST_F(host, keeps_it_where_another_has_an_owner)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->bench->asleep, NO_DMA);

	ASSERT_LE(0, fd);
	keeps_it_with(_metadata, self, self->bench->asleep, -EBUSY);
	close(fd);
}

/* What has no device of its own is the business of the driver above it. */
TEST_F(host, keeps_the_parts_of_what_it_drives)
{
	SKIP_IF(self->skip);
	const char *whole = bench_node("whole@fb000");
	struct sysfs_device dev;
	char part[128], own[128];

	snprintf(part, sizeof(part), "%s/part@fb000", whole);
	snprintf(own, sizeof(own), "%s/own@fc000", whole);
	ASSERT_EQ(0, sysfs_find(whole, &dev));
	ASSERT_TRUE(sysfs_wait_driver(&dev, PLAIN_DRIVER));
	check_refusal(_metadata, -EBUSY, part, NO_DMA,
		      "a part of a device that somebody else uses");
	EXPECT_EQ(0, soc_try_claim(own, NO_DMA));
	EXPECT_EQ(0, soc_try_claim(whole, FLAGS | SUBTREE));

	ASSERT_EQ(0, sysfs_unbind(&dev));
	EXPECT_EQ(0, soc_try_claim(part, NO_DMA));
	EXPECT_EQ(0, sysfs_move(&dev, PLAIN_DRIVER));
	EXPECT_TRUE(sysfs_wait_driver(&dev, PLAIN_DRIVER));
}

/* DRY_RUN */

/* The same answer, and before the claim that shows it nothing has happened. */
static void check_agrees(struct __test_metadata *_metadata,
			 FIXTURE_DATA(host) *self, const char *path, __u32 flags,
			 int expected)
{
	struct sysfs_device made;
	int fds = board_count_fds();
	bool had = !sysfs_find(path, &made);

	unbinds_count(self->unbinds, &self->plain);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(expected, soc_dry_run(self->dev, path,
						strlen(path) + 1, flags))
			TH_LOG("dry run of %s with 0x%x", path, flags);
	EXPECT_EQ(0, unbinds_count(self->unbinds, &self->plain));
	EXPECT_EQ(had, !sysfs_find(path, &made));
	EXPECT_EQ(fds, board_count_fds());
	EXPECT_EQ(expected, soc_try_claim(path, flags))
		TH_LOG("claim of %s with 0x%x", path, flags);
}

TEST_F(host, dry_run_agrees)
{
	SKIP_IF(self->skip);
	const struct bench *b = self->bench;

	check_agrees(_metadata, self, b->plain, FLAGS, 0);
	check_agrees(_metadata, self, b->plain, NO_DMA, -EBUSY);
	check_agrees(_metadata, self, b->stuck, FLAGS, -EBUSY);
	check_agrees(_metadata, self, b->devm, FLAGS, -EBUSY);
	check_agrees(_metadata, self, b->asleep, NO_DMA, 0);
	check_agrees(_metadata, self, b->asleep, 0, -EPERM);
	check_agrees(_metadata, self, b->level->node, SOCASSIGN_DETACH, 0);
	check_agrees(_metadata, self, bench_node("pic@f8000"), FLAGS, -EACCES);
	check_agrees(_metadata, self, bench_node("msi@f6000"), FLAGS, -EACCES);
	check_agrees(_metadata, self, bench_node("gpio@f9000"), FLAGS, 0);
}

TEST_F(host, dry_run_agrees_on_what_the_tree_says)
{
	SKIP_IF(self->skip);
	check_agrees(_metadata, self, "/no/such", FLAGS, -ENOENT);
	check_agrees(_metadata, self, "", FLAGS, -EINVAL);
	check_agrees(_metadata, self, "/cpus", FLAGS | SUBTREE, -EACCES);
	check_agrees(_metadata, self, board_get()->overlap, NO_DMA, -EACCES);
	check_agrees(_metadata, self, board_extra("bus@a0000"), NO_DMA, -EACCES);
	check_agrees(_metadata, self, board_extra("bus@a0000"),
		     NO_DMA | SUBTREE, 0);
	check_agrees(_metadata, self, board_extra("master@d0000"), NO_DMA,
		     -EINVAL);
	check_agrees(_metadata, self, board_extra("behind-iommu@d5000"), 0,
		     -EOPNOTSUPP);
	check_agrees(_metadata, self, board_extra("efuse@d9000"), NO_DMA,
		     -EBUSY);
	check_agrees(_metadata, self, partition_node("partition"), 0, 0);
	check_agrees(_metadata, self, partition_node("pool"), 0, -EACCES);
	check_agrees(_metadata, self, board_extra("lone@97000"),
		     NO_DMA | SOCASSIGN_SHARED, -EINVAL);
	check_agrees(_metadata, self, board_extra("lone@97000"),
		     NO_DMA | SOCASSIGN_UNSAFE_DMA, -EINVAL);
}

/* Who has it knows nothing of it, and when he is gone it says so. */
TEST_F(host, dry_run_agrees_on_an_owner)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(board_extra("nest@c0000"), NO_DMA);
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	check_agrees(_metadata, self, board_extra("nest@c0000/part@1000"),
		     NO_DMA, -EBUSY);
	EXPECT_EQ(0, soc_info(fd, &info));
	close(fd);
	check_agrees(_metadata, self, board_extra("nest@c0000/part@1000"),
		     NO_DMA, 0);
}

struct attempt {
	int dev;
	const char *path;
	bool dry;
};

static int attempt(void *arg)
{
	const struct attempt *attempt = arg;
	size_t len = strlen(attempt->path) + 1;
	int ret;

	if (attempt->dry)
		return soc_dry_run(attempt->dev, attempt->path, len, 0);
	ret = soc_instantiate(attempt->dev, attempt->path, len, 0);
	return ret < 0 ? ret : 0;
}

static void check_nobody(struct __test_metadata *_metadata,
			 FIXTURE_DATA(host) *self, int expected)
{
	for (int dry = 1; dry >= 0; dry--) {
		struct attempt try = { self->dev, self->bench->plain, dry };

		EXPECT_EQ(expected, who_does(who_nobody, attempt, &try))
			TH_LOG("dry run: %d", dry);
	}
}

/* To this caller: what the administrator prepared. */
TEST_F(host, dry_run_is_for_the_caller)
{
	SKIP_IF(self->skip);
	check_nobody(_metadata, self, -EPERM);
	ASSERT_EQ(0, sysfs_move(&self->plain, "socassign"));
	check_nobody(_metadata, self, -EPERM);
	EXPECT_EQ(0, sysfs_attr_write(&self->plain, "dma_class", "none"));
	check_nobody(_metadata, self, 0);
	ASSERT_EQ(0, sysfs_move(&self->plain, PLAIN_DRIVER));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
