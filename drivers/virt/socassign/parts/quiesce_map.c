// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers that it takes to make a device quiet
 *
 * They are mapped before anybody may need them: no device stays noisy for want of
 * memory, and no claim that ends has to map anything.  The device that is bound to
 * us and the claim that has it use the same mapping.
 */
#include <linux/hashtable.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "parts/quiesce_map.h"

/* Protects the table and the counts.  Taken under the gate and device locks. */
static DEFINE_MUTEX(soca_quiesce_lock);
static DEFINE_HASHTABLE(soca_quiesce_maps, 6);

static struct soca_quiesce_map *soca_quiesce_map_find(struct soca_span span)
{
	struct soca_quiesce_map *map;

	hash_for_each_possible(soca_quiesce_maps, map, hash, span.first)
		if (map->span.first == span.first && map->span.last == span.last)
			return map;
	return NULL;
}

static struct soca_quiesce_map *soca_quiesce_map_new(struct soca_span span)
{
	struct soca_quiesce_map *map = kzalloc(sizeof(*map), GFP_KERNEL);

	if (!map)
		return NULL;
	map->span = span;
	map->regs = ioremap(span.first, soca_span_bytes(span));
	if (!map->regs) {
		kfree(map);
		return NULL;
	}
	hash_add(soca_quiesce_maps, &map->hash, span.first);
	return map;
}

/**
 * soca_quiesce_map_get - Map registers, or find them mapped
 * @span: Their addresses
 *
 * Context: Process context.
 * Return: The mapping, or NULL for want of memory.
 */
struct soca_quiesce_map *soca_quiesce_map_get(struct soca_span span)
{
	struct soca_quiesce_map *map;

	guard(mutex)(&soca_quiesce_lock);

	map = soca_quiesce_map_find(span) ?: soca_quiesce_map_new(span);
	if (map)
		map->users++;
	return map;
}

/**
 * soca_quiesce_map_put - The contrary of soca_quiesce_map_get()
 * @map: The mapping, or NULL
 *
 * Context: Process context.
 */
void soca_quiesce_map_put(struct soca_quiesce_map *map)
{
	if (!map)
		return;

	guard(mutex)(&soca_quiesce_lock);

	if (--map->users)
		return;
	hash_del(&map->hash);
	iounmap(map->regs);
	kfree(map);
}
