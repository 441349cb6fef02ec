// SPDX-License-Identifier: GPL-2.0-only
/*
 * The drivers on the platform and AMBA buses
 *
 * They match nothing by themselves: the administrator binds a device through
 * driver_override, or a claim does it for as long as it lives.
 */
#include <linux/amba/bus.h>
#include <linux/module.h>
#include <linux/pinctrl/consumer.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "base/compat.h"
#include "claim/claim.h"
#include "parts/bus.h"
#include "parts/parked.h"
#include "parts/quiesce_map.h"
#include "tree/bound.h"
#include "tree/devices.h"
#include "tree/registry.h"

/* The attributes of a device that is bound to us. */
static const struct attribute_group *soca_bound_attrs __ro_after_init;

/**
 * soca_was_made - Did we make a device for a claim (soca_make_device())?
 * @dev: The device
 *
 * Return: true if so: it is destroyed after the claim.
 */
bool soca_was_made(struct device *dev)
{
	return dev->bus == &platform_bus_type &&
	       !strcmp(to_platform_device(dev)->name, SOCA_DRIVER_NAME);
}

/**
 * soca_host_above - The device that one which we make is below
 * @np: The node that we make it for
 *
 * The next one above in the tree that we did not make: what is above goes away with
 * all that is below, and each that we made is in quarantine for itself.
 *
 * Return: The device, for put_device(), or NULL if there is none.
 */
struct device *soca_host_above(const struct device_node *np)
{
	/* What was above a node that was taken out may be gone. */
	if (of_node_check_flag(np, OF_DETACHED))
		return NULL;
	for (np = np->parent; np; np = np->parent) {
		struct device *dev = soca_device_find(np);

		if (dev && !soca_was_made(dev))
			return dev;
		put_device(dev);
	}
	return NULL;
}

static void soca_bound_free(struct soca_bound *bound)
{
	soca_quiesce_map_put(bound->quiesce);
	kfree(bound);
}

static struct soca_claim *soca_owner_get(const struct soca_bound *bound)
{
	lockdep_assert_held(&soca_registry_lock);

	if (bound->claim)
		soca_claim_get(bound->claim);
	return bound->claim;
}

static void soca_owner_down(struct soca_claim *claim, const struct device *dev)
{
	if (!claim)
		return;
	soca_claim_down(claim, dev->of_node);
	soca_claim_put(claim);
}

/* Whoever has claimed it meanwhile loses it. */
static void soca_bound_end(struct device *dev, struct soca_bound *bound)
{
	struct soca_claim *claim;

	scoped_guard(mutex, &soca_registry_lock) {
		soca_bound_del(bound);
		claim = soca_owner_get(bound);
	}
	soca_owner_down(claim, dev);
	soca_bound_free(bound);
}

/*
 * The attributes are not the driver's dev_groups: the driver core (6.1)
 * warns when memory runs out while it adds those.
 */
static int soca_bind(struct device *dev)
{
	struct soca_bound *bound;
	int ret;

	if (!dev->of_node) {
		dev_info(dev, "has no device-tree node\n");
		return -ENODEV;
	}
	bound = kzalloc(sizeof(*bound), GFP_KERNEL);
	if (!bound)
		return -ENOMEM;
	bound->dev = dev;
	/* It was unbound in quarantine: that is no way out. */
	bound->quarantined = soca_dmas_parked(dev->of_node);
	bound->origin = soca_was_made(dev) ? SOCA_MADE : SOCA_ADMIN;
	ret = soca_quiesce_prepare(dev->of_node, &bound->quiesce);
	if (ret) {
		soca_bound_free(bound);
		return ret;
	}
	dev_set_drvdata(dev, bound);
	/* First: the attributes are of what is bound. */
	soca_bound_add(bound);
	ret = sysfs_create_group(&dev->kobj, soca_bound_attrs);
	if (ret)
		soca_bound_end(dev, bound);
	return ret;
}

/* The driver core holds the device lock: this must not wait for user space. */
static void soca_unbind(struct device *dev)
{
	struct soca_bound *bound = dev_get_drvdata(dev);

	sysfs_remove_group(&dev->kobj, soca_bound_attrs);
	if (bound->quarantined && !bound->returning)
		dev_warn_ratelimited(dev, "unbound in quarantine: it was not reset, and may still try to do DMA\n");
	soca_bound_end(dev, bound);
}

/*
 * The machine goes down, or another kernel takes over: a device whose owner has
 * programmed it must not write to memory that is somebody else's by then.  Its owner
 * may be running until the very end.
 */
