// SPDX-License-Identifier: GPL-2.0
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* "The same" is within so many instructions, or one in so many. */
#define SAME_INSTRUCTIONS	200
#define SAME_FRACTION		20

static char lines[32][128];
static unsigned int num_lines;
static bool all_kept = true;

void promise(bool kept, const char *format, ...)
{
	char text[100];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(lines[num_lines++], sizeof(lines[0]), "%s: %s",
		 kept ? "kept" : "BROKEN", text);
	all_kept &= kept;
}

void promise_same(const char *what, struct cost a, struct cost b)
{
	long less = a.instructions < b.instructions ? a.instructions :
						      b.instructions;
	long difference = labs(a.instructions - b.instructions);

	promise(difference <= SAME_INSTRUCTIONS ||
		difference <= less / SAME_FRACTION,
		"%s: %ld and %ld instructions", what, a.instructions,
		b.instructions);
}

bool promises_kept(void)
{
	for (unsigned int i = 0; i < num_lines; i++)
		puts(lines[i]);
	return all_kept;
}
