// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's index of the device tree says what the tree says, after every
 * kind of change; and nobody falls who asks it while the tree changes.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/devtree.h"
#include "lib/overlay.h"
#include "lib/testmod.h"

#define INDEX	"/sys/kernel/debug/socassign/tree"
/* What a node may cost. */
#define MAX_BYTES_PER_NODE	1024

struct index_state {
	char state[64];		/* "same", "none", or where it differs */
	unsigned int nodes;
	unsigned long bytes;
};

/* Has the driver compare its index with the tree; 0 or a negative errno. */
static int read_index(struct index_state *index)
{
	char text[256];
	const char *at;
	int ret = sysfs_read(INDEX, text, sizeof(text));

	memset(index, 0, sizeof(*index));
	if (ret)
		return ret;
	at = strstr(text, "state: ");
	if (!at || sscanf(at, "state: %63[^\n]", index->state) != 1)
		return -EPROTO;
	/* There are no numbers if there is no index. */
	if (sscanf(text, "nodes: %u\nbytes: %lu", &index->nodes,
		   &index->bytes) != 2)
		index->nodes = 0;
	return 0;
}

/* A question has the index built, if a change had it dropped. */
static void ask(void)
{
	int fd = soc_claim(bench()->asleep, SOCASSIGN_NO_DMA);

	if (fd >= 0)
		close(fd);
}

static unsigned int count_nodes(void)
{
	unsigned int num = 0;

	dt_load();
	for (struct dt_node *node = dt_first(); node; node = node->next)
		num++;
	return num;
}

FIXTURE(index) {
	const char *skip;
	struct fdt fdt;
};

FIXTURE_SETUP(index)
{
	struct index_state index;

	if (!bench())
		self->skip = NO_BENCH;
	else if (read_index(&index))
		self->skip = "no " INDEX;
	if (!self->skip)
		ask();
}

FIXTURE_TEARDOWN(index)
{
	if (self->skip)
		return;
	if (testmod_has("overlay_remove"))
		overlay_remove();
	if (testmod_has("node_attach"))
		testmod_write("node_attach", "1");
}

/* There is one, and it is true. */
#define EXPECT_TRUE_INDEX()						\
	do {								\
		struct index_state index;				\
									\
		ask();							\
		ASSERT_EQ(0, read_index(&index));			\
		EXPECT_STREQ("same", index.state);			\
		EXPECT_EQ(count_nodes(), index.nodes);			\
	} while (0)

/* Whether or not there is one: nobody has asked since the change. */
#define EXPECT_NO_STALE_INDEX()						\
	do {								\
		struct index_state index;				\
									\
		ASSERT_EQ(0, read_index(&index));			\
		if (strcmp(index.state, "none"))			\
			EXPECT_STREQ("same", index.state);		\
	} while (0)

TEST_F(index, has_the_tree)
{
	SKIP_IF(self->skip);
	EXPECT_TRUE_INDEX();
}

TEST_F(index, is_small)
{
	SKIP_IF(self->skip);
	struct index_state index;

	ask();
	ASSERT_EQ(0, read_index(&index));
	TH_LOG("%u nodes, %lu bytes each", index.nodes,
	       index.bytes / (index.nodes ?: 1));
	EXPECT_LT(0, index.nodes);
	EXPECT_LE(index.bytes, index.nodes * MAX_BYTES_PER_NODE);
}

/* A device with registers, a line, a supplier: all that the index has. */
static void add_device(struct fdt *fdt, const char *name, uint32_t addr)
{
	const uint32_t reg[] = { addr, 0x1000 };

	fdt_begin_node(fdt, name);
	fdt_string(fdt, "compatible", "test,newcomer");
	fdt_string(fdt, "status", "disabled");
	fdt_cells(fdt, "reg", reg, 2);
	fdt_end_node(fdt);
}

TEST_F(index, follows_an_overlay)
{
	SKIP_IF(self->skip);
	SKIP_IF(overlay_possible() ? NULL : "no CONFIG_OF_OVERLAY");
	overlay_begin(&self->fdt, bench()->bus);
	add_device(&self->fdt, "newcomer@e8000", 0xe8000);
	ASSERT_EQ(0, overlay_apply(&self->fdt));
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
	ASSERT_EQ(0, overlay_remove());
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
}

/* Windows with more cells than an address has: the sum of them wraps to few. */
TEST_F(index, reads_no_windows_of_nonsense)
{
	SKIP_IF(self->skip);
	SKIP_IF(overlay_possible() ? NULL : "no CONFIG_OF_OVERLAY");
	const uint32_t na[] = { 3 }, ns[] = { 0xffffffff };
	const uint32_t ranges[] = { 0x2000000, 0, 0, 0 };

	overlay_begin(&self->fdt, bench()->bus);
	fdt_begin_node(&self->fdt, "bridge@e8000");
	fdt_string(&self->fdt, "device_type", "pci");
	fdt_string(&self->fdt, "status", "disabled");
	fdt_cells(&self->fdt, "#address-cells", na, 1);
	fdt_cells(&self->fdt, "#size-cells", ns, 1);
	fdt_cells(&self->fdt, "ranges", ranges, 4);
	fdt_end_node(&self->fdt);
	ASSERT_EQ(0, overlay_apply(&self->fdt));
	EXPECT_TRUE_INDEX();
	ASSERT_EQ(0, overlay_remove());
}

