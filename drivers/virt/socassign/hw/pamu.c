// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows in the tables of the PAMU
 *
 * The tables are in memory; the PAMUs snoop the writes, so that nobody has to
 * invalidate a cache.  A PAACE is read by the hardware at any time, hence the
 * orders below: a live subwindow loses its permissions first, and a primary
 * window its valid bit before its geometry changes.
 *
 * "Blocked" is a valid entry without permissions.  An invalid one would do, but
 * the host's driver takes a violation there for erratum A-003638 and never
 * reports one again.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "base/reason.h"
#include "base/trace.h"
#include "hw/dma.h"
#include "hw/pamu.h"

/* Writing an entry */

static void soca_paace_set(__be32 *field, u32 value)
{
	WRITE_ONCE(*field, cpu_to_be32(value));
}

static u32 soca_paace_get(const __be32 *field)
{
	return be32_to_cpu(READ_ONCE(*field));
}

/* All but the word that holds V and AP. */
static void soca_paace_copy(struct soca_paace *entry,
			    const struct soca_paace *new)
{
	WRITE_ONCE(entry->wbah, new->wbah);
	WRITE_ONCE(entry->da, new->da);
	WRITE_ONCE(entry->ia, new->ia);
	WRITE_ONCE(entry->twbah, new->twbah);
	WRITE_ONCE(entry->win, new->win);
	WRITE_ONCE(entry->fspi, new->fspi);
	WRITE_ONCE(entry->op, new->op);
}

/* Anything may change: while it does, nothing gets through. */
static void soca_paace_write(struct soca_paace *entry,
			     const struct soca_paace *new)
{
	soca_paace_set(&entry->af, soca_paace_get(&entry->af) & ~PAACE_AF_V);
	mb();	/* invalid before the first field changes */
	soca_paace_copy(entry, new);
	mb();	/* complete before it is valid */
	WRITE_ONCE(entry->af, new->af);
	mb();	/* in force before we tell anybody */
}

/* The order for a live subwindow, of which only the target changes, is these two. */
static void soca_paace_deny(struct soca_paace *entry)
{
	soca_paace_set(&entry->af, soca_paace_get(&entry->af) & ~PAACE_AF_AP);
	mb();	/* denied before the target changes */
}

static void soca_paace_retarget(struct soca_paace *entry,
				const struct soca_paace *new)
{
	soca_paace_copy(entry, new);
	mb();	/* complete before it is permitted */
	WRITE_ONCE(entry->af, new->af);
	mb();	/* in force before we tell anybody */
}

/*
 * A read of a register comes back when the PAMU has seen the writes to memory
 * before it.
 */
static void soca_pamu_settle(void)
{
	for (unsigned int i = 0; i < soca_pamu.num; i++)
		ioread32be(soca_pamu_regs(i) + PAMU_PC);
}

/* What is in an entry */

static void soca_paace_fill_target(struct soca_paace *paace,
				   const struct soca_plan_target *target)
{
	u32 ia = PAACE_IA_ATM_WINDOW | FIELD_PREP(PAACE_IA_CID, target->stash);

	if (target->omi != SOCA_PLAN_NO_OMI && target->shift) {
		ia |= PAACE_IA_OTM_INDEXED;
		paace->op = cpu_to_be32(target->omi);
	}
	paace->ia |= cpu_to_be32(ia);
	paace->twbah = cpu_to_be32(upper_32_bits(target->phys));
	paace->win = cpu_to_be32(lower_32_bits(target->phys) & PAACE_WIN_TWBAL);
	if (target->shift)
		paace->win |= cpu_to_be32(FIELD_PREP(PAACE_WIN_SWSE,
						     target->shift - 1));
	paace->af |= cpu_to_be32(FIELD_PREP(PAACE_AF_AP, target->access));
}

/* The host knows the domain attributes; all it sets itself is coherency. */
static __be32 soca_paace_da(const struct soca_pamu_liodn *liodn)
{
	if (liodn->saved.af & cpu_to_be32(PAACE_AF_V))
		return liodn->saved.da;
	return cpu_to_be32(PAACE_DA_CR);
}

