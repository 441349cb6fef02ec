// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of the host's for an interrupt controller whose users the device tree
 * does not tell, as those of MSIs.  One of its lines is mapped; it is requested,
 * too, where the node has the property "socassign,test-requested".
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "compat.h"
#include "socassign_test.h"

#define TEST_PIC_LINES	4

struct test_pic {
	struct irq_domain *domain;
	unsigned int virq;
	bool requested;
};

static int test_pic_map(struct irq_domain *domain, unsigned int virq,
			irq_hw_number_t hw)
{
	irq_set_chip_and_handler(virq, &dummy_irq_chip, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops test_pic_ops = {
	.map = test_pic_map,
};

static irqreturn_t test_pic_handler(int irq, void *data)
{
	return IRQ_NONE;
}

static int test_pic_setup(struct test_pic *pic, struct device_node *np)
{
	pic->domain = irq_domain_create_linear(of_fwnode_handle(np),
					       TEST_PIC_LINES, &test_pic_ops,
					       pic);
	if (!pic->domain)
		return -ENOMEM;
	pic->virq = irq_create_mapping(pic->domain, 0);
	if (!pic->virq)
		return -ENOMEM;
	if (!of_property_read_bool(np, "socassign,test-requested"))
		return 0;
	pic->requested = !request_irq(pic->virq, test_pic_handler, 0,
				      "socassign-test-pic", pic);
	return pic->requested ? 0 : -EIO;
}

static void test_pic_free(struct test_pic *pic)
{
	if (pic->requested)
		free_irq(pic->virq, pic);
	if (pic->virq)
		irq_dispose_mapping(pic->virq);
	if (pic->domain)
		irq_domain_remove(pic->domain);
	kfree(pic);
}

static int test_pic_probe(struct platform_device *pdev)
{
	struct test_pic *pic = kzalloc(sizeof(*pic), GFP_KERNEL);
	int ret;

	if (!pic)
		return -ENOMEM;
	ret = test_pic_setup(pic, pdev->dev.of_node);
	if (ret)
		test_pic_free(pic);
	else
		platform_set_drvdata(pdev, pic);
	return ret;
}

static void test_pic_remove(struct platform_device *pdev)
{
	test_pic_free(platform_get_drvdata(pdev));
}

static const struct of_device_id test_pic_ids[] = {
	{ .compatible = "socassign,test-pic" },
	{ }
};

struct platform_driver test_pic_driver = {
	.probe = test_pic_probe,
	TEST_REMOVE(test_pic_remove),
	.driver = {
		.name = "socassign-test-pic",
		.of_match_table = test_pic_ids,
	},
};
