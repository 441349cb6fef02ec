// SPDX-License-Identifier: GPL-2.0
#include "virtio_rng.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define VIRTIO_MAGIC		0x74726976	/* "virt" */
#define VIRTIO_ID_RNG		4

#define MMIO_MAGIC		0x000
#define MMIO_VERSION		0x004
#define MMIO_DEVICE_ID		0x008
#define MMIO_DRIVER_FEATURES	0x020
#define MMIO_PAGE_SIZE		0x028
#define MMIO_QUEUE_SEL		0x030
#define MMIO_QUEUE_NUM		0x038
#define MMIO_QUEUE_ALIGN	0x03c
#define MMIO_QUEUE_PFN		0x040
#define MMIO_QUEUE_NOTIFY	0x050
#define MMIO_INTERRUPT_STATUS	0x060
#define MMIO_INTERRUPT_ACK	0x064
#define MMIO_STATUS		0x070

#define STATUS_ACKNOWLEDGE	1
#define STATUS_DRIVER		2
#define STATUS_DRIVER_OK	4

#define DESC_WRITE		2

/* The page: descriptors, available ring, used ring, buffer. */
#define PAGE			4096
#define QUEUE_SIZE		8
#define AVAIL			(16 * QUEUE_SIZE)
#define USED			512
#define BUFFER			2048
#define BUFFER_SIZE		64

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct avail {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[QUEUE_SIZE];
};

struct used {
	uint16_t flags;
	uint16_t index;
};

static int get(const struct virtio_rng *rng, unsigned int reg, uint32_t *value)
{
	return soc_pread(rng->fd, rng->region, reg, value, sizeof(*value));
}

static int put(struct virtio_rng *rng, unsigned int reg, uint32_t value)
{
	return soc_pwrite(rng->fd, rng->region, reg, &value, sizeof(value));
}

/* pagemap(5): the frame is in bits 0 to 54, bit 63 says that there is one. */
static int frame_of(void *page, uint32_t *frame)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;

	if (fd < 0)
		return -errno;
	if (pread(fd, &entry, sizeof(entry),
		  (uintptr_t)page / PAGE * sizeof(entry)) != sizeof(entry))
		entry = 0;
	close(fd);
	*frame = entry & ((1ULL << 55) - 1);
	return entry >> 63 && *frame ? 0 : -EPERM;
}

static int check_device(struct virtio_rng *rng)
{
	uint32_t magic, version, id;

	if (get(rng, MMIO_MAGIC, &magic) || get(rng, MMIO_VERSION, &version) ||
	    get(rng, MMIO_DEVICE_ID, &id))
		return -EIO;
	return magic == VIRTIO_MAGIC && version == 1 && id == VIRTIO_ID_RNG ?
		       0 : -ENXIO;
}

static int start(struct virtio_rng *rng, uint32_t frame)
{
	const struct {
		unsigned int reg;
		uint32_t value;
	} steps[] = {
		{ MMIO_STATUS, 0 },
		{ MMIO_STATUS, STATUS_ACKNOWLEDGE },
		{ MMIO_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER },
		{ MMIO_DRIVER_FEATURES, 0 },
		{ MMIO_PAGE_SIZE, PAGE },
		{ MMIO_QUEUE_SEL, 0 },
		{ MMIO_QUEUE_NUM, QUEUE_SIZE },
		{ MMIO_QUEUE_ALIGN, USED },
		{ MMIO_QUEUE_PFN, frame },
		{ MMIO_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER |
			       STATUS_DRIVER_OK },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int ret = put(rng, steps[i].reg, steps[i].value);

		if (ret)
			return ret;
	}
	return 0;
}

int virtio_rng_init(struct virtio_rng *rng, int fd,
		    const struct socassign_region *region)
{
	uint32_t frame = 0;
	struct desc *desc;
	int ret;

	*rng = (struct virtio_rng) { .fd = fd, .region = region };
	ret = check_device(rng);
	if (ret)
		return ret;
	rng->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED,
			 -1, 0);
	if (rng->page == MAP_FAILED)
		return -errno;
	ret = frame_of(rng->page, &frame);
	if (ret)
		return ret;
	desc = rng->page;
	*desc = (struct desc) {
		.addr = (uint64_t)frame * PAGE + BUFFER, .len = BUFFER_SIZE,
		.flags = DESC_WRITE,
	};
	return start(rng, frame);
}

void virtio_rng_stop(struct virtio_rng *rng)
{
	put(rng, MMIO_STATUS, 0);
}

void virtio_rng_exit(struct virtio_rng *rng)
{
	virtio_rng_stop(rng);
	munmap(rng->page, PAGE);
}

int virtio_rng_request(struct virtio_rng *rng)
{
	struct avail *avail = (void *)((char *)rng->page + AVAIL);

	/* The one descriptor, again and again. */
	avail->ring[rng->head++ % QUEUE_SIZE] = 0;
	__sync_synchronize();
	*(volatile uint16_t *)&avail->index = rng->head;
	__sync_synchronize();
	return put(rng, MMIO_QUEUE_NOTIFY, 0);
}

int virtio_rng_ack(struct virtio_rng *rng)
{
	uint32_t status;
	int ret = get(rng, MMIO_INTERRUPT_STATUS, &status);

	return ret ? ret : put(rng, MMIO_INTERRUPT_ACK, status);
}

__u16 virtio_rng_done(const struct virtio_rng *rng)
{
	volatile struct used *used = (void *)((char *)rng->page + USED);
	uint16_t index = used->index;

	__sync_synchronize();
	return index;
}

const void *virtio_rng_bytes(const struct virtio_rng *rng, size_t *len)
{
	*len = BUFFER_SIZE;
	return (char *)rng->page + BUFFER;
}
