// SPDX-License-Identifier: GPL-2.0
#include "listed.h"

#include <stdio.h>
#include <string.h>
#include <linux/socassign.h>

const char *listed_next(const char *at, struct entry *entry)
{
	int end = 0;

	if (sscanf(at, "%3s %11s %31s %299[^\n ]%n", entry->can, entry->dma,
		   entry->holder, entry->path, &end) != 4)
		return NULL;
	snprintf(entry->why, sizeof(entry->why), "%.*s",
		 (int)strcspn(at + end, "\n"), at + end);
	at += end + strcspn(at + end, "\n");
	return *at ? at + 1 : at;
}

bool listed_find(const char *out, const char *path, struct entry *entry)
{
	while ((out = listed_next(out, entry)))
		if (!strcmp(entry->path, path))
			return true;
	return false;
}

bool listed_can(const struct entry *entry)
{
	return !strcmp(entry->can, "yes");
}

static void add_path(struct listed_claim *claim, const char *path, size_t len)
{
	if (claim->len + len >= sizeof(claim->paths))
		return;
	memcpy(claim->paths + claim->len, path, len);
	claim->len += len;
	claim->paths[claim->len++] = '\0';
}

/* "/a in the same claim (LIODN); /b in the same claim (LIODN)" */
static void add_partners(struct listed_claim *claim, const char *why)
{
	static const char together[] = " in the same claim";
	const char *end;

	for (; (end = strstr(why, together)); why = end + strlen(together)) {
		const char *path = end;

		while (path > why && path[-1] != ' ')
			path--;
		add_path(claim, path, end - path);
	}
}

void listed_claim(const struct entry *entry, struct listed_claim *claim)
{
	*claim = (struct listed_claim) { .len = 0 };
	add_path(claim, entry->path, strlen(entry->path));
	add_partners(claim, entry->why);
	if (strstr(entry->why, "SUBTREE"))
		claim->flags |= SOCASSIGN_SUBTREE;
	if (strstr(entry->why, "DETACH"))
		claim->flags |= SOCASSIGN_DETACH;
	if (strstr(entry->why, "NO_DMA"))
		claim->flags |= SOCASSIGN_NO_DMA;
	else if (strstr(entry->why, "CONFINED_DMA"))
		claim->flags |= SOCASSIGN_CONFINED_DMA;
	else if (strstr(entry->why, "UNSAFE_DMA"))
		claim->flags |= SOCASSIGN_UNSAFE_DMA;
}
