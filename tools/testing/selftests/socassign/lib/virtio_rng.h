/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver in user space for a virtio entropy device behind a virtio-mmio
 * transport of the legacy interface (Virtio 1.0, 4.2.4): one virtqueue, in a
 * page of our own that the device finds by its physical address.
 */
#ifndef _SELFTESTS_SOCASSIGN_VIRTIO_RNG_H
#define _SELFTESTS_SOCASSIGN_VIRTIO_RNG_H

#include <stddef.h>
#include "claim.h"

struct virtio_rng {
	int fd;
	const struct socassign_region *region;
	void *page;
	__u16 head;		/* requests made */
};

/* 0, or a negative errno: -ENXIO if it is no such device. */
int virtio_rng_init(struct virtio_rng *rng, int fd,
		    const struct socassign_region *region);
/* Reset the device: it then leaves our page alone. */
void virtio_rng_stop(struct virtio_rng *rng);
/* That, and free the page. */
void virtio_rng_exit(struct virtio_rng *rng);

/* Ask for bytes; the device interrupts when it has written them. */
int virtio_rng_request(struct virtio_rng *rng);
/* Take the cause of the interrupt away: the next is an edge again. */
int virtio_rng_ack(struct virtio_rng *rng);
/* Requests that the device has answered, modulo 2^16, and what it wrote. */
__u16 virtio_rng_done(const struct virtio_rng *rng);
const void *virtio_rng_bytes(const struct virtio_rng *rng, size_t *len);

#endif
