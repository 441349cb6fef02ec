// SPDX-License-Identifier: GPL-2.0
#include "pl330.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

/* ARM DDI 0424: CoreLink DMA-330 */
#define INTEN		0x020
#define INTCLR		0x02c
#define EVENT		(1 << 0)
#define CSR0		0x100
#define CSR_STATUS	0xf	/* 0: stopped */
#define DBGSTATUS	0xd00
#define DBGSTATUS_BUSY	1
#define DBGCMD		0xd04
#define DBGINST0	0xd08
#define DBGINST1	0xd0c
#define PERIPH_ID0	0xfe0
#define PERIPH_ID0_IS	0x30

/* In DBGINST0: for the channel, not for the manager; and the opcode */
#define DBG_CHANNEL	(1 << 0)
#define DBG_OPCODE(_op)	((uint32_t)(_op) << 16)

#define DMAEND		0x00
#define DMAKILL		0x01
#define DMALD		0x04
#define DMAST		0x08
#define DMAWMB		0x13
#define DMASEV		0x34	/* the second byte: event 0 */
#define DMAWFE		0x36
#define DMAGO		0xa0	/* channel 0 */
#define DMAMOV		0xbc
#define DMAMOV_SAR	0
#define DMAMOV_CCR	1
#define DMAMOV_DAR	2

/* One beat of 8 bytes on either side, and on to the next address */
#define CCR		(1 << 0 | 3 << 1 | 1 << 14 | 3 << 15)

const char *pl330_missing(void)
{
	if (!node_exists(PL330_AMBA))
		return "no PL330 on this board";
	if (access("/sys/class/iommu/smmu3.0x0000000009050000", F_OK))
		return "this kernel does not run the SMMU";
	return NULL;
}

static volatile uint32_t *reg(struct pl330 *pl330, unsigned int offset)
{
	return (volatile uint32_t *)((volatile char *)pl330->regs + offset);
}

static int find_region(struct pl330 *pl330)
{
	int ret;

	for (__u32 i = 0;; i++) {
		pl330->region = (struct socassign_region) {};
		ret = soc_region(pl330->fd, i, &pl330->region);
		if (ret || pl330->region.out_node == pl330->index)
			return ret;
	}
}

/* What nobody has waited for; and the next is for a program, and no interrupt. */
static void forget_events(struct pl330 *pl330)
{
	*reg(pl330, INTEN) = EVENT;
	*reg(pl330, INTCLR) = EVENT;
	*reg(pl330, INTEN) = 0;
}

int pl330_open(struct pl330 *pl330, int fd, __u32 node)
{
	int ret;

	*pl330 = (struct pl330) { .fd = fd, .index = node };
	ret = find_region(pl330);
	if (ret)
		return ret;
	pl330->regs = soc_map(fd, &pl330->region);
	if (!pl330->regs)
		return -errno;
	if (*reg(pl330, PERIPH_ID0) != PERIPH_ID0_IS) {
		pl330_close(pl330);
		return -ENXIO;
	}
	forget_events(pl330);
	return 0;
}

void pl330_close(struct pl330 *pl330)
{
	if (pl330->regs)
		soc_unmap(pl330->regs, &pl330->region);
	pl330->regs = NULL;
}

static size_t put_move(uint8_t *at, uint8_t which, uint32_t value)
{
	at[0] = DMAMOV;
	at[1] = which;
	for (int i = 0; i < 4; i++)
		at[2 + i] = value >> 8 * i;
	return 6;
}

size_t pl330_program(uint8_t *program, uint32_t from, uint32_t to, bool waits)
{
	static const uint8_t event[] = { DMAWFE, 0 };
	static const uint8_t copy[] = { DMALD, DMAST, DMAWMB, DMAEND };
	size_t len = 0;

	if (waits) {
		memcpy(program, event, sizeof(event));
		len = sizeof(event);
	}
	len += put_move(program + len, DMAMOV_SAR, from);
	len += put_move(program + len, DMAMOV_DAR, to);
	len += put_move(program + len, DMAMOV_CCR, CCR);
	memcpy(program + len, copy, sizeof(copy));
	return len + sizeof(copy);
}

/* An instruction from outside of any program */
static void debug(struct pl330 *pl330, uint32_t first, uint32_t second)
{
	while (*reg(pl330, DBGSTATUS) & DBGSTATUS_BUSY)
		;
	*reg(pl330, DBGINST0) = first;
	*reg(pl330, DBGINST1) = second;
	__sync_synchronize();
	*reg(pl330, DBGCMD) = 0;
}

/* QEMU's is done with as much as it can do when the write of DBGCMD is. */
bool pl330_run(struct pl330 *pl330, uint32_t iova)
{
	debug(pl330, DBG_OPCODE(DMAGO), iova);
	return !(*reg(pl330, CSR0) & CSR_STATUS);
}

void pl330_event(struct pl330 *pl330)
{
	debug(pl330, DBG_OPCODE(DMASEV), 0);
}

void pl330_stop(struct pl330 *pl330)
{
	debug(pl330, DBG_CHANNEL | DBG_OPCODE(DMAKILL), 0);
}
