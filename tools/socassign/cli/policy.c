// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a node could be claimed, and if not, why
 *
 * The tables are the driver's (rules.mk).  What is asked of them are the rules of
 * drivers/virt/socassign/rules/ and of parts/region_find.c, written again:
 * those that the tree alone tells and, on the
 * machine itself, those that sysfs tells.  A node is judged as it would be claimed
 * (plan.c).  What only the driver knows (whether a
 * PAMU is on, whether a driver can be unbound, what the kernel reserved at
 * boot) is not judged, so it may still refuse.
 */
#include "policy.h"

#include <linux/socassign.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "sysfs.h"

static bool is_pure_bus(const struct dt_node *np)
{
	return np->facts & SOCA_IS_BUS;
}

/* Disabled, or bound to socassign, it is not. */
static bool is_hosts(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	return dt_available(np) && !(dev && device_is_ours(dev));
}

/*
 * The driver asks for the kernel's interrupt domain.  A controller that has no
 * device was started by the kernel itself; from a file alone that can be said
 * of one that is cascaded to nothing.
 */
static bool is_irqchip(const struct dt_node *np)
{
	struct dt_line line;

	if (!dt_has(np, "interrupt-controller") || !dt_available(np))
		return false;
	if (sysfs_is_live())
		return !sysfs_device(np);
	return dt_interrupt(np, 0, &line) != 1 || line.controller == np;
}

const char *policy_forbidden_rule(const struct dt_node *np)
{
	const char *rule;

	if (!np->parent)
		return "it is the root of the tree";
	rule = soca_ban(np->facts, is_hosts(np));
	if (!rule && is_irqchip(np))
		rule = "it is an interrupt controller in use";
	return rule;
}

/* Memory */

/**
 * struct memory - Addresses of memory, or of a partition
 * @np: The node
 * @span: One of its entries of reg
 */
struct memory {
	const struct dt_node *np;
	struct dt_span span;
};

static struct memory *memories;
static size_t num_memories;

bool policy_is_partition(const struct dt_node *np)
{
	return np->parent && !strcmp(np->parent->path, "/reserved-memory");
}

static void add_memories(const struct dt_node *np)
{
	struct dt_span span;
	int found;

	for (int i = 0; (found = dt_reg(np, i, &span)) >= 0; i++) {
		if (!found)
			continue;
		memories = must_grow(memories, num_memories + 1,
				     sizeof(*memories));
		memories[num_memories++] = (struct memory) { np, span };
	}
}

/* All of it, found once */
static const struct memory *all_memory(const struct memory **end)
{
	static bool found;

	if (!found)
		dt_for_each(np)
			if (dt_is_type(np, "memory") || policy_is_partition(np))
				add_memories(np);
	found = true;
	*end = memories + num_memories;
	return memories;
}

static bool meets_memory(const struct dt_span *span)
{
	const struct memory *end;

	for (const struct memory *it = all_memory(&end); it < end; it++)
		if (dt_spans_meet(span, &it->span))
			return true;
	return false;
}

static bool regs_meet_memory(const struct dt_node *np)
{
	struct dt_span span;
	int found;

	for (int i = 0; (found = dt_reg(np, i, &span)) >= 0; i++)
		if (found && meets_memory(&span))
			return true;
	return false;
}

/**
 * struct banned - Registers of a node that nobody gets
 * @np: The node
 * @span: One of its entries of reg
 * @rule: Why
 */
struct banned {
	const struct dt_node *np;
	struct dt_span span;
	const char *rule;
};

static struct banned *banneds;
static size_t num_banneds;

static void add_banneds(const struct dt_node *np, const char *rule)
{
	struct dt_span span;
	int found;

	for (int i = 0; (found = dt_reg(np, i, &span)) >= 0; i++) {
		if (!found)
			continue;
		banneds = must_grow(banneds, num_banneds + 1, sizeof(*banneds));
		banneds[num_banneds++] = (struct banned) { np, span, rule };
	}
}

/* All of them, found once: they are few */
static const struct banned *all_banned(const struct banned **end)
{
	static bool found;

	if (!found)
		dt_for_each(np) {
			const char *rule = dt_has(np, "reg") ?
					   policy_forbidden_rule(np) : NULL;

			if (rule)
				add_banneds(np, rule);
		}
	found = true;
	*end = banneds + num_banneds;
	return banneds;
}

