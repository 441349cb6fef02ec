// SPDX-License-Identifier: GPL-2.0
/*
 * KVM on arm64 maps a partition, as the memory of a guest, in blocks of 2 MiB: each of
 * them faults once, however many pages of it a Linux that boots there touches.
 */
#include "lib/board.h"

#ifdef __aarch64__

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "harness.h"
#include "lib/guest.h"
#include "lib/guest_steps.h"
#include "lib/hugepages.h"
#include "lib/partition.h"
#include "lib/testmod.h"
#include "lib/tracing.h"

#define EVENT	"kvm/kvm_guest_fault"
#define BLOCK	(2ull << 20)
#define RAM	0x40000000ull	/* what is below it has no memory */
#define BLOCKS	4096		/* more than the board has memory for */
#define SECONDS	600		/* against hangs only */

static int without_huge_pages(void)
{
	return prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

FIXTURE(blocks) {
	const char *skip;
	struct guest guest;
};

/* What there is to compare it with: memory that has no blocks. */
FIXTURE_VARIANT(blocks) {
	const char *partition;
	who_becomes as;
};

FIXTURE_VARIANT_ADD(blocks, partition) { .partition = "guest" };
FIXTURE_VARIANT_ADD(blocks, small_pages) { .as = without_huge_pages };

FIXTURE_SETUP(blocks)
{
	self->guest = GUEST_NONE;
	self->skip = guest_missing(&guest_socvmm);
	/* KVM maps a block where the host does. */
	if (!self->skip && variant->partition)
		self->skip = hugepages_missing();
	if (self->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	ASSERT_TRUE(tracing_clear());
	ASSERT_TRUE(tracing_set(EVENT, true));
}

FIXTURE_TEARDOWN(blocks)
{
	if (self->skip)
		return;
	tracing_set(EVENT, false);
	guest_close(&self->guest);
}

/* How often KVM had to map some of the guest's memory, and how many blocks of it. */
static unsigned int count_faults(unsigned int *blocks)
{
	static bool seen[BLOCKS];
	unsigned int faults = 0;
	FILE *file = tracing_read();
	char line[512];

	*blocks = 0;
	while (file && fgets(line, sizeof(line), file)) {
		const char *text = strstr(line, "kvm_guest_fault: ipa ");
		unsigned long long ipa, block;

		if (!text || sscanf(text, "kvm_guest_fault: ipa %llx", &ipa) != 1)
			continue;
		block = (ipa - RAM) / BLOCK;
		if (ipa < RAM || block >= BLOCKS)
			continue;
		faults++;
		*blocks += !seen[block];
		seen[block] = true;
	}
	if (file)
		fclose(file);
	return faults;
}

TEST_F_TIMEOUT(blocks, fault_once, SECONDS)
{
	SKIP_IF(self->skip);
	const struct guest_plan plan = {
		.run = "model", .as = variant->as,
		.mem = variant->partition ? partition_node(variant->partition) : NULL,
	};
	unsigned int faults, blocks;

	guest_boots(_metadata, &self->guest, &guest_socvmm, &plan);
	guest_ends(_metadata, &self->guest);
	faults = count_faults(&blocks);
	TH_LOG("%u faults for %u blocks", faults, blocks);
	EXPECT_LT(8, blocks);
	EXPECT_TRUE(variant->partition ? faults <= 2 * blocks :
					 faults > 8 * blocks);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}

#else

int main(void)
{
	board_skip("this is about KVM on arm64");
	return 1;
}

#endif
