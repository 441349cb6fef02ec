// SPDX-License-Identifier: GPL-2.0
/*
 * KVM on e500 maps a partition, as the memory of a guest, by large entries of TLB1: a
 * guest that reads a byte of each page does not come out for each of them.
 */
#include "lib/board.h"

#include <sys/mman.h>

#include "harness.h"
#include "lib/claim.h"
#include "lib/kvm_walk.h"
#include "lib/partition.h"

#define PAGE		4096
#define SECONDS		120	/* against hangs only */

FIXTURE(blocks) {
	const char *skip;
	struct partition part;
};

FIXTURE_VARIANT(blocks) {
	size_t shift;		/* from where a large piece could begin */
};

FIXTURE_VARIANT_ADD(blocks, aligned) {};
FIXTURE_VARIANT_ADD(blocks, not_aligned) { .shift = PAGE };

FIXTURE_SETUP(blocks)
{
	self->part.fd = -1;
	self->skip = kvm_walk_missing();
	if (self->skip)
		return;
	ASSERT_EQ(0, partition_open(&self->part, 2 * kvm_walk_size));
}

FIXTURE_TEARDOWN(blocks)
{
	if (self->skip)
		return;
	partition_close(&self->part);
}

/* As much of the partition as KVM could map at once, so far from where it could. */
static void *map_piece(const struct partition *part, size_t shift)
{
	struct socassign_region region = {};
	void *mem;

	if (soc_region(part->fd, 0, &region))
		return NULL;
	mem = mmap(NULL, kvm_walk_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   part->fd, region.out_cached_cookie + shift);
	return mem == MAP_FAILED ? NULL : mem;
}

TEST_F_TIMEOUT(blocks, of_a_partition, SECONDS)
{
	SKIP_IF(self->skip);
	const long pages = kvm_walk_size / PAGE;
	void *mem = map_piece(&self->part, variant->shift);
	long exits;

	ASSERT_NE(NULL, mem);
	ASSERT_EQ(0, soc_prefault(self->part.fd, mem, kvm_walk_size));
	exits = kvm_walk(mem);
	EXPECT_LE(0, exits);
	munmap(mem, kvm_walk_size);
	EXPECT_TRUE(variant->shift ? exits >= pages / 2 : exits < pages / 4)
		TH_LOG("%ld exits for %ld pages", exits, pages);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
