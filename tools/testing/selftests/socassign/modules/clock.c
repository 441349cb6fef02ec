// SPDX-License-Identifier: GPL-2.0
/*
 * A clock that takes its time to come and to go, without sleeping: whoever waits
 * for its user meanwhile is there the moment that he lets go.  And one that does
 * not come.
 *
 *   clock_users  read how many have it, or are just getting it or putting it
 */
#include <linux/atomic.h>
#include <linux/clk-provider.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/property.h>

#include "compat.h"
#include "socassign_test.h"

#define TEST_CLOCK_MS	5

static atomic_t test_clock_users;

static int test_clock_prepare(struct clk_hw *hw)
{
	atomic_inc(&test_clock_users);
	mdelay(TEST_CLOCK_MS);
	return 0;
}

static void test_clock_unprepare(struct clk_hw *hw)
{
	mdelay(TEST_CLOCK_MS);
	atomic_dec(&test_clock_users);
}

static int test_clock_fail(struct clk_hw *hw)
{
	return -EIO;
}

static const struct clk_ops test_slow_clock_ops = {
	.prepare = test_clock_prepare,
	.unprepare = test_clock_unprepare,
};

static const struct clk_ops test_broken_clock_ops = {
	.prepare = test_clock_fail,
};

static int test_clock_probe(struct platform_device *pdev)
{
	const struct clk_init_data init = {
		.name = dev_name(&pdev->dev),
		.ops = device_get_match_data(&pdev->dev),
	};
	struct clk_hw *hw = devm_kzalloc(&pdev->dev, sizeof(*hw), GFP_KERNEL);
	int ret;

	if (!hw)
		return -ENOMEM;
	hw->init = &init;
	ret = devm_clk_hw_register(&pdev->dev, hw);
	if (ret)
		return ret;
	return devm_of_clk_add_hw_provider(&pdev->dev, of_clk_hw_simple_get, hw);
}

static const struct of_device_id test_clock_ids[] = {
	{
		.compatible = "socassign,test-slow-clock",
		.data = &test_slow_clock_ops,
	}, {
		.compatible = "socassign,test-broken-clock",
		.data = &test_broken_clock_ops,
	},
	{ }
};

struct platform_driver test_clock_driver = {
	.probe = test_clock_probe,
	.driver = {
		.name = "socassign-test-clock",
		.of_match_table = test_clock_ids,
	},
};

void test_clock_init(struct dentry *dir)
{
	debugfs_create_atomic_t("clock_users", 0400, dir, &test_clock_users);
}
