// SPDX-License-Identifier: GPL-2.0
/*
 * Resets: through a real reset controller, on a real device.  The controller
 * (ti,syscon-reset) clears the enable bit of the MPC I2C controller, which that
 * takes for a reset of its other registers.  An overlay brings both nodes: the
 * register with that bit is the controller's, the rest is the device's, which it
 * shares with the host's own node.
 */
#include <errno.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/devtree.h"
#include "lib/fdt.h"
#include "lib/mpc_i2c.h"
#include "lib/overlay.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define SOC		"/soc@fe0000000"
#define HOST_NODE	SOC "/i2c@3000"
#define HOST_DRIVER	"mpc-i2c"
#define SYSCON		"i2c-control@3008"
#define CONTROLLER	SOC "/" SYSCON "/reset-controller"
#define FIRST		"resettable@3000"
#define SECOND		"resettable-too@3000"
#define WHOLE		"resettable-whole@3000"
#define OTHER		"resettable-elsewhere@fb000"
#define PART		"part@3000"

#define MPC_I2C_FDR	0x04	/* a reset makes it 0 */
#define FDR_VALUE	0x2a

/* include/dt-bindings/reset/ti-syscon.h: no status bit; deasserted when set */
#define TI_FLAGS	(1 << 2 | 1 << 4)

static void add_controller(struct fdt *fdt)
{
	const uint32_t reg[] = { 0x3008, 0x4 }, width[] = { 1 };
	const uint32_t phandle[] = { 1 }, cells[] = { 1 };
	const uint32_t bits[] = { 0, 7, 0, 7, 0, 0, TI_FLAGS };

	fdt_begin_node(fdt, SYSCON);
	fdt_string(fdt, "compatible", "syscon");
	fdt_cells(fdt, "reg", reg, 2);
	fdt_cells(fdt, "reg-io-width", width, 1);
	fdt_begin_node(fdt, "reset-controller");
	fdt_string(fdt, "compatible", "ti,syscon-reset");
	fdt_cells(fdt, "#reset-cells", cells, 1);
	fdt_cells(fdt, "ti,reset-bits", bits, 7);
	fdt_cells(fdt, "phandle", phandle, 1);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
}

static void begin_device(struct fdt *fdt, const char *name)
{
	const uint32_t reg[] = { 0x3000, 0x8, 0x300c, 0x8 };
	const uint32_t resets[] = { 1, 0 };

	fdt_begin_node(fdt, name);
	fdt_string(fdt, "compatible", "fsl-i2c");
	fdt_string(fdt, "status", "disabled");
	fdt_cells(fdt, "reg", reg, 4);
	fdt_cells(fdt, "resets", resets, 2);
}

static void add_device(struct fdt *fdt, const char *name)
{
	begin_device(fdt, name);
	fdt_end_node(fdt);
}

/* One that has nothing but its line in common with them. */
static void add_other(struct fdt *fdt)
{
	const uint32_t reg[] = { 0xfb000, 0x8 }, resets[] = { 1, 0 };

	fdt_begin_node(fdt, OTHER);
	fdt_string(fdt, "compatible", "test,elsewhere");
	fdt_string(fdt, "status", "disabled");
	fdt_cells(fdt, "reg", reg, 2);
	fdt_cells(fdt, "resets", resets, 2);
	fdt_end_node(fdt);
}

/*
 * A device that has another one in it, which its line need not reach; of that one's
 * registers the first entry is empty.
 */
static void add_whole(struct fdt *fdt)
{
	const uint32_t reg[] = { 0x3000, 0, 0x3000, 0x4 };
	const uint32_t cells[] = { 1 };

	begin_device(fdt, WHOLE);
	fdt_cells(fdt, "#address-cells", cells, 1);
	fdt_cells(fdt, "#size-cells", cells, 1);
	fdt_cells(fdt, "ranges", NULL, 0);
	fdt_begin_node(fdt, PART);
	fdt_string(fdt, "compatible", "socassign,test-part");
	fdt_cells(fdt, "reg", reg, 4);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
}

/* Where the phandles are, so that the kernel can renumber them. */
static void add_fixup(struct fdt *fdt, const char *name)
{
	const uint32_t offset[] = { 0 };

	fdt_begin_node(fdt, name);
	fdt_cells(fdt, "resets", offset, 1);
	fdt_end_node(fdt);
}

