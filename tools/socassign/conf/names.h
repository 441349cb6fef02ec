/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of nodes in a description
 */
#ifndef _SOCASSIGN_CONF_NAMES_H
#define _SOCASSIGN_CONF_NAMES_H

#include <stdbool.h>

struct conf_reader;

/* What keeps a service, or files, from being called so; or NULL */
const char *conf_name_rule(const char *name);

/* @kind alone, or behind a word of the user's and a dash */
bool conf_is_kind(const char *name, const char *kind);

/*
 * Its name is one that a service and files may have, or it is an error; and another
 * one if it is not the only node below @parent with that name: then false.
 */
bool conf_check_name(struct conf_reader *reader, int parent, int node);

/* The same, of nodes below one of which there are @num so far, and @max at most. */
bool conf_check_one_of(struct conf_reader *reader, int parent, int node,
		       unsigned int num, unsigned int max);

#endif /* _SOCASSIGN_CONF_NAMES_H */
