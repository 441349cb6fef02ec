// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks, power domains and resets, held for as long as the claim lives
 *
 * The guest's drivers know nothing of the host's clock tree: what the device
 * needs stays on.  Every node's own properties count, descendants included.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/clk.h>
#include <linux/delay.h>
#include <linux/of_clk.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/reset.h>
#include <linux/slab.h>

#include "base/reason.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "parts/domains.h"
#include "parts/parts.h"
#include "parts/power.h"
#include "tree/registry.h"
#include "tree/tree.h"

/**
 * struct soca_clock - An entry of a claimed node's `clocks`
 * @clk: The clock, an error, or NULL if the index knows of none
 * @is_own: It comes from a node of the claim: the guest's to drive, like all that a
 *	supplier has that is part of the claim
 * @is_on: We have enabled it
 */
struct soca_clock {
	struct clk *clk;
	bool is_own;
	bool is_on;
};

/**
 * struct soca_supply - What a claimed node needs to run
 * @node: The node
 * @has_domains: The node names power domains
 * @domains: Those of a node that has several, kept on; or NULL
 * @powered: We hold the device's runtime PM reference
 * @num_clocks: Number of @clocks
 * @clocks: By their index in the property
 * @has_resets: The node names some
 * @reset: The resets of the node, deasserted, or NULL
 * @reset_left: One of the lines is left to the host, who may drive another of its
 *	nodes, or to the guest, who has its controller
 * @reset_shared: Another node of the claim has one of the lines, too: @reset
 *	cannot be asserted
 */
struct soca_supply {
	const struct soca_node *node;
	bool has_domains;
	struct soca_domains *domains;
	bool powered;
	unsigned int num_clocks;
	struct soca_clock *clocks;
	bool has_resets;
	struct reset_control *reset;
	bool reset_left;
	bool reset_shared;
};

/* How long a reset line stays asserted; generous for on-chip devices. */
#define SOCA_RESET_US	100

static int soca_clock_hold(const struct soca_supply *supply, unsigned int i)
{
	struct soca_clock *clock = &supply->clocks[i];
	int ret;

	if (clock->is_own)
		return 0;
	/* A place that the node leaves empty, or what is wrong with it. */
	if (!clock->clk)
		clock->clk = of_clk_get(supply->node->np, i);
	if (IS_ERR(clock->clk))
		return PTR_ERR(clock->clk) == -ENOENT ? 0 : PTR_ERR(clock->clk);
	ret = clk_prepare_enable(clock->clk);
	clock->is_on = !ret;
	return ret;
}

static int soca_clocks_hold(const struct soca_supply *supply)
{
	int ret = 0;

	for (unsigned int i = 0; i < supply->num_clocks && !ret; i++)
		ret = soca_clock_hold(supply, i);
	return ret;
}

static void soca_clocks_drop(struct soca_supply *supply)
{
	while (supply->num_clocks) {
		struct soca_clock *clock = &supply->clocks[--supply->num_clocks];

		if (clock->is_on)
			clk_disable_unprepare(clock->clk);
		if (!IS_ERR_OR_NULL(clock->clk))
			clk_put(clock->clk);
	}
	kfree(supply->clocks);
	supply->clocks = NULL;
}

/* From the index: the clock framework would parse the property once more. */
static struct clk *soca_clock_get(const struct soca_tree_ref *ref)
{
	struct of_phandle_args args;

	if (!soca_tree_ref_args(ref, ref->target->np, &args))
		return ERR_PTR(-EINVAL);
	return of_clk_get_from_provider(&args);
}

static int soca_clocks_alloc(struct soca_supply *supply, unsigned int num)
{
	if (!num)
		return 0;
	supply->clocks = kcalloc(num, sizeof(*supply->clocks),
				 GFP_KERNEL_ACCOUNT);
	if (!supply->clocks)
		return -ENOMEM;
	supply->num_clocks = num;
	return 0;
}

static void soca_clock_find(const struct soca_claim *claim,
			    struct soca_supply *supply,
			    const struct soca_tree_ref *ref)
{
	struct soca_clock *clock = &supply->clocks[ref->entry];

	clock->is_own = soca_set_covers(&claim->set, ref->target->np);
	if (!clock->is_own)
		clock->clk = soca_clock_get(ref);
}

