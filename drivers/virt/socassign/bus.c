// SPDX-License-Identifier: GPL-2.0-only
/*
 * The drivers on the platform and AMBA buses, and the way of a device from a
 * driver of the host's to ours and back
 *
 * The drivers match nothing by themselves: the administrator binds a device
 * through driver_override, or a claim does it for as long as it lives.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/amba/bus.h>
#include <linux/capability.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/of_platform.h>
#include <linux/pinctrl/consumer.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "private.h"

#define SOCA_DRIVER_NAME "socassign"

/* By the node. */
static DEFINE_HASHTABLE(soca_bounds, 8);	/* soca_registry_lock */

static struct device_driver *soca_driver_for(const struct device *dev);

static struct soca_bound *soca_bound_find(const struct device *dev)
{
	struct soca_bound *bound;

	lockdep_assert_held(&soca_registry_lock);

	hash_for_each_possible(soca_bounds, bound, hash,
			       (unsigned long)dev->of_node)
		if (bound->dev == dev)
			return bound;
	return NULL;
}

/**
 * soca_device_is_ours - Is a device bound to the socassign driver?
 * @dev: The device
 *
 * Return: true if so, for the moment.
 */
bool soca_device_is_ours(struct device *dev)
{
	guard(mutex)(&soca_registry_lock);

	return soca_bound_find(dev);
}

/**
 * soca_device_is_claimed - Does a claim own a device?
 * @dev: The device
 *
 * Return: true if so, for the moment.
 */
bool soca_device_is_claimed(struct device *dev)
{
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(dev);
	return bound && bound->claim;
}

/**
 * soca_device_declared - Did the administrator declare its DMA class?
 * @dev: The device
 *
 * Return: true if so.
 */
bool soca_device_declared(struct device *dev)
{
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(dev);
	return bound && bound->declared;
}

/**
 * soca_device_masters_none - Did he declare that it masters no bus?
 * @dev: The device
 *
 * Return: true if so.
 */
bool soca_device_masters_none(struct device *dev)
{
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(dev);
	return bound && bound->no_dma;
}

static void soca_device_look(struct soca_node *node)
{
	const struct soca_bound *bound;

	node->dev = soca_device_find(node->np);
	if (!node->dev)
		return;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	node->is_ours = bound;
	node->is_declared = bound && bound->declared;
	node->masters_none = bound && bound->no_dma;
	node->shares_regs = bound && bound->shares_regs;
}

/**
 * soca_devices_find - Find the devices of a claim
 * @claim: The claim, which nobody else knows yet
 *
 * Context: Process context, under soca_tree_lock().
 */
void soca_devices_find(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		soca_device_look(&claim->nodes[i]);
}

/**
 * soca_devices_forget - Undo soca_devices_find()
 * @claim: The claim, which has not bound them
 */
void soca_devices_forget(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		put_device(claim->nodes[i].dev);
		claim->nodes[i].dev = NULL;
	}
}

/*
 * of_platform may destroy it, too, with what it had made around it: when the driver
 * of the parent goes, which the lock keeps away, or when the node does.  That waits
 * for us, and may hold the lock (soca_revoke()).  Whoever clears the flag
 * unregisters.
 */
static void soca_unmake_device(struct device *dev, bool is_waited_for)
{
	struct device_node *np = dev->of_node;
	struct device *parent __free(put_device) =
		is_waited_for || !np->parent ? NULL :
					       soca_device_find(np->parent);

	if (parent)
		device_lock(parent);
	if (test_and_clear_bit(OF_POPULATED, &np->_flags))
		platform_device_unregister(to_platform_device(dev));
	if (parent)
		device_unlock(parent);
}

/*
 * By the administrator, meanwhile: so be it.  Asks for the driver, since an
 * unbind of ours may be under way: then the lock waits for its end.
 */
static bool soca_is_bound_elsewhere(struct device *dev)
{
	bool elsewhere;

	device_lock(dev);
	elsewhere = dev->driver && dev->driver != soca_driver_for(dev);
	device_unlock(dev);
	return elsewhere;
}

static void soca_give_back_one(struct device *dev, enum soca_origin origin,
			       bool is_waited_for)
{
	switch (origin) {
	case SOCA_NO_DEVICE:
	case SOCA_ADMIN:
		break;
	case SOCA_ATTACHED:
		if (soca_device_is_ours(dev))
			device_release_driver(dev);
		break;
	case SOCA_DETACHED:
		if (soca_is_bound_elsewhere(dev))
			break;
		device_release_driver(dev);
		if (!device_is_registered(dev))
			break;
		if (device_attach(dev) <= 0)
			dev_warn(dev, "no driver of the host's took the device back\n");
		break;
	case SOCA_MADE:
		soca_unmake_device(dev, is_waited_for);
		break;
	}
}

