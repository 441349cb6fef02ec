// SPDX-License-Identifier: GPL-2.0
/*
 * Claims for the time of a command
 */
#include "claim.h"

#include "cli.h"

void complain_soca(const char *path, enum soca_operation op, int error)
{
	complain("%s: %s", path, soca_explain(op, error));
}

struct soca_claim *claim_path(const char *path)
{
	char reason[SOCASSIGN_MAX_REASON_LEN];
	struct soca_claim *claim;
	int ret = soca_open(&path, 1, options.claim_flags, &claim, reason);

	if (!ret)
		return claim;
	/* It names the node, which may be one that came along. */
	if (*reason)
		complain("%s", reason);
	else
		complain_soca(path, SOCA_OP_OPEN, ret);
	return NULL;
}
