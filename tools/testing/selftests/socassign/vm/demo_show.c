// SPDX-License-Identifier: GPL-2.0
#include "demo.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("demo: ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
	exit(1);
}

void check(int ret, const char *what)
{
	if (ret < 0)
		die("%s: %s", what, strerror(-ret));
}

void find_device(struct demo_device *dev, const char *node)
{
	dev->node = node;
	check(sysfs_find(node, &dev->sysfs), node);
	if (sysfs_driver(&dev->sysfs, dev->driver, sizeof(dev->driver)))
		die("%s has no driver", node);
}

void show_driver(const struct demo_device *dev)
{
	char driver[256] = "none";

	sysfs_driver(&dev->sysfs, driver, sizeof(driver));
	printf("  %s (%s) is bound to the driver %s\n", dev->node,
	       dev->sysfs.name, driver);
}

static void show_write(const char *path, const char *value)
{
	printf("  # echo %s > %s\n", *value ? value : "''", path);
}

static void move(const struct demo_device *dev, const char *driver)
{
	sysfs_show = show_write;
	check(sysfs_move(&dev->sysfs, driver), driver);
	sysfs_show = NULL;
	show_driver(dev);
}

void hand_out(const struct demo_device *dev)
{
	move(dev, "socassign");
}

/* Nothing has reset it: the administrator says that this will do. */
static void end_quarantine(const struct demo_device *dev)
{
	char text[8];

	if (sysfs_attr_read(&dev->sysfs, "quarantine", text, sizeof(text)) ||
	    text[0] != '1')
		return;
	sysfs_show = show_write;
	check(sysfs_attr_write(&dev->sysfs, "quarantine", "0"), "quarantine");
	sysfs_show = NULL;
}

void give_back(const struct demo_device *dev)
{
	end_quarantine(dev);
	move(dev, dev->driver);
}

static void show_region(int fd, __u32 index)
{
	char name[64] = "";
	struct socassign_region region = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
	};

	check(soc_region(fd, index, &region), "REGION");
	printf("  region %u: %s %s%s%sbus address 0x%llx, 0x%llx bytes, %s\n",
	       index,
	       region.out_kind == SOCASSIGN_REGION_REG ? "reg" : "ranges",
	       *name ? "\"" : "", name, *name ? "\" " : "",
	       (unsigned long long)region.out_bus_address,
	       (unsigned long long)region.out_bytes,
	       region.out_flags & SOCASSIGN_REGION_MMAP ?
		       "mmap, inhibited" : "pread/pwrite only (kernel_access)");
}

static void show_irq(int fd, __u32 index)
{
	char name[64] = "", controllers[1024] = "";
	struct socassign_irq irq = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
		.controllers = (uintptr_t)controllers,
		.controllers_len = sizeof(controllers),
	};

	check(soc_irq(fd, index, &irq), "IRQ");
	printf("  interrupt %u: %s%s%s%s, active %s, specifier <", index,
	       *name ? "\"" : "", name, *name ? "\" " : "",
	       irq.out_flags & SOCASSIGN_IRQ_LEVEL ? "level" : "edge",
	       irq.out_flags & SOCASSIGN_IRQ_LOW ? "low" : "high");
	for (__u32 i = 0; i < irq.out_num_cells; i++)
		printf("%s0x%x", i ? " " : "", irq.out_specifier[i]);
	printf("> at %s\n", controllers);
}

void show_claim(int fd)
{
	static const char * const classes[] = { "none", "protected", "UNSAFE" };
	struct socassign_info info = {};

	check(soc_info(fd, &info), "INFO");
	printf("  fd %d: %u node(s), %u region(s), %u interrupt(s), DMA: %s\n",
	       fd, info.out_num_nodes, info.out_num_regions, info.out_num_irqs,
	       classes[info.out_dma_class]);
	for (__u32 i = 0; i < info.out_num_regions; i++)
		show_region(fd, i);
	for (__u32 i = 0; i < info.out_num_irqs; i++)
		show_irq(fd, i);
}
