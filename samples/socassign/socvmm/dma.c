// SPDX-License-Identifier: GPL-2.0
/*
 * DMA: a device sees the guest's memory, and its partitions, where the guest does,
 * unless it is described what it sees: window.c.
 */
#include <errno.h>

#include "socvmm.h"

/* Our pages, pinned once for all devices. */
static bool pin_pages(struct vm *vm, struct assigned *claim)
{
	int fd;

	if (vm->ram.partition || vm->ram.pinned >= 0)
		return true;
	fd = soca_memory_pin(claim->claim, vm->ram.mem, vm->ram.size, true,
			     &vm->ram.contiguous);
	if (fd < 0)
		return fail("--assign %s: the guest's memory cannot be pinned: %s",
			    claim->name, soca_explain(SOCA_OP_MEMORY, fd));
	vm->ram.pinned = fd;
	return true;
}

/* An IOMMU with page tables takes any memory; the others, what is in one piece. */
static bool check_contiguous(struct vm *vm, struct assigned *claim)
{
	const struct soca_dma *dma;

	if (vm->ram.partition || vm->ram.contiguous == vm->ram.size)
		return true;
	for (unsigned int i = 0; (dma = soca_dma_get(claim->claim, i)); i++)
		if (!(dma->flags & SOCASSIGN_DMA_IOMMU))
			return fail("--assign %s: it does DMA, and only the first 0x%llx bytes of the guest's memory are in one piece: use a partition (--mem /reserved-memory/...)",
				    claim->name,
				    (unsigned long long)vm->ram.contiguous);
	return true;
}

/*
 * It could not be stopped when it was taken from its last owner, perhaps this
 * guest before it rebooted: the windows would let it go on.
 */
static bool check_quiet(struct assigned *claim)
{
	const struct soca_dma *dma;
	int ret = 0;

	for (unsigned int i = 0; !ret && (dma = soca_dma_get(claim->claim, i)); i++)
		if (dma->flags & SOCASSIGN_DMA_STALE)
			ret = soca_reset(claim->claim);
	return !ret ||
	       fail("--assign %s: it may still do what its last owner told it to, and cannot be reset: %s",
		    claim->name, soca_explain(SOCA_OP_RESET, ret));
}

static bool check_direct(struct vm *vm, struct assigned *claim)
{
	const struct soca_region *region;

	if (!vm->ram.partition)
		return fail("--assign %s: it does DMA without an IOMMU: use a partition (--mem /reserved-memory/...)",
			    claim->name);
	region = soca_region_get(vm->ram.partition, 0);
	if (region->bus_address == vm->ram.gpa)
		return true;
	return fail("--assign %s: it does DMA without an IOMMU, so the guest's memory would have to be at 0x%llx, and this machine has it at 0x%llx",
		    claim->name, (unsigned long long)region->bus_address,
		    (unsigned long long)vm->ram.gpa);
}

static int map_memory(struct assigned *claim, unsigned int index, int memory,
		      uint64_t gpa, uint64_t size, char *reason)
{
	const struct soca_window window = {
		.memory = memory, .iova = gpa, .length = size,
		.flags = SOCASSIGN_DMA_READ | SOCASSIGN_DMA_WRITE,
	};

	return soca_dma_map(claim->claim, index, &window, reason);
}

static int map_ram(struct vm *vm, struct assigned *claim, unsigned int index,
		   char *reason)
{
	return map_memory(claim, index, vm->ram.partition ?
			  soca_fd(vm->ram.partition) : vm->ram.pinned,
			  vm->ram.gpa, vm->ram.size, reason);
}

/* For any device: which one a partition is for is the guest's affair. */
static int map_partitions(struct vm *vm, struct assigned *claim,
			  unsigned int index, char *reason)
{
	int ret = 0;

	for (unsigned int i = 0; !ret && i < vm->num_claims; i++) {
		const struct soca_claim *it = vm->claims[i].claim;
		const struct region *region = vm->claims[i].regions;

		if (soca_is_partition(it) && region->is_placed)
			ret = map_memory(claim, index, soca_fd(it), region->gpa,
					 region->bytes, reason);
	}
	return ret;
}

/* There may be windows: of the boot before, or of who has handed the claim over. */
static int close_identity(struct assigned *claim, unsigned int index)
{
	int ret = soca_dma_disable(claim->claim, index);

	/* Of one that nothing can block. */
	if (ret && ret != -EOPNOTSUPP)
		return ret;
	return soca_dma_unmap_all(claim->claim, index);
}

static bool is_described(const struct assigned *claim)
{
	return claim->option->num_windows;
}

static bool tell_dma(const struct assigned *claim, const char *reason, int ret)
{
	return !ret || fail("--assign %s: DMA: %s", claim->name,
			    *reason ? reason : soca_explain(SOCA_OP_DMA, ret));
}

static bool map_all(struct vm *vm, struct assigned *claim, unsigned int index)
{
	char reason[SOCASSIGN_MAX_REASON_LEN] = "";
	int ret;

	if (is_described(claim))
		return windows_map(vm, claim, index);
	ret = map_ram(vm, claim, index, reason);
	if (!ret)
		ret = map_partitions(vm, claim, index, reason);
	return tell_dma(claim, reason, ret);
}

static bool open_identity(struct vm *vm, struct assigned *claim,
			  unsigned int index)
{
	if (!tell_dma(claim, "", close_identity(claim, index)) ||
	    !map_all(vm, claim, index))
		return false;
	return (is_described(claim) && !windows_has(claim, index)) ||
	       tell_dma(claim, "", soca_dma_enable(claim->claim, index));
}

static bool open_windows(struct vm *vm, struct assigned *claim)
{
	for (unsigned int i = 0; i < soca_info_get(claim->claim)->num_dmas; i++)
		if (!open_identity(vm, claim, i))
			return false;
	return true;
}

/* There may be others that an IOMMU protects from. */
static bool has_direct(const struct assigned *claim)
{
	const struct soca_dma *dma;

	for (unsigned int i = 0; (dma = soca_dma_get(claim->claim, i)); i++)
		if (dma->flags & SOCASSIGN_DMA_DIRECT)
			return true;
	return false;
}

/* All that the guest has: what it takes is known. */
static bool open_memory(struct vm *vm, struct assigned *claim)
{
	if (has_direct(claim) && !check_direct(vm, claim))
		return false;
	return check_quiet(claim) && pin_pages(vm, claim) &&
	       check_contiguous(vm, claim) && open_windows(vm, claim);
}

/* What it takes the driver knows, window by window. */
static bool open_described(struct vm *vm, struct assigned *claim)
{
	return windows_check(claim) && check_quiet(claim) &&
	       (!windows_need_ram(vm, claim) || pin_pages(vm, claim)) &&
	       open_windows(vm, claim);
}

static bool open_dma(struct vm *vm, struct assigned *claim)
{
	if (is_described(claim))
		return open_described(vm, claim);
	return !soca_dma_get(claim->claim, 0) || open_memory(vm, claim);
}

/**
 * dma_open - Open the guest's memory to its devices, or what is described of it
 * @vm: The machine, its memory loaded
 *
 * Closing the claims blocks them again, and so does bringing them to their start.
 *
 * Return: true, or false after a message.
 */
bool dma_open(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_claims; i++)
		if (!open_dma(vm, &vm->claims[i]))
			return false;
	return true;
}
