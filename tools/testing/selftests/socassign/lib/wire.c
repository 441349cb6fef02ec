// SPDX-License-Identifier: GPL-2.0
#include "wire.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"

const char *wire_missing(void)
{
	if (geteuid())
		return "needs root";
	if (access(SOC_DEVICE, F_OK))
		return "the driver is not loaded";
	return nics_exist() ? board_no_huge_pages() :
			      "this machine has no eTSECs behind a PAMU";
}

int wire_open_nic(struct wire *wire, int n)
{
	return nic_open(&wire->nic[n], &nic_devs[n], SOCASSIGN_DETACH);
}

static int open_memory(struct wire *wire)
{
	wire->mem = huge_alloc(WIRE_PAGE, WIRE_PAGE);
	if (!wire->mem)
		return -errno;
	pattern_fill(wire->mem, WIRE_REST, 0);
	pattern_fill(wire->mem + WIRE_REST, WIRE_PAGE - WIRE_REST, 0);
	wire->memory = soc_memory(wire->nic[0].fd, wire->mem, WIRE_PAGE,
				  SOCASSIGN_MEMORY_WRITE);
	return wire->memory < 0 ? wire->memory : 0;
}

int wire_open(struct wire *wire)
{
	int ret;

	*wire = (struct wire) {
		.nic = { NIC_CLOSED, NIC_CLOSED }, .memory = -1,
	};
	ret = wire_open_nic(wire, 0);
	if (!ret)
		ret = wire_open_nic(wire, 1);
	if (!ret)
		ret = open_memory(wire);
	if (ret)
		wire_close(wire);
	return ret;
}

void wire_close(struct wire *wire)
{
	for (int n = 0; n < 2; n++)
		nic_close(&wire->nic[n]);
	if (wire->memory >= 0)
		close(wire->memory);
	if (wire->mem)
		munmap(wire->mem, WIRE_PAGE);
	wire->memory = -1;
	wire->mem = NULL;
}

int wire_map(struct wire *wire, int n, __u32 dma, __u64 iova, __u64 offset,
	     __u64 length, __u32 flags)
{
	struct socassign_dma_map map = {
		.index = dma, .flags = flags, .memory_fd = wire->memory,
		.offset = offset, .iova = iova, .length = length,
	};

	return soc_dma_map(wire->nic[n].fd, &map);
}

int wire_map_usual(struct wire *wire, int n)
{
	int fd = wire->nic[n].fd;
	int ret;

	if (n == 0) {
		ret = wire_map(wire, 0, 0, WIRE_IOVA_0, WIRE_TX0 * WIRE_AREA,
			       2 * WIRE_AREA, DMA_RW);
		return ret ? ret : soc_dma_enable(fd, 0);
	}
	ret = wire_map(wire, 1, 0, WIRE_IOVA_TX1, WIRE_TX1 * WIRE_AREA,
		       WIRE_AREA, DMA_RW);
	if (!ret)
		ret = wire_map(wire, 1, 1, WIRE_IOVA_RX1, WIRE_RX1 * WIRE_AREA,
			       WIRE_AREA, DMA_RW);
	if (!ret)
		ret = soc_dma_enable(fd, 0);
	return ret ? ret : soc_dma_enable(fd, 1);
}

static struct nic_mem area(const struct wire *wire, enum wire_area area)
{
	static const __u32 bus[] = {
		[WIRE_TX0] = WIRE_IOVA_0, [WIRE_RX0] = WIRE_IOVA_0 + WIRE_AREA,
		[WIRE_TX1] = WIRE_IOVA_TX1, [WIRE_RX1] = WIRE_IOVA_RX1,
	};

	return (struct nic_mem) {
		.cpu = wire->mem + area * WIRE_AREA, .bus = bus[area],
	};
}

void wire_start(struct wire *wire, int n)
{
	struct nic_mem tx = area(wire, n ? WIRE_TX1 : WIRE_TX0);
	struct nic_mem rx = area(wire, n ? WIRE_RX1 : WIRE_RX0);

	nic_start(&wire->nic[n], &tx, &rx);
}

int wire_up(struct wire *wire)
{
	int ret = 0;

	for (int n = 0; !ret && n < 2; n++)
		ret = wire_map_usual(wire, n);
	for (int n = 0; !ret && n < 2; n++)
		wire_start(wire, n);
	return ret;
}

int wire_transfer(struct wire *wire, int n, size_t len)
{
	struct nic *from = &wire->nic[n], *to = &wire->nic[!n];
	uint32_t serial = wire->serial++;
	uint8_t frame[FRAME_MAX];
	int ret;

	frame_fill(frame, len, to->dev->mac, from->dev->mac, serial);
	ret = nic_send(from, frame, len);
	return ret ? ret : nic_expect(to, serial, len);
}

int wire_exchange(struct wire *wire)
{
	int ret = wire_transfer(wire, 0, FRAME_MIN);

	return ret ? ret : wire_transfer(wire, 1, FRAME_MAX);
}

bool wire_rest_unchanged(const struct wire *wire)
{
	size_t size = WIRE_PAGE - WIRE_REST;

	return pattern_changed(wire->mem + WIRE_REST, size, 0) == size;
}