/*
 * Somebody outside who has registers among those of @np, and is what nobody gets.
 * What is above counts in the driver only where it says nothing of its children's.
 * @bus: with all that is below it, or NULL
 */
static const struct banned *outsider_at(const struct dt_node *np,
					const struct dt_node *bus,
					const struct dt_span *span)
{
	const struct banned *end;

	for (const struct banned *it = all_banned(&end); it < end; it++)
		if (dt_spans_meet(span, &it->span) && !dt_below(np, it->np) &&
		    !(bus && dt_below(it->np, bus)))
			return it;
	return NULL;
}

static char *outsider_rule(const struct dt_node *np, const struct dt_node *bus)
{
	struct dt_span span;
	int found;

	for (int i = 0; (found = dt_reg(np, i, &span)) >= 0; i++) {
		const struct banned *it = found ? outsider_at(np, bus, &span) :
						  NULL;

		if (it)
			return must_print("%s has registers among its own, and nobody gets them: %s",
					  it->np->path, it->rule);
	}
	return NULL;
}

/* Partitions */

/* The kernel reserves nothing for a node that is disabled. */
static const char *partition_overlap(const struct dt_node *np,
				     const struct dt_span *span)
{
	const struct memory *end;

	for (const struct memory *it = all_memory(&end); it < end; it++)
		if (it->np != np && policy_is_partition(it->np) &&
		    dt_available(it->np) && dt_spans_meet(span, &it->span))
			return it->np->path;
	return NULL;
}

/*
 * The memory around an address; false if there is none.  @known: the tree tells
 * where memory is; in one of a file the boot loader may not have filled it in.
 */
static bool memory_at(uint64_t address, struct dt_span *memory, bool *known)
{
	const struct memory *end;

	*known = false;
	for (const struct memory *it = all_memory(&end); it < end; it++) {
		if (policy_is_partition(it->np))
			continue;
		*known = true;
		*memory = it->span;
		if (memory->first <= address && memory->last >= address)
			return true;
	}
	return false;
}

/* Nobody who wants pages gets any of it; of what is reusable he may. */
static bool is_kept(const struct dt_node *np)
{
	return policy_is_partition(np) && dt_available(np) &&
	       !dt_has(np, "reusable");
}

/* Bytes of @span that none from @it on reserves */
static uint64_t unreserved(struct dt_span span, const struct memory *it,
			   const struct memory *end)
{
	struct dt_span before = span, behind = span;
	uint64_t bytes = 0;

	while (it < end && !(is_kept(it->np) && dt_spans_meet(&span, &it->span)))
		it++;
	if (it == end)
		return span.last - span.first + 1;
	before.last = it->span.first - 1;
	behind.first = it->span.last + 1;
	if (span.first < it->span.first)
		bytes += unreserved(before, it + 1, end);
	if (span.last > it->span.last)
		bytes += unreserved(behind, it + 1, end);
	return bytes;
}

bool policy_memory(uint64_t *bytes)
{
	const struct memory *all, *end;
	bool known = false;

	all = all_memory(&end);
	*bytes = 0;
	for (const struct memory *it = all; it < end; it++) {
		if (policy_is_partition(it->np))
			continue;
		known = true;
		if (__builtin_add_overflow(*bytes, unreserved(it->span, all, end),
					   bytes))
			*bytes = UINT64_MAX;
	}
	return known;
}

static bool is_no_memory(const struct dt_span *span)
{
	uint64_t at = span->first;
	struct dt_span memory;
	bool known;

	while (memory_at(at, &memory, &known)) {
		if (memory.last >= span->last)
			return false;
		at = memory.last + 1;
	}
	return known;
}

