// SPDX-License-Identifier: GPL-2.0
/*
 * What a partition needs, and whether the host's tree lets it have that
 */
#include "partition.h"

#include <errno.h>
#include <linux/socassign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "judge.h"
#include "policy.h"
#include "sysfs.h"

/* Files, which are on the machine itself only */

/* What keeps a VMM from reading it, or NULL */
static const char *file_rule(const char *name)
{
	struct stat info;

	if (access(name, R_OK) || stat(name, &info))
		return strerror(errno);
	if (!S_ISREG(info.st_mode))
		return "not a file";
	return info.st_size ? NULL : "it is empty";
}

static void check_file(const struct conf_partition *partition,
		       const char *property, const char *name)
{
	const char *rule = name ? file_rule(name) : NULL;

	if (rule)
		finding(FINDING_ERROR, partition, property, "%s: %s", name,
			rule);
}

static void check_files(const struct conf_partition *partition)
{
	check_file(partition, "kernel", partition->kernel);
	check_file(partition, "initrd", partition->initrd);
	for (unsigned int i = 0; i < partition->overlays.num; i++)
		check_file(partition, "overlays", partition->overlays.item[i]);
}

/* Memory that is the host's pages */

static void check_size(const struct conf_partition *partition)
{
	if (partition->memory_size % options.page_size)
		finding(FINDING_ERROR, partition, "memory-size",
			"not a size in whole pages, which have 0x%llx bytes",
			(unsigned long long)options.page_size);
}

/* CPUs, console */

/* Each thread is one: an entry of reg. */
static unsigned int count_threads(const struct dt_node *np)
{
	struct dt_span span;
	unsigned int num = 0;

	while (dt_reg(np, num, &span) >= 0)
		num++;
	return num;
}

static unsigned int count_cpus(void)
{
	unsigned int num = 0;

	dt_for_each(np)
		if (dt_is_type(np, "cpu"))
			num += count_threads(np);
	return num;
}

/* They would take turns, which is slow, and may be meant. */
static void check_turns(const struct conf_partition *partition)
{
	unsigned int num = count_cpus();

	if (num && partition->num_cpus > num)
		finding(FINDING_NOTE, partition, partition->cpu_paths.num ?
			"cpu-paths" : "cpus",
			"the guest has %u CPUs, and the machine has %u",
			partition->num_cpus, num);
	for (unsigned int i = 0; i < partition->cpu_paths.num; i++)
		for (unsigned int k = 0; k < i; k++)
			if (!strcmp(partition->cpu_paths.item[i],
				    partition->cpu_paths.item[k]))
				finding(FINDING_NOTE, partition, "cpu-paths",
					"%s is named twice",
					partition->cpu_paths.item[i]);
}

static void check_cpus(const struct conf_partition *partition)
{
	for (unsigned int i = 0; i < partition->cpu_paths.num; i++) {
		const char *path = partition->cpu_paths.item[i];
		const struct dt_node *np = dt_find(path);

		if (!np)
			finding(FINDING_ERROR, partition, "cpu-paths",
				"the host's tree has no such node: %s", path);
		else if (!dt_is_type(np, "cpu"))
			finding(FINDING_ERROR, partition, "cpu-paths",
				"%s is no CPU", path);
	}
	check_turns(partition);
}

static bool has_device(const struct conf_partition *partition,
		       const struct dt_node *np,
		       const struct holdings *holdings)
{
	for (size_t i = 0; i < holdings->num; i++) {
		const struct holding *it = &holdings->holding[i];

		if (it->partition == partition && !holding_is_memory(it) &&
		    holding_has(it, np))
			return true;
	}
	return false;
}

static void check_console(const struct conf_partition *partition,
			  const struct holdings *holdings)
{
	const char *path = partition->console;
	const struct dt_node *np;

	if (!path || *path != '/')
		return;
	np = dt_find(path);
	if (!np || !has_device(partition, np, holdings))
		finding(FINDING_ERROR, partition, "console",
			"the partition has no such device: %s", path);
}

