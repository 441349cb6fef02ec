// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers of the host's of three kinds, for nodes that the boards' trees have
 * for them: one that lets go, one that does not allow to be unbound, and one
 * without a remove callback.
 */
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include "compat.h"
#include "socassign_test.h"

static int test_probe(struct platform_device *pdev)
{
	return 0;
}

static void test_remove(struct platform_device *pdev)
{
}

static const struct of_device_id test_plain_ids[] = {
	{ .compatible = "socassign,test-plain" },
	{ }
};

static struct platform_driver test_plain_driver = {
	.probe = test_probe,
	TEST_REMOVE(test_remove),
	.driver = {
		.name = "socassign-test-plain",
		.of_match_table = test_plain_ids,
	},
};

static const struct of_device_id test_stuck_ids[] = {
	{ .compatible = "socassign,test-stuck" },
	{ }
};

static struct platform_driver test_stuck_driver = {
	.probe = test_probe,
	TEST_REMOVE(test_remove),
	.driver = {
		.name = "socassign-test-stuck",
		.of_match_table = test_stuck_ids,
		.suppress_bind_attrs = true,
	},
};

static const struct of_device_id test_devm_ids[] = {
	{ .compatible = "socassign,test-devm" },
	{ }
};

static struct platform_driver test_devm_driver = {
	.probe = test_probe,
	.driver = {
		.name = "socassign-test-devm",
		.of_match_table = test_devm_ids,
	},
};

static struct platform_driver * const test_drivers[] = {
	&test_plain_driver, &test_stuck_driver, &test_devm_driver,
	&test_pic_driver, &test_hub_driver, &test_slow_driver,
	&test_clock_driver, &test_domains_driver, &test_lines_driver,
};

int test_drivers_init(void)
{
	return platform_register_drivers(test_drivers, ARRAY_SIZE(test_drivers));
}

void test_drivers_exit(void)
{
	platform_unregister_drivers(test_drivers, ARRAY_SIZE(test_drivers));
}
