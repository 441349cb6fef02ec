// SPDX-License-Identifier: GPL-2.0
/*
 * KVM maps a partition, as the memory of a guest, in large pieces: in blocks of
 * 2 MiB on arm64, in large entries of TLB1 on e500.  A guest that reads a byte of
 * each page does not come out for each of them.
 */
#include "lib/board.h"

#include <limits.h>
#include <stdint.h>
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
	char *area;		/* with a piece of the partition in it */
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
	ASSERT_EQ(0, partition_open(&self->part, kvm_walk_size));
	self->area = mmap(NULL, 3 * kvm_walk_size, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->area != MAP_FAILED);
}

FIXTURE_TEARDOWN(blocks)
{
	if (self->skip)
		return;
	munmap(self->area, 3 * kvm_walk_size);
	partition_close(&self->part);
}

/*
 * As much of the partition as KVM could map at once, so far from an address that is
 * aligned: here, which counts on arm64, and in the partition, which counts on e500 and
 * where the one of arm64 has no room for it.
 */
static void *map_piece(const struct partition *part, char *area, size_t shift)
{
	struct socassign_region region = {};
	uintptr_t place = ((uintptr_t)area + kvm_walk_size - 1) &
			  ~(kvm_walk_size - 1);
	__u64 from = part->length - kvm_walk_size < shift ? 0 : shift;
	void *mem;

	if (soc_region(part->fd, 0, &region))
		return NULL;
	mem = mmap((char *)place + shift, kvm_walk_size, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_FIXED, part->fd,
		   region.out_cached_cookie + from);
	return mem == MAP_FAILED ? NULL : mem;
}

TEST_F_TIMEOUT(blocks, of_a_partition, SECONDS)
{
	SKIP_IF(self->skip);
	const long pages = kvm_walk_size / PAGE;
	void *mem = map_piece(&self->part, self->area, variant->shift);
	long exits;

	ASSERT_NE(NULL, mem);
	ASSERT_EQ(0, soc_prefault(self->part.fd, mem, kvm_walk_size));
	exits = kvm_walk(mem);
	EXPECT_LE(0, exits);
	EXPECT_TRUE(variant->shift ? exits >= pages / 2 : exits < pages / 4)
		TH_LOG("%ld exits for %ld pages", exits, pages);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
