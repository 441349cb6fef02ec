// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: from the hardware to an eventfd, and back to the mask
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/bitmap.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "irq.h"
#include "trace.h"

/* The time that a storm is measured over, and that it is paused for. */
#define SOCA_STORM_MS	10
/* What the handler may take of that time. */
#define SOCA_STORM_BUSY	(SOCA_STORM_MS * NSEC_PER_MSEC / 4)
/* So many interrupts are not measured: the usual case need not read a clock. */
#define SOCA_STORM_FREE	16
/* 8192 CPUs: a bound for what one ioctl makes the kernel copy. */
#define SOCA_MAX_CPUS_LEN 1024

#define SOCA_SET_IRQ_FLAGS						\
	(SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE |		\
	 SOCASSIGN_SET_AFFINITY | SOCASSIGN_SET_MASK |			\
	 SOCASSIGN_SET_UNMASK | SOCASSIGN_SET_EOI | SOCASSIGN_SET_FIRE)

/* Masking */

static bool soca_irq_wants_mask(const struct soca_irq *irq)
{
	return irq->user_masked || irq->auto_masked || irq->paused;
}

/* Each call of the irq core is matched by its contrary: @hw_masked says which. */
static void soca_irq_apply(struct soca_irq *irq, bool mask)
{
	if (mask)
		disable_irq_nosync(irq->virq);
	else
		enable_irq(irq->virq);
}

/* Tell the hardware, if there is news for it. */
static void soca_irq_sync(struct soca_irq *irq)
{
	bool mask = soca_irq_wants_mask(irq);

	lockdep_assert_held(&irq->lock);

	if (!irq->live || mask == irq->hw_masked)
		return;
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
		if (!irq->live || mask == irq->hw_masked)
			return;
		irq->hw_masked = mask;
	}
	soca_irq_apply(irq, mask);
}

static void soca_irq_slow_work(struct work_struct *work)
{
	soca_irq_sync_slow(container_of(work, struct soca_irq, slow_work));
}

static void soca_irq_set_masked(struct soca_irq *irq, bool masked)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->user_masked = masked;
		soca_irq_sync(irq);
	}
	/* Masked means: nothing more comes once the ioctl is back. */
	if (irq->slow)
		flush_work(&irq->slow_work);
	if (masked && irq->trigger)
		synchronize_irq(irq->virq);
}

static void soca_irq_eoi(struct soca_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (!irq->auto_masked)
			break;
		irq->auto_masked = false;
		trace_socassign_eoi(irq->virq);
		soca_irq_sync(irq);
	}
}

/* The handlers */

/*
 * Pause an interrupt that comes too fast for the limit, or for this CPU; true
 * at the start of a pause.  An edge interrupt storms if its line is a level in
 * truth; a level interrupt, if its trigger is the resample of another one and
 * the other way round: no user space is in that loop.
 */
static bool soca_irq_storms(struct soca_irq *irq)
{
	unsigned int limit = READ_ONCE(soca_storm_limit);

	lockdep_assert_held(&irq->lock);

	if (jiffies - irq->window_start >= msecs_to_jiffies(SOCA_STORM_MS)) {
		irq->window_start = jiffies;
		irq->window_count = 0;
		irq->window_busy = 0;
	}
	irq->window_count++;
	if (!limit || irq->paused ||
	    (irq->window_count <= limit && irq->window_busy <= SOCA_STORM_BUSY))
		return false;
	irq->paused = true;
	schedule_delayed_work(&irq->storm_work,
			      msecs_to_jiffies(SOCA_STORM_MS));
	return true;
}

/* The storm is what the handler and the waiters that it wakes cost. */
static u64 soca_irq_clock_start(const struct soca_irq *irq)
{
	return irq->window_count > SOCA_STORM_FREE ? ktime_get_mono_fast_ns() : 0;
}

