// SPDX-License-Identifier: GPL-2.0
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static char *reason;

int soc_ioctl(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) < 0 ? -errno : 0;
}

/* Shared with the children that are there, and come. */
__attribute__((constructor)) static void make_reason(void)
{
	void *buf = mmap(NULL, SOCASSIGN_MAX_REASON_LEN, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	reason = buf == MAP_FAILED ? NULL : buf;
}

const char *soc_reason(void)
{
	return reason;
}

__u64 soc_reason_buffer(void)
{
	/* Nothing of an earlier call is left there, whatever this one does. */
	strcpy(reason, "");
	return (uintptr_t)reason;
}

int soc_instantiate(int dev, const char *paths, size_t len, __u32 flags)
{
	struct socassign_instantiate cmd = {
		.size = sizeof(cmd), .flags = flags,
		.paths = (uintptr_t)paths, .paths_len = len,
		.reason = soc_reason_buffer(),
		.reason_len = SOCASSIGN_MAX_REASON_LEN,
	};
	int ret = soc_ioctl(dev, SOCASSIGN_INSTANTIATE, &cmd);

	return ret ? ret : cmd.out_fd;
}

int soc_dry_run(int dev, const char *paths, size_t len, __u32 flags)
{
	struct socassign_instantiate cmd = {
		.size = sizeof(cmd), .flags = flags | SOCASSIGN_DRY_RUN,
		.paths = (uintptr_t)paths, .paths_len = len,
	};
	int ret = soc_ioctl(dev, SOCASSIGN_INSTANTIATE, &cmd);

	return ret || cmd.out_fd == SOC_NONE ? ret : -EBADF;
}

size_t soc_list_add(char *list, size_t size, size_t len, const char *path)
{
	return len + snprintf(list + len, size - len, "%s", path) + 1;
}

int soc_claim_list(const char *paths, size_t len, __u32 flags)
{
	int dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	int ret;

	if (dev < 0)
		return -errno;
	ret = soc_instantiate(dev, paths, len, flags);
	close(dev);
	return ret;
}

int soc_claim(const char *path, __u32 flags)
{
	return soc_claim_list(path, strlen(path) + 1, flags);
}

int soc_try_claim(const char *path, __u32 flags)
{
	int fd = soc_claim(path, flags);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int soc_info(int fd, struct socassign_info *info)
{
	info->size = sizeof(*info);
	return soc_ioctl(fd, SOCASSIGN_INFO, info);
}

int soc_region(int fd, __u32 index, struct socassign_region *region)
{
	region->size = sizeof(*region);
	region->index = index;
	return soc_ioctl(fd, SOCASSIGN_REGION, region);
}

int soc_irq(int fd, __u32 index, struct socassign_irq *irq)
{
	irq->size = sizeof(*irq);
	irq->index = index;
	return soc_ioctl(fd, SOCASSIGN_IRQ, irq);
}

int soc_clock(int fd, __u32 index, struct socassign_clock *clock)
{
	clock->size = sizeof(*clock);
	clock->index = index;
	return soc_ioctl(fd, SOCASSIGN_CLOCK, clock);
}

int soc_reset(int fd)
{
	struct socassign_reset cmd = { .size = sizeof(cmd) };

	return soc_ioctl(fd, SOCASSIGN_RESET, &cmd);
}

int soc_prefault(int fd, const void *addr, size_t length)
{
	struct socassign_prefault cmd = {
		.size = sizeof(cmd), .addr = (uintptr_t)addr, .length = length,
	};

	return soc_ioctl(fd, SOCASSIGN_PREFAULT, &cmd);
}

int soc_get_event(int fd, struct socassign_get_event *event)
{
	memset(event, 0, sizeof(*event));
	event->size = sizeof(*event);
	return soc_ioctl(fd, SOCASSIGN_GET_EVENT, event);
}

int soc_set_irq(int fd, __u32 index, __u32 flags)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index, .flags = flags,
	};

	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

int soc_set_trigger(int fd, __u32 index, int trigger)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_SET_TRIGGER, .trigger_fd = trigger,
	};

	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

int soc_set_resample(int fd, __u32 index, int resample)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_SET_RESAMPLE, .resample_fd = resample,
	};

	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

static size_t mapping_size(const struct socassign_region *region)
{
	size_t page = sysconf(_SC_PAGESIZE);

	return (region->out_page_offset + region->out_bytes + page - 1) &
	       ~(page - 1);
}

volatile void *soc_map(int fd, const struct socassign_region *region)
{
	char *page = mmap(NULL, mapping_size(region), PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, region->out_cookie);

	return page == MAP_FAILED ? NULL : page + region->out_page_offset;
}

void soc_unmap(volatile void *regs, const struct socassign_region *region)
{
	munmap((char *)regs - region->out_page_offset, mapping_size(region));
}

static off_t position(const struct socassign_region *region, __u64 offset)
{
	return region->out_cookie + region->out_page_offset + offset;
}

int soc_pread(int fd, const struct socassign_region *region, __u64 offset,
	      void *value, size_t width)
{
	ssize_t ret = pread(fd, value, width, position(region, offset));

	if (ret < 0)
		return -errno;
	return (size_t)ret == width ? 0 : -EIO;
}

int soc_pwrite(int fd, const struct socassign_region *region, __u64 offset,
	       const void *value, size_t width)
{
	ssize_t ret = pwrite(fd, value, width, position(region, offset));

	if (ret < 0)
		return -errno;
	return (size_t)ret == width ? 0 : -EIO;
}

__u64 soc_wait(int eventfd, int milliseconds)
{
	struct pollfd pfd = { .fd = eventfd, .events = POLLIN };
	__u64 count = 0;

	if (poll(&pfd, 1, milliseconds) != 1 ||
	    read(eventfd, &count, sizeof(count)) != sizeof(count))
		return 0;
	return count;
}
