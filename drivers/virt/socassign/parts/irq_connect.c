// SPDX-License-Identifier: GPL-2.0-only
/*
 * The eventfds and the CPUs of an interrupt
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/bitmap.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/ktime.h>
#include <linux/poll.h>

#include "base/compat.h"
#include "base/reason.h"
#include "claim/claim.h"
#include "parts/irq.h"

/* Affinity */

static void soca_irq_restore_affinity(struct soca_irq *irq)
{
	if (!irq->affinity_set)
		return;
	irq_set_affinity(irq->virq, irq->host_affinity);
	free_cpumask_var(irq->host_affinity);
	irq->affinity_set = false;
}

/* What the line had before: the host gets it back with the line. */
static int soca_irq_save_affinity(struct soca_irq *irq)
{
	if (irq->affinity_set)
		return 0;
	if (!zalloc_cpumask_var(&irq->host_affinity, GFP_KERNEL))
		return -ENOMEM;
	cpumask_copy(irq->host_affinity, irq_get_affinity_mask(irq->virq));
	irq->affinity_set = true;
	return 0;
}

static int soca_irq_change_affinity(struct soca_irq *irq,
				    const struct cpumask *mask)
{
	int ret;

	if (!cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	ret = soca_irq_save_affinity(irq);
	if (ret)
		return ret;
	return irq_set_affinity(irq->virq, mask) ? -EOPNOTSUPP : 0;
}

/**
 * soca_irq_set_affinity - Choose the CPUs of an interrupt
 * @irq: The interrupt
 * @words: A bitmap of CPUs
 * @num_words: Number of @words
 *
 * Context: Process context, under soca_irq.config.
 * Return: 0, -EBUSY if the line is the host's, -ENXIO without a trigger, -EINVAL,
 * -EOPNOTSUPP or -ENOMEM.
 */
int soca_irq_set_affinity(struct soca_irq *irq, const u64 *words,
			  u32 num_words)
{
	unsigned int bits = min_t(unsigned int, num_words * 64, nr_cpumask_bits);
	cpumask_var_t mask;
	int ret;

	lockdep_assert_held(&irq->config);

	/* Without a handler of ours the line may be the host's. */
	if (!irq->trigger)
		return irq_has_action(irq->virq) ? -EBUSY : -ENXIO;
	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	bitmap_from_arr64(cpumask_bits(mask), words, bits);
	ret = soca_irq_change_affinity(irq, mask);
	free_cpumask_var(mask);
	return ret;
}

/* The trigger */

static int soca_irq_request_errno(const struct soca_irq *irq, int ret)
{
	if (ret == -ENOMEM)
		return ret;
	soca_refuse(NULL, irq->claim->set.nodes[irq->node].np,
		    "its interrupt %u could not be requested (%d)", irq->index,
		    ret);
	return ret == -EBUSY ? ret : -EOPNOTSUPP;
}

static int soca_irq_request_threaded(struct soca_irq *irq, unsigned long flags)
{
	return request_threaded_irq(irq->virq, NULL, soca_irq_handle,
				    flags | IRQF_ONESHOT, irq->label, irq);
}

/*
 * A slow controller may still interrupt in hard interrupt context, where its
 * mask cannot be set: then a thread does it, and ONESHOT masks until then.  A
 * line that a thread of its controller's serves takes no other handler.
 * Where the host has the line PROBE_SHARED keeps that out of the log.
 */
static int soca_irq_request_handler(struct soca_irq *irq)
{
	unsigned long flags = IRQF_PROBE_SHARED;
	int ret;

	if (irq->hw_masked)
		flags |= IRQF_NO_AUTOEN;
	if (irq->slow)
		return soca_irq_request_threaded(irq, flags);
	ret = request_irq(irq->virq, soca_irq_handle, flags, irq->label, irq);
	if (ret == -EINVAL && irq_check_status_bit(irq->virq, IRQ_NESTED_THREAD))
		ret = soca_irq_request_threaded(irq, flags);
	return ret;
}

/*
 * A driver of the host's may have left a line that does not enable itself.  A level
 * that a thread delivers (handle_nested_irq()) must not: it is not masked while its
 * line is disabled lazily, would come for ever, and the handler not see it.
 */
static bool soca_irq_starts_off(const struct soca_irq *irq)
{
	unsigned int bits = IRQ_NOAUTOEN;

	if (irq->flags & SOCASSIGN_IRQ_LEVEL) {
		if (irq->slow)
			return true;
		bits |= IRQ_NESTED_THREAD;
	}
	return irq_check_status_bit(irq->virq, bits);
}

/*
 * Ready before the handler is requested, which may run at once, and with nothing
 * left of an earlier connection.
 *
 * SET_EOI and the resample take no soca_irq.config, so they may come while the
 * handler is being requested, when the line may still be the host's.  They look at
 * nothing but @auto_masked, and that only the handler sets, or a FIRE, which takes
 * soca_irq.config: so it is false from before @live is set until the line is ours.
 */
static void soca_irq_get_ready(struct soca_irq *irq)
{
	bool starts_off = soca_irq_starts_off(irq);

	scoped_guard(spinlock_irqsave, &irq->lock) {
		soca_irq_forget(irq);
		irq->storm.has_paused = false;
		irq->hw_masked = starts_off || soca_irq_wants_mask(irq);
		irq->live = true;
	}
}

static int soca_irq_request(struct soca_irq *irq, struct eventfd_ctx *ctx)
{
	int ret;

	irq->trigger = ctx;
	soca_irq_get_ready(irq);
	ret = soca_irq_request_handler(irq);
	if (ret < 0) {
		scoped_guard(spinlock_irqsave, &irq->lock)
			irq->live = false;
		irq->trigger = NULL;
		return soca_irq_request_errno(irq, ret);
	}
	/*
	 * Not before, the line may be the host's.  What comes until then is masked
	 * in hardware at its second interrupt, which the handler does not see.
	 * free_irq() takes the flag back.
	 */
	if (irq->flags & SOCASSIGN_IRQ_LEVEL)
		irq_set_status_flags(irq->virq, IRQ_DISABLE_UNLAZY);
	scoped_guard(spinlock_irqsave, &irq->lock)
		soca_irq_sync(irq);
	return 0;
}

/*
 * Once it is not @live nobody ends a mask, nor begins one but the handler, which must:
 * a level that is up would storm at it.  free_irq() waits for the handler and shuts the
 * line down, and who requests it next begins with a count of disable_irq() of his own.
 * Until then the handler may want a pause to be ended, which uses @trigger.
 */
static void soca_irq_release(struct soca_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock)
		irq->live = false;
	if (irq->slow)
		cancel_work_sync(&irq->slow_work);
	free_irq(irq->virq, irq);
	if (irq->storm.has_paused)
		cancel_delayed_work_sync(&irq->storm_work);
	soca_irq_restore_affinity(irq);
	eventfd_ctx_put(irq->trigger);
	irq->trigger = NULL;
}

