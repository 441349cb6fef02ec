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

#include "private.h"
#include "tree.h"

/* How long a reset line stays asserted; generous for on-chip devices. */
#define SOCA_RESET_US	100

/*
 * A supplier that is part of the claim has no driver of the host's: what it
 * supplies is the guest's to drive.
 */
static bool soca_clock_is_own(const struct soca_claim *claim,
			      const struct soca_node *node, unsigned int i)
{
	struct of_phandle_args args;
	bool own;

	if (!node->feeds_itself ||
	    of_parse_phandle_with_args(node->np, "clocks", "#clock-cells", i,
				       &args))
		return false;
	own = soca_in_claimed_tree(claim, args.np);
	of_node_put(args.np);
	return own;
}

static int soca_clock_hold(const struct soca_claim *claim,
			   struct soca_node *node, unsigned int i)
{
	struct clk *clk;
	int ret;

	if (soca_clock_is_own(claim, node, i))
		return 0;
	clk = of_clk_get(node->np, i);
	/* A place that the node leaves empty. */
	if (PTR_ERR(clk) == -ENOENT)
		return 0;
	if (IS_ERR(clk))
		return PTR_ERR(clk);
	ret = clk_prepare_enable(clk);
	if (ret) {
		clk_put(clk);
		return ret;
	}
	node->clocks[node->num_clocks++] = (struct soca_clock) {
		.clk = clk, .entry = i,
	};
	return 0;
}

static int soca_clocks_hold(const struct soca_claim *claim,
			    struct soca_node *node)
{
	int ret = 0;

	if (!node->max_clocks)
		return 0;
	node->clocks = kcalloc(node->max_clocks, sizeof(*node->clocks),
			       GFP_KERNEL_ACCOUNT);
	if (!node->clocks)
		return -ENOMEM;
	for (unsigned int i = 0; i < node->max_clocks && !ret; i++)
		ret = soca_clock_hold(claim, node, i);
	return ret;
}

static void soca_clocks_drop(struct soca_node *node)
{
	while (node->num_clocks) {
		struct clk *clk = node->clocks[--node->num_clocks].clk;

		clk_disable_unprepare(clk);
		clk_put(clk);
	}
	kfree(node->clocks);
	node->clocks = NULL;
}

static bool soca_is_reset(const struct soca_tree_ref *ref)
{
	return !strcmp(ref->prop->name, "resets");
}

static bool soca_same_reset(const struct soca_tree_ref *a,
			    const struct soca_tree_ref *b)
{
	return a->num_args == b->num_args &&
	       !memcmp(a->args, b->args, a->num_args * sizeof(a->args[0]));
}

/* What becomes of a node's resets, by those who have one of the lines, too. */
static void soca_reset_find(const struct soca_claim *claim,
			    struct soca_node *node,
			    const struct soca_tree_ref *line)
{
	const struct soca_tree_ref *other;

	/* The guest's to drive, like the rest of its controller. */
	node->reset_left |= soca_in_claimed_tree(claim, line->target->np);
	soca_tree_for_each_user(other, line->target) {
		if (other->node == line->node || !soca_is_reset(other) ||
		    !soca_same_reset(other, line))
			continue;
		if (soca_claim_has_node(claim, other->node->np))
			node->reset_shared = true;
		else if (of_device_is_available(other->node->np))
			node->reset_left = true;
	}
}

static bool soca_is_clock(const struct soca_tree_ref *ref)
{
	return !strcmp(ref->prop->name, "clocks");
}

static void soca_node_supplies_find(const struct soca_claim *claim,
				    struct soca_node *node)
{
	const struct soca_tree_node *tree = soca_tree_find(node->np);
	const struct soca_tree_ref *ref;

	node->max_clocks = tree->num_clocks;
	for (ref = tree->refs; ref; ref = ref->next) {
		if (soca_is_reset(ref))
			soca_reset_find(claim, node, ref);
		else if (soca_is_clock(ref))
			node->feeds_itself |= soca_in_claimed_tree(claim,
								   ref->target->np);
	}
}

/**
 * soca_supplies_find - Find out what a claim's clocks and reset lines are
 * @claim: The claim, which nobody else knows yet
 *
 * The reset core warns if a line is asked for both as exclusive and as shared,
 * so the tree decides.  A line that the host may drive is left to it; one that
 * several nodes of the claim have can be deasserted, but not asserted.
 *
 * Context: Process context, under soca_tree_lock().
 */
void soca_supplies_find(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		soca_node_supplies_find(claim, &claim->nodes[i]);
}

static int soca_reset_hold(struct soca_node *node)
{
	struct reset_control *reset;
	int ret;

	if (node->reset_left || !of_property_present(node->np, "resets"))
		return 0;
	reset = node->reset_shared ?
		of_reset_control_array_get_optional_shared(node->np) :
		of_reset_control_array_get_optional_exclusive(node->np);
	if (IS_ERR(reset))
		return PTR_ERR(reset);
	ret = reset_control_deassert(reset);
	if (ret) {
		reset_control_put(reset);
		return ret;
	}
	node->reset = reset;
	return 0;
}

