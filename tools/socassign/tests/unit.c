// SPDX-License-Identifier: GPL-2.0
/*
 * The guest-tree builder, rule by rule, on two small boards
 *
 *	unit directory-with-the-compiled-trees
 */
#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/socassign.h>

#include "../libsocassign-tree.h"
#include "../tree_internal.h"
#include "read_file.h"
#include "tap.h"

#define MAX_NODES	8
#define UNKNOWN		0xdeadbeef	/* any cell but 0 */

static const char *dir;
static const char *base_name = "base";

struct blob {
	void *fdt;
	size_t size;
};

/* What a test has built */
static struct blob guest;
static struct soca_tree_report report;

static struct blob load(const char *name)
{
	struct blob blob;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.dtb", dir, name);
	blob.fdt = read_file(path, &blob.size);
	return blob;
}

static void clear(void)
{
	free(guest.fdt);
	guest = (struct blob) {};
	soca_tree_report_free(&report);
}

/* A path that starts with "+" is claimed with its subtree. */
static int build_with(const char *host_name, const char *const *paths,
		      struct soca_tree_guest *want)
{
	struct blob host = load(host_name), base = load(base_name);
	struct soca_tree_node nodes[MAX_NODES];
	struct soca_tree *tree;
	size_t num = 0;
	int ret;

	for (; paths[num]; num++)
		nodes[num] = (struct soca_tree_node) {
			paths[num] + (*paths[num] == '+'), *paths[num] == '+'
		};
	clear();
	want->base = base.fdt;
	want->base_size = base.size;
	ret = soca_tree_open(host.fdt, host.size, &tree);
	if (!ret)
		ret = soca_tree_build(tree, nodes, num, want, &guest.fdt,
				      &guest.size, &report);
	if (!ret && fdt_check_full(guest.fdt, guest.size))
		ret = -EUCLEAN;
	soca_tree_close(tree);
	free(host.fdt);
	free(base.fdt);
	return ret;
}

/* Each line of the host's becomes this one of the guest's. */
static int map_irq(void *data, const struct soca_tree_irq *irq, uint32_t *cells,
		   uint32_t num)
{
	cells[0] = irq->origin;
	cells[1] = irq->cells[irq->num_cells == 3 ? 1 : 0];
	cells[2] = irq->entry;
	return cells[1] == 101 ? -ENXIO : 0;
}

#define build(_host, ...)						\
	build_with(_host, (const char *const []) { __VA_ARGS__, NULL },	\
		   &(struct soca_tree_guest) { .irq = map_irq })

static const void *prop(const char *path, const char *name, int *len)
{
	int node = guest.fdt ? fdt_path_offset(guest.fdt, path) : -1;

	*len = -1;
	return node < 0 ? NULL : fdt_getprop(guest.fdt, node, name, len);
}

static bool cells_are(const char *path, const char *name, int num,
		      const uint32_t *want)
{
	const fdt32_t *have;
	int len;
	bool same;

	have = prop(path, name, &len);
	same = have && len == num * 4;
	for (int i = 0; same && i < num; i++)
		same = want[i] == UNKNOWN ? fdt32_ld(have + i) != 0 :
					    fdt32_ld(have + i) == want[i];
	for (int i = 0; have && !same && i < len / 4; i++)
		printf("# %s[%d] = 0x%x\n", name, i, fdt32_ld(have + i));
	return same;
}

