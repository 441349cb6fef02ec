// SPDX-License-Identifier: GPL-2.0
/*
 * The command socassign (tools/socassign) on a machine: what it says is what
 * the tree, sysfs and the driver say, and what it does has its effect.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <linux/capability.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/bench.h"
#include "lib/claim.h"
#include "lib/devtree.h"
#include "lib/fdt.h"
#include "lib/json.h"
#include "lib/kmsg.h"
#include "lib/listed.h"
#include "lib/program.h"
#include "lib/sysfs.h"

#define SECONDS 240	/* for a test; against hangs only */
#define COMMAND "/bin/socassign"
#define DRIVER "socassign"
#define DETACH SOCASSIGN_DETACH

/* A register that keeps what is written to it, and does nothing about it */
struct reg {
	const char *board;
	const char *offset, *width, *value;
	unsigned int at, bytes;
	uint32_t is;
};

static const struct reg regs[] = {
	/* Frequency divider; the host's driver sets it anew */
	{ "ppce500", "0x4", "8", "0x2a", 4, 1, 0x2a },
	/* Alarm: long ago, and the interrupt is off */
	{ "virt", "0x4", "32", "0x12345678", 4, 4, 0x12345678 },
};

FIXTURE(command) {
	const char *path;		/* of a device of the host's */
	const char *driver;		/* of the host's */
	const struct reg *reg;
	struct sysfs_device dev;
	struct program program;
};

static const struct reg *find_reg(void)
{
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		if (!strcmp(regs[i].board, board_get()->name))
			return &regs[i];
	return NULL;
}

FIXTURE_SETUP(command)
{
	self->path = board_get()->device;
	self->driver = board_get()->driver;
	self->reg = find_reg();
	ASSERT_NE(NULL, self->reg);
	ASSERT_EQ(0, board_set_param("kernel_access", "Y"));
	ASSERT_EQ(0, sysfs_find(self->path, &self->dev));
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

FIXTURE_TEARDOWN(command)
{
	if (sysfs_bound_to(&self->dev, DRIVER))
		EXPECT_EQ(0, sysfs_move(&self->dev, self->driver));
	/* What one test has lost the others shall have. */
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver))
		sysfs_move(&self->dev, self->driver);
	program_free(&self->program);
	EXPECT_EQ(0, board_set_param("kernel_access", "N"));
}

