// SPDX-License-Identifier: GPL-2.0
#include "paace_trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"

#define TRACING	"/sys/kernel/tracing/"
#define EVENTS	TRACING "events/socassign/"

static bool set_events(const char *value)
{
	return !sysfs_write(EVENTS "socassign_paace/enable", value) &&
	       !sysfs_write(EVENTS "socassign_claim/enable", value);
}

bool paace_trace_start(void)
{
	/* Opened so, it is emptied. */
	int fd = open(TRACING "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return set_events("1");
}

unsigned int paace_trace_stop(struct paace_event *events, unsigned int max)
{
	struct paace_event event = {};
	unsigned int num = 0;
	char line[512];
	FILE *file;

	set_events("0");
	file = fopen(TRACING "trace", "re");
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
