// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile tree of the guest's, to put devices into
 */
#include "fuzz.h"

#include <stdlib.h>

static struct fuzz_blob host;
static struct soca_tree *tree;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	host = fuzz_load("cascade");
	return soca_tree_open(host.fdt, host.size, &tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_blob base = fuzz_copy(data, size);

	fuzz_build(tree, host.fdt, &base);
	free(base.fdt);
	return 0;
}