/* Run it as somebody; its exit code */
#define RUN_AS(_become, ...)						\
	program_run(&self->program, _become,				\
		    (const char *const[]) { COMMAND, ##__VA_ARGS__, NULL })
#define RUN(...) RUN_AS(who_root, ##__VA_ARGS__)

/* What it said, for who reads of a failure */
#define SAID_FORMAT "out: %.300s err: %.300s"
#define SAID_ARGS self->program.out, self->program.err
#define SAID SAID_FORMAT, SAID_ARGS

#define EXPECT_RUN_AS(_code, _become, ...)				\
	EXPECT_EQ(_code, RUN_AS(_become, ##__VA_ARGS__))		\
		TH_LOG(SAID)
#define EXPECT_RUN(_code, ...)						\
	EXPECT_RUN_AS(_code, who_root, ##__VA_ARGS__)
#define ASSERT_RUN(_code, ...)						\
	ASSERT_EQ(_code, RUN(__VA_ARGS__))				\
		TH_LOG(SAID)

#define EXPECT_OUT(_text)						\
	EXPECT_NE(NULL, strstr(self->program.out, _text))		\
		TH_LOG("no \"%s\"; " SAID_FORMAT, _text, SAID_ARGS)
#define EXPECT_ERR(_text)						\
	EXPECT_NE(NULL, strstr(self->program.err, _text))		\
		TH_LOG("no \"%s\"; " SAID_FORMAT, _text, SAID_ARGS)
#define EXPECT_JSON()							\
	EXPECT_TRUE(json_valid(self->program.out))			\
		TH_LOG(SAID)

#define ASSERT_LISTED(_path, _can, _holder) do {			\
	ASSERT_RUN(0, "list", _path);					\
	ASSERT_TRUE(listed_find(self->program.out, _path, &entry))	\
		TH_LOG(SAID);						\
	EXPECT_STREQ(_can, entry.can);					\
	EXPECT_STREQ(_holder, entry.holder);				\
} while (0)

/* Looking */

TEST_F_TIMEOUT(command, lists_all_nodes, SECONDS)
{
	struct entry entry;

	ASSERT_RUN(0, "list");
	ASSERT_TRUE(listed_find(self->program.out, self->path, &entry));
	EXPECT_STREQ("yes", entry.can);
	EXPECT_STREQ("none", entry.dma);
	EXPECT_STREQ(self->driver, entry.holder);
	EXPECT_STREQ("  (needs to be unbound, or DETACH)", entry.why);
	ASSERT_TRUE(listed_find(self->program.out, board_get()->irqchip,
				&entry));
	EXPECT_STREQ("no", entry.can);
	EXPECT_EQ('(', entry.why[2]);
	ASSERT_TRUE(listed_find(self->program.out, board_extra("lone@97000"),
				&entry));
	EXPECT_STREQ("yes", entry.can);
	EXPECT_STREQ("unsafe", entry.dma);
	EXPECT_STREQ("-", entry.holder);
}

TEST_F_TIMEOUT(command, shows_what_the_tree_says, SECONDS)
{
	const struct level_dev *dev = bench() ? bench()->level : NULL;
	const struct dt_node *node;
	struct dt_span span;
	struct dt_line line;
	char text[300];

	dt_load();
	node = dt_find(self->path);
	ASSERT_NE(NULL, node);
	ASSERT_TRUE(dt_reg(node, 0, &span));
	ASSERT_TRUE(dt_interrupt(node, 0, &line));
	ASSERT_RUN(0, "show", self->path);
	snprintf(text, sizeof(text), "path: %s\n", self->path);
	EXPECT_OUT(text);
	EXPECT_OUT(dt_string(node, "compatible", 0));
	snprintf(text, sizeof(text), "  driver: %s\n", self->driver);
	EXPECT_OUT(text);
	snprintf(text, sizeof(text), "    address: 0x%llx\n    size: 0x%llx\n",
		 span.cpu, span.size);
	EXPECT_OUT(text);
	snprintf(text, sizeof(text), "    controller: %s\n",
		 line.controller->path);
	EXPECT_OUT(text);
	snprintf(text, sizeof(text), "    specifier:\n      - %u\n      - %u\n",
		 line.cells[0], line.cells[1]);
	EXPECT_OUT(text);
	if (dev && dev->with) {
		snprintf(text, sizeof(text), "    neighbours:\n      - %s\n",
			 dev->with);
		EXPECT_OUT(text);
	}
}

/* It asks the driver about each node, and about the caller. */
TEST_F_TIMEOUT(command, looks_without_a_line_in_the_log, SECONDS)
{
	int log = kmsg_open();

	ASSERT_LE(0, log);
	EXPECT_RUN(0, "list");
	EXPECT_RUN(0, "show", self->path);
	EXPECT_EQ(0, kmsg_count(log, "socassign", "refused"));
	close(log);
}

TEST_F_TIMEOUT(command, prints_json, SECONDS)
{
	char text[300];

	snprintf(text, sizeof(text), "\"path\": \"%s\"", self->path);
	EXPECT_RUN(0, "list", "--json");
	EXPECT_JSON();
	EXPECT_OUT(text);
	EXPECT_RUN(0, "show", "--json", self->path);
	EXPECT_JSON();
	EXPECT_OUT(text);
	EXPECT_RUN(0, "peek", "--json", "--detach", self->path, "0",
		   self->reg->offset, self->reg->width);
	EXPECT_JSON();
	EXPECT_OUT(text);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

/* The tree that the machine booted with has no other nodes. */
TEST_F_TIMEOUT(command, plans_with_a_file, SECONDS)
{
	struct entry entry;

	if (access("/sys/firmware/fdt", R_OK))
		SKIP(return, "this kernel does not show the boot's tree");
	ASSERT_RUN(0, "list", "--dtb", "/sys/firmware/fdt", self->path);
	ASSERT_TRUE(listed_find(self->program.out, self->path, &entry));
	EXPECT_STREQ("yes", entry.can);
	/* A file knows no drivers. */
	EXPECT_STREQ("-", entry.holder);
	EXPECT_STREQ("", entry.why);
	EXPECT_RUN(0, "show", "--dtb", "/sys/firmware/fdt", self->path);
	EXPECT_OUT("judged_by: command\n");
}

/* Handing out */

#define EXPECT_ATTR(_attr, _value) do {					\
	char _is[64];							\
	ASSERT_EQ(0, sysfs_attr_read(&self->dev, _attr, _is, sizeof(_is))); \
	EXPECT_STREQ(_value, _is);					\
} while (0)

TEST_F_TIMEOUT(command, moves_a_device, SECONDS)
{
	struct entry entry;

	ASSERT_RUN(0, "bind", self->path);
	EXPECT_OUT("bound to socassign (sysfs)");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, DRIVER));
	EXPECT_ATTR("dma_class", "none");
	ASSERT_LISTED(self->path, "yes", DRIVER);
	EXPECT_STREQ("", entry.why);
	EXPECT_RUN(0, "bind", self->path);
	EXPECT_OUT("was so already");
	ASSERT_RUN(0, "unbind", self->path);
	EXPECT_OUT("given to the host (sysfs)");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
	ASSERT_LISTED(self->path, "yes", self->driver);
	/* The host keeps what it has. */
	EXPECT_RUN(0, "unbind", self->path);
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
}

TEST_F_TIMEOUT(command, moves_and_tells_in_json, SECONDS)
{
	ASSERT_RUN(0, "bind", "--json", self->path);
	EXPECT_JSON();
	EXPECT_OUT("\"bound\": true");
	EXPECT_OUT(self->dev.name);
	EXPECT_TRUE(sysfs_bound_to(&self->dev, DRIVER));
	ASSERT_RUN(0, "unbind", "--json", self->path);
	EXPECT_JSON();
	EXPECT_OUT("\"bound\": false");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
}

TEST_F_TIMEOUT(command, declares_a_dma_class, SECONDS)
{
	ASSERT_RUN(0, "bind", "--dma-class", "none", self->path);
	EXPECT_ATTR("dma_class", "none (declared)");
	ASSERT_RUN(0, "show", self->path);
	EXPECT_OUT("dma_class: none (declared)");
	/* Withdrawn with the binding */
	ASSERT_RUN(0, "unbind", self->path);
	ASSERT_RUN(0, "bind", self->path);
	EXPECT_ATTR("dma_class", "none");
	/* Where the tree knows better, it stays as it was. */
	EXPECT_RUN(1, "bind", "--dma-class", "protected", self->path);
	EXPECT_ERR("does not allow DMA class protected");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, DRIVER));
	ASSERT_RUN(0, "unbind", self->path);
	EXPECT_RUN(1, "bind", "--dma-class", "protected", self->path);
	EXPECT_ERR("no IOMMU");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
}

