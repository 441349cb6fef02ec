// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions, visible: one description, two guests at once, each with a device of its
 * own, memory that both have, and a doorbell between them.  One of them is killed and
 * started again, and the other one does not notice.  Every line is real output.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/guest_devices.h"
#include "../lib/hostrtc.h"
#include "demo.h"

#define COMMAND		"/bin/socassign"
#define SOCVMM		"/bin/socvmm"
#define CONF		"/etc/socassign/partitions.dtb"

/* A guest, and what is read of its console and its VMM's messages. */
struct part {
	const char *name;
	pid_t pid;
	FILE *output;
};

/* What an administrator types, and what he sees; its exit status. */
static int type(const char *const *argv)
{
	int status;
	pid_t pid;

	printf("  #");
	for (int i = 0; argv[i]; i++)
		printf(" %s", i ? argv[i] : strrchr(argv[i], '/') + 1);
	printf("\n");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("%s has crashed", argv[0]);
	return WEXITSTATUS(status);
}

static void partition(const char *action)
{
	const char *const argv[] = { COMMAND, "partition", action, NULL };

	if (type(argv))
		die("%s has failed", action);
}

/* As the service does it. */
static void start(struct part *part)
{
	char where[128];
	const char *const args[] = { SOCVMM, "--partition", where, NULL };
	int fds[2];

	snprintf(where, sizeof(where), CONF ":/partitions/%s", part->name);
	printf("  # socvmm --partition %s &\n", where);
	fflush(stdout);
	if (pipe2(fds, O_CLOEXEC))
		die("%s", strerror(errno));
	part->pid = start_vmm(args, fds[1]);
	close(fds[1]);
	part->output = fdopen(fds[0], "r");
	if (!part->output)
		die("%s", strerror(errno));
}

/* Show what it prints, up to a line with this in it. */
static void follow(struct part *part, const char *wanted)
{
	char line[512];

	while (fgets(line, sizeof(line), part->output)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[strspn(line, " ")])
			printf("  %s | %s\n", part->name, line);
		if (strstr(line, "FAILED"))
			die("%s: a step has failed", part->name);
		if (strstr(line, wanted))
			return;
	}
	die("%s: has ended before \"%s\"", part->name, wanted);
}

/* With this signal; what it had to say is not waited for. */
static void end(struct part *part, const char *how, int signal)
{
	printf("  # kill %s $(pidof %s)\n", how, part->name);
	if (kill(part->pid, signal) ||
	    waitpid(part->pid, NULL, 0) != part->pid)
		die("%s: %s", part->name, strerror(errno));
	fclose(part->output);
}

static void wait_back(const struct demo_device *dev)
{
	if (!*dev->driver) {
		printf("  %s is nobody's\n", dev->node);
		return;
	}
	if (!sysfs_wait_driver(&dev->sysfs, dev->driver))
		die("%s does not come back", dev->node);
	show_driver(dev);
}

/* The host may have no driver for it, nor a device. */
static void find_gpio(struct demo_device *dev,
		      const struct guest_devices *devices)
{
	*dev = (struct demo_device) { .node = devices->gpio };
	if (devices->gpio_host)
		find_device(dev, devices->gpio);
}

static void clock_works(struct part *clock)
{
	start(clock);
	follow(clock, "guest: shared: ok");
	follow(clock, "guest: ticks: ok");
}

static void lines_work(struct part *lines)
{
	start(lines);
	follow(lines, "guest: shared: ok");
	follow(lines, "guest: gpio: ok");
	/* The clock's guest answers. */
	follow(lines, "guest: ring: ok");
}

static void show_host_rtc(const struct demo_device *dev)
{
	if (!hostrtc_works(&dev->sysfs))
		die("the host's RTC does not work");
	printf("  the host's RTC works\n");
}

void demo_partitions(void)
{
	const struct guest_devices *devices = guest_devices();
	struct part clock = { .name = "clock" }, lines = { .name = "lines" };
	const char *const status[] = { COMMAND, "status", NULL };
	struct demo_device rtc, gpio;

	printf("\n1. A description of the machine's partitions is held against the machine.\n");
	find_device(&rtc, devices->rtc);
	find_gpio(&gpio, devices);
	partition("list");
	partition("check");

	printf("\n2. Both start, and use what they have.  The number is in their common memory.\n");
	clock_works(&clock);
	lines_work(&lines);
	type(status);

	printf("\n3. One is killed and started again; the other one's clock goes on.\n");
	end(&lines, "-KILL", SIGKILL);
	wait_back(&gpio);
	follow(&clock, "guest: ticks: ok");
	lines_work(&lines);
	follow(&clock, "guest: ticks: ok");

	printf("\n4. Both are stopped, and the host has its devices again.\n");
	end(&lines, "-TERM", SIGTERM);
	end(&clock, "-TERM", SIGTERM);
	wait_back(&rtc);
	wait_back(&gpio);
	show_host_rtc(&rtc);
	printf("\n");
}