static char *partition_rule(const struct dt_node *np)
{
	uint64_t mask = options.page_size - 1;
	struct dt_span span;
	const char *other;

	if (dt_has(np, "compatible"))
		return must_print("it is for a driver (compatible)");
	if (dt_has(np, "reusable"))
		return must_print("the kernel uses it as well (reusable)");
	if (dt_has(np, "no-map") && !dt_has(np, "socassign,assignable"))
		return must_print("it is kept from everybody (no-map), without socassign,assignable");
	/* A size alone leaves the address to the kernel. */
	if (!dt_available(np) || (!dt_has(np, "reg") && !dt_has(np, "size")))
		return must_print("the kernel did not reserve it");
	if (!dt_has(np, "reg"))
		return NULL;
	if (dt_reg(np, 0, &span) <= 0)
		return must_print("its address makes no sense");
	if (dt_reg(np, 1, &span) >= 0)
		return must_print("it has more than one part");
	dt_reg(np, 0, &span);
	if (span.first & mask || (span.last + 1) & mask)
		return must_print("it does not consist of whole pages");
	if (is_no_memory(&span))
		return must_print("a part of it is no memory");
	other = partition_overlap(np, &span);
	return other ? must_print("it overlaps %s", other) : NULL;
}

/* The host, at present */

/* The owner of a partition may well have the device that it is meant for. */
static bool is_in_use(const struct device *dev, bool by_claims)
{
	return dev->driver &&
	       (!device_is_ours(dev) || (by_claims && dev->claimed));
}

/* Who does something with a node, as the driver looks for it; or NULL */
static const struct device *user_of(const struct dt_node *np, bool by_claims)
{
	for (; np && np->parent; np = np->parent) {
		const struct device *dev = sysfs_device(np);

		if (dev && !device_is_assignable(dev))
			continue;
		if (dev)
			return is_in_use(dev, by_claims) ? dev : NULL;
		if (!dt_available(np) || dt_has(np, "compatible"))
			return NULL;
	}
	return NULL;
}

/* A device outside the claim that depends on the node, or on something below it */
static char *consumer_rule(const struct plan *plan, const struct dt_node *top,
			   const struct policy_taken *taken)
{
	size_t num;
	const struct dt_edge *edge = dt_edges_to(top, &num);

	for (size_t i = 0; i < num; i++, edge++) {
		const struct device *user;

		if (plan_covers(plan, edge->consumer) ||
		    (taken && taken->has(taken->data, edge->consumer)))
			continue;
		user = user_of(edge->consumer, !policy_is_partition(top));
		if (user)
			return must_print("%s, which driver %s has, depends on it (%s)",
					  edge->consumer->path, user->driver,
					  edge->property);
	}
	return NULL;
}

static bool is_claimed(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	return dev && dev->claimed;
}

/* A node has one owner, and so has what is above and below it. */
static const struct dt_node *claimed_relative(const struct dt_node *np)
{
	for (const struct dt_node *it = np; it; it = it->parent)
		if (is_claimed(it))
			return it;
	for (const struct dt_node *it = np; it < np->end; it++)
		if (is_claimed(it))
			return it;
	return NULL;
}

static char *host_rule(const struct plan *plan, const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);
	const struct dt_node *claimed = claimed_relative(np);

	if (dev && !device_is_assignable(dev))
		return must_print("the host uses it on another bus (%s)",
				  dev->bus);
	if (claimed)
		return must_print("%s is claimed",
				  claimed == np ? "it" : claimed->path);
	if (dev && dev->quarantine && dev->dma_class &&
	    !strncmp(dev->dma_class, "unsafe", 6))
		return must_print("it is in quarantine");
	return sysfs_is_live() ? consumer_rule(plan, np, NULL) : NULL;
}

/* All of it */

static bool has_lines(const struct dt_node *np)
{
	struct dt_line line;
	int found;

	for (int i = 0; (found = dt_interrupt(np, i, &line)) >= 0; i++)
		if (found)
			return true;
	return false;
}

static bool has_own(const struct dt_node *np)
{
	return dt_has_regs(np) || has_lines(np);
}

static bool has_below(const struct dt_node *np)
{
	for (const struct dt_node *it = np + 1; it < np->end; it++)
		if (has_own(it))
			return true;
	return false;
}

/* What nobody gets is one node, whatever is below it. */
bool policy_is_container(const struct dt_node *np)
{
	return is_pure_bus(np) || (!has_own(np) && has_below(np) &&
				   !policy_forbidden_rule(np));
}