#define CELLS(_path, _name, ...)					\
	tap_ok(cells_are(_path, _name,					\
			 sizeof((uint32_t []) { __VA_ARGS__ }) / 4,	\
			 (uint32_t []) { __VA_ARGS__ }),		\
	       "%s %s = <%s>", _path, _name, #__VA_ARGS__)

static void string(const char *path, const char *name, const char *want)
{
	int len;
	const char *have = prop(path, name, &len);

	tap_ok(have && len == (int)strlen(want) + 1 && !strcmp(have, want),
	       "%s %s = \"%s\"", path, name, want);
}

static void empty(const char *path, const char *name)
{
	int len;

	tap_ok(prop(path, name, &len) && !len, "%s %s is empty", path, name);
}

static void no_prop(const char *path, const char *name)
{
	int node = fdt_path_offset(guest.fdt, path), len;

	tap_ok(node >= 0 && !fdt_getprop(guest.fdt, node, name, &len),
	       "%s has no %s", path, name);
}

static void has_node(const char *path)
{
	tap_ok(fdt_path_offset(guest.fdt, path) >= 0, "%s is there", path);
}

static void no_node(const char *path)
{
	tap_ok(fdt_path_offset(guest.fdt, path) == -FDT_ERR_NOTFOUND,
	       "%s is not there", path);
}

static uint32_t phandle_of(const char *path)
{
	int node = fdt_path_offset(guest.fdt, path);

	return node < 0 ? 0 : fdt_get_phandle(guest.fdt, node);
}

/* The guest's own controller: its phandle gives way to one of the host's. */
#define INTC_PATH	"/vmm-intc@4000010000000"
#define INTC		phandle_of(INTC_PATH)

static void noted(enum soca_tree_action action, const char *path,
		  const char *name, const char *text)
{
	bool found = false;

	for (size_t i = 0; i < report.num; i++)
		found |= report.notes[i].action == action &&
			 !strcmp(report.notes[i].path, path) &&
			 !strcmp(report.notes[i].property, name) &&
			 strstr(report.notes[i].reason, text);
	if (!tap_ok(found, "the report has %s %s: .. %s ..", path, name, text))
		soca_tree_report_print(&report, stdout);
}

static void gives(int ret, int want, const char *what)
{
	tap_ok(ret == want, "%s: %d, as it should (%d)", what, ret, want);
}

/* Places */

#define SOC	"/soc@fe0000000"
#define I2C	SOC "/i2c@3000"

static void test_place(void)
{
	gives(build("power", I2C, SOC "/serial@4600"), 0, "two siblings");
	CELLS(I2C, "reg", 0x3000, 0x100);
	CELLS(SOC, "ranges", 0, 0xf, 0xe0000000, 0x1000000);
	CELLS(SOC, "#address-cells", 1);
	CELLS(SOC, "bus-frequency", 400000000);
	string(SOC, "device_type", "soc");
	tap_ok(!memcmp(prop(SOC, "compatible", &(int){ 0 }),
		       "fsl,test-immr\0simple-bus", 25),
	       "the bus keeps its compatible");
	no_node(SOC "/serial@4500");
	no_node(SOC "/pic@40000");
	has_node(I2C "/rtc@68");
	CELLS(I2C "/rtc@68", "reg", 0x68);
	string(SOC "/serial@4600", "status", "okay");
	noted(SOCA_TREE_REPLACED, SOC "/serial@4600", "status", "disabled");
	CELLS(SOC "/serial@4600", "linux,unknown", 1, 2, 3);
	string("/aliases", "serial1", SOC "/serial@4600");
	string("/aliases", "vmm-console", "/vmm-console@4000020000000");
	no_prop("/aliases", "serial0");
	string("/__symbols__", "i2c0", I2C);
	string("/chosen", "bootargs", "quiet");
	tap_ok(fdt_num_mem_rsv(guest.fdt) == 1, "the reserved memory is kept");
}

/* A region that goes somewhere else */
struct move {
	const char *path;
	uint32_t kind;
	uint32_t entry;
	uint64_t address;
};

static int move_region(void *data, const struct soca_tree_region *region,
		       uint64_t *address)
{
	for (const struct move *move = data; move->path; move++)
		if (!strcmp(move->path, region->path) &&
		    move->kind == region->kind &&
		    move->entry == region->entry) {
			if (move->address == UNKNOWN)
				return -ENOSPC;
			*address = move->address;
		}
	return 0;
}

#define build_moved(_host, _moves, ...)					\
	build_with(_host, (const char *const []) { __VA_ARGS__, NULL },	\
		   &(struct soca_tree_guest) {				\
			.irq = map_irq, .region = move_region,		\
			.data = (struct move [])_moves })
#define MOVES(...)	{ __VA_ARGS__, {} }

#define DEV	"/bus@20000000/inner@100000/device@1000"

static void test_move(void)
{
	gives(build_moved("power", MOVES({ I2C, 0, 0, 0x10003000 }),
			  I2C, SOC "/serial@4600"), 0, "one of two moves");
	CELLS("/soc@10003000", "ranges",
	      0x3000, 0, 0x10003000, 0x100,
	      0x4600, 0xf, 0xe0004600, 0x100);
	CELLS("/soc@10003000/i2c@3000", "reg", 0x3000, 0x100);
	string("/aliases", "serial1", "/soc@10003000/serial@4600");

	gives(build_moved("arm", MOVES({ "/pl031@9010000", 0, 0, 0x1234000 }),
			  "/pl031@9010000"), 0, "at the root");
	CELLS("/pl031@1234000", "reg", 0, 0x1234000, 0, 0x1000);

	gives(build_moved("arm", MOVES({ DEV, 0, 1, 0x80002000 }), DEV), 0,
	      "one of two of a node");
	CELLS("/bus@20101000", "ranges", 0x101000, 0, 0x20101000, 0x100,
	      0x102000, 0, 0x80002000, 0x100);
	CELLS("/bus@20101000/inner@100000", "ranges", 0, 0x100000, 0x10000);

	gives(build_moved("power", MOVES({ "/pcie@fe200000", 0, 0, 0xfe2000000 },
					 { "/pcie@fe200000", 1, 0, 0x1000000000 }),
			  "+/pcie@fe200000"), 0, "a PCI bridge");
	CELLS("/pcie@fe200000", "reg", 0xf, 0xe2000000, 0, 0x1000);
	CELLS("/pcie@fe200000", "ranges",
	      0x02000000, 0, 0x80000000, 0x10, 0, 0, 0x20000000,
	      0x01000000, 0, 0, 0xf, 0xf8000000, 0, 0x10000);

	gives(build_moved("arm", MOVES({ "/bus@20000000/overlap@51000", 0, 0, 0x70051000 }),
			  "/bus@20000000/overlap@50000",
			  "/bus@20000000/overlap@51000"), -EINVAL,
	      "overlapping, to different places");
	noted(SOCA_TREE_ERROR, "/bus@20000000/overlap@51000", "", "overlaps");
	gives(build_moved("arm", MOVES({ "/bus@20000000/overlap@50000", 0, 0, 0x70050000 },
				       { "/bus@20000000/overlap@51000", 0, 0, 0x70051000 }),
			  "/bus@20000000/overlap@50000",
			  "/bus@20000000/overlap@51000"), 0,
	      "overlapping, together");
	CELLS("/bus@70050000", "ranges", 0x50000, 0, 0x70050000, 0x2000);
	gives(build_moved("arm", MOVES({ "/pl031@9010000", 0, 0, UNKNOWN }),
			  "/pl031@9010000"), -ENOSPC, "no place");
	gives(build_moved("arm", MOVES({ "/pl031@9010000", 0, 0, -0x800ull }),
			  "/pl031@9010000"), -EINVAL, "it wraps around");
}

static int local_bus_test(const char *bus)
{
	return build_with("power", (const char *const []) {
				"+/localbus@fe4000000", I2C, NULL
			  }, &(struct soca_tree_guest) {
				.irq = map_irq, .bus = bus
			  });
}

static void test_bus(void)
{
	gives(local_bus_test("/devices"), 0, "a bus that is made");
	string("/devices", "compatible", "simple-bus");
	empty("/devices", "ranges");
	CELLS("/devices", "#address-cells", 2);
	CELLS("/devices/localbus@fe4000000", "reg", 0xf, 0xe4000000, 0,
	      0x1000);
	CELLS("/devices/localbus@fe4000000", "ranges",
	      0, 0, 0xf, 0xe8000000, 0x8000000, 1, 0, 0xf, 0xf0000000, 0x10000);
	CELLS("/devices/localbus@fe4000000/fpga@1,0", "reg", 1, 0x100, 0x100);
	has_node("/devices" I2C);
	string("/__symbols__", "i2c0", "/devices" I2C);
	gives(local_bus_test("/"), 0, "the root by name");
	has_node(I2C);
	gives(local_bus_test("/not/there"), -EINVAL, "no such bus");
	gives(local_bus_test("/cpus"), -EINVAL, "no bus for the CPU");

	gives(build("power", "/localbus@fe4000000/nor@0,0"), 0,
	      "the child of a device");
	string("/localbus@fe4000000", "compatible", "simple-bus");
	noted(SOCA_TREE_REPLACED, "/localbus@fe4000000", "compatible",
	      "not claimed");
	no_prop("/localbus@fe4000000", "reg");
	no_prop("/localbus@fe4000000", "interrupts");
	gives(build("power", I2C "/rtc@68"), 0, "behind no bus for the CPU");
	has_node(SOC "/i2c-3000/rtc@68");
}

static void test_claim(void)
{
	gives(build("power", "/no/such"), -ENOENT, "no such node");
	gives(build("power", "no-alias"), -ENOENT, "no such alias");
	gives(build("power", "/"), -EINVAL, "the root");
	gives(build("power", I2C, I2C), -EINVAL, "twice");
	gives(build("power", "+" SOC, I2C), -EINVAL, "an ancestor first");
	gives(build("power", I2C, "+" SOC), -EINVAL, "an ancestor last");
	gives(build("power", "serial1"), 0, "an alias");
	has_node(SOC "/serial@4600");
	gives(build("power", "/pcie@fe200000/intc"), -EINVAL, "behind PCI");
	gives(build("power", "ethernet0"), 0, "without the subtree");
	no_node(SOC "/ethernet@b0000/queue-group@b0000");
	noted(SOCA_TREE_DROPPED, SOC "/ethernet@b0000/queue-group@b0000", "",
	      "SUBTREE");
	gives(build("power", "+ethernet0"), 0, "with the subtree");
	CELLS(SOC "/ethernet@b0000/queue-group@b0000", "interrupts",
	      0, 29, 0, 0, 30, 1, 0, 34, 2);
}

static int edit(const char *name)
{
	struct blob dtbo = load(name);
	int ret;

	soca_tree_report_free(&report);
	ret = soca_tree_edit(&guest.fdt, &guest.size, dtbo.fdt, dtbo.size,
			     &report);
	free(dtbo.fdt);
	if (!ret && fdt_check_full(guest.fdt, guest.size))
		ret = -EUCLEAN;
	return ret;
}

/* Paths */

#define POOL	"/reserved-memory/pool@60000000"
#define GPIO	"/pl@0/gpio@40000000"

static void test_partition(void)
{
	const char *const paths[] = { POOL, GPIO, NULL };

	gives(build("paths", POOL, GPIO), 0, "a partition and its device");
	no_prop("/reserved-memory", "compatible");
	CELLS("/reserved-memory", "#address-cells", 2);
	CELLS("/reserved-memory", "#size-cells", 2);
	empty("/reserved-memory", "ranges");
	CELLS(POOL, "reg", 0, 0x60000000, 0, 0x100000);
	empty(POOL, "no-map");
	CELLS(GPIO, "memory-region", phandle_of(POOL));
	no_node("/reserved-memory/other@61000000");

	gives(build_moved("paths", MOVES({ POOL, 0, 0, 0x160000000 }), POOL),
	      0, "it moves");
	CELLS("/reserved-memory/pool@160000000", "reg", 1, 0x60000000, 0,
	      0x100000);
	noted(SOCA_TREE_REPLACED, POOL, "",
	      "is /reserved-memory/pool@160000000");

	gives(build("paths", "/reserved-memory/found"), 0, "it has no address");
	CELLS("/reserved-memory/found", "size", 0, 0x200000);
	CELLS("/reserved-memory/found", "alignment", 0, 0x10000);
	no_prop("/reserved-memory/found", "reg");
	no_prop("/reserved-memory/found", "alloc-ranges");
	noted(SOCA_TREE_DROPPED, "/reserved-memory/found", "alloc-ranges",
	      "the host's");
	noted(SOCA_TREE_DOUBTFUL, "/reserved-memory/found", "size",
	      "the guest takes its own memory");

	base_name = "base-pool";
	gives(build_with("paths", paths, &(struct soca_tree_guest) {
				.irq = map_irq, .bus = "/devices",
			 }), 0, "the guest has one, too");
	base_name = "base";
	has_node("/reserved-memory/vmm@4000000000000");
	CELLS(POOL, "reg", 0, 0x60000000, 0, 0x100000);
	CELLS("/devices" GPIO, "memory-region", phandle_of(POOL));
	no_node("/reserved-memory-2");
}

static void test_paths(void)
{
	gives(build("paths", GPIO), 0, "a bus without registers");
	has_node(GPIO);
	gives(edit("host-path"), 0, "an overlay by the host's path");
	CELLS(GPIO, "gpio-width", 8);
	gives(edit("no-path"), -EINVAL, "an overlay by another path");
	noted(SOCA_TREE_ERROR, "/pl@0/uart@1", "", "no such node");

	gives(build("paths", "/wrapper@50000000/core@50001000"), 0,
	      "the core of a wrapper");
	has_node("/wrapper-50000000/core@50001000");
	noted(SOCA_TREE_REPLACED, "/wrapper@50000000/core@50001000", "",
	      "is /wrapper-50000000/core@50001000");
	noted(SOCA_TREE_REPLACED, "/wrapper@50000000", "compatible",
	      "needs the driver of this one");
	gives(build("power", I2C), 0, "on a bus");
	for (size_t i = 0; i < report.num; i++)
		tap_ok(*report.notes[i].property ||
		       report.notes[i].action != SOCA_TREE_REPLACED,
		       "a path that stays is not told");
}

struct placed {
	int num;
	char path[2][64];
	char guest_path[2][64];
};

static void placed(void *data, const char *path, const char *guest_path)
{
	struct placed *placed = data;
	int num = placed->num++;

	if (num > 1)
		return;
	snprintf(placed->path[num], sizeof(placed->path[num]), "%s", path);
	snprintf(placed->guest_path[num], sizeof(placed->guest_path[num]), "%s",
		 guest_path);
}

/* The caller hears where the nodes are that it asked for, and of no others. */
static void test_placed(void)
{
	struct placed heard = { 0 };

	gives(build_with("paths",
			 (const char *const []) {
				GPIO, "/wrapper@50000000/core@50001000", NULL
			 },
			 &(struct soca_tree_guest) {
				.data = &heard, .placed = placed
			 }), 0, "who wants to know where its nodes are");
	tap_ok(heard.num == 2, "of each node is heard once");
	for (int i = 0; i < 2; i++) {
		bool is_gpio = !strcmp(heard.path[i], GPIO);

		tap_ok(!strcmp(heard.guest_path[i], is_gpio ? GPIO :
			       "/wrapper-50000000/core@50001000"),
		       "the path that it has in the guest is heard");
		has_node(heard.guest_path[i]);
	}
}

/* Interrupts */

static void test_irq(void)
{
	uint32_t expander;

	build("power", I2C, SOC "/gpio@f000");
	CELLS(I2C, "interrupts", 0, 43, 0);
	CELLS(I2C, "interrupt-parent", INTC);
	expander = phandle_of(I2C "/gpio@20");
	CELLS(I2C "/touch@41", "interrupts", 5, 2);
	CELLS(I2C "/touch@41", "interrupt-parent", expander);
	no_prop(I2C "/rtc@68", "interrupts");
	noted(SOCA_TREE_DROPPED, I2C "/rtc@68", "interrupts", "not claimed");
	build("power", "+" I2C);
	CELLS(I2C "/rtc@68", "interrupts", 0, 0, 0);

	build("power", "+/pcie@fe200000");
	CELLS("/pcie@fe200000", "interrupt-map",
	      0, 0, 0, 1, INTC, 0, 1, 40, 0,
	      0, 0, 0, 2, INTC, 0, 1, 41, 1,
	      0, 0, 0, 3, phandle_of("/pcie@fe200000/intc"), 1);
	CELLS("/pcie@fe200000", "interrupt-map-mask", 0xf800, 0, 0, 7);

	/* A nexus in between, a line that leads nowhere, one that is refused */
	build("arm", DEV);
	CELLS(DEV, "interrupts", 0, 100, 0);
	noted(SOCA_TREE_DROPPED, DEV, "interrupts", "entry 1: it leads to no");
	noted(SOCA_TREE_DROPPED, DEV, "interrupts", "entry 2: the guest has");
	build("arm", "/bus@20000000/gpio@30000");
	CELLS("/bus@20000000/gpio@30000", "interrupts-extended", INTC, 0, 50, 0);
	build("arm", "/bus@20000000/key@40000");
	CELLS("/bus@20000000/key@40000", "interrupts", 0, 7, 0);
	build("arm", "/bus@20000000/key@40000", "/bus@20000000/gpio@30000");
	CELLS("/bus@20000000/key@40000", "interrupts", 7, 8);
	CELLS("/bus@20000000/key@40000", "interrupt-parent",
	      phandle_of("/bus@20000000/gpio@30000"));
	gives(build("arm", "+/bus@20000000"), 0, "the nexus comes along");
	CELLS("/bus@20000000", "interrupt-map", 0, 0, INTC, 0, 1, 100, 0,
	      0, 2, phandle_of("/bus@20000000/gpio@30000"), 7, 8);
	CELLS("/bus@20000000/key@40000", "interrupts", 2);
	CELLS("/bus@20000000/key@40000", "interrupt-parent",
	      phandle_of("/bus@20000000"));

	gives(build_with("arm", (const char *const []) { "/pl031@9010000", NULL },
			 &(struct soca_tree_guest) {
				.host_intc = "/intc@8000000"
			 }), 0, "the host's lines");
	CELLS("/pl031@9010000", "interrupts", 0, 2, 4);
	gives(build_with("power", (const char *const []) { I2C, NULL },
			 &(struct soca_tree_guest) {}), 0, "other specifiers");
	no_prop(I2C, "interrupts");
	noted(SOCA_TREE_DROPPED, I2C, "interrupts", "other specifiers");
	gives(build_with("power", (const char *const []) { I2C, NULL },
			 &(struct soca_tree_guest) { .intc = 99 }), -EINVAL,
	      "no such controller");
}

/* Without a function only lines of the controller that the guest's stands for */

#define build_plain_of(_host, _host_intc, ...)				\
	build_with(_host, (const char *const []) { __VA_ARGS__, NULL },	\
		   &(struct soca_tree_guest) { .host_intc = _host_intc })
#define build_plain(...)	build_plain_of("cascade", __VA_ARGS__)

static int copy_irq(void *data, const struct soca_tree_irq *irq,
		    uint32_t *cells, uint32_t num)
{
	if (irq->num_cells != num)
		return -EINVAL;
	memcpy(cells, irq->cells, num * sizeof(*cells));
	return 0;
}

static int one_irq(void *data, const struct soca_tree_irq *irq,
		   uint32_t *cells, uint32_t num)
{
	memset(cells, 0, num * sizeof(*cells));
	return 0;
}

static void test_cascade(void)
{
	base_name = "base-gic";
	gives(build_plain(NULL, "/all@6000"), 0, "lines of four controllers");
	CELLS("/all@6000", "interrupts-extended", 0, 0, INTC, 0, 50, 4, INTC, 0, 51,
	      4);
	noted(SOCA_TREE_DROPPED, "/all@6000", "interrupts-extended",
	      "entry 0: the guest's interrupt controller has other specifiers; it ends at /doorbell@4000: claim that, too");
	noted(SOCA_TREE_DROPPED, "/all@6000", "interrupts-extended",
	      "entry 4: the guest's interrupt controller stands for another one; it ends at /intc@3000");
	build_plain(NULL, "/all@6000", "/doorbell@4000");
	CELLS("/all@6000", "interrupts-extended",
	      phandle_of("/doorbell@4000"), 3, 2, 1, 0, INTC, 0, 50, 4,
	      INTC, 0, 51, 4);
	build_plain(NULL, "/key@7000");
	no_prop("/key@7000", "interrupts");
	noted(SOCA_TREE_DROPPED, "/key@7000", "interrupts",
	      "it ends at /gpio@5000: claim that, too");
	build_plain(NULL, "/key@7000", "/gpio@5000");
	CELLS("/key@7000", "interrupts", 1, 4);
	CELLS("/key@7000", "interrupt-parent", phandle_of("/gpio@5000"));
	CELLS("/gpio@5000", "interrupts", 0, 22, 4);
	build_plain(NULL, "/both@8000");
	CELLS("/both@8000", "interrupts-extended", INTC, 0, 61, 4, INTC, 0, 60, 4,
	      INTC, 0, 63, 4);
	build_plain(NULL, "/lost@b000");
	no_prop("/lost@b000", "interrupts");
	noted(SOCA_TREE_DROPPED, "/lost@b000", "interrupts", "no controller");
	build_plain(NULL, "/mux@c000");
	CELLS("/mux@c000", "interrupt-map", 0, INTC, 0, 8, 4, 2, INTC, 0, 9, 4);
	noted(SOCA_TREE_DROPPED, "/mux@c000", "interrupt-map",
	      "it ends at /doorbell@4000");
}

/* Which entries of a map count, and where they end: as the kernel has it */
static void test_nexus(void)
{
	gives(build_plain_of("nexus", NULL, "/dev@8000"), 0, "lines of nexuses");
	CELLS("/dev@8000", "interrupts-extended", INTC, 0, 1, 4, INTC, 0, 9, 4,
	      0, 0, 0, 0, INTC, 0, 70, 4, INTC, 0, 60, 4);
	noted(SOCA_TREE_DROPPED, "/dev@8000", "interrupts-extended",
	      "entry 3: it leads to no controller");
	noted(SOCA_TREE_DROPPED, "/dev@8000", "interrupts-extended",
	      "entry 4: the guest's interrupt controller has other specifiers; it ends at /intc@5000");
	noted(SOCA_TREE_DROPPED, "/dev@8000", "interrupts-extended",
	      "entry 5: the guest's interrupt controller has other specifiers; it ends at /port@6000");
	build_plain_of("nexus", NULL, "/port@6000");
	CELLS("/port@6000", "interrupt-map", 1, phandle_of("/port@6000"), 0,
	      2, INTC, 0, 70, 4);
	build_plain_of("nexus", NULL, "/nexus@3000");
	CELLS("/nexus@3000", "interrupt-map", 0, 1, INTC, 0, 1, 4,
	      0, 1, INTC, 0, 1, 4, 0, 2, INTC, 0, 9, 4);
	CELLS("/nexus@3000", "#address-cells", 1);
	noted(SOCA_TREE_DROPPED, "/nexus@3000", "interrupt-map",
	      "entry 3: it leads to no controller");
	build_plain_of("nexus", NULL, "/mute@7000");
	no_prop("/mute@7000", "interrupt-map");
	build_plain_of("nexus", NULL, "/router@9000", "/intc@5000");
	CELLS("/router@9000", "aspeed,interrupt-ranges",
	      8, 1, phandle_of("/intc@5000"), 1, 4);
	noted(SOCA_TREE_DROPPED, "/router@9000", "aspeed,interrupt-ranges",
	      "/intc@1000");
}

/* As of_map_id() and gpiolib read them */
static void test_maps(void)
{
	uint32_t wide, frame, pins;

	gives(build_plain_of("maps", NULL, "/new@5000", "/old@6000",
			     "/banks@7000", "/bank@8000", "/translator@2000",
			     "/frame@3000", "/pins@4000"), 0, "maps");
	wide = phandle_of("/translator@2000");
	frame = phandle_of("/frame@3000");
	pins = phandle_of("/pins@4000");
	CELLS("/new@5000", "iommu-map", 0, wide, 0x40, 0, 1,
	      1, wide, 0x41, 0, 1);
	CELLS("/new@5000", "msi-map", 0, frame, 0, 16, 16, frame, 32, 16);
	CELLS("/old@6000", "iommu-map", 0, wide, 0x40, 1, 0x100, wide, 0x41, 1);
	CELLS("/banks@7000", "gpio-ranges", pins, 0, 0, 0, 32,
	      pins, 1, 0, 32, 32);
	CELLS("/bank@8000", "gpio-ranges", pins, 0, 0, 16, pins, 16, 48, 16);
}

static void test_host_intc(void)
{
	build_plain(NULL, "/other@a000");
	CELLS("/other@a000", "interrupts", 0, 50, 4);
	build_plain(NULL, "/gpio@5000", "/other@a000");
	no_prop("/other@a000", "interrupts");
	build_plain("/intc@3000", "/gpio@5000", "/other@a000");
	CELLS("/other@a000", "interrupts", 0, 50, 4);
	no_prop("/gpio@5000", "interrupts");
	build_plain("/wakeup@2000", "/gpio@5000");
	CELLS("/gpio@5000", "interrupts", 0, 22, 4);
	gives(build_plain("/gpio@5000", "/key@7000"), -EINVAL,
	      "it cannot stand for that");
	noted(SOCA_TREE_ERROR, "/gpio@5000", "", "other specifiers");
	gives(build_plain("/nowhere", "/key@7000"), -EINVAL,
	      "it cannot stand for nothing");
	base_name = "base";
	build_plain(NULL, "/other@a000");
	no_prop("/other@a000", "interrupts");
	noted(SOCA_TREE_DROPPED, "/other@a000", "interrupts",
	      "other specifiers; it ends at /intc@3000");
}

static void test_one_line(void)
{
	const char *const twins[] = { "/twins@9000", NULL };

	build_with("cascade", twins, &(struct soca_tree_guest) {
			.irq = copy_irq
		   });
	CELLS("/twins@9000", "interrupts-extended", INTC, 0, 5, 4, 0, INTC, 0, 5, 1,
	      INTC, 0, 6, 4);
	noted(SOCA_TREE_DROPPED, "/twins@9000", "interrupts-extended",
	      "entry 1: another line of the host's has got the guest's line; it ends at /doorbell@4000");
	build_with("cascade", twins, &(struct soca_tree_guest) {
			.irq = one_irq
		   });
	CELLS("/twins@9000", "interrupts-extended", INTC, 0, 0, 0, 0, INTC, 0, 0, 0);
}

/* What was reported of other ways to pass devices through */

#define build_report(...)	build_plain_of("reports", NULL, __VA_ARGS__)

/* Specifiers of a controller: are they one line? */
static void test_spelt(void)
{
	static const struct {
		const char *controller;
		uint32_t num, one[4], other[4];
		bool is_same;
		const char *what;
	} tests[] = {
		{ "/gic", 4, { 0, 1, 4, 0 }, { 0, 1, 1, 0 }, true,
		  "a GIC's line with another trigger" },
		{ "/gic", 3, { 2, 1, 4 }, { 2, 1, 1 }, true,
		  "one of the extended ones" },
		{ "/gic", 4, { 0, 1, 4, 0 }, { 1, 1, 4, 0 }, false,
		  "not one of another class" },
		{ "/gic", 4, { 0, 1, 4, 0 }, { 0, 2, 4, 0 }, false,
		  "not one of another number" },
		{ "/gic", 4, { 1, 1, 4, 5 }, { 1, 1, 4, 6 }, false,
		  "not one of other CPUs" },
		{ "/mpic", 4, { 42, 2, 0, 0 }, { 42, 1, 0, 7 }, true,
		  "an MPIC's line with another trigger" },
		{ "/mpic", 4, { 42, 2, 0, 0 }, { 43, 2, 0, 0 }, false,
		  "not one of another number" },
		{ "/mpic", 4, { 1, 2, 2, 0 }, { 1, 2, 3, 0 }, false,
		  "not one of another type" },
		{ "/mpic", 4, { 16, 2, 1, 5 }, { 16, 1, 1, 5 }, true,
		  "an error with another trigger" },
		{ "/mpic", 4, { 16, 2, 1, 5 }, { 16, 2, 1, 6 }, false,
		  "not another error" },
		{ "/old-mpic", 2, { 42, 2 }, { 42, 1 }, true,
		  "an MPIC's of two cells" },
		{ "/combiner", 2, { 1, 4 }, { 1, 4 }, true,
		  "a combiner's line" },
		{ "/combiner", 2, { 1, 4 }, { 1, 2 }, false,
		  "not another of its group" },
		{ "/unknown", 2, { 1, 4 }, { 1, 2 }, true,
		  "of one that is not known the last cell is the trigger" },
		{ "/unknown", 1, { 1 }, { 2 }, false, "not of one cell" },
	};
	struct blob host = load("spelt");
	struct soca_tree *tree;

	if (soca_tree_open(host.fdt, host.size, &tree))
		exit(1);
	for (size_t i = 0; i < TREE_ARRAY_SIZE(tests); i++) {
		int node = tree_find(tree, tests[i].controller);

		if (node == TREE_NONE)
			exit(1);
		tap_ok(tree_same_specifier(tree->fdt, tree->nodes[node].offset,
					   tests[i].one, tests[i].other,
					   tests[i].num) == tests[i].is_same,
		       "spelt: %s", tests[i].what);
	}
	soca_tree_close(tree);
	free(host.fdt);
}

static void test_reports(void)
{
	const char *const odd = "/outer@f00000000/inner@1000000/odd@1,80";
	const char *const mac = "/ethernet@61000000", *const mc = "/mc@80c000000";

	base_name = "base-gic";
	gives(build_report(odd), 0, "36 bits, two buses deep, in parts of pages");
	CELLS(odd, "reg", 1, 0x80, 0x30, 0, 0x4ff0, 0x20);
	CELLS("/outer@f00000000", "ranges", 0, 0xf, 0, 0x10000000);
	CELLS("/outer@f00000000/inner@1000000", "ranges",
	      0, 0, 0x1000000, 0x8000, 1, 0, 0x2000000, 0x1000);
	CELLS(odd, "interrupts", 0, 40, 4);

	gives(build_report("+/pcie@40000000"), 0, "its own MSI parent");
	CELLS("/pcie@40000000", "msi-parent", phandle_of("/pcie@40000000"));
	CELLS("/pcie@40000000", "interrupt-map", 0, 0, 0, 1, INTC, 0, 42, 4);

	gives(build_report(mac), 0, "an address in fuses that stay behind");
	no_prop(mac, "nvmem-cells");
	no_prop(mac, "nvmem-cell-names");
	noted(SOCA_TREE_DROPPED, mac, "nvmem-cells", "/fuses@60000000/mac@10");
	build_report(mac, "+/fuses@60000000");
	CELLS(mac, "nvmem-cells", phandle_of("/fuses@60000000/mac@10"));
	string(mac, "nvmem-cell-names", "mac-address");

	gives(build_report("+/mc@80c000000"), 0, "a bus of objects");
	CELLS(mc, "ranges", 0, 0, 0, 8, 0x0c000000, 0x4000000,
	      1, 0, 0, 8, 0x18000000, 0x8000000);
	CELLS("/mc@80c000000/dpmacs/dpmac@1", "reg", 1);
	no_prop(mc, "iommu-map");
	noted(SOCA_TREE_DROPPED, mc, "msi-parent", "MSI");
	base_name = "base";
}

/* What the kernel does not read either is dropped, and told. */
static void test_malformed(void)
{
	base_name = "base-gic";
	gives(build_plain_of("malformed", NULL, "/device@2000",
			     "/extended@3000", "/nexus@4000", "/bus@5000/device@0",
			     "/odd@6000/device@0"), 0, "entries that are not whole");
	CELLS("/device@2000", "reg", 0, 0x2000, 0, 0x100);
	noted(SOCA_TREE_DROPPED, "/device@2000", "reg", "4 bytes at its end");
	CELLS("/device@2000", "interrupts", 0, 1, 4);
	noted(SOCA_TREE_DROPPED, "/device@2000", "interrupts",
	      "entry 1: it leads to no controller, or is not whole");
	CELLS("/extended@3000", "interrupts-extended", INTC, 0, 3, 4);
	noted(SOCA_TREE_DROPPED, "/extended@3000", "interrupts-extended",
	      "entry 1: it leads to no controller, or is not whole");
	no_prop("/nexus@4000", "reg");
	noted(SOCA_TREE_DROPPED, "/nexus@4000", "reg", "4 bytes at its end");
	CELLS("/nexus@4000", "interrupt-map", 0, INTC, 0, 5, 4);
	noted(SOCA_TREE_DROPPED, "/nexus@4000", "interrupt-map",
	      "entry 1: it cannot be read");
	CELLS("/bus@5000", "ranges", 0, 0, 0x5000, 0x1000);
	noted(SOCA_TREE_DROPPED, "/bus@5000", "ranges", "4 bytes at its end");
	no_prop("/odd@6000", "ranges");
	noted(SOCA_TREE_DROPPED, "/odd@6000", "ranges", "8 bytes at its end");
	base_name = "base";
}

/* References */

static uint64_t clock_rate(void *data, const char *path, uint32_t entry)
{
	return !strcmp(path, I2C) && !entry ? 200000000 : 0;
}

static void test_clocks(void)
{
	uint32_t fixed, ref;

	build_with("power", (const char *const []) { I2C, NULL },
		   &(struct soca_tree_guest) {
			.irq = map_irq, .clock = clock_rate
		   });
	fixed = phandle_of("/socassign-clock-0");
	ref = phandle_of("/socassign-clock-1");
	CELLS(I2C, "clocks", fixed, ref, 0);
	CELLS("/socassign-clock-0", "clock-frequency", 200000000);
	CELLS("/socassign-clock-0", "#clock-cells", 0);
	CELLS("/socassign-clock-1", "clock-frequency", 100000000);
	tap_ok(!memcmp(prop(I2C, "clock-names", &(int){ 0 }), "bus\0ref\0aux",
		       12), "the clocks keep their names");
	noted(SOCA_TREE_REPLACED, I2C, "clocks", "clock@e1000 (entry 0)");
	noted(SOCA_TREE_DROPPED, I2C, "clocks", "(entry 2): the clock is");

	build("power", I2C, SOC "/global-clock@e1000");
	CELLS(I2C, "clocks", phandle_of(SOC "/global-clock@e1000"), 4, 0,
	      phandle_of("/socassign-clock-0"),
	      phandle_of(SOC "/global-clock@e1000"), 4, 1);
	build("arm", "/pl031@9010000");
	CELLS("/pl031@9010000", "clocks", phandle_of("/socassign-clock-0"));
}

static uint32_t max_phandle(const char *name)
{
	struct blob host = load(name);
	uint32_t max = 0;

	fdt_find_max_phandle(host.fdt, &max);
	free(host.fdt);
	return max;
}

static uint32_t host_phandle(const char *name, const char *path)
{
	struct blob host = load(name);
	uint32_t phandle = fdt_get_phandle(host.fdt,
					   fdt_path_offset(host.fdt, path));

	free(host.fdt);
	return phandle;
}

static void test_references(void)
{
	build("arm", DEV);
	no_prop(DEV, "resets");
	no_prop(DEV, "reset-names");
	noted(SOCA_TREE_DROPPED, DEV, "resets", "SOCASSIGN_RESET");
	noted(SOCA_TREE_DROPPED, DEV, "reset-names", "without resets");
	noted(SOCA_TREE_DROPPED, DEV, "power-domains", "keeps it powered");
	noted(SOCA_TREE_DROPPED, DEV, "iommus", "IOMMU");
	noted(SOCA_TREE_DROPPED, DEV, "memory-region", "memory");
	noted(SOCA_TREE_DROPPED, DEV, "msi-parent", "MSI");
	no_prop(DEV, "dmas");
	no_prop(DEV, "dma-names");
	no_prop(DEV, "assigned-clocks");
	no_prop(DEV, "assigned-clock-rates");
	CELLS(DEV, "pinctrl-0", phandle_of(DEV "/pins"));
	empty(DEV, "pinctrl-1");
	tap_ok(phandle_of(DEV "/pins") == host_phandle("arm", DEV "/pins"),
	       "phandles are the host's");
	tap_ok(max_phandle("arm") < INTC,
	       "the guest's own are out of their way");
	CELLS(DEV, "nr-gpios", 4);
	CELLS(DEV, "strange-handle", 0x12345678);
	CELLS(DEV, "vendor,helper-handle", phandle_of(DEV "/helper"));
	no_prop(DEV "/port/endpoint", "remote-endpoint");
	CELLS(DEV, "vmmc-supply", phandle_of("/socassign-regulator-0"));
	no_prop("/socassign-regulator-0", "regulator-min-microvolt");
	CELLS("/socassign-regulator-1", "regulator-min-microvolt", 1800000);
	string("/socassign-regulator-1", "regulator-name", "fix");
	empty("/bus@20000000", "dma-coherent");
	CELLS("/bus@20000000", "dma-ranges", 0x80000000, 0, 0, 0x40000000);

	build("arm", "+/bus@20000000");
	CELLS(DEV, "pinctrl-0", phandle_of(DEV "/pins"),
	      phandle_of("/bus@20000000/gpio@30000/pins"));
	CELLS(DEV, "reset-gpios", phandle_of("/bus@20000000/gpio@30000"), 4, 1);

	build("power", I2C);
	CELLS(I2C "/touch@41", "reset-gpios", phandle_of(I2C "/gpio@20"), 3, 0,
	      0);
	CELLS(I2C "/gpio@20/hog", "gpios", 1, 0);
	build("power", "+ethernet0");
	no_prop(SOC "/ethernet@b0000", "fsl,liodn");
	no_prop(SOC "/ethernet@b0000", "fsl,liodn-reg");
	no_prop(SOC "/ethernet@b0000", "fsl,iommu-parent");
	no_prop(SOC "/ethernet@b0000", "phy-handle");
	no_prop(SOC "/ethernet@b0000", "sleep");
	noted(SOCA_TREE_DROPPED, SOC "/ethernet@b0000", "fsl,liodn", "LIODN");
	noted(SOCA_TREE_DROPPED, SOC "/ethernet@b0000", "phy-handle", "fixed");
	build("power", "+ethernet0", SOC "/mdio@24520");
	CELLS(SOC "/ethernet@b0000", "phy-handle",
	      phandle_of(SOC "/mdio@24520/ethernet-phy@0"));
}

static void test_callers_rules(void)
{
	const struct soca_tree_keep keep[] = {
		{ "/intc@8000000/msi-controller@8080000", 7 },
		{ "/reset", 7 },
		{ "/carveout", 7 },
	};
	const struct soca_tree_reference references[] = {
		{ "vendor,widget", "#widget-cells" },
	};
	const char *const paths[] = { DEV, NULL };

	build_with("arm", paths, &(struct soca_tree_guest) {
			.irq = map_irq, .keep = keep, .num_keep = 3,
		   });
	CELLS(DEV, "memory-region", INTC);
	noted(SOCA_TREE_KEPT, DEV, "memory-region", "/carveout");
	no_prop(DEV, "resets");
	no_prop(DEV, "msi-parent");
	CELLS(DEV, "vendor,widget", UNKNOWN, 5);
	tap_ok(fdt_node_offset_by_phandle(guest.fdt,
					  fdt32_ld(prop(DEV, "vendor,widget", &(int){ 0 }))) < 0,
	       "a phandle that nobody knows leads to no wrong node");
	build_with("arm", paths, &(struct soca_tree_guest) {
			.irq = map_irq, .references = references,
			.num_references = 1,
		   });
	no_prop(DEV, "vendor,widget");
	tap_ok(tree_rules_sorted(), "the table of properties is sorted");
}

/* What no table knows, and numbers; @base has phandles of the host's. */
static int build_refs(const char *base, const char *const *paths)
{
	int ret;

	base_name = base;
	ret = build_with("refs", paths, &(struct soca_tree_guest) {
				.irq = map_irq,
			 });
	base_name = "base";
	return ret;
}

static bool is_doubtful(const char *name)
{
	for (size_t i = 0; i < report.num; i++)
		if (report.notes[i].action == SOCA_TREE_DOUBTFUL &&
		    !strcmp(report.notes[i].property, name))
			return true;
	return false;
}

static void test_unknown(void)
{
	const char *const alone[] = { "/card@5000", NULL };
	const char *const both[] = { "/card@5000", "/registers@2000", NULL };
	const char *const router[] = { "/router@3000", "/dma@4000", NULL };
	const char *const enet[] = { "/ethernet@6000", "/dma@4000",
				     "/switch@7000", NULL };
	const char *const buses[] = { "/pcie@8000", "/i2c@9000", "/dma@4000",
				      NULL };
	const char *console = "/vmm-console@4000020000000";

	gives(build_refs("base-refs", alone), 0, "unknown references");
	CELLS("/card@5000", "vendor,registers", 7, 0x14, 0x1a);
	tap_ok(fdt_node_offset_by_phandle(guest.fdt, 7) < 0 &&
	       fdt_node_offset_by_phandle(guest.fdt, 8) < 0,
	       "they lead nowhere");
	noted(SOCA_TREE_DOUBTFUL, "/card@5000", "vendor,registers",
	      "/registers@2000");
	noted(SOCA_TREE_DOUBTFUL, "/card@5000", "vendor,engine", "/dma@4000");
	noted(SOCA_TREE_DROPPED, "/card@5000", "ti,syscon-pcie-id", "system");
	no_prop("/card@5000", "ti,syscon-pcie-id");
	CELLS("/card@5000", "bus-width", 7);
	tap_ok(!is_doubtful("bus-width"), "a width is a number");

	CELLS("/", "interrupt-parent", INTC);
	CELLS(console, "interrupts-extended", INTC, 1, 2, 3);
	CELLS(console, "clocks", phandle_of("/vmm-clock"),
	      phandle_of("/vmm-clock"));
	CELLS(console, "reg-shift", 7);
	CELLS("/vmm-timer", "interrupts", 7, 1, 4);
	CELLS("/vmm-pcie@4000030000000", "interrupt-map",
	      0, 0, 0, 1, INTC, 0, 8, 4, 0, 0, 0, 2, INTC, 0, 9, 4);
	noted(SOCA_TREE_DOUBTFUL, console, "vmm,own-clock", "another phandle");
	tap_ok(!is_doubtful("reg-shift"), "so is a shift");
	tap_ok(!is_doubtful("interrupts"), "so is an interrupt of the base's");

	gives(build_refs("base-pool", alone), 0, "below a base without phandles");
	CELLS("/card@5000", "vendor,registers", 7, 0x14, 0x1a);
	gives(edit("phandles"), 0, "the same phandles in an overlay");
	has_node("/other");
	tap_ok(fdt_node_offset_by_phandle(guest.fdt, 7) < 0 &&
	       fdt_node_offset_by_phandle(guest.fdt, 8) < 0,
	       "they still lead nowhere");

	gives(build_refs("base-refs", both), 0, "one of them inside");
	CELLS("/card@5000", "vendor,registers",
	      phandle_of("/registers@2000"), 0x14, 0x1a);
	tap_ok(!is_doubtful("vendor,registers"), "what is there is not told");

	gives(build_refs("base", router), 0, "masters of DMA");
	CELLS("/dma@4000", "dma-masters", 7);
	tap_ok(!is_doubtful("dma-masters"), "what is a number is not told");
	CELLS("/router@3000", "dma-masters", phandle_of("/dma@4000"), 0);
	noted(SOCA_TREE_DROPPED, "/router@3000", "dma-masters", "registers");

	gives(build_refs("base-refs", enet), 0, "an Ethernet controller");
	CELLS("/ethernet@6000", "ethernet", 8);
	CELLS("/switch@7000", "ethernet", phandle_of("/dma@4000"));
	gives(build_refs("base-refs", enet + 2), 0, "a switch alone");
	noted(SOCA_TREE_DROPPED, "/switch@7000", "ethernet", "/dma@4000");
	gives(build_refs("base-refs", (const char *const[]) {
			"/ethernet@6000", NULL }), 0, "the controller alone");
	CELLS("/ethernet@6000", "ethernet", 8);

	gives(build_refs("base-refs", buses), 0, "I2C buses");
	CELLS("/pcie@8000", "i2c-parent", phandle_of("/dma@4000"), 7);
	CELLS("/i2c@9000", "i2c-parent", phandle_of("/dma@4000"), 0);
	noted(SOCA_TREE_DROPPED, "/i2c@9000", "i2c-parent", "registers");
}

/* Edits */

static void test_edit(void)
{
	const char *enet = SOC "/ethernet@b0000";

	build("power", "+ethernet0", "serial1");
	no_prop(enet, "phy-handle");
	gives(edit("fixed-link"), 0, "the thread's fixed-link");
	CELLS(SOC "/ethernet@b0000/fixed-link", "speed", 1000);
	string(enet, "phy-mode", "rgmii");
	no_prop(enet, "phy-connection-type");
	no_prop(enet, "socassign,delete-properties");
	no_prop(enet, "socassign,delete-nodes");
	no_node(SOC "/ethernet@b0000/queue-group@b0000");
	noted(SOCA_TREE_DROPPED, enet, "phy-connection-type", "overlay");

	gives(edit("path"), 0, "by path");
	string(SOC "/added", "note", "by the user");
	no_node(SOC "/serial@4600");
	no_prop("/aliases", "serial1");
	no_prop("/__symbols__", "serial1");
	gives(edit("both"), -EINVAL, "set and deleted");
	gives(edit("typo"), 0, "nothing of the name");
	noted(SOCA_TREE_DROPPED, SOC, "bus-freqency", "not there");
	gives(edit("nowhere"), -EINVAL, "no such target");
	gives(edit("base"), -EINVAL, "no overlay");
	CELLS(SOC, "bus-frequency", 400000000);

	base_name = "base-gic";
	build_report("/ethernet@61000000");
	base_name = "base";
	gives(edit("fragments"), 0, "fragments that refer to each other");
	CELLS("/ethernet@61000000", "iommus", phandle_of("/user-iommu"), 0x10);
	CELLS("/ethernet@61000000", "interrupt-parent", INTC);
	no_prop("/ethernet@61000000", "compatible");

	build("power", "+ethernet0", "+" SOC "/mdio@24520");
	gives(edit("dangle"), -EINVAL, "a phandle that leads nowhere");
	noted(SOCA_TREE_ERROR, enet, "phy-handle", "nothing");
	has_node(SOC "/mdio@24520/ethernet-phy@0");
}

/* Overlays that would have libfdt write where it must not, or read on */

static const struct {
	const char *overlay;
	const char *path;
	const char *property;
	const char *reason;
} refused[] = {
	{ "local-far", "/__local_fixups__/fragment@0/__overlay__", "note",
	  "not inside" },
	{ "local-edge", "/__local_fixups__/fragment@0/__overlay__", "note",
	  "not inside" },
	{ "local-aim", "/__local_fixups__/__fixups__", "", "no fragment" },
	{ "local-none", "/__local_fixups__/fragment@0/__overlay__/none", "",
	  "not there" },
	{ "label-before", "/__fixups__", "vmm_intc",
	  "/fragment@0/__overlay__:note:4294967295" },
	{ "label-edge", "/__fixups__", "vmm_intc", "not inside" },
	{ "label-huge", "/__fixups__", "vmm_intc", "path:property:offset" },
	{ "label-unknown", "/__fixups__", "nobody", "no such label" },
	{ "label-aim", "/__fixups__", "vmm_intc", "no fragment" },
	{ "label-alias", "/__fixups__", "vmm_intc", "not there" },
	{ "label-phandle", "/__fixups__", "vmm_intc", "a node's own phandle" },
	{ "local-phandle", "/__local_fixups__/fragment@0/__overlay__/key",
	  "phandle", "a node's own phandle" },
	{ "target-alias", "/fragment@1", "target-path", "no full path" },
	{ "target-loop", "/fragment@0", "target-path", "no full path" },
	{ "target-open", "/fragment@0", "target-path", "no full path" },
	{ "delete-parent", "/", "interrupt-parent", "nothing" },
	{ "delete-extended", "/vmm-bus", "interrupts-extended", "nothing" },
	{ "delete-map", "/vmm-nexus", "interrupt-map", "nothing" },
	{ "delete-dai", "/vmm-sound", "audio-codec", "deletes" },
	{ "renumber", "/vmm-sound", "audio-codec", "renumbers" },
};

static void test_refused(void)
{
	struct blob before;

	base_name = "base-gic";
	build_plain(NULL, "/key@7000");
	before.size = guest.size;
	before.fdt = malloc(guest.size);
	memcpy(before.fdt, guest.fdt, guest.size);
	for (size_t i = 0; i < TREE_ARRAY_SIZE(refused); i++) {
		gives(edit(refused[i].overlay), -EINVAL, refused[i].overlay);
		noted(SOCA_TREE_ERROR, refused[i].path, refused[i].property,
		      refused[i].reason);
	}
	tap_ok(guest.size == before.size &&
	       !memcmp(guest.fdt, before.fdt, before.size),
	       "nothing has changed");
	free(before.fdt);
	gives(edit("delete-both"), 0, "both ends go");
	base_name = "base";
}

/* Nested to a depth */

static struct blob nested(int depth)
{
	struct blob blob = { .size = 64 << 10 };

	blob.fdt = malloc(blob.size);
	fdt_create(blob.fdt, blob.size);
	fdt_finish_reservemap(blob.fdt);
	for (int i = 0; i < depth; i++)
		fdt_begin_node(blob.fdt, i ? "n" : "");
	for (int i = 0; i < depth; i++)
		fdt_end_node(blob.fdt);
	fdt_finish(blob.fdt);
	return blob;
}

static int open_nested(int depth)
{
	struct blob blob = nested(depth);
	struct soca_tree *tree;
	int ret = soca_tree_open(blob.fdt, blob.size, &tree);

	if (!ret)
		soca_tree_close(tree);
	free(blob.fdt);
	return ret;
}

static void test_depth(void)
{
	struct blob deep = nested(SOCA_TREE_MAX_DEPTH + 1);

	gives(open_nested(SOCA_TREE_MAX_DEPTH), 0, "as deep as may be");
	gives(open_nested(SOCA_TREE_MAX_DEPTH + 1), -ELOOP, "one level more");
	gives(open_nested(1000), -ELOOP, "many levels more");
	build("arm", "/pl031@9010000");
	gives(soca_tree_edit(&guest.fdt, &guest.size, deep.fdt, deep.size,
			     &report), -EINVAL, "an overlay that is too deep");
	noted(SOCA_TREE_ERROR, "/", "", "deeper than 64 levels");
	free(deep.fdt);
}

/* The live tree: a directory as the kernel shows it */

static void write_file(const char *path, const void *value, size_t len)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(value, 1, len, file) != len || fclose(file))
		exit(1);
}

