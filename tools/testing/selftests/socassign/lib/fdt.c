// SPDX-License-Identifier: GPL-2.0
#include "fdt.h"

#include <endian.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define MAGIC		0xd00dfeed
#define VERSION		17
#define COMPATIBLE	16

#define BEGIN_NODE	1
#define END_NODE	2
#define PROP		3
#define NOP		4
#define END		9

struct header {
	uint32_t magic, size, structs, strings, reserved, version, compatible,
		 cpu, strings_size, structs_size;
};

static void put_bytes(struct fdt *fdt, const void *data, size_t len)
{
	memcpy(fdt->structs + fdt->len, data, len);
	fdt->len += len;
	while (fdt->len % 4)
		fdt->structs[fdt->len++] = 0;
}

static void put_cell(struct fdt *fdt, uint32_t value)
{
	value = htobe32(value);
	put_bytes(fdt, &value, sizeof(value));
}

static uint32_t add_string(struct fdt *fdt, const char *string)
{
	size_t at = fdt->strings_len;

	strcpy(fdt->strings + at, string);
	fdt->strings_len += strlen(string) + 1;
	return at;
}

void fdt_begin(struct fdt *fdt)
{
	fdt->len = 0;
	fdt->strings_len = 0;
	fdt_begin_node(fdt, "");
}

void fdt_begin_node(struct fdt *fdt, const char *name)
{
	put_cell(fdt, BEGIN_NODE);
	put_bytes(fdt, name, strlen(name) + 1);
}

void fdt_end_node(struct fdt *fdt)
{
	put_cell(fdt, END_NODE);
}

static void begin_prop(struct fdt *fdt, const char *name, size_t len)
{
	put_cell(fdt, PROP);
	put_cell(fdt, len);
	put_cell(fdt, add_string(fdt, name));
}

void fdt_string(struct fdt *fdt, const char *name, const char *value)
{
	begin_prop(fdt, name, strlen(value) + 1);
	put_bytes(fdt, value, strlen(value) + 1);
}

void fdt_cells(struct fdt *fdt, const char *name, const uint32_t *cells,
	       size_t num)
{
	begin_prop(fdt, name, num * sizeof(*cells));
	for (size_t i = 0; i < num; i++)
		put_cell(fdt, cells[i]);
}

size_t fdt_finish(struct fdt *fdt)
{
	const size_t reserved = sizeof(struct header);
	const size_t structs = reserved + 16;
	struct header header = {};

	fdt_end_node(fdt);
	put_cell(fdt, END);
	header.magic = htobe32(MAGIC);
	header.structs = htobe32(structs);
	header.structs_size = htobe32(fdt->len);
	header.strings = htobe32(structs + fdt->len);
	header.strings_size = htobe32(fdt->strings_len);
	header.size = htobe32(structs + fdt->len + fdt->strings_len);
	header.reserved = htobe32(reserved);
	header.version = htobe32(VERSION);
	header.compatible = htobe32(COMPATIBLE);
	memset(fdt->blob, 0, sizeof(fdt->blob));
	memcpy(fdt->blob, &header, sizeof(header));
	memcpy(fdt->blob + structs, fdt->structs, fdt->len);
	memcpy(fdt->blob + structs + fdt->len, fdt->strings, fdt->strings_len);
	return structs + fdt->len + fdt->strings_len;
}

/* Reading */

struct reader {
	const char *at, *end;
	const char *strings, *blob_end;
	char path[PATH_MAX];	/* of the node that we are in; "" for the root */
	int depth;
	const char *name;	/* of the property that we are behind, or NULL */
	const void *value;
	size_t size;
};

/* There is always an end. */
static uint32_t get_cell(struct reader *reader)
{
	uint32_t value = htobe32(END);

	if (reader->end - reader->at >= (ptrdiff_t)sizeof(value)) {
		memcpy(&value, reader->at, sizeof(value));
		reader->at += sizeof(value);
	}
	return be32toh(value);
}

static bool skip_bytes(struct reader *reader, size_t len)
{
	len = (len + 3) & ~(size_t)3;
	if (len > (size_t)(reader->end - reader->at))
		return false;
	reader->at += len;
	return true;
}

static bool enter_node(struct reader *reader)
{
	size_t max = reader->end - reader->at;
	size_t len = strnlen(reader->at, max), was = strlen(reader->path);

	if (len == max || was + len + 2 > sizeof(reader->path))
		return false;
	if (reader->depth++)
		sprintf(reader->path + was, "/%s", reader->at);
	return skip_bytes(reader, len + 1);
}

static bool leave_node(struct reader *reader)
{
	char *slash = strrchr(reader->path, '/');

	if (slash)
		*slash = '\0';
	return reader->depth-- > 0;
}

static bool take_prop(struct reader *reader)
{
	uint32_t len = get_cell(reader), name = get_cell(reader);
	size_t room = reader->blob_end - reader->strings;

	if (name >= room || !memchr(reader->strings + name, 0, room - name))
		return false;
	reader->name = reader->strings + name;
	reader->value = reader->at;
	reader->size = len;
	return skip_bytes(reader, len);
}

/* False at the end, and where it makes no sense. */
static bool take_token(struct reader *reader)
{
	reader->name = NULL;
	switch (get_cell(reader)) {
	case BEGIN_NODE:
		return enter_node(reader);
	case END_NODE:
		return leave_node(reader);
	case PROP:
		return take_prop(reader);
	case NOP:
		return true;
	default:
		return false;
	}
}

static bool open_blob(struct reader *reader, const char *blob, size_t len)
{
	struct header header;
	uint64_t end;

	if (len < sizeof(header))
		return false;
	memcpy(&header, blob, sizeof(header));
	end = (uint64_t)be32toh(header.structs) + be32toh(header.structs_size);
	if (be32toh(header.magic) != MAGIC || be32toh(header.size) != len ||
	    end > len || be32toh(header.strings) > len)
		return false;
	*reader = (struct reader) {
		.at = blob + be32toh(header.structs), .end = blob + end,
		.strings = blob + be32toh(header.strings),
		.blob_end = blob + len,
	};
	return true;
}

bool fdt_has_node(const void *blob, size_t len, const char *path)
{
	struct reader reader;
	bool found = false;

	if (!open_blob(&reader, blob, len))
		return false;
	while (take_token(&reader))
		found |= !strcmp(reader.path, path);
	return found && reader.at == reader.end && !reader.depth;
}

size_t fdt_pack(void *blob, size_t len)
{
	struct header header;
	size_t size;

	memcpy(&header, blob, sizeof(header));
	size = be32toh(header.strings) + be32toh(header.strings_size);
	if (size > len)
		return len;
	header.size = htobe32(size);
	memcpy(blob, &header, sizeof(header));
	return size;
}

const void *fdt_prop(const void *blob, size_t len, const char *path,
		     const char *name, size_t *size)
{
	struct reader reader;

	if (!open_blob(&reader, blob, len))
		return NULL;
	while (take_token(&reader))
		if (reader.name && !strcmp(reader.name, name) &&
		    !strcmp(reader.path, path)) {
			*size = reader.size;
			return reader.value;
		}
	return NULL;
}
