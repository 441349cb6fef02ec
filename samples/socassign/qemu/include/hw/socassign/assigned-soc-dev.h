/*
 * SoC devices of the host, assigned to the guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_SOCASSIGN_ASSIGNED_SOC_DEV_H
#define HW_SOCASSIGN_ASSIGNED_SOC_DEV_H

#include "hw/platform-bus.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_ASSIGNED_SOC_DEV "assigned-soc-dev"
OBJECT_DECLARE_TYPE(AssignedSocDev, AssignedSocDevClass, ASSIGNED_SOC_DEV)

/**
 * AssignedSocDevClass:
 * @add_fdt_nodes: Add the devices to the guest's tree, once they are placed on
 *     the platform bus, whose first pin is the SPI @irq_start of the guest's
 *     GIC, or that source of its MPIC. Ends QEMU if that cannot be done.
 *
 * A method, so that boards need not be linked with the device.
 */
struct AssignedSocDevClass {
    SysBusDeviceClass parent_class;

    void (*add_fdt_nodes)(AssignedSocDev *asd, PlatformBusDevice *pbus,
                          int irq_start, void *fdt);
};

#endif
