/* SPDX-License-Identifier: GPL-2.0 */
/* The trace point for each entry of the PAMU's tables that the driver writes. */
#ifndef _SELFTESTS_SOCASSIGN_PAACE_TRACE_H
#define _SELFTESTS_SOCASSIGN_PAACE_TRACE_H

#include <stdbool.h>

struct paace_event {
	unsigned int liodn;
	unsigned int sub;
	bool has_fd;		/* a claim was published before */
};

/* Only what comes from now on is read; false if the kernel cannot trace. */
bool paace_trace_start(void);

/* Stop, and get the first @max events; their number. */
unsigned int paace_trace_stop(struct paace_event *events, unsigned int max);

#endif
