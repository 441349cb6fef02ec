// SPDX-License-Identifier: GPL-2.0
/*
 * Who may claim what: capabilities, what the administrator prepared, what is
 * forbidden to everybody, what has an owner.  Each refusal is in the kernel
 * log, in one line with the node and the rule.  See dma_unsafe.c for bus masters.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "lib/bench.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/kmsg.h"
#include "lib/overlay.h"
#include "lib/passfd.h"
#include "lib/refusal.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"
#include "lib/who.h"

#define SUBTREE		SOCASSIGN_SUBTREE
#define DETACH		SOCASSIGN_DETACH
#define NO_DMA		SOCASSIGN_NO_DMA
#define UNSAFE_DMA	SOCASSIGN_UNSAFE_DMA

/* Who may: callers */

/* An INSTANTIATE on a descriptor that root has opened. */
struct attempt {
	int dev;
	const char *paths;
	size_t len;
	__u32 flags;
};

static int instantiate(void *arg)
{
	const struct attempt *attempt = arg;
	int ret = soc_instantiate(attempt->dev, attempt->paths, attempt->len,
				  attempt->flags);

	return ret < 0 ? ret : 0;
}

FIXTURE(caller)
{
	int dev;
	int log;
	char path[256];		/* it has a device that nothing drives */
	struct sysfs_device sysfs;
};

FIXTURE_VARIANT(caller)
{
	who_becomes become;
};

FIXTURE_VARIANT_ADD(caller, without_sys_admin) { .become = who_without_sys_admin };
FIXTURE_VARIANT_ADD(caller, nobody) { .become = who_nobody };
FIXTURE_VARIANT_ADD(caller, nobody_in_user_ns) { .become = who_nobody_in_user_ns };
FIXTURE_VARIANT_ADD(caller, root_in_user_ns) { .become = who_root_in_user_ns };

FIXTURE_SETUP(caller)
{
	self->dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
	self->log = kmsg_open();
	strcpy(self->path, board_extra("names@90000"));
	ASSERT_EQ(0, sysfs_find(self->path, &self->sysfs));
}

FIXTURE_TEARDOWN(caller)
{
	if (!sysfs_bound_to(&self->sysfs, ""))
		EXPECT_EQ(0, sysfs_move(&self->sysfs, ""));
	close(self->log);
	close(self->dev);
}

static int attempt(FIXTURE_DATA(caller) *self,
		   const FIXTURE_VARIANT(caller) *variant, const char *path,
		   __u32 flags)
{
	struct attempt attempt = {
		.dev = self->dev, .paths = path, .len = strlen(path) + 1,
		.flags = flags,
	};

	return who_does(variant->become, instantiate, &attempt);
}

/* The first attempt of a test tells whether the machine has user namespaces. */
#define SKIP_IF_CANNOT(_ret)						\
	do {								\
		if ((_ret) == WHO_CANNOT)				\
			SKIP(return, "the kernel does not let us be that"); \
	} while (0)

/* The log is limited: the first somebody's attempts are looked up there, too. */
static void check_told(struct __test_metadata *_metadata,
		       FIXTURE_DATA(caller) *self,
		       const FIXTURE_VARIANT(caller) *variant, const char *path,
		       const char *rule)
{
	EXPECT_TRUE(was_told(path, rule))
		TH_LOG("%s: \"%s\", not \"%s\"", path, soc_reason(), rule);
	if (variant->become == who_without_sys_admin)
		EXPECT_EQ(1, kmsg_count_said(self->log, soc_reason()));
}

TEST_F(caller, gets_no_node_that_is_not_bound)
{
	int ret = attempt(self, variant, self->path, 0);

	SKIP_IF_CANNOT(ret);
	EXPECT_EQ(-EPERM, ret);
	check_told(_metadata, self, variant, self->path, "CAP_SYS_ADMIN");
	/* disabled; the host's; the same with DMA class "none" by table */
	EXPECT_EQ(-EPERM, attempt(self, variant, board_extra("lone@97000"), 0));
	EXPECT_EQ(-EPERM, attempt(self, variant, board_get()->device, 0));
	/* Root does; then the device is on its way back. */
	EXPECT_EQ(0, soc_try_claim(self->path, NO_DMA));
	EXPECT_TRUE(sysfs_wait_driver(&self->sysfs, ""));
}

