// SPDX-License-Identifier: GPL-2.0
/* DMA: the windows of a device that a description has. */
#include <string.h>

#include "conf/conf.h"
#include "socvmm.h"

/* By its path: the guest's memory, or what it has in common with others */

static bool is_at(const struct soca_claim *claim, const char *path)
{
	return soca_is_partition(claim) &&
	       !strcmp(soca_info_get(claim)->nodes.str[0], path);
}

static const struct soca_claim *find_partition(struct vm *vm, const char *path)
{
	if (vm->ram.partition && is_at(vm->ram.partition, path))
		return vm->ram.partition;
	for (unsigned int i = 0; i < vm->num_claims; i++)
		if (is_at(vm->claims[i].claim, path))
			return vm->claims[i].claim;
	return NULL;
}

static bool use_path(struct vm *vm, const struct conf_window *it,
		     struct soca_window *window)
{
	const struct soca_claim *partition = find_partition(vm, it->memory_path);

	if (!partition)
		return false;
	window->memory = soca_fd(partition);
	window->offset = it->offset;
	return true;
}

/* By the address at which the guest has it */

static bool use_ram(struct vm *vm, const struct conf_window *it,
		    struct soca_window *window)
{
	if (!ram_at(vm, it->offset, it->size))
		return false;
	window->memory = vm->ram.partition ? soca_fd(vm->ram.partition) :
					     vm->ram.pinned;
	window->offset = it->offset - vm->ram.gpa;
	return true;
}

/* In whole pages, as memslots and windows are. */
static bool use_region(struct region *region, const struct conf_window *it,
		       struct soca_window *window)
{
	const struct soca_claim *claim = region->claim->claim;
	uint64_t page = page_size(), first = region->gpa / page * page;
	uint64_t end = round_up(region->gpa + region->bytes, page);

	if (!region->is_placed || it->offset < first || it->offset > end ||
	    it->size > end - it->offset)
		return false;
	window->memory = soca_fd(claim);
	window->offset = it->offset - first;
	if (!soca_is_partition(claim))
		window->offset += soca_region_get(claim, region->index)->cookie;
	return true;
}

/* Registers of the device's own, or memory in common. */
static bool use_claims(struct vm *vm, struct assigned *claim,
		       const struct conf_window *it, struct soca_window *window)
{
	for (unsigned int i = 0; i < vm->num_claims; i++) {
		struct assigned *other = &vm->claims[i];
		unsigned int num = soca_info_get(other->claim)->num_regions;

		if (other != claim && !soca_is_partition(other->claim))
			continue;
		for (unsigned int k = 0; k < num; k++)
			if (use_region(&other->regions[k], it, window))
				return true;
	}
	return false;
}

static bool use_address(struct vm *vm, struct assigned *claim,
			const struct conf_window *it, struct soca_window *window)
{
	return use_ram(vm, it, window) || use_claims(vm, claim, it, window);
}

/* Opening */

static bool bad(const struct assigned *claim, const struct conf_window *it,
		const char *text)
{
	return fail("--assign %s: %s: %s", claim->name, it->name, text);
}

static bool find_source(struct vm *vm, struct assigned *claim,
			const struct conf_window *it, struct soca_window *window)
{
	if (it->memory_path)
		return use_path(vm, it, window) ||
		       bad(claim, it, "memory-path: the guest has no such memory");
	return use_address(vm, claim, it, window) ||
	       fail("--assign %s: %s: offset: the guest has neither memory nor the device's registers at 0x%llx, or not 0x%llx bytes in one piece",
		    claim->name, it->name, (unsigned long long)it->offset,
		    (unsigned long long)it->size);
}

static bool find_cpu(const struct assigned *claim, const struct conf_window *it,
		     struct soca_window *window)
{
	int cpu = it->stash_cpu_path ? cpu_find(it->stash_cpu_path) : 0;

	if (cpu < 0)
		return bad(claim, it, "stash-cpu-path: the host has no such CPU");
	window->stash_cpu = cpu;
	return true;
}

static bool map(struct vm *vm, struct assigned *claim,
		const struct conf_window *it)
{
	struct soca_window window = {
		.flags = SOCASSIGN_DMA_READ |
			 (it->flags & CONF_READ_ONLY ? 0 : SOCASSIGN_DMA_WRITE),
		.iova = it->iova, .length = it->size,
		.stash_level = it->stash_level, .operation = it->operation,
	};
	char reason[SOCASSIGN_MAX_REASON_LEN] = "";
	int ret;

	if (!find_source(vm, claim, it, &window) || !find_cpu(claim, it, &window))
		return false;
	ret = soca_dma_map(claim->claim, it->index, &window, reason);
	return !ret || bad(claim, it, *reason ? reason :
			   soca_explain(SOCA_OP_DMA, ret));
}

/**
 * windows_map - Open the windows that a description has of a device
 * @vm: The machine, its memory pinned if windows_need_ram()
 * @claim: The device
 * @index: The DMA identity
 *
 * Return: true, or false after a message.
 */
bool windows_map(struct vm *vm, struct assigned *claim, unsigned int index)
{
	const struct claim_option *option = claim->option;

	for (unsigned int i = 0; i < option->num_windows; i++)
		if (option->windows[i].index == index &&
		    !map(vm, claim, &option->windows[i]))
			return false;
	return true;
}

/**
 * windows_check - Has the device what its windows are for?
 * @claim: The device
 *
 * Return: true, or false after a message.
 */
bool windows_check(const struct assigned *claim)
{
	unsigned int num = soca_info_get(claim->claim)->num_dmas;

	for (unsigned int i = 0; i < claim->option->num_windows; i++) {
		const struct conf_window *it = &claim->option->windows[i];

		if (it->index >= num)
			return fail("--assign %s: %s: index: %u, and there are %u DMA identities",
				    claim->name, it->name, it->index, num);
	}
	return true;
}

/* Is one of them onto the guest's own memory, by its address? */
bool windows_need_ram(struct vm *vm, const struct assigned *claim)
{
	for (unsigned int i = 0; i < claim->option->num_windows; i++) {
		const struct conf_window *it = &claim->option->windows[i];

		if (!it->memory_path && ram_at(vm, it->offset, it->size))
			return true;
	}
	return false;
}

/* An identity that has none stays blocked. */
bool windows_has(const struct assigned *claim, unsigned int index)
{
	for (unsigned int i = 0; i < claim->option->num_windows; i++)
		if (claim->option->windows[i].index == index)
			return true;
	return false;
}
