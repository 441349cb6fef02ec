// SPDX-License-Identifier: GPL-2.0
/*
 * The main job, visible: a host driver has a device; the administrator hands
 * it out; a program claims it by its device-tree path, drives it by itself
 * with its interrupt, and gives it back.  Every line is real output.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/rtc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../lib/claim.h"
#include "../lib/mpc_i2c.h"
#include "../lib/pl031.h"
#include "../lib/sysfs.h"

struct demo {
	const char *node;
	struct sysfs_device dev;
	char host_driver[256];
	int fd;
	struct socassign_region region;
	volatile void *regs;
	int trigger;
	int resample;
};

static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("demo: ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
	exit(1);
}

static void check(int ret, const char *what)
{
	if (ret < 0)
		die("%s: %s", what, strerror(-ret));
}

static void show_write(const char *path, const char *value)
{
	printf("  # echo %s > %s\n", *value ? value : "''", path);
}

static void show_driver(const struct demo *demo)
{
	char driver[256] = "none";

	sysfs_driver(&demo->dev, driver, sizeof(driver));
	printf("  %s (%s) is bound to the driver %s\n", demo->node,
	       demo->dev.name, driver);
}

/*
 * The RTC that the host's driver made of the device, or of what is behind it.
 * Its number grows when the kernel still remembers the last one.
 */
static int open_rtc(const struct demo *demo)
{
	char path[PATH_MAX], target[PATH_MAX];

	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "/sys/class/rtc/rtc%d", i);
		if (!realpath(path, target) || !strstr(target, demo->dev.name))
			continue;
		snprintf(path, sizeof(path), "/dev/rtc%d", i);
		return open(path, O_RDONLY);
	}
	return -1;
}

/* The host's own view, through its RTC driver. */
static void show_host_time(const struct demo *demo)
{
	struct rtc_time t;
	int fd = -1;

	/* The driver makes the device node a moment after it binds. */
	for (int i = 0; i < 100 && fd < 0; i++) {
		fd = open_rtc(demo);
		if (fd < 0)
			usleep(20000);
	}
	if (fd < 0 || ioctl(fd, RTC_RD_TIME, &t) < 0)
		die("the host's RTC: %s", strerror(errno));
	close(fd);
	printf("  the host reads its RTC: %04d-%02d-%02d %02d:%02d:%02d\n",
	       t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
	       t.tm_sec);
}

static void show_region(struct demo *demo, __u32 index,
			struct socassign_region *region)
{
	char name[64] = "";

	memset(region, 0, sizeof(*region));
	region->name = (uintptr_t)name;
	region->name_len = sizeof(name);
	check(soc_region(demo->fd, index, region), "REGION");
	printf("  region %u: %s %s%s%sbus address 0x%llx, 0x%llx bytes, %s\n",
	       index,
	       region->out_kind == SOCASSIGN_REGION_REG ? "reg" : "ranges",
	       *name ? "\"" : "", name, *name ? "\" " : "",
	       (unsigned long long)region->out_bus_address,
	       (unsigned long long)region->out_bytes,
	       region->out_flags & SOCASSIGN_REGION_MMAP ?
		       "mmap, inhibited" : "pread/pwrite only");
}

static void show_irq(struct demo *demo, __u32 index)
{
	char name[64] = "", controllers[1024] = "";
	struct socassign_irq irq = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
		.controllers = (uintptr_t)controllers,
		.controllers_len = sizeof(controllers),
	};

	check(soc_irq(demo->fd, index, &irq), "IRQ");
	printf("  interrupt %u: %s%s%s%s, active %s, specifier <", index,
	       *name ? "\"" : "", name, *name ? "\" " : "",
	       irq.out_flags & SOCASSIGN_IRQ_LEVEL ? "level" : "edge",
	       irq.out_flags & SOCASSIGN_IRQ_LOW ? "low" : "high");
	for (__u32 i = 0; i < irq.out_num_cells; i++)
		printf("%s0x%x", i ? " " : "", irq.out_specifier[i]);
	printf("> at %s\n", controllers);
}

