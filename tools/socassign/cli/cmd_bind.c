// SPDX-License-Identifier: GPL-2.0
/*
 * socassign bind, socassign ask, socassign unbind
 *
 * With driverctl, where it is installed, which makes it permanent; else by the
 * files in sysfs that it would write, until the next boot.
 */
#include "cli.h"

#include <errno.h>
#include <linux/socassign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"
#include "policy.h"
#include "spawn.h"
#include "sysfs.h"

#define DRIVER "socassign"

static bool has_driverctl(void)
{
	const char *path = getenv("PATH");

	for (size_t len; path && *path; path += len + (path[len] == ':')) {
		char *file;
		bool found;

		len = strcspn(path, ":");
		file = must_print("%.*s/driverctl", (int)len, path);
		found = !access(file, X_OK);
		free(file);
		if (found)
			return true;
	}
	return false;
}

static int driverctl(const struct device *dev, bool bind)
{
	char *const set[] = { "driverctl", "-b", dev->bus, "set-override",
			      dev->name, DRIVER, NULL };
	char *const unset[] = { "driverctl", "-b", dev->bus, "unset-override",
				dev->name, NULL };

	return spawn_wait(bind ? set : unset);
}

static int write_bus(const struct device *dev, const char *file)
{
	char *path = sysfs_path("bus/%s/%s", dev->bus, file);
	int ret = sysfs_write(path, dev->name);

	free(path);
	return ret;
}

/* An empty line withdraws the override. */
static int withdraw(const struct device *dev)
{
	return device_write(dev, "driver_override", "");
}

/* No driver for it is no failure. */
static void probe_hosts(const struct device *dev)
{
	write_bus(dev, "drivers_probe");
}

static int give_to_host(const struct device *dev)
{
	int ret = withdraw(dev);

	if (!ret)
		probe_hosts(dev);
	return ret;
}

static int unbind_driver(const struct device *dev)
{
	int ret = device_write(dev, "driver/unbind", dev->name);

	/* The file is not there: the driver does not let go. */
	return ret == -ENOENT ? -EBUSY : ret;
}

/* A claim may have ended meanwhile, and the host's driver have it back. */
static int bind_ours(const struct device *dev)
{
	char *driver = device_read_driver(dev);
	bool is_ours = driver && !strcmp(driver, DRIVER);
	int ret = driver && !is_ours ? unbind_driver(dev) : 0;

	if (!ret && !is_ours)
		ret = write_bus(dev, "drivers/" DRIVER "/bind");
	free(driver);
	return ret;
}

static int bind_by_hand(const struct device *dev)
{
	int ret = device_write(dev, "driver_override", DRIVER);

	if (!ret)
		ret = bind_ours(dev);
	if (ret)
		give_to_host(dev);
	return ret;
}

/* The override goes first: a claim gives the device back at once, and by that. */
static int take_from_us(const struct device *dev)
{
	int ret = withdraw(dev);

	if (!ret)
		ret = device_write(dev, "driver/unbind", dev->name);
	if (!ret)
		probe_hosts(dev);
	return ret;
}

static int unbind_by_hand(const struct device *dev)
{
	return device_is_ours(dev) ? take_from_us(dev) : give_to_host(dev);
}

static bool uses_driverctl(void)
{
	return !options.transient && has_driverctl();
}

/**
 * enum move - What it takes to bring a device where it is wanted
 * @STAYS: It is there, and stays
 * @KEPT: It is ours for as long as a claim has it: an override keeps it after that
 * @MOVED: Another driver has it, or none
 */
enum move { STAYS, KEPT, MOVED };

static enum move find_move(const struct device *dev, bool bind)
{
	if (!bind || !device_is_ours(dev))
		return MOVED;
	return device_is_overridden(dev, DRIVER) ? STAYS : KEPT;
}

/* driverctl would take the device from its driver first, and end the claim. */
static bool moves_by_driverctl(enum move move)
{
	return move == MOVED && uses_driverctl();
}

/* How a device was moved, for whoever reads the output */
static const char *name_move(enum move move)
{
	if (move == STAYS)
		return "was so already";
	return moves_by_driverctl(move) ? "driverctl" : "sysfs";
}

static int do_move(const struct device *dev, bool bind, enum move move)
{
	if (move == STAYS)
		return 0;
	if (moves_by_driverctl(move))
		return driverctl(dev, bind);
	return bind ? bind_by_hand(dev) : unbind_by_hand(dev);
}

static int undo_move(const struct device *dev, enum move move)
{
	if (move == STAYS)
		return 0;
	if (move == KEPT)
		return withdraw(dev);
	return moves_by_driverctl(move) ? driverctl(dev, false) :
					  take_from_us(dev);
}

/* @dev is as it was before we bound it. */
static void undo_bind(const char *path, const struct device *dev,
		      enum move move)
{
	int ret = undo_move(dev, move);

	if (ret)
		complain("%s: and the host cannot have it back: %s", path,
			 strerror(-ret));
}

/* A device that the driver would not give to anybody is better left alone. */
static bool is_forbidden(const char *path, const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);
	char *rule = policy_forbids(np, 0);
	bool forbidden;

	/* Drivers such as pl061 let go of what is in use, and the kernel warns. */
	if (!rule && dev && !device_is_ours(dev))
		rule = policy_in_use_by(np);
	forbidden = rule;
	if (rule)
		complain("%s: nobody gets it: %s", path, rule);
	free(rule);
	return forbidden;
}