/* Only the handler writes @window_busy, and it does not run twice at a time. */
static void soca_irq_clock_stop(struct soca_irq *irq, u64 start)
{
	if (start)
		irq->window_busy += ktime_get_mono_fast_ns() - start;
}

/*
 * One interrupt per event: the line is masked in hardware here and now, since
 * it is marked IRQ_DISABLE_UNLAZY.  One that comes while somebody else masks
 * is not lost: the line is still up when that ends.
 */
static irqreturn_t soca_irq_level(int virq, void *data)
{
	struct soca_irq *irq = data;
	u64 start = soca_irq_clock_start(irq);
	bool deliver, storm;
	u64 count;

	scoped_guard(spinlock_irqsave, &irq->lock) {
		count = ++irq->count;
		deliver = !soca_irq_wants_mask(irq);
		irq->auto_masked |= deliver;
		storm = soca_irq_storms(irq);
		if (!irq->slow)
			soca_irq_sync(irq);
	}
	if (irq->slow)
		soca_irq_sync_slow(irq);
	if (storm)
		soca_event_queue(irq->claim, SOCASSIGN_EVENT_STORM, irq->index);
	trace_socassign_irq(virq, count);
	if (deliver)
		soca_eventfd_signal(irq->trigger);
	soca_irq_clock_stop(irq, start);
	return IRQ_HANDLED;
}

static irqreturn_t soca_irq_edge(int virq, void *data)
{
	struct soca_irq *irq = data;
	u64 start = soca_irq_clock_start(irq);
	bool storm;
	u64 count;

	scoped_guard(spinlock_irqsave, &irq->lock) {
		count = ++irq->count;
		storm = soca_irq_storms(irq);
		soca_irq_sync(irq);
	}
	if (storm)
		soca_event_queue(irq->claim, SOCASSIGN_EVENT_STORM, irq->index);
	trace_socassign_irq(virq, count);
	soca_eventfd_signal(irq->trigger);
	soca_irq_clock_stop(irq, start);
	return IRQ_HANDLED;
}

/* An edge that came in the pause is delivered now: it is pending. */
static void soca_irq_storm_work(struct work_struct *work)
{
	struct soca_irq *irq =
		container_of(to_delayed_work(work), struct soca_irq, storm_work);

	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->paused = false;
		soca_irq_sync(irq);
	}
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

static int soca_irq_set_affinity(struct soca_irq *irq, const u64 *words,
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
	soca_refuse(NULL, irq->claim->nodes[irq->node].np,
		    "its interrupt %u could not be requested (%d)", irq->index,
		    ret);
	return ret == -EBUSY ? ret : -EOPNOTSUPP;
}

/*
 * A slow controller may still interrupt in hard interrupt context, where its
 * mask cannot be set: then a thread does it, and ONESHOT masks until then.
 */
static int soca_irq_request_handler(struct soca_irq *irq)
{
	irq_handler_t handler = irq->flags & SOCASSIGN_IRQ_LEVEL ?
				soca_irq_level : soca_irq_edge;
	/* The type is said again: setting a status flag would lose it. */
	unsigned long flags = irq_get_trigger_type(irq->virq) |
			      IRQF_NO_AUTOEN | IRQF_PROBE_SHARED;

	if (irq->slow)
		return request_threaded_irq(irq->virq, NULL, handler,
					    flags | IRQF_ONESHOT, irq->label,
					    irq);
	return request_any_context_irq(irq->virq, handler, flags, irq->label,
				       irq);
}

static int soca_irq_request(struct soca_irq *irq, struct eventfd_ctx *ctx)
{
	int ret;

	/* Asking the irq core would fail, too, but with an error in the log. */
	if (irq_has_action(irq->virq))
		return soca_irq_request_errno(irq, -EBUSY);
	irq->trigger = ctx;
	irq->hw_masked = true;
	ret = soca_irq_request_handler(irq);
	if (ret < 0) {
		irq->trigger = NULL;
		return soca_irq_request_errno(irq, ret);
	}
	/* free_irq() takes the flag back. */
	if (irq->flags & SOCASSIGN_IRQ_LEVEL)
		irq_set_status_flags(irq->virq, IRQ_DISABLE_UNLAZY);
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->live = true;
		soca_irq_sync(irq);
	}
	return 0;
}

