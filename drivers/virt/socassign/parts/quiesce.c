// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make a device quiet before the host has it back, or its owner begins anew
 *
 * A reset is better, but few devices have one.  A device whose interrupt is
 * still up when its host driver binds can kill the host: i2c-mpc takes it for
 * the end of a transfer that it never began.  So the interrupts of the devices
 * that are reviewed to be safe to share out (rules/node_facts.c) are
 * switched off and acknowledged here.
 *
 * A bus master that still has work to do would do it in the host's memory.  The
 * few that can be asked to stop, and say so, are here, too.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/of_address.h>

#include "base/compat.h"
#include "claim/claim.h"
#include "parts/identities.h"
#include "parts/parts.h"
#include "parts/power.h"
#include "parts/quiesce.h"
#include "parts/quiesce_map.h"
#include "parts/region.h"
#include "tree/tree.h"

/**
 * struct soca_write - A write to a register: all zeros or all ones, so that
 *	the device's byte order does not matter
 * @offset: Where
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

/* 16550: interrupt enable.  Where it is the node says, see struct soca_layout. */
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

/**
 * struct soca_layout - Where a 16550 has its registers (serial/8250.yaml)
 * @offset: reg-offset: where they begin
 * @shift: reg-shift: how far they are apart, as a power of two
 * @width: reg-io-width: bytes that an access has
 */
struct soca_layout {
	u32 offset;
	u32 shift;
	u32 width;
};

static void soca_layout_read(const struct device_node *np,
			     struct soca_layout *layout)
{
	of_property_read_u32(np, "reg-offset", &layout->offset);
	of_property_read_u32(np, "reg-shift", &layout->shift);
	of_property_read_u32(np, "reg-io-width", &layout->width);
}

/*
 * A layout that makes no sense has no place in the registers, nor has one by which an
 * access would not be aligned.
 */
static bool soca_layout_place(const struct soca_layout *layout,
			      const struct soca_write *write,
			      struct soca_span span, u64 *at)
{
	u32 width = layout->width ?: write->width;

	if (layout->shift > 3 || width > 4 || width == 3)
		return false;
	*at = (u64)layout->offset + ((u64)write->offset << layout->shift);
	return *at + width <= soca_span_bytes(span) &&
	       IS_ALIGNED(span.first + *at, width);
}

static void soca_quiesce_access(void __iomem *reg, u32 width, bool ones)
{
	mb();	/* in order, as a driver's accessors would */
	if (width == 1)
		__raw_writeb(ones ? 0xff : 0, reg);
	else if (width == 2)
		__raw_writew(ones ? 0xffff : 0, reg);
	else if (width == 4)
		__raw_writel(ones ? ~0 : 0, reg);
	mb();	/* the device is quiet before its interrupt is unmasked */
}

/* What there is to write for any node that the tables do not have. */
static const struct of_device_id soca_quiesce_unknown;

/* Found out once for each node: who asks at the same time finds the same. */
static const struct soca_write *soca_quiesce_writes(struct soca_tree_node *tree)
{
	const struct of_device_id *id = READ_ONCE(tree->quiesce);

	if (!id) {
		id = of_match_node(soca_quiesce_table, tree->np) ?:
		     &soca_quiesce_unknown;
		WRITE_ONCE(tree->quiesce, id);
	}
	return id->data;
}

static int soca_quiesce_find(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->set.num_nodes; i++) {
		struct soca_node *node = &claim->set.nodes[i];

		node->quiesce = soca_quiesce_writes(soca_tree_find(node->np));
	}
	return 0;
}

/**
 * soca_quiesce_prepare - Map what it takes to make a device quiet
 * @np: Its node
 * @map: Set to the mapping, to be dropped with soca_quiesce_map_put(); or to NULL
 *
 * Return: 0 or -ENOMEM.
 */
int soca_quiesce_prepare(struct device_node *np, struct soca_quiesce_map **map)
{
	struct resource res;

	*map = NULL;
	if (!of_match_node(soca_quiesce_table, np) ||
	    soca_tree_resource(np, 0, &res) ||
	    resource_type(&res) != IORESOURCE_MEM)
		return 0;
	*map = soca_quiesce_map_get((struct soca_span) {
		.first = res.start, .last = res.end,
	});
	return *map ? 0 : -ENOMEM;
}

static struct soca_layout soca_layout_of(const struct soca_node *node)
{
	struct soca_layout layout = {};

