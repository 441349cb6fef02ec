// SPDX-License-Identifier: GPL-2.0
/* The devices: claimed, mapped into the guest, their interrupts connected. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "socvmm.h"

/* Claims */

static bool no_memory(void)
{
	return fail("%s", strerror(ENOMEM));
}

/* No guest has any of it. */
static void init_parts(struct assigned *claim)
{
	const struct soca_info *info = soca_info_get(claim->claim);

	for (unsigned int i = 0; i < info->num_irqs; i++)
		claim->lines[i] = (struct line) {
			.pin = -1, .trigger = -1, .resample = -1,
		};
	for (unsigned int i = 0; i < info->num_regions; i++)
		claim->regions[i] = (struct region) {
			.claim = claim, .index = i, .slot = -1,
		};
}

static bool alloc_parts(struct assigned *claim)
{
	const struct soca_info *info = soca_info_get(claim->claim);

	claim->regions = calloc(info->num_regions + 1, sizeof(*claim->regions));
	claim->lines = calloc(info->num_irqs + 1, sizeof(*claim->lines));
	if (!claim->regions || !claim->lines)
		return no_memory();
	init_parts(claim);
	/* What the guest reads is what is on the bus. */
	for (unsigned int i = 0; i < info->num_regions; i++)
		soca_region_set_order(claim->claim, i, SOCA_ORDER_NATIVE);
	return true;
}

/*
 * A device that raises a line which the host listens to, and which only the guest
 * could quiet, takes the line from the host: the kernel switches it off.
 */
static bool check_host_lines(const struct assigned *claim)
{
	const struct soca_irq *irq;

	for (unsigned int i = 0; (irq = soca_irq_get(claim->claim, i)); i++)
		if (irq->flags & SOCASSIGN_IRQ_HOST)
			return fail("--assign %s: a device of the host's uses the same interrupt (%s has it): assign both, or none",
				    claim->name, irq->sharers.num ?
				    irq->sharers.str[0] : "another driver");
	return true;
}

/**
 * claim_get - Claim nodes, or take over a claim of them
 * @name: The command line's word for it
 * @option: The claim
 * @claim: Where it is returned, for soca_close()
 *
 * Return: true, or false after a message.
 */
bool claim_get(const char *name, const struct claim_option *option,
	       struct soca_claim **claim)
{
	char reason[SOCASSIGN_MAX_REASON_LEN] = "";
	int ret = option->fd >= 0 ?
		  soca_adopt(option->fd, claim) :
		  soca_open(option->paths, option->num, option->flags, claim,
			    reason);

	return !ret || fail("%s %s: %s", name, option->text, *reason ? reason :
			    soca_explain(SOCA_OP_OPEN, ret));
}

static bool open_claim(const struct claim_option *option,
		       struct assigned *claim)
{
	claim->name = option->text;
	claim->option = option;
	return claim_get("--assign", option, &claim->claim) &&
	       alloc_parts(claim) && check_host_lines(claim);
}

static void close_claim(struct assigned *claim)
{
	soca_close(claim->claim);
	free(claim->lines);
	free(claim->regions);
	*claim = (struct assigned) { 0 };
}

/*
 * Of the boot before: nothing that the guest has left at work may go on.  What
 * cannot be reset is stopped by the end of its claim; who was handed that has no
 * other.  Memory keeps what is in it, as in any machine.
 */
static bool reset_claim(const struct claim_option *option,
			struct assigned *claim)
{
	/* Memory stays as it is: others may have it, too. */
	int ret = soca_is_partition(claim->claim) ? 0 :
		  soca_reset(claim->claim);

	if (!ret)
		return true;
	if (option->fd >= 0)
		return fail("--assign %s: the guest cannot boot again: %s",
			    option->text, soca_explain(SOCA_OP_RESET, ret));
	say("--assign %s: is claimed anew: %s", option->text,
	    soca_explain(SOCA_OP_RESET, ret));
	close_claim(claim);
	return open_claim(option, claim);
}

static bool has_node(const struct assigned *claim, const char *path,
		     unsigned int *node)
{
	const struct soca_strings *nodes = &soca_info_get(claim->claim)->nodes;

	for (*node = 0; *node < nodes->num; (*node)++)
		if (!strcmp(nodes->str[*node], path))
			return true;
	return false;
}