struct soca_late_return {
	struct work_struct work;
	struct device *dev;
	enum soca_origin origin;
};

static void soca_late_return(struct work_struct *work)
{
	struct soca_late_return *late =
		container_of(work, struct soca_late_return, work);
	struct soca_bound *bound;

	soca_dmas_put_back(late->dev->of_node);
	soca_give_back_one(late->dev, late->origin, false);
	scoped_guard(mutex, &soca_registry_lock) {
		/* The administrator had bound it: it stays with us. */
		bound = soca_bound_find(late->dev);
		if (bound) {
			bound->quarantined = false;
			bound->returning = false;
		}
	}
	put_device(late->dev);
	kfree(late);
	soca_return_done();
}

/* By work: a device cannot unbind itself from within its own attribute. */
static int soca_end_quarantine(struct soca_bound *bound)
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
	soca_return_queue(&no_free_ptr(late)->work);
	return 0;
}

static ssize_t dma_class_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	static const char * const names[] = {
		[SOCASSIGN_DMA_NONE] = "none",
		[SOCASSIGN_DMA_PROTECTED] = "protected",
		[SOCASSIGN_DMA_UNSAFE] = "unsafe",
	};
	bool none = soca_device_masters_none(dev);

	return sysfs_emit(buf, "%s%s\n",
			  names[soca_policy_dma_class(dev->of_node, none)],
			  soca_device_declared(dev) ? " (declared)" : "");
}

/* May he say so?  "protected" must be true, "none" must not be known to be false. */
static int soca_may_declare(const struct device *dev, bool none, bool protected)
{
	if (none)
		return soca_policy_may_declare(dev->of_node);
	if (!protected || soca_policy_dma_class(dev->of_node, false) ==
			  SOCASSIGN_DMA_PROTECTED)
		return 0;
	soca_refuse(NULL, dev->of_node, "no IOMMU would protect from it");
	return -EINVAL;
}

static ssize_t dma_class_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct soca_bound *bound = dev_get_drvdata(dev);
	bool none = sysfs_streq(buf, "none");
	bool protected = sysfs_streq(buf, "protected");
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!none && !protected && !sysfs_streq(buf, "auto"))
		return -EINVAL;
	ret = soca_may_declare(dev, none, protected);
	if (ret)
		return ret;

	guard(mutex)(&soca_registry_lock);

	bound->declared = none || protected;
	bound->no_dma = none;
	return count;
}
static DEVICE_ATTR_RW(dma_class);

/* The owner of the file may be somebody without the capability. */
static int soca_flag_of_admin(const char *buf, bool *value)
{
	return capable(CAP_SYS_ADMIN) ? kstrtobool(buf, value) : -EPERM;
}

static ssize_t share_regs_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct soca_bound *bound = dev_get_drvdata(dev);

	guard(mutex)(&soca_registry_lock);

	return sysfs_emit(buf, "%d\n", bound->shares_regs);
}

static ssize_t share_regs_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	struct soca_bound *bound = dev_get_drvdata(dev);
	bool value;
	int ret = soca_flag_of_admin(buf, &value);

	if (ret)
		return ret;
	if (value && !soca_policy_may_share())
		return -EPERM;

	guard(mutex)(&soca_registry_lock);

	bound->shares_regs = value;
	return count;
}
static DEVICE_ATTR_RW(share_regs);

static ssize_t claimed_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct soca_bound *bound = dev_get_drvdata(dev);

	guard(mutex)(&soca_registry_lock);

	return sysfs_emit(buf, "%d\n", !!bound->claim);
}
static DEVICE_ATTR_RO(claimed);

static ssize_t quarantine_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct soca_bound *bound = dev_get_drvdata(dev);

	guard(mutex)(&soca_registry_lock);

	return sysfs_emit(buf, "%d\n", bound->quarantined);
}

static ssize_t quarantine_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	bool value;
	int ret = soca_flag_of_admin(buf, &value);

	if (ret)
		return ret;
	if (value)
		return -EINVAL;
	ret = soca_end_quarantine(dev_get_drvdata(dev));
	return ret ?: count;
}
static DEVICE_ATTR_RW(quarantine);

