// SPDX-License-Identifier: GPL-2.0
/*
 * The main job, visible: a host driver has a device; the administrator hands
 * it out; a program claims it by its device-tree path, drives it by itself
 * with its interrupt, and gives it back.  Every line is real output.  Part two
 * does the same with a bus master (demo_dma.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/rtc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../lib/mpc_i2c.h"
#include "../lib/pl031.h"
#include "demo.h"

struct demo {
	struct demo_device dev;
	int fd;
	struct socassign_region region;
	volatile void *regs;
	int trigger;
	int resample;
};

/*
 * The RTC that the host's driver made of the device, or of what is behind it.
 * Its number grows when the kernel still remembers the last one.
 */
static int open_rtc(const struct demo *demo)
{
	char path[PATH_MAX], target[PATH_MAX];

	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "/sys/class/rtc/rtc%d", i);
		if (!realpath(path, target) ||
		    !strstr(target, demo->dev.sysfs.name))
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

static void claim(struct demo *demo)
{
	demo->fd = soc_claim(demo->dev.node, 0);
	check(demo->fd, "INSTANTIATE");
	show_claim(demo->fd);
	check(soc_region(demo->fd, 0, &demo->region), "REGION");
	demo->regs = soc_map(demo->fd, &demo->region);
	if (!demo->regs)
		die("mmap: %s", strerror(errno));
	demo->trigger = eventfd(0, EFD_CLOEXEC);
	demo->resample = eventfd(0, EFD_CLOEXEC);
	check(soc_set_resample(demo->fd, 0, demo->resample), "resample");
	check(soc_set_trigger(demo->fd, 0, demo->trigger), "trigger");
}

static void release(struct demo *demo)
{
	soc_unmap(demo->regs, &demo->region);
	close(demo->trigger);
	close(demo->resample);
	close(demo->fd);
}

int main(int argc, char **argv)
{
	struct demo demo = {};

	setvbuf(stdout, NULL, _IOLBF, 0);
	find_device(&demo.dev, argc > 1 ? argv[1] : "");

	printf("\n1. The host has the device.\n");
	show_driver(&demo.dev);
	show_host_time(&demo);

	printf("\n2. The administrator hands it out.\n");
	hand_out(&demo.dev);

	printf("\n3. A program claims %s.\n", demo.dev.node);
	claim(&demo);

	printf("\n4. It drives the device by itself, registers by mmap, interrupt by eventfd.\n");
	if (strstr(demo.dev.node, "i2c"))
		drive_i2c(&demo);
	else
		drive_pl031(&demo);
	show_count(&demo);

	printf("\n5. The device goes back to the host.\n");
	release(&demo);
	give_back(&demo.dev);
	show_host_time(&demo);

	demo_dma();
	printf("\n");
	return 0;
}
