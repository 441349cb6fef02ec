/* SPDX-License-Identifier: GPL-2.0 */
/* Nodes that come and go at run time, with the help of the test module. */
#ifndef _SELFTESTS_SOCASSIGN_OVERLAY_H
#define _SELFTESTS_SOCASSIGN_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fdt.h"

bool overlay_possible(void);

/* An overlay with one fragment: nodes for @target go in between. */
void overlay_begin(struct fdt *fdt, const char *target);
int overlay_apply(struct fdt *fdt);

/* The next probe of the slow driver's applies it, and takes it back. */
int overlay_in_probe(struct fdt *fdt);

/* All of it: a child of @bus with @size bytes of registers, and nothing else. */
int overlay_apply_device(struct fdt *fdt, const char *bus, const char *name,
			 const char *compatible, uint32_t reg, uint32_t size);

/* The last one that was applied. */
int overlay_remove(void);

/* A child of @bus with a page of registers and LIODNs, and nothing else. */
void overlay_add_master(struct fdt *fdt, const char *name, uint32_t reg,
			const uint32_t *liodns, size_t num);

#endif