/*
 * The handler, and the end of a pause, read @trigger without a lock.  They are
 * waited for, not kept away: an edge would be lost.
 */
static void soca_irq_swap_trigger(struct soca_irq *irq, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old = irq->trigger;

	WRITE_ONCE(irq->trigger, ctx);
	soca_irq_drain(irq);
	eventfd_ctx_put(old);
}

/**
 * soca_irq_set_trigger - Connect an interrupt to the eventfd that it signals
 * @irq: The interrupt
 * @fd: The eventfd, or -1: disconnect it
 *
 * Context: Process context, under soca_irq.config.
 * Return: 0 or a negative errno.
 */
int soca_irq_set_trigger(struct soca_irq *irq, int fd)
{
	struct eventfd_ctx *ctx;
	int ret;

	lockdep_assert_held(&irq->config);

	if (fd == -1) {
		if (irq->trigger)
			soca_irq_release(irq);
		return 0;
	}
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	/* Our signal would end the mask at once. */
	if (ctx == irq->resample) {
		eventfd_ctx_put(ctx);
		return -EINVAL;
	}
	if (irq->trigger) {
		soca_irq_swap_trigger(irq, ctx);
		return 0;
	}
	ret = soca_irq_request(irq, ctx);
	if (ret)
		eventfd_ctx_put(ctx);
	return ret;
}

