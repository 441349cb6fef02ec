// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DMA identities of a claim, and the windows that the user gives them
 *
 * What the hardware makes of them is the backend's: pamu.c, or dma_direct.c
 * where there is nothing to block an access.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "dma.h"
#include "trace.h"

/*
 * Identities whose claim is gone, while their device may still use them.
 * Under soca_parked_lock: taken under the gate, and above the backend's locks.
 */
static LIST_HEAD(soca_parked);
static DEFINE_MUTEX(soca_parked_lock);

/* Sets of windows */

static struct soca_windows *soca_windows_alloc(void)
{
	return kvzalloc(sizeof(struct soca_windows), GFP_KERNEL_ACCOUNT);
}

/* The set, not the memory: that belongs to the set that is in use. */
DEFINE_FREE(soca_windows, struct soca_windows *, kvfree(_T))

/* A copy that shares the references to the memory: one of the two goes. */
static struct soca_windows *soca_windows_copy(const struct soca_windows *windows)
{
	struct soca_windows *copy = soca_windows_alloc();

	if (copy)
		memcpy(copy, windows, sizeof(*copy));
	return copy;
}

static void soca_windows_put_memory(struct soca_windows *windows)
{
	for (unsigned int i = 0; i < windows->num; i++)
		fput(windows->memory[i]);
	windows->num = 0;
}

/* The window of exactly this place, or @windows->num. */
static unsigned int soca_windows_find(const struct soca_windows *windows,
				      u64 iova, u64 size)
{
	unsigned int i;

	for (i = 0; i < windows->num; i++)
		if (windows->win[i].iova == iova && windows->win[i].size == size)
			break;
	return i;
}

static bool soca_windows_overlap(const struct soca_windows *windows,
				 u64 iova, u64 size)
{
	for (unsigned int i = 0; i < windows->num; i++)
		if (iova < windows->win[i].iova + windows->win[i].size &&
		    windows->win[i].iova < iova + size)
			return true;
	return false;
}

/* Who uses an identity */

static void soca_dma_put_user(struct soca_dma *dma, unsigned int user)
{
	of_node_put(dma->users[user].np);
	of_node_put(dma->users[user].keeper);
	dma->users[user] = dma->users[--dma->num_users];
}

static void soca_dma_put_users(struct soca_dma *dma)
{
	while (dma->num_users)
		soca_dma_put_user(dma, 0);
	kfree(dma->users);
	dma->users = NULL;
}

/* The nearest node of the claim that has a device; a named one always has. */
static struct device_node *soca_keeper(const struct soca_claim *claim,
				       struct device_node *np)
{
	for (unsigned int i = claim->num_nodes; i--;)
		if (claim->nodes[i].dev &&
		    soca_node_below(np, claim->nodes[i].np))
			return claim->nodes[i].np;
	return np;
}

static int soca_dma_add_user(const struct soca_claim *claim,
			     struct soca_dma *dma, struct device_node *np)
{
	struct soca_dma_user *users =
		krealloc_array(dma->users, dma->num_users + 1, sizeof(*users),
			       GFP_KERNEL_ACCOUNT);

	if (!users)
		return -ENOMEM;
	dma->users = users;
	users[dma->num_users++] = (struct soca_dma_user) {
		.np = of_node_get(np),
		.keeper = of_node_get(soca_keeper(claim, np)),
	};
	return 0;
}

/* Identities: from the claim's first steps to its last */

static void soca_dma_free(struct soca_dma *dma)
{
	if (dma->windows)
		soca_windows_put_memory(dma->windows);
	kvfree(dma->windows);
	soca_dma_put_users(dma);
	of_node_put(dma->np);
	mutex_destroy(&dma->lock);
	kfree(dma);
}

