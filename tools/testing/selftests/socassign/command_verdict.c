// SPDX-License-Identifier: GPL-2.0
/*
 * What the command socassign says of a node is what SOCASSIGN_INSTANTIATE then
 * does, for every node of the tree: where it says yes, the claim that it tells of
 * is granted; where it says no, none is.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/edge.h"
#include "lib/edu.h"
#include "lib/listed.h"
#include "lib/program.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define SECONDS 600	/* for a test; against hangs only */
#define COMMAND "/bin/socassign"

FIXTURE(verdict) {
	struct program list;
	struct program show;
	char console[PATH_MAX];	/* Where the kernel's messages, and ours, go to */
	int dev;
};

FIXTURE_SETUP(verdict)
{
	sysfs_console_node(self->console, sizeof(self->console));
	ASSERT_NE('\0', self->console[0]);
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(verdict)
{
	EXPECT_EQ(0, board_set_param("unsafe_dma", "N"));
	program_free(&self->list);
	program_free(&self->show);
	close(self->dev);
}

#define RUN(_program, ...)						\
	program_run(_program, who_root,					\
		    (const char *const[]) { COMMAND, ##__VA_ARGS__, NULL })

/* The lines of the list, without its head */
static const char *lines_of(const struct program *list)
{
	const char *end = strchr(list->out, '\n');

	return end ? end + 1 : "";
}

#define for_each_line(_list, _entry)					\
	for (const char *_at = lines_of(_list);				\
	     (_at = listed_next(_at, _entry));)

/* Where it says yes */

/* The host has what it had, once the claim is closed. */
static void check_holder(struct __test_metadata *_metadata,
			 const struct entry *entry)
{
	struct sysfs_device dev;

	if (!strcmp(entry->holder, "-"))
		return;
	ASSERT_EQ(0, sysfs_find(entry->path, &dev));
	EXPECT_TRUE(sysfs_wait_driver(&dev, entry->holder))
		TH_LOG("%s has not its driver %s back", entry->path,
		       entry->holder);
}

/* What no dry run sees: a clock that does not come up, a stream ID that is another's */
static bool only_trying_tells(const struct entry *entry, int error)
{
	return error == -EREMOTEIO ||
	       (error == -EOPNOTSUPP && !strcmp(entry->path, EDU_TWIN));
}

static void check_claim(struct __test_metadata *_metadata,
			FIXTURE_DATA(verdict) *self, const struct entry *entry,
			const struct listed_claim *claim)
{
	int fd = soc_instantiate(self->dev, claim->paths, claim->len,
				 claim->flags);

	EXPECT_TRUE(fd >= 0 || only_trying_tells(entry, fd))
		TH_LOG("%s: %d, \"%s\", but listed as %s%s", entry->path, fd,
		       soc_reason(), entry->can, entry->why);
	if (fd < 0)
		return;
	close(fd);
	for (const char *path = claim->paths; path < claim->paths + claim->len;
	     path += strlen(path) + 1)
		edge_end_quarantine(path);
	check_holder(_metadata, entry);
}

static bool would_be_granted(const FIXTURE_DATA(verdict) *self,
			     const struct listed_claim *claim, __u32 flags)
{
	return !soc_dry_run(self->dev, claim->paths, claim->len, flags);
}

static void check_yes(struct __test_metadata *_metadata,
		      FIXTURE_DATA(verdict) *self, const struct entry *entry,
		      bool really)
{
	struct listed_claim claim;

	listed_claim(entry, &claim);
	EXPECT_TRUE(would_be_granted(self, &claim, claim.flags))
		TH_LOG("%s: not granted, but listed as %s%s", entry->path,
		       entry->can, entry->why);
	/* Without the console nobody would hear of the rest. */
	if (really && strcmp(entry->path, self->console))
		check_claim(_metadata, self, entry, &claim);
}

/* Where it says no */

/* All that a claim of one node can say; the other flags are for partitions. */
static const __u32 tries[] = {
	SOCASSIGN_SUBTREE, SOCASSIGN_DETACH, SOCASSIGN_NO_DMA,
	SOCASSIGN_UNSAFE_DMA, SOCASSIGN_CONFINED_DMA
};

#define NUM_TRIES (sizeof(tries) / sizeof(tries[0]))

static __u32 try_flags(unsigned int set)
{
	__u32 flags = 0;

	for (unsigned int i = 0; i < NUM_TRIES; i++)
		if (set & 1 << i)
			flags |= tries[i];
	return flags;
}

static void check_no(struct __test_metadata *_metadata,
		     FIXTURE_DATA(verdict) *self, const struct entry *entry,
		     bool really)
{
	struct listed_claim claim;

	listed_claim(entry, &claim);
	for (unsigned int set = 0; set < 1 << NUM_TRIES; set++) {
		__u32 flags = try_flags(set);

		EXPECT_FALSE(would_be_granted(self, &claim, flags))
			TH_LOG("%s: granted with 0x%x, but listed as no%s",
			       entry->path, flags, entry->why);
		if (really)
			EXPECT_GT(0, soc_try_claim(entry->path, flags))
				TH_LOG("%s: claimed with 0x%x", entry->path,
				       flags);
	}
}

/* All nodes */

static void check_all(struct __test_metadata *_metadata,
		      FIXTURE_DATA(verdict) *self, bool really)
{
	unsigned int num_yes = 0, num_no = 0;
	struct entry entry;

	ASSERT_EQ(0, RUN(&self->list, "list", "--all"));
	for_each_line(&self->list, &entry) {
		if (listed_can(&entry)) {
			check_yes(_metadata, self, &entry, really);
			num_yes++;
		} else {
			check_no(_metadata, self, &entry, really);
			num_no++;
		}
	}
	EXPECT_LT(20, num_yes);
	EXPECT_LT(20, num_no);
}

TEST_F_TIMEOUT(verdict, is_what_happens, SECONDS)
{
	expect_in_log(MAP_WARNS);
	edu_expect_twin();
	check_all(_metadata, self, true);
}

/* Really to give out what is unsafe would taint the kernel. */
TEST_F_TIMEOUT(verdict, is_what_would_happen_with_unsafe_dma, SECONDS)
{
	ASSERT_EQ(0, board_set_param("unsafe_dma", "Y"));
	check_all(_metadata, self, false);
}

/* Does a line of what `socassign show` says have this text? */
static bool shows(const struct program *show, const char *name,
		  const char *text)
{
	char line[1000];

	snprintf(line, sizeof(line), "\n%s: %s\n", name, text);
	return strstr(show->out, line);
}

/* What is in parentheses behind a path, without them, and without "needs" */
static const char *words_of(const struct entry *entry, bool can)
{
	static char words[sizeof(entry->why)];
	size_t skip = strlen(can ? "  (needs " : "  (");
	size_t len = strlen(entry->why);

	snprintf(words, sizeof(words), "%.*s", (int)(len - skip - 1),
		 entry->why + skip);
	return words;
}

static bool shows_the_same(const struct program *show,
			   const struct entry *entry)
{
	bool can = listed_can(entry);

	if (!shows(show, "judged_by", "driver") ||
	    !shows(show, "assignable", can ? "yes" : "no"))
		return false;
	if (!*entry->why)
		return can && !strstr(show->out, "\nneeds: ");
	return shows(show, can ? "needs" : "refusal", words_of(entry, can));
}

/* To read the tree takes an emulated board a second, each time. */
#define SHOWN_OF_LISTED	10

TEST_F_TIMEOUT(verdict, is_what_show_says, SECONDS)
{
	struct entry entry;
	unsigned int num = 0;

	ASSERT_EQ(0, RUN(&self->list, "list"));
	for_each_line(&self->list, &entry) {
		if (num++ % SHOWN_OF_LISTED)
			continue;
		ASSERT_EQ(0, RUN(&self->show, "show", entry.path));
		EXPECT_TRUE(shows_the_same(&self->show, &entry))
			TH_LOG("%s%s, but: %s", entry.can, entry.why,
			       self->show.out);
	}
}

/* An eTSEC: the registers are in the queue groups, which do its DMA. */
static void check_etsec(struct __test_metadata *_metadata,
			FIXTURE_DATA(verdict) *self, const char *path)
{
	struct entry entry;

	ASSERT_TRUE(listed_find(self->list.out, path, &entry));
	EXPECT_STREQ("yes", entry.can);
	EXPECT_NE(NULL, strstr(entry.why, "SUBTREE"))
		TH_LOG("%s%s", path, entry.why);
}

TEST_F_TIMEOUT(verdict, says_that_an_etsec_is_claimed_whole, SECONDS)
{
	const char *real = "/platform@f00000000/ethernet@0";
	struct entry entry;

	ASSERT_EQ(0, RUN(&self->list, "list"));
	check_etsec(_metadata, self, board_extra("ethernet@b0000"));
	if (!node_exists(real))
		SKIP(return, "this board has no eTSEC");
	check_etsec(_metadata, self, real);
	ASSERT_TRUE(listed_find(self->list.out,
				"/platform@f00000000/ethernet@0/queue-group",
				&entry));
	EXPECT_STREQ("no", entry.can);
}

int main(int argc, char **argv)
{
	board_require();
	if (access(COMMAND, X_OK))
		board_skip("no " COMMAND);
	return test_harness_run(argc, argv);
}
