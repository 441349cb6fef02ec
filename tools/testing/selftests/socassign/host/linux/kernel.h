/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's snprintf(), for the driver's pure parts. */
#include <stdio.h>
