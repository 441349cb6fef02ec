/* SPDX-License-Identifier: GPL-2.0 */
/* Huge mappings of what is no ordinary memory: registers, partitions. */
#ifndef _SELFTESTS_SOCASSIGN_HUGEPAGES_H
#define _SELFTESTS_SOCASSIGN_HUGEPAGES_H

/* Why a mapping consists of small pages on this machine, or NULL. */
const char *hugepages_missing(void);

#endif
