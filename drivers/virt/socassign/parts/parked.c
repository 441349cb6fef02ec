// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA identities whose claim is gone, while their device may still use them
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/module.h>
#include <linux/mutex.h>

#include "base/reason.h"
#include "parts/identity.h"
#include "parts/parked.h"
#include "tree/set.h"

static LIST_HEAD(soca_parked);		/* soca_parked_lock */
/* Taken under the gate, and above the backend's locks. */
static DEFINE_MUTEX(soca_parked_lock);

/*
 * Usually nothing is, and nobody needs the lock to see that: an answer is for the
 * moment with it, too, and what a claim parks is in the list before its devices
 * are anybody else's to take (soca_registry_lock).
 */
static bool soca_is_any_parked(void)
{
	return !list_empty(&soca_parked);
}

/* A user that is not part of the claim, or NULL. */
static const struct device_node *
soca_dma_stranger(const struct soca_set *set, const struct soca_dma *dma)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (!soca_set_has(set, dma->users[i].np))
			return dma->users[i].np;
	return NULL;
}

/*
 * All that may still use it must be part of the claim, or it would reach that
 * claim's memory.
 */
static struct soca_dma *soca_parked_find(const struct soca_set *set,
					 enum soca_dma_kind kind, u32 id)
{
	const struct device_node *stranger;
	struct soca_dma *dma;

	lockdep_assert_held(&soca_parked_lock);

	list_for_each_entry(dma, &soca_parked, list) {
		if (dma->id != id || dma->ops->kind != kind)
			continue;
		stranger = soca_dma_stranger(set, dma);
		if (!stranger)
			return dma;
		soca_refuse(set->reason, set->nodes[0].np, "%pOF, in quarantine, has the same %s %u",
			    stranger,
			    kind == SOCA_DMA_GROUP ? "IOMMU group" : "LIODN",
			    id);
		return ERR_PTR(-EBUSY);
	}
	return NULL;
}

/**
 * soca_dma_is_parked - Is an identity parked that somebody asks for?
 * @set: His set, all of whose devices may use it
 * @kind: Its kind; not %SOCA_DMA_DIRECT
 * @id: What that goes by
 *
 * Return: 1 if so, for the moment; 0 if it is not parked; -EBUSY if a device
 * outside the set may still use it.
 */
int soca_dma_is_parked(const struct soca_set *set, enum soca_dma_kind kind,
		       u32 id)
{
	struct soca_dma *dma;

	guard(mutex)(&soca_parked_lock);

	dma = soca_parked_find(set, kind, id);
	return IS_ERR(dma) ? PTR_ERR(dma) : !!dma;
}

/**
 * soca_dma_unpark - Take over what a claim that is gone has left
 * @set: The set of the new claim
 * @kind: Its kind; not %SOCA_DMA_DIRECT
 * @id: What that goes by
 *
 * Return: The identity, blocked, with the host's setting; NULL if it is not parked;
 * -EBUSY as soca_dma_is_parked().
 */
struct soca_dma *soca_dma_unpark(const struct soca_set *set,
				 enum soca_dma_kind kind, u32 id)
{
	struct soca_dma *dma;

	guard(mutex)(&soca_parked_lock);

	dma = soca_parked_find(set, kind, id);
	if (IS_ERR_OR_NULL(dma))
		return dma;
	list_del_init(&dma->list);
	module_put(THIS_MODULE);
	soca_dma_find_keepers(set, dma);
	return dma;
}

/* Is there one of which that is so? */
static bool soca_parked_any(bool (*is)(const struct soca_dma *dma,
				       const struct device_node *np),
			    const struct device_node *np)
{
	struct soca_dma *dma;

	if (!soca_is_any_parked())
		return false;

	guard(mutex)(&soca_parked_lock);

	list_for_each_entry(dma, &soca_parked, list)
		if (is(dma, np))
			return true;
	return false;
}

/**
 * soca_dmas_parked - Is a device's DMA blocked, or its memory kept?
 * @np: The device's node
 *
 * Return: true if an identity of it, or of a part of it, is parked.
 */
bool soca_dmas_parked(const struct device_node *np)
{
	return soca_parked_any(soca_dma_is_kept_by, np);
}

/**
 * soca_dmas_parked_above - Is a node part of a device with parked DMA?
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_dmas_parked_above(const struct device_node *np)
{
	return soca_parked_any(soca_dma_is_kept_above, np);
}

static bool soca_dma_is_open_near(const struct soca_dma *dma,
				  const struct device_node *np)
{
	return dma->ops->kind == SOCA_DMA_DIRECT &&
	       (soca_dma_is_kept_above(dma, np) ||
		soca_dma_is_kept_below(dma, np));
}

/**
 * soca_dmas_parked_near - Does a device do DMA unblocked, and nobody has it?
 * @np: The node of the device, of a part of it, or of what it is a part of
 *
 * Return: true if so.
 */
bool soca_dmas_parked_near(const struct device_node *np)
{
	return soca_parked_any(soca_dma_is_open_near, np);
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
		if (!soca_dma_is_kept_by(dma, np))
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

/**
 * soca_dma_park - Keep an identity blocked, without a claim
 * @dma: The identity, drained; where nothing can block it, its memory stays with it
 *
 * Context: Process context, under the gate of the claim that had it.
 */
void soca_dma_park(struct soca_dma *dma)
{
	dma->ops->owner(dma, NULL, 0);
	dma->is_stale = true;
	if (dma->ops->kind != SOCA_DMA_DIRECT) {
		soca_windows_put_memory(dma->windows);
		memset(dma->windows, 0, sizeof(*dma->windows));
	}

	/* The module is what keeps the device away from memory. */
	__module_get(THIS_MODULE);

	guard(mutex)(&soca_parked_lock);

	list_add_tail(&dma->list, &soca_parked);
}
