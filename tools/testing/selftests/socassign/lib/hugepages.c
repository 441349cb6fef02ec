// SPDX-License-Identifier: GPL-2.0
#include "hugepages.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

const char *hugepages_missing(void)
{
	struct utsname name;
	int major, minor;

	uname(&name);
	if (strcmp(name.machine, "aarch64") || sysconf(_SC_PAGESIZE) != 4096 ||
	    sscanf(name.release, "%d.%d", &major, &minor) != 2 ||
	    major * 100 + minor < 612)
		return "this kernel has no huge mappings of page frames";
	return NULL;
}
