// SPDX-License-Identifier: GPL-2.0
/*
 * A blob that is written from front to back and grows as needed
 *
 * The first error is kept and ends the writing; callers look at the end.
 */
#include "tree_internal.h"

void tree_out_fail(struct tree_out *out, int err)
{
	if (!out->err)
		out->err = err;
}

static void tree_out_grow(struct tree_out *out)
{
	size_t size = 2 * out->size;
	void *fdt = size <= INT32_MAX ? malloc(size) : NULL;

	if (!fdt || fdt_resize(out->fdt, fdt, size)) {
		free(fdt);
		tree_out_fail(out, -ENOMEM);
		return;
	}
	free(out->fdt);
	out->fdt = fdt;
	out->size = size;
}

/* True: try again. */
static bool tree_out_again(struct tree_out *out, int ret)
{
	if (ret == -FDT_ERR_NOSPACE)
		tree_out_grow(out);
	else if (ret)
		tree_out_fail(out, -EINVAL);
	return ret && !out->err;
}

int tree_out_open(struct tree_out *out, size_t size)
{
	*out = (struct tree_out) { .fdt = malloc(size), .size = size };
	if (!out->fdt)
		out->err = -ENOMEM;
	else if (fdt_create(out->fdt, size))
		out->err = -EINVAL;
	return out->err;
}

void tree_out_reserve(struct tree_out *out, uint64_t address, uint64_t size)
{
	while (!out->err &&
	       tree_out_again(out, fdt_add_reservemap_entry(out->fdt, address,
							    size)))
		;
}

void tree_out_end_reserve(struct tree_out *out)
{
	while (!out->err &&
	       tree_out_again(out, fdt_finish_reservemap(out->fdt)))
		;
}

void tree_out_begin(struct tree_out *out, const char *name)
{
	while (!out->err && tree_out_again(out, fdt_begin_node(out->fdt, name)))
		;
}

void tree_out_end(struct tree_out *out)
{
	while (!out->err && tree_out_again(out, fdt_end_node(out->fdt)))
		;
}

void tree_out_prop(struct tree_out *out, const char *name, const void *value,
		   int len)
{
	while (!out->err &&
	       tree_out_again(out, fdt_property(out->fdt, name,
						len ? value : "", len)))
		;
}

void tree_out_u32(struct tree_out *out, const char *name, uint32_t value)
{
	fdt32_t cell = cpu_to_fdt32(value);

	tree_out_prop(out, name, &cell, sizeof(cell));
}

void tree_out_string(struct tree_out *out, const char *name, const char *value)
{
	tree_out_prop(out, name, value, strlen(value) + 1);
}

int tree_out_finish(struct tree_out *out)
{
	while (!out->err && tree_out_again(out, fdt_finish(out->fdt)))
		;
	return out->err;
}
