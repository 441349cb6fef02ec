/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ioctls of <linux/socassign.h> as functions: they return a negative errno
 * instead of setting errno, and fill in the size.
 */
#ifndef _SELFTESTS_SOCASSIGN_CLAIM_H
#define _SELFTESTS_SOCASSIGN_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/socassign.h>

#define SOC_DEVICE	"/dev/socassign"
#define SOC_NONE	(-1)

/* ioctl() on @fd; 0 or a negative errno. */
int soc_ioctl(int fd, unsigned long cmd, void *arg);

/* SOCASSIGN_INSTANTIATE on an open /dev/socassign; fd or a negative errno. */
int soc_instantiate(int dev, const char *paths, size_t len, __u32 flags);

/*
 * Why the last claim or window was refused, as the driver told the caller; "" if
 * it had nothing to say.  What who_does() children were told is here, too.
 */
const char *soc_reason(void);

/* Where a command shall put it, for those who fill in a struct themselves. */
__u64 soc_reason_buffer(void);

/* Add a path to a NUL-separated list of @len bytes, of @size at most; its new length. */
size_t soc_list_add(char *list, size_t size, size_t len, const char *path);

/* A claim of one path, or of a NUL-separated list; fd or a negative errno. */
int soc_claim(const char *path, __u32 flags);
int soc_claim_list(const char *paths, size_t len, __u32 flags);

/* The same with DRY_RUN: 0, -EBADF if it gave a descriptor, or the errno. */
int soc_dry_run(int dev, const char *paths, size_t len, __u32 flags);

/* Claim and close again, which may quarantine it; 0 or a negative errno. */
int soc_try_claim(const char *path, __u32 flags);

int soc_info(int fd, struct socassign_info *info);
int soc_region(int fd, __u32 index, struct socassign_region *region);
int soc_irq(int fd, __u32 index, struct socassign_irq *irq);
int soc_clock(int fd, __u32 index, struct socassign_clock *clock);
int soc_reset(int fd);
int soc_prefault(int fd, const void *addr, size_t length);
int soc_get_event(int fd, struct socassign_get_event *event);

/* SOCASSIGN_SET_IRQ without arguments, and with its eventfds. */
int soc_set_irq(int fd, __u32 index, __u32 flags);
int soc_set_trigger(int fd, __u32 index, int trigger);
int soc_set_resample(int fd, __u32 index, int resample);

/*
 * The whole of a region, at its first register, or NULL with errno set.
 * soc_unmap() takes what soc_map() returned.
 */
volatile void *soc_map(int fd, const struct socassign_region *region);
void soc_unmap(volatile void *regs, const struct socassign_region *region);

/* One access through pread() and pwrite(), at @offset of the region. */
int soc_pread(int fd, const struct socassign_region *region, __u64 offset,
	      void *value, size_t width);
int soc_pwrite(int fd, const struct socassign_region *region, __u64 offset,
	       const void *value, size_t width);

/* Wait for an eventfd; its count, or 0 if nothing comes within the time. */
__u64 soc_wait(int eventfd, int milliseconds);

#endif
