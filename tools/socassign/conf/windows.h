/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device of a partition sees of memory
 */
#ifndef _SOCASSIGN_CONF_WINDOWS_H
#define _SOCASSIGN_CONF_WINDOWS_H

#include "conf.h"
#include "props.h"

/* Read the nodes below that of a device; each error is told. */
void conf_windows(struct conf_reader *reader, int node,
		  struct conf_claim *claim);

/* The partition has the memory that they are onto, and no two are in one place. */
void conf_check_windows(struct conf_reader *reader, int node,
			const struct conf_partition *partition,
			const struct conf_claim *claim);

#endif /* _SOCASSIGN_CONF_WINDOWS_H */
