// SPDX-License-Identifier: GPL-2.0
/*
 * Properties of a description: each is what the table of its node says, or it is
 * an error
 */
#include "props.h"

#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Who has made so many will not read on. */
#define MAX_ERRORS	64

#define MAX_PATH	512

/* The least that a machine has: socvmm knows the page of this one. */
#define PAGE		4096

static bool is_printable(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

/* Names are bytes of any value. */
static void clean(char *text)
{
	for (; *text; text++)
		if (!is_printable(text, 1))
			*text = '?';
}

void conf_error(struct conf_reader *reader, int node, const char *property,
		const char *format, ...)
{
	char path[MAX_PATH], name[MAX_PATH], rule[MAX_PATH];
	va_list args;

	if (reader->num_errors++ >= MAX_ERRORS)
		return;
	if (fdt_get_path(reader->fdt, node, path, sizeof(path)))
		snprintf(path, sizeof(path), "%s",
			 fdt_get_name(reader->fdt, node, NULL));
	snprintf(name, sizeof(name), "%s", property ? property : "");
	va_start(args, format);
	vsnprintf(rule, sizeof(rule), format, args);
	va_end(args);
	clean(path);
	clean(name);
	clean(rule);
	reader->errors->tell(reader->errors->data, path, name, rule);
}

/* What is wrong with a string, or NULL */

static const char *file_rule(const char *text)
{
	return *text == '/' ? NULL : "not an absolute file name";
}

static const char *path_rule(const char *text)
{
	bool is_path = *text == '/' && text[strlen(text) - 1] != '/' &&
		       !strstr(text, "//");

	return is_path ? NULL : "not the path of a node";
}

static const char *console_rule(const char *text)
{
	if (!strcmp(text, "emulated") || !strcmp(text, "none") ||
	    !path_rule(text))
		return NULL;
	return "not \"emulated\", \"none\" or the path of a UART";
}

static const char *string_rule(enum conf_kind kind, const char *text)
{
	switch (kind) {
	case CONF_FILE:
	case CONF_FILES:
		return file_rule(text);
	case CONF_PATH:
	case CONF_PATHS:
		return path_rule(text);
	case CONF_CONSOLE:
		return console_rule(text);
	default:
		return NULL;
	}
}

/* Values */

/**
 * struct value - A property of the description
 * @prop: What it should be
 * @node: The node that has it
 * @data: Its value
 * @len: Length of that
 */
struct value {
	const struct conf_prop *prop;
	int node;
	const char *data;
	int len;
};

static void bad(struct conf_reader *reader, const struct value *value,
		const char *rule)
{
	conf_error(reader, value->node, value->prop->name, "%s", rule);
}

static bool check_string(struct conf_reader *reader, const struct value *value,
			 const char *text)
{
	const char *rule = string_rule(value->prop->kind, text);

	if (!rule && !is_printable(text, strlen(text)))
		rule = "has characters that cannot be printed";
	if (rule)
		bad(reader, value, rule);
	return !rule;
}

static void read_string(struct conf_reader *reader, const struct value *value,
			const char **into)
{
	if (!value->len || strnlen(value->data, value->len) + 1 !=
	    (size_t)value->len)
		bad(reader, value, "not a string");
	else if (check_string(reader, value, value->data))
		*into = value->data;
}

static void read_list(struct conf_reader *reader, const struct value *value,
		      struct conf_list *into)
{
	const char *text = value->data, *end = text + value->len;

	if (!value->len || end[-1]) {
		bad(reader, value, "not a list of strings");
		return;
	}
	for (; text < end; text += strlen(text) + 1) {
		if (into->num == value->prop->max) {
			conf_error(reader, value->node, value->prop->name,
				   "has more than %u", value->prop->max);
			return;
		}
		if (!check_string(reader, value, text))
			return;
		into->item[into->num++] = text;
	}
}

static void read_cell(struct conf_reader *reader, const struct value *value,
		      uint32_t least, uint32_t *into)
{
	if (value->len != sizeof(fdt32_t)) {
		bad(reader, value, "not a number in one cell");
		return;
	}
	*into = fdt32_ld((const fdt32_t *)value->data);
	if (*into < least || *into > value->prop->max)
		conf_error(reader, value->node, value->prop->name,
			   "not a number from %u to %u", least,
			   value->prop->max);
}

static void read_bytes(struct conf_reader *reader, const struct value *value,
		       uint64_t *into)
{
	const fdt32_t *cell = (const fdt32_t *)value->data;
	int num = value->len / (int)sizeof(*cell);

	if ((num != 1 && num != 2) || value->len % sizeof(*cell)) {
		bad(reader, value, "not a number in one cell or two");
		return;
	}
	for (int i = 0; i < num; i++)
		*into = *into << 32 | fdt32_ld(&cell[i]);
	if (value->prop->kind == CONF_ADDRESS && *into % PAGE)
		bad(reader, value, "not the start of a page");
	if (value->prop->kind == CONF_BYTES && (!*into || *into % PAGE))
		bad(reader, value, "not a size in whole pages");
}

static void read_value(struct conf_reader *reader, const struct value *value,
		       void *into)
{
	void *field = (char *)into + value->prop->offset;

	switch (value->prop->kind) {
	case CONF_FILES:
	case CONF_PATHS:
		read_list(reader, value, field);
		break;
	case CONF_COUNT:
		read_cell(reader, value, 1, field);
		break;
	case CONF_NUMBER:
		read_cell(reader, value, 0, field);
		break;
	case CONF_BYTES:
	case CONF_ADDRESS:
		read_bytes(reader, value, field);
		break;
	case CONF_FLAG:
		if (value->len)
			bad(reader, value, "a flag has no value");
		*(uint32_t *)field |= value->prop->flag;
		break;
	default:
		read_string(reader, value, field);
	}
}

/* Nodes */

static const struct conf_prop *find_prop(const struct conf_prop *props,
					 const char *name)
{
	for (; props->name; props++)
		if (!strcmp(props->name, name))
			return props;
	return NULL;
}

/* A blob may have two of a name; all others would read the first one. */
static bool is_again(const void *fdt, int node, int property, const char *name)
{
	const char *first;
	int at;

	fdt_for_each_property_offset(at, fdt, node) {
		fdt_getprop_by_offset(fdt, at, &first, NULL);
		if (!strcmp(first, name))
			return at != property;
	}
	return false;
}

static void read_prop(struct conf_reader *reader, int node, int property,
		      const struct conf_prop *props, void *into)
{
	struct value value = { .node = node };
	const char *name;

	value.data = fdt_getprop_by_offset(reader->fdt, property, &name,
					   &value.len);
	/* dtc gives one to each node that has a label. */
	if (!strcmp(name, "phandle"))
		return;
	value.prop = find_prop(props, name);
	if (!value.prop)
		conf_error(reader, node, name, "unknown property");
	else if (is_again(reader->fdt, node, property, name))
		bad(reader, &value, "is there twice");
	else
		read_value(reader, &value, into);
}

void conf_props(struct conf_reader *reader, int node,
		const struct conf_prop *props, void *into)
{
	int property;

	fdt_for_each_property_offset(property, reader->fdt, node)
		read_prop(reader, node, property, props, into);
	for (; props->name; props++)
		if (props->is_needed &&
		    !fdt_getprop(reader->fdt, node, props->name, NULL))
			conf_error(reader, node, props->name, "is missing");
}
