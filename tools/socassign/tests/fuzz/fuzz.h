/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the libFuzzer targets share
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "../../libsocassign-tree.h"

struct fuzz_blob {
	void *fdt;
	size_t size;
};

/* A tree of FUZZ_TREES, the directory with the compiled trees */
struct fuzz_blob fuzz_load(const char *name);
/* A copy, exactly as large: what reads on is caught. */
struct fuzz_blob fuzz_copy(const uint8_t *data, size_t size);
/* Where the first of two blobs of an input ends; all of it if there is one */
size_t fuzz_split(const uint8_t *data, size_t size);
/* What was built is valid, and is freed. */
void fuzz_check(void *fdt, size_t size);
/* Build guests of @tree and @base from the nodes of @fdt, the tree's blob */
void fuzz_build(const struct soca_tree *tree, const void *fdt,
		const struct fuzz_blob *base);

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