static void soca_shutdown(struct device *dev)
{
	const struct soca_bound *bound = dev_get_drvdata(dev);
	struct soca_claim *claim;

	scoped_guard(mutex, &soca_registry_lock)
		claim = soca_owner_get(bound);
	soca_owner_down(claim, dev);
}

/* The driver core skips the pins of a device whose node is "reused". */
static int soca_select_pins(struct platform_device *pdev)
{
	struct pinctrl *pins;

	if (!soca_was_made(&pdev->dev))
		return 0;
	pins = devm_pinctrl_get_select_default(&pdev->dev);
	return PTR_ERR_OR_ZERO(pins) == -ENODEV ? 0 : PTR_ERR_OR_ZERO(pins);
}

static int soca_platform_probe(struct platform_device *pdev)
{
	int ret = soca_select_pins(pdev);

	if (ret)
		return ret;
	/* First: once it is bound a claim may resume it. */
	pm_runtime_enable(&pdev->dev);
	ret = soca_bind(&pdev->dev);
	if (ret)
		pm_runtime_disable(&pdev->dev);
	return ret;
}

static void soca_platform_remove(struct platform_device *pdev)
{
	soca_unbind(&pdev->dev);
	pm_runtime_disable(&pdev->dev);
}

static void soca_platform_shutdown(struct platform_device *pdev)
{
	soca_shutdown(&pdev->dev);
}

static struct platform_driver soca_platform_driver = {
	.probe = soca_platform_probe,
	SOCA_PLATFORM_REMOVE(soca_platform_remove),
	.shutdown = soca_platform_shutdown,
	.driver = {
		.name = SOCA_DRIVER_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	/* Whoever holds the claim does DMA, or nobody; never the DMA API. */
	.driver_managed_dma = true,
};

#if IS_ENABLED(CONFIG_ARM_AMBA)
/* The bus itself holds the device active and its clock on while it is bound. */
static int soca_amba_probe(struct amba_device *adev, const struct amba_id *id)
{
	return soca_bind(&adev->dev);
}

static void soca_amba_remove(struct amba_device *adev)
{
	soca_unbind(&adev->dev);
}

static void soca_amba_shutdown(struct amba_device *adev)
{
	soca_shutdown(&adev->dev);
}

static const struct amba_id soca_amba_ids[] = {
	{ }
};

static struct amba_driver soca_amba_driver = {
	.probe = soca_amba_probe,
	.remove = soca_amba_remove,
	.shutdown = soca_amba_shutdown,
	.id_table = soca_amba_ids,
	.drv = {
		.owner = THIS_MODULE,
		.name = SOCA_DRIVER_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.driver_managed_dma = true,
};

struct device_driver *soca_driver_for(const struct device *dev)
{
	return dev->bus == &amba_bustype ? &soca_amba_driver.drv :
					   &soca_platform_driver.driver;
}

/* The bus has not read what it is yet, and would, clocks and power on and off. */
static bool soca_is_unread(struct device *dev)
{
	return dev->bus == &amba_bustype && !to_amba_device(dev)->periphid;
}
#else
struct device_driver *soca_driver_for(const struct device *dev)
{
	return &soca_platform_driver.driver;
}

static bool soca_is_unread(struct device *dev)
{
	return false;
}
#endif

/**
 * soca_bus_wants - Is a device ours by the administrator's word, driver_override?
 * @dev: The device, bound to us
 *
 * As the bus would say when it probes, but for a device that we made, which is ours by
 * its name, and for one of AMBA whose ID could not be read: amba_match() tries to, and
 * takes clock and power from a device that is bound.
 *
 * Context: Under the device's lock.
 * Return: true if so.
 */
bool soca_bus_wants(struct device *dev)
{
	return !soca_was_made(dev) && !soca_is_unread(dev) &&
	       dev->bus->match(dev, soca_driver_for(dev)) > 0;
}

/**
 * soca_bus_init - Register the bus drivers
 * @attrs: The attributes of a device that is bound to one
 *
 * Return: 0 or a negative errno.
 */
int __init soca_bus_init(const struct attribute_group *attrs)
{
	int ret;

	soca_bound_attrs = attrs;
	ret = platform_driver_register(&soca_platform_driver);
#if IS_ENABLED(CONFIG_ARM_AMBA)
	if (!ret) {
		ret = amba_driver_register(&soca_amba_driver);
		if (ret)
			platform_driver_unregister(&soca_platform_driver);
	}
#endif
	return ret;
}

void soca_bus_exit(void)
{
#if IS_ENABLED(CONFIG_ARM_AMBA)
	amba_driver_unregister(&soca_amba_driver);
#endif
	platform_driver_unregister(&soca_platform_driver);
}
