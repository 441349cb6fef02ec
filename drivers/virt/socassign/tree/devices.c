// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices of the host by their nodes, on the buses that of_platform fills
 *
 * The buses have them in long lists only, and a claim asks for each of its nodes.
 */
#include <linux/amba/bus.h>
#include <linux/hashtable.h>
#include <linux/notifier.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "base/compat.h"
#include "tree/devices.h"

/**
 * struct soca_known - A device that has a node
 * @hash: By @np
 * @np: The node, to compare with
 * @dev: The device, without a reference: it goes from here before it is freed
 */
struct soca_known {
	struct hlist_node hash;
	const struct device_node *np;
	struct device *dev;
};

/*
 * Protects the table.  Comes last: the bus notifiers are called with the locks
 * that device_add() and device_del() are called with.
 */
static DEFINE_MUTEX(soca_known_lock);
static DEFINE_HASHTABLE(soca_known, 9);

static SOCA_CONST_BUS struct bus_type * const soca_buses[] = {
	&platform_bus_type,
#if IS_ENABLED(CONFIG_ARM_AMBA)
	&amba_bustype,
#endif
};

/**
 * soca_bus_is_known - Is a device on a bus that of_platform fills?
 * @dev: The device
 *
 * Return: true if so.
 */
bool soca_bus_is_known(const struct device *dev)
{
	for (int i = 0; i < ARRAY_SIZE(soca_buses); i++)
		if (dev->bus == soca_buses[i])
			return true;
	return false;
}

static struct soca_known *soca_known_find(const struct device *dev)
{
	struct soca_known *known;

	hash_for_each_possible(soca_known, known, hash,
			       (unsigned long)dev->of_node)
		if (known->dev == dev)
			return known;
	return NULL;
}

/* May be called twice for one that comes while the table is filled. */
static int soca_known_add(struct device *dev, void *unused)
{
	struct soca_known *known;

	if (!dev->of_node)
		return 0;
	known = kzalloc(sizeof(*known), GFP_KERNEL);
	if (!known)
		return -ENOMEM;

	guard(mutex)(&soca_known_lock);

	if (soca_known_find(dev)) {
		kfree(known);
		return 0;
	}
	known->np = dev->of_node;
	known->dev = dev;
	hash_add(soca_known, &known->hash, (unsigned long)known->np);
	return 0;
}

static void soca_known_drop(struct device *dev)
{
	struct soca_known *known;

	guard(mutex)(&soca_known_lock);

	known = soca_known_find(dev);
	if (!known)
		return;
	hash_del(&known->hash);
	kfree(known);
}

/*
 * Without memory a device stays unknown: claims find its node in use, without a
 * platform or AMBA device.  The second call about one that goes is for one that
 * went while the table was filled.
 */
static int soca_known_notify(struct notifier_block *nb, unsigned long action,
			     void *data)
{
	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		soca_known_add(data, NULL);
		return NOTIFY_OK;
	case BUS_NOTIFY_DEL_DEVICE:
	case BUS_NOTIFY_REMOVED_DEVICE:
		soca_known_drop(data);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block soca_known_nb[ARRAY_SIZE(soca_buses)];

/**
 * soca_device_find - The device of a node, on the buses that of_platform fills
 * @np: The node
 *
 * Return: The device, the first one if others share the node, with a reference;
 * or NULL.
 */
struct device *soca_device_find(const struct device_node *np)
{
	struct device *dev = NULL;
	struct soca_known *known;

	guard(mutex)(&soca_known_lock);

	/* The last one here came first. */
	hash_for_each_possible(soca_known, known, hash, (unsigned long)np)
		if (known->np == np)
			dev = known->dev;
	return get_device(dev);
}

static void soca_known_clear(void)
{
	struct soca_known *known;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(soca_known, bucket, next, known, hash) {
		hash_del(&known->hash);
		kfree(known);
	}
}

/* The first @num buses. */
static void soca_known_leave(int num)
{
	while (num--)
		bus_unregister_notifier(soca_buses[num], &soca_known_nb[num]);
	soca_known_clear();
}

/**
 * soca_known_init - Get to know the devices
 *
 * Return: 0 or a negative errno.
 */
int soca_known_init(void)
{
	for (int i = 0; i < ARRAY_SIZE(soca_buses); i++) {
		int ret;

		soca_known_nb[i].notifier_call = soca_known_notify;
		ret = bus_register_notifier(soca_buses[i], &soca_known_nb[i]);
		if (ret) {
			soca_known_leave(i);
			return ret;
		}
		ret = bus_for_each_dev(soca_buses[i], NULL, NULL,
				       soca_known_add);
		if (ret) {
			soca_known_leave(i + 1);
			return ret;
		}
	}
	return 0;
}

void soca_known_exit(void)
{
	soca_known_leave(ARRAY_SIZE(soca_buses));
}