static void test_live(void)
{
	char root[] = "/tmp/soca-tree-XXXXXX", path[128];
	struct blob live;

	if (!mkdtemp(root) || chdir(root))
		exit(1);
	mkdir("z@1", 0755);
	mkdir("a", 0755);
	write_file("#size-cells", "\0\0\0\1", 4);
	write_file("name", "", 1);
	write_file("z@1/name", "z", 2);
	write_file("z@1/empty", "", 0);
	snprintf(path, sizeof(path), "%s/loop", root);
	if (symlink(root, path))
		exit(1);
	gives(soca_tree_flatten(root, &live.fdt, &live.size), 0, "a live tree");
	clear();
	guest = live;
	tap_ok(!fdt_check_full(live.fdt, live.size), "it is a valid blob");
	CELLS("/", "#size-cells", 1);
	empty("/z@1", "empty");
	no_prop("/z@1", "name");
	tap_ok(!strcmp(fdt_get_name(live.fdt, fdt_first_subnode(live.fdt, 0),
				    NULL), "a"), "nodes are sorted");
	no_node("/loop");
	gives(soca_tree_flatten("/no/such", &live.fdt, &live.size), -ENOENT,
	      "no live tree");
	unlink("loop");
	unlink("#size-cells");
	unlink("name");
	unlink("z@1/name");
	unlink("z@1/empty");
	rmdir("z@1");
	rmdir("a");
	if (chdir("/") || rmdir(root))
		exit(1);
}

