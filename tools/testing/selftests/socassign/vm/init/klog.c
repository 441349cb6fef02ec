// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel log.  Test output goes through it as well: the kernel then never
 * writes a message into the middle of a line of ours on the console.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define LEVEL_ERR	3
#define FACILITY_KERN	0

static int klog_fd = -1;

void klog_open(void)
{
	klog_fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

/* What was printed until now, by the boot, is not a test's doing. */
void klog_skip(void)
{
	lseek(klog_fd, 0, SEEK_END);
}

/* The log takes lines of less than 1 KiB. */
void klog_say(const char *format, ...)
{
	char line[900] = "<6>";
	va_list args;

	va_start(args, format);
	vsnprintf(line + 3, sizeof(line) - 3, format, args);
	va_end(args);

	if (write(klog_fd, line, strlen(line)) < 0)
		puts(line + 3);
}

/* "# expect in log: TEXT" of a test: what it provokes is no complaint. */
#define EXPECT "# expect in log: "
#define MAX_EXPECTED 16

static char expected[MAX_EXPECTED][128];
static unsigned int num_expected;

static bool is_expected(const char *text)
{
	for (unsigned int i = 0; i < num_expected; i++)
		if (strstr(text, expected[i]))
			return true;
	return false;
}

/* Each test of a program says so again. */
static void expect(const char *text)
{
	if (!is_expected(text) && num_expected < MAX_EXPECTED)
		snprintf(expected[num_expected++], sizeof(expected[0]), "%s",
			 text);
}

/* Expected, or on Power its trace, which is the next one. */
static bool is_excused(const char *text)
{
	static bool trace_follows;

	if (is_expected(text)) {
		trace_follows = true;
		return true;
	}
	if (!trace_follows || !strstr(text, "Call Trace"))
		return false;
	trace_follows = false;
	return true;
}

static bool is_complaint(const char *text)
{
	static const char * const words[] = {
		"WARNING:", "BUG:", "INFO: possible", "INFO: task",
		"suspicious RCU", "unreferenced object", "Call Trace",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* A record is "prefix,sequence,time,flags;text\n KEY=value\n...". */
static bool check_record(char *record)
{
	unsigned long prefix = strtoul(record, NULL, 10);
	char *text = strchr(record, ';');

	if (!text)
		return true;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (!strncmp(text, EXPECT, strlen(EXPECT)))
		expect(text + strlen(EXPECT));
	if (prefix >> 3 != FACILITY_KERN)
		return true;
	if (is_excused(text) ||
	    ((prefix & 7) > LEVEL_ERR && !is_complaint(text)))
		return true;
	klog_say("# kernel: <%lu> %s", prefix & 7, text);
	return false;
}

/* Did the kernel stay quiet since the last call? */
bool klog_clean(void)
{
	char record[8192];
	bool clean = true;
	ssize_t len;

	num_expected = 0;
	for (;;) {
		len = read(klog_fd, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE) {
			klog_say("# kernel: messages were lost: the log is too small");
			clean = false;
			continue;
		}
		if (len <= 0)
			return clean;
		record[len] = '\0';
		clean &= check_record(record);
	}
}
