// SPDX-License-Identifier: GPL-2.0
/*
 * A claim that fails late, as one of its devices is unbound: when the unbind
 * returns nothing of the device is held any more, for the host may have it next.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/testmod.h"

#define ROUNDS	60

FIXTURE(unbuilt) {
	const char *skip;
	struct sysfs_device dev;
	char list[512];
	size_t len;
};

FIXTURE_SETUP(unbuilt)
{
	if (!bench())
		self->skip = NO_BENCH;
	else if (!testmod_has("clock_users"))
		self->skip = "the module socassign_test is not loaded";
	if (self->skip)
		return;
	/* The clock of the first takes long to come, that of the second never does. */
	self->len = soc_list_add(self->list, sizeof(self->list), 0,
				 bench_node("clocked@ef000"));
	self->len = soc_list_add(self->list, sizeof(self->list), self->len,
				 bench_node("spoilt@fd000"));
	ASSERT_EQ(0, sysfs_find(self->list, &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
}

FIXTURE_TEARDOWN(unbuilt)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, sysfs_move(&self->dev, PLAIN_DRIVER));
}

/* It holds what it fails to keep. */
TEST_F(unbuilt, drops_its_clock)
{
	SKIP_IF(self->skip);
	int fd = soc_claim(self->list, SOCASSIGN_NO_DMA);

	ASSERT_LE(0, fd);
	EXPECT_EQ(1, testmod_clock_users());
	close(fd);
	EXPECT_EQ(0, testmod_clock_users());
	EXPECT_EQ(-EREMOTEIO, soc_claim_list(self->list, self->len,
					     SOCASSIGN_NO_DMA));
	EXPECT_NE(NULL, strstr(soc_reason(), "a clock could not be brought up"))
		TH_LOG("%s", soc_reason());
	EXPECT_EQ(0, testmod_clock_users());
}

struct builder {
	const char *list;
	size_t len;
	int ret;
	volatile bool done;
};

static void *build(void *data)
{
	struct builder *builder = data;

	builder->ret = soc_claim_list(builder->list, builder->len,
				      SOCASSIGN_NO_DMA);
	builder->done = true;
	return NULL;
}

/* Until it holds the clock of the first; false if it is over before. */
static bool wait_until_halfway(const struct builder *builder)
{
	while (!builder->done)
		if (testmod_clock_users() > 0)
			return true;
	return false;
}

TEST_F_TIMEOUT(unbuilt, holds_nothing_after_unbind, 120)
{
	SKIP_IF(self->skip);
	unsigned int met = 0, held = 0;
	time_t end;

	for (int i = 0; again(i, ROUNDS, &end); i++) {
		struct builder builder = {
			.list = self->list, .len = self->len,
		};
		pthread_t thread;

		ASSERT_EQ(0, pthread_create(&thread, NULL, build, &builder));
		met += wait_until_halfway(&builder);
		ASSERT_EQ(0, sysfs_unbind(&self->dev));
		held += testmod_clock_users() != 0;
		pthread_join(thread, NULL);
		EXPECT_TRUE(builder.ret == -EREMOTEIO || builder.ret == -ENODEV)
			TH_LOG("%d", builder.ret);
		ASSERT_EQ(0, sysfs_bind(&self->dev, "socassign"));
	}
	TH_LOG("unbound %u times while the claim was being made", met);
	EXPECT_EQ(0, held);
}

/* The driver of the host's that follows at once is left alone. */
TEST_F_TIMEOUT(unbuilt, host_follows_at_once, 120)
{
	SKIP_IF(self->skip);
	time_t end;

	for (int i = 0; again(i, ROUNDS, &end); i++) {
		struct builder builder = {
			.list = self->list, .len = self->len,
		};
		pthread_t thread;

		ASSERT_EQ(0, pthread_create(&thread, NULL, build, &builder));
		wait_until_halfway(&builder);
		ASSERT_EQ(0, sysfs_move(&self->dev, PLAIN_DRIVER));
		pthread_join(thread, NULL);
		EXPECT_TRUE(builder.ret == -EREMOTEIO || builder.ret == -ENODEV)
			TH_LOG("%d", builder.ret);
		EXPECT_TRUE(sysfs_bound_to(&self->dev, PLAIN_DRIVER));
		EXPECT_EQ(0, testmod_clock_users());
		ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
	}
}

TEST_HARNESS_MAIN
