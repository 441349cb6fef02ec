/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who keeps the partitions that run: systemd, or nobody but a file with a lock
 */
#ifndef _SOCASSIGN_MANAGER_H
#define _SOCASSIGN_MANAGER_H

#include <stdbool.h>

/**
 * struct manager - Who keeps the partitions that run
 * @name: For whoever reads the output
 * @start: Start a partition; 0 or a negative errno: -EALREADY: it runs
 * @stop: Stop it, and wait for its end; 0 or a negative errno: -EALREADY: it does
 *	not run
 * @runs: Does it? 1, 0 or a negative errno
 *
 * An errno, but -EALREADY, comes after a message.
 */
struct manager {
	const char *name;
	int (*start)(const char *partition);
	int (*stop)(const char *partition);
	int (*runs)(const char *partition);
};

/* For socvmm to find that it cannot do what is described */
#define MANAGER_HASTE_MS	250

/* manager_systemd.c: a service for each; NULL if there is no systemd */
const struct manager *manager_systemd(void);

/* manager_lock.c: a process for each, which holds a lock */
extern const struct manager manager_lock;

/* A path below /run, or what stands in for it; for free(). */
char *manager_path(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif /* _SOCASSIGN_MANAGER_H */
