/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libsocassign: what a VMM does with /dev/socassign, as functions
 *
 * A claim is opened by the paths of its nodes, or adopted from somebody who
 * opened it.  What it consists of is read once, into structs that live as long
 * as the claim.  All functions that can fail return 0 or a negative errno;
 * soca_explain() turns that into a sentence.  Where the driver can say more, as to
 * why it refuses, it does so to a buffer of the caller's.
 *
 * A claim may be used by several threads at once, except for what changes the
 * library's own records of it: soca_region_map(), soca_region_unmap(),
 * soca_irq_attach(), soca_irq_open(), soca_irq_detach() and soca_close().
 */
#ifndef _LIBSOCASSIGN_H
#define _LIBSOCASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/socassign.h>

#include "libsocassign-tree.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SOCA_DEVICE - Where claims come from. */
#define SOCA_DEVICE	"/dev/socassign"

/* struct soca_claim - A claim, see soca_open(). */
struct soca_claim;

/**
 * struct soca_strings - A list of strings
 * @num: Number of strings
 * @str: The strings
 */
struct soca_strings {
	unsigned int num;
	const char *const *str;
};

/* Claims */

/**
 * struct soca_info - What a claim consists of
 * @flags: The flags it was made with, enum socassign_instantiate_flags
 * @dma_class: enum socassign_dma_class, the worst of all nodes
 * @num_regions: Number of regions, for soca_region_get()
 * @num_irqs: Number of interrupts, for soca_irq_get()
 * @num_clocks: Number of clocks, for soca_clock_get()
 * @num_dmas: Number of DMA identities, for soca_dma_get()
 * @has_reset: soca_reset() can bring the devices back to their start
 * @nodes: Canonical paths of all nodes; the other structs have indices
 */
struct soca_info {
	uint32_t flags;
	uint32_t dma_class;
	unsigned int num_regions;
	unsigned int num_irqs;
	unsigned int num_clocks;
	unsigned int num_dmas;
	bool has_reset;
	struct soca_strings nodes;
};

/**
 * soca_query - What the driver and the machine can do, before there is a claim
 * @query: Where the answer is returned, see SOCASSIGN_QUERY
 *
 * Return: 0, an errno of open(2) for %SOCA_DEVICE, or -ENOTTY if the driver is
 * older than the question.
 */
int soca_query(struct socassign_query *query);

/**
 * soca_open - Claim nodes, all or none
 * @paths: Their paths, or aliases
 * @num: Number of @paths
 * @flags: Combination of enum socassign_instantiate_flags, without
 *	%SOCASSIGN_DRY_RUN
 * @claim: Where the claim is returned; for soca_close()
 * @reason: A buffer of %SOCASSIGN_MAX_REASON_LEN bytes for what the driver says of
 *	a refusal: the node and the rule; empty if it says nothing.  Or NULL
 *
 * Return: 0, an errno of SOCASSIGN_INSTANTIATE, of open(2) for %SOCA_DEVICE, or
 * of soca_adopt().
 */
int soca_open(const char *const *paths, unsigned int num, uint32_t flags,
	      struct soca_claim **claim, char *reason);

/**
 * soca_dry_run - Would soca_open() be granted the nodes, now?
 * @paths: Their paths, or aliases
 * @num: Number of @paths
 * @flags: Combination of enum socassign_instantiate_flags
 * @reason: As for soca_open()
 *
 * Nothing is touched.  See %SOCASSIGN_DRY_RUN for what cannot be known so.  Without
 * @reason a refusal leaves its line in the kernel's log, as one of a claim does.
 *
 * Return: 0 if so, or the errno of soca_open().
 */
int soca_dry_run(const char *const *paths, unsigned int num, uint32_t flags,
		 char *reason);

/**
 * soca_adopt - Take over a claim that somebody else has opened
 * @fd: Its file descriptor; the claim's from then on if this succeeds, and
 *	made close-on-exec
 * @claim: Where the claim is returned; for soca_close()
 *
 * Return: 0, -EINVAL if @fd is not a claim, -EBADF, -ENOMEM, or -ENODEV if the
 * device is gone.
 */
