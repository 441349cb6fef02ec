/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule book: what the names in a node mean
 *
 * Tables and how to look something up in them, and nothing else: the command
 * (tools/socassign) is built from the same files, so that it cannot judge a tree
 * by other rules than the driver.
 */
#ifndef _SOCASSIGN_NODE_FACTS_H
#define _SOCASSIGN_NODE_FACTS_H

#include <linux/bits.h>
#include <linux/types.h>

/**
 * enum soca_fact - What a node is
 * @SOCA_FACTS_KNOWN: The others are valid
 * @SOCA_IS_MEMORY: Memory, or reserved memory
 * @SOCA_IS_CPU: A CPU, or below /cpus
 * @SOCA_HAS_LIODN_REGS: It has the registers that say which LIODN other devices
 *	use
 * @SOCA_IS_SYSTEM: The machine runs on it: it, or what it is a part of
 * @SOCA_IS_TIMER: A timer, or a part of one
 * @SOCA_IS_IOMMU: An IOMMU, or a part of one
 * @SOCA_IS_MSI: An MSI controller
 * @SOCA_IS_IRQCHIP: An interrupt controller that the kernel itself starts
 * @SOCA_IS_BEHIND_PCI: Below a PCI host bridge: the bus can be probed, and its
 *	devices have drivers of another kind (VFIO)
 * @SOCA_IS_BUS: A bus that is nothing else
 * @SOCA_MASTERS_NONE: It was reviewed to master no bus, and asks no DMA engine
 * @SOCA_MASTERS_BY_PROXY: What is queued there has other blocks do DMA
 * @SOCA_LIODN_IS_FOREIGN: The register of its LIODN is another block's
 * @SOCA_HAS_LIODN: It, or what it is a part of, has fsl,liodn, be it empty
 * @SOCA_HAS_IOMMU: It, or what it leads to, is behind an IOMMU other than the PAMU
 */
enum soca_fact {
	SOCA_FACTS_KNOWN	= BIT(0),
	SOCA_IS_MEMORY		= BIT(1),
	SOCA_IS_CPU		= BIT(2),
	SOCA_HAS_LIODN_REGS	= BIT(3),
	SOCA_IS_SYSTEM		= BIT(4),
	SOCA_IS_TIMER		= BIT(5),
	SOCA_IS_IOMMU		= BIT(6),
	SOCA_IS_MSI		= BIT(7),
	SOCA_IS_IRQCHIP		= BIT(8),
	SOCA_IS_BEHIND_PCI	= BIT(9),
	SOCA_IS_BUS		= BIT(10),
	SOCA_MASTERS_NONE	= BIT(11),
	SOCA_MASTERS_BY_PROXY	= BIT(12),
	SOCA_LIODN_IS_FOREIGN	= BIT(13),
	SOCA_HAS_LIODN		= BIT(14),
	SOCA_HAS_IOMMU		= BIT(15),
};

/* What is below one of these is a part of it. */
#define SOCA_FACTS_OF_PARTS	(SOCA_IS_MEMORY | SOCA_IS_CPU | \
				 SOCA_IS_SYSTEM | SOCA_IS_TIMER | \
				 SOCA_IS_IOMMU | SOCA_IS_BEHIND_PCI | \
				 SOCA_HAS_LIODN)

u32 soca_compatible_facts(const char *compatible);
const char *soca_ban(u32 facts, bool is_hosts);

#endif /* _SOCASSIGN_NODE_FACTS_H */