static struct soca_paace soca_paace_primary(const struct soca_pamu_liodn *liodn,
					    const struct soca_windows *windows)
{
	const struct soca_plan *plan = &windows->plan;
	struct soca_plan_target target = soca_plan_target(plan, windows->win, 0);
	struct soca_paace paace = {
		.wbah = cpu_to_be32(upper_32_bits(plan->base)),
		.af = cpu_to_be32((lower_32_bits(plan->base) & PAACE_AF_WBAL) |
				  FIELD_PREP(PAACE_AF_WSE, plan->shift - 1) |
				  PAACE_AF_V),
		.da = soca_paace_da(liodn),
	};

	if (plan->num > 1) {
		paace.af |= cpu_to_be32(PAACE_AF_MW);
		paace.ia = cpu_to_be32(FIELD_PREP(PAACE_IA_WCE,
						  ilog2(plan->num) - 1));
		paace.fspi = cpu_to_be32(liodn->fspi);
	}
	soca_paace_fill_target(&paace, &target);
	return paace;
}

static struct soca_paace
soca_paace_secondary(const struct soca_pamu_liodn *liodn,
		     const struct soca_windows *windows, unsigned int sub)
{
	struct soca_plan_target target =
		soca_plan_target(&windows->plan, windows->win, sub);
	struct soca_paace paace = {
		.af = cpu_to_be32(FIELD_PREP(PAACE_AF_LIODN, liodn->id) |
				  PAACE_AF_PT | PAACE_AF_V),
		.da = soca_paace_da(liodn),
	};

	soca_paace_fill_target(&paace, &target);
	return paace;
}

/* All of the DMA space, and nothing of it permitted. */
static struct soca_paace soca_paace_blocked(const struct soca_pamu_liodn *liodn)
{
	return (struct soca_paace) {
		.af = cpu_to_be32(FIELD_PREP(PAACE_AF_WSE,
					     SOCA_PLAN_ADDRESS_BITS - 1) |
				  PAACE_AF_V),
		.da = soca_paace_da(liodn),
	};
}

static struct soca_paace *soca_spaace(const struct soca_pamu_liodn *liodn,
				      unsigned int sub)
{
	return &soca_pamu.spaact[liodn->fspi + sub - 1];
}

/* Secondary entries */

static int soca_spaaces_take(struct soca_pamu_liodn *liodn,
			     const struct soca_windows *windows)
{
	unsigned int num = windows->plan.num - 1;
	unsigned long first;

	lockdep_assert_held(&soca_pamu.lock);

	if (!num)
		return 0;
	first = bitmap_find_next_zero_area(soca_pamu.spaace_used,
					   soca_pamu.num_spaace, 0, num, 0);
	if (first >= soca_pamu.num_spaace)
		return -ENOSPC;
	bitmap_set(soca_pamu.spaace_used, first, num);
	liodn->fspi = first;
	liodn->num_spaace = num;
	for (unsigned int i = 1; i <= num; i++) {
		struct soca_paace paace = soca_paace_secondary(liodn, windows, i);

		soca_paace_write(soca_spaace(liodn, i), &paace);
	}
	return 0;
}

/* The primary entry does not lead to them any more. */
static void soca_spaaces_drop(struct soca_pamu_liodn *liodn)
{
	const struct soca_paace none = {};

	lockdep_assert_held(&soca_pamu.lock);

	for (unsigned int i = 1; i <= liodn->num_spaace; i++)
		soca_paace_write(soca_spaace(liodn, i), &none);
	if (liodn->num_spaace)
		bitmap_clear(soca_pamu.spaace_used, liodn->fspi,
			     liodn->num_spaace);
	liodn->fspi = 0;
	liodn->num_spaace = 0;
}

static void soca_pamu_block(struct soca_pamu_liodn *liodn)
{
	struct soca_paace blocked = soca_paace_blocked(liodn);

	lockdep_assert_held(&soca_pamu.lock);

	/* What waits is of the time when they were open. */
	soca_faults_collect();
	soca_paace_write(liodn->entry, &blocked);
	soca_pamu_settle();
	trace_socassign_paace(liodn->id, 0);
	soca_spaaces_drop(liodn);
	liodn->open = NULL;
}