static struct soca_dma *soca_dma_alloc(struct device_node *np, u32 entry,
				       u32 id, const struct soca_dma_ops *ops)
{
	struct soca_dma *dma = kzalloc(sizeof(*dma), GFP_KERNEL_ACCOUNT);

	if (!dma)
		return NULL;
	INIT_LIST_HEAD(&dma->list);
	mutex_init(&dma->lock);
	dma->ops = ops;
	dma->np = of_node_get(np);
	dma->entry = entry;
	dma->id = id;
	dma->windows = soca_windows_alloc();
	if (dma->windows)
		return dma;
	soca_dma_free(dma);
	return NULL;
}

static void soca_dma_put_back(struct soca_dma *dma)
{
	dma->ops->put_back(dma);
	soca_dma_free(dma);
}

static u32 soca_liodn_entry(const struct device_node *np, u32 id)
{
	u32 liodn;

	for (u32 i = 0; !of_property_read_u32_index(np, "fsl,liodn", i, &liodn);
	     i++)
		if (liodn == id)
			return i;
	return 0;
}

/* The devices of the new claim are not those of the old one. */
static void soca_dma_find_keepers(const struct soca_claim *claim,
				  struct soca_dma *dma)
{
	of_node_put(dma->np);
	dma->np = of_node_get(dma->users[0].np);
	dma->entry = soca_liodn_entry(dma->np, dma->id);
	for (unsigned int i = 0; i < dma->num_users; i++) {
		struct soca_dma_user *user = &dma->users[i];

		of_node_put(user->keeper);
		user->keeper = of_node_get(soca_keeper(claim, user->np));
	}
}

/* A user that is not part of the claim, or NULL. */
static const struct device_node *
soca_dma_stranger(const struct soca_claim *claim, const struct soca_dma *dma)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (!soca_claim_has_node(claim, dma->users[i].np))
			return dma->users[i].np;
	return NULL;
}

/*
 * What is parked of an identity.  All that may still use it must be part of the
 * claim, or it would reach that claim's memory.
 */
static struct soca_dma *soca_dma_find_parked(const struct soca_claim *claim,
					     u32 id)
{
	const struct device_node *stranger;
	struct soca_dma *dma;

	lockdep_assert_held(&soca_parked_lock);

	list_for_each_entry(dma, &soca_parked, list) {
		if (dma->id != id || dma->ops == &soca_direct_ops)
			continue;
		stranger = soca_dma_stranger(claim, dma);
		if (!stranger)
			return dma;
		soca_refuse(claim->reason, claim->nodes[0].np, "%pOF, in quarantine, has the same LIODN %u",
			    stranger, id);
		return ERR_PTR(-EBUSY);
	}
	return NULL;
}

/* What a claim that is gone has left, blocked: the host's setting stays with it. */
static struct soca_dma *soca_dma_unpark(const struct soca_claim *claim, u32 id)
{
	struct soca_dma *dma;

	guard(mutex)(&soca_parked_lock);

	dma = soca_dma_find_parked(claim, id);
	if (IS_ERR_OR_NULL(dma))
		return dma;
	list_del_init(&dma->list);
	module_put(THIS_MODULE);
	soca_dma_find_keepers(claim, dma);
	return dma;
}

/* The user that the device of @np keeps, or @dma->num_users. */
static unsigned int soca_dma_kept_by(const struct soca_dma *dma,
				     const struct device_node *np)
{
	unsigned int i;

	for (i = 0; i < dma->num_users; i++)
		if (dma->users[i].keeper == np)
			break;
	return i;
}

/**
 * soca_dmas_parked - Is a device's DMA blocked, or its memory kept?
 * @np: The device's node
 *
 * Return: true if an identity of it, or of a part of it, is parked.
 */
bool soca_dmas_parked(const struct device_node *np)
{
	struct soca_dma *dma;

	guard(mutex)(&soca_parked_lock);

	list_for_each_entry(dma, &soca_parked, list)
		if (soca_dma_kept_by(dma, np) < dma->num_users)
			return true;
	return false;
}

