// SPDX-License-Identifier: GPL-2.0-only
/*
 * Partitions: memory that the device tree reserves, and that no part of the
 * kernel uses
 *
 * A child of /reserved-memory is a claim of its own kind: one node, no device,
 * one region.
 */
#include <linux/io.h>
#include <linux/libnvdimm.h>
#include <linux/sched/signal.h>
#include <asm/cacheflush.h>

#include "claim/claim.h"
#include "parts/partition.h"
#include "parts/parts.h"
#include "parts/region.h"
#include "rules/reserved.h"
#include "tree/registry.h"

/*
 * What is mapped to be zeroed, aligned to its size: bounds the address space, and
 * the wait, and the end of the kernel's own mapping is in none of them.
 */
#define SOCA_ZERO_CHUNK		SZ_1M

/*
 * Held from the look whether the memory has an owner until it is zeroed, so
 * that who shares a partition neither sees what was there before, nor loses
 * what another owner has written.  Taken under soca_claim.gate, above
 * soca_registry_lock.
 */
static DEFINE_MUTEX(soca_partition_lock);

/*
 * A bus master that does not snoop must neither see what was there before, nor
 * have its work undone by zeros that leave the cache late.
 */
static void soca_clean_cache(void *mem, size_t bytes)
{
#ifdef CONFIG_ARCH_HAS_PMEM_API
	arch_wb_cache_pmem(mem, bytes);
#elif defined(CONFIG_PPC32)
	flush_dcache_range((unsigned long)mem, (unsigned long)mem + bytes);
#endif
}

static int soca_zero(struct soca_span span)
{
	u64 bytes;

	for (u64 at = span.first; at <= span.last; at += bytes) {
		void *mem;

		bytes = min_t(u64, SOCA_ZERO_CHUNK - at % SOCA_ZERO_CHUNK,
			      span.last - at + 1);
		mem = memremap(at, bytes, MEMREMAP_WB);
		if (!mem)
			return -ENOMEM;
		memset(mem, 0, bytes);
		soca_clean_cache(mem, bytes);
		memunmap(mem);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/* One that somebody else shares already is left as it is. */
static int soca_partition_build(struct soca_claim *claim)
{
	struct soca_span span;
	int ret = 0;

	/* It was there when the policy looked, and rmems stay. */
	if (!soca_reserved_span(claim->set.nodes[0].np, &span))
		return -ENODEV;

	guard(mutex)(&soca_partition_lock);

	if (!soca_registry_is_shared(&claim->set))
		ret = soca_zero(span);
	claim->set.is_zeroed = !ret;
	return ret ?: soca_region_add_memory(claim, span);
}

/**
 * soca_partition_phys - Where memory of a partition is
 * @claim: Any claim
 * @offset: Where in the partition to start, in bytes
 * @length: How many bytes; not 0
 * @phys: Set to the physical address of the first byte
 *
 * Context: Any; what describes a claim does not change.  The address is good for as long as
 * the caller holds the claim's file: a partition has no device that could go.
 * Return: 0, or -EINVAL if it is no partition or ends before.
 */
int soca_partition_phys(struct soca_claim *claim, u64 offset, u64 length,
			u64 *phys)
{
	struct soca_span span;
	u64 size;

	if (!claim->set.is_partition)
		return -EINVAL;
	span = claim->regions[0].span;
	size = span.last - span.first + 1;
	if (offset >= size || length > size - offset)
		return -EINVAL;
	*phys = span.first + offset;
	return 0;
}

const struct soca_part soca_partition_part = {
	.of_memory = true,
	.build = soca_partition_build,
};