/* The driver knows who does, in whatever way each spells the line. */
static bool has_line(const struct assigned *claim, const struct soca_irq *irq)
{
	unsigned int node;

	for (unsigned int i = 0; i < irq->sharers.num; i++)
		if (has_node(claim, irq->sharers.str[i], &node))
			return true;
	return false;
}

/* Two claims cannot both have a line: each would mask it for the other. */
static bool check_lines(const struct assigned *a, const struct assigned *b)
{
	const struct soca_irq *irq;

	for (unsigned int i = 0; (irq = soca_irq_get(b->claim, i)); i++)
		if (has_line(a, irq))
			return fail("--assign %s and %s have an interrupt in common: put both into one --assign",
				    a->name, b->name);
	return true;
}

static bool open_claims(struct vm *vm)
{
	const struct options *options = vm->options;

	vm->claims = calloc(options->num_assign + 1, sizeof(*vm->claims));
	if (!vm->claims)
		return no_memory();
	for (unsigned int i = 0; i < options->num_assign; i++) {
		vm->num_claims++;
		if (!open_claim(&options->assign[i], &vm->claims[i]))
			return false;
		for (unsigned int k = 0; k < i; k++)
			if (!check_lines(&vm->claims[k], &vm->claims[i]))
				return false;
	}
	return true;
}

static bool reset_claims(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_claims; i++)
		if (!reset_claim(&vm->options->assign[i], &vm->claims[i]))
			return false;
	return true;
}

/**
 * assign_open - Have what the user wants to assign, as it is at its start
 * @vm: The machine; it may have its claims, of the boot before
 *
 * Return: true, or false after a message.  assign_close() is due in either case.
 */
bool assign_open(struct vm *vm)
{
	return vm->claims ? reset_claims(vm) : open_claims(vm);
}

static void disconnect_claim(struct assigned *claim)
{
	for (unsigned int i = 0; i < soca_info_get(claim->claim)->num_irqs; i++) {
		if (claim->lines[i].trigger < 0)
			continue;
		soca_irq_detach(claim->claim, i);
		close(claim->lines[i].trigger);
		close(claim->lines[i].resample);
	}
	init_parts(claim);
}

/**
 * assign_disconnect - Take from a guest that has ended what assign_connect() gave
 * @vm: The machine
 *
 * What an interrupt brings now is nobody's.
 */
void assign_disconnect(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_claims; i++)
		if (vm->claims[i].lines && vm->claims[i].regions)
			disconnect_claim(&vm->claims[i]);
}

/* The devices do no DMA any more when this returns. */
void assign_close(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_claims; i++)
		close_claim(&vm->claims[i]);
	free(vm->claims);
}

/* What the guest's tree asks for */

static struct assigned *find_claim(struct vm *vm, const char *path,
				   unsigned int *node)
{
	for (unsigned int i = 0; i < vm->num_claims; i++)
		if (has_node(&vm->claims[i], path, node))
			return &vm->claims[i];
	return NULL;
}

static bool is_memory(const struct soca_region *region)
{
	return region->kind == SOCASSIGN_REGION_MEMORY;
}

/* To the tree the memory of a partition is an entry of reg. */
static uint32_t kind_in_tree(const struct soca_region *region)
{
	return is_memory(region) ? SOCASSIGN_REGION_REG : region->kind;
}

/**
 * assign_find_region - What the guest's tree has a place for
 * @vm: The machine
 * @wanted: The entry of the tree
 *
 * Return: the region, or NULL if no claim has it.
 */
struct region *assign_find_region(struct vm *vm,
				  const struct soca_tree_region *wanted)
{
	unsigned int node;
	struct assigned *claim = find_claim(vm, wanted->path, &node);
	const struct soca_region *it;

	for (unsigned int i = 0;
	     claim && (it = soca_region_get(claim->claim, i)); i++)
		if (it->node == node && kind_in_tree(it) == wanted->kind &&
		    it->entry == wanted->entry)
			return &claim->regions[i];
	return NULL;
}

/**
 * assign_find_line - The interrupt that the guest's tree has an entry for
 * @vm: The machine, whose guest's tree is being made
 * @wanted: The entry of the tree
 * @is_level: Returns whether it is level triggered
 *
 * Siblings on one line have one interrupt, as they have on the host.
 *
 * Return: the interrupt, or NULL if no claim has it, or the host could not set
 * it up.
 */
