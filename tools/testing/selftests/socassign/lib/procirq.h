/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel itself counts: /proc/interrupts, and the test module. */
#ifndef _SELFTESTS_SOCASSIGN_PROCIRQ_H
#define _SELFTESTS_SOCASSIGN_PROCIRQ_H

#include <stdbool.h>

#define PROCIRQ_CPUS	64

struct procirq {
	unsigned int irq;
	unsigned int num_cpus;
	unsigned int cpu[PROCIRQ_CPUS];		/* which CPU a column is */
	unsigned long count[PROCIRQ_CPUS];
};

/* The line whose handlers have the label among them: 0 or -ENOENT. */
int procirq_find(const char *label, struct procirq *line);
/* The line of an interrupt number. */
int procirq_read(unsigned int irq, struct procirq *line);

unsigned long procirq_total(const struct procirq *line);
unsigned long procirq_on(const struct procirq *line, unsigned int cpu);

#endif
