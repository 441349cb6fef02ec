/* SPDX-License-Identifier: GPL-2.0 */
/* What `socassign list` says, read as a person reads it. */
#ifndef _SELFTESTS_SOCASSIGN_LISTED_H
#define _SELFTESTS_SOCASSIGN_LISTED_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* A line */
struct entry {
	char can[4];
	char dma[12];
	char holder[32];
	char path[300];
	char why[600];
};

/* The next line; NULL at the end. */
const char *listed_next(const char *at, struct entry *entry);

/* The line of a node, in all that was printed; false if there is none. */
bool listed_find(const char *out, const char *path, struct entry *entry);

bool listed_can(const struct entry *entry);

/* The claim that a line says is to be made */
struct listed_claim {
	char paths[2048];	/* one after the other, each with its NUL */
	size_t len;
	__u32 flags;
};

/* It vouches rather than take what is unsafe, and unbinds nothing beforehand. */
void listed_claim(const struct entry *entry, struct listed_claim *claim);

#endif