	if (node->quiesce == soca_ns16550)
		soca_layout_read(node->np, &layout);
	return layout;
}

/* What makes it quiet, or with @dry nothing; is there a place for all of it? */
static bool soca_quiesce_node(const struct soca_node *node, bool dry)
{
	struct soca_quiesce_map *map = node->quiesce_map;
	struct soca_layout layout;
	bool all = true;
	u64 at;

	if (!map)
		return false;
	layout = soca_layout_of(node);
	for (const struct soca_write *it = node->quiesce; it->width; it++) {
		if (!soca_layout_place(&layout, it, map->span, &at))
			all = false;
		else if (!dry)
			soca_quiesce_access(map->regs + at,
					    layout.width ?: it->width, it->ones);
	}
	return all;
}

/*
 * The eTSEC (MPC8548E Reference Manual, chapter 14): a graceful stop of both
 * directions ends when the frame at hand and its descriptor are in memory.  The
 * soft reset makes it forget its rings.
 */
#define ETSEC_IEVENT		0x010
#define ETSEC_IEVENT_GTSC	BIT(25)		/* transmit stopped */
#define ETSEC_IEVENT_GRSC	BIT(8)		/* receive stopped */
#define ETSEC_IMASK		0x014
#define ETSEC_DMACTRL		0x02c
#define ETSEC_DMACTRL_GRS	BIT(4)
#define ETSEC_DMACTRL_GTS	BIT(3)
#define ETSEC_MACCFG1		0x500
#define ETSEC_MACCFG1_RESET	BIT(31)
#define ETSEC_BYTES		0x1000
#define ETSEC_STOP_US		10000

static bool soca_etsec_stop(void __iomem *regs)
{
	u32 stops = ETSEC_DMACTRL_GRS | ETSEC_DMACTRL_GTS;
	u32 stopped = ETSEC_IEVENT_GRSC | ETSEC_IEVENT_GTSC;
	u32 event;
	int late;

	iowrite32be(0, regs + ETSEC_IMASK);
	iowrite32be(ioread32be(regs + ETSEC_DMACTRL) & ~stops,
		    regs + ETSEC_DMACTRL);
	iowrite32be(~0, regs + ETSEC_IEVENT);
	iowrite32be(ioread32be(regs + ETSEC_DMACTRL) | stops,
		    regs + ETSEC_DMACTRL);
	late = read_poll_timeout(ioread32be, event,
				 (event & stopped) == stopped, 10,
				 ETSEC_STOP_US, false, regs + ETSEC_IEVENT);
	iowrite32be(ETSEC_MACCFG1_RESET, regs + ETSEC_MACCFG1);
	iowrite32be(0, regs + ETSEC_MACCFG1);
	iowrite32be(~0, regs + ETSEC_IEVENT);
	return !late;
}

static bool soca_etsec_stop_at(struct device_node *np)
{
	struct resource res;
	void __iomem *regs;
	bool stopped;

	if (soca_tree_resource(np, 0, &res) ||
	    resource_size(&res) < ETSEC_BYTES)
		return false;
	regs = ioremap(res.start, ETSEC_BYTES);
	if (!regs)
		return false;
	stopped = soca_etsec_stop(regs);
	iounmap(regs);
	return stopped;
}

/*
 * The newer binding has the registers in queue groups.  The first one's stop all
 * of the device (gfar_halt_nodisable() in gianfar.c); a second one has interrupts
 * of its own, which nothing raises then.
 */
static bool soca_etsec_stop_node(struct device_node *np)
{
	struct device_node *group __free(device_node) =
		of_get_child_by_name(np, "queue-group");

	return soca_etsec_stop_at(group ?: np);
}

static const struct of_device_id soca_stop_table[] = {
	{ .compatible = "fsl,etsec2", .data = soca_etsec_stop_node },
	{ .compatible = "gianfar", .data = soca_etsec_stop_node },
	{ }
};

static bool soca_stop_node(struct device_node *np)
{
	const struct of_device_id *id = of_match_node(soca_stop_table, np);
	bool (*stop)(struct device_node *np) = id ? id->data : NULL;

	return stop && stop(np);
}

static bool soca_is_master(const struct soca_node *node)
{
	return node->is_protected || node->is_unsafe;
}

/* Could soca_quiet_node() say that it did it? */
static bool soca_can_quiet_node(const struct soca_claim *claim, u32 i)
{
	const struct soca_node *node = &claim->set.nodes[i];

	if (soca_has_reset(claim, i))
		return true;
	return soca_is_master(node) ?
	       !!of_match_node(soca_stop_table, node->np) :
	       soca_quiesce_node(node, true);
}

