/* SPDX-License-Identifier: GPL-2.0 */
/* Trace points of the kernel's; see Documentation/trace/events.rst of Linux. */
#ifndef _SELFTESTS_SOCASSIGN_TRACING_H
#define _SELFTESTS_SOCASSIGN_TRACING_H

#include <stdbool.h>
#include <stdio.h>

/* Forget what came until now; false if the kernel cannot trace. */
bool tracing_clear(void);

/* Switch an event, "system/name". */
bool tracing_set(const char *event, bool on);

/* A line for each that came, or NULL; to be closed. */
FILE *tracing_read(void);

#endif