/* A bus whose sizes are that long, and one below it that leaves it to that. */
TEST_F(index, reads_no_registers_of_nonsense)
{
	SKIP_IF(self->skip);
	SKIP_IF(overlay_possible() ? NULL : "no CONFIG_OF_OVERLAY");
	static const uint32_t sizes[] = { 0xffffffff, 0x7fffffff, 5 };
	const uint32_t na[] = { 1 }, ns[] = { 1 }, reg[] = { 0, 0x10 };
	const uint32_t ranges[] = { 0, 0xe8000, 0x1000 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		overlay_begin(&self->fdt, bench()->bus);
		fdt_begin_node(&self->fdt, "bus@e8000");
		fdt_string(&self->fdt, "status", "disabled");
		fdt_cells(&self->fdt, "#address-cells", na, 1);
		fdt_cells(&self->fdt, "#size-cells", &sizes[i], 1);
		fdt_cells(&self->fdt, "ranges", ranges, 3);
		fdt_begin_node(&self->fdt, "device@0");
		fdt_cells(&self->fdt, "reg", reg, 2);
		fdt_end_node(&self->fdt);
		fdt_begin_node(&self->fdt, "bus");
		fdt_cells(&self->fdt, "#address-cells", na, 1);
		fdt_cells(&self->fdt, "#size-cells", ns, 1);
		fdt_cells(&self->fdt, "ranges", NULL, 0);
		fdt_begin_node(&self->fdt, "device@0");
		fdt_cells(&self->fdt, "reg", reg, 2);
		fdt_end_node(&self->fdt);
		fdt_end_node(&self->fdt);
		fdt_end_node(&self->fdt);
		ASSERT_EQ(0, overlay_apply(&self->fdt));
		EXPECT_TRUE_INDEX();
		ASSERT_EQ(0, overlay_remove());
	}
}

/* Of a node that is there: its registers end earlier now. */
TEST_F(index, follows_a_property)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("reg_shrink") ? NULL : "no CONFIG_OF_DYNAMIC");
	ASSERT_EQ(0, testmod_write("reg_shrink", bench()->asleep));
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
}

/* One that it has not had, and has no more: it has a LIODN meanwhile. */
TEST_F(index, follows_a_new_property)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("liodn_add") ? NULL : "no CONFIG_OF_DYNAMIC");
	ASSERT_EQ(0, testmod_write("liodn_add", bench()->host_line));
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
}

TEST_F(index, follows_a_changeset)
{
	SKIP_IF(self->skip);
	SKIP_IF(testmod_has("node_detach") ? NULL : "no CONFIG_OF_DYNAMIC");
	ASSERT_EQ(0, testmod_write("node_detach", bench()->asleep));
	EXPECT_NO_STALE_INDEX();
	ask();
	EXPECT_NO_STALE_INDEX();
	ASSERT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_NO_STALE_INDEX();
	EXPECT_TRUE_INDEX();
}

/*
 * Two who ask, and an administrator who changes the tree: whoever walked the
 * tree by hand here stood on a node that was freed, or dropped its last
 * reference with a spinlock held that the release of a node takes.
 */
#define ROUNDS	150
#define NODES	40

static volatile int stop_asking;

static void *asks_all_the_time(void *unused)
{
	while (!stop_asking)
		ask();
	return NULL;
}

/* A node that comes and goes is asked for, too. */
static void *asks_for_a_newcomer(void *unused)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/newcomer@c7000", bench()->bus);
	while (!stop_asking) {
		int fd = soc_claim(path, SOCASSIGN_NO_DMA);

		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static int come_and_go(struct fdt *fdt)
{
	int ret;

	overlay_begin(fdt, bench()->bus);
	for (int i = 0; i < NODES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "newcomer@%x", 0xc0000 + i * 0x1000);
		add_device(fdt, name, 0xc0000 + i * 0x1000);
	}
	ret = overlay_apply(fdt);
	if (ret)
		return ret;
	do {
		ret = overlay_remove();
		sched_yield();
	} while (ret == -EBUSY);
	return ret;
}

TEST_F_TIMEOUT(index, asked_while_the_tree_changes, 600)
{
	SKIP_IF(self->skip);
	SKIP_IF(overlay_possible() ? NULL : "no CONFIG_OF_OVERLAY");
	pthread_t threads[3];
	time_t end;

	/* A claim that is refused, or given back, is the better of two. */
	expect_in_log("notifier error -16");
	stop_asking = 0;
	ASSERT_EQ(0, pthread_create(&threads[0], NULL, asks_all_the_time, NULL));
	ASSERT_EQ(0, pthread_create(&threads[1], NULL, asks_all_the_time, NULL));
	ASSERT_EQ(0, pthread_create(&threads[2], NULL, asks_for_a_newcomer,
				    NULL));
	for (int i = 0; again(i, ROUNDS, &end); i++)
		EXPECT_EQ(0, come_and_go(&self->fdt));
	stop_asking = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	EXPECT_TRUE_INDEX();
}

TEST_HARNESS_MAIN
