// SPDX-License-Identifier: GPL-2.0
/*
 * The description of partitions: one that is right, and that one with a mistake; and
 * where those that run have their files
 *
 *	partitions directory-with-the-compiled-trees
 */
#include <errno.h>
#include <libfdt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <linux/socassign.h>

#include "../conf/conf.h"
#include "../conf/stand_in.h"
#include "tap.h"

#define SIZE	65536

#define HEAD	"/partitions"
#define FIRST	HEAD "/first_1"
#define SECOND	HEAD "/second-2"
#define DEVICE	FIRST "/device"
#define MAIL	FIRST "/mail-shared-memory"
#define PORTAL	FIRST "/portal-device"
#define BELL	"/mail-doorbell"
#define WINDOW	PORTAL "/window"
#define STASH	PORTAL "/memory-window"

static char good[SIZE], bad[SIZE];

/* What was told: "node property: rule" of the last error */
static char told[2048];
static unsigned int num_told;

static void tell(void *data, const char *node, const char *property,
		 const char *rule)
{
	snprintf(told, sizeof(told), "%s%s%s: %s", node, *property ? " " : "",
		 property, rule);
	num_told++;
}

static const struct conf_errors errors = { .tell = tell };

static bool load(const char *dir)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/partitions.dtb", dir);
	file = fopen(path, "r");
	if (!file || !fread(bad, 1, SIZE, file)) {
		perror(path);
		return false;
	}
	fclose(file);
	return !fdt_open_into(bad, good, SIZE);
}

static int read_conf(const void *fdt, struct conf *conf)
{
	num_told = 0;
	*told = 0;
	return conf_read(fdt, SIZE, &errors, conf);
}

static bool is(const char *text, const char *want)
{
	return text && !strcmp(text, want);
}

static void test_first(const struct conf_partition *it)
{
	tap_ok(is(it->kernel, "/boot/Image") && is(it->initrd, "/boot/initrd") &&
	       is(it->bootargs, "quiet"), "what it boots");
	tap_ok(is(it->memory_path, "/reserved-memory/first@20000000") &&
	       !it->memory_size, "its memory is a node");
	tap_ok(it->cpu_paths.num == 1 && is(it->cpu_paths.item[0], "/cpus/cpu@1"),
	       "its CPU");
	tap_ok(is(it->console, "/soc/uart@0"), "its console");
	tap_ok(it->overlays.num == 2 && is(it->overlays.item[1], "/etc/b.dtbo"),
	       "its overlays");
	tap_ok(it->flags == CONF_NO_REBOOT, "its flags");
}

static void test_claims(const struct conf_partition *it)
{
	tap_ok(it->num_claims == 5, "its claims");
	tap_ok(is(it->claims[0].name, "device") &&
	       it->claims[0].paths.num == 2 &&
	       is(it->claims[0].paths.item[1], "/soc/i2c@3100"),
	       "the nodes of one");
	tap_ok(it->claims[0].flags == (SOCASSIGN_SUBTREE | SOCASSIGN_DETACH |
				       SOCASSIGN_NO_DMA | SOCASSIGN_SHARE_REGS),
	       "the flags of one");
	tap_ok(it->claims[1].flags == SOCASSIGN_UNSAFE_DMA &&
	       !it->claims[1].is_memory, "those of another");
	tap_ok(it->claims[3].flags == SOCASSIGN_CONFINED_DMA, "of a third");
	tap_ok(it->claims[2].is_memory &&
	       it->claims[2].flags == SOCASSIGN_SHARED &&
	       is(it->claims[2].paths.item[0], "/reserved-memory/mail@30000000"),
	       "memory in common");
}

