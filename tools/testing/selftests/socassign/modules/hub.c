// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of the host's that makes the devices of what is below its node, and
 * destroys them when it goes, as those of local buses and of USB glue do.
 */
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

#include "compat.h"
#include "socassign_test.h"

static int test_hub_probe(struct platform_device *pdev)
{
	return of_platform_populate(pdev->dev.of_node, NULL, NULL, &pdev->dev);
}

static void test_hub_remove(struct platform_device *pdev)
{
	of_platform_depopulate(&pdev->dev);
}

static const struct of_device_id test_hub_ids[] = {
	{ .compatible = "socassign,test-hub" },
	{ }
};

struct platform_driver test_hub_driver = {
	.probe = test_hub_probe,
	TEST_REMOVE(test_hub_remove),
	.driver = {
		.name = "socassign-test-hub",
		.of_match_table = test_hub_ids,
	},
};