/* Somebody has the device for now, so ours is its driver already. */
TEST_F_TIMEOUT(command, binds_what_is_claimed, SECONDS)
{
	int fd = soc_claim(self->path, DETACH);
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	EXPECT_RUN(0, "bind", "--dma-class", "none", self->path);
	EXPECT_OUT("bound to socassign (sysfs)");
	EXPECT_TRUE(sysfs_override_is(&self->dev, DRIVER));
	/* The claim does not notice, and what was said of it outlives it. */
	EXPECT_EQ(0, soc_info(fd, &info));
	EXPECT_RUN(0, "bind", self->path);
	EXPECT_OUT("was so already");
	close(fd);
	EXPECT_EQ(0, soc_try_claim(self->path, 0));
	EXPECT_TRUE(sysfs_bound_to(&self->dev, DRIVER));
	EXPECT_ATTR("dma_class", "none (declared)");
	EXPECT_RUN(0, "unbind", self->path);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
	EXPECT_TRUE(sysfs_override_is(&self->dev, "(null)"));
}

/* What cannot be declared is not handed out; whoever has it keeps it. */
TEST_F_TIMEOUT(command, binds_nothing_claimed_without_its_class, SECONDS)
{
	int fd = soc_claim(self->path, DETACH);
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	EXPECT_RUN(1, "bind", "--dma-class", "protected", self->path);
	EXPECT_ERR("no IOMMU");
	EXPECT_TRUE(sysfs_override_is(&self->dev, "(null)"));
	EXPECT_EQ(0, soc_info(fd, &info));
	close(fd);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

/* The claim is revoked, and the host's driver gets the device, not ours again. */
TEST_F_TIMEOUT(command, takes_back_what_is_claimed, SECONDS)
{
	int fd = soc_claim(self->path, DETACH);
	struct socassign_info info = {};

	ASSERT_LE(0, fd);
	EXPECT_RUN(0, "bind", "--dma-class", "none", self->path);
	EXPECT_RUN(0, "unbind", self->path);
	EXPECT_EQ(-ENODEV, soc_info(fd, &info));
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
	close(fd);
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
}

TEST_F_TIMEOUT(command, moves_the_others_if_one_fails, SECONDS)
{
	EXPECT_RUN(1, "bind", "/nowhere", self->path);
	EXPECT_ERR("/nowhere: the tree has no such node");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, DRIVER));
	EXPECT_RUN(1, "unbind", self->path, "/nowhere");
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
}

