// SPDX-License-Identifier: GPL-2.0
#include "virtio_mmio.h"

#include <endian.h>

/* Virtual I/O Device (VIRTIO) Version 1.2, 4.2.2 */
#define DRIVER_FEATURES		0x020
#define DRIVER_FEATURES_SEL	0x024
#define QUEUE_SEL		0x030
#define QUEUE_NUM		0x038
#define QUEUE_READY		0x044
#define QUEUE_NOTIFY		0x050
#define STATUS			0x070
#define QUEUE_DESC		0x080
#define QUEUE_DRIVER		0x090
#define QUEUE_DEVICE		0x0a0

#define STATUS_ACKNOWLEDGE	1
#define STATUS_DRIVER		2
#define STATUS_DRIVER_OK	4
#define STATUS_FEATURES_OK	8
#define STATUS_STARTED		(STATUS_ACKNOWLEDGE | STATUS_DRIVER |	\
				 STATUS_FEATURES_OK)

/* Of the features 32 to 63 */
#define FEATURE_VERSION_1	(1 << 0)
#define FEATURE_ACCESS_PLATFORM	(1 << 1)

#define NUM			8

static void put(volatile void *regs, unsigned int reg, uint32_t value)
{
	*(volatile uint32_t *)((volatile char *)regs + reg) = htole32(value);
}

static void put_address(volatile void *regs, unsigned int reg, uint64_t address)
{
	put(regs, reg, address);
	put(regs, reg + 4, address >> 32);
}

void virtio_mmio_start(volatile void *regs)
{
	put(regs, STATUS, 0);
	put(regs, STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	put(regs, DRIVER_FEATURES_SEL, 0);
	put(regs, DRIVER_FEATURES, 0);
	put(regs, DRIVER_FEATURES_SEL, 1);
	put(regs, DRIVER_FEATURES, FEATURE_VERSION_1 | FEATURE_ACCESS_PLATFORM);
	put(regs, STATUS, STATUS_STARTED);
}

void virtio_mmio_set_queue(volatile void *regs, uint32_t queue,
			   uint64_t address)
{
	put(regs, QUEUE_SEL, queue);
	put(regs, QUEUE_NUM, NUM);
	put_address(regs, QUEUE_DESC, address);
	put_address(regs, QUEUE_DRIVER, address);
	put_address(regs, QUEUE_DEVICE, address);
	put(regs, QUEUE_READY, 1);
	put(regs, STATUS, STATUS_STARTED | STATUS_DRIVER_OK);
}

void virtio_mmio_notify(volatile void *regs, uint32_t queue)
{
	put(regs, QUEUE_NOTIFY, queue);
}