/* Holding an identity */

static struct soca_pamu_liodn *soca_pamu_liodn_alloc(u32 id)
{
	struct soca_pamu_liodn *liodn = kzalloc(sizeof(*liodn),
						GFP_KERNEL_ACCOUNT);

	if (!liodn)
		return NULL;
	liodn->id = id;
	liodn->entry = &soca_pamu.ppaact[id];
	return liodn;
}

static const struct soca_dma_ops soca_pamu_ops;

/**
 * soca_pamu_check - Could an identity be held?
 * @np: A node that has it
 * @id: The LIODN
 * @reason: Where the rule goes
 *
 * Context: Process context.
 * Return: 0, or -EOPNOTSUPP if there is no such LIODN; the log has the rule.
 */
int soca_pamu_check(const struct device_node *np, u32 id,
		    struct soca_reason *reason)
{
	if (!soca_pamu_running()) {
		soca_refuse(reason, np, "the PAMU is not enabled any more");
		return -EOPNOTSUPP;
	}
	if (id >= soca_pamu.num_ppaace) {
		soca_refuse(reason, np, "LIODN %u: the tables of the PAMU end at %u",
			    id, soca_pamu.num_ppaace);
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * soca_pamu_hold - Take over an identity from the host, and block it
 * @dma: The identity; its backend is set
 * @reason: Set to why it cannot be
 *
 * The host has given every LIODN a window onto all of memory at boot.
 *
 * Context: Process context, under the gate.
 * Return: 0, -EOPNOTSUPP if there is no such LIODN, or -ENOMEM.
 */
int soca_pamu_hold(struct soca_dma *dma, struct soca_reason *reason)
{
	struct soca_pamu_liodn *liodn;
	int ret = soca_pamu_check(dma->np, dma->id, reason);

	if (ret)
		return ret;
	liodn = soca_pamu_liodn_alloc(dma->id);
	if (!liodn)
		return -ENOMEM;
	dma->ops = &soca_pamu_ops;
	dma->limit = 1ULL << SOCA_PLAN_ADDRESS_BITS;
	dma->granule = 1ULL << SOCA_PLAN_MIN_SHIFT;
	dma->liodn = liodn;

	guard(soca_pamu)();

	if (list_empty(&soca_pamu.liodns))
		soca_faults_start();
	/* What waits is of the time when the host had it. */
	soca_faults_collect();
	liodn->saved = *liodn->entry;
	list_add_tail(&liodn->list, &soca_pamu.liodns);
	set_bit(liodn->id, soca_pamu.held);
	soca_pamu_block(liodn);
	return 0;
}

static void soca_pamu_put_back(struct soca_dma *dma)
{
	struct soca_pamu_liodn *liodn = dma->liodn;

	scoped_guard(soca_pamu) {
		soca_paace_write(liodn->entry, &liodn->saved);
		soca_pamu_settle();
		/* None of ours is left for the host's handler to act on. */
		soca_faults_collect();
		trace_socassign_paace(liodn->id, 0);
		list_del(&liodn->list);
		clear_bit(liodn->id, soca_pamu.held);
		if (list_empty(&soca_pamu.liodns))
			soca_faults_stop();
	}
	kfree(liodn);
}

static void soca_pamu_owner(struct soca_dma *dma, struct soca_claim *claim,
			    u32 index)
{
	guard(soca_pamu)();

	soca_faults_collect();
	dma->liodn->claim = claim;
	dma->liodn->index = index;
}

/* Windows */

static void soca_pamu_describe(struct soca_dma *dma, struct socassign_dma *cmd)
{
	cmd->out_max_windows = soca_pamu.max_subwindows;
	cmd->out_stash_levels = soca_pamu.stash_levels;
}

/* Entries of the operation mapping table: setup_omt() of fsl_pamu.c. */
static u16 soca_omi(u32 operation)
{
	switch (operation) {
	case SOCASSIGN_OPERATION_QMAN:
		return 0;
	case SOCASSIGN_OPERATION_FMAN:
		return 1;
	case SOCASSIGN_OPERATION_QMAN_PRIVATE:
		return 2;
	case SOCASSIGN_OPERATION_CAAM:
		return 3;
	default:
		return SOCA_PLAN_NO_OMI;
	}
}

/*
 * Erratum A-005982: the table must be cached before its address is set.  The
 * host has done that in whatever order; without the cache it is not used.
 */
static bool soca_omt_usable(void)
{
	for (unsigned int i = 0; i < soca_pamu.num; i++)
		if (!(ioread32be(soca_pamu_regs(i) + PAMU_PC) & PAMU_PC_OCE))
			return false;
	return true;
}

static int soca_pamu_target(struct soca_dma *dma,
			    const struct socassign_dma_map *cmd,
			    struct soca_plan_window *win,
			    struct soca_reason *reason)
{
	win->omi = soca_omi(cmd->operation);
	if (win->omi != SOCA_PLAN_NO_OMI && !soca_omt_usable()) {
		soca_refuse(reason, dma->np, "the operation mapping table is not cached (erratum A-005982)");
		return -EOPNOTSUPP;
	}
	if (!cmd->stash_level)
		return 0;
	return soca_stash_id(reason, dma->np, cmd->stash_level, cmd->stash_cpu,
			     &win->stash);
}

static void soca_pamu_explain(struct soca_reason *reason,
			      const struct soca_dma *dma,
			      const struct soca_windows *new,
			      const struct soca_plan_error *err)
{
	const struct soca_plan_window *win = &new->win[err->window];
	char text[128];

	soca_plan_explain(err, text, sizeof(text));
	soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: %s", win->iova, win->size,
		    text);
}

static int soca_plan_errno(const struct soca_plan_error *err)
{
	if (err->rule == SOCA_PLAN_PHYS_RANGE)
		return -EOPNOTSUPP;
	return err->rule <= SOCA_PLAN_OVERLAP ? -EINVAL : -ENOSPC;
}

/* A plan of its own. */
static int soca_pamu_plan(struct soca_dma *dma, struct soca_windows *new,
			  struct soca_reason *reason)
{
	struct soca_plan_error err;

