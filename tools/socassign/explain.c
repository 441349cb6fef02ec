// SPDX-License-Identifier: GPL-2.0
/*
 * What a failure means, for people
 *
 * The errno contract is in <linux/socassign.h>; these are its sentences.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOG "; the kernel log has the node and the rule"

/**
 * struct soca_text - What an errno means
 * @error: The errno, positive; 0 ends a table
 * @text: The meaning
 */
struct soca_text {
	int error;
	const char *text;
};

static const struct soca_text open_texts[] = {
	{
		EPERM,
		"not permitted: the devices may master a bus unprotected (declare a DMA class, vouch for them with NO_DMA or CONFINED_DMA, or use UNSAFE_DMA), or the kernel is locked down"
		LOG,
	},
	{
		EACCES,
		"nobody gets this node: the machine runs on it, or on one that has registers among its own, or it is memory, a CPU, behind PCI, or a bus without SUBTREE"
		LOG,
	},
	{
		EBUSY,
		"in use: by a driver of the host's (unbind it, or use DETACH), by another claim, which may have some of the same registers, by a device that depends on it, or in quarantine"
		LOG,
	},
	{ ENOENT, "the device tree has no node with this path" },
	{
		EINVAL,
		"the request makes no sense: no absolute path and no alias, a node named twice, without registers or interrupts, flags that exclude each other, or a file that is no claim"
		LOG,
	},
	{
		EOPNOTSUPP,
		"this kernel's driver cannot do that: an IOMMU that the kernel does not run, a LIODN beyond the PAMU's tables, or a flag that it does not know"
		LOG,
	},
	{ E2BIG, "the driver is older than this program" },
	{ ENAMETOOLONG, "too many paths for one claim" },
	{ EREMOTEIO, "a clock, power domain or reset of the device could not be brought up" LOG },
	{ EINTR, "interrupted" },
	{ ENODEV, "the device was unbound or removed" },
	{ ESHUTDOWN, "the machine goes down" },
	{ 0, NULL }
};

static const struct soca_text region_texts[] = {
	{
		EACCES,
		"it cannot be mapped, since nodes outside the claim have registers in its pages, and the kernel accesses it only with the driver's parameter kernel_access=Y, and what they have in the region itself only with SHARE_REGS or the device's share_regs; or it is a partition that is not mapped",
	},
	{
		EBUSY,
		"it was used cacheable before and now is wanted uncached, or the other way round",
	},
	{
		EINVAL,
		"no access of this size, not aligned, a value that does not fit, or beyond the end of the region",
	},
	{ ENOENT, "no such region, or it is not mapped" },
	{ EOPNOTSUPP, "the region cannot be mapped in this way" },
	{ EFAULT, "that is no mapping of this claim" },
	{ 0, NULL }
};

static const struct soca_text irq_texts[] = {
	{
		EBUSY,
		"a driver of the host's has a handler on the line, or it is masked or paused and cannot be fired",
	},
	{ EBADF, "no such file descriptor" },
	{
		EINVAL,
		"no eventfd, a resample eventfd for an edge interrupt, or no CPU that is online",
	},
	{ ENOENT, "no such interrupt, or it is not attached" },
	{ ENXIO, "no eventfd is attached to the interrupt" },
	{
		EOPNOTSUPP,
		"the kernel has no driver for the interrupt's controller, or the controller cannot set the affinity",
	},
	{ ETIMEDOUT, "no interrupt came within the time" },
	{ 0, NULL }
};

static const struct soca_text dma_texts[] = {
	{ EACCES, "a window to write to, onto memory that is for reading only" },
	{ EBADF, "no such file descriptor" },
	{ EBUSY, "the window needs another geometry, and DMA is enabled: disable it first" },
	{ EEXIST, "it overlaps another window" },
	{
		EINVAL,
		"the window is not aligned, empty or beyond the limit or the memory, or permits nothing"
		LOG,
	},
	{ ENOENT, "no such DMA identity or window" },
	{
		ENOSPC,
		"no layout of the IOMMU's holds this set of windows, or its tables are full"
		LOG,
	},
	{ ENXIO, "there is no window: map one before you enable DMA" },
	{
		EOPNOTSUPP,
		"the machine has no such stash target, or nothing can block this device's DMA"
		LOG,
	},
	{ ERANGE, "the memory is not physically contiguous: use huge pages or a partition" LOG },
	{ 0, NULL }
};

