// SPDX-License-Identifier: GPL-2.0-only
/*
 * Violations: what the PAMUs have blocked
 *
 * The handler of the host's driver (pamu_av_isr() in fsl_pamu.c) closes the
 * LIODN for good at the first violation, and stops all reporting at the second.
 * It cannot be shared nor asked.  So while we hold LIODNs its line is off, and
 * we read, every now and then, what the PAMUs have captured; what concerns the
 * host's own devices goes to the log, as it would have.
 *
 * With patches/0002 the handler asks.  The line is off then only from a violation
 * of ours until a round that finds no more: a device that does nothing but
 * violate gets no more of the CPU than by polling.
 *
 * Lossy by hardware: a PAMU captures one violation, and no other until that is
 * acknowledged.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/bitfield.h>
#include <linux/interrupt.h>
#include <linux/notifier.h>
#include <linux/workqueue.h>

#include "base/compat.h"
#include "base/trace.h"
#include "hw/dma.h"
#include "hw/pamu.h"

/* How late a fault may be reported; and how little a storm of them may cost. */
#define SOCA_FAULT_PERIOD	msecs_to_jiffies(10)
/* How many may come while one is taken off, before that is left for later. */
#define SOCA_FAULT_ROUNDS	8

static struct workqueue_struct *soca_faults_wq;
static void soca_faults_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(soca_faults_poller, soca_faults_work);

/**
 * struct soca_violation - What a PAMU has captured
 * @liodn: Who
 * @address: Where; the DMA address
 * @status: How: AVS1
 * @paace: Physical address of the entry that forbade it, or 0
 */
struct soca_violation {
	u32 liodn;
	u64 address;
	u32 status;
	u64 paace;
};

/* Takes the captured violation off a PAMU; false if there is none. */
static bool soca_violation_take(unsigned int pamu, struct soca_violation *v)
{
	void __iomem *regs = soca_pamu_regs(pamu);

	v->status = ioread32be(regs + PAMU_AVS1);
	if (!(v->status & PAMU_AVS1_AV))
		return false;
	v->liodn = FIELD_GET(PAMU_AVS1_LIODN, v->status);
	v->address = soca_pamu_read64(regs + PAMU_AVAH);
	v->paace = soca_pamu_read64(regs + PAMU_POEAH);
	iowrite32be(v->status & PAMU_AVS1_CLEAR, regs + PAMU_AVS1);
	/*
	 * Whether the pending bit follows AVS1 or wants a one written to it is
	 * not known; this does for both, if the caller looks again: a violation
	 * that came in between has lost its pending bit.
	 */
	iowrite32be(ioread32be(regs + PAMU_PICS) | PAMU_PICS_AV,
		    regs + PAMU_PICS);
	return true;
}

static struct soca_pamu_liodn *soca_pamu_liodn_find(u32 id)
{
	struct soca_pamu_liodn *liodn;

	list_for_each_entry(liodn, &soca_pamu.liodns, list)
		if (liodn->id == id)
			return liodn;
	return NULL;
}

/* What it means to the user, who knows windows and not PAACEs. */
static u32 soca_fault_kind(const struct soca_pamu_liodn *liodn,
			   const struct soca_violation *v)
{
	const struct soca_windows *open = liodn->open;

	if (!open)
		return SOCASSIGN_FAULT_DISABLED;
	if (v->status & PAMU_AVS1_OTV)
		return SOCASSIGN_FAULT_OPERATION;
	for (unsigned int i = 0; i < open->num; i++)
		if (v->address - open->win[i].iova < open->win[i].size)
			return SOCASSIGN_FAULT_PERMISSION;
	return SOCASSIGN_FAULT_OUTSIDE;
}

static void soca_violation_report(const struct soca_violation *v)
{
	const struct soca_pamu_liodn *liodn = soca_pamu_liodn_find(v->liodn);
	u32 kind;

	lockdep_assert_held(&soca_pamu.lock);

	if (!liodn) {
		pr_err_ratelimited("%pOF: access violation of the host's LIODN %u at 0x%llx (AVS1 %08x, PAACE at 0x%llx)\n",
				   soca_pamu.np, v->liodn, v->address,
				   v->status, v->paace);
		return;
	}
	kind = soca_fault_kind(liodn, v);
	trace_socassign_dma_fault(v->liodn, v->address, kind, v->status);
	if (liodn->claim)
		soca_pamu.report(liodn->claim, liodn->index, v->address, kind, 0);
	else
		pr_warn_ratelimited("%pOF: blocked an access of LIODN %u, whose claim is gone, at 0x%llx\n",
				    soca_pamu.np, v->liodn, v->address);
}

