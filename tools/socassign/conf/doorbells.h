/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines between two partitions
 */
#ifndef _SOCASSIGN_CONF_DOORBELLS_H
#define _SOCASSIGN_CONF_DOORBELLS_H

#include "conf.h"
#include "props.h"

/* Read a node below that of a partition; each error is told. */
void conf_doorbell(struct conf_reader *reader, int parent, int node,
		   struct conf_partition *partition);

/* Each has another end, in another partition, or it is an error. */
void conf_check_doorbells(struct conf_reader *reader, int head,
			  const struct conf *conf);

#endif /* _SOCASSIGN_CONF_DOORBELLS_H */