static int apply(struct fdt *fdt)
{
	overlay_begin(fdt, SOC);
	add_controller(fdt);
	add_device(fdt, FIRST);
	add_device(fdt, SECOND);
	add_whole(fdt);
	add_other(fdt);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "__local_fixups__");
	fdt_begin_node(fdt, "fragment@0");
	fdt_begin_node(fdt, "__overlay__");
	add_fixup(fdt, FIRST);
	add_fixup(fdt, SECOND);
	add_fixup(fdt, WHOLE);
	add_fixup(fdt, OTHER);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	return testmod_write_blob("overlay_apply", fdt->blob, fdt_finish(fdt));
}

FIXTURE(reset) {
	const char *skip;
	struct sysfs_device host;
	struct sysfs_device controller;
	struct fdt fdt;
	int fd;
};

FIXTURE_SETUP(reset)
{
	self->fd = -1;
	if (!node_exists(HOST_NODE))
		self->skip = "the board has no device that a register bit resets";
	else if (!overlay_possible())
		self->skip = "this kernel has no CONFIG_OF_OVERLAY";
	if (self->skip)
		return;
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, sysfs_find(HOST_NODE, &self->host));
	ASSERT_EQ(0, sysfs_unbind(&self->host));
	ASSERT_EQ(0, apply(&self->fdt));
	ASSERT_EQ(0, testmod_write("device_create", SOC "/" SYSCON));
	ASSERT_EQ(0, sysfs_find(CONTROLLER, &self->controller));
	ASSERT_TRUE(sysfs_bound_to(&self->controller, "ti-syscon-reset"));
}

FIXTURE_TEARDOWN(reset)
{
	if (self->skip)
		return;
	if (self->fd >= 0)
		close(self->fd);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
	EXPECT_EQ(0, testmod_write("device_remove", CONTROLLER));
	EXPECT_EQ(0, overlay_remove());
	EXPECT_EQ(0, sysfs_bind(&self->host, HOST_DRIVER));
}

static int claim_first(int *fd, struct socassign_region *region)
{
	*fd = soc_claim(SOC "/" FIRST, SOCASSIGN_SHARE_REGS);
	memset(region, 0, sizeof(*region));
	return *fd < 0 ? *fd : soc_region(*fd, 0, region);
}

static int get(int fd, struct socassign_region *region, unsigned int reg)
{
	uint8_t value;
	int ret = soc_pread(fd, region, reg, &value, 1);

	return ret ? ret : value;
}

static int put(int fd, struct socassign_region *region, unsigned int reg,
	       uint8_t value)
{
	return soc_pwrite(fd, region, reg, &value, 1);
}

