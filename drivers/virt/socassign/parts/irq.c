// SPDX-License-Identifier: GPL-2.0-only
/*
 * An interrupt at work: its handler, its mask, storms
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>

#include "base/compat.h"
#include "base/params.h"
#include "base/trace.h"
#include "claim/claim.h"
#include "parts/irq.h"

/* Masking */

/* An edge came while it was masked, and now it is not: deliver it. */
static bool soca_irq_take_missed(struct soca_irq *irq)
{
	bool deliver = irq->missed && !soca_irq_is_masked(irq);

	lockdep_assert_held(&irq->lock);

	if (deliver)
		irq->missed = false;
	return deliver && irq->live;
}

/* Each call of the irq core is matched by its contrary: @hw_masked says which. */
static void soca_irq_apply(struct soca_irq *irq, bool mask)
{
	if (mask)
		disable_irq_nosync(irq->virq);
	else
		enable_irq(irq->virq);
}

/**
 * soca_irq_tell - Tell the hardware what is new to it
 * @irq: The interrupt
 * @mask: Mask it, or end that
 *
 * Context: Under soca_irq.lock.
 */
void soca_irq_tell(struct soca_irq *irq, bool mask)
{
	lockdep_assert_held(&irq->lock);

	if (irq->slow) {
		schedule_work(&irq->slow_work);
		return;
	}
	irq->hw_masked = mask;
	soca_irq_apply(irq, mask);
}

/* The same for a controller behind a bus that sleeps. */
static void soca_irq_sync_slow(struct soca_irq *irq)
{
	bool mask;

	guard(mutex)(&irq->slow_lock);

	scoped_guard(spinlock_irqsave, &irq->lock) {
		mask = soca_irq_wants_mask(irq);
		if (mask == irq->hw_masked || !(mask || irq->live))
			return;
		irq->hw_masked = mask;
	}
	soca_irq_apply(irq, mask);
	/* See soca_irq_change(); a work stays on its CPU. */
	if (!mask) {
		local_bh_disable();
		local_bh_enable();
	}
}

static void soca_irq_slow_work(struct work_struct *work)
{
	soca_irq_sync_slow(container_of(work, struct soca_irq, slow_work));
}

/*
 * Change one of the reasons to mask it; an edge that waited for that is delivered.
 *
 * An edge that the irq core has kept while the line was disabled it raises anew by a
 * tasklet of this CPU, which has run when bottom halves are on again: if the caller
 * goes on at another CPU, nothing of before comes there.
 */
static void soca_irq_change(struct soca_irq *irq, bool *reason, bool masked)
{
	bool deliver;

	local_bh_disable();
	scoped_guard(spinlock_irqsave, &irq->lock) {
		*reason = masked;
		deliver = soca_irq_take_missed(irq);
		soca_irq_sync(irq);
	}
	local_bh_enable();
	if (deliver)
		soca_eventfd_signal(READ_ONCE(irq->trigger));
}

/**
 * soca_irq_drain - Wait for who may be at the point of signalling @trigger
 * @irq: The interrupt, connected
 *
 * They are the handler, and the end of a pause with an edge that was missed in it: the
 * work itself, not its timer, for a pause lasts as long as it does.
 *
 * Context: Process context.
 */
void soca_irq_drain(struct soca_irq *irq)
{
	synchronize_irq(irq->virq);
	if (READ_ONCE(irq->storm.has_paused))
		flush_work(&irq->storm_work.work);
}

/**
 * soca_irq_set_masked - Mask an interrupt for the user, or end that
 * @irq: The interrupt
 * @masked: Mask it; when it returns, nothing more comes
 *
 * Context: Process context, under soca_irq.config.
 */
void soca_irq_set_masked(struct soca_irq *irq, bool masked)
{
	soca_irq_change(irq, &irq->user_masked, masked);
	/* Masked means: nothing more comes once the ioctl is back. */
	if (irq->slow)
		flush_work(&irq->slow_work);
	if (masked && irq->trigger)
		soca_irq_drain(irq);
}

/*
 * Another interrupt's handler, also where that is a thread (PREEMPT_RT, threadirqs):
 * it goes before all tasks but real-time ones.
 */
static bool soca_irq_in_handler(void)
{
	return in_hardirq() || (current->flags & PF_KTHREAD && rt_task(current));
}

/**
 * soca_irq_eoi - End the automatic mask
 * @irq: The interrupt
 *
 * Context: Any, interrupts included.
 */
void soca_irq_eoi(struct soca_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (!irq->auto_masked)
			break;
		irq->auto_masked = false;
		/* A task that ends it costs the scheduler's time. */
		irq->storm.unattended = soca_irq_in_handler() ?
					irq->storm.unattended + 1 : 0;
		trace_socassign_eoi(irq->virq);
		soca_irq_sync(irq);
	}
}

/* The handler */

/*
 * Count it.  The rest takes a clock, which the usual case does not read: at the end
 * of a window only, or where no task had a part in the interrupt.  True then: see
 * soca_irq_storm_checked().
 */
static bool soca_irq_storms(struct soca_irq *irq)
{
	unsigned int limit = READ_ONCE(soca_storm_limit);

	lockdep_assert_held(&irq->lock);

	if (!limit)
		return false;
	irq->storm.count++;
	if (likely(irq->storm.count + SOCA_STORM_SAMPLES <= limit &&
		   irq->storm.unattended <= SOCA_STORM_UNATTENDED))
		return false;
	soca_irq_storm_check(irq, limit);
	return true;
}

