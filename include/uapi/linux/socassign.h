/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * socassign: a virtual machine owns real SoC devices
 *
 * User-space ABI.  /dev/socassign turns device-tree paths into a claim: an
 * anonymous file descriptor to map the registers of the devices, to receive
 * their interrupts, to give them windows onto memory and to hear of what happens
 * to them.
 */
#ifndef _UAPI_LINUX_SOCASSIGN_H
#define _UAPI_LINUX_SOCASSIGN_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define SOCASSIGN_TYPE		0xAF

/**
 * DOC: General format
 *
 * Every ioctl takes a pointer to a struct whose first field, @size, is the
 * size of the struct that the caller was compiled with.  A kernel that knows a
 * larger struct takes the missing tail as zeros; a kernel that knows a smaller
 * one accepts a tail of zeros only, and no struct larger than a page.  Fields
 * named `out_*` are written by the kernel, `__reserved` must be zero.  All
 * layouts are the same for 32-bit and 64-bit callers.  A struct is written back
 * only when the call succeeds, and if there is anything in it for the kernel to
 * write.
 *
 * Lists of strings, in and out, have the format of a device tree's string
 * list: strings one after the other, each ended by a NUL.  A list or string
 * that the kernel returns goes to a buffer of the caller's; the matching
 * `*_len` field is the buffer's size in bytes on entry and the size of the
 * whole value on return.  A value that does not fit is cut at the buffer's
 * end (not necessarily behind a NUL); call again with a larger buffer.  A size
 * of zero asks for the length only, and the pointer is not used then.
 */

/**
 * DOC: Reasons
 *
 * Where a struct has a field `reason`, it is a user pointer to a buffer of
 * `reason_len` bytes for one sentence that says which rule refused the request,
 * of which node.  It is written when the call fails, too: from the moment that
 * the struct is understood, which EFAULT, E2BIG, and EINVAL for @size can come
 * before.  The text ends with a NUL, is cut at the buffer's end, and is empty if
 * there is nothing to say, as after success; it is printable ASCII, other bytes
 * stand as \xNN.  No text has more than %SOCASSIGN_MAX_REASON_LEN bytes.  It is
 * for people: programs go by the errno.
 *
 * With a `reason_len` of zero the pointer is not used.  A buffer that cannot be
 * written changes nothing about the call or its errno.
 */

/**
 * DOC: Errors
 *
 * The meaning of an errno is part of the ABI.  Every ioctl:
 *
 *  - ENOTTY: the command is unknown, or not one for this kind of file.
 *  - EINVAL: @size is smaller than the first version of the struct, or a
 *    field has a value that is never right (the text of each command lists
 *    what).
 *  - E2BIG: the struct has a tail that this kernel does not know and that is
 *    not zero, or it is larger than a page.
 *  - EOPNOTSUPP: a flag, or a non-zero `__reserved` field, that this kernel
 *    does not know; or the hardware cannot do what was asked.
 *  - EFAULT: a pointer does not point to accessible memory.
 *  - ENOMEM: out of memory.
 *  - ENODEV: the device is gone: it was unbound from the driver or removed.
 *    Every operation on the claim returns it from then on, except
 *    SOCASSIGN_GET_EVENT while events are queued.
 *  - ENOENT: an index is beyond the last object, or a path names no node.
 *
 * SOCASSIGN_INSTANTIATE, beside these:
 *
 *  - EPERM: the caller lacks the capability that the request needs, or the
 *    administrator did not hand the node to the driver or did not declare its
 *    DMA class, or the kernel is locked down.
 *  - EACCES: policy forbids the node to everybody: a system control block,
 *    memory, a CPU, an interrupt controller in use, an MSI controller of the
 *    host's, an IOMMU, a timer, a part of one of these, something behind PCI, a
 *    bus without %SOCASSIGN_SUBTREE, registers where the tree also says that
 *    memory is, or that one of these nodes has registers.
 *  - EBUSY: somebody else owns the node, an ancestor or a descendant of it, one
 *    of its LIODNs, its IOMMU group, or a node that has registers among those of
 *    the claim, or one of its reset lines; or the node is in quarantine; or a
 *    driver of the host's holds it and may not or cannot let go; or a device of
 *    the host's, or of another claim, depends on it; or a partition has an owner,
 *    and one of the two does not share it; or the machine goes to sleep.
 *  - ESHUTDOWN: the machine goes down.
 *  - ENAMETOOLONG: the list of paths is longer than
 *    %SOCASSIGN_MAX_PATHS_LEN.
 *  - EREMOTEIO: firmware or the kernel's frameworks could not bring up a
 *    clock, power domain or reset of the node; the log has their error.
 *  - EMFILE, ENFILE: as from open(2).
 *
 * For each refusal that is not about the form of the request the kernel log
 * has one line, rate limited, that names the node and the rule.  Where the
 * command has a buffer for the reason, it gets the same text, each time.
 */

/**
 * DOC: Threads and processes
 *
 * A claim and a memory object are files.  Whoever has a descriptor of one, by fork(2),
 * dup(2) or a message (SCM_RIGHTS), can do all of it, with whatever rights, and from
 * any number of threads and processes at a time.  It ends with the last descriptor and
 * the last mapping; a memory object with the last window, too.
 *
 * Commands that touch the same thing come one after the other, in an order that is not
 * defined, and each does all that it does or none of it, unless its text says otherwise.
 * SOCASSIGN_RESET and the end of a claim have it to themselves.  A command that has
 * begun is not ended by a close(2) of its descriptor.
 *
 * Mappings, and the pages that are entered into them, are the process's.
 */

enum {
	SOCASSIGN_CMD_BASE = 0x20,
	/* on /dev/socassign */
	SOCASSIGN_CMD_INSTANTIATE = SOCASSIGN_CMD_BASE,
	/* on a claim */
	SOCASSIGN_CMD_INFO = 0x21,
	SOCASSIGN_CMD_REGION = 0x22,
	SOCASSIGN_CMD_IRQ = 0x23,
	SOCASSIGN_CMD_CLOCK = 0x24,
	SOCASSIGN_CMD_SET_IRQ = 0x25,
	SOCASSIGN_CMD_RESET = 0x26,
	SOCASSIGN_CMD_PREFAULT = 0x27,
	SOCASSIGN_CMD_GET_EVENT = 0x28,
	SOCASSIGN_CMD_DMA = 0x29,
	SOCASSIGN_CMD_MEMORY = 0x2a,	/* and on /dev/socassign */
	SOCASSIGN_CMD_DMA_MAP = 0x2b,
	SOCASSIGN_CMD_DMA_UNMAP = 0x2c,
	SOCASSIGN_CMD_DMA_CONTROL = 0x2d,
	/* on /dev/socassign */
	SOCASSIGN_CMD_QUERY = 0x2e
};

/*
 * SOCASSIGN_ABI_VERSION - Of this header and, by SOCASSIGN_QUERY, of the
 * kernel: the major number in the upper 16 bits, the minor one in the lower.  A
 * new minor one adds; while the major one is 0 it may also change and take away.
 */
