/* SPDX-License-Identifier: GPL-2.0 */
/*
 * socassign beside its peers: what the same steps on the same device cost by way
 * of each.  A peer is a way for a program to get a device.
 */
#ifndef _SOCASSIGN_PEERS_PEERS_H
#define _SOCASSIGN_PEERS_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../lib/bench.h"

#define KIB	((size_t)1 << 10)
#define MIB	((size_t)1 << 20)
#define PAGE	(4 * KIB)

/**
 * struct target - What is handed to a program
 * @node: Its path
 * @length: Of its first register region, whole pages
 * @level: How to raise its interrupt, or NULL
 */
struct target {
	const char *node;
	size_t length;
	const struct level_dev *level;
};

/**
 * struct owned - A target in our hands, by way of a peer
 * @peer: How we got it
 * @target: What it is
 * @fd: Of the device
 * @others: Other files that it took, or -1
 * @page: File offset of its registers
 * @map: Its registers, if they are mapped
 * @event: File to read interrupts from
 * @event_size: How much is to be read
 * @resample: eventfd that unmasks, or -1
 */
struct owned {
	const struct peer *peer;
	const struct target *target;
	int fd;
	int others[2];
	off_t page;
	void *map;
	int event;
	size_t event_size;
	int resample;
};

/**
 * struct peer - Functions return 0 or a negative errno
 * @name: Column of the table
 * @driver: What the device is bound to, "" is nothing
 * @file: Is there where the peer is
 * @bound: After binding, not measured; or NULL
 * @open: All calls from nothing to where mmap() works
 * @connect: Attach @event and @resample, which are eventfds; or NULL: needless
 * @unmask: By the eventfd, or by what is instead of it
 * @unmask_ioctl: By ioctl; or NULL
 * @read: A register, by pread(); or NULL
 */
struct peer {
	const char *name;
	const char *driver;
	const char *file;
	int (*bound)(const struct target *target);
	int (*open)(struct owned *owned);
	int (*connect)(struct owned *owned);
	int (*unmask)(struct owned *owned);
	int (*unmask_ioctl)(struct owned *owned);
	int (*read)(struct owned *owned, unsigned int reg, void *value,
		    size_t width);
};

extern const struct peer peer_floor, peer_soca, peer_soca_bound, peer_vfio,
			 peer_uio;

/* peer.c: the steps, for any peer. */
bool peer_present(const struct peer *peer);
void peer_bind(const struct peer *peer, const struct target *target);
void peer_open(const struct peer *peer, const struct target *target,
	       struct owned *owned);
void peer_map(struct owned *owned);
void peer_connect(struct owned *owned);
void peer_event(struct owned *owned);
void peer_close(struct owned *owned);

/* peer.c: signal an eventfd; 0 or a negative errno. */
int signal_eventfd(int fd);

/*
 * The rooms; each prints rows, see costs.h.  Those of one peer expect that the
 * target is bound to it.
 */
void measure_open(const struct peer *peer, const struct target *target);
void measure_register(const struct peer *peer, const struct target *target);
void measure_alone(const struct peer *peer, const struct target *target);
void measure_sleeper(const struct peer *peer, const struct target *target);
void measure_entries(const struct peer *peer, const struct target *target);
void measure_memory(const struct peer *peer, const struct target *target);
void measure_unbind(const struct target *target, const struct target *large);

/* A device of its own: behind an IOMMU. */
void measure_dma(void);

/* Those of socassign alone, with the name of what the tree has. */
void measure_tree(const struct target *target, const char *tree);
void measure_index(const char *where, const struct peer *peer);	/* first */
void measure_held(const struct target *target);
void measure_subtree(void);

#endif
