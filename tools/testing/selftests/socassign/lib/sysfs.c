// SPDX-License-Identifier: GPL-2.0
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "limit.h"

#define TREE "/sys/firmware/devicetree/base"

void (*sysfs_show)(const char *path, const char *value);

int sysfs_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	close(fd);
	if (len < 0)
		return -EIO;
	while (len && buf[len - 1] == '\n')
		len--;
	buf[len] = 0;
	return 0;
}

int sysfs_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (sysfs_show)
		sysfs_show(path, value);
	if (dprintf(fd, "%s\n", value) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static bool is_node_of(const char *bus, const char *name, const char *node)
{
	char path[PATH_MAX], target[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/of_node", bus,
		 name);
	if (!realpath(path, target))
		return false;
	return !strcmp(target + strlen(TREE), node);
}

static int find_on_bus(const char *bus, const char *node,
		       struct sysfs_device *dev)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int ret = -ENODEV;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/%s/devices", bus);
	dir = opendir(path);
	if (!dir)
		return -ENODEV;
	while (ret && (entry = readdir(dir))) {
		if (!is_node_of(bus, entry->d_name, node))
			continue;
		snprintf(dev->bus, sizeof(dev->bus), "%s", bus);
		snprintf(dev->name, sizeof(dev->name), "%s", entry->d_name);
		ret = 0;
	}
	closedir(dir);
	return ret;
}

int sysfs_find(const char *node, struct sysfs_device *dev)
{
	if (!find_on_bus("platform", node, dev))
		return 0;
	return find_on_bus("amba", node, dev);
}

bool sysfs_has_device(const char *node)
{
	struct sysfs_device dev;

	return !sysfs_find(node, &dev);
}

/* The kernel's name for the console, "ttyS0": the last one is /dev/console. */
static void console_name(char name[static 32])
{
	FILE *file = fopen("/sys/class/tty/console/active", "re");

	name[0] = '\0';
	if (!file)
		return;
	while (fscanf(file, "%31s", name) == 1)
		;
	fclose(file);
}

/* The device itself need not have a node: on PCI it is the host bridge that has one. */
void sysfs_console_node(char *node, size_t size)
{
	char name[32], device[PATH_MAX], target[PATH_MAX];
	char path[sizeof(device) + sizeof("/of_node")], *end;

	node[0] = '\0';
	console_name(name);
	snprintf(path, sizeof(path), "/sys/class/tty/%s/device", name);
	if (!realpath(path, device))
		return;
	for (; (end = strrchr(device, '/')); *end = '\0') {
		snprintf(path, sizeof(path), "%s/of_node", device);
		if (!realpath(path, target) ||
		    strncmp(target, TREE "/", strlen(TREE "/")))
			continue;
		snprintf(node, size, "%s", target + strlen(TREE));
		return;
	}
}

int sysfs_driver(const struct sysfs_device *dev, char *driver, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/driver", dev->bus,
		 dev->name);
	if (!realpath(path, target))
		return -ENOENT;
	snprintf(driver, size, "%s", strrchr(target, '/') + 1);
	return 0;
}

bool sysfs_bound_to(const struct sysfs_device *dev, const char *driver)
{
	char present[256];

	if (sysfs_driver(dev, present, sizeof(present)))
		return !*driver;
	return !strcmp(present, driver);
}

int sysfs_unbind(const struct sysfs_device *dev)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/driver/unbind",
		 dev->bus, dev->name);
	return sysfs_write(path, dev->name);
}

int sysfs_bind(const struct sysfs_device *dev, const char *driver)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s/bind", dev->bus,
		 driver);
	return sysfs_write(path, dev->name);
}

static void override_path(const struct sysfs_device *dev, char *path,
			  size_t size)
{
	snprintf(path, size, "/sys/bus/%s/devices/%s/driver_override",
		 dev->bus, dev->name);
}

int sysfs_override(const struct sysfs_device *dev, const char *driver)
{
	char path[PATH_MAX];

	override_path(dev, path, sizeof(path));
	return sysfs_write(path, driver);
}

bool sysfs_override_is(const struct sysfs_device *dev, const char *driver)
{
	char path[PATH_MAX], present[64];

	override_path(dev, path, sizeof(path));
	return !sysfs_read(path, present, sizeof(present)) &&
	       !strcmp(present, driver);
}

int sysfs_move(const struct sysfs_device *dev, const char *driver)
{
	bool ours = !strcmp(driver, "socassign");
	int ret;

	if (!sysfs_bound_to(dev, "")) {
		ret = sysfs_unbind(dev);
		if (ret)
			return ret;
	}
	ret = sysfs_override(dev, ours ? driver : "");
	if (ret || !*driver)
		return ret;
	return sysfs_bind(dev, driver);
}

bool sysfs_wait_driver(const struct sysfs_device *dev, const char *driver)
{
	return wait_until(sysfs_bound_to(dev, driver));
}

int sysfs_attr_read(const struct sysfs_device *dev, const char *attr,
		    char *buf, size_t size)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/socassign/%s",
		 dev->bus, dev->name, attr);
	return sysfs_read(path, buf, size);
}

int sysfs_attr_write(const struct sysfs_device *dev, const char *attr,
		     const char *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/socassign/%s",
		 dev->bus, dev->name, attr);
	return sysfs_write(path, value);
}

void sysfs_end_quarantines(void)
{
	glob_t found;

	if (glob("/sys/bus/platform/devices/*/socassign/quarantine", 0, NULL,
		 &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		sysfs_write(found.gl_pathv[i], "0");
	globfree(&found);
}
