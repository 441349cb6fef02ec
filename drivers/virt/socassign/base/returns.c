// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices on their way back to the host
 *
 * By work: whoever lets go of a device may hold its lock.  A host driver's probe takes
 * as long as it takes, and may change the device tree, which waits for the return of
 * what is in the way; so none waits for another one's.
 */
#include <linux/sched.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "base/returns.h"

/* A probe may be slow, and the machine; longer than that it waits for us. */
#define SOCA_SETTLE_S	30

static struct workqueue_struct *soca_returns;
static DECLARE_WAIT_QUEUE_HEAD(soca_returns_over);
/* What was queued, and is not done. */
static atomic_t soca_num_returns;

/**
 * soca_return_queue - Have devices given back
 * @work: Ends with soca_return_done(); not queued yet
 *
 * Context: Any.
 */
void soca_return_queue(struct work_struct *work)
{
	atomic_inc(&soca_num_returns);
	queue_work(soca_returns, work);
}

/**
 * soca_return_done - Devices were given back
 */
void soca_return_done(void)
{
	if (atomic_dec_and_test(&soca_num_returns))
		wake_up_all(&soca_returns_over);
}

/**
 * soca_returns_any - Is anything on its way now?
 *
 * Return: true if so.
 */
bool soca_returns_any(void)
{
	return atomic_read(&soca_num_returns);
}

/**
 * soca_returns_flush - Wait until nobody is at work for a return any more
 *
 * That is later than soca_return_done(): what was the device's may still be freed.
 *
 * Context: Process context, no lock held.
 */
void soca_returns_flush(void)
{
	flush_workqueue(soca_returns);
}

/**
 * soca_returns_settle - Wait until no device is on its way back, but not for ever
 *
 * For a caller that holds what a driver's probe may want.
 *
 * Context: Process context.
 * Return: false if one still is.
 */
bool soca_returns_settle(void)
{
	return wait_event_timeout(soca_returns_over, !soca_returns_any(),
				  SOCA_SETTLE_S * HZ);
}

/**
 * soca_returns_init - Make the queue
 *
 * Return: 0 or -ENOMEM.
 */
int soca_returns_init(void)
{
	soca_returns = alloc_workqueue("socassign", WQ_UNBOUND, 0);
	return soca_returns ? 0 : -ENOMEM;
}

void soca_returns_exit(void)
{
	destroy_workqueue(soca_returns);
}