/* Hostile blobs: nothing may crash, what comes out must be valid */

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

static void damage(struct blob *blob)
{
	uint8_t *byte = blob->fdt;

	for (uint32_t i = dice(4) + 1; i; i--) {
		uint32_t at = dice(4) ? dice(blob->size) :
					dice(sizeof(struct fdt_header));

		byte[at] = dice(2) ? dice(256) : byte[at] ^ 1u << dice(8);
	}
}

/* The structure stays, what the properties say does not. */
static void damage_values(struct blob *blob)
{
	char *strings = (char *)blob->fdt + fdt_off_dt_struct(blob->fdt);
	uint32_t size = fdt_size_dt_struct(blob->fdt) / 4;

	for (uint32_t i = dice(8) + 1; i; i--) {
		fdt32_t *cell = (fdt32_t *)strings + dice(size);
		uint32_t value = fdt32_ld(cell);

		if (value > 9 && dice(3))
			continue;
		fdt32_st(cell, dice(3) ? dice(40) :
			       dice(2) ? ~0u : value << 28);
	}
}

struct fuzz {
	struct blob host, base, dtbo;
	const char *const *paths;
	int opened, built, edited, bad;
};

static void fuzz_edit(struct fuzz *fuzz)
{
	if (soca_tree_edit(&guest.fdt, &guest.size, fuzz->dtbo.fdt,
			   fuzz->dtbo.size, &report))
		return;
	fuzz->edited++;
	fuzz->bad += fdt_check_full(guest.fdt, guest.size) != 0;
}