void check_partition(const struct conf_partition *partition,
		     const struct holdings *holdings)
{
	if (sysfs_is_live())
		check_files(partition);
	check_size(partition);
	check_cpus(partition);
	check_console(partition, holdings);
}

/* Memory */

/**
 * struct turn - When memory is claimed
 * @holding: The memory
 * @holdings: All, in the order in which a partition's are claimed, but for its own
 *	memory, which is the last
 */
struct turn {
	const struct holding *holding;
	const struct holdings *holdings;
};

static bool is_before(const struct holding *holding, const struct holding *memory)
{
	return holding->partition == memory->partition &&
	       (!memory->claim || holding < memory);
}

static bool is_taken(const void *data, const struct dt_node *np)
{
	const struct turn *turn = data;

	for (size_t i = 0; i < turn->holdings->num; i++) {
		const struct holding *it = &turn->holdings->holding[i];

		if (!holding_is_memory(it) && is_before(it, turn->holding) &&
		    it->claim->flags & SOCASSIGN_DETACH && holding_has(it, np))
			return true;
	}
	return false;
}

static char *refusal_of_memory(const struct holding *holding,
			       const struct holdings *holdings)
{
	const struct turn turn = { holding, holdings };
	const struct policy_taken taken = { is_taken, &turn };

	return policy_refuses_memory(holding->top[0], &taken);
}

static void check_memory(const struct holding *holding,
			 const struct holdings *holdings)
{
	const struct dt_node *np = holding->top[0];
	char *refusal;

	if (!policy_is_partition(np)) {
		finding_of(FINDING_ERROR, holding,
			   "%s is no child of /reserved-memory", np->path);
		return;
	}
	refusal = refusal_of_memory(holding, holdings);
	if (refusal)
		finding_of(FINDING_ERROR, holding, "%s: %s", np->path, refusal);
	else if (holding->claim && !dt_has(np, "socassign,shared"))
		finding_of(FINDING_ERROR, holding,
			   "%s: it has no property socassign,shared", np->path);
	else if (holding->claim && !dt_has(np, "reg"))
		finding_of(FINDING_ERROR, holding,
			   "%s: it has no address in the tree, where others would find it",
			   np->path);
	free(refusal);
}

/* Devices */

static bool is_claimed(const struct holding *holding)
{
	holding_for_each(np, holding) {
		const struct device *dev = sysfs_device(np);

		if (dev && dev->claimed)
			return true;
	}
	return false;
}

/* One that runs has its devices: then only what goes for everybody is asked. */
static char *refusal_of(const struct dt_node *np, uint32_t flags,
			bool is_claimed)
{
	return is_claimed ? policy_forbids(np, flags) :
			    policy_judge(np, flags).refusal;
}

static bool is_refused(const struct holding *holding)
{
	bool claimed = is_claimed(holding), refused = false;

	if (claimed)
		finding_of(FINDING_NOTE, holding, "somebody has it at present");
	for (unsigned int i = 0; i < holding->num_tops; i++) {
		char *rule = refusal_of(holding->top[i],
					holding->claim->flags, claimed);

		if (rule)
			finding_of(FINDING_ERROR, holding, "%s: %s",
				   holding->top[i]->path, rule);
		refused |= !!rule;
		free(rule);
	}
	return refused;
}

static bool is_refused_by_driver(const struct holding *holding)
{
	const char *paths[CONF_MAX_ITEMS];
	bool refused;
	char *rule;

	for (unsigned int i = 0; i < holding->num_tops; i++)
		paths[i] = holding->top[i]->path;
	rule = judge_claim(paths, holding->num_tops, holding->claim->flags);
	refused = rule;
	if (refused)
		finding_of(FINDING_ERROR, holding, "%s", rule);
	free(rule);
	return refused;
}

/* Two that are named must not be one above the other. */
static void check_nesting(const struct holding *holding)
{
	for (unsigned int i = 0; i < holding->num_tops; i++)
		for (unsigned int k = 0; k < holding->num_tops; k++)
			if (i != k && dt_below(holding->top[i], holding->top[k]))
				finding_of(FINDING_ERROR, holding,
					   "%s is below %s, which is named, too",
					   holding->top[i]->path,
					   holding->top[k]->path);
}

