// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DMA identities of a claim
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/slab.h>

#include "base/reason.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "hw/dma.h"
#include "parts/identities.h"
#include "parts/identity.h"
#include "parts/parked.h"
#include "parts/parts.h"

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

static struct soca_dma *soca_claim_find(const struct soca_claim *claim,
					enum soca_dma_kind kind, u32 id)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++)
		if (claim->dmas[i]->id == id &&
		    claim->dmas[i]->ops->kind == kind)
			return claim->dmas[i];
	return NULL;
}

static void soca_dma_leave(struct soca_dma *dma, bool park)
{
	if (park)
		soca_dma_park(dma);
	else
		soca_dma_put_back(dma);
}

/* Blocked from here on; @dev is for an IOMMU group. */
static struct soca_dma *soca_dma_hold(const struct soca_claim *claim,
				      struct device_node *np, u32 entry, u32 id,
				      struct device *dev)
{
	struct soca_dma *dma = soca_dma_alloc(np, entry, id);
	int ret;

	if (!dma)
		return ERR_PTR(-ENOMEM);
	ret = dev ? soca_iommu_hold(&claim->set, dma, dev) :
		    soca_pamu_hold(dma, claim->set.reason);
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
	return soca_dma_add_user(&claim->set, dma, np);
}

/*
 * One that was parked is as it was left: blocked, without windows, and used.
 * If the claim cannot have it, it is parked again: its device still runs.
 */
static int soca_add_identity(struct soca_claim *claim, struct device_node *np,
			     u32 entry, u32 id, struct device *dev)
{
	enum soca_dma_kind kind = dev ? SOCA_DMA_GROUP : SOCA_DMA_LIODN;
	struct soca_dma *dma = soca_claim_find(claim, kind, id);
	int ret;

	if (dma)
		return soca_add_user(claim, dma, np);
	dma = soca_dma_unpark(&claim->set, kind, id);
	if (!dma)
		dma = soca_dma_hold(claim, np, entry, id, dev);
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
	int ret = 0;
	u32 liodn;

	for (int i = 0; !ret && !of_property_read_u32_index(np, "fsl,liodn", i,
							    &liodn); i++)
		ret = soca_add_identity(claim, np, i, liodn, NULL);
	return ret;
}

/* The kernel has looked for an IOMMU when it bound the device. */
static int soca_add_group(struct soca_claim *claim,
			  const struct soca_node *node)
{
	int id = node->dev ? soca_iommu_group_id(node->dev) : -ENOENT;

	if (id >= 0)
		return soca_add_identity(claim, node->np, 0, id, node->dev);
	soca_refuse(claim->set.reason, node->np, "the kernel has not put it behind its IOMMU");
	return -EOPNOTSUPP;
}

static int soca_add_protected(struct soca_claim *claim,
			      const struct soca_node *node)
{
	return node->has_liodns ? soca_add_liodns(claim, node->np) :
				  soca_add_group(claim, node);
}

static int soca_add_direct(struct soca_claim *claim)
{
	struct soca_dma *dma = soca_dma_alloc(claim->set.nodes[0].np, 0, 0);
	int ret = 0;

	if (!dma)
		return -ENOMEM;
	soca_direct_hold(dma);
	dma->enabled = true;
	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++)
		if (claim->set.nodes[i].is_unsafe)
			ret = soca_dma_add_user(&claim->set, dma, claim->set.nodes[i].np);
	if (!ret)
		ret = soca_dma_append(claim, dma);
	if (ret)
		soca_dma_free(dma);
	return ret;
}

static int soca_check_liodn(const struct soca_claim *claim,
			    const struct device_node *np, u32 liodn)
{
	int parked = soca_dma_is_parked(&claim->set, SOCA_DMA_LIODN, liodn);

	if (parked < 0)
		return parked;
	return parked ? 0 : soca_pamu_check(np, liodn, claim->set.reason);
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

static int soca_dmas_check(const struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++)
		if (claim->set.nodes[i].is_protected &&
		    claim->set.nodes[i].has_liodns)
			ret = soca_check_liodns(claim, claim->set.nodes[i].np);
	return ret;
}

static int soca_check_group(const struct soca_claim *claim,
			    const struct soca_node *node)
{
	int id = soca_iommu_group_id(node->dev), parked;

	if (id < 0)
		return 0;
	parked = soca_dma_is_parked(&claim->set, SOCA_DMA_GROUP, id);
	if (parked)
		return min(parked, 0);
	return soca_iommu_check(&claim->set, node->np, node->dev);
}

/* What there is of the group before the device is ours */
static int soca_dmas_ready(struct soca_claim *claim, bool may_wait)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++) {
		const struct soca_node *node = &claim->set.nodes[i];

		if (node->is_protected && !node->has_liodns && node->dev)
			ret = soca_check_group(claim, node);
	}
	return ret;
}

/* What the host has left running must not reach memory. */
static int soca_dmas_build(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->set.num_nodes && !ret; i++)
		if (claim->set.nodes[i].is_protected)
			ret = soca_add_protected(claim, &claim->set.nodes[i]);
	if (!ret && claim->set.dma_class == SOCASSIGN_DMA_UNSAFE)
		ret = soca_add_direct(claim);
	return ret;
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

/*
 * A bus master that may still be told to do DMA stays away from memory; or, where
 * nothing can block it, its memory stays out of other hands.
 */
static void soca_dmas_down(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_dmas; i++)
		soca_dma_leave(claim->dmas[i],
			       !claim->is_quiet && claim->dmas[i]->used);
	kfree(claim->dmas);
	claim->dmas = NULL;
	claim->num_dmas = 0;
}

static void soca_dmas_info(const struct soca_claim *claim,
			   struct socassign_info *info)
{
	info->out_num_dmas = claim->num_dmas;
}

/**
 * soca_dma_get - The way of every command: to an identity of a claim that is up
 * @claim: The claim
 * @index: Index of the identity
 *
 * Context: Under the gate.
 * Return: The identity, -ENODEV or -ENOENT.
 */
struct soca_dma *soca_dma_get(struct soca_claim *claim, u32 index)
{
	lockdep_assert_held(&claim->gate);

	if (claim->down)
		return ERR_PTR(-ENODEV);
	if (index >= claim->num_dmas)
		return ERR_PTR(-ENOENT);
	return claim->dmas[index];
}

static int soca_dma_ioctl(struct soca_ucmd *ucmd)
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
	cmd->out_node = soca_set_index(&claim->set, dma->np);
	cmd->out_entry = dma->entry;
	cmd->out_liodn = dma->id;
	cmd->out_granule = dma->granule;
	cmd->out_limit = dma->limit;
	cmd->out_num_windows = windows->num;
	cmd->out_num_subwindows = windows->plan.num;
	cmd->out_base = windows->plan.base;
	cmd->out_bytes = windows->plan.num ? 1ULL << windows->plan.shift : 0;
	dma->ops->describe(dma, cmd);
	return 0;
}

static const struct soca_ioctl_op soca_dma_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_DMA, soca_dma_ioctl, struct socassign_dma,
		      out_bytes),
};

const struct soca_part soca_identities_part = {
	.of_devices = true,
	.check = soca_dmas_check,
	.ready = soca_dmas_ready,
	.build = soca_dmas_build,
	.down = soca_dmas_down,
	.info = soca_dmas_info,
	.ioctls = soca_dma_ops,
	.num_ioctls = ARRAY_SIZE(soca_dma_ops),
};
