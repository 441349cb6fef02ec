/*
 * The PAMU on an e500 board: wiring and device tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * As on the P4080, whose addresses these are.  The firmware's part is done as
 * well: LIODNs and stash targets are in the tree.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/net/fsl_etsec/etsec.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "sysemu/device_tree.h"
#include "e500_pamu.h"

#define PAMU_OFFSET       0x20000ULL
#define PAMU_IRQ          44
#define PAMUBYPENR_OFFSET 0x604

#define CPC_OFFSET        0x10000ULL

#define PCI_UNIT          0
#define PCI_LIODN         16

/* The numbers that U-Boot gives to caches. */
#define L1_STASH_ID(cpu)  (32 + 2 * (cpu))
#define L2_STASH_ID(cpu)  (33 + 2 * (cpu))
#define CPC_STASH_ID      1

FslPamuState *e500_pamu_create(MemoryRegion *ccsr, hwaddr guts,
                               DeviceState *mpic)
{
    DeviceState *dev = qdev_new(TYPE_FSL_PAMU);
    SysBusDevice *s = SYS_BUS_DEVICE(dev);

    sysbus_realize_and_unref(s, &error_fatal);
    sysbus_connect_irq(s, 0, qdev_get_gpio_in(mpic, PAMU_IRQ));
    memory_region_add_subregion(ccsr, PAMU_OFFSET,
                                sysbus_mmio_get_region(s, 0));
    memory_region_add_subregion_overlap(ccsr, guts + PAMUBYPENR_OFFSET,
                                        sysbus_mmio_get_region(s, 1), 1);
    return FSL_PAMU(dev);
}

void e500_pamu_connect_pci(FslPamuState *pamu, DeviceState *pcihost)
{
    object_property_set_link(OBJECT(pcihost), "dma",
                             OBJECT(fsl_pamu_master(pamu, PCI_UNIT,
                                                    PCI_LIODN)),
                             &error_abort);
}

/* An eTSEC without a LIODN is not behind the PAMU. */
void e500_pamu_connect_etsec(FslPamuState *pamu, DeviceState *dev, Error **errp)
{
    eTSEC *etsec = ETSEC_COMMON(dev);

    if (etsec->liodn == ETSEC_NO_LIODN) {
        return;
    }
    if (!pamu) {
        error_setg(errp, "a LIODN needs a machine with pamu=on");
        return;
    }
    if (etsec->rx_liodn == ETSEC_NO_LIODN) {
        etsec->rx_liodn = etsec->liodn;
    }
    if (etsec->liodn > FSL_PAMU_MAX_LIODN ||
        etsec->rx_liodn > FSL_PAMU_MAX_LIODN) {
        error_setg(errp, "a LIODN has 16 bits");
        return;
    }
    if (etsec->pamu >= FSL_PAMU_UNITS) {
        error_setg(errp, "there are %d PAMUs", FSL_PAMU_UNITS);
        return;
    }
    object_property_set_link(OBJECT(dev), "tx-dma",
                             OBJECT(fsl_pamu_master(pamu, etsec->pamu,
                                                    etsec->liodn)),
                             &error_abort);
    object_property_set_link(OBJECT(dev), "rx-dma",
                             OBJECT(fsl_pamu_master(pamu, etsec->pamu,
                                                    etsec->rx_liodn)),
                             &error_abort);
}

/* Device tree */

static uint32_t fdt_new_phandle(void *fdt, const char *node)
{
    uint32_t phandle = qemu_fdt_alloc_phandle(fdt);

    qemu_fdt_setprop_cell(fdt, node, "phandle", phandle);
    return phandle;
}

/* Paths without unit addresses are enough to find what is there. */
static void fdt_set_iommu_parent(void *fdt, const char *node, unsigned unit)
{
    g_autofree char *parent = g_strdup_printf("/soc/iommu/pamu@%x",
                                              unit * FSL_PAMU_UNIT_SIZE);

    qemu_fdt_setprop_phandle(fdt, node, "fsl,iommu-parent", parent);
}