/* The resample */

/*
 * Runs under the lock of the eventfd's wait queue, interrupts off.  If the
 * eventfd is closed (EPOLLHUP) nobody can signal it any more, and our
 * reference keeps it until it is replaced or the claim goes down.
 */
static int soca_irq_resample_wake(wait_queue_entry_t *wait, unsigned int mode,
				  int sync, void *key)
{
	struct soca_irq *irq =
		container_of(wait, struct soca_irq, resample_wait);
	u64 count;

	if (!(key_to_poll(key) & EPOLLIN))
		return 0;
	eventfd_ctx_do_read(irq->resample, &count);
	soca_irq_eoi(irq);
	return 0;
}

/* How our wait entry comes to the wait queue of the eventfd, through poll. */
struct soca_resample_poll {
	poll_table table;
	struct soca_irq *irq;
	wait_queue_head_t *head;
};

static void soca_irq_resample_queue(struct file *file, wait_queue_head_t *head,
				    poll_table *table)
{
	struct soca_resample_poll *poll =
		container_of(table, struct soca_resample_poll, table);

	poll->head = head;
	add_wait_queue(head, &poll->irq->resample_wait);
}

/* It may have been signalled before: an end of the mask like any other. */
static void soca_irq_attach_resample(struct soca_irq *irq, struct file *file)
{
	struct soca_resample_poll poll = { .irq = irq };
	u64 count;

	init_waitqueue_func_entry(&irq->resample_wait, soca_irq_resample_wake);
	init_poll_funcptr(&poll.table, soca_irq_resample_queue);
	if (!(vfs_poll(file, &poll.table) & EPOLLIN))
		return;
	spin_lock_irq(&poll.head->lock);
	eventfd_ctx_do_read(irq->resample, &count);
	spin_unlock_irq(&poll.head->lock);
	soca_irq_eoi(irq);
}

static void soca_irq_drop_resample(struct soca_irq *irq)
{
	u64 count;

	if (!irq->resample)
		return;
	eventfd_ctx_remove_wait_queue(irq->resample, &irq->resample_wait,
				      &count);
	eventfd_ctx_put(irq->resample);
	irq->resample = NULL;
}

/**
 * soca_irq_set_resample - Connect an interrupt to the eventfd that ends its mask
 * @irq: The interrupt, of level type
 * @fd: The eventfd, or -1: disconnect it
 *
 * Context: Process context, under soca_irq.config.
 * Return: 0 or a negative errno.
 */
int soca_irq_set_resample(struct soca_irq *irq, int fd)
{
	struct eventfd_ctx *ctx;
	struct file *file;

	lockdep_assert_held(&irq->config);

	if (fd == -1) {
		soca_irq_drop_resample(irq);
		return 0;
	}
	file = eventfd_fget(fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ctx = eventfd_ctx_fileget(file);
	if (ctx == irq->trigger) {
		eventfd_ctx_put(ctx);
		fput(file);
		return -EINVAL;
	}
	soca_irq_drop_resample(irq);
	irq->resample = ctx;
	soca_irq_attach_resample(irq, file);
	fput(file);
	return 0;
}

/**
 * soca_irq_down - Disconnect an interrupt for good
 * @irq: The interrupt
 *
 * Signals the trigger once more: whoever sleeps on it finds the claim gone.
 *
 * Context: Process context, under the gate, held for writing: no ioctl is under
 * way, so soca_irq.config is not needed.
 */
void soca_irq_down(struct soca_irq *irq)
{
	soca_irq_drop_resample(irq);
	if (!irq->trigger)
		return;
	soca_eventfd_signal(irq->trigger);
	soca_irq_release(irq);
}
