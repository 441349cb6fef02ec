// SPDX-License-Identifier: GPL-2.0
#include "leftovers.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "sysfs.h"
#include "testmod.h"

#define DRIVERS		"/sys/bus/%s/drivers/socassign/*/driver_override"

static void reset_params(void)
{
	static const char * const params[][2] = {
		{ "kernel_access", "N" }, { "strict_pages", "N" },
		{ "unsafe_dma", "N" }, { "storm_limit", "2000" },
	};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		if (!board_param_is(params[i][0], params[i][1]))
			board_set_param(params[i][0], params[i][1]);
}

/* To the driver of the host's that the kernel finds for it. */
static void give_back(const char *bus, char *override)
{
	struct sysfs_device dev = {};
	char path[PATH_MAX];

	*strrchr(override, '/') = '\0';
	snprintf(dev.bus, sizeof(dev.bus), "%s", bus);
	snprintf(dev.name, sizeof(dev.name), "%s", strrchr(override, '/') + 1);
	printf("# %s is bound to socassign still\n", dev.name);
	sysfs_move(&dev, "");
	snprintf(path, sizeof(path), "/sys/bus/%s/drivers_probe", bus);
	sysfs_write(path, dev.name);
}

static void give_all_back(const char *bus)
{
	char pattern[PATH_MAX];
	glob_t found;

	snprintf(pattern, sizeof(pattern), DRIVERS, bus);
	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		give_back(bus, found.gl_pathv[i]);
	globfree(&found);
}

void leftovers_undo(void)
{
	/* What is given back may be the slow driver's. */
	testmod_hold_probes(false);
	sysfs_end_quarantines();
	give_all_back("platform");
	give_all_back("amba");
	reset_params();
}