static void fdt_add_pamu(void *fdt, const char *soc, const char *mpic)
{
    g_autofree char *node = g_strdup_printf("%s/iommu@%llx", soc, PAMU_OFFSET);
    const char compatible[] = "fsl,pamu-v1.0\0fsl,pamu";
    uint32_t size = FSL_PAMU_UNITS * FSL_PAMU_UNIT_SIZE;
    int i;

    qemu_fdt_add_subnode(fdt, node);
    qemu_fdt_setprop(fdt, node, "compatible", compatible, sizeof(compatible));
    qemu_fdt_setprop_cells(fdt, node, "reg", PAMU_OFFSET, size);
    qemu_fdt_setprop_cells(fdt, node, "ranges", 0, PAMU_OFFSET, size);
    qemu_fdt_setprop_cell(fdt, node, "#address-cells", 1);
    qemu_fdt_setprop_cell(fdt, node, "#size-cells", 1);
    qemu_fdt_setprop_cells(fdt, node, "interrupts", PAMU_IRQ, 2);
    qemu_fdt_setprop_phandle(fdt, node, "interrupt-parent", mpic);
    qemu_fdt_setprop_cell(fdt, node, "fsl,portid-mapping", 0x00f80000);

    for (i = FSL_PAMU_UNITS - 1; i >= 0; i--) {
        g_autofree char *unit = g_strdup_printf("%s/pamu@%x", node,
                                                i * FSL_PAMU_UNIT_SIZE);

        qemu_fdt_add_subnode(fdt, unit);
        qemu_fdt_setprop_cells(fdt, unit, "reg", i * FSL_PAMU_UNIT_SIZE,
                               FSL_PAMU_UNIT_SIZE);
        fdt_new_phandle(fdt, unit);
    }
}

/* The platform cache, which nothing drives here, as a stash target. */
static uint32_t fdt_add_cpc(void *fdt, const char *soc)
{
    g_autofree char *node = g_strdup_printf("%s/l3-cache-controller@%llx",
                                            soc, CPC_OFFSET);
    const char compatible[] = "fsl,p4080-l3-cache-controller\0cache";

    qemu_fdt_add_subnode(fdt, node);
    qemu_fdt_setprop(fdt, node, "compatible", compatible, sizeof(compatible));
    qemu_fdt_setprop_cells(fdt, node, "reg", CPC_OFFSET, 0x1000);
    qemu_fdt_setprop_cell(fdt, node, "cache-stash-id", CPC_STASH_ID);
    return fdt_new_phandle(fdt, node);
}

static void fdt_add_stash_ids(void *fdt, unsigned index, uint32_t cpc)
{
    g_autofree char *cpu = g_strdup_printf("/cpus/PowerPC,8544@%x", index);
    g_autofree char *l2 = g_strdup_printf("%s/l2-cache", cpu);

    qemu_fdt_add_subnode(fdt, l2);
    qemu_fdt_setprop_string(fdt, l2, "compatible", "cache");
    qemu_fdt_setprop_cell(fdt, l2, "cache-stash-id", L2_STASH_ID(index));
    qemu_fdt_setprop_cell(fdt, l2, "next-level-cache", cpc);
    qemu_fdt_setprop_cell(fdt, cpu, "next-level-cache",
                          fdt_new_phandle(fdt, l2));
    qemu_fdt_setprop_cell(fdt, cpu, "cache-stash-id", L1_STASH_ID(index));
}

void e500_pamu_fdt(void *fdt, const char *soc, const char *mpic,
                   unsigned smp_cpus)
{
    const char guts_compatible[] =
        "fsl,qoriq-device-config-1.0\0fsl,mpc8544-guts";
    uint32_t cpc;
    unsigned i;

    fdt_add_pamu(fdt, soc, mpic);
    qemu_fdt_setprop(fdt, "/soc/global-utilities", "compatible",
                     guts_compatible, sizeof(guts_compatible));
    qemu_fdt_setprop_cell(fdt, "/pci", "fsl,liodn", PCI_LIODN);
    fdt_set_iommu_parent(fdt, "/pci", PCI_UNIT);

    cpc = fdt_add_cpc(fdt, soc);
    for (i = 0; i < smp_cpus; i++) {
        fdt_add_stash_ids(fdt, i, cpc);
    }
}

void e500_pamu_fdt_etsec(void *fdt, const char *node, DeviceState *dev)
{
    eTSEC *etsec = ETSEC_COMMON(dev);

    if (etsec->liodn == ETSEC_NO_LIODN) {
        return;
    }
    if (etsec->rx_liodn == etsec->liodn) {
        qemu_fdt_setprop_cell(fdt, node, "fsl,liodn", etsec->liodn);
    } else {
        qemu_fdt_setprop_cells(fdt, node, "fsl,liodn", etsec->liodn,
                               etsec->rx_liodn);
    }
    fdt_set_iommu_parent(fdt, node, etsec->pamu);
}
