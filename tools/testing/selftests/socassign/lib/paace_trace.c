// SPDX-License-Identifier: GPL-2.0
#include "paace_trace.h"

#include <stdio.h>
#include <string.h>

#include "tracing.h"

static bool set_events(bool on)
{
	return tracing_set("socassign/socassign_paace", on) &&
	       tracing_set("socassign/socassign_claim", on);
}

bool paace_trace_start(void)
{
	return tracing_clear() && set_events(true);
}

unsigned int paace_trace_stop(struct paace_event *events, unsigned int max)
{
	struct paace_event event = {};
	unsigned int num = 0;
	char line[512];
	FILE *file;

	set_events(false);
	file = tracing_read();
	while (file && fgets(line, sizeof(line), file)) {
		const char *paace = strstr(line, "socassign_paace: ");

		event.has_fd |= !!strstr(line, "socassign_claim: ");
		if (!paace || sscanf(paace, "socassign_paace: liodn=%u sub=%u",
				     &event.liodn, &event.sub) != 2)
			continue;
		if (num < max)
			events[num] = event;
		num++;
	}
	if (file)
		fclose(file);
	return num;
}