int soca_adopt(int fd, struct soca_claim **claim);

/**
 * soca_close - Unmap the regions, close the claim and the library's eventfds
 * @claim: The claim, or NULL
 *
 * Eventfds handed to soca_irq_attach() stay the caller's.  If nobody else has
 * the claim the devices go back to whom they were taken from.
 */
void soca_close(struct soca_claim *claim);

/**
 * soca_fd - The file descriptor of a claim
 * @claim: The claim, which keeps it
 *
 * To hand the claim to somebody else, to poll it for events (see
 * soca_event_get()), and as the memory of a window if it is a partition.
 *
 * Return: The file descriptor.
 */
int soca_fd(const struct soca_claim *claim);

/**
 * soca_info_get - What a claim consists of
 * @claim: The claim
 *
 * Return: The description, which lives as long as the claim.
 */
const struct soca_info *soca_info_get(const struct soca_claim *claim);

/**
 * soca_reset - Bring the devices back to their start, without giving them up
 * @claim: The claim
 *
 * Mappings, windows and interrupts stay set up; DMA is to be enabled anew.
 *
 * Return: 0 or an errno of SOCASSIGN_RESET.
 */
int soca_reset(const struct soca_claim *claim);

/* Registers */

/**
 * enum soca_order - Byte order of registers
 * @SOCA_ORDER_NATIVE: That of the CPU
 * @SOCA_ORDER_BIG: Big endian
 * @SOCA_ORDER_LITTLE: Little endian
 */
enum soca_order {
	SOCA_ORDER_NATIVE,
	SOCA_ORDER_BIG,
	SOCA_ORDER_LITTLE
};

/**
 * struct soca_region - A range of registers, or the memory of a partition
 * @kind: enum socassign_region_kind
 * @flags: Combination of enum socassign_region_flags
 * @node: Index of the node in soca_info.nodes
 * @entry: Index of the entry in the node's `reg` or `ranges`
 * @widths: Sizes of an access by the kernel, where it cannot be mapped: the sum
 *	of 1, 2, 4 and 8 bytes; 0 without the driver's parameter kernel_access
 * @page_offset: Where in its first page it starts; soca_region_map() adds it
 * @bytes: Its size
 * @cookie: File offset of its first page for mmap()
 * @cached_cookie: The same, for a cacheable mmap(), or 0
 * @bus_address: Its address on the parent bus
 * @order: As the node says ("big-endian", "little-endian", "native-endian"); of
 *	the CPU if it does not say, which is right for QorIQ and for PrimeCells
 * @name: From `reg-names`, or ""
 * @neighbours: Paths of nodes outside the claim with registers in its pages
 */
struct soca_region {
	uint32_t kind;
	uint32_t flags;
	unsigned int node;
	unsigned int entry;
	uint32_t widths;
	uint32_t page_offset;
	uint64_t bytes;
	uint64_t cookie;
	uint64_t cached_cookie;
	uint64_t bus_address;
	enum soca_order order;
	const char *name;
	struct soca_strings neighbours;
};

/**
 * soca_region_get - Describe a region
 * @claim: The claim
 * @index: Region, from 0
 *
 * Return: The description, which lives as long as the claim; NULL beyond the
 * last.
 */
const struct soca_region *soca_region_get(const struct soca_claim *claim,
					  unsigned int index);

/**
 * soca_region_find - The region of a node that has a name
 * @claim: The claim
 * @node: Index of the node in soca_info.nodes
 * @name: Its name in `reg-names`
 *
 * Return: The index of the region or -ENOENT.
 */
int soca_region_find(const struct soca_claim *claim, unsigned int node,
		     const char *name);

