// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a quarantine
 */
#include <linux/device.h>
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

/**
 * struct soca_late_return - A device on its way back from quarantine
 * @list: On the list of them, as long as we refer to the device
 * @work: Gives it back
 * @dev: The device
 * @np: Its node, only to compare
 * @origin: Where it came from
 */
struct soca_late_return {
	struct list_head list;
	struct work_struct work;
	struct device *dev;
	const struct device_node *np;
	enum soca_origin origin;
};

static LIST_HEAD(soca_late_returns);	/* soca_registry_lock */

/* Whoever does not find it any more must find no reference of ours to its node, either. */
static void soca_late_return_end(struct soca_late_return *late)
{
	put_device(late->dev);

	guard(mutex)(&soca_registry_lock);

	list_del(&late->list);
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

	if (!soca_machine_has_ended()) {
		soca_dmas_put_back(late->np);
		soca_device_give_back(late->dev, late->origin, false);
	}
	soca_late_return_end(late);
	kfree(late);
	soca_late_return_done();
}

/**
 * soca_end_quarantine - Give back what is in quarantine
 * @bound: The device, which is quiet, by the word of the administrator
 *
 * By work: a device cannot unbind itself from within its own attribute.
 *
 * Return: 0 or -ENOMEM.
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
	bound->returning = true;
	late->dev = get_device(bound->dev);
	late->np = bound->dev->of_node;
	late->origin = bound->origin;
	INIT_WORK(&late->work, soca_late_return);
	list_add(&late->list, &soca_late_returns);
	soca_late_return_queue(&no_free_ptr(late)->work);
	return 0;
}

/**
 * soca_is_returning_late - Is a node part of a device on its way back from quarantine?
 * @np: The node
 *
 * Return: true if so, for the moment.
 */
bool soca_is_returning_late(const struct device_node *np)
{
	const struct soca_late_return *late;

	guard(mutex)(&soca_registry_lock);

	list_for_each_entry(late, &soca_late_returns, list)
		if (soca_node_below(np, late->np))
			return true;
	return false;
}