/**
 * soca_is_reset - Does a property name reset lines?
 * @prop: How the property is read, and how it is called
 *
 * Return: true if so.
 */
bool soca_is_reset(const struct soca_phandle_prop *prop)
{
	return !strcmp(prop->name, "resets");
}

static bool soca_same_reset(const struct soca_tree_ref *a,
			    const struct soca_tree_ref *b)
{
	return a->num_args == b->num_args &&
	       !memcmp(a->args, b->args, a->num_args * sizeof(a->args[0]));
}

/* What becomes of a node's resets, by those who have one of the lines, too. */
static void soca_reset_find(const struct soca_claim *claim,
			    struct soca_supply *supply,
			    const struct soca_tree_ref *line)
{
	const struct soca_tree_ref *other;

	/* The guest's to drive, like the rest of its controller. */
	supply->reset_left |= soca_set_covers(&claim->set, line->target->np);
	soca_tree_for_each_user(other, line->target) {
		if (other->node == line->node || !soca_is_reset(other->prop) ||
		    !soca_same_reset(other, line))
			continue;
		if (soca_set_has(&claim->set, other->node->np))
			supply->reset_shared = true;
		else if (of_device_is_available(other->node->np))
			supply->reset_left = true;
	}
}

/*
 * One of the two would have the line for itself, and reset both; and the reset core
 * warns if two ask for it.  Only where the host may drive both nobody gets it.
 */
static bool soca_reset_clashes(const struct soca_claim *claim,
			       const struct soca_tree_ref *line)
{
	bool available = of_device_is_available(line->node->np);
	const struct soca_tree_ref *other;

	soca_tree_for_each_user(other, line->target)
		if (soca_is_reset(other->prop) && soca_same_reset(other, line) &&
		    !soca_set_has(&claim->set, other->node->np) &&
		    soca_is_owned(other->node->np) &&
		    !(available && of_device_is_available(other->node->np)))
			return true;
	return false;
}

static int soca_supplies_conflict(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->set.num_nodes; i++) {
		const struct device_node *np = claim->set.nodes[i].np;
		const struct soca_tree_ref *ref;

		for (ref = soca_tree_find(np)->refs; ref; ref = ref->next) {
			if (!soca_is_reset(ref->prop) || !soca_reset_clashes(claim, ref))
				continue;
			soca_refuse(claim->set.reason, np, "a node with the same reset line has an owner");
			return -EBUSY;
		}
	}
	return 0;
}

static bool soca_is_clock(const struct soca_tree_ref *ref)
{
	return !strcmp(ref->prop->name, "clocks");
}

static int soca_supply_find(const struct soca_claim *claim,
			    struct soca_supply *supply)
{
	const struct soca_tree_node *tree = soca_tree_find(supply->node->np);
	const struct soca_tree_ref *ref;
	int ret = soca_clocks_alloc(supply, tree->num_clocks);

	if (ret)
		return ret;
	supply->has_domains = tree->has & SOCA_HAS_DOMAINS;
	supply->has_resets = tree->has & SOCA_HAS_RESETS;
	for (ref = tree->refs; ref; ref = ref->next) {
		if (soca_is_reset(ref->prop))
			soca_reset_find(claim, supply, ref);
		else if (soca_is_clock(ref))
			soca_clock_find(claim, supply, ref);
	}
	return 0;
}

/*
 * The reset core warns if a line is asked for both as exclusive and as shared,
 * so the tree decides.  A line that the host may drive is left to it; one that
 * several nodes of the claim have can be deasserted, but not asserted.
 */
static int soca_supplies_find(struct soca_claim *claim)
{
	int ret = 0;

	claim->supplies = kcalloc(claim->set.num_nodes,
				  sizeof(*claim->supplies), GFP_KERNEL_ACCOUNT);
	if (!claim->supplies)
		return -ENOMEM;
	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++) {
		claim->supplies[i].node = &claim->set.nodes[i];
		ret = soca_supply_find(claim, &claim->supplies[i]);
	}
	return ret;
}