TEST_F(caller, gets_no_node_of_undeclared_class)
{
	int ret;

	ASSERT_EQ(0, sysfs_move(&self->sysfs, "socassign"));
	ret = attempt(self, variant, self->path, 0);
	SKIP_IF_CANNOT(ret);
	EXPECT_EQ(-EPERM, ret);
	check_told(_metadata, self, variant, self->path, "dma_class");
}

TEST_F(caller, gets_what_is_bound_and_declared)
{
	int ret;

	ASSERT_EQ(0, sysfs_move(&self->sysfs, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->sysfs, "dma_class", "none"));
	ret = attempt(self, variant, self->path, 0);
	SKIP_IF_CANNOT(ret);
	EXPECT_EQ(0, ret);
	/* Until the administrator withdraws it, or unbinds the device. */
	ASSERT_EQ(0, sysfs_attr_write(&self->sysfs, "dma_class", "auto"));
	EXPECT_EQ(-EPERM, attempt(self, variant, self->path, 0));
	ASSERT_EQ(0, sysfs_attr_write(&self->sysfs, "dma_class", "none"));
	ASSERT_EQ(0, sysfs_move(&self->sysfs, ""));
	ASSERT_EQ(0, sysfs_move(&self->sysfs, "socassign"));
	EXPECT_EQ(-EPERM, attempt(self, variant, self->path, 0));
}

/* Of two nodes one is not handed out: neither is claimed. */
TEST_F(caller, gets_all_or_nothing)
{
	char list[512];
	size_t first = strlen(self->path) + 1;
	struct attempt both = { .dev = self->dev, .paths = list };
	int ret;

	strcpy(list, self->path);
	strcpy(list + first, board_extra("lone@97000"));
	both.len = first + strlen(list + first) + 1;
	ASSERT_EQ(0, sysfs_move(&self->sysfs, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->sysfs, "dma_class", "none"));
	ret = who_does(variant->become, instantiate, &both);
	SKIP_IF_CANNOT(ret);
	EXPECT_EQ(-EPERM, ret);
	EXPECT_EQ(0, attempt(self, variant, self->path, 0));
}

TEST_F(caller, cannot_detach)
{
	int ret = attempt(self, variant, board_get()->device, DETACH);
	struct sysfs_device dev;

	SKIP_IF_CANNOT(ret);
	EXPECT_EQ(-EPERM, ret);
	check_told(_metadata, self, variant, board_get()->device,
		   "CAP_SYS_ADMIN");
	ASSERT_EQ(0, sysfs_find(board_get()->device, &dev));
	EXPECT_TRUE(sysfs_bound_to(&dev, board_get()->driver));
}

TEST_F(caller, cannot_vouch_for_dma)
{
	int ret;

	ASSERT_EQ(0, sysfs_move(&self->sysfs, "socassign"));
	ASSERT_EQ(0, sysfs_attr_write(&self->sysfs, "dma_class", "none"));
	ret = attempt(self, variant, self->path, NO_DMA);
	SKIP_IF_CANNOT(ret);
	EXPECT_EQ(-EPERM, ret);
	check_told(_metadata, self, variant, self->path, "CAP_SYS_ADMIN");
	EXPECT_EQ(-EPERM, attempt(self, variant, self->path, UNSAFE_DMA));
}

TEST_F(caller, learns_no_more_than_the_rule)
{
	const char *path = board_get()->irqchip;
	int ret = attempt(self, variant, path, 0);

	SKIP_IF_CANNOT(ret);
	/* Forbidden to everybody comes before forbidden to him. */
	EXPECT_EQ(-EACCES, ret);
	EXPECT_EQ(-EINVAL, attempt(self, variant, "", 0));
	EXPECT_EQ(-ENOENT, attempt(self, variant, "/no/such/node", 0));
}

