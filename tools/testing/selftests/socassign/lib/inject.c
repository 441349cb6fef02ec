// SPDX-License-Identifier: GPL-2.0
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "sysfs.h"
#include "testmod.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define FAIL_PAGES	"/sys/kernel/debug/fail_page_alloc/"
#define FAIL_NTH	"/proc/thread-self/fail-nth"

const char *inject_missing(void)
{
	if (access(FAILSLAB, F_OK) || access(FAIL_NTH, W_OK))
		return "this kernel has no CONFIG_FAILSLAB";
	return NULL;
}

/* Of whole pages, too? */
static bool has_pages(void)
{
	return !access(FAIL_PAGES, F_OK);
}

/* What the kernel can wait for fails, too; no stack dumps. */
static int let_slab_fail(void)
{
	int ret = sysfs_write(FAILSLAB "ignore-gfp-wait", "N");

	return ret ? ret : sysfs_write(FAILSLAB "verbose", "0");
}

static int let_pages_fail(void)
{
	static const struct {
		const char *file, *value;
	} settings[] = {
		{ FAIL_PAGES "ignore-gfp-wait", "N" },
		{ FAIL_PAGES "ignore-gfp-highmem", "N" },
		{ FAIL_PAGES "min-order", "0" },
		{ FAIL_PAGES "verbose", "0" },
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(settings) / sizeof(settings[0]); i++)
		ret = sysfs_write(settings[i].file, settings[i].value);
	return ret;
}

static int let_fail(void)
{
	int ret = let_slab_fail();

	return ret || !has_pages() ? ret : let_pages_fail();
}

int inject_open(void)
{
	int ret = let_fail();
	int fd;

	if (ret)
		return ret;
	fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

bool inject_arm(int fd, int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", n);

	return pwrite(fd, text, len, 0) == len;
}

bool inject_disarm(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		return false;
	inject_arm(fd, 0);
	return text[0] == '0';
}

void inject_expect_core_messages(void)
{
	expect_in_log("really_probe: driver_sysfs_add");
	expect_in_log("device_add_groups() failed");
	expect_in_log("kobject_add_internal failed");
	expect_in_log("kobject: can not set name properly");
}
