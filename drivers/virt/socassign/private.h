/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rooms of the driver know of each other
 *
 * Naming: "claim" is what an fd stands for, "node" a claimed device-tree node,
 * "device" the struct device of a node, "bound" our driver's data of a device.
 *
 * Lock order, outermost first:
 *
 *	device lock (held by the driver core around probe and remove); of_mutex
 *	(held around overlay notifiers)
 *	  soca_overlays_lock
 *	  soca_claim.gate
 *	    soca_claim.map_lock
 *	    soca_tree_sem (also taken without the gate)
 *	      soca_lines_lock
 *	    soca_partition_lock
 *	      soca_registry_lock (also taken without the others)
 *	      soca_known_lock (last of all)
 *	    soca_region.lock
 *	    soca_dma.lock; soca_parked_lock
 *	      soca_pamu.lock
 *	    soca_irq.config
 *	      lock of an eventfd's wait queue; soca_irq.slow_lock
 *	        soca_irq.lock, soca_claim.event_lock (never both)
 *
 * soca_claim.event_lock is also taken under soca_pamu.lock.
 *
 * User memory is never touched under any of them: a revoke must not wait for
 * user space.  For the same reason no mmap_lock is taken to let go of a memory
 * object.  The user's mmap_lock comes before soca_claim.map_lock, and is
 * unrelated to the gate: the kernel's frameworks, which are called under the
 * gate, have chains of locks of their own that end in it.  The driver never
 * takes a device lock while it holds one of its own.
 */
#ifndef _SOCASSIGN_PRIVATE_H
#define _SOCASSIGN_PRIVATE_H

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <uapi/linux/socassign.h>

#include "compat.h"
#include "devices.h"

struct clk;
struct eventfd_ctx;
struct reset_control;
struct soca_claim;
struct soca_dma;
struct soca_irq;
struct soca_owned;
struct soca_reason;
struct soca_region;
struct soca_span;
struct soca_tree_node;
struct soca_write;

/* What enum socassign_instantiate_flags has. */
#define SOCA_INSTANTIATE_FLAGS					\
	(SOCASSIGN_SUBTREE | SOCASSIGN_DETACH |			\
	 SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |		\
	 SOCASSIGN_SHARED | SOCASSIGN_DRY_RUN |			\
	 SOCASSIGN_SHARE_REGS)

/* Events that wait for the user. */
#define SOCA_MAX_EVENTS		16

/*
 * One sentence for a refusal: it names the node and the rule.  It goes to the
 * log, a few of each kind, and to the caller, whom the log may not be open to.
 * @_reason is NULL where a command has no room for it.
 */