static bool soca_dma_is_kept_above(const struct soca_dma *dma,
				   const struct device_node *np)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (soca_node_below(np, dma->users[i].keeper))
			return true;
	return false;
}

/**
 * soca_dmas_parked_above - Is a node part of a device with parked DMA?
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_dmas_parked_above(const struct device_node *np)
{
	struct soca_dma *dma;

	guard(mutex)(&soca_parked_lock);

	list_for_each_entry(dma, &soca_parked, list)
		if (soca_dma_is_kept_above(dma, np))
			return true;
	return false;
}

static bool soca_dma_is_kept_below(const struct soca_dma *dma,
				   const struct device_node *np)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (soca_node_below(dma->users[i].keeper, np))
			return true;
	return false;
}

/**
 * soca_dmas_parked_near - Does a device do DMA unblocked, and nobody has it?
 * @np: The node of the device, of a part of it, or of what it is a part of
 *
 * Return: true if so.
 */
bool soca_dmas_parked_near(const struct device_node *np)
{
	struct soca_dma *dma;

	guard(mutex)(&soca_parked_lock);

	list_for_each_entry(dma, &soca_parked, list)
		if (dma->ops == &soca_direct_ops &&
		    (soca_dma_is_kept_above(dma, np) ||
		     soca_dma_is_kept_below(dma, np)))
			return true;
	return false;
}

static void soca_dma_part(struct soca_dma *dma, const struct device_node *np)
{
	unsigned int user;

	while ((user = soca_dma_kept_by(dma, np)) < dma->num_users)
		soca_dma_put_user(dma, user);
}

/**
 * soca_dmas_put_back - Give the host what was parked
 * @np: The node of a device that is quiet, by the word of the administrator
 *
 * An identity that others have, too, stays parked until they are quiet as well.
 *
 * Context: Process context, no lock held.
 */
void soca_dmas_put_back(const struct device_node *np)
{
	struct soca_dma *dma, *next;

	guard(mutex)(&soca_parked_lock);

	list_for_each_entry_safe(dma, next, &soca_parked, list) {
		if (soca_dma_kept_by(dma, np) == dma->num_users)
			continue;
		soca_dma_part(dma, np);
		if (dma->num_users) {
			pr_warn("%pOF: what it shares with %pOF stays with that, which is in quarantine\n",
				np, dma->users[0].np);
			continue;
		}
		list_del(&dma->list);
		soca_dma_put_back(dma);
		module_put(THIS_MODULE);
	}
}

static int soca_dma_append(struct soca_claim *claim, struct soca_dma *dma)
{
	struct soca_dma **dmas = krealloc_array(claim->dmas,
						claim->num_dmas + 1,
						sizeof(*dmas),
						GFP_KERNEL_ACCOUNT);

	if (!dmas)
		return -ENOMEM;
	claim->dmas = dmas;
	dma->ops->owner(dma, claim, claim->num_dmas);
	dmas[claim->num_dmas++] = dma;
	return 0;
}

/* Blocked and drained; where nothing can do that, the memory stays with it. */
static void soca_dma_park(struct soca_dma *dma)
{
	dma->ops->owner(dma, NULL, 0);
	dma->is_stale = true;
	if (dma->ops != &soca_direct_ops) {
		soca_windows_put_memory(dma->windows);
		memset(dma->windows, 0, sizeof(*dma->windows));
	}

	/* The module is what keeps the device away from memory. */
	__module_get(THIS_MODULE);

	guard(mutex)(&soca_parked_lock);

	list_add_tail(&dma->list, &soca_parked);
}

static void soca_dma_leave(struct soca_dma *dma, bool park)
{
	if (park)
		soca_dma_park(dma);
	else
		soca_dma_put_back(dma);
}

static struct soca_dma *soca_claim_liodn(const struct soca_claim *claim,
					 u32 liodn)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++)
		if (claim->dmas[i]->id == liodn &&
		    claim->dmas[i]->ops != &soca_direct_ops)
			return claim->dmas[i];
	return NULL;
}

