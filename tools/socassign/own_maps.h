/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Controllers of interrupts whose drivers read their interrupt-map themselves: who
 * follows a line ends there (the kernel's drivers/of/irq.c)
 */
#ifndef _SOCASSIGN_OWN_MAPS_H
#define _SOCASSIGN_OWN_MAPS_H

#include <stddef.h>

static const char *const own_maps[] = {
	"CBEA,platform-spider-pic", "sti,platform-spider-pic",
	"realtek,rtl-intc", "fsl,ls1021a-extirq", "fsl,ls1043a-extirq",
	"fsl,ls1088a-extirq", "renesas,rza1-irqc", "pasemi,rootbus", NULL
};

#endif /* _SOCASSIGN_OWN_MAPS_H */