static void test_windows(const struct conf_claim *it)
{
	const struct conf_window *first = &it->windows[0];
	const struct conf_window *second = &it->windows[1];

	if (!tap_ok(it->num_windows == 2, "its windows"))
		return;
	tap_ok(is(first->name, "memory-window") && first->index == 1 &&
	       first->iova == 0xfff000000 && first->size == 0x4000,
	       "what a device sees");
	tap_ok(is(first->memory_path, "/reserved-memory/ring@31000000") &&
	       first->offset == 0x1000, "what is behind it");
	tap_ok(first->stash_level == 1 && first->operation == 1 &&
	       is(first->stash_cpu_path, "/cpus/cpu@1") && !first->flags,
	       "how it gets there");
	tap_ok(!second->index && !second->iova && second->size == 0x100000000 &&
	       !second->memory_path && !second->offset &&
	       !second->stash_level && !second->stash_cpu_path &&
	       !second->operation && second->flags == CONF_READ_ONLY,
	       "one that says little");
}

static void test_good(void)
{
	struct conf conf;
	int ret = read_conf(good, &conf);

	if (!tap_ok(!ret && conf.num == 3 && !num_told,
		    "one that is right is read (%d, \"%s\")", ret, told))
		return;
	test_first(&conf.partitions[0]);
	test_claims(&conf.partitions[0]);
	test_windows(&conf.partitions[0].claims[3]);
	tap_ok(conf.partitions[0].num_doorbells == 1 &&
	       is(conf.partitions[0].doorbells[0].name, "mail-doorbell") &&
	       is(conf.partitions[0].doorbells[0].partner, "second-2"),
	       "its doorbell");
	tap_ok(is(conf.partitions[1].bootargs, "") &&
	       !conf.partitions[1].initrd, "an empty command line");
	tap_ok(conf.partitions[1].memory_size == 0x110000000 &&
	       !conf.partitions[1].memory_path, "a size in two cells");
	tap_ok(conf.partitions[2].memory_size == 0x10000000, "in one cell");
	tap_ok(conf.partitions[0].num_cpus == 1 &&
	       conf.partitions[1].num_cpus == 1, "one CPU, unless it says more");
	tap_ok(conf.partitions[2].num_cpus == 2 &&
	       !conf.partitions[2].cpu_paths.num, "CPUs wherever they are");
	tap_ok(conf_find(&conf, "third") == &conf.partitions[2],
	       "one is found by its name");
	tap_ok(!conf_find(&conf, "fourth"), "another is not");
	conf_free(&conf);
}

/* One mistake each */

enum how { SET, DELETE, ADD };

/**
 * struct mistake - How the description becomes wrong
 * @how: A property is set or deleted, or a node is added
 * @node: The node; the one above a node that is added
 * @name: The property, or the node that is added
 * @value: The property's value, or paths of the node that is added
 * @len: Length of it
 * @want: What is told
 */
struct mistake {
	enum how how;
	const char *node;
	const char *name;
	const char *value;
	int len;
	const char *want;
};

#define NAME_RULE	": a name has letters, digits, \"-\" and \"_\" only"
#define BEGIN_RULE	": a name begins with a letter or a digit"
#define KIND_RULE	\
	": unknown node: not \"device\", \"shared-memory\" or \"doorbell\", nor with one of these at its end"

#define WINDOW_RULE	\
	": unknown node: not \"window\", nor with that at its end"

#define TEXT(_text)	_text, sizeof(_text)
#define BYTES(_bytes)	_bytes, sizeof(_bytes) - 1
#define SEVENTEEN	"/a\0/b\0/c\0/d\0/e\0/f\0/g\0/h\0/i\0/j\0/k\0/l\0/m\0/n\0/o\0/p\0/q"

#define TEN	"abcdefghij"
#define LONG	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "klmnopq"

