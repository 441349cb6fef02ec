// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine goes to sleep, or down, and devices are given away
 *
 * The kernel cannot bring back what a guest had in a device, nor the device's
 * state; so it does not go to sleep, unless the administrator prefers that to the
 * claims.  When it goes down, or another kernel takes over (kexec), it does so in any
 * case: soca_shutdown() takes the claims down, device by device, before the memory
 * changes hands.
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "base/machine.h"
#include "base/params.h"
#include "base/returns.h"
#include "changes/power.h"
#include "claim/claim.h"

static bool soca_is_any(const struct soca_claim *claim, const void *data)
{
	return true;
}

static struct soca_claim *soca_claims_any(void)
{
	return soca_claims_find(soca_is_any, NULL);
}

/* The host's drivers have their devices, and put them to sleep. */
static void soca_revoke_all(void)
{
	struct soca_claim *claim;

	while ((claim = soca_claims_any())) {
		pr_notice("%s: the machine goes to sleep, its claim is revoked\n",
			  claim->set.paths.buf);
		soca_claim_down(claim, claim->set.nodes[0].np);
		soca_claim_put(claim);
	}
}

static int soca_stay_awake(void)
{
	soca_machine_wakes();
	return notifier_from_errno(-EBUSY);
}

/*
 * The probe of a driver of the host's may register for these notifications, too,
 * which waits for their end: so this must have one.
 */
static int soca_await_returns(void)
{
	if (soca_returns_settle())
		return NOTIFY_OK;
	pr_notice("the machine does not go to sleep: a driver of the host's has not yet taken a device back\n");
	return soca_stay_awake();
}

static int soca_veto_sleep(void)
{
	struct soca_claim *claim = soca_claims_any();

	if (!claim)
		return NOTIFY_OK;
	pr_notice("the machine does not go to sleep: somebody has %s (see the parameter revoke_on_sleep)\n",
		  claim->set.paths.buf);
	soca_claim_put(claim);
	return soca_stay_awake();
}

static int soca_go_to_sleep(void)
{
	int ret;

	if (!soca_machine_sleeps())
		return NOTIFY_OK;
	ret = soca_await_returns();
	if (ret != NOTIFY_OK)
		return ret;
	if (!READ_ONCE(soca_revoke_on_sleep))
		return soca_veto_sleep();
	soca_revoke_all();
	return soca_await_returns();
}

static int soca_pm_notify(struct notifier_block *nb, unsigned long action,
			  void *data)
{
	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		return soca_go_to_sleep();
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		soca_machine_wakes();
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block soca_pm_nb = {
	.notifier_call = soca_pm_notify,
};

/* Before device_shutdown(). */
static int soca_reboot_notify(struct notifier_block *nb, unsigned long action,
			      void *data)
{
	soca_machine_ends();
	return NOTIFY_OK;
}

static struct notifier_block soca_reboot_nb = {
	.notifier_call = soca_reboot_notify,
};

/**
 * soca_power_init - Hear of the machine's sleep and end
 *
 * Return: 0 or a negative errno.
 */
int soca_power_init(void)
{
	int ret = register_reboot_notifier(&soca_reboot_nb);

	if (ret)
		return ret;
	ret = register_pm_notifier(&soca_pm_nb);
	if (ret)
		unregister_reboot_notifier(&soca_reboot_nb);
	return ret;
}

void soca_power_exit(void)
{
	unregister_pm_notifier(&soca_pm_nb);
	unregister_reboot_notifier(&soca_reboot_nb);
}