static const struct soca_text memory_texts[] = {
	{
		EFAULT,
		"not mapped, not writable, or memory that cannot be pinned: of a device, or a file",
	},
	{ EINVAL, "not aligned to pages, or empty" },
	{ ENOMEM, "out of memory, or more than RLIMIT_MEMLOCK allows to pin" },
	{ EOPNOTSUPP, "a file on a DAX file system cannot be pinned" },
	{ 0, NULL }
};

static const struct soca_text reset_texts[] = {
	{
		EOPNOTSUPP,
		"a device has no reset line of its own, and the driver does not know how to make it quiet"
	},
	{
		EREMOTEIO,
		"a reset controller failed, or a bus master did not stop; the kernel log says which"
	},
	{ 0, NULL }
};

static const struct soca_text event_texts[] = {
	{ EAGAIN, "there is no event" },
	{ ETIMEDOUT, "there was no event within the time" },
	{ 0, NULL }
};

/* For each enum soca_operation */
static const struct soca_text *const texts[] = {
	[SOCA_OP_OPEN] = open_texts,
	[SOCA_OP_REGION] = region_texts,
	[SOCA_OP_IRQ] = irq_texts,
	[SOCA_OP_DMA] = dma_texts,
	[SOCA_OP_MEMORY] = memory_texts,
	[SOCA_OP_RESET] = reset_texts,
	[SOCA_OP_EVENT] = event_texts,
};

static const struct soca_text common_texts[] = {
	{ ENODEV, "the device is gone: it was unbound or removed" },
	{ ENOTTY, "that is no claim, or the driver is older than this program" },
	{ E2BIG, "the driver is older than this program" },
	{ EINTR, "interrupted" },
	{ 0, NULL }
};

static const char *find(const struct soca_text *table, int error)
{
	for (; table->error; table++)
		if (table->error == error)
			return table->text;
	return NULL;
}

/* By the system call, to do without libcap. */
static bool is_admin(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, data))
		return true;
	return data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective &
	       CAP_TO_MASK(CAP_SYS_ADMIN);
}

static const char needs_admin[] =
	"without CAP_SYS_ADMIN only devices that are bound to socassign and have a declared DMA class can be claimed, without DETACH, NO_DMA, UNSAFE_DMA, CONFINED_DMA or SHARE_REGS"
	LOG;

/* The errnos that open(2) returns for the device, too. */
static const char *explain_device(int error)
{
	/* Another errno is no answer: who may not look into /dev cannot open it. */
	bool missing = access(SOCA_DEVICE, F_OK) && errno == ENOENT;
	bool closed = faccessat(AT_FDCWD, SOCA_DEVICE, R_OK | W_OK, AT_EACCESS);

	if (missing && (error == ENOENT || error == ENXIO || error == ENODEV))
		return "there is no " SOCA_DEVICE
		       ": the driver is not loaded (modprobe socassign)";
	if (!missing && closed && (error == EACCES || error == EPERM))
		return SOCA_DEVICE
		       " belongs to root and its group: be one of them, or be handed an open claim";
	if (error == EPERM && !is_admin())
		return needs_admin;
	return NULL;
}

const char *soca_explain(enum soca_operation op, int error)
{
	const char *text = NULL;

	error = error < 0 ? -error : error;
	if (op == SOCA_OP_OPEN)
		text = explain_device(error);
	if (!text && (unsigned int)op < sizeof(texts) / sizeof(texts[0]))
		text = find(texts[op], error);
	if (!text)
		text = find(common_texts, error);
	if (!text)
		text = strerrordesc_np(error);
	return text ? text : "unknown error";
}