static int open_device(void *arg)
{
	int fd = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}

TEST(device_file_is_for_root)
{
	struct stat st;

	ASSERT_EQ(0, stat(SOC_DEVICE, &st));
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(-EACCES, who_does(who_nobody, open_device, NULL));
}

/*
 * A descriptor passed to somebody works for him: the claim is what counts.  Uses
 * all of it; the number of the step that failed, or 0.
 */
static int use_claim(void *arg)
{
	int fd = receive_fd(*(int *)arg), event = eventfd(0, EFD_CLOEXEC);
	struct socassign_info info = {};
	struct socassign_region region = {};
	struct socassign_irq irq = {};
	volatile void *regs;

	if (soc_info(fd, &info) || soc_region(fd, 0, &region) ||
	    soc_irq(fd, 0, &irq))
		return 1;
	regs = soc_map(fd, &region);
	if (!regs || soc_prefault(fd, (void *)regs, sysconf(_SC_PAGESIZE)))
		return 2;
	if (soc_set_trigger(fd, 0, event) ||
	    soc_set_irq(fd, 0, SOCASSIGN_SET_FIRE) || soc_wait(event, LONG_MS) != 1)
		return 3;
	return 0;
}

static void check_passed_fd(struct __test_metadata *_metadata,
			    who_becomes become)
{
	int fd = soc_claim(board_extra("names@90000"), NO_DMA);
	int sock[2], ret;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	EXPECT_EQ(0, send_fd(sock[0], fd));
	close(fd);
	ret = who_does(become, use_claim, &sock[1]);
	if (ret != WHO_CANNOT)
		EXPECT_EQ(0, ret);
	close(sock[0]);
	close(sock[1]);
	/* With the receiver, the last descriptor has gone. */
	EXPECT_EQ(0, soc_try_claim(board_extra("names@90000"), NO_DMA));
}

TEST(passed_descriptor_to_nobody)
{
	check_passed_fd(_metadata, who_nobody);
}

TEST(passed_descriptor_into_user_ns)
{
	check_passed_fd(_metadata, who_nobody_in_user_ns);
}

/* What nobody gets: EACCES, and the rule in the log */
FIXTURE(forbidden)
{
	const char *path;
};

FIXTURE_VARIANT(forbidden)
{
	const char *power, *arm64;	/* whole paths, or */
	const char *extra;		/* an extra node */
	__u32 flags;
	const char *rule;
};

#define FORBIDDEN(_name, _rule, ...)					\
	FIXTURE_VARIANT_ADD(forbidden, _name) {				\
		.rule = _rule, .flags = NO_DMA, __VA_ARGS__		\
	}

FORBIDDEN(root, "root of the tree", .power = "/", .arm64 = "/");
FORBIDDEN(memory, "memory", .power = "/memory",
	  .arm64 = "/memory@40000000");
FORBIDDEN(cpu, "CPU", .power = "/cpus/PowerPC,8544@0",
	  .arm64 = "/cpus/cpu@0");
FORBIDDEN(all_cpus, "CPU", .power = "/cpus", .arm64 = "/cpus",
	  .flags = NO_DMA | SUBTREE);
FORBIDDEN(interrupt_controller, "refused",
	  .power = "/soc@fe0000000/pic@40000", .arm64 = "/intc@8000000");
FORBIDDEN(msi_controller, "refused", .power = "/soc@fe0000000/msi@f6000",
	  .arm64 = "/intc@8000000/its@8080000");
FORBIDDEN(system_block, "system", .power = "/soc@fe0000000/global-utilities@e0000",
	  .arm64 = "/psci");
FORBIDDEN(guts, "system", .extra = "guts@d6000");
FORBIDDEN(part_of_guts, "system", .extra = "guts@d6000/part@d7000");
FORBIDDEN(behind_pci, "PCI", .power = "/pci@fe0009000/device@1,0",
	  .arm64 = "/pcie@4100000000/device@1,0");