/* The controller's register, as the kernel shows it; 0 if it does not. */
static int read_control(void)
{
	unsigned int value = 0;
	FILE *file = NULL;
	glob_t found = {};

	if (!glob("/sys/kernel/debug/regmap/*i2c-control*/registers", 0, NULL,
		  &found))
		file = fopen(found.gl_pathv[0], "r");
	globfree(&found);
	if (!file)
		return 0;
	if (fscanf(file, "%*x: %x", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static void on_demand(struct __test_metadata *_metadata, int fd,
		      struct socassign_region *region)
{
	struct socassign_info info = {};

	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(1, info.out_has_reset);
	/* The claim has deasserted the line. */
	EXPECT_EQ(MPC_CR_MEN, read_control() & MPC_CR_MEN);
	ASSERT_EQ(0, put(fd, region, MPC_I2C_FDR, FDR_VALUE));
	ASSERT_EQ(FDR_VALUE, get(fd, region, MPC_I2C_FDR));
	ASSERT_EQ(0, soc_reset(fd));
	EXPECT_EQ(0, get(fd, region, MPC_I2C_FDR));
	EXPECT_EQ(MPC_CR_MEN, read_control() & MPC_CR_MEN);
}

/*
 * Neither node can reset the other behind its back, also in one claim; nor does the
 * line of one speak for what is below it.
 */
static void not_all_of_it(struct __test_metadata *_metadata, int fd)
{
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(0, info.out_has_reset);
	EXPECT_EQ(-EOPNOTSUPP, soc_reset(fd));
}

/* One test: the kernel keeps what it made of a syscon for ever. */
TEST_F(reset, on_demand_and_at_close)
{
	SKIP_IF(self->skip);
	static const char paths[] = SOC "/" FIRST "\0" SOC "/" SECOND;
	struct socassign_region region;

	ASSERT_EQ(0, claim_first(&self->fd, &region));
	on_demand(_metadata, self->fd, &region);
	/* Whoever else has the line could reset this one. */
	EXPECT_EQ(-EBUSY, soc_try_claim(SOC "/" OTHER, SOCASSIGN_NO_DMA));
	EXPECT_NE(NULL, strstr(soc_reason(), "reset line"))
		TH_LOG("%s", soc_reason());
	ASSERT_EQ(0, put(self->fd, &region, MPC_I2C_FDR, FDR_VALUE));
	close(self->fd);
	ASSERT_EQ(0, claim_first(&self->fd, &region));
	EXPECT_EQ(0, get(self->fd, &region, MPC_I2C_FDR));
	close(self->fd);
	self->fd = soc_claim_list(paths, sizeof(paths), SOCASSIGN_SHARE_REGS);
	not_all_of_it(_metadata, self->fd);
	close(self->fd);
	self->fd = soc_claim(SOC "/" WHOLE, SOCASSIGN_SHARE_REGS |
			     SOCASSIGN_SUBTREE | SOCASSIGN_NO_DMA);
	not_all_of_it(_metadata, self->fd);
}

static int num_resets(int fd)
{
	struct socassign_info info = {};
	int ret = soc_info(fd, &info);

	return ret ? ret : (int)info.out_has_reset;
}

/* Whoever comes later. */
FIXTURE(newcomer) {
	const char *skip;
	int fd;
};

FIXTURE_SETUP(newcomer)
{
	self->fd = -1;
	if (!bench())
		self->skip = NO_BENCH;
	else if (!overlay_possible())
		self->skip = "this kernel has no CONFIG_OF_OVERLAY";
}

FIXTURE_TEARDOWN(newcomer)
{
	if (self->fd >= 0)
		close(self->fd);
}

static int bring(uint32_t line, bool enabled)
{
	static struct fdt fdt;
	const uint32_t reg[] = { 0xfb000, 0x10 };
	uint32_t resets[] = { 0, line };

	dt_load();
	resets[0] = dt_cell(dt_find(bench_node("lines")), "phandle", 0);
	overlay_begin(&fdt, bench()->bus);
	fdt_begin_node(&fdt, "late@fb000");
	fdt_string(&fdt, "compatible", "test,late");
	if (!enabled)
		fdt_string(&fdt, "status", "disabled");
	fdt_cells(&fdt, "reg", reg, 2);
	fdt_cells(&fdt, "resets", resets, 2);
	fdt_end_node(&fdt);
	return overlay_apply(&fdt);
}

TEST_F(newcomer, by_an_overlay)
{
	SKIP_IF(self->skip);

	self->fd = soc_claim(bench_node("line-level"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(1, num_resets(self->fd));
	expect_in_log("notifier error -16");
	EXPECT_EQ(-EBUSY, bring(2, true));
	EXPECT_EQ(1, num_resets(self->fd));
	/* Nobody drives it; nor has it that line. */
	EXPECT_EQ(0, bring(2, false));
	EXPECT_EQ(0, overlay_remove());
	EXPECT_EQ(0, bring(3, true));
	EXPECT_EQ(0, overlay_remove());
	EXPECT_EQ(1, num_resets(self->fd));
}

/* A line that the host may drive is left to it. */
TEST_F(newcomer, that_is_left_alone)
{
	SKIP_IF(self->skip);

	self->fd = soc_claim(bench_node("line-shared"), SOCASSIGN_NO_DMA);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, num_resets(self->fd));
	EXPECT_EQ(0, bring(4, true));
	EXPECT_EQ(0, num_resets(self->fd));
	EXPECT_EQ(0, overlay_remove());
}

TEST_F(newcomer, that_nobody_can_refuse)
{
	SKIP_IF(self->skip);
	const char *host = bench_node("line-host");

	ASSERT_EQ(0, testmod_write("node_detach", host));
	self->fd = soc_claim(bench_node("line-shared"), SOCASSIGN_NO_DMA);
	EXPECT_LE(0, self->fd);
	EXPECT_EQ(1, num_resets(self->fd));
	EXPECT_EQ(0, testmod_write("node_attach", "1"));
	EXPECT_EQ(-ENODEV, num_resets(self->fd));
}

TEST_HARNESS_MAIN
