// SPDX-License-Identifier: GPL-2.0
/*
 * The machine's side: devices and drivers
 *
 * SOCASSIGN_SYSFS names a directory that stands in for /sys, for tests.
 */
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "conf/stand_in.h"
#include "file.h"

static struct device *devices;
static size_t num_devices;
static size_t *device_of;	/* by node: its index + 1, or 0 */

#define STAND_IN	"SOCASSIGN_SYSFS"

char *sysfs_path(const char *format, ...)
{
	va_list args;
	char *path;

	va_start(args, format);
	path = file_path(stand_in(STAND_IN, "/sys"), format, args);
	va_end(args);
	return path;
}

bool sysfs_is_live(void)
{
	return !options.dtb;
}

bool sysfs_is_this_machine(void)
{
	return sysfs_is_live() && !stand_in(STAND_IN, NULL);
}

/* The last part of what a symbolic link leads to, or NULL */
static char *link_name(const char *link)
{
	char target[PATH_MAX];
	ssize_t len = readlink(link, target, sizeof(target) - 1);
	char *slash;

	if (len < 0)
		return NULL;
	target[len] = 0;
	slash = strrchr(target, '/');
	return must_print("%s", slash ? slash + 1 : target);
}

/* The first line of a file, or NULL */
static char *read_line(const char *path)
{
	char line[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return NULL;
	line[len] = 0;
	line[strcspn(line, "\n")] = 0;
	return must_print("%s", line);
}

static char *read_attribute(const struct device *dev, const char *name)
{
	char *path = sysfs_path("bus/%s/devices/%s/socassign/%s", dev->bus,
				dev->name, name);
	char *line = read_line(path);

	free(path);
	return line;
}

static bool read_flag(const struct device *dev, const char *name)
{
	char *line = read_attribute(dev, name);
	bool set = line && !strcmp(line, "1");

	free(line);
	return set;
}

static const struct dt_node *node_of(const char *bus, const char *name,
				     const char *tree)
{
	char *link = sysfs_path("bus/%s/devices/%s/of_node", bus, name);
	char target[PATH_MAX];
	const char *path;
	bool is_link = realpath(link, target);

	free(link);
	if (!is_link || strncmp(target, tree, strlen(tree)))
		return NULL;
	path = target + strlen(tree);
	return dt_find(*path ? path : "/");
}

static void add_device(const char *bus, const char *name,
		       const struct dt_node *np)
{
	char *link = sysfs_path("bus/%s/devices/%s/driver", bus, name);
	struct device *dev;

	devices = must_grow(devices, num_devices + 1, sizeof(*devices));
	dev = &devices[num_devices++];
	if (!device_of[np - dt_root()])
		device_of[np - dt_root()] = num_devices;
	*dev = (struct device) {
		.bus = must_print("%s", bus), .name = must_print("%s", name),
		.driver = link_name(link),
	};
	free(link);
	if (!device_is_ours(dev))
		return;
	dev->dma_class = read_attribute(dev, "dma_class");
	dev->claimed = read_flag(dev, "claimed");
	dev->quarantine = read_flag(dev, "quarantine");
}

static void scan_bus(const char *bus, const char *tree)
{
	char *path = sysfs_path("bus/%s/devices", bus);
	DIR *dir = opendir(path);
	struct dirent *entry;

	free(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const struct dt_node *np =
			*entry->d_name == '.' ? NULL :
			node_of(bus, entry->d_name, tree);

		if (np)
			add_device(bus, entry->d_name, np);
	}
	closedir(dir);
}

static void scan_other_buses(const char *tree)
{
	char *path = sysfs_path("bus");
	DIR *dir = opendir(path);
	struct dirent *entry;

	free(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.' &&
		    strcmp(entry->d_name, "platform") &&
		    strcmp(entry->d_name, "amba"))
			scan_bus(entry->d_name, tree);
	closedir(dir);
}

/* Once: it is many links to follow. */
static void scan(void)
{
	char *base = sysfs_path("firmware/devicetree/base");
	char tree[PATH_MAX];
	bool has_tree = realpath(base, tree);

	free(base);
	device_of = must_alloc(dt_root()->end - dt_root(), sizeof(*device_of));
	if (!has_tree)
		return;
	scan_bus("platform", tree);
	scan_bus("amba", tree);
	scan_other_buses(tree);
}

const struct device *sysfs_device(const struct dt_node *np)
{
	size_t index;

	if (!sysfs_is_live())
		return NULL;
	if (!device_of)
		scan();
	index = device_of[np - dt_root()];
	return index ? &devices[index - 1] : NULL;
}

bool device_is_assignable(const struct device *dev)
{
	return !strcmp(dev->bus, "platform") || !strcmp(dev->bus, "amba");
}

bool device_is_ours(const struct device *dev)
{
	return dev->driver && !strcmp(dev->driver, "socassign");
}

/* By its name: a node's own is called after the node. */
bool device_was_made(const struct device *dev)
{
	return !fnmatch("socassign.*.auto", dev->name, 0);
}

/* A file of the device's, below its directory */
static char *device_file(const struct device *dev, const char *file)
{
	return sysfs_path("bus/%s/devices/%s/%s", dev->bus, dev->name, file);
}

char *device_read_driver(const struct device *dev)
{
	char *link = device_file(dev, "driver");
	char *name = link_name(link);

	free(link);
	return name;
}

bool device_is_overridden(const struct device *dev, const char *driver)
{
	char *path = device_file(dev, "driver_override");
	char *line = read_line(path);
	bool is_driver = line && !strcmp(line, driver);

	free(line);
	free(path);
	return is_driver;
}

int device_write(const struct device *dev, const char *file, const char *value)
{
	char *path = device_file(dev, file);
	int ret = sysfs_write(path, value);

	free(path);
	return ret;
}

int sysfs_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (dprintf(fd, "%s\n", value) < 0)
		ret = -errno;
	close(fd);
	return ret;
}
