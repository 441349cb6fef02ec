// SPDX-License-Identifier: GPL-2.0-only
/*
 * A claim that is in use, brought back to its start
 *
 * What the way down does to the devices, in the same order, but the claim keeps
 * them: its owner's next guest finds them as the last one did.
 */
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "parts/identities.h"
#include "parts/irq.h"
#include "parts/parts.h"
#include "parts/quiesce.h"
#include "parts/windows.h"

/* All devices or none: then no identity has a user that was left out. */
static int soca_reset(struct soca_claim *claim)
{
	bool is_quiet;

	if (claim->down)
		return -ENODEV;
	if (!soca_can_quiet(claim))
		return -EOPNOTSUPP;
	soca_dmas_block(claim);
	soca_irqs_stop(claim);
	is_quiet = soca_quiet(claim);
	if (is_quiet)
		soca_dmas_forget(claim);
	soca_irqs_restart(claim);
	return is_quiet ? 0 : -EREMOTEIO;
}

/* Held for writing: no other command connects, enables or fires meanwhile. */
static int soca_reset_ioctl(struct soca_ucmd *ucmd)
{
	struct socassign_reset *cmd = ucmd->cmd;

	if (cmd->flags)
		return -EOPNOTSUPP;

	guard(rwsem_write)(&ucmd->claim->gate);

	return soca_reset(ucmd->claim);
}

static void soca_reset_info(const struct soca_claim *claim,
			    struct socassign_info *info)
{
	info->out_has_reset = soca_can_quiet(claim);
}

static const struct soca_ioctl_op soca_reset_ops[] = {
	SOCA_IOCTL_OP(SOCASSIGN_RESET, soca_reset_ioctl,
		      struct socassign_reset, flags),
};

const struct soca_part soca_reset_part = {
	.of_devices = true,
	.info = soca_reset_info,
	.ioctls = soca_reset_ops,
	.num_ioctls = ARRAY_SIZE(soca_reset_ops),
};