#define soca_refuse(_reason, _np, _fmt, ...)				\
do {									\
	soca_reason_set(_reason, "%pOF: refused: " _fmt, _np,		\
			##__VA_ARGS__);					\
	pr_info_ratelimited("%pOF: refused: " _fmt "\n", _np,		\
			    ##__VA_ARGS__);				\
} while (0)

/**
 * struct soca_strings - A list of strings in the device tree's format
 * @buf: The strings, each with its NUL
 * @len: Bytes in @buf
 */
struct soca_strings {
	char *buf;
	u32 len;
};

/**
 * enum soca_origin - How a node came by the device that is bound to us
 * @SOCA_NO_DEVICE: It has none, and needs none: a descendant
 * @SOCA_ADMIN: The administrator had bound it; it stays bound
 * @SOCA_ATTACHED: It had no driver; it is unbound at the end
 * @SOCA_DETACHED: A driver of the host's let go of it; it gets it back
 * @SOCA_MADE: It had no device; the one we made is destroyed
 */
enum soca_origin {
	SOCA_NO_DEVICE,
	SOCA_ADMIN,
	SOCA_ATTACHED,
	SOCA_DETACHED,
	SOCA_MADE,
};

/**
 * struct soca_bound - Our driver's data of a device, from probe to remove
 * @hash: Among all of them, by the node; under soca_registry_lock
 * @dev: The device
 * @claim: Who has it, or NULL; under soca_registry_lock
 * @origin: What happens to the device at the end of the claim; under
 *	soca_registry_lock
 * @declared: The administrator declared its DMA class; under
 *	soca_registry_lock
 * @no_dma: He declared that it masters no bus; under soca_registry_lock
 * @shares_regs: He lets its owner reach registers of neighbours; under
 *	soca_registry_lock
 * @quarantined: A bus master that could not be made quiet, so that its DMA
 *	identities are parked (struct soca_dma).  Until the administrator says
 *	so the host does not get it; nor, where nothing blocks its DMA, does
 *	another claim; under soca_registry_lock
 * @returning: He said so, and it is on its way; under soca_registry_lock
 */
struct soca_bound {
	struct hlist_node hash;
	struct device *dev;
	struct soca_claim *claim;
	enum soca_origin origin;
	bool declared;
	bool no_dma;
	bool shares_regs;
	bool quarantined;
	bool returning;
};

/**
 * struct soca_clock - A clock of a claimed node, enabled
 * @clk: The clock
 * @entry: Its index in `clocks`
 */
struct soca_clock {
	struct clk *clk;
	u32 entry;
};

/**
 * struct soca_node - A claimed node
 * @np: The node; the reference is dropped once its device went back
 * @dev: Its device, with a reference, or NULL
 * @is_ours: @dev was bound to us when the claim was asked for
 * @is_declared: The administrator had declared its DMA class then
 * @masters_none: As one that masters no bus
 * @shares_regs: He lets its owner reach registers of neighbours
 * @origin: How it came by @dev
 * @is_root: Named by the caller, rather than a descendant of such a one
 * @num_below: How many descendants came along; they follow in the order of the tree
 * @owned: What the registry has for a root, or NULL
 * @is_protected: It has LIODNs, and a PAMU guards them
 * @is_unsafe: It may master a bus, and nothing guards that
 * @powered: We hold the device's runtime PM reference
 * @num_clocks: Number of @clocks
 * @max_clocks: How many @clocks there may be
 * @feeds_itself: A clock of it comes from a node of the claim
 * @clocks: The clocks of the node, enabled
 * @reset: The resets of the node, deasserted, or NULL
 * @reset_left: One of the lines is left to the host, who may drive another of its
 *	nodes, or to the guest, who has its controller
 * @quiesce: How it is made quiet, or NULL if nobody knows
 * @reset_shared: Another node of the claim has one of the lines, too: @reset
 *	cannot be asserted
 */
struct soca_node {
	struct device_node *np;
	struct device *dev;
	bool is_ours;
	bool is_declared;
	bool masters_none;
	bool shares_regs;
	enum soca_origin origin;
	bool is_root;
	u32 num_below;
	struct soca_owned *owned;
	bool is_protected;
	bool is_unsafe;
	bool powered;
	unsigned int num_clocks;
	unsigned int max_clocks;
	bool feeds_itself;
	struct soca_clock *clocks;
	struct reset_control *reset;
	bool reset_left;
	bool reset_shared;
	const struct soca_write *quiesce;
};

/**
 * struct soca_event - A queued event
 * @type: enum socassign_event_type
 * @flags: enum socassign_event_flags
 * @index: What it is about
 * @fault: enum socassign_fault, for a DMA fault
 * @address: DMA address, for a DMA fault
 * @time: CLOCK_MONOTONIC, nanoseconds
 */
struct soca_event {
	u32 type;
	u32 flags;
	u32 index;
	u32 fault;
	u64 address;
	u64 time;
};

/*
 * The claim: what the fd stands for.
 *
 * building -> built -> down.  Its devices are taken without a lock, the rest is
 * built under the gate, held for writing.  Every operation holds the gate for
 * reading and sees @down; so once soca_claim_down() has the gate for writing,
 * no operation is under way and none will start.  Only the access that pread()
 * or pwrite() does on the bus holds nothing; soca_regions_down() ends it.  The
 * claim goes down once: at
 * the last close of the file, or earlier, at the unbind or removal of one of
 * its devices ("revoke"; the file then outlives it).  Pages are mapped under
 * @map_lock, held for reading, unless @zapped.  Only events can still be
 * taken then, under @event_lock.  A revoke that comes while
 * the devices are being taken is left to the builder.
 *
 * References: the file has one, and while the claim owns nodes the registry
 * has one.  The latter is dropped after the devices went back, which is left to
 * @give_back_work: until then nobody else gets the nodes.
 *
 * What describes the claim to the user (strings, sizes) does not change and
 * lives as long as the claim, so it can be copied to the user without a lock.
 */
struct soca_claim {
	struct kref ref;
	struct list_head list;		/* soca_registry_lock */
	struct rw_semaphore gate;
	struct rw_semaphore map_lock;
	bool zapped;			/* map_lock */
	bool built;			/* gate */
	bool down;			/* gate */

	u32 flags;			/* enum socassign_instantiate_flags */
	u32 dma_class;			/* enum socassign_dma_class */
	bool privileged;		/* the caller has CAP_SYS_ADMIN */
	struct soca_reason *reason;	/* the builder's, then NULL */
	bool is_partition;		/* one node, memory; no device */
	bool has_liodns;		/* a node of it has */
	bool is_zeroed;			/* soca_partition_lock */
	struct inode *inode;		/* gate; NULL before there is a file */
	bool published;			/* somebody gets an fd */
	bool is_waited_for;		/* by a change of the device tree */

	unsigned int num_nodes;
	struct soca_node *nodes;
	struct soca_strings paths;

	unsigned int num_regions;
	struct soca_region *regions;
	unsigned long next_pgoff;

	unsigned int num_irqs;
	struct soca_irq *irqs;

	unsigned int num_dmas;		/* gate */
	struct soca_dma **dmas;		/* gate */

	spinlock_t event_lock;		/* num_events, events */
	unsigned int num_events;	/* event_lock */
	struct soca_event events[SOCA_MAX_EVENTS];
	wait_queue_head_t event_wait;

	struct work_struct give_back_work;
};

/**
 * struct soca_ucmd - An ioctl on its way through its handler
 * @claim: The claim that it is for; NULL on /dev/socassign
 * @cmd: The struct in kernel memory; goes back to the user on success
 * @new_file: Set by a handler that made a file; published once @cmd is back
 * @new_fd: The descriptor reserved for @new_file
 */
struct soca_ucmd {
	struct soca_claim *claim;
	void *cmd;
	struct file *new_file;
	int new_fd;
};

/**
 * struct soca_ioctl_op - An entry of an ioctl table
 * @ioctl_num: The command
 * @size: Size of its struct
 * @min_size: Size of the struct's first version
 * @execute: The handler; it may sleep, no lock is held
 */
struct soca_ioctl_op {
	unsigned int ioctl_num;
	unsigned int size;
	unsigned int min_size;
	int (*execute)(struct soca_ucmd *ucmd);
};

#define SOCA_IOCTL_OP(_ioctl, _fn, _struct, _last) {		\
	.ioctl_num = _ioctl,					\
	.size = sizeof(_struct),				\
	.min_size = offsetofend(_struct, _last),		\
	.execute = _fn,						\
}

/* strings.c: lists of strings for the user */
int soca_strings_add(struct soca_strings *list, const char *string);
int soca_strings_add_once(struct soca_strings *list, const char *string);
void soca_strings_free(struct soca_strings *list);
int soca_strings_to_user(const struct soca_strings *list, u64 uptr, u32 *len);

/* reason.c: why a request is refused */
struct soca_reason *soca_reason_alloc(void);
__printf(2, 3)
void soca_reason_set(struct soca_reason *reason, const char *fmt, ...);
void soca_reason_to_user(struct soca_reason *reason, u64 uptr, u32 len);

/* main.c: ioctl tables, module parameters */
extern bool soca_unsafe_dma;
extern bool soca_strict_pages;
extern bool soca_kernel_access;
extern unsigned int soca_storm_limit;
int soca_return_file(struct soca_ucmd *ucmd, int fd, struct file *file);
long soca_ioctl(const struct soca_ioctl_op *ops, unsigned int num_ops,
		struct soca_claim *claim, unsigned int cmd, unsigned long arg);

/* returns.c: devices on their way back */
void soca_return_queue(struct work_struct *work);
void soca_return_done(void);
void soca_returns_wait(void);
int soca_returns_init(void);
void soca_returns_exit(void);

/* device.c: the claim object behind the fd */
int soca_files_init(void);
void soca_files_exit(void);
struct soca_claim *soca_claim_alloc(void);
void soca_claim_get(struct soca_claim *claim);
void soca_claim_put(struct soca_claim *claim);
struct file *soca_claim_file(struct soca_claim *claim);
struct soca_claim *soca_claim_of(const struct file *file);
void soca_claim_published(const struct file *file);
void soca_claim_down(struct soca_claim *claim, const struct device_node *gone);
void soca_claim_take_down(struct soca_claim *claim,
			  const struct device_node *gone);
void soca_claim_abort(struct soca_claim *claim);
void soca_event_queue(struct soca_claim *claim, u32 type, u32 index);
void soca_event_queue_fault(struct soca_claim *claim, u32 index, u64 address,
			    u32 fault);

/* claim.c: from paths to a claim */
int soca_instantiate(struct soca_ucmd *ucmd);
bool soca_claim_has_node(const struct soca_claim *claim,
			 const struct device_node *np);
u32 soca_node_index(const struct soca_claim *claim,
		    const struct device_node *np);
bool soca_in_claimed_tree(const struct soca_claim *claim,
			  const struct device_node *np);
bool soca_is_above_claim(const struct soca_claim *claim,
			 const struct device_node *np);
void soca_claim_put_nodes(struct soca_claim *claim);

/* The root behind the one at @i: for (i = 0; i < num_nodes; i = next) */
static inline u32 soca_next_root(const struct soca_claim *claim, u32 i)
{
	return i + 1 + claim->nodes[i].num_below;
}

/* registry.c: who owns what */
extern struct mutex soca_registry_lock;
int soca_registry_check(const struct soca_claim *claim);
int soca_registry_add(struct soca_claim *claim);
bool soca_registry_is_shared(const struct soca_claim *claim);
void soca_registry_remove(struct soca_claim *claim);
bool soca_node_below(const struct device_node *np,
		     const struct device_node *ancestor);
bool soca_registry_owns(const struct device_node *np);
bool soca_registry_owns_liodns_of(const struct device_node *np);
bool soca_claim_has_liodn(const struct soca_claim *claim, u32 id);
typedef bool (*soca_claim_fn)(const struct soca_claim *claim, const void *data);
struct soca_claim *soca_registry_find(soca_claim_fn match, const void *data);
bool soca_registry_has(soca_claim_fn match, const void *data);

/* changes.c: the device tree changes */
int soca_changes_init(void);
void soca_changes_exit(void);

/* newcomer.c: what an overlay brings beside a claim */
struct device_node *soca_child_named(const struct device_node *parent,
				     const char *name);
int soca_newcomers_check(struct device_node *overlay,
			 struct device_node *target);
struct soca_claim *soca_came(struct device_node *np);

/* policy.c: what may be claimed */
int soca_policy_claim(struct soca_claim *claim);
int soca_policy_device(const struct soca_claim *claim,
		       const struct soca_node *node, bool driven);
int soca_policy_attached(struct soca_claim *claim);
const char *soca_policy_outsider_rule(struct soca_tree_node *node);
bool soca_policy_may_share(void);
int soca_policy_may_declare(const struct device_node *np);
u32 soca_policy_dma_class(const struct device_node *np, bool declared);
void soca_policy_taint(struct soca_claim *claim);

/* bus.c: the bus drivers, and moving devices between them and the host's */
bool soca_device_is_ours(struct device *dev);
bool soca_device_is_claimed(struct device *dev);
bool soca_device_declared(struct device *dev);
bool soca_device_masters_none(struct device *dev);
void soca_devices_find(struct soca_claim *claim);
int soca_devices_check(struct soca_claim *claim, bool may_wait);
int soca_devices_take(struct soca_claim *claim);
void soca_devices_forget(struct soca_claim *claim);
void soca_devices_release(struct soca_claim *claim);
bool soca_devices_any_to_give_back(const struct soca_claim *claim);
void soca_devices_give_back(struct soca_claim *claim);
int soca_bus_init(void);
void soca_bus_exit(void);

/* power.c: clocks, power domains and resets */
void soca_supplies_find(struct soca_claim *claim);
int soca_power_hold(struct soca_claim *claim);
void soca_power_drop(struct soca_claim *claim);
bool soca_can_reset(const struct soca_claim *claim);
int soca_reset(struct soca_claim *claim);
unsigned int soca_num_clocks(const struct soca_claim *claim);
int soca_clock_ioctl(struct soca_ucmd *ucmd);
int soca_reset_ioctl(struct soca_ucmd *ucmd);

/* quiesce.c: devices that are known well enough to be made quiet */
void soca_quiesce_find(struct soca_claim *claim);
bool soca_quiesce(const struct soca_claim *claim, bool was_reset);

/* dma.c and memobj.c: DMA identities, windows and memory objects */
int soca_dmas_check(const struct soca_claim *claim);
int soca_dmas_build(struct soca_claim *claim);
void soca_dmas_block(struct soca_claim *claim);
bool soca_dmas_used(const struct soca_claim *claim);
void soca_dmas_forget(struct soca_claim *claim);
void soca_dmas_down(struct soca_claim *claim, bool park);
bool soca_dmas_parked(const struct device_node *np);
bool soca_dmas_parked_above(const struct device_node *np);
bool soca_dmas_parked_near(const struct device_node *np);
void soca_dmas_put_back(const struct device_node *np);
int soca_dma_ioctl(struct soca_ucmd *ucmd);
int soca_memory_ioctl(struct soca_ucmd *ucmd);
int soca_dma_map_ioctl(struct soca_ucmd *ucmd);
int soca_dma_unmap_ioctl(struct soca_ucmd *ucmd);
int soca_dma_control_ioctl(struct soca_ucmd *ucmd);

/* pamu_probe.c: finding the PAMU */
#ifdef CONFIG_FSL_PAMU
bool soca_pamu_running(void);
int soca_pamu_init(void);
void soca_pamu_exit(void);
#else
static inline bool soca_pamu_running(void)
{
	return false;
}

static inline int soca_pamu_init(void)
{
	return 0;
}

static inline void soca_pamu_exit(void)
{
}
#endif

/* memory.c: partitions of memory */
bool soca_is_partition(const struct device_node *np);
int soca_partition_check(struct device_node *np, u32 flags,
			 struct soca_reason *reason);
int soca_partition_build(struct soca_claim *claim);
int soca_partition_phys(struct soca_claim *claim, u64 offset, u64 length,
			u64 *phys);

/* region_build.c and region.c: registers */
int soca_regions_build(struct soca_claim *claim);
const struct device_node *
soca_regions_find_outsider(const struct soca_claim *claim,
			   bool (*match)(const struct device_node *np));
void soca_regions_tell(const struct soca_claim *claim);
bool soca_first_regs(const struct soca_claim *claim, u32 node,
		     struct soca_span *span);
bool soca_regions_mappable_at(const struct soca_claim *claim,
			      struct soca_span span);
bool soca_regions_have(const struct soca_claim *claim, struct soca_span span);
void soca_regions_down(struct soca_claim *claim);
void soca_regions_free(struct soca_claim *claim);
int soca_region_ioctl(struct soca_ucmd *ucmd);
int soca_prefault_ioctl(struct soca_ucmd *ucmd);
int soca_region_mmap(struct soca_claim *claim, struct vm_area_struct *vma);
ssize_t soca_region_read(struct soca_claim *claim, char __user *buf,
			 size_t count, loff_t pos);
ssize_t soca_region_write(struct soca_claim *claim, const char __user *buf,
			  size_t count, loff_t pos);

/* irq_build.c and irq.c: interrupts */
int soca_irqs_build(struct soca_claim *claim);
void soca_irqs_map(struct soca_claim *claim);
void soca_irqs_forget_lines(struct soca_claim *claim);
void soca_irqs_down(struct soca_claim *claim);
void soca_irqs_free(struct soca_claim *claim);
int soca_irq_ioctl(struct soca_ucmd *ucmd);
int soca_set_irq_ioctl(struct soca_ucmd *ucmd);

#endif /* _SOCASSIGN_PRIVATE_H */
