/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes a flattened device tree, such as an overlay, and looks for a node or a
 * property in one: just what the tests need (Devicetree Specification, 5).  The first node
 * is the root.
 */
#ifndef _SELFTESTS_SOCASSIGN_FDT_H
#define _SELFTESTS_SOCASSIGN_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDT_MAX 4096

struct fdt {
	size_t len;		/* of structs */
	size_t strings_len;
	unsigned char structs[FDT_MAX];
	char strings[FDT_MAX];
	unsigned char blob[2 * FDT_MAX];
};

void fdt_begin(struct fdt *fdt);
void fdt_begin_node(struct fdt *fdt, const char *name);
void fdt_end_node(struct fdt *fdt);
void fdt_string(struct fdt *fdt, const char *name, const char *value);
void fdt_cells(struct fdt *fdt, const char *name, const uint32_t *cells,
	       size_t num);
/* The size of what is then in @blob. */
size_t fdt_finish(struct fdt *fdt);

/* Is this a tree of exactly this size, well-formed to its end, with the node? */
bool fdt_has_node(const void *blob, size_t len, const char *path);

/* Cut off the room behind its strings; the size of what is left. */
size_t fdt_pack(void *blob, size_t len);

/* The property's value, and its size; or NULL. */
const void *fdt_prop(const void *blob, size_t len, const char *path,
		     const char *name, size_t *size);

#endif