/* What an interrupt changes; true if it is to be delivered. */
static bool soca_irq_take(struct soca_irq *irq)
{
	bool deliver = !soca_irq_is_masked(irq);

	lockdep_assert_held(&irq->lock);

	irq->count++;
	trace_socassign_irq(irq->virq, irq->count);
	if (irq->flags & SOCASSIGN_IRQ_LEVEL)
		irq->auto_masked |= deliver;
	else
		irq->missed |= !deliver && !irq->stopped;
	return deliver;
}

/**
 * soca_irq_handle - The handler
 * @virq: Linux's number for the interrupt
 * @data: struct soca_irq
 *
 * Of a level one interrupt per event: the line is masked in hardware here and now,
 * since it is marked IRQ_DISABLE_UNLAZY.  One that comes while somebody else masks
 * is not lost: the line is still up when that ends.
 *
 * Return: IRQ_HANDLED.
 */
irqreturn_t soca_irq_handle(int virq, void *data)
{
	struct soca_irq *irq = data;
	bool deliver, checked;

	scoped_guard(spinlock_irqsave, &irq->lock) {
		deliver = soca_irq_take(irq);
		checked = soca_irq_storms(irq);
		/* Also when it is not @live any more: soca_irq_release(). */
		if (!irq->slow && !irq->hw_masked && soca_irq_wants_mask(irq))
			soca_irq_tell(irq, true);
	}
	if (irq->slow)
		soca_irq_sync_slow(irq);
	if (deliver)
		soca_eventfd_signal(READ_ONCE(irq->trigger));
	if (unlikely(checked))
		soca_irq_storm_checked(irq);
	return IRQ_HANDLED;
}

/* The window begins anew: the pause is no part of it. */
static void soca_irq_storm_work(struct work_struct *work)
{
	struct soca_irq *irq =
		container_of(to_delayed_work(work), struct soca_irq, storm_work);

	scoped_guard(spinlock_irqsave, &irq->lock)
		soca_irq_storm_begin(irq, 0, ktime_get_mono_fast_ns());
	soca_irq_change(irq, &irq->paused, false);
}

/**
 * soca_irq_init - Make what runs an interrupt
 * @irq: The interrupt, which does not move in memory any more
 */
void soca_irq_init(struct soca_irq *irq)
{
	mutex_init(&irq->config);
	mutex_init(&irq->slow_lock);
	spin_lock_init(&irq->lock);
	INIT_DELAYED_WORK(&irq->storm_work, soca_irq_storm_work);
	INIT_WORK(&irq->slow_work, soca_irq_slow_work);
}

/**
 * soca_irq_forget - Forget what an interrupt has brought
 * @irq: The interrupt
 *
 * Context: Under soca_irq.lock.
 */
void soca_irq_forget(struct soca_irq *irq)
{
	lockdep_assert_held(&irq->lock);

	irq->auto_masked = false;
	irq->paused = false;
	irq->missed = false;
	soca_irq_storm_begin(irq, 0, ktime_get_mono_fast_ns());
}

/**
 * soca_irq_fire - Raise an interrupt without the hardware
 * @irq: The interrupt
 *
 * Context: Process context, under soca_irq.config.
 * Return: 0, -ENXIO without a trigger, or -EBUSY if it is masked.
 */
int soca_irq_fire(struct soca_irq *irq)
{
	lockdep_assert_held(&irq->config);

	if (!irq->trigger)
		return -ENXIO;
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (soca_irq_is_masked(irq))
			return -EBUSY;
		irq->auto_masked = irq->flags & SOCASSIGN_IRQ_LEVEL;
		soca_irq_sync(irq);
	}
	soca_eventfd_signal(irq->trigger);
	return 0;
}

/* The hardware knows, and what it has brought until now was handled. */
static void soca_irq_settle(struct soca_irq *irq)
{
	if (irq->slow)
		flush_work(&irq->slow_work);
	synchronize_irq(irq->virq);
}

/* See soca_irq_change(). */
static void soca_irq_open(struct soca_irq *irq)
{
	local_bh_disable();
	scoped_guard(spinlock_irqsave, &irq->lock) {
		soca_irq_forget(irq);
		soca_irq_sync(irq);
	}
	local_bh_enable();
}

/**
 * soca_irq_stop - Forget what an interrupt has brought, and drop what comes
 * @irq: The interrupt
 *
 * A level is masked in hardware.  An edge is not: one that waits in the controller,
 * or in the irq core, comes now, and is dropped.
 *
 * Context: Process context, under the gate, held for writing: no ioctl is under way,
 * so soca_irq.config is not needed.
 */
void soca_irq_stop(struct soca_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->stopped = true;
		soca_irq_sync(irq);
	}
	if (!irq->trigger)
		return;
	soca_irq_settle(irq);
	/* It may be at the point of signalling an edge that was missed. */
	if (READ_ONCE(irq->storm.has_paused))
		cancel_delayed_work_sync(&irq->storm_work);
	soca_irq_open(irq);
	soca_irq_settle(irq);
}

/**
 * soca_irq_restart - The contrary of soca_irq_stop()
 * @irq: The interrupt, connected as before; what its user masked stays masked
 *
 * Context: As soca_irq_stop().
 */
void soca_irq_restart(struct soca_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->stopped = false;
		soca_irq_sync(irq);
	}
	if (irq->slow)
		flush_work(&irq->slow_work);
}
