// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions as services of systemd: socassign-partition@NAME.service
 */
#include "manager.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "spawn.h"

static int systemctl(const char *verb, const char *partition)
{
	char *unit = must_print("socassign-partition@%s.service", partition);
	char *const args[] = { "systemctl", "--quiet", (char *)verb, unit, NULL };
	int ret = spawn_wait(args);

	free(unit);
	return ret;
}

static bool runs(const char *partition)
{
	return !systemctl("is-active", partition);
}

static int start(const char *partition)
{
	return runs(partition) ? -EALREADY : systemctl("start", partition);
}

/* Also of one that systemd is about to start again */
static int stop(const char *partition)
{
	bool did_run = runs(partition);
	int ret = systemctl("stop", partition);

	return ret || did_run ? ret : -EALREADY;
}

static const struct manager systemd = {
	.name = "systemd", .start = start, .stop = stop, .runs = runs,
};

/* sd_booted() */
const struct manager *manager_systemd(void)
{
	char *path = manager_path("systemd/system");
	bool is_there = !access(path, F_OK);

	free(path);
	return is_there ? &systemd : NULL;
}
