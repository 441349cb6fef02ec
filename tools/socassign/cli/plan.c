// SPDX-License-Identifier: GPL-2.0
/*
 * How a node would be claimed: with whom, and with what flags
 */
#include "plan.h"

#include <linux/socassign.h>
#include <stdlib.h>

#include "cli.h"
#include "policy.h"
#include "sysfs.h"

const struct dt_node *plan_end(const struct plan *plan,
			       const struct dt_node *top)
{
	return plan->flags & SOCASSIGN_SUBTREE ? top->end : top + 1;
}

bool plan_covers(const struct plan *plan, const struct dt_node *np)
{
	for (unsigned int i = 0; i < plan->num_tops; i++)
		if (dt_below(np, plan->top[i]))
			return true;
	return false;
}

/* Has a driver of the host's the node's device? */
static bool is_driven(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	return dev && dev->driver && device_is_assignable(dev) &&
	       !device_is_ours(dev);
}

static bool has_driven_part(const struct dt_node *top)
{
	for (const struct dt_node *np = top + 1; np < top->end; np++)
		if (is_driven(np))
			return true;
	return false;
}

/*
 * A pure bus, a node whose registers are all in what is below it, as an eTSEC's in
 * its queue groups, and one of which the host drives a part.
 */
static bool takes_subtree(const struct dt_node *np)
{
	if (policy_is_partition(np))
		return false;
	return policy_is_container(np) || has_driven_part(np);
}

/* With more than fit the claim is refused: somebody with a LIODN is missing. */
static void add_top(struct plan *plan, const struct dt_node *np)
{
	if (plan->num_tops < PLAN_MAX_TOPS && !plan_covers(plan, np))
		plan->top[plan->num_tops++] = np;
}

/* Everybody who has a LIODN of the node must come along. */
static void add_sharers(struct plan *plan, const struct dt_node *np)
{
	for (int i = 0; i < dt_num_cells(np, "fsl,liodn"); i++) {
		uint32_t id = dt_cell(np, "fsl,liodn", i);
		const struct dma_liodn *it = NULL;

		while (plan->num_tops < PLAN_MAX_TOPS &&
		       (it = dma_next_liodn(it, id)))
			if (dt_available(it->np))
				add_top(plan, it->np);
	}
}

/* Those who come along may bring others. */
static void find_tops(struct plan *plan, const struct dt_node *np)
{
	add_top(plan, np);
	for (unsigned int i = 0; i < plan->num_tops; i++) {
		if (takes_subtree(plan->top[i]))
			plan->flags |= SOCASSIGN_SUBTREE;
		plan_for_each(it, plan, plan->top[i])
			add_sharers(plan, it);
	}
}

static void find_drivers(struct plan *plan)
{
	for (unsigned int i = 0; i < plan->num_tops; i++)
		plan_for_each(np, plan, plan->top[i])
			if (is_driven(np))
				plan->flags |= SOCASSIGN_DETACH;
}

struct plan plan_make(const struct dt_node *np, uint32_t given)
{
	struct plan plan = { .dma_class = -1 };

	/* Nothing is below a partition. */
	if (!policy_is_partition(np))
		plan.given = given & SOCASSIGN_SUBTREE;
	plan.flags = plan.given;

	find_tops(&plan, np);
	if (policy_is_partition(np))
		return plan;
	plan_dma(&plan);
	find_drivers(&plan);
	return plan;
}

/* Takes @need over. */
static void add_need(char **needs, char *need)
{
	char *before = *needs;

	if (!before) {
		*needs = need;
		return;
	}
	*needs = must_print("%s; %s", before, need);
	free(before);
	free(need);
}

char *plan_needs(const struct plan *plan)
{
	char *needs = NULL;

	if (plan->flags & ~plan->given & SOCASSIGN_SUBTREE)
		add_need(&needs, must_print("SUBTREE"));
	if (plan->flags & SOCASSIGN_NO_DMA)
		add_need(&needs, must_print("a declared DMA class, NO_DMA or UNSAFE_DMA"));
	if (plan->flags & SOCASSIGN_UNSAFE_DMA)
		add_need(&needs, must_print("%sUNSAFE_DMA",
					    plan->can_declare ?
					    "a declared DMA class or " : ""));
	if (plan->flags & SOCASSIGN_CONFINED_DMA)
		add_need(&needs, must_print("to be declared confined, CONFINED_DMA or UNSAFE_DMA"));
	for (unsigned int i = 1; i < plan->num_tops; i++)
		add_need(&needs, must_print("%s in the same claim (LIODN)",
					    plan->top[i]->path));
	if (plan->flags & SOCASSIGN_DETACH)
		add_need(&needs, must_print("to be unbound, or DETACH"));
	return needs;
}