static void show_claim(struct demo *demo)
{
	static const char * const classes[] = { "none", "protected", "UNSAFE" };
	struct socassign_info info = {};
	struct socassign_region more;

	check(soc_info(demo->fd, &info), "INFO");
	printf("  fd %d: %u node, %u region(s), %u interrupt(s), DMA: %s\n",
	       demo->fd, info.out_num_nodes, info.out_num_regions,
	       info.out_num_irqs, classes[info.out_dma_class]);
	for (__u32 i = 0; i < info.out_num_regions; i++)
		show_region(demo, i, i ? &more : &demo->region);
	for (__u32 i = 0; i < info.out_num_irqs; i++)
		show_irq(demo, i);
}

static void print_time(const char *who, const struct tm *tm)
{
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", tm);
	printf("  %s: %s\n", who, text);
}

/* Power: every byte on the I2C bus ends with an interrupt. */
static void drive_i2c(struct demo *demo)
{
	struct mpc_i2c i2c;
	struct tm tm;

	mpc_i2c_init(&i2c, demo->regs, demo->trigger, demo->resample);
	check(ds1338_read(&i2c, &tm), "reading the RTC over I2C");
	print_time("the program drives the I2C controller and reads the RTC",
		   &tm);
	printf("  %u interrupts came through the eventfd, each ended by the resample eventfd\n",
	       i2c.interrupts);
}

/* arm64: the RTC itself; its alarm is the interrupt. */
static void drive_pl031(struct demo *demo)
{
	const uint64_t one = 1;
	time_t now;
	struct tm tm;

	now = pl031_get(demo->regs, PL031_DR);
	gmtime_r(&now, &tm);
	print_time("the program reads the RTC's registers", &tm);
	pl031_alarm(demo->regs, 2);
	printf("  alarm set, two seconds ahead; waiting for its interrupt\n");
	if (!soc_wait(demo->trigger, 30000))
		die("no interrupt");
	now = pl031_get(demo->regs, PL031_DR);
	pl031_lower(demo->regs);
	if (write(demo->resample, &one, sizeof(one)) < 0)
		die("resample: %s", strerror(errno));
	gmtime_r(&now, &tm);
	print_time("the interrupt came through the eventfd at", &tm);
}

static void show_count(struct demo *demo)
{
	struct socassign_irq irq = {};

	check(soc_irq(demo->fd, 0, &irq), "IRQ");
	printf("  the hardware raised %llu, one for each event\n",
	       (unsigned long long)irq.out_count);
}

static void find_device(struct demo *demo)
{
	check(sysfs_find(demo->node, &demo->dev), demo->node);
	if (sysfs_driver(&demo->dev, demo->host_driver,
			 sizeof(demo->host_driver)))
		die("%s has no driver", demo->node);
}

static void hand_out(struct demo *demo)
{
	check(sysfs_move(&demo->dev, "socassign"), "binding to socassign");
	show_driver(demo);
}

static void claim(struct demo *demo)
{
	demo->fd = soc_claim(demo->node, 0);
	check(demo->fd, "INSTANTIATE");
	show_claim(demo);
	demo->regs = soc_map(demo->fd, &demo->region);
	if (!demo->regs)
		die("mmap: %s", strerror(errno));
	demo->trigger = eventfd(0, EFD_CLOEXEC);
	demo->resample = eventfd(0, EFD_CLOEXEC);
	check(soc_set_resample(demo->fd, 0, demo->resample), "resample");
	check(soc_set_trigger(demo->fd, 0, demo->trigger), "trigger");
}

static void give_back(struct demo *demo)
{
	soc_unmap(demo->regs, &demo->region);
	close(demo->fd);
	check(sysfs_move(&demo->dev, demo->host_driver), "giving back");
	show_driver(demo);
}

int main(int argc, char **argv)
{
	struct demo demo = { .node = argc > 1 ? argv[1] : "" };

	setvbuf(stdout, NULL, _IOLBF, 0);
	sysfs_show = show_write;
	find_device(&demo);

	printf("\n1. The host has the device.\n");
	show_driver(&demo);
	show_host_time(&demo);

	printf("\n2. The administrator hands it out.\n");
	hand_out(&demo);

	printf("\n3. A program claims %s.\n", demo.node);
	claim(&demo);

	printf("\n4. It drives the device by itself, registers by mmap, interrupt by eventfd.\n");
	if (strstr(demo.node, "i2c"))
		drive_i2c(&demo);
	else
		drive_pl031(&demo);
	show_count(&demo);

	printf("\n5. The device goes back to the host.\n");
	give_back(&demo);
	show_host_time(&demo);
	printf("\n");
	return 0;
}