	if (soca_plan_make(&new->plan, new->win, new->num,
			   soca_pamu.max_subwindows, &err))
		return 0;
	soca_pamu_explain(reason, dma, new, &err);
	return soca_plan_errno(&err);
}

/* The present plan, but for what has changed; false if that does not fit. */
static bool soca_pamu_keep(const struct soca_windows *old,
			   struct soca_windows *new)
{
	unsigned int i = new->changed;

	new->plan = old->plan;
	if (!new->num) {
		soca_plan_remove_all(&new->plan);
		return true;
	}
	if (i < old->num)
		soca_plan_remove(&new->plan, &old->win[i]);
	if (i >= new->num)
		return true;
	/* The last one has the place of one that has gone: it has another index now. */
	if (new->num < old->num)
		soca_plan_remove(&new->plan, &new->win[i]);
	return soca_plan_add(&new->plan, &new->win[i], i);
}

/*
 * While they are open only the window that has changed is looked at.  It did not move
 * the others; so afterwards they may have another geometry than the one they were given.
 */
static int soca_pamu_place(struct soca_dma *dma, struct soca_windows *new,
			   struct soca_reason *reason)
{
	int ret;

	if (new == dma->windows)
		return new->plan.is_kept ? soca_pamu_plan(dma, new, reason) : 0;
	if (!dma->enabled)
		return soca_pamu_plan(dma, new, reason);
	if (soca_pamu_keep(dma->windows, new))
		return 0;
	ret = soca_pamu_plan(dma, new, reason);
	if (ret)
		return ret;
	soca_refuse(reason, dma->np, "the windows would need another geometry, and DMA is enabled");
	return -EBUSY;
}

static int soca_pamu_enable(struct soca_dma *dma)
{
	struct soca_pamu_liodn *liodn = dma->liodn;
	struct soca_paace paace;
	int ret;

	guard(soca_pamu)();

	ret = soca_spaaces_take(liodn, dma->windows);
	if (ret) {
		soca_refuse(NULL, dma->np, "no %u entries in a row are free in the SPAACT",
			    dma->windows->plan.num - 1);
		return ret;
	}
	paace = soca_paace_primary(liodn, dma->windows);
	soca_faults_collect();
	liodn->open = dma->windows;
	soca_paace_write(liodn->entry, &paace);
	soca_pamu_settle();
	trace_socassign_paace(liodn->id, 0);
	return 0;
}

static void soca_pamu_disable(struct soca_dma *dma)
{
	guard(soca_pamu)();

	soca_pamu_block(dma->liodn);
}

static struct soca_paace *soca_paace_of(const struct soca_pamu_liodn *liodn,
					unsigned int sub)
{
	return sub ? soca_spaace(liodn, sub) : liodn->entry;
}

static void soca_pamu_change_sub(const struct soca_pamu_liodn *liodn,
				 const struct soca_windows *new,
				 unsigned int sub)
{
	struct soca_paace paace = sub ? soca_paace_secondary(liodn, new, sub) :
					soca_paace_primary(liodn, new);

	soca_paace_retarget(soca_paace_of(liodn, sub), &paace);
	trace_socassign_paace(liodn->id, sub);
}

/* The subwindows that have a new target. */
static void soca_pamu_find_changes(const struct soca_windows *old,
				   const struct soca_windows *new,
				   unsigned long *changes)
{
	unsigned int sub = 0;

	bitmap_zero(changes, SOCA_PLAN_MAX_SUBWINDOWS);
	for (;;) {
		sub = soca_plan_next_change(&old->plan, old->win, &new->plan,
					    new->win, sub);
		if (sub >= new->plan.num)
			break;
		__set_bit(sub++, changes);
	}
}

/*
 * All that changes is closed before the first of it opens: a window may have many
 * subwindows, and nobody reaches the old memory by one and the new by another.
 */
static int soca_pamu_change(struct soca_dma *dma,
			    const struct soca_windows *new)
{
	DECLARE_BITMAP(changes, SOCA_PLAN_MAX_SUBWINDOWS);
	unsigned int sub;

	soca_pamu_find_changes(dma->windows, new, changes);

	guard(soca_pamu)();

	for_each_set_bit(sub, changes, SOCA_PLAN_MAX_SUBWINDOWS)
		soca_paace_deny(soca_paace_of(dma->liodn, sub));
	soca_pamu_settle();
	for_each_set_bit(sub, changes, SOCA_PLAN_MAX_SUBWINDOWS)
		soca_pamu_change_sub(dma->liodn, new, sub);
	soca_pamu_settle();
	soca_faults_collect();
	dma->liodn->open = new;
	return 0;
}

/*
 * The PAMU does not say when accesses that it let through have reached memory.
 * A bus that takes longer than this for one is broken.
 */
static void soca_pamu_drain(struct soca_dma *dma)
{
	usleep_range(1000, 2000);
}

static const struct soca_dma_ops soca_pamu_ops = {
	.kind = SOCA_DMA_LIODN,
	.leads_to_registers = true,
	.owner = soca_pamu_owner,
	.describe = soca_pamu_describe,
	.target = soca_pamu_target,
	.place = soca_pamu_place,
	.enable = soca_pamu_enable,
	.disable = soca_pamu_disable,
	.change = soca_pamu_change,
	.drain = soca_pamu_drain,
	.put_back = soca_pamu_put_back,
};

/**
 * soca_pamu_init - Get to know the PAMU
 * @report: Hears of faults
 *
 * A machine without one, or one whose PAMU the host has not set up, is none
 * to complain about: bus masters are unprotected there.
 *
 * Return: 0 or -ENOMEM.
 */
int soca_pamu_init(soca_fault_fn report)
{
	int ret;

	soca_pamu.report = report;
	ret = soca_pamu_find();
	if (!ret)
		ret = soca_faults_init();
	if (!ret)
		return 0;
	soca_pamu_unmap();
	return ret == -ENOMEM ? ret : 0;
}

/**
 * soca_pamu_exit - Let go of the PAMU
 *
 * No identity is held any more.
 */
void soca_pamu_exit(void)
{
	if (!soca_pamu.num)
		return;
	soca_faults_exit();
	soca_pamu_unmap();
}
