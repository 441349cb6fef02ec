/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's cpu_to_be32(), for the driver's rule book. */
#include_next <asm/byteorder.h>

#ifndef cpu_to_be32
#define cpu_to_be32(_value)	__cpu_to_be32(_value)
#endif
