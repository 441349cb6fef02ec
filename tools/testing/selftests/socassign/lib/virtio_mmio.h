/* SPDX-License-Identifier: GPL-2.0 */
/* A virtio-mmio transport, the interface that is not legacy, from a mapping of it. */
#ifndef _SELFTESTS_SOCASSIGN_VIRTIO_MMIO_H
#define _SELFTESTS_SOCASSIGN_VIRTIO_MMIO_H

#include <stdint.h>

/* A queue of a network device. */
#define VIRTIO_NET_TX	1

/* From reset up to where a driver has its features, and goes on to its queues. */
void virtio_mmio_start(volatile void *regs);

/* Eight descriptors and both rings, all of them at @address; the device is at work. */
void virtio_mmio_set_queue(volatile void *regs, uint32_t queue,
			   uint64_t address);

void virtio_mmio_notify(volatile void *regs, uint32_t queue);

#endif
