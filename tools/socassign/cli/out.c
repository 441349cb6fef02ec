// SPDX-License-Identifier: GPL-2.0
/*
 * Output: JSON (RFC 8259), or indented text
 */
#include "out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

static FILE *sink;		/* NULL: stdout */
static int depth;
static bool is_first;		/* nothing at this depth yet */

void out_to(FILE *file)
{
	sink = file;
}

static FILE *to(void)
{
	return sink ? sink : stdout;
}

static void indent(int levels)
{
	fprintf(to(), "%*s", 2 * levels, "");
}

/*
 * A tree's strings are bytes, of any value.  What is not ASCII becomes the
 * character of that number: valid, and nothing is lost.
 */
static void put_json_string(const char *text)
{
	putc('"', to());
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			fprintf(to(), "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fprintf(to(), "\\u%04x", c);
		else
			putc(c, to());
	}
	putc('"', to());
}

/* A tree's strings, and names of devices: no escape sequences to the terminal. */
static void put_plain_string(FILE *file, const char *text)
{
	for (; *text; text++)
		putc(*text < 0x20 || *text > 0x7e ? '?' : *text, file);
}

static void put_line(FILE *file, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	put_plain_string(file, text);
	putc('\n', file);
	free(text);
}

void out_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_line(to(), format, args);
	va_end(args);
}

void complain(const char *format, ...)
{
	va_list args;

	fputs("socassign: ", stderr);
	va_start(args, format);
	put_line(stderr, format, args);
	va_end(args);
}

int complain_usage(const char *format, ...)
{
	va_list args;

	fputs("socassign: ", stderr);
	va_start(args, format);
	put_line(stderr, format, args);
	va_end(args);
	fputs("Try `socassign --help`.\n", stderr);
	return EXIT_USAGE;
}

static void begin_json(const char *key)
{
	if (depth && !is_first)
		putc(',', to());
	if (depth)
		putc('\n', to());
	indent(depth);
	if (key) {
		put_json_string(key);
		fputs(": ", to());
	}
	is_first = false;
}

/* The outermost object has no line of its own. */
static void begin_plain(const char *key)
{
	indent(depth - 1);
	fprintf(to(), key ? "%s:" : "-", key);
}

static void begin(const char *key)
{
	if (options.json)
		begin_json(key);
	else
		begin_plain(key);
}

static void put_word(const char *key, const char *word, bool quoted)
{
	begin(key);
	if (options.json && quoted) {
		put_json_string(word);
	} else {
		if (!options.json)
			putc(' ', to());
		put_plain_string(to(), word);
	}
	if (!options.json)
		putc('\n', to());
}

static void open_group(const char *key, char bracket)
{
	if (options.json || depth)
		begin(key);
	if (options.json)
		putc(bracket, to());
	else if (depth)
		putc('\n', to());
	depth++;
	is_first = true;
}

static void close_group(char bracket)
{
	depth--;
	if (options.json) {
		if (!is_first) {
			putc('\n', to());
			indent(depth);
		}
		putc(bracket, to());
	}
	is_first = false;
}

void out_begin(void)
{
	open_group(NULL, '{');
}

void out_end(void)
{
	close_group('}');
	if (options.json)
		putc('\n', to());
}

void out_object(const char *key)
{
	open_group(key, '{');
}

void out_object_end(void)
{
	close_group('}');
}

void out_list(const char *key)
{
	open_group(key, '[');
}

void out_list_end(void)
{
	close_group(']');
}

void out_string(const char *key, const char *value)
{
	put_word(key, value, true);
}

void out_bool(const char *key, bool value)
{
	if (options.json)
		put_word(key, value ? "true" : "false", false);
	else
		put_word(key, value ? "yes" : "no", false);
}

void out_number(const char *key, uint64_t value)
{
	char word[24];

	snprintf(word, sizeof(word), "%" PRIu64, value);
	put_word(key, word, false);
}

void out_hex(const char *key, uint64_t value)
{
	char word[24];

	snprintf(word, sizeof(word), "0x%" PRIx64, value);
	put_word(key, word, true);
}
