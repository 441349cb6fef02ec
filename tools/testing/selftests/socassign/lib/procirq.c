// SPDX-License-Identifier: GPL-2.0
#include "procirq.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE	4096

/* The first line: "           CPU0       CPU1". */
static void parse_header(const char *text, struct procirq *line)
{
	line->num_cpus = 0;
	while ((text = strstr(text, "CPU")) &&
	       line->num_cpus < PROCIRQ_CPUS) {
		text += 3;
		line->cpu[line->num_cpus++] = strtoul(text, NULL, 10);
	}
}

/* " 43:   12   0  OpenPIC  43 Level     a, b"; false for "NMI: ...". */
static bool parse_line(const char *text, struct procirq *line)
{
	char *end;

	line->irq = strtoul(text, &end, 10);
	if (end == text || *end != ':')
		return false;
	end++;
	for (unsigned int i = 0; i < line->num_cpus; i++)
		line->count[i] = strtoul(end, &end, 10);
	return true;
}

static bool has_label(const char *text, const char *label)
{
	size_t len = strlen(label);
	const char *at = strstr(text, label);

	return at && at > text && at[-1] == ' ' &&
	       (at[len] == '\n' || at[len] == ',');
}

static int find(const char *label, unsigned int irq, struct procirq *line)
{
	FILE *file = fopen("/proc/interrupts", "re");
	static char text[LINE_SIZE];
	int ret = -ENOENT;

	if (!file)
		return -errno;
	if (fgets(text, sizeof(text), file))
		parse_header(text, line);
	while (ret && fgets(text, sizeof(text), file)) {
		if (!parse_line(text, line))
			continue;
		if (label ? has_label(text, label) : line->irq == irq)
			ret = 0;
	}
	fclose(file);
	return ret;
}

int procirq_find(const char *label, struct procirq *line)
{
	return find(label, 0, line);
}

int procirq_read(unsigned int irq, struct procirq *line)
{
	return find(NULL, irq, line);
}

unsigned long procirq_total(const struct procirq *line)
{
	unsigned long total = 0;

	for (unsigned int i = 0; i < line->num_cpus; i++)
		total += line->count[i];
	return total;
}

unsigned long procirq_on(const struct procirq *line, unsigned int cpu)
{
	for (unsigned int i = 0; i < line->num_cpus; i++)
		if (line->cpu[i] == cpu)
			return line->count[i];
	return 0;
}
