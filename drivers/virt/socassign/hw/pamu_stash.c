// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stash targets: which cache written data goes into, by the caches of the
 * device tree and their "cache-stash-id"
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/cpumask.h>
#include <linux/of.h>
#include <linux/string.h>
#include <asm/cputable.h>
#include <asm/reg.h>

#include "base/compat.h"
#include "base/reason.h"
#include "hw/pamu.h"
#include "tree/tree.h"

#define SOCA_STASH_L3	3

/* Its compatible has the SoC's name in front, as in soca_system_suffixes. */
static bool soca_is_l3(const struct device_node *np)
{
	const char *compatible;
	struct property *prop;

	of_property_for_each_string(np, "compatible", prop, compatible)
		if (strends(compatible, "-l3-cache-controller"))
			return true;
	return false;
}

static bool soca_stash_l3(u32 *id)
{
	const struct soca_tree_node *it;
	bool found = false;

	if (soca_tree_lock())
		return false;
	soca_tree_for_each_below(it, soca_tree_root()) {
		found = soca_is_l3(it->np) &&
			!of_property_read_u32(it->np, "cache-stash-id", id);
		if (found)
			break;
	}
	soca_tree_unlock();
	return found;
}

/* The level 1 cache is the CPU's node; each names the next one. */
static bool soca_stash_cpu(u32 level, u32 cpu, u32 *id)
{
	struct device_node *np __free(device_node) = of_get_cpu_node(cpu, NULL);

	for (; np && level > 1; level--) {
		struct device_node *next =
			of_parse_phandle(np, "next-level-cache", 0);

		of_node_put(np);
		np = next;
	}
	return np && !of_property_read_u32(np, "cache-stash-id", id);
}

static bool soca_stash_find(u32 level, u32 cpu, u32 *id)
{
	return level == SOCA_STASH_L3 ? soca_stash_l3(id) :
					soca_stash_cpu(level, cpu, id);
}

/* Erratum A-007907: an e6500 may hang when data is stashed into its L1 cache. */
static bool soca_stash_erratum(u32 level)
{
	return level == 1 && PVR_VER(mfspr(SPRN_PVR)) == PVR_VER_E6500;
}

/**
 * soca_stash_levels - The cache levels that have stash targets
 *
 * Return: A mask: bit n for level n.
 */
u32 soca_stash_levels(void)
{
	u32 levels = 0, id;

	for (u32 level = 1; level <= SOCA_STASH_L3; level++)
		if (!soca_stash_erratum(level) && soca_stash_find(level, 0, &id))
			levels |= BIT(level);
	return levels;
}

/**
 * soca_stash_id - The PAMU's number of a cache
 * @reason: Set to why there is none
 * @np: The device's node, for the log
 * @level: 1 to 3
 * @cpu: Whose cache; not looked at for level 3
 * @id: Set to the number, for PAACE_IA_CID
 *
 * Return: 0, -EINVAL if there is no such CPU, -EOPNOTSUPP if the cache is no
 * stash target.
 */
int soca_stash_id(struct soca_reason *reason, const struct device_node *np,
		  u32 level, u32 cpu, u32 *id)
{
	if (cpu >= nr_cpu_ids || !cpu_possible(cpu)) {
		soca_refuse(reason, np, "stash target: there is no CPU %u", cpu);
		return -EINVAL;
	}
	if (soca_stash_erratum(level)) {
		soca_refuse(reason, np, "no stashing into the L1 cache of an e6500 (erratum A-007907)");
		return -EOPNOTSUPP;
	}
	if (!soca_stash_find(level, cpu, id) || !*id || *id > 0xff) {
		soca_refuse(reason, np, "stash target: no cache-stash-id for level %u of CPU %u",
			    level, cpu);
		return -EOPNOTSUPP;
	}
	return 0;
}
