// SPDX-License-Identifier: GPL-2.0
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sysfs.h"
#include "testmod.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define FAIL_PAGES	"/sys/kernel/debug/fail_page_alloc/"
#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define FAIL_ME		"/proc/thread-self/make-it-fail"

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

struct setting {
	const char *file, *value;
};

/* What the kernel can wait for fails, too; no stack dumps. */
static const struct setting slab_settings[] = {
	{ FAILSLAB "ignore-gfp-wait", "N" },
	{ FAILSLAB "verbose", "0" },
};

static const struct setting page_settings[] = {
	{ FAIL_PAGES "ignore-gfp-wait", "N" },
	{ FAIL_PAGES "ignore-gfp-highmem", "N" },
	{ FAIL_PAGES "min-order", "0" },
	{ FAIL_PAGES "verbose", "0" },
};

#define NUM(_array) (sizeof(_array) / sizeof((_array)[0]))

static int set_all(const struct setting *settings, size_t num)
{
	int ret = 0;

	for (size_t i = 0; i < num && !ret; i++)
		ret = sysfs_write(settings[i].file, settings[i].value);
	return ret;
}

static int let_fail(void)
{
	int ret = set_all(slab_settings, NUM(slab_settings));

	return ret || !has_pages() ? ret :
	       set_all(page_settings, NUM(page_settings));
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

int inject_disarm(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		return -errno;
	inject_arm(fd, 0);
	return atoi(text);
}

static int set_percent(const char *dir, int percent)
{
	static const struct {
		const char *file, *value;
	} settings[] = {
		{ "task-filter", "Y" }, { "times", "-1" }, { "interval", "1" },
	};
	char path[128], text[16];
	int ret = 0;

	for (size_t i = 0; !ret && i < NUM(settings); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, settings[i].file);
		ret = sysfs_write(path, settings[i].value);
	}
	snprintf(path, sizeof(path), "%sprobability", dir);
	snprintf(text, sizeof(text), "%d", percent);
	return ret ? ret : sysfs_write(path, text);
}

int inject_percent(int small, int pages)
{
	int ret = let_fail();

	if (!ret)
		ret = set_percent(FAILSLAB, small);
	return ret || !has_pages() ? ret : set_percent(FAIL_PAGES, pages);
}

int inject_starve_open(void)
{
	int fd = open(FAIL_ME, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

bool inject_starve(int fd, bool on)
{
	return pwrite(fd, on ? "1" : "0", 1, 0) == 1;
}

void inject_expect_core_messages(void)
{
	expect_in_log("really_probe: driver_sysfs_add");
	expect_in_log("device_add_groups() failed");
	expect_in_log("kobject_add_internal failed");
	expect_in_log("kobject: can not set name properly");
	expect_in_log("Failed to add to iommu group");
	expect_in_log("vmalloc error");
}
