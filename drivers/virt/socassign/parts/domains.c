// SPDX-License-Identifier: GPL-2.0-only
/*
 * The power domains of a device that has several
 *
 * The driver core attaches a device to its domain if it has one, and leaves it to
 * the driver if there are more (genpd_dev_pm_attach()): each is then a device of
 * its own, which a link keeps active.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/of.h>
#include <linux/pm_domain.h>
#include <linux/slab.h>

#include "parts/domains.h"

/**
 * struct soca_domains - Domains, kept on
 * @num: Number of @domain
 * @domain: The device that stands for each, and the link that keeps it active
 */
struct soca_domains {
	unsigned int num;
	struct {
		struct device *dev;
		struct device_link *link;
	} domain[];
};

static int soca_domain_attach(struct soca_domains *domains, struct device *dev)
{
	struct device *domain = dev_pm_domain_attach_by_id(dev, domains->num);
	struct device_link *link;

	if (IS_ERR_OR_NULL(domain))
		return domain ? PTR_ERR(domain) : -ENODEV;
	link = device_link_add(dev, domain, DL_FLAG_STATELESS |
			       DL_FLAG_PM_RUNTIME | DL_FLAG_RPM_ACTIVE);
	if (!link) {
		dev_pm_domain_detach(domain, true);
		return -EIO;
	}
	domains->domain[domains->num].dev = domain;
	domains->domain[domains->num].link = link;
	domains->num++;
	return 0;
}

/**
 * soca_domains_attach - Bring up the domains of a device that has several
 * @dev: The device, bound to us
 *
 * Context: Process context, under the gate, held for writing.
 * Return: What soca_domains_detach() takes, NULL if the domains are not ours to
 * attach, or an error.
 */
struct soca_domains *soca_domains_attach(struct device *dev)
{
	int num = of_count_phandle_with_args(dev->of_node, "power-domains",
					     "#power-domain-cells");
	struct soca_domains *domains;

	/* A kernel without the framework leaves them on, one or several. */
	if (!IS_ENABLED(CONFIG_PM_GENERIC_DOMAINS) || num < 2)
		return NULL;
	domains = kzalloc(struct_size(domains, domain, num), GFP_KERNEL_ACCOUNT);
	if (!domains)
		return ERR_PTR(-ENOMEM);
	while (domains->num < num) {
		int ret = soca_domain_attach(domains, dev);

		if (ret) {
			soca_domains_detach(domains);
			return ERR_PTR(ret);
		}
	}
	return domains;
}

/**
 * soca_domains_detach - The contrary of soca_domains_attach()
 * @domains: What that returned, or NULL
 */
void soca_domains_detach(struct soca_domains *domains)
{
	if (!domains)
		return;
	while (domains->num--) {
		device_link_del(domains->domain[domains->num].link);
		dev_pm_domain_detach(domains->domain[domains->num].dev, true);
	}
	kfree(domains);
}
