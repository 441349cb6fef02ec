/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine's side: which device and driver a node has
 */
#ifndef _SOCASSIGN_SYSFS_H
#define _SOCASSIGN_SYSFS_H

#include <stdbool.h>

#include "devtree.h"

/**
 * struct device - The device of a node
 * @bus: The bus it is on; only those on "platform" and "amba" can be had
 * @name: Its name on that bus
 * @driver: The name of its driver, or NULL
 * @dma_class: What the driver socassign says of it, or NULL
 * @claimed: A claim owns it
 * @quarantine: It is in quarantine
 */
struct device {
	char *bus;
	char *name;
	char *driver;
	char *dma_class;
	bool claimed;
	bool quarantine;
};

/* The path of something in sysfs; for free(). */
char *sysfs_path(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Is there a machine to look at, or only a file? */
bool sysfs_is_live(void);

/* Is it this machine, and no stand-in for a test? */
bool sysfs_is_this_machine(void);

/* The device of a node, platform and amba first, or NULL. */
const struct device *sysfs_device(const struct dt_node *np);

bool device_is_assignable(const struct device *dev);
bool device_is_ours(const struct device *dev);

/* Did the driver make it, for as long as a claim has the node? */
bool device_was_made(const struct device *dev);

/* The name of the driver that it has by now, for free(), or NULL */
char *device_read_driver(const struct device *dev);

/* Does its driver_override name a driver? */
bool device_is_overridden(const struct device *dev, const char *driver);

/* Write to a file of the device's: 0 or a negative errno. */
int device_write(const struct device *dev, const char *file, const char *value);

/* 0 or a negative errno */
int sysfs_write(const char *path, const char *value);

#endif /* _SOCASSIGN_SYSFS_H */
