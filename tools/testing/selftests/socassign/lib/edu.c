// SPDX-License-Identifier: GPL-2.0
#include "edu.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "edge.h"
#include "limit.h"
#include "testmod.h"

#define EDU_PCI		"/sys/bus/pci/devices/0000:00:1c.0/"
#define EDU_PCI_ID	"0x11e8"	/* of vendor 0x1234 */
#define EDU_BASE	"0x0000000010000000 "

#define EDU_ID		0x00
#define EDU_ID_IS	0x010000ed
#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_RUN	1
#define EDU_DMA_TO_MEM	2
#define EDU_DMA_MEM	0x40000		/* its own, in DMA_SRC or DMA_DST */

#define PCI_COMMAND		4
#define PCI_COMMAND_MASTER	4

static bool starts_with(const char *file, const char *value)
{
	char text[256] = "";

	return !sysfs_read(file, text, sizeof(text)) &&
	       !strncmp(text, value, strlen(value));
}

/* No driver does it: it is on the wrong bus for those that know the node. */
static int switch_on(void)
{
	int fd = open(EDU_PCI "config", O_RDWR | O_CLOEXEC), ret = -EIO;
	uint16_t command;

	if (fd < 0)
		return -errno;
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) == sizeof(command)) {
		command |= PCI_COMMAND_MASTER;
		if (pwrite(fd, &command, sizeof(command), PCI_COMMAND) ==
		    sizeof(command))
			ret = 0;
	}
	close(fd);
	return ret ? ret : sysfs_write(EDU_PCI "enable", "1");
}

const char *edu_missing(void)
{
	struct sysfs_device dev;

	if (!starts_with(EDU_PCI "device", EDU_PCI_ID) ||
	    sysfs_find(EDU_NODE, &dev))
		return "no edu on this board";
	if (!starts_with(EDU_PCI "resource", EDU_BASE))
		return "the kernel has moved edu's registers";
	if (access("/sys/class/iommu/smmu3.0x0000000009050000", F_OK))
		return "this kernel does not run the SMMU";
	/* The sysfs file counts. */
	if (!starts_with(EDU_PCI "enable", "0"))
		return NULL;
	return switch_on() ? "edu cannot be switched on" : NULL;
}

int edu_with_host(struct sysfs_device *dev)
{
	edge_end_quarantine(EDU_NODE);
	if (sysfs_find(EDU_NODE, dev))
		return -ENODEV;
	return sysfs_wait_driver(dev, EDU_DRIVER) ? 0 : -ETIMEDOUT;
}

static volatile uint32_t *reg(struct edu *edu, unsigned int offset)
{
	return (volatile uint32_t *)((volatile char *)edu->regs + offset);
}

static void set_address(struct edu *edu, unsigned int offset, uint64_t value)
{
	*(volatile uint64_t *)reg(edu, offset) = value;
}

void edu_expect_twin(void)
{
	expect_in_log("stream 224 already in tree");
	expect_in_log("Aliasing StreamID 0xe0");
}

int edu_open(struct edu *edu, __u32 flags)
{
	int ret;

	/* They are in a window of the host bridge. */
	*edu = (struct edu) {
		.fd = soc_claim(EDU_NODE, flags | SOCASSIGN_SHARE_REGS),
	};
	if (edu->fd < 0)
		return edu->fd;
	ret = soc_region(edu->fd, 0, &edu->region);
	if (!ret) {
		edu->regs = soc_map(edu->fd, &edu->region);
		ret = edu->regs ? 0 : -errno;
	}
	if (!ret && *reg(edu, EDU_ID) != EDU_ID_IS)
		ret = -ENXIO;
	if (ret)
		edu_close(edu);
	return ret;
}

void edu_close(struct edu *edu)
{
	if (edu->regs)
		soc_unmap(edu->regs, &edu->region);
	if (edu->fd >= 0)
		close(edu->fd);
	edu->regs = NULL;
	edu->fd = -1;
}

static void start(struct edu *edu, uint64_t src, uint64_t dst, __u32 length,
		  uint32_t direction)
{
	set_address(edu, EDU_DMA_SRC, src);
	set_address(edu, EDU_DMA_DST, dst);
	*reg(edu, EDU_DMA_COUNT) = length;
	__sync_synchronize();
	*reg(edu, EDU_DMA_CMD) = EDU_DMA_RUN | direction;
}

static int wait_for_end(struct edu *edu)
{
	return wait_until(!(*reg(edu, EDU_DMA_CMD) & EDU_DMA_RUN)) ?
	       0 : -ETIMEDOUT;
}

int edu_read(struct edu *edu, __u64 iova, __u32 at, __u32 length)
{
	start(edu, iova, EDU_DMA_MEM + at, length, 0);
	return wait_for_end(edu);
}

void edu_start_write(struct edu *edu, __u64 iova, __u32 at, __u32 length)
{
	start(edu, EDU_DMA_MEM + at, iova, length, EDU_DMA_TO_MEM);
}

int edu_write(struct edu *edu, __u64 iova, __u32 at, __u32 length)
{
	edu_start_write(edu, iova, at, length);
	return wait_for_end(edu);
}