/**
 * soca_region_map - Map a region
 * @claim: The claim
 * @index: Region
 * @cached: Cacheable, for what is made for it: portals.  A partition always is.
 * @regs: Where the address of the first register is returned
 *
 * To map a region twice is no error: the address is the same.  Once the device
 * is gone an access raises SIGBUS, unless it is by soca_read() or soca_write().
 *
 * Return: 0, -ENOENT, -EACCES if neighbours share a page, and not just registers
 * that the administrator lets the claim share (soca_read() and soca_write() work,
 * if he allows it), -EOPNOTSUPP if it cannot be mapped, or not cacheable, -EBUSY if
 * it is mapped in the other way, or another errno of mmap(2).
 */
int soca_region_map(struct soca_claim *claim, unsigned int index, bool cached,
		    volatile void **regs);

/**
 * soca_region_unmap - Undo soca_region_map()
 * @claim: The claim
 * @index: Region
 *
 * Return: 0, or -ENOENT if it is not mapped.
 */
int soca_region_unmap(struct soca_claim *claim, unsigned int index);

/**
 * soca_region_prefault - Enter a mapped region into the page table
 * @claim: The claim
 * @index: Region, mapped
 *
 * Touches no register.  KVM on e500 does not fault the pages in by itself.
 *
 * Return: 0, -ENOENT if it is not mapped, or an errno of SOCASSIGN_PREFAULT.
 */
int soca_region_prefault(const struct soca_claim *claim, unsigned int index);

/**
 * soca_prefault - The same for a mapping that the caller made by himself
 * @claim: The claim
 * @addr: Start of the range, page aligned
 * @length: Size of the range, a multiple of the page size
 *
 * Return: 0 or an errno of SOCASSIGN_PREFAULT.
 */
int soca_prefault(const struct soca_claim *claim, const volatile void *addr,
		  size_t length);

/**
 * soca_region_set_order - Say which byte order a region has
 * @claim: The claim
 * @index: Region
 * @order: The byte order; until then it is what the node says
 *
 * Return: 0, -ENOENT or -EINVAL.
 */
int soca_region_set_order(struct soca_claim *claim, unsigned int index,
			  enum soca_order order);

/**
 * soca_read - Read a register: one access on the bus
 * @claim: The claim
 * @index: Region
 * @offset: Where the register is in the region, in bytes
 * @width: Its size: 1, 2, 4 or 8 bytes
 * @value: Where its value is returned
 *
 * Through the mapping if soca_region_map() made one, else through one of its own
 * for this access.  Where neighbours forbid that it is the kernel that reads, by
 * pread(2), and a bus error kills the caller.  The read is over before anything
 * that follows.
 *
 * An access to a mapping whose device has gone raises SIGBUS, which becomes an
 * errno: the first access installs a handler, for all of the process.  It hands a
 * SIGBUS that is not of soca_read() or soca_write() to the handler that was there
 * before.  A program that installs its own later should do as much, and none may
 * block SIGBUS around an access.
 *
 * Return: 0, -ENODEV if the device is gone, -EIO if the register answers with a bus
 * error and the CPU reports that in time, -ENOENT, -EINVAL for a size that the
 * region does not have, an offset that is not aligned or beyond the region,
 * -EACCES for a partition that is not mapped, and for a region that cannot be
 * while the driver's parameter kernel_access is not set, or another errno of
 * mmap(2) or pread(2) of a claim.
 */
int soca_read(const struct soca_claim *claim, unsigned int index,
	      uint64_t offset, unsigned int width, uint64_t *value);

/**
 * soca_write - Write a register: one access on the bus
 * @claim: The claim
 * @index: Region
 * @offset: Where the register is in the region, in bytes
 * @width: Its size: 1, 2, 4 or 8 bytes
 * @value: Its new value; -EINVAL if it does not fit
 *
 * What was written to memory before can be seen by the device.
 *
 * Return: As soca_read().
 */
int soca_write(const struct soca_claim *claim, unsigned int index,
	       uint64_t offset, unsigned int width, uint64_t value);

