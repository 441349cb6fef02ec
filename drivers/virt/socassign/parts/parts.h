/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a claim: what the table of parts is made of
 */
#ifndef _SOCASSIGN_PARTS_H
#define _SOCASSIGN_PARTS_H

#include "claim/part.h"

extern const struct soca_part soca_devices_part;
extern const struct soca_part soca_identities_part;
extern const struct soca_part soca_supplies_part;
extern const struct soca_part soca_quiesce_part;
extern const struct soca_part soca_interrupts_part;
extern const struct soca_part soca_registers_part;
extern const struct soca_part soca_partition_part;
extern const struct soca_part soca_windows_part;
extern const struct soca_part soca_reset_part;

#endif /* _SOCASSIGN_PARTS_H */
