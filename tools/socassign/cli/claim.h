/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SOCASSIGN_CLI_CLAIM_H
#define _SOCASSIGN_CLI_CLAIM_H

#include "libsocassign.h"

/* Claim a path with options.claim_flags: NULL with a message if not. */
struct soca_claim *claim_path(const char *path);

/* Say what has failed, and why. */
void complain_soca(const char *path, enum soca_operation op, int error);

#endif /* _SOCASSIGN_CLI_CLAIM_H */
