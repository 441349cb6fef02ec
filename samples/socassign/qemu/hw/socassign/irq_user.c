/*
 * SoC devices of the host, assigned to the guest: interrupts through QEMU
 *
 * For guests without KVM, or without its interrupt controller. Slow, and right.
 *
 * QEMU's interrupt controllers tell nobody that the guest has ended an interrupt.
 * So an access to the device ends it: the line falls, and the host's kernel
 * unmasks its own. If the device still raises that, since the guest's driver has
 * only begun, the interrupt comes again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "qemu/main-loop.h"
#include "internal.h"

/*
 * An access that follows too soon is not that of the driver's handler: a guest that
 * polls a register would never take the interrupt.
 */
#define TAKEN_NS (50 * SCALE_US)

/* Some handlers do without an access to this device. */
#define UNTOUCHED_NS (10 * SCALE_MS)

static int64_t now(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* The interrupt is over. If the device thinks otherwise it comes again. */
void asd_irq_user_end(AsdIrq *irq)
{
    irq->is_raised = false;
    timer_del(irq->end);
    qemu_irq_lower(irq->pin);
    event_notifier_set(&irq->resample);
}

static void end_untouched(void *opaque)
{
    asd_irq_user_end(opaque);
}

static void raise_irq(EventNotifier *trigger)
{
    AsdIrq *irq = container_of(trigger, AsdIrq, trigger);

    if (!event_notifier_test_and_clear(trigger)) {
        return;
    }
    if (!irq->is_level) {
        qemu_irq_pulse(irq->pin);
        return;
    }
    irq->is_raised = true;
    irq->raised_at = now();
    timer_mod(irq->end, irq->raised_at + UNTOUCHED_NS);
    qemu_irq_raise(irq->pin);
}

void asd_irq_user_connect(AsdIrq *irq)
{
    irq->end = timer_new_ns(QEMU_CLOCK_VIRTUAL, end_untouched, irq);
    event_notifier_set_handler(&irq->trigger, raise_irq);
}

void asd_irq_user_disconnect(AsdIrq *irq)
{
    event_notifier_set_handler(&irq->trigger, NULL);
    timer_free(irq->end);
    irq->is_raised = false;
    qemu_irq_lower(irq->pin);
}

/* The guest has accessed the device. */
void asd_irqs_user_access(AssignedSocDev *asd)
{
    unsigned int i;

    for (i = 0; i < soca_info_get(asd->claim)->num_irqs; i++) {
        AsdIrq *irq = &asd->irqs[i];

        if (irq->is_raised && now() - irq->raised_at >= TAKEN_NS) {
            asd_irq_user_end(irq);
        }
    }
}