static struct attribute *soca_attrs[] = {
	&dev_attr_dma_class.attr,
	&dev_attr_share_regs.attr,
	&dev_attr_claimed.attr,
	&dev_attr_quarantine.attr,
	NULL
};

static const struct attribute_group soca_group = {
	.name = SOCA_DRIVER_NAME,
	.attrs = soca_attrs,
};

/* We made it for a claim (soca_make_device()), and destroy it. */
static bool soca_was_made(struct device *dev)
{
	return dev->bus == &platform_bus_type &&
	       !strcmp(to_platform_device(dev)->name, SOCA_DRIVER_NAME);
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
	dev_set_drvdata(dev, bound);
	ret = sysfs_create_group(&dev->kobj, &soca_group);
	if (ret) {
		kfree(bound);
		return ret;
	}

	guard(mutex)(&soca_registry_lock);

	hash_add(soca_bounds, &bound->hash, (unsigned long)dev->of_node);
	return 0;
}

/* The driver core holds the device lock: this must not wait for user space. */
static void soca_unbind(struct device *dev)
{
	struct soca_bound *bound = dev_get_drvdata(dev);
	struct soca_claim *claim;

	sysfs_remove_group(&dev->kobj, &soca_group);
	scoped_guard(mutex, &soca_registry_lock) {
		hash_del(&bound->hash);
		claim = bound->claim;
		if (claim)
			soca_claim_get(claim);
	}
	if (bound->quarantined && !bound->returning)
		dev_warn_ratelimited(dev, "unbound in quarantine: it was not reset, and may still try to do DMA\n");
	if (claim) {
		soca_claim_down(claim, dev->of_node);
		soca_claim_put(claim);
	}
	kfree(bound);
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

static struct platform_driver soca_platform_driver = {
	.probe = soca_platform_probe,
	SOCA_PLATFORM_REMOVE(soca_platform_remove),
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

static const struct amba_id soca_amba_ids[] = {
	{ }
};

static struct amba_driver soca_amba_driver = {
	.probe = soca_amba_probe,
	.remove = soca_amba_remove,
	.id_table = soca_amba_ids,
	.drv = {
		.owner = THIS_MODULE,
		.name = SOCA_DRIVER_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.driver_managed_dma = true,
};

static bool soca_amba_has_remove(struct device_driver *drv)
{
	return container_of(drv, struct amba_driver, drv)->remove;
}

static struct device_driver *soca_driver_for(const struct device *dev)
{
	return dev->bus == &amba_bustype ? &soca_amba_driver.drv :
					   &soca_platform_driver.driver;
}
#else
static bool soca_amba_has_remove(struct device_driver *drv)
{
	return false;
}

static struct device_driver *soca_driver_for(const struct device *dev)
{
	return &soca_platform_driver.driver;
}
#endif

/* Reviewed: all that they set up is device managed, so unbind undoes it. */
static const char * const soca_managed_drivers[] = {
	"pl061_gpio",
};

/*
 * Reviewed: their remove callback does not undo what probe did.  gpio-mpc8xxx
 * takes the chained handler off an interrupt that it requested as well, so
 * that freeing it warns and binding it again fails (6.1 to 7.3).
 */
static const char * const soca_broken_drivers[] = {
	"gpio-mpc8xxx",
};

static bool soca_name_in(const char *name, const char * const *names, int num)
{
	for (int i = 0; i < num; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool soca_has_remove(struct device_driver *drv)
{
	if (soca_name_in(drv->name, soca_managed_drivers,
			 ARRAY_SIZE(soca_managed_drivers)))
		return true;
	if (drv->bus == &platform_bus_type)
		return soca_platform_has_remove(to_platform_driver(drv));
	return soca_amba_has_remove(drv);
}

/* Children on other buses (an I2C client, a class device) go with the driver. */
static int soca_child_in_use(struct device *child, void *data)
{
	if (child->of_node && READ_ONCE(child->driver) &&
	    child->bus == soca_driver_for(child)->bus &&
	    !soca_claim_has_node(data, child->of_node))
		return 1;
	return device_for_each_child(child, data, soca_child_in_use);
}

/* The rule that keeps the host's driver on @dev, or NULL. */
static const char *soca_stuck_rule(struct soca_claim *claim, struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (!drv)
		return NULL;
	if (!(claim->flags & SOCASSIGN_DETACH))
		return "a driver of the host's is bound to it; unbind it, or use DETACH";
	if (drv->suppress_bind_attrs)
		return "the driver of the host's does not allow to be unbound";
	if (soca_name_in(drv->name, soca_broken_drivers,
			 ARRAY_SIZE(soca_broken_drivers)))
		return "the driver of the host's is known to leave things behind";
	if (!soca_has_remove(drv))
		return "the driver of the host's has no remove callback and was not reviewed";
	if (device_for_each_child(dev, claim, soca_child_in_use))
		return "the host drives a child of it that is not claimed";
	return NULL;
}

/* What a claim before it has left, and what the administrator says of it. */
static int soca_check_bound(const struct soca_claim *claim,
			    const struct soca_node *node,
			    const struct soca_bound *bound, bool open)
{
	lockdep_assert_held(&soca_registry_lock);

	/* What is behind an IOMMU can wait there for its next owner, as it is. */
	if (bound->returning || open) {
		soca_refuse(claim->reason, node->np, "it is in quarantine");
		return -EBUSY;
	}
	if (!claim->privileged && node->is_root && !bound->declared) {
		soca_refuse(claim->reason, node->np, "no dma_class declared any more, and no CAP_SYS_ADMIN");
		return -EPERM;
	}
	if (node->shares_regs && !bound->shares_regs) {
		soca_refuse(claim->reason, node->np, "share_regs was withdrawn meanwhile");
		return -EPERM;
	}
	return 0;
}

static int soca_check_ours(const struct soca_claim *claim,
			   const struct soca_node *node)
{
	bool open = soca_dmas_parked_near(node->np);
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	if (bound)
		return soca_check_bound(claim, node, bound, open);
	soca_refuse(claim->reason, node->np, "socassign is not bound any more");
	return -ENODEV;
}

/* One that the host drives, or that has no driver */
static int soca_check_hosts(struct soca_claim *claim,
			    const struct soca_node *node)
{
	const char *rule;

	/* The policy has looked; but the administrator may change his mind. */
	if (!claim->privileged) {
		soca_refuse(claim->reason, node->np, "not bound to socassign any more, and no CAP_SYS_ADMIN");
		return -EPERM;
	}
	/* It was unbound in quarantine: that is no way out. */
	if (soca_dmas_parked_near(node->np))
		rule = "it is in quarantine";
	else
		rule = soca_stuck_rule(claim, node->dev);
	if (!rule)
		return soca_policy_device(claim, node, node->dev->driver);
	soca_refuse(claim->reason, node->np, "%s", rule);
	return -EBUSY;
}

/* May the claim have the device, as it is now? */
static int soca_check_device(struct soca_claim *claim,
			     const struct soca_node *node, bool ours)
{
	int ret;

	device_lock_assert(node->dev);

	if (!ours)
		return soca_check_hosts(claim, node);
	ret = soca_check_ours(claim, node);
	return ret ?: soca_policy_device(claim, node, false);
}

/* One that will be made: the rest of the questions is for devices. */
static int soca_check_absent(const struct soca_claim *claim,
			     const struct soca_node *node)
{
	if (!soca_dmas_parked_near(node->np))
		return 0;
	soca_refuse(claim->reason, node->np, "it, or what it is a part of, is in quarantine");
	return -EBUSY;
}

static int soca_check_node(struct soca_claim *claim,
			   const struct soca_node *node, bool may_wait)
{
	int ret;

	if (!node->dev)
		return soca_check_absent(claim, node);
	if (may_wait) {
		device_lock(node->dev);
	} else if (!device_trylock(node->dev)) {
		soca_refuse(claim->reason, node->np, "it is just being bound or unbound");
		return -EBUSY;
	}
	ret = soca_check_device(claim, node, soca_device_is_ours(node->dev));
	device_unlock(node->dev);
	return ret;
}

/**
 * soca_devices_check - Could the devices of a claim be bound to us, all of them?
 * @claim: The claim, which the policy allows
 * @may_wait: For the locks of the devices; else one that is just being bound or
 *	unbound is -EBUSY
 *
 * A driver that was unbound and bound again for nothing has had its service
 * interrupted all the same.
 *
 * Context: Process context; with @may_wait no lock is held.
 * Return: 0, or -EACCES, -EBUSY, -ENODEV, -EPERM, -EOPNOTSUPP; the log and the
 * caller have the rule.
 */
int soca_devices_check(struct soca_claim *claim, bool may_wait)
{
	int ret = 0;

	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++)
		ret = soca_check_node(claim, &claim->nodes[i], may_wait);
	return ret;
}

static int soca_detach_host(struct soca_claim *claim, struct soca_node *node)
{
	struct device *dev = node->dev;
	bool driven, ours;
	int ret;

	/* soca_link_node() looks at it once more. */
	if (soca_device_is_ours(dev))
		return 0;
	device_lock(dev);
	ours = soca_device_is_ours(dev);
	ret = soca_check_device(claim, node, ours);
	driven = dev->driver;
	device_unlock(dev);
	if (ret || ours)
		return ret;
	node->origin = driven ? SOCA_DETACHED : SOCA_ATTACHED;
	if (driven)
		device_release_driver(dev);
	return 0;
}

static struct device *soca_make_device(const struct soca_claim *claim,
				       struct device_node *np)
{
	struct device *parent __free(put_device) =
		np->parent ? soca_device_find(np->parent) : NULL;
	/*
	 * "Reused" keeps the host's drivers away: they match by the node, we by
	 * the name.
	 */
	struct platform_device_info info = {
		.parent = parent,
		.fwnode = of_fwnode_handle(np),
		.of_node_reused = true,
		.name = SOCA_DRIVER_NAME,
		.id = PLATFORM_DEVID_AUTO,
	};
	struct platform_device *pdev;

	/* Keeps of_platform from making one, too. */
	if (of_node_test_and_set_flag(np, OF_POPULATED)) {
		soca_refuse(claim->reason, np, "the host has just made a device for it");
		return ERR_PTR(-EBUSY);
	}
	pdev = platform_device_register_full(&info);
	if (IS_ERR(pdev)) {
		of_node_clear_flag(np, OF_POPULATED);
		/* That is how a name that found no memory comes out. */
		return PTR_ERR(pdev) == -EINVAL ? ERR_PTR(-ENOMEM) :
						  ERR_CAST(pdev);
	}
	return get_device(&pdev->dev);
}

static int soca_bind_node(const struct soca_claim *claim,
			  const struct soca_node *node)
{
	int ret = device_driver_attach(soca_driver_for(node->dev), node->dev);

	if (!ret)
		return 0;
	soca_refuse(claim->reason, node->np, "socassign could not be bound (%d)", ret);
	return ret == -EBUSY || ret == -ENOMEM ? ret : -EREMOTEIO;
}

/* A named node always has a device; a descendant where a power domain asks. */
static int soca_make_for_node(const struct soca_claim *claim,
			      struct soca_node *node)
{
	struct device *dev = soca_device_find(node->np);

	if (dev) {
		put_device(dev);
		soca_refuse(claim->reason, node->np, "the host has just made a device for it");
		return -EBUSY;
	}
	if (!node->is_root && !of_property_present(node->np, "power-domains"))
		return 0;
	if (node->is_root && !claim->privileged) {
		soca_refuse(claim->reason, node->np, "it has no device any more, and no CAP_SYS_ADMIN");
		return -EPERM;
	}
	dev = soca_make_device(claim, node->np);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	node->dev = dev;
	node->origin = SOCA_MADE;
	/* It is bound by now, unless the bus does not probe by itself. */
	return soca_device_is_ours(dev) ? 0 : soca_bind_node(claim, node);
}

static int soca_attach_node(const struct soca_claim *claim,
			    struct soca_node *node)
{
	/* It went with the driver of its parent. */
	if (node->dev && !device_is_registered(node->dev)) {
		put_device(node->dev);
		node->dev = NULL;
	}
	if (!node->dev)
		return soca_make_for_node(claim, node);
	if (node->origin == SOCA_NO_DEVICE) {
		node->origin = SOCA_ADMIN;
		return 0;
	}
	return soca_bind_node(claim, node);
}

static int soca_link_node(struct soca_claim *claim, struct soca_node *node)
{
	bool open = soca_dmas_parked_near(node->np);
	struct soca_bound *bound;
	int ret;

	if (!node->dev)
		return 0;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	if (!bound) {
		soca_refuse(claim->reason, node->np, "socassign is not bound any more");
		return -ENODEV;
	}
	ret = soca_check_bound(claim, node, bound, open);
	if (ret)
		return ret;
	/* The claim takes over what a claim before it had to give back. */
	if (bound->quarantined && node->origin == SOCA_ADMIN)
		node->origin = bound->origin;
	bound->quarantined = false;
	bound->claim = claim;
	bound->origin = node->origin;
	return 0;
}

/**
 * soca_devices_take - Bind the devices of a claim to us, for this claim
 * @claim: The claim, after soca_devices_check(): each device is looked at once
 *	more, for the administrator may have been at it meanwhile
 *
 * The host lets go of all of them first, children before parents: a parent's
 * driver may destroy the children's devices.
 *
 * Context: Process context, no lock held; takes device locks.
 * Return: 0, an errno of soca_devices_check(), -EREMOTEIO, -ENOMEM; then what
 * was taken stays with the claim, whose ladder gives it back.
 */
int soca_devices_take(struct soca_claim *claim)
{
	int ret = 0;

	for (unsigned int i = claim->num_nodes; i-- && !ret;) {
		struct soca_node *node = &claim->nodes[i];

		if (node->dev)
			ret = soca_detach_host(claim, node);
	}
	for (unsigned int i = 0; i < claim->num_nodes && !ret; i++) {
		ret = soca_attach_node(claim, &claim->nodes[i]);
		if (!ret)
			ret = soca_link_node(claim, &claim->nodes[i]);
	}
	return ret;
}

static void soca_device_release(const struct soca_claim *claim,
				struct soca_node *node)
{
	bool quarantine = soca_dmas_parked(node->np);
	struct soca_bound *bound;

	guard(mutex)(&soca_registry_lock);

	bound = soca_bound_find(node->dev);
	if (!bound || bound->claim != claim)
		quarantine &= node->origin != SOCA_NO_DEVICE;
	else
		bound->claim = NULL;
	if (bound)
		bound->quarantined |= quarantine;
	if (!quarantine)
		return;
	/*
	 * Whoever ends the quarantine gives the device back.  If it was unbound it
	 * stays so: the quarantine shows, and can end, when it is bound again.
	 */
	node->origin = SOCA_NO_DEVICE;
	dev_warn_ratelimited(node->dev, "a bus master that was not reset: in quarantine\n");
}

/**
 * soca_devices_release - Part the devices from their claim
 * @claim: The claim, parted from its DMA identities; where one of a device is
 *	parked, the device goes into quarantine
 *
 * Context: Process context, under the gate.
 */
void soca_devices_release(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		struct soca_node *node = &claim->nodes[i];

		if (!node->dev)
			continue;
		soca_device_release(claim, node);
		if (node->origin != SOCA_ADMIN && node->origin != SOCA_NO_DEVICE)
			continue;
		/* Nothing to give back: it may be on its way out, and waited for. */
		put_device(node->dev);
		node->dev = NULL;
	}
}

/* Detached, but never attached: the claim failed in between. */
static void soca_find_detached(struct soca_node *node)
{
	if (!node->dev && node->origin == SOCA_DETACHED)
		node->dev = soca_device_find(node->np);
}

/**
 * soca_devices_any_to_give_back - Has the claim anything that is not its own?
 * @claim: The claim, after soca_devices_release()
 *
 * Return: true if soca_devices_give_back() has something to do.
 */
bool soca_devices_any_to_give_back(const struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		if (claim->nodes[i].dev ||
		    claim->nodes[i].origin == SOCA_DETACHED)
			return true;
	return false;
}

static void soca_node_give_back(const struct soca_claim *claim,
				struct soca_node *node)
{
	soca_find_detached(node);
	if (!node->dev)
		return;
	soca_give_back_one(node->dev, node->origin,
			   READ_ONCE(claim->is_waited_for));
	put_device(node->dev);
	node->dev = NULL;
}

/**
 * soca_devices_give_back - Give the devices back to whom they were taken from
 * @claim: The claim, down
 *
 * First go the devices that we made, children before parents: a parent's driver
 * makes its children's devices anew, where there are none.  Then the others,
 * parents before children.
 *
 * Context: Process context, no lock held; takes device locks.
 */
void soca_devices_give_back(struct soca_claim *claim)
{
	for (unsigned int i = claim->num_nodes; i--;)
		if (claim->nodes[i].origin == SOCA_MADE)
			soca_node_give_back(claim, &claim->nodes[i]);
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		soca_node_give_back(claim, &claim->nodes[i]);
}

/**
 * soca_bus_init - Register the bus drivers
 *
 * Return: 0 or a negative errno.
 */
int soca_bus_init(void)
{
	int ret = platform_driver_register(&soca_platform_driver);

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
