// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt controllers that somebody uses
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/of_irq.h>
#include <linux/rcupdate.h>

#include "rules/irqchip.h"

/* Nobody has requested it, no driver has chained it, and no MSI is set up. */
static bool soca_irq_is_idle(unsigned int virq)
{
	struct irq_data *data;
	bool idle;

	rcu_read_lock();
	data = irq_get_irq_data(virq);
	idle = data && !irq_has_action(virq) && !irqd_is_activated(data);
	rcu_read_unlock();
	return idle;
}

/*
 * A mapping outlives the user of the line.  The driver of a GPIO controller takes
 * it away as it goes; with any other a mapping may be all that a user has.
 */
static bool soca_domain_in_use(const struct device_node *np,
			       struct irq_domain *domain)
{
	unsigned int idle = 0;

	if (!of_property_present(np, "gpio-controller"))
		return READ_ONCE(domain->mapcount);
	for (irq_hw_number_t hw = 0; hw < domain->revmap_size; hw++) {
		unsigned int virq = irq_find_mapping(domain, hw);

		idle += virq && soca_irq_is_idle(virq);
	}
	return READ_ONCE(domain->mapcount) > idle;
}

/* enum irq_domain_bus_token has no last one; there are less than 20. */
#define SOCA_BUS_TOKENS		32

/* A node may have several domains, each with a token of its own. */
static bool soca_domains_in_use(struct device_node *np)
{
	for (int token = DOMAIN_BUS_ANY; token < SOCA_BUS_TOKENS; token++) {
		struct irq_domain *domain = irq_find_matching_host(np, token);

		if (domain && soca_domain_in_use(np, domain))
			return true;
	}
	return false;
}

/**
 * soca_is_irqchip - Is a node an interrupt controller in use?
 * @np: The node
 * @driven: A driver of the host's is bound to its device: one without users may go
 *	with it.  Neither goes meanwhile: the caller has the device lock.
 *
 * Return: true if so.
 */
bool soca_is_irqchip(struct device_node *np, bool driven)
{
	return irq_find_matching_host(np, DOMAIN_BUS_ANY) &&
	       (!driven || soca_domains_in_use(np));
}
