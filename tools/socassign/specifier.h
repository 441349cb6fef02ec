/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which line an interrupt specifier means, for the library and the command
 */
#ifndef _SOCASSIGN_SPECIFIER_H
#define _SOCASSIGN_SPECIFIER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Do two specifiers of the controller at @offset of @fdt, of @num cells each, mean one
 * line?  They may differ in how that is triggered.
 */
bool tree_same_specifier(const void *fdt, int offset, const uint32_t *a,
			 const uint32_t *b, uint32_t num);

#endif /* _SOCASSIGN_SPECIFIER_H */
