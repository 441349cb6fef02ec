/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's BIT(), for the driver's rule book. */
#ifndef _SOCASSIGN_LINUX_BITS_H
#define _SOCASSIGN_LINUX_BITS_H

#define BIT(_nr)	(1UL << (_nr))

#endif
