// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storms: interrupts that come too fast, or leave too little of the CPU
 *
 * An edge interrupt storms if its line is a level in truth; a level interrupt, if
 * its resample is the trigger of another one and the other way round, or if its
 * owner ends the mask and leaves the cause.
 *
 * Time that others took must not make a storm: a vCPU may lose its CPU anywhere, a
 * thread may be preempted.  Such time can only make a window longer, and so the
 * interrupts in it rarer.  What a handler takes is the shortest of several; that of
 * a slow controller's line sleeps, and is not measured.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "base/params.h"
#include "claim/claim.h"
#include "parts/irq.h"

/* More than storm_limit interrupts in that time are a storm; the shortest pause. */
#define SOCA_STORM_NS	(10 * NSEC_PER_MSEC)
/*
 * Handlers may take one part in so many of a window.  The way into and out of an
 * interrupt costs, too, and cannot be measured here: of edges that come back to back
 * the handler is a fifth on an e500v2, and less where controllers answer slowly.  For a
 * level the end of the mask, which is a task's work, is in the window as well.
 */
#define SOCA_STORM_SHARE_EDGE	16
#define SOCA_STORM_SHARE_LEVEL	4

/**
 * soca_irq_storm_begin - Begin a window
 * @irq: The interrupt
 * @count: Interrupts that are in it already
 * @now: When it begins
 *
 * Context: Under soca_irq.lock, or while the interrupt is not live.
 */
void soca_irq_storm_begin(struct soca_irq *irq, unsigned int count, u64 now)
{
	irq->storm.count = count;
	irq->storm.unattended = 0;
	irq->storm.start = now;
	WRITE_ONCE(irq->storm.shortest, 0);
}

/* The window is full: did it take long enough, and what of it the handlers? */
static u32 soca_irq_storm_judge(const struct soca_irq *irq, u64 length)
{
	unsigned int share = irq->flags & SOCASSIGN_IRQ_LEVEL ?
			     SOCA_STORM_SHARE_LEVEL : SOCA_STORM_SHARE_EDGE;

	if (length < SOCA_STORM_NS)
		return SOCASSIGN_STORM_RATE;
	if ((u64)READ_ONCE(irq->storm.shortest) * irq->storm.count * share > length)
		return SOCASSIGN_STORM_BUSY;
	return 0;
}

/* As long as it had the CPU, others get it. */
static void soca_irq_pause(struct soca_irq *irq, u64 length)
{
	u32 ms = div_u64(max_t(u64, length, SOCA_STORM_NS), NSEC_PER_MSEC);

	irq->storm.num++;
	irq->paused = true;
	irq->storm.has_paused = true;
	schedule_delayed_work(&irq->storm_work, msecs_to_jiffies(ms));
}

/**
 * soca_irq_storm_check - Pause an interrupt if it storms
 * @irq: The interrupt, which has just come
 * @limit: storm_limit
 *
 * Context: The handler, under soca_irq.lock; soca_irq_storm_checked() follows.
 */
void soca_irq_storm_check(struct soca_irq *irq, unsigned int limit)
{
	const u64 now = ktime_get_mono_fast_ns();
	u64 length = now - irq->storm.start;
	u32 reason;

	lockdep_assert_held(&irq->lock);

	irq->storm.handler_start = irq->slow ? 0 : now;
	irq->storm.reason = 0;
	if (irq->storm.unattended > SOCA_STORM_UNATTENDED) {
		reason = SOCASSIGN_STORM_LOOP;
		length = 0;
	} else if (irq->storm.count > limit) {
		reason = soca_irq_storm_judge(irq, length);
	} else {
		return;
	}
	soca_irq_storm_begin(irq, 1, now);
	/* What is dropped delays nobody, and a pause would outlast the reset. */
	if (!reason || irq->paused || irq->stopped)
		return;
	soca_irq_pause(irq, length);
	irq->storm.reason = reason;
}

/* What the handler has taken until now. */
static void soca_irq_storm_measure(struct soca_storm *storm)
{
	u64 length = ktime_get_mono_fast_ns() - storm->handler_start;
	u32 ns = clamp_t(u64, length, 1, U32_MAX);
	u32 shortest = READ_ONCE(storm->shortest);

	WRITE_ONCE(storm->shortest, min_not_zero(shortest, ns));
}

/**
 * soca_irq_storm_checked - Measure the handler, and tell the owner of a pause
 * @irq: The interrupt, for which soca_irq_storm_check() was called
 *
 * Context: The handler, at its end.
 */
void soca_irq_storm_checked(struct soca_irq *irq)
{
	struct soca_storm *storm = &irq->storm;

	if (storm->handler_start)
		soca_irq_storm_measure(storm);
	if (storm->reason)
		soca_event_queue_storm(irq->claim, irq->index, storm->reason);
}