TEST_F_TIMEOUT(command, cannot_bind_without_a_device, SECONDS)
{
	const char *path = board_extra("lone@97000");
	int fd;

	EXPECT_RUN(1, "bind", path);
	EXPECT_ERR("it has no device");
	/* One that goes with the claim is none. */
	fd = soc_claim(path, SOCASSIGN_NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_RUN(1, "bind", path);
	EXPECT_ERR("made for a claim");
	close(fd);
}

TEST_F_TIMEOUT(command, binds_nothing_that_nobody_gets, SECONDS)
{
	EXPECT_RUN(1, "bind", board_get()->irqchip);
	EXPECT_ERR("nobody gets it: it is");
	EXPECT_RUN(1, "bind", board_get()->overlap);
	EXPECT_ERR("nobody gets it: it has registers where memory is");
}

/* The host's driver cannot let go: the host keeps the device. */
TEST_F_TIMEOUT(command, gives_back_what_it_cannot_bind, SECONDS)
{
	struct sysfs_device dev;

	if (!bench() || !bench()->stuck)
		SKIP(return, NO_BENCH);
	ASSERT_EQ(0, sysfs_find(bench()->stuck, &dev));
	ASSERT_TRUE(sysfs_wait_driver(&dev, STUCK_DRIVER));
	EXPECT_RUN(1, "bind", bench()->stuck);
	EXPECT_TRUE(sysfs_bound_to(&dev, STUCK_DRIVER));
}

/* Who holds what */

TEST_F_TIMEOUT(command, tells_who_holds_a_device, SECONDS)
{
	struct entry entry;
	int fd;

	ASSERT_RUN(0, "bind", self->path);
	fd = soc_claim(self->path, 0);
	ASSERT_LE(0, fd);
	ASSERT_LISTED(self->path, "no", "claimed");
	EXPECT_NE(NULL, strstr(entry.why, "has an owner"));
	ASSERT_RUN(0, "show", self->path);
	EXPECT_OUT("claimed: yes");
	EXPECT_RUN(1, "peek", self->path, "0", self->reg->offset,
		   self->reg->width);
	EXPECT_ERR("has an owner");
	close(fd);
	ASSERT_LISTED(self->path, "yes", DRIVER);
	ASSERT_RUN(0, "show", self->path);
	EXPECT_OUT("claimed: no");
}

TEST_F_TIMEOUT(command, tells_the_status, SECONDS)
{
	int fd = soc_claim(self->path, DETACH);
	char pid[32];

	ASSERT_LE(0, fd);
	snprintf(pid, sizeof(pid), "\"pid\": %d,", getpid());
	ASSERT_RUN(0, "status", "--json");
	EXPECT_JSON();
	EXPECT_OUT(self->path);
	EXPECT_OUT(pid);
	EXPECT_OUT("\"state\": \"held\"");
	close(fd);
	ASSERT_RUN(0, "status", "--json");
	EXPECT_EQ(NULL, strstr(self->program.out, self->path));
}

TEST_F_TIMEOUT(command, tells_of_a_detached_device, SECONDS)
{
	int fd = soc_claim(self->path, DETACH);
	struct entry entry;

	ASSERT_LE(0, fd);
	ASSERT_LISTED(self->path, "no", "claimed");
	close(fd);
	ASSERT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
	ASSERT_LISTED(self->path, "yes", self->driver);
}

TEST_F_TIMEOUT(command, unbind_revokes, SECONDS)
{
	struct pollfd pfd = { .events = POLLIN };
	struct socassign_info info = {};

	ASSERT_RUN(0, "bind", self->path);
	pfd.fd = soc_claim(self->path, 0);
	ASSERT_LE(0, pfd.fd);
	EXPECT_RUN(0, "unbind", self->path);
	EXPECT_EQ(1, poll(&pfd, 1, LONG_MS));
	EXPECT_NE(0, pfd.revents & POLLHUP);
	EXPECT_EQ(-ENODEV, soc_info(pfd.fd, &info));
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
	close(pfd.fd);
}

/* The guest's tree */

TEST_F_TIMEOUT(command, builds_a_guest_tree, SECONDS)
{
	ASSERT_RUN(0, "dtb", self->path);
	EXPECT_TRUE(fdt_has_node(self->program.out, self->program.out_len,
				 self->path));
	EXPECT_FALSE(fdt_has_node(self->program.out, self->program.out_len,
				  board_get()->second));
	ASSERT_RUN(0, "dtb", self->path, board_get()->second);
	EXPECT_TRUE(fdt_has_node(self->program.out, self->program.out_len,
				 self->path));
	EXPECT_TRUE(fdt_has_node(self->program.out, self->program.out_len,
				 board_get()->second));
	EXPECT_RUN(1, "dtb", "/nowhere");
	EXPECT_EQ(0, self->program.out_len);
}

TEST_F_TIMEOUT(command, writes_a_guest_tree, SECONDS)
{
	const char *file = "/tmp/guest.dtb";
	char blob[65536];
	int fd;

	ASSERT_RUN(0, "dtb", "--bus", "/devices", "--output", file,
		   self->path);
	EXPECT_EQ(0, self->program.out_len);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(fdt_has_node(blob, read(fd, blob, sizeof(blob)),
				 "/devices"));
	close(fd);
	unlink(file);
	EXPECT_RUN(1, "dtb", "--output", "/nowhere/guest.dtb", self->path);
}

/* Trying */

/* The register, as a claim has it, or a negative errno */
static int64_t register_of(const char *path, const struct reg *reg)
{
	struct socassign_region region = {};
	int fd = soc_claim(path, 0);
	uint32_t word = 0;
	uint8_t byte = 0;
	int ret = soc_region(fd, 0, &region);

	if (!ret && reg->bytes == 1)
		ret = soc_pread(fd, &region, reg->at, &byte, sizeof(byte));
	else if (!ret)
		ret = soc_pread(fd, &region, reg->at, &word, sizeof(word));
	close(fd);
	if (ret)
		return ret;
	return reg->bytes == 1 ? byte : word;
}

TEST_F_TIMEOUT(command, accesses_registers, SECONDS)
{
	const struct reg *reg = self->reg;
	char line[32];
	int64_t was;

	snprintf(line, sizeof(line), "%s\n", reg->value);
	ASSERT_RUN(0, "bind", self->path);
	was = register_of(self->path, reg);
	EXPECT_LE(0, was);
	EXPECT_NE(reg->is, was);
	EXPECT_RUN(0, "poke", self->path, "0", reg->offset, reg->value,
		   reg->width);
	EXPECT_STREQ("", self->program.out);
	EXPECT_EQ(reg->is, register_of(self->path, reg));
	EXPECT_RUN(0, "peek", self->path, "0", reg->offset, reg->width);
	EXPECT_STREQ(line, self->program.out);
	EXPECT_RUN(0, "poke", "--json", self->path, "0", reg->offset,
		   reg->value, reg->width);
	EXPECT_JSON();
	EXPECT_RUN(1, "peek", self->path, "0", "0x100000", reg->width);
	EXPECT_ERR("beyond the end");
	EXPECT_RUN(1, "peek", self->path, "1", reg->offset, reg->width);
	EXPECT_ERR("no such region");
	EXPECT_RUN(1, "peek", self->path, "nobody", reg->offset, reg->width);
	EXPECT_ERR("no such region");
}

TEST_F_TIMEOUT(command, takes_and_gives_back_for_an_access, SECONDS)
{
	EXPECT_RUN(1, "peek", self->path, "0", self->reg->offset,
		   self->reg->width);
	EXPECT_ERR("a driver of the host's is bound to it");
	EXPECT_RUN(0, "peek", "--detach", self->path, "0", self->reg->offset,
		   self->reg->width);
	EXPECT_TRUE(sysfs_wait_driver(&self->dev, self->driver));
}

TEST_F_TIMEOUT(command, tries_an_interrupt, SECONDS)
{
	ASSERT_RUN(0, "bind", self->path);
	EXPECT_RUN(0, "irq-test", self->path, "0");
	EXPECT_OUT("level interrupt");
	EXPECT_OUT("fired 1, received 1,");
	EXPECT_RUN(0, "irq-test", "--count", "20", "--json", self->path, "0");
	EXPECT_JSON();
	EXPECT_OUT("\"fired\": 20");
	EXPECT_OUT("\"received\": 20");
	EXPECT_RUN(1, "irq-test", self->path, "7");
	EXPECT_ERR("no such interrupt");
}

/* Nobody has reviewed it, and no driver knows it. */
TEST_F_TIMEOUT(command, tries_an_interrupt_of_an_unknown_device, SECONDS)
{
	EXPECT_RUN(1, "irq-test", board_extra("names@90000"), "0");
	EXPECT_ERR("declare a dma_class");
	EXPECT_RUN(0, "irq-test", "--no-dma", board_extra("names@90000"), "0");
	EXPECT_OUT("interrupt done: fired 1, received 1,");
}

/* Failing */

TEST_F_TIMEOUT(command, exit_codes, SECONDS)
{
	EXPECT_RUN(0, "--help");
	EXPECT_RUN(0, "list", "--help");
	EXPECT_RUN(0, "--version");
	EXPECT_RUN(2);
	EXPECT_RUN(2, "frobnicate");
	EXPECT_RUN(2, "list", "--frobnicate");
	EXPECT_RUN(2, "show");
	EXPECT_RUN(2, "show", self->path, self->path);
	EXPECT_RUN(2, "bind");
	EXPECT_RUN(2, "peek", self->path, "0", "x");
	EXPECT_RUN(2, "irq-test", self->path, "x");
	EXPECT_RUN(1, "show", "/nowhere");
	EXPECT_ERR("/nowhere: the tree has no such node");
	EXPECT_RUN(1, "list", "/nowhere");
	EXPECT_RUN(1, "bind", "/nowhere");
	EXPECT_RUN(1, "peek", "/nowhere", "0", "0");
	EXPECT_ERR("the device tree has no node with this path");
	EXPECT_RUN(1, "peek", board_get()->irqchip, "0", "0");
	EXPECT_ERR("refused: it is");
	EXPECT_RUN(1, "list", "--dtb", "/nowhere");
}

TEST_F_TIMEOUT(command, for_nobody, SECONDS)
{
	struct entry entry;

	EXPECT_RUN_AS(0, who_nobody, "list", self->path);
	ASSERT_TRUE(listed_find(self->program.out, self->path, &entry));
	EXPECT_STREQ(self->driver, entry.holder);
	/* He may not ask the driver. */
	EXPECT_RUN_AS(0, who_nobody, "show", self->path);
	EXPECT_OUT("judged_by: command\n");
	EXPECT_RUN_AS(0, who_nobody, "dtb", self->path);
	EXPECT_RUN_AS(1, who_nobody, "bind", self->path);
	EXPECT_ERR("only root may do that");
	EXPECT_RUN_AS(1, who_nobody, "unbind", self->path);
	EXPECT_TRUE(sysfs_bound_to(&self->dev, self->driver));
	EXPECT_RUN_AS(1, who_nobody, "peek", self->path, "0",
		      self->reg->offset, self->reg->width);
	EXPECT_ERR("belongs to root");
}

/* Root of a container, who would get it back from the file that he runs */
static int become_container(void)
{
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN))
		return -errno;
	return who_without_sys_admin();
}

