// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a quarantine
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "base/returns.h"
#include "parts/give_back.h"
#include "parts/parked.h"
#include "parts/quarantine.h"
#include "tree/bound.h"
#include "tree/registry.h"

struct soca_late_return {
	struct work_struct work;
	struct device *dev;
	enum soca_origin origin;
};

/*
 * Once it is back another claim may take it, and leave it in a quarantine of its own:
 * that is not ours to end.
 */
static void soca_late_return(struct work_struct *work)
{
	struct soca_late_return *late =
		container_of(work, struct soca_late_return, work);

	soca_dmas_put_back(late->dev->of_node);
	soca_device_give_back(late->dev, late->origin, false);
	put_device(late->dev);
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
	late->origin = bound->origin;
	INIT_WORK(&late->work, soca_late_return);
	soca_late_return_queue(&no_free_ptr(late)->work);
	return 0;
}
