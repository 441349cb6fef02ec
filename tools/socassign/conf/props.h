/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Properties of a description, by tables
 */
#ifndef _SOCASSIGN_CONF_PROPS_H
#define _SOCASSIGN_CONF_PROPS_H

#include "conf.h"

/**
 * struct conf_reader - A description that is being read
 * @fdt: The compiled tree
 * @errors: Is told what is wrong with it
 * @num_errors: How much that is
 */
struct conf_reader {
	const void *fdt;
	const struct conf_errors *errors;
	unsigned int num_errors;
};

/**
 * enum conf_kind - What a property is, and the field that it goes to
 * @CONF_TEXT: A string, which may be empty: const char *
 * @CONF_FILES: Absolute file names: struct conf_list
 * @CONF_FILE: One of these: const char *
 * @CONF_PATHS: Paths of nodes: struct conf_list
 * @CONF_PATH: One of these: const char *
 * @CONF_CONSOLE: A path, or one of two words: const char *
 * @CONF_COUNT: A number from 1, in one cell: uint32_t
 * @CONF_NUMBER: A number from 0, in one cell: uint32_t
 * @CONF_BYTES: A number of bytes from 1, in whole pages, in one cell or two: uint64_t
 * @CONF_ADDRESS: The same, from 0
 * @CONF_FLAG: It is there, without a value: a bit of uint32_t
 */
enum conf_kind {
	CONF_TEXT,
	CONF_FILES,
	CONF_FILE,
	CONF_PATHS,
	CONF_PATH,
	CONF_CONSOLE,
	CONF_COUNT,
	CONF_NUMBER,
	CONF_BYTES,
	CONF_ADDRESS,
	CONF_FLAG
};

/**
 * struct conf_prop - A property that a node may have
 * @name: Its name; the end of a table has NULL
 * @kind: What it is
 * @is_needed: The node must have it
 * @max: Number of its strings at most, if it has several; or what it is at most, if it
 *	is a count or a number
 * @offset: The field that it goes to, from the start of the node's struct
 * @flag: The bit that it sets
 */
struct conf_prop {
	const char *name;
	enum conf_kind kind;
	bool is_needed;
	unsigned int max;
	size_t offset;
	uint32_t flag;
};

/* The property may be NULL. */
void conf_error(struct conf_reader *reader, int node, const char *property,
		const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Read all properties of a node; each error is told. */
void conf_props(struct conf_reader *reader, int node,
		const struct conf_prop *props, void *into);

#endif /* _SOCASSIGN_CONF_PROPS_H */
