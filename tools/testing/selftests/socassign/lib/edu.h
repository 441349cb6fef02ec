/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's "edu" (docs/specs/edu.txt): a bus master with 4 KiB of its own, which it
 * fills from memory or writes to memory, as it is told, a moment later.
 *
 * It is a PCI device, and behind the SMMU of QEMU's virt.  The tests' tree says so
 * of its registers, and takes the host bridge's iommu-map away: so for the kernel
 * there is a platform device with a stream ID, and a PCI device without, which
 * serves to switch it on.
 */
#ifndef _SELFTESTS_SOCASSIGN_EDU_H
#define _SELFTESTS_SOCASSIGN_EDU_H

#include <stddef.h>
#include "claim.h"
#include "sysfs.h"

#define EDU_NODE	"/edu@10000000"
#define EDU_DRIVER	"socassign-test-plain"	/* of the host's */
#define EDU_TWIN	"/edu-twin@10200000"	/* has edu's stream ID */
/* Of its own; QEMU ends at an access to the last bytes of the 4 KiB. */
#define EDU_MEM		4092
/* The moment, in milliseconds of the machine's, and room. */
#define EDU_MOMENT	100
#define EDU_LATER	(3 * EDU_MOMENT)

struct edu {
	int fd;
	struct socassign_region region;
	volatile void *regs;
};

/* Why there is none that could be used, or NULL; switches it on. */
const char *edu_missing(void);

/* It is out of quarantine, and the host's driver has it; 0 or a negative errno. */
int edu_with_host(struct sysfs_device *dev);

/* What the kernel's SMMUv3 driver says of a claim of the twin is expected. */
void edu_expect_twin(void);

/* Claim and map it; 0 or a negative errno. */
int edu_open(struct edu *edu, __u32 flags);
void edu_close(struct edu *edu);

/* From memory to offset @at of its own, and back; 0, or -ETIMEDOUT. */
int edu_read(struct edu *edu, __u64 iova, __u32 at, __u32 length);
int edu_write(struct edu *edu, __u64 iova, __u32 at, __u32 length);

/* The same without waiting for the end of it. */
void edu_start_write(struct edu *edu, __u64 iova, __u32 at, __u32 length);

#endif