#define SOCASSIGN_ABI_VERSION	1
/* SOCASSIGN_MAX_PATHS_LEN - Longest list of paths, in bytes. */
#define SOCASSIGN_MAX_PATHS_LEN	16384
/* SOCASSIGN_MAX_REASON_LEN - Longest text of a reason in bytes, with its NUL. */
#define SOCASSIGN_MAX_REASON_LEN	512
/* SOCASSIGN_MAX_NODES - Most nodes in a claim, descendants included. */
#define SOCASSIGN_MAX_NODES	512

/**
 * enum socassign_instantiate_flags - How to claim
 * @SOCASSIGN_SUBTREE: The descendants of every named node come along.  A pure
 *	bus (compatible with "simple-bus", "simple-pm-bus", "simple-mfd" or
 *	"isa") can be claimed only so.
 * @SOCASSIGN_DETACH: If a driver of the host's is bound to a node, unbind it
 *	now and give the device back to the host when the claim is released,
 *	unless its driver_override says "socassign" by then.  Without the flag
 *	such a node is refused with EBUSY.  Needs CAP_SYS_ADMIN.
 * @SOCASSIGN_NO_DMA: The caller vouches that the devices master no bus.  Needs
 *	CAP_SYS_ADMIN and a kernel that is not locked down.  Refused with
 *	EINVAL where the tree says the contrary: for a node that has, or is below
 *	one that has, "fsl,liodn", for one that has "iommus", or a part that has,
 *	and for a portal of QMan or BMan.
 * @SOCASSIGN_UNSAFE_DMA: Take a bus master that no IOMMU protects: it can read
 *	and write all of memory.  Needs CAP_SYS_ADMIN and CAP_SYS_RAWIO, the
 *	module parameter `unsafe_dma`, and a kernel that is not locked down;
 *	taints the kernel.  For a partition: tell its physical address, which
 *	such a bus master needs.
 * @SOCASSIGN_SHARED: A partition whose node has the property
 *	"socassign,shared" may have several owners, if all of them set this
 *	flag.  EINVAL for anything else.
 * @SOCASSIGN_DRY_RUN: Would the claim be granted, to this caller, now?  Returns
 *	0, with -1 in @out_fd, or the errno that the claim would get.  No driver
 *	is unbound, nothing is reserved.  What only bringing up the devices
 *	shows is not known then: EREMOTEIO, and what a driver of the host's
 *	leaves behind.  With a buffer for the reason, the log stays silent.
 * @SOCASSIGN_SHARE_REGS: Where a node outside the claim has registers among
 *	those of the claim, reach them, too: see SOCASSIGN_REGION.  Needs
 *	CAP_SYS_ADMIN and a kernel that is not locked down.
 * @SOCASSIGN_CONFINED_DMA: For portals of QMan and BMan: the caller vouches that
 *	the blocks which work off what is queued there (frame manager, security
 *	engine) reach by that no more memory than the owner of the claim may.  A
 *	portal whose own LIODNs are behind a PAMU, or that does no DMA itself, then
 *	counts as %SOCASSIGN_DMA_PROTECTED; otherwise such a portal needs
 *	%SOCASSIGN_UNSAFE_DMA.  Needs CAP_SYS_ADMIN and a kernel that is not locked
 *	down; changes nothing for other nodes.
 */
enum socassign_instantiate_flags {
	SOCASSIGN_SUBTREE	= 1 << 0,
	SOCASSIGN_DETACH	= 1 << 1,
	SOCASSIGN_NO_DMA	= 1 << 2,
	SOCASSIGN_UNSAFE_DMA	= 1 << 3,
	SOCASSIGN_SHARED	= 1 << 4,
	SOCASSIGN_DRY_RUN	= 1 << 5,
	SOCASSIGN_SHARE_REGS	= 1 << 6,
	SOCASSIGN_CONFINED_DMA	= 1 << 7
};

/**
 * struct socassign_instantiate - ioctl(SOCASSIGN_INSTANTIATE)
 * @size: sizeof(struct socassign_instantiate)
 * @flags: Combination of enum socassign_instantiate_flags
 * @paths: User pointer to the list of device-tree paths
 * @paths_len: Size of the list in bytes, with the NUL of the last path;
 *	1 to %SOCASSIGN_MAX_PATHS_LEN
 * @out_fd: The claim: a file descriptor, close-on-exec
 * @reason: User pointer to a buffer for the reason of a refusal
 * @reason_len: Size of the buffer, or 0
 * @__reserved: Must be 0
 *
 * Claims the nodes, all or none.  Several nodes in one claim may share what no
 * two claims can: a page of registers, an interrupt, a LIODN.  A path is
 * absolute or starts with an alias; `:options` are refused.  A node without a
 * device, such as one with status = "disabled", gets a device for as long as
 * the claim lives.
 *
 * Whatever can be known beforehand is looked at for all nodes, and a file
 * descriptor is there, before the first driver of the host's has to let go.
 * Where the call fails after that, they have their devices back when it returns.
 *
 * A caller without CAP_SYS_ADMIN (in the initial user namespace) gets only
 * nodes that the administrator has bound to the `socassign` driver and whose
 * DMA class he has declared, see
 * Documentation/ABI/testing/sysfs-driver-socassign.
 *
 * Partitions: a child of /reserved-memory is claimed like a device, alone and
 * with CAP_SYS_ADMIN.  The claim has one region, the memory, which can be mapped
 * and is a source for SOCASSIGN_DMA_MAP.  It is zeroed before the fd exists,
 * unless somebody shares it already.  Forbidden (EACCES) are regions that the
 * kernel did not reserve, those that it or a driver may manage ("reusable", any
 * "compatible"), those that firmware may keep for itself ("no-map" without
 * "socassign,assignable"), those without whole pages, and those that overlap
 * another.
 *
 * The devices' DMA is blocked from before the fd exists until
 * SOCASSIGN_DMA_CONTROL enables it.
 *
 * EINVAL: no path, a path that is not absolute and no alias, an empty path,
 * a list without NUL at its end, an option, a node named twice or together
 * with an ancestor of it, a node without registers or interrupts, more than
 * %SOCASSIGN_MAX_NODES nodes with those that come along, registers beyond the
 * address space, two of NO_DMA, UNSAFE_DMA and CONFINED_DMA, a partition together with
 * another node, SHARED for anything else than a partition that allows it.
 * EOPNOTSUPP: a bus master behind an IOMMU that the kernel does not run, that cannot
 * block it, or that has to map memory for it at all times; or with a LIODN that the
 * PAMU's tables do not have.  EINTR: a fatal signal while a partition was zeroed.
 */
struct socassign_instantiate {
	__u32 size;
	__u32 flags;
	__aligned_u64 paths;
	__u32 paths_len;
	__s32 out_fd;
	__aligned_u64 reason;
	__u32 reason_len;
	__u32 __reserved;
};