FORBIDDEN(timer, "timer", .extra = "timer@dd000", .arm64 = "/timer");
FORBIDDEN(iommu, "IOMMU", .extra = "iommu@d4000");
FORBIDDEN(bus, "bus", .extra = "bus@a0000");
FORBIDDEN(bus_of_the_soc, "bus", .power = "/soc@fe0000000",
	  .arm64 = "/extra@b000000");
FORBIDDEN(what_comes_along, "system", .extra = "container@db000",
	  .flags = NO_DMA | SUBTREE);

FIXTURE_SETUP(forbidden)
{
	bool power = !strcmp(board_get()->name, "ppce500");

	self->path = power ? variant->power : variant->arm64;
	if (!self->path)
		self->path = board_extra(variant->extra);
}

FIXTURE_TEARDOWN(forbidden)
{
}

TEST_F(forbidden, to_root)
{
	check_refusal(_metadata, -EACCES, self->path, variant->flags,
		      variant->rule);
}

TEST_F(forbidden, with_detach)
{
	EXPECT_EQ(-EACCES, soc_try_claim(self->path, variant->flags | DETACH));
}

/* Who has it: EBUSY */

TEST(host_driver_without_detach)
{
	const char *path = board_get()->device;
	struct sysfs_device dev;

	check_refusal(_metadata, -EBUSY, path, 0, "driver");
	ASSERT_EQ(0, sysfs_find(path, &dev));
	EXPECT_TRUE(sysfs_bound_to(&dev, board_get()->driver));
}

/* The driver has suppress_bind_attrs. */
TEST(host_driver_that_cannot_be_unbound)
{
	if (!testmod_has("device_remove"))
		SKIP(return, "the module socassign_test is not loaded");
	check_refusal(_metadata, -EBUSY, bench()->stuck, DETACH | NO_DMA,
		      "driver");
}

/* A device of the host's depends on both; the second's cell is its child. */
TEST(supplier_of_the_host)
{
	const char *user = board_extra("user@f5000");

	if (!testmod_has("device_remove"))
		SKIP(return, "the module socassign_test is not loaded");
	check_refusal(_metadata, -EBUSY, board_extra("hwlock@d8000"), NO_DMA,
		      user);
	check_refusal(_metadata, -EBUSY, board_extra("efuse@d9000"), NO_DMA,
		      user);
}

FIXTURE(owned)
{
	int fd;
};

FIXTURE_VARIANT(owned)
{
	const char *first, *second;
	__u32 first_flags, second_flags;
};

#define OWNED(_name, _first, _first_flags, _second, _second_flags)	\
	FIXTURE_VARIANT_ADD(owned, _name) {				\
		.first = _first, .first_flags = NO_DMA | (_first_flags),	\
		.second = _second, .second_flags = NO_DMA | (_second_flags), \
	}

OWNED(same_node, "lone@97000", 0, "lone@97000", 0);
OWNED(child_of_it, "nest@c0000", 0, "nest@c0000/part@1000", 0);
OWNED(child_of_its_subtree, "nest@c0000", SUBTREE, "nest@c0000/part@1000", 0);
OWNED(parent_of_it, "nest@c0000/part@1000", 0, "nest@c0000", 0);
OWNED(parent_of_it_with_all, "nest@c0000/part@1000", 0, "nest@c0000", SUBTREE);
#define DEEP "bus@a0000/inner@2000/deep@900"
OWNED(far_descendant, "bus@a0000", SUBTREE, DEEP, 0);
OWNED(far_ancestor, DEEP, 0, "bus@a0000", SUBTREE);