static const struct mistake mistakes[] = {
	{ DELETE, HEAD, "compatible", NULL, 0,
	  HEAD " compatible: is missing" },
	{ SET, HEAD, "compatible", TEXT("socassign,partition"),
	  HEAD " compatible: not \"socassign,partitions\"" },
	{ SET, HEAD, "kernel", TEXT("/boot/Image"),
	  HEAD " kernel: unknown property" },
	{ ADD, HEAD, "a,b", NULL, 0, HEAD "/a,b" NAME_RULE },
	{ ADD, HEAD, "-a", NULL, 0, HEAD "/-a" BEGIN_RULE },
	{ ADD, HEAD, "_a", NULL, 0, HEAD "/_a" BEGIN_RULE },
	{ ADD, HEAD, LONG "a", NULL, 0, HEAD "/" LONG "a: the name is too long" },
	{ DELETE, FIRST, "kernel", NULL, 0, FIRST " kernel: is missing" },
	{ SET, FIRST, "kernel", BYTES("/boot"), FIRST " kernel: not a string" },
	{ SET, FIRST, "kernel", BYTES(""), FIRST " kernel: not a string" },
	{ SET, FIRST, "kernel", TEXT("/a\0/b"), FIRST " kernel: not a string" },
	{ SET, FIRST, "kernel", TEXT("/boot/\033[2J"),
	  FIRST " kernel: has characters that cannot be printed" },
	{ SET, FIRST, "kernel", TEXT("Image"),
	  FIRST " kernel: not an absolute file name" },
	{ SET, FIRST, "initrd", TEXT(""),
	  FIRST " initrd: not an absolute file name" },
	{ SET, FIRST, "bootargs", TEXT("a\nb"),
	  FIRST " bootargs: has characters that cannot be printed" },
	{ SET, FIRST, "bootarg", TEXT("quiet"),
	  FIRST " bootarg: unknown property" },
	{ SET, FIRST, "\033[2J", TEXT("quiet"),
	  FIRST " ?[2J: unknown property" },
	{ SET, FIRST, "memory-path", TEXT("first"),
	  FIRST " memory-path: not the path of a node" },
	{ SET, FIRST, "memory-path", TEXT("/"),
	  FIRST " memory-path: not the path of a node" },
	{ SET, FIRST, "memory-path", TEXT("/a/"),
	  FIRST " memory-path: not the path of a node" },
	{ SET, FIRST, "memory-path", TEXT("/a//b"),
	  FIRST " memory-path: not the path of a node" },
	{ DELETE, FIRST, "memory-path", NULL, 0,
	  FIRST " memory-path: is missing, and so is memory-size" },
	{ SET, FIRST, "memory-size", BYTES("\0\x10\0\0"),
	  FIRST " memory-path: is there, and so is memory-size" },
	{ SET, SECOND, "memory-size", BYTES("\0\0\0\0\0\0\0\0"),
	  SECOND " memory-size: not a size in whole pages" },
	{ SET, SECOND, "memory-size", BYTES("\0\x10\x08\0"),
	  SECOND " memory-size: not a size in whole pages" },
	{ SET, SECOND, "memory-size", BYTES("\0\0\0\0\0\0\0\0\0\x10\0\0"),
	  SECOND " memory-size: not a number in one cell or two" },
	{ SET, SECOND, "memory-size", TEXT("256M."),
	  SECOND " memory-size: not a number in one cell or two" },
	{ SET, SECOND, "memory-size", BYTES(""),
	  SECOND " memory-size: not a number in one cell or two" },
	{ SET, FIRST, "cpu-paths", TEXT("/0\0/1\0/2\0/3\0/4\0/5\0/6\0/7\0/8"),
	  FIRST " cpu-paths: has more than 8" },
	{ SET, FIRST, "cpus", BYTES("\0\0\0\2"),
	  FIRST " cpu-paths: has 1, and there are 2 cpus" },
	{ SET, SECOND, "cpus", BYTES("\0\0\0\0"),
	  SECOND " cpus: not a number from 1 to 8" },
	{ SET, SECOND, "cpus", BYTES("\0\0\0\11"),
	  SECOND " cpus: not a number from 1 to 8" },
	{ SET, SECOND, "cpus", BYTES("\0\2"),
	  SECOND " cpus: not a number in one cell" },
	{ SET, FIRST, "cpu-paths", BYTES("\0\0\0\1"),
	  FIRST " cpu-paths: not a list of strings" },
	{ SET, FIRST, "cpu-paths", TEXT("1"),
	  FIRST " cpu-paths: not the path of a node" },
	{ SET, FIRST, "console", TEXT("uart"),
	  FIRST " console: not \"emulated\", \"none\" or the path of a UART" },
	{ SET, FIRST, "overlays", TEXT("/a\0b"),
	  FIRST " overlays: not an absolute file name" },
	{ SET, FIRST, "overlays", TEXT(SEVENTEEN),
	  FIRST " overlays: has more than 16" },
	{ SET, FIRST, "no-reboot", TEXT("yes"),
	  FIRST " no-reboot: a flag has no value" },
	{ ADD, FIRST, "devices", NULL, 0, FIRST "/devices" KIND_RULE },
	{ ADD, FIRST, "a,b-device", TEXT("/x"), FIRST "/a,b-device" NAME_RULE },
	{ ADD, FIRST, "-device", TEXT("/x"), FIRST "/-device" BEGIN_RULE },
	{ ADD, FIRST, "_x-device", TEXT("/x"), FIRST "/_x-device" BEGIN_RULE },
	{ ADD, FIRST, LONG "-device", TEXT("/x"),
	  FIRST "/" LONG "-device: the name is too long" },
	{ ADD, FIRST, "xdevice", NULL, 0, FIRST "/xdevice" KIND_RULE },
	{ ADD, FIRST, "x-device", NULL, 0,
	  FIRST "/x-device paths: is missing" },
	{ ADD, FIRST, "x-shared-memory", NULL, 0,
	  FIRST "/x-shared-memory memory-path: is missing" },
	{ ADD, DEVICE, "device", NULL, 0, DEVICE "/device" WINDOW_RULE },
	{ ADD, DEVICE, "xwindow", NULL, 0, DEVICE "/xwindow" WINDOW_RULE },
	{ ADD, MAIL, "window", NULL, 0, MAIL "/window: unknown node" },
	{ ADD, WINDOW, "window", NULL, 0, WINDOW "/window: unknown node" },
	{ DELETE, WINDOW, "iova", NULL, 0, WINDOW " iova: is missing" },
	{ DELETE, WINDOW, "size", NULL, 0, WINDOW " size: is missing" },
	{ SET, WINDOW, "length", BYTES("\0\0\x10\0"),
	  WINDOW " length: unknown property" },
	{ SET, WINDOW, "index", BYTES("\0\0\2\0"),
	  WINDOW " index: not a number from 0 to 511" },
	{ SET, WINDOW, "index", BYTES("\0"),
	  WINDOW " index: not a number in one cell" },
	{ SET, WINDOW, "iova", BYTES("\0\0\x10\1"),
	  WINDOW " iova: not the start of a page" },
	{ SET, WINDOW, "iova", BYTES(""),
	  WINDOW " iova: not a number in one cell or two" },
	{ SET, WINDOW, "iova", BYTES("\xff\xff\xff\xff\xff\xff\xf0\0"),
	  WINDOW " iova: it ends beyond the last address" },
	{ SET, WINDOW, "size", BYTES("\0\0\0\0"),
	  WINDOW " size: not a size in whole pages" },
	{ SET, WINDOW, "size", BYTES("\0\0\x10\1"),
	  WINDOW " size: not a size in whole pages" },
	{ SET, WINDOW, "offset", BYTES("\0\0\x10\1"),
	  WINDOW " offset: not the start of a page" },
	{ SET, WINDOW, "offset", BYTES("\xff\xff\xff\xff\xff\xff\xf0\0"),
	  WINDOW " offset: it ends beyond the last address" },
	{ SET, WINDOW, "memory-path", TEXT("/reserved-memory/other"), WINDOW
	  " memory-path: the partition has no such memory: /reserved-memory/other" },
	{ SET, WINDOW, "stash-level", BYTES("\0\0\0\4"),
	  WINDOW " stash-level: not a number from 1 to 3" },
	{ SET, WINDOW, "stash-level", BYTES("\0\0\0\2"), WINDOW
	  " stash-cpu-path: is missing: a cache of level 2 is a CPU's" },
	{ SET, STASH, "stash-level", BYTES("\0\0\0\3"), STASH
	  " stash-cpu-path: is there, and stash-level is not 1 or 2" },
	{ DELETE, STASH, "stash-level", NULL, 0, STASH
	  " stash-cpu-path: is there, and stash-level is not 1 or 2" },
	{ SET, STASH, "operation", BYTES("\0\0\0\5"),
	  STASH " operation: not a number from 0 to 4" },
	{ SET, STASH, "read-only", BYTES(""), STASH
	  " operation: it takes lines out of caches, which read-only forbids" },
	{ DELETE, FIRST BELL, "partner", NULL, 0, SECOND BELL
	  " partner: first_1 has no node mail-doorbell whose partner is second-2" },
	{ SET, SECOND BELL, "partner", TEXT("fourth"), SECOND BELL
	  " partner: there is no such partition: fourth" },
	{ SET, SECOND BELL, "partner", TEXT("second-2"), SECOND BELL
	  " partner: it is the partition itself" },
	{ SET, FIRST BELL, "partner", TEXT("third"), SECOND BELL
	  " partner: first_1 has no node mail-doorbell whose partner is second-2" },
	{ SET, FIRST BELL, "lines", BYTES("\0\0\0\1"),
	  FIRST BELL " lines: unknown property" },
	{ ADD, FIRST BELL, "a", NULL, 0, FIRST BELL "/a: unknown node" },
	{ SET, WINDOW, "read-only", BYTES("\0\0\0\1"),
	  WINDOW " read-only: a flag has no value" },
	{ SET, DEVICE, "paths", BYTES(""),
	  DEVICE " paths: not a list of strings" },
	{ SET, DEVICE, "paths", BYTES("/a\0/b"),
	  DEVICE " paths: not a list of strings" },
	{ SET, DEVICE, "paths", TEXT("/a\0"),
	  DEVICE " paths: not the path of a node" },
	{ SET, DEVICE, "paths", TEXT("i2c0"),
	  DEVICE " paths: not the path of a node" },
	{ SET, DEVICE, "paths", TEXT(SEVENTEEN),
	  DEVICE " paths: has more than 16" },
	{ SET, DEVICE, "paths", TEXT("/a\0/a"),
	  DEVICE " paths: /a is named twice" },
	{ SET, DEVICE, "paths", TEXT("/a\0/reserved-memory/first@20000000"),
	  DEVICE " paths: /reserved-memory/first@20000000 is named twice" },
	{ SET, DEVICE, "subtree", BYTES("\0\0\0\1"),
	  DEVICE " subtree: a flag has no value" },
	{ SET, DEVICE, "unsafe-dma", BYTES(""), DEVICE
	  ": no-dma, unsafe-dma and confined-dma exclude each other" },
	{ SET, FIRST "/uart-device", "confined-dma", BYTES(""),
	  FIRST "/uart-device: no-dma, unsafe-dma and confined-dma exclude each other" },
	{ SET, DEVICE, "no_dma", BYTES(""),
	  DEVICE " no_dma: unknown property" },
	{ SET, MAIL, "memory-path", TEXT("/a\0/b"),
	  MAIL " memory-path: has more than 1" },
	{ SET, MAIL, "memory-path", TEXT("/reserved-memory/first@20000000"),
	  MAIL " memory-path: /reserved-memory/first@20000000 is named twice" },
	{ SET, MAIL, "detach", BYTES(""), MAIL " detach: unknown property" },
};