#define SOCASSIGN_INSTANTIATE	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_INSTANTIATE)

/**
 * enum socassign_features - What this machine can do at present
 * @SOCASSIGN_FEATURE_PAMU: A PAMU runs: claims of the devices behind it can be
 *	of class %SOCASSIGN_DMA_PROTECTED
 * @SOCASSIGN_FEATURE_UNSAFE_DMA: The administrator has set the module parameter
 *	`unsafe_dma`, which %SOCASSIGN_UNSAFE_DMA needs, beside what else it
 *	needs
 */
enum socassign_features {
	SOCASSIGN_FEATURE_PAMU		= 1 << 0,
	SOCASSIGN_FEATURE_UNSAFE_DMA	= 1 << 1
};

/**
 * struct socassign_query - ioctl(SOCASSIGN_QUERY)
 * @size: sizeof(struct socassign_query)
 * @out_version: %SOCASSIGN_ABI_VERSION of the kernel
 * @out_instantiate_flags: All of enum socassign_instantiate_flags that the
 *	kernel knows
 * @out_features: Combination of enum socassign_features
 * @out_max_paths_len: %SOCASSIGN_MAX_PATHS_LEN of the kernel
 * @out_max_nodes: %SOCASSIGN_MAX_NODES of the kernel
 *
 * On /dev/socassign, before there is a claim.  A field that the kernel does not
 * know is 0.
 */
struct socassign_query {
	__u32 size;
	__u32 out_version;
	__u32 out_instantiate_flags;
	__u32 out_features;
	__u32 out_max_paths_len;
	__u32 out_max_nodes;
};

#define SOCASSIGN_QUERY		_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_QUERY)

/**
 * enum socassign_dma_class - What the devices can do to memory
 * @SOCASSIGN_DMA_NONE: They master no bus.
 * @SOCASSIGN_DMA_PROTECTED: An IOMMU stands between them and memory.
 * @SOCASSIGN_DMA_UNSAFE: They reach all of memory, addresses are physical; or what
 *	they have others do does.  Identities that an IOMMU protects from may be
 *	among those of the claim all the same, and are blocked and have windows.
 */
enum socassign_dma_class {
	SOCASSIGN_DMA_NONE	= 0,
	SOCASSIGN_DMA_PROTECTED	= 1,
	SOCASSIGN_DMA_UNSAFE	= 2
};

/**
 * struct socassign_info - ioctl(SOCASSIGN_INFO)
 * @size: sizeof(struct socassign_info)
 * @out_flags: The flags that the claim was made with
 * @out_dma_class: enum socassign_dma_class, the worst of all nodes
 * @out_num_nodes: Number of nodes of the claim, descendants included
 * @out_num_regions: Number of register regions, for SOCASSIGN_REGION
 * @out_num_irqs: Number of interrupts, for SOCASSIGN_IRQ
 * @out_num_clocks: Number of clocks, for SOCASSIGN_CLOCK
 * @out_has_reset: 1 if SOCASSIGN_RESET can bring the devices back to their start,
 *	else 0
 * @out_num_dmas: Number of DMA identities, for SOCASSIGN_DMA
 * @paths: User pointer to a buffer for the canonical paths of all nodes, in
 *	the order of the node indices that the other commands return.  The
 *	nodes named in SOCASSIGN_INSTANTIATE stand in the order they were
 *	named, each followed by its descendants if they came along.
 * @paths_len: Size of the buffer, length of the list
 */
struct socassign_info {
	__u32 size;
	__u32 out_flags;
	__u32 out_dma_class;
	__u32 out_num_nodes;
	__u32 out_num_regions;
	__u32 out_num_irqs;
	__u32 out_num_clocks;
	__u32 out_has_reset;
	__aligned_u64 paths;
	__u32 paths_len;
	__u32 out_num_dmas;
};

#define SOCASSIGN_INFO		_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_INFO)

/**
 * enum socassign_region_kind - Where a region comes from
 * @SOCASSIGN_REGION_REG: An entry of the node's `reg`.
 * @SOCASSIGN_REGION_RANGES: An entry of the node's `ranges`: a window of the
 *	bus behind the node, such as the memory window of a PCI host bridge.
 *	The entries that describe the node's own children (of a simple bus
 *	with %SOCASSIGN_SUBTREE) are not listed; the children's `reg` are.
 * @SOCASSIGN_REGION_MEMORY: A memory partition: mmap() is cacheable, through
 *	@out_cached_cookie; there is no other access.
 */
enum socassign_region_kind {
	SOCASSIGN_REGION_REG	= 0,
	SOCASSIGN_REGION_RANGES	= 1,
	SOCASSIGN_REGION_MEMORY	= 2
};

/**
 * enum socassign_region_flags - What can be done with a region
 * @SOCASSIGN_REGION_MMAP: mmap() works, uncached and guarded ("inhibited", as
 *	device registers need it).
 * @SOCASSIGN_REGION_MMAP_CACHED: mmap() at @out_cached_cookie works, too, and
 *	is cacheable: the region is made for it (cache-enabled portals).
 * @SOCASSIGN_REGION_NEIGHBOURS: A page of the region has registers of nodes
 *	outside the claim.  Without %SOCASSIGN_REGION_MMAP mmap() fails with
 *	EACCES, and pread() and pwrite() are the only way, if @out_widths says
 *	that there is one.
 * @SOCASSIGN_REGION_SHARED: Some of these are in the region itself, and the
 *	administrator lets the claim reach them, too.
 */
enum socassign_region_flags {
	SOCASSIGN_REGION_MMAP		= 1 << 0,
	SOCASSIGN_REGION_MMAP_CACHED	= 1 << 1,
	SOCASSIGN_REGION_NEIGHBOURS	= 1 << 2,
	SOCASSIGN_REGION_SHARED		= 1 << 3
};