FIXTURE_SETUP(owned)
{
	self->fd = soc_claim(board_extra(variant->first),
			     variant->first_flags);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(owned)
{
	close(self->fd);
}

TEST_F(owned, by_another_claim)
{
	const char *path = board_extra(variant->second);
	struct socassign_info info = {};

	check_refusal(_metadata, -EBUSY, path, variant->second_flags, "owner");
	/* The owner does not notice; when he goes, the node is free. */
	EXPECT_EQ(0, soc_info(self->fd, &info));
	close(self->fd);
	self->fd = soc_claim(path, variant->second_flags);
	EXPECT_LE(0, self->fd);
}

/* Siblings have nothing to do with each other. */
TEST(sibling_of_an_owned_node)
{
	int one = soc_claim(board_extra("nest@c0000/part@1000"), NO_DMA);
	int two = soc_claim(board_extra("nest@c0000/full@0"), NO_DMA);
	int three = soc_claim(board_extra("twin@96000"), NO_DMA);
	int four = soc_claim(board_extra("twin@96100"), NO_DMA);

	EXPECT_LE(0, one);
	EXPECT_LE(0, two);
	EXPECT_LE(0, three);
	EXPECT_LE(0, four);
	close(one);
	close(two);
	close(three);
	close(four);
}

/* DMA classes */

TEST(class_of_an_unknown_device)
{
	check_refusal(_metadata, -EPERM, board_extra("lone@97000"), 0, "DMA");
}

TEST(class_of_a_reviewed_device)
{
	struct socassign_info info = {};
	struct sysfs_device dev;
	int fd = soc_claim(board_get()->device, DETACH);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_NONE, info.out_dma_class);
	close(fd);
	ASSERT_EQ(0, sysfs_find(board_get()->device, &dev));
	EXPECT_TRUE(sysfs_wait_driver(&dev, board_get()->driver));
}

TEST(no_dma_of_a_node_with_liodn)
{
	check_refusal(_metadata, -EINVAL, board_extra("master@d0000"), NO_DMA,
		      "fsl,liodn");
}

/* The LIODN is further down, at a node without registers. */
TEST(no_dma_of_a_subtree_with_liodn)
{
	EXPECT_EQ(-EINVAL, soc_try_claim(board_extra("portal@d3000"),
					 NO_DMA | SUBTREE));
	/* Without it the part does its DMA all the same. */
	EXPECT_EQ(-EINVAL, soc_try_claim(board_extra("portal@d3000"), NO_DMA));
}

/* The LIODN is further up. */
TEST(no_dma_of_a_part_of_a_node_with_liodn)
{
	EXPECT_EQ(-EINVAL, soc_try_claim(board_extra("dma@e1000/channel@e2000"),
					 NO_DMA));
}

TEST(node_with_liodn_and_no_flag)
{
	check_refusal(_metadata, -EPERM, board_extra("master@d0000"), 0,
		      "UNSAFE_DMA");
}

TEST(node_behind_an_iommu)
{
	check_refusal(_metadata, -EOPNOTSUPP, board_extra("behind-iommu@d5000"),
		      0, "IOMMU");
}

/* A name that would rename the window of whoever reads it, and ring a bell. */
#define HOSTILE		"evil\x1b]0;mine\x07\xc3\xa9@f8000"
#define ESCAPED		"/evil\\x1b]0;mine\\x07\\xc3\\xa9@f8000: refused: it is a bus"

TEST(reason_is_fit_for_a_terminal)
{
	static struct fdt fdt;
	char path[256];

	if (!overlay_possible())
		SKIP(return, "the kernel has no overlays, or not our test module");
	overlay_begin(&fdt, board_get()->bus);
	fdt_begin_node(&fdt, HOSTILE);
	fdt_string(&fdt, "compatible", "simple-bus");
	fdt_end_node(&fdt);
	ASSERT_EQ(0, overlay_apply(&fdt));
	snprintf(path, sizeof(path), "%s/%s", board_get()->bus, HOSTILE);
	EXPECT_EQ(-EACCES, soc_try_claim(path, 0));
	EXPECT_TRUE(was_told(board_get()->bus, ESCAPED))
		TH_LOG("%s", soc_reason());
	EXPECT_EQ(0, overlay_remove());
}

