/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's string functions are those of libc. */
#include <string.h>
#include <strings.h>