static void check_partners(const struct holding *holding,
			   const struct plan *plan)
{
	for (unsigned int i = 1; i < plan->num_tops; i++)
		if (!holding_has(holding, plan->top[i]))
			finding_of(FINDING_ERROR, holding,
				   "%s has a LIODN in common with %s: name both",
				   plan->top[0]->path, plan->top[i]->path);
}

static void check_dma(const struct holding *holding, const struct plan *plan)
{
	const char *path = plan->top[0]->path;
	uint32_t flags = holding->claim->flags;

	if (plan->flags & SOCASSIGN_UNSAFE_DMA && !(flags & SOCASSIGN_UNSAFE_DMA))
		finding_of(FINDING_ERROR, holding,
			   "%s: it masters a bus, and nothing protects memory from it: unsafe-dma is missing",
			   path);
	else if (plan->flags & SOCASSIGN_NO_DMA &&
		 !(flags & (SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA)))
		finding_of(FINDING_NOTE, holding,
			   "%s: it may master a bus: it needs no-dma or unsafe-dma here, or a DMA class that the administrator declares",
			   path);
	if (plan->flags & SOCASSIGN_CONFINED_DMA &&
	    !(flags & (SOCASSIGN_CONFINED_DMA | SOCASSIGN_UNSAFE_DMA)))
		finding_of(FINDING_NOTE, holding,
			   "%s: others do DMA for it: it needs confined-dma or unsafe-dma here, or the class confined that the administrator declares",
			   path);
}

/* Who does DMA wants memory that is in one piece, or may. */
static void check_pieces(const struct holding *holding, const struct plan *plan)
{
	const char *path = plan->top[0]->path;

	if (holding->partition->memory_path)
		return;
	if (holding->claim->flags & SOCASSIGN_UNSAFE_DMA)
		finding_of(FINDING_ERROR, holding,
			   "%s: unsafe-dma wants memory in one piece: memory-path",
			   path);
	else if (plan->dma_class == SOCASSIGN_DMA_PROTECTED)
		finding_of(FINDING_NOTE, holding,
			   "%s: it does DMA, for which memory should be in one piece: memory-path",
			   path);
}

static void check_plan(const struct holding *holding, const struct plan *plan)
{
	const char *path = plan->top[0]->path;
	uint32_t missing = plan->flags & ~holding->claim->flags;

	if (missing & SOCASSIGN_SUBTREE)
		finding_of(FINDING_ERROR, holding, "%s: subtree is missing",
			   path);
	if (missing & SOCASSIGN_DETACH)
		finding_of(FINDING_NOTE, holding,
			   "%s: a driver of the host's has it: detach is missing, or it has to be bound to socassign",
			   path);
	check_partners(holding, plan);
	check_dma(holding, plan);
	check_pieces(holding, plan);
}

static void check_devices(const struct holding *holding)
{
	bool refused = judge_is_driver() && !is_claimed(holding) ?
		       is_refused_by_driver(holding) : is_refused(holding);

	check_nesting(holding);
	check_windows(holding);
	for (unsigned int i = 0; i < holding->num_tops && !refused; i++) {
		struct plan plan = plan_make(holding->top[i],
					     holding->claim->flags);

		check_plan(holding, &plan);
	}
}

static bool is_memory(const struct holding *holding)
{
	for (unsigned int i = 0; i < holding->num_tops; i++)
		if (policy_is_partition(holding->top[i]))
			return true;
	return false;
}

void check_holding(const struct holding *holding,
		   const struct holdings *holdings)
{
	if (!holding->num_tops)
		return;
	if (holding_is_memory(holding))
		check_memory(holding, holdings);
	else if (is_memory(holding))
		finding_of(FINDING_ERROR, holding,
			   "memory is no device: memory-path, or shared-memory");
	else
		check_devices(holding);
}