/* Blocked from here on. */
static struct soca_dma *soca_dma_hold(const struct soca_claim *claim,
				      struct device_node *np, u32 entry,
				      u32 liodn)
{
	struct soca_dma *dma = soca_dma_alloc(np, entry, liodn, NULL);
	int ret;

	if (!dma)
		return ERR_PTR(-ENOMEM);
	ret = soca_pamu_hold(dma, claim->reason);
	if (!ret)
		return dma;
	soca_dma_free(dma);
	return ERR_PTR(ret);
}

/* One that was parked knows its users, the node perhaps among them. */
static int soca_add_user(struct soca_claim *claim, struct soca_dma *dma,
			 struct device_node *np)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (dma->users[i].np == np)
			return 0;
	return soca_dma_add_user(claim, dma, np);
}

/*
 * One that was parked is as it was left: blocked, without windows, and used.
 * If the claim cannot have it, it is parked again: its device still runs.
 */
static int soca_add_liodn(struct soca_claim *claim, struct device_node *np,
			  u32 entry, u32 liodn)
{
	struct soca_dma *dma = soca_dma_unpark(claim, liodn);
	int ret;

	if (!dma)
		dma = soca_dma_hold(claim, np, entry, liodn);
	if (IS_ERR(dma))
		return PTR_ERR(dma);
	ret = soca_add_user(claim, dma, np);
	if (!ret)
		ret = soca_dma_append(claim, dma);
	if (ret)
		soca_dma_leave(dma, dma->used);
	return ret;
}

static int soca_add_liodns(struct soca_claim *claim, struct device_node *np)
{
	struct soca_dma *dma;
	u32 liodn;
	int ret;

	for (int i = 0; !of_property_read_u32_index(np, "fsl,liodn", i, &liodn);
	     i++) {
		dma = soca_claim_liodn(claim, liodn);
		ret = dma ? soca_add_user(claim, dma, np) :
			    soca_add_liodn(claim, np, i, liodn);
		if (ret)
			return ret;
	}
	return 0;
}

static int soca_add_direct(struct soca_claim *claim)
{
	struct soca_dma *dma = soca_dma_alloc(claim->nodes[0].np, 0, 0,
					      &soca_direct_ops);
	int ret = 0;

	if (!dma)
		return -ENOMEM;
	dma->enabled = true;
	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		if (claim->nodes[i].is_unsafe)
			ret = soca_dma_add_user(claim, dma, claim->nodes[i].np);
	if (!ret)
		ret = soca_dma_append(claim, dma);
	if (ret)
		soca_dma_free(dma);
	return ret;
}

static int soca_check_liodn(const struct soca_claim *claim,
			    const struct device_node *np, u32 liodn)
{
	struct soca_dma *dma;

	scoped_guard(mutex, &soca_parked_lock)
		dma = soca_dma_find_parked(claim, liodn);
	return dma ? PTR_ERR_OR_ZERO(dma) : soca_pamu_check(np, liodn, claim->reason);
}

static int soca_check_liodns(const struct soca_claim *claim,
			     const struct device_node *np)
{
	int ret = 0;
	u32 liodn;

	for (int i = 0; !ret && !of_property_read_u32_index(np, "fsl,liodn", i,
							    &liodn); i++)
		ret = soca_check_liodn(claim, np, liodn);
	return ret;
}

/**
 * soca_dmas_check - Could the DMA identities of a claim be taken?
 * @claim: The claim, which the policy allows
 *
 * Context: Process context.
 * Return: 0, -EOPNOTSUPP or -EBUSY, as from soca_dmas_build().
 */
int soca_dmas_check(const struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		if (claim->nodes[i].is_protected)
			ret = soca_check_liodns(claim, claim->nodes[i].np);
	return ret;
}

