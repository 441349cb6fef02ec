// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: a program that only prints ends when there is none
 */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void *check(void *mem)
{
	if (mem)
		return mem;
	complain("out of memory");
	exit(EXIT_FAILED);
}

void *must_alloc(size_t num, size_t size)
{
	return check(calloc(num ? num : 1, size));
}

void *must_grow(void *mem, size_t num, size_t size)
{
	return check(reallocarray(mem, num ? num : 1, size));
}

char *must_vprint(const char *format, va_list args)
{
	char *text;
	int len = vasprintf(&text, format, args);

	return check(len < 0 ? NULL : text);
}

char *must_print(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = must_vprint(format, args);
	va_end(args);
	return text;
}
