// SPDX-License-Identifier: GPL-2.0
/*
 * A device with several power domains: the driver core brings up none of them,
 * the claim all.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/testmod.h"

#define BOTH	0x3

FIXTURE(domains) {
	const char *skip;
	struct sysfs_device dev;
};

FIXTURE_SETUP(domains)
{
	if (!bench())
		self->skip = NO_BENCH;
	else if (!testmod_has("domains_on"))
		self->skip = "this kernel has no CONFIG_PM_GENERIC_DOMAINS";
}

FIXTURE_TEARDOWN(domains)
{
}

/* A domain goes off some time after its last user has gone. */
static bool wait_until_off(void)
{
	return wait_until(!testmod_domains_on());
}

TEST_F(domains, are_on_while_it_is_claimed)
{
	SKIP_IF(self->skip);
	int fd;

	ASSERT_TRUE(wait_until_off());
	fd = soc_claim(bench_node("powered@e3000"),
		       SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_EQ(BOTH, testmod_domains_on());
	close(fd);
	EXPECT_TRUE(wait_until_off());
}

/* The administrator has it back: they go, too. */
TEST_F(domains, go_with_a_revoke)
{
	SKIP_IF(self->skip);
	int fd;

	ASSERT_EQ(0, sysfs_find(bench_node("powered@e3000"), &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	fd = soc_claim(bench_node("powered@e3000"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_EQ(BOTH, testmod_domains_on());
	EXPECT_EQ(0, sysfs_move(&self->dev, PLAIN_DRIVER));
	EXPECT_TRUE(wait_until_off());
	close(fd);
}

TEST_F(domains, one_that_never_comes_up)
{
	SKIP_IF(self->skip);
	EXPECT_EQ(-EREMOTEIO, soc_claim(bench_node("dark@e4000"),
					SOCASSIGN_DETACH | SOCASSIGN_NO_DMA));
	EXPECT_NE(NULL, strstr(soc_reason(),
			       "a power domain could not be brought up"))
		TH_LOG("%s", soc_reason());
	EXPECT_TRUE(wait_until_off());
}

/* A kernel that knows nothing of domains goes on without them, however many. */
TEST(domains_without_the_framework)
{
	int fd;

	if (!bench())
		SKIP(return, "%s", NO_BENCH);
	if (testmod_has("domains_on"))
		SKIP(return, "this kernel has CONFIG_PM_GENERIC_DOMAINS");
	fd = soc_claim(bench_node("powered@e3000"),
		       SOCASSIGN_DETACH | SOCASSIGN_NO_DMA);
	EXPECT_LE(0, fd)
		TH_LOG("%s", soc_reason());
	close(fd);
}

TEST_HARNESS_MAIN
