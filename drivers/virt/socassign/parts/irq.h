/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An interrupt of a claim
 */
#ifndef _SOCASSIGN_IRQ_H
#define _SOCASSIGN_IRQ_H

#include <linux/cpumask.h>
#include <linux/irqreturn.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <uapi/linux/socassign.h>

#include "base/strings.h"

struct eventfd_ctx;
struct soca_claim;

/* As much of a node's name as /proc/interrupts needs. */
#define SOCA_IRQ_LABEL	48

/* The last handlers of a window are measured. */
#define SOCA_STORM_SAMPLES	8
/* So often other interrupts may end the mask of one, and no task. */
#define SOCA_STORM_UNATTENDED	64

/**
 * struct soca_storm - What tells whether an interrupt storms
 * @count: Interrupts in the present window, which ends beyond storm_limit
 * @unattended: How often in a row another interrupt ended the automatic mask
 * @start: When the window began, CLOCK_MONOTONIC, in nanoseconds
 * @shortest: The shortest handler of those measured, in nanoseconds; 0: none was.
 *	Without the lock: written by the handler, when nothing can be in its way
 * @num: Storms since the claim was made
 * @has_paused: soca_irq.storm_work may have to be waited for
 * @handler_start: When the handler that is running began; 0: it is not measured.
 *	The handler's own, as @reason is: it does not run twice at a time
 * @reason: enum socassign_storm, if that handler has begun a pause; else 0
 */
struct soca_storm {
	unsigned int count;
	unsigned int unattended;
	u64 start;
	u32 shortest;
	u32 num;
	bool has_paused;
	u64 handler_start;
	u32 reason;
};

/**
 * struct soca_irq - An interrupt of a claim
 * @claim: The claim
 * @index: Its index there
 * @virq: Linux's number for it, 0 if it could not be mapped
 * @flags: enum socassign_irq_flags, those that do not change
 * @origin: enum socassign_irq_origin
 * @node: Index of its node
 * @entry: Index in the node's property
 * @line: Controller and specifier; the controller's node, with a reference, until
 *	the interrupt is mapped
 * @slow: Its controller sleeps: masking is left to @slow_work
 * @name: From interrupt-names
 * @controllers: Paths of the controllers, from near to far
 * @sharers: Paths of the nodes outside that name the same line
 * @label: For /proc/interrupts; cut to what fits
 *
 * @config: Serialises the configuration: @trigger and @resample
 * @trigger: Signalled by the handler and at the end of a pause, which read it
 *	without a lock; set while the handler is requested
 * @resample: Signalled by the user; ends the automatic mask
 * @resample_wait: Our entry in the wait queue of @resample
 * @affinity_set: The user chose the CPUs
 * @host_affinity: The CPUs before that; valid with @affinity_set
 *
 * @lock: Protects what follows.  Taken in interrupt context, and with the
 *	lock of the wait queue of @resample held; so no eventfd is signalled
 *	under it.
 * @live: The handler is requested, or just about to be; @virq may be masked and
 *	unmasked.  What follows, down to @count, is of the present connection, or of
 *	one that ended; @user_masked and @count are of the claim
 * @user_masked: By SOCASSIGN_SET_MASK
 * @auto_masked: Level: from the interrupt to the resample
 * @paused: Because of a storm
 * @stopped: While the devices are brought back to their start: what comes is of
 *	before, and is dropped
 * @missed: Edge: one came while it was masked, and is to be delivered
 * @hw_masked: What the hardware was told, see soca_irq_wants_mask()
 * @count: Interrupts taken
 * @storm: What tells whether it storms
 *
 * @storm_work: Ends a pause
 * @slow_work: Brings @hw_masked up to date for a @slow controller
 * @slow_lock: Serialises @slow_work with the (then threaded) handler
 */
struct soca_irq {
	struct soca_claim *claim;
	u32 index;
	unsigned int virq;
	u32 flags;
	u32 origin;
	u32 node;
	u32 entry;
	struct of_phandle_args line;
	bool slow;
	struct soca_strings name;
	struct soca_strings controllers;
	struct soca_strings sharers;
	char label[SOCA_IRQ_LABEL];

	struct mutex config;		/* @trigger, @resample, affinity */
	struct eventfd_ctx *trigger;
	struct eventfd_ctx *resample;
	wait_queue_entry_t resample_wait;
	bool affinity_set;
	cpumask_var_t host_affinity;

	spinlock_t lock;		/* what follows, down to @storm */
	bool live;
	bool user_masked;
	bool auto_masked;
	bool paused;
	bool stopped;
	bool missed;
	bool hw_masked;
	u64 count;
	struct soca_storm storm;

	struct delayed_work storm_work;
	struct work_struct slow_work;
	struct mutex slow_lock;		/* around disable_irq(), enable_irq() */
};

/* Nothing is delivered. */
static inline bool soca_irq_is_masked(const struct soca_irq *irq)
{
	return irq->user_masked || irq->auto_masked || irq->paused ||
	       irq->stopped;
}

/*
 * The hardware keeps a level.  An edge it may not: the irq core takes one that
 * comes while the line is disabled, and has the controller raise it again
 * (check_irq_resend()), which the MPIC cannot, nor the core on powerpc.  So the
 * line stays open until one has come, which the handler remembers; what comes
 * then is the same event.
 */
static inline bool soca_irq_wants_mask(const struct soca_irq *irq)
{
	return soca_irq_is_masked(irq) &&
	       (irq->flags & SOCASSIGN_IRQ_LEVEL || irq->missed);
}

/* irq.c: at work */
void soca_irq_init(struct soca_irq *irq);
void soca_irq_forget(struct soca_irq *irq);
irqreturn_t soca_irq_handle(int virq, void *data);
void soca_irq_tell(struct soca_irq *irq, bool mask);
void soca_irq_drain(struct soca_irq *irq);
void soca_irq_set_masked(struct soca_irq *irq, bool masked);
void soca_irq_eoi(struct soca_irq *irq);
int soca_irq_fire(struct soca_irq *irq);
void soca_irq_stop(struct soca_irq *irq);
void soca_irq_restart(struct soca_irq *irq);

/* What the hardware should know, under soca_irq.lock; part of every interrupt. */
static inline void soca_irq_sync(struct soca_irq *irq)
{
	bool mask = soca_irq_wants_mask(irq);

	if (irq->live && mask != irq->hw_masked)
		soca_irq_tell(irq, mask);
}

/* irq_storm.c: storms */
void soca_irq_storm_begin(struct soca_irq *irq, unsigned int count, u64 now);
void soca_irq_storm_check(struct soca_irq *irq, unsigned int limit);
void soca_irq_storm_checked(struct soca_irq *irq);

/* irq_connect.c: its eventfds and CPUs */
int soca_irq_set_affinity(struct soca_irq *irq, const u64 *words,
			  u32 num_words);
int soca_irq_set_trigger(struct soca_irq *irq, int fd);
int soca_irq_set_resample(struct soca_irq *irq, int fd);
void soca_irq_down(struct soca_irq *irq);

/* interrupts.c: all of a claim */
void soca_irqs_stop(struct soca_claim *claim);
void soca_irqs_restart(struct soca_claim *claim);

/* irq_find.c: those of a claim, from the device tree */
int soca_irqs_find(struct soca_claim *claim);
int soca_irqs_map(struct soca_claim *claim);
void soca_irqs_forget_lines(struct soca_claim *claim);
void soca_irqs_free(struct soca_claim *claim);

#endif /* _SOCASSIGN_IRQ_H */
