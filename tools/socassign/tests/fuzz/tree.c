// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile tree of the host's
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
	struct fuzz_blob host = fuzz_copy(data, size);
	struct soca_tree *tree;

	if (!soca_tree_open(host.fdt, host.size, &tree)) {
		fuzz_build(tree, host.fdt, &base);
		soca_tree_close(tree);
	}
	free(host.fdt);
	return 0;
}
