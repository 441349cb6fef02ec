// SPDX-License-Identifier: GPL-2.0
/*
 * A verdict, for people and programs
 */
#include "judge.h"

#include <stdlib.h>

#include "out.h"

void out_verdict(const struct verdict *verdict)
{
	char *needs = verdict->refusal ? NULL : plan_needs(&verdict->plan);

	out_bool("assignable", !verdict->refusal);
	if (verdict->refusal)
		out_string("refusal", verdict->refusal);
	if (needs)
		out_string("needs", needs);
	if (verdict->plan.dma_class >= 0)
		out_string("dma_class",
			   dma_class_name(verdict->plan.dma_class));
	free(needs);
}
