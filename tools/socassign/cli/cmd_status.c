// SPDX-License-Identifier: GPL-2.0
/*
 * socassign status: who has which devices, and what they do
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "open_file.h"
#include "out.h"

/* What there is once for each interrupt, or DMA identity */
struct indexed {
	const char *key;	/* in fdinfo, before the index */
	const char *name;	/* in JSON */
};

static const struct indexed counters[] = {
	{ "interrupts", "interrupts" },
	{ "storms", "storms" },
	{ "windows", "windows" },
	{ "window-bytes", "window_bytes" },
	{ NULL, NULL }
};

static void out_counter(const char *key, const char *value)
{
	out_number(key, strtoull(value, NULL, 10));
}

static void out_counters(const struct open_file *claim,
			 const struct indexed *counter)
{
	const char *value;

	out_list(counter->name);
	for (size_t i = 0;; i++) {
		char *key = must_print("%s-%zu", counter->key, i);

		value = open_file_value(claim, key, 0);
		free(key);
		if (!value)
			break;
		out_counter(NULL, value);
	}
	out_list_end();
}

static void out_paths(const struct open_file *claim)
{
	const char *path;

	out_list("paths");
	for (size_t i = 0; (path = open_file_value(claim, "path", i)); i++)
		out_string(NULL, path);
	out_list_end();
}

/* Its descriptor; the process that it was handed to has another one. */
static void out_holder(const struct open_file *file)
{
	out_number("pid", file->pid);
	out_string("command", file->command ? file->command : "");
	out_number("fd", file->fd);
}

static void out_holders(const struct open_file *claim,
			const struct open_file *files, size_t num)
{
	out_list("holders");
	for (size_t i = 0; i < num; i++) {
		if (files[i].inode != claim->inode ||
		    !open_file_value(&files[i], "state", 0))
			continue;
		out_object(NULL);
		out_holder(&files[i]);
		out_object_end();
	}
	out_list_end();
}

static void out_claim(const struct open_file *claim,
		      const struct open_file *files, size_t num)
{
	const char *faults = open_file_value(claim, "dma-faults", 0);

	out_object(NULL);
	out_paths(claim);
	out_string("state", open_file_value(claim, "state", 0));
	out_holders(claim, files, num);
	for (const struct indexed *it = counters; it->key; it++)
		out_counters(claim, it);
	if (faults)
		out_counter("dma_faults", faults);
	out_object_end();
}

/* Has an earlier descriptor the same claim? */
static bool is_told(const struct open_file *files, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (files[i].inode == files[index].inode &&
		    open_file_value(&files[i], "state", 0))
			return true;
	return false;
}

static void out_memory(const struct open_file *file)
{
	const char *pinned = open_file_value(file, "pinned", 0);

	if (!pinned)
		return;
	out_object(NULL);
	out_holder(file);
	out_counter("pinned", pinned);
	out_object_end();
}

int cmd_status(int num_args, char **args)
{
	struct open_file *files;
	size_t num = open_files_find(&files);

	out_begin();
	out_list("claims");
	for (size_t i = 0; i < num; i++)
		if (open_file_value(&files[i], "state", 0) && !is_told(files, i))
			out_claim(&files[i], files, num);
	out_list_end();
	out_list("memory");
	for (size_t i = 0; i < num; i++)
		out_memory(&files[i]);
	out_list_end();
	out_end();
	open_files_free(files, num);
	return EXIT_OK;
}