/**
 * soca_dmas_build - Take the DMA identities of a claim, and block them
 * @claim: The claim, its devices bound to us
 *
 * Context: Process context, under the gate, held for writing.
 * Return: 0, -ENOMEM, -EOPNOTSUPP for a LIODN that the PAMU's tables do not
 * have, or -EBUSY for one that a device outside still uses.  What was taken
 * stays with the claim, whose ladder gives it back.
 */
int soca_dmas_build(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		if (claim->nodes[i].is_protected)
			ret = soca_add_liodns(claim, claim->nodes[i].np);
	if (!ret && claim->dma_class == SOCASSIGN_DMA_UNSAFE)
		ret = soca_add_direct(claim);
	return ret;
}

static int soca_dma_disable(struct soca_dma *dma)
{
	lockdep_assert_held(&dma->lock);

	if (!dma->ops->disable)
		return -EOPNOTSUPP;
	if (!dma->enabled)
		return 0;
	dma->ops->disable(dma);
	dma->ops->drain(dma);
	dma->enabled = false;
	/* The geometry is free to shrink: what there was a plan for has this one. */
	return dma->ops->place(dma, dma->windows, NULL);
}

/**
 * soca_dmas_block - Block all DMA of a claim
 * @claim: The claim
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_dmas_block(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++) {
		struct soca_dma *dma = claim->dmas[i];

		guard(mutex)(&dma->lock);

		dma->used |= READ_ONCE(claim->published);
		soca_dma_disable(dma);
	}
}

/**
 * soca_dmas_used - May the devices still be told to do DMA?
 * @claim: The claim
 *
 * Return: true if a user, of this claim or one before, could tell them.
 */
bool soca_dmas_used(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++)
		if (claim->dmas[i]->used)
			return true;
	return false;
}

/**
 * soca_dmas_forget - The devices were reset: what they were told is gone
 * @claim: The claim
 *
 * Its owner can tell them anew; that is looked at when the claim ends.
 *
 * Context: Process context, under the gate.
 */
void soca_dmas_forget(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++) {
		guard(mutex)(&claim->dmas[i]->lock);

		claim->dmas[i]->used = false;
		claim->dmas[i]->is_stale = false;
	}
}

/**
 * soca_dmas_down - Part a claim from its DMA identities
 * @claim: The claim; soca_dmas_block() was called
 * @park: The devices may still be told to do DMA: keep it blocked, or the
 *	memory out of other hands
 *
 * Context: Process context, under the gate, held for writing.
 */
void soca_dmas_down(struct soca_claim *claim, bool park)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++)
		soca_dma_leave(claim->dmas[i], park && claim->dmas[i]->used);
	kfree(claim->dmas);
	claim->dmas = NULL;
	claim->num_dmas = 0;
}

/* The way of every command: to an identity of a claim that is up */

static struct soca_dma *soca_dma_get(struct soca_claim *claim, u32 index)
{
	lockdep_assert_held(&claim->gate);

	if (claim->down)
		return ERR_PTR(-ENODEV);
	if (index >= claim->num_dmas)
		return ERR_PTR(-ENOENT);
	return claim->dmas[index];
}

/**
 * soca_dma_ioctl - ioctl(SOCASSIGN_DMA)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_dma_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_dma *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	const struct soca_windows *windows;
	struct soca_dma *dma;

	guard(rwsem_read)(&claim->gate);

	dma = soca_dma_get(claim, cmd->index);
	if (IS_ERR(dma))
		return PTR_ERR(dma);

	guard(mutex)(&dma->lock);

	windows = dma->windows;
	cmd->out_flags = (dma->enabled ? SOCASSIGN_DMA_ENABLED : 0) |
			 (dma->is_stale ? SOCASSIGN_DMA_STALE : 0);
	cmd->out_node = soca_node_index(claim, dma->np);
	cmd->out_entry = dma->entry;
	cmd->out_liodn = dma->id;
	cmd->out_granule = 1ULL << SOCA_PLAN_MIN_SHIFT;
	cmd->out_limit = dma->ops->limit;
	cmd->out_num_windows = windows->num;
	cmd->out_num_subwindows = windows->plan.num;
	cmd->out_base = windows->plan.base;
	cmd->out_bytes = windows->plan.num ? 1ULL << windows->plan.shift : 0;
	dma->ops->describe(dma, cmd);
	return 0;
}

/* Mapping */