static void soca_reset_drop(struct soca_node *node)
{
	/* The count of a shared line wants it back; an exclusive one stays. */
	if (node->reset && node->reset_shared)
		reset_control_assert(node->reset);
	reset_control_put(node->reset);
	node->reset = NULL;
}

/* The AMBA bus keeps its devices active by itself. */
static int soca_domain_hold(struct soca_node *node)
{
	int ret;

	if (!node->dev || node->dev->bus != &platform_bus_type)
		return 0;
	ret = pm_runtime_resume_and_get(node->dev);
	node->powered = !ret;
	return ret;
}

static void soca_domain_drop(struct soca_node *node)
{
	if (node->powered)
		pm_runtime_put_sync(node->dev);
	node->powered = false;
}

static int soca_node_hold(const struct soca_claim *claim,
			  struct soca_node *node)
{
	const char *what = "power domain";
	int ret = soca_domain_hold(node);

	if (!ret) {
		what = "clock";
		ret = soca_clocks_hold(claim, node);
	}
	if (!ret) {
		what = "reset";
		ret = soca_reset_hold(node);
	}
	if (!ret || ret == -ENOMEM)
		return ret;
	soca_refuse(claim->reason, node->np, "a %s could not be brought up (%d)", what, ret);
	return -EREMOTEIO;
}

/**
 * soca_power_hold - Switch on what the devices of a claim need
 * @claim: The claim, its devices bound to us
 *
 * Context: Process context, under the gate.
 * Return: 0, -ENOMEM or -EREMOTEIO; what was taken is dropped by the ladder.
 */
int soca_power_hold(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		ret = soca_node_hold(claim, &claim->nodes[i]);
	return ret;
}

/**
 * soca_power_drop - Undo soca_power_hold(), also where it failed halfway
 * @claim: The claim
 *
 * Context: Process context, under the gate.
 */
void soca_power_drop(struct soca_claim *claim)
{
	for (unsigned int i = claim->num_nodes; i--;) {
		struct soca_node *node = &claim->nodes[i];

		soca_reset_drop(node);
		soca_clocks_drop(node);
		soca_domain_drop(node);
	}
}

/**
 * soca_can_reset - Does a reset reach every named device of the claim?
 * @claim: The claim
 *
 * Context: Under the gate.
 * Return: true if so.
 */
bool soca_can_reset(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];

		if (node->is_root && (!node->reset || node->reset_shared))
			return false;
	}
	return true;
}

static int soca_node_reset(struct reset_control *reset)
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
 * soca_reset - Reset the devices of a claim
 * @claim: The claim
 *
 * Context: Process context, under the gate.
 * Return: 0, or the error of the reset controller.
 */
int soca_reset(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		if (claim->nodes[i].reset && !claim->nodes[i].reset_shared)
			ret = soca_node_reset(claim->nodes[i].reset);
	if (ret)
		pr_warn("%pOF: reset failed (%d)\n", claim->nodes[0].np, ret);
	return ret;
}

/**
 * soca_reset_ioctl - ioctl(SOCASSIGN_RESET)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_reset_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_reset *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;

	if (cmd->flags)
		return -EOPNOTSUPP;

	guard(rwsem_read)(&claim->gate);

	if (claim->down)
		return -ENODEV;
	if (!soca_can_reset(claim))
		return -EOPNOTSUPP;
	if (soca_reset(claim))
		return -EREMOTEIO;
	soca_dmas_forget(claim);
	return 0;
}

/**
 * soca_num_clocks - How many clocks the claim holds
 * @claim: The claim
 *
 * Context: Under the gate.
 * Return: The number.
 */
unsigned int soca_num_clocks(const struct soca_claim *claim)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < claim->num_nodes; i++)
		count += claim->nodes[i].num_clocks;
	return count;
}

/* Fills in the command and the name for clock number cmd->index. */
static int soca_clock_describe(const struct soca_claim *claim,
			       struct socassign_clock *cmd,
			       struct soca_strings *name)
{
	unsigned int entry = cmd->index;
	const char *string = "";

	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		const struct soca_node *node = &claim->nodes[i];

		if (entry >= node->num_clocks) {
			entry -= node->num_clocks;
			continue;
		}
		cmd->out_node = i;
		cmd->out_entry = node->clocks[entry].entry;
		cmd->out_rate = clk_get_rate(node->clocks[entry].clk);
		of_property_read_string_index(node->np, "clock-names",
					      cmd->out_entry, &string);
		return soca_strings_add(name, string);
	}
	return -ENOENT;
}

/**
 * soca_clock_ioctl - ioctl(SOCASSIGN_CLOCK)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_clock_ioctl(struct soca_ucmd *ucmd)
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
