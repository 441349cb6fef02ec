// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that have no reset are made quiet by their registers.  A 16550 says in
 * its node where these are: the board's second UART, which the host uses, is
 * described once more by an overlay, with its registers at the end of a span.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/fdt.h"
#include "lib/overlay.h"
#include "lib/sysfs.h"

#define SOC		"/soc@fe0000000"
#define HOST_NODE	SOC "/serial@4600"
#define LATE		"late-uart@4580"
#define WIDE		"wide-uart@4580"
#define CLOSE		"close-uart@4580"
#define OFFSET		0x80

#define UART_IER	1
#define UART_IER_RDI	0x01

static void add_uart(struct fdt *fdt, const char *name, uint32_t width)
{
	const uint32_t reg[] = { 0x4600 - OFFSET, OFFSET + 8 };
	const uint32_t offset[] = { OFFSET };

	fdt_begin_node(fdt, name);
	fdt_string(fdt, "compatible", "ns16550");
	fdt_string(fdt, "status", "disabled");
	fdt_cells(fdt, "reg", reg, 2);
	fdt_cells(fdt, "reg-offset", offset, 1);
	fdt_cells(fdt, "reg-io-width", &width, 1);
	fdt_end_node(fdt);
}

static int apply(struct fdt *fdt)
{
	overlay_begin(fdt, SOC);
	add_uart(fdt, LATE, 1);
	add_uart(fdt, WIDE, 3);
	/* Each register a byte behind the last, with accesses of four. */
	add_uart(fdt, CLOSE, 4);
	return overlay_apply(fdt);
}

FIXTURE(uart) {
	const char *skip;
	struct sysfs_device host;
	char driver[64];
	struct fdt fdt;
	int fd;
};

FIXTURE_SETUP(uart)
{
	self->fd = -1;
	if (!node_exists(HOST_NODE))
		self->skip = "the board has no second 16550";
	else if (!overlay_possible())
		self->skip = "this kernel has no CONFIG_OF_OVERLAY";
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, sysfs_find(HOST_NODE, &self->host));
	ASSERT_EQ(0, sysfs_driver(&self->host, self->driver,
				  sizeof(self->driver)));
	ASSERT_EQ(0, sysfs_unbind(&self->host));
	ASSERT_EQ(0, apply(&self->fdt));
}

FIXTURE_TEARDOWN(uart)
{
	if (self->skip)
		return;
	if (self->fd >= 0)
		close(self->fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, overlay_remove());
	EXPECT_EQ(0, sysfs_bind(&self->host, self->driver));
}

/* Its interrupt enable register, by the node at @path whose first register is at @at. */
static int access_ier(FIXTURE_DATA(uart) *self, const char *path, uint32_t at,
		      uint8_t *set, uint8_t *value)
{
	struct socassign_region region = {};
	int ret;

	self->fd = soc_claim(path, SOCASSIGN_NO_DMA | SOCASSIGN_SHARE_REGS);
	if (self->fd < 0)
		return self->fd;
	ret = soc_region(self->fd, 0, &region);
	if (!ret && set)
		ret = soc_pwrite(self->fd, &region, at + UART_IER, set, 1);
	if (!ret)
		ret = soc_pread(self->fd, &region, at + UART_IER, value, 1);
	close(self->fd);
	self->fd = -1;
	return ret;
}

TEST_F(uart, registers_behind_an_offset)
{
	uint8_t on = UART_IER_RDI, value = 0;

	if (self->skip)
		SKIP(return, "%s", self->skip);
	ASSERT_EQ(0, access_ier(self, SOC "/" LATE, OFFSET, &on, &value));
	EXPECT_EQ(UART_IER_RDI, value);
	/* Not made quiet by its own claim's end, but by the one before. */
	ASSERT_EQ(0, access_ier(self, HOST_NODE, 0, NULL, &value));
	EXPECT_EQ(0, value);
}

/* Nothing is written by such a node, so nothing gets quiet. */
static void expect_no_reset(struct __test_metadata *_metadata, int fd)
{
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(0, info.out_has_reset);
	EXPECT_EQ(-EOPNOTSUPP, soc_reset(fd));
}

TEST_F(uart, registers_of_no_width)
{
	if (self->skip)
		SKIP(return, "%s", self->skip);
	self->fd = soc_claim(SOC "/" WIDE,
			     SOCASSIGN_NO_DMA | SOCASSIGN_SHARE_REGS);
	expect_no_reset(_metadata, self->fd);
}

TEST_F(uart, registers_that_are_not_aligned)
{
	if (self->skip)
		SKIP(return, "%s", self->skip);
	self->fd = soc_claim(SOC "/" CLOSE,
			     SOCASSIGN_NO_DMA | SOCASSIGN_SHARE_REGS);
	expect_no_reset(_metadata, self->fd);
}

TEST_HARNESS_MAIN
