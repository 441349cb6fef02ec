// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions as services of systemd: socassign-partition@NAME.service
 */
#include "manager.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "spawn.h"

#define UNIT	"socassign-partition@%s"

static int systemctl(const char *verb, const char *partition)
{
	char *unit = must_print(UNIT ".service", partition);
	char *const args[] = { "systemctl", "--quiet", (char *)verb, unit, NULL };
	int ret = spawn_wait(args);

	free(unit);
	if (ret && ret != -EIO)
		complain("%s: systemctl: %s", partition, strerror(-ret));
	return ret;
}

static int runs(const char *partition)
{
	int ret = systemctl("is-active", partition);

	return ret == -EIO ? 0 : ret ? ret : 1;
}

/* With --quiet it may have said nothing. */
static int do_job(const char *verb, const char *partition)
{
	int ret = systemctl(verb, partition);

	if (ret == -EIO)
		complain("%s: systemctl %s has failed: see systemctl status " UNIT,
			 partition, verb, partition);
	return ret;
}

/* systemd is content as soon as socvmm is executed, and tries again later. */
static int start_stopped(const char *partition)
{
	int ret = do_job("start", partition);

	if (ret)
		return ret;
	poll(NULL, 0, MANAGER_HASTE_MS);
	ret = runs(partition);
	if (!ret)
		complain("%s: socvmm has ended at once: see systemctl status " UNIT,
			 partition, partition);
	return ret > 0 ? 0 : ret ? ret : -ECHILD;
}

static int start(const char *partition)
{
	int ret = runs(partition);

	return ret > 0 ? -EALREADY : ret ? ret : start_stopped(partition);
}

/* Also of one that systemd is about to start again */
static int stop(const char *partition)
{
	int did_run = runs(partition);
	int ret = did_run < 0 ? did_run : do_job("stop", partition);

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
