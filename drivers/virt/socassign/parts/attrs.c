// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the administrator sees and says of a device that is bound to us: sysfs
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/sysfs.h>
#include <uapi/linux/socassign.h>

#include "base/reason.h"
#include "claim/claim.h"
#include "parts/attrs.h"
#include "parts/quarantine.h"
#include "rules/dma_class.h"
#include "rules/policy.h"
#include "tree/bound.h"
#include "tree/registry.h"

static ssize_t dma_class_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	static const char * const names[] = {
		[SOCASSIGN_DMA_NONE] = "none",
		[SOCASSIGN_DMA_PROTECTED] = "protected",
		[SOCASSIGN_DMA_UNSAFE] = "unsafe",
	};
	struct soca_bound *bound = dev_get_drvdata(dev);
	bool declared;
	u32 words;

	scoped_guard(mutex, &soca_registry_lock) {
		words = (bound->no_dma ? SOCA_WORD_NONE : 0) |
			(bound->confined ? SOCA_WORD_CONFINED : 0);
		declared = bound->declared;
	}
	return sysfs_emit(buf, "%s%s\n",
			  names[soca_dma_class_of(dev->of_node, words)],
			  declared ? " (declared)" : "");
}

/* A word is his; that an IOMMU protects, without one, must be true. */
static int soca_may_store(const struct device *dev, u32 word, bool protected)
{
	if (word)
		return soca_may_declare(dev->of_node, word);
	if (!protected ||
	    soca_dma_class_of(dev->of_node, 0) == SOCASSIGN_DMA_PROTECTED)
		return 0;
	soca_refuse(NULL, dev->of_node, "no IOMMU would protect from it");
	return -EINVAL;
}

static u32 soca_word_of(const char *buf)
{
	if (sysfs_streq(buf, "none"))
		return SOCA_WORD_NONE;
	return sysfs_streq(buf, "confined") ? SOCA_WORD_CONFINED : 0;
}

static ssize_t dma_class_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct soca_bound *bound = dev_get_drvdata(dev);
	bool protected = sysfs_streq(buf, "protected");
	u32 word = soca_word_of(buf);
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!word && !protected && !sysfs_streq(buf, "auto"))
		return -EINVAL;
	ret = soca_may_store(dev, word, protected);
	if (ret)
		return ret;

	guard(mutex)(&soca_registry_lock);

	if (bound->returning)
		return -EBUSY;
	bound->declared = word || protected;
	bound->no_dma = word == SOCA_WORD_NONE;
	bound->confined = word == SOCA_WORD_CONFINED;
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

	if (bound->returning)
		return -EBUSY;
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

static ssize_t remove_request_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	struct soca_bound *bound = dev_get_drvdata(dev);

	guard(mutex)(&soca_registry_lock);

	return sysfs_emit(buf, "%d\n", bound->is_asked_for);
}

static ssize_t remove_request_store(struct device *dev,
				    struct device_attribute *attr,
				    const char *buf, size_t count)
{
	struct soca_bound *bound = dev_get_drvdata(dev);
	bool value;
	int ret = soca_flag_of_admin(buf, &value);

	if (ret)
		return ret;
	/* What was asked cannot be unasked: the owner may be at it. */
	if (!value)
		return -EINVAL;

	guard(mutex)(&soca_registry_lock);

	if (!bound->claim)
		return -ENODEV;
	bound->is_asked_for = true;
	soca_event_queue(bound->claim, SOCASSIGN_EVENT_REMOVE_REQUESTED,
			 soca_set_index(&bound->claim->set, dev->of_node));
	return count;
}
static DEVICE_ATTR_RW(remove_request);

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
	&dev_attr_remove_request.attr,
	&dev_attr_quarantine.attr,
	NULL
};

const struct attribute_group soca_device_attrs = {
	.name = "socassign",
	.attrs = soca_attrs,
};