static void fuzz_build(struct fuzz *fuzz, struct soca_tree *tree)
{
	struct soca_tree_guest want = {
		.base = fuzz->base.fdt, .base_size = fuzz->base.size,
		.irq = map_irq,
	};

	for (const char *const *path = fuzz->paths; *path; path++) {
		struct soca_tree_node node = { *path, dice(2) };

		clear();
		if (soca_tree_build(tree, &node, 1, &want, &guest.fdt,
				    &guest.size, &report))
			continue;
		fuzz->built++;
		fuzz->bad += fdt_check_full(guest.fdt, guest.size) != 0;
		fuzz_edit(fuzz);
	}
}

static void fuzz_once(struct fuzz *fuzz, const char *host, uint32_t what)
{
	struct soca_tree *tree;

	fuzz->host = load(host);
	fuzz->base = load("base");
	fuzz->dtbo = load(dice(2) ? "fixed-link" : "path");
	if (what == 0)
		damage(&fuzz->host);
	else if (what == 1)
		damage_values(&fuzz->host);
	else if (what == 2)
		damage(&fuzz->base);
	else
		damage(&fuzz->dtbo);
	if (!soca_tree_open(fuzz->host.fdt, fuzz->host.size, &tree)) {
		fuzz->opened++;
		fuzz_build(fuzz, tree);
		soca_tree_close(tree);
	}
	free(fuzz->host.fdt);
	free(fuzz->base.fdt);
	free(fuzz->dtbo.fdt);
}