/* Where the window's memory is; *@phys is as soca_memobj_phys() sets it. */
static int soca_source_phys(struct file *file,
			    const struct socassign_dma_map *cmd, u64 *phys)
{
	struct soca_claim *partition;

	if (soca_is_memobj(file))
		return soca_memobj_phys(file, cmd->offset, cmd->length,
					cmd->flags & SOCASSIGN_DMA_WRITE, phys);
	partition = soca_claim_of(file);
	if (!partition)
		return -EINVAL;
	return soca_partition_phys(partition, cmd->offset, cmd->length, phys);
}

static bool soca_is_source(const struct file *file)
{
	const struct soca_claim *claim = soca_claim_of(file);

	return soca_is_memobj(file) || (claim && claim->is_partition);
}

/* Why the memory cannot be used; the rest has no more to say. */
static void soca_source_refuse(struct soca_reason *reason,
			       const struct soca_dma *dma,
			       const struct socassign_dma_map *cmd,
			       const struct file *file, int ret, u64 phys)
{
	if (ret == -ERANGE)
		soca_refuse(reason, dma->np, "memory is not physically contiguous: the page at offset 0x%llx is elsewhere",
			    phys);
	else if (ret == -EACCES)
		soca_refuse(reason, dma->np, "a window to write to memory that was pinned for reading");
	else if (ret == -EINVAL && !soca_is_source(file))
		soca_refuse(reason, dma->np, "memory_fd is neither a memory object nor a partition");
	else if (ret == -EINVAL)
		soca_refuse(reason, dma->np, "memory_fd has no %llu bytes at offset 0x%llx to map",
			    cmd->length, cmd->offset);
}

/* What soca_windows_overlap() and the planner can compute with. */
static int soca_check_place(struct soca_reason *reason,
			    const struct soca_dma *dma,
			    const struct socassign_dma_map *cmd)
{
	u64 end, limit = dma->ops->limit;
	u64 grain = (1ULL << SOCA_PLAN_MIN_SHIFT) - 1;

	if (!cmd->length || (cmd->iova | cmd->length | cmd->offset) & grain) {
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx at offset 0x%llx: not in multiples of 4 KiB, or empty",
			    cmd->iova, cmd->length, cmd->offset);
		return -EINVAL;
	}
	if (check_add_overflow(cmd->iova, cmd->length, &end) || end > limit) {
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: ends beyond 0x%llx",
			    cmd->iova, cmd->length, limit);
		return -EINVAL;
	}
	return 0;
}

/*
 * Where in @new the window goes, or an errno.  *@old is the file whose place
 * it takes, or NULL.
 */
static int soca_window_slot(struct soca_reason *reason,
			    const struct soca_dma *dma,
			    struct soca_windows *new,
			    const struct socassign_dma_map *cmd,
			    struct file **old)
{
	unsigned int slot;

	*old = NULL;
	if (cmd->flags & SOCASSIGN_DMA_REPLACE) {
		slot = soca_windows_find(new, cmd->iova, cmd->length);
		if (slot == new->num) {
			soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: there is none to replace",
				    cmd->iova, cmd->length);
			return -ENOENT;
		}
		*old = new->memory[slot];
		return slot;
	}
	if (soca_windows_overlap(new, cmd->iova, cmd->length)) {
		soca_refuse(reason, dma->np, "window 0x%llx + 0x%llx: overlaps another",
			    cmd->iova, cmd->length);
		return -EEXIST;
	}
	if (new->num == ARRAY_SIZE(new->win)) {
		soca_refuse(reason, dma->np, "more than %zu windows",
			    ARRAY_SIZE(new->win));
		return -ENOSPC;
	}
	return new->num++;
}