/**
 * struct socassign_region - ioctl(SOCASSIGN_REGION)
 * @size: sizeof(struct socassign_region)
 * @index: Region to describe, from 0; ENOENT beyond the last
 * @out_kind: enum socassign_region_kind
 * @out_flags: Combination of enum socassign_region_flags
 * @out_node: Index of the node in the list of SOCASSIGN_INFO
 * @out_entry: Index of the entry in the node's `reg` or `ranges`
 * @out_widths: Access sizes of pread() and pwrite() at present: the sum of 1,
 *	2, 4 and (where the CPU has it) 8 bytes; 0 without the module parameter
 *	`kernel_access`, and for a partition
 * @out_page_offset: Where in its first page the region starts, in bytes.
 *	mmap() deals in whole pages: the first register is this far behind
 *	the address that mmap() returned for the cookie.
 * @out_bytes: Size of the region in bytes
 * @out_cookie: File offset of the region's first page for mmap(), page
 *	aligned.  The same offset plus @out_page_offset plus the register's
 *	offset is the position for pread() and pwrite().
 * @out_cached_cookie: File offset for a cacheable mmap(), 0 if there is none
 * @out_bus_address: The address that the region has on the parent bus: the
 *	address cells of the `reg` entry, or of the child address of a
 *	`ranges` entry without its PCI flags.  For a partition its physical
 *	address, where %SOCASSIGN_UNSAFE_DMA asked for it, else 0.
 * @name: User pointer to a buffer for the name from `reg-names`; empty (one
 *	NUL) if the node has none
 * @neighbours: User pointer to a buffer for the list of paths of the nodes
 *	outside the claim that have registers in the region's pages
 * @name_len: Size of the buffer, length of the name with its NUL
 * @neighbours_len: Size of the buffer, length of the list
 *
 * Regions may overlap, where nodes do: each has a cookie of its own.
 *
 * A byte of the region that a node outside the claim names as well, as a
 * register of its own, is out of reach, by mmap() and by pread() and pwrite(),
 * unless the administrator lets the claim share it: with
 * %SOCASSIGN_SHARE_REGS, or by the attribute `share_regs` of the device.  Then
 * pread() and pwrite() reach it, and mmap() does if all neighbours have in the
 * region's pages nothing but what is in the region itself.  Two claims share no
 * byte in any case.
 *
 * mmap() of the claim: the range must lie within the pages of one region.
 * EINVAL: no such region, or beyond its last page, or not MAP_SHARED.
 * EACCES: the region cannot be mapped because of neighbours.  EPERM: PROT_EXEC.
 * EBUSY: the region was used cacheable before and now is wanted inhibited, or
 * the other way round (pread() and pwrite() count as inhibited).
 * ENOMEM: no memory for page tables.
 * mprotect() of it.  EACCES: PROT_EXEC; or it is a cacheable mapping of
 * registers, whose attributes the kernel would not keep.
 * An access to the mapping raises SIGBUS once the device is gone.
 * A load or store of it is one on the bus, in the byte order of the device, and in no
 * order with accesses to memory but what barriers of the caller's make.
 *
 * pread() and pwrite(): one call is one access on the bus, of 1, 2, 4 or 8
 * bytes, aligned, in the byte order of the bus: the bytes in memory are the
 * same as with a load or store through the mapping.  EINVAL: another size,
 * not aligned, or beyond the region.  EBUSY: as for mmap().  EACCES: the
 * administrator has not set the module parameter `kernel_access`, or a byte
 * belongs to a node outside and is not shared; the log says which.  The kernel
 * accesses the register, and where that answers with a bus error, the caller is
 * killed, or the machine panics: prefer mmap(), which leaves it at SIGBUS where
 * the CPU can.
 */
struct socassign_region {
	__u32 size;
	__u32 index;
	__u32 out_kind;
	__u32 out_flags;
	__u32 out_node;
	__u32 out_entry;
	__u32 out_widths;
	__u32 out_page_offset;
	__aligned_u64 out_bytes;
	__aligned_u64 out_cookie;
	__aligned_u64 out_cached_cookie;
	__aligned_u64 out_bus_address;
	__aligned_u64 name;
	__aligned_u64 neighbours;
	__u32 name_len;
	__u32 neighbours_len;
};

#define SOCASSIGN_REGION	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_REGION)

/**
 * enum socassign_irq_origin - Which property an interrupt comes from
 * @SOCASSIGN_IRQ_INTERRUPTS: `interrupts` or `interrupts-extended`
 * @SOCASSIGN_IRQ_MAP: `interrupt-map`: the line serves a bus behind the node
 */
enum socassign_irq_origin {
	SOCASSIGN_IRQ_INTERRUPTS	= 0,
	SOCASSIGN_IRQ_MAP		= 1
};

/**
 * enum socassign_irq_flags - Nature and state of an interrupt
 * @SOCASSIGN_IRQ_LEVEL: Level triggered, else edge triggered
 * @SOCASSIGN_IRQ_LOW: Active low, or falling edge
 * @SOCASSIGN_IRQ_BOTH: Both edges
 * @SOCASSIGN_IRQ_HOST: A driver of the host's has a handler on the line;
 *	attaching a trigger fails with EBUSY until it lets go
 * @SOCASSIGN_IRQ_SHARED: Nodes outside the claim name the same line
 * @SOCASSIGN_IRQ_UNMAPPED: The kernel could not map the interrupt (its
 *	controller has no driver); SOCASSIGN_SET_IRQ fails with EOPNOTSUPP
 * @SOCASSIGN_IRQ_MASKED: Masked by the caller
 * @SOCASSIGN_IRQ_AUTOMASKED: Level: waits for the resample eventfd
 */
enum socassign_irq_flags {
	SOCASSIGN_IRQ_LEVEL		= 1 << 0,
	SOCASSIGN_IRQ_LOW		= 1 << 1,
	SOCASSIGN_IRQ_BOTH		= 1 << 2,
	SOCASSIGN_IRQ_HOST		= 1 << 3,
	SOCASSIGN_IRQ_SHARED		= 1 << 4,
	SOCASSIGN_IRQ_UNMAPPED		= 1 << 5,
	SOCASSIGN_IRQ_MASKED		= 1 << 6,
	SOCASSIGN_IRQ_AUTOMASKED	= 1 << 7
};

/* SOCASSIGN_MAX_SPECIFIER - Most cells of an interrupt specifier. */
#define SOCASSIGN_MAX_SPECIFIER	16

/**
 * struct socassign_irq - ioctl(SOCASSIGN_IRQ)
 * @size: sizeof(struct socassign_irq)
 * @index: Interrupt to describe, from 0; ENOENT beyond the last
 * @out_origin: enum socassign_irq_origin
 * @out_flags: Combination of enum socassign_irq_flags
 * @out_node: Index of the node in the list of SOCASSIGN_INFO
 * @out_entry: Index of the entry in the node's property
 * @out_num_cells: Number of cells in @out_specifier
 * @__reserved: Must be 0
 * @out_specifier: The raw specifier, in the format of the interrupt
 *	controller's binding, in host byte order; there is no global interrupt
 *	number
 * @out_count: Interrupts that the hardware has raised since the claim
 * @name: User pointer to a buffer for the name from `interrupt-names`; empty
 *	(one NUL) if the node has none
 * @controllers: User pointer to a buffer for the list of paths of the
 *	interrupt controllers: the one that the line goes to first, then the
 *	ones that it is cascaded to
 * @sharers: User pointer to a buffer for the list of paths of the nodes
 *	outside the claim that name the same line
 * @name_len: Size of the buffer, length of the name with its NUL
 * @controllers_len: Size of the buffer, length of the list
 * @sharers_len: Size of the buffer, length of the list
 * @__reserved2: Must be 0
 *
 * Nodes of one claim that name the same line have one interrupt: it is listed
 * once, with the first of them.
 */