static bool make(const struct mistake *it)
{
	int node = fdt_path_offset(bad, it->node);

	switch (it->how) {
	case SET:
		return !fdt_setprop(bad, node, it->name, it->value, it->len);
	case DELETE:
		return !fdt_delprop(bad, node, it->name);
	default:
		node = fdt_add_subnode(bad, node, it->name);
		if (node >= 0 && !strcmp(it->node, HEAD))
			fdt_setprop_string(bad, node, "kernel", "/a");
		if (node >= 0 && !strcmp(it->node, HEAD))
			fdt_setprop_u32(bad, node, "memory-size", 4096);
		if (node >= 0 && it->value)
			fdt_setprop(bad, node, "paths", it->value, it->len);
		return node >= 0;
	}
}

static void test_mistake(const struct mistake *it)
{
	struct conf conf;
	int ret;

	memcpy(bad, good, SIZE);
	if (!tap_ok(make(it), "%s: the mistake is made", it->want))
		return;
	ret = read_conf(bad, &conf);
	tap_ok(ret == -EINVAL && num_told && !strcmp(told, it->want),
	       "%s (%d, \"%s\")", it->want, ret, told);
	if (!ret)
		conf_free(&conf);
}

static void fails(const char *what, const char *want)
{
	struct conf conf;
	int ret = read_conf(bad, &conf);

	tap_ok(ret == -EINVAL && !strcmp(told, want), "%s (%d, \"%s\")", what,
	       ret, told);
	conf_free(&conf);
	memcpy(bad, good, SIZE);
}