static void test_hostile(void)
{
	static const char *const power[] = {
		I2C, SOC, SOC "/ethernet@b0000", "/pcie@fe200000",
		"/localbus@fe4000000", "serial1", NULL
	};
	static const char *const arm[] = {
		DEV, "/bus@20000000", "/bus@20000000/gpio@30000",
		"/pl031@9010000", "/intc@8000000", NULL
	};
	struct fuzz fuzz = {};
	const char *rounds = getenv("FUZZ");
	int num = rounds ? atoi(rounds) : 4000;

	for (int i = 0; i < num; i++) {
		bool is_arm = i & 1;

		fuzz.paths = is_arm ? arm : power;
		fuzz_once(&fuzz, is_arm ? "arm" : "power", i / 2 % 4);
	}
	clear();
	printf("# of %d damaged sets %d were opened, %d trees built, %d edited\n",
	       num, fuzz.opened, fuzz.built, fuzz.edited);
	tap_ok(!fuzz.bad && fuzz.built > num && fuzz.edited > num / 10,
	       "hostile blobs: no crash, no invalid tree");
}

int main(int argc, char **argv)
{
	dir = argv[1];
	test_place();
	test_move();
	test_bus();
	test_claim();
	test_partition();
	test_paths();
	test_placed();
	test_irq();
	test_cascade();
	test_nexus();
	test_maps();
	test_host_intc();
	test_one_line();
	test_spelt();
	test_reports();
	test_malformed();
	test_clocks();
	test_references();
	test_callers_rules();
	test_unknown();
	test_edit();
	test_refused();
	test_depth();
	test_hostile();
	test_live();
	clear();
	return tap_end();
}