/* Nothing can fail any more: @new takes the place of the set that is returned. */
static struct soca_windows *soca_windows_install(struct soca_dma *dma,
						 struct soca_windows *new)
{
	struct soca_windows *old = dma->windows;

	lockdep_assert_held(&dma->lock);

	if (dma->enabled)
		dma->ops->change(dma, new);
	dma->windows = new;
	return old;
}

/* The memory that a window was mapped onto, once no access is on its way. */
static void soca_memory_put(struct soca_dma *dma, struct file *memory)
{
	if (dma->enabled)
		dma->ops->drain(dma);
	fput(memory);
}

/* Takes over the reference to @file, unless it fails. */
static int soca_dma_map(struct soca_reason *reason, struct soca_dma *dma,
			const struct socassign_dma_map *cmd, struct file *file,
			u64 phys)
{
	struct soca_plan_window win = {
		.iova = cmd->iova, .size = cmd->length, .phys = phys,
		.access = (cmd->flags & SOCASSIGN_DMA_READ ? SOCA_PLAN_READ : 0) |
			  (cmd->flags & SOCASSIGN_DMA_WRITE ? SOCA_PLAN_WRITE : 0),
	};
	struct file *old;
	int slot, ret;

	ret = soca_check_place(reason, dma, cmd);
	if (!ret)
		ret = dma->ops->target(dma, cmd, &win, reason);
	if (ret)
		return ret;

	struct soca_windows *new __free(soca_windows) =
		soca_windows_copy(dma->windows);
	if (!new)
		return -ENOMEM;
	slot = soca_window_slot(reason, dma, new, cmd, &old);
	if (slot < 0)
		return slot;
	new->win[slot] = win;
	new->memory[slot] = file;
	ret = dma->ops->place(dma, new, reason);
	if (ret)
		return ret;
	kvfree(soca_windows_install(dma, no_free_ptr(new)));
	if (old)
		soca_memory_put(dma, old);
	return 0;
}

static int soca_check_map(const struct socassign_dma_map *cmd)
{
	u32 access = SOCASSIGN_DMA_READ | SOCASSIGN_DMA_WRITE;

	if (cmd->flags & ~(access | SOCASSIGN_DMA_REPLACE) ||
	    cmd->__reserved || cmd->__reserved2)
		return -EOPNOTSUPP;
	if (!(cmd->flags & access) || cmd->stash_level > 3 ||
	    cmd->operation > SOCASSIGN_OPERATION_CAAM)
		return -EINVAL;
	if (cmd->stash_cpu && cmd->stash_level != 1 && cmd->stash_level != 2)
		return -EINVAL;
	return 0;
}

/*
 * The memory is looked up first: a partition is a claim, whose gate comes
 * before this one's.  The file keeps it what it is.
 */
static int soca_claim_map(struct soca_claim *claim,
			  const struct socassign_dma_map *cmd,
			  struct soca_reason *reason)
{
	int ret = soca_check_map(cmd), found;
	struct soca_dma *dma;
	struct file *file;
	u64 phys = 0;

	if (ret)
		return ret;
	scoped_guard(rwsem_read, &claim->gate)
		if (claim->down)
			return -ENODEV;
	file = fget(cmd->memory_fd);
	if (!file)
		return -EBADF;
	found = soca_source_phys(file, cmd, &phys);
	scoped_guard(rwsem_read, &claim->gate) {
		dma = soca_dma_get(claim, cmd->index);
		ret = PTR_ERR_OR_ZERO(dma);
		if (ret)
			break;

		guard(mutex)(&dma->lock);

		ret = found;
		if (ret)
			soca_source_refuse(reason, dma, cmd, file, ret, phys);
		else
			ret = soca_dma_map(reason, dma, cmd, file, phys);
	}
	if (ret)
		fput(file);
	return ret;
}