struct socassign_irq {
	__u32 size;
	__u32 index;
	__u32 out_origin;
	__u32 out_flags;
	__u32 out_node;
	__u32 out_entry;
	__u32 out_num_cells;
	__u32 __reserved;
	__u32 out_specifier[SOCASSIGN_MAX_SPECIFIER];
	__aligned_u64 out_count;
	__aligned_u64 name;
	__aligned_u64 controllers;
	__aligned_u64 sharers;
	__u32 name_len;
	__u32 controllers_len;
	__u32 sharers_len;
	__u32 __reserved2;
};

#define SOCASSIGN_IRQ		_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_IRQ)

/**
 * struct socassign_clock - ioctl(SOCASSIGN_CLOCK)
 * @size: sizeof(struct socassign_clock)
 * @index: Clock to describe, from 0; ENOENT beyond the last
 * @out_node: Index of the node in the list of SOCASSIGN_INFO
 * @out_entry: Index of the entry in the node's `clocks`
 * @out_rate: Present rate in Hz, 0 if unknown; the claim keeps it enabled
 * @name: User pointer to a buffer for the name from `clock-names`; empty
 *	(one NUL) if the node has none
 * @name_len: Size of the buffer, length of the name with its NUL
 * @__reserved: Must be 0
 *
 * What a guest needs to stand in a "fixed-clock" for the real one.
 */
struct socassign_clock {
	__u32 size;
	__u32 index;
	__u32 out_node;
	__u32 out_entry;
	__aligned_u64 out_rate;
	__aligned_u64 name;
	__u32 name_len;
	__u32 __reserved;
};

#define SOCASSIGN_CLOCK		_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_CLOCK)

/**
 * enum socassign_set_irq_flags - What SOCASSIGN_SET_IRQ does
 * @SOCASSIGN_SET_TRIGGER: Attach @trigger_fd, or detach with -1.  The eventfd
 *	is signalled at each interrupt.  Replacing one by another loses none.
 * @SOCASSIGN_SET_RESAMPLE: Attach @resample_fd, or detach with -1.  Signalling
 *	it ends the automatic mask of a level interrupt.  EINVAL for an edge
 *	interrupt.
 * @SOCASSIGN_SET_AFFINITY: Deliver to the CPUs of @cpus, until the trigger is
 *	detached.  ENXIO without a trigger.
 * @SOCASSIGN_SET_MASK: Mask.  Independent of the automatic mask.
 * @SOCASSIGN_SET_UNMASK: Undo %SOCASSIGN_SET_MASK.  Edges that came meanwhile
 *	are delivered as one.
 * @SOCASSIGN_SET_EOI: End the automatic mask, as signalling the resample
 *	eventfd does.
 * @SOCASSIGN_SET_FIRE: Loopback: act as if the hardware had raised the
 *	interrupt.  EBUSY while it is masked, in either way, or paused; ENXIO
 *	without a trigger.
 *
 * Several flags in one call act in the order in which they are listed here.
 */
enum socassign_set_irq_flags {
	SOCASSIGN_SET_TRIGGER	= 1 << 0,
	SOCASSIGN_SET_RESAMPLE	= 1 << 1,
	SOCASSIGN_SET_AFFINITY	= 1 << 2,
	SOCASSIGN_SET_MASK	= 1 << 3,
	SOCASSIGN_SET_UNMASK	= 1 << 4,
	SOCASSIGN_SET_EOI	= 1 << 5,
	SOCASSIGN_SET_FIRE	= 1 << 6
};

/**
 * struct socassign_set_irq - ioctl(SOCASSIGN_SET_IRQ)
 * @size: sizeof(struct socassign_set_irq)
 * @index: Interrupt to act on, from 0; ENOENT beyond the last
 * @flags: Combination of enum socassign_set_irq_flags
 * @trigger_fd: eventfd or -1; 0 without %SOCASSIGN_SET_TRIGGER
 * @resample_fd: eventfd or -1; 0 without %SOCASSIGN_SET_RESAMPLE
 * @cpus_len: Size of the CPU mask in bytes, a multiple of 8 up to 1024; 0
 *	without %SOCASSIGN_SET_AFFINITY
 * @cpus: User pointer to the CPU mask: an array of __u64, CPU n is bit n % 64
 *	of word n / 64
 *
 * A level interrupt is masked in hardware when it is raised and stays so
 * until the resample eventfd is signalled (by KVM's irqfd, or by write(2)) or
 * %SOCASSIGN_SET_EOI.  An edge interrupt is never masked.  An interrupt of
 * either kind that storms, see enum socassign_storm, is paused and
 * %SOCASSIGN_EVENT_STORM is queued; what comes in the pause is delivered after
 * it.  When the device goes, the trigger eventfd is signalled once more so that
 * nobody sleeps on it for ever.
 *
 * The same eventfd cannot be the trigger and the resample of one interrupt.
 *
 * EINVAL: no flag, MASK with UNMASK, a mask without an online CPU, a file
 * that is not an eventfd, one eventfd as both, a non-zero field whose flag is not
 * set.  EBADF: no such file descriptor.  EBUSY: a handler of the host's is on the line.
 * EOPNOTSUPP: unmapped, or a controller that cannot set the affinity.
 * What an earlier flag of a failing call did stays done.
 */
struct socassign_set_irq {
	__u32 size;
	__u32 index;
	__u32 flags;
	__s32 trigger_fd;
	__s32 resample_fd;
	__u32 cpus_len;
	__aligned_u64 cpus;
};

#define SOCASSIGN_SET_IRQ	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_SET_IRQ)

/**
 * struct socassign_reset - ioctl(SOCASSIGN_RESET)
 * @size: sizeof(struct socassign_reset)
 * @flags: Must be 0
 *
 * Brings all devices of the claim back to their start, as a close and a new
 * claim would, without giving them up: for a guest that boots again.  In this
 * order: DMA is blocked, interrupts are masked and waited for, and each device is
 * reset by the line that its `resets` name or, where there is none of its own, made
 * quiet if the driver knows how: its interrupts are switched off, and a bus master
 * says that it has stopped.  The rest of its registers may then be as they were.
 * Nothing else can be done with the claim meanwhile.
 *
 * What stays is what the owner has set up: mappings, windows and their memory (DMA
 * is to be enabled anew), eventfds, CPUs, %SOCASSIGN_SET_MASK.  What goes is what was
 * under way: the automatic mask, a pause, an edge that waited, %SOCASSIGN_DMA_STALE.
 * Nothing that an interrupt brought before is signalled after the call; what an
 * eventfd has counted by then, and events in the queue, are the owner's to take.  A
 * DMA fault that was blocked may still be reported later.
 *
 * Needs no more than the file descriptor.
 *
 * 0: all devices have got there.  EOPNOTSUPP, and nothing was touched: a device has
 * no line of its own and is not known to the driver, or the claim is a partition.
 * That is so for every node with registers, named or not (one without `compatible`
 * is a part of the node above), and every bus master; @out_has_reset of
 * SOCASSIGN_INFO tells before.  EREMOTEIO: a reset controller failed, or a bus
 * master did not stop; the log says which.  DMA stays blocked and
 * %SOCASSIGN_DMA_STALE stands; the call can be repeated.
 */
