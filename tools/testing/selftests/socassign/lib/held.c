// SPDX-License-Identifier: GPL-2.0
#include "held.h"

#include <stdio.h>

#include "board.h"
#include "dma.h"
#include "limit.h"
#include "module.h"

void held_now(struct held *held)
{
	held->module = module_users();
	held->fds = board_count_fds();
	held->pages = pinned_pages();
}

static bool is_as(const struct held *before, struct held *now)
{
	held_now(now);
	return now->module == before->module && now->fds == before->fds &&
	       now->pages == before->pages;
}

bool held_as_before(const struct held *before)
{
	struct held now;

	if (wait_until(is_as(before, &now)))
		return true;
	fprintf(stderr, "# module %ld was %ld, descriptors %d were %d, pages %ld were %ld\n",
		now.module, before->module, now.fds, before->fds, now.pages,
		before->pages);
	return false;
}
