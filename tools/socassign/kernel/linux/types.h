/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own types, for the driver's rule book. */
#include_next <linux/types.h>

#ifndef _SOCASSIGN_LINUX_TYPES_H
#define _SOCASSIGN_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;

#endif
