/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The administrator's side: which device and driver a node has, and moving it
 * from one driver to another, by the files that a person would write.
 */
#ifndef _SELFTESTS_SOCASSIGN_SYSFS_H
#define _SELFTESTS_SOCASSIGN_SYSFS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct sysfs_device {
	char bus[16];		/* "platform" or "amba" */
	char name[256];		/* name on that bus */
};

/* The device of a device-tree node: 0, or -ENODEV. */
int sysfs_find(const char *node, struct sysfs_device *dev);

bool sysfs_has_device(const char *node);

/* The node below which the console is; empty if no device says so. */
void sysfs_console_node(char *node, size_t size);

/* The name of its driver: 0, or -ENOENT if it has none. */
int sysfs_driver(const struct sysfs_device *dev, char *driver, size_t size);
bool sysfs_bound_to(const struct sysfs_device *dev, const char *driver);

/* All return 0 or a negative errno. */
int sysfs_unbind(const struct sysfs_device *dev);
int sysfs_bind(const struct sysfs_device *dev, const char *driver);
int sysfs_override(const struct sysfs_device *dev, const char *driver);

/* Is that its driver_override?  "(null)" if it has none. */
bool sysfs_override_is(const struct sysfs_device *dev, const char *driver);

/* From its driver, whichever that is, to @driver; "" gives it to none. */
int sysfs_move(const struct sysfs_device *dev, const char *driver);

/* Wait until the device has the driver: giving back is asynchronous. */
bool sysfs_wait_driver(const struct sysfs_device *dev, const char *driver);

int sysfs_read(const char *path, char *buf, size_t size);
int sysfs_write(const char *path, const char *value);

/* An attribute of ours: .../socassign/<attr> of the device. */
int sysfs_attr_read(const struct sysfs_device *dev, const char *attr,
		    char *buf, size_t size);
int sysfs_attr_write(const struct sysfs_device *dev, const char *attr,
		     const char *value);

/*
 * End every quarantine.  By no node: a device whose link to its node failed, which
 * the kernel thinks nothing of, cannot be found by that.
 */
void sysfs_end_quarantines(void);

/* If set, called with each file and value written, before it happens. */
extern void (*sysfs_show)(const char *path, const char *value);

#endif
