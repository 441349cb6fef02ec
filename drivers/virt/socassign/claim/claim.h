/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The claim: the object behind an fd
 *
 * Naming: "claim" is what an fd stands for, "set" the nodes that it asks for and
 * then has, "node" one of these, "device" the struct device of a node, "bound" our
 * driver's data of a device.
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
 *	      soca_pamu.lock; the mutex of an IOMMU group (also taken without the
 *	      others, and above soca_registry_lock)
 *	    soca_quiesce_lock (also taken without the gate)
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
#ifndef _SOCASSIGN_CLAIM_H
#define _SOCASSIGN_CLAIM_H

#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <uapi/linux/socassign.h>

#include "tree/set.h"

struct file;
struct inode;
struct soca_dma;
struct soca_irq;
struct soca_part;
struct soca_region;
struct soca_supply;
struct soca_ucmd;

/* Events that wait for the user. */
#define SOCA_MAX_EVENTS		16

/**
 * struct soca_event - A queued event
 * @type: enum socassign_event_type
 * @flags: enum socassign_event_flags
 * @index: What it is about
 * @fault: enum socassign_fault, for a DMA fault
 * @storm: enum socassign_storm, for a storm
 * @address: DMA address, for a DMA fault
 * @time: CLOCK_MONOTONIC, nanoseconds
 */
struct soca_event {
	u32 type;
	u32 flags;
	u32 index;
	u32 fault;
	u32 storm;
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
 * or pwrite() does on the bus holds nothing; soca_accesses_down() ends it.  Nor
 * does the end of an interrupt's mask, which soca_irq.lock is enough for.  The
 * claim goes down once: at the last close of the file, or earlier, at the unbind
 * or removal of one of its devices ("revoke"; the file then outlives it).  Pages
 * are mapped under @map_lock, unless @zapped.  Only events can
 * still be taken then, under @event_lock.  A revoke that comes while the devices
 * are being taken is left to the builder.
 *
 * References: the file has one, and while the claim owns nodes the registry
 * has one.  The latter is dropped after the devices went back, which is left to
 * @give_back_work: until then nobody else gets the nodes.  Whoever waits for that
 * waits for @returned and not for the work: a driver that changes the tree in its
 * probe, in the work of one claim, waits for another claim, and to lockdep all work
 * of one kind is the same.
 *
 * What describes the claim to the user (strings, sizes) does not change and
 * lives as long as the claim, so it can be copied to the user without a lock.
 *
 * A change of the tree that takes a claim down waits for @unmade only: it may hold
 * locks that a driver of the host's wants in its probe, and of_platform, which hears
 * of the change next, cares for devices that were made of the node.
 */
struct soca_claim {
	struct soca_set set;
	struct kref ref;
	struct rw_semaphore gate;
	struct mutex map_lock;		/* zapped, regions' caching */
	bool zapped;			/* map_lock */
	bool built;			/* gate */
	bool down;			/* gate */

	struct inode *inode;		/* gate; NULL before there is a file */
	bool published;			/* somebody gets an fd */
	bool released;			/* gate; its end has begun, built or not */
	bool is_waited_for;		/* by a change of the device tree */
	bool is_returning;		/* give_back_work was queued */
	bool is_powered;		/* gate; its devices have what they need */
	bool is_quiet;			/* gate; its devices want nothing any more */

	/* The parts' own */
	unsigned int num_regions;
	struct soca_region *regions;
	unsigned long next_pgoff;

	unsigned int num_irqs;
	struct soca_irq *irqs;

	unsigned int num_dmas;		/* gate */
	struct soca_dma **dmas;		/* gate */

	struct soca_supply *supplies;	/* gate; one a node, NULL for a partition */

	spinlock_t event_lock;		/* what follows, down to events */
	u64 num_faults;			/* event_lock; of all identities */
	unsigned int num_events;	/* event_lock */
	struct soca_event events[SOCA_MAX_EVENTS];
	wait_queue_head_t event_wait;

	struct work_struct give_back_work;
	struct completion unmade;	/* devices made for it are gone */
	struct completion returned;	/* so are the others */
};

/**
 * struct soca_orders - What the floors above do for a claim
 * @parts: The parts of a claim, in the order in which they are built; NULL ends it
 * @release: Take down a claim; under the gate, held for writing.  The node is the
 *	one whose device goes, NULL at the last close.
 * @give_back: Its work for what needs the locks of devices
 */
struct soca_orders {
	const struct soca_part *const *parts;
	void (*release)(struct soca_claim *claim,
			const struct device_node *gone);
	void (*give_back)(struct work_struct *work);
};

/* claim.c: from the first reference to the last */
void soca_claims_init(const struct soca_orders *orders);
struct soca_claim *soca_claim_alloc(void);
void soca_claim_get(struct soca_claim *claim);
void soca_claim_put(struct soca_claim *claim);
void soca_claim_down(struct soca_claim *claim, const struct device_node *gone);
void soca_claim_revoke(struct soca_claim *claim, const struct device_node *gone);
void soca_claim_wait(struct soca_claim *claim);
typedef bool (*soca_claim_fn)(const struct soca_claim *claim, const void *data);
struct soca_claim *soca_claims_find(soca_claim_fn match, const void *data);
struct soca_claim *soca_claims_find_owner(soca_claim_fn match, const void *data);
bool soca_claims_have(soca_claim_fn match, const void *data);
struct soca_claim *soca_claims_find_returning(soca_claim_fn match,
					      const void *data);

/* file.c: its file */
int soca_files_init(void);
void soca_files_exit(void);
struct file *soca_claim_file(struct soca_claim *claim);
struct soca_claim *soca_claim_of(const struct file *file);

/* events.c: what its owner is told */
void soca_event_queue(struct soca_claim *claim, u32 type, u32 index);
void soca_event_queue_storm(struct soca_claim *claim, u32 index, u32 storm);
void soca_event_queue_fault(struct soca_claim *claim, u32 index, u64 address,
			    u32 fault, u32 how);
bool soca_events_pending(struct soca_claim *claim);
u64 soca_events_faults(struct soca_claim *claim);
int soca_get_event_ioctl(struct soca_ucmd *ucmd);

#endif /* _SOCASSIGN_CLAIM_H */
