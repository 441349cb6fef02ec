// SPDX-License-Identifier: GPL-2.0
/* The guest's memory: pages of ours, or a partition of the host's. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "socvmm.h"

/* Only who says so is told where it is. */
static uint32_t partition_flags(const struct vm *vm)
{
	uint32_t flags = 0;

	for (unsigned int i = 0; i < vm->num_claims; i++)
		flags |= soca_info_get(vm->claims[i].claim)->flags;
	return flags & SOCASSIGN_UNSAFE_DMA;
}

static bool open_partition(struct vm *vm, uint64_t *physical)
{
	struct claim_option option = vm->options->partition;
	const struct soca_region *region;
	volatile void *mem;
	int ret;

	option.flags = partition_flags(vm);
	if (!claim_get("--mem", &option, &vm->ram.partition))
		return false;
	if (!soca_is_partition(vm->ram.partition))
		return fail("--mem %s: no memory partition", option.text);
	region = soca_region_get(vm->ram.partition, 0);
	ret = soca_region_map(vm->ram.partition, 0, true, &mem);
	/* KVM on e500 does not fault it in. */
	if (!ret)
		ret = soca_region_prefault(vm->ram.partition, 0);
	if (ret)
		return fail("--mem %s: %s", option.text,
			    soca_explain(SOCA_OP_REGION, ret));
	vm->ram.mem = (void *)mem;
	vm->ram.size = region->bytes;
	*physical = region->bus_address;
	return true;
}

static bool open_pages(struct vm *vm)
{
	void *mem = MAP_FAILED;

	errno = ENOMEM;
	if (vm->options->mem <= SIZE_MAX)
		mem = mmap(NULL, vm->options->mem, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem == MAP_FAILED)
		return fail("no memory for the guest: %s", strerror(errno));
	vm->ram.mem = mem;
	vm->ram.size = vm->options->mem;
	return true;
}

static bool get_memory(struct vm *vm)
{
	uint64_t physical = 0;

	if (!(vm->options->partition.text ? open_partition(vm, &physical) :
					    open_pages(vm)))
		return false;
	vm->ram.gpa = arch_ram_base(vm, physical);
	return vm->ram.size <= UINT64_MAX - vm->ram.gpa ||
	       fail("--mem: more than a machine has");
}

/**
 * ram_open - Give the guest its memory
 * @vm: The machine, with its claims; it may have memory, of the boot before, and
 *	what is in it then stays, as in any machine's
 *
 * Return: true, or false after a message.  ram_close() is due in either case.
 */
bool ram_open(struct vm *vm)
{
	if (!vm->ram.mem && !get_memory(vm))
		return false;
	vm->ram.used = 0;
	return vm_add_slot(vm, vm->ram.gpa, vm->ram.mem, vm->ram.size) >= 0;
}

void ram_close(struct vm *vm)
{
	if (!vm->ram.partition && vm->ram.mem)
		munmap(vm->ram.mem, vm->ram.size);
	close(vm->ram.pinned);
	soca_close(vm->ram.partition);
}

/**
 * ram_at - Where we see some of the guest's memory
 * @vm: The machine
 * @gpa: Where the guest sees it
 * @size: Size of it
 *
 * Return: the address, or NULL if not all of it is memory.
 */
void *ram_at(struct vm *vm, uint64_t gpa, uint64_t size)
{
	if (gpa < vm->ram.gpa || gpa - vm->ram.gpa > vm->ram.size ||
	    size > vm->ram.size - (gpa - vm->ram.gpa))
		return NULL;
	return (char *)vm->ram.mem + (gpa - vm->ram.gpa);
}