struct socassign_reset {
	__u32 size;
	__u32 flags;
};

#define SOCASSIGN_RESET		_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_RESET)

/**
 * struct socassign_prefault - ioctl(SOCASSIGN_PREFAULT)
 * @size: sizeof(struct socassign_prefault)
 * @flags: Must be 0
 * @addr: Start of the range in the caller's address space, page aligned
 * @length: Size of the range in bytes, a multiple of the page size, not 0
 *
 * Enters the pages of a mapping of this claim into the page table without
 * touching a register, and more of it where that costs nothing.  KVM on e500 does
 * not fault them in by itself.  What is there already stays.
 *
 * Entries go along with a mapping that mremap() moves, but not those of a huge page
 * that mremap(), munmap() or mprotect() cuts: whoever needs them calls it again, with
 * the new address.  Neither SOCASSIGN_RESET nor a lack of memory takes any away.
 *
 * EINVAL: not aligned, empty, or it wraps around.  EFAULT: a part of the range
 * is no mapping of this claim, or has PROT_NONE.  EINTR: a fatal signal.
 */
struct socassign_prefault {
	__u32 size;
	__u32 flags;
	__aligned_u64 addr;
	__aligned_u64 length;
};

#define SOCASSIGN_PREFAULT	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_PREFAULT)

/**
 * enum socassign_event_type - What happened
 * @SOCASSIGN_EVENT_REMOVED: The device is gone, or the machine goes to sleep, or
 *	down; @out_index is the node, 0 if it is one above the claim.  The last
 *	event.
 * @SOCASSIGN_EVENT_STORM: An interrupt was paused for a moment; @out_index is
 *	the interrupt, @out_storm tells why
 * @SOCASSIGN_EVENT_DMA_FAULT: The IOMMU blocked an access; @out_index is the
 *	DMA identity, @out_address and @out_fault tell more.  Faults are lossy
 *	in hardware: while one waits to be read a PAMU records no other, so
 *	there may have been more.
 * @SOCASSIGN_EVENT_REMOVE_REQUESTED: The administrator asks for a device back;
 *	@out_index is the node.  Nothing has changed: close the claim when it is
 *	convenient.  Comes again if he asks again, who can also take the device
 *	without asking.
 */
enum socassign_event_type {
	SOCASSIGN_EVENT_REMOVED			= 1,
	SOCASSIGN_EVENT_STORM			= 2,
	SOCASSIGN_EVENT_DMA_FAULT		= 3,
	SOCASSIGN_EVENT_REMOVE_REQUESTED	= 4
};

/**
 * enum socassign_fault - Why an access was blocked
 * @SOCASSIGN_FAULT_OUTSIDE: The address is in no window.
 * @SOCASSIGN_FAULT_PERMISSION: The window does not permit this access.
 * @SOCASSIGN_FAULT_DISABLED: DMA was not enabled.
 * @SOCASSIGN_FAULT_OPERATION: The operation mapping does not know the operation.
 */
enum socassign_fault {
	SOCASSIGN_FAULT_OUTSIDE		= 1,
	SOCASSIGN_FAULT_PERMISSION	= 2,
	SOCASSIGN_FAULT_DISABLED	= 3,
	SOCASSIGN_FAULT_OPERATION	= 4
};

/**
 * enum socassign_storm - Why an interrupt was paused
 * @SOCASSIGN_STORM_RATE: It came more than `storm_limit` times in 10 ms.  The
 *	pause lasts 10 ms or a little longer.
 * @SOCASSIGN_STORM_BUSY: It came more than `storm_limit` times in a longer time,
 *	and to hand it over took more than a quarter of that (level) or a sixteenth
 *	(edge): a slow CPU, or very many that wait for the trigger.  The pause is
 *	as long as that time, so never longer than four or sixteen times what the
 *	handing over took.
 * @SOCASSIGN_STORM_LOOP: Level: more than 64 times in a row it was another
 *	interrupt that ended the automatic mask, and no task: its resample is a
 *	trigger, too.  The pause lasts 10 ms or a little longer.
 *
 * `storm_limit` is a parameter of the module; 0 is no limit, and no pause.  Time
 * that others took (a vCPU that had no CPU, a thread that was preempted) makes no
 * storm.  Where the handler is a thread (PREEMPT_RT, a controller that sleeps),
 * only the first applies.
 */
enum socassign_storm {
	SOCASSIGN_STORM_RATE		= 1,
	SOCASSIGN_STORM_BUSY		= 2,
	SOCASSIGN_STORM_LOOP		= 3
};

/**
 * enum socassign_event_flags - Properties of an event
 * @SOCASSIGN_EVENT_OVERFLOW: The queue was full: events between this one and
 *	the next are lost.
 * @SOCASSIGN_EVENT_READ: DMA fault: the device wanted to read
 * @SOCASSIGN_EVENT_WRITE: DMA fault: it wanted to write.  Neither: nobody says, as
 *	with a PAMU.
 */
enum socassign_event_flags {
	SOCASSIGN_EVENT_OVERFLOW	= 1 << 0,
	SOCASSIGN_EVENT_READ		= 1 << 1,
	SOCASSIGN_EVENT_WRITE		= 1 << 2
};

/**
 * struct socassign_get_event - ioctl(SOCASSIGN_GET_EVENT)
 * @size: sizeof(struct socassign_get_event)
 * @flags: Must be 0
 * @out_type: enum socassign_event_type
 * @out_flags: Combination of enum socassign_event_flags
 * @out_index: What the event is about; its type tells the kind
 * @__reserved: Must be 0
 * @out_time: When it happened, or was noticed, CLOCK_MONOTONIC, in nanoseconds
 * @out_address: DMA fault: the address that the device used; else 0
 * @out_fault: DMA fault: enum socassign_fault; else 0
 * @out_storm: Storm: enum socassign_storm; else 0
 *
 * Takes the oldest event from the claim's queue: of several that have the claim,
 * whoever asks first.  poll() of the claim returns EPOLLIN while there is one, and
 * EPOLLHUP and EPOLLERR from when the device is gone, to all of them.  Never blocks:
 * EAGAIN if there is none; ENODEV if there is none and the device is gone.
 */
struct socassign_get_event {
	__u32 size;
	__u32 flags;
	__u32 out_type;
	__u32 out_flags;
	__u32 out_index;
	__u32 __reserved;
	__aligned_u64 out_time;
	__aligned_u64 out_address;
	__u32 out_fault;
	__u32 out_storm;
};

#define SOCASSIGN_GET_EVENT	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_GET_EVENT)

