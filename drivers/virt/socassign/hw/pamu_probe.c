// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the PAMU as the host's driver has set it up
 *
 * drivers/iommu/fsl_pamu.c is built in, exports nothing and has done all its
 * work before any module is loaded: the registers tell where its tables are.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "hw/pamu.h"
#include "hw/pamu_plan.h"

struct soca_pamu soca_pamu = {
	.lock = __MUTEX_INITIALIZER(soca_pamu.lock),
	.liodns = LIST_HEAD_INIT(soca_pamu.liodns),
};

/* As fsl_pamu has them. */
static const struct of_device_id soca_guts[] = {
	{ .compatible = "fsl,qoriq-device-config-1.0" },
	{ .compatible = "fsl,qoriq-device-config-2.0" },
	{ }
};

/* Tables as large as a LIODN (16 bits) and fspi could ever need. */
#define SOCA_MAX_PAACES		0x10000

static bool soca_pamu_enabled(unsigned int pamu)
{
	u32 control = ioread32be(soca_pamu_regs(pamu) + PAMU_PC);
	u32 bypass = ioread32be(soca_pamu.guts + GUTS_PAMUBYPENR);

	return control & PAMU_PC_PE && !(control & PAMU_PC_PGC) &&
	       !(bypass & BIT(31 - pamu));
}

/**
 * soca_pamu_running - Does the PAMU stand between bus masters and memory?
 *
 * All PAMUs have to: which devices are behind which one is not in every tree.
 *
 * Return: true if so, for the moment.
 */
bool soca_pamu_running(void)
{
	for (unsigned int i = 0; i < soca_pamu.num; i++)
		if (!soca_pamu_enabled(i))
			return false;
	return soca_pamu.num;
}

/* The table between a base and a limit register, or NULL with a log line. */
static struct soca_paace *soca_pamu_table(unsigned int base, const char *name,
					  u32 *num)
{
	u64 first = soca_pamu_read64(soca_pamu.regs + base);
	u64 limit = soca_pamu_read64(soca_pamu.regs + base + 8);
	u64 size = limit - first;
	struct soca_paace *table;

	if (!first || limit <= first || size % sizeof(*table) ||
	    size > SOCA_MAX_PAACES * sizeof(*table) ||
	    (phys_addr_t)limit != limit) {
		pr_warn("%pOF: not used: no %s at 0x%llx to 0x%llx\n",
			soca_pamu.np, name, first, limit);
		return NULL;
	}
	table = memremap(first, size, MEMREMAP_WB);
	if (!table)
		pr_warn("%pOF: not used: %s cannot be mapped\n", soca_pamu.np,
			name);
	*num = size / sizeof(*table);
	return table;
}

static bool soca_pamu_same_tables(unsigned int pamu)
{
	for (unsigned int reg = PAMU_PPBAH; reg < PAMU_SPLAH + 8; reg += 4)
		if (ioread32be(soca_pamu_regs(pamu) + reg) !=
		    ioread32be(soca_pamu.regs + reg))
			return false;
	return true;
}

/* Of SPAACEs mainline's driver uses none; but who knows whose kernel this is. */
static int soca_pamu_make_maps(void)
{
	soca_pamu.held = bitmap_zalloc(soca_pamu.num_ppaace, GFP_KERNEL);
	soca_pamu.spaace_used = bitmap_zalloc(soca_pamu.num_spaace, GFP_KERNEL);
	if (!soca_pamu.held || !soca_pamu.spaace_used)
		return -ENOMEM;
	for (u32 i = 0; i < soca_pamu.num_spaace; i++)
		if (soca_pamu.spaact[i].af & cpu_to_be32(PAACE_AF_V))
			__set_bit(i, soca_pamu.spaace_used);
	return 0;
}

static int soca_pamu_map_tables(unsigned int num)
{
	u32 pc3 = ioread32be(soca_pamu.regs + PAMU_PC3);

	for (unsigned int i = 1; i < num; i++) {
		if (soca_pamu_same_tables(i))
			continue;
		pr_warn("%pOF: not used: PAMU %u has tables of its own\n",
			soca_pamu.np, i);
		return -ENODEV;
	}
	soca_pamu.ppaact = soca_pamu_table(PAMU_PPBAH, "PPAACT",
					   &soca_pamu.num_ppaace);
	soca_pamu.spaact = soca_pamu_table(PAMU_SPBAH, "SPAACT",
					   &soca_pamu.num_spaace);
	if (!soca_pamu.ppaact || !soca_pamu.spaact)
		return -ENODEV;
	soca_pamu.max_subwindows = min_t(u32, SOCA_PLAN_MAX_SUBWINDOWS,
					 2U << FIELD_GET(PAMU_PC3_MWCE, pc3));
	return soca_pamu_make_maps();
}

static int soca_pamu_map_guts(void)
{
	struct device_node *np __free(device_node) =
		of_find_matching_node(NULL, soca_guts);

	soca_pamu.guts = np ? of_iomap(np, 0) : NULL;
	return soca_pamu.guts ? 0 : -ENODEV;
}

/* Base registers alone may be what a boot loader left. */
static bool soca_pamu_has_driver(void)
{
	struct device *dev = bus_find_device_by_name(&platform_bus_type, NULL,
						     "fsl-of-pamu.0");
	bool bound = dev && READ_ONCE(dev->driver);

	put_device(dev);
	return bound;
}

/**
 * soca_pamu_find - Find the PAMU
 *
 * Sets soca_pamu.num last: it says that there is a PAMU.
 *
 * Return: 0, -ENODEV if there is none that we can use, or -ENOMEM.
 */
int soca_pamu_find(void)
{
	u64 size;
	int ret;

	soca_pamu.np = of_find_compatible_node(NULL, NULL, "fsl,pamu");
	if (!soca_pamu.np || !soca_pamu_has_driver() ||
	    !of_get_address(soca_pamu.np, 0, &size, NULL) ||
	    size < PAMU_STRIDE || size > 32 * PAMU_STRIDE)
		return -ENODEV;
	soca_pamu.regs = of_iomap(soca_pamu.np, 0);
	soca_pamu.irq = irq_of_parse_and_map(soca_pamu.np, 0);
	if (!soca_pamu.regs || !soca_pamu.irq)
		return -ENODEV;
	ret = soca_pamu_map_guts();
	if (!ret)
		ret = soca_pamu_map_tables(size / PAMU_STRIDE);
	if (ret)
		return ret;
	soca_pamu.stash_levels = soca_stash_levels();
	soca_pamu.num = size / PAMU_STRIDE;
	return 0;
}

/**
 * soca_pamu_unmap - Undo soca_pamu_find(), also where it failed
 */
void soca_pamu_unmap(void)
{
	bitmap_free(soca_pamu.spaace_used);
	bitmap_free(soca_pamu.held);
	if (soca_pamu.spaact)
		memunmap(soca_pamu.spaact);
	if (soca_pamu.ppaact)
		memunmap(soca_pamu.ppaact);
	if (soca_pamu.guts)
		iounmap(soca_pamu.guts);
	if (soca_pamu.regs)
		iounmap(soca_pamu.regs);
	of_node_put(soca_pamu.np);
}
