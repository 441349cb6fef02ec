// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of a claim: what the user sees of them and does with them
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/nospec.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "base/strings.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "parts/irq.h"
#include "parts/parts.h"

/* 8192 CPUs: a bound for what one ioctl makes the kernel copy. */
#define SOCA_MAX_CPUS_LEN 1024

#define SOCA_SET_IRQ_FLAGS						\
	(SOCASSIGN_SET_TRIGGER | SOCASSIGN_SET_RESAMPLE |		\
	 SOCASSIGN_SET_AFFINITY | SOCASSIGN_SET_MASK |			\
	 SOCASSIGN_SET_UNMASK | SOCASSIGN_SET_EOI | SOCASSIGN_SET_FIRE)

static u32 soca_irq_state_flags(struct soca_irq *irq)
{
	u32 flags = irq->flags;

	if (irq->virq && !READ_ONCE(irq->trigger) && irq_has_action(irq->virq))
		flags |= SOCASSIGN_IRQ_HOST;
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (irq->user_masked)
			flags |= SOCASSIGN_IRQ_MASKED;
		if (irq->live && irq->auto_masked)
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

static int soca_irq_ioctl(struct soca_ucmd *ucmd)
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

/*
 * What a device's every interrupt takes has neither the gate nor the mutex: the
 * interrupts are there for as long as the file, and soca_irq.lock tells whether the
 * hardware is still ours.
 */
static int soca_irq_end(struct soca_claim *claim, u32 index)
{
	struct soca_irq *irq;

	if (READ_ONCE(claim->down))
		return -ENODEV;
	if (index >= claim->num_irqs)
		return -ENOENT;
	irq = &claim->irqs[array_index_nospec(index, claim->num_irqs)];
	if (!irq->virq)
		return -EOPNOTSUPP;
	soca_irq_eoi(irq);
	return 0;
}

static int soca_set_irq_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_set_irq *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_irq *irq;
	int ret = soca_set_irq_check(cmd);

	if (ret)
		return ret;
	if (cmd->flags == SOCASSIGN_SET_EOI)
		return soca_irq_end(claim, cmd->index);

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

/**
 * soca_irqs_stop - Drop what interrupts a claim has, and what comes of them
 * @claim: The claim
 *
 * When it returns no eventfd is signalled any more.
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_irqs_stop(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_irqs; i++)
		soca_irq_stop(&claim->irqs[i]);
}

/**
 * soca_irqs_restart - The contrary of soca_irqs_stop()
 * @claim: The claim
 *
 * Context: As soca_irqs_stop().
 */
void soca_irqs_restart(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_irqs; i++)
		soca_irq_restart(&claim->irqs[i]);
}

static void soca_irqs_down(struct soca_claim *claim)
{
	/* It may have failed before they were mapped. */
	soca_irqs_forget_lines(claim);
	for (unsigned int i = 0; i < claim->num_irqs; i++)
		soca_irq_down(&claim->irqs[i]);
}

static void soca_irqs_info(const struct soca_claim *claim,
			   struct socassign_info *info)
{
	info->out_num_irqs = claim->num_irqs;
}

static void soca_irqs_show(const struct soca_claim *claim, struct seq_file *m)
{
	for (unsigned int i = 0; i < claim->num_irqs; i++) {
		struct soca_irq *irq = &claim->irqs[i];
		u32 storms = 0;
		u64 count = 0;

		scoped_guard(spinlock_irqsave, &irq->lock) {
			count = irq->count;
			storms = irq->storm.num;
		}
		seq_printf(m, "socassign-interrupts-%u:\t%llu\n"
			   "socassign-storms-%u:\t%u\n", i, count, i, storms);
	}
}

static const struct soca_ioctl_op soca_irq_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_IRQ, soca_irq_ioctl, struct socassign_irq,
		      __reserved2),
	SOCA_IOCTL_OP(SOCASSIGN_SET_IRQ, soca_set_irq_ioctl,
		      struct socassign_set_irq, cpus, .is_silent = true),
};

const struct soca_part soca_interrupts_part = {
	.of_devices = true,
	.find = soca_irqs_find,
	.forget = soca_irqs_free,
	.build = soca_irqs_map,
	.down = soca_irqs_down,
	.free = soca_irqs_free,
	.info = soca_irqs_info,
	.show = soca_irqs_show,
	.ioctls = soca_irq_ops,
	.num_ioctls = ARRAY_SIZE(soca_irq_ops),
};
