// SPDX-License-Identifier: GPL-2.0
/*
 * The RTC, by the guest's own drivers: a PL031, whose alarm interrupts, or a chip
 * behind an I2C controller, whose every transfer interrupts.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/rtc.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/procirq.h"
#include "guest.h"

#define RTC		"/dev/rtc0"
#define ALARM_MS	20000	/* against hangs */
#define UPDATES		8	/* one a second */
#define READS		200

int rtc_line(struct procirq *line)
{
	static const char * const labels[] = { "rtc-pl031", "i2c-mpc" };

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (!procirq_find(labels[i], line))
			return 0;
	return -ENOENT;
}

/* The interrupts that reading the time or an alarm makes, since the boot. */
static unsigned long interrupts(void)
{
	struct procirq line;

	return rtc_line(&line) ? 0 : procirq_total(&line);
}

static int open_rtc(void)
{
	int fd = open(RTC, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		step_failed(RTC ": %s", strerror(errno));
	return fd;
}

void rtc_step(void)
{
	unsigned long before = interrupts();
	struct rtc_time now;
	int fd = open_rtc();

	if (fd < 0)
		return;
	if (ioctl(fd, RTC_RD_TIME, &now))
		step_failed("RTC_RD_TIME: %s", strerror(errno));
	else
		step_ok("%04d-%02d-%02d %02d:%02d:%02d by %s, interrupts %lu to %lu",
			now.tm_year + 1900, now.tm_mon + 1, now.tm_mday,
			now.tm_hour, now.tm_min, now.tm_sec,
			driver_of("/sys/class/rtc/rtc0/device"), before,
			interrupts());
	close(fd);
}

static bool set_alarm(int fd, int seconds)
{
	struct rtc_wkalrm alarm = { .enabled = 1 };
	struct rtc_time now;
	struct tm tm = { 0 };

	if (ioctl(fd, RTC_RD_TIME, &now))
		return false;
	tm.tm_year = now.tm_year;
	tm.tm_mon = now.tm_mon;
	tm.tm_mday = now.tm_mday;
	tm.tm_hour = now.tm_hour;
	tm.tm_min = now.tm_min;
	tm.tm_sec = now.tm_sec + seconds;
	timegm(&tm);
	alarm.time.tm_year = tm.tm_year;
	alarm.time.tm_mon = tm.tm_mon;
	alarm.time.tm_mday = tm.tm_mday;
	alarm.time.tm_hour = tm.tm_hour;
	alarm.time.tm_min = tm.tm_min;
	alarm.time.tm_sec = tm.tm_sec;
	return !ioctl(fd, RTC_WKALM_SET, &alarm);
}

/* What the RTC's interrupts have told since the last time; 0 if it is silent. */
static unsigned long wait_rtc(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	unsigned long data;

	if (poll(&pfd, 1, ALARM_MS) != 1 ||
	    read(fd, &data, sizeof(data)) != sizeof(data))
		return 0;
	return data;
}

static bool alarm_comes(void)
{
	unsigned long before = interrupts();
	int fd = open_rtc();
	bool comes = false;

	if (fd < 0)
		return false;
	if (!set_alarm(fd, 2))
		step_failed("no alarm can be set: %s", strerror(errno));
	else if (!(wait_rtc(fd) & RTC_AF))
		step_failed("it does not come, interrupts %lu to %lu", before,
			    interrupts());
	else
		comes = true;
	if (comes)
		step_ok("interrupts %lu to %lu", before, interrupts());
	close(fd);
	return comes;
}

void alarm_step(void)
{
	alarm_comes();
}

static bool has_alarm(void)
{
	struct rtc_wkalrm alarm;
	int fd = open(RTC, O_RDONLY | O_CLOEXEC);
	bool has = fd >= 0 && !ioctl(fd, RTC_WKALM_RD, &alarm);

	close(fd);
	return has;
}

/* An RTC without an alarm interrupts whenever it is read. */
static bool time_goes_on(void)
{
	struct rtc_time before, now;
	int fd = open_rtc();
	bool goes_on;

	if (fd < 0)
		return false;
	goes_on = !ioctl(fd, RTC_RD_TIME, &before);
	sleep(2);
	goes_on = goes_on && !ioctl(fd, RTC_RD_TIME, &now) &&
		  memcmp(&now, &before, sizeof(now));
	if (goes_on)
		step_ok("%02d:%02d:%02d, %lu interrupts", now.tm_hour, now.tm_min,
			now.tm_sec, interrupts());
	else
		step_failed("the time does not go on, %lu interrupts",
			    interrupts());
	close(fd);
	return goes_on;
}

void ticks_step(void)
{
	bool (*tick)(void) = has_alarm() ? alarm_comes : time_goes_on;

	while (tick())
		;
}

/* An interrupt a second where the RTC has one, else one or more a read. */
static bool make_interrupts(int fd)
{
	struct rtc_time now;

	if (!ioctl(fd, RTC_UIE_ON, 0)) {
		for (int i = 0; i < UPDATES; i++)
			if (!wait_rtc(fd))
				return false;
		return !ioctl(fd, RTC_UIE_OFF, 0);
	}
	for (int i = 0; i < READS; i++)
		if (ioctl(fd, RTC_RD_TIME, &now))
			return false;
	return true;
}

bool rtc_interrupts(void)
{
	int fd = open(RTC, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && make_interrupts(fd);

	close(fd);
	return done;
}

void bench_step(void)
{
	unsigned long before = interrupts();
	int fd = open_rtc();

	if (fd < 0)
		return;
	if (make_interrupts(fd))
		step_say("%lu interrupts", interrupts() - before);
	else
		step_failed("the RTC: %s", strerror(errno));
	close(fd);
}

void rtc_spin(void)
{
	int fd = open(RTC, O_RDONLY | O_CLOEXEC);
	struct rtc_time now;

	if (fd < 0)
		return;
	/*
	 * No interrupt a second: when a dead RTC then shows the end of time,
	 * Linux counts the seconds until there.
	 */
	for (;;) {
		set_alarm(fd, 1);
		for (int i = 0; i < READS; i++)
			ioctl(fd, RTC_RD_TIME, &now);
	}
}