static bool soca_pamu_collect(unsigned int pamu)
{
	struct soca_violation violation;
	unsigned int rounds = 0;

	while (rounds < SOCA_FAULT_ROUNDS &&
	       soca_violation_take(pamu, &violation)) {
		soca_violation_report(&violation);
		rounds++;
	}
	return rounds;
}

/**
 * soca_faults_collect - Report what the PAMUs have captured
 *
 * If there was anything it looks again later: more may come than one round takes,
 * and what is left makes no interrupt.
 *
 * Context: Process context, under soca_pamu.lock.
 * Return: true if there was anything.
 */
bool soca_faults_collect(void)
{
	bool any = false;

	lockdep_assert_held(&soca_pamu.lock);

	for (unsigned int i = 0; i < soca_pamu.num; i++)
		any |= soca_pamu_collect(i);
	if (any)
		queue_delayed_work(soca_faults_wq, &soca_faults_poller,
				   SOCA_FAULT_PERIOD);
	return any;
}

/* Who has the line, and when the next round is due */

#ifdef SOCA_HAS_PAMU_NOTIFIER
/* Bit 0: the line is off, since a violation of ours. */
static unsigned long soca_line_off;

static int soca_violation_notify(struct notifier_block *nb,
				 unsigned long action, void *data)
{
	const struct fsl_pamu_violation *violation = data;

	if (violation->liodn >= soca_pamu.num_ppaace ||
	    !test_bit(violation->liodn, soca_pamu.held))
		return NOTIFY_DONE;
	/* In this order: whoever sees the bit may enable the line. */
	if (!test_bit(0, &soca_line_off)) {
		disable_irq_nosync(soca_pamu.irq);
		set_bit(0, &soca_line_off);
		mod_delayed_work(soca_faults_wq, &soca_faults_poller, 0);
	}
	return NOTIFY_STOP;
}

static struct notifier_block soca_violation_nb = {
	.notifier_call = soca_violation_notify,
};

static void soca_line_init(void)
{
	fsl_pamu_register_violation_notifier(&soca_violation_nb);
}

static void soca_line_exit(void)
{
	fsl_pamu_unregister_violation_notifier(&soca_violation_nb);
}

static void soca_line_take(void)
{
}

/* Nothing was found: the next violation will be an interrupt. */
static bool soca_line_rest(void)
{
	if (test_and_clear_bit(0, &soca_line_off))
		enable_irq(soca_pamu.irq);
	return true;
}

static void soca_line_give(void)
{
}

/* A violation that came as the last identity went: what is left is the host's. */
static void soca_line_settle(void)
{
	if (!test_bit(0, &soca_line_off))
		return;
	soca_faults_collect();
	soca_line_rest();
}
#else
static void soca_line_init(void)
{
}

static void soca_line_exit(void)
{
}

static void soca_line_take(void)
{
	disable_irq(soca_pamu.irq);
	queue_delayed_work(soca_faults_wq, &soca_faults_poller, SOCA_FAULT_PERIOD);
}

/* There is nobody to wake us. */
static bool soca_line_rest(void)
{
	return false;
}

static void soca_line_give(void)
{
	enable_irq(soca_pamu.irq);
}

static void soca_line_settle(void)
{
}
#endif

static void soca_faults_work(struct work_struct *work)
{
	guard(soca_pamu)();

	if (list_empty(&soca_pamu.liodns)) {
		soca_line_settle();
		return;
	}
	if (!soca_faults_collect() && !soca_line_rest())
		queue_delayed_work(soca_faults_wq, &soca_faults_poller,
				   SOCA_FAULT_PERIOD);
}

/**
 * soca_faults_start - Take the violations over from the host's driver
 *
 * What has happened before is still the host's.
 *
 * Context: Process context, under soca_pamu.lock; the first identity is about
 * to be held.
 */
void soca_faults_start(void)
{
	lockdep_assert_held(&soca_pamu.lock);

	soca_line_take();
}

/**
 * soca_faults_stop - Give the violations back to the host's driver
 *
 * Context: Process context, under soca_pamu.lock; the last identity is not held
 * any more, and what was captured is collected.
 */
void soca_faults_stop(void)
{
	lockdep_assert_held(&soca_pamu.lock);

	soca_line_give();
}

/**
 * soca_faults_init - Get ready
 *
 * Return: 0 or -ENOMEM.
 */
int soca_faults_init(void)
{
	soca_faults_wq = alloc_ordered_workqueue("socassign-faults", 0);
	if (!soca_faults_wq)
		return -ENOMEM;
	soca_line_init();
	return 0;
}

/**
 * soca_faults_exit - Stop for good
 *
 * No identity is held any more.
 */
void soca_faults_exit(void)
{
	soca_line_exit();
	scoped_guard(soca_pamu)
		soca_line_settle();
	cancel_delayed_work_sync(&soca_faults_poller);
	destroy_workqueue(soca_faults_wq);
}