/* He has the device file, and what was prepared for him. */
TEST_F_TIMEOUT(command, without_sys_admin, SECONDS)
{
	const struct reg *reg = self->reg;

	EXPECT_RUN_AS(1, become_container, "peek", "--detach",
		      self->path, "0", reg->offset, reg->width);
	EXPECT_ERR("CONFINED_DMA and SHARE_REGS need CAP_SYS_ADMIN");
	EXPECT_RUN_AS(0, become_container, "show", self->path);
	EXPECT_OUT("judged_by: driver\n");
	EXPECT_OUT("refusal: not bound to socassign, and no CAP_SYS_ADMIN\n");
	ASSERT_RUN(0, "bind", self->path);
	EXPECT_RUN_AS(1, become_container, "peek", self->path, "0",
		      reg->offset, reg->width);
	EXPECT_ERR("no dma_class declared");
	ASSERT_RUN(0, "bind", "--dma-class", "none", self->path);
	EXPECT_RUN_AS(0, become_container, "show", self->path);
	EXPECT_OUT("assignable: yes\n");
	EXPECT_RUN_AS(0, become_container, "peek", self->path, "0",
		      reg->offset, reg->width);
}

int main(int argc, char **argv)
{
	board_require();
	if (access(COMMAND, X_OK))
		board_skip("no " COMMAND);
	return test_harness_run(argc, argv);
}
