// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a claim: what instantiate.c does, backwards
 */
#include <linux/poll.h>

#include "base/machine.h"
#include "base/returns.h"
#include "base/trace.h"
#include "claim/claim.h"
#include "claim/part.h"
#include "orders.h"
#include "tree/registry.h"

/*
 * Takes over the registry's reference.  When the machine goes down nobody gets the
 * devices any more: a driver of the host's would set one to work again behind
 * device_shutdown()'s back.
 */
static void soca_give_back(struct work_struct *work)
{
	struct soca_claim *claim =
		container_of(work, struct soca_claim, give_back_work);

	if (soca_machine_has_ended()) {
		/* Nobody is to wait for it. */
		WRITE_ONCE(claim->is_returning, false);
		soca_return_done();
		complete_all(&claim->unmade);
		complete_all(&claim->returned);
		return;
	}
	soca_parts_give_back(claim);
	soca_registry_remove(&claim->set);
	soca_return_done();
	complete_all(&claim->returned);
	soca_claim_put(claim);
}

/*
 * The last step.  Giving devices back takes their locks, which the caller may
 * hold; where there is nothing to give back no nodes are kept any longer than that.
 */
static void soca_claim_leave(struct soca_claim *claim)
{
	if (soca_parts_owe(claim)) {
		WRITE_ONCE(claim->is_returning, true);
		soca_return_queue(&claim->give_back_work);
		return;
	}
	complete_all(&claim->unmade);
	soca_registry_remove(&claim->set);
	soca_claim_put(claim);
}

/**
 * soca_release - Take down a claim, or what there is of it
 * @claim: The claim, on the registry and not down; either built, or in the
 *	hands of its builder, who calls this where he fails
 * @gone: As for soca_claim_down()
 *
 * The devices reach no memory and nothing reaches them, then they get quiet, then
 * the host has them back.  A bus master that could not be made quiet stays away
 * from memory, and from the host; or, where nothing can keep it away from memory,
 * from everybody.
 *
 * Context: Process context, under the gate, held for writing; by the builder
 * since before there was anything to take down.
 */
void soca_release(struct soca_claim *claim, const struct device_node *gone)
{
	lockdep_assert_held_write(&claim->gate);

	WRITE_ONCE(claim->released, true);
	WRITE_ONCE(claim->down, true);
	trace_socassign_down(claim, gone);
	soca_parts_down(claim);
	/*
	 * No event comes from the devices any more: this one is the last.  A file
	 * that is closed, or was never there, has nobody who waits.
	 */
	if (gone) {
		soca_event_queue(claim, SOCASSIGN_EVENT_REMOVED,
				 soca_set_index(&claim->set, gone));
		wake_up_poll(&claim->event_wait, EPOLLHUP | EPOLLERR);
	}
	soca_claim_leave(claim);
}

/**
 * soca_release_unbuilt - Take down a claim that has no more than bound its nodes
 * @claim: The claim, on the registry; only its builder may call this
 *
 * Context: Process context, no lock held.
 */
void soca_release_unbuilt(struct soca_claim *claim)
{
	guard(rwsem_write)(&claim->gate);

	soca_release(claim, NULL);
}

const struct soca_orders soca_orders = {
	.parts = soca_parts,
	.release = soca_release,
	.give_back = soca_give_back,
};
