/* SPDX-License-Identifier: GPL-2.0 */
/* The first process of a test machine, in six rooms. */
#ifndef SOCASSIGN_VM_INIT_H
#define SOCASSIGN_VM_INIT_H

#include <stdbool.h>
#include <stddef.h>

/* start.c: file systems and standard streams; a guest's first process does it, too */
void mount_all(void);
void open_console(void);

/* klog.c: the kernel log, which also carries what we print */
void klog_open(void);
void klog_skip(void);
void klog_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
bool klog_clean(void);

/* runner.c: one program */
#define RUN_SKIP	4	/* KSFT_SKIP */
#define RUN_TIMEOUT	124	/* as timeout(1) */
#define RUN_STUCK	256	/* something of it cannot be killed */

int run_program(const char *path, unsigned int timeout);
int run_demo(char *command);

/* hang.c: one that does not end */
void say_who_waits(void);

/* files.c: lists and modules */
typedef void (*line_handler)(char *line);

bool read_lines(const char *path, line_handler handle);
bool write_file(const char *path, const char *text);
int load_module(char *line);

#endif