struct line *assign_find_line(struct vm *vm, const struct soca_tree_irq *wanted,
			      bool *is_level)
{
	unsigned int node;
	struct assigned *claim = find_claim(vm, wanted->path, &node);
	int index = claim ? soca_tree_find_irq(vm->host_tree, claim->claim,
					       wanted) : -1;
	uint32_t flags;

	if (index < 0)
		return NULL;
	flags = soca_irq_get(claim->claim, index)->flags;
	if (flags & SOCASSIGN_IRQ_UNMAPPED)
		return NULL;
	*is_level = flags & SOCASSIGN_IRQ_LEVEL;
	return &claim->lines[index];
}

uint64_t assign_clock_rate(struct vm *vm, const char *path, uint32_t entry)
{
	unsigned int node;
	struct assigned *claim = find_claim(vm, path, &node);
	const struct soca_clock *it;

	for (unsigned int i = 0;
	     claim && (it = soca_clock_get(claim->claim, i)); i++)
		if (it->node == node && it->entry == entry)
			return it->rate;
	return 0;
}

/* In whole pages: a memslot has no smaller parts. */
static bool region_overlaps(const struct region *region, uint64_t start,
			    uint64_t size)
{
	uint64_t page = page_size();
	uint64_t first = region->gpa / page * page;
	uint64_t end = round_up(region->gpa + region->bytes, page);

	return region->is_placed && first < start + size && start < end;
}

/**
 * assign_overlaps - Does something that is assigned have its place there?
 * @vm: The machine, with a guest's tree
 * @start: Guest-physical address
 * @size: Size
 *
 * Return: true if so.
 */
bool assign_overlaps(struct vm *vm, uint64_t start, uint64_t size)
{
	for (unsigned int i = 0; i < vm->num_claims; i++) {
		const struct assigned *claim = &vm->claims[i];
		unsigned int num = soca_info_get(claim->claim)->num_regions;

		for (unsigned int k = 0; k < num; k++)
			if (region_overlaps(&claim->regions[k], start, size))
				return true;
	}
	return false;
}

/* Connecting */

/*
 * For pages that the guest may not have whole, and for those of a device that
 * is gone: each access is done by the claim, or fails there.
 */
static uint64_t region_read(void *data, uint64_t offset, unsigned int width)
{
	const struct region *region = data;
	uint64_t value;

	if (soca_read(region->claim->claim, region->index, offset, width, &value))
		return UINT64_MAX;
	return value;
}

static void region_write(void *data, uint64_t offset, unsigned int width,
			 uint64_t value)
{
	const struct region *region = data;

	soca_write(region->claim->claim, region->index, offset, width, value);
}

/* Siblings in one claim share pages: the first one brings them. */
static bool has_slot(const struct assigned *claim, uint64_t start,
		     uint64_t size)
{
	unsigned int num = soca_info_get(claim->claim)->num_regions;

	for (unsigned int i = 0; i < num; i++)
		if (claim->regions[i].slot >= 0 &&
		    region_overlaps(&claim->regions[i], start, size))
			return true;
	return false;
}

/* Registers are not cached; memory has no other mapping. */
static bool can_map(const struct soca_region *region)
{
	return region->flags & (is_memory(region) ?
				SOCASSIGN_REGION_MMAP_CACHED :
				SOCASSIGN_REGION_MMAP);
}

static bool map_region(struct vm *vm, struct region *region,
		       const struct soca_region *it)
{
	struct assigned *claim = region->claim;
	uint64_t size = round_up(it->page_offset + it->bytes, page_size());
	uint64_t start = region->gpa - it->page_offset;
	volatile void *regs;
	int ret;

	if (!can_map(it) || has_slot(claim, start, size))
		return true;
	ret = soca_region_map(claim->claim, region->index, is_memory(it), &regs);
	if (!ret)
		ret = soca_region_prefault(claim->claim, region->index);
	if (ret)
		return fail("--assign %s: region %u: %s", claim->name,
			    region->index, soca_explain(SOCA_OP_REGION, ret));
	region->slot = vm_add_slot(vm, start, (char *)regs - it->page_offset,
				   size);
	return region->slot >= 0;
}