/* What the administrator reads and writes. */
FIXTURE(attributes)
{
	struct sysfs_device dev;
	char value[64];
};

FIXTURE_SETUP(attributes)
{
	ASSERT_EQ(0, sysfs_find(board_extra("names@90000"), &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
}

FIXTURE_TEARDOWN(attributes)
{
	EXPECT_EQ(0, sysfs_move(&self->dev, ""));
}

#define EXPECT_ATTR(_attr, _value) do {					\
	ASSERT_EQ(0, sysfs_attr_read(&self->dev, _attr, self->value,	\
				     sizeof(self->value)));		\
	EXPECT_STREQ(_value, self->value);				\
} while (0)

TEST_F(attributes, dma_class)
{
	EXPECT_ATTR("dma_class", "unsafe");
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	EXPECT_ATTR("dma_class", "none (declared)");
	/* Root needs no NO_DMA then. */
	EXPECT_EQ(0, soc_try_claim(board_extra("names@90000"), 0));
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "dma_class", "some"));
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "dma_class", "unsafe"));
	EXPECT_ATTR("dma_class", "none (declared)");
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "auto"));
	EXPECT_ATTR("dma_class", "unsafe");
	EXPECT_EQ(-EPERM, soc_try_claim(board_extra("names@90000"), 0));
}

/* A word for what is above a bus master, which has an IOMMU of its own */
FIXTURE(wrapper)
{
	const char *path;
	struct sysfs_device dev;
	int granted;		/* what a claim of both is, as for the core */
};

FIXTURE_SETUP(wrapper)
{
	self->path = board_extra("wrapper@eb000");
	self->granted = strcmp(board_get()->name, "virt") ? -EOPNOTSUPP : 0;
	ASSERT_EQ(0, sysfs_find(self->path, &self->dev));
	ASSERT_EQ(0, sysfs_move(&self->dev, "socassign"));
}

FIXTURE_TEARDOWN(wrapper)
{
	EXPECT_EQ(0, sysfs_move(&self->dev, ""));
}

TEST_F(wrapper, is_no_master_by_its_part)
{
	check_refusal(_metadata, -EPERM, self->path, SUBTREE, "UNSAFE_DMA");
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	EXPECT_EQ(self->granted, soc_try_claim(self->path, SUBTREE))
		TH_LOG("%s", soc_reason());
}

TEST_F(wrapper, has_its_part_with_its_windows)
{
	struct socassign_info info = {};
	int fd;

	if (self->granted)
		SKIP(return, "the board has no IOMMU for it");
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	fd = soc_claim(self->path, SUBTREE);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_info(fd, &info));
	EXPECT_EQ(SOCASSIGN_DMA_PROTECTED, info.out_dma_class);
	EXPECT_EQ(1, info.out_num_dmas);
	close(fd);
}

/* Its registers may be those of the part, too. */
TEST_F(wrapper, needs_its_part)
{
	ASSERT_EQ(0, sysfs_attr_write(&self->dev, "dma_class", "none"));
	check_refusal(_metadata, -EINVAL, self->path, 0, "core@ed000");
}

/* NO_DMA speaks for all of a claim. */
TEST_F(wrapper, takes_no_flag_for_its_part)
{
	check_refusal(_metadata, -EINVAL, self->path, NO_DMA | SUBTREE,
		      "bus master");
	check_refusal(_metadata, -EINVAL, self->path, NO_DMA, "core@ed000");
}

