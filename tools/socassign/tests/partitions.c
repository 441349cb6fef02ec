// SPDX-License-Identifier: GPL-2.0
/*
 * The description of partitions: one that is right, and that one with a mistake
 *
 *	partitions directory-with-the-compiled-trees
 */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <linux/socassign.h>

#include "../conf/conf.h"
#include "tap.h"

#define SIZE	65536

#define HEAD	"/partitions"
#define FIRST	HEAD "/first_1"
#define SECOND	HEAD "/second-2"
#define DEVICE	FIRST "/device"
#define MAIL	FIRST "/mail-shared-memory"

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
	tap_ok(it->num_claims == 4, "its claims");
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

static void test_good(void)
{
	struct conf conf;
	int ret = read_conf(good, &conf);

	if (!tap_ok(!ret && conf.num == 3 && !num_told,
		    "one that is right is read (%d, \"%s\")", ret, told))
		return;
	test_first(&conf.partitions[0]);
	test_claims(&conf.partitions[0]);
	tap_ok(is(conf.partitions[1].bootargs, "") &&
	       !conf.partitions[1].initrd, "an empty command line");
	tap_ok(conf.partitions[1].memory_size == 0x110000000 &&
	       !conf.partitions[1].memory_path, "a size in two cells");
	tap_ok(conf.partitions[2].memory_size == 0x10000000, "in one cell");
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
 * @value: The property's value
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

#define NAME_RULE	\
	": the name of a partition has letters, digits, \"-\" and \"_\" only"
#define KIND_RULE	\
	": unknown node: not \"device\" or \"shared-memory\", nor with one of these at its end"

#define TEXT(_text)	_text, sizeof(_text)
#define BYTES(_bytes)	_bytes, sizeof(_bytes) - 1
#define SEVENTEEN	"/a\0/b\0/c\0/d\0/e\0/f\0/g\0/h\0/i\0/j\0/k\0/l\0/m\0/n\0/o\0/p\0/q"

static const struct mistake mistakes[] = {
	{ DELETE, HEAD, "compatible", NULL, 0,
	  HEAD " compatible: is missing" },
	{ SET, HEAD, "compatible", TEXT("socassign,partition"),
	  HEAD " compatible: not \"socassign,partitions\"" },
	{ SET, HEAD, "kernel", TEXT("/boot/Image"),
	  HEAD " kernel: unknown property" },
	{ ADD, HEAD, "a,b", NULL, 0, HEAD "/a,b" NAME_RULE },
	{ ADD, HEAD, "-a", NULL, 0, HEAD "/-a" NAME_RULE },
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
	{ ADD, FIRST, "a,b-device", NULL, 0, FIRST "/a,b-device" KIND_RULE },
	{ ADD, FIRST, "xdevice", NULL, 0, FIRST "/xdevice" KIND_RULE },
	{ ADD, FIRST, "x-device", NULL, 0,
	  FIRST "/x-device paths: is missing" },
	{ ADD, FIRST, "x-shared-memory", NULL, 0,
	  FIRST "/x-shared-memory memory-path: is missing" },
	{ ADD, DEVICE, "device", NULL, 0, DEVICE "/device: unknown node" },
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
	test_heads();
	return tap_end();
}
