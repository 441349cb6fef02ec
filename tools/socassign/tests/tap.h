/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test Anything Protocol, as little as is needed
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_num, tap_failed;

__attribute__((format(printf, 2, 3), unused))
static bool tap_ok(bool ok, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%sok %d - ", ok ? "" : "not ", ++tap_num);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	tap_failed += !ok;
	return ok;
}

__attribute__((unused))
static int tap_end(void)
{
	printf("1..%d\n", tap_num);
	return tap_failed ? 1 : 0;
}

#endif
