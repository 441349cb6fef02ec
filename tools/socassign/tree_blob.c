// SPDX-License-Identifier: GPL-2.0
/*
 * Blobs: is it one, and what do its properties say
 */
#include "tree_internal.h"

static int tree_check_reserve(const void *fdt)
{
	return fdt_num_mem_rsv(fdt) < 0 ? -EINVAL : 0;
}

/* What comes at @offset, with everything that it points to; next to *@next. */
static int tree_check_tag(const void *fdt, int offset, int *next, int *depth)
{
	uint32_t tag = fdt_next_tag(fdt, offset, next);
	const char *name;
	int len;

	if (*next < 0)
		return -EINVAL;
	switch (tag) {
	case FDT_BEGIN_NODE:
		if (++*depth > SOCA_TREE_MAX_DEPTH)
			return -ELOOP;
		name = fdt_get_name(fdt, offset, &len);
		/* Only the root has no name, and none has a path in it. */
		if (!name || strchr(name, '/') || (*depth == 1) != !len)
			return -EINVAL;
		break;
	case FDT_END_NODE:
		if (--*depth < 0)
			return -EINVAL;
		break;
	case FDT_PROP:
		/* libfdt has a length of -1 pass. */
		if (*depth < 1 || !fdt_getprop_by_offset(fdt, offset, &name,
							 &len) ||
		    !*name || len < 0)
			return -EINVAL;
		break;
	case FDT_END:
		return *depth ? -EINVAL : 0;
	}
	return 0;
}

static int tree_check_structure(const void *fdt)
{
	int offset = 0, next = 0, depth = 0;
	bool rooted = false;

	for (;;) {
		uint32_t tag = fdt_next_tag(fdt, offset, &next);
		int ret = tree_check_tag(fdt, offset, &next, &depth);

		if (ret)
			return ret;
		if (tag == FDT_END)
			return rooted ? 0 : -EINVAL;
		/* One root, and nothing beside it. */
		if (rooted && tag == FDT_BEGIN_NODE && depth == 1)
			return -EINVAL;
		rooted |= tag == FDT_BEGIN_NODE;
		offset = next;
	}
}

/* The Specification's (5.6); libfdt reads whole cells and relies on it. */
static bool tree_is_aligned(const void *fdt)
{
	return !((uintptr_t)fdt & 7) && !(fdt_off_mem_rsvmap(fdt) & 7) &&
	       !(fdt_off_dt_struct(fdt) & 3);
}

/*
 * As fdt_check_full(), which the libfdt in kernel trees lacks, and some more:
 * no paths in names, one root.
 */
int tree_check(const void *fdt, size_t size)
{
	if (!fdt || size < sizeof(struct fdt_header) || size > INT32_MAX ||
	    fdt_check_header(fdt) || !tree_is_aligned(fdt) ||
	    fdt_totalsize(fdt) > size || fdt_version(fdt) < 17)
		return -EINVAL;
	if (tree_check_reserve(fdt))
		return -EINVAL;
	return tree_check_structure(fdt);
}

int tree_check_fail(struct soca_tree_report *report, const char *what, int err)
{
	if (err == -ELOOP)
		tree_report_add(report, SOCA_TREE_ERROR, "/", NULL,
				"%s: nodes are nested deeper than %d levels",
				what, SOCA_TREE_MAX_DEPTH);
	else
		tree_report_add(report, SOCA_TREE_ERROR, "/", NULL,
				"%s is no valid blob", what);
	return -EINVAL;
}

const void *tree_blob_prop(const void *fdt, int offset, const char *name,
			   int *len)
{
	const void *value = fdt_getprop(fdt, offset, name, len);

	return *len < 0 ? NULL : value;
}

bool tree_blob_cells(const void *fdt, int offset, const char *name,
		     struct tree_cells *cells)
{
	int len;

	cells->cell = tree_blob_prop(fdt, offset, name, &len);
	cells->num = cells->cell ? len / (int)sizeof(fdt32_t) : 0;
	return cells->cell;
}

uint32_t tree_blob_u32(const void *fdt, int offset, const char *name,
		       uint32_t otherwise)
{
	struct tree_cells cells;

	tree_blob_cells(fdt, offset, name, &cells);
	return cells.num ? fdt32_ld(cells.cell) : otherwise;
}

const char *tree_blob_string(const void *fdt, int offset, const char *name)
{
	int len;
	const char *value = tree_blob_prop(fdt, offset, name, &len);

	return value && len && strnlen(value, len) == (size_t)len - 1 ?
	       value : NULL;
}

bool tree_blob_lists(const void *fdt, int offset, const char *name,
		     const char *string)
{
	return fdt_stringlist_search(fdt, offset, name, string) >= 0;
}
