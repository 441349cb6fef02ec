// SPDX-License-Identifier: GPL-2.0
#include "board.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "claim.h"
#include "sysfs.h"

#define KSFT_SKIP 4

static const struct board boards[] = {
	{
		.name = "ppce500",
		.bus = "/soc@fe0000000",
		.device = "/soc@fe0000000/i2c@3000",
		.driver = "mpc-i2c",
		.irqchip = "/soc@fe0000000/pic@40000",
		.second = "/soc@fe0000000/serial@4600",
		.gpio = "/soc@fe0000000/gpio@fe000",
		.pci = "/pci@fe0009000",
		.overlap = "/overlap@1000000",
	}, {
		.name = "virt",
		.bus = "/extra@b000000",
		.device = "/pl031@9010000",
		.driver = "rtc-pl031",
		.irqchip = "/intc@8000000",
		.second = "/pl061@9030000",
		.gpio = "/pl061@9030000",
		.pci = "/pcie@4100000000",
		.overlap = "/overlap@50000000",
	},
};

static bool has_node(const char *node)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/device-tree%s", node);
	return !access(path, F_OK);
}

const struct board *board_get(void)
{
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (has_node(boards[i].device))
			return &boards[i];
	return NULL;
}

void board_skip(const char *reason)
{
	printf("TAP version 13\n1..0 # SKIP %s\n", reason);
	exit(KSFT_SKIP);
}

void board_require(void)
{
	if (geteuid())
		board_skip("needs root");
	if (access(SOC_DEVICE, F_OK))
		board_skip("no " SOC_DEVICE ": the driver is not loaded");
	if (!board_get())
		board_skip("not one of the boards that the tests know");
	if (!has_node(board_extra("names@90000")))
		board_skip("the device tree lacks the nodes of vm/dts");
}

const char *board_extra(const char *node)
{
	static char paths[16][256];
	static unsigned int next;
	char *path = paths[next++ % 16];

	snprintf(path, sizeof(paths[0]), "%s/%s", board_get()->bus, node);
	return path;
}

bool board_is_64bit(void)
{
	struct utsname name;

	return !uname(&name) && strstr(name.machine, "64");
}

/* Is the kernel older than this? */
static bool is_before(unsigned int version, unsigned int patch)
{
	unsigned int it, its_patch;
	struct utsname name;

	return !uname(&name) &&
	       sscanf(name.release, "%u.%u", &it, &its_patch) == 2 &&
	       (it < version || (it == version && its_patch < patch));
}

/* A kernel of vm/boards' with patches/. */
static bool is_patched(void)
{
	struct utsname name;

	return !uname(&name) && strstr(name.release, "-patched");
}

bool board_smmu_tells(void)
{
	return is_before(6, 9) || is_patched();
}

bool board_smmu_tells_while_blocked(void)
{
	return is_before(6, 9);
}

const char *board_no_huge_pages(void)
{
	struct utsname name;

	return uname(&name) || strncmp(name.machine, "ppc", 3) ||
	       is_before(6, 10) ? NULL :
	       "from 6.10 on pinning a huge page is a BUG() of the kernel's on e500";
}

int board_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

bool board_param_is(const char *name, const char *value)
{
	char path[PATH_MAX], present[64];

	snprintf(path, sizeof(path), "/sys/module/socassign/parameters/%s",
		 name);
	return !sysfs_read(path, present, sizeof(present)) &&
	       !strcmp(present, value);
}

int board_set_param(const char *name, const char *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/module/socassign/parameters/%s",
		 name);
	return sysfs_write(path, value);
}

/* Those boot with it. */
const char *board_no_debug(void)
{
	char value[8];

	if (!sysfs_read("/proc/sys/kernel/panic_on_warn", value, sizeof(value)) &&
	    strcmp(value, "0"))
		return NULL;
	return "it takes long: on the debug boards only";
}
