// SPDX-License-Identifier: GPL-2.0
/*
 * What is found in a description of partitions
 */
#include "partition.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "out.h"

static unsigned int num_errors;

unsigned int finding_errors(void)
{
	return num_errors;
}

static void tell(enum finding_kind kind, const char *node, const char *property,
		 const char *text)
{
	const char *severity = kind == FINDING_ERROR ? "error" : "note";

	num_errors += kind == FINDING_ERROR;
	if (options.json) {
		out_object(NULL);
		out_string("severity", severity);
		out_string("node", node);
		out_string("property", property);
		out_string("text", text);
		out_object_end();
	} else {
		out_line("%s: %s%s%s: %s", severity, node,
			 *property ? " " : "", property, text);
	}
}

void finding_in_description(void *data, const char *node, const char *property,
			    const char *rule)
{
	tell(FINDING_ERROR, node, property, rule);
}

/* Takes @node over. */
static void tell_format(enum finding_kind kind, char *node,
			const char *property, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		text = must_print("out of memory");
	tell(kind, node, property, text);
	free(text);
	free(node);
}

void finding(enum finding_kind kind, const struct conf_partition *partition,
	     const char *property, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell_format(kind, must_print(CONF_NODE "/%s", partition->name),
		    property, format, args);
	va_end(args);
}

void finding_of(enum finding_kind kind, const struct holding *holding,
		const char *format, ...)
{
	const struct conf_claim *claim = holding->claim;
	va_list args;

	va_start(args, format);
	tell_format(kind, must_print(CONF_NODE "/%s%s%s",
				     holding->partition->name, claim ? "/" : "",
				     claim ? claim->name : ""),
		    holding_is_memory(holding) ? "memory-path" : "paths",
		    format, args);
	va_end(args);
}

void finding_of_window(enum finding_kind kind, const struct holding *holding,
		       const struct conf_window *window, const char *property,
		       const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell_format(kind, must_print(CONF_NODE "/%s/%s/%s",
				     holding->partition->name,
				     holding->claim->name, window->name),
		    property, format, args);
	va_end(args);
}
