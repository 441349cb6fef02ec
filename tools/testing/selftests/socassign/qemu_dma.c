// SPDX-License-Identifier: GPL-2.0
/*
 * What a device sees of memory under QEMU (samples/socassign/qemu).  It is driven from
 * here, and the guest has not even begun.
 */
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/edge.h"
#include "lib/edu.h"
#include "lib/guest_qemu.h"
#include "lib/handed.h"
#include "lib/partition.h"
#include "lib/testmod.h"

#define SECONDS		600	/* for a test; against hangs only */

/* A bus master, for a guest */
struct master {
	const char *skip;
	struct guest guest;
	struct guest qmp;
	struct edu edu;
	struct sysfs_device dev;
	struct handed handed;
	const char *more;	/* memory that the guest has not */
	char json[1024];
};

/* More than the guest has, and where the guest has not. */
#define MORE		"memory-backend-ram,id=more,size=8K"
#define PARTITION	"/reserved-memory/guest@60000000"
#define MORE_PARTITION							\
	"memory-backend-socassign,id=more,size=8K,dev=" PARTITION

static void master_setup(struct __test_metadata *_metadata, struct master *it)
{
	it->guest = GUEST_NONE;
	it->qmp = GUEST_NONE;
	it->edu.fd = -1;
	it->more = MORE;
	it->skip = guest_missing(&guest_qemu);
	if (!it->skip)
		it->skip = edu_missing();
	if (it->skip)
		return;
	/* A fault is an error of the SMMU's, in several lines. */
	expect_in_log("arm-smmu-v3 ");
	ASSERT_EQ(0, edu_with_host(&it->dev));
	ASSERT_EQ(0, edu_open(&it->edu, SOCASSIGN_DETACH));
}

static void master_teardown(struct __test_metadata *_metadata,
			    struct master *it)
{
	guest_close(&it->qmp);
	guest_close(&it->guest);
	if (it->skip)
		return;
	hand_over_end(&it->handed);
	edu_close(&it->edu);
	edge_end_quarantine(EDU_NODE);
	EXPECT_TRUE(sysfs_wait_driver(&it->dev, EDU_DRIVER));
}

/* What is said of it; without windows it sees the guest's memory. */
#define PLAIN		"\"id\":\"edu\""
#define HAS(_windows)	PLAIN ",\"windows\":[" _windows "]"

static void boot(struct __test_metadata *_metadata, struct master *it,
		 const char *said)
{
	int fd = dup(it->edu.fd);

	ASSERT_EQ(0, hand_over(&it->handed, &fd, 1));
	qemu_device(it->json, sizeof(it->json), &it->handed, said);
	ASSERT_EQ(0, guest_boot(&it->guest, &guest_qemu, &(struct guest_plan) {
		.run = "wait", .reboots = true,
		.args = { QEMU_QMP, "-S", "-object", it->more, "-device", it->json },
	}));
}

FIXTURE(dma) {
	struct master it;
};

FIXTURE_SETUP(dma)
{
	master_setup(_metadata, &self->it);
}

FIXTURE_TEARDOWN(dma)
{
	master_teardown(_metadata, &self->it);
}

#define MAGIC		0x38		/* in the header of an Image */
#define SOME		(2 * MAGIC)

/* Guest addresses, decimal as JSON is: the Image's, and free memory */
#define IMAGE		1075838976	/* 0x40200000 */
#define FREE		1240465408	/* 0x49f00000 */

#define PEEK(_address)	QEMU_HMP("xp /1wx " _address)
#define FREE_MAGIC	"49f00038"
#define NEXT_MAGIC	"49f01038"	/* in the page behind it */
#define NOTHING		": 0x00000000"
#define THE_MAGIC	": 0x644d5241"

TEST_F_TIMEOUT(dma, reaches_the_guests_memory, SECONDS)
{
	SKIP_IF(self->it.skip);
	struct guest *guest = &self->it.guest, *qmp = &self->it.qmp;
	struct edu *edu = &self->it.edu;

	boot(_metadata, &self->it, PLAIN);
	ASSERT_EQ(0, qemu_qmp(qmp));
	ASSERT_TRUE(guest_type(qmp, PEEK("0x" FREE_MAGIC)));
	ASSERT_TRUE(guest_is_told(qmp, FREE_MAGIC NOTHING));
	ASSERT_EQ(0, edu_read(edu, IMAGE, 0, SOME));
	ASSERT_EQ(0, edu_write(edu, FREE, 0, SOME));
	ASSERT_TRUE(guest_type(qmp, PEEK("0x" FREE_MAGIC)));
	EXPECT_TRUE(guest_is_told(qmp, FREE_MAGIC THE_MAGIC));
	ASSERT_TRUE(guest_type(qmp, QEMU_HMP("system_reset")));
	EXPECT_TRUE(guest_is_told(guest, ": it cannot be reset, so the guest cannot begin again"));
	EXPECT_EQ(0, guest_end(guest));
}