/* libfdt lets nobody make two of a name: one that is as long is renamed. */
static void rename_all(const char *from, const char *to)
{
	for (char *at = bad; at + strlen(from) < bad + SIZE; at++)
		if (!memcmp(at, from, strlen(from) + 1))
			memcpy(at, to, strlen(to));
}

static void test_twice(void)
{
	fdt_add_subnode(bad, fdt_path_offset(bad, HEAD), "thirt");
	rename_all("thirt", "third");
	fails("two partitions of a name", HEAD "/third: is there twice");
	fdt_setprop_empty(bad, fdt_path_offset(bad, FIRST), "no-reboos");
	rename_all("no-reboos", "no-reboot");
	fails("two properties of a name", FIRST " no-reboot: is there twice");
	fdt_add_subnode(bad, fdt_path_offset(bad, FIRST), "devicf");
	rename_all("devicf", "device");
	fails("two claims of a name", FIRST "/device: is there twice");
	fdt_add_subnode(bad, fdt_path_offset(bad, PORTAL), "windox");
	rename_all("windox", "window");
	fails("two windows of a name", WINDOW ": is there twice");
}

static bool is_right(void)
{
	struct conf conf;
	bool right = !read_conf(bad, &conf);

	conf_free(&conf);
	return right;
}

/* The first page of one is the last of the other's, or is behind it. */
static void test_overlap(void)
{
	int node = fdt_path_offset(bad, WINDOW);

	fdt_setprop_u64(bad, node, "iova", 0xfff004000);
	fdt_setprop_u32(bad, node, "index", 1);
	tap_ok(is_right(), "windows that touch are right (\"%s\")", told);
	fdt_setprop_u64(bad, node, "iova", 0xfff003000);
	fails("windows that overlap", WINDOW " iova: it overlaps memory-window");
	fdt_setprop_u64(bad, fdt_path_offset(bad, WINDOW), "iova", 0xfff003000);
	tap_ok(is_right(), "another identity's do not (\"%s\")", told);
	memcpy(bad, good, SIZE);
}

