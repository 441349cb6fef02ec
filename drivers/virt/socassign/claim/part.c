// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walks through the parts of a claim, whichever there are
 */
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/ioctl.h>
#include <linux/kernel.h>
#include <linux/nospec.h>

#include "claim/claim.h"
#include "claim/ioctl.h"
#include "claim/part.h"

#define SOCA_MAX_PARTS	16

/**
 * struct soca_walk - The parts that have a hook
 * @num: How many
 * @part: In the order in which they are built
 */
struct soca_walk {
	unsigned int num;
	const struct soca_part *part[SOCA_MAX_PARTS];
};

/* Of the parts that a claim of a kind has; called as the hooks. */
struct soca_walks {
	struct soca_walk find, check, conflict, forget;
	struct soca_walk ready, take, build;
	struct soca_walk down, owes, give_back;
	struct soca_walk free, info, show;
};

static struct soca_walks soca_device_walks __ro_after_init;
static struct soca_walks soca_memory_walks __ro_after_init;
/* By their numbers. */
static const struct soca_ioctl_op *soca_part_ioctls[64] __ro_after_init;
const struct soca_io *soca_part_io __ro_after_init;

static const struct soca_walks *soca_walks_of(const struct soca_claim *claim)
{
	return claim->set.is_partition ? &soca_memory_walks :
					 &soca_device_walks;
}

/* The way up: the first that fails ends it. */
#define soca_parts_up(_claim, _hook, ...)				\
({									\
	const struct soca_walk *_walk = &soca_walks_of(_claim)->_hook;	\
	int _ret = 0;							\
									\
	for (unsigned int _i = 0; _i < _walk->num && !_ret; _i++)	\
		_ret = _walk->part[_i]->_hook(_claim, ##__VA_ARGS__);	\
	_ret;								\
})

/* The way down: nothing fails. */
#define soca_parts_back(_claim, _hook, ...)				\
do {									\
	const struct soca_walk *_walk = &soca_walks_of(_claim)->_hook;	\
									\
	for (unsigned int _i = _walk->num; _i--;)			\
		_walk->part[_i]->_hook(_claim, ##__VA_ARGS__);		\
} while (0)

int soca_parts_find(struct soca_claim *claim)
{
	return soca_parts_up(claim, find);
}

int soca_parts_check(const struct soca_claim *claim)
{
	return soca_parts_up(claim, check);
}

int soca_parts_conflict(const struct soca_claim *claim)
{
	return soca_parts_up(claim, conflict);
}

void soca_parts_forget(struct soca_claim *claim)
{
	soca_parts_back(claim, forget);
}

int soca_parts_ready(struct soca_claim *claim, bool may_wait)
{
	return soca_parts_up(claim, ready, may_wait);
}

int soca_parts_take(struct soca_claim *claim)
{
	return soca_parts_up(claim, take);
}

int soca_parts_build(struct soca_claim *claim)
{
	return soca_parts_up(claim, build);
}

void soca_parts_down(struct soca_claim *claim)
{
	soca_parts_back(claim, down);
}

bool soca_parts_owe(const struct soca_claim *claim)
{
	return soca_parts_up(claim, owes);
}

void soca_parts_give_back(struct soca_claim *claim)
{
	soca_parts_back(claim, give_back);
}

void soca_parts_free(struct soca_claim *claim)
{
	soca_parts_back(claim, free);
}

void soca_parts_info(const struct soca_claim *claim,
		     struct socassign_info *info)
{
	soca_parts_back(claim, info, info);
}

void soca_parts_show(const struct soca_claim *claim, struct seq_file *m)
{
	soca_parts_back(claim, show, m);
}

/**
 * soca_parts_ioctl - Find a command of a part's
 * @cmd: The command
 *
 * Return: Its entry in the part's table, or NULL.
 */
const struct soca_ioctl_op *soca_parts_ioctl(unsigned int cmd)
{
	unsigned int nr = _IOC_NR(cmd);
	const struct soca_ioctl_op *op;

	if (nr >= ARRAY_SIZE(soca_part_ioctls))
		return NULL;
	op = soca_part_ioctls[array_index_nospec(nr,
						 ARRAY_SIZE(soca_part_ioctls))];
	return op && op->ioctl_num == cmd ? op : NULL;
}

static void __init soca_part_add_ioctl(const struct soca_ioctl_op *op)
{
	unsigned int nr = _IOC_NR(op->ioctl_num);

	if (WARN_ON(nr >= ARRAY_SIZE(soca_part_ioctls) || soca_part_ioctls[nr]))
		return;
	soca_part_ioctls[nr] = op;
}

static void __init soca_walk_append(struct soca_walk *walk,
				    const struct soca_part *part, bool has_hook)
{
	if (has_hook && !WARN_ON(walk->num == ARRAY_SIZE(walk->part)))
		walk->part[walk->num++] = part;
}

static void __init soca_walks_append(struct soca_walks *walks,
				     const struct soca_part *part)
{
	soca_walk_append(&walks->find, part, part->find);
	soca_walk_append(&walks->check, part, part->check);
	soca_walk_append(&walks->conflict, part, part->conflict);
	soca_walk_append(&walks->forget, part, part->forget);
	soca_walk_append(&walks->ready, part, part->ready);
	soca_walk_append(&walks->take, part, part->take);
	soca_walk_append(&walks->build, part, part->build);
	soca_walk_append(&walks->down, part, part->down);
	soca_walk_append(&walks->owes, part, part->owes);
	soca_walk_append(&walks->give_back, part, part->give_back);
	soca_walk_append(&walks->free, part, part->free);
	soca_walk_append(&walks->info, part, part->info);
	soca_walk_append(&walks->show, part, part->show);
}

static void __init soca_part_add(const struct soca_part *part)
{
	if (part->of_devices)
		soca_walks_append(&soca_device_walks, part);
	if (part->of_memory)
		soca_walks_append(&soca_memory_walks, part);
	for (unsigned int i = 0; i < part->num_ioctls; i++)
		soca_part_add_ioctl(&part->ioctls[i]);
	if (part->io)
		soca_part_io = part->io;
}

/**
 * soca_parts_init - Get to know the parts
 * @parts: The table of parts; NULL ends it
 *
 * Context: Before the first claim.
 */
void __init soca_parts_init(const struct soca_part *const *parts)
{
	while (*parts)
		soca_part_add(*parts++);
}