#define TEXT(_number)	TEXT_OF(_number)
#define TEXT_OF(_number)	#_number

/* Where it sees them */
#define SEES_IMAGE	409600000
#define SEES_FREE	409604096
#define SEES_MORE	409608192

#define WINDOW(_iova, _more)						\
	"{\"iova\":" TEXT(_iova) ",\"size\":4096," _more "}"
#define WINDOWS								\
	HAS(WINDOW(SEES_IMAGE, "\"offset\":" TEXT(IMAGE)) ","		\
	WINDOW(SEES_FREE, "\"index\":0,\"offset\":" TEXT(FREE)) ","	\
	WINDOW(SEES_MORE, "\"memory\":\"more\",\"offset\":4096"))

#define QOM_GET								\
	"{\"execute\":\"qom-get\",\"arguments\":{"			\
	"\"path\":\"/machine/peripheral/edu\",\"property\":\"windows\"}}\n"

static void uses_windows(struct __test_metadata *_metadata, struct master *it)
{
	struct guest *qmp = &it->qmp;
	struct edu *edu = &it->edu;

	boot(_metadata, it, WINDOWS);
	ASSERT_EQ(0, qemu_qmp(qmp));
	ASSERT_TRUE(guest_type(qmp, QOM_GET));
	EXPECT_TRUE(guest_is_told(qmp, "\"memory\": \"more\""));
	/* From the guest's memory to the other, and back from there. */
	ASSERT_EQ(0, edu_read(edu, SEES_IMAGE, 0, SOME));
	ASSERT_EQ(0, edu_write(edu, SEES_MORE, 0, SOME));
	ASSERT_EQ(0, edu_read(edu, SEES_FREE, 0, SOME));
	ASSERT_EQ(0, edu_read(edu, SEES_MORE, 0, SOME));
	ASSERT_EQ(0, edu_write(edu, SEES_FREE, 0, SOME));
	ASSERT_TRUE(guest_type(qmp, PEEK("0x" FREE_MAGIC)));
	EXPECT_TRUE(guest_is_told(qmp, FREE_MAGIC THE_MAGIC));
	/* Where the guest sees it the device does not. */
	ASSERT_EQ(0, edu_write(edu, FREE + 4096, 0, SOME));
	ASSERT_TRUE(guest_type(qmp, PEEK("0x" NEXT_MAGIC)));
	EXPECT_TRUE(guest_is_told(qmp, NEXT_MAGIC NOTHING));
}

TEST_F_TIMEOUT(dma, has_the_users_windows, SECONDS)
{
	SKIP_IF(self->it.skip);
	uses_windows(_metadata, &self->it);
}

/* The same, onto memory of the host's that nobody else gets meanwhile. */
TEST_F_TIMEOUT(dma, has_windows_onto_a_partition, SECONDS)
{
	SKIP_IF(self->it.skip);
	struct partition again;

	self->it.more = MORE_PARTITION;
	uses_windows(_metadata, &self->it);
	EXPECT_EQ(-EBUSY, partition_claim(&again, PARTITION, 0));
	guest_close(&self->it.guest);
	/* Its windows are ours, too, and hold what is behind them. */
	EXPECT_EQ(-EBUSY, partition_claim(&again, PARTITION, 0));
	handed_over(&self->it.handed);
	edu_close(&self->it.edu);
	ASSERT_EQ(0, partition_claim(&again, PARTITION, 0));
	partition_close(&again);
}

#define TOLD(_at, _access)						\
	": DMA fault at 0x" _at ", identity 0: outside, access: " _access

/* Edu faults at each word: the first ones are told, and more when a second is over. */
TEST_F_TIMEOUT(dma, faults_are_events, SECONDS)
{
	SKIP_IF(self->it.skip);
	struct guest *qmp = &self->it.qmp;

	if (!board_smmu_tells())
		SKIP(return, "this kernel's driver of the SMMU tells nobody");
	boot(_metadata, &self->it, WINDOWS);
	ASSERT_EQ(0, qemu_qmp(qmp));
	ASSERT_EQ(0, edu_read(&self->it.edu, IMAGE, 0, SOME));
	ASSERT_TRUE(guest_is_told(qmp, "ASSIGNED_SOC_DEV_DMA_FAULT"));
	EXPECT_TRUE(guest_is_told(&self->it.guest, TOLD("40200000", "read")));
	sleep(2);
	ASSERT_EQ(0, edu_write(&self->it.edu, FREE, 0, SOME));
	EXPECT_TRUE(guest_is_told(&self->it.guest, TOLD("49f00000", "write")));
}