TEST_F(attributes, claimed)
{
	int fd;

	EXPECT_ATTR("claimed", "0");
	fd = soc_claim(board_extra("names@90000"), NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_ATTR("claimed", "1");
	close(fd);
	EXPECT_ATTR("claimed", "0");
	/* NO_DMA speaks for a claim, not for the device. */
	EXPECT_ATTR("dma_class", "unsafe");
}

static void expect_request(struct __test_metadata *_metadata, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	struct socassign_get_event event = {};
	struct socassign_info info = {};

	EXPECT_EQ(1, poll(&poll_fd, 1, 0));
	EXPECT_EQ(POLLIN, poll_fd.revents);
	ASSERT_EQ(0, soc_get_event(fd, &event));
	EXPECT_EQ(SOCASSIGN_EVENT_REMOVE_REQUESTED, event.out_type);
	EXPECT_EQ(0, event.out_index);
	EXPECT_EQ(-EAGAIN, soc_get_event(fd, &event));
	/* It is only a request. */
	EXPECT_EQ(0, soc_info(fd, &info));
}

TEST_F(attributes, remove_request)
{
	struct socassign_get_event event = {};
	int fd;

	EXPECT_ATTR("remove_request", "0");
	EXPECT_EQ(-ENODEV, sysfs_attr_write(&self->dev, "remove_request", "1"));
	fd = soc_claim(board_extra("names@90000"), NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "remove_request", "0"));
	EXPECT_ATTR("remove_request", "0");
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, sysfs_attr_write(&self->dev, "remove_request", "1"));
		EXPECT_ATTR("remove_request", "1");
		expect_request(_metadata, fd);
	}
	EXPECT_ATTR("remove_request", "1");
	close(fd);
	EXPECT_ATTR("remove_request", "0");
	/* It was another owner who was asked. */
	fd = soc_claim(board_extra("names@90000"), NO_DMA);
	ASSERT_LE(0, fd);
	EXPECT_ATTR("remove_request", "0");
	EXPECT_EQ(-EAGAIN, soc_get_event(fd, &event));
	close(fd);
}

static int ask_for(void *arg)
{
	return sysfs_attr_write(arg, "remove_request", "1");
}

TEST_F(attributes, remove_request_of_others)
{
	struct socassign_get_event event = {};
	int fd = soc_claim(board_extra("names@90000"), NO_DMA);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EACCES, who_does(who_nobody, ask_for, &self->dev));
	EXPECT_EQ(-EPERM, who_does(who_without_sys_admin, ask_for, &self->dev));
	EXPECT_ATTR("remove_request", "0");
	EXPECT_EQ(-EAGAIN, soc_get_event(fd, &event));
	close(fd);
}

TEST_F(attributes, quarantine)
{
	EXPECT_ATTR("quarantine", "0");
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "quarantine", "1"));
	EXPECT_EQ(-EINVAL, sysfs_attr_write(&self->dev, "quarantine", "x"));
	EXPECT_EQ(0, sysfs_attr_write(&self->dev, "quarantine", "0"));
	EXPECT_ATTR("quarantine", "0");
}

/* Nobody but root may write them. */
static int declare(void *arg)
{
	return sysfs_attr_write(arg, "dma_class", "none");
}

TEST_F(attributes, are_for_root)
{
	EXPECT_EQ(-EACCES, who_does(who_nobody, declare, &self->dev));
	EXPECT_ATTR("dma_class", "unsafe");
}

/* Its interrupt goes through a GPIO controller: that cannot be taken away. */
TEST(supplier_of_another_claim)
{
	const char *gpio = board_get()->second;
	int event = eventfd(0, EFD_CLOEXEC);
	struct socassign_info info = {};
	struct sysfs_device dev;
	int fd;

	if (strcmp(gpio, board_get()->gpio))
		SKIP(return, "the host's GPIO driver cannot let go on this board");
	ASSERT_EQ(0, sysfs_find(gpio, &dev));
	fd = soc_claim(board_extra("cascade@95000"), NO_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, soc_set_trigger(fd, 0, event));
	check_refusal(_metadata, -EBUSY, gpio, DETACH, "depends");
	EXPECT_EQ(0, soc_info(fd, &info));
	close(fd);
	EXPECT_EQ(0, soc_try_claim(gpio, DETACH));
	EXPECT_TRUE(sysfs_wait_driver(&dev, "pl061_gpio"));
	close(event);
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
