// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of a guest.  The kernel's command line says what it does:
 * guest.run=STEP[,STEP...], in this order.  After the last one it powers the
 * guest off.
 *
 *   rtc, alarm   read the RTC; wait for an alarm
 *   ticks        alarms, one behind the other, for ever; the time if the RTC has none
 *   ring, answer ring the other guest's doorbell until it answers; wait and answer
 *   gpio         set a line and read it back
 *   shared       count up a number in memory that other guests have, too
 *   net          ping the gateway, in several sizes
 *   fault        have the Ethernet controller read where the guest has no memory;
 *                its driver starts it anew
 *   reserved     find the memory that a device refers to, and answer what is in it
 *   hotplug      take the second CPU away and back
 *   smp          have the RTC interrupt the second CPU
 *   bench        as many interrupts as can be, and nothing printed meanwhile
 *   spin         traffic in the background from now on, for ever
 *   echo         read a line from the console and print it
 *   wait         wait for a line on the console
 *   model        print the model of the machine
 *   reboot       instead of going on
 */
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#include "../../lib/sysfs.h"
#include "../init/init.h"
#include "guest.h"

#define OPTION	"guest.run="

static const char *step;

static void print(const char *what, const char *format, va_list args)
{
	printf("guest: %s: %s", step, what);
	vprintf(format, args);
	puts("");
}

void step_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("", format, args);
	va_end(args);
}

void step_ok(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("ok ", format, args);
	va_end(args);
}

void step_failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("FAILED ", format, args);
	va_end(args);
}

const char *driver_of(const char *device)
{
	static char target[PATH_MAX];
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/driver", device);
	return realpath(path, target) ? basename(target) : "no driver";
}

static void echo_step(void)
{
	char line[256];

	step_say("waits for a line");
	if (!fgets(line, sizeof(line), stdin)) {
		step_failed("the console is closed");
		return;
	}
	line[strcspn(line, "\n")] = '\0';
	step_ok("%s", line);
}

static void wait_step(void)
{
	char line[256];

	/* Without "ok": it has only begun. */
	printf("guest: wait\n");
	if (!fgets(line, sizeof(line), stdin))
		step_failed("the console is closed");
}

static void spin_step(void)
{
	if (fork() == 0) {
		net_spin();
		rtc_spin();
		_exit(1);
	}
	step_ok("in the background");
}

/* The model is what an overlay can change without a device. */
static void model_step(void)
{
	char model[128];

	if (sysfs_read("/proc/device-tree/model", model, sizeof(model)))
		step_failed("no model");
	else
		step_ok("%s", model);
}

/* What was printed must be out before the UART is. */
static void end(int how)
{
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(how);
}

static void reboot_step(void)
{
	step_say("now");
	end(RB_AUTOBOOT);
}

static void run_step(const char *name)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} steps[] = {
		{ "rtc", rtc_step }, { "alarm", alarm_step },
		{ "ticks", ticks_step },
		{ "ring", ring_step }, { "answer", answer_step },
		{ "gpio", gpio_step }, { "shared", shared_step },
		{ "net", net_step }, { "fault", fault_step },
		{ "reserved", reserved_step },
		{ "hotplug", hotplug_step }, { "smp", smp_step },
		{ "bench", bench_step },
		{ "spin", spin_step }, { "echo", echo_step },
		{ "wait", wait_step }, { "model", model_step },
		{ "reboot", reboot_step },
	};

	step = name;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!strcmp(steps[i].name, name)) {
			steps[i].run();
			return;
		}
	step_failed("no such step");
}

static void handle_command_line(char *line)
{
	char *list = strstr(line, OPTION);

	if (!list)
		return;
	list += strlen(OPTION);
	list[strcspn(list, " ")] = '\0';
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ","))
		run_step(name);
}

/* Drivers that the guest's kernel has as modules. */
static void handle_module(char *line)
{
	int err = load_module(line);

	if (err)
		printf("guest: no module %s: %s\n", line, strerror(err));
}

int main(void)
{
	mount_all();
	open_console();
	read_lines("/etc/modules", handle_module);
	puts("guest: up");
	read_lines("/proc/cmdline", handle_command_line);
	puts("guest: end");
	end(RB_POWER_OFF);
	return 1;
}