/* It is given to the guest, and sees nothing. */
TEST_F_TIMEOUT(dma, has_no_windows, SECONDS)
{
	SKIP_IF(self->it.skip);
	struct guest *qmp = &self->it.qmp;

	boot(_metadata, &self->it, HAS(""));
	ASSERT_EQ(0, qemu_qmp(qmp));
	ASSERT_EQ(0, edu_read(&self->it.edu, IMAGE, 0, SOME));
	ASSERT_EQ(0, edu_write(&self->it.edu, FREE, 0, SOME));
	ASSERT_TRUE(guest_type(qmp, PEEK("0x" FREE_MAGIC)));
	EXPECT_TRUE(guest_is_told(qmp, FREE_MAGIC NOTHING));
}

/* Windows that there cannot be: the window, and the rule. */
FIXTURE(windows_wrong) {
	struct master it;
};

FIXTURE_VARIANT(windows_wrong) {
	const char *said;
	const char *reason;
};

#define WRONG_WINDOWS(_name, _reason, _windows)				\
	FIXTURE_VARIANT_ADD(windows_wrong, _name) {			\
		.reason = _reason, .said = HAS(_windows),		\
	}

#define RIGHT		WINDOW(SEES_IMAGE, "\"offset\":" TEXT(IMAGE))

WRONG_WINDOWS(index_is_too_high, "windows[1]: index: 1, and " EDU_NODE " has 1 DMA",
	      RIGHT "," WINDOW(SEES_FREE, "\"index\":1"));
WRONG_WINDOWS(memory_is_missing,
	      "windows[1]: memory: \"none\" is not the ID of a memory backend",
	      RIGHT "," WINDOW(SEES_MORE, "\"memory\":\"none\""));
WRONG_WINDOWS(memory_is_too_small,
	      "windows[0]: memory: \"more\" has no 0x1000 bytes at offset 0x2000",
	      WINDOW(SEES_MORE, "\"memory\":\"more\",\"offset\":8192"));
WRONG_WINDOWS(guest_has_no_memory, "windows[0]: offset: the guest has no memory at 0x0",
	      WINDOW(SEES_MORE, "\"offset\":0"));
WRONG_WINDOWS(size_is_none, "windows[0]: size, offset: not whole pages",
	      "{\"iova\":0,\"size\":0}");
WRONG_WINDOWS(offset_is_in_a_page, "windows[0]: size, offset: not whole pages",
	      WINDOW(SEES_MORE, "\"memory\":\"more\",\"offset\":2048"));
WRONG_WINDOWS(operation_is_unknown, "windows[0]: operation: 77 is unknown",
	      WINDOW(SEES_MORE, "\"memory\":\"more\",\"operation\":77"));
WRONG_WINDOWS(cache_is_unknown, "windows[0]: stash-level: 4, ",
	      WINDOW(SEES_MORE, "\"memory\":\"more\",\"stash-level\":4"));
/* The driver's own words. */
#define REFUSED		EDU_NODE ": refused: "
WRONG_WINDOWS(two_overlap,
	      "windows[1]: " REFUSED "window 0x186a0000 + 0x1000: overlaps",
	      RIGHT "," RIGHT);
WRONG_WINDOWS(cache_is_none, "windows[0]: " REFUSED "stash targets and",
	      WINDOW(SEES_MORE, "\"memory\":\"more\",\"stash-level\":1"));
/* Its own, where the user has placed them. */
FIXTURE_VARIANT_ADD(windows_wrong, registers_without_pamu) {
	.reason = "windows[0]: " REFUSED "a window onto registers needs",
	.said = HAS(WINDOW(SEES_MORE, "\"offset\":184549376"))
		",\"address\":\"0xb000000\"",
};

FIXTURE_SETUP(windows_wrong)
{
	master_setup(_metadata, &self->it);
}

FIXTURE_TEARDOWN(windows_wrong)
{
	master_teardown(_metadata, &self->it);
}

TEST_F_TIMEOUT(windows_wrong, is_told, SECONDS)
{
	SKIP_IF(self->it.skip);
	boot(_metadata, &self->it, variant->said);
	EXPECT_EQ(1, guest_end(&self->it.guest));
	EXPECT_TRUE(guest_is_told(&self->it.guest, variant->reason));
	EXPECT_EQ(0, self->it.guest.out.len);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