#define SOCA_ACCESSORS(_bits)						\
static inline int soca_read##_bits(const struct soca_claim *claim,	\
				   unsigned int index, uint64_t offset,	\
				   __typeof__(uint##_bits##_t) *value)	\
{									\
	uint64_t wide = 0;						\
	int ret = soca_read(claim, index, offset, (_bits) / 8, &wide);	\
									\
	if (!ret)							\
		*value = wide & UINT##_bits##_MAX;			\
	return ret;							\
}									\
static inline int soca_write##_bits(const struct soca_claim *claim,	\
				    unsigned int index, uint64_t offset, \
				    uint##_bits##_t value)		\
{									\
	return soca_write(claim, index, offset, (_bits) / 8, value);	\
}

/* soca_read8() ... soca_write64(): the same, for registers of a fixed size. */
SOCA_ACCESSORS(8)
SOCA_ACCESSORS(16)
SOCA_ACCESSORS(32)
SOCA_ACCESSORS(64)

#undef SOCA_ACCESSORS

/* Interrupts */

/**
 * struct soca_irq - An interrupt line
 * @origin: enum socassign_irq_origin
 * @flags: Its nature, and its state when the claim was opened: enum
 *	socassign_irq_flags; soca_irq_state() has the present state
 * @node: Index of the node in soca_info.nodes
 * @entry: Index of the entry in the node's property
 * @num_cells: Number of cells in @specifier
 * @specifier: The raw specifier, in the format of the controller's binding
 * @name: From `interrupt-names`, or ""
 * @controllers: Paths of the controllers: the first one that the line goes to,
 *	then those that it is cascaded to
 * @sharers: Paths of the nodes outside the claim that name the same line
 */
struct soca_irq {
	uint32_t origin;
	uint32_t flags;
	unsigned int node;
	unsigned int entry;
	unsigned int num_cells;
	uint32_t specifier[SOCASSIGN_MAX_SPECIFIER];
	const char *name;
	struct soca_strings controllers;
	struct soca_strings sharers;
};

/**
 * soca_irq_get - Describe an interrupt
 * @claim: The claim
 * @index: Interrupt, from 0
 *
 * Return: The description, which lives as long as the claim; NULL beyond the
 * last.
 */
const struct soca_irq *soca_irq_get(const struct soca_claim *claim,
				    unsigned int index);

/**
 * soca_irq_find - The interrupt of a node that has a name
 * @claim: The claim
 * @node: Index of the node in soca_info.nodes
 * @name: Its name in `interrupt-names`
 *
 * Return: The index of the interrupt or -ENOENT.
 */
int soca_irq_find(const struct soca_claim *claim, unsigned int node,
		  const char *name);

/**
 * soca_irq_state - The present state of an interrupt
 * @claim: The claim
 * @index: Interrupt
 * @flags: Where enum socassign_irq_flags are returned, or NULL
 * @count: Where it is returned how many the hardware has raised, or NULL
 *
 * Return: 0 or an errno of SOCASSIGN_IRQ.
 */
int soca_irq_state(const struct soca_claim *claim, unsigned int index,
		   uint32_t *flags, uint64_t *count);

/**
 * soca_irq_attach - Receive an interrupt through eventfds of the caller's
 * @claim: The claim
 * @index: Interrupt
 * @trigger: eventfd that it signals; stays the caller's, who keeps it open
 *	until soca_irq_detach() or another one takes its place
 * @resample: eventfd that ends the automatic mask of a level interrupt, or -1;
 *	one that was attached before is detached then
 *
 * Return: 0 or an errno of SOCASSIGN_SET_IRQ.
 */
int soca_irq_attach(struct soca_claim *claim, unsigned int index, int trigger,
		    int resample);

/**
 * soca_irq_open - Receive an interrupt through an eventfd of the library's
 * @claim: The claim
 * @index: Interrupt
 *
 * For soca_irq_wait() and soca_irq_done().
 *
 * Return: 0 or an errno of eventfd(2) or SOCASSIGN_SET_IRQ.
 */
int soca_irq_open(struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_detach - Receive it no more
 * @claim: The claim
 * @index: Interrupt
 *
 * Return: 0 or an errno of SOCASSIGN_SET_IRQ.
 */
int soca_irq_detach(struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_fd - The eventfd that an interrupt signals, to poll it
 * @claim: The claim
 * @index: Interrupt
 *
 * Return: The file descriptor, whose owner does not change, or -ENOENT.
 */
int soca_irq_fd(const struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_wait - Wait for an interrupt
 * @claim: The claim
 * @index: Interrupt, attached
 * @milliseconds: How long at most; -1 for ever
 * @count: Where it is returned how many came, or NULL
 *
 * Return: 0, -ETIMEDOUT, -ENODEV if the device is gone, -EINTR, -ENOENT if it
 * is not attached.
 */
int soca_irq_wait(const struct soca_claim *claim, unsigned int index,
		  int milliseconds, uint64_t *count);

/**
 * soca_irq_done - The cause of a level interrupt is gone: let the next one come
 * @claim: The claim
 * @index: Interrupt
 *
 * Of no effect for an edge interrupt.
 *
 * Return: 0 or an errno of SOCASSIGN_SET_IRQ.
 */
int soca_irq_done(const struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_mask - Mask an interrupt
 * @claim: The claim
 * @index: Interrupt
 *
 * Return: 0 or an errno of SOCASSIGN_SET_IRQ.
 */
int soca_irq_mask(const struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_unmask - Undo soca_irq_mask()
 * @claim: The claim
 * @index: Interrupt
 *
 * Return: 0 or an errno of SOCASSIGN_SET_IRQ.
 */
int soca_irq_unmask(const struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_fire - Loopback: act as if the hardware had raised it
 * @claim: The claim
 * @index: Interrupt, attached
 *
 * Return: 0 or an errno of SOCASSIGN_SET_IRQ.
 */
int soca_irq_fire(const struct soca_claim *claim, unsigned int index);

/**
 * soca_irq_affinity - Deliver an interrupt to some CPUs
 * @claim: The claim
 * @index: Interrupt, attached
 * @cpus: Numbers of the CPUs
 * @num: Number of @cpus
 *
 * Return: 0, -EINVAL for a CPU beyond what the driver takes, or an errno of
 * SOCASSIGN_SET_IRQ.
 */
int soca_irq_affinity(const struct soca_claim *claim, unsigned int index,
		      const unsigned int *cpus, unsigned int num);

/* Clocks */

/**
 * struct soca_clock - A clock that the claim keeps enabled
 * @node: Index of the node in soca_info.nodes
 * @entry: Index of the entry in the node's `clocks`
 * @rate: Its rate in Hz when the claim was opened, 0 if unknown
 * @name: From `clock-names`, or ""
 */
struct soca_clock {
	unsigned int node;
	unsigned int entry;
	uint64_t rate;
	const char *name;
};

/**
 * soca_clock_get - Describe a clock
 * @claim: The claim
 * @index: Clock, from 0
 *
 * Return: The description, which lives as long as the claim; NULL beyond the
 * last.
 */
const struct soca_clock *soca_clock_get(const struct soca_claim *claim,
					unsigned int index);

/* DMA */

/**
 * struct soca_dma - A DMA identity
 * @flags: enum socassign_dma_flags, when described
 * @node: Index of the node in soca_info.nodes
 * @entry: Index of the LIODN in the node's `fsl,liodn`
 * @liodn: The LIODN; 0 if %SOCASSIGN_DMA_DIRECT or %SOCASSIGN_DMA_IOMMU
 * @num_windows: Windows, when described
 * @max_windows: Most windows that it can have
 * @stash_levels: Bit n: there is a stash target in a cache of level n
 * @num_subwindows: Geometry, when described: parts of the primary window
 * @granule: Windows start and end at multiples of this
 * @limit: Windows end here or below
 * @base: Geometry, when described: start of the primary window
 * @bytes: Geometry, when described: its size, 0 if there are no windows
 */
struct soca_dma {
	uint32_t flags;
	unsigned int node;
	unsigned int entry;
	uint32_t liodn;
	unsigned int num_windows;
	unsigned int max_windows;
	uint32_t stash_levels;
	unsigned int num_subwindows;
	uint64_t granule;
	uint64_t limit;
	uint64_t base;
	uint64_t bytes;
};

/**
 * soca_dma_get - Describe a DMA identity as it was when the claim was opened
 * @claim: The claim
 * @index: DMA identity, from 0
 *
 * Return: The description, which lives as long as the claim; NULL beyond the
 * last.
 */
const struct soca_dma *soca_dma_get(const struct soca_claim *claim,
				    unsigned int index);

/**
 * soca_dma_state - Describe a DMA identity as it is now
 * @claim: The claim
 * @index: DMA identity
 * @dma: Where the description is returned
 *
 * Return: 0 or an errno of SOCASSIGN_DMA.
 */
int soca_dma_state(const struct soca_claim *claim, unsigned int index,
		   struct soca_dma *dma);

/**
 * soca_memory_pin - Make a memory object, for windows of any claims
 * @claim: Any claim, or NULL before there is one
 * @addr: Start of the memory, page aligned
 * @length: Its size, a multiple of the page size
 * @write: Devices may write to it
 * @contiguous: Where it is returned how many bytes, from the start, are
 *	physically contiguous, or NULL
 *
 * Return: The file descriptor of the memory object, which is the caller's to
 * close, or an errno of SOCASSIGN_MEMORY; without a claim also one of opening
 * SOCA_DEVICE.  It is no longer needed once the windows are mapped.
 */
int soca_memory_pin(const struct soca_claim *claim, void *addr, size_t length,
		    bool write, uint64_t *contiguous);

/**
 * struct soca_window - A window: memory that a device sees
 * @memory: A memory object, soca_fd() of a partition, or soca_fd() of this very claim:
 *	then the window is onto registers, see struct socassign_dma_map
 * @flags: %SOCASSIGN_DMA_READ, %SOCASSIGN_DMA_WRITE or both
 * @offset: Where in @memory it starts
 * @iova: Address at which the device sees it
 * @length: Its size
 * @stash_level: Level of the cache that written data is stashed into, 0: none
 * @stash_cpu: The CPU whose cache it is; 0 for none and for level 3
 * @operation: enum socassign_operation
 */
struct soca_window {
	int memory;
	uint32_t flags;
	uint64_t offset;
	uint64_t iova;
	uint64_t length;
	uint32_t stash_level;
	uint32_t stash_cpu;
	uint32_t operation;
};

/**
 * soca_dma_map - Add a window
 * @claim: The claim
 * @index: DMA identity
 * @window: The window; the last three fields are 0 for a plain one
 * @reason: As for soca_open()
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_MAP.
 */
int soca_dma_map(const struct soca_claim *claim, unsigned int index,
		 const struct soca_window *window, char *reason);

/**
 * soca_dma_replace - Give a window other memory and properties
 * @claim: The claim
 * @index: DMA identity
 * @window: The window, with the address and length of one that exists
 * @reason: As for soca_open()
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_MAP.
 */
int soca_dma_replace(const struct soca_claim *claim, unsigned int index,
		     const struct soca_window *window, char *reason);

/**
 * soca_dma_unmap - Close a window
 * @claim: The claim
 * @index: DMA identity
 * @iova: Its address
 * @length: Its size, exactly
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_UNMAP.
 */
int soca_dma_unmap(const struct soca_claim *claim, unsigned int index,
		   uint64_t iova, uint64_t length);

/**
 * soca_dma_unmap_all - Close all windows
 * @claim: The claim
 * @index: DMA identity
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_UNMAP.
 */
int soca_dma_unmap_all(const struct soca_claim *claim, unsigned int index);

/**
 * soca_dma_enable - Let the device through its windows
 * @claim: The claim
 * @index: DMA identity
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_CONTROL.
 */
int soca_dma_enable(const struct soca_claim *claim, unsigned int index);

/**
 * soca_dma_disable - Block every access; the windows stay
 * @claim: The claim
 * @index: DMA identity
 *
 * Return: 0 or an errno of SOCASSIGN_DMA_CONTROL.
 */
int soca_dma_disable(const struct soca_claim *claim, unsigned int index);

/* Partitions */

/**
 * soca_is_partition - Is a claim one of a memory partition?
 * @claim: The claim
 *
 * A partition is opened by its path below /reserved-memory, alone.  Its only
 * region is the memory: soca_region_map() maps it, and soca_fd() is what
 * soca_window.memory takes.
 *
 * Return: true if so.
 */
bool soca_is_partition(const struct soca_claim *claim);

/* Events */

/**
 * struct soca_event - Something that happened to a claim
 * @type: enum socassign_event_type
 * @flags: Combination of enum socassign_event_flags
 * @index: What it is about: a node, an interrupt or a DMA identity
 * @fault: DMA fault: enum socassign_fault
 * @storm: Storm: enum socassign_storm
 * @time: When, CLOCK_MONOTONIC, in nanoseconds
 * @address: DMA fault: the address that the device used
 */
struct soca_event {
	uint32_t type;
	uint32_t flags;
	uint32_t index;
	uint32_t fault;
	uint32_t storm;
	uint64_t time;
	uint64_t address;
};

/**
 * soca_event_get - Take the oldest event; never blocks
 * @claim: The claim
 * @event: Where it is returned
 *
 * poll(2) of soca_fd() says POLLIN while there is one, and POLLHUP from when
 * the device is gone.
 *
 * Return: 0, -EAGAIN if there is none, -ENODEV if there is none and there will
 * be none: the device is gone.
 */
int soca_event_get(const struct soca_claim *claim, struct soca_event *event);

/**
 * soca_event_wait - Take the oldest event, or wait for one
 * @claim: The claim
 * @milliseconds: How long at most; -1 for ever
 * @event: Where it is returned
 *
 * Return: 0, -ETIMEDOUT, -ENODEV as soca_event_get(), -EINTR.
 */
int soca_event_wait(const struct soca_claim *claim, int milliseconds,
		    struct soca_event *event);

/* Failures */

/**
 * enum soca_operation - What has failed
 * @SOCA_OP_OPEN: soca_open(), soca_adopt()
 * @SOCA_OP_REGION: soca_region_map(), soca_read(), soca_write(), prefault
 * @SOCA_OP_IRQ: soca_irq_*()
 * @SOCA_OP_DMA: soca_dma_*()
 * @SOCA_OP_MEMORY: soca_memory_pin()
 * @SOCA_OP_RESET: soca_reset()
 * @SOCA_OP_EVENT: soca_event_*()
 */
enum soca_operation {
	SOCA_OP_OPEN,
	SOCA_OP_REGION,
	SOCA_OP_IRQ,
	SOCA_OP_DMA,
	SOCA_OP_MEMORY,
	SOCA_OP_RESET,
	SOCA_OP_EVENT
};

/**
 * soca_explain - What a failure means, for people
 * @op: What has failed
 * @error: The negative errno that it returned; a positive one will do
 *
 * Looks at the machine and the process as they are now: whether there is a
 * %SOCA_DEVICE, whether the caller may open it and has CAP_SYS_ADMIN.  It says what
 * the errno may mean; the driver's reason, where there is one, says what it does.
 *
 * Return: A text of one line, without a full stop; for ever valid.
 */
const char *soca_explain(enum soca_operation op, int error);

#ifdef __cplusplus
}
#endif

#endif /* _LIBSOCASSIGN_H */