/**
 * soca_dma_map_ioctl - ioctl(SOCASSIGN_DMA_MAP)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_dma_map_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_dma_map *cmd = ucmd->cmd;
	struct soca_reason *reason __free(kfree) = soca_reason_alloc();
	int ret;

	if (!reason)
		return -ENOMEM;
	ret = soca_claim_map(ucmd->claim, cmd, reason);
	soca_reason_to_user(reason, cmd->reason, cmd->reason_len);
	return ret;
}

/* Unmapping */

static int soca_dma_unmap_all(struct soca_dma *dma)
{
	struct soca_windows *new = soca_windows_alloc(), *old;
	int ret;

	if (!new)
		return -ENOMEM;
	ret = dma->ops->place(dma, new, NULL);
	if (ret) {
		kvfree(new);
		return ret;
	}
	old = soca_windows_install(dma, new);
	if (dma->enabled)
		dma->ops->drain(dma);
	soca_windows_put_memory(old);
	kvfree(old);
	return 0;
}

static int soca_dma_unmap_one(struct soca_dma *dma, u64 iova, u64 length)
{
	struct soca_windows *new __free(soca_windows) =
		soca_windows_copy(dma->windows);
	struct file *memory;
	unsigned int slot;
	int ret;

	if (!new)
		return -ENOMEM;
	slot = soca_windows_find(new, iova, length);
	if (slot == new->num)
		return -ENOENT;
	memory = new->memory[slot];
	new->num--;
	new->win[slot] = new->win[new->num];
	new->memory[slot] = new->memory[new->num];
	ret = dma->ops->place(dma, new, NULL);
	if (ret)
		return ret;
	kvfree(soca_windows_install(dma, no_free_ptr(new)));
	soca_memory_put(dma, memory);
	return 0;
}

/**
 * soca_dma_unmap_ioctl - ioctl(SOCASSIGN_DMA_UNMAP)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_dma_unmap_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_dma_unmap *cmd = ucmd->cmd;
	bool all = cmd->flags & SOCASSIGN_DMA_UNMAP_ALL;
	struct soca_claim *claim = ucmd->claim;
	struct soca_dma *dma;

	if (cmd->flags & ~SOCASSIGN_DMA_UNMAP_ALL || cmd->__reserved)
		return -EOPNOTSUPP;
	if (all && (cmd->iova || cmd->length))
		return -EINVAL;

	guard(rwsem_read)(&claim->gate);

	dma = soca_dma_get(claim, cmd->index);
	if (IS_ERR(dma))
		return PTR_ERR(dma);

	guard(mutex)(&dma->lock);

	return all ? soca_dma_unmap_all(dma) :
		     soca_dma_unmap_one(dma, cmd->iova, cmd->length);
}

/* Enabling */

static int soca_dma_enable(struct soca_dma *dma)
{
	int ret;

	if (dma->enabled)
		return 0;
	if (!dma->windows->num)
		return -ENXIO;
	ret = dma->ops->enable(dma);
	dma->enabled = !ret;
	return ret;
}

/**
 * soca_dma_control_ioctl - ioctl(SOCASSIGN_DMA_CONTROL)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_dma_control_ioctl(struct soca_ucmd *ucmd)
{
	u32 flags = SOCASSIGN_DMA_ENABLE | SOCASSIGN_DMA_DISABLE;
	struct socassign_dma_control *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_dma *dma;

	if (cmd->flags & ~flags || cmd->__reserved)
		return -EOPNOTSUPP;
	if (!cmd->flags || cmd->flags == flags)
		return -EINVAL;

	guard(rwsem_read)(&claim->gate);

	dma = soca_dma_get(claim, cmd->index);
	if (IS_ERR(dma))
		return PTR_ERR(dma);

	guard(mutex)(&dma->lock);

	return cmd->flags == SOCASSIGN_DMA_ENABLE ? soca_dma_enable(dma) :
						    soca_dma_disable(dma);
}