/**
 * enum socassign_dma_flags - Nature and state of a DMA identity
 * @SOCASSIGN_DMA_ENABLED: The windows are open.
 * @SOCASSIGN_DMA_DIRECT: There is no IOMMU: DMA addresses are physical, and a
 *	window only says that the device, or who does DMA on its behalf, uses a
 *	partition, which then stays out
 *	of other hands until it is unmapped and, if the claim ends before that,
 *	for as long as the device may write to it.
 * @SOCASSIGN_DMA_STALE: The device may still be at work for an owner before
 *	this one, who could not be asked to stop it: reset it before you enable
 *	DMA.
 * @SOCASSIGN_DMA_IOMMU: An IOMMU with page tables, other than the PAMU: memory
 *	need not be physically contiguous, windows are where they are asked for,
 *	and there are neither stash targets nor operations.  Where page tables
 *	cannot say that a window is for writing only (SMMU) the device can read it
 *	as well.
 * @SOCASSIGN_DMA_SILENT: There will be no %SOCASSIGN_EVENT_DMA_FAULT: the kernel's
 *	driver of the IOMMU is not known to tell anybody what it has blocked.  It
 *	may log it, as that of the SMMUv3 from 6.9 on, unless it is patched to tell.
 */
enum socassign_dma_flags {
	SOCASSIGN_DMA_ENABLED	= 1 << 0,
	SOCASSIGN_DMA_DIRECT	= 1 << 1,
	SOCASSIGN_DMA_STALE	= 1 << 2,
	SOCASSIGN_DMA_IOMMU	= 1 << 3,
	SOCASSIGN_DMA_SILENT	= 1 << 4
};

/**
 * struct socassign_dma - ioctl(SOCASSIGN_DMA)
 * @size: sizeof(struct socassign_dma)
 * @index: DMA identity to describe, from 0; ENOENT beyond the last
 * @out_flags: Combination of enum socassign_dma_flags
 * @out_node: Index of the node in the list of SOCASSIGN_INFO
 * @out_entry: Index of the LIODN in the node's `fsl,liodn`
 * @out_liodn: The LIODN, as it stands in the device tree; 0 if
 *	%SOCASSIGN_DMA_DIRECT or %SOCASSIGN_DMA_IOMMU
 * @out_num_windows: Windows at present
 * @out_max_windows: Most windows that it can have
 * @out_stash_levels: Bit n is set if the machine has a stash target in a cache
 *	of level n, 1 to 3
 * @out_num_subwindows: Present geometry: into how many equal parts the primary
 *	window is divided; 0 if there is none: no windows, and DMA not enabled,
 *	or no PAMU
 * @out_granule: Windows start and end at multiples of this many bytes
 * @out_limit: Windows end at this address or below
 * @out_base: Present geometry: start of the primary window
 * @out_bytes: Present geometry: size of the primary window, 0 if there is none
 *
 * A DMA identity is what the IOMMU tells bus masters apart by: a LIODN, or the
 * kernel's IOMMU group.  A device may have several LIODNs, for different kinds of
 * accesses.  Nodes of one claim that have the same LIODN, or are in one group, share
 * one identity: it is listed once, with the first of them.
 *
 * The PAMU has one primary window for a LIODN, a power of two in size and
 * aligned to it, divided into a power of two of equal subwindows.  A window of
 * the caller's fills one or several of them, the last one perhaps in part; so
 * windows of very different sizes far apart can fail to fit.  The driver finds
 * the smallest geometry that holds all windows.
 */
struct socassign_dma {
	__u32 size;
	__u32 index;
	__u32 out_flags;
	__u32 out_node;
	__u32 out_entry;
	__u32 out_liodn;
	__u32 out_num_windows;
	__u32 out_max_windows;
	__u32 out_stash_levels;
	__u32 out_num_subwindows;
	__aligned_u64 out_granule;
	__aligned_u64 out_limit;
	__aligned_u64 out_base;
	__aligned_u64 out_bytes;
};

#define SOCASSIGN_DMA		_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_DMA)

/**
 * enum socassign_memory_flags - How memory is pinned
 * @SOCASSIGN_MEMORY_WRITE: Devices may write to it; the caller must be able to.
 */
enum socassign_memory_flags {
	SOCASSIGN_MEMORY_WRITE	= 1 << 0
};

/**
 * struct socassign_memory - ioctl(SOCASSIGN_MEMORY)
 * @size: sizeof(struct socassign_memory)
 * @flags: Combination of enum socassign_memory_flags
 * @addr: Start of the memory in the caller's address space, page aligned
 * @length: Size in bytes, a multiple of the page size, not 0
 * @out_contiguous: How many bytes, from the start, are physically contiguous
 * @out_fd: The memory object: a file descriptor, close-on-exec
 * @__reserved: Must be 0
 *
 * Pins memory of the caller's and makes an object of it that windows of any
 * claim can be mapped onto.  On a claim, or on /dev/socassign, before there is
 * one: the object is the same.  The memory is pinned and charged once; both end
 * when the fd and all windows onto it are gone, whoever has them then.
 *
 * The charge is the number of pages in the range.  It is taken before the first
 * of them is pinned, from the user who owns the calling process (its real UID),
 * in whatever user namespace.  All that the user is charged for must fit into
 * the caller's RLIMIT_MEMLOCK: the memory objects of all his processes, and what
 * else the kernel pins on the user's account, such as buffers of io_uring and
 * iommufd, but not what mlock(2) locks.  It stays with the user who made the
 * object: across fork(2), execve(2), setuid(2) and the end of his processes, and
 * in the hands of others.  A caller with CAP_IPC_LOCK in the initial user
 * namespace is not charged.  In any case VmPin, see proc(5), shows what a process
 * has pinned since its last execve(2).
 *
 * A PAMU window needs physically contiguous memory: huge pages, or a
 * partition.  With %SOCASSIGN_DMA_IOMMU any will do; huge pages take less of page
 * tables.
 *
 * EINVAL: not aligned, empty, or it wraps around.  EFAULT: a part of the range
 * is not mapped, not writable where %SOCASSIGN_MEMORY_WRITE asks for it, or no
 * memory that the kernel pins for long: devices and, where it asks, files that
 * are mapped shared and are not on tmpfs or hugetlbfs.  EOPNOTSUPP: a file on a
 * DAX file system.  ENOMEM: it would exceed RLIMIT_MEMLOCK, and the log says
 * so, or out of memory.  EMFILE, ENFILE: as from open(2).  EINTR: a fatal
 * signal.  Nothing is pinned or charged then.
 */
struct socassign_memory {
	__u32 size;
	__u32 flags;
	__aligned_u64 addr;
	__aligned_u64 length;
	__aligned_u64 out_contiguous;
	__s32 out_fd;
	__u32 __reserved;
};

#define SOCASSIGN_MEMORY	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_MEMORY)

/**
 * enum socassign_dma_map_flags - What a window permits
 * @SOCASSIGN_DMA_READ: The device may read memory.
 * @SOCASSIGN_DMA_WRITE: The device may write to memory.
 * @SOCASSIGN_DMA_REPLACE: There is a window with this address and length: give
 *	it this memory and these properties, DMA being enabled or not.  An
 *	access that comes in between is blocked.
 */
enum socassign_dma_map_flags {
	SOCASSIGN_DMA_READ	= 1 << 0,
	SOCASSIGN_DMA_WRITE	= 1 << 1,
	SOCASSIGN_DMA_REPLACE	= 1 << 2
};