/* A claim that was refused has found clocks, and enabled none. */
static void soca_supplies_free(struct soca_claim *claim)
{
	for (u32 i = 0; claim->supplies && i < claim->set.num_nodes; i++)
		soca_clocks_drop(&claim->supplies[i]);
	kfree(claim->supplies);
}

static int soca_reset_hold(struct soca_supply *supply)
{
	struct reset_control *reset;
	int ret;

	if (supply->reset_left || !supply->has_resets)
		return 0;
	reset = supply->reset_shared ?
		of_reset_control_array_get_optional_shared(supply->node->np) :
		of_reset_control_array_get_optional_exclusive(supply->node->np);
	if (IS_ERR(reset))
		return PTR_ERR(reset);
	ret = reset_control_deassert(reset);
	if (ret) {
		reset_control_put(reset);
		return ret;
	}
	supply->reset = reset;
	return 0;
}

static void soca_reset_drop(struct soca_supply *supply)
{
	/* The count of a shared line wants it back; an exclusive one stays. */
	if (supply->reset && supply->reset_shared)
		reset_control_assert(supply->reset);
	reset_control_put(supply->reset);
	supply->reset = NULL;
}

static int soca_domains_hold(struct soca_supply *supply)
{
	struct device *dev = supply->node->dev;
	struct soca_domains *domains = NULL;
	int ret;

	if (!dev)
		return 0;
	if (supply->has_domains)
		domains = soca_domains_attach(dev);
	if (IS_ERR(domains))
		return PTR_ERR(domains);
	supply->domains = domains;
	/* The AMBA bus keeps its devices active by itself. */
	if (dev->bus != &platform_bus_type)
		return 0;
	ret = pm_runtime_resume_and_get(dev);
	supply->powered = !ret;
	return ret;
}

static void soca_domains_drop(struct soca_supply *supply)
{
	if (supply->powered)
		pm_runtime_put_sync(supply->node->dev);
	supply->powered = false;
	soca_domains_detach(supply->domains);
	supply->domains = NULL;
}

static int soca_supply_hold(const struct soca_claim *claim,
			    struct soca_supply *supply)
{
	const char *what = "power domain";
	int ret = soca_domains_hold(supply);

	if (!ret) {
		what = "clock";
		ret = soca_clocks_hold(supply);
	}
	if (!ret) {
		what = "reset";
		ret = soca_reset_hold(supply);
	}
	if (!ret || ret == -ENOMEM)
		return ret;
	soca_refuse(claim->set.reason, supply->node->np, "a %s could not be brought up (%d)",
		    what, ret);
	return -EREMOTEIO;
}

static int soca_supplies_hold(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++)
		ret = soca_supply_hold(claim, &claim->supplies[i]);
	return ret;
}

static void soca_supplies_drop(struct soca_claim *claim)
{
	for (unsigned int i = claim->set.num_nodes; i--;) {
		struct soca_supply *supply = &claim->supplies[i];

		soca_reset_drop(supply);
		soca_clocks_drop(supply);
		soca_domains_drop(supply);
	}
}

static bool soca_entry_is(const struct device_node *np, int entry,
			  const struct of_phandle_args *line)
{
	struct of_phandle_args args;

	if (of_parse_phandle_with_args(np, "resets", "#reset-cells", entry, &args))
		return false;
	of_node_put(args.np);
	return args.np == line->np && args.args_count == line->args_count &&
	       !memcmp(args.args, line->args,
		       args.args_count * sizeof(args.args[0]));
}

/* From the property: whoever asks may have no index. */
static bool soca_node_has_reset(const struct device_node *np,
				const struct of_phandle_args *line)
{
	int num = of_count_phandle_with_args(np, "resets", "#reset-cells");

	for (int i = 0; i < num; i++)
		if (soca_entry_is(np, i, line))
			return true;
	return false;
}

/**
 * soca_holds_reset - Has a claim a reset line, so that nobody else may ask for it?
 * @claim: The claim, of devices
 * @line: The line's controller and specifier
 *
 * Context: Process context, under soca_registry_lock.
 * Return: true if so.
 */