bool policy_has_resources(const struct dt_node *np)
{
	if (policy_is_partition(np) || has_own(np))
		return true;
	return policy_is_container(np) && has_below(np);
}

/* What its registers forbid; @bus as for outsider_rule() */
static char *regs_rule(const struct dt_node *np, const struct dt_node *bus)
{
	if (regs_meet_memory(np))
		return must_print("it has registers where memory is");
	return outsider_rule(np, bus);
}

/* The first node that keeps one from being claimed with all that is below it */
static char *subtree_rule(const struct dt_node *bus)
{
	dt_for_each_below(np, (struct dt_node *)bus) {
		const char *forbidden = policy_forbidden_rule(np);
		char *rule = forbidden ? must_print("%s", forbidden) :
					 regs_rule(np, bus);
		char *text;

		if (!rule)
			continue;
		if (np == bus)
			return rule;
		text = must_print("below it is %s: %s", np->path, rule);
		free(rule);
		return text;
	}
	return NULL;
}

char *policy_in_use_by(const struct dt_node *np)
{
	struct plan plan = plan_make(np, 0);

	return consumer_rule(&plan, np, NULL);
}

char *policy_forbids(const struct dt_node *np, uint32_t given)
{
	bool subtree = given & SOCASSIGN_SUBTREE || policy_is_container(np);
	const char *rule = policy_forbidden_rule(np);

	if (rule)
		return must_print("%s", rule);
	if (np->facts & SOCA_IS_BEHIND_PCI)
		return must_print("it is behind a PCI host bridge");
	if (!policy_has_resources(np))
		return must_print("it has no registers and no interrupts");
	return subtree ? subtree_rule(np) : regs_rule(np, NULL);
}

static char *stray_rule(const struct dt_node *np, const struct dt_node *stray)
{
	char *rule = dma_iommu_rule(stray), *text;

	if (stray == np)
		return rule;
	text = must_print("below it is %s: %s", stray->path, rule);
	free(rule);
	return text;
}

/* One that nothing protects from has no windows. */
static char *liodn_rule(const struct dt_node *np)
{
	const struct dt_node *owner = dma_liodn_node(np);

	if (!owner || owner == np || !dma_is_behind(np))
		return NULL;
	return must_print("it does DMA with a LIODN of %s: claim that, with SUBTREE",
			  owner->path);
}

/* What keeps one from coming along that must */
static char *partner_rule(const struct plan *plan, const struct dt_node *np)
{
	char *rule = policy_forbids(np, plan->given), *text;

	if (!rule)
		rule = host_rule(plan, np);
	if (!rule)
		return NULL;
	text = must_print("%s has to come along (LIODN): %s", np->path, rule);
	free(rule);
	return text;
}

static char *device_rule(const struct plan *plan)
{
	const struct dt_node *np = plan->top[0];
	char *rule = plan->stray ? stray_rule(np, plan->stray) : liodn_rule(np);

	if (!rule)
		rule = host_rule(plan, np);
	for (unsigned int i = 1; i < plan->num_tops && !rule; i++)
		rule = partner_rule(plan, plan->top[i]);
	return rule;
}

static struct verdict judge_device(const struct dt_node *np, uint32_t given)
{
	struct verdict verdict = {
		.refusal = policy_forbids(np, given), .plan = plan_make(np, given),
	};

	if (verdict.refusal)
		verdict.plan.dma_class = -1;
	else
		verdict.refusal = device_rule(&verdict.plan);
	return verdict;
}

char *policy_refuses_memory(const struct dt_node *np,
			    const struct policy_taken *taken)
{
	struct plan plan = plan_make(np, 0);
	char *rule = partition_rule(np);

	return rule || !sysfs_is_live() ? rule : consumer_rule(&plan, np, taken);
}

static struct verdict judge_partition(const struct dt_node *np)
{
	return (struct verdict) {
		.refusal = policy_refuses_memory(np, NULL),
		.plan = plan_make(np, 0),
	};
}

struct verdict policy_judge(const struct dt_node *np, uint32_t given)
{
	return policy_is_partition(np) ? judge_partition(np) :
					 judge_device(np, given);
}

void policy_free(struct verdict *verdict)
{
	free(verdict->refusal);
}
