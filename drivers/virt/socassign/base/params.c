// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's parameters
 */
#include <linux/moduleparam.h>

#include "base/params.h"

bool soca_unsafe_dma;
module_param_named(unsafe_dma, soca_unsafe_dma, bool, 0644);
MODULE_PARM_DESC(unsafe_dma,
		 "Allow claims of bus masters that no IOMMU protects (SOCASSIGN_UNSAFE_DMA)");

bool soca_strict_pages;
module_param_named(strict_pages, soca_strict_pages, bool, 0644);
MODULE_PARM_DESC(strict_pages,
		 "Forbid mmap of pages that the claim's registers do not fill");

bool soca_kernel_access;
module_param_named(kernel_access, soca_kernel_access, bool, 0644);
MODULE_PARM_DESC(kernel_access,
		 "Allow pread and pwrite of registers: one that answers with a bus error kills the caller and may panic the host");

bool soca_revoke_on_sleep;
module_param_named(revoke_on_sleep, soca_revoke_on_sleep, bool, 0644);
MODULE_PARM_DESC(revoke_on_sleep,
		 "Revoke all claims of devices when the machine goes to sleep, which it else does not");

unsigned int soca_storm_limit = 2000;
module_param_named(storm_limit, soca_storm_limit, uint, 0644);
MODULE_PARM_DESC(storm_limit,
		 "Interrupts in 10 ms above which a line is paused for 10 ms (0: never)");