bool soca_holds_reset(const struct soca_claim *claim,
		      const struct of_phandle_args *line)
{
	for (u32 i = 0; claim->supplies && i < claim->set.num_nodes; i++) {
		const struct soca_supply *supply = &claim->supplies[i];

		if (supply->has_resets && !supply->reset_left &&
		    soca_node_has_reset(supply->node->np, line))
			return true;
	}
	return false;
}

/**
 * soca_has_reset - Is there a reset line that is a node's alone?
 * @claim: The claim, of devices
 * @node: Index of the node
 *
 * Context: Under the gate.
 * Return: true if so.
 */
bool soca_has_reset(const struct soca_claim *claim, u32 node)
{
	const struct soca_supply *supply = &claim->supplies[node];

	return supply->reset && !supply->reset_shared;
}

static int soca_reset_pulse(struct reset_control *reset)
{
	int ret = reset_control_reset(reset);

	/* No controller that does it in one go: by hand then. */
	if (ret != -ENOTSUPP)
		return ret;
	ret = reset_control_assert(reset);
	if (ret)
		return ret;
	usleep_range(SOCA_RESET_US, 2 * SOCA_RESET_US);
	return reset_control_deassert(reset);
}

/**
 * soca_reset_node - Reset a device by its line
 * @claim: The claim
 * @node: Index of the node, which soca_has_reset()
 *
 * Context: Process context, under the gate.
 * Return: 0, or the error of the reset controller.
 */
int soca_reset_node(const struct soca_claim *claim, u32 node)
{
	int ret = soca_reset_pulse(claim->supplies[node].reset);

	if (ret)
		pr_warn("%pOF: reset failed (%d)\n", claim->set.nodes[node].np,
			ret);
	return ret;
}

static u32 soca_clocks_on(const struct soca_supply *supply)
{
	u32 num = 0;

	for (unsigned int i = 0; i < supply->num_clocks; i++)
		num += supply->clocks[i].is_on;
	return num;
}

static void soca_supplies_info(const struct soca_claim *claim,
			       struct socassign_info *info)
{
	for (unsigned int i = 0; i < claim->set.num_nodes; i++)
		info->out_num_clocks += soca_clocks_on(&claim->supplies[i]);
}

/* The entry of the enabled clock number @index, which is decreased; or -1. */
static int soca_clock_entry(const struct soca_supply *supply, u32 *index)
{
	for (unsigned int i = 0; i < supply->num_clocks; i++)
		if (supply->clocks[i].is_on && !(*index)--)
			return i;
	return -1;
}

/* Fills in the command and the name for clock number cmd->index. */
static int soca_clock_describe(const struct soca_claim *claim,
			       struct socassign_clock *cmd,
			       struct soca_strings *name)
{
	u32 index = cmd->index;
	const char *string = "";

	for (u32 i = 0; claim->supplies && i < claim->set.num_nodes; i++) {
		const struct soca_supply *supply = &claim->supplies[i];
		int entry = soca_clock_entry(supply, &index);

		if (entry < 0)
			continue;
		cmd->out_node = i;
		cmd->out_entry = entry;
		cmd->out_rate = clk_get_rate(supply->clocks[entry].clk);
		of_property_read_string_index(supply->node->np, "clock-names",
					      entry, &string);
		return soca_strings_add(name, string);
	}
	return -ENOENT;
}

static int soca_clock_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_clock *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_strings name = {};
	int ret;

	if (cmd->__reserved)
		return -EOPNOTSUPP;
	scoped_guard(rwsem_read, &claim->gate)
		ret = claim->down ? -ENODEV :
				    soca_clock_describe(claim, cmd, &name);
	if (!ret)
		ret = soca_strings_to_user(&name, cmd->name, &cmd->name_len);
	soca_strings_free(&name);
	return ret;
}

static const struct soca_ioctl_op soca_supply_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_CLOCK, soca_clock_ioctl,
		      struct socassign_clock, __reserved),
};

const struct soca_part soca_supplies_part = {
	.of_devices = true,
	.find = soca_supplies_find,
	.conflict = soca_supplies_conflict,
	.build = soca_supplies_hold,
	.down = soca_supplies_drop,
	.free = soca_supplies_free,
	.info = soca_supplies_info,
	.ioctls = soca_supply_ops,
	.num_ioctls = ARRAY_SIZE(soca_supply_ops),
};