static void test_windows_without_dma(void)
{
	int node = fdt_path_offset(bad, PORTAL);

	fdt_delprop(bad, node, "confined-dma");
	fdt_setprop_empty(bad, node, "no-dma");
	fails("windows without DMA",
	      PORTAL " no-dma: is there, and so are windows for DMA");
}

static void add_window(int number)
{
	int device = fdt_path_offset(bad, DEVICE), node;
	char name[32];

	snprintf(name, sizeof(name), "x%d-window", number);
	node = fdt_add_subnode(bad, device, name);
	fdt_setprop_u32(bad, node, "iova", number << 12);
	fdt_setprop_u32(bad, node, "size", 4096);
}

static void test_many_windows(void)
{
	int number = 0;

	fdt_delprop(bad, fdt_path_offset(bad, DEVICE), "no-dma");
	while (number < CONF_MAX_WINDOWS)
		add_window(number++);
	tap_ok(is_right(), "as many windows as there can be (\"%s\")", told);
	add_window(number);
	read_conf(bad, &(struct conf) { 0 });
	tap_ok(strstr(told, "there are more than 16 of these"),
	       "more than that (\"%s\")", told);
	memcpy(bad, good, SIZE);
}

static void test_numbers(void)
{
	int node = fdt_path_offset(bad, FIRST);
	char name[32];

	for (int i = 0; i < CONF_MAX_CLAIMS; i++) {
		snprintf(name, sizeof(name), "x%d-device", i);
		fdt_setprop_string(bad, fdt_add_subnode(bad, node, name), "paths",
				   name);
	}
	read_conf(bad, &(struct conf) { 0 });
	tap_ok(strstr(told, "there are more than 32 of these"),
	       "more claims than there can be (\"%s\")", told);
	memcpy(bad, good, SIZE);
	node = fdt_path_offset(bad, HEAD);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "x,%d", i);
		fdt_add_subnode(bad, node, name);
	}
	read_conf(bad, &(struct conf) { 0 });
	tap_ok(num_told == 64, "no more errors are told than 64 (%u)", num_told);
	memcpy(bad, good, SIZE);
}

