// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make a device quiet before the host has it back
 *
 * A reset is better, but few devices have one.  A device whose interrupt is
 * still up when its host driver binds can kill the host: i2c-mpc takes it for
 * the end of a transfer that it never began.  So the interrupts of the devices
 * that are reviewed to be safe to share out (see soca_no_dma in policy.c) are
 * switched off and acknowledged here.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/io.h>
#include <linux/of_address.h>

#include "private.h"

/**
 * struct soca_write - A write to a register: all zeros or all ones, so that
 *	the device's byte order does not matter
 * @offset: Where, before "reg-shift" is applied
 * @width: 1 or 4 bytes; 0 ends the list
 * @ones: All ones, else zeros
 */
struct soca_write {
	u16 offset;
	u8 width;
	bool ones;
};

/* MPC8544E Reference Manual, chapter 11: control, status. */
static const struct soca_write soca_fsl_i2c[] = {
	{ 0x08, 1, false }, { 0x0c, 1, false }, { }
};

/* QorIQ GPIO: mask, then events (write one to clear). */
static const struct soca_write soca_fsl_gpio[] = {
	{ 0x10, 4, false }, { 0x0c, 4, true }, { }
};

/* 16550: interrupt enable. */
static const struct soca_write soca_ns16550[] = {
	{ 0x01, 1, false }, { }
};

/* ARM DDI 0183: interrupt mask, then clear. */
static const struct soca_write soca_pl011[] = {
	{ 0x38, 4, false }, { 0x44, 4, true }, { }
};

/* ARM DDI 0224: interrupt mask, then clear. */
static const struct soca_write soca_pl031[] = {
	{ 0x10, 4, false }, { 0x1c, 4, true }, { }
};

/* ARM DDI 0190: interrupt enable, then clear. */
static const struct soca_write soca_pl061[] = {
	{ 0x410, 4, false }, { 0x41c, 4, true }, { }
};

static const struct of_device_id soca_quiesce_table[] = {
	{ .compatible = "fsl-i2c", .data = soca_fsl_i2c },
	{ .compatible = "fsl,qoriq-gpio", .data = soca_fsl_gpio },
	{ .compatible = "fsl,pq3-gpio", .data = soca_fsl_gpio },
	{ .compatible = "ns16550", .data = soca_ns16550 },
	{ .compatible = "ns16550a", .data = soca_ns16550 },
	{ .compatible = "arm,pl011", .data = soca_pl011 },
	{ .compatible = "arm,pl031", .data = soca_pl031 },
	{ .compatible = "arm,pl061", .data = soca_pl061 },
	{ }
};

static void soca_quiesce_write(void __iomem *regs, resource_size_t size,
			       const struct soca_write *write, u32 shift)
{
	size_t offset = (size_t)write->offset << shift;

	if (offset + write->width > size)
		return;
	mb();	/* in order, as a driver's accessors would */
	if (write->width == 1)
		__raw_writeb(write->ones ? 0xff : 0, regs + offset);
	else
		__raw_writel(write->ones ? ~0 : 0, regs + offset);
	mb();	/* the device is quiet before its interrupt is unmasked */
}

static void soca_quiesce_node(struct device_node *np)
{
	const struct of_device_id *id = of_match_node(soca_quiesce_table, np);
	void __iomem *regs;
	struct resource res;
	u32 shift = 0;

	if (!id || of_address_to_resource(np, 0, &res))
		return;
	of_property_read_u32(np, "reg-shift", &shift);
	regs = shift > 3 ? NULL : ioremap(res.start, resource_size(&res));
	if (!regs)
		return;
	for (const struct soca_write *write = id->data; write->width; write++)
		soca_quiesce_write(regs, resource_size(&res), write, shift);
	iounmap(regs);
}

/**
 * soca_quiesce - Switch off the interrupts of the devices of a claim
 * @claim: The claim, its clocks and power domains still on
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_quiesce(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		soca_quiesce_node(claim->nodes[i].np);
}
