/*
 * SoC devices of the host, assigned to the guest: interrupts
 *
 * From the device's line to the guest's pin and back they stay in the kernel:
 * QEMU only connects them. Where KVM has no interrupt controller QEMU passes
 * them on itself (irq_user.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "compat.h"
#include "internal.h"

static bool create_irq(AsdIrq *irq, Error **errp)
{
    int ret = event_notifier_init(&irq->trigger, 0);

    if (!ret && irq->is_level) {
        ret = event_notifier_init(&irq->resample, 0);
    }
    if (ret) {
        error_setg_errno(errp, -ret, "no eventfd for an interrupt");
    }
    return !ret;
}

bool asd_irqs_create(AssignedSocDev *asd, Error **errp)
{
    unsigned int i;
    int number = 0;

    for (i = 0; i < soca_info_get(asd->claim)->num_irqs; i++) {
        AsdIrq *irq = &asd->irqs[i];

        if (!irq->is_wanted) {
            continue;
        }
        if (!create_irq(irq, errp)) {
            return false;
        }
        irq->number = number++;
        sysbus_init_irq(SYS_BUS_DEVICE(asd), &irq->pin);
    }
    return true;
}

static void connect_to_kvm(AssignedSocDev *asd, AsdIrq *irq)
{
    int ret = kvm_irqchip_add_irqfd_notifier(kvm_state, &irq->trigger,
                                             irq->is_level ? &irq->resample :
                                             NULL, irq->pin);

    if (ret) {
        error_report("%s: KVM takes no eventfd for an interrupt: %s",
                     asd_name(asd), strerror(-ret));
        exit(1);
    }
}

static void connect_irq(AssignedSocDev *asd, unsigned int index)
{
    AsdIrq *irq = &asd->irqs[index];
    int ret;

    if (asd->in_kernel) {
        connect_to_kvm(asd, irq);
    } else {
        asd_irq_user_connect(irq);
    }
    ret = soca_irq_attach(asd->claim, index,
                          event_notifier_get_fd(&irq->trigger),
                          irq->is_level ?
                          event_notifier_get_fd(&irq->resample) : -1);
    /* ENODEV: a claim that has just ended is told by its events. */
    if (ret && ret != -ENODEV) {
        error_report("%s: interrupt %u: %s", asd_name(asd), index,
                     soca_explain(SOCA_OP_IRQ, ret));
        exit(1);
    }
}

/* It has a pin: the platform bus's choice, or the user's. */
void asd_irq_connect(SysBusDevice *sbdev, qemu_irq pin)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(sbdev);
    unsigned int i;

    for (i = 0; i < soca_info_get(asd->claim)->num_irqs; i++) {
        if (asd->irqs[i].number >= 0 && asd->irqs[i].pin == pin) {
            connect_irq(asd, i);
        }
    }
}

static bool place_irq(AssignedSocDev *asd, AsdIrq *irq, Error **errp)
{
    PlatformBusDevice *bus = asd_place_bus();

    if (!bus || irq->wanted >= bus->num_irqs) {
        error_setg(errp, "pin=: the bus has %u pins, and no %" PRIu64,
                   bus ? bus->num_irqs : 0, irq->wanted);
        return false;
    }
    if (test_and_set_bit(irq->wanted, bus->used_irqs)) {
        error_setg(errp, "pin=: %" PRIu64 " is another device's",
                   irq->wanted);
        return false;
    }
    sysbus_connect_irq(SYS_BUS_DEVICE(asd), irq->number,
                       bus->irqs[irq->wanted]);
    return true;
}

/* The bus connects the others. */
bool asd_irqs_place(AssignedSocDev *asd, Error **errp)
{
    unsigned int i;

    for (i = 0; i < soca_info_get(asd->claim)->num_irqs; i++) {
        AsdIrq *irq = &asd->irqs[i];

        if (irq->number >= 0 && irq->wanted != ASD_ANYWHERE &&
            !place_irq(asd, irq, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * A level that the guest had not ended is masked, and nobody would end it any
 * more. If the device still raises it, it comes again.
 */
void asd_irqs_reset(AssignedSocDev *asd)
{
    unsigned int i;

    for (i = 0; i < soca_info_get(asd->claim)->num_irqs; i++) {
        AsdIrq *irq = &asd->irqs[i];

        if (!irq->pin || !irq->is_level) {
            continue;
        }
        if (asd->in_kernel) {
            event_notifier_set(&irq->resample);
        } else {
            asd_irq_user_end(irq);
        }
    }
}

void asd_irqs_lose(AssignedSocDev *asd)
{
    unsigned int i;

    for (i = 0; i < soca_info_get(asd->claim)->num_irqs; i++) {
        AsdIrq *irq = &asd->irqs[i];

        if (!irq->pin) {
            continue;
        }
        if (asd->in_kernel) {
            kvm_irqchip_remove_irqfd_notifier(kvm_state, &irq->trigger,
                                              irq->pin);
        } else {
            asd_irq_user_disconnect(irq);
        }
    }
}

/* Of a claim that is still there, if there are any. */
void asd_irqs_free(AssignedSocDev *asd)
{
    unsigned int i;

    for (i = 0; asd->irqs && i < soca_info_get(asd->claim)->num_irqs; i++) {
        event_notifier_cleanup(&asd->irqs[i].trigger);
        event_notifier_cleanup(&asd->irqs[i].resample);
    }
    g_free(asd->irqs);
}