/* Are the registers there for a guest, in one way or the other? */
static bool can_reach(const struct region *region, const struct soca_region *it)
{
	if (can_map(it) || it->widths)
		return true;
	return fail("--assign %s: region %u cannot be mapped, and the kernel accesses registers only with socassign's parameter kernel_access=Y",
		    region->claim->name, region->index);
}

static bool connect_region(struct vm *vm, struct region *region)
{
	const struct soca_region *it =
		soca_region_get(region->claim->claim, region->index);

	if (!region->is_placed)
		return !is_memory(it) ||
		       fail("--assign %s: it has no address in the device tree, where others would find it",
			    region->claim->name);
	if (region->gpa % page_size() != it->page_offset)
		return fail("--assign %s: region %u is at 0x%llx in the device tree, and somewhere else",
			    region->claim->name, region->index,
			    (unsigned long long)region->gpa);
	return can_reach(region, it) && map_region(vm, region, it) &&
	       mmio_add(vm, &(struct mmio) {
			.start = region->gpa, .size = region->bytes,
			.counter = &vm->stats->other, .read = region_read,
			.write = region_write, .data = region,
	       });
}

static bool connect_line(struct vm *vm, struct assigned *claim,
			 unsigned int index)
{
	const struct soca_irq *it = soca_irq_get(claim->claim, index);
	struct line *line = &claim->lines[index];
	int ret;

	if (line->pin < 0)
		return true;
	line->trigger = eventfd(0, EFD_CLOEXEC);
	if (it->flags & SOCASSIGN_IRQ_LEVEL)
		line->resample = eventfd(0, EFD_CLOEXEC);
	if (line->trigger < 0 ||
	    (it->flags & SOCASSIGN_IRQ_LEVEL && line->resample < 0))
		return fail("eventfd: %s", strerror(errno));
	if (!vm_irqfd(vm, line))
		return false;
	ret = soca_irq_attach(claim->claim, index, line->trigger,
			      line->resample);
	return !ret || fail("--assign %s: interrupt %u: %s", claim->name, index,
			    soca_explain(SOCA_OP_IRQ, ret));
}

static bool connect_claim(struct vm *vm, struct assigned *claim)
{
	const struct soca_info *info = soca_info_get(claim->claim);

	for (unsigned int i = 0; i < info->num_regions; i++)
		if (!connect_region(vm, &claim->regions[i]))
			return false;
	for (unsigned int i = 0; i < info->num_irqs; i++)
		if (!connect_line(vm, claim, i))
			return false;
	return true;
}

/**
 * assign_connect - Give the guest the registers and interrupts of its devices
 * @vm: The machine, with the guest's tree and the interrupt controller
 *
 * Return: true, or false after a message.
 */
bool assign_connect(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_claims; i++)
		if (!connect_claim(vm, &vm->claims[i]))
			return false;
	return true;
}

/* News */

/* A device can fault as fast as it likes; a person cannot read so fast. */
#define FAULTS_PER_SECOND	10

/* Events that are taken at a time: there are other things to do. */
#define EVENTS_AT_ONCE		32

static bool is_worth_telling(struct assigned *claim)
{
	time_t now = time(NULL);

	if (now != claim->faults_since) {
		if (claim->num_faults > FAULTS_PER_SECOND)
			say("%s: %u more DMA faults", claim->name,
			    claim->num_faults - FAULTS_PER_SECOND);
		claim->faults_since = now;
		claim->num_faults = 0;
	}
	return ++claim->num_faults <= FAULTS_PER_SECOND;
}

/* As far as the IOMMU tells. */
static const char *access_name(const struct soca_event *event)
{
	if (event->flags & SOCASSIGN_EVENT_READ)
		return ", a read";
	return event->flags & SOCASSIGN_EVENT_WRITE ? ", a write" : "";
}

