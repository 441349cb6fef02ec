/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The description of partitions, held against the host's tree
 */
#ifndef _SOCASSIGN_PARTITION_H
#define _SOCASSIGN_PARTITION_H

#include <stdbool.h>

#include "conf/conf.h"
#include "devtree.h"

/**
 * struct holding - What a partition holds of the host's tree
 * @partition: The partition
 * @claim: As the description has it; NULL: it is the partition's own memory
 * @top: The nodes that are named, as far as the tree has them
 * @num_tops: How many these are
 */
struct holding {
	const struct conf_partition *partition;
	const struct conf_claim *claim;
	const struct dt_node *top[CONF_MAX_ITEMS];
	unsigned int num_tops;
};

bool holding_is_memory(const struct holding *holding);

/* Behind the last node that comes along with one that is named */
const struct dt_node *holding_end(const struct holding *holding,
				  const struct dt_node *top);
#define holding_for_each(_np, _holding)					\
	for (unsigned int _i = 0; _i < (_holding)->num_tops; _i++)	\
		for (const struct dt_node *(_np) = (_holding)->top[_i];	\
		     (_np) < holding_end(_holding, (_holding)->top[_i]);	\
		     (_np)++)

bool holding_has(const struct holding *holding, const struct dt_node *np);

/* All that are held, in the order of the description */
struct holdings {
	struct holding *holding;
	size_t num;
};

/* finding.c: what is found, as text or JSON, one by one */
enum finding_kind {
	FINDING_ERROR,		/* it cannot work so */
	FINDING_NOTE,		/* what is good to know */
};

/* Of a partition, or of a holding and the property that names it. */
void finding(enum finding_kind kind, const struct conf_partition *partition,
	     const char *property, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void finding_of(enum finding_kind kind, const struct holding *holding,
		const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void finding_of_window(enum finding_kind kind, const struct holding *holding,
		       const struct conf_window *window, const char *property,
		       const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* As struct conf_errors has it */
void finding_in_description(void *data, const char *node, const char *property,
			    const char *rule);

unsigned int finding_errors(void);

/* partition_alone.c: what one partition needs, and whether it can have it */
void check_partition(const struct conf_partition *partition,
		     const struct holdings *holdings);
void check_holding(const struct holding *holding,
		   const struct holdings *holdings);

/* partition_windows.c: what its devices see, of a holding of devices */
void check_windows(const struct holding *holding);

/* partition_common.c: what two have in common, and each with the host */
void check_pair(const struct holding *a, const struct holding *b);
void check_host(const struct holding *holding, const struct holdings *holdings);

/* What the command does; each returns its exit code */
int partition_check(int num, char **args);
int partition_list(int num, char **args);
int partition_start(int num, char **args);
int partition_stop(int num, char **args);
int partition_status(int num, char **args);

#endif /* _SOCASSIGN_PARTITION_H */
