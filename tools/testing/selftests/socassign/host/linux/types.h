/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's types, for the driver's pure parts. */
#ifndef _SELFTESTS_SOCASSIGN_LINUX_TYPES_H
#define _SELFTESTS_SOCASSIGN_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#endif