static const struct device *find_device(const char *path, bool bind)
{
	const struct dt_node *np = dt_find(path);
	const struct device *dev = np ? sysfs_device(np) : NULL;

	if (np && bind && is_forbidden(path, np))
		return NULL;
	if (!np)
		complain("%s: the tree has no such node", path);
	else if (!dev)
		complain("%s: it has no device, so it cannot be bound; root can claim it as it is",
			 path);
	else if (!device_is_assignable(dev))
		complain("%s: it is on bus %s; only platform and amba devices can be bound",
			 path, dev->bus);
	else if (bind && device_was_made(dev))
		complain("%s: its device was made for a claim, and cannot be bound",
			 path);
	else
		return dev;
	return NULL;
}

static void report(const char *path, const struct device *dev, bool bind,
		   const char *how)
{
	if (options.json) {
		out_object(NULL);
		out_string("path", path);
		out_string("bus", dev->bus);
		out_string("device", dev->name);
		out_bool("bound", bind);
		out_string("how", how);
		out_object_end();
	} else {
		out_line("%s: %s %s %s (%s)", path, dev->bus, dev->name,
			 bind ? "bound to " DRIVER : "given to the host", how);
	}
}

static const char *why_not_class(void)
{
	if (!strcmp(options.dma_class, "none"))
		return "fsl,liodn says that it masters a bus, or it is a portal";
	if (!strcmp(options.dma_class, "confined"))
		return "it is no portal, or there is no IOMMU that would protect from it";
	return "there is no IOMMU that would protect from it";
}

static const char *why_not_declared(int error)
{
	if (error == EPERM)
		return "the kernel is locked down";
	if (error == EBUSY)
		return "the claim that had it is giving it back; try again";
	return strerror(error);
}

static bool declare(const char *path, const struct device *dev)
{
	int ret = device_write(dev, DRIVER "/dma_class", options.dma_class);

	if (ret == -EINVAL)
		complain("%s: the tree does not allow DMA class %s: %s", path,
			 options.dma_class, why_not_class());
	else if (ret)
		complain("%s: dma_class: %s", path, why_not_declared(-ret));
	return !ret;
}

static bool allow_sharing(const char *path, const struct device *dev)
{
	int ret = device_write(dev, DRIVER "/share_regs", "1");

	if (ret)
		complain("%s: share_regs: %s", path, why_not_declared(-ret));
	return !ret;
}

/* What whoever claims it without CAP_SYS_ADMIN may do. */
static bool permit(const char *path, const struct device *dev)
{
	if (options.dma_class && !declare(path, dev))
		return false;
	return !(options.claim_flags & SOCASSIGN_SHARE_REGS) ||
	       allow_sharing(path, dev);
}

static void complain_move(const char *path, const struct device *dev, int error,
			  const char *how)
{
	complain("%s: %s %s: %s (%s)", path, dev->bus, dev->name,
		 error == -ENOENT ?
		 "the driver or the device is not there: modprobe socassign" :
		 error == -EACCES ? "only root may do that" :
		 error == -EBUSY ? "the driver of the host's does not let go" :
		 strerror(-error), how);
}

static bool move_device(const char *path, const struct device *dev, bool bind)
{
	enum move move = find_move(dev, bind);
	const char *how = name_move(move);
	int ret = do_move(dev, bind, move);

	if (ret) {
		complain_move(path, dev, ret, how);
		return false;
	}
	if (bind && !permit(path, dev)) {
		undo_bind(path, dev, move);
		return false;
	}
	report(path, dev, bind, how);
	return true;
}

static bool move_path(const char *path, bool bind)
{
	const struct device *dev = find_device(path, bind);

	return dev && move_device(path, dev, bind);
}

static bool bind_path(const char *path)
{
	return move_path(path, true);
}

static bool unbind_path(const char *path)
{
	return move_path(path, false);
}

static void report_request(const char *path, const struct device *dev)
{
	if (options.json) {
		out_object(NULL);
		out_string("path", path);
		out_string("bus", dev->bus);
		out_string("device", dev->name);
		out_bool("asked", true);
		out_object_end();
	} else {
		out_line("%s: whoever has claimed it was asked for it", path);
	}
}

static bool ask_path(const char *path)
{
	const struct device *dev = find_device(path, false);
	int ret = dev ? device_write(dev, DRIVER "/remove_request", "1") : 0;

	if (!dev)
		return false;
	if (ret)
		complain("%s: %s %s: %s", path, dev->bus, dev->name,
			 ret == -ENOENT || ret == -ENODEV ?
			 "nobody has claimed it" :
			 ret == -EACCES ? "only root may do that" :
			 strerror(-ret));
	else
		report_request(path, dev);
	return !ret;
}

/* One that fails does not keep the others from being seen to. */
static int do_all(int num, char **args, bool (*act)(const char *path))
{
	bool done = true;

	if (!dt_load())
		return EXIT_FAILED;
	if (options.json) {
		out_begin();
		out_list("devices");
	}
	for (int i = 0; i < num; i++)
		done &= act(args[i]);
	if (options.json) {
		out_list_end();
		out_end();
	}
	return done ? EXIT_OK : EXIT_FAILED;
}

int cmd_bind(int num, char **args)
{
	return do_all(num, args, bind_path);
}

int cmd_ask(int num, char **args)
{
	return do_all(num, args, ask_path);
}

int cmd_unbind(int num, char **args)
{
	return do_all(num, args, unbind_path);
}
