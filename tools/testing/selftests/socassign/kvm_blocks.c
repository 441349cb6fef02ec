// SPDX-License-Identifier: GPL-2.0
/*
 * KVM on e500 maps a partition, as the memory of a guest, by large entries of TLB1: a
 * guest that reads a byte of each page does not come out for each of them.
 */
#include "lib/board.h"

#ifdef __powerpc__

#include <errno.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bare_guest.h"
#include "lib/claim.h"
#include "lib/partition.h"

#define PAGE		4096
#define SIZE		(256ul * PAGE)	/* KVM maps it at once, if it can */
#define SECONDS		120		/* against hangs only */

static long read_statistic(int fd, const struct kvm_stats_header *header,
			   __u32 index, const char *name)
{
	size_t size = sizeof(struct kvm_stats_desc) + header->name_size;
	struct kvm_stats_desc *desc = malloc(size);
	long result = -ENOENT;
	__u64 value;

	if (desc &&
	    pread(fd, desc, size, header->desc_offset + index * size) ==
	    (ssize_t)size && !strcmp(desc->name, name) &&
	    pread(fd, &value, sizeof(value), header->data_offset +
		  desc->offset) == sizeof(value))
		result = value;
	free(desc);
	return result;
}

/* One of KVM's own counters of a vCPU, or a negative errno. */
static long statistic(int vcpu, const char *name)
{
	int fd = ioctl(vcpu, KVM_GET_STATS_FD, NULL);
	struct kvm_stats_header header;
	long result = -ENOENT;

	if (fd < 0)
		return -errno;
	if (pread(fd, &header, sizeof(header), 0) == sizeof(header))
		for (__u32 i = 0; i < header.num_desc && result < 0; i++)
			result = read_statistic(fd, &header, i, name);
	close(fd);
	return result;
}

/* A miss in the TLB of the CPU for what the guest's own has. */
static long count_misses(struct bare_guest *guest)
{
	return statistic(guest->vcpu, "dtlb_virt_miss_exits");
}

static long walk(struct bare_guest *guest)
{
	long before, after;
	__u8 value;
	int ret = bare_guest_map(guest, SIZE);

	before = count_misses(guest);
	for (__u32 at = 0; !ret && at < SIZE; at += PAGE)
		ret = bare_guest_load(guest, at, &value);
	after = count_misses(guest);
	if (ret || before < 0)
		return ret ? ret : before;
	return after - before;
}

/* How often KVM had to map some of @mem for a guest that reads all of it, or an errno. */
static long count_maps(void *mem)
{
	struct bare_guest guest;
	long ret = bare_guest_open(&guest, mem, SIZE);

	if (!ret)
		ret = walk(&guest);
	bare_guest_close(&guest);
	return ret;
}

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
	self->skip = bare_guest_missing();
	if (self->skip)
		return;
	ASSERT_EQ(0, partition_open(&self->part, 2 * SIZE));
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
	mem = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
		   part->fd, region.out_cached_cookie + shift);
	return mem == MAP_FAILED ? NULL : mem;
}

TEST_F_TIMEOUT(blocks, of_a_partition, SECONDS)
{
	SKIP_IF(self->skip);
	const long pages = SIZE / PAGE;
	void *mem = map_piece(&self->part, variant->shift);
	long exits;

	ASSERT_NE(NULL, mem);
	ASSERT_EQ(0, soc_prefault(self->part.fd, mem, SIZE));
	exits = count_maps(mem);
	EXPECT_LE(0, exits);
	munmap(mem, SIZE);
	EXPECT_TRUE(variant->shift ? exits >= pages / 2 : exits < pages / 4)
		TH_LOG("%ld exits for %ld pages", exits, pages);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}

#else

int main(void)
{
	board_skip("this is about KVM on e500");
	return 1;
}

#endif