static void soca_irq_release(struct soca_irq *irq)
{
	/* First: a level line would storm at a handler that must not mask. */
	disable_irq(irq->virq);
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->live = false;
		irq->auto_masked = false;
	}
	cancel_delayed_work_sync(&irq->storm_work);
	cancel_work_sync(&irq->slow_work);
	irq->paused = false;
	free_irq(irq->virq, irq);
	soca_irq_restore_affinity(irq);
	eventfd_ctx_put(irq->trigger);
	irq->trigger = NULL;
}

/* The handler reads @trigger without a lock, so it must not run. */
static void soca_irq_swap_trigger(struct soca_irq *irq, struct eventfd_ctx *ctx)
{
	disable_irq(irq->virq);
	swap(irq->trigger, ctx);
	enable_irq(irq->virq);
	eventfd_ctx_put(ctx);
}

static int soca_irq_set_trigger(struct soca_irq *irq, int fd)
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

static int soca_irq_set_resample(struct soca_irq *irq, int fd)
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

/* Loopback */

static int soca_irq_fire(struct soca_irq *irq)
{
	lockdep_assert_held(&irq->config);

	if (!irq->trigger)
		return -ENXIO;
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (soca_irq_wants_mask(irq))
			return -EBUSY;
		irq->auto_masked = irq->flags & SOCASSIGN_IRQ_LEVEL;
		soca_irq_sync(irq);
	}
	soca_eventfd_signal(irq->trigger);
	return 0;
}

/**
 * soca_irqs_down - Let go of the interrupts
 * @claim: The claim
 *
 * Signals each trigger once more: whoever sleeps on it finds the claim gone.
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_irqs_down(struct soca_claim *claim)
{
	/* The claim may have failed before they were mapped. */
	soca_irqs_forget_lines(claim);
	for (unsigned int i = 0; i < claim->num_irqs; i++) {
		struct soca_irq *irq = &claim->irqs[i];

		/* No ioctl is under way, so irq->config is not needed. */
		soca_irq_drop_resample(irq);
		if (!irq->trigger)
			continue;
		soca_eventfd_signal(irq->trigger);
		soca_irq_release(irq);
	}
}

/* The user */

static u32 soca_irq_state_flags(struct soca_irq *irq)
{
	u32 flags = irq->flags;

	if (irq->virq && !READ_ONCE(irq->trigger) && irq_has_action(irq->virq))
		flags |= SOCASSIGN_IRQ_HOST;
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (irq->user_masked)
			flags |= SOCASSIGN_IRQ_MASKED;
		if (irq->auto_masked)
			flags |= SOCASSIGN_IRQ_AUTOMASKED;
	}
	return flags;
}

static void soca_irq_fill(struct soca_irq *irq, struct socassign_irq *cmd)
{
	cmd->out_origin = irq->origin;
	cmd->out_flags = soca_irq_state_flags(irq);
	cmd->out_node = irq->node;
	cmd->out_entry = irq->entry;
	cmd->out_num_cells = irq->line.args_count;
	memset(cmd->out_specifier, 0, sizeof(cmd->out_specifier));
	for (int i = 0; i < irq->line.args_count; i++)
		cmd->out_specifier[i] = irq->line.args[i];
	scoped_guard(spinlock_irqsave, &irq->lock)
		cmd->out_count = irq->count;
}