/* Of a doorbell there is a file, with the partition's name and its own. */
static void test_long_name(void)
{
	int node = fdt_add_subnode(bad, fdt_path_offset(bad, HEAD), LONG);

	fdt_setprop_string(bad, node, "kernel", "/a");
	fdt_setprop_u32(bad, node, "memory-size", 4096);
	tap_ok(is_right(), "a name as long as there can be (\"%s\")", told);
	tap_ok(2 * strlen(LONG) + 1 <= NAME_MAX, "two and a dot name a file");
	memcpy(bad, good, SIZE);
}

static void test_heads(void)
{
	fdt_del_node(bad, fdt_path_offset(bad, HEAD));
	fails("no node for them", "/: there is no node /partitions");
	fdt_set_name(bad, fdt_path_offset(bad, HEAD), "partitions@1");
	fails("one with an address", "/: there is no node /partitions");
	for (int node; (node = fdt_first_subnode(bad, fdt_path_offset(bad, HEAD))) >= 0;)
		fdt_del_node(bad, node);
	fails("no partition", HEAD ": there is no partition");
	bad[0] = 0;
	fails("no tree", "/: not a device tree blob");
}

static void test_cpus(void)
{
	struct conf conf;
	int node = fdt_path_offset(bad, FIRST);

	fdt_setprop(bad, node, "cpu-paths", "/cpus/cpu@1\0/cpus/cpu@0", 24);
	if (tap_ok(!read_conf(bad, &conf), "two of the host's CPUs"))
		tap_ok(conf.partitions[0].num_cpus == 2, "one CPU for each");
	conf_free(&conf);
	memcpy(bad, good, SIZE);
}

static void test_run_directory(void)
{
	unsetenv("SOCASSIGN_RUN");
	tap_ok(is(run_directory(), "/run"), "where those that run are");
	setenv("SOCASSIGN_RUN", "/elsewhere", 1);
	tap_ok(is(run_directory(), "/elsewhere"), "another directory, for tests");
	setenv("SOCASSIGN_RUN", "", 1);
	tap_ok(is(run_directory(), "/run"), "an empty one is none");
}

int main(int argc, char **argv)
{
	if (argc < 2 || !load(argv[1]))
		return 1;
	test_good();
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		test_mistake(&mistakes[i]);
	memcpy(bad, good, SIZE);
	test_twice();
	test_numbers();
	test_overlap();
	test_windows_without_dma();
	test_many_windows();
	test_long_name();
	test_cpus();
	test_heads();
	test_run_directory();
	return tap_end();
}
