/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of names, up to NULL */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <string.h>

static inline bool in_list(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

#endif
