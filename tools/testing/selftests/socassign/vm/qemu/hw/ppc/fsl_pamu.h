/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Freescale PAMU, the IOMMU of QorIQ chips: several units, one device-tree node
 *
 * QEMU interface:
 *  + sysbus MMIO region 0: the registers of all units, 4 KiB each
 *  + sysbus MMIO region 1: pamubypenr, which belongs into the chip's global
 *    utilities
 *  + sysbus IRQ 0: access violation, of any unit
 *  + property "mwce" (3 or 7): a window has at most 2^(mwce + 1) subwindows
 */

#ifndef HW_PPC_FSL_PAMU_H
#define HW_PPC_FSL_PAMU_H

#include "exec/memory.h"
#include "qom/object.h"

#define TYPE_FSL_PAMU "fsl-pamu"
OBJECT_DECLARE_SIMPLE_TYPE(FslPamuState, FSL_PAMU)

#define FSL_PAMU_UNITS     2
#define FSL_PAMU_UNIT_SIZE 0x1000

#define FSL_PAMU_MAX_LIODN 0xffff

/*
 * Memory as a bus master sees it that sits behind @unit and shows @liodn.  The
 * region lives as long as the PAMU.
 */
MemoryRegion *fsl_pamu_master(FslPamuState *s, unsigned unit, unsigned liodn);

#endif
