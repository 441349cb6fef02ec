// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt lines and reset lines of no device, and the controllers of both: so a
 * test can raise an edge while its line is masked, or have a controller that sleeps.
 * A reset lowers a level; an edge that waits in the controller it does not reach.
 * Lines with an odd number are behind a bus that sleeps.
 *
 *   raise_line, lower_line   write the number of a line
 *   line_resets              read how often one was reset
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/reset-controller.h>
#include <linux/spinlock.h>

#include "compat.h"
#include "socassign_test.h"

#define TEST_LINES	5

/**
 * struct test_line - A line
 * @lock: Protects @raised and @masked; taken in interrupt context
 * @raised: The level is up; an edge waits to be delivered
 * @masked: The controller was told so
 * @is_edge: Edge triggered
 * @virq: Linux's number for it
 * @work: Delivers what came while it was masked, some time after interrupts are on
 */
struct test_line {
	raw_spinlock_t lock;		/* raised, masked */
	bool raised;
	bool masked;
	bool is_edge;
	unsigned int virq;
	struct irq_work work;
};

static struct test_line test_lines[TEST_LINES];
static struct irq_domain *test_lines_domain;
static DEFINE_MUTEX(test_lines_bus);
static atomic_t test_line_resets;

static void test_line_deliver(struct test_line *line)
{
	unsigned long flags;
	bool due;

	raw_spin_lock_irqsave(&line->lock, flags);
	due = line->raised && !line->masked;
	if (due && line->is_edge)
		line->raised = false;
	raw_spin_unlock_irqrestore(&line->lock, flags);
	if (due)
		generic_handle_irq_safe(line->virq);
}

static void test_line_work(struct irq_work *work)
{
	test_line_deliver(container_of(work, struct test_line, work));
}

static void test_line_set(struct test_line *line, bool *what, bool value)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&line->lock, flags);
	*what = value;
	raw_spin_unlock_irqrestore(&line->lock, flags);
}

/* The controller of interrupts */

static void test_line_ack(struct irq_data *data)
{
}

static void test_line_mask(struct irq_data *data)
{
	struct test_line *line = irq_data_get_irq_chip_data(data);

	test_line_set(line, &line->masked, true);
}

static void test_line_unmask(struct irq_data *data)
{
	struct test_line *line = irq_data_get_irq_chip_data(data);

	test_line_set(line, &line->masked, false);
	irq_work_queue(&line->work);
}

static int test_line_set_type(struct irq_data *data, unsigned int type)
{
	struct test_line *line = irq_data_get_irq_chip_data(data);

	line->is_edge = !(type & IRQ_TYPE_LEVEL_MASK);
	irq_set_handler_locked(data, line->is_edge ? handle_edge_irq :
						     handle_level_irq);
	return 0;
}

/* A bus that sleeps delivers when it is let go. */
static void test_slow_line_unmask(struct irq_data *data)
{
	struct test_line *line = irq_data_get_irq_chip_data(data);

	test_line_set(line, &line->masked, false);
}

static void test_line_bus_lock(struct irq_data *data)
{
	mutex_lock(&test_lines_bus);
}

static void test_line_bus_unlock(struct irq_data *data)
{
	mutex_unlock(&test_lines_bus);
	test_line_deliver(irq_data_get_irq_chip_data(data));
}

static struct irq_chip test_line_chip = {
	.name = "socassign-test-line",
	.irq_ack = test_line_ack,
	.irq_mask = test_line_mask,
	.irq_unmask = test_line_unmask,
	.irq_set_type = test_line_set_type,
};

static struct irq_chip test_slow_line_chip = {
	.name = "socassign-test-slow-line",
	.irq_ack = test_line_ack,
	.irq_mask = test_line_mask,
	.irq_unmask = test_slow_line_unmask,
	.irq_set_type = test_line_set_type,
	.irq_bus_lock = test_line_bus_lock,
	.irq_bus_sync_unlock = test_line_bus_unlock,
};

