/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's bsearch() is that of libc. */
#include <stdlib.h>
