/*
 * SoC devices of the host, assigned to the guest: -device assigned-soc-dev
 *
 * The host knows them from nodes of its device tree only. Its driver socassign
 * makes a claim of nodes, which libsocassign knows how to use; here is what a
 * claim is in QEMU: a device on the platform bus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/qdev-properties.h"
#include "hw/resettable.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "compat.h"
#include "internal.h"

static void asd_realize(DeviceState *dev, Error **errp)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(dev);

    if (dev->hotplugged) {
        error_setg(errp, "the guest has its device tree already");
        return;
    }
    /*
     * Without an interrupt controller in the kernel QEMU is in between, which
     * learns from accesses that the guest has seen to an interrupt.
     */
    asd->in_kernel = kvm_irqchip_in_kernel() && kvm_irqfds_enabled();
    if (asd_claim_open(asd, errp) && asd_place_take(asd, errp) &&
        asd_fdt_plan(asd, errp) && asd_irqs_create(asd, errp) &&
        asd_regs_create(asd, errp) && asd_irqs_place(asd, errp) &&
        asd_dma_open(asd, errp)) {
        asd_event_watch(asd);
        /* So that it can be removed. */
        qbus_set_hotplug_handler(qdev_get_parent_bus(dev),
                                 OBJECT(qdev_get_machine()));
    }
}

/* The host has it back when nobody in QEMU refers to it any more. */
static void asd_unrealize(DeviceState *dev)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(dev);

    asd_event_unwatch(asd);
    asd_dma_close(asd);
    if (!asd->is_gone) {
        asd_irqs_lose(asd);
    }
    asd_regs_remove(asd);
}

static void asd_finalize(Object *obj)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(obj);

    asd_dma_close(asd);
    asd_fdt_close(asd);
    asd_irqs_free(asd);
    asd_regs_free(asd);
    asd_claim_close(asd);
    asd_windows_free(asd);
}

/*
 * The last phase: the interrupt controller has been reset, too, and has
 * forgotten the interrupts that the guest has not ended.
 */
static void asd_reset_exit(ASD_RESET_EXIT_ARGS)
{
    AssignedSocDev *asd = ASSIGNED_SOC_DEV(obj);
    bool is_reset;

    if (!asd->is_gone) {
        is_reset = asd_claim_reset(asd);
        asd_irqs_reset(asd);
        if (is_reset) {
            asd_dma_start(asd);
        }
    }
}

/* What the devices hold cannot be read out of them. */
static const VMStateDescription asd_vmstate = {
    .name = TYPE_ASSIGNED_SOC_DEV,
    .unmigratable = 1,
};

static AsdProperty asd_properties[] = {
    DEFINE_PROP_STRING("dev", AssignedSocDev, dev),
    DEFINE_PROP_STRING("fd", AssignedSocDev, fd),
    DEFINE_PROP_STRING("overlay", AssignedSocDev, overlay),
    DEFINE_PROP_STRING("delete-prop", AssignedSocDev, delete_prop),
    DEFINE_PROP_STRING("node-update", AssignedSocDev, node_update),
    DEFINE_PROP_STRING("address", AssignedSocDev, address),
    DEFINE_PROP_STRING("pin", AssignedSocDev, pin),
    DEFINE_PROP_BOOL("subtree", AssignedSocDev, subtree, false),
    DEFINE_PROP_BOOL("detach", AssignedSocDev, detach, false),
    DEFINE_PROP_BOOL("no-dma", AssignedSocDev, no_dma, false),
    DEFINE_PROP_BOOL("identity", AssignedSocDev, identity, false),
    DEFINE_PROP_BOOL("removable", AssignedSocDev, removable, false),
    ASD_PROPERTIES_END
};

static void asd_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "SoC devices of the host, by their device-tree nodes";
    dc->realize = asd_realize;
    dc->unrealize = asd_unrealize;
    dc->vmsd = &asd_vmstate;
    dc->user_creatable = true;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_props(dc, asd_properties);
    asd_windows_class_init(klass);
    RESETTABLE_CLASS(klass)->phases.exit = asd_reset_exit;
    SYS_BUS_DEVICE_CLASS(klass)->connect_irq_notifier = asd_irq_connect;
    ASSIGNED_SOC_DEV_CLASS(klass)->add_fdt_nodes = asd_fdt_add;
}

static const TypeInfo asd_info = {
    .name = TYPE_ASSIGNED_SOC_DEV,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(AssignedSocDev),
    .instance_finalize = asd_finalize,
    .class_size = sizeof(AssignedSocDevClass),
    .class_init = asd_class_init,
};

static void asd_register_types(void)
{
    type_register_static(&asd_info);
}

type_init(asd_register_types)