static int test_line_map(struct irq_domain *domain, unsigned int virq,
			 irq_hw_number_t hw)
{
	struct test_line *line = &test_lines[hw];

	line->virq = virq;
	line->masked = true;
	irq_set_chip_data(virq, line);
	irq_set_chip_and_handler(virq, hw % 2 ? &test_slow_line_chip :
						&test_line_chip,
				 handle_level_irq);
	return 0;
}

static void test_line_unmap(struct irq_domain *domain, unsigned int virq)
{
	struct test_line *line = irq_get_chip_data(virq);

	line->virq = 0;
}

static const struct irq_domain_ops test_line_domain_ops = {
	.map = test_line_map,
	.unmap = test_line_unmap,
	.xlate = irq_domain_xlate_twocell,
};

/* The controller of resets */

static int test_line_reset(struct reset_controller_dev *resets,
			   unsigned long id)
{
	struct test_line *line = &test_lines[id];

	if (!line->is_edge)
		test_line_set(line, &line->raised, false);
	atomic_inc(&test_line_resets);
	return 0;
}

static const struct reset_control_ops test_line_reset_ops = {
	.reset = test_line_reset,
};

static struct reset_controller_dev test_line_rcdev = {
	.owner = THIS_MODULE,
	.ops = &test_line_reset_ops,
	.nr_resets = TEST_LINES,
};

/* Both */

static void test_lines_remove(struct platform_device *pdev)
{
	reset_controller_unregister(&test_line_rcdev);
	for (unsigned int i = 0; i < TEST_LINES; i++) {
		irq_work_sync(&test_lines[i].work);
		irq_dispose_mapping(irq_find_mapping(test_lines_domain, i));
	}
	irq_domain_remove(test_lines_domain);
}

static int test_lines_probe(struct platform_device *pdev)
{
	struct device_node *np = pdev->dev.of_node;
	int ret;

	for (unsigned int i = 0; i < TEST_LINES; i++) {
		raw_spin_lock_init(&test_lines[i].lock);
		test_lines[i].work = IRQ_WORK_INIT_HARD(test_line_work);
	}
	test_lines_domain = irq_domain_create_linear(of_fwnode_handle(np),
						     TEST_LINES,
						     &test_line_domain_ops,
						     NULL);
	if (!test_lines_domain)
		return -ENOMEM;
	test_line_rcdev.of_node = np;
	ret = reset_controller_register(&test_line_rcdev);
	if (ret)
		irq_domain_remove(test_lines_domain);
	return ret;
}

static const struct of_device_id test_lines_ids[] = {
	{ .compatible = "socassign,test-lines" },
	{ }
};

struct platform_driver test_lines_driver = {
	.probe = test_lines_probe,
	TEST_REMOVE(test_lines_remove),
	.driver = {
		.name = "socassign-test-lines",
		.of_match_table = test_lines_ids,
		.suppress_bind_attrs = true,
	},
};

/* What a test does */

static int test_raise(void *data, u64 number)
{
	struct test_line *line;

	if (number >= TEST_LINES)
		return -EINVAL;
	line = &test_lines[number];
	test_line_set(line, &line->raised, true);
	test_line_deliver(line);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(test_raise_fops, NULL, test_raise, "%llu\n");

static int test_lower(void *data, u64 number)
{
	struct test_line *line;

	if (number >= TEST_LINES)
		return -EINVAL;
	line = &test_lines[number];
	test_line_set(line, &line->raised, false);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(test_lower_fops, NULL, test_lower, "%llu\n");

void test_lines_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("raise_line", 0200, dir, NULL,
				   &test_raise_fops);
	debugfs_create_file_unsafe("lower_line", 0200, dir, NULL,
				   &test_lower_fops);
	debugfs_create_atomic_t("line_resets", 0400, dir, &test_line_resets);
}