/**
 * enum socassign_operation - Named operation mappings
 * @SOCASSIGN_OPERATION_NONE: Operations reach memory as the device issues them.
 * @SOCASSIGN_OPERATION_QMAN: Those of a QMan portal
 * @SOCASSIGN_OPERATION_FMAN: Those of a frame manager
 * @SOCASSIGN_OPERATION_QMAN_PRIVATE: Those of QMan onto its private memory
 * @SOCASSIGN_OPERATION_CAAM: Those of the security engine
 *
 * As the host's PAMU driver (drivers/iommu/fsl_pamu.c) sets up the table.  Some
 * of its entries turn a read into one that takes the line out of the caches, so a
 * window with an operation needs %SOCASSIGN_DMA_WRITE.
 */
enum socassign_operation {
	SOCASSIGN_OPERATION_NONE		= 0,
	SOCASSIGN_OPERATION_QMAN		= 1,
	SOCASSIGN_OPERATION_FMAN		= 2,
	SOCASSIGN_OPERATION_QMAN_PRIVATE	= 3,
	SOCASSIGN_OPERATION_CAAM		= 4
};

/**
 * struct socassign_dma_map - ioctl(SOCASSIGN_DMA_MAP)
 * @size: sizeof(struct socassign_dma_map)
 * @index: DMA identity, from 0; ENOENT beyond the last
 * @flags: Combination of enum socassign_dma_map_flags
 * @memory_fd: A memory object, the claim of a partition, or this very claim: then
 *	the window is onto registers of it
 * @offset: Where in @memory_fd the window's memory starts, in bytes; for registers
 *	as for mmap(): a cookie of SOCASSIGN_REGION, and further
 * @iova: Address at which the device sees the window
 * @length: Size of the window in bytes
 * @stash_level: Level of the cache that written data is stashed into, 1 to 3;
 *	0 for none
 * @stash_cpu: The CPU whose cache it is; 0 for none and for level 3
 * @operation: enum socassign_operation
 * @__reserved: Must be 0
 * @reason: User pointer to a buffer for the reason of a refusal
 * @reason_len: Size of the buffer, or 0
 * @__reserved2: Must be 0
 *
 * Maps a window.  The window keeps the memory, so @memory_fd can be closed; a window
 * onto registers keeps nothing, and ends with the claim at the latest.  These must be
 * of a region with %SOCASSIGN_REGION_MMAP_CACHED (a portal, whose entries QMan
 * stashes where the owner's CPU has them), and the identity a PAMU's.
 *
 * While DMA is enabled a window can be added or replaced where it fits the
 * present geometry.
 *
 * EINVAL: not aligned to the granule, empty, it wraps around or ends beyond
 * the limit of SOCASSIGN_DMA, or beyond the memory; where addresses are reserved
 * (/sys/kernel/iommu_groups/.../reserved_regions); neither READ nor WRITE; a
 * file that is neither a memory object, the claim of a partition nor this claim;
 * registers that are not made to be cached; an unknown
 * stash level or operation; an operation without WRITE; with
 * %SOCASSIGN_DMA_DIRECT, no partition, or not its physical address.  EBADF: no
 * such file descriptor.  EACCES: WRITE, but the memory is for reading only.
 * EEXIST: it overlaps a window.  ENOENT: REPLACE, but there is no such
 * window.  ERANGE: the memory is not physically contiguous;
 * the reason names the page.  ENOSPC: no geometry of the hardware's holds this
 * set of windows, or its tables are full; the reason names the rule.  EBUSY: it
 * needs another geometry, and DMA is enabled.  EOPNOTSUPP: the machine has no
 * such stash target, an erratum forbids it, or the memory is where the hardware
 * does not reach; or registers, and no PAMU.  Nothing has changed then.
 */
struct socassign_dma_map {
	__u32 size;
	__u32 index;
	__u32 flags;
	__s32 memory_fd;
	__aligned_u64 offset;
	__aligned_u64 iova;
	__aligned_u64 length;
	__u32 stash_level;
	__u32 stash_cpu;
	__u32 operation;
	__u32 __reserved;
	__aligned_u64 reason;
	__u32 reason_len;
	__u32 __reserved2;
};

#define SOCASSIGN_DMA_MAP	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_DMA_MAP)

/**
 * enum socassign_dma_unmap_flags - Which windows
 * @SOCASSIGN_DMA_UNMAP_ALL: All of them; @iova and @length must be 0.
 */
enum socassign_dma_unmap_flags {
	SOCASSIGN_DMA_UNMAP_ALL	= 1 << 0
};

/**
 * struct socassign_dma_unmap - ioctl(SOCASSIGN_DMA_UNMAP)
 * @size: sizeof(struct socassign_dma_unmap)
 * @index: DMA identity, from 0; ENOENT beyond the last
 * @flags: Combination of enum socassign_dma_unmap_flags
 * @__reserved: Must be 0
 * @iova: Address of a window
 * @length: Size of the window, exactly
 *
 * Closes the window and lets go of its memory, DMA being enabled or not.  The
 * PAMU cannot say when accesses that it let through before have reached
 * memory: make the device stop using the window first.
 *
 * ENOENT: there is no such window.  EINVAL: ALL with an address or length.
 */
struct socassign_dma_unmap {
	__u32 size;
	__u32 index;
	__u32 flags;
	__u32 __reserved;
	__aligned_u64 iova;
	__aligned_u64 length;
};

#define SOCASSIGN_DMA_UNMAP	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_DMA_UNMAP)

/**
 * enum socassign_dma_control_flags - What SOCASSIGN_DMA_CONTROL does
 * @SOCASSIGN_DMA_ENABLE: Open the windows.
 * @SOCASSIGN_DMA_DISABLE: Block every access.  The windows stay.
 */
enum socassign_dma_control_flags {
	SOCASSIGN_DMA_ENABLE	= 1 << 0,
	SOCASSIGN_DMA_DISABLE	= 1 << 1
};

/**
 * struct socassign_dma_control - ioctl(SOCASSIGN_DMA_CONTROL)
 * @size: sizeof(struct socassign_dma_control)
 * @index: DMA identity, from 0; ENOENT beyond the last
 * @flags: One of enum socassign_dma_control_flags
 * @__reserved: Must be 0
 *
 * EINVAL: not exactly one of the flags.  ENXIO: ENABLE, but there is no window.
 * ENOSPC: the tables are full.  EOPNOTSUPP: DISABLE with
 * %SOCASSIGN_DMA_DIRECT: nothing can block it.
 * To enable or disable twice is no error.
 */
struct socassign_dma_control {
	__u32 size;
	__u32 index;
	__u32 flags;
	__u32 __reserved;
};

#define SOCASSIGN_DMA_CONTROL	_IO(SOCASSIGN_TYPE, SOCASSIGN_CMD_DMA_CONTROL)

#endif /* _UAPI_LINUX_SOCASSIGN_H */
