// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile overlay, and behind it in the input the tree that it is for, or none
 */
#include "fuzz.h"

#include <stdlib.h>

static struct fuzz_blob base;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	base = fuzz_load("base-gic");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t first = fuzz_split(data, size);
	struct fuzz_blob overlay = fuzz_copy(data, first);
	struct fuzz_blob tree = first < size ?
				fuzz_copy(data + first, size - first) :
				fuzz_copy(base.fdt, base.size);
	struct soca_tree_report report = {};

	if (soca_tree_edit(&tree.fdt, &tree.size, overlay.fdt, overlay.size,
			   &report))
		free(tree.fdt);
	else
		fuzz_check(tree.fdt, tree.size);
	soca_tree_report_free(&report);
	free(overlay.fdt);
	return 0;
}
