// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim, from its first reference to its last
 *
 * See struct soca_claim for the lifetime.
 */
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/slab.h>

#include "claim/claim.h"
#include "claim/part.h"
#include "tree/registry.h"

static const struct soca_orders *soca_given_orders __ro_after_init;

/**
 * soca_claim_alloc - Allocate an empty claim, with one reference
 *
 * Return: The claim, or NULL if memory is short.
 */
struct soca_claim *soca_claim_alloc(void)
{
	struct soca_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL_ACCOUNT);

	if (!claim)
		return NULL;
	kref_init(&claim->ref);
	INIT_LIST_HEAD(&claim->set.list);
	init_rwsem(&claim->gate);
	mutex_init(&claim->map_lock);
	spin_lock_init(&claim->event_lock);
	init_waitqueue_head(&claim->event_wait);
	INIT_WORK(&claim->give_back_work, soca_given_orders->give_back);
	init_completion(&claim->unmade);
	init_completion(&claim->returned);
	return claim;
}

void soca_claim_get(struct soca_claim *claim)
{
	kref_get(&claim->ref);
}

static void soca_claim_free(struct kref *ref)
{
	struct soca_claim *claim = container_of(ref, struct soca_claim, ref);

	soca_parts_free(claim);
	soca_set_free(&claim->set);
	kfree(claim);
}

void soca_claim_put(struct soca_claim *claim)
{
	kref_put(&claim->ref, soca_claim_free);
}

/**
 * soca_claim_down - Take a claim down, once
 * @claim: The claim
 * @gone: The node whose device goes, for the event; NULL at the last close
 *
 * When it returns no mapping, interrupt or power reference is left; giving the
 * devices back to the host is under way.  A claim that is still being built
 * has none yet, and its builder takes it down.
 *
 * Context: Process context; may be called with the lock of a device of the
 * claim held.  Takes the gate; does not wait for user space.
 */
void soca_claim_down(struct soca_claim *claim, const struct device_node *gone)
{
	guard(rwsem_write)(&claim->gate);

	if (claim->built && !claim->down)
		soca_given_orders->release(claim, gone);
	WRITE_ONCE(claim->down, true);
}

/**
 * soca_claim_revoke - Take a claim down for a change of the device tree
 * @claim: The claim, from soca_claims_find_owner()
 * @gone: As for soca_claim_down()
 *
 * When it returns the devices that were made for the claim are gone, too, unless it is
 * still in the hands of its builder.
 *
 * Context: Process context; the caller may hold the lock of a device above those of
 * the claim, and what a driver's probe wants.
 */
void soca_claim_revoke(struct soca_claim *claim, const struct device_node *gone)
{
	/* Whoever unmakes them waits for the lock above no longer. */
	WRITE_ONCE(claim->is_waited_for, true);
	soca_claim_down(claim, gone);
	if (READ_ONCE(claim->released))
		wait_for_completion(&claim->unmade);
}

/**
 * soca_claim_wait - Wait until a claim's devices are back
 * @claim: The claim, which is down, or on its way there in other hands
 *
 * Context: Process context, no lock held that a driver's probe may want.
 */
void soca_claim_wait(struct soca_claim *claim)
{
	if (READ_ONCE(claim->is_returning))
		wait_for_completion(&claim->returned);
}

/* A partition has no device, and memory stays. */
static bool soca_claim_is_up(struct soca_claim *claim)
{
	return !claim->set.is_partition && !READ_ONCE(claim->down);
}

/* Up, or with devices that were made for it; not one that its builder has to end. */
static bool soca_claim_is_there(struct soca_claim *claim)
{
	return soca_claim_is_up(claim) ||
	       (!claim->set.is_partition && READ_ONCE(claim->released) &&
		!completion_done(&claim->unmade));
}

static bool soca_claim_is_returning(struct soca_claim *claim)
{
	return READ_ONCE(claim->is_returning);
}

/* The first one in a state that is the one; under soca_registry_lock it stays. */
static struct soca_claim *
soca_claim_match(bool (*state)(struct soca_claim *claim),
		 soca_claim_fn match, const void *data)
{
	struct soca_set *set;

	lockdep_assert_held(&soca_registry_lock);

	list_for_each_entry(set, &soca_registry_sets, list) {
		struct soca_claim *claim = container_of(set, struct soca_claim,
							set);

		if (state(claim) && match(claim, data))
			return claim;
	}
	return NULL;
}

static struct soca_claim *
soca_claim_match_get(bool (*state)(struct soca_claim *claim),
		     soca_claim_fn match, const void *data)
{
	struct soca_claim *claim;

	guard(mutex)(&soca_registry_lock);

	claim = soca_claim_match(state, match, data);
	if (claim)
		soca_claim_get(claim);
	return claim;
}

/**
 * soca_claims_find - A claim of devices, that has not gone down yet
 * @match: Is this it?  Under soca_registry_lock
 * @data: For @match
 *
 * Return: The first one, with a reference, or NULL.
 */
struct soca_claim *soca_claims_find(soca_claim_fn match, const void *data)
{
	return soca_claim_match_get(soca_claim_is_up, match, data);
}

/**
 * soca_claims_find_owner - A claim that soca_claim_revoke() is for
 * @match: As for soca_claims_find()
 * @data: For @match
 *
 * After that it is found no more, or once more if its builder had it.
 *
 * Return: The first one, with a reference, or NULL.
 */
struct soca_claim *soca_claims_find_owner(soca_claim_fn match, const void *data)
{
	return soca_claim_match_get(soca_claim_is_there, match, data);
}

/**
 * soca_claims_find_returning - A claim whose devices are on their way back
 * @match: As for soca_claims_find()
 * @data: For @match
 *
 * Return: The first one, with a reference, or NULL.
 */
struct soca_claim *soca_claims_find_returning(soca_claim_fn match,
					      const void *data)
{
	return soca_claim_match_get(soca_claim_is_returning, match, data);
}

/**
 * soca_claims_have - Is there such a claim?
 * @match: As for soca_claims_find()
 * @data: For @match
 *
 * Return: true if so.
 */
bool soca_claims_have(soca_claim_fn match, const void *data)
{
	guard(mutex)(&soca_registry_lock);

	return soca_claim_match(soca_claim_is_up, match, data);
}

/**
 * soca_claims_init - Get ready for claims
 * @orders: What the floors above do for them
 */
void __init soca_claims_init(const struct soca_orders *orders)
{
	soca_given_orders = orders;
	soca_parts_init(orders->parts);
}
