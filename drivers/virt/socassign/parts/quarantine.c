// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a quarantine
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "base/machine.h"
#include "base/returns.h"
#include "parts/give_back.h"
#include "parts/parked.h"
#include "parts/quarantine.h"
#include "tree/bound.h"
#include "tree/registry.h"
#include "tree/set.h"
#include "tree/tree.h"

/**
 * struct soca_late_return - A device on its way back from quarantine
 * @list: On the list of them, as long as we refer to the device
 * @ref: The work has one, and who waits
 * @work: Gives it back
 * @over: It is off the list
 * @dev: The device
 * @np: Its node, only to compare
 * @origin: Where it came from
 * @task: Who gives it back, once somebody does
 */
struct soca_late_return {
	struct list_head list;
	struct kref ref;
	struct work_struct work;
	struct completion over;
	struct device *dev;
	const struct device_node *np;
	enum soca_origin origin;
	const struct task_struct *task;	/* soca_registry_lock */
};

static LIST_HEAD(soca_late_returns);	/* soca_registry_lock */

static void soca_late_return_free(struct kref *ref)
{
	kfree(container_of(ref, struct soca_late_return, ref));
}

static void soca_late_return_begin(struct soca_late_return *late)
{
	guard(mutex)(&soca_registry_lock);

	late->task = current;
}

/* Whoever does not find it any more must find no reference of ours to its node, either. */
static void soca_late_return_end(struct soca_late_return *late)
{
	put_device(late->dev);
	scoped_guard(mutex, &soca_registry_lock)
		list_del(&late->list);
	complete_all(&late->over);
}

/*
 * Once it is back another claim may take it, and leave it in a quarantine of its own:
 * that is not ours to end.  When the machine goes down it stays where it is, as in
 * release.c.
 */
static void soca_late_return(struct work_struct *work)
{
	struct soca_late_return *late =
		container_of(work, struct soca_late_return, work);

	/* A change of the tree that would is refused. */
	static const bool is_waited_for;

	soca_late_return_begin(late);
	if (!soca_machine_has_ended()) {
		soca_dmas_put_back(late->np);
		soca_device_give_back(late->dev, late->origin, &is_waited_for);
	}
	soca_late_return_end(late);
	kref_put(&late->ref, soca_late_return_free);
	soca_return_done();
}

/**
 * soca_end_quarantine - Give back what is in quarantine
 * @bound: The device, which is quiet, by the word of the administrator
 *
 * By work: a device cannot unbind itself from within its own attribute.  Not before
 * what else its claim had is back: a driver that makes the devices of its children
 * is to find none of ours in their place.
 *
 * Return: 0, -EBUSY or -ENOMEM.
 */
int soca_end_quarantine(struct soca_bound *bound)
{
	struct soca_late_return *late __free(kfree) =
		kzalloc(sizeof(*late), GFP_KERNEL);

	if (!late)
		return -ENOMEM;

	guard(mutex)(&soca_registry_lock);

	if (!bound->quarantined || bound->returning)
		return 0;
	/* The claim that left it, or one that is about to take it. */
	if (soca_is_owned(bound->dev->of_node))
		return -EBUSY;
	bound->returning = true;
	late->dev = get_device(bound->dev);
	late->np = bound->dev->of_node;
	late->origin = bound->origin;
	kref_init(&late->ref);
	init_completion(&late->over);
	INIT_WORK(&late->work, soca_late_return);
	list_add(&late->list, &soca_late_returns);
	soca_return_queue(&no_free_ptr(late)->work);
	return 0;
}

/**
 * soca_is_returning_late - Is a node part of a device on its way back from quarantine?
 * @np: The node
 *
 * Not to the driver that probes it, which may take back what it did to the node.
 *
 * Return: true if so, for the moment.
 */
bool soca_is_returning_late(const struct device_node *np)
{
	const struct soca_late_return *late;

	guard(mutex)(&soca_registry_lock);

	list_for_each_entry(late, &soca_late_returns, list)
		if (late->task != current && soca_node_below(np, late->np))
			return true;
	return false;
}

/* The nodes have one owner at a time, and so have LIODNs. */
static bool soca_excludes(const struct soca_tree_node *one,
			  const struct soca_tree_node *other)
{
	const struct soca_tree_liodn *a, *b;

	if (soca_tree_is_below(one, other) || soca_tree_is_below(other, one))
		return true;
	for (a = one->liodns; a; a = a->next)
		for (b = other->liodns; b; b = b->next)
			if (a->id == b->id)
				return true;
	return false;
}

/**
 * soca_late_return_find - Is anything on its way back from quarantine that a node is
 *	not to be had without?
 * @node: The node
 *
 * Context: Under soca_tree_lock().
 * Return: Something to wait for, by soca_late_return_wait(); or NULL.
 */
struct soca_late_return *soca_late_return_find(const struct soca_tree_node *node)
{
	struct soca_late_return *late;

	guard(mutex)(&soca_registry_lock);

	list_for_each_entry(late, &soca_late_returns, list) {
		const struct soca_tree_node *other = soca_tree_find(late->np);

		if (!other || !soca_excludes(node, other))
			continue;
		kref_get(&late->ref);
		return late;
	}
	return NULL;
}

/**
 * soca_late_return_wait - Wait until a device is back
 * @late: From soca_late_return_find(); no longer the caller's
 *
 * Context: Process context, no lock held.
 */
void soca_late_return_wait(struct soca_late_return *late)
{
	wait_for_completion(&late->over);
	kref_put(&late->ref, soca_late_return_free);
}