/**
 * soca_irq_ioctl - ioctl(SOCASSIGN_IRQ)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_irq_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_irq *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_irq *irq;
	int ret;

	if (cmd->__reserved || cmd->__reserved2)
		return -EOPNOTSUPP;
	scoped_guard(rwsem_read, &claim->gate) {
		if (claim->down)
			return -ENODEV;
		if (cmd->index >= claim->num_irqs)
			return -ENOENT;
		irq = &claim->irqs[cmd->index];
		soca_irq_fill(irq, cmd);
	}
	ret = soca_strings_to_user(&irq->name, cmd->name, &cmd->name_len);
	if (!ret)
		ret = soca_strings_to_user(&irq->controllers, cmd->controllers,
					   &cmd->controllers_len);
	return ret ?: soca_strings_to_user(&irq->sharers, cmd->sharers,
					   &cmd->sharers_len);
}

static int soca_set_irq_check(const struct socassign_set_irq *cmd)
{
	u32 flags = cmd->flags;

	if (flags & ~SOCA_SET_IRQ_FLAGS)
		return -EOPNOTSUPP;
	if (!flags || (flags & SOCASSIGN_SET_MASK &&
		       flags & SOCASSIGN_SET_UNMASK))
		return -EINVAL;
	if (cmd->trigger_fd && !(flags & SOCASSIGN_SET_TRIGGER))
		return -EINVAL;
	if (cmd->resample_fd && !(flags & SOCASSIGN_SET_RESAMPLE))
		return -EINVAL;
	if (!(flags & SOCASSIGN_SET_AFFINITY))
		return cmd->cpus_len || cmd->cpus ? -EINVAL : 0;
	if (!cmd->cpus_len || cmd->cpus_len > SOCA_MAX_CPUS_LEN ||
	    cmd->cpus_len % sizeof(u64))
		return -EINVAL;
	return 0;
}

static int soca_set_irq(struct soca_irq *irq,
			const struct socassign_set_irq *cmd, const u64 *cpus)
{
	u32 flags = cmd->flags;
	int ret = 0;

	lockdep_assert_held(&irq->config);

	if (!irq->virq)
		return -EOPNOTSUPP;
	if (flags & SOCASSIGN_SET_RESAMPLE && cmd->resample_fd != -1 &&
	    !(irq->flags & SOCASSIGN_IRQ_LEVEL))
		return -EINVAL;
	if (flags & SOCASSIGN_SET_TRIGGER)
		ret = soca_irq_set_trigger(irq, cmd->trigger_fd);
	if (!ret && flags & SOCASSIGN_SET_RESAMPLE)
		ret = soca_irq_set_resample(irq, cmd->resample_fd);
	if (!ret && flags & SOCASSIGN_SET_AFFINITY)
		ret = soca_irq_set_affinity(irq, cpus,
					    cmd->cpus_len / sizeof(u64));
	if (ret)
		return ret;
	if (flags & (SOCASSIGN_SET_MASK | SOCASSIGN_SET_UNMASK))
		soca_irq_set_masked(irq, flags & SOCASSIGN_SET_MASK);
	if (flags & SOCASSIGN_SET_EOI)
		soca_irq_eoi(irq);
	return flags & SOCASSIGN_SET_FIRE ? soca_irq_fire(irq) : 0;
}

/**
 * soca_set_irq_ioctl - ioctl(SOCASSIGN_SET_IRQ)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_set_irq_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_set_irq *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_irq *irq;
	int ret = soca_set_irq_check(cmd);

	if (ret)
		return ret;

	u64 *cpus __free(kfree) = NULL;

	if (cmd->cpus_len) {
		cpus = memdup_user(u64_to_user_ptr(cmd->cpus), cmd->cpus_len);
		if (IS_ERR(cpus))
			return PTR_ERR(cpus);
	}

	guard(rwsem_read)(&claim->gate);

	if (claim->down)
		return -ENODEV;
	if (cmd->index >= claim->num_irqs)
		return -ENOENT;
	irq = &claim->irqs[cmd->index];

	guard(mutex)(&irq->config);

	return soca_set_irq(irq, cmd, cpus);
}