static void tell_fault(struct assigned *claim, const struct soca_event *event)
{
	static const char * const why[] = {
		[SOCASSIGN_FAULT_OUTSIDE] = "outside of the guest's memory",
		[SOCASSIGN_FAULT_PERMISSION] = "not permitted",
		[SOCASSIGN_FAULT_DISABLED] = "not enabled",
		[SOCASSIGN_FAULT_OPERATION] = "unknown operation",
	};
	const struct soca_dma *dma = soca_dma_get(claim->claim, event->index);
	char who[32] = "";

	if (!is_worth_telling(claim))
		return;
	if (dma && dma->liodn)
		snprintf(who, sizeof(who), ", LIODN %u", dma->liodn);
	say("%s: DMA fault at 0x%llx%s%s: %s", claim->name,
	    (unsigned long long)event->address, who, access_name(event),
	    event->fault < ARRAY_SIZE(why) && why[event->fault] ?
	    why[event->fault] : "unknown reason");
}

static void tell_storm(struct assigned *claim, const struct soca_event *event)
{
	static const char * const why[] = {
		[SOCASSIGN_STORM_RATE] = "it came too fast",
		[SOCASSIGN_STORM_BUSY] = "it left too little of the CPU",
		[SOCASSIGN_STORM_LOOP] = "other interrupts ended its mask",
	};

	say("%s: interrupt %u was paused: %s", claim->name, event->index,
	    event->storm < ARRAY_SIZE(why) && why[event->storm] ?
	    why[event->storm] : "unknown reason");
}

/* The guest's kernel knows no way to let go of a device: all of it goes. */
static void give_back(struct vm *vm, const struct assigned *claim)
{
	say("%s: the host asks for it: the guest ends", claim->name);
	vm_stop(vm, WHY_ASKED);
}

static void tell(struct vm *vm, struct assigned *claim,
		 const struct soca_event *event)
{
	if (event->flags & SOCASSIGN_EVENT_OVERFLOW)
		say("%s: some events were lost", claim->name);
	switch (event->type) {
	case SOCASSIGN_EVENT_REMOVED:
		/* The claim's own end tells the same, and cannot be lost. */
		break;
	case SOCASSIGN_EVENT_STORM:
		tell_storm(claim, event);
		break;
	case SOCASSIGN_EVENT_DMA_FAULT:
		tell_fault(claim, event);
		break;
	case SOCASSIGN_EVENT_REMOVE_REQUESTED:
		give_back(vm, claim);
		break;
	}
}

/**
 * assign_news - Tell the user what has happened to a claim
 * @vm: The machine
 * @claim: The claim, whose descriptor has something to read
 */
void assign_news(struct vm *vm, struct assigned *claim)
{
	struct soca_event event;

	for (unsigned int i = 0; i < EVENTS_AT_ONCE; i++) {
		if (soca_event_get(claim->claim, &event))
			return;
		tell(vm, claim, &event);
	}
}

/*
 * Its memslots must go: KVM may look for ever for pages that will not come
 * back.  After that the guest's accesses come to us, and then to region_read().
 *
 * But not before the kernel has taken the pages away: KVM on e500 forgets no
 * page when its memslot goes, so the guest would keep the registers.  A claim
 * is told to be gone first; it says ENODEV when all that is done.
 */
static void end_claim(struct vm *vm, struct assigned *claim)
{
	unsigned int num = soca_info_get(claim->claim)->num_regions;
	struct soca_event event;

	while (!soca_event_get(claim->claim, &event))
		continue;
	for (unsigned int i = 0; i < num; i++) {
		if (claim->regions[i].slot < 0)
			continue;
		vm_remove_slot(vm, claim->regions[i].slot);
		claim->regions[i].slot = -1;
		soca_region_unmap(claim->claim, i);
	}
	atomic_store(&claim->is_gone, true);
	atomic_fetch_add(&vm->num_gone, 1);
}

static bool is_to_end(const struct assigned *claim)
{
	struct pollfd fd = { .fd = soca_fd(claim->claim) };

	return !atomic_load(&claim->is_gone) && poll(&fd, 1, 0) > 0 &&
	       fd.revents & POLLHUP;
}

/**
 * assign_reap - Take from the guest what the host has taken away
 * @vm: The machine
 *
 * Context: Any thread; takes vm.lock.
 */
void assign_reap(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_claims; i++) {
		struct assigned *claim = &vm->claims[i];
		bool ends;

		pthread_mutex_lock(&vm->lock);
		ends = is_to_end(claim);
		if (ends)
			end_claim(vm, claim);
		pthread_mutex_unlock(&vm->lock);
		if (ends)
			say("%s: the host has taken it away", claim->name);
	}
}
