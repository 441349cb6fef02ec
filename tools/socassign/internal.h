/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of libsocassign share, and nobody else sees
 */
#ifndef _SOCASSIGN_INTERNAL_H
#define _SOCASSIGN_INTERNAL_H

#include "libsocassign.h"

/**
 * struct soca_region_slot - A region and its mapping
 * @desc: Its description
 * @page: Start of the mapping, or NULL
 * @length: Size of the mapping in bytes
 * @cached: The mapping is cacheable
 */
struct soca_region_slot {
	struct soca_region desc;
	void *page;
	size_t length;
	bool cached;
};

/**
 * struct soca_irq_slot - An interrupt and its eventfds
 * @desc: Its description
 * @trigger: eventfd that it signals, or -1
 * @resampled: A resample eventfd is attached
 * @owned: @trigger is ours to close
 */
struct soca_irq_slot {
	struct soca_irq desc;
	int trigger;
	bool resampled;
	bool owned;
};

/* What soca_open() returns; the arrays have as many elements as @info says. */
struct soca_claim {
	int fd;
	struct soca_info info;
	struct soca_region_slot *regions;
	struct soca_irq_slot *irqs;
	struct soca_clock *clocks;
	struct soca_dma *dmas;
};

/* ioctl(); 0 or a negative errno */
int soca_ioctl(int fd, unsigned long cmd, void *arg);

/* The same on SOCA_DEVICE, or the errno of opening it */
int soca_ask_driver(unsigned long cmd, void *arg);

/* For a command's reason_len: how much room the caller's buffer, or NULL, has. */
static inline uint32_t soca_reason_room(const char *reason)
{
	return reason ? SOCASSIGN_MAX_REASON_LEN : 0;
}

/* poll() one file for POLLIN: what came, 0 after the time, negative errno */
int soca_poll(int fd, int milliseconds);

/*
 * Split a string list of @len bytes, which must end with a NUL, into strings.
 * 0 or -ENOMEM.  What soca_split() made is given to soca_strings_free().
 */
int soca_split(const char *list, size_t len, struct soca_strings *strings);
void soca_strings_free(struct soca_strings *strings);

/* Read all there is to know; 0 or a negative errno. */
int soca_describe(struct soca_claim *claim);
void soca_undescribe(struct soca_claim *claim);
int soca_describe_regions(struct soca_claim *claim);
void soca_undescribe_regions(struct soca_claim *claim);
int soca_describe_irqs(struct soca_claim *claim);
void soca_undescribe_irqs(struct soca_claim *claim);

/* The byte order that a node's properties state */
enum soca_order soca_order_of(const char *node);

/* Memory barriers for register accesses */
void soca_barrier_before_write(void);
void soca_barrier_after_read(void);

#endif /* _SOCASSIGN_INTERNAL_H */