static int soca_quiesce_map_node(struct soca_claim *claim, u32 i)
{
	struct soca_node *node = &claim->set.nodes[i];
	struct soca_span span;

	if (!node->quiesce || !soca_first_regs(claim, i, &span))
		return 0;
	node->quiesce_map = soca_quiesce_map_get(span);
	return node->quiesce_map ? 0 : -ENOMEM;
}

static int soca_quiesce_build(struct soca_claim *claim)
{
	int ret = 0;

	/* The part before this one has seen to it. */
	claim->is_powered = true;
	for (u32 i = 0; i < claim->set.num_nodes && !ret; i++) {
		ret = soca_quiesce_map_node(claim, i);
		claim->set.nodes[i].can_quiet = soca_can_quiet_node(claim, i);
	}
	return ret;
}

/*
 * Does it take part in what the claim was told to do?  A node below that has no
 * `compatible` is a part of the device above; one without registers, such as a chip
 * on an I2C bus, is out of reach, and out of the way.
 */
static bool soca_must_be_quiet(const struct soca_node *node)
{
	if (soca_is_master(node))
		return true;
	return node->num_regions &&
	       (node->is_root || of_property_present(node->np, "compatible"));
}

/* By its line; else its interrupts, where it is known how, and its DMA, if it says so. */
static bool soca_quiet_node(const struct soca_claim *claim, u32 i)
{
	const struct soca_node *node = &claim->set.nodes[i];
	bool is_written;

	if (soca_has_reset(claim, i) && !soca_reset_node(claim, i))
		return true;
	is_written = soca_quiesce_node(node, false);
	return soca_is_master(node) ? soca_stop_node(node->np) : is_written;
}

/**
 * soca_can_quiet - Can all devices of a claim be brought back to their start?
 * @claim: The claim
 *
 * Context: Under the gate, of a claim that is up.
 * Return: true if each has a reset line or is known, and there is one at all.
 */
bool soca_can_quiet(const struct soca_claim *claim)
{
	bool any = false;

	for (u32 i = 0; i < claim->set.num_nodes; i++) {
		const struct soca_node *node = &claim->set.nodes[i];

		any |= node->can_quiet;
		if (!node->can_quiet && soca_must_be_quiet(node))
			return false;
	}
	return any;
}

/**
 * soca_quiet - Bring all devices of a claim back to their start
 * @claim: The claim, which soca_can_quiet(); its DMA is blocked
 *
 * Context: Process context, under the gate, held for writing.
 * Return: true if all of them got there; what failed is in the log.
 */
bool soca_quiet(const struct soca_claim *claim)
{
	bool all = true;

	for (u32 i = 0; i < claim->set.num_nodes; i++) {
		if (!claim->set.nodes[i].can_quiet || soca_quiet_node(claim, i))
			continue;
		pr_warn("%pOF: did not get quiet\n", claim->set.nodes[i].np);
		all = false;
	}
	return all;
}

/* As far as it can be done; are the bus masters quiet? */
static bool soca_quiet_masters(const struct soca_claim *claim)
{
	bool is_quiet = true;

	for (u32 i = 0; i < claim->set.num_nodes; i++)
		is_quiet &= soca_quiet_node(claim, i) ||
			    !soca_is_master(&claim->set.nodes[i]);
	return is_quiet;
}

/*
 * Make the devices forget what they were told, by the owner of this claim or of
 * one before it that had to leave them as they were.  They are not quiet if one of
 * them may still want to do DMA.
 */
static void soca_quiesce_down(struct soca_claim *claim)
{
	bool used = soca_dmas_used(claim);

	claim->is_quiet = !used;
	/* Without its clocks a device is left alone, as noisy as it may be. */
	if (claim->is_powered && (used || READ_ONCE(claim->published)))
		claim->is_quiet |= soca_quiet_masters(claim);
	for (unsigned int i = 0; i < claim->set.num_nodes; i++) {
		soca_quiesce_map_put(claim->set.nodes[i].quiesce_map);
		claim->set.nodes[i].quiesce_map = NULL;
	}
}

const struct soca_part soca_quiesce_part = {
	.of_devices = true,
	.find = soca_quiesce_find,
	.build = soca_quiesce_build,
	.down = soca_quiesce_down,
};
