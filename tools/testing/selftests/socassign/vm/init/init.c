// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of a test machine.  What it does is in its initramfs:
 *
 *   /etc/modules   modules to load, in order: "name [params]"; "?name" may fail
 *   /etc/demo      a command line to run on the console, and nothing else
 *   /etc/kunit     modules whose suites run as they are loaded
 *   /etc/tests     programs of /bin to run, in order: "name [seconds]"
 *
 * It reports in KTAP, prints an end line, and reboots the machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"

#define DEFAULT_TIMEOUT	180	/* seconds for one program */
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

static unsigned int results;
static bool quiet;

static void report(bool ok, const char *what, const char *directive)
{
	klog_say("%s %u selftests: socassign: %s%s", ok ? "ok" : "not ok",
		 ++results, what, directive);
}

static void report_log(const char *after)
{
	char what[128];

	snprintf(what, sizeof(what), "kernel log clean after %s", after);
	report(klog_clean(), what, "");
}

static void report_exit(const char *name, int code)
{
	char directive[32] = "";

	if (code == RUN_SKIP)
		strcpy(directive, " # SKIP");
	else if (code == RUN_TIMEOUT)
		strcpy(directive, " # TIMEOUT");
	else if (code == RUN_STUCK)
		strcpy(directive, " # cannot be killed");
	else if (code)
		snprintf(directive, sizeof(directive), " # exit=%d", code);
	report(code == 0 || code == RUN_SKIP, name, directive);
}

static void handle_module(char *line)
{
	bool optional = line[0] == '?';
	int err = load_module(line + optional);

	if (!err || optional)
		return;
	if (quiet)
		printf("cannot load %s: %s\n", line, strerror(err));
	else
		report(false, line, " # cannot load");
}

static void handle_kunit(char *line)
{
	klog_say("# selftests: socassign: %s", line);
	report(load_module(line) == 0, line, "");
	report_log(line);
}

/* Without a first process the kernel panics, and that ends the machine at once. */
static void give_up(void)
{
	klog_say("Bail out!");
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	_exit(1);
}

static void handle_test(char *line)
{
	unsigned int timeout = DEFAULT_TIMEOUT;
	char path[300];
	char *space = strchr(line, ' ');
	int code;

	if (space) {
		*space = '\0';
		timeout = atoi(space + 1);
	}
	klog_say("# selftests: socassign: %s", line);
	snprintf(path, sizeof(path), "/bin/%s", line);
	code = run_program(path, timeout);
	report_exit(line, code);
	report_log(line);
	/* What it holds the rest would wait for; so would an orderly end. */
	if (code == RUN_STUCK)
		give_up();
}

static void handle_demo(char *line)
{
	int code;

	puts("# demo: begin");
	code = run_demo(line);
	printf("# demo: exit=%d\n", code);
}

/*
 * A device that is bound by hand while the kernel is just adding it gets a reason
 * why not, which nobody frees: it never comes on the list of those that wait.
 */
#define LEAK_OF_THE_KERNELS	"device_set_deferred_probe_reason"

static bool leak_found;
/* The object that is being told of: a few lines, and its backtrace. */
static bool leak_open, leak_is_known;

static void end_leak(void)
{
	leak_found |= leak_open && !leak_is_known;
	leak_open = false;
	leak_is_known = false;
}

static void handle_leak(char *line)
{
	if (!strncmp(line, "unreferenced", 12)) {
		end_leak();
		leak_open = true;
	}
	leak_is_known |= !!strstr(line, LEAK_OF_THE_KERNELS);
	klog_say("# kernel: %s", line);
}

/* What the boot leaked, or seemed to, is not ours. */
static void forget_leaks(void)
{
	if (write_file(KMEMLEAK, "scan"))
		write_file(KMEMLEAK, "clear");
}

/*
 * Two scans: an object is reported when it is old enough (5 s) and has not
 * changed since the scan before.
 */
static void report_leaks(void)
{
	if (!write_file(KMEMLEAK, "scan"))
		return;
	sleep(6);
	write_file(KMEMLEAK, "scan");
	read_lines(KMEMLEAK, handle_leak);
	end_leak();
	report(!leak_found, "no memory leaked", "");
}

static void run_tests(void)
{
	klog_say("TAP version 13");
	forget_leaks();
	klog_skip();
	read_lines("/etc/modules", handle_module);
	report_log("loading the modules");
	read_lines("/etc/kunit", handle_kunit);
	read_lines("/etc/tests", handle_test);
	report_leaks();
	klog_say("1..%u", results);
	/* A kernel with KUnit prints a plan of its own as it boots. */
	klog_say("# selftests: socassign: end");
}

int main(void)
{
	mount_all();
	open_console();
	klog_open();
	quiet = access("/etc/demo", F_OK) == 0;
	if (quiet) {
		read_lines("/etc/modules", handle_module);
		read_lines("/etc/demo", handle_demo);
	} else {
		run_tests();
	}
	sync();
	/* What was printed must be out before the UART is. */
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(RB_AUTOBOOT);
	return 1;
}
