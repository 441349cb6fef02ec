// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether the machine stays up: while it goes to sleep, or down, nobody gets a
 * device
 *
 * Whoever changes that looks for claims afterwards, under soca_registry_lock, as
 * the others ask: so they see the change, or their claim is seen.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/of.h>

#include "base/machine.h"
#include "base/reason.h"

/**
 * enum soca_machine_state - What the machine is about to do
 * @SOCA_STAYS_UP: Nothing of that kind
 * @SOCA_SLEEPS: To sleep, from before user space stops until after it goes on
 * @SOCA_ENDS: To go down, or to hand over to another kernel
 */
enum soca_machine_state {
	SOCA_STAYS_UP,
	SOCA_SLEEPS,
	SOCA_ENDS,
};

static enum soca_machine_state soca_machine;

/**
 * soca_machine_sleeps - The machine goes to sleep
 *
 * Return: false if it ends instead.
 */
bool soca_machine_sleeps(void)
{
	return cmpxchg(&soca_machine, SOCA_STAYS_UP, SOCA_SLEEPS) != SOCA_ENDS;
}

/**
 * soca_machine_wakes - It does not, or does not any more
 */
void soca_machine_wakes(void)
{
	cmpxchg(&soca_machine, SOCA_SLEEPS, SOCA_STAYS_UP);
}

/**
 * soca_machine_ends - The machine goes down, for good
 */
void soca_machine_ends(void)
{
	WRITE_ONCE(soca_machine, SOCA_ENDS);
}

/**
 * soca_machine_has_ended - Does the machine go down?
 *
 * Return: true if so.
 */
bool soca_machine_has_ended(void)
{
	return READ_ONCE(soca_machine) == SOCA_ENDS;
}

/**
 * soca_machine_check - May somebody get a device now?
 * @reason: Where to say why not
 * @np: The device's node
 *
 * Context: Under soca_registry_lock, for an answer that counts.
 * Return: 0, -EBUSY or -ESHUTDOWN.
 */
int soca_machine_check(struct soca_reason *reason, const struct device_node *np)
{
	switch (READ_ONCE(soca_machine)) {
	case SOCA_SLEEPS:
		soca_refuse(reason, np, "the machine goes to sleep");
		return -EBUSY;
	case SOCA_ENDS:
		soca_refuse(reason, np, "the machine goes down");
		return -ESHUTDOWN;
	default:
		return 0;
	}
}
