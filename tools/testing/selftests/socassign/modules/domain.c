// SPDX-License-Identifier: GPL-2.0
/*
 * Three power domains, of which the last one never comes up.
 *
 *   domains_on  read which are on, as a bit mask
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>

#include "compat.h"
#include "socassign_test.h"

/* One that the kernel can read while a domain changes. */
static atomic_t test_domains_on;

static int test_domain_bit(const struct generic_pm_domain *domain);

static int test_domain_on(struct generic_pm_domain *domain)
{
	atomic_or(test_domain_bit(domain), &test_domains_on);
	return 0;
}

static int test_domain_off(struct generic_pm_domain *domain)
{
	atomic_andnot(test_domain_bit(domain), &test_domains_on);
	return 0;
}

static int test_domain_fail(struct generic_pm_domain *domain)
{
	return -EIO;
}

static struct generic_pm_domain test_domain[] = {
	{
		.name = "socassign-test-0",
		.power_on = test_domain_on,
		.power_off = test_domain_off,
	}, {
		.name = "socassign-test-1",
		.power_on = test_domain_on,
		.power_off = test_domain_off,
	}, {
		.name = "socassign-test-broken",
		.power_on = test_domain_fail,
	},
};

static int test_domain_bit(const struct generic_pm_domain *domain)
{
	return BIT(domain - test_domain);
}

static struct generic_pm_domain *test_domain_list[] = {
	&test_domain[0], &test_domain[1], &test_domain[2],
};

static struct genpd_onecell_data test_domain_data = {
	.domains = test_domain_list,
	.num_domains = ARRAY_SIZE(test_domain_list),
};

static int test_domains_probe(struct platform_device *pdev)
{
	/* Who needs a domain waits for its driver all the same (fw_devlink). */
	if (!IS_ENABLED(CONFIG_PM_GENERIC_DOMAINS_OF))
		return 0;
	for (int i = 0; i < ARRAY_SIZE(test_domain); i++) {
		int ret = pm_genpd_init(&test_domain[i], NULL, true);

		if (ret) {
			while (i--)
				pm_genpd_remove(&test_domain[i]);
			return ret;
		}
	}
	return of_genpd_add_provider_onecell(pdev->dev.of_node,
					     &test_domain_data);
}

static void test_domains_remove(struct platform_device *pdev)
{
	of_genpd_del_provider(pdev->dev.of_node);
	for (int i = 0; i < ARRAY_SIZE(test_domain); i++)
		pm_genpd_remove(&test_domain[i]);
}

static const struct of_device_id test_domains_ids[] = {
	{ .compatible = "socassign,test-power-domains" },
	{ }
};

struct platform_driver test_domains_driver = {
	.probe = test_domains_probe,
	TEST_REMOVE(test_domains_remove),
	.driver = {
		.name = "socassign-test-power-domains",
		.of_match_table = test_domains_ids,
		/* Who has a domain has no hold on its provider. */
		.suppress_bind_attrs = true,
	},
};

void test_domains_init(struct dentry *dir)
{
	if (IS_ENABLED(CONFIG_PM_GENERIC_DOMAINS_OF))
		debugfs_create_atomic_t("domains_on", 0400, dir,
					&test_domains_on);
}
