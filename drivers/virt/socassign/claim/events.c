// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what the owner of a claim is told
 */
#include <linux/ktime.h>
#include <linux/poll.h>

#include "base/trace.h"
#include "claim/claim.h"
#include "claim/ioctl.h"

/*
 * A full queue marks its last event, and keeps its place for the one event
 * that nothing comes behind.
 */
static void soca_event_overflow(struct soca_claim *claim,
				const struct soca_event *event)
{
	unsigned int last = SOCA_MAX_EVENTS - 1;

	lockdep_assert_held(&claim->event_lock);

	if (event->type == SOCASSIGN_EVENT_REMOVED)
		claim->events[last--] = *event;
	claim->events[last].flags |= SOCASSIGN_EVENT_OVERFLOW;
}

static void soca_event_add(struct soca_claim *claim, struct soca_event event)
{
	event.time = ktime_get_ns();
	scoped_guard(spinlock_irqsave, &claim->event_lock) {
		claim->num_faults += event.type == SOCASSIGN_EVENT_DMA_FAULT;
		if (claim->num_events < SOCA_MAX_EVENTS)
			claim->events[claim->num_events++] = event;
		else
			soca_event_overflow(claim, &event);
	}
	trace_socassign_event(claim, event.type, event.index);
	wake_up_poll(&claim->event_wait, EPOLLIN);
}

/**
 * soca_event_queue - Queue an event for the owner
 * @claim: The claim
 * @type: enum socassign_event_type
 * @index: What it is about
 *
 * Context: Any, interrupts included.
 */
void soca_event_queue(struct soca_claim *claim, u32 type, u32 index)
{
	soca_event_add(claim, (struct soca_event) {
		.type = type, .index = index,
	});
}

/**
 * soca_event_queue_storm - Queue a storm for the owner
 * @claim: The claim
 * @index: Interrupt
 * @storm: enum socassign_storm
 *
 * Context: Any, interrupts included.
 */
void soca_event_queue_storm(struct soca_claim *claim, u32 index, u32 storm)
{
	soca_event_add(claim, (struct soca_event) {
		.type = SOCASSIGN_EVENT_STORM, .index = index, .storm = storm,
	});
}

/**
 * soca_event_queue_fault - Queue a DMA fault for the owner
 * @claim: The claim
 * @index: DMA identity
 * @address: DMA address of the access
 * @fault: enum socassign_fault
 * @how: SOCASSIGN_EVENT_READ, SOCASSIGN_EVENT_WRITE, or 0
 *
 * Context: Any, interrupts included.
 */
void soca_event_queue_fault(struct soca_claim *claim, u32 index, u64 address,
			    u32 fault, u32 how)
{
	soca_event_add(claim, (struct soca_event) {
		.type = SOCASSIGN_EVENT_DMA_FAULT, .flags = how,
		.index = index, .address = address, .fault = fault,
	});
}

static bool soca_event_take(struct soca_claim *claim, struct soca_event *event)
{
	bool any;

	scoped_guard(spinlock_irqsave, &claim->event_lock) {
		any = claim->num_events;
		if (!any)
			break;
		*event = claim->events[0];
		claim->num_events--;
		memmove(claim->events, claim->events + 1,
			claim->num_events * sizeof(*event));
	}
	return any;
}

/**
 * soca_events_pending - Has the owner anything to take?
 * @claim: The claim
 *
 * Return: true if so.
 */
bool soca_events_pending(struct soca_claim *claim)
{
	bool any;

	scoped_guard(spinlock_irqsave, &claim->event_lock)
		any = claim->num_events;
	return any;
}

/**
 * soca_events_faults - How many DMA faults were there?
 * @claim: The claim
 *
 * Return: Those that it was told of, those with no room in the queue included.
 */
u64 soca_events_faults(struct soca_claim *claim)
{
	u64 num = 0;

	scoped_guard(spinlock_irqsave, &claim->event_lock)
		num = claim->num_faults;
	return num;
}

/* The claim may be going down: its last event comes at the end of that. */
static int soca_event_take_last(struct soca_claim *claim,
				struct soca_event *event)
{
	if (soca_event_take(claim, event))
		return 0;

	guard(rwsem_read)(&claim->gate);

	if (!claim->down)
		return -EAGAIN;
	return soca_event_take(claim, event) ? 0 : -ENODEV;
}

/**
 * soca_get_event_ioctl - ioctl(SOCASSIGN_GET_EVENT)
 * @ucmd: The command
 *
 * Return: 0, or a negative errno of the contract in the UAPI header.
 */
int soca_get_event_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_get_event *cmd = ucmd->cmd;
	struct soca_claim *claim = ucmd->claim;
	struct soca_event event;
	int ret;

	if (cmd->flags || cmd->__reserved)
		return -EOPNOTSUPP;
	ret = soca_event_take_last(claim, &event);
	if (ret)
		return ret;
	cmd->out_type = event.type;
	cmd->out_flags = event.flags;
	cmd->out_index = event.index;
	cmd->out_time = event.time;
	cmd->out_address = event.address;
	cmd->out_fault = event.fault;
	cmd->out_storm = event.storm;
	return 0;
}
