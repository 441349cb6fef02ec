/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PAMU on an e500 board: wiring and device tree
 */

#ifndef HW_PPC_E500_PAMU_H
#define HW_PPC_E500_PAMU_H

#include "fsl_pamu.h"

/* Creates the PAMU; @guts is where the global utilities are in @ccsr. */
FslPamuState *e500_pamu_create(MemoryRegion *ccsr, hwaddr guts,
                               DeviceState *mpic);

/* The PCI host bridge and eTSECs, before they are realized. */
void e500_pamu_connect_pci(FslPamuState *pamu, DeviceState *pcihost);
void e500_pamu_connect_etsec(FslPamuState *pamu, DeviceState *etsec,
                             Error **errp);

/* Nodes and properties, when those of the board itself are there. */
void e500_pamu_fdt(void *fdt, const char *soc, const char *mpic,
                   unsigned smp_cpus);
void e500_pamu_fdt_etsec(void *fdt, const char *node, DeviceState *etsec);

#endif
