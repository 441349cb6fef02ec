/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's ARRAY_SIZE() and snprintf(), for the driver's rule book. */
#include_next <linux/kernel.h>
#include <stdio.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(_array)	(sizeof(_array) / sizeof((_array)[0]))
#endif
